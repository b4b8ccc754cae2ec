//! Tags of optional fields.
//!
//! Tags from [`OURS`] on never stand on the wire. They carry, in `extra` of the shared words, those fixed fields of a
//! PDU that the shared words have no place for; optional fields that come with such a tag are left out there.

/// Protocol identifier, 1 byte.
pub const TP_PID: u16 = 1;
/// 1: the content begins with a user data header.
pub const TP_UDHI: u16 = 2;
/// LinkID of an on-demand service, 20 bytes.
pub const LINK_ID: u16 = 3;
/// Who pays, 1 byte.
pub const CHARGE_USER_TYPE: u16 = 4;
/// Kind of the payer's number, 1 byte.
pub const CHARGE_TERM_TYPE: u16 = 5;
/// Pseudonym of the payer.
pub const CHARGE_TERM_PSEUDO: u16 = 6;
/// Kind of the recipient's number, 1 byte.
pub const DEST_TERM_TYPE: u16 = 7;
/// Pseudonym of the recipient.
pub const DEST_TERM_PSEUDO: u16 = 8;
/// Segments of one message, 1 byte.
pub const PK_TOTAL: u16 = 9;
/// Which segment, 1 byte. From 1 by the letter; some senders count from 0.
pub const PK_NUMBER: u16 = 0x0A;
/// Kind of submit, 1 byte.
pub const SUBMIT_MSG_TYPE: u16 = 0x0B;
/// What the service provider did with it, 1 byte.
pub const SP_DEAL_RESULT: u16 = 0x0C;
/// Kind of the sender's number, 1 byte.
pub const SRC_TERM_TYPE: u16 = 0x0D;
/// Pseudonym of the sender.
pub const SRC_TERM_PSEUDO: u16 = 0x0E;
/// Gateways passed, 1 byte.
pub const NODES_COUNT: u16 = 0x0F;
/// Enterprise code, 8 bytes.
pub const MSG_SRC: u16 = 0x10;
/// Kind of source, 1 byte.
pub const SRC_TYPE: u16 = 0x11;
/// Business code of the service provider, 21 bytes.
pub const M_SERVICE_ID: u16 = 0x12;

/// The first of the tags that never stand on the wire.
pub const OURS: u16 = 0xFE00;
/// RecvTime of DELIVER, 14 digits YYYYMMDDHHMMSS. A reply said without it has an empty RecvTime.
pub const RECV_TIME: u16 = 0xFF01;
/// MsgType of SUBMIT, where it is not 6 (to a mobile).
pub const MSG_TYPE: u16 = 0xFF02;
/// Reserve, where it holds anything.
pub const RESERVE: u16 = 0xFF03;
