//! Units of work in a fixed order: pieces of a text file that begin and end with a record, row groups of a
//! Parquet file. Threads take them one by one; what a unit holds does not depend on who takes it.

use std::io::Read;
use std::sync::{Mutex, PoisonError};

use memchr::memchr_iter;

use super::csv::{TOO_LONG, last_record_end};
use super::encoding::detect;
use super::error::Error;
use super::open::{Input, Layout};
use super::plan::{Encoding, Format};
use super::reject::Fault;
use super::source::Stream;
use super::split::{End, RECORD_MAX, csv_record};
use super::table::Table;

/// A unit: file and position in it. Sorts in reading order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitId {
    /// The file, by its position in the plan.
    pub file: u16,
    /// Which unit of the file, from 0.
    pub index: u32,
}

/// What there is to read of some tables; shared by the threads that read.
pub struct Units<'i> {
    input: &'i Input,
    /// Files still to be read, the next one last.
    state: Mutex<State>,
}

struct State {
    rest: Vec<u16>,
    cursor: Option<Cursor>,
}

enum Cursor {
    Text(u16, Box<TextCursor>),
    Groups { file: u16, next: usize, first_row: u64 },
}

/// A unit and what is needed to read it.
pub(crate) struct Unit {
    pub id: UnitId,
    pub work: Work,
}

pub(crate) enum Work {
    /// Whole records; `first_line` is the line of the first.
    Text { bytes: Vec<u8>, first_line: u64, encoding: Encoding, faults: Vec<(u64, Fault)> },
    /// A row group; `first_row` is the number of its first row, from 1.
    Group { index: usize, first_row: u64 },
}

impl<'i> Units<'i> {
    /// The units of these tables, file by file in the order of the plan.
    #[must_use]
    pub fn new(input: &'i Input, tables: &[Table]) -> Self {
        let mut rest: Vec<u16> = (0..)
            .zip(&input.plan().files)
            .filter(|(_, file)| tables.contains(&file.table))
            .map(|(at, _)| at)
            .collect();
        rest.reverse();
        Self { input, state: Mutex::new(State { rest, cursor: None }) }
    }

