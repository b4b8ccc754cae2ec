//! A sender's end of one connection.

use std::collections::HashMap;
use std::sync::Arc;

use anning_link::{
    Address, Answer, Asked, Delivery, Dialect as _, Event, LoginMode, Moment, Session, Submission, Trouble,
    Wish,
};

use super::books::{Piece, Shared, Verdict};
use crate::clock::Time;
use crate::line::End;
use crate::protocol::Protocol;
use crate::tongue::Tongue;
use crate::words::UCS2;

/// One connection.
pub(super) struct Desk {
    shared: Arc<Shared>,
    /// Messages are handed in here.
    sends: bool,
    /// Somebody made it to tell us (SGIP).
    is_called: bool,
    open: HashMap<u64, Piece>,
    next: u64,
    wake: Option<Moment>,
}

impl Desk {
    pub fn new(shared: Arc<Shared>) -> Self {
        Self { shared, sends: false, is_called: false, open: HashMap::new(), next: 0, wake: None }
    }

    /// Only SGIP's carriers come here, to hand over.
    fn called(&mut self, asked: &Asked, session: &mut Session<Tongue>, at: Time) {
        let plan = &self.shared.plan;
        if asked.mode == LoginMode::Send {
            self.shared.count(|counts| counts.turned_away += 1);
            return session.turn_away(session.dialect().code(Trouble::NotAllowed), at.steady);
        }
        self.is_called = true;
        let admitted = session.admit(plan.called_as.as_ref().unwrap_or(&plan.who), at.steady);
        self.shared.count(|counts| {
            counts.called += u64::from(admitted);
            counts.turned_away += u64::from(!admitted);
        });
    }

    fn send(&mut self, session: &mut Session<Tongue>, at: Time) {
        self.wake = None;
        while self.sends && self.open.len() < self.shared.plan.window && session.room() > 0 {
            let piece = match self.shared.draw(at.steady) {
                Ok(piece) => piece,
                Err(wake) => {
                    self.wake = wake;
                    return;
                }
            };
            self.next += 1;
            let message = Box::new(self.message(&piece));
            if session.submit(self.next, message, at.steady, at.civil).is_ok() {
                self.open.insert(self.next, piece);
            } else {
                // A connection that is there for reports alone.
                self.sends = false;
                self.shared.put_back(piece);
            }
        }
    }

    fn message(&self, piece: &Piece) -> Submission {
        let plan = &self.shared.plan;
        let enterprise = match plan.protocol {
            Protocol::Smpp => Vec::new(),
            Protocol::Sgip => b"10000".to_vec(),
            Protocol::Cmpp2 | Protocol::Cmpp3 | Protocol::Smgp => plan.who.account.clone(),
        };
        Submission {
            source: Address::new(plan.source.as_bytes()),
            destinations: vec![Address::new(&plan.protocol.written(piece.number))],
            coding: UCS2,
            udh: piece.udh,
            content: piece.content.clone(),
            segment: match plan.protocol {
                // Beside the content too, as their clients do.
                Protocol::Cmpp2 | Protocol::Cmpp3 | Protocol::Smgp if piece.of > 1 => {
                    Some(anning_link::Segment { reference: None, total: piece.of, number: piece.segment })
                }
                Protocol::Cmpp2 | Protocol::Cmpp3 | Protocol::Smgp | Protocol::Smpp | Protocol::Sgip => None,
            },
            wish: if plan.reports { Wish::Report } else { Wish::Nothing },
            service: if plan.protocol == Protocol::Smpp { Vec::new() } else { b"ANNING".to_vec() },
            enterprise,
            ..Submission::default()
        }
    }

    fn answered(&mut self, ticket: u64, answer: &Answer, session: &Session<Tongue>, at: Time) {
        let Some(piece) = self.open.remove(&ticket) else { return };
        let temporary = match answer {
            Answer::Refused(code) => session.dialect().is_temporary(*code),
            Answer::Taken(_) | Answer::TakenExcept(..) => false,
        };
        match self.shared.answered(piece, answer, temporary, at.steady) {
            Verdict::Taken | Verdict::Refused | Verdict::Later => {}
        }
    }
}

impl End for Desk {
    fn event(&mut self, event: Event, session: &mut Session<Tongue>, at: Time) {
        match event {
            Event::Login(asked) => self.called(&asked, session, at),
            Event::LoggedIn { .. } => {
                self.sends = !self.is_called;
                self.shared.count(|counts| counts.logins += u64::from(self.sends));
            }
            Event::Answered { ticket, answer } => self.answered(ticket, &answer, session, at),
            Event::InDoubt { ticket } => {
                if let Some(piece) = self.open.remove(&ticket) {
                    self.shared.in_doubt(piece);
                }
            }
            Event::Delivered { sequence, delivery } => {
                match *delivery {
                    Delivery::Report(report) => self.shared.reported(&report),
                    Delivery::Reply(_) => self.shared.count(|counts| counts.replies += 1),
                }
                session.answer_delivery(sequence, 0);
            }
            Event::Odd(note) => self.shared.count(|counts| {
                if counts.odd.len() < ODD_MAX {
                    *counts.odd.entry(crate::paper::kind(&note)).or_default() += 1;
                }
            }),
            Event::Submitted { sequence, .. } => {
                session.answer(sequence, Answer::Refused(session.dialect().code(Trouble::NotAllowed)));
            }
            Event::Queried { sequence, .. } => {
                session.answer_query(sequence, Err(session.dialect().code(Trouble::NotAllowed)));
            }
            Event::Cancelled { sequence, .. } => {
                session.answer_cancel(sequence, session.dialect().code(Trouble::NotAllowed));
            }
            Event::LoginRefused(_)
            | Event::DeliveryAnswered { .. }
            | Event::QueryAnswered { .. }
            | Event::CancelAnswered { .. }
            | Event::Overrun { .. }
            | Event::Ended(_) => {}
        }
    }

    fn settle(&mut self, session: &mut Session<Tongue>, at: Time) {
        if self.shared.is_over() {
            self.wake = None;
            session.leave(at.steady, at.civil);
        } else {
            self.send(session, at);
        }
    }

    fn wake_at(&self) -> Option<Moment> {
        self.wake
    }
}

/// Different oddities that are kept.
const ODD_MAX: usize = 32;
