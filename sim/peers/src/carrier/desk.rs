//! A carrier's end of one connection.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anning_link::{
    Address, Answer, Asked, Delivery, Dialect as _, Event, LoginMode, MessageId, Moment, Report, ReportState,
    Sequence, Session, Submission, Trouble, Wish,
};

use super::books::{Shared, Told};
use super::replies;
use crate::clock::{Time, stamp};
use crate::line::End;
use crate::protocol::Protocol;
use crate::tongue::Tongue;

/// One connection.
pub(super) struct Desk {
    shared: Arc<Shared>,
    /// Reports and replies are handed over here.
    tells: bool,
    is_in: bool,
    /// Answers that wait for their time.
    answers: VecDeque<(Moment, Sequence, Answer)>,
    telling: HashMap<u64, Told>,
    next: u64,
    taken: u64,
    breaks: bool,
    full: bool,
}

impl Desk {
    pub fn new(shared: Arc<Shared>, tells: bool) -> Self {
        Self {
            shared,
            tells,
            is_in: false,
            answers: VecDeque::new(),
            telling: HashMap::new(),
            next: 0,
            taken: 0,
            breaks: false,
            full: false,
        }
    }

    fn login(&self, asked: &Asked, session: &mut Session<Tongue>, at: Time) {
        let who = &self.shared.plan.who;
        let comes_to_be_told =
            self.shared.plan.protocol == Protocol::Sgip && asked.mode == LoginMode::Receive;
        let admitted = if comes_to_be_told {
            // In SGIP nobody is told here: the carrier connects out for it.
            session.turn_away(session.dialect().code(Trouble::NotAllowed), at.steady);
            false
        } else if asked.account == who.account {
            session.admit(who, at.steady)
        } else {
            let code = session.dialect().code(Trouble::UnknownAccount);
            session.turn_away(code, at.steady);
            false
        };
        self.shared.count(|counts| {
            counts.logins += u64::from(admitted);
            counts.turned_away += u64::from(!admitted);
        });
    }

    fn submitted(&mut self, sequence: Sequence, message: &Submission, session: &Session<Tongue>, at: Time) {
        let shared = Arc::clone(&self.shared);
        let faults = &shared.plan.faults;
        if let Some(per_second) = faults.throttle
            && shared.is_beyond(per_second, at.steady)
        {
            let code = session.dialect().code(Trouble::FlowControl);
            return self.answers.push_back((at.steady, sequence, Answer::Refused(code)));
        }
        let number = shared.next();
        self.taken += 1;
        if let Some((code, every)) = faults.refuse
            && self.taken.is_multiple_of(every.max(1))
        {
            shared.count(|counts| counts.refused += 1);
            return self.answers.push_back((at.steady.plus(faults.slow), sequence, Answer::Refused(code)));
        }
        let before = shared.take(message);
        let (mut answer, mut receipt) = shared.id(number, at);
        if let Some(id) = session.dialect().id_of(sequence) {
            (answer, receipt) = (id.clone(), id);
        }
        self.follow(message, &receipt, before, at);
        if faults.reset_after.is_some_and(|after| self.taken >= after) {
            shared.count(|counts| counts.resets += 1);
            self.breaks = true;
        } else if faults.silent {
            return;
        }
        let early = if faults.report_before_response { EARLY } else { Duration::ZERO };
        let due = if self.breaks { at.steady } else { at.steady.plus(faults.slow.max(early)) };
        self.answers.push_back((due, sequence, Answer::Taken(answer)));
    }

    /// What follows a message: its reports, and what its recipients write.
    fn follow(&self, message: &Submission, id: &MessageId, before: u64, at: Time) {
        let plan = &self.shared.plan;
        let every = |nth: u64, n: u64| n > 0 && nth.is_multiple_of(n);
        let mut wakes = false;
        for (place, to) in message.destinations.iter().enumerate() {
            let nth = before + u64::try_from(place).unwrap_or(0) + 1;
            if !plan.faults.no_reports && message.wish != Wish::Nothing {
                let failed = plan.fails.is_some_and(|n| every(nth, n));
                if failed || message.wish == Wish::Report {
                    let id = self.shared.nth_id(id, place);
                    let report = self.report(id, to, message, failed, at);
                    let after =
                        if plan.faults.report_before_response { Duration::ZERO } else { plan.report_after };
                    self.shared.later(
                        at.steady.plus(after.max(plan.faults.slow)),
                        Delivery::Report(report),
                        0,
                    );
                    wakes = true;
                }
            }
            if let Some(answering) = plan.replies.as_ref().filter(|answering| every(nth, answering.every)) {
                let coding = if answering.text.is_ascii() {
                    anning_text::Coding::Ascii
                } else {
                    anning_text::Coding::Ucs2
                };
                let due = at.steady.plus(answering.after);
                for reply in replies(&self.shared, &to.text, &message.source.text, &answering.text, coding)
                    .unwrap_or_default()
                {
                    self.shared.later(due, reply, 0);
                    wakes = true;
                }
            }
        }
        // This line looks by itself; where another tells, it must be woken.
        if wakes && !self.tells {
            self.shared.wake();
        }
    }

