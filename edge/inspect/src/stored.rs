//! Records on disk: one folder a record, `record.json` beside its pictures and the saved page.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use anning_page::check::RECORD_MAX;
use anning_page::record::Record;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::error::Error;
use crate::terminal::shown;

/// A record as it stands on disk.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The record.
    pub record: Record,
    /// SHA-256 of its file, hexadecimal. The file holds the hashes of pictures and saved page: this one binds them all.
    pub sha256: String,
    /// Where the pictures are.
    pub folder: PathBuf,
    /// The seal beside it: read, and of this very record, but not verified.
    pub seal: Option<Seal>,
}

impl Stored {
    /// Writes `record.json` into the folder.
    ///
    /// # Errors
    /// [`Error::File`]; [`Error::Record`] for a record that could not be read again.
    pub fn write(record: Record, folder: &Path) -> Result<Self, Error> {
        let path = folder.join(NAME);
        record.check().map_err(|err| Error::Record(path.clone(), err))?;
        let bytes = bytes(&record)?;
        fs::create_dir_all(folder).map_err(|err| Error::File(folder.to_owned(), err))?;
        fs::write(&path, &bytes).map_err(|err| Error::File(path.clone(), err))?;
        Ok(Self { record, sha256: sha256(&bytes), folder: folder.to_owned(), seal: None })
    }

    /// Reads a record's file, or the one in a folder; where a seal lies beside it, the record must be the sealed one.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::Record`]; [`Error::Seal`] and [`Error::Altered`] for the seal.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let within = path.is_dir();
        let file = if within { path.join(NAME) } else { path.to_owned() };
        // A link named on the command line is meant; one that lies in an evidence folder leads out of it.
        let bytes = plain(&file, RECORD_MAX, within)?;
        let record = Record::read(&bytes).map_err(|err| Error::Record(file.clone(), err))?;
        let beside = file.parent().map(Path::to_owned).unwrap_or_default();
        let own = file.file_name().is_some_and(|name| name == NAME);
        // `NAME.json` of a list of records keeps its pictures in `NAME`.
        let named = file.with_extension("");
        let folder = if !own && named.is_dir() { named } else { beside };
        let sha256 = sha256(&bytes);
        let seal = Seal::read(&seal_of(&file))?;
        if let Some(seal) = seal.as_ref().filter(|seal| seal.record_sha256 != sha256) {
            return Err(Error::Altered { path: file, sealed: seal.record_sha256.clone(), found: sha256 });
        }
        Ok(Self { record, sha256, folder, seal })
    }

    /// Files of the record that are missing or are not what the record says: name and what is wrong.
    #[must_use]
    pub fn altered(&self) -> Vec<(String, &'static str)> {
        let files = self.record.files.iter();
        files
            .filter_map(|file| match hash(&self.folder.join(&file.name), file.bytes) {
                None => Some((file.name.clone(), "missing")),
                Some(found) if found != file.sha256 => Some((file.name.clone(), "altered")),
                Some(_) => None,
            })
            .collect()
    }
}

/// A folder of evidence as it lies there, to be verified: nothing in it is believed.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// Bytes of `record.json`.
    pub record: Vec<u8>,
    /// Text of `seal.json`, where there is one.
    pub seal: Option<String>,
    folder: PathBuf,
}

impl Bundle {
    /// Reads the record's folder, or the folder of the record's file.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn read(path: &Path) -> Result<Self, Error> {
        let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
        let seal = folder.join(SEAL);
        let seal = match fs::symlink_metadata(&seal) {
            Ok(_) => Some(String::from_utf8_lossy(&plain(&seal, SEAL_MAX, true)?).into_owned()),
            Err(_) => None,
        };
        Ok(Self { record: plain(&folder.join(NAME), RECORD_MAX, true)?, seal, folder: folder.to_owned() })
    }

    /// The record, read with suspicion, whatever the seal says of it.
    ///
    /// # Errors
    /// [`Error::Record`].
    pub fn stored(&self) -> Result<Stored, Error> {
        let record = Record::read(&self.record).map_err(|err| Error::Record(self.folder.join(NAME), err))?;
        Ok(Stored { record, sha256: sha256(&self.record), folder: self.folder.clone(), seal: None })
    }

    /// Files in the folder that neither the record nor the seal speaks of.
    #[must_use]
    pub fn strangers(&self, stored: &Stored) -> Vec<String> {
        let there = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let names = there.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let known = |name: &String| {
            name == NAME || name == SEAL || stored.record.files.iter().any(|file| file.name == *name)
        };
        let mut names: Vec<String> = names.filter(|name| !known(name)).take(STRANGERS_MAX).collect();
        names.sort();
        names
    }
}

