//! What goes wrong outside: a fault in the log, a refusal, or something that could not be read.

use std::path::{Path, PathBuf};

use anning_ledger::{CheckpointError, Head, KeyError, MirrorError, Refusal, Shelf, Tile, TileError};

use crate::leaf::LeafFault;
use crate::source::SourceError;

/// Why there is no answer, or a bad one.
#[derive(Debug)]
pub enum Error {
    /// Something could not be fetched; it says nothing about the log.
    Unavailable {
        /// Which file of the log.
        file: String,
        /// Why.
        source: SourceError,
    },
    /// The log is not what its checkpoint says.
    Fault(Fault),
    /// The log does not continue what was seen of it.
    Refused(Refused),
    /// The disk of this side failed.
    Io {
        /// What was to be done.
        doing: &'static str,
        /// With which file.
        path: PathBuf,
        /// What the disk said.
        source: std::io::Error,
    },
    /// Another process works in this folder.
    Locked(PathBuf),
    /// What this side keeps is not what it wrote.
    State {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A key of this side can't be made or used.
    Key(KeyError),
    /// The caller asked to stop.
    Stopped,
}

/// What is wrong with a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The checkpoint can't be read, is another log's or is not signed by its key.
    Checkpoint(CheckpointError),
    /// A file that the checkpoint asks for is not there.
    Missing {
        /// Which.
        file: String,
    },
    /// A file is longer than any such file can be.
    TooLong {
        /// Which.
        file: String,
        /// Bytes it may have.
        limit: u64,
    },
    /// A file is no tile of its name.
    Shape {
        /// Which.
        file: String,
        /// Why.
        source: TileError,
    },
    /// A tile does not hash up to the root.
    Tile {
        /// Which.
        file: String,
    },
    /// The tiles at the right edge do not make up the root.
    Root {
        /// Those tiles.
        files: Vec<String>,
    },
    /// An entry is not the one whose hash is in the tree.
    Entry {
        /// The bundle.
        file: String,
        /// Number of the entry.
        entry: u64,
    },
    /// An entry is in the tree and is none that such a log may hold.
    Leaf {
        /// The bundle.
        file: String,
        /// Number of the entry.
        entry: u64,
        /// What is wrong with it.
        why: LeafFault,
    },
}

/// A log that does not continue what was seen of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The log shows a smaller tree than it showed before.
    Rollback {
        /// What was seen.
        held: Head,
        /// What it shows.
        offered: Head,
        /// Where both checkpoints are kept.
        evidence: Option<PathBuf>,
    },
    /// The log signed two histories.
    Fork {
        /// What was seen.
        held: Head,
        /// What it shows.
        offered: Head,
        /// Where both checkpoints are kept.
        evidence: Option<PathBuf>,
    },
    /// The witness does not cosign.
    Witness(Refusal),
}

impl Error {
    /// The disk failed while doing something to a path.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { doing, path, source }
    }

    /// A file of the log could not be had.
    pub(crate) fn fetching(file: &str) -> impl FnOnce(SourceError) -> Self {
        let file = file.to_owned();
        move |source| match source {
            SourceError::Missing => Self::Fault(Fault::Missing { file }),
            SourceError::TooLong { limit } => Self::Fault(Fault::TooLong { file, limit }),
            other @ (SourceError::Address { .. }
            | SourceError::NoTls
            | SourceError::NotAFile
            | SourceError::Io(_)
            | SourceError::Status { .. }
            | SourceError::Moving
            | SourceError::Network(_)) => Self::Unavailable { file, source: other },
        }
    }

    /// A log of this size could not be read from its tiles.
    pub(crate) fn reading(size: u64) -> impl FnOnce(MirrorError<SourceError>) -> Self {
        move |error| match error {
            MirrorError::Fetch { tile, source } => Self::fetching(&tile.path())(source),
            MirrorError::Shape { tile, source } => Self::Fault(Fault::Shape { file: tile.path(), source }),
            MirrorError::Lie { tile } => Self::Fault(Fault::Tile { file: tile.path() }),
            // A node beyond the tree is never asked for; were it, the edge would be what is wrong.
            MirrorError::Root | MirrorError::NoNode(_) => {
                let hashes = |tile: &Tile| tile.shelf != Shelf::Entries;
                let files = crate::snapshot::edge(size).into_iter().filter(hashes);
                Self::Fault(Fault::Root { files: files.map(|tile| tile.path()).collect() })
            }
        }
    }
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Unavailable { file, source } => write!(f, "can't read {file}: {source}"),
            Self::Fault(fault) => fault.fmt(f),
            Self::Refused(refused) => refused.fmt(f),
            Self::Io { doing, path, source } => write!(f, "cannot {doing} {}: {source}", path.display()),
            Self::Locked(path) => {
                write!(f, "another process is at work here; wait for it or end it: {}", path.display())
            }
            Self::State { path, what } => {
                write!(f, "{what}; restore it from a backup or begin in a new folder: {}", path.display())
            }
            Self::Key(error) => error.fmt(f),
            Self::Stopped => f.write_str("stopped when asked to; run it again to go on"),
        }
    }
}

