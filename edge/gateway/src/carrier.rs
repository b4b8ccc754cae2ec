//! A connection to a carrier: hands over what has a clearance, takes reports and replies.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use anning_link::{
    Address, Answer, Delivery, Dialect, Event, MessageId, Moment, Report, Sequence, Session, Submission, Wish,
};
use tokio::sync::mpsc::Sender;

use crate::batch::{Batch, Debts};
use crate::codes::Reason;
use crate::config::{IdForm, International, Protocol};
use crate::gate::Gate;
use crate::gateway::Gateway;
use crate::hearing::Heard;
use crate::letter::{Letter, LetterId};
use crate::line::{self, End, Time};
use crate::outbox::{Entry, Parked};
use crate::way::{Load, Relay, Reserved, Way};

/// What the rest of the gateway asks of a carrier's connection.
#[derive(Debug)]
pub(crate) enum Order {
    /// Hand this over.
    Carry(Box<(Load, Reserved)>),
    /// Hand this code over although it is not on record, and answer its sender when the carrier has answered.
    Relay(Box<Relay>, Reserved),
    /// Answer these deliveries: they were taken care of, or the carrier is to try again.
    Heard(Vec<Sequence>, bool),
    /// Leave.
    Leave,
}

/// A letter on this connection.
struct Carried {
    letter: Arc<Letter>,
    /// Segments without an end yet.
    open: usize,
    /// Segments that the carrier took, or may have taken.
    gone: bool,
    /// How often the carrier asked to slow down.
    tries: u32,
    /// Not on record: who is to be answered, and whether all went well so far.
    relay: Option<(Debts, bool)>,
    _room: Reserved,
}

impl Carried {
    /// Every segment has its end.
    fn done(self, gateway: &Gateway) {
        if let Some((owed, well)) = self.relay {
            gateway.tally().relayed(&self.letter.account, if well { "taken" } else { "not_taken" });
            owed.tell((!well).then_some(Reason::Unavailable));
        }
    }
}

/// A carrier's end of a connection.
pub(crate) struct Desk {
    gateway: Arc<Gateway>,
    way: Arc<Way>,
    number: u64,
    mailbox: Sender<Order>,
    room: Option<Arc<AtomicUsize>>,
    carried: HashMap<LetterId, Carried>,
    /// Segments that wait for room in the window, or for the carrier to be less busy.
    waiting: VecDeque<(Moment, LetterId, u8)>,
    batch: Batch,
    /// Deliveries that are answered when the batch is durable.
    heard: Vec<Sequence>,
    /// Where it came from, if it came to us (SGIP).
    from: Option<IpAddr>,
}

impl Desk {
    pub fn new(
        gateway: Arc<Gateway>,
        way: Arc<Way>,
        number: u64,
        mailbox: Sender<Order>,
        from: Option<IpAddr>,
    ) -> Self {
        Self {
            gateway,
            way,
            number,
            mailbox,
            room: None,
            carried: HashMap::new(),
            waiting: VecDeque::new(),
            batch: Batch::default(),
            heard: Vec::new(),
            from,
        }
    }

    /// Takes a letter over: the clearance is used up here, right before its first byte.
    fn carry(&mut self, load: Load, room: Reserved, owed: Option<Debts>, at: Time) {
        let Load { letter, pass } = load;
        let told = pass.told.clone();
        match self.gateway.gate().redeem(pass, at.wall) {
            Ok(message) => {
                self.gateway.wrote(&letter, &message, told, at.wall);
                self.gateway.tally().handed(&letter);
                for segment in 0..letter.segments.len() {
                    let segment = u8::try_from(segment).unwrap_or(u8::MAX);
                    self.waiting.push_back((at.steady, letter.id, segment));
                }
                let open = letter.segments.len();
                let relay = owed.map(|owed| (owed, true));
                let carried = Carried { letter, open, gone: false, tries: 0, relay, _room: room };
                self.carried.insert(carried.letter.id, carried);
            }
            // The recipient acted in between, or it took too long: it is decided again.
            Err(_) => match owed {
                None => self.batch.entries.push(Entry::Released { letter: letter.id, until: None }),
                Some(owed) => {
                    self.gateway.tally().relayed(&letter.account, "too_late");
                    owed.tell(Some(Reason::Unavailable));
                }
            },
        }
    }

