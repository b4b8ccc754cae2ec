//! What the other side says, and what follows from it.

use super::requests::{Taken, print};
use super::{Ending, Event, Note, Session, State};
use crate::dialect::{Asked, Dialect, Fault, Malformed, Request, Sequence, Side, Spoken, Trouble};
use crate::secret::same_secret;
use crate::short_message::{Answer, MessageId};

impl<D: Dialect> Session<D> {
    /// Hears every whole frame that has come; how many.
    pub(super) fn hear_all(&mut self) -> usize {
        let mut taken = 0;
        while !self.is_over() && !self.is_holding() {
            let frame = match self.frames.take() {
                Ok(Some(frame)) => frame,
                Ok(None) => break,
                Err(error) => {
                    self.end(Ending::Frame(error));
                    break;
                }
            };
            taken += 1;
            let print = print(frame);
            let heard = self.dialect.hear(frame);
            self.clock.heard_frame();
            match heard {
                Ok((sequence, spoken)) => self.hear(sequence, spoken, print),
                Err(malformed) => self.hear_malformed(malformed),
            }
        }
        taken
    }

    /// Something was answered: what was kept until then is heard.
    pub(super) fn hear_held(&mut self) {
        if self.frames.waiting() > 0 && !self.is_holding() {
            let taken = self.hear_all();
            self.note_partial(taken > 0);
        }
    }

    /// What waits is the beginning of a frame, unless it is kept unheard.
    pub(super) fn note_partial(&mut self, taken: bool) {
        let waits = self.frames.waiting() > 0 && !self.is_holding();
        self.clock.partial(waits, taken);
    }

    fn hear(&mut self, sequence: Sequence, spoken: Spoken, print: u64) {
        match spoken {
            Spoken::Login(asked) => self.hear_login(sequence, asked),
            Spoken::LoginAnswer(code, proof) => self.hear_login_answer(sequence, code, &proof),
            Spoken::Submit(_) | Spoken::Deliver(_) | Spoken::Query(_) | Spoken::Cancel(_) => {
                self.hear_request(sequence, spoken, print);
            }
            Spoken::SubmitAnswer(_)
            | Spoken::DeliverAnswer(..)
            | Spoken::QueryAnswer(_)
            | Spoken::CancelAnswer(_) => self.hear_answer(sequence, spoken),
            Spoken::NotUnderstood(code) => self.hear_not_understood(sequence, code),
            Spoken::Alive => self.hear_alive(sequence),
            Spoken::AliveAnswer => match self.clock.probe.take() {
                Some(probe) if probe.sequence == sequence => {}
                Some(_) | None => self.odd(Note::AnswerToNothing(sequence)),
            },
            Spoken::Leave => self.hear_leave(sequence),
            Spoken::LeaveAnswer => self.hear_leave_answer(sequence),
            Spoken::Foreign(command) => {
                self.odd(Note::Foreign(command));
                let fault = Fault::Command;
                self.answer_malformed(&Malformed { command, sequence, field: "command", at: 4, fault });
            }
        }
    }

    fn hear_login(&mut self, sequence: Sequence, asked: Asked) {
        if self.side == Side::Client {
            return self.odd(Note::NotAllowed(sequence));
        }
        if self.state == State::Fresh {
            self.state = State::Asked(sequence, asked.clone());
            return self.events.push_back(Event::Login(asked));
        }
        self.odd(Note::SecondLogin(sequence));
        let code = self.dialect.code(Trouble::AlreadyLoggedIn);
        self.say(sequence, &Spoken::LoginAnswer(code, Vec::new()));
    }

    fn hear_login_answer(&mut self, sequence: Sequence, code: u32, proof: &[u8]) {
        let (State::Asking(number, asked), Some(credentials)) = (&self.state, &self.credentials) else {
            return self.odd(Note::AnswerToNothing(sequence));
        };
        if *number != sequence {
            return self.odd(Note::AnswerToNothing(sequence));
        }
        if code != 0 {
            return self.refused(code);
        }
        if !same_secret(proof, &self.dialect.server_proof(asked, code, credentials)) {
            self.odd(Note::ServerNotProved);
            if self.settings.prove_server {
                return self.end(Ending::ServerNotProved);
            }
        }
        self.let_in();
    }

    fn refused(&mut self, code: u32) {
        self.events.push_back(Event::LoginRefused(code));
        self.end(Ending::Refused(code));
    }

