//! What a person does, as steps from an anchor in time.

use anning_vocab::{ActKind, Origin};

use crate::random::{below, draw};
use crate::terms::Terms;

pub(crate) const MINUTE: i64 = 60;
pub(crate) const DAY: i64 = 86_400;

/// One act: when, counted from an anchor, and what it says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub(crate) act: ActKind,
    pub(crate) origin: Origin,
    pub(crate) terms: &'static Terms,
    /// Seconds from the anchor, before it if negative.
    after: i64,
    /// Up to so many seconds later still, by person.
    spread: i64,
    /// Seconds from the act until it arrived.
    arrives: i64,
    /// Seconds from its arrival until it was recorded.
    recorded: i64,
}

/// The three times of an act, in seconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Times {
    pub(crate) occurred: i64,
    pub(crate) received: i64,
    pub(crate) recorded: i64,
}

impl Step {
    /// Something a person did, captured as it was done.
    pub(crate) const fn new(act: ActKind, after: i64, terms: &'static Terms) -> Self {
        Self { act, origin: Origin::Captured, terms, after, spread: 0, arrives: 0, recorded: 0 }
    }

    /// Consent given so many seconds from the anchor.
    pub(crate) const fn given(after: i64, terms: &'static Terms) -> Self {
        Self::new(ActKind::Given, after, terms)
    }

    /// 退订.
    pub(crate) const fn withdrawn(after: i64, terms: &'static Terms) -> Self {
        Self::new(ActKind::Withdrawn, after, terms)
    }

    pub(crate) const fn spread(self, spread: i64) -> Self {
        Self { spread, ..self }
    }

    pub(crate) const fn arrives(self, arrives: i64) -> Self {
        Self { arrives, ..self }
    }

    pub(crate) const fn recorded(self, recorded: i64) -> Self {
        Self { recorded, ..self }
    }

    pub(crate) const fn origin(self, origin: Origin) -> Self {
        Self { origin, ..self }
    }

    /// When this person does it.
    pub(crate) fn times(&self, anchor: i64, seed: u64, person: u64) -> Times {
        let stream = STEP ^ self.after.unsigned_abs() ^ (self.act as u64) << 40;
        let later = below(draw(seed, stream, person), self.spread.unsigned_abs());
        let occurred = anchor + self.after + i64::try_from(later).unwrap_or(0);
        let received = occurred + self.arrives;
        Times { occurred, received, recorded: received + self.recorded }
    }
}

const STEP: u64 = 0x5354_4550 << 8;
