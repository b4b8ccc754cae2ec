//! What happens to letters, as the journal has it: each entry one event. An entry has a number, given once: that of the
//! letter it brings, of the decision, of the parked report.

use std::sync::Arc;

use anning_link::{Address, MessageId, Report, Wish};
use anning_store::Decided;
use anning_vocab::{RecipientKey, Timestamp};

use super::book::owed;
use crate::codes::Reason;
use crate::letter::{Lane, Letter, LetterId};

/// One event.
#[derive(Clone, Debug)]
pub enum Entry {
    /// A letter is taken; its id is the entry's number.
    Accepted {
        /// The letter.
        letter: Arc<Letter>,
        /// How it begins.
        start: Start,
    },
    /// A decision was made, a refusal too; it waits for the ledger.
    Decision(Arc<Decided>),
    /// The first byte is about to be written. Without effect on a letter that does not wait any more.
    HandingOver {
        /// Which.
        letter: LetterId,
    },
    /// The carrier took a segment.
    Taken {
        /// Of which letter.
        letter: LetterId,
        /// Which, from 0.
        segment: u8,
        /// What the carrier calls it.
        id: MessageId,
    },
    /// The carrier refused a segment for good.
    RefusedByCarrier {
        /// Of which letter.
        letter: LetterId,
        /// Which, from 0.
        segment: u8,
        /// The protocol's code.
        code: u32,
    },
    /// Whether the segments that were being handed over arrived is not known: the line broke before the answer.
    InDoubt {
        /// Which.
        letter: LetterId,
    },
    /// It may go, at once or not before a time: a hold is over, nothing of it was handed over after all, or somebody
    /// chose to send again what is in doubt.
    Released {
        /// Which.
        letter: LetterId,
        /// Not before.
        until: Option<Timestamp>,
    },
    /// It is not to be sent any more. Without effect on one that does not wait.
    Recalled {
        /// Which.
        letter: LetterId,
        /// Why.
        why: Why,
    },
    /// It was decided again, and refused.
    Refused {
        /// Which.
        letter: LetterId,
        /// Why.
        reason: Reason,
    },
    /// A report on a segment came in.
    Reported {
        /// Of which letter.
        letter: LetterId,
        /// Which, from 0.
        segment: u8,
        /// The report.
        report: Arc<Report>,
    },
    /// The sender acknowledged what he was told of a segment.
    ReportTold {
        /// Of which letter.
        letter: LetterId,
        /// Which, from 0.
        segment: u8,
    },
    /// A report came in that speaks of nothing known yet.
    Parked(Arc<Parked>),
    /// A parked report is of use no longer: it found its letter, or nobody's.
    Unparked {
        /// Its number.
        parked: u64,
    },
    /// It waited longer than it may.
    Expired {
        /// Which.
        letter: LetterId,
    },
    /// What is in doubt, or was never reported on, is waited for no longer: unknown.
    GaveUp {
        /// Which.
        letter: LetterId,
    },
    /// The sender was not there to be told in all that time.
    Untold {
        /// Of which letter.
        letter: LetterId,
    },
    /// Decisions up to this number are in the ledger.
    Scribed {
        /// Number of the last.
        through: u64,
        /// Position of their batch in the ledger.
        position: u64,
    },
    /// The process began anew: what was being handed over is in doubt.
    Restarted,
    /// Everything before this segment is needed no longer.
    Kept {
        /// First segment that is.
        from: u32,
        /// How far the ledger has the decisions, should the segment that said so go too.
        scribed: Option<(u64, u64)>,
    },
    /// Written again as it stands, so that the segment where it stood can be let go.
    Carried {
        /// The number that it has.
        number: u64,
        /// What it is.
        what: Carried,
    },
}

/// How a letter begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// It waits for its turn, or for its time.
    Waits,
    /// Its way is free: it is handed over on the clearance that it was decided with.
    AtOnce,
    /// It was refused, in a submit of which others were not: its sender is told by a report.
    Refused(Reason),
}

/// Why a letter was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// The recipient withdrew.
    Withdrawal,
    /// The sender took it back.
    Cancelled,
    /// An operator did.
    Operator,
}

/// A report that speaks of nothing known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parked {
    /// Carrier it came from.
    pub upstream: Arc<str>,
    /// Forms in which the carrier may have written the id when it took the message.
    pub forms: Vec<MessageId>,
    /// Whom it is about, if the number can be read.
    pub recipient: Option<RecipientKey>,
    /// The report.
    pub report: Arc<Report>,
    /// When it came.
    pub since: Timestamp,
}

/// Something that is carried into a newer segment.
#[derive(Clone, Debug)]
pub enum Carried {
    /// A letter.
    Item(Box<Item>),
    /// A decision that waits for the ledger.
    Decision(Arc<Decided>),
    /// A parked report.
    Parked(Arc<Parked>),
}

/// A letter in the book: the whole of it while it may still be handed over, then what reports need.
#[derive(Clone, Debug)]
pub struct Item {
    /// Number.
    pub id: LetterId,
    /// Account that handed it in.
    pub account: Arc<str>,
    /// Carrier it goes to.
    pub upstream: Arc<str>,
    /// Queue.
    pub lane: Lane,
    /// Handed in at.
    pub accepted_at: Timestamp,
    /// Not to be handed over after.
    pub expires: Timestamp,
    /// Recipient.
    pub recipient: RecipientKey,
    /// The recipient's number as the sender wrote it.
    pub destination: Address,
    /// Access number.
    pub source: Address,
    /// Business code.
    pub service: Vec<u8>,
    /// The whole of it, while it may be needed.
    pub letter: Option<Arc<Letter>>,
    /// State.
    pub state: State,
    /// In it since.
    pub since: Timestamp,
    /// Its segments.
    pub parts: Vec<Part>,
}

