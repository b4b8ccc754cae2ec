//! The journal: records in preallocated segments, one sync a record. It is the truth; all else follows from it.
//!
//! A record is bound to all before it by a chain of hashes and carries a hash of its own, so that a torn end is told
//! from damage: after a torn end nothing valid follows.

mod kept;

pub use kept::{let_go, numbers, read_kept};

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anning_vocab::Timestamp;

use crate::disk::{Disk, File};
use crate::error::Error;

/// Where the journal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Segment.
    pub segment: u32,
    /// Byte in it.
    pub offset: u64,
    /// Next position in the log.
    pub position: u64,
    /// Chain of hashes so far.
    pub chain: [u8; 32],
}

/// One record as it is read.
#[derive(Clone, Copy, Debug)]
pub struct Record<'b> {
    /// Position of its first leaf.
    pub first: u64,
    /// When it was written.
    pub at: Timestamp,
    /// Its entries.
    pub payload: &'b [u8],
    /// In which segment.
    pub segment: u32,
    /// From which byte of it on.
    pub offset: u64,
}

/// An open journal.
pub struct Journal {
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    file: Arc<dyn File>,
    capacity: u64,
    mark: Mark,
    buffer: Vec<u8>,
    stopped: bool,
    /// The segment at the mark is made.
    begun: bool,
    /// Segments are begun by whoever writes, not here.
    apart: bool,
}

/// What reading the journal through found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read {
    /// Where it ends.
    pub end: Mark,
    /// Bytes of a torn record after the end.
    pub torn: u64,
}

impl Journal {
    /// A new journal in a folder.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn create(disk: Arc<dyn Disk>, folder: &Path) -> Result<Self, Error> {
        disk.create_folder(folder).map_err(Error::io("make", folder))?;
        let mark = Mark { segment: 0, offset: HEADER, position: 0, chain: [0; 32] };
        let file = new_segment(disk.as_ref(), folder, &mark, SEGMENT)?;
        Ok(Self::at(disk, folder, file, SEGMENT, mark))
    }

    fn at(disk: Arc<dyn Disk>, folder: &Path, file: Arc<dyn File>, capacity: u64, mark: Mark) -> Self {
        let (folder, buffer) = (folder.to_path_buf(), Vec::new());
        Self { disk, folder, file, capacity, mark, buffer, stopped: false, begun: true, apart: false }
    }

    /// Opens a journal to go on after `end`, as [`read`] found it. What is torn after it is overwritten with zeros
    /// first, so that it can never be taken for a record again.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn resume(disk: Arc<dyn Disk>, folder: &Path, found: Read) -> Result<Self, Error> {
        let path = folder.join(segment_name(found.end.segment));
        let file = match disk.open(&path) {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let file = new_segment(disk.as_ref(), folder, &found.end, SEGMENT)?;
                return Ok(Self::at(disk, folder, file, SEGMENT, found.end));
            }
            Err(e) => return Err(Error::io("open", &path)(e)),
        };
        let capacity = file.size().map_err(Error::io("measure", &path))?;
        if found.torn > 0 {
            let zeros = vec![0; usize::try_from(found.torn).unwrap_or(0)];
            file.write_at(&zeros, found.end.offset).map_err(Error::io("clear the torn end of", &path))?;
            file.sync().map_err(Error::io("sync", &path))?;
        }
        Ok(Self::at(disk, folder, file, capacity, found.end))
    }

    /// Where the journal stands.
    #[must_use]
    pub const fn mark(&self) -> Mark {
        self.mark
    }

    /// Takes no more records: something that must go with them failed.
    pub const fn stop(&mut self) {
        self.stopped = true;
    }

    /// Does it take no more records?
    #[must_use]
    pub const fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// Appends one record and makes it durable.
    ///
    /// # Errors
    /// [`Error::Io`] when the disk fails, [`Error::Stopped`] ever after: what is durable is then unknown.
    pub fn append(&mut self, leaves: u32, at: Timestamp, payload: &[u8]) -> Result<(), Error> {
        if self.stopped || (self.apart && !self.has_room(payload.len())) {
            return Err(Error::Stopped);
        }
        // Until the record is known to be durable, nothing may be appended after it.
        self.stopped = true;
        let len = record_len(payload.len());
        if self.mark.offset + len > self.capacity {
            let mark = Mark { segment: self.mark.segment + 1, offset: HEADER, ..self.mark };
            self.capacity = SEGMENT.max(HEADER + len);
            self.file = new_segment(self.disk.as_ref(), &self.folder, &mark, self.capacity)?;
            self.mark = mark;
        }
        let chain = frame(&mut self.buffer, &self.mark, leaves, at, payload);
        let path = self.folder.join(segment_name(self.mark.segment));
        self.file.write_at(&self.buffer, self.mark.offset).map_err(Error::io("write", &path))?;
        self.file.sync().map_err(Error::io("sync", &path))?;
        // Committed. A crash from here on finds the record; before it, nobody was told of it.
        self.mark.offset += len;
        self.mark.position += u64::from(leaves);
        self.mark.chain = chain;
        self.stopped = false;
        Ok(())
    }
}

