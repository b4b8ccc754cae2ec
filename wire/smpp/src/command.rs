//! Numbers of commands (`command_id`). An answer's is the request's with the highest bit set.

/// The bit that makes an answer of a request.
pub const ANSWER: u32 = 0x8000_0000;

/// bind_receiver.
pub const BIND_RECEIVER: u32 = 0x0000_0001;
/// bind_transmitter.
pub const BIND_TRANSMITTER: u32 = 0x0000_0002;
/// query_sm.
pub const QUERY_SM: u32 = 0x0000_0003;
/// submit_sm.
pub const SUBMIT_SM: u32 = 0x0000_0004;
/// deliver_sm.
pub const DELIVER_SM: u32 = 0x0000_0005;
/// unbind.
pub const UNBIND: u32 = 0x0000_0006;
/// replace_sm.
pub const REPLACE_SM: u32 = 0x0000_0007;
/// cancel_sm.
pub const CANCEL_SM: u32 = 0x0000_0008;
/// bind_transceiver.
pub const BIND_TRANSCEIVER: u32 = 0x0000_0009;
/// outbind; has no answer.
pub const OUTBIND: u32 = 0x0000_000B;
/// enquire_link.
pub const ENQUIRE_LINK: u32 = 0x0000_0015;
/// submit_multi.
pub const SUBMIT_MULTI: u32 = 0x0000_0021;
/// alert_notification; has no answer.
pub const ALERT_NOTIFICATION: u32 = 0x0000_0102;
/// data_sm.
pub const DATA_SM: u32 = 0x0000_0103;
/// broadcast_sm (5.0).
pub const BROADCAST_SM: u32 = 0x0000_0111;
/// query_broadcast_sm (5.0).
pub const QUERY_BROADCAST_SM: u32 = 0x0000_0112;
/// cancel_broadcast_sm (5.0).
pub const CANCEL_BROADCAST_SM: u32 = 0x0000_0113;
/// generic_nack.
pub const GENERIC_NACK: u32 = 0x8000_0000;

pub(crate) const BIND_RECEIVER_RESP: u32 = ANSWER | BIND_RECEIVER;
pub(crate) const BIND_TRANSMITTER_RESP: u32 = ANSWER | BIND_TRANSMITTER;
pub(crate) const BIND_TRANSCEIVER_RESP: u32 = ANSWER | BIND_TRANSCEIVER;
pub(crate) const QUERY_SM_RESP: u32 = ANSWER | QUERY_SM;
pub(crate) const SUBMIT_SM_RESP: u32 = ANSWER | SUBMIT_SM;
pub(crate) const DELIVER_SM_RESP: u32 = ANSWER | DELIVER_SM;
pub(crate) const UNBIND_RESP: u32 = ANSWER | UNBIND;
pub(crate) const REPLACE_SM_RESP: u32 = ANSWER | REPLACE_SM;
pub(crate) const CANCEL_SM_RESP: u32 = ANSWER | CANCEL_SM;
pub(crate) const ENQUIRE_LINK_RESP: u32 = ANSWER | ENQUIRE_LINK;
pub(crate) const SUBMIT_MULTI_RESP: u32 = ANSWER | SUBMIT_MULTI;
pub(crate) const DATA_SM_RESP: u32 = ANSWER | DATA_SM;
pub(crate) const BROADCAST_SM_RESP: u32 = ANSWER | BROADCAST_SM;
pub(crate) const QUERY_BROADCAST_SM_RESP: u32 = ANSWER | QUERY_BROADCAST_SM;
pub(crate) const CANCEL_BROADCAST_SM_RESP: u32 = ANSWER | CANCEL_BROADCAST_SM;
