//! One connection, from the login to the end: who may say what, how much at a time, and until when.

mod event;
mod hear;
mod requests;
mod settings;
mod time;

use std::collections::VecDeque;

pub use event::{Ending, Event, Note, Output};
pub use settings::Settings;

use crate::dialect::{
    Asked, Credentials, Dialect, Findings, LoginMode, Query, Request, Sequence, Side, Spoken, Trouble,
};
use crate::frames::Frames;
use crate::moment::{Civil, Moment};
use crate::short_message::{Answer, Delivery, MessageId, Submission};
use requests::{Owed, Requests};
use time::Clock;

/// One end of one connection. Bytes, moments and wishes go in; [`Session::poll`] tells what to send, what happened and
/// when to close.
///
/// Each request is kept until it is answered, and there are never more of them than the window, each way. A request
/// of ours ends in exactly one event: its answer, or [`Event::InDoubt`] when the session ends or the answer does not
/// come in time, because nobody on this side knows then whether the other took it.
#[derive(Debug)]
pub struct Session<D> {
    dialect: D,
    side: Side,
    settings: Settings,
    mode: LoginMode,
    credentials: Option<Credentials>,
    state: State,
    frames: Frames,
    out: Vec<u8>,
    events: VecDeque<Event>,
    close_told: bool,
    ours: Requests,
    theirs: Owed,
    last: Sequence,
    overruns: usize,
    clock: Clock,
}

/// How far a session has come.
#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    /// Nobody has asked to be let in.
    Fresh,
    /// This client has asked.
    Asking(Sequence, Asked),
    /// The other side has asked, and waits to be admitted or turned away.
    Asked(Sequence, Asked),
    /// Logged in.
    In,
    /// This side wants to leave as soon as nothing is owed either way, or at that moment.
    Draining(Moment),
    /// This side has said that it leaves, and waits for the answer until that moment.
    Leaving(Sequence, Moment),
    /// The other side leaves, and is answered as soon as nothing is owed to it, or at that moment.
    LeftBy(Sequence, Moment),
    /// Over.
    Ended(Ending),
}

impl<D: Dialect> Session<D> {
    /// The side that lets in, of a connection made just `now`.
    pub fn server(dialect: D, settings: Settings, now: Moment) -> Self {
        Self::new(Side::Server, dialect, settings, None, LoginMode::Both, now)
    }

    /// The side that logs in, of a connection made just `now`; it says nothing before [`Session::login`].
    pub fn client(dialect: D, settings: Settings, who: Credentials, mode: LoginMode, now: Moment) -> Self {
        Self::new(Side::Client, dialect, settings, Some(who), mode, now)
    }

    /// Takes what was received. Poll afterwards: events wait in memory until they are fetched.
    pub fn received(&mut self, bytes: &[u8], now: Moment, civil: Civil) {
        if self.is_over() {
            return;
        }
        self.clock.at(now, civil);
        self.frames.push(bytes);
        let taken = self.hear_all();
        self.note_partial(taken > 0);
        if self.is_holding() && self.frames.waiting() > HELD_MAX {
            self.end(Ending::Overrun);
        }
        self.settle();
    }

    /// Does what is due by `now`; call it at [`Session::wake_at`] or later.
    pub fn tick(&mut self, now: Moment, civil: Civil) {
        if !self.is_over() {
            self.clock.at(now, civil);
            self.look_at_clock();
            self.settle();
        }
    }

    /// The other side has closed the connection, or it broke.
    pub fn peer_closed(&mut self, now: Moment) {
        self.clock.now = now;
        let just_let_in = self.side == Side::Client && self.clock.just_let_in(self.settings.login_within);
        // Some gateways let in with code 0 whom they refuse, and close at once (SGIP).
        self.end(if just_let_in { Ending::ClosedAfterLogin } else { Ending::PeerClosed });
    }

    /// Ends the session at once, without a word to the other side.
    pub fn drop_now(&mut self, now: Moment) {
        self.clock.now = now;
        self.end(Ending::Dropped);
    }

    /// Client: asks to be let in. Does nothing a second time.
    pub fn login(&mut self, now: Moment, civil: Civil) {
        let (State::Fresh, Some(credentials)) = (&self.state, &self.credentials) else { return };
        self.clock.at(now, civil);
        self.clock.begun = now;
        let asked = self.dialect.login(credentials, self.mode, civil);
        let sequence = self.number();
        self.say(sequence, &Spoken::Login(asked.clone()));
        self.state = State::Asking(sequence, asked);
    }

    /// Server: lets in whoever asked, if the proof fits this account's secret; answers with the protocol's refusal
    /// and closes if it does not. False then, and when nobody has asked.
    pub fn admit(&mut self, account: &Credentials, now: Moment) -> bool {
        let State::Asked(sequence, asked) = self.state.clone() else { return false };
        self.clock.now = now;
        if !self.dialect.verify(&asked, account) {
            self.turn_away(self.dialect.code(Trouble::Authentication), now);
            return false;
        }
        let proof = self.dialect.server_proof(&asked, 0, account);
        self.say(sequence, &Spoken::LoginAnswer(0, proof));
        self.mode = asked.mode;
        self.let_in();
        true
    }

