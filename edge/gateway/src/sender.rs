//! A sender's connection: logs in, hands in messages, is told what became of them.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use anning_link::{
    Answer, Asked, Credentials, Delivery, Dialect, Event, Findings, LoginMode, MessageId, Moment, Query,
    Reply, Report, ReportState, Sequence, Session, Trouble,
};
use tokio::sync::mpsc::Sender;

use crate::batch::{Back, Batch, Words};
use crate::codes::Reason;
use crate::config::{Account, Protocol, RefusalCodes};
use crate::gateway::Gateway;
use crate::intake::{self, Incoming};
use crate::letter::LetterId;
use crate::line::{End, Time};
use crate::outbox::{Entry, Outcome, Owed, State, Why};
use crate::protocols;
use crate::roster::Connection;

/// What the rest of the gateway asks of a sender's connection.
#[derive(Debug)]
pub(crate) enum Order {
    /// Answer these requests.
    Answer(Vec<(Sequence, Answer)>),
    /// Answer a cancel.
    Cancelled(Sequence, bool),
    /// There is something to tell.
    Tell,
    /// Leave.
    Leave,
}

/// What is being told under a ticket.
enum Telling {
    Report(LetterId, u8),
    Reply((Protocol, Reply)),
}

/// A sender's end of a connection.
pub(crate) struct Desk {
    gateway: Arc<Gateway>,
    protocol: Protocol,
    from: IpAddr,
    number: u64,
    mailbox: Sender<Order>,
    account: Option<Arc<Account>>,
    mode: LoginMode,
    batch: Batch,
    telling: HashMap<u64, Telling>,
    next: u64,
    tell: bool,
    /// The sender asked to be told later: nothing before this.
    later: Option<Moment>,
}

impl Desk {
    pub fn new(
        gateway: Arc<Gateway>,
        protocol: Protocol,
        from: IpAddr,
        number: u64,
        mailbox: Sender<Order>,
    ) -> Self {
        Self {
            gateway,
            protocol,
            from,
            number,
            mailbox,
            account: None,
            mode: LoginMode::Both,
            batch: Batch::default(),
            telling: HashMap::new(),
            next: 0,
            tell: false,
            later: None,
        }
    }

    /// Lets in, or not. An account that does not exist takes as long as a wrong secret, and hears the same.
    fn login<D: Dialect>(&mut self, asked: &Asked, session: &mut Session<D>, at: Time) {
        let roster = self.gateway.roster();
        if !roster.may_try(self.from, self.protocol, &asked.account, at.steady) {
            self.gateway.tally().login(self.protocol, "locked");
            return session.turn_away(session.dialect().code(Trouble::Authentication), at.steady);
        }
        let book = self.gateway.gate().book();
        let account = book.config.account(self.protocol, &asked.account).cloned();
        let known = account.as_ref().filter(|account| {
            account.from.is_empty() || account.from.iter().any(|network| network.contains(self.from))
        });
        // Nobody has the other secret, and whoever knows it gets no further for it.
        let secret = known.map_or(UNKNOWN, |account| account.secret.bytes()).to_vec();
        let credentials = Credentials { account: asked.account.clone(), secret };
        let fits = session.dialect().verify(asked, &credentials);
        let known = known.cloned();
        let right = fits && known.is_some();
        let locked = roster.tried(self.from, self.protocol, &asked.account, right, at.steady);
        let Some(account) = known.filter(|_| fits) else {
            self.gateway.note_failed(self.protocol, account.as_deref(), locked);
            self.gateway.tally().login(self.protocol, if account.is_some() { "wrong" } else { "unknown" });
            return session.turn_away(session.dialect().code(Trouble::Authentication), at.steady);
        };
        if self.protocol == Protocol::Cmpp && !account.may_speak(asked.version) {
            self.gateway.tally().login(self.protocol, "version");
            return session.turn_away(session.dialect().code(Trouble::VersionTooHigh), at.steady);
        }
        if self.gateway.is_draining() {
            return session.turn_away(session.dialect().code(Trouble::Unavailable), at.steady);
        }
        // In SGIP whoever is to be told is called: here there are messages alone.
        if self.protocol == Protocol::Sgip && asked.mode == LoginMode::Receive {
            self.gateway.tally().login(self.protocol, "wrong_type");
            return session.turn_away(session.dialect().code(Trouble::NotAllowed), at.steady);
        }
        let mode = if self.protocol == Protocol::Sgip { LoginMode::Send } else { asked.mode };
        let connection = self.connection(mode);
        if !roster.enter(&account.name, connection, account.connections) {
            self.gateway.tally().login(self.protocol, "too_many");
            return session.turn_away(session.dialect().code(Trouble::TurnedAway), at.steady);
        }
        self.gateway.tally().login(self.protocol, "in");
        session.admit(&credentials, at.steady);
        session.set_window_theirs(account.window);
        self.mode = mode;
        self.tell = mode != LoginMode::Send;
        self.account = Some(account);
    }

