//! Why an audit could not start or finish. A row that cannot be read is a reject, a breach is a finding;
//! neither is an error.

use std::path::{Path, PathBuf};

/// What stopped the run.
#[derive(Debug)]
pub enum Error {
    /// The input cannot be read.
    Input(crate::input::Error),
    /// There is nothing to audit.
    NoSends {
        /// Where it was looked for.
        input: String,
    },
    /// A file or folder could not be read or written.
    Io {
        /// What was being done.
        doing: &'static str,
        /// Which.
        path: PathBuf,
        /// What the system said.
        what: String,
    },
    /// No room is left where the output goes.
    Full {
        /// Where.
        path: PathBuf,
    },
    /// Another process works on the same output folder.
    InUse {
        /// The folder.
        folder: PathBuf,
    },
    /// The output folder holds an unfinished audit of other input or settings.
    OtherRun {
        /// The folder.
        folder: PathBuf,
        /// What differs.
        what: String,
    },
    /// A working file of ours is damaged.
    Damaged {
        /// Which.
        path: PathBuf,
    },
    /// Settings that cannot be read.
    Settings {
        /// Which file or option.
        path: String,
        /// Why.
        what: String,
    },
    /// A ledger cannot be opened or read.
    Ledger(String),
    /// A bug: the books do not balance.
    Unbalanced(String),
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Input(error) => error.fmt(f),
            Self::NoSends { input } => write!(
                f,
                "no sends to audit: no file whose name begins with `sends`, or none mapped to it, in: {input}"
            ),
            Self::Io { doing, path, what } => write!(f, "cannot {doing} {}: {what}", path.display()),
            Self::Full { path } => write!(
                f,
                "no space left to write; make room and run the same command again, it goes on from there: {}",
                path.display()
            ),
            Self::InUse { folder } => write!(
                f,
                "another audit is writing to this folder; wait for it or choose another with --out: {}",
                folder.display()
            ),
            Self::OtherRun { folder, what } => write!(
                f,
                "{} holds an unfinished audit of other input or settings ({what}); choose another folder with \
                 --out, or start over with --fresh",
                folder.display()
            ),
            Self::Damaged { path } => {
                write!(f, "a working file is damaged; start over with --fresh: {}", path.display())
            }
            Self::Settings { path, what } => write!(f, "{path}: {what}"),
            Self::Ledger(what) => write!(f, "ledger: {what}"),
            Self::Unbalanced(what) => write!(f, "bug: the books do not balance: {what}"),
        }
    }
}
impl std::error::Error for Error {}

impl From<crate::input::Error> for Error {
    fn from(error: crate::input::Error) -> Self {
        Self::Input(error)
    }
}

impl Error {
    /// What the system said, about a file; a full disk is told apart.
    #[must_use]
    pub fn io(doing: &'static str, path: &Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let full = [ErrorKind::StorageFull, ErrorKind::QuotaExceeded, ErrorKind::FileTooLarge];
        if full.contains(&error.kind()) {
            return Self::Full { path: path.to_path_buf() };
        }
        Self::Io { doing, path: path.to_path_buf(), what: error.to_string() }
    }

    /// 2 wrong usage, 3 input or output unavailable, 70 bug.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Settings { .. } | Self::OtherRun { .. } | Self::NoSends { .. } => 2,
            Self::Input(error) if error.is_usage() => 2,
            Self::Input(_)
            | Self::Io { .. }
            | Self::Full { .. }
            | Self::InUse { .. }
            | Self::Damaged { .. }
            | Self::Ledger(_) => 3,
            Self::Unbalanced(_) => 70,
        }
    }
}
