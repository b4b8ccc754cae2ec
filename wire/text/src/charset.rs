//! Bytes to characters and back.

use encoding_rs::{DecoderResult, EncoderResult, GB18030};

use crate::coding::Coding;

pub(crate) mod gsm;

/// A text as far as it could be read. Its `Debug` does not show it: it is a person's.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Decoded {
    /// The text; U+FFFD stands where something could not be read. Empty for binary content.
    pub text: String,
    /// How many places could not be read; all bytes of binary content.
    pub replaced: usize,
    /// Byte of the content where the first of them begins.
    pub first: Option<usize>,
}

impl core::fmt::Debug for Decoded {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self { text, replaced, first } = self;
        write!(f, "Decoded({} bytes, {replaced} places unread, first at {first:?})", text.len())
    }
}

impl Decoded {
    fn push(&mut self, read: Option<char>, at: usize) {
        if read.is_none() {
            self.replaced += 1;
            self.first.get_or_insert(at);
        }
        self.text.push(read.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
}

/// A character that a coding does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// The character.
    pub character: char,
    /// Byte of the text where it stands.
    pub at: usize,
}

impl core::fmt::Display for Unfit {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        // The character alone gives nobody away.
        let Self { character, at } = self;
        write!(f, "coding has no such character, at byte {at}: U+{:04X}", u32::from(*character))
    }
}
impl core::error::Error for Unfit {}

/// Reads content without its user data header. It never fails: what cannot be read is counted.
#[must_use]
pub fn decode(bytes: &[u8], coding: Coding) -> Decoded {
    match coding {
        Coding::Gsm => gsm::decode(bytes),
        Coding::Ascii => each(bytes, |byte| byte.is_ascii().then_some(char::from(byte))),
        Coding::Latin1 => each(bytes, |byte| Some(char::from(byte))),
        Coding::Ucs2 => decode_ucs2(bytes),
        Coding::Gbk => decode_gbk(bytes),
        Coding::Binary => {
            Decoded { text: String::new(), replaced: bytes.len(), first: (!bytes.is_empty()).then_some(0) }
        }
    }
}