    fn connection(&self, mode: LoginMode) -> Connection {
        Connection { number: self.number, mailbox: self.mailbox.clone(), mode, called: false }
    }

    /// We called, and were let in: the account is told here (SGIP).
    pub fn called(&mut self, account: &Arc<Account>) {
        let connection = Connection { called: true, ..self.connection(LoginMode::Receive) };
        self.gateway.roster().enter(&account.name, connection, 0);
        self.mode = LoginMode::Receive;
        self.tell = true;
        self.account = Some(Arc::clone(account));
    }

    /// Is an answer to something told awaited, or is there perhaps more to tell?
    pub fn is_telling(&self) -> bool {
        self.tell || !self.telling.is_empty() || self.later.is_some()
    }

    fn submitted<D: Dialect>(
        &mut self,
        sequence: Sequence,
        submission: anning_link::Submission,
        session: &Session<D>,
        at: Time,
    ) {
        let words = |plain| Words { protocol: self.protocol, plain };
        let back = |words| Back::Sender(self.mailbox.clone(), sequence, words);
        let Some(account) = self.account.clone() else {
            let back = back(words(false));
            return self.batch.refuse(back, Reason::Unavailable);
        };
        // What the configuration says now, not what it said at the login.
        let account =
            self.gateway.gate().book().config.accounts.get(&account.name).cloned().unwrap_or(account);
        let back = back(words(account.refusal_codes == RefusalCodes::Plain));
        let count = submission.destinations.len();
        if count == 0 {
            return self.batch.refuse(back, Reason::Destination);
        }
        let fixed = session.dialect().id_of(sequence);
        let id = fixed.unwrap_or_else(|| self.gateway.ids().next(self.protocol, at.civil, count));
        let incoming = Incoming { account, protocol: self.protocol, submission, id, back };
        intake::take(&self.gateway, incoming, at, &mut self.batch);
    }

    /// Tells what there is to tell, as far as the window has room.
    fn tell<D: Dialect>(&mut self, session: &mut Session<D>, at: Time) {
        let Some(account) = self.account.clone().filter(|_| self.mode != LoginMode::Send) else { return };
        while session.room() > 0 {
            let Some(reply) = self.gateway.roster().next_reply(&account.name) else { break };
            let ticket = self.ticket();
            let (from, as_it_came) = reply.clone();
            let delivery = Box::new(Delivery::Reply(protocols::translate(as_it_came, from, self.protocol)));
            if session.deliver(ticket, delivery, at.steady, at.civil).is_err() {
                self.gateway.roster().untold_reply(&account.name, reply);
                return;
            }
            self.telling.insert(ticket, Telling::Reply(reply));
        }
        let room = session.room();
        if room == 0 {
            return;
        }
        let gateway = Arc::clone(&self.gateway);
        let roster = gateway.roster();
        let most = roster.telling(&account.name) + room;
        let told_here = |id: &MessageId| protocols::tells(self.protocol, id);
        let owed = gateway.outbox().book().owed_under(&account.name, most, told_here);
        for one in roster.tell(&account.name, owed, |one| *one, room) {
            // Another connection may have told it between the look and the mark.
            let Some(owed) = gateway.outbox().book().owed_of(one.0, one.1) else {
                roster.told(&account.name, one);
                continue;
            };
            let ticket = self.ticket();
            let report = Box::new(Delivery::Report(report(owed, self.protocol, at)));
            match session.deliver(ticket, report, at.steady, at.civil) {
                Ok(_) => drop(self.telling.insert(ticket, Telling::Report(one.0, one.1))),
                Err(_) => roster.told(&account.name, one),
            }
        }
    }

