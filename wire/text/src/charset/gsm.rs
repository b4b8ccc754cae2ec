//! GSM 03.38: the default alphabet of seven bits and its extension table.

use super::{Decoded, Unfit};
use crate::coding::ESCAPE;

/// Reads septets, one a byte. A septet after the escape that the extension table does not have is read as the
/// default alphabet has it, as phones do, and counted; so is an escape that ends the text.
pub(crate) fn decode(bytes: &[u8]) -> Decoded {
    let mut decoded = Decoded::default();
    let mut septets = bytes.iter().copied().enumerate();
    while let Some((at, septet)) = septets.next() {
        if septet != ESCAPE {
            decoded.push(default(septet), at);
            continue;
        }
        let Some((_, second)) = septets.next() else {
            decoded.push(None, at);
            continue;
        };
        match extended(second) {
            Some(character) => decoded.push(Some(character), at),
            None => {
                decoded.replaced += 1;
                decoded.first.get_or_insert(at);
                decoded.text.push(default(second).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
    }
    decoded
}

/// Writes septets, one a byte.
pub(crate) fn encode(text: &str) -> Result<Vec<u8>, Unfit> {
    let mut out = Vec::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        if let Some(septet) = DEFAULT.iter().position(|c| *c == character && *c != NONE) {
            out.push(u8::try_from(septet).unwrap_or(0));
        } else if let Some((septet, _)) = EXTENSION.iter().find(|(_, c)| *c == character) {
            out.extend_from_slice(&[ESCAPE, *septet]);
        } else {
            return Err(Unfit { character, at });
        }
    }
    Ok(out)
}

/// Packs septets as they go over the air, after `fill` bits of zero (so that text after a header begins on a septet).
/// Bits beyond the seventh of a byte are left out.
#[must_use]
pub fn pack(septets: &[u8], fill: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(septets.len());
    let (mut held, mut bits) = (0_u32, u32::from(fill % 8));
    for septet in septets {
        held |= u32::from(septet & 0x7F) << bits;
        bits += 7;
        if bits >= 8 {
            out.push(low_byte(held));
            held >>= 8;
            bits -= 8;
        }
    }
    if bits > 0 {
        out.push(low_byte(held));
    }
    out
}

/// Unpacks `count` septets that follow `fill` bits; fewer if the bytes end before.
#[must_use]
pub fn unpack(bytes: &[u8], count: usize, fill: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(count.min(bytes.len().saturating_mul(2)));
    let (mut held, mut bits, mut skip) = (0_u32, 0_u32, u32::from(fill % 8));
    for byte in bytes {
        held |= u32::from(*byte) << bits;
        bits += 8;
        let skipped = skip.min(bits);
        held >>= skipped;
        bits -= skipped;
        skip -= skipped;
        while bits >= 7 && out.len() < count {
            out.push(low_byte(held & 0x7F));
            held >>= 7;
            bits -= 7;
        }
        if out.len() == count {
            break;
        }
    }
    out
}

fn low_byte(held: u32) -> u8 {
    let [low, ..] = held.to_le_bytes();
    low
}

fn default(septet: u8) -> Option<char> {
    DEFAULT.get(usize::from(septet)).copied().filter(|c| *c != NONE)
}

fn extended(septet: u8) -> Option<char> {
    EXTENSION.iter().find(|(known, _)| *known == septet).map(|(_, character)| *character)
}

/// Stands in the place of the escape, which is no character.
const NONE: char = '\0';

/// 3GPP TS 23.038, 6.2.1.
const DEFAULT: [char; 128] = [
    '@', '£', '$', '¥', 'è', 'é', 'ù', 'ì', 'ò', 'Ç', '\n', 'Ø', 'ø', '\r', 'Å', 'å', //
    'Δ', '_', 'Φ', 'Γ', 'Λ', 'Ω', 'Π', 'Ψ', 'Σ', 'Θ', 'Ξ', NONE, 'Æ', 'æ', 'ß', 'É', //
    ' ', '!', '"', '#', '¤', '%', '&', '\'', '(', ')', '*', '+', ',', '-', '.', '/', //
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<', '=', '>', '?', //
    '¡', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', //
    'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 'Ä', 'Ö', 'Ñ', 'Ü', '§', //
    '¿', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', //
    'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 'ä', 'ö', 'ñ', 'ü', 'à', //
];

/// 3GPP TS 23.038, 6.2.1.1.
const EXTENSION: [(u8, char); 10] = [
    (0x0A, '\u{c}'),
    (0x14, '^'),
    (0x28, '{'),
    (0x29, '}'),
    (0x2F, '\\'),
    (0x3C, '['),
    (0x3D, '~'),
    (0x3E, ']'),
    (0x40, '|'),
    (0x65, '€'),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(septets: &[u8], text: &str, replaced: usize) {
        let decoded = decode(septets);
        assert_eq!((decoded.text.as_str(), decoded.replaced), (text, replaced));
        if replaced == 0 {
            assert_eq!(encode(text).as_deref(), Ok(septets));
        }
    }

    #[test]
    fn septets() {
        check(b"Reply STOP", "Reply STOP", 0);
        check(&[0x00, 0x11, 0x24, 0x02], "@_¤$", 0);
        check(&[0x1B, 0x65, 0x1B, 0x3C, 0x1B, 0x3E], "€[]", 0);
        check(&[0x1B, b'a'], "a", 1);
        check(&[b'a', 0x1B], "a\u{fffd}", 1);
        check(&[0x1B, 0x1B, b'a'], "\u{fffd}a", 1);
        check(&[0x80, 0xFF], "\u{fffd}\u{fffd}", 2);
    }

    #[test]
    fn packed() {
        // "hellohello", the example of every introduction to the coding.
        let packed = [0xE8, 0x32, 0x9B, 0xFD, 0x46, 0x97, 0xD9, 0xEC, 0x37];
        assert_eq!(pack(b"hellohello", 0), packed);
        assert_eq!(unpack(&packed, 10, 0), b"hellohello");
        // After a header of 6 bytes one bit is filled: 153 septets and the bit take 134 bytes.
        assert_eq!(pack(&[0x7F; 153], 1).len(), 134);
        for fill in 0..7 {
            for length in 0..20 {
                let septets: Vec<u8> = (0..length).map(|n| n * 13 % 128).collect();
                assert_eq!(unpack(&pack(&septets, fill), septets.len(), fill), septets);
            }
        }
        assert_eq!(unpack(&[0xFF], 10, 0), [0x7F]);
    }
}
