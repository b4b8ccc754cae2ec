//! The outbox on disk: segments of a journal, each sealed under a key of its own that lies beside it, wrapped under the
//! master key. What is not needed any more goes from the front: first its key, then its bytes.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anning_ledger::{Place, Purpose, Secret, Suite, hex};
use anning_store::disk::{self, Disk};
use anning_store::journal::{self, Journal, RECORD_MAX, Record};
use anning_store::{Entropy, Error, KeyError, Master, View};
use anning_vocab::Timestamp;

use super::book::Book;
use super::entry::Entry;
use super::unpack::Unpacker;

/// What an outbox lies on.
pub struct Ground {
    /// The disk.
    pub disk: Arc<dyn Disk>,
    /// Its folder.
    pub folder: PathBuf,
    /// Who holds the master key.
    pub master: Box<dyn Master>,
    /// Randomness.
    pub entropy: Entropy,
    /// The suite that seals.
    pub suite: Suite,
    /// The ledger's names, by which parties are written down.
    pub view: View,
}

/// An open outbox's folder.
pub(super) struct Shelf {
    ground: Ground,
    journal: Journal,
    /// Bytes of a segment.
    segment: u64,
    key: Secret,
    /// What lies in each segment and may be needed, and when the segment was begun.
    contents: BTreeMap<u32, Contents>,
    /// Segments that are needed no longer and could not be removed.
    stuck: usize,
    _lock: Box<dyn Send + Sync>,
}

/// What lies in a segment.
struct Contents {
    begun: Timestamp,
    numbers: VecDeque<u64>,
}

/// What was found on opening.
pub(super) struct Read {
    pub book: Book,
    pub torn: u64,
}

impl Shelf {
    /// Opens or begins it, and builds the book.
    pub(super) fn open(ground: Ground, segment: u64) -> Result<(Self, Read), Error> {
        let (disk, folder) = (Arc::clone(&ground.disk), ground.folder.clone());
        disk.create_folder(&folder).map_err(Error::io("make", &folder))?;
        let lock = lock(disk.as_ref(), &folder)?;
        let mut reading = Reading::new(&ground);
        let found = journal::read_kept(disk.as_ref(), &folder, &mut |record| reading.take(&record))?;
        let Reading { book, bases, begun, keyless, .. } = reading;
        let there = journal::numbers(disk.as_ref(), &folder)?;
        whole(&ground, &there, &book, keyless)?;
        let mut contents: BTreeMap<u32, Contents> = BTreeMap::new();
        for number in &there {
            let begun = begun.get(number).copied().unwrap_or_default();
            contents.insert(*number, Contents { begun, numbers: VecDeque::new() });
        }
        let mut live = book.numbers();
        live.sort_unstable();
        for number in live {
            let segment = bases.get(&number).and_then(|segment| contents.get_mut(segment));
            if let Some(contents) = segment {
                contents.numbers.push_back(number);
            }
        }
        let journal = Journal::apart(Arc::clone(&disk), &folder, found)?;
        let torn = found.map_or(0, |found| found.torn);
        let key = Secret::new([0; 32]);
        let mut shelf = Self { ground, journal, segment, key, contents, stuck: 0, _lock: lock };
        shelf.let_go(book.kept())?;
        Ok((shelf, Read { book, torn }))
    }

    /// The ledger's names.
    pub(super) const fn view(&self) -> &View {
        &self.ground.view
    }

    /// The number before that of the next entry.
    pub(super) const fn position(&self) -> u64 {
        self.journal.mark().position
    }

    /// Segments on disk.
    pub(super) fn segments(&self) -> usize {
        self.contents.len() + self.stuck
    }

