//! Scenarios that need a campaign of their own: an unusual message, audience, vendor or sequence of acts.

use crate::campaign::Facts;
use crate::cast::Line;
use crate::person::Reached;
use crate::step::Step;

/// One such campaign, held on several days.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Special {
    /// What its campaigns are called.
    pub(crate) name: &'static str,
    /// Weight in the plan; most are 10.
    pub(crate) weight: u64,
    /// Days of the calendar on which it may be held.
    pub(crate) from: &'static str,
    pub(crate) line: Line,
    pub(crate) facts: Facts,
    pub(crate) reached: Reached,
    /// What each person did, counted from the first send.
    pub(crate) steps: &'static [Step],
    /// Scenario of each send, and seconds after the first.
    pub(crate) sends: &'static [(&'static str, i64)],
}

impl Special {
    pub(crate) const fn new(name: &'static str, facts: Facts) -> Self {
        Self {
            name,
            weight: 10,
            from: "2021-01-01",
            line: Line::Retail,
            facts,
            reached: Reached::Phone,
            steps: &[],
            sends: &[],
        }
    }

    pub(crate) const fn acts(self, steps: &'static [Step]) -> Self {
        Self { steps, ..self }
    }

    pub(crate) const fn sends(self, sends: &'static [(&'static str, i64)]) -> Self {
        Self { sends, ..self }
    }

    pub(crate) const fn from(self, from: &'static str) -> Self {
        Self { from, ..self }
    }

    pub(crate) const fn reached(self, reached: Reached) -> Self {
        Self { reached, ..self }
    }

    pub(crate) const fn weight(self, weight: u64) -> Self {
        Self { weight, ..self }
    }

    pub(crate) const fn finance(self) -> Self {
        Self { line: Line::Finance, ..self }
    }
}