    fn hear_request(&mut self, sequence: Sequence, spoken: Spoken, print: u64) {
        let Some((kind, carried_as)) = request_in(&spoken) else { return };
        if let Some((trouble, note)) = self.why_not(kind, sequence) {
            self.odd(note);
            self.refuse(sequence, &spoken, trouble);
            if self.state == State::Fresh {
                self.end(Ending::NoLogin);
            }
            return;
        }
        if let Some(open) = self.theirs.get(sequence) {
            if open.print == print {
                return self.odd(Note::SentAgain(sequence));
            }
            self.odd(Note::DuplicateSequence(sequence));
            return self.refuse(sequence, &spoken, Trouble::DuplicateSequence);
        }
        if self.theirs.len() >= self.window_theirs() {
            self.events.push_back(Event::Overrun { sequence });
            self.refuse(sequence, &spoken, Trouble::FlowControl);
            self.overruns += 1;
            return;
        }
        self.overruns = 0;
        self.clock.worked = self.clock.now;
        self.theirs.insert(sequence, Taken { kind, print, carried_as });
        self.events.extend(asked_event(sequence, spoken));
    }

    /// Why a request cannot even be looked at, if so.
    fn why_not(&self, kind: Request, sequence: Sequence) -> Option<(Trouble, Note)> {
        let other = match self.side {
            Side::Client => Side::Server,
            Side::Server => Side::Client,
        };
        match self.state {
            State::Fresh | State::Asking(..) | State::Asked(..) => {
                Some((Trouble::NotLoggedIn, Note::NotLoggedIn(sequence)))
            }
            State::Draining(_) | State::Leaving(..) | State::LeftBy(..) | State::Ended(_) => {
                Some((Trouble::Unavailable, Note::Late(sequence)))
            }
            State::In if !self.dialect.allows(other, self.mode, kind) => {
                Some((Trouble::NotAllowed, Note::NotAllowed(sequence)))
            }
            State::In => None,
        }
    }

    fn refuse(&mut self, sequence: Sequence, request: &Spoken, trouble: Trouble) {
        let code = self.dialect.code(trouble);
        if let Some(answer) = refusal(request, code) {
            self.say(sequence, &answer);
        }
    }

    fn hear_answer(&mut self, sequence: Sequence, spoken: Spoken) {
        let Some(made) = self.ours.get(sequence) else { return self.odd(Note::AnswerToNothing(sequence)) };
        let Some(event) = answer_event(made.kind, made.ticket, spoken) else {
            return self.odd(Note::AnswerToOther(sequence));
        };
        self.answered(sequence, event);
    }

    fn answered(&mut self, sequence: Sequence, event: Event) {
        self.ours.remove(sequence);
        self.clock.worked = self.clock.now;
        self.events.push_back(event);
    }

    fn hear_not_understood(&mut self, sequence: Sequence, code: u32) {
        if let Some(made) = self.ours.get(sequence) {
            let event = refused_event(made.kind, made.ticket, code);
            return self.answered(sequence, event);
        }
        match self.state {
            State::Asking(asked, _) if asked == sequence => return self.refused(code),
            State::Leaving(asked, _) if asked == sequence => return self.end(Ending::Left),
            State::Fresh
            | State::Asking(..)
            | State::Asked(..)
            | State::In
            | State::Draining(_)
            | State::Leaving(..)
            | State::LeftBy(..)
            | State::Ended(_) => {}
        }
        // Whoever says that he does not understand a question for life is alive.
        self.clock.probe.take_if(|probe| probe.sequence == sequence);
        self.odd(Note::NotUnderstood(sequence, code));
    }

    fn hear_alive(&mut self, sequence: Sequence) {
        if self.clock.probe.is_some_and(|probe| probe.sequence == sequence) {
            // Answered all the same: the numbers of both sides may agree by chance.
            self.odd(Note::AliveForAlive(sequence));
        }
        self.say(sequence, &Spoken::AliveAnswer);
    }

    fn hear_leave(&mut self, sequence: Sequence) {
        match self.state {
            State::In | State::Draining(_) => {
                // What it is owed comes first; `settle` ends the session when nothing is.
                self.state = State::LeftBy(sequence, self.clock.now.plus(self.settings.answer_within));
            }
            // Both left at once: each answers the other.
            State::Leaving(..) | State::LeftBy(..) | State::Ended(_) => {
                self.say(sequence, &Spoken::LeaveAnswer);
            }
            State::Fresh | State::Asking(..) | State::Asked(..) => {
                self.say(sequence, &Spoken::LeaveAnswer);
                self.end(Ending::PeerLeft);
            }
        }
    }

