//! CSV and TSV: from the bytes of a unit to cells.

use memchr::{memchr, memchr_iter, memchr2};

use super::cells::Cells;
use super::encoding::Text;
use super::frame::Span;
use super::reject::Fault;
use super::split::{End, QUOTE, Quoted, RECORD_MAX, csv_record, line_len, quoted_cell};

/// How the records of a file are cut into cells.
pub(crate) struct Layout {
    /// Between cells.
    pub delimiter: u8,
    /// For each column of the file, the place of its cell in a row, if we read it.
    pub wanted: Vec<Option<usize>>,
    /// Cells a row that we read.
    pub width: usize,
}

/// Splits the text of a unit, which begins at the start of a record and ends at the end of one.
pub(crate) fn cells(mut text: Text, layout: &Layout) -> Cells {
    let mut out = Cells { width: layout.width, ..Cells::default() };
    let (mut start, mut line) = (0, 0_u32);
    let mut all = std::mem::take(&mut text.bytes);
    let quoted = memchr(QUOTE, &all).is_some();
    let nul = memchr(0, &all).is_some();
    let mut row = Row::default();
    while start < all.len() {
        let rest = all.get_mut(start..).unwrap_or_default();
        let len = row.read(rest, layout, quoted);
        let bytes = rest.get(..len).unwrap_or_default();
        let lines = if row.broken.is_none() && quoted { count_lines(bytes) } else { 1 };
        let range = start..start + len;
        start = range.end;
        if !is_blank(bytes) {
            let fault = row
                .fault(layout, bytes)
                .or_else(|| {
                    (nul && memchr(0, bytes).is_some())
                        .then(|| Fault::of_row(NUL, &String::from_utf8_lossy(bytes)))
                })
                .or_else(|| text.fault(&range, bytes));
            match fault {
                Some(fault) => out.faults.push((line, fault)),
                None => {
                    let base = u32::try_from(range.start).unwrap_or(u32::MAX);
                    out.spans.extend(row.spans.iter().map(|(from, to)| (base + from, base + to)));
                    out.lines.push(line);
                }
            }
        }
        line += lines;
    }
    text.bytes = all;
    out.arena = text.into_string();
    out
}

/// The names in a header line.
pub(crate) fn header(line: &str, delimiter: u8) -> Vec<String> {
    let mut bytes = line.as_bytes().to_vec();
    let fields = memchr_iter(delimiter, &bytes).count() + 1;
    let layout = Layout { delimiter, wanted: (0..fields).map(Some).collect(), width: fields };
    let mut row = Row::default();
    row.read(&mut bytes, &layout, true);
    row.spans
        .iter()
        .take(row.count)
        .map(|(from, to)| {
            let name = bytes.get(*from as usize..*to as usize).unwrap_or_default();
            String::from_utf8_lossy(name).trim().trim_start_matches('\u{feff}').to_owned()
        })
        .collect()
}

/// The delimiter that a header line most likely uses.
pub(crate) fn delimiter(header: &str) -> u8 {
    let count = |d: u8| memchr_iter(d, header.as_bytes()).count();
    [b',', b'\t', b';'].into_iter().max_by_key(|d| (count(*d), *d == b',')).unwrap_or(b',')
}

/// One record, reused.
#[derive(Default)]
struct Row {
    /// Ranges within the record.
    spans: Vec<Span>,
    /// Cells in the record.
    count: usize,
    broken: Option<&'static str>,
}