    /// Server: refuses whoever asked, with the protocol's code, and closes.
    pub fn turn_away(&mut self, code: u32, now: Moment) {
        let State::Asked(sequence, _) = self.state else { return };
        self.clock.now = now;
        self.say(sequence, &Spoken::LoginAnswer(code, Vec::new()));
        self.end(Ending::TurnedAway(code));
    }

    /// Hands in a message; its end is told with `ticket`. The number it got, which is its id where the protocol has
    /// it so ([`Dialect::id_of`]).
    ///
    /// # Errors
    /// The message, untouched, while it cannot be sent: not logged in, window full, other side slow to read.
    pub fn submit(
        &mut self,
        ticket: u64,
        message: Box<Submission>,
        now: Moment,
        civil: Civil,
    ) -> Result<Sequence, Box<Submission>> {
        self.clock.at(now, civil);
        if !self.may(Request::Submit) {
            return Err(message);
        }
        Ok(self.ask(ticket, Request::Submit, &Spoken::Submit(message)))
    }

    /// Hands over a reply or a report; its end is told with `ticket`.
    ///
    /// # Errors
    /// The delivery, untouched, while it cannot be sent.
    pub fn deliver(
        &mut self,
        ticket: u64,
        delivery: Box<Delivery>,
        now: Moment,
        civil: Civil,
    ) -> Result<Sequence, Box<Delivery>> {
        self.clock.at(now, civil);
        if !self.may(Request::Deliver) {
            return Err(delivery);
        }
        Ok(self.ask(ticket, Request::Deliver, &Spoken::Deliver(delivery)))
    }

    /// Asks for a state or for counts.
    ///
    /// # Errors
    /// The question, while it cannot be sent.
    pub fn query(&mut self, ticket: u64, query: Query, now: Moment, civil: Civil) -> Result<Sequence, Query> {
        self.clock.at(now, civil);
        if !self.may(Request::Query) {
            return Err(query);
        }
        Ok(self.ask(ticket, Request::Query, &Spoken::Query(query)))
    }

    /// Takes a message back.
    ///
    /// # Errors
    /// The id, while it cannot be sent.
    pub fn cancel(
        &mut self,
        ticket: u64,
        id: MessageId,
        now: Moment,
        civil: Civil,
    ) -> Result<Sequence, MessageId> {
        self.clock.at(now, civil);
        if !self.may(Request::Cancel) {
            return Err(id);
        }
        Ok(self.ask(ticket, Request::Cancel, &Spoken::Cancel(id)))
    }

    /// Answers [`Event::Submitted`]. False if no such request waits, as after the end.
    pub fn answer(&mut self, sequence: Sequence, answer: Answer) -> bool {
        self.owed(sequence, Request::Submit, |_| Spoken::SubmitAnswer(answer))
    }

    /// Answers [`Event::Delivered`] with 0 or the protocol's code. False if no such request waits.
    pub fn answer_delivery(&mut self, sequence: Sequence, code: u32) -> bool {
        self.owed(sequence, Request::Deliver, |carried_as| Spoken::DeliverAnswer(code, carried_as))
    }

    /// Answers [`Event::Queried`] with what was found or the protocol's code. False if no such request waits.
    pub fn answer_query(&mut self, sequence: Sequence, found: Result<Findings, u32>) -> bool {
        self.owed(sequence, Request::Query, |_| Spoken::QueryAnswer(found))
    }

    /// Answers [`Event::Cancelled`] with 0 or the protocol's code. False if no such request waits.
    pub fn answer_cancel(&mut self, sequence: Sequence, code: u32) -> bool {
        self.owed(sequence, Request::Cancel, |_| Spoken::CancelAnswer(code))
    }

    /// Leaves: takes no more requests either way, waits for the answers that are owed, says so, and closes. Each of
    /// the two waits takes [`Settings::answer_within`] at most.
    pub fn leave(&mut self, now: Moment, civil: Civil) {
        self.clock.at(now, civil);
        match self.state {
            State::Fresh | State::Asking(..) | State::Asked(..) => self.end(Ending::Left),
            State::In => {
                self.state = State::Draining(now.plus(self.settings.answer_within));
                self.settle();
            }
            State::Draining(_) | State::Leaving(..) | State::LeftBy(..) | State::Ended(_) => {}
        }
    }

