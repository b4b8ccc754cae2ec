//! Status codes: what they are called, what they mean, and what a sender does about them.

use anning_link::{Fault, Malformed};

/// No error.
pub const ESME_ROK: u32 = 0x0000_0000;
/// Message length is invalid.
pub const ESME_RINVMSGLEN: u32 = 0x0000_0001;
/// Command length is invalid.
pub const ESME_RINVCMDLEN: u32 = 0x0000_0002;
/// Command is unknown.
pub const ESME_RINVCMDID: u32 = 0x0000_0003;
/// Command does not fit the bind.
pub const ESME_RINVBNDSTS: u32 = 0x0000_0004;
/// Already bound.
pub const ESME_RALYBND: u32 = 0x0000_0005;
/// Priority is invalid.
pub const ESME_RINVPRTFLG: u32 = 0x0000_0006;
/// Registered_delivery is invalid.
pub const ESME_RINVREGDLVFLG: u32 = 0x0000_0007;
/// System error.
pub const ESME_RSYSERR: u32 = 0x0000_0008;
/// Source address is invalid.
pub const ESME_RINVSRCADR: u32 = 0x0000_000A;
/// Destination address is invalid.
pub const ESME_RINVDSTADR: u32 = 0x0000_000B;
/// Message id is invalid.
pub const ESME_RINVMSGID: u32 = 0x0000_000C;
/// Bind failed.
pub const ESME_RBINDFAIL: u32 = 0x0000_000D;
/// Password is wrong.
pub const ESME_RINVPASWD: u32 = 0x0000_000E;
/// System id is unknown.
pub const ESME_RINVSYSID: u32 = 0x0000_000F;
/// Cancel failed.
pub const ESME_RCANCELFAIL: u32 = 0x0000_0011;
/// Replace failed.
pub const ESME_RREPLACEFAIL: u32 = 0x0000_0013;
/// Queue is full.
pub const ESME_RMSGQFUL: u32 = 0x0000_0014;
/// Service type is invalid.
pub const ESME_RINVSERTYP: u32 = 0x0000_0015;
/// Number of destinations is invalid.
pub const ESME_RINVNUMDESTS: u32 = 0x0000_0033;
/// Name of a distribution list is invalid.
pub const ESME_RINVDLNAME: u32 = 0x0000_0034;
/// Destination flag is invalid.
pub const ESME_RINVDESTFLAG: u32 = 0x0000_0040;
/// Submit with replace is not done.
pub const ESME_RINVSUBREP: u32 = 0x0000_0042;
/// Esm_class is invalid.
pub const ESME_RINVESMCLASS: u32 = 0x0000_0043;
/// Distribution lists are not served.
pub const ESME_RCNTSUBDL: u32 = 0x0000_0044;
/// Submit failed.
pub const ESME_RSUBMITFAIL: u32 = 0x0000_0045;
/// Source type of number is invalid.
pub const ESME_RINVSRCTON: u32 = 0x0000_0048;
/// Source numbering plan is invalid.
pub const ESME_RINVSRCNPI: u32 = 0x0000_0049;
/// Destination type of number is invalid.
pub const ESME_RINVDSTTON: u32 = 0x0000_0050;
/// Destination numbering plan is invalid.
pub const ESME_RINVDSTNPI: u32 = 0x0000_0051;
/// System type is invalid.
pub const ESME_RINVSYSTYP: u32 = 0x0000_0053;
/// Replace_if_present is invalid.
pub const ESME_RINVREPFLAG: u32 = 0x0000_0054;
/// Number of messages is invalid.
pub const ESME_RINVNUMMSGS: u32 = 0x0000_0055;
/// Throttled: more than was agreed.
pub const ESME_RTHROTTLED: u32 = 0x0000_0058;
/// Schedule time is invalid.
pub const ESME_RINVSCHED: u32 = 0x0000_0061;
/// Validity period is invalid.
pub const ESME_RINVEXPIRY: u32 = 0x0000_0062;
/// Predefined message is invalid or unknown.
pub const ESME_RINVDFTMSGID: u32 = 0x0000_0063;
/// Receiver: temporary error.
pub const ESME_RX_T_APPN: u32 = 0x0000_0064;
/// Receiver: permanent error.
pub const ESME_RX_P_APPN: u32 = 0x0000_0065;
/// Receiver: message rejected.
pub const ESME_RX_R_APPN: u32 = 0x0000_0066;
/// Query failed.
pub const ESME_RQUERYFAIL: u32 = 0x0000_0067;
/// Optional part is broken.
pub const ESME_RINVOPTPARSTREAM: u32 = 0x0000_00C0;
/// Optional field is not allowed.
pub const ESME_ROPTPARNOTALLWD: u32 = 0x0000_00C1;
/// Optional field has a wrong length.
pub const ESME_RINVPARLEN: u32 = 0x0000_00C2;
/// Optional field is missing.
pub const ESME_RMISSINGOPTPARAM: u32 = 0x0000_00C3;
/// Optional field has an invalid value.
pub const ESME_RINVOPTPARAMVAL: u32 = 0x0000_00C4;
/// Delivery failed.
pub const ESME_RDELIVERYFAILURE: u32 = 0x0000_00FE;
/// Unknown error.
pub const ESME_RUNKNOWNERR: u32 = 0x0000_00FF;
/// Not authorised for the service type (5.0).
pub const ESME_RSERTYPUNAUTH: u32 = 0x0000_0100;
/// Prohibited from the operation (5.0).
pub const ESME_RPROHIBITED: u32 = 0x0000_0101;
/// Service type is unavailable (5.0).
pub const ESME_RSERTYPUNAVAIL: u32 = 0x0000_0102;
/// Service type is denied for the content (5.0).
pub const ESME_RSERTYPDENIED: u32 = 0x0000_0103;
/// Data coding is invalid (5.0).
pub const ESME_RINVDCS: u32 = 0x0000_0104;
/// Source subunit is invalid (5.0).
pub const ESME_RINVSRCADDRSUBUNIT: u32 = 0x0000_0105;
/// Destination subunit is invalid (5.0).
pub const ESME_RINVDSTADDRSUBUNIT: u32 = 0x0000_0106;

