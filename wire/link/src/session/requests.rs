//! Requests that wait for an answer: ours, and those of the other side.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher};

use super::{Note, Session, State};
use crate::dialect::{Dialect, Request, Sequence, Spoken};
use crate::moment::Moment;
use crate::short_message::MessageId;

/// Requests of ours, at most a window of them.
pub(super) type Requests = Waiting<Made>;
/// Requests of the other side, at most a window of them.
pub(super) type Owed = Waiting<Taken>;

/// By number, in its order: the same input tells the same events in the same order.
#[derive(Debug)]
pub(super) struct Waiting<T>(BTreeMap<Sequence, T>);

/// A request that was sent.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) kind: Request,
    pub(super) ticket: u64,
    pub(super) sent_at: Moment,
    pub(super) sent: u32,
    /// As sent, if it may have to be sent again.
    pub(super) frame: Vec<u8>,
}

/// A request that was received.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) kind: Request,
    /// Tells the same request from another with its number.
    pub(super) print: u64,
    /// What the answer repeats.
    pub(super) carried_as: MessageId,
}

impl<T> Waiting<T> {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn get(&self, sequence: Sequence) -> Option<&T> {
        self.0.get(&sequence)
    }

    pub(super) fn insert(&mut self, sequence: Sequence, waits: T) {
        self.0.insert(sequence, waits);
    }

    pub(super) fn remove(&mut self, sequence: Sequence) -> Option<T> {
        self.0.remove(&sequence)
    }

    pub(super) fn take_all(&mut self) -> BTreeMap<Sequence, T> {
        core::mem::take(&mut self.0)
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (Sequence, &mut T)> {
        self.0.iter_mut().map(|(sequence, waits)| (*sequence, waits))
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &T> {
        self.0.values()
    }
}

impl<T> Default for Waiting<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

/// Two frames with one print are taken for the same; whoever forges that withholds a request of his own.
pub(super) fn print(frame: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(frame);
    hasher.finish()
}

impl<D: Dialect> Session<D> {
    /// Can such a request be made now?
    pub(super) fn may(&self, request: Request) -> bool {
        self.room() > 0 && self.dialect.allows(self.side, self.mode, request)
    }

    pub(super) fn ask(&mut self, ticket: u64, kind: Request, spoken: &Spoken) -> Sequence {
        let sequence = self.number();
        let begins = self.out.len();
        self.say(sequence, spoken);
        let again = self.settings.resend && self.settings.tries > 1;
        let frame = self.out.get(begins..).filter(|_| again).unwrap_or(&[]).to_vec();
        let sent_at = self.clock.now;
        self.ours.insert(sequence, Made { kind, ticket, sent_at, sent: 1, frame });
        self.clock.worked = sent_at;
        self.clock.due.get_or_insert(sent_at.plus(self.settings.answer_within));
        sequence
    }

    /// A number that no open request of ours has.
    pub(super) fn number(&mut self) -> Sequence {
        // A window of open requests blocks that many numbers at most.
        for _ in 0..=self.settings.window {
            self.last = self.dialect.next(self.last, self.clock.civil);
            if self.ours.get(self.last).is_none() {
                break;
            }
        }
        self.last
    }

    /// Answers a request of the other side, once.
    pub(super) fn owed(
        &mut self,
        sequence: Sequence,
        kind: Request,
        answer: impl FnOnce(MessageId) -> Spoken,
    ) -> bool {
        if self.theirs.get(sequence).is_none_or(|taken| taken.kind != kind) {
            return false;
        }
        let Some(taken) = self.theirs.remove(sequence) else { return false };
        self.say(sequence, &answer(taken.carried_as));
        self.clock.worked = self.clock.now;
        self.hear_held();
        self.settle();
        true
    }

    /// What goes unanswered for too long is sent again or given up.
    pub(super) fn look_at_requests(&mut self) {
        let (now, settings) = (self.clock.now, self.settings);
        if self.clock.due.is_none_or(|due| now < due) {
            return;
        }
        let mut given_up = Vec::new();
        for (sequence, made) in self.ours.iter_mut() {
            if now.since(made.sent_at) < settings.answer_within {
                continue;
            }
            if made.frame.is_empty() || made.sent >= settings.tries {
                given_up.push(sequence);
            } else {
                made.sent += 1;
                made.sent_at = now;
                self.out.extend_from_slice(&made.frame);
                self.events.push_back(super::Event::Odd(Note::Resent(sequence)));
            }
        }
        for sequence in given_up {
            if let Some(made) = self.ours.remove(sequence) {
                self.events.push_back(super::Event::InDoubt { ticket: made.ticket });
            }
        }
        self.clock.due = self.ours.values().map(|made| made.sent_at.plus(settings.answer_within)).min();
    }

    /// The other side left: it is answered once nothing is owed to it.
    pub(super) fn answer_leave(&mut self) {
        if let State::LeftBy(sequence, by) = self.state
            && (self.theirs.len() == 0 || self.clock.now >= by)
        {
            self.say(sequence, &Spoken::LeaveAnswer);
            self.end(super::Ending::PeerLeft);
        }
    }
}
