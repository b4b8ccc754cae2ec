//! Files beside the record: written once, named by what they are, known by their hash.

use std::fs;
use std::path::{Path, PathBuf};

use anning_page::record::File;
use sha2::{Digest, Sha256};

use crate::error::Error;

/// A folder for the files of one record; without one, nothing but the hashes is kept.
#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    folder: Option<PathBuf>,
}

impl Evidence {
    pub(crate) fn open(folder: Option<&Path>) -> Result<Self, Error> {
        if let Some(folder) = folder {
            fs::create_dir_all(folder).map_err(|err| Error::File(folder.to_owned(), err))?;
        }
        Ok(Self { folder: folder.map(Path::to_owned) })
    }

    /// Writes a file and says what it is.
    pub(crate) fn add(&self, name: &str, media: &str, bytes: &[u8]) -> Result<File, Error> {
        if let Some(folder) = &self.folder {
            let path = folder.join(name);
            fs::write(&path, bytes).map_err(|err| Error::File(path, err))?;
        }
        let sha256 = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(File { name: name.to_owned(), media: media.to_owned(), bytes: bytes.len() as u64, sha256 })
    }
}