/// Writes a text in a coding. What is written reads back as the same text.
///
/// # Errors
/// [`Unfit`]: the first character that the coding does not have; binary has none.
pub fn encode(text: &str, coding: Coding) -> Result<Vec<u8>, Unfit> {
    match coding {
        Coding::Gsm => gsm::encode(text),
        Coding::Ascii => every(text, |c| u8::try_from(c).ok().filter(u8::is_ascii)),
        Coding::Latin1 => every(text, |c| u8::try_from(c).ok()),
        Coding::Ucs2 => Ok(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        Coding::Gbk => encode_gbk(text),
        Coding::Binary => every(text, |_| None),
    }
}

fn each(bytes: &[u8], read: impl Fn(u8) -> Option<char>) -> Decoded {
    let mut decoded = Decoded::default();
    for (at, byte) in bytes.iter().enumerate() {
        decoded.push(read(*byte), at);
    }
    decoded
}

fn every(text: &str, write: impl Fn(char) -> Option<u8>) -> Result<Vec<u8>, Unfit> {
    text.char_indices().map(|(at, character)| write(character).ok_or(Unfit { character, at })).collect()
}

fn decode_ucs2(bytes: &[u8]) -> Decoded {
    let mut decoded = Decoded::default();
    let (units, tail) = bytes.as_chunks::<2>();
    let mut at = 0;
    for read in char::decode_utf16(units.iter().map(|unit| u16::from_be_bytes(*unit))) {
        decoded.push(read.as_ref().ok().copied(), at);
        at += 2 * read.map_or(1, char::len_utf16);
    }
    // UCS-2 of odd length: a byte is missing, or one too many.
    if !tail.is_empty() {
        decoded.push(None, at);
    }
    decoded
}

fn decode_gbk(bytes: &[u8]) -> Decoded {
    let mut decoded = Decoded::default();
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    let mut at = 0;
    loop {
        let rest = bytes.get(at..).unwrap_or(&[]);
        let room = decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(rest.len());
        decoded.text.reserve(room);
        let (ended, read) = decoder.decode_to_string_without_replacement(rest, &mut decoded.text, true);
        at += read;
        match ended {
            DecoderResult::InputEmpty => return decoded,
            // The room was enough for all of it.
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(bad, after) => {
                decoded.push(None, at.saturating_sub(usize::from(bad) + usize::from(after)));
            }
        }
    }
}

fn encode_gbk(text: &str) -> Result<Vec<u8>, Unfit> {
    let mut out = Vec::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        let (mut utf8, mut gbk) = ([0; 4], [0; 8]);
        let utf8 = character.encode_utf8(&mut utf8);
        let mut encoder = GB18030.new_encoder();
        let (ended, _, written) = encoder.encode_from_utf8_without_replacement(utf8, &mut gbk, true);
        let written = gbk.get(..written).unwrap_or(&[]);
        // A few private characters are written as others are, and would read back as those.
        let reads_back = decode_gbk(written).text == *utf8;
        if ended != EncoderResult::InputEmpty || !reads_back {
            return Err(Unfit { character, at });
        }
        out.extend_from_slice(written);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(coding: Coding, bytes: &[u8], text: &str, replaced: usize, first: Option<usize>) {
        let decoded = decode(bytes, coding);
        assert_eq!((decoded.text.as_str(), decoded.replaced, decoded.first), (text, replaced, first));
        if replaced == 0 {
            assert_eq!(encode(text, coding).as_deref(), Ok(bytes));
        }
    }

    #[test]
    fn read_and_written() {
        check(Coding::Ascii, b"TD", "TD", 0, None);
        check(Coding::Ascii, b"a\xCD\xCBb", "a\u{fffd}\u{fffd}b", 2, Some(1));
        check(Coding::Latin1, b"caf\xE9", "café", 0, None);
        check(Coding::Ucs2, &[0x90, 0x00, 0x8B, 0xA2], "退订", 0, None);
        check(Coding::Ucs2, &[0xD8, 0x3C, 0xDF, 0x81, 0, b'x'], "🎁x", 0, None);
        check(Coding::Ucs2, &[0, b'a', 0xD8, 0x3C], "a\u{fffd}", 1, Some(2));
        check(Coding::Ucs2, &[0xDF, 0x81, 0, b'a'], "\u{fffd}a", 1, Some(0));
        check(Coding::Ucs2, &[0, b'a', 0x90], "a\u{fffd}", 1, Some(2));
        check(Coding::Gbk, b"\xCD\xCB\xB6\xA9", "退订", 0, None);
        check(Coding::Gbk, b"\xA1\xBE\xB0\xB2\xC4\xFE\xA1\xBFT", "【安宁】T", 0, None);
        check(Coding::Gbk, b"\x94\x39\xBC\x37", "🎁", 0, None);
        check(Coding::Gbk, b"a\xCD", "a\u{fffd}", 1, Some(1));
        check(Coding::Gbk, b"a\xCD\x0A\xFF\xFFb", "a\u{fffd}\n\u{fffd}\u{fffd}b", 3, Some(1));
        check(Coding::Binary, b"\x01\x02", "", 2, Some(0));
        check(Coding::Binary, b"", "", 0, None);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let unfit = |text, coding| encode(text, coding).unwrap_err();
        assert_eq!(unfit("a退", Coding::Ascii), Unfit { character: '退', at: 1 });
        assert_eq!(unfit("é€", Coding::Latin1), Unfit { character: '€', at: 2 });
        assert_eq!(unfit("退\u{e5e5}", Coding::Gbk), Unfit { character: '\u{e5e5}', at: 3 });
        assert_eq!(unfit("a", Coding::Binary), Unfit { character: 'a', at: 0 });
        assert_eq!(unfit("ok ç", Coding::Gsm), Unfit { character: 'ç', at: 3 });
        assert_eq!(
            unfit("a退", Coding::Ascii).to_string(),
            "coding has no such character, at byte 1: U+9000"
        );
    }

    #[test]
    fn debug_shows_no_text() {
        assert_eq!(
            format!("{:?}", decode(b"13800138000", Coding::Ascii)),
            "Decoded(11 bytes, 0 places unread, first at None)"
        );
    }
}
