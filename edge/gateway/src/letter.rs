//! One whole message to one recipient, on its way through.

use std::sync::Arc;

use anning_link::{MessageId, Submission, Wish};
use anning_vocab::{RecipientKey, Timestamp};

/// Its number in the outbox: given once, never again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LetterId(pub u64);

/// Which queue it waits in; the first goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lane {
    /// Verification codes: they never wait behind anything else.
    Code,
    /// Service messages.
    Service,
    /// Commercial messages.
    Commercial,
}

/// One whole message to one recipient. A submit for ninety-nine recipients is ninety-nine letters, so that each gets
/// its own decision, clearance and report; a message of three segments is one.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Number; 0 until the outbox has taken it.
    pub id: LetterId,
    /// Account that handed it in, by its name in the configuration.
    pub account: Arc<str>,
    /// Carrier it goes to, by its name in the configuration.
    pub upstream: Arc<str>,
    /// Queue.
    pub lane: Lane,
    /// Handed in at.
    pub accepted_at: Timestamp,
    /// Not to be handed over before: a hold of house policy, or the sender's own wish.
    pub not_before: Option<Timestamp>,
    /// Not to be handed over after: the sender's validity, or the gateway's longest wait.
    pub expires: Timestamp,
    /// Recipient, as the ledger knows people.
    pub recipient: RecipientKey,
    /// Segments in order; each holds this one destination.
    pub segments: Vec<Submission>,
    /// The id that the sender was told of each segment.
    pub ours: Vec<MessageId>,
    /// Segments of the sender beyond those that go to the carrier, whose cut has fewer: the ids that it was told, and
    /// whether it wants reports. They end as the letter does.
    pub beyond: Vec<(MessageId, Wish)>,
}
