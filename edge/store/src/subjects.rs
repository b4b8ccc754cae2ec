//! The recipients, by number, and their keys. Numbers are given in order of arrival; 4,096 share a page key.
//!
//! Two flat files follow from the journal: hashes (16 bytes each) and wrapped keys (48 bytes each). The table from hash
//! to number is made when it is first needed: decisions do not need it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anning_ledger::{Entry, Place, Purpose, Secret, Suite};
use anning_vocab::RecipientKey;

use crate::disk::{Disk, File};
use crate::error::{Error, Refusal};

/// The recipients of a ledger.
pub(crate) struct Subjects {
    suite: Suite,
    folder: PathBuf,
    /// How many hash keys made the hashes.
    generation: u32,
    hashes: Column,
    wraps: Column,
    count: u32,
    table: Option<Vec<u64>>,
    page_keys: Vec<Secret>,
}

/// A file of rows of one length; rows not yet written are held.
struct Column {
    file: Arc<dyn File>,
    path: PathBuf,
    width: u64,
    /// Rows from here on are in `fresh`.
    written: u64,
    fresh: Vec<u8>,
}

impl Subjects {
    /// Opens the files of a folder, or makes them. `count` rows are there; whatever follows is overwritten.
    pub fn open(
        disk: &dyn Disk,
        folder: &Path,
        suite: Suite,
        count: u32,
        generation: u32,
        page_keys: Vec<Secret>,
    ) -> Result<Self, Error> {
        disk.create_folder(folder).map_err(Error::io("make", folder))?;
        let column = |name: &str, width| Column::open(disk, &folder.join(name), width, u64::from(count));
        Ok(Self {
            suite,
            folder: folder.to_path_buf(),
            generation,
            hashes: column(&hashes_name(generation), HASH_ROW as u64)?,
            wraps: column("keys", 48)?,
            count,
            table: None,
            page_keys,
        })
    }

    /// Are the files there, with as many rows?
    pub fn are_whole(disk: &dyn Disk, folder: &Path, count: u32, generation: u32) -> bool {
        let rows = |name: &str, width: u64| {
            let size = disk.open(&folder.join(name)).and_then(|file| file.size());
            count == 0 || size.is_ok_and(|size| size >= u64::from(count) * width)
        };
        rows(&hashes_name(generation), HASH_ROW as u64) && rows("keys", 48)
    }

    /// How many there are.
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// The number of a recipient, if it was met; the latest, if it was met again after it had been erased.
    pub fn find(&mut self, key: RecipientKey) -> Result<Option<u32>, Error> {
        self.make_table()?;
        let Some(table) = &self.table else { return Ok(None) };
        let (tag, mask) = (tag(key), table.len() - 1);
        let (mut at, mut found) = (home(tag, table.len()), None);
        while let Some(slot) = table.get(at).filter(|slot| **slot != 0) {
            if slot >> NUMBER_BITS == tag {
                let number = number_in(*slot);
                if self.hash(number)? == key {
                    found = found.max(Some(number));
                }
            }
            at = (at + 1) & mask;
        }
        Ok(found)
    }

    /// Numbers a recipient that was not met before; what goes into the journal ahead of its first entry. Its wrapped key
    /// is left out, until [`Subjects::wrapped`] made it and [`Subjects::fill`] took it.
    pub fn add(
        &mut self,
        key: RecipientKey,
        out: &mut Vec<Entry>,
        (epoch, epoch_key): (u32, &Secret),
    ) -> Result<u32, Error> {
        let number = self.count;
        if number == NUMBER_MAX {
            return Err(Refusal::Full.into());
        }
        if number.is_multiple_of(PAGE) {
            out.push(Entry::PageKey { epoch });
            self.page_keys.push(page_key(self.suite, epoch_key, number / PAGE));
        }
        let wrapped = [0; 48];
        out.push(Entry::Subject { key, wrapped });
        self.put(key, &wrapped)?;
        Ok(number)
    }

    /// The key of a recipient under its page key.
    pub fn wrapped(&self, number: u32, own: &Secret) -> [u8; 48] {
        let none = Secret::new([0; 32]);
        let under = self.page_keys.get((number / PAGE) as usize).unwrap_or(&none);
        // Should a crash undo this and the number be given again, the key that was here first sealed nothing.
        wrap(self.suite, under, row_place(number), own)
    }

