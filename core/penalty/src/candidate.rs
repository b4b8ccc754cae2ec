//! One provision under which a penalty may be imposed, with its range on these facts.

use anning_law::{Fine, GainStep, Penalty, Precondition};
use anning_vocab::{Fen, Role};

use crate::breach::{Breach, Gain};

/// A fine from so much to so much, in fen. `None` where it cannot be computed on these facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FineRange {
    /// Least.
    pub min: Option<Fen>,
    /// Most.
    pub max: Option<Fen>,
    /// The multiple of gain, where the text sets one.
    pub times: Option<(u16, u16)>,
    /// Hundredths of turnover, where the text sets a share.
    pub turnover_percent: Option<u16>,
}

/// Where a candidate stands among the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Its fine is the one that remains.
    Chosen,
    /// Whether it applies is an open question.
    Open,
    /// Applies only if its precondition comes about.
    Conditional,
    /// Its fine gives way to a higher one; its other kinds remain.
    Absorbed,
    /// Provides no fine; its orders and warnings stand beside any fine.
    NoFine,
    /// In force, but the text of its penalty is not loaded: blocked, no fall-back.
    Blocked,
}

/// A candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate<'c> {
    /// The row of the text.
    pub rule: &'c Penalty,
    /// The fine on these facts, if the row provides one.
    pub fine: Option<FineRange>,
    /// Where it stands.
    pub standing: Standing,
    /// Articles breached that ground it.
    pub grounds: Vec<String>,
}

/// The candidate that a row makes of a breach, if it speaks of the role, the day, an article and the gain.
pub(crate) fn of<'c>(rule: &'c Penalty, breach: &Breach<'_>) -> Option<Candidate<'c>> {
    let grounds: Vec<String> = breach
        .articles
        .iter()
        .filter(|article| rule.punishes.iter().any(|named| punishes(named, article)))
        .map(|article| (*article).to_owned())
        .collect();
    let role = rule.roles.has(Role::Anyone) || rule.roles.bits() & breach.roles.bits() != 0;
    if grounds.is_empty() || !role || !rule.interval.contains(breach.last) || !admits(rule.gain, breach.gain)
    {
        return None;
    }
    let fine = range(rule.fine, breach);
    let standing = match (precondition(rule.precondition, breach), fine, rule.subsidiary) {
        (Some(false), ..) => return None,
        (None, ..) => Standing::Conditional,
        (Some(true), None, _) => Standing::NoFine,
        (Some(true), Some(_), true) => Standing::Open,
        (Some(true), Some(_), false) => Standing::Chosen,
    };
    Some(Candidate { rule, fine, standing, grounds })
}

/// A row names an article, or a whole instrument.
fn punishes(named: &str, article: &str) -> bool {
    named == article || article.strip_prefix(named).is_some_and(|rest| rest.starts_with('/'))
}

/// Rows for "no gain" or "less than" also answer where the gain cannot be computed.
fn admits(step: GainStep, gain: Gain) -> bool {
    match gain {
        Gain::Known(gain) => step.admits(gain),
        Gain::NotComputable => step.admits(Fen(0)),
    }
}

/// Is the precondition met? `None` while it is not known.
fn precondition(precondition: Precondition, breach: &Breach<'_>) -> Option<bool> {
    match precondition {
        Precondition::None => Some(true),
        Precondition::RefusedCorrection => breach.refused_correction,
        Precondition::Serious => breach.serious,
        Precondition::RefusedOrSerious => match (breach.refused_correction, breach.serious) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            (None, _) | (_, None) => None,
        },
    }
}

fn range(fine: Fine, breach: &Breach<'_>) -> Option<FineRange> {
    let plain = |min, max| FineRange { min: Some(min), max: Some(max), times: None, turnover_percent: None };
    match fine {
        Fine::None => None,
        Fine::Range { min, max } => Some(plain(min, max)),
        Fine::MaxOnly { max } => Some(plain(Fen(0), max)),
        Fine::MultipleOfGain { min, max, cap } => {
            let of_gain = |times: u16| match breach.gain {
                Gain::Known(gain) => {
                    gain.times(i64::from(times)).map(|sum| cap.map_or(sum, |cap| sum.min(cap)))
                }
                Gain::NotComputable => cap,
            };
            let least = if min == 0 { Some(Fen(0)) } else { of_gain(min) };
            Some(FineRange { min: least, max: of_gain(max), times: Some((min, max)), turnover_percent: None })
        }
        Fine::TurnoverShare { percent, max } => {
            // 或者 read as the larger of both; a person confirms.
            let share = breach.turnover.and_then(|t| t.times(i64::from(percent))).map(|t| Fen(t.0 / 100));
            let most = share.map_or(max, |share| share.max(max));
            Some(FineRange {
                min: Some(Fen(0)),
                max: Some(most),
                times: None,
                turnover_percent: Some(percent),
            })
        }
    }
}