    /// Is there room for a record, or can a segment be begun for it? `last`: what is kept free for letting go may be
    /// used, and no segment is begun.
    pub(super) fn make_room(&mut self, payload: usize, last: bool, now: Timestamp) -> Result<(), Error> {
        let payload = payload.saturating_add(SEAL);
        let wanted = if last { payload } else { payload.saturating_add(RESERVE) };
        if self.journal.has_room(wanted) {
            return Ok(());
        }
        if last {
            let path = self.ground.folder.clone();
            let source = std::io::ErrorKind::StorageFull.into();
            return Err(Error::Io { doing: "make room in", path, source });
        }
        let number = self.journal.coming();
        // The key first: a segment that cannot be opened is worth nothing.
        let key = self.new_key(number)?;
        self.journal.roll(self.segment, wanted)?;
        self.key = key;
        self.contents.insert(number, Contents { begun: now, numbers: VecDeque::new() });
        Ok(())
    }

    /// Puts a payload of so many entries on disk: sealed, written, synced.
    pub(super) fn append(
        &mut self,
        entries: u32,
        mut payload: Vec<u8>,
        now: Timestamp,
    ) -> Result<Vec<u8>, Error> {
        self.ground.suite.seal(&self.key, place(self.position()), &mut payload);
        self.journal.append(entries, now, &payload)?;
        Ok(payload)
    }

    /// What is on disk is known only after opening again.
    pub(super) const fn is_stopped(&self) -> bool {
        self.journal.is_stopped()
    }

    /// What has this number lies in the newest segment from now on.
    pub(super) fn lies(&mut self, number: u64) {
        if let Some(mut newest) = self.contents.last_entry() {
            newest.get_mut().numbers.push_back(number);
        }
    }

    /// What lies in the oldest segment and is needed, to be carried; none where that is the newest too.
    pub(super) fn oldest(&mut self, book: &Book, most: usize) -> Option<Oldest> {
        if self.contents.len() < 2 {
            return None;
        }
        let mut first = self.contents.first_entry()?;
        let (segment, begun) = (*first.key(), first.get().begun);
        let numbers = &mut first.get_mut().numbers;
        while numbers.front().is_some_and(|number| !book.knows(*number)) {
            numbers.pop_front();
        }
        let numbers = numbers.iter().copied().take(most).collect();
        Some(Oldest { segment, begun, numbers })
    }

    /// What has this number, and what lies before it in the oldest segment, needs that segment no longer.
    pub(super) fn carried(&mut self, number: u64) {
        if let Some(mut first) = self.contents.first_entry() {
            let numbers = &mut first.get_mut().numbers;
            while numbers.pop_front().is_some_and(|popped| popped != number) {}
        }
    }

    /// Lets go the segments before this one. The record that says so is durable: what a crash leaves is let go on the
    /// next start.
    pub(super) fn let_go(&mut self, kept: u32) -> Result<(), Error> {
        while let Some(first) = self.contents.keys().next().copied().filter(|first| *first < kept) {
            self.contents.remove(&first);
            // Of two that go one after another, never the second alone: what could not be removed stops the others.
            self.stuck += usize::from(self.stuck > 0);
            if self.stuck == 0 {
                self.stuck = 1;
                destroy_key(self.ground.disk.as_ref(), &key_path(&self.ground.folder, first))?;
                journal::let_go(self.ground.disk.as_ref(), &self.ground.folder, first)?;
                self.stuck = 0;
            }
        }
        Ok(())
    }

    fn new_key(&mut self, segment: u32) -> Result<Secret, Error> {
        let path = key_path(&self.ground.folder, segment);
        let (mut key, mut drawn) = ([0; 32], [0; PLACE_LEN]);
        (self.ground.entropy)(&mut key);
        (self.ground.entropy)(&mut drawn);
        let key = Secret::new(key);
        let wrapped = self.ground.master.wrap(self.ground.suite, key_place(drawn), &key);
        let wrapped = wrapped.map_err(device(&path))?;
        let lines = [FORMAT, self.ground.suite.code(), &hex::encode(&drawn), &hex::encode(&wrapped), ""];
        disk::replace_private(self.ground.disk.as_ref(), &path, lines.join("\n").as_bytes())
            .map_err(Error::io("write", &path))?;
        Ok(key)
    }
}

/// What the oldest segment still holds.
pub(super) struct Oldest {
    pub segment: u32,
    pub begun: Timestamp,
    /// In order, the first of them.
    pub numbers: Vec<u64>,
}