    /// Takes the wrapped keys of the recipients that were added last, from a number on.
    pub fn fill(&mut self, first: u32, wraps: &[[u8; 48]]) {
        let from = usize::try_from(u64::from(first).saturating_sub(self.wraps.written) * self.wraps.width);
        let rows = from.ok().and_then(|from| self.wraps.fresh.get_mut(from..)).unwrap_or_default();
        debug_assert_eq!(rows.len(), wraps.len() * 48, "rows not yet written are those of this batch");
        rows.iter_mut().zip(wraps.as_flattened()).for_each(|(row, wrap)| *row = *wrap);
    }

    /// Takes a recipient as the journal has it.
    pub fn put(&mut self, key: RecipientKey, wrapped: &[u8; 48]) -> Result<(), Error> {
        self.hashes.push(&hash_row(self.count, key));
        self.wraps.push(wrapped);
        if let Some(table) = &mut self.table {
            if (self.count as usize + 1) * 4 > table.len() * 3 {
                self.table = None;
            } else {
                insert(table, tag(key), self.count);
            }
        }
        self.count += 1;
        Ok(())
    }

    /// Takes a page key as the journal has it.
    pub fn put_page_key(&mut self, page: usize, key: Secret) {
        match self.page_keys.get_mut(page) {
            Some(slot) => *slot = key,
            None => self.page_keys.push(key),
        }
    }

    /// The key of a recipient; `None` when it was erased.
    pub fn key(&self, number: u32) -> Result<Option<Secret>, Error> {
        let wrapped = self.wraps.row::<48>(number)?;
        if wrapped == [0; 48] {
            return Ok(None);
        }
        let page = (number / PAGE) as usize;
        let opened =
            self.page_keys.get(page).and_then(|under| unwrap(self.suite, under, row_place(number), &wrapped));
        opened.map(Some).ok_or_else(|| Error::Damaged {
            path: self.wraps.path.clone(),
            offset: u64::from(number) * 48,
            what: "the key of a recipient does not open",
        })
    }

    /// The hash of a recipient.
    pub fn hash(&self, number: u32) -> Result<RecipientKey, Error> {
        let row = self.hashes.row::<HASH_ROW>(number)?;
        read_hash(number, &row).ok_or_else(|| self.hashes.altered(number))
    }

    /// The page of a recipient, written again under `fresh` without those for whom `erased` says so.
    pub fn rewritten(&self, page: u32, fresh: &Secret, erased: &dyn Fn(u32) -> bool) -> Result<Entry, Error> {
        let first = page * PAGE;
        let mut rows = Vec::new();
        for number in first..self.count.min(first.saturating_add(PAGE)) {
            let row = match self.key(number)? {
                Some(key) if !erased(number) => wrap(self.suite, fresh, row_place(number), &key),
                Some(_) | None => [0; 48],
            };
            rows.push(row);
        }
        Ok(Entry::Page { page, rows })
    }

    /// Takes a rewritten page as the journal has it.
    pub fn put_page(&mut self, page: u32, rows: &[[u8; 48]]) -> Result<(), Error> {
        self.wraps.overwrite(u64::from(page * PAGE), rows.as_flattened())
    }

    /// The page keys, to be sealed into a snapshot.
    pub fn page_keys(&self) -> &[Secret] {
        &self.page_keys
    }

    /// Writes rows that are held.
    pub fn flush(&mut self) -> Result<(), Error> {
        self.hashes.flush()?;
        self.wraps.flush()
    }

    /// Makes the files durable.
    pub fn sync(&mut self) -> Result<(), Error> {
        self.flush()?;
        for column in [&self.hashes, &self.wraps] {
            column.file.sync().map_err(Error::io("sync", &column.path))?;
        }
        Ok(())
    }

