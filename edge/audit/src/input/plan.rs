//! What will be read and how it was understood: shown to the user before work starts.

use super::error::Error;
use super::mapping::Mapping;
use super::table::{Column, Need, Table, folded};
use super::time::Zone;

/// Everything found.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The files, table by table, within a table by name. A file's position is its number in rejects and row ids.
    pub files: Vec<FilePlan>,
    /// Things to know that belong to no single file.
    pub warnings: Vec<Warning>,
}

impl Plan {
    /// Is there at least one file of this table?
    #[must_use]
    pub fn has(&self, table: Table) -> bool {
        self.files.iter().any(|file| file.table == table)
    }

    /// The name of a file by its number.
    #[must_use]
    pub fn file_name(&self, file: u16) -> &str {
        self.files.get(usize::from(file)).map_or("", |f| &f.name)
    }
}

/// One file of the plan.
#[derive(Clone, Debug)]
pub struct FilePlan {
    /// Its table.
    pub table: Table,
    /// Path as given, or `-`.
    pub name: String,
    /// How it is written.
    pub format: Format,
    /// Compressed as a whole.
    pub compression: Compression,
    /// Its encoding, as far as its beginning shows.
    pub encoding: Encoding,
    /// Zone of times that carry none.
    pub zone: Option<Zone>,
    /// Columns that will be read.
    pub columns: Vec<ColumnPlan>,
    /// Headers that nothing is read from.
    pub unused: Vec<String>,
    /// Size in bytes, if it is a file.
    pub bytes: Option<u64>,
    /// Rows, if the format says so.
    pub rows: Option<u64>,
    /// Things to know about this file.
    pub warnings: Vec<Warning>,
}

/// Where one of our columns comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnPlan {
    /// Our name.
    pub ours: &'static str,
    /// Their header; for a default, the value.
    pub theirs: String,
    /// How we know.
    pub how: How,
}

/// How a column was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The header has our name.
    SameName,
    /// The mapping says so.
    Mapped,
    /// The header has a usual other name.
    Guessed,
    /// The mapping gives a value for every row.
    Default,
}

/// Format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Cells separated by this byte.
    Csv {
        /// Comma, tab or semicolon.
        delimiter: u8,
    },
    /// A JSON object a line.
    NdJson,
    /// Apache Parquet.
    Parquet,
}

/// Compression of a whole file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// None.
    None,
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
}

/// Encoding of a text file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// ASCII so far: decided at the first other byte.
    Undecided,
    /// UTF-8.
    Utf8,
    /// GB18030, and with it GBK and GB 2312.
    Gb18030,
}

/// Something the user should know and may want to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning(pub String);

impl core::fmt::Display for Warning {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where the cells of one of our columns come from, in the table's order of columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// This cell of the cells that are read.
    Cell(usize),
    /// The same text in every row.
    Constant(String),
    /// Nowhere: not recorded.
    Absent,
}

/// The columns of a file, found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Matched {
    /// For each of our columns.
    pub slots: Vec<Slot>,
    /// Header positions that are read, in the order of [`Slot::Cell`].
    pub headers: Vec<usize>,
    /// For the user.
    pub columns: Vec<ColumnPlan>,
    /// Headers not read.
    pub unused: Vec<String>,
    /// For the user.
    pub warnings: Vec<Warning>,
}

/// Finds our columns among the headers of a file.
pub(crate) fn matched(
    file: &str,
    table: Table,
    headers: &[String],
    mapping: &Mapping,
) -> Result<Matched, Error> {
    let mut out = Matched::default();
    let section = mapping.table(table);
    let folded: Vec<String> = headers.iter().map(|h| self::folded(h)).collect();
    let taken_by_mapping: Vec<usize> =
        section.columns.values().filter_map(|theirs| position(headers, theirs)).collect();
    for column in table.columns() {
        let found = match section.columns.get(column.name) {
            Some(theirs) => match position(headers, theirs) {
                Some(at) => Some((at, How::Mapped)),
                None => {
                    return Err(Error::MappedColumnAbsent {
                        file: file.to_owned(),
                        table,
                        column: column.name,
                        theirs: theirs.clone(),
                        headers: headers.to_vec(),
                    });
                }
            },
            None => guessed(column, headers, &folded, &taken_by_mapping),
        };
        let slot = match found {
            Some((at, how)) => {
                let theirs = headers.get(at).cloned().unwrap_or_default();
                if headers.iter().filter(|h| **h == theirs).count() > 1 {
                    return Err(Error::RepeatedHeader { file: file.to_owned(), header: theirs });
                }
                out.columns.push(ColumnPlan { ours: column.name, theirs, how });
                out.headers.push(at);
                Slot::Cell(out.headers.len() - 1)
            }
            None => match default_of(table, column.name, section.defaults.get(column.name)) {
                Some(value) => {
                    let theirs = value.clone();
                    out.columns.push(ColumnPlan { ours: column.name, theirs, how: How::Default });
                    Slot::Constant(value)
                }
                None => Slot::Absent,
            },
        };
        out.slots.push(slot);
    }
    check_needs(file, table, headers, &out.slots)?;
    out.unused = (0..headers.len())
        .filter(|at| !out.headers.contains(at))
        .filter_map(|at| headers.get(at).cloned())
        .collect();
    Ok(out)
}

/// The header of our name, else of the first usual other name that is there.
fn guessed(column: &Column, headers: &[String], folded: &[String], taken: &[usize]) -> Option<(usize, How)> {
    let free = |at: &usize| !taken.contains(at);
    if let Some(at) = position(headers, column.name).filter(free) {
        return Some((at, How::SameName));
    }
    let ours = self::folded(column.name);
    let names = std::iter::once(ours.as_str()).chain(column.also.iter().copied());
    let at = names.into_iter().find_map(|name| folded.iter().position(|h| h == name).filter(free))?;
    Some((at, How::Guessed))
}

fn position(headers: &[String], name: &str) -> Option<usize> {
    headers.iter().position(|h| h == name)
}

/// The value of a column where the file has none.
pub(crate) fn default_of(table: Table, column: &str, given: Option<&String>) -> Option<String> {
    match given {
        Some(value) => Some(value.clone()),
        None => (table == Table::Withdrawals && column == "act").then(|| "withdrawn".to_owned()),
    }
}

fn check_needs(file: &str, table: Table, headers: &[String], slots: &[Slot]) -> Result<(), Error> {
    let missing = |columns: Vec<&'static str>| Error::MissingColumn {
        file: file.to_owned(),
        table,
        columns,
        headers: headers.to_vec(),
    };
    let columns = || table.columns().iter().zip(slots);
    for (column, slot) in columns() {
        // A campaign may name the channel of its sends, so the row decides, not the header.
        let row_decides = table == Table::Sends && column.name == "channel";
        if column.need == Need::Required && *slot == Slot::Absent && !row_decides {
            return Err(missing(vec![column.name]));
        }
    }
    let one_of: Vec<_> = columns().filter(|(column, _)| column.need == Need::OneOf).collect();
    if !one_of.is_empty() && one_of.iter().all(|(_, slot)| **slot == Slot::Absent) {
        return Err(missing(one_of.iter().map(|(column, _)| column.name).collect()));
    }
    Ok(())
}
