//! The output folder of a run and its working files: one process at a time, and a run that was killed is told
//! from another one.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::input::{Input, Stream};

/// A claimed output folder. The claim ends when it is dropped, or with the process.
#[derive(Debug)]
pub struct Workspace {
    out: PathBuf,
    work: PathBuf,
    _lock: File,
}

impl Workspace {
    /// Claims a folder, which is made if it is not there.
    ///
    /// # Errors
    /// [`Error::InUse`] while another process holds it; [`Error::Io`] where it cannot be made.
    pub fn claim(out: &Path) -> Result<Self, Error> {
        let work = out.join(".work");
        std::fs::create_dir_all(&work).map_err(|e| Error::io("create", &work, &e))?;
        let path = work.join("lock");
        let lock = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(|e| Error::io("open", &path, &e))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { out: out.to_path_buf(), work, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Error::InUse { folder: out.to_path_buf() }),
            Err(TryLockError::Error(e)) => Err(Error::io("lock", &path, &e)),
        }
    }

    /// The folder.
    #[must_use]
    pub fn out(&self) -> &Path {
        &self.out
    }

    pub(crate) fn work(&self) -> &Path {
        &self.work
    }

    /// Copies standard input into the working folder, so that it can be read more than once.
    ///
    /// # Errors
    /// [`Error::Io`] or [`Error::Full`].
    pub fn spool(&self, mut stdin: Stream) -> Result<PathBuf, Error> {
        self.clear()?;
        let path = self.work.join("sends-stdin");
        let mut file = File::create(&path).map_err(|e| Error::io("create", &path, &e))?;
        std::io::copy(&mut stdin, &mut file).map_err(|e| Error::io("write", &path, &e))?;
        Ok(path)
    }

    /// Removes everything of an earlier run but what was spooled for this one.
    pub(crate) fn clear(&self) -> Result<(), Error> {
        let entries = std::fs::read_dir(&self.work).map_err(|e| Error::io("list", &self.work, &e))?;
        for entry in entries.flatten() {
            let name = entry.file_name();
            if name != "lock" && name != "sends-stdin" {
                let path = entry.path();
                std::fs::remove_file(&path).map_err(|e| Error::io("remove", &path, &e))?;
            }
        }
        Ok(())
    }

    /// Tells whether the working files are of a run like this one; without any, makes them so.
    ///
    /// # Errors
    /// [`Error::OtherRun`] where they are of another, unless `fresh`.
    pub(crate) fn adopt(&self, identity: &str, fresh: bool) -> Result<(), Error> {
        let path = self.work.join("run");
        let known = std::fs::read_to_string(&path).unwrap_or_default();
        if !fresh && known == identity {
            return Ok(());
        }
        // Without a record nothing of that run can be gone on with, so that nothing is lost: it was refused, or killed
        // before it had anything to keep.
        if !fresh && !known.is_empty() && self.work.join(RECORD).exists() {
            let what = identity.lines().find(|line| !known.lines().any(|k| k == *line));
            let what = what.or_else(|| known.lines().find(|line| !identity.lines().any(|i| i == *line)));
            let what = what.unwrap_or("order of files").to_owned();
            return Err(Error::OtherRun { folder: self.out.clone(), what });
        }
        self.clear()?;
        std::fs::write(&path, identity).map_err(|e| Error::io("write", &path, &e))
    }

    /// Moves a finished file to where it belongs.
    pub(crate) fn publish(&self, name: &str) -> Result<(), Error> {
        let (from, to) = (self.work.join(name), self.out.join(name));
        std::fs::rename(&from, &to).map_err(|e| Error::io("write", &to, &e))
    }

    /// Writes a file whole beside its place and moves it there.
    pub(crate) fn put(&self, name: &str, content: &[u8]) -> Result<(), Error> {
        let path = self.work.join(name);
        let mut file = File::create(&path).map_err(|e| Error::io("create", &path, &e))?;
        file.write_all(content).map_err(|e| Error::io("write", &path, &e))?;
        self.publish(name)
    }

    /// Removes a file that this run does not write but an earlier one may have.
    pub(crate) fn withdraw(&self, name: &str) {
        // Nothing is lost if it stays: it is named by no summary.
        let _ = std::fs::remove_file(self.out.join(name));
    }

    /// Removes the working files: the run is finished.
    pub(crate) fn finish(self) {
        // Left-over working files do no harm: the next run clears them.
        let _ = std::fs::remove_dir_all(&self.work);
    }
}

/// One line a file: name, size, time of change, hash of its beginning and end.
pub(crate) fn fingerprint(input: &Input) -> Result<String, Error> {
    let mut out = String::new();
    for (at, file) in (0_u16..).zip(&input.plan().files) {
        let Some(path) = input.path(at) else { continue };
        let meta = std::fs::metadata(path).map_err(|e| Error::io("open", path, &e))?;
        let changed = meta.modified().ok().and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok());
        let hash = ends(path, meta.len()).map_err(|e| Error::io("read", path, &e))?;
        let changed = changed.map_or(0, |t| t.as_nanos());
        out += &format!("input {} {} {changed} {hash}\n", file.name, meta.len());
    }
    Ok(out)
}

/// Hash of the beginning and end of a file.
pub(crate) fn ends(path: &Path, len: u64) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = blake3::Hasher::new();
    let mut bytes = Vec::new();
    (&mut file).take(ENDS).read_to_end(&mut bytes)?;
    hasher.update(&bytes);
    if len > ENDS {
        bytes.clear();
        file.seek(SeekFrom::Start(len.saturating_sub(ENDS).max(ENDS)))?;
        file.take(ENDS).read_to_end(&mut bytes)?;
        hasher.update(&bytes);
    }
    hasher.update(&len.to_le_bytes());
    Ok(hasher.finalize().to_hex().to_string())
}

/// What a run puts on record between two legs.
pub(crate) const RECORD: &str = "checkpoint";
/// Bytes looked at, at either end.
const ENDS: u64 = 64 << 10;
