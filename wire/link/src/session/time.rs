//! Moments of a session, and what is due at them.

use core::time::Duration;

use super::{Ending, Session, State};
use crate::dialect::{Dialect, Sequence, Spoken};
use crate::moment::{Civil, Moment};

/// When things happened last.
#[derive(Debug)]
pub(super) struct Clock {
    /// The moment of the latest input.
    pub(super) now: Moment,
    /// The same by the calendar, as numbers and stamps may need it.
    pub(super) civil: Civil,
    /// The connection was made, or the login asked for.
    pub(super) begun: Moment,
    /// A whole frame was heard.
    pub(super) heard: Moment,
    /// A request was made or answered, either way.
    pub(super) worked: Moment,
    /// A frame began whose rest has not come.
    partial: Option<Moment>,
    /// No open request of ours is due earlier; perhaps none is due then.
    pub(super) due: Option<Moment>,
    /// The question for life that is open.
    pub(super) probe: Option<Probe>,
    /// Let in, and nothing heard since.
    fresh_login: bool,
    /// The socket has taken nothing of what is to be sent since then.
    pub(super) unread: Option<Moment>,
}

/// An open question for life.
#[derive(Clone, Copy, Debug)]
pub(super) struct Probe {
    pub(super) sequence: Sequence,
    asked_at: Moment,
    asked: u32,
    /// Whatever the other side says, it lives.
    heard_since: bool,
}

impl Clock {
    pub(super) const fn new(now: Moment) -> Self {
        Self {
            now,
            civil: Civil { month: 1, day: 1, hour: 0, minute: 0, second: 0 },
            begun: now,
            heard: now,
            worked: now,
            partial: None,
            due: None,
            probe: None,
            fresh_login: false,
            unread: None,
        }
    }

    pub(super) const fn at(&mut self, now: Moment, civil: Civil) {
        self.now = now;
        self.civil = civil;
    }

    pub(super) const fn heard_frame(&mut self) {
        self.heard = self.now;
        if let Some(probe) = &mut self.probe {
            probe.heard_since = true;
        }
        self.fresh_login = false;
    }

    /// Nothing is read, so that silence means nothing.
    const fn deaf(&mut self) {
        self.heard = self.now;
        if let Some(partial) = &mut self.partial {
            *partial = self.now;
        }
        if let Some(probe) = &mut self.probe {
            probe.heard_since = true;
        }
    }

    pub(super) const fn let_in(&mut self) {
        self.worked = self.now;
        self.fresh_login = true;
    }

    /// Let in less than so long ago, and nothing heard since.
    pub(super) fn just_let_in(&self, within: Duration) -> bool {
        self.fresh_login && self.now.since(self.heard) <= within
    }

    /// After a read: does the beginning of a frame wait, and was a whole one taken before it?
    pub(super) const fn partial(&mut self, waits: bool, taken: bool) {
        if !waits {
            self.partial = None;
        } else if taken || self.partial.is_none() {
            self.partial = Some(self.now);
        }
    }
}

impl<D: Dialect> Session<D> {
    pub(super) fn look_at_clock(&mut self) {
        let now = self.clock.now;
        if !self.listens() {
            self.clock.deaf();
        }
        if self.unread_by().is_some_and(|by| now >= by) {
            return self.end(Ending::Unread);
        }
        if self.login_by().is_some_and(|by| now >= by) {
            return self.end(Ending::LoginTooLate);
        }
        if self.rest_by().is_some_and(|by| now >= by) {
            return self.end(Ending::FrameTooSlow);
        }
        if let State::Leaving(_, by) = self.state
            && now >= by
        {
            return self.end(Ending::LeftUnanswered);
        }
        if self.idle_by().is_some_and(|by| now >= by) {
            return self.end(Ending::Idle);
        }
        self.look_at_requests();
        self.look_at_life();
    }

    /// What an input made possible: leaving, once nothing is owed; cutting off whoever does not read.
    pub(super) fn settle(&mut self) {
        self.answer_leave();
        if let State::Draining(by) = self.state
            && (self.clock.now >= by || (self.theirs.len() == 0 && self.ours.len() == 0))
        {
            let sequence = self.number();
            self.say(sequence, &Spoken::Leave);
            self.state = State::Leaving(sequence, self.clock.now.plus(self.settings.answer_within));
        }
        self.look_at_output();
    }

    pub(super) fn look_at_output(&mut self) {
        if self.out.len() > self.settings.output_max {
            self.end(Ending::Unread);
        }
    }

    pub(super) fn next_moment(&self) -> Option<Moment> {
        if self.is_over() {
            return None;
        }
        let leave_by = match self.state {
            State::Draining(by) | State::Leaving(_, by) | State::LeftBy(_, by) => Some(by),
            State::Fresh | State::Asking(..) | State::Asked(..) | State::In | State::Ended(_) => None,
        };
        let moments = [
            self.login_by(),
            self.rest_by(),
            self.idle_by(),
            self.clock.due,
            self.life_by(),
            leave_by,
            self.unread_by(),
        ];
        moments.into_iter().flatten().min()
    }

    fn login_by(&self) -> Option<Moment> {
        match self.state {
            State::Fresh | State::Asking(..) | State::Asked(..) => {
                Some(self.clock.begun.plus(self.settings.login_within))
            }
            State::In | State::Draining(_) | State::Leaving(..) | State::LeftBy(..) | State::Ended(_) => None,
        }
    }

    fn unread_by(&self) -> Option<Moment> {
        Some(self.clock.unread?.plus(self.settings.answer_within))
    }

    fn rest_by(&self) -> Option<Moment> {
        Some(self.clock.partial?.plus(self.settings.answer_within))
    }

    fn idle_by(&self) -> Option<Moment> {
        let idle_max = self.settings.idle_max.filter(|_| self.state == State::In)?;
        Some(self.clock.worked.plus(idle_max))
    }

    fn life_by(&self) -> Option<Moment> {
        let alive_after = self.settings.alive_after.filter(|_| self.state == State::In)?;
        Some(match self.clock.probe {
            Some(probe) => probe.asked_at.plus(self.settings.answer_within),
            None => self.clock.heard.plus(alive_after),
        })
    }

    /// Asks whether the other side is there, again if it does not answer, and gives it up in the end.
    fn look_at_life(&mut self) {
        if self.life_by().is_none_or(|by| self.clock.now < by) {
            return;
        }
        let asked = match self.clock.probe {
            Some(probe) if probe.heard_since => {
                self.clock.probe = None;
                return self.look_at_life();
            }
            Some(probe) => probe.asked,
            None => 0,
        };
        if asked >= self.settings.tries {
            return self.end(Ending::Dead);
        }
        let sequence = self.number();
        self.say(sequence, &Spoken::Alive);
        self.clock.probe =
            Some(Probe { sequence, asked_at: self.clock.now, asked: asked + 1, heard_since: false });
    }
}
