//! What can go wrong, with the place and the way out.

use std::io;
use std::path::{Path, PathBuf};

/// Why the store cannot do what it was asked. A refusal of the law is none of these.
#[derive(Debug)]
pub enum Error {
    /// The disk failed.
    Io {
        /// What was being done.
        doing: &'static str,
        /// To what.
        path: PathBuf,
        /// What the disk said.
        source: io::Error,
    },
    /// Bytes on disk are not what was written.
    Damaged {
        /// In which file.
        path: PathBuf,
        /// From which byte on.
        offset: u64,
        /// What does not fit.
        what: &'static str,
    },
    /// The folder holds less than it once did.
    RolledBack {
        /// In which folder.
        path: PathBuf,
        /// Entries that are there.
        found: u64,
        /// Entries that a checkpoint of this log says there are.
        known: u64,
    },
    /// Another process has the ledger open.
    Locked(PathBuf),
    /// No ledger is there.
    NoLedger(PathBuf),
    /// Something is there already.
    Exists(PathBuf),
    /// A write failed earlier; what is on disk is known only after opening again.
    Stopped,
    /// Too much waits already: nothing was taken.
    Busy,
    /// The keys do not fit the ledger.
    Keys(KeyError),
    /// The request cannot be met as it stands.
    Refused(Refusal),
}

/// Why keys do not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// No key ring is where the ledger's should be.
    NoRing(PathBuf),
    /// The master key does not open the key ring.
    WrongMaster(PathBuf),
    /// The key ring is of another ledger.
    OtherLedger(PathBuf),
    /// The key ring lacks the epoch key that the ledger is under.
    NoEpoch {
        /// Which one.
        epoch: u32,
        /// In which ring.
        ring: PathBuf,
    },
    /// The file is no key ring.
    Malformed(PathBuf),
    /// A text is no master key.
    NotAKey,
}

/// Why a request cannot be met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// More in one batch than a record may hold.
    TooLarge {
        /// Bytes asked for.
        bytes: usize,
    },
    /// An event's id is longer than 64 bytes.
    LongId(usize),
    /// Times of an act are out of order.
    Times,
    /// A sheet that the ledger does not hold.
    UnknownSheet,
    /// Nobody of that address is on record.
    UnknownRecipient,
    /// Who was erased already asks to be forgotten.
    Erased,
    /// A hold of that name does not stand.
    UnknownHold(String),
    /// No such entry, its key is gone, or no checkpoint covers it yet.
    NoEntry(u64),
    /// More recipients than there are numbers.
    Full,
}

impl Error {
    /// The disk failed while doing something to a path.
    pub fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { doing, path, source }
    }

    /// The disk, or a share of it, is full: what failed may do once there is room again.
    #[must_use]
    pub fn is_no_room(&self) -> bool {
        use io::ErrorKind::{QuotaExceeded, StorageFull};
        match self {
            Self::Io { source, .. } => [StorageFull, QuotaExceeded].contains(&source.kind()),
            Self::Damaged { .. }
            | Self::RolledBack { .. }
            | Self::Locked(_)
            | Self::NoLedger(_)
            | Self::Exists(_)
            | Self::Stopped
            | Self::Busy
            | Self::Keys(_)
            | Self::Refused(_) => false,
        }
    }
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Io { doing, path, source } => write!(f, "cannot {doing} {}: {source}", path.display()),
            Self::Damaged { path, offset, what } => write!(
                f,
                "{what} at byte {offset}; the file was changed or the disk is failing; restore it from a mirror or a \
                 backup: {}",
                path.display()
            ),
            Self::RolledBack { path, found, known } => write!(
                f,
                "the ledger holds {found} entries but a checkpoint speaks of {known}; an old copy was put in its \
                 place, or its end was lost: {}",
                path.display()
            ),
            Self::Locked(path) => {
                write!(
                    f,
                    "another process has this ledger open, perhaps a gateway that serves from it: end it first and \
                     start it again afterwards (see docs/gateway.md): {}",
                    path.display()
                )
            }
            Self::NoLedger(path) => {
                write!(f, "no ledger is here; make one with `anning ledger init`: {}", path.display())
            }
            Self::Exists(path) => write!(f, "there is something here already: {}", path.display()),
            Self::Stopped => f.write_str(
                "a write failed earlier, so the ledger takes no more events; mend the disk and open it again",
            ),
            Self::Busy => f.write_str("too many requests wait already; nothing was taken, try again"),
            Self::Keys(error) => error.fmt(f),
            Self::Refused(refusal) => refusal.fmt(f),
        }
    }
}

impl core::fmt::Display for KeyError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::NoRing(path) => write!(
                f,
                "the key ring is missing; nothing can be opened without it; put it back where it was or name it \
                 with --keys: {}",
                path.display()
            ),
            Self::WrongMaster(path) => {
                write!(f, "the master key does not open the key ring; nothing was opened: {}", path.display())
            }
            Self::OtherLedger(path) => write!(f, "the key ring is of another ledger: {}", path.display()),
            Self::NoEpoch { epoch, ring } => {
                write!(
                    f,
                    "the key ring lacks epoch key {epoch}; an old copy of it may be here: {}",
                    ring.display()
                )
            }
            Self::Malformed(path) => write!(f, "not a key ring: {}", path.display()),
            Self::NotAKey => f.write_str("a master key is 64 hex digits"),
        }
    }
}

impl core::fmt::Display for Refusal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TooLarge { bytes } => write!(f, "too much for one batch, split it: {bytes} bytes"),
            Self::LongId(len) => write!(f, "an event id may have 64 bytes; this has: {len}"),
            Self::Times => f.write_str("received before it occurred, or recorded before it was received"),
            Self::UnknownSheet => f.write_str("the terms are of a sheet that the ledger does not hold"),
            Self::Erased => f.write_str("erased already: the refusal stands, and nothing else is kept"),
            Self::UnknownRecipient => f.write_str("nobody of that address is on record"),
            Self::UnknownHold(name) => write!(f, "no hold of that name stands: {name}"),
            Self::NoEntry(position) => write!(
                f,
                "nothing can be opened there: no such entry, its key was destroyed, or no checkpoint covers it yet: \
                 {position}"
            ),
            Self::Full => f.write_str("the ledger has as many recipients as it can number"),
        }
    }
}

impl core::error::Error for Error {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            Self::Damaged { .. }
            | Self::RolledBack { .. }
            | Self::Locked(_)
            | Self::NoLedger(_)
            | Self::Exists(_)
            | Self::Stopped
            | Self::Busy
            | Self::Keys(_)
            | Self::Refused(_) => None,
        }
    }
}

impl From<KeyError> for Error {
    fn from(error: KeyError) -> Self {
        Self::Keys(error)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