/// Building the book from records.
struct Reading<'g> {
    ground: &'g Ground,
    book: Book,
    /// Where the last whole writing of each number lies.
    bases: HashMap<u64, u32>,
    begun: BTreeMap<u32, Timestamp>,
    key: Option<(u32, Suite, Option<Secret>)>,
    /// The last segment that has no key.
    keyless: Option<u32>,
    texts: HashSet<Arc<str>>,
}

impl<'g> Reading<'g> {
    fn new(ground: &'g Ground) -> Self {
        Self {
            ground,
            book: Book::default(),
            bases: HashMap::new(),
            begun: BTreeMap::new(),
            key: None,
            keyless: None,
            texts: HashSet::new(),
        }
    }

    fn take(&mut self, record: &Record<'_>) -> Result<(), Error> {
        self.begun.entry(record.segment).or_insert(record.at);
        if self.key.as_ref().is_none_or(|(segment, ..)| *segment != record.segment) {
            let (suite, key) = read_key(self.ground, record.segment)?;
            self.key = Some((record.segment, suite, key));
        }
        let Some((segment, suite, Some(key))) = &self.key else {
            // Its key was destroyed: a later record says that it is needed no longer.
            self.keyless = Some(record.segment);
            return Ok(());
        };
        let damaged = |offset: u64, what| Error::Damaged {
            path: self.ground.folder.join(format!("{:08}.journal", record.segment)),
            offset,
            what,
        };
        let payload = suite.open(key, place(record.first), record.payload);
        let payload = payload.map_err(|_| damaged(record.offset, "a record does not open"))?;
        let malformed = |e: super::unpack::Malformed| {
            damaged(record.offset + FRAME + e.0 as u64, "an entry of the outbox cannot be read")
        };
        let mut entries = Unpacker::new(&payload, &self.ground.view, &mut self.texts).map_err(malformed)?;
        let mut number = record.first;
        loop {
            number += 1;
            let Some(entry) = entries.entry(number).map_err(malformed)? else { break };
            self.book.apply(&entry, number, record.at);
            if let Some(base) = base(&entry, number) {
                self.bases.insert(base, *segment);
            }
        }
        Ok(())
    }
}

/// The number whose whole an entry is.
pub(super) const fn base(entry: &Entry, own: u64) -> Option<u64> {
    match entry {
        Entry::Accepted { .. } | Entry::Decision(_) | Entry::Parked(_) => Some(own),
        Entry::Carried { number, .. } => Some(*number),
        Entry::HandingOver { .. }
        | Entry::Taken { .. }
        | Entry::RefusedByCarrier { .. }
        | Entry::InDoubt { .. }
        | Entry::Released { .. }
        | Entry::Recalled { .. }
        | Entry::Refused { .. }
        | Entry::Reported { .. }
        | Entry::ReportTold { .. }
        | Entry::Unparked { .. }
        | Entry::Expired { .. }
        | Entry::GaveUp { .. }
        | Entry::Untold { .. }
        | Entry::Scribed { .. }
        | Entry::Restarted
        | Entry::Kept { .. } => None,
    }
}

/// Is everything there that is needed?
fn whole(ground: &Ground, there: &[u32], book: &Book, keyless: Option<u32>) -> Result<(), Error> {
    let damaged = |path: PathBuf, what| Err(Error::Damaged { path, offset: 0, what });
    if there.first().is_some_and(|first| *first > book.kept()) {
        return damaged(ground.folder.clone(), "segments of the outbox are missing");
    }
    if let Some(segment) = keyless.filter(|segment| *segment >= book.kept()) {
        return damaged(
            key_path(&ground.folder, segment),
            "the key of a segment is missing or was destroyed",
        );
    }
    let names = ground.disk.list(&ground.folder).map_err(Error::io("list", &ground.folder))?;
    // One key may be there before its segment.
    let next = there.last().map_or(0, |last| last + 1);
    for number in names.iter().filter_map(|name| name.strip_suffix(".key")?.parse::<u32>().ok()) {
        if number > next {
            return damaged(key_path(&ground.folder, number), "the segment of a key is missing");
        }
        if there.first().is_some_and(|first| number < *first) {
            destroy_key(ground.disk.as_ref(), &key_path(&ground.folder, number))?;
        }
    }
    Ok(())
}