    /// Every hash through a function, into a new file: the hash key was changed. The old file stays for the snapshots
    /// that speak of it.
    pub fn rehash(
        &mut self,
        disk: &dyn Disk,
        change: &dyn Fn(RecipientKey) -> RecipientKey,
    ) -> Result<(), Error> {
        let path = self.folder.join(hashes_name(self.generation + 1));
        match disk.remove(&path) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(Error::io("remove", &path)(e)),
            Ok(()) | Err(_) => {}
        }
        let mut new = Column::open(disk, &path, HASH_ROW as u64, 0)?;
        let mut failed = None;
        self.hashes.scan(self.count, &mut |number, row| {
            match read_hash(number, row) {
                Some(old) => new.push(&hash_row(number, change(old))),
                None => failed = Some(self.hashes.altered(number)),
            }
            if new.fresh.len() >= SCAN * HASH_ROW {
                failed = failed.take().or_else(|| new.flush().err());
            }
        })?;
        if let Some(error) = failed {
            return Err(error);
        }
        new.flush()?;
        (self.hashes, self.table) = (new, None);
        self.generation += 1;
        Ok(())
    }

    /// How many hash keys made the hashes.
    pub const fn generation(&self) -> u32 {
        self.generation
    }

    /// Removes hashes of generations that no snapshot speaks of any more.
    pub fn remove_older(&self, disk: &dyn Disk) -> Result<(), Error> {
        for generation in 1..self.generation {
            let path = self.folder.join(hashes_name(generation));
            match disk.remove(&path) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Error::io("remove", &path)(e));
                }
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }

    /// Where the rows stand, to go back to if nothing of what follows was recorded.
    pub fn mark(&self) -> (u32, usize) {
        (self.count, self.page_keys.len())
    }

    /// Forgets rows that were added since the mark and not recorded.
    pub fn back_to(&mut self, (count, pages): (u32, usize)) {
        if self.count > count {
            let back = (self.count - count) as usize;
            for column in [&mut self.hashes, &mut self.wraps] {
                let width = usize::try_from(column.width).unwrap_or(1);
                column.fresh.truncate(column.fresh.len().saturating_sub(back * width));
            }
            self.count = count;
            self.page_keys.truncate(pages);
            // It may name what is gone.
            self.table = None;
        }
    }

    fn make_table(&mut self) -> Result<(), Error> {
        if self.table.is_some() {
            return Ok(());
        }
        let size = ((self.count as usize + 1) * 2).next_power_of_two().max(1 << 12);
        let (mut table, mut altered) = (vec![0; size], None);
        self.hashes.scan(self.count, &mut |number, row| match read_hash(number, row) {
            Some(key) => insert(&mut table, tag(key), number),
            None => altered = Some(self.hashes.altered(number)),
        })?;
        self.table = Some(table);
        altered.map_or(Ok(()), Err)
    }
}

impl Column {
    fn open(disk: &dyn Disk, path: &Path, width: u64, rows: u64) -> Result<Self, Error> {
        let file = match disk.open(path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                disk.create(path).map_err(Error::io("make", path))?
            }
            other => other.map_err(Error::io("open", path))?,
        };
        let len = file.size().map_err(Error::io("measure", path))?;
        if len < rows * width {
            return Err(Error::Damaged { path: path.to_path_buf(), offset: len, what: "rows are missing" });
        }
        Ok(Self { file, path: path.to_path_buf(), width, written: rows, fresh: Vec::new() })
    }

    fn push(&mut self, row: &[u8]) {
        self.fresh.extend_from_slice(row);
    }

    fn row<const N: usize>(&self, number: u32) -> Result<[u8; N], Error> {
        let mut row = [0; N];
        if u64::from(number) >= self.written {
            let at = usize::try_from((u64::from(number) - self.written) * self.width).unwrap_or(usize::MAX);
            let held = self.fresh.get(at..).and_then(|rest| rest.first_chunk::<N>());
            return held.copied().ok_or_else(|| self.missing(u64::from(number)));
        }
        let offset = u64::from(number) * self.width;
        let n = self.file.read_at(&mut row, offset).map_err(Error::io("read", &self.path))?;
        if n == N { Ok(row) } else { Err(self.missing(u64::from(number))) }
    }

    fn missing(&self, number: u64) -> Error {
        Error::Damaged { path: self.path.clone(), offset: number * self.width, what: "rows are missing" }
    }

    fn altered(&self, number: u32) -> Error {
        let offset = u64::from(number) * self.width;
        Error::Damaged { path: self.path.clone(), offset, what: "the hash of a recipient was changed" }
    }

    fn overwrite(&mut self, first: u64, bytes: &[u8]) -> Result<(), Error> {
        self.flush()?;
        self.file.write_at(bytes, first * self.width).map_err(Error::io("write", &self.path))
    }

    fn flush(&mut self) -> Result<(), Error> {
        if !self.fresh.is_empty() {
            self.file
                .write_at(&self.fresh, self.written * self.width)
                .map_err(Error::io("write", &self.path))?;
            self.written += self.fresh.len() as u64 / self.width;
            self.fresh.clear();
        }
        Ok(())
    }

    fn scan(&self, rows: u32, visit: &mut dyn FnMut(u32, &[u8])) -> Result<(), Error> {
        let width = usize::try_from(self.width).unwrap_or(1);
        let mut buffer = vec![0; SCAN * width];
        let mut number = 0;
        let written = u32::try_from(self.written).unwrap_or(u32::MAX).min(rows);
        while number < written {
            let want = SCAN.min((written - number) as usize) * width;
            let Some(part) = buffer.get_mut(..want) else { break };
            let mut done = 0;
            while let Some(rest) = part.get_mut(done..).filter(|rest| !rest.is_empty()) {
                let at = u64::from(number) * self.width + done as u64;
                let n = self.file.read_at(rest, at).map_err(Error::io("read", &self.path))?;
                if n == 0 {
                    return Err(self.missing(u64::from(number)));
                }
                done += n;
            }
            for row in part.chunks_exact(width) {
                visit(number, row);
                number += 1;
            }
        }
        for row in self.fresh.chunks_exact(width) {
            visit(number, row);
            number += 1;
        }
        Ok(())
    }
}

