//! Earlier sends to the same recipient: what frequency and "no repeat" are counted on.

use crate::{Channel, ContentKind, PartyId, Timestamp};

/// One earlier message, handed over to the carrier; segments are not counted apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Prior {
    /// When it was handed over.
    pub sent_at: Timestamp,
    /// Its sender.
    pub sender: Option<PartyId>,
    /// Its channel.
    pub channel: Channel,
    /// Its kind of content.
    pub kind: Option<ContentKind>,
    /// It was treated as commercial.
    pub commercial: bool,
    /// It asked for consent.
    pub request: bool,
    /// Its group of wording.
    pub wording: Option<u32>,
}
