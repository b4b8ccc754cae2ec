//! Message ids: ten bytes, which carriers write as decimal digits, and vendors as they like.

use anning_link::{Civil, MessageId};

/// The id of a message that this side takes as a gateway: gateway code (six digits), MMDDHHMM, and a count (six
/// digits). Digits beyond these are left out.
#[must_use]
pub fn make(gateway: u32, at: Civil, count: u32) -> MessageId {
    let mut id = [0; ID];
    let (code, rest) = id.split_at_mut(CODE);
    let (time, place) = rest.split_at_mut(TIME);
    write(code, gateway);
    write(time, at.number() / 100);
    write(place, count);
    MessageId(id.to_vec())
}

/// The id of the recipient at `place` (from 0) of a submit whose first id is `first`: counted in decimal digits, from
/// 999999 on to 0. Where the count is no decimal digits, the vendor counts in binary.
#[must_use]
pub fn nth(first: &MessageId, place: usize) -> MessageId {
    let mut id = first.clone();
    let Some(count) = id.0.get_mut(CODE + TIME..ID) else { return id };
    let place = u64::try_from(place).unwrap_or(u64::MAX);
    if let Some(number) = read(count) {
        let next = (u64::from(number) + place % COUNTS) % COUNTS;
        write(count, u32::try_from(next).unwrap_or(0));
    } else if let [a, b, c] = count {
        let number = u64::from(u32::from_be_bytes([0, *a, *b, *c]));
        let [.., x, y, z] = number.wrapping_add(place).to_be_bytes();
        (*a, *b, *c) = (x, y, z);
    }
    id
}

/// The number that binary-coded decimal digits say; none where a half byte is no digit.
fn read(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |number, byte| {
        let (high, low) = (u32::from(byte >> 4), u32::from(byte & 0x0F));
        (high < 10 && low < 10).then(|| number * 100 + high * 10 + low)
    })
}

/// Writes the last digits of a number, two a byte.
fn write(digits: &mut [u8], mut number: u32) {
    for byte in digits.iter_mut().rev() {
        let pair = u8::try_from(number % 100).unwrap_or(0);
        *byte = ((pair / 10) << 4) | (pair % 10);
        number /= 100;
    }
}

/// Bytes of an id.
pub const ID: usize = 10;
const CODE: usize = 3;
const TIME: usize = 4;
const COUNTS: u64 = 1_000_000;

#[cfg(test)]
mod tests {
    use super::{make, nth};
    use anning_link::{Civil, MessageId};

    #[test]
    fn counted_in_decimal_digits() {
        let check = |first: [u8; 10], place, next: [u8; 10]| {
            assert_eq!(nth(&MessageId(first.to_vec()), place).0, next, "{first:02x?} + {place}");
        };
        let with = |a, b, c| [0x01, 0x00, 0x61, 0x01, 0x16, 0x17, 0x00, a, b, c];
        check(with(0x01, 0x23, 0x45), 0, with(0x01, 0x23, 0x45));
        check(with(0x01, 0x23, 0x45), 1, with(0x01, 0x23, 0x46));
        check(with(0x00, 0x00, 0x09), 1, with(0x00, 0x00, 0x10));
        check(with(0x00, 0x00, 0x99), 99, with(0x00, 0x01, 0x98));
        check(with(0x99, 0x99, 0x99), 1, with(0x00, 0x00, 0x00));
        check(with(0x00, 0x00, 0x0a), 6, with(0x00, 0x00, 0x10));
        check(with(0xff, 0xff, 0xff), 1, with(0x00, 0x00, 0x00));
        assert_eq!(nth(&MessageId(vec![1, 2]), 3), MessageId(vec![1, 2]));
    }

    #[test]
    fn made_as_a_gateway() {
        let at = Civil::from_number(1_111_120_159).unwrap();
        let id = make(10_061, at, 12_345);
        assert_eq!(id.0, [0x01, 0x00, 0x61, 0x11, 0x11, 0x12, 0x01, 0x01, 0x23, 0x45]);
        assert_eq!(make(10_061, at, 1_000_000), make(10_061, at, 0));
    }
}
