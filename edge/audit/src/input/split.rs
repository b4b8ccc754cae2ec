//! Where records end, in text that may quote line ends and may quote badly.

use memchr::{memchr, memchr2};

/// How the record at the start of a buffer ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// A whole record of so many bytes, line end included.
    Whole(usize),
    /// A quote is not closed, or closed in the middle of a cell: the first line alone is the record, of so
    /// many bytes, and reading goes on behind it.
    BadQuote(usize),
    /// More bytes are needed to tell.
    More,
}

/// The end of the CSV record at the start of `bytes`. `last`: no more bytes follow.
pub(crate) fn csv_record(bytes: &[u8], delimiter: u8, last: bool) -> End {
    let mut at = 0;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(next) = memchr2(QUOTE, b'\n', rest) else {
            return if last { End::Whole(bytes.len()) } else { End::More };
        };
        let found = at + next;
        if rest.get(next) == Some(&b'\n') {
            return End::Whole(found + 1);
        }
        // A quote opens a cell only at its start; elsewhere it is text.
        let opens = found == 0 || bytes.get(found - 1) == Some(&delimiter);
        at = if opens {
            match quoted_cell(bytes, found, delimiter, last) {
                Quoted::Closed { after, .. } => after,
                Quoted::Bad => {
                    return match memchr(b'\n', bytes) {
                        Some(end) => End::BadQuote(end + 1),
                        None if last => End::BadQuote(bytes.len()),
                        None => End::More,
                    };
                }
                Quoted::More => return End::More,
            }
        } else {
            found + 1
        };
    }
}

/// A quoted cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quoted {
    /// Its closing quote is just before `after`; `doubled` if it holds doubled quotes.
    Closed { after: usize, doubled: bool },
    /// Never closed within [`RECORD_MAX`], or text follows the closing quote.
    Bad,
    /// More bytes are needed to tell.
    More,
}

/// The quoted cell whose opening quote is at `open`.
pub(crate) fn quoted_cell(bytes: &[u8], open: usize, delimiter: u8, last: bool) -> Quoted {
    let mut at = open + 1;
    let mut doubled = false;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(next) = memchr(QUOTE, rest) else {
            return if last || bytes.len() > RECORD_MAX { Quoted::Bad } else { Quoted::More };
        };
        let close = at + next;
        if close >= RECORD_MAX {
            return Quoted::Bad;
        }
        match (bytes.get(close + 1), bytes.get(close + 2)) {
            (Some(&QUOTE), _) => {
                doubled = true;
                at = close + 2;
            }
            (Some(b'\n'), _) | (Some(b'\r'), Some(b'\n')) => {
                return Quoted::Closed { after: close + 1, doubled };
            }
            (Some(b'\r'), None) | (None, _) if last => return Quoted::Closed { after: close + 1, doubled },
            (Some(b'\r'), None) | (None, _) => return Quoted::More,
            (Some(next), _) if *next == delimiter => return Quoted::Closed { after: close + 1, doubled },
            (Some(_), _) => return Quoted::Bad,
        }
    }
}

/// Bytes of the first line, line end included.
pub(crate) fn line_len(bytes: &[u8]) -> usize {
    memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1)
}

/// The double quote.
pub(crate) const QUOTE: u8 = b'"';
/// Longest record, in bytes: 1 MiB. A longer one is rejected, so that one bad line cannot fill the memory.
pub(crate) const RECORD_MAX: usize = 1 << 20;
