//! Snapshots: the state as of one mark in the journal, sealed under a key that the epoch key wraps. Losing one costs
//! time, nothing else.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anning_ledger::index::{self, Index};
use anning_ledger::sheet::Table;
use anning_ledger::{Place, Purpose, Secret, Suite};
use anning_vocab::{Date, Timestamp};
use minicbor::{Decoder, Encoder};

use super::Ledger;
use crate::disk::{Disk, File};
use crate::error::Error;
use crate::journal::Mark;
use crate::keyring::KeyRing;
use crate::state::{Restriction, State};

/// What a snapshot gives back.
pub(super) struct Loaded {
    pub state: State,
    pub mark: Option<Mark>,
    pub epoch: u32,
    pub generation: u32,
    pub recipients: u32,
    pub page_keys: Vec<Secret>,
}

impl Default for Loaded {
    fn default() -> Self {
        Self {
            state: State::default(),
            mark: None,
            epoch: 1,
            generation: 1,
            recipients: 0,
            page_keys: Vec::new(),
        }
    }
}

impl Ledger {
    /// Writes a snapshot and removes older ones but the last. Opening then reads the journal from here on.
    ///
    /// # Errors
    /// [`Error::Io`]; the snapshots that were there still are.
    pub fn snapshot(&mut self) -> Result<(), Error> {
        self.write_snapshot()?;
        let names = self.snapshots()?;
        for name in names.iter().rev().skip(KEPT) {
            let path = self.folder.join(FOLDER).join(name);
            self.disk.remove(&path).map_err(Error::io("remove", &path))?;
        }
        Ok(())
    }

    pub(super) fn write_snapshot(&mut self) -> Result<PathBuf, Error> {
        self.subjects.sync()?;
        let folder = self.folder.join(FOLDER);
        self.disk.create_folder(&folder).map_err(Error::io("make", &folder))?;
        let mark = self.journal.mark();
        let path = folder.join(format!("{:020}-{:010}.snapshot", mark.position, self.epoch));
        let new = folder.join("new");
        match self.disk.remove(&new) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(Error::io("remove", &new)(e)),
            Ok(()) | Err(_) => {}
        }
        let file = self.disk.create(&new).map_err(Error::io("make", &new))?;
        let salt = self.fresh();
        let key = key(self.suite, self.ring.epoch(self.epoch)?, &salt);
        let mut out =
            Writer { suite: self.suite, file: file.as_ref(), path: &new, key: &key, at: 0, part: 0 };
        let mut head = MAGIC.to_vec();
        head.extend_from_slice(&self.epoch.to_le_bytes());
        head.extend_from_slice(&salt);
        out.raw(&head)?;
        out.part(&self.head())?;
        self.state().index.write(|part| out.part(part))?;
        file.sync().map_err(Error::io("sync", &new))?;
        self.disk.rename(&new, &path).map_err(Error::io("name", &path))?;
        self.disk.sync_folder(&folder).map_err(Error::io("sync", &folder))?;
        Ok(path)
    }

    pub(super) fn snapshots(&self) -> Result<Vec<String>, Error> {
        list(self.disk.as_ref(), &self.folder.join(FOLDER))
    }

    /// Removes every snapshot but this one.
    pub(super) fn keep_only(&self, kept: &Path) -> Result<(), Error> {
        let folder = self.folder.join(FOLDER);
        for name in self.snapshots()? {
            let path = folder.join(name);
            if path != kept {
                self.disk.remove(&path).map_err(Error::io("remove", &path))?;
            }
        }
        self.disk.sync_folder(&folder).map_err(Error::io("sync", &folder))
    }

    /// Everything but the index.
    fn head(&self) -> Vec<u8> {
        let mark = self.journal.mark();
        let state = self.state();
        let mut out = Encoder::new(Vec::new());
        let mut write = || -> Result<(), minicbor::encode::Error<core::convert::Infallible>> {
            out.array(11)?.u32(mark.segment)?.u64(mark.offset)?.u64(mark.position)?.bytes(&mark.chain)?;
            out.u32(self.subjects.generation())?.u32(self.subjects.count())?;
            let page_keys: Vec<u8> = self.subjects.page_keys().iter().flat_map(|key| *key.bytes()).collect();
            out.bytes(&page_keys)?.i64(state.last.millis())?;
            let sheets = &state.sheets;
            out.array(sheets.all().count() as u64 + 1)?;
            let names: Vec<_> = sheets.names().all().collect();
            out.array(names.len() as u64 * 2)?;
            for (table, name) in names {
                out.u8(table as u8)?.str(name)?;
            }
            for sheet in sheets.all() {
                out.bytes(sheet)?;
            }
            let recent: Vec<u8> =
                state.recent.all().flat_map(|(name, at)| name.into_iter().chain(at.to_le_bytes())).collect();
            out.bytes(&recent)?;
            out.array(2)?.array(state.restricted.len() as u64)?;
            for (subject, r) in &state.restricted {
                out.array(4)?.u32(*subject)?.i64(r.since.millis())?.i32(r.until.days())?.str(&r.article)?;
            }
            out.array(state.holds.len() as u64)?;
            for (name, subjects) in &state.holds {
                let numbers: Vec<u8> = subjects.iter().flat_map(|n| n.to_le_bytes()).collect();
                out.array(2)?.str(name)?.bytes(&numbers)?;
            }
            Ok(())
        };
        // Writing into memory does not fail.
        let written = write();
        debug_assert!(written.is_ok(), "a state has a head");
        out.into_writer()
    }
}