    const fn ticket(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// A report or reply was told, or not.
    fn answered<D: Dialect>(&mut self, ticket: u64, code: u32, session: &Session<D>, at: Time) {
        if session.dialect().is_temporary(code) {
            // Its application is slower than its line.
            self.later = Some(at.steady.plus(PAUSE));
            return self.untold(ticket);
        }
        let Some(account) = &self.account else { return };
        match self.telling.remove(&ticket) {
            Some(Telling::Report(letter, segment)) => {
                // A sender who refuses a report does not want it; it is not told for ever.
                self.batch.entries.push(Entry::ReportTold { letter, segment });
                self.batch.told.push((Arc::clone(&account.name), (letter, segment)));
                self.gateway.tally().told(code == 0);
            }
            Some(Telling::Reply(_)) | None => {}
        }
        self.tell = true;
    }

    /// What was being told is to be told again, on whatever line there is.
    fn untold(&mut self, ticket: u64) {
        match (self.telling.remove(&ticket), &self.account) {
            (Some(Telling::Report(letter, segment)), Some(account)) => {
                self.gateway.roster().told(&account.name, (letter, segment));
            }
            (Some(Telling::Reply(reply)), Some(account)) => {
                self.gateway.roster().untold_reply(&account.name, reply);
            }
            (_, _) => {}
        }
    }

    fn cancel(&mut self, sequence: Sequence, id: &MessageId) {
        let Some(account) = &self.account else { return };
        let waiting = self.gateway.waiting_of(&account.name, id);
        let mailbox = self.mailbox.clone();
        if waiting.is_empty() {
            let _ = mailbox.try_send(Order::Cancelled(sequence, false));
            return;
        }
        let entries = waiting
            .into_iter()
            .map(|letter| Entry::Recalled { letter, why: Why::Cancelled })
            .collect::<Vec<_>>();
        let count = entries.len();
        let done = Box::new(move |result: Result<crate::outbox::Committed, _>| {
            let recalled = result.is_ok_and(|committed| committed.void.len() < count);
            let _ = mailbox.try_send(Order::Cancelled(sequence, recalled));
        });
        if let Err(refused) = self.gateway.outbox().submit(entries, done) {
            (refused.done)(Err(refused.error));
        }
    }

    fn query<D: Dialect>(&self, sequence: Sequence, query: Query, session: &mut Session<D>) {
        let unavailable = session.dialect().code(Trouble::Unavailable);
        let found = match query {
            Query::State(id) => {
                let account = self.account.as_ref().map(|account| Arc::clone(&account.name));
                let state = account.and_then(|account| self.gateway.state_of(&account, &id));
                state.map(|(state, error)| Findings::State(id, reported(state), Vec::new(), error))
            }
            Query::Counts(day, service) => {
                let account = self.account.as_ref().map_or("", |account| &*account.name);
                Some(Findings::Counts(day, service, self.gateway.tally().of_day(account)))
            }
        };
        session.answer_query(sequence, found.ok_or(unavailable));
    }

    fn ended(&mut self) {
        let Some(account) = self.account.take() else { return };
        let mut telling = Vec::new();
        for (_, one) in self.telling.drain() {
            match one {
                Telling::Report(letter, segment) => telling.push((letter, segment)),
                Telling::Reply(reply) => self.gateway.roster().untold_reply(&account.name, reply),
            }
        }
        self.gateway.roster().leave(&account.name, self.number, telling);
    }
}

impl<D: Dialect> End<D> for Desk {
    type Order = Order;

    fn event(&mut self, event: Event, session: &mut Session<D>, at: Time) {
        match event {
            Event::Login(asked) => self.login(&asked, session, at),
            Event::Submitted { sequence, submission } => self.submitted(sequence, *submission, session, at),
            Event::DeliveryAnswered { ticket, code } => self.answered(ticket, code, session, at),
            Event::Queried { sequence, query } => self.query(sequence, query, session),
            Event::Cancelled { sequence, id } => self.cancel(sequence, &id),
            // Whether the sender knows is not known: it is told again, and not at once.
            Event::InDoubt { ticket } => {
                self.later = Some(at.steady.plus(PAUSE));
                self.untold(ticket);
            }
            Event::Odd(note) => {
                let from = self.from.to_string();
                self.gateway.note(self.protocol, self.account.as_deref(), &from, &note);
            }
            Event::Overrun { .. } => self.gateway.tally().overrun(self.protocol),
            Event::Ended(_) => self.ended(),
            Event::LoggedIn { .. }
            | Event::LoginRefused(_)
            | Event::Answered { .. }
            | Event::Delivered { .. }
            | Event::QueryAnswered { .. }
            | Event::CancelAnswered { .. } => {}
        }
    }

