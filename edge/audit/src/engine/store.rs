//! Records by recipient: a fixed number of partitions, in memory up to a bound, then in files.
//!
//! Which records a partition holds does not depend on threads, memory or order of reading; whoever reads a
//! partition sorts it.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anning_vocab::RecipientKey;

use crate::error::Error;

/// Number of partitions; the first byte of the key chooses.
pub(crate) const PARTITIONS: usize = 256;

/// All partitions of one kind of record.
pub(crate) struct Store {
    folder: PathBuf,
    kind: &'static str,
    parts: Vec<Mutex<Part>>,
    held: AtomicUsize,
    bound: usize,
}

#[derive(Default)]
struct Part {
    blocks: Vec<Vec<u8>>,
    file: Option<File>,
    spilled: u64,
    records: u64,
}

impl Store {
    /// An empty store that keeps at most `bound` bytes in memory and spills the rest into `folder`.
    pub fn new(folder: &Path, kind: &'static str, bound: usize) -> Self {
        let parts = (0..PARTITIONS).map(|_| Mutex::default()).collect();
        Self { folder: folder.to_path_buf(), kind, parts, held: AtomicUsize::new(0), bound }
    }

    /// A store whose files held so many bytes and records when they were last known good; what was written
    /// behind that is cut off.
    pub fn resume(
        folder: &Path,
        kind: &'static str,
        bound: usize,
        known: &[(u64, u64)],
    ) -> Result<Self, Error> {
        let store = Self::new(folder, kind, bound);
        for (at, (spilled, records)) in known.iter().enumerate() {
            let Some(part) = store.parts.get(at) else { continue };
            let mut part = lock(part);
            if *spilled > 0 {
                let path = store.path(at);
                let file =
                    OpenOptions::new().append(true).open(&path).map_err(|e| Error::io("open", &path, &e))?;
                file.set_len(*spilled).map_err(|e| Error::io("cut", &path, &e))?;
                part.file = Some(file);
            }
            part.spilled = *spilled;
            part.records = *records;
        }
        Ok(store)
    }

    fn path(&self, at: usize) -> PathBuf {
        self.folder.join(format!("{}.{at:03}", self.kind))
    }

    /// Records of a partition.
    pub fn records(&self, at: usize) -> u64 {
        self.parts.get(at).map_or(0, |part| lock(part).records)
    }

    /// Was anything written to disk?
    pub fn spilled(&self) -> bool {
        self.parts.iter().any(|part| lock(part).spilled > 0)
    }

    fn add(&self, at: usize, block: Vec<u8>, records: u64) -> Result<(), Error> {
        let Some(part) = self.parts.get(at) else { return Ok(()) };
        let len = block.len();
        let mut part = lock(part);
        part.records += records;
        part.blocks.push(block);
        if self.held.fetch_add(len, Ordering::Relaxed) + len > self.bound {
            self.spill(at, &mut part)?;
        }
        Ok(())
    }

    fn spill(&self, at: usize, part: &mut Part) -> Result<(), Error> {
        let path = self.path(at);
        let file = match &mut part.file {
            Some(file) => file,
            None => {
                let file = OpenOptions::new()
                    .create(true)
                    .write(true)
                    .truncate(true)
                    .open(&path)
                    .map_err(|e| Error::io("create", &path, &e))?;
                part.file.insert(file)
            }
        };
        for block in &part.blocks {
            file.write_all(block).map_err(|e| Error::io("write", &path, &e))?;
            part.spilled += block.len() as u64;
            self.held.fetch_sub(block.len(), Ordering::Relaxed);
        }
        part.blocks.clear();
        Ok(())
    }

    /// Puts everything into files; returns bytes and records of each partition. The files survive the end of
    /// the process; that they survive a loss of power is not waited for, see the checkpoint.
    pub fn settle(&self) -> Result<Vec<(u64, u64)>, Error> {
        let mut known = Vec::with_capacity(PARTITIONS);
        for (at, part) in self.parts.iter().enumerate() {
            let mut part = lock(part);
            if !part.blocks.is_empty() {
                self.spill(at, &mut part)?;
            }
            known.push((part.spilled, part.records));
        }
        Ok(known)
    }

    /// All bytes of a partition, in whole records.
    pub fn load(&self, at: usize) -> Result<Vec<u8>, Error> {
        let Some(part) = self.parts.get(at) else { return Ok(Vec::new()) };
        let part = lock(part);
        let in_memory: usize = part.blocks.iter().map(Vec::len).sum();
        let mut all = Vec::with_capacity(in_memory + usize::try_from(part.spilled).unwrap_or(0));
        if part.spilled > 0 {
            let path = self.path(at);
            let file = File::open(&path).map_err(|e| Error::io("open", &path, &e))?;
            file.take(part.spilled).read_to_end(&mut all).map_err(|e| Error::io("read", &path, &e))?;
            if all.len() as u64 != part.spilled {
                return Err(Error::Damaged { path });
            }
        }
        for block in &part.blocks {
            all.extend_from_slice(block);
        }
        Ok(all)
    }

    /// Where a damaged partition is reported.
    pub fn damaged(&self, at: usize) -> Error {
        Error::Damaged { path: self.path(at) }
    }
}

fn lock(part: &Mutex<Part>) -> MutexGuard<'_, Part> {
    // A thread that died in a write has returned its error to the run, which ends.
    part.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One thread's way into a store: small buffers, handed over when full.
pub(crate) struct Writer<'s> {
    store: &'s Store,
    buffers: Vec<(Vec<u8>, u64)>,
}

impl<'s> Writer<'s> {
    pub fn new(store: &'s Store) -> Self {
        Self { store, buffers: (0..PARTITIONS).map(|_| (Vec::new(), 0)).collect() }
    }

    /// Adds one record.
    pub fn push(&mut self, key: RecipientKey, write: impl FnOnce(&mut Vec<u8>)) -> Result<(), Error> {
        let [first, ..] = key.0;
        let at = usize::from(first);
        let Some((buffer, records)) = self.buffers.get_mut(at) else { return Ok(()) };
        if buffer.capacity() == 0 {
            buffer.reserve_exact(BLOCK_BYTES + RECORD_MAX);
        }
        write(buffer);
        *records += 1;
        if buffer.len() >= BLOCK_BYTES {
            let full = core::mem::replace(buffer, Vec::with_capacity(BLOCK_BYTES + RECORD_MAX));
            return self.store.add(at, full, core::mem::take(records));
        }
        Ok(())
    }

    /// Hands over what is left.
    pub fn flush(&mut self) -> Result<(), Error> {
        for (at, slot) in self.buffers.iter_mut().enumerate() {
            let (block, records) = core::mem::take(slot);
            if records > 0 {
                self.store.add(at, block, records)?;
            }
        }
        Ok(())
    }
}

/// A buffer is handed over when it holds so many bytes.
const BLOCK_BYTES: usize = 16 << 10;
/// Longest record.
const RECORD_MAX: usize = 256;
