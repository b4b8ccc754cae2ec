//! A text or bytes cut into segments that each fit into one short message.

use crate::charset::{Unfit, encode};
use crate::coding::{Coding, Numbering};
use crate::header::{Place, Reference};

/// How segments say that they belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marking {
    /// A header of 6 bytes.
    Short(u8),
    /// A header of 7 bytes.
    Long(u16),
    /// Fields beside the content (SMPP). The message centre makes a header of them, so its room is kept free.
    Sar(u16),
}

/// Bytes that fit into one short message, as the protocol counts them; header not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// A message of its own.
    pub single: usize,
    /// A segment with a header of 6 bytes.
    pub short: usize,
    /// A segment with a header of 7 bytes.
    pub long: usize,
}

/// A text that the carrier adds by itself ("fixed signature"): left out of the segments, yet it takes room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signature<'t> {
    /// Before the text.
    Before(&'t str),
    /// After the text.
    After(&'t str),
}

/// One segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Its place; none for a message of its own.
    pub place: Option<Place>,
    /// Content, with its header if it has one.
    pub content: Vec<u8>,
}

/// Why it cannot be cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplitFault {
    /// A character that the coding does not have.
    Unfit(Unfit),
    /// More segments than a header can number.
    TooLong(usize),
    /// The signature does not fit into the segment that it belongs to.
    Signature(usize),
}

impl core::fmt::Display for SplitFault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Unfit(unfit) => unfit.fmt(f),
            Self::TooLong(segments) => write!(f, "segments are more than {SEGMENTS_MAX}: {segments}"),
            Self::Signature(bytes) => write!(f, "signature does not fit into one segment, bytes: {bytes}"),
        }
    }
}
impl core::error::Error for SplitFault {}

impl Room {
    /// The room of a coding. Only the GSM alphabet of SMPP is counted in septets: there the message centre packs it.
    /// ASCII and Latin-1 are counted in bytes, which is safe wherever they may not be packed.
    #[must_use]
    pub const fn of(numbering: Numbering, coding: Coding) -> Self {
        match (numbering, coding) {
            (Numbering::Smpp, Coding::Gsm) => Self { single: 160, short: 153, long: 152 },
            // 133 bytes hold 66 units: one byte stays unused.
            (_, Coding::Ucs2) => Self { single: 140, short: 134, long: 132 },
            (_, Coding::Gsm | Coding::Ascii | Coding::Latin1 | Coding::Gbk | Coding::Binary) => {
                Self { single: 140, short: 134, long: 133 }
            }
        }
    }
}

impl Marking {
    fn room(self, room: Room) -> usize {
        match self {
            Self::Short(_) => room.short,
            Self::Long(_) | Self::Sar(_) => room.long,
        }
    }

    fn reference(self) -> Reference {
        match self {
            Self::Short(short) => Reference::Short(short),
            Self::Long(long) => Reference::Long(long),
            Self::Sar(sar) => Reference::Sar(sar),
        }
    }
}

/// Cuts a text into segments, never inside a character.
///
/// # Errors
/// [`SplitFault`].
pub fn split(
    text: &str,
    coding: Coding,
    room: Room,
    marking: Marking,
    signature: Option<Signature<'_>>,
) -> Result<Vec<Cut>, SplitFault> {
    let bytes = encode(text, coding).map_err(SplitFault::Unfit)?;
    let added = match signature {
        Some(Signature::Before(name) | Signature::After(name)) => {
            encode(name, coding).map_err(SplitFault::Unfit)?
        }
        None => Vec::new(),
    };
    // Cut as if the signature were there, then leave it out: what the carrier makes of it fits exactly.
    let mut pieces: Vec<&[u8]>;
    let whole: Vec<u8>;
    match signature {
        Some(Signature::Before(_)) => {
            whole = [added.as_slice(), &bytes].concat();
            pieces = cut(&whole, coding, room, marking);
            leave_out(pieces.first_mut(), |piece| piece.get(added.len()..), added.len())?;
        }
        Some(Signature::After(_)) => {
            whole = [bytes.as_slice(), &added].concat();
            pieces = cut(&whole, coding, room, marking);
            let keep = |piece: &'_ [u8]| piece.len().checked_sub(added.len());
            match pieces.last().copied().and_then(keep) {
                Some(kept) => leave_out(pieces.last_mut(), |piece| piece.get(..kept), added.len())?,
                // It would be cut itself: it gets a segment of its own, with the end of the text.
                None => return split_before_signature(&bytes, &added, coding, room, marking),
            }
        }
        None => pieces = cut(&bytes, coding, room, marking),
    }
    marked(&pieces, marking)
}

/// Cuts bytes into segments, never inside a character of their coding. What ends inside one is kept as it is.
///
/// # Errors
/// [`SplitFault::TooLong`].
pub fn split_bytes(
    bytes: &[u8],
    coding: Coding,
    room: Room,
    marking: Marking,
) -> Result<Vec<Cut>, SplitFault> {
    marked(&cut(bytes, coding, room, marking), marking)
}

fn leave_out<'b>(
    piece: Option<&mut &'b [u8]>,
    rest: impl Fn(&'b [u8]) -> Option<&'b [u8]>,
    signature: usize,
) -> Result<(), SplitFault> {
    let piece = piece.ok_or(SplitFault::Signature(signature))?;
    *piece = rest(piece).ok_or(SplitFault::Signature(signature))?;
    Ok(())
}

