//! What can be wrong with a stored record, where, and the way out.

use core::fmt;

/// A record that is not read. `path` is a JSON path (RFC 9535) into the record; texts of the record are shown cut.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "fields are the place and the offending value; Display says the rest")]
pub enum Error {
    /// More bytes than a record may have.
    TooLarge { bytes: usize, max: usize },
    /// Not JSON, or a name or kind of value that the format does not have.
    Json { path: String, line: usize, column: usize, why: String },
    /// Objects and lists within each other deeper than the format goes.
    TooDeep { path: String, max: usize },
    /// More values in all, or more items in one list, than may be.
    TooMany { path: String, what: &'static str, max: usize },
    /// A text of more bytes than may be.
    TooLong { path: String, bytes: usize, max: usize },
    /// Another format or version.
    Format { found: String, wanted: &'static str },
    /// An `id` that is not the index.
    Id { path: String, found: usize, index: usize },
    /// Two elements of one list under one key.
    KeyTwice { path: String, key: String },
    /// A reference to what is not there.
    NoSuch { path: String, what: &'static str, wanted: String },
    /// A number outside what it can be.
    Number { path: String, found: String, wanted: &'static str },
    /// A text of another form than its place asks for.
    Form { path: String, found: String, wanted: &'static str },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { bytes, max } => {
                write!(f, "$: a record has at most {max} bytes; leave out texts that no rule reads: {bytes}")
            }
            Self::Json { path, line, column, why } => {
                write!(f, "{path}: {why} (spec/page-record.schema.json has every name): {line}:{column}")
            }
            Self::TooDeep { path, max } => write!(f, "{path}: nested deeper than any record, at most: {max}"),
            Self::TooMany { path, what, max } => {
                write!(
                    f,
                    "{path}: too many {what}; cut and say so in `notes` as bound_reached, at most: {max}"
                )
            }
            Self::TooLong { path, bytes, max } => {
                write!(f, "{path}: a text of at most {max} bytes; cut it and note bound_reached: {bytes}")
            }
            Self::Format { found, wanted } => {
                write!(
                    f,
                    "$.format: this reader knows `{wanted}`; record again with a matching version: {found}"
                )
            }
            Self::Id { path, found, index } => {
                write!(f, "{path}: an id is the index in its list, here {index}, not: {found}")
            }
            Self::KeyTwice { path, key } => {
                write!(f, "{path}: a key names one element of a list and state, here used twice: {key}")
            }
            Self::NoSuch { path, what, wanted } => {
                write!(f, "{path}: names no {what} of this record; leave it out when unknown: {wanted}")
            }
            Self::Number { path, found, wanted } => write!(f, "{path}: must be {wanted}: {found}"),
            Self::Form { path, found, wanted } => write!(f, "{path}: must be {wanted}: {found}"),
        }
    }
}

impl core::error::Error for Error {}
