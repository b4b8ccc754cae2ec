//! What a session tells its loop.

use crate::dialect::{Asked, Findings, Malformed, Query, Sequence};
use crate::frames::FrameError;
use crate::short_message::{Answer, Delivery, MessageId, Submission};

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Send these bytes: one or many frames.
    Send(Vec<u8>),
    /// Something happened.
    Event(Event),
    /// Close the connection. Told once, after everything else.
    Close(Ending),
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Server: somebody asks to be let in. Admit or turn away.
    Login(Asked),
    /// Let in: requests may be made.
    LoggedIn {
        /// As the protocol numbers it; 0 where it has none.
        version: u8,
    },
    /// Client: not let in, with the protocol's code; the end follows.
    LoginRefused(u32),
    /// The other side hands in a message. Answer it.
    Submitted {
        /// Names it in the answer.
        sequence: Sequence,
        /// The message.
        submission: Box<Submission>,
    },
    /// What became of a message handed in.
    Answered {
        /// As given to [`crate::Session::submit`].
        ticket: u64,
        /// Taken or refused.
        answer: Answer,
    },
    /// The other side hands over a reply or a report, perhaps before the answer to the message it speaks of.
    Delivered {
        /// Names it in the answer.
        sequence: Sequence,
        /// The reply or report.
        delivery: Box<Delivery>,
    },
    /// A reply or report was taken (0) or refused with the protocol's code.
    DeliveryAnswered {
        /// As given to [`crate::Session::deliver`].
        ticket: u64,
        /// 0 or the code.
        code: u32,
    },
    /// The other side asks for a state or for counts. Answer it.
    Queried {
        /// Names it in the answer.
        sequence: Sequence,
        /// What it asks.
        query: Query,
    },
    /// What a question found, or the protocol's code of refusal.
    QueryAnswered {
        /// As given to [`crate::Session::query`].
        ticket: u64,
        /// Found, or the code.
        found: Result<Findings, u32>,
    },
    /// The other side takes a message back. Answer it.
    Cancelled {
        /// Names it in the answer.
        sequence: Sequence,
        /// The message.
        id: MessageId,
    },
    /// A message was taken back (0), or the protocol's code.
    CancelAnswered {
        /// As given to [`crate::Session::cancel`].
        ticket: u64,
        /// 0 or the code.
        code: u32,
    },
    /// A request was sent and nothing more will be heard of it: the other side may or may not have taken it.
    InDoubt {
        /// As given with the request.
        ticket: u64,
    },
    /// A request beyond the window. It was refused with the protocol's word for "slow down" and is not to be answered.
    Overrun {
        /// Its number.
        sequence: Sequence,
    },
    /// For the log: nothing that has to be acted upon.
    Odd(Note),
    /// Over. Nothing happens after it.
    Ended(Ending),
}

/// Something that should not be, and that the session survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// A frame that is no PDU.
    Malformed(Malformed),
    /// A command that exists and that nobody answers here.
    Foreign(u32),
    /// An answer to a request that was never made, was answered already, or was given up.
    AnswerToNothing(Sequence),
    /// An answer of another kind than the request with that number.
    AnswerToOther(Sequence),
    /// A question for life answered with the same question.
    AliveForAlive(Sequence),
    /// The same request again, byte for byte, while the first is not answered: one answer serves both.
    SentAgain(Sequence),
    /// Another request with the number of one that is not answered yet. It was refused.
    DuplicateSequence(Sequence),
    /// A request before the login was answered. It was refused.
    NotLoggedIn(Sequence),
    /// A request that this side or this login may not make. It was refused.
    NotAllowed(Sequence),
    /// A login after the login. It was refused.
    SecondLogin(Sequence),
    /// A request while the session comes to its end. It was refused.
    Late(Sequence),
    /// The other side did not understand something that was no request, with its code.
    NotUnderstood(Sequence, u32),
    /// The server did not prove that it knows the secret.
    ServerNotProved,
    /// A request went out again because its answer did not come.
    Resent(Sequence),
}

