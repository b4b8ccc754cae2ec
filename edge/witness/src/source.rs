//! Where a log is read from: a folder, or an address.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anning_ledger::{ENTRY_MAX, NOTE_MAX, Shelf, Tile, push_entry};

use crate::files;
use crate::http::{self, Client};

/// Where the public files of a log lie: `checkpoint` and `tile/…`. Nothing read from it is to be believed yet.
///
/// ```
/// use anning_witness::Source;
/// use std::time::Duration;
/// let patience = Duration::from_secs(60);
/// assert!(Source::open("http://log.example.org/anning", patience).is_ok());
/// assert!(Source::open("ftp://log.example.org", patience).is_err());
/// assert!(Source::open("ledger/public", patience).unwrap().folder().is_some());
/// ```
#[derive(Clone, Debug)]
pub struct Source(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Folder(PathBuf),
    Address { base: String, client: Client },
}

/// Why a file of a log could not be had.
#[derive(Debug)]
pub enum SourceError {
    /// It is not there.
    Missing,
    /// Longer than such a file can be.
    TooLong {
        /// Bytes it may have.
        limit: u64,
    },
    /// Not an address that can be asked.
    Address {
        /// What was given.
        address: String,
    },
    /// https, in a build without it.
    NoTls,
    /// A folder, a pipe or a device.
    NotAFile,
    /// The disk failed.
    Io(io::Error),
    /// The server answered something else than the file.
    Status {
        /// The status of its answer.
        status: u16,
    },
    /// The log grew faster than it could be read.
    Moving,
    /// The server could not be reached, or stopped in the middle.
    Network(String),
}

impl core::fmt::Display for SourceError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Missing => f.write_str("it is not there"),
            Self::TooLong { limit } => write!(f, "longer than it may be, which is: {limit} bytes"),
            Self::Address { address } => {
                write!(f, "not an address like http://host/path without query or user: {address:?}")
            }
            Self::NoTls => f.write_str(
                "this build speaks no https; build it with `--features tls`, or put a proxy that does before it",
            ),
            Self::NotAFile => f.write_str("it is no file"),
            Self::Io(error) => error.fmt(f),
            Self::Status { status } => {
                let moved = if (300..400).contains(status) {
                    "redirects are not followed, give the final address; "
                } else {
                    ""
                };
                write!(f, "{moved}the server answered: {status}")
            }
            Self::Moving => f.write_str("the log grew faster than it could be read, try again"),
            Self::Network(what) => f.write_str(what),
        }
    }
}

impl core::error::Error for SourceError {}

impl From<io::Error> for SourceError {
    fn from(error: io::Error) -> Self {
        if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) {
            Self::Missing
        } else {
            Self::Io(error)
        }
    }
}

impl Source {
    /// A folder, or what begins with `http://` (`https://` with feature `tls`). Nothing is fetched yet; no fetch will
    /// take longer than `patience`.
    ///
    /// # Errors
    /// [`SourceError::Address`], [`SourceError::NoTls`].
    pub fn open(place: &str, patience: Duration) -> Result<Self, SourceError> {
        if !place.contains("://") {
            return Ok(Self::of_folder(Path::new(place)));
        }
        http::check(place)?;
        let base = place.trim_end_matches('/').to_owned();
        Ok(Self(Kind::Address { base, client: Client::new(patience) }))
    }

    /// A folder.
    #[must_use]
    pub fn of_folder(folder: &Path) -> Self {
        Self(Kind::Folder(folder.to_path_buf()))
    }

    /// The folder, if it is one.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        match &self.0 {
            Kind::Folder(folder) => Some(folder),
            Kind::Address { .. } => None,
        }
    }

    /// The newest checkpoint, as it lies there.
    ///
    /// # Errors
    /// When it can't be had.
    pub fn checkpoint(&self) -> Result<Vec<u8>, SourceError> {
        self.read("checkpoint", NOTE_MAX as u64)
    }

    /// A tile. Where a narrow one is gone because the full one is there, the beginning of that.
    ///
    /// # Errors
    /// When it can't be had.
    pub fn tile(&self, tile: &Tile) -> Result<Vec<u8>, SourceError> {
        match self.read(&tile.path(), limit(tile)) {
            Err(SourceError::Missing) if tile.width < WIDTH => {
                let full = Tile { width: WIDTH, ..*tile };
                cut(tile, self.read(&full.path(), limit(&full))?).ok_or(SourceError::Missing)
            }
            other => other,
        }
    }

    fn read(&self, file: &str, limit: u64) -> Result<Vec<u8>, SourceError> {
        match &self.0 {
            Kind::Folder(folder) => files::read(&folder.join(file), limit),
            Kind::Address { base, client } => client.get(&format!("{base}/{file}"), limit),
        }
    }
}

/// Bytes that a tile can have.
pub(crate) const fn limit(tile: &Tile) -> u64 {
    let one = match tile.shelf {
        Shelf::Hashes { .. } => 32,
        Shelf::Entries => 2 + ENTRY_MAX as u64,
    };
    one * tile.width as u64
}

/// The beginning of a full tile, as wide as this one.
fn cut(tile: &Tile, mut full: Vec<u8>) -> Option<Vec<u8>> {
    let width = usize::from(tile.width);
    match tile.shelf {
        Shelf::Hashes { .. } => {
            full.truncate(32 * width);
            Some(full)
        }
        Shelf::Entries => {
            let entries = Tile { width: WIDTH, ..*tile }.entries(&full).ok()?;
            let mut narrow = Vec::new();
            entries.iter().take(width).try_for_each(|entry| push_entry(&mut narrow, entry)).ok()?;
            Some(narrow)
        }
    }
}

/// Hashes or entries in a full tile.
pub(crate) const WIDTH: u16 = 256;
