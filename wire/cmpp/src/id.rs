//! Msg_Id: eight bytes. Real gateways do not all keep to its layout, so that of others is never taken apart.

use anning_link::{Civil, MessageId};

/// An id as the specification lays it out, from the top: month 4 bits, day 5, hour 5, minute 6, second 6, code of the
/// gateway 22, sequence 16. It repeats when one gateway hands out more than 65,536 in a second.
#[must_use]
pub fn message_id(at: Civil, gateway: u32, sequence: u16) -> MessageId {
    let bits = [(at.month, 4), (at.day, 5), (at.hour, 5), (at.minute, 6), (at.second, 6)];
    let time = bits.into_iter().fold(0_u64, |id, (part, room)| id << room | u64::from(part));
    let gateway = u64::from(gateway) & ((1 << GATEWAY_BITS) - 1);
    let id = time << (GATEWAY_BITS + 16) | gateway << 16 | u64::from(sequence);
    MessageId(id.to_be_bytes().to_vec())
}

/// The id of the recipient at that place of one SUBMIT: the sequence counts on, and wraps to 0 without a carry.
pub(crate) fn nth(first: &MessageId, place: usize) -> MessageId {
    let mut id = first.clone();
    if let [.., high, low] = id.0.as_mut_slice() {
        let place = u16::try_from(place % 0x1_0000).unwrap_or(0);
        [*high, *low] = u16::from_be_bytes([*high, *low]).wrapping_add(place).to_be_bytes();
    }
    id
}

const GATEWAY_BITS: u32 = 22;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_ours() {
        let at = Civil { month: 12, day: 31, hour: 23, minute: 59, second: 59 };
        let id = message_id(at, 0x3F_FFFF, 0xFFFF);
        assert_eq!(id.0, [0xCF, 0xDF, 0xBE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
        assert_eq!(message_id(Civil { month: 1, ..Civil::default() }, 1, 2).0, [0x10, 0, 0, 0, 0, 1, 0, 2]);
        assert_eq!(nth(&id, 0), id);
        assert_eq!(nth(&id, 1).0, [0xCF, 0xDF, 0xBE, 0xFF, 0xFF, 0xFF, 0, 0]);
        assert_eq!(nth(&MessageId(vec![1]), 1).0, [1], "no id of this protocol: left alone");
    }
}