/// One segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The id that the sender was told.
    pub ours: MessageId,
    /// The id that the carrier gave.
    pub theirs: Option<MessageId>,
    /// Reports wanted.
    pub wish: Wish,
    /// Where it stands.
    pub stage: Stage,
    /// The sender is still to be told.
    pub owed: bool,
}

/// Where a segment stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// In the queue.
    Waiting,
    /// On its way to the carrier.
    HandingOver,
    /// Whether the carrier has it is not known.
    InDoubt,
    /// The carrier has it.
    Taken,
    /// A segment of the sender's beyond those of the carrier: it ends as they do.
    Follows,
    /// Ended.
    Ended(Outcome),
}

/// How a segment ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The carrier's report.
    Reported(Arc<Report>),
    /// The carrier refused it, with this code.
    RefusedByCarrier(u32),
    /// Taken back.
    Recalled(Why),
    /// Refused, for this reason.
    Refused(Reason),
    /// Its time was over before it was handed over.
    Expired,
    /// Nobody knows.
    Unknown,
}

/// State of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Waits for the carrier.
    Queued,
    /// Waits for a time.
    Held {
        /// That time.
        until: Timestamp,
    },
    /// On its way to the carrier.
    HandingOver,
    /// The carrier has it.
    Sent,
    /// Whether the carrier has it is not known.
    InDoubt,
    /// Every segment was delivered.
    Delivered,
    /// A segment was not, says the carrier.
    Failed,
    /// Taken back.
    Recalled,
    /// Decided again, and refused.
    Refused,
    /// Waited too long.
    Expired,
    /// Nobody knows what became of it.
    Unknown,
}

impl State {
    /// It waits, and may be taken back.
    #[must_use]
    pub const fn waits(self) -> bool {
        matches!(self, Self::Queued | Self::Held { .. })
    }

    /// It does not change any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        match self {
            Self::Queued | Self::Held { .. } | Self::HandingOver | Self::Sent | Self::InDoubt => false,
            Self::Delivered
            | Self::Failed
            | Self::Recalled
            | Self::Refused
            | Self::Expired
            | Self::Unknown => true,
        }
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Held { .. } => "held",
            Self::HandingOver => "handing over",
            Self::Sent => "sent",
            Self::InDoubt => "in doubt",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Recalled => "recalled",
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Unknown => "unknown",
        }
    }
}

impl Outcome {
    /// It reached the recipient.
    #[must_use]
    pub fn delivered(&self) -> bool {
        match self {
            Self::Reported(report) => report.state == anning_link::ReportState::Delivered,
            Self::RefusedByCarrier(_)
            | Self::Recalled(_)
            | Self::Refused(_)
            | Self::Expired
            | Self::Unknown => false,
        }
    }
}

impl Item {
    /// A letter as it begins.
    #[must_use]
    pub fn new(letter: &Arc<Letter>, start: Start, now: Timestamp) -> Self {
        let refused = match start {
            Start::Refused(reason) => Some(Outcome::Refused(reason)),
            Start::Waits | Start::AtOnce => None,
        };
        let at_once = start == Start::AtOnce;
        let stage = match &refused {
            Some(outcome) => Stage::Ended(outcome.clone()),
            None if at_once => Stage::HandingOver,
            None => Stage::Waiting,
        };
        let nameless = MessageId::default();
        let ours = letter.ours.iter().chain(std::iter::repeat(&nameless));
        let part = |(segment, ours): (&anning_link::Submission, &MessageId)| Part {
            ours: ours.clone(),
            theirs: None,
            wish: segment.wish,
            stage: stage.clone(),
            owed: refused.as_ref().is_some_and(|outcome| owed(segment.wish, outcome)),
        };
        let mut parts: Vec<Part> = letter.segments.iter().take(SEGMENTS_MAX).zip(ours).map(part).collect();
        for (ours, wish) in letter.beyond.iter().take(SEGMENTS_MAX.saturating_sub(parts.len())) {
            let stage = refused.clone().map_or(Stage::Follows, Stage::Ended);
            let owed = refused.as_ref().is_some_and(|outcome| owed(*wish, outcome));
            parts.push(Part { ours: ours.clone(), theirs: None, wish: *wish, stage, owed });
        }
        let first = letter.segments.first();
        let state = match letter.not_before.filter(|until| !at_once && *until > now) {
            Some(until) => State::Held { until },
            None if at_once => State::HandingOver,
            None => State::Queued,
        };
        let state = if refused.is_some() { State::Refused } else { state };
        Self {
            id: letter.id,
            account: Arc::clone(&letter.account),
            upstream: Arc::clone(&letter.upstream),
            lane: letter.lane,
            accepted_at: letter.accepted_at,
            expires: letter.expires,
            recipient: letter.recipient,
            destination: first.and_then(|s| s.destinations.first()).cloned().unwrap_or_default(),
            source: first.map(|s| s.source.clone()).unwrap_or_default(),
            service: first.map(|s| s.service.clone()).unwrap_or_default(),
            letter: refused.is_none().then(|| Arc::clone(letter)),
            state,
            since: now,
            parts,
        }
    }

    /// A sender is to be told of one of its segments.
    #[must_use]
    pub fn owes(&self) -> bool {
        self.parts.iter().any(|part| part.owed)
    }
}

/// Segments of one letter.
pub const SEGMENTS_MAX: usize = 255;