    /// Hands over what waits, as far as the window has room.
    fn hand_over<D: Dialect>(&mut self, session: &mut Session<D>, at: Time) {
        for _ in 0..self.waiting.len() {
            if session.room() == 0 {
                return;
            }
            let Some((due, letter, segment)) = self.waiting.pop_front() else { return };
            let Some(carried) = self.carried.get_mut(&letter).filter(|_| due <= at.steady) else {
                if self.carried.contains_key(&letter) {
                    self.waiting.push_back((due, letter, segment));
                }
                continue;
            };
            let Some(submission) = carried.letter.segments.get(usize::from(segment)) else { continue };
            // Reports are always wanted: they settle what is in doubt.
            let submission = Box::new(Submission { wish: Wish::Report, ..submission.clone() });
            match session.submit(ticket(letter, segment), submission, at.steady, at.civil) {
                Ok(_) => carried.gone = true,
                Err(_) => {
                    self.waiting.push_front((due, letter, segment));
                    return;
                }
            }
        }
    }

    fn answered<D: Dialect>(&mut self, ticket: u64, answer: Answer, session: &Session<D>, at: Time) {
        let (id, segment) = of_ticket(ticket);
        let Some(carried) = self.carried.get_mut(&id) else { return };
        let entry = match answer {
            Answer::Taken(theirs) | Answer::TakenExcept(theirs, _) => {
                Entry::Taken { letter: id, segment, id: theirs }
            }
            Answer::Refused(code) if session.dialect().is_temporary(code) && carried.tries < TRIES => {
                // It was not taken, so that it may go again.
                carried.tries += 1;
                let pause = PAUSE.saturating_mul(1 << carried.tries.min(6));
                self.waiting.push_back((at.steady.plus(pause), id, segment));
                self.gateway.tally().slowed(&self.way.upstream.name);
                return;
            }
            Answer::Refused(code) => {
                self.batch.wake.push(Arc::clone(&carried.letter.account));
                if let Some((_, well)) = &mut carried.relay {
                    *well = false;
                }
                Entry::RefusedByCarrier { letter: id, segment, code }
            }
        };
        if carried.relay.is_none() {
            self.batch.entries.push(entry);
        }
        self.ended_one(id);
    }

    /// One more segment of a letter has its end.
    fn ended_one(&mut self, id: LetterId) {
        let Some(carried) = self.carried.get_mut(&id) else { return };
        carried.open = carried.open.saturating_sub(1);
        if carried.open == 0
            && let Some(carried) = self.carried.remove(&id)
        {
            carried.done(&self.gateway);
        }
    }

    fn in_doubt(&mut self, ticket: u64) {
        let (id, _) = of_ticket(ticket);
        if let Some(carried) = self.carried.get_mut(&id) {
            carried.gone = true;
            match &mut carried.relay {
                None => self.batch.entries.push(Entry::InDoubt { letter: id }),
                Some((_, well)) => *well = false,
            }
            self.ended_one(id);
        }
    }

    fn delivered(&mut self, sequence: Sequence, delivery: Delivery, at: Time) {
        match delivery {
            Delivery::Report(report) => {
                self.reported(report, at);
                self.heard.push(sequence);
            }
            Delivery::Reply(reply) => {
                let heard = Heard {
                    reply,
                    upstream: Arc::clone(&self.way.upstream),
                    at: at.wall,
                    back: self.mailbox.clone(),
                    sequence,
                };
                if !self.gateway.hear(heard) {
                    // Too many wait: the carrier tries again.
                    let _ = self.mailbox.try_send(Order::Heard(vec![sequence], false));
                }
            }
        }
    }

