//! Records on disk: one folder a record, `record.json` beside its pictures and the saved page.

use std::fs;
use std::path::{Path, PathBuf};

use anning_page::record::Record;
use sha2::{Digest as _, Sha256};

use crate::error::Error;

/// A record as it stands on disk.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The record.
    pub record: Record,
    /// SHA-256 of its file, hexadecimal. The file holds the hashes of pictures and saved page: this one binds them all.
    pub sha256: String,
    /// Where the pictures are.
    pub folder: PathBuf,
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
        Ok(Self { record, sha256: sha256(&bytes), folder: folder.to_owned() })
    }

    /// Reads a record's file, or the one in a folder.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::Record`].
    pub fn read(path: &Path) -> Result<Self, Error> {
        let file = if path.is_dir() { path.join(NAME) } else { path.to_owned() };
        let bytes = fs::read(&file).map_err(|err| Error::File(file.clone(), err))?;
        let record = Record::read(&bytes).map_err(|err| Error::Record(file.clone(), err))?;
        let beside = file.parent().map(Path::to_owned).unwrap_or_default();
        // `NAME.json` of a list of records keeps its pictures in `NAME`.
        let named = file.with_extension("");
        let folder =
            if file.file_name().is_some_and(|name| name != NAME) && named.is_dir() { named } else { beside };
        Ok(Self { record, sha256: sha256(&bytes), folder })
    }

    /// Files of the record that are missing or are not what the record says: name and what is wrong.
    #[must_use]
    pub fn altered(&self) -> Vec<(String, &'static str)> {
        let files = self.record.files.iter();
        files
            .filter_map(|file| match fs::read(self.folder.join(&file.name)) {
                Err(_) => Some((file.name.clone(), "missing")),
                Ok(bytes) if sha256(&bytes) != file.sha256 => Some((file.name.clone(), "altered")),
                Ok(_) => None,
            })
            .collect()
    }
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
