//! Reads a fenced block of limits: `[[penalty]]`, `[[term]]`, `[[threshold]]`.

use anning_vocab::{Fen, Interval, Mark, Role};

use crate::data::{Document, Table};
use crate::error::{Error, Place};
use crate::heading;
use crate::instrument::Version;
use crate::limit::{Bound, Fine, GainStep, Measure, Penalty, Precondition, Sanction, Term, Threshold, Unit};

/// Adds the limits of a block to the version that it stands in.
///
/// # Errors
/// The first flaw.
pub fn read(article: &str, version: &mut Version, document: Document) -> Result<(), Error> {
    document.top.finish()?;
    for (name, mut table) in document.tables {
        let common = Common::take(article, version, &mut table)?;
        match name.as_str() {
            "penalty" => version.penalties.push(penalty(common, &mut table)?),
            "term" => version.terms.push(term(common, &mut table)?),
            "threshold" => version.thresholds.push(threshold(common, &mut table)?),
            _ => return Err(bad(&table.at, &name, "[[penalty]], [[term]] or [[threshold]]")),
        }
        table.finish()?;
    }
    Ok(())
}

/// What every limit has; what it does not say, the heading says.
struct Common {
    id: String,
    article: String,
    place: Place,
    interval: Interval,
    mark: Mark,
    obligation: Option<String>,
}

impl Common {
    fn take(article: &str, version: &Version, table: &mut Table) -> Result<Self, Error> {
        let place = table.at.clone();
        let (from, until) = (table.text("from")?, table.text("until")?);
        let mut interval = version.interval;
        if let Some(from) = from {
            interval.from = heading::date(&place, &from)?;
        }
        if let Some(until) = until {
            interval.until = Some(heading::date(&place, &until)?);
        }
        let inside = version.interval.contains(interval.from)
            && interval.until.is_none_or(|until| version.interval.contains(until) && until >= interval.from);
        if !inside {
            return Err(bad(&place, "from", "inside the period of the article"));
        }
        let mark = match table.text("mark")? {
            Some(text) => heading::parse_mark(&place, &text)?,
            None => version.mark.ok_or(Error::MissingKey { at: place.clone(), key: "mark" })?,
        };
        if table.text("article")?.is_some_and(|cited| cited != article) {
            return Err(bad(&place, "article", "the article that it stands in"));
        }
        Ok(Self {
            id: table.required("id")?,
            article: article.to_owned(),
            interval,
            mark,
            obligation: table.text("obligation")?,
            place,
        })
    }
}

fn penalty(common: Common, table: &mut Table) -> Result<Penalty, Error> {
    let at = common.place.clone();
    let codes = table.texts("roles")?;
    let roles = codes.iter().map(|code| Role::from_code(code)).collect::<Option<_>>();
    let punishes = table.texts("for")?;
    if codes.is_empty() || punishes.is_empty() {
        return Err(Error::MissingKey { at, key: if codes.is_empty() { "roles" } else { "for" } });
    }
    let other = table.texts("other")?;
    let other = other.iter().map(|code| Sanction::from_code(code)).collect::<Option<_>>();
    let persons = match (table.whole("persons_min_yuan")?, table.whole("persons_max_yuan")?) {
        (None, None) => None,
        (Some(min), Some(max)) => Some((yuan(&at, min)?, yuan(&at, max)?)),
        _ => return Err(Error::MissingKey { at, key: "persons_min_yuan and persons_max_yuan" }),
    };
    Ok(Penalty {
        id: common.id,
        article: common.article,
        interval: common.interval,
        mark: common.mark,
        obligation: common.obligation,
        punishes,
        roles: roles.ok_or_else(|| bad(&at, "roles", "role codes such as \"advertiser\""))?,
        optional: table.flag("optional")?,
        singly: table.flag("singly")?,
        precondition: precondition(&at, table.text("precondition")?.as_deref())?,
        subsidiary: table.flag("subsidiary")?,
        gain: gain(&at, table)?,
        fine: fine(&at, table)?,
        other: other.ok_or_else(|| bad(&at, "other", "sanction codes such as \"warning\""))?,
        authority: table.required("authority")?,
        persons,
        place: at,
    })
}

fn precondition(at: &Place, code: Option<&str>) -> Result<Precondition, Error> {
    match code {
        None | Some("") => Ok(Precondition::None),
        Some("refused_correction") => Ok(Precondition::RefusedCorrection),
        Some("serious") => Ok(Precondition::Serious),
        Some("refused_or_serious") => Ok(Precondition::RefusedOrSerious),
        Some(_) => Err(bad(at, "precondition", "refused_correction, serious or refused_or_serious")),
    }
}

