//! What the pages must not say together: overlaps, gaps, references into nothing, two fates.

use std::collections::BTreeSet;

use anning_vocab::{Date, Interval};

use crate::error::{Error, Place};
use crate::instrument::{Article, Fate, FateKind, Instrument, Version};
use crate::obligation::ObligationFate;
use crate::pack::Pack;

/// Every contradiction in a pack.
#[must_use]
pub fn check(pack: &Pack) -> Vec<Error> {
    let mut errors = Vec::new();
    let mut ids = BTreeSet::new();
    for instrument in &pack.instruments {
        if !ids.insert(instrument.id.as_str()) {
            errors.push(Error::Twice { at: instrument.place.clone(), id: instrument.id.clone() });
        }
        check_instrument(pack, instrument, &mut errors);
        for article in &instrument.articles {
            check_periods(instrument, article, &mut errors);
            for version in &article.versions {
                check_neighbours(pack, version, &mut errors);
                check_fates(article, version, &mut errors);
                check_penalties(pack, version, &mut errors);
            }
        }
    }
    check_anchors(pack, &mut errors);
    check_obligations(pack, &mut errors);
    check_cases(pack, &mut errors);
    errors
}

fn check_instrument(pack: &Pack, instrument: &Instrument, errors: &mut Vec<Error>) {
    let at = || instrument.place.clone();
    if instrument.articles.is_empty() {
        let (article, on) = (instrument.id.clone(), instrument.interval.from);
        errors.push(Error::Gap { at: at(), article, on });
    }
    if let Some(id) = &instrument.successor {
        let begins = instrument.interval.until.map(|until| until.plus_days(1));
        let found = pack.instruments.iter().any(|i| i.id == *id && Some(i.interval.from) == begins);
        if !found {
            errors.push(Error::Dangling { at: at(), reference: id.clone() });
        }
    }
}

/// Versions of one article: none outside the instrument, none together, no day without a reason.
fn check_periods(instrument: &Instrument, article: &Article, errors: &mut Vec<Error>) {
    let whole = instrument.interval;
    let name = || article.id.clone();
    let mut previous: Option<&Version> = None;
    for version in &article.versions {
        let (at, period) = (version.place.clone(), version.interval);
        let ends_inside = match (period.until, whole.until) {
            (_, None) => true,
            (Some(until), Some(last)) => until <= last,
            (None, Some(_)) => false,
        };
        if period.from < whole.from || !ends_inside {
            errors.push(Error::OutsideInstrument { at: at.clone(), article: name() });
        }
        let free = match previous {
            None => whole.from,
            Some(earlier) => match earlier.interval.until {
                Some(until) => until.plus_days(1),
                None => {
                    errors.push(Error::Overlap { at, article: name(), on: period.from });
                    previous = Some(version);
                    continue;
                }
            },
        };
        let explained = version.was.is_some() || previous.is_some_and(|earlier| earlier.now.is_some());
        if period.from < free && previous.is_some() {
            errors.push(Error::Overlap { at, article: name(), on: period.from });
        } else if period.from > free && !explained {
            errors.push(Error::Gap { at, article: name(), on: free });
        }
        previous = Some(version);
    }
    if let Some(last) = previous
        && let Some(until) = last.interval.until
        && whole.until.is_none_or(|end| until < end)
        && last.now.is_none()
    {
        errors.push(Error::Gap { at: last.place.clone(), article: name(), on: until.plus_days(1) });
    }
}

/// `was` and `now` that name articles must name them on the days next to the version.
fn check_neighbours(pack: &Pack, version: &Version, errors: &mut Vec<Error>) {
    let before = version.was.as_deref().map(|was| (was, Some(version.interval.from.plus_days(-1))));
    let after = version.now.as_deref().map(|now| (now, version.interval.until.map(|day| day.plus_days(1))));
    for (words, day) in [before, after].into_iter().flatten() {
        for id in words.split(' ').filter(|word| word.starts_with("cn/")) {
            let there = day.is_some_and(|day| article(pack, id).is_some_and(|a| a.on(day).is_some()));
            if !there {
                errors.push(Error::Dangling { at: version.place.clone(), reference: id.to_owned() });
            }
        }
    }
}

fn check_fates(article: &Article, version: &Version, errors: &mut Vec<Error>) {
    for sentence in version.sentences() {
        let fates = version.fates_of(&sentence);
        let aside = fates.iter().filter(|fate| matches!(fate.kind, FateKind::SetAside(_))).count();
        if sentence.duty && aside > 0 && fates.len() > 1 {
            errors.push(Error::TwoFates {
                at: version.place.clone(),
                article: article.id.clone(),
                sentence: sentence.text.to_owned(),
            });
        }
    }
}

