//! Bytes to text: UTF-8 or GB18030, decided once a file, at the first bytes that are not ASCII.

use std::ops::Range;

use encoding_rs::{GB18030, UTF_8};

use super::plan::Encoding;
use super::reject::Fault;

/// Which encoding these bytes, cut at a line end, are in. `Undecided` while they are ASCII.
pub(crate) fn detect(bytes: &[u8]) -> Encoding {
    if bytes.is_ascii() {
        return Encoding::Undecided;
    }
    if std::str::from_utf8(bytes).is_ok() {
        return Encoding::Utf8;
    }
    // Neither may be perfect: a bad byte here or there. The encoding with fewer of them it is.
    let bad = |encoding: &'static encoding_rs::Encoding| {
        encoding.decode_without_bom_handling(bytes).0.matches('\u{fffd}').count()
    };
    if bad(GB18030) < bad(UTF_8) { Encoding::Gb18030 } else { Encoding::Utf8 }
}

/// The bytes of a unit, on their way to text.
pub(crate) struct Text {
    /// UTF-8 but for the places named in `broken`.
    pub bytes: Vec<u8>,
    /// Places of bytes that are no text, in order.
    broken: Vec<usize>,
    /// Bytes were lost in decoding, so that a replacement character marks a broken row.
    lossy: bool,
}

impl Text {
    pub(crate) fn new(bytes: Vec<u8>, encoding: Encoding) -> Self {
        match encoding {
            Encoding::Utf8 | Encoding::Undecided => Self::utf8(bytes),
            Encoding::Gb18030 => {
                let (text, lossy) = GB18030.decode_without_bom_handling(&bytes);
                Self { bytes: text.into_owned().into_bytes(), broken: Vec::new(), lossy }
            }
        }
    }

    /// Marks each byte that is no UTF-8 and overwrites it, so that the rest can be read.
    fn utf8(mut bytes: Vec<u8>) -> Self {
        let mut broken = Vec::new();
        let mut start = 0;
        while let Err(error) = std::str::from_utf8(bytes.get(start..).unwrap_or_default()) {
            let from = start + error.valid_up_to();
            let len = error.error_len().unwrap_or(bytes.len() - from).max(1);
            if let Some(bad) = bytes.get_mut(from..from + len) {
                bad.fill(SUBSTITUTE);
            }
            broken.extend(from..from + len);
            start = from + len;
        }
        Self { bytes, broken, lossy: false }
    }

    /// Why the record in this range is no text, if it is none.
    pub(crate) fn fault(&self, range: &Range<usize>, bytes: &[u8]) -> Option<Fault> {
        let at = self.broken.partition_point(|place| *place < range.start);
        if self.broken.get(at).is_some_and(|place| *place < range.end) {
            let reason = "not UTF-8; if the whole file is GB18030 set encoding = \"gb18030\" in mapping.toml";
            return Some(Fault::of_row(reason, &String::from_utf8_lossy(bytes)));
        }
        let lost = self.lossy && memchr::memmem::find(bytes, "\u{fffd}".as_bytes()).is_some();
        lost.then(|| Fault::of_row("not GB18030", &String::from_utf8_lossy(bytes)))
    }

    /// All of it as text. The broken places were overwritten, so nothing is lost that was not reported.
    pub(crate) fn into_string(self) -> String {
        String::from_utf8(self.bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }
}

/// Stands where a byte was no text.
const SUBSTITUTE: u8 = 0x1a;