fn gain(at: &Place, table: &mut Table) -> Result<GainStep, Error> {
    let floor = table.whole("gain_at_least_yuan")?;
    let ceiling = table.whole("gain_below_yuan")?;
    match (floor, ceiling, table.flag("no_gain")?, table.flag("some_gain")?) {
        (None, None, false, false) => Ok(GainStep::Any),
        (None, None, true, false) => Ok(GainStep::None),
        (None, None, false, true) => Ok(GainStep::Some),
        (Some(floor), None, false, false) => Ok(GainStep::AtLeast(yuan(at, floor)?)),
        (None, Some(ceiling), false, false) => Ok(GainStep::Below(yuan(at, ceiling)?)),
        _ => Err(bad(at, "gain_at_least_yuan", "the only step by gain in its row")),
    }
}

fn fine(at: &Place, table: &mut Table) -> Result<Fine, Error> {
    let mut form = table.table("fine")?.ok_or(Error::MissingKey { at: at.clone(), key: "fine" })?;
    let word = form.required("form")?;
    let mut number = |key: &'static str| form.whole(key)?.ok_or(Error::MissingKey { at: at.clone(), key });
    let fine = match word.as_str() {
        "none" => Fine::None,
        "range" => Fine::Range { min: yuan(at, number("min_yuan")?)?, max: yuan(at, number("max_yuan")?)? },
        "max_only" => Fine::MaxOnly { max: yuan(at, number("max_yuan")?)? },
        "multiple_of_gain" => {
            let (min, max) = (small(at, number("min")?)?, small(at, number("max")?)?);
            let cap = form.whole("max_yuan")?.map(|cap| yuan(at, cap)).transpose()?;
            Fine::MultipleOfGain { min, max, cap }
        }
        "turnover_share" => Fine::TurnoverShare {
            percent: small(at, number("percent")?)?,
            max: yuan(at, number("max_yuan")?)?,
        },
        _ => return Err(bad(at, "form", "none, range, max_only, multiple_of_gain or turnover_share")),
    };
    let straight = match fine {
        Fine::Range { min, max } => min <= max,
        Fine::MultipleOfGain { min, max, .. } => min <= max,
        Fine::None | Fine::MaxOnly { .. } | Fine::TurnoverShare { .. } => true,
    };
    form.finish()?;
    if straight { Ok(fine) } else { Err(bad(at, "fine", "from the least to the most")) }
}

fn term(common: Common, table: &mut Table) -> Result<Term, Error> {
    let at = common.place.clone();
    let (least, most) = (table.whole("at_least")?, table.whole("at_most")?);
    let (bound, amount) = match (least, most) {
        (Some(amount), None) => (Bound::AtLeast, amount),
        (None, Some(amount)) => (Bound::AtMost, amount),
        _ => return Err(Error::MissingKey { at, key: "at_least or at_most" }),
    };
    let unit = match table.required("unit")?.as_str() {
        "hours" => Unit::Hours,
        "days" => Unit::Days,
        "working_days" => Unit::WorkingDays,
        "months" => Unit::Months,
        "years" => Unit::Years,
        _ => return Err(bad(&at, "unit", "hours, days, working_days, months or years")),
    };
    Ok(Term {
        id: common.id,
        article: common.article,
        interval: common.interval,
        mark: common.mark,
        obligation: common.obligation,
        zh: table.required("zh")?,
        en: table.required("en")?,
        bound,
        amount: u32::try_from(amount).map_err(|_| bad(&at, "at_least", "a small number"))?,
        unit,
        runs_from: table.required("runs_from")?,
        place: at,
    })
}

fn threshold(common: Common, table: &mut Table) -> Result<Threshold, Error> {
    let at = common.place.clone();
    let at_least = match (table.whole("at_least_yuan")?, table.whole("at_least_count")?) {
        (Some(money), None) => Measure::Money(yuan(&at, money)?),
        (None, Some(count)) => {
            Measure::Count(u32::try_from(count).map_err(|_| bad(&at, "at_least_count", "a small number"))?)
        }
        _ => return Err(Error::MissingKey { at, key: "at_least_yuan or at_least_count" }),
    };
    Ok(Threshold {
        id: common.id,
        article: common.article,
        interval: common.interval,
        mark: common.mark,
        obligation: common.obligation,
        zh: table.required("zh")?,
        en: table.required("en")?,
        at_least,
        place: at,
    })
}

fn yuan(at: &Place, yuan: i64) -> Result<Fen, Error> {
    Fen::from_yuan(yuan).ok_or_else(|| bad(at, "yuan", "a sum that fits"))
}

fn small(at: &Place, number: i64) -> Result<u16, Error> {
    u16::try_from(number).map_err(|_| bad(at, "fine", "a small number"))
}

fn bad(at: &Place, key: &str, wanted: &'static str) -> Error {
    Error::BadValue { at: at.clone(), key: key.to_owned(), wanted }
}