    /// Leaves out every unit up to and including this one, as after an interruption. Text before it is read
    /// again to find where units begin, but not parsed.
    ///
    /// # Errors
    /// As reading does.
    pub fn skip_through(&self, last: UnitId) -> Result<(), Error> {
        loop {
            let mut state = self.lock();
            if state.peek_file().is_none_or(|file| file > last.file) {
                return Ok(());
            }
            if state.peek_file() < Some(last.file) {
                state.rest.retain(|file| *file >= last.file);
                state.cursor = None;
                continue;
            }
            drop(state);
            match self.take()? {
                Some(unit) if unit.id < last => {}
                Some(unit) if unit.id == last => return Ok(()),
                _ => return Err(Error::Changed { file: self.name(last.file).to_owned() }),
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        // A thread that died left the cursor between two reads of its file; its error ends the audit anyway.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next unit.
    pub(crate) fn take(&self) -> Result<Option<Unit>, Error> {
        let mut state = self.lock();
        loop {
            if state.cursor.is_none() {
                let Some(file) = state.rest.pop() else { return Ok(None) };
                state.cursor = self.open(file)?;
            }
            let unit = match &mut state.cursor {
                None => None,
                Some(Cursor::Text(file, text)) => {
                    let file = *file;
                    text.next_unit(self.name(file))?
                        .map(|(index, work)| Unit { id: UnitId { file, index }, work })
                }
                Some(Cursor::Groups { file, next, first_row }) => self.next_group(*file, next, first_row),
            };
            if unit.is_some() {
                return Ok(unit);
            }
            state.cursor = None;
        }
    }

    fn name(&self, file: u16) -> &str {
        self.input.plan().file_name(file)
    }

    fn next_group(&self, file: u16, next: &mut usize, first_row: &mut u64) -> Option<Unit> {
        let opened = self.input.files.get(usize::from(file))?;
        let Layout::Parquet(layout) = &opened.layout else { return None };
        if *next >= layout.row_groups() {
            return None;
        }
        let id = UnitId { file, index: u32::try_from(*next).unwrap_or(u32::MAX) };
        let work = Work::Group { index: *next, first_row: *first_row };
        *first_row += layout.rows_of(*next);
        *next += 1;
        Some(Unit { id, work })
    }

    fn open(&self, file: u16) -> Result<Option<Cursor>, Error> {
        let at = usize::from(file);
        let (Some(opened), Some(plan)) = (self.input.files.get(at), self.input.plan().files.get(at)) else {
            return Ok(None);
        };
        let delimiter = match (&opened.layout, plan.format) {
            (Layout::Parquet(_), _) => return Ok(Some(Cursor::Groups { file, next: 0, first_row: 1 })),
            (Layout::Nothing, _) => return Ok(None),
            (Layout::Csv(_), Format::Csv { delimiter }) => Some(delimiter),
            (Layout::Csv(_) | Layout::NdJson(_), Format::Csv { .. } | Format::NdJson | Format::Parquet) => {
                None
            }
        };
        // What the beginning shows may be ASCII only; then the first other bytes decide.
        let encoding = match self.input.mapping.encoding {
            Some(_) => plan.encoding,
            None => Encoding::Undecided,
        };
        let text = TextCursor::new(self.input.stream(at)?, delimiter, encoding);
        Ok(Some(Cursor::Text(file, Box::new(text))))
    }
}

impl State {
    /// The file that the next unit is of, unless it has none left.
    fn peek_file(&self) -> Option<u16> {
        match &self.cursor {
            Some(Cursor::Text(file, _) | Cursor::Groups { file, .. }) => Some(*file),
            None => self.rest.last().copied(),
        }
    }
}

/// Cuts a stream of text into units.
pub(crate) struct TextCursor {
    stream: Stream,
    /// The delimiter of a CSV file whose header is still to be passed; `None` for NDJSON.
    delimiter: Option<u8>,
    header_passed: bool,
    encoding: Encoding,
    buffer: Vec<u8>,
    /// The stream has ended, well or with an error.
    ended: bool,
    failure: Option<std::io::Error>,
    /// Line of the first byte of the buffer.
    line: u64,
    index: u32,
    target: usize,
}

impl TextCursor {
    pub(crate) fn new(stream: Stream, delimiter: Option<u8>, encoding: Encoding) -> Self {
        Self {
            stream,
            delimiter,
            header_passed: delimiter.is_none(),
            encoding,
            buffer: Vec::new(),
            ended: false,
            failure: None,
            line: 1,
            index: 0,
            target: UNIT_BYTES,
        }
    }

    /// The next unit: whole records, or the rest of the file.
    pub(crate) fn next_unit(&mut self, name: &str) -> Result<Option<(u32, Work)>, Error> {
        let mut faults = Vec::new();
        loop {
            self.fill(self.target);
            if !self.header_passed {
                self.pass_header();
                continue;
            }
            let end = self.record_end();
            let unfinished = end == 0 && !self.buffer.is_empty();
            if unfinished && !self.ended && self.buffer.len() <= RECORD_MAX + 1 {
                // The target is smaller than this record.
                self.fill(self.buffer.len() * 2);
                continue;
            }
            if unfinished && self.buffer.len() > RECORD_MAX {
                faults.push(self.pass_long_line());
                continue;
            }
            if end == 0 && faults.is_empty() {
                return self.finish(name);
            }
            let rest = self.buffer.split_off(end);
            let bytes = std::mem::replace(&mut self.buffer, rest);
            if self.encoding == Encoding::Undecided {
                self.encoding = detect(&bytes);
            }
            let first_line = self.line;
            self.line += memchr_iter(b'\n', &bytes).count() as u64;
            let index = self.index;
            self.index = self.index.saturating_add(1);
            let encoding = self.encoding;
            return Ok(Some((index, Work::Text { bytes, first_line, encoding, faults })));
        }
    }

    /// Nothing whole is left: the end, or the error that cut the file short.
    fn finish(&mut self, name: &str) -> Result<Option<(u32, Work)>, Error> {
        match self.failure.take() {
            None => Ok(None),
            Some(error) => Err(Error::Damaged {
                file: name.to_owned(),
                after: self.line.saturating_sub(1),
                what: error.to_string(),
            }),
        }
    }

    /// Where the last whole record of the buffer ends; after a failure an unfinished one is not whole.
    fn record_end(&self) -> usize {
        let last = self.ended && self.failure.is_none();
        match self.delimiter {
            Some(delimiter) => last_record_end(&self.buffer, delimiter, last),
            None if last => self.buffer.len(),
            None => memchr::memrchr(b'\n', &self.buffer).map_or(0, |at| at + 1),
        }
    }

    /// Reads until the buffer holds so many bytes or the stream ends.
    fn fill(&mut self, target: usize) {
        if self.ended || self.buffer.len() >= target {
            return;
        }
        let missing = target - self.buffer.len();
        self.buffer.reserve(missing);
        match self.stream.by_ref().take(missing as u64).read_to_end(&mut self.buffer) {
            Ok(_) => self.ended = self.buffer.len() < target,
            Err(error) => {
                self.ended = true;
                self.failure = Some(error);
            }
        }
    }

    fn pass_header(&mut self) {
        self.header_passed = true;
        let Some(delimiter) = self.delimiter else { return };
        let header = match csv_record(&self.buffer, delimiter, self.ended) {
            End::Whole(len) | End::BadQuote(len) => len,
            End::More => super::split::line_len(&self.buffer),
        };
        self.line += memchr_iter(b'\n', self.buffer.get(..header).unwrap_or_default()).count() as u64;
        self.buffer.drain(..header);
    }

    /// Reads past a line longer than a record may be, keeping only its beginning.
    fn pass_long_line(&mut self) -> (u64, Fault) {
        let line = self.line;
        let excerpt = self.buffer.get(..self.buffer.len().min(EXCERPT_BYTES)).unwrap_or_default();
        let fault = Fault::of_row(TOO_LONG, &String::from_utf8_lossy(excerpt));
        loop {
            if let Some(end) = memchr::memchr(b'\n', &self.buffer) {
                self.buffer.drain(..=end);
                self.line += 1;
                return (line, fault);
            }
            self.buffer.clear();
            if self.ended {
                return (line, fault);
            }
            self.fill(self.target);
        }
    }
}

/// Bytes of a unit of text: some ten thousand rows, and more than the longest record.
const UNIT_BYTES: usize = 2 << 20;
const _: () = assert!(UNIT_BYTES > RECORD_MAX);
const EXCERPT_BYTES: usize = 512;
