//! Tags, in `extra` of the shared words, of those fields of a PDU that the shared words have no place for. SGIP has no
//! optional fields: none of these stands on the wire with a tag, and an `extra` with any other tag has no room here.

/// AgentFlag of SUBMIT, where it is not 0: 1 byte.
pub const AGENT_FLAG: u16 = 0xFE01;
/// MorelatetoMTFlag of SUBMIT, where it is not 2 (caused by no message of the recipient): 1 byte.
pub const MORE_LATE_TO_MT_FLAG: u16 = 0xFE02;
/// MessageType of SUBMIT, where it is not 0: 1 byte.
pub const MESSAGE_TYPE: u16 = 0xFE03;
/// ReportFlag of SUBMIT, where it is none of 0, 1, 2 (3: for billing only): 1 byte.
pub const REPORT_FLAG: u16 = 0xFE04;
/// ReportType of REPORT, where it is not 0 (about a DELIVER that was passed on): 1 byte.
pub const REPORT_TYPE: u16 = 0xFE05;
