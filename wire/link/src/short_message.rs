//! The short message and what is told of it, in words that all four protocols share.
//!
//! Contents, numbers and codings are the bytes of the wire: what they mean is read elsewhere, once, with all segments
//! at hand. Nothing that a sender said is dropped on the way through.

/// A number or name as it stands on the wire. Its `Debug` does not show it: it is a person's.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address {
    /// Digits or letters, without padding.
    pub text: Vec<u8>,
    /// Type of number (SMPP); 0 elsewhere. In CMPP 3.0 the terminal type of a destination.
    pub ton: u8,
    /// Numbering plan (SMPP); 0 elsewhere.
    pub npi: u8,
}

impl Address {
    /// Digits or letters alone.
    #[must_use]
    pub fn new(text: &[u8]) -> Self {
        Self { text: text.to_vec(), ton: 0, npi: 0 }
    }
}

impl core::fmt::Debug for Address {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Address({} bytes)", self.text.len())
    }
}

/// What a carrier calls a message: 8 bytes (CMPP), 10 (SMGP), the 12 of the submit's sequence (SGIP), a text (SMPP).
/// Opaque: real gateways do not all keep to the layouts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageId(pub Vec<u8>);

/// What a PDU says of its place in a longer message, outside of its content (Pk_total, SAR fields).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Reference, where one is given beside the content.
    pub reference: Option<u16>,
    /// How many.
    pub total: u8,
    /// Which, from 1.
    pub number: u8,
}

/// Whether the sender wants to be told what became of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wish {
    /// No report.
    #[default]
    Nothing,
    /// A report, whatever became of it.
    Report,
    /// A report of failure only.
    ReportOfFailure,
}

/// Who pays, as the sender said it; empty fields mean the protocol's own default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fee {
    /// Kind of payer (CMPP Fee_UserType).
    pub payer_kind: u8,
    /// Payer's number.
    pub payer: Address,
    /// Kind of fee, text.
    pub kind: Vec<u8>,
    /// Fee in cents, text.
    pub code: Vec<u8>,
    /// Ceiling or credit (SMGP FixedFee, SGIP GivenValue), text.
    pub fixed: Vec<u8>,
}

/// An optional field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tlv {
    /// Its tag.
    pub tag: u16,
    /// Its value.
    pub value: Vec<u8>,
}

/// One submit: a message, or a segment of one, for one or many recipients.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Submission {
    /// Access number or name shown to the recipient.
    pub source: Address,
    /// Recipients, at least one.
    pub destinations: Vec<Address>,
    /// Coding as the protocol numbers it (Msg_Fmt, data_coding).
    pub coding: u8,
    /// The content begins with a user data header.
    pub udh: bool,
    /// Content, with its header.
    pub content: Vec<u8>,
    /// Place in a longer message, if said beside the content.
    pub segment: Option<Segment>,
    /// Reports wanted.
    pub wish: Wish,
    /// Business code (Service_Id, ServiceType, service_type).
    pub service: Vec<u8>,
    /// Enterprise code (Msg_src, CorpId, MsgSrc); empty in SMPP.
    pub enterprise: Vec<u8>,
    /// Who pays.
    pub fee: Fee,
    /// Priority as the protocol numbers it.
    pub priority: u8,
    /// Protocol identifier (TP_pid).
    pub protocol_id: u8,
    /// Message mode and reply path (SMPP esm_class without the UDH bit); 0 elsewhere.
    pub mode: u8,
    /// Valid until, in SMPP's time format; empty: the carrier's default.
    pub valid_until: Vec<u8>,
    /// Not before, in SMPP's time format; empty: at once.
    pub not_before: Vec<u8>,
    /// LinkID of an on-demand service; empty elsewhere.
    pub link: Vec<u8>,
    /// Fields that none of the above carries, in their order.
    pub extra: Vec<Tlv>,
}

/// What becomes of a request to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Taken. With several recipients the ids of the others follow from the first (see [`crate::Dialect::nth_id`]).
    Taken(MessageId),
    /// Taken for some: those named were refused with a code (SMPP submit_multi).
    TakenExcept(MessageId, Vec<(Address, u32)>),
    /// Refused as a whole, with the protocol's code.
    Refused(u32),
}

/// What a carrier hands over to a sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// A message of a subscriber.
    Reply(Reply),
    /// What became of a message sent before.
    Report(Report),
}

impl Delivery {
    /// What the answer to it repeats; empty where the protocol repeats nothing.
    #[must_use]
    pub const fn carried_as(&self) -> &MessageId {
        match self {
            Self::Reply(reply) => &reply.id,
            Self::Report(report) => &report.carried_as,
        }
    }
}

/// A message of a subscriber to an access number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// The carrier's id of it; empty where the protocol has none.
    pub id: MessageId,
    /// The subscriber.
    pub source: Address,
    /// The access number.
    pub destination: Address,
    /// Coding as the protocol numbers it.
    pub coding: u8,
    /// The content begins with a user data header.
    pub udh: bool,
    /// Content, with its header.
    pub content: Vec<u8>,
    /// Place in a longer message, if said beside the content.
    pub segment: Option<Segment>,
    /// Business code.
    pub service: Vec<u8>,
    /// Protocol identifier.
    pub protocol_id: u8,
    /// LinkID.
    pub link: Vec<u8>,
    /// Fields that none of the above carries.
    pub extra: Vec<Tlv>,
}

/// What became of one message to one recipient.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The id given when it was taken.
    pub id: MessageId,
    /// The id of the PDU that carries the report (CMPP, SMGP); empty where the protocol has none.
    pub carried_as: MessageId,
    /// The recipient.
    pub recipient: Address,
    /// The access number it was sent from, where the protocol says it.
    pub source: Address,
    /// State.
    pub state: ReportState,
    /// The carrier's own word for it: seven characters (CMPP Stat, SMPP stat), a number as text (SGIP ErrorCode).
    pub word: Vec<u8>,
    /// Error beside it (SMPP and SMGP `err:`), text; empty where there is none.
    pub error: Vec<u8>,
    /// Handed in, as written (YYMMDDHHMM).
    pub submitted: Vec<u8>,
    /// Done, as written (YYMMDDHHMM).
    pub done: Vec<u8>,
    /// Beginning of the message, where it is repeated.
    pub text: Vec<u8>,
    /// Business code.
    pub service: Vec<u8>,
    /// Fields that none of the above carries.
    pub extra: Vec<Tlv>,
}

/// The states that the protocols share; what a carrier says beyond them stays in [`Report::word`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ReportState {
    /// Under way; another report follows.
    Underway,
    /// Reached the recipient.
    Delivered,
    /// Its time ran out.
    Expired,
    /// Taken back.
    Deleted,
    /// Cannot be delivered.
    Undeliverable,
    /// Taken by a node on the way; another report may follow.
    Accepted,
    /// Nothing is known.
    #[default]
    Unknown,
    /// Refused.
    Rejected,
    /// A failure that only the carrier's word names.
    Failed,
}

impl ReportState {
    /// No other report follows.
    #[must_use]
    pub const fn is_final(self) -> bool {
        match self {
            Self::Underway | Self::Accepted => false,
            Self::Delivered
            | Self::Expired
            | Self::Deleted
            | Self::Undeliverable
            | Self::Unknown
            | Self::Rejected
            | Self::Failed => true,
        }
    }
}
