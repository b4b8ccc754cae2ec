//! Why a record cannot be written or read.

use crate::proof::ProofFault;
use anning_ledger::FieldError;
use anning_vocab::ActKind;

/// Why a record cannot be written or read. A path is a normalized JSONPath (RFC 9535).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// More bytes than a record may have.
    TooLong {
        /// How many there are.
        bytes: usize,
    },
    /// No JSON, or UTF-8 that is none.
    Json {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// A name stands twice in one object.
    Twice {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// Of another type, or a text that may not stand there.
    Wrong {
        /// Where.
        path: String,
        /// What may stand there.
        expected: &'static str,
    },
    /// Must be there.
    Missing {
        /// Where.
        path: String,
    },
    /// More members or combinations than a record may have.
    TooMany {
        /// Where.
        path: String,
        /// How many it may have.
        at_most: usize,
    },
    /// A member of our own part that this version does not know: to leave it out could widen a consent.
    Unknown {
        /// Where.
        path: String,
    },
    /// The stranger's words and our own part say different things.
    Contradiction {
        /// Where our own part stands.
        path: String,
    },
    /// A state that is no act of the person, or one we have no act for.
    NoAct {
        /// Where.
        path: String,
        /// The state.
        state: String,
    },
    /// The proof of the log one trusts does not hold.
    Proof(ProofFault),
    /// To be written: bytes that are no sheet.
    Sheet(FieldError),
    /// To be written: the act names the hash of another sheet.
    OtherSheet,
    /// To be written: a time outside the years 1 to 9999.
    Time(&'static str),
    /// To be written: an id of more than 64 bytes, or a text of more than 4,096.
    Oversize(&'static str),
    /// To be written: a receipt is of a consent, and this act is none.
    NoConsent(ActKind),
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TooLong { bytes } => {
                write!(f, "a record has at most {} bytes, this one: {bytes}", crate::RECORD_MAX)
            }
            Self::Json { line, column } => write!(f, "no JSON in UTF-8 from line {line}, column: {column}"),
            Self::Twice { line, column } => {
                write!(f, "a name stands twice in one object at line {line}, column: {column}")
            }
            Self::Wrong { path, expected } => write!(f, "must be {expected}: {path}"),
            Self::Missing { path } => write!(f, "must be there, but is missing: {path}"),
            Self::TooMany { path, at_most } => write!(f, "at most {at_most} may stand in: {path}"),
            Self::Unknown { path } => {
                write!(f, "unknown to this version, and to leave it out could widen a consent: {path}")
            }
            Self::Contradiction { path } => {
                write!(f, "the members outside say something else than our own part, one was changed: {path}")
            }
            Self::NoAct { path, state } => write!(f, "{state} is no act of the person in: {path}"),
            Self::Proof(fault) => fault.fmt(f),
            Self::Sheet(error) => error.fmt(f),
            Self::OtherSheet => f.write_str("the act names the hash of another sheet"),
            Self::Time(name) => write!(f, "a time outside the years 1 to 9999 cannot be written: {name}"),
            Self::Oversize(name) => write!(f, "too long to be written: {name}"),
            Self::NoConsent(kind) => {
                write!(f, "a consent receipt is of a consent, write a consent record instead for: {kind}")
            }
        }
    }
}
impl core::error::Error for Error {}

impl From<FieldError> for Error {
    fn from(error: FieldError) -> Self {
        Self::Sheet(error)
    }
}