/// The last segment is so short that the signature after it would be cut: the end of the text moves to it.
fn split_before_signature(
    bytes: &[u8],
    added: &[u8],
    coding: Coding,
    room: Room,
    marking: Marking,
) -> Result<Vec<Cut>, SplitFault> {
    if added.len() > marking.room(room) {
        return Err(SplitFault::Signature(added.len()));
    }
    // Segments of the text alone; the last is empty and carries the signature only.
    let mut pieces = pieces(bytes, coding, marking.room(room));
    pieces.push(&[]);
    marked(&pieces, marking)
}

/// One piece if it fits alone, otherwise pieces that fit beside a header.
fn cut(bytes: &[u8], coding: Coding, room: Room, marking: Marking) -> Vec<&[u8]> {
    if bytes.len() <= room.single { vec![bytes] } else { pieces(bytes, coding, marking.room(room)) }
}

fn pieces(bytes: &[u8], coding: Coding, room: usize) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    let mut left = bytes;
    while !left.is_empty() {
        let mut length = 0;
        while let Some(rest) = left.get(length..).filter(|rest| !rest.is_empty()) {
            let next = length + coding.first_length(rest);
            if next > room && length > 0 {
                break;
            }
            length = next;
        }
        let (piece, rest) = left.split_at_checked(length).unwrap_or((left, &[]));
        pieces.push(piece);
        left = rest;
    }
    pieces
}

fn marked(pieces: &[&[u8]], marking: Marking) -> Result<Vec<Cut>, SplitFault> {
    if let [only] = pieces {
        return Ok(vec![Cut { place: None, content: only.to_vec() }]);
    }
    let total = u8::try_from(pieces.len()).map_err(|_| SplitFault::TooLong(pieces.len()))?;
    let cuts = pieces.iter().zip(1..=total).map(|(piece, number)| {
        let place = Place { reference: marking.reference(), total, number };
        let mut content = place.header().unwrap_or_default();
        content.extend_from_slice(piece);
        Cut { place: Some(place), content }
    });
    Ok(cuts.collect())
}

/// A header counts segments in one byte.
const SEGMENTS_MAX: u8 = u8::MAX;

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(text: &str, coding: Coding, marking: Marking, signature: Option<Signature<'_>>) -> Vec<usize> {
        let room = Room::of(Numbering::Smpp, coding);
        let cuts = split(text, coding, room, marking, signature).unwrap();
        cuts.iter().map(|cut| cut.content.len()).collect()
    }

    fn check(text: &str, coding: Coding, marking: Marking, wanted: &[usize]) {
        assert_eq!(lengths(text, coding, marking, None), wanted);
    }

    #[test]
    fn lengths_of_segments() {
        let (short, long, sar) = (Marking::Short(1), Marking::Long(1), Marking::Sar(1));
        check("", Coding::Gbk, short, &[0]);
        check(&"退".repeat(70), Coding::Ucs2, short, &[140]);
        check(&"退".repeat(71), Coding::Ucs2, short, &[140, 14]);
        check(&"退".repeat(71), Coding::Ucs2, long, &[139, 17]);
        check(&"退".repeat(71), Coding::Ucs2, sar, &[132, 10]);
        check(&"退".repeat(71), Coding::Gbk, short, &[140, 14]);
        // 133 bytes hold 66 characters of two bytes.
        check(&"退".repeat(71), Coding::Gbk, long, &[139, 17]);
        check(&"x".repeat(160), Coding::Gsm, short, &[160]);
        check(&"x".repeat(161), Coding::Gsm, short, &[159, 14]);
        check(&"x".repeat(161), Coding::Gsm, sar, &[152, 9]);
        // An emoji is two units: 66 before it, so it would be cut.
        check(&("退".repeat(66) + &"🎁".repeat(4)), Coding::Ucs2, short, &[138, 22]);
        // € is two septets.
        check(&("x".repeat(152) + &"€".repeat(5)), Coding::Gsm, short, &[158, 16]);
        // A character of four bytes in GB 18030.
        check(&("退".repeat(66) + &"🎁".repeat(3)), Coding::Gbk, short, &[138, 18]);
    }

    #[test]
    fn signatures() {
        let name = "【安宁商城】";
        let (before, after) = (Some(Signature::Before(name)), Some(Signature::After(name)));
        let check = |count, signature, wanted: &[usize]| {
            assert_eq!(lengths(&"退".repeat(count), Coding::Ucs2, Marking::Short(1), signature), wanted);
        };
        check(64, before, &[128]);
        check(65, before, &[128, 14]);
        check(64, after, &[128]);
        check(71, after, &[140, 14]);
        // The text fills the first segment, and only the signature is left for the second.
        check(67, after, &[140, 6]);
        // The signature alone would be cut in two.
        check(65, after, &[136, 6]);
        let long = "名".repeat(80);
        let fault = split(
            "x",
            Coding::Ucs2,
            Room::of(Numbering::Cmpp, Coding::Ucs2),
            Marking::Short(1),
            Some(Signature::Before(&long)),
        );
        assert_eq!(fault, Err(SplitFault::Signature(160)));
    }

    #[test]
    fn faults() {
        let room = Room::of(Numbering::Cmpp, Coding::Ascii);
        let cut =
            |text: &str, coding| split(text, coding, room, Marking::Short(9), None).map(|cuts| cuts.len());
        assert_eq!(cut(&"x".repeat(134 * 255), Coding::Ascii), Ok(255));
        assert_eq!(cut(&"x".repeat(134 * 255 + 1), Coding::Ascii), Err(SplitFault::TooLong(256)));
        assert_eq!(cut("退", Coding::Ascii), Err(SplitFault::Unfit(Unfit { character: '退', at: 0 })));
    }
}
