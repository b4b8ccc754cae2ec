//! A file with one line a message, appended before anything is counted or answered.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use anning_text::{Format, Header, Numbering};

/// The file, if one is kept.
#[derive(Debug, Default)]
pub(crate) struct Paper(Option<File>);

impl Paper {
    /// Appends to what is there.
    pub fn open(path: Option<&Path>) -> std::io::Result<Self> {
        let open = |path| File::options().create(true).append(true).open(path);
        path.map(open).transpose().map(Self)
    }

    /// One line, whole or not at all: a process that is killed leaves no half of it to the other.
    pub fn write(&mut self, line: impl FnOnce() -> String) -> std::io::Result<()> {
        let Some(file) = &mut self.0 else { return Ok(()) };
        let mut line = line();
        line.push('\n');
        file.write_all(line.as_bytes())
    }
}

/// What stands in a segment, whatever its coding and header: the first bytes of a hash of its text.
pub(crate) fn print(numbering: Numbering, coding: u8, udh: bool, content: &[u8]) -> u64 {
    let rest = if udh { Header::cut(content).map_or(content, |(_, rest)| rest) } else { content };
    let format = Format::of(numbering, coding, None);
    let text = anning_text::decode(rest, format.coding).text;
    let hash = blake3::hash(text.as_bytes());
    hash.as_bytes().first_chunk().map_or(0, |first| u64::from_be_bytes(*first))
}

/// A text between quotes.
pub(crate) fn quoted(bytes: &[u8]) -> String {
    serde_json::Value::from(String::from_utf8_lossy(bytes)).to_string()
}

/// What kind of oddity it is, without the number of the request that it was about.
pub(crate) fn kind(note: &anning_link::Note) -> String {
    let mut words = note.to_string();
    words.truncate(words.find(", number: ").unwrap_or(words.len()));
    words
}