impl core::fmt::Display for Note {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (words, Sequence([_, _, number])) = match self {
            Self::Malformed(malformed) => return malformed.fmt(f),
            Self::Foreign(command) => return write!(f, "command is not answered here: {command:#010x}"),
            Self::NotUnderstood(Sequence([_, _, number]), code) => {
                return write!(f, "other side did not understand number {number}, code: {code}");
            }
            Self::ServerNotProved => return f.write_str("server did not prove that it knows the secret"),
            Self::AnswerToNothing(s) => ("answer to no request of ours", s),
            Self::AnswerToOther(s) => ("answer of another kind than its request", s),
            Self::AliveForAlive(s) => ("question for life answered with a question", s),
            Self::SentAgain(s) => ("request sent again before its answer", s),
            Self::DuplicateSequence(s) => ("another request with the number of an open one", s),
            Self::NotLoggedIn(s) => ("request before the login was answered", s),
            Self::NotAllowed(s) => ("request that this side or login may not make", s),
            Self::SecondLogin(s) => ("login after the login", s),
            Self::Late(s) => ("request while the session ends", s),
            Self::Resent(s) => ("no answer in time, request sent again", s),
        };
        write!(f, "{words}, number: {number}")
    }
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// This side left, and the other knows.
    Left,
    /// This side left; the other did not answer.
    LeftUnanswered,
    /// The other side left.
    PeerLeft,
    /// The other side closed, or the connection broke.
    PeerClosed,
    /// The other side closed right after it let us in: a refusal, with some gateways.
    ClosedAfterLogin,
    /// This side dropped it.
    Dropped,
    /// Client: refused, with the protocol's code.
    Refused(u32),
    /// Client: the server did not prove itself, and had to.
    ServerNotProved,
    /// Server: turned away, with the protocol's code.
    TurnedAway(u32),
    /// No login, or no answer to it, in time.
    LoginTooLate,
    /// Something else than a login came first.
    NoLogin,
    /// Bytes that cannot be cut into frames.
    Frame(FrameError),
    /// A frame whose rest did not come.
    FrameTooSlow,
    /// Questions for life were not answered.
    Dead,
    /// No request for too long.
    Idle,
    /// The other side did not read what was sent to it.
    Unread,
    /// The other side sent far beyond its window, and this side's loop went on reading.
    Overrun,
}

impl Ending {
    /// Whether what was said last is still worth sending.
    pub(super) const fn lets_finish(self) -> bool {
        match self {
            Self::PeerClosed | Self::ClosedAfterLogin | Self::Dropped | Self::Dead | Self::Unread => false,
            Self::Left
            | Self::LeftUnanswered
            | Self::PeerLeft
            | Self::Refused(_)
            | Self::ServerNotProved
            | Self::TurnedAway(_)
            | Self::LoginTooLate
            | Self::NoLogin
            | Self::Frame(_)
            | Self::FrameTooSlow
            | Self::Idle
            | Self::Overrun => true,
        }
    }
}

impl core::fmt::Display for Ending {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Refused(code) => return write!(f, "login refused by the other side with code: {code}"),
            Self::TurnedAway(code) => return write!(f, "login refused with code: {code}"),
            Self::Frame(error) => return error.fmt(f),
            Self::Left => "left",
            Self::LeftUnanswered => "left without an answer",
            Self::PeerLeft => "other side left",
            Self::PeerClosed => "connection closed by the other side",
            Self::ClosedAfterLogin => "connection closed right after the login, which counts as refused",
            Self::Dropped => "dropped",
            Self::ServerNotProved => "server did not prove that it knows the secret",
            Self::LoginTooLate => "no login in time",
            Self::NoLogin => "something else came before the login",
            Self::FrameTooSlow => "rest of a frame did not come in time",
            Self::Dead => "other side does not answer any more",
            Self::Idle => "no request for too long",
            Self::Unread => "other side does not read what is sent to it",
            Self::Overrun => "other side kept sending beyond its window",
        })
    }
}