    fn reported(&mut self, report: Report, at: Time) {
        let protocol = self.way.upstream.protocol;
        let key = |address: &Address, international| {
            let recipient = Gate::recipient(protocol, address, international).ok();
            recipient.map(|recipient| self.gateway.gate().key(&recipient))
        };
        let recipient = key(&report.recipient, International::ChineseIfEleven);
        let forms = forms(&report.id, self.way.upstream.id_form, protocol);
        let find = |recipient| self.gateway.outbox().book().find(&self.way.upstream.name, &forms, recipient);
        let mut found = find(recipient);
        // Which account it was, and what that means by such a number, is not known before the letter is.
        let declared = found.is_none() && protocol == Protocol::Smpp && self.gateway.takes_declared();
        let other = if declared {
            let address = Address { ton: 1, ..report.recipient.clone() };
            key(&address, International::AsDeclared).filter(|other| Some(*other) != recipient)
        } else {
            None
        };
        if let (None, Some(other)) = (found, other) {
            found = find(Some(other));
        }
        // One that comes before its answer is known by the carrier's id alone, then.
        let recipient = recipient.filter(|_| other.is_none());
        let report = Arc::new(report);
        match found {
            Some(found) => {
                let account =
                    self.gateway.outbox().book().get(found.letter).map(|item| Arc::clone(&item.account));
                self.batch.wake.extend(account);
                self.batch.entries.push(Entry::Reported {
                    letter: found.letter,
                    segment: found.segment,
                    report,
                });
            }
            None => {
                let upstream = Arc::clone(&self.way.upstream.name);
                let parked = Parked { upstream, forms, recipient, report, since: at.wall };
                self.batch.entries.push(Entry::Parked(Arc::new(parked)));
            }
        }
    }

    /// The connection is over: what was not yet written goes back to the queue, the rest is in doubt already.
    fn ended(&mut self) {
        self.way.leave(self.number);
        self.room = None;
        let waiting: Vec<(LetterId, u8)> =
            self.waiting.drain(..).map(|(_, id, segment)| (id, segment)).collect();
        for (id, segment) in waiting {
            let Some(carried) = self.carried.get(&id).filter(|carried| carried.relay.is_none()) else {
                continue;
            };
            if carried.gone {
                // Other segments of it went out: this one can only be told as not delivered.
                let code = 0;
                self.batch.entries.push(Entry::RefusedByCarrier { letter: id, segment, code });
                self.batch.wake.push(Arc::clone(&carried.letter.account));
            } else {
                self.batch.entries.push(Entry::Released { letter: id, until: None });
                self.carried.remove(&id);
                self.way.wake.notify_one();
            }
        }
        for (_, mut carried) in self.carried.drain() {
            if let Some((_, well)) = &mut carried.relay {
                *well = false;
            }
            carried.done(&self.gateway);
        }
    }

    /// Hands in what happened. What the outbox cannot take now is kept, because it did happen.
    fn put(&mut self) {
        if self.batch.is_empty() && self.heard.is_empty() {
            return;
        }
        let mut batch = core::mem::take(&mut self.batch);
        let heard = core::mem::take(&mut self.heard);
        let entries = core::mem::take(&mut batch.entries);
        let (gateway, mailbox, wake) = (Arc::clone(&self.gateway), self.mailbox.clone(), batch.wake);
        if entries.is_empty() {
            return;
        }
        // The carrier tells reports again; everything else is known here alone.
        let known_here = |entry: &&Entry| !matches!(entry, Entry::Reported { .. } | Entry::Parked(_));
        let known: Vec<Entry> = entries.iter().filter(known_here).cloned().collect();
        let done = Box::new(move |result: Result<crate::outbox::Committed, crate::outbox::Error>| {
            match &result {
                Ok(committed) if !committed.found.is_empty() => gateway.tell_found(&committed.found),
                Ok(_) => {}
                Err(error) => {
                    gateway.not_durable(error);
                    gateway.in_arrears(error, known);
                }
            }
            if !heard.is_empty() {
                // A connection that is gone gets no answer; the carrier tells again.
                let _ = mailbox.try_send(Order::Heard(heard, result.is_ok()));
            }
            wake.iter().for_each(|account| gateway.roster().wake(account));
        });
        if let Err(refused) = self.gateway.outbox().submit(entries, done) {
            (refused.done)(Err(refused.error));
        }
    }
}

impl<D: Dialect> End<D> for Desk {
    type Order = Order;