impl core::error::Error for Error {}

impl core::fmt::Display for Fault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Checkpoint(error) => write!(f, "the checkpoint is not to be believed: {error}"),
            Self::Missing { file } => write!(f, "the checkpoint asks for a file that is not there: {file}"),
            Self::TooLong { file, limit } => {
                write!(f, "a file is longer than the {limit} bytes it may have: {file}")
            }
            Self::Shape { file, source } => write!(f, "{source}, in: {file}"),
            Self::Tile { file } => write!(f, "a tile does not hash up to the root: {file}"),
            Self::Root { files } => {
                write!(
                    f,
                    "the tiles at the right edge do not make up the checkpoint's root: {}",
                    files.join(" ")
                )
            }
            Self::Entry { file, entry } => {
                write!(f, "entry {entry} is not the one in the tree, in: {file}")
            }
            Self::Leaf { file, entry, why } => write!(f, "entry {entry} is no leaf ({why}), in: {file}"),
        }
    }
}

impl core::error::Error for Fault {}

impl core::fmt::Display for Refused {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let kept = |f: &mut core::fmt::Formatter<'_>, evidence: &Option<PathBuf>| match evidence {
            Some(path) => write!(f, "; both checkpoints are kept in: {}", path.display()),
            None => Ok(()),
        };
        match self {
            Self::Rollback { held, offered, evidence } => {
                write!(f, "rolled back: the log had {} entries and now shows {}", held.size, offered.size)?;
                kept(f, evidence)
            }
            Self::Fork { held, offered, evidence } => {
                write!(
                    f,
                    "forked: the log of {} entries does not begin with the {} entries seen before",
                    offered.size.max(held.size),
                    offered.size.min(held.size)
                )?;
                kept(f, evidence)
            }
            Self::Witness(refusal) => witness(f, refusal),
        }
    }
}

impl core::error::Error for Refused {}

fn witness(f: &mut core::fmt::Formatter<'_>, refusal: &Refusal) -> core::fmt::Result {
    match refusal {
        Refusal::Malformed(error) => write!(f, "not cosigned: {error}"),
        Refusal::UnknownOrigin => f.write_str("not cosigned: another log's checkpoint"),
        Refusal::UnknownKey => f.write_str("not cosigned: no signature of this log's key"),
        Refusal::BadSignature => f.write_str("not cosigned: the log's signature does not fit"),
        Refusal::OldBeyondNew => f.write_str("not cosigned: the old size is beyond the new one"),
        Refusal::Rollback { known } => {
            write!(f, "not cosigned: rolled back, cosigned before at size: {known}")
        }
        Refusal::Stale { known } => {
            write!(
                f,
                "not cosigned: another run was faster, run it again; cosigned meanwhile at size: {known}"
            )
        }
        Refusal::Fork => {
            f.write_str("not cosigned: forked, another root of the same size was cosigned before")
        }
        Refusal::EmptyRoot => {
            f.write_str("not cosigned: an empty log with another root than that of nothing")
        }
        Refusal::BadProof(error) => {
            write!(f, "not cosigned: forked, it does not begin with what was cosigned before: {error}")
        }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<KeyError> for Error {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}