impl Row {
    /// Splits the record at the start of `bytes`, doubled quotes undone in place, and returns its length.
    fn read(&mut self, bytes: &mut [u8], layout: &Layout, quoted: bool) -> usize {
        self.spans.clear();
        self.spans.resize(layout.width, (0, 0));
        self.count = 0;
        self.broken = None;
        let mut at = 0;
        loop {
            let (from, mut to);
            if quoted && bytes.get(at) == Some(&QUOTE) {
                match quoted_cell(bytes, at, layout.delimiter, true) {
                    Quoted::Closed { after, doubled } => {
                        from = at + 1;
                        to = after - 1;
                        at = after;
                        if doubled {
                            to = undouble(bytes, from, to);
                        }
                    }
                    Quoted::Bad | Quoted::More => {
                        self.broken = Some(BAD_QUOTE);
                        return line_len(bytes);
                    }
                }
                if bytes.get(at) == Some(&b'\r') {
                    at += 1;
                }
            } else {
                let rest = bytes.get(at..).unwrap_or_default();
                let end = memchr2(layout.delimiter, b'\n', rest).unwrap_or(rest.len());
                from = at;
                at += end;
                let carriage = bytes.get(at) != Some(&layout.delimiter)
                    && at > from
                    && bytes.get(at - 1) == Some(&b'\r');
                to = at - usize::from(carriage);
            }
            self.cell(from, to, layout);
            match bytes.get(at) {
                Some(byte) if *byte == layout.delimiter => at += 1,
                Some(_) => return at + 1,
                None => return bytes.len(),
            }
        }
    }

    fn cell(&mut self, from: usize, to: usize, layout: &Layout) {
        if let Some(Some(place)) = layout.wanted.get(self.count)
            && let Some(span) = self.spans.get_mut(*place)
        {
            *span = (u32::try_from(from).unwrap_or(0), u32::try_from(to).unwrap_or(0));
        }
        self.count += 1;
    }

    fn fault(&self, layout: &Layout, bytes: &[u8]) -> Option<Fault> {
        let excerpt =
            || String::from_utf8_lossy(bytes.get(..bytes.len().min(EXCERPT_BYTES)).unwrap_or_default());
        if let Some(reason) = self.broken {
            return Some(Fault::of_row(reason, &excerpt()));
        }
        if bytes.len() > RECORD_MAX {
            return Some(Fault::of_row(TOO_LONG, &excerpt()));
        }
        let expected = layout.wanted.len();
        (self.count != expected).then(|| {
            Fault::of_row(format!("has {} cells, the header has {expected}", self.count), &excerpt())
        })
    }
}

/// Makes `""` into `"` within a cell and fills what is left over with spaces; returns the new end.
fn undouble(bytes: &mut [u8], from: usize, to: usize) -> usize {
    let Some(cell) = bytes.get_mut(from..to) else { return to };
    let (mut read, mut write) = (0, 0);
    while let Some(byte) = cell.get(read).copied() {
        if let Some(place) = cell.get_mut(write) {
            *place = byte;
        }
        write += 1;
        read += if byte == QUOTE { 2 } else { 1 };
    }
    if let Some(rest) = cell.get_mut(write..) {
        rest.fill(b' ');
    }
    from + write
}

fn count_lines(record: &[u8]) -> u32 {
    u32::try_from(memchr_iter(b'\n', record).count()).unwrap_or(u32::MAX).max(1)
}

/// An empty line is no row.
fn is_blank(record: &[u8]) -> bool {
    matches!(record, b"\n" | b"\r\n" | b"\r" | b"")
}

/// Where records of a chunk end, for the reader that hands out units: the last whole record within `bytes`.
pub(crate) fn last_record_end(bytes: &[u8], delimiter: u8, last: bool) -> usize {
    if memchr(QUOTE, bytes).is_none() {
        return if last { bytes.len() } else { memchr::memrchr(b'\n', bytes).map_or(0, |at| at + 1) };
    }
    let mut start = 0;
    while start < bytes.len() {
        match csv_record(bytes.get(start..).unwrap_or_default(), delimiter, last) {
            End::Whole(len) | End::BadQuote(len) => start += len,
            End::More => break,
        }
    }
    start
}

pub(crate) const TOO_LONG: &str = "line longer than 1 MiB";
const BAD_QUOTE: &str =
    "quote not closed, or closed in the middle of a cell; quotes in a text must be doubled";
pub(crate) const NUL: &str = "holds a NUL byte; the file is damaged or not text";
const EXCERPT_BYTES: usize = 512;