    fn event(&mut self, event: Event, session: &mut Session<D>, at: Time) {
        match event {
            Event::LoggedIn { .. } => {
                if self.from.is_some() {
                    self.way.comes(self.number, self.mailbox.clone());
                } else {
                    let window = session.room();
                    self.room = Some(self.way.enter(self.number, self.mailbox.clone(), window));
                }
                self.gateway.note_link(&self.way, "in");
            }
            Event::Login(asked) => self.gateway.let_carrier_in(&self.way, self.from, &asked, session, at),
            Event::LoginRefused(code) => self.gateway.note_refused(&self.way, code),
            Event::Answered { ticket, answer } => self.answered(ticket, answer, session, at),
            Event::InDoubt { ticket } => self.in_doubt(ticket),
            Event::Delivered { sequence, delivery } => self.delivered(sequence, *delivery, at),
            Event::Odd(note) => {
                let upstream = &self.way.upstream;
                self.gateway.note(upstream.protocol, None, &upstream.name, &note);
            }
            Event::Ended(_) => self.ended(),
            Event::Overrun { .. } => self.gateway.tally().overrun(self.way.upstream.protocol),
            Event::Queried { sequence, .. } => {
                session.answer_query(sequence, Err(session.dialect().code(anning_link::Trouble::NotAllowed)));
            }
            Event::Cancelled { sequence, .. } => {
                let code = session.dialect().code(anning_link::Trouble::NotAllowed);
                session.answer_cancel(sequence, code);
            }
            Event::Submitted { sequence, .. } => {
                let code = session.dialect().code(anning_link::Trouble::NotAllowed);
                session.answer(sequence, Answer::Refused(code));
            }
            Event::DeliveryAnswered { .. } | Event::QueryAnswered { .. } | Event::CancelAnswered { .. } => {}
        }
    }

    fn order(&mut self, order: Order, session: &mut Session<D>, at: Time) {
        match order {
            Order::Carry(load) => {
                let (load, room) = *load;
                if session.ending().is_some() || self.room.is_none() {
                    self.batch.entries.push(Entry::Released { letter: load.letter.id, until: None });
                    self.way.wake.notify_one();
                } else {
                    self.carry(load, room, None, at);
                }
            }
            Order::Relay(relay, room) => {
                if session.ending().is_some() || self.room.is_none() {
                    drop(room);
                    return self.gateway.relay(None, relay);
                }
                self.gateway.tally().trouble("relayed_off_the_record");
                self.carry(relay.load, room, Some(relay.owed), at);
            }
            Order::Heard(sequences, taken) => {
                let code = if taken { 0 } else { session.dialect().code(anning_link::Trouble::Unavailable) };
                for sequence in sequences {
                    session.answer_delivery(sequence, code);
                }
            }
            Order::Leave => {
                // No more letters come here; what is under way is waited for.
                self.way.retire(self.number);
                session.leave(at.steady, at.civil);
            }
        }
    }

    fn settle(&mut self, session: &mut Session<D>, at: Time) {
        self.hand_over(session, at);
        self.put();
    }

    fn listens(&self, session: &Session<D>) -> bool {
        session.owes() < OWED
    }

    fn wake_at(&self) -> Option<Moment> {
        self.waiting.iter().map(|(due, ..)| *due).min()
    }
}

/// The forms in which a carrier may have written an id when it took a message.
fn forms(id: &MessageId, form: IdForm, protocol: Protocol) -> Vec<MessageId> {
    let mut forms = vec![id.clone()];
    if form == IdForm::Number && protocol == Protocol::Smpp {
        let text = core::str::from_utf8(&id.0).unwrap_or("").trim();
        let numbers = [text.parse::<u64>().ok(), u64::from_str_radix(text, 16).ok()];
        for number in numbers.into_iter().flatten() {
            let written = [
                format!("{number}"),
                format!("{number:x}"),
                format!("{number:X}"),
                format!("{number:08x}"),
                format!("{number:08X}"),
                format!("{number:010}"),
            ];
            forms.extend(written.into_iter().map(|text| MessageId(text.into_bytes())));
        }
        forms.dedup();
    }
    forms
}

const fn ticket(letter: LetterId, segment: u8) -> u64 {
    letter.0 << 8 | segment as u64
}

const fn of_ticket(ticket: u64) -> (LetterId, u8) {
    (LetterId(ticket >> 8), (ticket & 0xFF) as u8)
}

/// Reports and replies that wait for the disk before more are read. None is refused for being one too many: many carriers
/// do not tell it again.
const OWED: usize = 256;
/// So many may come with one reading.
pub(crate) const OWED_MOST: usize = OWED + line::READ / SHORTEST;
/// Bytes of the shortest request, in any protocol.
const SHORTEST: usize = 32;
/// How often a segment is handed over again to a carrier that asks to slow down, before it counts as refused.
const TRIES: u32 = 20;
/// First pause before that.
const PAUSE: Duration = Duration::from_millis(50);
const _: () = assert!(TRIES > 0);