    /// What to do next: all events first, then all that is to be sent, then the closing. A loop whose socket takes no
    /// more fetches [`Session::event`] alone and looks at [`Session::ending`]; what is not fetched counts against
    /// [`Settings::output_max`].
    pub fn poll(&mut self) -> Option<Output> {
        if let Some(event) = self.event() {
            return Some(Output::Event(event));
        }
        if !self.out.is_empty() {
            return Some(Output::Send(core::mem::take(&mut self.out)));
        }
        let ending = self.ending().filter(|_| !self.close_told)?;
        self.close_told = true;
        Some(Output::Close(ending))
    }

    /// What happened.
    pub fn event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// When to call [`Session::tick`] at the latest; never once it is over.
    #[must_use]
    pub fn wake_at(&self) -> Option<Moment> {
        self.next_moment()
    }

    /// How it ended, if it has.
    #[must_use]
    pub const fn ending(&self) -> Option<Ending> {
        match self.state {
            State::Ended(ending) => Some(ending),
            State::Fresh
            | State::Asking(..)
            | State::Asked(..)
            | State::In
            | State::Draining(_)
            | State::Leaving(..)
            | State::LeftBy(..) => None,
        }
    }

    /// Room in this side's window: so many requests can be made now.
    #[must_use]
    pub fn room(&self) -> usize {
        if self.state != State::In || self.out.len() > self.settings.output_max / 2 {
            return 0;
        }
        self.settings.window.saturating_sub(self.ours.len())
    }

    /// From here on the other side may have so many requests without an answer: an account's contract may say otherwise
    /// than the protocol's habit, and which account it is shows at the login. What this side asks stays within the habit:
    /// how many reports the other takes at once, nobody has said.
    pub fn set_window_theirs(&mut self, window: usize) {
        self.settings.window_theirs = Some(window.max(1));
    }

    /// Is more to be read of the other side now? Not while it has gone far beyond its window and its answers are due, nor
    /// while it does not read what was sent to it: what is not read it cannot send for long. A loop that reads all the same
    /// has the session ended when too much waits.
    #[must_use]
    pub fn listens(&self) -> bool {
        !self.is_holding() && self.out.len() <= self.settings.output_max / 4
    }

    /// The loop's socket has taken nothing of what is to be sent since then; none once it has, or there is nothing. After
    /// [`Settings::answer_within`] the other side counts as not reading.
    pub const fn set_unread(&mut self, since: Option<Moment>) {
        self.clock.unread = since;
    }

    /// Requests of the other side that wait for an answer.
    #[must_use]
    pub fn owes(&self) -> usize {
        self.theirs.len()
    }

    /// The protocol, to tell it what an account's contract says of it.
    pub const fn dialect_mut(&mut self) -> &mut D {
        &mut self.dialect
    }

    /// The protocol, with what it has learnt.
    #[must_use]
    pub const fn dialect(&self) -> &D {
        &self.dialect
    }
}

impl<D: Dialect> Session<D> {
    fn new(
        side: Side,
        dialect: D,
        settings: Settings,
        credentials: Option<Credentials>,
        mode: LoginMode,
        now: Moment,
    ) -> Self {
        let limits = dialect.limits();
        Self {
            dialect,
            side,
            settings,
            mode,
            credentials,
            state: State::Fresh,
            frames: Frames::new(limits.least, limits.most),
            out: Vec::new(),
            events: VecDeque::new(),
            close_told: false,
            ours: Requests::default(),
            theirs: Owed::default(),
            last: Sequence::default(),
            overruns: 0,
            clock: Clock::new(now),
        }
    }

    const fn is_over(&self) -> bool {
        self.ending().is_some()
    }

    /// Is what came kept unheard until something is answered?
    fn is_holding(&self) -> bool {
        let window = self.window_theirs();
        self.theirs.len() >= window && self.overruns >= window.saturating_mul(OVERRUN_WINDOWS)
    }

    fn window_theirs(&self) -> usize {
        self.settings.window_theirs.unwrap_or(self.settings.window)
    }

    fn let_in(&mut self) {
        self.state = State::In;
        self.clock.let_in();
        self.events.push_back(Event::LoggedIn { version: self.dialect.version() });
    }

    fn say(&mut self, sequence: Sequence, spoken: &Spoken) {
        self.dialect.say(sequence, spoken, &mut self.out);
    }

    fn odd(&mut self, note: Note) {
        self.events.push_back(Event::Odd(note));
    }

    /// Once over, it stays over: whatever is still awaited is in doubt, and nothing is told after that.
    fn end(&mut self, ending: Ending) {
        if self.is_over() {
            return;
        }
        self.state = State::Ended(ending);
        if !ending.lets_finish() {
            self.out = Vec::new();
        }
        for (_, request) in self.ours.take_all() {
            self.events.push_back(Event::InDoubt { ticket: request.ticket });
        }
        self.theirs = Owed::default();
        self.events.push_back(Event::Ended(ending));
    }
}

/// Windows that are refused in a row, beside the one that is taken, before the other side is heard no further.
const OVERRUN_WINDOWS: usize = 3;
/// Bytes that are kept unheard.
const HELD_MAX: usize = 256 * 1024;