/// One rule, one anchor a day; what joins a rule joins one that is anchored on the same days.
fn check_anchors(pack: &Pack, errors: &mut Vec<Error>) {
    let versions = || pack.instruments.iter().flat_map(|i| &i.articles).flat_map(|a| &a.versions);
    let fates = || versions().flat_map(|v| v.fates.iter().map(move |fate| (v.interval, fate)));
    let mut anchored: Vec<(&str, Interval)> = Vec::new();
    for (interval, fate) in fates() {
        let FateKind::Rule(rule) = &fate.kind else { continue };
        if anchored.iter().any(|(name, other)| name == rule && meet(*other, interval)) {
            let (at, rule) = (fate.place.clone(), rule.clone());
            errors.push(Error::TwoAnchors { at, rule, on: interval.from });
        }
        anchored.push((rule, interval));
    }
    for (interval, fate) in fates() {
        let FateKind::Joins(rule) = &fate.kind else { continue };
        if !anchored.iter().any(|(name, other)| name == rule && meet(*other, interval)) {
            errors.push(Error::Dangling { at: fate.place.clone(), reference: rule.clone() });
        }
    }
}

fn check_penalties(pack: &Pack, version: &Version, errors: &mut Vec<Error>) {
    for (index, penalty) in version.penalties.iter().enumerate() {
        for id in &penalty.punishes {
            let period = article(pack, id)
                .map(|a| a.versions.iter().any(|v| meet(v.interval, penalty.interval)))
                .or_else(|| instrument(pack, id).map(|i| meet(i.interval, penalty.interval)));
            if period != Some(true) {
                errors.push(Error::Dangling { at: penalty.place.clone(), reference: id.clone() });
            }
        }
        let same = version.penalties.iter().take(index).any(|other| {
            (&other.id, other.precondition, other.gain) == (&penalty.id, penalty.precondition, penalty.gain)
                && meet(other.interval, penalty.interval)
                && other.roles == penalty.roles
                && other.fine == penalty.fine
        });
        if same {
            errors.push(Error::Twice { at: penalty.place.clone(), id: penalty.id.clone() });
        }
    }
}

fn check_obligations(pack: &Pack, errors: &mut Vec<Error>) {
    let versions = || pack.instruments.iter().flat_map(|i| &i.articles).flat_map(|a| &a.versions);
    let bound: BTreeSet<&str> = versions()
        .flat_map(|version| &version.fates)
        .filter_map(|fate| match &fate.kind {
            FateKind::Rule(name) => Some(name.as_str()),
            FateKind::Joins(_) | FateKind::Test(_) | FateKind::SetAside(_) => None,
        })
        .collect();
    let mut ids = BTreeSet::new();
    for obligation in &pack.obligations {
        let at = || obligation.place.clone();
        if !ids.insert(obligation.id.as_str()) {
            errors.push(Error::Twice { at: at(), id: obligation.id.clone() });
        }
        let articles = obligation.articles.iter().filter(|id| id.starts_with("cn/"));
        let mut dangling: Vec<&String> = articles.filter(|id| article(pack, id).is_none()).collect();
        if let ObligationFate::Rules(rules) = &obligation.fate {
            dangling.extend(rules.iter().filter(|rule| !bound.contains(rule.as_str())));
        }
        errors.extend(dangling.into_iter().map(|id| Error::Dangling { at: at(), reference: id.clone() }));
    }
    // An id cited by a limit must be a row of the table.
    let mut cited: Vec<(&Place, &str)> = Vec::new();
    for version in versions() {
        cited.extend(version.penalties.iter().filter_map(|p| Some((&p.place, p.obligation.as_deref()?))));
        cited.extend(version.terms.iter().filter_map(|t| Some((&t.place, t.obligation.as_deref()?))));
        cited.extend(version.thresholds.iter().filter_map(|t| Some((&t.place, t.obligation.as_deref()?))));
    }
    for (at, id) in cited {
        if !ids.contains(id) {
            errors.push(Error::Dangling { at: at.clone(), reference: id.to_owned() });
        }
    }
}

/// A decided case names rules and a penalty in force on its day.
fn check_cases(pack: &Pack, errors: &mut Vec<Error>) {
    let versions = || pack.instruments.iter().flat_map(|i| &i.articles).flat_map(|a| &a.versions);
    for case in &pack.cases {
        let current = || versions().filter(|v| v.interval.contains(case.date));
        let anchored = |rule: &str| {
            let is = |fate: &Fate| matches!(&fate.kind, FateKind::Rule(name) if name == rule);
            current().any(|v| v.fates.iter().any(is))
        };
        let mut dangling: Vec<&String> = case.breached.iter().filter(|rule| !anchored(rule)).collect();
        let penalty = |id: &String| {
            versions().flat_map(|v| &v.penalties).any(|p| p.id == *id && p.interval.contains(case.date))
        };
        dangling.extend(case.penalty.iter().filter(|id| !penalty(id)));
        let at = || case.place.clone();
        errors.extend(dangling.into_iter().map(|id| Error::Dangling { at: at(), reference: id.clone() }));
    }
}

fn article<'p>(pack: &'p Pack, id: &str) -> Option<&'p Article> {
    pack.instruments.iter().flat_map(|i| &i.articles).find(|a| a.id == id)
}

fn instrument<'p>(pack: &'p Pack, id: &str) -> Option<&'p Instrument> {
    pack.instruments.iter().find(|i| i.id == id)
}

fn meet(a: Interval, b: Interval) -> bool {
    let end = |interval: Interval| interval.until.unwrap_or(Date::from_days(i32::MAX));
    a.from <= end(b) && b.from <= end(a)
}
