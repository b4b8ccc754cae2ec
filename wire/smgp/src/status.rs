//! Codes: what they mean, and which of them say what a gateway like ours has to say.

use anning_link::{Malformed, Trouble};

/// Taken.
pub const OK: u32 = 0;
/// The system is busy: try again later.
pub const BUSY: u32 = 1;
/// Too many connections.
pub const TOO_MANY_CONNECTIONS: u32 = 2;
/// The PDU's structure is wrong.
pub const STRUCTURE: u32 = 10;
/// The command is wrong.
pub const COMMAND: u32 = 11;
/// The sequence number is in use.
pub const DUPLICATE_SEQUENCE: u32 = 12;
/// The address the login comes from is wrong.
pub const IP_ADDRESS: u32 = 20;
/// The account and its proof do not go together.
pub const AUTHENTICATION: u32 = 21;
/// The version is too high.
pub const VERSION_TOO_HIGH: u32 = 22;
/// MsgType.
pub const MSG_TYPE: u32 = 30;
/// Priority.
pub const PRIORITY: u32 = 31;
/// FeeType.
pub const FEE_TYPE: u32 = 32;
/// FeeCode.
pub const FEE_CODE: u32 = 33;
/// MsgFormat.
pub const MSG_FORMAT: u32 = 34;
/// The format of a time.
pub const TIME_FORMAT: u32 = 35;
/// MsgLength.
pub const MSG_LENGTH: u32 = 36;
/// Its time is over.
pub const EXPIRED: u32 = 37;
/// No route.
pub const ROUTE: u32 = 39;
/// ServiceID.
pub const SERVICE_ID: u32 = 43;
/// ValidTime.
pub const VALID_TIME: u32 = 44;
/// AtTime.
pub const AT_TIME: u32 = 45;
/// SrcTermID.
pub const SRC_TERM_ID: u32 = 46;
/// DestTermID.
pub const DEST_TERM_ID: u32 = 47;
/// ChargeTermID.
pub const CHARGE_TERM_ID: u32 = 48;
/// SP code.
pub const SP_CODE: u32 = 49;
/// Enterprise code (MsgSrc).
pub const ENTERPRISE_CODE: u32 = 69;
/// MServiceID.
pub const M_SERVICE_ID: u32 = 73;
/// The sender may not send in this period: the standard's own word for quiet hours.
pub const QUIET_HOURS: u32 = 74;
/// The sender exceeded its daily volume: the standard's own word for a cap.
pub const DAILY_VOLUME: u32 = 75;
/// The sender's account has expired.
pub const ACCOUNT_EXPIRED: u32 = 76;
/// The first code that a vendor defines: refusals for want of consent stand from here on, published.
pub const VENDOR_FIRST: u32 = 128;
/// The last code that a vendor defines.
pub const VENDOR_LAST: u32 = 255;

/// Report error: delivered.
pub const ERR_OK: &[u8; 3] = b"000";
/// Report error: the recipient is on a blacklist. The standard's own word for whoever opted out.
pub const ERR_BLACKLIST: &[u8; 3] = b"005";
/// Report error: unknown.
pub const ERR_UNKNOWN: &[u8; 3] = b"999";

/// What a code means, in a few words.
#[must_use]
pub const fn meaning(code: u32) -> &'static str {
    match code {
        OK => "ok",
        BUSY => "system busy",
        TOO_MANY_CONNECTIONS => "too many connections",
        STRUCTURE => "wrong structure",
        COMMAND => "wrong command",
        DUPLICATE_SEQUENCE => "duplicate sequence number",
        IP_ADDRESS => "wrong IP address",
        AUTHENTICATION => "authentication failed",
        VERSION_TOO_HIGH => "version too high",
        MSG_TYPE => "illegal MsgType",
        PRIORITY => "illegal Priority",
        FEE_TYPE | FEE_CODE => "illegal fee",
        MSG_FORMAT => "illegal MsgFormat",
        TIME_FORMAT => "illegal time format",
        MSG_LENGTH => "illegal MsgLength",
        EXPIRED => "expired",
        ROUTE => "no route",
        SERVICE_ID => "illegal ServiceID",
        VALID_TIME | AT_TIME => "illegal ValidTime or AtTime",
        SRC_TERM_ID => "illegal source number",
        DEST_TERM_ID => "illegal destination number",
        CHARGE_TERM_ID => "illegal payer",
        SP_CODE => "illegal SP code",
        38 | 40..=42 => "illegal field",
        ENTERPRISE_CODE => "illegal enterprise code",
        M_SERVICE_ID => "illegal MServiceID",
        56..=68 | 70..=72 => "routing or administration",
        QUIET_HOURS => "sender may not send in this period",
        DAILY_VOLUME => "sender exceeded its daily volume",
        ACCOUNT_EXPIRED => "sender's account expired",
        VENDOR_FIRST..=VENDOR_LAST => "defined by the vendor",
        _ => "reserved",
    }
}

/// What a report's error (three digits) means, in a few words.
#[must_use]
pub const fn error_meaning(error: &[u8]) -> &'static str {
    match error {
        b"000" => "ok",
        b"001" => "unreachable",
        b"002" => "busy",
        b"003" => "no such number",
        b"004" => "illegal user",
        b"005" => "user on a blacklist",
        b"006" => "system failure",
        b"007" => "memory full",
        b"008" => "not a data terminal",
        b"009" => "data error",
        b"010" => "data lost",
        b"999" => "unknown",
        _ => "defined by the carrier",
    }
}

/// The code for a field that is wrong, by the field's name in the protocol.
#[must_use]
pub fn of_field(field: &str) -> u32 {
    match field {
        "MsgType" => MSG_TYPE,
        "Priority" => PRIORITY,
        "FeeType" | "FixedFee" => FEE_TYPE,
        "FeeCode" => FEE_CODE,
        "MsgFormat" => MSG_FORMAT,
        "MsgLength" | "MsgContent" => MSG_LENGTH,
        "ServiceID" => SERVICE_ID,
        "ValidTime" => VALID_TIME,
        "AtTime" => AT_TIME,
        "SrcTermID" => SRC_TERM_ID,
        "DestTermID" | "DestTermIDCount" => DEST_TERM_ID,
        "ChargeTermID" => CHARGE_TERM_ID,
        "MsgSrc" => ENTERPRISE_CODE,
        "MServiceID" => M_SERVICE_ID,
        _ => STRUCTURE,
    }
}

pub(crate) fn of_malformed(malformed: &Malformed) -> u32 {
    of_field(malformed.field)
}

pub(crate) const fn of_trouble(trouble: Trouble) -> u32 {
    match trouble {
        Trouble::Authentication | Trouble::UnknownAccount | Trouble::NotLoggedIn => AUTHENTICATION,
        Trouble::VersionTooHigh => VERSION_TOO_HIGH,
        Trouble::TurnedAway => TOO_MANY_CONNECTIONS,
        Trouble::AlreadyLoggedIn | Trouble::NotAllowed | Trouble::UnknownCommand => COMMAND,
        Trouble::DuplicateSequence => DUPLICATE_SEQUENCE,
        Trouble::FlowControl | Trouble::Unavailable => BUSY,
        Trouble::Malformed => STRUCTURE,
        Trouble::TooLong => MSG_LENGTH,
    }
}