/// Writes sealed parts, each after its length.
struct Writer<'w> {
    suite: Suite,
    file: &'w dyn File,
    path: &'w Path,
    key: &'w Secret,
    at: u64,
    part: u32,
}

impl Writer<'_> {
    fn raw(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.file.write_at(bytes, self.at).map_err(Error::io("write", self.path))?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    fn part(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let mut sealed = bytes.to_vec();
        self.suite.seal(self.key, part_place(self.part), &mut sealed);
        self.part += 1;
        self.raw(&(sealed.len() as u64).to_le_bytes())?;
        self.raw(&sealed)
    }
}

/// The latest snapshot that can be read. One that cannot is passed over: the journal has it all.
pub(super) fn latest(
    disk: &dyn Disk,
    folder: &Path,
    suite: Suite,
    ring: &KeyRing,
) -> Result<Option<Loaded>, Error> {
    let folder = folder.join(FOLDER);
    for name in list(disk, &folder)?.iter().rev() {
        let path = folder.join(name);
        let file = disk.open(&path).map_err(Error::io("open", &path))?;
        if let Some(loaded) = load(&file, suite, ring) {
            return Ok(Some(loaded));
        }
    }
    Ok(None)
}

fn list(disk: &dyn Disk, folder: &Path) -> Result<Vec<String>, Error> {
    match disk.list(folder) {
        Ok(names) => Ok(names.into_iter().filter(|name| name.ends_with(".snapshot")).collect()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(e) => Err(Error::io("list", folder)(e)),
    }
}

fn load(file: &Arc<dyn File>, suite: Suite, ring: &KeyRing) -> Option<Loaded> {
    let size = file.size().ok()?;
    let head = read(file.as_ref(), 0, HEAD)?;
    let (magic, rest) = head.split_first_chunk::<8>()?;
    let (epoch, salt) = rest.split_first_chunk::<4>()?;
    if magic != MAGIC {
        return None;
    }
    let epoch = u32::from_le_bytes(*epoch);
    let key = key(suite, ring.epoch(epoch).ok()?, salt);
    let mut parts = Vec::new();
    let mut at = HEAD as u64;
    while at < size {
        let len = u64::from_le_bytes(read(file.as_ref(), at, 8)?.try_into().ok()?);
        let end = at.checked_add(8)?.checked_add(len).filter(|end| *end <= size)?;
        parts.push((at + 8, usize::try_from(len).ok()?));
        at = end;
    }
    let open = |part: usize| {
        let (at, len) = *parts.get(part)?;
        suite.open(&key, part_place(u32::try_from(part).ok()?), &read(file.as_ref(), at, len)?).ok()
    };
    let mut loaded = state(&open(0)?, suite)?;
    loaded.epoch = epoch;
    loaded.state.index = load_index(parts.len(), &open)?;
    Some(loaded)
}

/// Opens the parts of the index on two threads.
fn load_index(parts: usize, open: &(impl Fn(usize) -> Option<Vec<u8>> + Sync)) -> Option<Index> {
    let head = index::Head::read(&open(1)?).ok()?;
    let next = AtomicUsize::new(2);
    let work = || {
        let mut shards = Vec::new();
        loop {
            let part = next.fetch_add(1, Ordering::Relaxed);
            if part >= parts {
                return Some(shards);
            }
            shards.push(head.shard(&open(part)?).ok()?);
        }
    };
    let shards = std::thread::scope(|scope| {
        let other = scope.spawn(work);
        let mut all = work()?;
        all.extend(other.join().ok()??);
        Some(all)
    })?;
    head.clone().index(shards).ok()
}

fn read(file: &dyn File, at: u64, len: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; len];
    let mut done = 0;
    while let Some(rest) = bytes.get_mut(done..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, at + done as u64) {
            Ok(n) if n > 0 => done += n,
            Ok(_) | Err(_) => return None,
        }
    }
    Some(bytes)
}