/// The key of a segment; none if it was destroyed.
fn read_key(ground: &Ground, segment: u32) -> Result<(Suite, Option<Secret>), Error> {
    let path = key_path(&ground.folder, segment);
    let bytes = match disk::read(ground.disk.as_ref(), &path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok((ground.suite, None)),
        other => other.map_err(Error::io("read", &path))?,
    };
    if bytes.iter().all(|b| *b == 0) {
        return Ok((ground.suite, None));
    }
    let read = || {
        let mut lines = core::str::from_utf8(&bytes).ok()?.split('\n');
        let known = lines.next()? == FORMAT;
        let suite = Suite::from_code(lines.next()?)?;
        let drawn = hex::decode(lines.next()?)?.try_into().ok()?;
        let wrapped = hex::decode(lines.next()?)?;
        known.then_some((suite, drawn, wrapped))
    };
    let what = "the key of a segment cannot be read";
    let (suite, drawn, wrapped) =
        read().ok_or_else(|| Error::Damaged { path: path.clone(), offset: 0, what })?;
    let key = ground.master.unwrap(suite, key_place(drawn), &wrapped).map_err(device(&path))?;
    let key = key.ok_or(Error::Keys(KeyError::WrongMaster(path)))?;
    Ok((suite, Some(key)))
}

/// Overwrites and removes a key.
fn destroy_key(disk: &dyn Disk, path: &Path) -> Result<(), Error> {
    let file = match disk.open(path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        other => other.map_err(Error::io("open", path))?,
    };
    let len = file.size().map_err(Error::io("measure", path))?;
    file.write_at(&vec![0; usize::try_from(len).unwrap_or(0)], 0).map_err(Error::io("overwrite", path))?;
    file.sync().map_err(Error::io("sync", path))?;
    disk.remove(path).map_err(Error::io("remove", path))
}

fn lock(disk: &dyn Disk, folder: &Path) -> Result<Box<dyn Send + Sync>, Error> {
    let path = folder.join("lock");
    disk.lock(&path).map_err(|e| {
        if e.kind() == std::io::ErrorKind::WouldBlock {
            return Error::Locked(folder.to_path_buf());
        }
        Error::io("lock", &path)(e)
    })
}

fn device(path: &Path) -> impl Fn(String) -> Error {
    let path = path.to_path_buf();
    move |said| Error::Io {
        doing: "use the master key of",
        path: path.clone(),
        source: std::io::Error::other(said),
    }
}

fn key_path(folder: &Path, segment: u32) -> PathBuf {
    folder.join(format!("{segment:08}.key"))
}

/// Of a record: its first number is used once, and so is the key of a segment.
const fn place(first: u64) -> Place {
    let at = first & ((1 << 40) - 1);
    Place { purpose: Purpose::Outbox, at, part: (first >> 40) as u32, attempt: 0 }
}

/// Of a wrapped key: drawn, for keys of several outboxes may be wrapped under one master key.
const fn key_place(drawn: [u8; PLACE_LEN]) -> Place {
    let [a, b, c, d, e, p, q, r, t, u, v] = drawn;
    Place {
        purpose: Purpose::OutboxKey,
        at: u64::from_be_bytes([0, 0, 0, a, b, c, d, e]),
        part: u32::from_be_bytes([0, p, q, r]),
        attempt: u32::from_be_bytes([0, t, u, v]),
    }
}

const FORMAT: &str = "anning outbox key 1";
/// Bytes of a place that is drawn: 40, 24 and 24 bits.
const PLACE_LEN: usize = 11;
/// Bytes of a record before its payload, in the journal.
const FRAME: u64 = 96;
/// Bytes that sealing adds.
const SEAL: usize = 16;
/// Bytes at the end of a segment that are kept for the record which lets others go, should the disk be full.
const RESERVE: usize = 4_096;
/// Bytes of one record's entries.
pub(super) const BYTES_MAX: usize = 8 << 20;
const _: () = assert!(BYTES_MAX * 2 + SEAL + RESERVE < RECORD_MAX);
