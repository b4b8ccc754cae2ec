//! What the gate says of one message to one recipient.

use std::sync::Arc;

use anning_decide::{Clearance, ClearanceKind, Decision, Outcome};
use anning_judge::Keyword;
use anning_store::Decided;
use anning_vocab::{Class, RecipientKey, Timestamp};

use super::Trouble;
use super::under_way::Ticket;
use crate::codes::Refusal;
use crate::letter::Lane;

/// Decided, or not to be decided now.
#[derive(Debug)]
pub enum Verdict {
    /// Decided.
    Ruled(Box<Ruling>),
    /// Evidence cannot be had: the protocol's temporary refusal, and nothing on record.
    Unavailable(Trouble),
}

/// One decision and what follows from it.
pub struct Ruling {
    /// Who it is for, as the ledger knows people.
    pub recipient: RecipientKey,
    /// What its content is.
    pub class: Class,
    /// The decision, under the policy of enforcing.
    pub decision: Decision,
    /// What stands against it, if anything does: the reason where it is refused, and what would have been the reason
    /// where it passes all the same.
    pub refusal: Option<Refusal>,
    /// What goes on record. It counts as handed over where there is a pass; a letter that has to wait first is put on
    /// record as [`Ruling::waiting`].
    pub record: Decided,
    /// The right to send it, if it may be sent.
    pub pass: Option<Pass>,
    /// House policy: not before.
    pub hold: Option<Timestamp>,
    /// Which queue.
    pub lane: Lane,
    /// What it counts as while under way.
    pub ticket: Option<Ticket>,
    /// It passes although evidence cannot be had, and cannot be put on record.
    pub unrecorded: Option<Trouble>,
}

/// A clearance and what it takes to redeem it.
#[derive(Debug)]
pub struct Pass {
    pub(super) clearance: Clearance,
    pub(super) recipient: RecipientKey,
    /// What the recipient had done; none where that does not matter.
    pub(super) seen: Option<u64>,
    /// The word that it tells its recipient to refuse with, where that is none of the usual ones.
    pub(crate) told: Option<Arc<Keyword>>,
}

impl Pass {
    /// On what it goes out.
    #[must_use]
    pub const fn kind(&self) -> ClearanceKind {
        self.clearance.kind()
    }
}

/// Which way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// On.
    Pass(ClearanceKind),
    /// Not before.
    Hold(Timestamp),
    /// Back, with this reason.
    Refuse(Refusal),
}

impl Ruling {
    /// Which way it goes.
    #[must_use]
    pub fn way(&self) -> Way {
        match (&self.pass, self.hold) {
            (Some(pass), _) => Way::Pass(pass.kind()),
            (None, Some(until)) => Way::Hold(until),
            // What is refused has a reason; one that the table lacks is told as unclear.
            (None, None) => Way::Refuse(self.refusal.unwrap_or(crate::codes::Reason::Unclear.into())),
        }
    }

    /// What is to be done by law and house policy.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.decision.outcome
    }

    /// What enforcing would have done, where shadow mode did not.
    #[must_use]
    pub fn would_have(&self) -> Option<Outcome> {
        let shadowed = self.pass.as_ref().is_some_and(|pass| pass.kind() == ClearanceKind::ShadowPass);
        shadowed.then_some(self.decision.outcome)
    }

    /// What goes on record of a letter that waits: decided, not handed over. It is decided again when taken out, and
    /// that decision says that it was.
    #[must_use]
    pub fn waiting(&self) -> Decided {
        Decided { handed_over: None, ..self.record.clone() }
    }
}

impl core::fmt::Debug for Ruling {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Ruling({:?}, {}, {:?})", self.recipient, self.class, self.way())
    }
}
