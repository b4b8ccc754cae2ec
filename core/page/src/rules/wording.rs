//! Section C, wording: double negation, shaming, contradiction between box and sentence.

use super::dialog::{Way, first_dialogs, is_refusal, ways};
use crate::act::ActKind;
use crate::finding::{Finding, Outcome, Rule, Spot, Within};
use crate::lexicon::{Word, hits};
use crate::phrase;
use crate::purpose::{Purposes, mentioned};
use crate::record::{State, Text};
use crate::scene::Scene;
use crate::sentence::{Sentence, sentences};

/// RP-21: words that twist what is asked. A person decides, unless the refusal itself shames.
pub(super) fn twisted_wording(scene: &Scene<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let dialogs = first_dialogs(scene.record).into_iter().filter(|(_, dialog)| dialog.native.is_empty());
    let declined = dialogs.map(|(state, dialog)| (state, ways(state, dialog).decline));
    let chosen = scene.record.states.iter().map(|state| (state, refusals(state)));
    for (state, refusals) in declined.chain(chosen) {
        for way in refusals {
            if phrase::shames(way.label)
                && !findings.iter().any(|known| known.quotes.iter().any(|q| q == way.label))
            {
                findings.push(shaming(state, &way));
            }
        }
    }
    for act in scene.acts.iter().filter(|act| act.kind == ActKind::Tick) {
        let (zh, en) = if negations(&act.text) > 1 {
            ("同意文字含有双重否定", "the consent text has a double negation")
        } else if act.inverted {
            ("勾选表示不同意，与通常的含义相反", "ticking means no, against what a tick usually means")
        } else {
            continue;
        };
        let found =
            Finding::new(Rule::Rp21, Outcome::NeedsPerson, zh, en).in_state(act.state).quoting(&act.text);
        findings.push(act.spots.iter().fold(found, |found, spot| found.at(spot.clone())));
    }
    if findings.is_empty() && !scene.acts.is_empty() {
        findings.push(Finding::new(
            Rule::Rp21,
            Outcome::Passes,
            "没有发现扭曲的措辞",
            "no twisted wording was found",
        ));
    }
    findings
}

fn shaming(state: &State, way: &Way<'_>) -> Finding {
    let spot = Spot {
        within: Within::State(state.id),
        key: way.key.to_owned(),
        place: way.place.to_owned(),
        area: way.area,
    };
    Finding::new(
        Rule::Rp21,
        Outcome::Violation,
        "拒绝的按钮以羞辱性措辞劝阻",
        "the words of the refusal shame who declines",
    )
    .in_state(state.id)
    .at(spot)
    .quoting(way.label)
}

/// Labels of choices on the page that decline.
fn refusals(state: &State) -> Vec<Way<'_>> {
    let labels =
        state.controls.iter().filter(|c| c.seen.is_shown() && c.dialog.is_none() && !c.texts.is_empty());
    let texts = labels.flat_map(|control| state.texts_of(control));
    texts.filter(|text| is_short_refusal(text)).map(Way::of_text).collect()
}

fn is_short_refusal(text: &Text) -> bool {
    text.seen.is_shown() && is_refusal(&text.text)
}

/// Negations in the sentence that speaks of marketing or sharing.
fn negations(text: &str) -> usize {
    let about = Purposes::MARKETING.union(Purposes::THIRD_PARTY);
    sentences(text)
        .iter()
        .filter(|sentence| mentioned(sentence.text).meets(about))
        .map(|sentence| {
            let mut places: Vec<(usize, usize)> = hits(&sentence.folded)
                .iter()
                .filter(|hit| matches!(hit.word, Word::Not))
                .map(|hit| (hit.start, hit.end))
                .collect();
            // “不希望” and “不” are one negation.
            places.sort_unstable();
            places.dedup_by(|next, kept| next.0 < kept.1);
            counted(sentence, &places)
        })
        .max()
        .unwrap_or(0)
}

/// Two ways to withdraw deny nothing; “不要退订” does.
fn counted(sentence: &Sentence<'_>, places: &[(usize, usize)]) -> usize {
    let leaves = |place: &(usize, usize)| {
        let word = sentence.folded.get(place.0..place.1).unwrap_or_default();
        WITHDRAWING.contains(&word)
    };
    let mut leaving = places.iter().copied().filter(leaves);
    let denying: Vec<_> = places.iter().copied().filter(|place| !leaves(place)).collect();
    let twice = leaving.any(|place| {
        let (start, _) = sentence.clause(place.0);
        denying.iter().any(|other| other.0 >= start && other.1 <= place.0)
    });
    denying.len() + usize::from(twice)
}

/// Negations that end something rather than deny it.
const WITHDRAWING: [&str; 12] = [
    "退订",
    "关闭",
    "拒收",
    "取消接收",
    "拒绝",
    "停止",
    "unsubscribe",
    "opt out",
    "opt-out",
    "opting out",
    "stop",
    "stop receiving",
];
