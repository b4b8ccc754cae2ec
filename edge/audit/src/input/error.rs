//! What stops the reading. A bad row never does: it becomes a reject.

use super::table::Table;

/// Why the input cannot be read. Each says where and names a way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The operating system refused.
    Io {
        /// What was being done: open, read, list.
        doing: &'static str,
        /// The file or folder.
        path: String,
        /// What the system said.
        what: String,
    },
    /// Nothing to read.
    NoFiles {
        /// The folder.
        path: String,
    },
    /// A file whose table nobody can tell.
    UnknownTable {
        /// The file.
        file: String,
        /// Its header, if it has one.
        headers: Vec<String>,
    },
    /// A format this reader does not read.
    UnknownFormat {
        /// The file.
        file: String,
        /// What it looks like.
        looks_like: &'static str,
    },
    /// A column without which the table cannot be read.
    MissingColumn {
        /// The file.
        file: String,
        /// Its table.
        table: Table,
        /// Our names of the column; several if one of them is enough.
        columns: Vec<&'static str>,
        /// The header names that the file has.
        headers: Vec<String>,
    },
    /// The mapping names a header that the file does not have.
    MappedColumnAbsent {
        /// The file.
        file: String,
        /// Its table.
        table: Table,
        /// Our name.
        column: &'static str,
        /// The header named in the mapping.
        theirs: String,
        /// The header names that the file has.
        headers: Vec<String>,
    },
    /// The same header stands twice and is needed.
    RepeatedHeader {
        /// The file.
        file: String,
        /// The header.
        header: String,
    },
    /// A Parquet column of a type that is not read.
    ColumnType {
        /// The file.
        file: String,
        /// The header.
        header: String,
        /// Its type.
        kind: String,
    },
    /// The mapping cannot be used.
    Mapping {
        /// What is wrong, with line where known.
        what: String,
    },
    /// A compressed file ends early or is damaged.
    Damaged {
        /// The file.
        file: String,
        /// The last line, or row, that was read whole.
        after: u64,
        /// What is wrong.
        what: String,
    },
    /// A file is not the one that was being read before an interruption.
    Changed {
        /// The file.
        file: String,
    },
    /// More distinct values than any real column of that kind has.
    TooManyDistinct {
        /// The file.
        file: String,
        /// Which columns taken together.
        columns: String,
        /// The bound.
        most: usize,
    },
    /// More files than row ids can tell apart.
    TooManyFiles {
        /// How many there are.
        found: usize,
    },
}

impl Error {
    /// Does it say that names, columns or the mapping are not what they must be, not that something cannot be read?
    #[must_use]
    pub const fn is_usage(&self) -> bool {
        match self {
            Self::NoFiles { .. }
            | Self::UnknownTable { .. }
            | Self::UnknownFormat { .. }
            | Self::MissingColumn { .. }
            | Self::MappedColumnAbsent { .. }
            | Self::RepeatedHeader { .. }
            | Self::ColumnType { .. }
            | Self::Mapping { .. }
            | Self::TooManyFiles { .. } => true,
            Self::Io { .. } | Self::Damaged { .. } | Self::Changed { .. } | Self::TooManyDistinct { .. } => {
                false
            }
        }
    }
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Io { doing, path, what } => write!(f, "cannot {doing} {path}: {what}"),
            Self::NoFiles { path } => write!(
                f,
                "no table found (a file whose name begins with sends, consents, withdrawals, parties, brands, \
                 notices, campaigns or ports and ends in .csv, .tsv, .ndjson, .jsonl or .parquet) in: {path}"
            ),
            Self::UnknownTable { file, headers } => write!(
                f,
                "cannot tell which table this file holds; begin its name with the table (sends, consents, …) or \
                 add to mapping.toml: [files] \"{}\" = \"sends\"; the first line must name the columns, as `recipient`; it is: {}",
                base_name(file),
                list(headers)
            ),
            Self::UnknownFormat { file, looks_like } => {
                write!(f, "{file} looks like {looks_like}; save it as CSV in UTF-8 or as Parquet")
            }
            Self::MissingColumn { file, table, columns, headers } => write!(
                f,
                "{file}: table {table} needs column {}; found: {}; add to mapping.toml: [{table}.columns] {} = \
                 \"<one of these headers>\"",
                columns.join(" or "),
                list(headers),
                columns.first().copied().unwrap_or_default()
            ),
            Self::MappedColumnAbsent { file, table, column, theirs, headers } => write!(
                f,
                "{file}: mapping.toml says [{table}.columns] {column} = {theirs:?}, but the header has no such \
                 name; found: {}",
                list(headers)
            ),
            Self::RepeatedHeader { file, header } => {
                write!(
                    f,
                    "{file}: this header stands twice, so its column is ambiguous; rename one: {header}"
                )
            }
            Self::ColumnType { file, header, kind } => write!(
                f,
                "{file}: column {header:?} has a type that is not read; write it as text or leave it out: {kind}"
            ),
            Self::Mapping { what } => write!(f, "mapping.toml: {what}"),
            Self::Damaged { file, after, what } => write!(
                f,
                "{file} is damaged or cut short after row {after}; copy it again from its source: {what}"
            ),
            Self::Changed { file } => {
                write!(f, "this file is shorter than before the interruption; start the audit anew: {file}")
            }
            Self::TooManyDistinct { file, columns, most } => write!(
                f,
                "{file}: columns {columns} take more than {most} different values together; one of them is \
                 mapped to a column of ids or texts by mistake, correct it in mapping.toml"
            ),
            Self::TooManyFiles { found } => {
                write!(f, "at most {} files can be read at once; join some; found: {found}", u16::MAX)
            }
        }
    }
}
impl core::error::Error for Error {}

/// Header names for a message: quoted, cut where there are too many.
fn list(headers: &[String]) -> String {
    if headers.is_empty() {
        return "no header".to_owned();
    }
    // A file without a header shows its first row here, and that is about a person.
    let mut shown: Vec<String> =
        headers.iter().take(HEADERS_SHOWN).map(|h| super::reject::masked(h)).collect();
    if headers.len() > HEADERS_SHOWN {
        shown.push("…".to_owned());
    }
    shown.join(", ")
}

fn base_name(file: &str) -> &str {
    file.rsplit(['/', '\\']).next().unwrap_or(file)
}

const HEADERS_SHOWN: usize = 40;
