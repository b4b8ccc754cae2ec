//! From a folder to rows: every row is read or rejected with file, line and reason.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// Why an audit could not start or finish.
#[derive(Debug)]
pub enum Error {
    /// A file or folder could not be read or written.
    Io {
        /// Which.
        path: String,
        /// What the system said.
        what: String,
    },
    /// There is nothing to audit.
    NoSends {
        /// Where it was looked for.
        folder: String,
    },
    /// A form of file that is not read.
    Form {
        /// Which.
        path: String,
    },
    /// A column that the table cannot do without.
    Column {
        /// In which file.
        path: String,
        /// Which column.
        column: &'static str,
        /// What the header holds.
        found: String,
    },
    /// Settings that cannot be read.
    Settings {
        /// Which file.
        path: String,
        /// Why.
        what: String,
    },
    /// A bug: the books do not balance.
    Unbalanced(String),
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Io { path, what } => write!(f, "cannot read or write {path}: {what}"),
            Self::NoSends { folder } => {
                write!(f, "no file whose name begins with `sends` and ends in .csv in: {folder}")
            }
            Self::Form { path } => write!(f, "only UTF-8 .csv tables are read so far; convert: {path}"),
            Self::Column { path, column, found } => {
                write!(f, "{path} has no column `{column}`; rename one in its header, which holds: {found}")
            }
            Self::Settings { path, what } => write!(f, "{path}: {what}"),
            Self::Unbalanced(what) => write!(f, "bug: the books do not balance: {what}"),
        }
    }
}
impl std::error::Error for Error {}

impl Error {
    pub(crate) fn io(path: &Path, error: &std::io::Error) -> Self {
        Self::Io { path: path.display().to_string(), what: error.to_string() }
    }
}

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Its file.
    pub file: String,
    /// Its line, the header being 1.
    pub line: u64,
    /// The column at fault, or none.
    pub column: &'static str,
    /// Why.
    pub reason: String,
}

/// One row that is being read.
pub(crate) struct Row<'r> {
    header: &'r HashMap<String, usize>,
    record: &'r csv::StringRecord,
    /// Its line.
    pub line: u64,
}

/// What is wrong with one cell.
pub(crate) struct Fault {
    pub column: &'static str,
    pub reason: String,
}

impl Row<'_> {
    /// A cell; an empty or absent one is not recorded.
    pub fn get(&self, column: &str) -> Option<&str> {
        let at = *self.header.get(column)?;
        self.record.get(at).map(str::trim).filter(|cell| !cell.is_empty())
    }

    /// A cell through a parser.
    pub fn read<T>(
        &self,
        column: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, Fault> {
        self.get(column).map(parse).transpose().map_err(|reason| Fault { column, reason })
    }

    /// A cell that must be there.
    pub fn need<T>(
        &self,
        column: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<T, Fault> {
        self.read(column, parse)?.ok_or_else(|| Fault { column, reason: "is empty".to_owned() })
    }
}

/// Counts and rejects of everything read.
#[derive(Default)]
pub(crate) struct Books {
    pub files: Vec<crate::summary::Input>,
    pub rejects: Vec<Reject>,
}

/// Files of one table below a folder, by name.
pub(crate) fn files(folder: &Path, table: &str) -> Result<Vec<PathBuf>, Error> {
    let entries = std::fs::read_dir(folder).map_err(|e| Error::io(folder, &e))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(|e| Error::io(folder, &e))?.path();
        let name = path.file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default();
        if !name.starts_with(table) {
            continue;
        }
        let csv = Path::new(&name).extension().is_some_and(|e| e == "csv");
        if !csv {
            return Err(Error::Form { path: path.display().to_string() });
        }
        found.push(path);
    }
    found.sort();
    Ok(found)
}

/// Reads one file row by row; `take` says what is wrong with a row it cannot use.
pub(crate) fn rows(
    books: &mut Books,
    path: &Path,
    table: &str,
    required: &[&'static str],
    mut take: impl FnMut(&Row<'_>) -> Result<(), Fault>,
) -> Result<(), Error> {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let bytes = std::fs::read(path).map_err(|e| Error::io(path, &e))?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header: HashMap<String, usize> = match reader.headers() {
        Ok(names) => names.iter().enumerate().map(|(at, name)| (name.trim().to_owned(), at)).collect(),
        Err(e) => return Err(Error::Io { path: name, what: e.to_string() }),
    };
    let mut input =
        crate::summary::Input { file: name.clone(), table: table.to_owned(), ..Default::default() };
    if !bytes.is_empty() {
        for column in required {
            if !header.contains_key(*column) {
                let mut found: Vec<&str> = header.keys().map(String::as_str).collect();
                found.sort_unstable();
                return Err(Error::Column { path: name, column, found: found.join(", ") });
            }
        }
    }
    let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
    let mut record = csv::StringRecord::new();
    loop {
        let line = reader.position().line();
        let fault = match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) if record.len() != header.len() => Some(Fault {
                column: "",
                reason: format!("has {} cells, the header has {}", record.len(), header.len()),
            }),
            Ok(true) => {
                let line = record.position().map_or(line, csv::Position::line);
                take(&Row { header: &header, record: &record, line }).err()
            }
            Err(e) => Some(Fault { column: "", reason: plain(&e) }),
        };
        input.rows += 1;
        match fault {
            None => input.judged += 1,
            Some(fault) => {
                input.rejected += 1;
                *reasons.entry(code(&fault)).or_default() += 1;
                let line = record.position().map_or(line, csv::Position::line);
                books.rejects.push(Reject {
                    file: name.clone(),
                    line,
                    column: fault.column,
                    reason: fault.reason,
                });
            }
        }
    }
    input.reasons = reasons;
    books.files.push(input);
    Ok(())
}

/// The reader's words without the excerpt that its error may carry.
fn plain(error: &csv::Error) -> String {
    let utf8 = matches!(error.kind(), csv::ErrorKind::Utf8 { .. });
    if utf8 { "is not UTF-8" } else { "is not CSV" }.to_owned()
}

fn code(fault: &Fault) -> String {
    if fault.column.is_empty() { "row".to_owned() } else { fault.column.to_owned() }
}
