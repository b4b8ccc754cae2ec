//! Labelled rows from CSV: UTF-8 (with or without a byte-order mark), UTF-16 with one, or GB18030.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use anning_judge::Labelled;

/// A row of the file.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) labelled: Labelled,
    split: Option<String>,
    source: Option<String>,
    /// Rows of one origin: by column `group`, else each its own.
    pub(super) group: u32,
}

impl Row {
    pub(super) fn split(&self) -> Option<&str> {
        self.split.as_deref()
    }

    pub(super) fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }
}

/// What can be wrong with the file.
#[derive(Debug)]
pub enum Error {
    /// It could not be read.
    Io(PathBuf, std::io::Error),
    /// It is in no encoding we read; the line where that shows.
    Encoding(PathBuf, usize),
    /// A column that is needed is missing; those there are.
    Column(PathBuf, &'static str, String),
    /// A row is not CSV.
    Csv(PathBuf, csv::Error),
    /// A field does not hold what its column may: line, column, the field.
    Field(PathBuf, u64, &'static str, String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Encoding(path, line) => {
                write!(f, "the file is neither UTF-8 nor GB18030: {}:{line}", path.display())
            }
            Self::Column(path, column, there) => {
                write!(f, "{}: column `{column}` is missing; columns are: {there}", path.display())
            }
            Self::Csv(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Field(path, line, column, field) => {
                write!(f, "{}:{line}: `{column}` must be 0, 1 or empty: {field}", path.display())
            }
        }
    }
}

/// Reads all rows of a file.
pub(super) fn read(path: &Path) -> Result<Vec<Row>, Error> {
    let bytes = std::fs::read(path).map_err(|e| Error::Io(path.into(), e))?;
    let text = decode(&bytes, true).ok_or_else(|| Error::Encoding(path.into(), bad_line(&bytes)))?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let heads = reader.headers().map_err(|e| Error::Csv(path.into(), e))?.clone();
    let column = |name: &str| heads.iter().position(|h| h.trim().eq_ignore_ascii_case(name));
    let needed = |name: &'static str| {
        column(name)
            .ok_or_else(|| Error::Column(path.into(), name, heads.iter().collect::<Vec<_>>().join(", ")))
    };
    let (text_at, commercial_at) = (needed("text")?, needed("commercial")?);
    let [label, mixed, split, source, group] = ["label", "mixed", "split", "source", "group"].map(column);
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| Error::Csv(path.into(), e))?;
        let line = record.position().map_or(0, csv::Position::line);
        let field =
            |at: Option<usize>| at.and_then(|at| record.get(at)).map(str::trim).filter(|f| !f.is_empty());
        let commercial = match field(Some(commercial_at)) {
            None => None,
            Some("1" | "1.0") => Some(true),
            Some("0" | "0.0") => Some(false),
            Some(other) => return Err(Error::Field(path.into(), line, "commercial", other.to_owned())),
        };
        let labelled = Labelled {
            text: record.get(text_at).unwrap_or_default().to_owned(),
            commercial,
            mixed: field(mixed) == Some("1"),
            label: field(label).map(str::to_owned),
        };
        let number = rows.len() as u32;
        let owned = |at| field(at).map(str::to_owned);
        rows.push(Row {
            labelled,
            split: owned(split),
            source: owned(source),
            group: field(group).map_or(number, hash),
        });
    }
    Ok(rows)
}

/// Text of bytes: by byte-order mark, else UTF-8, else GB18030; `None` if it is none of them.
pub(super) fn decode(bytes: &[u8], first: bool) -> Option<Cow<'_, str>> {
    if first && let Some((encoding, length)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling_and_without_replacement(bytes.get(length..)?);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(Cow::Borrowed(text)),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes),
    }
}

/// The line of the first byte that is not UTF-8.
fn bad_line(bytes: &[u8]) -> usize {
    let good = std::str::from_utf8(bytes).map_or_else(|e| e.valid_up_to(), str::len);
    1 + bytes.iter().take(good).filter(|b| **b == b'\n').count()
}

/// FNV-1a.
fn hash(group: &str) -> u32 {
    group.bytes().fold(0x811c_9dc5, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, bytes: &[u8], wanted: Result<usize, &str>) {
        let path = std::env::temp_dir().join(format!("anning-judge-rows-{}-{name}.csv", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        let got = read(&path).map(|rows| rows.len()).map_err(|e| e.to_string());
        std::fs::remove_file(&path).unwrap();
        match wanted {
            Ok(count) => assert_eq!(got.unwrap(), count, "{name}"),
            Err(part) => {
                let error = got.unwrap_err();
                assert!(error.contains(part), "{error} lacks {part}");
            }
        }
    }

    #[test]
    fn encodings() {
        check("utf8", "text,commercial\n优惠,1\n你好,0\n".as_bytes(), Ok(2));
        check("bom", "\u{feff}text,commercial\n优惠,1\n".as_bytes(), Ok(1));
        check("gb", &encoding_rs::GB18030.encode("text,commercial\n优惠,1\n").0, Ok(1));
        check("crlf", b"text,commercial\r\nabc,1\r\nx,\r\n", Ok(2));
        check("empty", b"text,commercial\n", Ok(0));
        check("broken", b"text,commercial\nok,1\n\xff\xff,1\n", Err(":3"));
    }

    #[test]
    fn bad_rows_name_their_line() {
        check(
            "column",
            b"body,commercial\na,1\n",
            Err("column `text` is missing; columns are: body, commercial"),
        );
        check("field", b"text,commercial\na,1\nb,yes\n", Err(":3: `commercial` must be 0, 1 or empty: yes"));
        check("nothing", b"", Err("column `text` is missing"));
    }
}