/// Codes that carriers give meanings of their own. The gateway publishes one for each reason of policy.
pub const VENDOR: core::ops::RangeInclusive<u32> = 0x0000_0400..=0x0000_04FF;

/// What a code means, for a log; none for those that the protocol leaves open.
#[must_use]
pub fn meaning(code: u32) -> Option<&'static str> {
    MEANINGS.iter().find(|(known, _)| *known == code).map(|(_, meaning)| *meaning)
}

/// Does the usual sender keep the message and try again? (Kannel 1.4.5; it takes every other code as final.) Such a code
/// must never stand for "no consent": the message would come back for ever.
#[must_use]
pub const fn is_temporary(code: u32) -> bool {
    matches!(code, ESME_RSYSERR | ESME_RMSGQFUL | ESME_RTHROTTLED | ESME_RX_T_APPN)
}

/// The code that tells a sender what was wrong with its frame.
#[must_use]
pub fn of(malformed: &Malformed) -> u32 {
    match malformed.fault {
        Fault::Command => ESME_RINVCMDID,
        Fault::Short | Fault::Long(_) | Fault::Value(_) | Fault::Version(_) => FIELDS
            .iter()
            .find(|(field, _)| *field == malformed.field)
            .map_or(ESME_RINVCMDLEN, |(_, code)| *code),
    }
}

/// By the name of the field.
const FIELDS: &[(&str, u32)] = &[
    ("system_id", ESME_RINVSYSID),
    ("password", ESME_RINVPASWD),
    ("system_type", ESME_RINVSYSTYP),
    ("service_type", ESME_RINVSERTYP),
    ("source_addr", ESME_RINVSRCADR),
    ("destination_addr", ESME_RINVDSTADR),
    ("number_of_dests", ESME_RINVNUMDESTS),
    ("dest_flag", ESME_RINVDESTFLAG),
    ("dl_name", ESME_RCNTSUBDL),
    ("message_id", ESME_RINVMSGID),
    ("schedule_delivery_time", ESME_RINVSCHED),
    ("validity_period", ESME_RINVEXPIRY),
    ("sm_default_msg_id", ESME_RINVDFTMSGID),
    ("sm_length", ESME_RINVMSGLEN),
    ("short_message", ESME_RINVMSGLEN),
    ("tlv_tag", ESME_RINVOPTPARSTREAM),
    ("tlv_length", ESME_RINVOPTPARSTREAM),
    ("tlv_count", ESME_RINVOPTPARSTREAM),
    ("tlv_value", ESME_RINVPARLEN),
    ("tlv_not_allowed", ESME_ROPTPARNOTALLWD),
    ("sar_length", ESME_RINVPARLEN),
    ("sar_value", ESME_RINVOPTPARAMVAL),
];

