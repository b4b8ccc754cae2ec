//! Two sessions at both ends of a line that is slow, cuts frames anywhere and breaks: what holds whatever happens.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use anning_link::{
    Answer, Civil, Dialect, Event, LoginMode, MessageId, Moment, Output, Sequence, Session, Settings,
};
use proptest::prelude::*;

use crate::toy::{Toy, delivery, secret, submission};

const CIVIL: Civil = Civil { month: 12, day: 31, hour: 23, minute: 59, second: 59 };
const WINDOW: usize = 3;

/// One end, and what its loop knows.
struct End {
    session: Session<Toy>,
    /// Sent and not yet arrived at the other end.
    line: VecDeque<u8>,
    /// Requests of the other end to answer.
    open: Vec<(Sequence, bool)>,
    /// Accepted by the session, and how each ended.
    tickets: BTreeMap<u64, Option<&'static str>>,
    ended: bool,
    closed: bool,
}

impl End {
    fn of(session: Session<Toy>) -> Self {
        let (line, open, tickets) = (VecDeque::new(), Vec::new(), BTreeMap::new());
        Self { session, line, open, tickets, ended: false, closed: false }
    }

    fn drain(&mut self, now: Moment) {
        while let Some(output) = self.session.poll() {
            assert!(!self.closed, "nothing after the closing");
            match output {
                Output::Send(bytes) => self.line.extend(bytes),
                Output::Close(ending) => {
                    assert_eq!(self.session.ending(), Some(ending));
                    self.closed = true;
                }
                Output::Event(event) => self.hear(event, now),
            }
        }
        let open = self.tickets.values().filter(|end| end.is_none()).count();
        assert!(open <= WINDOW && self.session.owes() <= WINDOW, "windows are kept");
        assert!(!self.ended || open == 0, "every request has its end");
    }

    fn hear(&mut self, event: Event, now: Moment) {
        assert!(!self.ended, "nothing after the end: {event:?}");
        match event {
            Event::Login(_) => {
                let let_in = self.session.admit(&secret(), now);
                assert!(let_in || self.session.ending().is_some(), "the secret is right");
            }
            Event::Submitted { sequence, .. } => self.open.push((sequence, true)),
            Event::Delivered { sequence, .. } => self.open.push((sequence, false)),
            Event::Answered { ticket, .. } | Event::DeliveryAnswered { ticket, .. } => {
                self.close(ticket, "answered");
            }
            Event::InDoubt { ticket } => self.close(ticket, "in doubt"),
            Event::Ended(_) => self.ended = true,
            Event::LoggedIn { .. }
            | Event::LoginRefused(_)
            | Event::Queried { .. }
            | Event::QueryAnswered { .. }
            | Event::Cancelled { .. }
            | Event::CancelAnswered { .. }
            | Event::Overrun { .. }
            | Event::Odd(_) => {}
        }
    }

    fn close(&mut self, ticket: u64, how: &'static str) {
        let end = self.tickets.get_mut(&ticket).expect("a ticket of ours");
        assert_eq!(*end, None, "one end a request");
        *end = Some(how);
    }

    fn answer(&mut self, which: usize) {
        if self.open.is_empty() {
            return;
        }
        let (sequence, submit) = self.open.swap_remove(which % self.open.len());
        let _ = match submit {
            true => self.session.answer(sequence, Answer::Taken(MessageId(vec![1]))),
            false => self.session.answer_delivery(sequence, 0),
        };
    }
}

/// The numbers are what happens next: a deed and how much of it.
fn run(deeds: &[(u8, u16)], resend: bool) -> (End, End) {
    let settings = Settings {
        window: WINDOW,
        resend,
        alive_after: Some(Duration::from_secs(5)),
        answer_within: Duration::from_secs(3),
        ..Settings::of(&Toy.limits())
    };
    let mut now = Moment::default();
    let mut client = End::of(Session::client(Toy, settings, secret(), LoginMode::Both, now));
    let mut server = End::of(Session::server(Toy, settings, now));
    client.session.login(now, CIVIL);
    let mut tickets = 0..;
    for (deed, much) in deeds {
        let much = usize::from(*much);
        match deed % 16 {
            0..=3 => pass(&mut client, &mut server, much % 40, now),
            4..=7 => pass(&mut server, &mut client, much % 40, now),
            8 | 9 => {
                let ticket = tickets.next().unwrap();
                if client.session.submit(ticket, submission(b"hello"), now, CIVIL).is_ok() {
                    client.tickets.insert(ticket, None);
                }
            }
            10 => {
                let ticket = tickets.next().unwrap();
                if server.session.deliver(ticket, delivery(b"reply"), now, CIVIL).is_ok() {
                    server.tickets.insert(ticket, None);
                }
            }
            11 | 12 => server.answer(much),
            13 => client.answer(much),
            14 => {
                now = now.plus(Duration::from_millis(much as u64 % 2_000));
                for end in [&mut client, &mut server] {
                    if end.session.wake_at().is_some_and(|at| at <= now) {
                        end.session.tick(now, CIVIL);
                    }
                }
            }
            _ if much % 50 == 0 => client.session.peer_closed(now),
            _ if much % 50 == 1 => server.session.leave(now, CIVIL),
            _ if much % 50 == 2 => client.session.leave(now, CIVIL),
            _ if much % 50 == 3 => server.session.drop_now(now),
            _ => {}
        }
        client.drain(now);
        server.drain(now);
    }
    // In the end the line breaks for both.
    for end in [&mut client, &mut server] {
        end.session.peer_closed(now);
        end.drain(now);
        assert!(end.closed && end.session.wake_at().is_none());
    }
    (client, server)
}

/// Some of what is on the way arrives.
fn pass(from: &mut End, to: &mut End, much: usize, now: Moment) {
    let much = much.min(from.line.len());
    let bytes: Vec<u8> = from.line.drain(..much).collect();
    to.session.received(&bytes, now, CIVIL);
    if from.closed && from.line.is_empty() {
        to.session.peer_closed(now);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_happens(deeds in prop::collection::vec(any::<(u8, u16)>(), 0..400), resend in any::<bool>()) {
        run(&deeds, resend);
    }
}

/// The random worlds reach both ends of a request, and more than one a session.
#[test]
fn the_worlds_are_not_empty() {
    let mut ends = BTreeSet::new();
    let mut state = 7_u32;
    let mut answered = 0;
    for _ in 0..200 {
        let deeds: Vec<(u8, u16)> = (0..400)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let [a, b, c, _] = state.to_be_bytes();
                (a, u16::from_be_bytes([b, c]))
            })
            .collect();
        let (client, server) = run(&deeds, false);
        for how in client.tickets.values().chain(server.tickets.values()).flatten() {
            ends.insert(*how);
            answered += usize::from(*how == "answered");
        }
    }
    assert_eq!(ends, BTreeSet::from(["answered", "in doubt"]));
    assert!(answered > 1_000, "{answered}");
}
