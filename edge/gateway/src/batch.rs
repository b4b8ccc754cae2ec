//! What came in together goes on record together, and is answered together.

use std::sync::Arc;

use anning_decide::ClearanceKind;
use anning_link::{Answer, MessageId, Sequence};
use anning_vocab::RecipientKey;
use tokio::sync::mpsc::Sender;

use crate::codes::{Reason, Refusal};
use crate::config::Protocol;
use crate::gate::{Pass, Ticket};
use crate::gateway::Gateway;
use crate::letter::{Letter, LetterId};
use crate::outbox::{Committed, Entry, Error};
use crate::sender::Order;
use crate::way::{Load, Relay, Reserved, Way};

/// Where an answer goes.
#[derive(Debug)]
pub(crate) enum Back {
    /// To a sender's connection, as the answer to this request.
    Sender(Sender<Order>, Sequence, Words),
    /// To whoever called; with what was decided for each recipient.
    Caller(tokio::sync::oneshot::Sender<Told>),
    /// To nobody: the gateway's own message.
    Nobody,
}

/// In what codes a sender is answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    pub protocol: Protocol,
    /// In the protocol's standard codes alone.
    pub plain: bool,
}

impl Words {
    /// The code of a reason.
    pub const fn code(self, reason: Reason) -> u32 {
        if self.plain { reason.plain(self.protocol) } else { reason.result(self.protocol) }
    }
}

/// What a caller is told of one message.
#[derive(Clone, Debug)]
pub struct Told {
    /// The id of the message, as far as it was taken.
    pub id: MessageId,
    /// What became of it for each recipient, in their order.
    pub recipients: Vec<Fate>,
    /// Why nothing could be taken: try again.
    pub failed: Option<Reason>,
}

/// What became of a message for one recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// On its way, on this.
    Passes(ClearanceKind),
    /// On its way, not before.
    Held(anning_vocab::Timestamp),
    /// Refused.
    Refused(Refusal),
}

/// Answers by the number of their request.
type Answers = Vec<(Sequence, Answer)>;

/// An answer that waits until everything is durable.
#[derive(Debug)]
pub(crate) struct Owed {
    pub back: Back,
    pub id: MessageId,
    pub answer: Answer,
    pub fates: Vec<Fate>,
}

/// Answers that are owed for a code that is not on record. Whoever drops them has its senders try again: nobody waits for an
/// answer that never comes.
#[derive(Debug)]
pub(crate) struct Debts(Vec<Owed>);

impl Debts {
    /// Answers now.
    pub fn tell(mut self, failed: Option<Reason>) {
        core::mem::take(&mut self.0).into_iter().for_each(|owed| owed.tell(failed));
    }
}

impl Drop for Debts {
    fn drop(&mut self) {
        core::mem::take(&mut self.0).into_iter().for_each(|owed| owed.tell(Some(Reason::Unavailable)));
    }
}

/// What becomes of a letter once it is durable.
pub(crate) enum Onward {
    /// It goes to a carrier at once.
    AtOnce(Box<(Reserved, Pass)>),
    /// It waits for its turn, and counts as under way meanwhile.
    Waits(Arc<Way>, Option<(RecipientKey, Ticket)>),
    /// It is over before it began; its sender is told by a report.
    Over,
}

/// A code that goes even if it cannot be put on record.
pub(crate) struct Code {
    pub letter: Arc<Letter>,
    /// What it goes on where its way is not free; else that is among what goes onward.
    pub pass: Option<Pass>,
    /// Its place among what goes onward.
    pub onward: usize,
    /// Its places among the answers.
    pub answers: core::ops::Range<usize>,
}

/// Entries that are handed in to the outbox together, and what follows.
#[derive(Default)]
pub(crate) struct Batch {
    pub entries: Vec<Entry>,
    /// For each letter that is taken, in order.
    pub onward: Vec<Onward>,
    /// For each decision, in order: what it counts as until the ledger has it.
    pub counted: Vec<Option<(RecipientKey, Ticket)>>,
    pub answers: Vec<Owed>,
    /// Codes to one recipient that need not wait for a time: they go even if nothing can be put on record.
    pub codes: Vec<Code>,
    /// Letters that waited and are being handed over: the place of their entry, and what goes with them.
    pub loads: Vec<(usize, Load)>,
    /// Letters that somebody is busy with until then.
    pub busy: Vec<(Arc<Way>, LetterId)>,
    /// Segments of which a sender was told: until that is durable they count as being told, or they would be told again.
    pub told: Vec<(Arc<str>, (LetterId, u8))>,
    /// Accounts that have something to be told.
    pub wake: Vec<Arc<str>>,
}

