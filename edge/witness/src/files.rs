//! Files of this side: read with a limit, put in place whole, locked.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::source::SourceError;

/// Reads a file of at most `limit` bytes.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, SourceError> {
    // Opening a pipe would wait for its writer.
    let told = std::fs::metadata(path)?;
    if !told.is_file() {
        return Err(SourceError::NotAFile);
    }
    let room = usize::try_from(told.len().min(limit)).unwrap_or_default();
    let mut bytes = Vec::with_capacity(room.saturating_add(1));
    File::open(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(SourceError::TooLong { limit }) } else { Ok(bytes) }
}

/// Puts a file in place whole; durable only after [`sync_all`].
pub(crate) fn put(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let new = beside(path);
    let written = match std::fs::write(&new, bytes) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            std::fs::create_dir_all(folder).map_err(Error::io("make", folder))?;
            std::fs::write(&new, bytes)
        }
        other => other,
    };
    written.map_err(Error::io("write", &new))?;
    std::fs::rename(&new, path).map_err(Error::io("write", path))
}

/// Puts a file in place of what bore its name, durably: after a crash there is the old one or the new one.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    write_through(&beside(path), bytes, OpenOptions::new().write(true).create(true).truncate(true))?;
    std::fs::rename(beside(path), path).map_err(Error::io("write", path))?;
    sync_folder(path)
}

/// Makes a file that only its owner can read, durably.
///
/// # Errors
/// Also when there is one already.
pub(crate) fn create_secret(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    write_through(path, bytes, OpenOptions::new().write(true).create_new(true).mode(0o600))?;
    sync_folder(path)
}

fn write_through(path: &Path, bytes: &[u8], options: &OpenOptions) -> Result<(), Error> {
    let write = || {
        let mut file = options.open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(Error::io("write", path))
}

fn sync_folder(path: &Path) -> Result<(), Error> {
    let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(Error::io("sync", folder))
}

/// Makes everything that was put below a folder durable.
pub(crate) fn sync_all(folder: &Path) -> Result<(), Error> {
    // One call for many small files: a sync each would take hours for a large log.
    let sync = || Ok(rustix::fs::syncfs(File::open(folder)?)?);
    sync().map_err(Error::io("sync", folder))
}

/// Takes a folder for one worker until the lock is dropped; waits for it if told to.
pub(crate) fn lock(path: &Path, wait: bool) -> Result<File, Error> {
    let open = || OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
    let file = open().map_err(Error::io("lock", path))?;
    if wait {
        file.lock().map_err(Error::io("lock", path))?;
        return Ok(file);
    }
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(Error::Locked(path.to_path_buf())),
        Err(std::fs::TryLockError::Error(error)) => Err(Error::io("lock", path)(error)),
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    path.with_file_name(name)
}
