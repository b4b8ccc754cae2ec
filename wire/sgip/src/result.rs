//! Codes of answers (`Result`, 0-20) and of reports (`ErrorCode`, 21-33). There is no vendor's range and no code for
//! policy: codes from [`OURS_FIRST`] on are ours, published.

use anning_link::{Malformed, ReportState, Trouble};

/// Taken.
pub const OK: u8 = 0;
/// Login refused.
pub const LOGIN_REFUSED: u8 = 1;
/// Logged in already.
pub const REPEATED_LOGIN: u8 = 2;
/// Too many connections.
pub const TOO_MANY_CONNECTIONS: u8 = 3;
/// Wrong login type.
pub const LOGIN_TYPE: u8 = 4;
/// Wrong format of a parameter.
pub const PARAMETER_FORMAT: u8 = 5;
/// Illegal number. Says something false of a recipient who has merely not agreed.
pub const ILLEGAL_NUMBER: u8 = 6;
/// Wrong message id.
pub const MESSAGE_ID: u8 = 7;
/// Wrong length.
pub const LENGTH: u8 = 8;
/// Wrong sequence: one number, two contents.
pub const SEQUENCE: u8 = 9;
/// Illegal operation on the name server.
pub const NAME_SERVER: u8 = 10;
/// The node is busy: try again later.
pub const BUSY: u8 = 11;
/// Report: destination unreachable.
pub const UNREACHABLE: u8 = 21;
/// Report: routing error.
pub const ROUTING: u8 = 22;
/// Report: no route.
pub const NO_ROUTE: u8 = 23;
/// Report: the payer is invalid.
pub const PAYER: u8 = 24;
/// Report: the user is not reachable.
pub const USER_UNREACHABLE: u8 = 25;
/// Report: the phone's memory is full.
pub const MEMORY_FULL: u8 = 26;
/// Report: the phone takes no messages.
pub const NO_SMS: u8 = 27;
/// Report: the phone failed to receive.
pub const RECEIVE: u8 = 28;
/// Report: no such user.
pub const UNKNOWN_USER: u8 = 29;
/// Report: no such service.
pub const NO_SERVICE: u8 = 30;
/// Report: illegal device.
pub const ILLEGAL_DEVICE: u8 = 31;
/// Report: system failure.
pub const SYSTEM: u8 = 32;
/// Report: the centre's queue is full.
pub const QUEUE_FULL: u8 = 33;
/// The first code outside the protocol's table that we use: refusals for want of consent stand from here on.
pub const OURS_FIRST: u8 = 100;
/// Report: refused by policy, when nobody says for which.
pub const REFUSED: u8 = OURS_FIRST;

/// What a code means, in a few words.
#[must_use]
pub const fn meaning(code: u8) -> &'static str {
    match code {
        OK => "ok",
        LOGIN_REFUSED => "login refused",
        REPEATED_LOGIN => "repeated login",
        TOO_MANY_CONNECTIONS => "too many connections",
        LOGIN_TYPE => "wrong login type",
        PARAMETER_FORMAT => "wrong parameter format",
        ILLEGAL_NUMBER => "illegal number",
        MESSAGE_ID => "wrong message id",
        LENGTH => "wrong length",
        SEQUENCE => "wrong sequence",
        NAME_SERVER => "illegal name server operation",
        BUSY => "node busy",
        UNREACHABLE => "destination unreachable",
        ROUTING => "routing error",
        NO_ROUTE => "no route",
        PAYER => "payer invalid",
        USER_UNREACHABLE => "user not reachable",
        MEMORY_FULL => "memory full",
        NO_SMS => "phone takes no messages",
        RECEIVE => "phone failed to receive",
        UNKNOWN_USER => "unknown user",
        NO_SERVICE => "no such service",
        ILLEGAL_DEVICE => "illegal device",
        SYSTEM => "system failure",
        QUEUE_FULL => "centre's queue full",
        OURS_FIRST.. => "refused by this gateway",
        12..=20 | 34..=99 => "to be defined",
    }
}

/// The code for a field that is wrong, by the field's name in the protocol.
#[must_use]
pub fn of_field(field: &str) -> u8 {
    match field {
        "Login_Type" => LOGIN_TYPE,
        "UserCount" | "UserNumber" | "SPNumber" | "ChargeNumber" => ILLEGAL_NUMBER,
        "MessageLength" | "MessageContent" => LENGTH,
        "SubmitSequenceNumber" => MESSAGE_ID,
        _ => PARAMETER_FORMAT,
    }
}

/// ErrorCode of a report that says a state in no number of its own.
#[must_use]
pub const fn of_state(state: ReportState) -> u8 {
    match state {
        ReportState::Delivered | ReportState::Underway | ReportState::Accepted => OK,
        ReportState::Expired => USER_UNREACHABLE,
        ReportState::Undeliverable | ReportState::Failed => RECEIVE,
        ReportState::Deleted | ReportState::Unknown => SYSTEM,
        ReportState::Rejected => REFUSED,
    }
}

pub(crate) fn of_malformed(malformed: &Malformed) -> u32 {
    of_field(malformed.field).into()
}

pub(crate) fn of_trouble(trouble: Trouble) -> u32 {
    let code = match trouble {
        Trouble::Authentication
        | Trouble::UnknownAccount
        | Trouble::VersionTooHigh
        | Trouble::TurnedAway
        | Trouble::NotLoggedIn => LOGIN_REFUSED,
        Trouble::AlreadyLoggedIn => REPEATED_LOGIN,
        Trouble::NotAllowed => LOGIN_TYPE,
        Trouble::DuplicateSequence => SEQUENCE,
        Trouble::FlowControl | Trouble::Unavailable => BUSY,
        Trouble::Malformed | Trouble::UnknownCommand => PARAMETER_FORMAT,
        Trouble::TooLong => LENGTH,
    };
    code.into()
}