    fn hear_leave_answer(&mut self, sequence: Sequence) {
        if matches!(self.state, State::Leaving(asked, _) if asked == sequence) {
            self.end(Ending::Left);
        } else {
            self.odd(Note::AnswerToNothing(sequence));
        }
    }

    fn hear_malformed(&mut self, malformed: Malformed) {
        self.odd(Note::Malformed(malformed));
        self.answer_malformed(&malformed);
    }

    /// Whoever has not logged in is not borne with.
    fn answer_malformed(&mut self, malformed: &Malformed) {
        if let Some(answer) = self.dialect.answer_malformed(malformed) {
            self.say(malformed.sequence, &answer);
        }
        if self.state == State::Fresh {
            self.end(match malformed.fault {
                Fault::Version(_) => Ending::TurnedAway(self.dialect.code(Trouble::VersionTooHigh)),
                Fault::Short | Fault::Value(_) | Fault::Command | Fault::Long(_) => Ending::NoLogin,
            });
        }
    }
}

/// What kind of request it is, and what the answer repeats; none if it is no request.
fn request_in(spoken: &Spoken) -> Option<(Request, MessageId)> {
    Some(match spoken {
        Spoken::Submit(_) => (Request::Submit, MessageId::default()),
        Spoken::Deliver(delivery) => (Request::Deliver, delivery.carried_as().clone()),
        Spoken::Query(_) => (Request::Query, MessageId::default()),
        Spoken::Cancel(_) => (Request::Cancel, MessageId::default()),
        Spoken::Login(_)
        | Spoken::LoginAnswer(..)
        | Spoken::SubmitAnswer(_)
        | Spoken::DeliverAnswer(..)
        | Spoken::Alive
        | Spoken::AliveAnswer
        | Spoken::Leave
        | Spoken::LeaveAnswer
        | Spoken::QueryAnswer(_)
        | Spoken::CancelAnswer(_)
        | Spoken::Foreign(_)
        | Spoken::NotUnderstood(_) => return None,
    })
}

fn refusal(request: &Spoken, code: u32) -> Option<Spoken> {
    let (kind, carried_as) = request_in(request)?;
    Some(match kind {
        Request::Submit => Spoken::SubmitAnswer(Answer::Refused(code)),
        Request::Deliver => Spoken::DeliverAnswer(code, carried_as),
        Request::Query => Spoken::QueryAnswer(Err(code)),
        Request::Cancel => Spoken::CancelAnswer(code),
    })
}

fn asked_event(sequence: Sequence, request: Spoken) -> Option<Event> {
    Some(match request {
        Spoken::Submit(submission) => Event::Submitted { sequence, submission },
        Spoken::Deliver(delivery) => Event::Delivered { sequence, delivery },
        Spoken::Query(query) => Event::Queried { sequence, query },
        Spoken::Cancel(id) => Event::Cancelled { sequence, id },
        Spoken::Login(_)
        | Spoken::LoginAnswer(..)
        | Spoken::SubmitAnswer(_)
        | Spoken::DeliverAnswer(..)
        | Spoken::Alive
        | Spoken::AliveAnswer
        | Spoken::Leave
        | Spoken::LeaveAnswer
        | Spoken::QueryAnswer(_)
        | Spoken::CancelAnswer(_)
        | Spoken::Foreign(_)
        | Spoken::NotUnderstood(_) => return None,
    })
}

/// The answer, if it is one to such a request.
fn answer_event(kind: Request, ticket: u64, answer: Spoken) -> Option<Event> {
    match (kind, answer) {
        (Request::Submit, Spoken::SubmitAnswer(answer)) => Some(Event::Answered { ticket, answer }),
        (Request::Deliver, Spoken::DeliverAnswer(code, _)) => Some(Event::DeliveryAnswered { ticket, code }),
        (Request::Query, Spoken::QueryAnswer(found)) => Some(Event::QueryAnswered { ticket, found }),
        (Request::Cancel, Spoken::CancelAnswer(code)) => Some(Event::CancelAnswered { ticket, code }),
        (Request::Submit | Request::Deliver | Request::Query | Request::Cancel, _) => None,
    }
}

const fn refused_event(kind: Request, ticket: u64, code: u32) -> Event {
    match kind {
        Request::Submit => Event::Answered { ticket, answer: Answer::Refused(code) },
        Request::Deliver => Event::DeliveryAnswered { ticket, code },
        Request::Query => Event::QueryAnswered { ticket, found: Err(code) },
        Request::Cancel => Event::CancelAnswered { ticket, code },
    }
}
