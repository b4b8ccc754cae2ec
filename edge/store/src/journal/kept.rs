//! A journal of which the beginning is let go once nothing in it is needed: segments of a size of their own, each begun
//! when its writer says so, read from the oldest one that is there.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::{
    HEADER, Journal, Mark, Read, Record, any_record, header_is, new_segment, record_len, records,
    segment_name, segment_number,
};
use crate::disk::{Disk, File};
use crate::error::Error;

impl Journal {
    /// Goes on in a new segment after what [`read_kept`] found, or begins. It begins no segment by itself: what has no
    /// room ([`Journal::has_room`]) is not appended before [`Journal::roll`]. What is torn is overwritten with zeros first, so that it can never be taken for a record.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn apart(disk: Arc<dyn Disk>, folder: &Path, found: Option<Read>) -> Result<Self, Error> {
        disk.create_folder(folder).map_err(Error::io("make", folder))?;
        if let Some(found) = found.filter(|found| found.torn > 0) {
            let path = folder.join(segment_name(found.end.segment));
            let file = disk.open(&path).map_err(Error::io("open", &path))?;
            let zeros = vec![0; usize::try_from(found.torn).unwrap_or(0)];
            file.write_at(&zeros, found.end.offset).map_err(Error::io("clear the torn end of", &path))?;
            file.sync().map_err(Error::io("sync", &path))?;
        }
        let mark = found.map(|found| found.end);
        let mark = mark.unwrap_or(Mark { segment: 0, offset: HEADER, position: 0, chain: [0; 32] });
        let mut journal = Self::at(disk, folder, Arc::new(NoFile), 0, mark);
        (journal.begun, journal.apart) = (found.is_some(), true);
        Ok(journal)
    }

    /// Is there room in the segment for a record of so many bytes?
    #[must_use]
    pub const fn has_room(&self, payload: usize) -> bool {
        self.begun && self.mark.offset.saturating_add(record_len(payload)) <= self.capacity
    }

    /// The number of the segment that [`Journal::roll`] would begin.
    #[must_use]
    pub const fn coming(&self) -> u32 {
        if self.begun { self.mark.segment + 1 } else { self.mark.segment }
    }

    /// Begins the next segment, of `bytes` or as many as one record of `payload` needs.
    ///
    /// # Errors
    /// [`Error::Io`]. Where the disk has no room, nothing was begun and it may be tried again; after any other failure
    /// [`Error::Stopped`] is all there is.
    pub fn roll(&mut self, bytes: u64, payload: usize) -> Result<(), Error> {
        if self.stopped {
            return Err(Error::Stopped);
        }
        self.stopped = true;
        let mark = Mark { segment: self.coming(), offset: HEADER, ..self.mark };
        let path = self.folder.join(segment_name(mark.segment));
        // What an attempt before this one left holds no record.
        gone(self.disk.as_ref(), &path)?;
        let capacity = bytes.max(HEADER + record_len(payload));
        match new_segment(self.disk.as_ref(), &self.folder, &mark, capacity) {
            Ok(file) => {
                (self.file, self.mark, self.capacity) = (file, mark, capacity);
                (self.begun, self.stopped) = (true, false);
                Ok(())
            }
            Err(error) => {
                if error.is_no_room() && gone(self.disk.as_ref(), &path).is_ok() {
                    self.stopped = false;
                }
                Err(error)
            }
        }
    }
}

/// Reads the records of the segments that are there, in order. Nothing is there: none.
///
/// # Errors
/// As [`super::read`]; whether too many were let go is known to whoever wrote them.
pub fn read_kept(
    disk: &dyn Disk,
    folder: &Path,
    visit: &mut dyn FnMut(Record<'_>) -> Result<(), Error>,
) -> Result<Option<Read>, Error> {
    let there = numbers(disk, folder)?;
    let (Some(first), Some(last)) = (there.first().copied(), there.last().copied()) else { return Ok(None) };
    let (mut end, mut torn) = (None::<Mark>, 0);
    for number in first..=last {
        let path = folder.join(segment_name(number));
        let what = "the head of a segment does not follow";
        let damaged = || Error::Damaged { path: path.clone(), offset: 0, what };
        let bytes = match crate::disk::read(disk, &path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Err(damaged()),
            other => other.map_err(Error::io("read", &path))?,
        };
        let begins = match end {
            Some(end) => Mark { segment: number, offset: HEADER, ..end },
            None => head(&bytes, number),
        };
        if !header_is(&bytes, &begins) {
            // Torn while it was made: it holds nothing and is made again.
            if number == last && !any_record(&bytes, HEADER) {
                disk.remove(&path).map_err(Error::io("remove", &path))?;
                break;
            }
            return Err(damaged());
        }
        let mut mark = begins;
        torn = records(&path, &bytes, &mut mark, visit)?;
        if torn > 0 && number < last {
            // The next life of its writer cleared what was torn before it went on.
            let what = "a record is not what was written";
            return Err(Error::Damaged { path, offset: mark.offset, what });
        }
        end = Some(mark);
    }
    Ok(end.map(|end| Read { end, torn }))
}

/// Numbers of the segments that are there, in order.
///
/// # Errors
/// [`Error::Io`].
pub fn numbers(disk: &dyn Disk, folder: &Path) -> Result<Vec<u32>, Error> {
    match disk.list(folder) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        names => {
            let names = names.map_err(Error::io("list", folder))?;
            let mut numbers: Vec<u32> = names.iter().filter_map(|name| segment_number(name)).collect();
            numbers.sort_unstable();
            Ok(numbers)
        }
    }
}

/// Removes a segment that nobody needs, and makes that durable: of two that go one after another, never the second
/// alone is gone after a crash. It may be gone already.
///
/// # Errors
/// [`Error::Io`].
pub fn let_go(disk: &dyn Disk, folder: &Path, segment: u32) -> Result<(), Error> {
    gone(disk, &folder.join(segment_name(segment)))?;
    disk.sync_folder(folder).map_err(Error::io("sync", folder))
}

fn gone(disk: &dyn Disk, path: &Path) -> Result<(), Error> {
    match disk.remove(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(Error::io("remove", path)(e)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// The mark that the head of a segment names; whether it is a head is asked afterwards.
fn head(bytes: &[u8], segment: u32) -> Mark {
    Mark {
        segment,
        offset: HEADER,
        position: bytes.get(16..24).and_then(|b| b.try_into().ok()).map_or(0, u64::from_le_bytes),
        chain: bytes.get(24..56).and_then(|b| b.try_into().ok()).unwrap_or_default(),
    }
}

/// Where no segment is begun yet, nothing can be written.
struct NoFile;

impl File for NoFile {
    fn write_at(&self, _: &[u8], _: u64) -> io::Result<()> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn read_at(&self, _: &mut [u8], _: u64) -> io::Result<usize> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn sync(&self) -> io::Result<()> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn allocate(&self, _: u64) -> io::Result<()> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn truncate(&self, _: u64) -> io::Result<()> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn size(&self) -> io::Result<u64> {
        Err(io::ErrorKind::NotFound.into())
    }
}