impl Batch {
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.answers.is_empty()
    }

    /// An answer that rests on nothing durable: a refusal of the submit as such.
    pub fn refuse(&mut self, back: Back, reason: Reason) {
        let answer = Answer::Refused(back.code(reason));
        let fates = vec![Fate::Refused(reason.into())];
        self.answers.push(Owed { back, id: MessageId::default(), answer, fates });
    }

    /// A decision, and what it counts as while it is under way to the ledger.
    pub fn decision(&mut self, decided: anning_store::Decided, counted: Option<(RecipientKey, Ticket)>) {
        self.entries.push(Entry::Decision(Arc::new(decided)));
        self.counted.push(counted);
    }

    /// Hands everything in. What cannot be taken is answered at once: try again.
    pub fn hand_in(mut self, gateway: &Arc<Gateway>) {
        if self.entries.is_empty() {
            self.answer(None);
            return;
        }
        let entries = core::mem::take(&mut self.entries);
        let own = Arc::clone(gateway);
        let done = Box::new(move |result| self.done(&own, result));
        if let Err(refused) = gateway.outbox().submit(entries, done) {
            (refused.done)(Err(refused.error));
        }
    }

    /// Durable, or not taken. Runs on the thread that writes.
    fn done(mut self, gateway: &Arc<Gateway>, result: Result<Committed, Error>) {
        match result {
            Ok(committed) => self.committed(gateway, &committed),
            Err(error) => self.failed(gateway, &error),
        }
        for (way, letter) in &self.busy {
            way.free(*letter);
        }
        for (account, one) in &self.told {
            gateway.roster().told(account, *one);
        }
        for account in &self.wake {
            gateway.roster().wake(account);
        }
    }

    fn committed(&mut self, gateway: &Arc<Gateway>, committed: &Committed) {
        gateway.scribe().count(core::mem::take(&mut self.counted));
        // Answered first: what follows does not concern the sender.
        self.answer(None);
        for (letter, onward) in committed.letters.iter().zip(core::mem::take(&mut self.onward)) {
            match onward {
                Onward::AtOnce(both) => {
                    let (reserved, pass) = *both;
                    reserved.send(gateway, Load { letter: Arc::clone(letter), pass });
                }
                Onward::Waits(way, counted) => way.waits(letter.id, letter.lane, counted),
                Onward::Over => gateway.roster().wake(&letter.account),
            }
        }
        for (at, load) in core::mem::take(&mut self.loads) {
            let Load { letter, pass } = load;
            if committed.void.contains(&at) {
                // Recalled, or expired, in between.
                continue;
            }
            let way = gateway.way(&letter.upstream);
            match way
                .and_then(|way| way.reserve(letter.lane, letter.segments.len(), gateway.hands().steady()))
            {
                Some(reserved) => reserved.send(gateway, Load { letter, pass }),
                None => gateway.put_back(&letter),
            }
        }
    }

    fn failed(&mut self, gateway: &Arc<Gateway>, error: &Error) {
        let reason = match error {
            Error::Busy => Reason::Full,
            Error::Full | Error::Stopped | Error::Unfit | Error::Store(_) => Reason::Unavailable,
        };
        gateway.not_durable(error);
        self.relay(gateway);
        let waiting = core::mem::take(&mut self.onward).into_iter().filter_map(|onward| match onward {
            Onward::Waits(_, counted) => counted,
            // Room in a window is given back by dropping it.
            Onward::AtOnce(_) | Onward::Over => None,
        });
        let counted = core::mem::take(&mut self.counted).into_iter().flatten();
        for (recipient, ticket) in counted.chain(waiting) {
            gateway.gate().settle(recipient, ticket);
        }
        self.answer(Some(reason));
    }

    /// Codes are never lost: where nothing can be put on record they are relayed straight, and their senders are
    /// answered when the carrier has answered.
    fn relay(&mut self, gateway: &Arc<Gateway>) {
        for code in core::mem::take(&mut self.codes) {
            let Some(onward) = self.onward.get_mut(code.onward) else { continue };
            let (reserved, pass) = match (core::mem::replace(onward, Onward::Over), code.pass) {
                (Onward::AtOnce(both), _) => (Some(both.0), both.1),
                (Onward::Waits(_, counted), Some(pass)) => {
                    if let Some((recipient, ticket)) = counted {
                        gateway.gate().settle(recipient, ticket);
                    }
                    (None, pass)
                }
                (other, _) => {
                    *onward = other;
                    continue;
                }
            };
            let places = self.answers.get_mut(code.answers).unwrap_or(&mut []);
            let owed = Debts(places.iter_mut().map(Owed::take).collect());
            let letter = Arc::new(Letter { id: gateway.unrecorded(), ..Letter::clone(&code.letter) });
            let relay = Relay::new(Load { letter, pass }, owed, gateway.hands().steady());
            gateway.relay(reserved, relay);
        }
    }

    /// Tells everybody; with a reason, that nothing was taken.
    fn answer(&mut self, failed: Option<Reason>) {
        let mut grouped: Vec<(Sender<Order>, Answers)> = Vec::new();
        for owed in core::mem::take(&mut self.answers) {
            match owed.back {
                Back::Sender(mailbox, sequence, words) => {
                    let answer = match failed {
                        Some(reason) => Answer::Refused(words.code(reason)),
                        None => owed.answer,
                    };
                    match grouped.last_mut() {
                        Some((last, answers)) if last.same_channel(&mailbox) => {
                            answers.push((sequence, answer))
                        }
                        Some(_) | None => grouped.push((mailbox, vec![(sequence, answer)])),
                    }
                }
                Back::Caller(caller) => {
                    // A caller may have gone.
                    let _ = caller.send(Told { id: owed.id, recipients: owed.fates, failed });
                }
                Back::Nobody => {}
            }
        }
        for (mailbox, answers) in grouped {
            // A connection that is gone, or whose mailbox is full because it does not read, gets no answer: it will find
            // its messages taken, as after any broken line.
            let _ = mailbox.try_send(Order::Answer(answers));
        }
    }
}

impl Owed {
    /// Takes the answer out; nobody is owed one here any more.
    fn take(&mut self) -> Self {
        Self {
            back: core::mem::replace(&mut self.back, Back::Nobody),
            id: self.id.clone(),
            answer: self.answer.clone(),
            fates: core::mem::take(&mut self.fates),
        }
    }

    /// Answers now.
    pub fn tell(self, failed: Option<Reason>) {
        let mut batch = Batch { answers: vec![self], ..Batch::default() };
        batch.answer(failed);
    }
}

impl Back {
    /// The code of a reason, as whoever waits for this answer reads it.
    pub fn code(&self, reason: Reason) -> u32 {
        match self {
            Self::Sender(_, _, words) => words.code(reason),
            Self::Caller(_) | Self::Nobody => reason.result(Protocol::Http),
        }
    }
}
