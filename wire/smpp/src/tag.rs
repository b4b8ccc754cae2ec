//! Tags of optional fields that a gateway reads or writes.

/// additional_status_info_text: words beside a status; here also a carrier's own word for a state.
pub const ADDITIONAL_STATUS_INFO_TEXT: u16 = 0x001D;
/// receipted_message_id: the message that a receipt speaks of.
pub const RECEIPTED_MESSAGE_ID: u16 = 0x001E;
/// sar_msg_ref_num: reference of a message in segments, two bytes.
pub const SAR_MSG_REF_NUM: u16 = 0x020C;
/// sar_total_segments: how many, one byte.
pub const SAR_TOTAL_SEGMENTS: u16 = 0x020E;
/// sar_segment_seqnum: which, from 1, one byte.
pub const SAR_SEGMENT_SEQNUM: u16 = 0x020F;
/// sc_interface_version: what a server speaks, one byte.
pub const SC_INTERFACE_VERSION: u16 = 0x0210;
/// network_error_code: kind of network, one byte, and its code, two.
pub const NETWORK_ERROR_CODE: u16 = 0x0423;
/// message_payload: content that does not stand in short_message.
pub const MESSAGE_PAYLOAD: u16 = 0x0424;
/// message_state: the state that a receipt tells, one byte.
pub const MESSAGE_STATE: u16 = 0x0427;

/// registered_delivery as it was heard, where it says more than [`anning_link::Wish`] can. Never on the wire.
pub const KEPT_REGISTERED_DELIVERY: u16 = 0xFFF1;
/// replace_if_present_flag as it was heard, where it is set. Never on the wire.
pub const KEPT_REPLACE_IF_PRESENT: u16 = 0xFFF2;
/// esm_class of a delivery, where it says more than that it is a reply or a receipt. Never on the wire.
pub const KEPT_ESM_CLASS: u16 = 0xFFF3;
/// priority_flag of a delivery, where it is set. Never on the wire.
pub const KEPT_PRIORITY: u16 = 0xFFF4;

/// Is the tag one of ours that must not come from outside? (They lie where the protocol has none.)
#[must_use]
pub(crate) const fn is_kept(tag: u16) -> bool {
    matches!(tag, KEPT_REGISTERED_DELIVERY..=KEPT_PRIORITY)
}