const MEANINGS: &[(u32, &str)] = &[
    (ESME_ROK, "no error"),
    (ESME_RINVMSGLEN, "message length is invalid"),
    (ESME_RINVCMDLEN, "command length is invalid"),
    (ESME_RINVCMDID, "command is unknown"),
    (ESME_RINVBNDSTS, "command does not fit the bind"),
    (ESME_RALYBND, "already bound"),
    (ESME_RINVPRTFLG, "priority is invalid"),
    (ESME_RINVREGDLVFLG, "registered_delivery is invalid"),
    (ESME_RSYSERR, "system error"),
    (ESME_RINVSRCADR, "source address is invalid"),
    (ESME_RINVDSTADR, "destination address is invalid"),
    (ESME_RINVMSGID, "message id is invalid"),
    (ESME_RBINDFAIL, "bind failed"),
    (ESME_RINVPASWD, "password is wrong"),
    (ESME_RINVSYSID, "system id is unknown"),
    (ESME_RCANCELFAIL, "cancel failed"),
    (ESME_RREPLACEFAIL, "replace failed"),
    (ESME_RMSGQFUL, "queue is full"),
    (ESME_RINVSERTYP, "service type is invalid"),
    (ESME_RINVNUMDESTS, "number of destinations is invalid"),
    (ESME_RINVDLNAME, "name of a distribution list is invalid"),
    (ESME_RINVDESTFLAG, "destination flag is invalid"),
    (ESME_RINVSUBREP, "submit with replace is not done"),
    (ESME_RINVESMCLASS, "esm_class is invalid"),
    (ESME_RCNTSUBDL, "distribution lists are not served"),
    (ESME_RSUBMITFAIL, "submit failed"),
    (ESME_RINVSRCTON, "source type of number is invalid"),
    (ESME_RINVSRCNPI, "source numbering plan is invalid"),
    (ESME_RINVDSTTON, "destination type of number is invalid"),
    (ESME_RINVDSTNPI, "destination numbering plan is invalid"),
    (ESME_RINVSYSTYP, "system type is invalid"),
    (ESME_RINVREPFLAG, "replace_if_present is invalid"),
    (ESME_RINVNUMMSGS, "number of messages is invalid"),
    (ESME_RTHROTTLED, "throttled: more than was agreed"),
    (ESME_RINVSCHED, "schedule time is invalid"),
    (ESME_RINVEXPIRY, "validity period is invalid"),
    (ESME_RINVDFTMSGID, "predefined message is invalid or unknown"),
    (ESME_RX_T_APPN, "receiver: temporary error"),
    (ESME_RX_P_APPN, "receiver: permanent error"),
    (ESME_RX_R_APPN, "receiver: message rejected"),
    (ESME_RQUERYFAIL, "query failed"),
    (ESME_RINVOPTPARSTREAM, "optional part is broken"),
    (ESME_ROPTPARNOTALLWD, "optional field is not allowed"),
    (ESME_RINVPARLEN, "optional field has a wrong length"),
    (ESME_RMISSINGOPTPARAM, "optional field is missing"),
    (ESME_RINVOPTPARAMVAL, "optional field has an invalid value"),
    (ESME_RDELIVERYFAILURE, "delivery failed"),
    (ESME_RUNKNOWNERR, "unknown error"),
    (ESME_RSERTYPUNAUTH, "not authorised for the service type (5.0)"),
    (ESME_RPROHIBITED, "prohibited from the operation (5.0)"),
    (ESME_RSERTYPUNAVAIL, "service type is unavailable (5.0)"),
    (ESME_RSERTYPDENIED, "service type is denied for the content (5.0)"),
    (ESME_RINVDCS, "data coding is invalid (5.0)"),
    (ESME_RINVSRCADDRSUBUNIT, "source subunit is invalid (5.0)"),
    (ESME_RINVDSTADDRSUBUNIT, "destination subunit is invalid (5.0)"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_explained_once() {
        let mut codes: Vec<_> = MEANINGS.iter().map(|(code, _)| *code).collect();
        codes.dedup();
        assert_eq!(codes.len(), MEANINGS.len());
        assert!(codes.is_sorted());
        assert_eq!(meaning(0x401), None);
        assert!(VENDOR.contains(&0x401));
    }

    #[test]
    fn what_kannel_tries_again() {
        let temporary: Vec<_> = (0..0x500).filter(|code| is_temporary(*code)).collect();
        assert_eq!(temporary, [0x08, 0x14, 0x58, 0x64]);
    }
}
