//! What can be said of a send: kept once, however many sends it is said of.

use std::collections::HashMap;

use ahash::RandomState;
use anning_decide::{Decision, Findings, Masks, Reading, Treatment};
use anning_vocab::Caveats;

use crate::input::hasher;
use crate::summary::Outcomes;

/// Findings, caveats and treatment of a send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Verdict {
    pub treatment: Treatment,
    pub findings: Findings,
    pub caveats: Caveats,
}

/// Under which a send is counted once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Outcome {
    Breached,
    Unproved,
    Unclear,
    Lawful,
    Outside,
}

impl Outcome {
    /// The code used in files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Breached => "breached",
            Self::Unproved => "unproved",
            Self::Unclear => "unclear",
            Self::Lawful => "lawful",
            Self::Outside => "outside",
        }
    }

    /// So many sends of this outcome.
    pub fn times(self, sends: u64) -> Outcomes {
        let mut out = Outcomes { sends, ..Outcomes::default() };
        let slot = match self {
            Self::Breached => &mut out.breached,
            Self::Unproved => &mut out.unproved,
            Self::Unclear => &mut out.unclear,
            Self::Lawful => &mut out.lawful,
            Self::Outside => &mut out.outside,
        };
        *slot = sends;
        out
    }
}

impl Verdict {
    pub const fn of(decision: &Decision) -> Self {
        Self { treatment: decision.treatment, findings: decision.findings, caveats: decision.caveats }
    }

    /// Answers under a reading.
    pub const fn masks(&self, reading: Reading) -> Masks {
        match reading {
            Reading::Strict => self.findings.strict,
            Reading::Lenient => self.findings.lenient,
        }
    }

    /// A send is counted once: breached before unproved before unclear.
    pub fn outcome(&self, reading: Reading) -> Outcome {
        let masks = self.masks(reading);
        if masks.breached != 0 {
            Outcome::Breached
        } else if self.treatment == Treatment::Outside {
            // What every message must keep (number, log) is shown by provision; unproved, it does not make a
            // notice a doubtful send.
            Outcome::Outside
        } else if masks.unproved != 0 {
            Outcome::Unproved
        } else if masks.unclear != 0 {
            Outcome::Unclear
        } else {
            Outcome::Lawful
        }
    }
}

/// The reading that is not followed.
pub(crate) const fn other(reading: Reading) -> Reading {
    match reading {
        Reading::Strict => Reading::Lenient,
        Reading::Lenient => Reading::Strict,
    }
}

/// Distinct verdicts by number.
pub(crate) struct Verdicts {
    ids: HashMap<Verdict, u32, RandomState>,
    all: Vec<Verdict>,
}

impl Default for Verdicts {
    fn default() -> Self {
        Self { ids: HashMap::with_hasher(hasher()), all: Vec::new() }
    }
}

impl Verdicts {
    pub fn id(&mut self, verdict: Verdict) -> u32 {
        let next = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        *self.ids.entry(verdict).or_insert_with(|| {
            self.all.push(verdict);
            next
        })
    }

    pub fn get(&self, id: u32) -> Option<&Verdict> {
        self.all.get(id as usize)
    }
}