/// Reads the records after `from` (else all), in order. A torn end is measured, not touched.
///
/// # Errors
/// [`Error::Io`]; [`Error::Damaged`] where a record is not what was written though others follow it, or where it lies
/// below `floor`, a size that a checkpoint vouches for; [`Error::RolledBack`] when the journal ends below it; and what
/// `visit` says.
pub fn read(
    disk: &dyn Disk,
    folder: &Path,
    from: Option<Mark>,
    floor: u64,
    visit: &mut dyn FnMut(Record<'_>) -> Result<(), Error>,
) -> Result<Read, Error> {
    let names = disk.list(folder).map_err(Error::io("list", folder))?;
    let last = names.iter().rev().find_map(|name| segment_number(name));
    let Some(last) = last else { return Err(Error::NoLedger(folder.to_path_buf())) };
    let mut mark = from.unwrap_or(Mark { segment: 0, offset: HEADER, position: 0, chain: [0; 32] });
    for number in 0..mark.segment {
        stands(disk, &folder.join(segment_name(number)), number)?;
    }
    let mut torn = 0;
    for number in mark.segment..=last {
        let path = folder.join(segment_name(number));
        let bytes = crate::disk::read(disk, &path).map_err(Error::io("read", &path))?;
        if from.is_some_and(|from| number == from.segment) {
            leads_to(&path, &bytes, &mark)?;
        }
        let begins = Mark { segment: number, offset: HEADER, ..mark };
        let head = if number == mark.segment { None } else { Some(&begins) };
        if head.is_some_and(|mark| !header_is(&bytes, mark)) {
            if number == last && !any_record(&bytes, HEADER) {
                // Torn while it was made: it holds nothing and is made again.
                disk.remove(&path).map_err(Error::io("remove", &path))?;
                mark = begins;
                break;
            }
            return Err(Error::Damaged { path, offset: 0, what: "the head of a segment does not follow" });
        }
        if head.is_some() {
            mark = begins;
        }
        torn = records(&path, &bytes, &mut mark, visit)?;
        if torn > 0 && number < last {
            return Err(Error::Damaged {
                path,
                offset: mark.offset,
                what: "a record is not what was written",
            });
        }
    }
    if mark.position < floor {
        if torn > 0 {
            let path = folder.join(segment_name(mark.segment));
            return Err(Error::Damaged {
                path,
                offset: mark.offset,
                what: "a record is not what was written",
            });
        }
        return Err(Error::RolledBack { path: folder.to_path_buf(), found: mark.position, known: floor });
    }
    Ok(Read { end: mark, torn })
}

/// Where the segment begins that holds a position.
///
/// # Errors
/// [`Error::Io`].
pub fn segment_of(disk: &dyn Disk, folder: &Path, position: u64) -> Result<Option<Mark>, Error> {
    let names = disk.list(folder).map_err(Error::io("list", folder))?;
    let mut found = None;
    for segment in names.iter().filter_map(|name| segment_number(name)) {
        let path = folder.join(segment_name(segment));
        let file = disk.open(&path).map_err(Error::io("open", &path))?;
        let mut head = [0; HEADER as usize];
        let read = file.read_at(&mut head, 0).map_err(Error::io("read", &path))?;
        let begins = Mark {
            segment,
            offset: HEADER,
            position: head.get(16..24).and_then(|b| b.try_into().ok()).map_or(0, u64::from_le_bytes),
            chain: head.get(24..56).and_then(|b| b.try_into().ok()).unwrap_or_default(),
        };
        if read < head.len() || !header_is(&head, &begins) || begins.position > position {
            break;
        }
        found = Some(begins);
    }
    Ok(found)
}

/// The record that holds a position: its first position, its time, its payload.
///
/// # Errors
/// [`Error::Io`].
pub fn find(
    disk: &dyn Disk,
    folder: &Path,
    position: u64,
) -> Result<Option<(u64, Timestamp, Vec<u8>)>, Error> {
    let Some(begins) = segment_of(disk, folder, position)? else { return Ok(None) };
    let path = folder.join(segment_name(begins.segment));
    let bytes = crate::disk::read(disk, &path).map_err(Error::io("read", &path))?;
    let mut rest = bytes.get(64..).unwrap_or(&[]);
    while let Some(framed) = Framed::of(rest).filter(Framed::is_whole) {
        if position < framed.first + u64::from(framed.leaves) {
            return Ok((position >= framed.first).then(|| (framed.first, framed.at, framed.payload.to_vec())));
        }
        let len = usize::try_from(record_len(framed.payload.len())).unwrap_or(usize::MAX);
        rest = rest.get(len..).unwrap_or(&[]);
    }
    Ok(None)
}

/// A segment that a snapshot spares the reading of is at least there, and begins as one.
fn stands(disk: &dyn Disk, path: &Path, number: u32) -> Result<(), Error> {
    let what = "a segment of the journal is missing or was changed";
    let damaged = || Error::Damaged { path: path.to_path_buf(), offset: 0, what };
    let file = disk.open(path).map_err(|_| damaged())?;
    let mut head = [0; 64];
    let read = file.read_at(&mut head, 0).map_err(Error::io("read", path))?;
    let (said, check) = head.split_at(56);
    let whole = read == 64 && blake3::hash(said).as_bytes().get(..8) == Some(check);
    if whole && said.get(8..12) == Some(number.to_le_bytes().as_slice()) { Ok(()) } else { Err(damaged()) }
}

/// Do the records of a segment lead to where a snapshot says that it stood? New ones are appended to it.
fn leads_to(path: &Path, bytes: &[u8], mark: &Mark) -> Result<(), Error> {
    let damaged = |offset| Error::Damaged {
        path: path.to_path_buf(),
        offset,
        what: "a record is not what was written",
    };
    let field = |at: core::ops::Range<usize>| bytes.get(at);
    let head =
        field(16..24).and_then(|b| b.try_into().ok()).zip(field(24..56).and_then(|b| b.try_into().ok()));
    let (position, chain) = head.ok_or_else(|| damaged(0))?;
    let mut at = Mark { position: u64::from_le_bytes(position), chain, offset: HEADER, ..*mark };
    if !header_is(bytes, &at) {
        return Err(damaged(0));
    }
    while at.offset < mark.offset {
        let rest = usize::try_from(at.offset).ok().and_then(|offset| bytes.get(offset..)).unwrap_or(&[]);
        let framed = Framed::of(rest).filter(|f| f.is_whole() && f.follows(&at));
        let framed = framed.ok_or_else(|| damaged(at.offset))?;
        at.chain = self::chain(&at.chain, &framed.own);
        at.offset += record_len(framed.payload.len());
        at.position += u64::from(framed.leaves);
    }
    if at == *mark { Ok(()) } else { Err(damaged(at.offset)) }
}

/// Reads the records of one segment from the mark on; the number of bytes of a torn one at the end.
fn records(
    path: &Path,
    bytes: &[u8],
    mark: &mut Mark,
    visit: &mut dyn FnMut(Record<'_>) -> Result<(), Error>,
) -> Result<u64, Error> {
    loop {
        let at = usize::try_from(mark.offset).unwrap_or(usize::MAX);
        let rest = bytes.get(at..).unwrap_or(&[]);
        if rest.iter().take(FRAME).all(|b| *b == 0) {
            // The end, unless something was wiped out before a record that still stands.
            if any_record(bytes, mark.offset) {
                let what = "a record was wiped out";
                return Err(Error::Damaged { path: path.to_path_buf(), offset: mark.offset, what });
            }
            return Ok(used(rest));
        }
        let Some(framed) = Framed::of(rest).filter(|f| f.is_whole() && f.follows(mark)) else {
            if any_record(bytes, mark.offset + 8) {
                let what = "a record is not what was written";
                return Err(Error::Damaged { path: path.to_path_buf(), offset: mark.offset, what });
            }
            return Ok(used(rest));
        };
        let (segment, offset) = (mark.segment, mark.offset);
        let record = Record { first: mark.position, at: framed.at, payload: framed.payload, segment, offset };
        visit(record)?;
        mark.chain = chain(&mark.chain, &framed.own);
        mark.offset += record_len(framed.payload.len());
        mark.position += u64::from(framed.leaves);
    }
}

/// Bytes up to the last that is not zero.
fn used(mut bytes: &[u8]) -> u64 {
    while let Some(before) = bytes.strip_suffix(&[0; ZEROS]) {
        bytes = before;
    }
    bytes.iter().rposition(|b| *b != 0).map_or(0, |last| last as u64 + 1)
}

/// Does a whole record stand anywhere from this byte on?
fn any_record(bytes: &[u8], from: u64) -> bool {
    let mut at = usize::try_from(from).unwrap_or(usize::MAX);
    while let Some(rest) = bytes.get(at..).filter(|rest| rest.len() > FRAME) {
        // Most of it is the room that was made before, and no record begins among zeros.
        if rest.first_chunk() == Some(&[0_u8; ZEROS]) {
            at += ZEROS;
            continue;
        }
        if Framed::of(rest).is_some_and(|f| f.is_whole()) {
            return true;
        }
        at += 8;
    }
    false
}

/// A record in its frame.
struct Framed<'b> {
    leaves: u32,
    first: u64,
    at: Timestamp,
    own: [u8; 32],
    before: [u8; 32],
    head: &'b [u8],
    payload: &'b [u8],
}

impl<'b> Framed<'b> {
    fn of(bytes: &'b [u8]) -> Option<Self> {
        let head = bytes.get(..FRAME)?;
        if head.get(..4)? != MAGIC {
            return None;
        }
        let len = u32::from_le_bytes(head.get(4..8)?.try_into().ok()?);
        Some(Self {
            first: u64::from_le_bytes(head.get(8..16)?.try_into().ok()?),
            at: Timestamp::from_millis(i64::from_le_bytes(head.get(16..24)?.try_into().ok()?)),
            leaves: u32::from_le_bytes(head.get(24..28)?.try_into().ok()?),
            before: head.get(32..64)?.try_into().ok()?,
            own: head.get(64..96)?.try_into().ok()?,
            payload: bytes.get(FRAME..)?.get(..usize::try_from(len).ok()?)?,
            head,
        })
    }

    fn is_whole(&self) -> bool {
        own(self.head, self.payload) == self.own
    }

    fn follows(&self, mark: &Mark) -> bool {
        self.first == mark.position && self.before == mark.chain
    }
}

/// Frames a record; the chain after it.
fn frame(out: &mut Vec<u8>, mark: &Mark, leaves: u32, at: Timestamp, payload: &[u8]) -> [u8; 32] {
    out.clear();
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&u32::try_from(payload.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(&mark.position.to_le_bytes());
    out.extend_from_slice(&at.millis().to_le_bytes());
    out.extend_from_slice(&leaves.to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&mark.chain);
    let own = own(out, payload);
    out.extend_from_slice(&own);
    out.extend_from_slice(payload);
    out.resize(out.len().next_multiple_of(8), 0);
    chain(&mark.chain, &own)
}

fn own(head: &[u8], payload: &[u8]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(head.get(..64).unwrap_or(head)).update(payload);
    *hasher.finalize().as_bytes()
}

fn chain(before: &[u8; 32], own: &[u8; 32]) -> [u8; 32] {
    *blake3::Hasher::new().update(before).update(own).finalize().as_bytes()
}

const fn record_len(payload: usize) -> u64 {
    (FRAME + payload).next_multiple_of(8) as u64
}

fn new_segment(disk: &dyn Disk, folder: &Path, mark: &Mark, capacity: u64) -> Result<Arc<dyn File>, Error> {
    let path = folder.join(segment_name(mark.segment));
    let file = disk.create(&path).map_err(Error::io("make", &path))?;
    file.allocate(capacity).map_err(Error::io("make room in", &path))?;
    file.write_at(&header(mark), 0).map_err(Error::io("write", &path))?;
    file.sync().map_err(Error::io("sync", &path))?;
    disk.sync_folder(folder).map_err(Error::io("sync", folder))?;
    Ok(file)
}

fn header(mark: &Mark) -> Vec<u8> {
    let mut out = Vec::with_capacity(64);
    out.extend_from_slice(b"ANNJRNL1");
    out.extend_from_slice(&mark.segment.to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&mark.position.to_le_bytes());
    out.extend_from_slice(&mark.chain);
    let check = blake3::hash(&out);
    out.extend_from_slice(check.as_bytes().first_chunk::<8>().unwrap_or(&[0; 8]));
    out
}

fn header_is(bytes: &[u8], mark: &Mark) -> bool {
    bytes.get(..64) == Some(header(mark).as_slice())
}

fn segment_name(number: u32) -> String {
    format!("{number:08}.journal")
}

fn segment_number(name: &str) -> Option<u32> {
    name.strip_suffix(".journal")?.parse().ok()
}

const MAGIC: &[u8; 4] = b"AJR1";
/// Bytes of a record before its payload.
const FRAME: usize = 96;
/// Zeros that are passed over at once.
const ZEROS: usize = 4_096;
/// Bytes of a segment before its first record.
const HEADER: u64 = 64;
/// Bytes of a segment, unless one record is larger.
pub(crate) const SEGMENT: u64 = 64 << 20;
/// Bytes of payload that one record may hold.
pub const RECORD_MAX: usize = 32 << 20;
