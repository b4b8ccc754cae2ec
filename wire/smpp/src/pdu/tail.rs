//! What follows the last named field: optional fields, and what is none.

use anning_link::{Reader, Tlv, Writer};

use super::wrong::Wrong;

/// Optional fields in their order, known or not, and bytes behind them that are none.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Tail {
    /// Optional fields.
    pub tlvs: Vec<Tlv>,
    /// Odd bytes behind them: up to three zeros where a fault is told, anything where it is kept.
    pub rest: Vec<u8>,
}

/// What becomes of a fault in a tail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Faults {
    /// The sender is told, and sends again.
    Told,
    /// An answer cannot be answered; and a receipt or a reply that is refused for its tail is lost for good.
    Kept,
}

impl Tail {
    /// These optional fields.
    #[must_use]
    pub const fn of(tlvs: Vec<Tlv>) -> Self {
        Self { tlvs, rest: Vec::new() }
    }

    /// The first optional field of that tag.
    #[must_use]
    pub fn first(&self, tag: u16) -> Option<&[u8]> {
        self.tlvs.iter().find(|tlv| tlv.tag == tag).map(|tlv| tlv.value.as_slice())
    }

    pub(super) fn read(body: &mut Reader<'_>, faults: Faults) -> Result<Self, Wrong> {
        let mut tail = Self::default();
        while !body.rest().is_empty() {
            match tlv(body) {
                Ok(_) if tail.tlvs.len() == TLVS_MOST => {
                    // Bounded: what is kept of each takes more room than its four bytes on the wire.
                    return Err(Wrong::value("tlv_count", body.at(), super::count(tail.tlvs.len() + 1)));
                }
                Ok(tlv) => tail.tlvs.push(tlv),
                Err(wrong) => {
                    let rest = body.rest();
                    let padding = rest.len() < TLV_HEADER && rest.iter().all(|b| *b == 0);
                    if faults == Faults::Told && !padding {
                        return Err(wrong);
                    }
                    tail.rest = body.bytes("tail", rest.len())?.to_vec();
                }
            }
        }
        Ok(tail)
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        for Tlv { tag, value } in &self.tlvs {
            let most = value.len().min(usize::from(u16::MAX));
            out.u16(*tag).u16(u16::try_from(most).unwrap_or(u16::MAX));
            out.bytes(value.get(..most).unwrap_or(value));
        }
        out.bytes(&self.rest);
    }
}

impl core::fmt::Debug for Tail {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        // Values may be numbers (callback_num) or whole messages (message_payload).
        let tlvs = self.tlvs.iter().map(|tlv| format!("{:#06x}: {} bytes", tlv.tag, tlv.value.len()));
        f.debug_list().entries(tlvs).entry(&self.rest.len()).finish()
    }
}

/// One optional field; the reader stays where it was when there is none.
fn tlv(body: &mut Reader<'_>) -> Result<Tlv, Wrong> {
    let mut ahead = *body;
    let (tag, length) = (ahead.u16("tlv_tag")?, ahead.u16("tlv_length")?);
    let value = ahead.bytes("tlv_value", usize::from(length))?.to_vec();
    *body = ahead;
    Ok(Tlv { tag, value })
}

/// Tag and length.
const TLV_HEADER: usize = 4;
/// The protocol knows some seventy, and each once.
pub(crate) const TLVS_MOST: usize = 256;
