//! What can go wrong while a world is written or read back.

use std::io;
use std::path::{Path, PathBuf};

/// Why a sample could not be written or read.
#[derive(Debug)]
pub enum Error {
    /// The size asked for is zero, negative, no number, or beyond what the world holds.
    Size(String),
    /// The share of distinct texts is not above 0 and at most 1.
    Distinct(f64),
    /// The file of texts cannot be used.
    Texts {
        /// Which file.
        path: PathBuf,
        /// Line, where one is to blame.
        line: Option<u64>,
        /// What is wrong.
        reason: String,
    },
    /// The output folder holds files already.
    NotEmpty(PathBuf),
    /// A file could not be written.
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// An expectation file could not be read.
    Expected {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The table of scenarios contradicts itself.
    Scenarios(String),
}

impl Error {
    pub(crate) fn write(path: &Path, source: io::Error) -> Self {
        Self::Write { path: path.to_owned(), source }
    }

    pub(crate) fn texts(path: &Path, line: Option<u64>, reason: impl ToString) -> Self {
        Self::Texts { path: path.to_owned(), line, reason: reason.to_string() }
    }

    pub(crate) fn expected(path: &Path, reason: impl ToString) -> Self {
        Self::Expected { path: path.to_owned(), reason: reason.to_string() }
    }

    /// Was there no room left on the disk?
    #[must_use]
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::Write { source, .. } => {
                matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
            }
            Self::Size(_)
            | Self::Distinct(_)
            | Self::Texts { .. }
            | Self::NotEmpty(_)
            | Self::Expected { .. }
            | Self::Scenarios(_) => false,
        }
    }
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Size(what) => write!(f, "{what}"),
            Self::Distinct(share) => {
                write!(f, "share of distinct texts must be above 0 and at most 1, got: {share}")
            }
            Self::Texts { path, line: Some(line), reason } => {
                write!(f, "texts cannot be used: {reason}: {}:{line}", path.display())
            }
            Self::Texts { path, line: None, reason } => {
                write!(f, "texts cannot be used: {reason}: {}", path.display())
            }
            Self::NotEmpty(path) => write!(
                f,
                "output folder is not empty, choose another or allow overwriting: {}",
                path.display()
            ),
            Self::Write { path, .. } if self.is_disk_full() => {
                write!(
                    f,
                    "no room left on the disk, what was written so far is incomplete: {}",
                    path.display()
                )
            }
            Self::Write { path, source } => write!(f, "cannot write: {source}: {}", path.display()),
            Self::Expected { path, reason } => {
                write!(f, "expectations cannot be read: {reason}: {}", path.display())
            }
            Self::Scenarios(what) => write!(f, "table of scenarios: {what}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Write { source, .. } => Some(source),
            Self::Size(_)
            | Self::Distinct(_)
            | Self::Texts { .. }
            | Self::NotEmpty(_)
            | Self::Expected { .. }
            | Self::Scenarios(_) => None,
        }
    }
}