/// A hash with a check of its own: it says which recipient an act is of.
fn hash_row(number: u32, key: RecipientKey) -> [u8; HASH_ROW] {
    let mut row = [0; HASH_ROW];
    let (hash, check) = row.split_at_mut(16);
    hash.copy_from_slice(&key.0);
    check.copy_from_slice(&check_of(number, key).to_le_bytes());
    row
}

fn read_hash(number: u32, row: &[u8]) -> Option<RecipientKey> {
    let (hash, check) = row.split_first_chunk::<16>()?;
    let key = RecipientKey(*hash);
    (check == check_of(number, key).to_le_bytes()).then_some(key)
}

/// Against flipped bits, not against people: they would have to forge the journal too.
fn check_of(number: u32, key: RecipientKey) -> u32 {
    let whole = u128::from_le_bytes(key.0);
    let mixed = (whole as u64 ^ u64::from(number)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ^ ((whole >> 64) as u64).wrapping_mul(0xc2b2_ae3d_27d4_eb4f).rotate_left(31);
    (mixed ^ mixed >> 32) as u32
}

fn hashes_name(generation: u32) -> String {
    format!("hashes.{generation}")
}

fn insert(table: &mut [u64], tag: u64, number: u32) {
    let mask = table.len() - 1;
    let mut at = home(tag, table.len());
    while table.get(at).is_some_and(|slot| *slot != 0) {
        at = (at + 1) & mask;
    }
    if let Some(slot) = table.get_mut(at) {
        *slot = tag << NUMBER_BITS | (u64::from(number) + 1);
    }
}

/// The first bits of a hash: they place it, and tell most others from it.
fn tag(key: RecipientKey) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = key.0;
    u64::from_be_bytes([a, b, c, d, e, f, g, h]) >> NUMBER_BITS
}

const fn home(tag: u64, size: usize) -> usize {
    (tag >> (64 - NUMBER_BITS - size.trailing_zeros())) as usize
}

fn number_in(slot: u64) -> u32 {
    u32::try_from(slot & ((1 << NUMBER_BITS) - 1)).unwrap_or(u32::MAX).wrapping_sub(1)
}

pub(crate) fn wrap(suite: Suite, under: &Secret, place: Place, key: &Secret) -> [u8; 48] {
    let mut out = key.bytes().to_vec();
    suite.seal(under, place, &mut out);
    out.try_into().unwrap_or([0; 48])
}

pub(crate) fn unwrap(suite: Suite, under: &Secret, place: Place, wrapped: &[u8; 48]) -> Option<Secret> {
    suite.open(under, place, wrapped).ok()?.try_into().ok().map(Secret::new)
}

/// The key of a page that begins, or is written again, under an epoch key.
pub(crate) fn page_key(suite: Suite, epoch: &Secret, page: u32) -> Secret {
    Secret::new(suite.keyed(epoch.bytes(), &[b"anning page 1\n", &page.to_be_bytes()]))
}

pub(crate) const fn page_place(page: usize) -> Place {
    Place { purpose: Purpose::PageKey, at: page as u64, part: 0, attempt: 0 }
}

const fn row_place(number: u32) -> Place {
    Place { purpose: Purpose::RecipientKey, at: number as u64, part: 0, attempt: 0 }
}

/// Bytes of a row of hashes.
const HASH_ROW: usize = 20;
/// Recipients that share a page key.
pub(crate) const PAGE: u32 = 4_096;
/// Bits of a slot that hold a number; the others hold the tag.
const NUMBER_BITS: u32 = 31;
const NUMBER_MAX: u32 = (1 << NUMBER_BITS) - 2;
/// Rows read at once.
const SCAN: usize = 1 << 16;