    fn report(&self, id: MessageId, to: &Address, message: &Submission, failed: bool, at: Time) -> Report {
        let stamp = stamp(at.wall);
        let (state, word, error) = if failed {
            (ReportState::Undeliverable, &b"UNDELIV"[..], &b"001"[..])
        } else {
            (ReportState::Delivered, &b"DELIVRD"[..], &b"000"[..])
        };
        Report {
            id,
            carried_as: self.shared.id(self.shared.next(), at).0,
            recipient: to.clone(),
            source: message.source.clone(),
            state,
            word: word.to_vec(),
            error: error.to_vec(),
            submitted: stamp.clone(),
            done: stamp,
            service: message.service.clone(),
            ..Report::default()
        }
    }

    /// Hands over what is due, as far as there is room.
    fn tell(&mut self, session: &mut Session<Tongue>, at: Time) {
        self.full = false;
        while self.tells && self.is_in {
            if session.room() == 0 || self.telling.len() >= self.shared.plan.tell_window {
                self.full = true;
                return;
            }
            let Some(told) = self.shared.due(at.steady) else { return };
            self.next += 1;
            if session.deliver(self.next, Box::new(told.delivery.clone()), at.steady, at.civil).is_ok() {
                self.telling.insert(self.next, Told { since: at.steady, ..told });
            } else {
                // A connection for messages alone: others tell.
                self.tells = false;
                self.shared.later(at.steady, told.delivery, told.tries);
                self.shared.wake();
            }
        }
    }

    /// It was refused, or nobody knows: it is told again, as carriers do.
    fn again(&self, ticket: Option<Told>, now: Moment) {
        let Some(Told { delivery, tries, .. }) = ticket else { return };
        if tries + 1 < TRIES {
            self.shared.later(now.plus(AGAIN), delivery, tries + 1);
        } else {
            self.shared.count(|counts| counts.untold += 1);
        }
    }
}

impl End for Desk {
    fn event(&mut self, event: Event, session: &mut Session<Tongue>, at: Time) {
        match event {
            Event::Login(asked) => self.login(&asked, session, at),
            Event::LoggedIn { .. } => self.is_in = true,
            Event::Submitted { sequence, submission } => self.submitted(sequence, &submission, session, at),
            Event::DeliveryAnswered { ticket, code } => {
                let told = self.telling.remove(&ticket);
                if code == 0 {
                    let reply = match told.as_ref().map(|told| (&told.delivery, told.since)) {
                        Some((Delivery::Reply(reply), since)) => {
                            self.shared.replied(reply, at.steady.since(since));
                            true
                        }
                        Some((Delivery::Report(_), _)) | None => false,
                    };
                    self.shared.count(|counts| {
                        counts.told += 1;
                        counts.replies += u64::from(reply);
                    });
                } else {
                    self.shared.count(|counts| counts.untaken += 1);
                    self.again(told, at.steady);
                }
            }
            Event::InDoubt { ticket } => {
                let told = self.telling.remove(&ticket);
                self.again(told, at.steady);
            }
            Event::Queried { sequence, .. } => {
                session.answer_query(sequence, Err(session.dialect().code(Trouble::NotAllowed)));
            }
            Event::Cancelled { sequence, .. } => {
                session.answer_cancel(sequence, session.dialect().code(Trouble::NotAllowed));
            }
            Event::Delivered { sequence, .. } => {
                session.answer_delivery(sequence, session.dialect().code(Trouble::NotAllowed));
            }
            Event::Overrun { .. } => self.shared.count(|counts| counts.overruns += 1),
            Event::Odd(note) => self.shared.count(|counts| {
                if counts.odd.len() < ODD_MAX {
                    *counts.odd.entry(crate::paper::kind(&note)).or_default() += 1;
                }
            }),
            Event::LoginRefused(_)
            | Event::Answered { .. }
            | Event::QueryAnswered { .. }
            | Event::CancelAnswered { .. }
            | Event::Ended(_) => {}
        }
    }

    fn settle(&mut self, session: &mut Session<Tongue>, at: Time) {
        if self.shared.gone.load(Ordering::Acquire) {
            return session.drop_now(at.steady);
        }
        if self.shared.leaving.load(Ordering::Acquire) {
            session.leave(at.steady, at.civil);
        }
        if self.shared.plan.faults.report_before_response {
            self.tell(session, at);
        }
        while let Some((_, sequence, answer)) = self.answers.pop_front_if(|(due, ..)| *due <= at.steady) {
            session.answer(sequence, answer);
        }
        self.tell(session, at);
    }

    fn wake_at(&self) -> Option<Moment> {
        let answer = self.answers.front().map(|(due, ..)| *due);
        let told = (self.tells && self.is_in && !self.full).then(|| self.shared.due_at()).flatten();
        answer.into_iter().chain(told).min()
    }

    fn breaks(&self) -> bool {
        self.breaks
    }
}

/// How much earlier a report comes than its answer, where it does.
const EARLY: Duration = Duration::from_millis(50);
/// How often something is told that is not taken.
const TRIES: u32 = 5;
/// Pause before it is told again.
const AGAIN: Duration = Duration::from_millis(500);
/// Different oddities that are kept.
const ODD_MAX: usize = 32;