/// What `seal.json` beside a record says (`spec/inspect.md`). Read, not believed: `anning inspect verify` checks it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Seal {
    /// Always `anning-page-seal/1`.
    format: String,
    /// Name of the log.
    pub log: String,
    /// SHA-256 of the record's file, hexadecimal.
    pub record_sha256: String,
    /// Position of the entry.
    pub position: u64,
}

impl Seal {
    /// The seal in this file, if there is one.
    fn read(path: &Path) -> Result<Option<Self>, Error> {
        if fs::symlink_metadata(path).is_err() {
            return Ok(None);
        }
        let bytes = plain(path, SEAL_MAX, true)?;
        let seal: Self =
            serde_json::from_slice(&bytes).map_err(|err| Error::Seal(path.to_owned(), err.to_string()))?;
        if seal.format == SEAL_FORMAT {
            Ok(Some(seal))
        } else {
            Err(Error::Seal(
                path.to_owned(),
                format!("this reader knows `{SEAL_FORMAT}`: {}", shown(&seal.format)),
            ))
        }
    }
}

/// Where the seal of a record lies: `seal.json` beside `record.json`, `NAME.seal.json` beside another.
fn seal_of(record: &Path) -> PathBuf {
    if record.file_name().is_some_and(|name| name == NAME) {
        record.with_file_name(SEAL)
    } else {
        record.with_extension(SEAL)
    }
}

/// A file of evidence: no device, pipe or folder, no longer than may be; within a folder of evidence no link either.
pub(crate) fn plain(path: &Path, max: usize, within: bool) -> Result<Vec<u8>, Error> {
    let bad = |err: io::Error| Error::File(path.to_owned(), err);
    let about = if within { fs::symlink_metadata(path) } else { fs::metadata(path) }.map_err(bad)?;
    if !about.is_file() {
        return Err(bad(io::Error::other("evidence is plain files, no links, folders, pipes or devices")));
    }
    let long = |bytes: u64| io::Error::other(format!("longer than {max} bytes may not be, here {bytes}"));
    if about.len() > max as u64 {
        return Err(bad(long(about.len())));
    }
    let mut bytes = Vec::new();
    // It may grow meanwhile.
    let file = fs::File::open(path).map_err(bad)?;
    file.take(max as u64 + 1).read_to_end(&mut bytes).map_err(bad)?;
    if bytes.len() > max { Err(bad(long(bytes.len() as u64))) } else { Ok(bytes) }
}

/// Hash of a file of evidence, read bit by bit and no further than it says it is long; none where no plain file is.
fn hash(path: &Path, length: u64) -> Option<String> {
    if !fs::symlink_metadata(path).ok()?.is_file() {
        return None;
    }
    let mut file = fs::File::open(path).ok()?.take(length.saturating_add(1));
    let (mut hash, mut piece) = (Sha256::new(), vec![0; PIECE]);
    loop {
        let read = file.read(&mut piece).ok()?;
        if read == 0 {
            break;
        }
        hash.update(piece.get(..read)?);
    }
    Some(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The bytes that are hashed: two spaces of indent, a line feed at the end.
fn bytes(record: &Record) -> Result<Vec<u8>, Error> {
    let mut bytes = serde_json::to_vec_pretty(record).map_err(|err| Error::Answer(err.to_string()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The file of a record.
const NAME: &str = "record.json";
/// The seal beside it.
const SEAL: &str = "seal.json";
const SEAL_FORMAT: &str = "anning-page-seal/1";
/// Bytes of a seal: a way through the largest tree, and a checkpoint with dozens of cosignatures.
const SEAL_MAX: usize = 1 << 18;
/// Files named that nobody speaks of.
const STRANGERS_MAX: usize = 100;
/// Bytes read at once.
const PIECE: usize = 1 << 16;
