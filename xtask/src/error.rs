//! What can break a chore. A style problem or a failed test is a result, counted in [`Error::Found`].

use std::io;
use std::path::PathBuf;

/// Why a chore stopped or ended badly.
#[derive(Debug)]
pub(crate) enum Error {
    /// The words on the command line make no sense.
    Usage {
        /// What was not understood.
        what: String,
        /// What would be.
        hint: String,
    },
    /// A file or folder could not be read or written.
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A program could not be started.
    Start {
        /// Its command line.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// A program ran and ended with an error.
    Ended {
        /// Its command line.
        program: String,
        /// Exit status in words.
        status: String,
        /// The end of what it printed, if it was captured.
        printed: String,
    },
    /// Something a chore needs is not on this machine.
    Missing {
        /// What.
        what: String,
        /// How to get it.
        hint: String,
    },
    /// The chore ran to its end and found this many problems, already printed.
    Found {
        /// How many.
        count: usize,
        /// Of what.
        what: &'static str,
    },
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Usage { what, hint } => write!(f, "not understood: {what}; {hint}"),
            Self::File { path, source } => write!(f, "{source}: {}", path.display()),
            Self::Start { program, source } => write!(f, "could not start ({source}): {program}"),
            Self::Ended { program, status, printed } if printed.is_empty() => {
                write!(f, "{status}: {program}")
            }
            Self::Ended { program, status, printed } => write!(f, "{status}: {program}\n{printed}"),
            Self::Missing { what, hint } => write!(f, "missing: {what}; {hint}"),
            Self::Found { count, what } => write!(f, "{what}: {count}"),
        }
    }
}

impl std::error::Error for Error {}

impl Error {
    /// Words nobody understands, and what would have been understood.
    pub(crate) fn usage(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage { what: what.into(), hint: hint.into() }
    }

    /// Ties a system error to the file it is about.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}