    fn order(&mut self, order: Order, session: &mut Session<D>, at: Time) {
        match order {
            Order::Answer(answers) => {
                for (sequence, answer) in answers {
                    session.answer(sequence, answer);
                }
            }
            Order::Cancelled(sequence, recalled) => {
                let code = if recalled { 0 } else { session.dialect().code(Trouble::Unavailable) };
                session.answer_cancel(sequence, code);
            }
            Order::Tell => self.tell = true,
            Order::Leave => session.leave(at.steady, at.civil),
        }
    }

    fn settle(&mut self, session: &mut Session<D>, at: Time) {
        if self.later.is_some_and(|later| later <= at.steady) {
            (self.later, self.tell) = (None, true);
        }
        if self.later.is_none() && core::mem::take(&mut self.tell) {
            self.tell(session, at);
        }
        if !self.batch.is_empty() {
            core::mem::take(&mut self.batch).hand_in(&self.gateway);
        }
    }

    fn wake_at(&self) -> Option<Moment> {
        self.later
    }
}

/// What a sender is told of a segment, in its protocol's words.
pub(crate) fn report(owed: Owed, protocol: Protocol, at: Time) -> Report {
    let Owed { ours, destination, source, service, outcome, .. } = owed;
    let stamp = crate::clock::stamp(at.wall);
    let base = Report { id: ours, recipient: destination, source, service, ..Report::default() };
    let because = |reason: Reason| Report {
        state: ReportState::Rejected,
        word: match protocol {
            Protocol::Cmpp | Protocol::Smgp => reason.word().to_vec(),
            Protocol::Smpp | Protocol::Http => b"REJECTD".to_vec(),
            Protocol::Sgip => reason.result(Protocol::Sgip).to_string().into_bytes(),
        },
        error: reason.err(protocol).to_vec(),
        submitted: stamp.clone(),
        done: stamp.clone(),
        ..base.clone()
    };
    match outcome {
        Outcome::Reported(report) => Report {
            id: base.id,
            recipient: base.recipient,
            source: base.source,
            service: base.service,
            word: word(protocol, &report),
            // Fields of the carrier's own protocol, about the carrier's own ids.
            extra: Vec::new(),
            ..Report::clone(&report)
        },
        Outcome::RefusedByCarrier(code) => Report {
            state: ReportState::Undeliverable,
            word: b"UNDELIV".to_vec(),
            error: format!("{:03}", code % 1_000).into_bytes(),
            submitted: stamp.clone(),
            done: stamp,
            ..base
        },
        Outcome::Recalled(Why::Withdrawal) => because(Reason::Recalled),
        Outcome::Recalled(Why::Cancelled | Why::Operator) => because(Reason::Cancelled),
        Outcome::Refused(reason) => because(reason),
        Outcome::Expired => because(Reason::Expired),
        Outcome::Unknown => Report {
            state: ReportState::Unknown,
            word: b"UNKNOWN".to_vec(),
            submitted: stamp.clone(),
            done: stamp,
            ..base
        },
    }
}

/// The carrier's word, where the sender's protocol has such words: SGIP alone says numbers.
fn word(protocol: Protocol, report: &Report) -> Vec<u8> {
    let number = !report.word.is_empty() && report.word.iter().all(u8::is_ascii_digit);
    if !number || protocol == Protocol::Sgip {
        return report.word.clone();
    }
    match report.state {
        ReportState::Delivered => b"DELIVRD",
        ReportState::Expired => b"EXPIRED",
        ReportState::Deleted => b"DELETED",
        ReportState::Undeliverable | ReportState::Failed => b"UNDELIV",
        ReportState::Underway | ReportState::Accepted => b"ACCEPTD",
        ReportState::Unknown => b"UNKNOWN",
        ReportState::Rejected => b"REJECTD",
    }
    .to_vec()
}

/// The state of a letter in the words of a protocol.
const fn reported(state: State) -> ReportState {
    match state {
        State::Queued | State::Held { .. } | State::HandingOver | State::Sent | State::InDoubt => {
            ReportState::Underway
        }
        State::Delivered => ReportState::Delivered,
        State::Failed => ReportState::Undeliverable,
        State::Recalled => ReportState::Deleted,
        State::Refused => ReportState::Rejected,
        State::Expired => ReportState::Expired,
        State::Unknown => ReportState::Unknown,
    }
}

/// How long a sender that asks to be told later is left alone.
const PAUSE: Duration = Duration::from_millis(500);
/// Compared with the proof of somebody whom nobody knows.
const UNKNOWN: &[u8] = b"\0nobody has this secret\0";