fn state(head: &[u8], suite: Suite) -> Option<Loaded> {
    let mut from = Decoder::new(head);
    (from.array().ok()? == Some(11)).then_some(())?;
    let mark = Mark {
        segment: from.u32().ok()?,
        offset: from.u64().ok()?,
        position: from.u64().ok()?,
        chain: from.bytes().ok()?.try_into().ok()?,
    };
    let (generation, recipients) = (from.u32().ok()?, from.u32().ok()?);
    let page_keys = from.bytes().ok()?.as_chunks::<32>().0.iter().map(|key| Secret::new(*key)).collect();
    let last = Timestamp::from_millis(from.i64().ok()?);
    let mut state = State { last, position: mark.position, ..State::default() };
    let sheets = from.array().ok()??;
    for _ in 0..from.array().ok()?? / 2 {
        let table = *Table::ALL.get(usize::from(from.u8().ok()?))?;
        state.sheets.names_mut().intern(table, from.str().ok()?);
    }
    for _ in 1..sheets {
        state.sheets.put(suite, from.bytes().ok()?).ok()?;
    }
    for entry in from.bytes().ok()?.as_chunks::<24>().0 {
        let (name, at) = entry.split_first_chunk::<16>()?;
        state.recent.restore(*name, u64::from_le_bytes(at.try_into().ok()?));
    }
    from.array().ok()?;
    for _ in 0..from.array().ok()?? {
        from.array().ok()?;
        let subject = from.u32().ok()?;
        let since = Timestamp::from_millis(from.i64().ok()?);
        let until = Date::from_days(from.i32().ok()?);
        state.restricted.insert(subject, Restriction { since, until, article: from.str().ok()?.to_owned() });
    }
    for _ in 0..from.array().ok()?? {
        from.array().ok()?;
        let name = from.str().ok()?.to_owned();
        let numbers = from.bytes().ok()?.as_chunks::<4>().0.iter().map(|n| u32::from_le_bytes(*n)).collect();
        state.holds.insert(name, numbers);
    }
    Some(Loaded { state, mark: Some(mark), epoch: 1, generation, recipients, page_keys })
}

/// A key that serves one snapshot.
fn key(suite: Suite, epoch: &Secret, salt: &[u8]) -> Secret {
    Secret::new(suite.keyed(epoch.bytes(), &[b"anning snapshot 1\n", salt]))
}

const fn part_place(part: u32) -> Place {
    Place { purpose: Purpose::Snapshot, at: 0, part, attempt: 0 }
}

const FOLDER: &str = "snapshots";
const MAGIC: &[u8; 8] = b"ANNSNAP1";
const HEAD: usize = 8 + 4 + 32;
/// Snapshots kept: one may turn out to be unreadable.
const KEPT: usize = 2;
