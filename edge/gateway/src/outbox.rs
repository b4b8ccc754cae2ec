//! Accepted means durable: every letter, decision and report goes on record before anybody is told of it.
//!
//! [`Outbox`] is a journal and the one thread that writes it: what waits is put on record together, with one sync.
//! [`Book`] is what the journal says, in memory; it changes by [`Entry`] alone. What a crash leaves is the journal; the
//! book is built from it again, and what was being handed over is in doubt.
//!
//! After a write or sync that failed nothing more is taken, because what is on disk is then unknown ([`Error::Stopped`]).
//! A full disk is met where a segment is begun, before anything is written: that refuses ([`Error::Full`]), and goes on
//! by itself once there is room.

mod book;
mod entry;
mod pack;
mod scribe;
mod shelf;
mod unpack;
mod writer;

pub use book::{Book, Count, Found, Owed, Tally, Waits};
pub use entry::{Carried, Entry, Item, Outcome, Parked, Part, SEGMENTS_MAX, Stage, Start, State, Why};
pub use pack::Packer;
pub use scribe::unmarked;
pub use shelf::Ground;
pub use unpack::{Malformed, Unpacker};

use std::sync::atomic::Ordering;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLockReadGuard};
use std::thread::JoinHandle;
use std::time::Duration;

use anning_store::Clock;
use anning_vocab::Timestamp;

use crate::letter::Letter;
use shelf::Shelf;
use writer::{Job, Request, Shared, Writer};

/// An outbox at work. It ends when dropped: what waits is put on record first.
pub struct Outbox {
    jobs: SyncSender<Job>,
    shared: Arc<Shared>,
    limits: Limits,
    writer: Mutex<Option<JoinHandle<()>>>,
}

/// How much an outbox holds, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Letters that wait for a carrier; beyond it no letter is taken.
    pub letters: usize,
    /// Decisions that wait for the ledger; beyond it no letter is taken.
    pub decisions: usize,
    /// Bytes of a segment.
    pub segment: u64,
    /// Segments on disk beyond which what the oldest still holds is carried into the newest.
    pub segments: usize,
    /// Segments on disk beyond which no letter is taken.
    pub segments_most: usize,
    /// Age of a segment at which what it still holds is carried.
    pub carry_after: Duration,
    /// How long things are waited for.
    pub waits: Waits,
    /// How often the clock is looked at while nobody asks for anything.
    pub tick: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            letters: 1_000_000,
            decisions: 1_000_000,
            segment: 16 << 20,
            segments: 128,
            segments_most: 512,
            carry_after: Duration::from_secs(600),
            waits: Waits::default(),
            tick: Duration::from_millis(250),
        }
    }
}

/// What was found when an outbox was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// Letters that are not done with.
    pub letters: usize,
    /// Those of them that are in doubt.
    pub in_doubt: usize,
    /// Decisions that the ledger may not have.
    pub decisions: usize,
    /// Bytes of a record that was torn, and of which nobody was told.
    pub torn: u64,
}

/// Whether an outbox takes what is handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Health {
    /// It does.
    Well,
    /// The disk has no room. It looks for some by itself.
    Full,
    /// A segment cannot be begun for another reason. It tries again by itself.
    Failing,
    /// A write failed: nothing is taken before it is opened again.
    Stopped,
}

impl Health {
    /// The word for it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Well => "ok",
            Self::Full => "full",
            Self::Failing => "failing",
            Self::Stopped => "stopped",
        }
    }
}

/// What was put on record, and is visible.
#[derive(Clone, Debug)]
pub struct Committed {
    /// When.
    pub at: Timestamp,
    /// The letters that were handed in, in order, with their ids.
    pub letters: Vec<Arc<Letter>>,
    /// Places of entries that had no effect: a letter that was to be handed over and is not to be, for one.
    pub void: Vec<usize>,
    /// Parked reports that have found their letter, and its account. They count with the next record, which is written
    /// without being asked for.
    pub found: Vec<(u64, Arc<str>)>,
}

/// Is told what became of a request, on the thread that writes.
pub type Done = Box<dyn FnOnce(Result<Committed, Error>) + Send>;

/// Why something is not on record.
#[derive(Debug)]
pub enum Error {
    /// Too much waits already, or a segment cannot be begun just now; nothing was taken.
    Busy,
    /// The disk is full; nothing was taken.
    Full,
    /// A write failed: nothing more is taken until the outbox is opened again. Whether the last requests are on record
    /// is known then.
    Stopped,
    /// Empty, more than one record may hold, or a letter without segments.
    Unfit,
    /// What failed. If it was the beginning of a segment (the device that holds the master key), nothing was taken and it
    /// may be tried again; after any other failure [`Error::Stopped`] follows.
    Store(anning_store::Error),
}

/// What was not taken, given back.
pub struct Refused {
    /// Why.
    pub error: Error,
    /// What was handed in.
    pub entries: Vec<Entry>,
    /// Who would have been told.
    pub done: Done,
}

impl Outbox {
    /// Opens an outbox, or begins one in an empty folder.
    ///
    /// # Errors
    /// [`anning_store::Error`]: locked, damaged (which segment, which byte), the master key does not fit, the disk
    /// fails.
    pub fn open(
        ground: Ground,
        limits: Limits,
        clock: Clock,
    ) -> Result<(Self, Recovered), anning_store::Error> {
        let (shelf, read) = Shelf::open(ground, limits.segment)?;
        let handed = read.book.items().any(|item| item.state == State::HandingOver);
        let shared = Arc::new(Shared { book: read.book.into(), ..Shared::default() });
        let (jobs, inbox) = sync_channel(REQUESTS_MAX);
        let mut writer = Writer {
            shelf,
            shared: Arc::clone(&shared),
            clock,
            limits,
            restarted: false,
            buffer: Vec::new(),
            wanted: None,
            idle: 0,
        };
        if handed {
            writer.restart()?;
        }
        writer.shared.book.write().unwrap_or_else(PoisonError::into_inner).is_live();
        writer.counted();
        let writing = std::thread::spawn(move || writer.run(&inbox));
        let outbox = Self { jobs, shared, limits, writer: Mutex::new(Some(writing)) };
        let recovered = {
            let book = outbox.book();
            Recovered {
                letters: book.len(),
                in_doubt: book.items().filter(|item| item.state == State::InDoubt).count(),
                decisions: book.unrecorded_count(),
                torn: read.torn,
            }
        };
        Ok((outbox, recovered))
    }

    /// Hands in entries: all of them go on record together, or none. Returns at once; `done` is told when they are
    /// durable and visible.
    ///
    /// # Errors
    /// What was handed in, with [`Error::Busy`] when too much waits already, [`Error::Stopped`], [`Error::Unfit`].
    pub fn submit(&self, entries: Vec<Entry>, done: Done) -> Result<(), Refused> {
        let count = entries.len();
        let error = if self.shared.stopped.load(Ordering::SeqCst) {
            Some(Error::Stopped)
        } else if count == 0 || count > ENTRIES_MAX || entries.iter().any(unfit) {
            Some(Error::Unfit)
        } else if self.is_full(&entries) {
            Some(Error::Busy)
        } else {
            None
        };
        if let Some(error) = error {
            return Err(Refused { error, entries, done });
        }
        self.shared.queued.fetch_add(count, Ordering::SeqCst);
        let sent = self.jobs.try_send(Job::Put(Request { entries, done }));
        let (error, job) = match sent {
            Ok(()) => return Ok(()),
            Err(TrySendError::Full(job)) => (Error::Busy, job),
            Err(TrySendError::Disconnected(job)) => (Error::Stopped, job),
        };
        self.shared.queued.fetch_sub(count, Ordering::SeqCst);
        match job {
            Job::Put(Request { entries, done }) => Err(Refused { error, entries, done }),
            Job::End => Ok(()),
        }
    }

    /// As [`Outbox::submit`], and waits.
    ///
    /// # Errors
    /// [`Error`].
    pub fn put(&self, entries: Vec<Entry>) -> Result<Committed, Error> {
        let (tell, told) = sync_channel(1);
        let done = Box::new(move |result| {
            // Whoever asked may be gone.
            let _ = tell.send(result);
        });
        self.submit(entries, done).map_err(|refused| refused.error)?;
        told.recv().map_err(|_| Error::Stopped)?
    }

    /// What is known of every letter. Nothing is told to anybody while it is held: hold it shortly.
    pub fn book(&self) -> RwLockReadGuard<'_, Book> {
        // A panic while the book was written would be a bug, and bugs stop the process.
        self.shared.book.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Entries that wait to be written.
    #[must_use]
    pub fn queued(&self) -> usize {
        self.shared.queued.load(Ordering::SeqCst)
    }

    /// Segments on disk.
    #[must_use]
    pub fn segments(&self) -> usize {
        self.shared.segments.load(Ordering::SeqCst)
    }

    /// Is it taking anything?
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.shared.stopped.load(Ordering::SeqCst)
    }

    /// Is it taking anything, and if not, why?
    #[must_use]
    pub fn health(&self) -> Health {
        if self.is_stopped() {
            return Health::Stopped;
        }
        let said = self.shared.refusing.load(Ordering::SeqCst);
        let known = [Health::Full, Health::Failing].into_iter().find(|health| *health as u8 == said);
        known.unwrap_or(Health::Well)
    }

    /// Too much waits: for the disk; where a letter is among them, for the carriers or the ledger.
    fn is_full(&self, entries: &[Entry]) -> bool {
        let shared = &self.shared;
        let brings = entries.iter().any(|entry| matches!(entry, Entry::Accepted { .. }));
        // What ends letters must be taken even where no new one is.
        let queue = if brings { QUEUED_MAX / 2 } else { QUEUED_MAX };
        let of = |counter: &std::sync::atomic::AtomicUsize| counter.load(Ordering::SeqCst);
        of(&shared.queued) + entries.len() > queue
            || brings
                && (of(&shared.waiting) >= self.limits.letters
                    || of(&shared.unrecorded) >= self.limits.decisions
                    || of(&shared.segments) >= self.limits.segments_most)
    }
}

impl Drop for Outbox {
    fn drop(&mut self) {
        // A writer that is gone has ended already.
        let _ = self.jobs.send(Job::End);
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer.filter(|w| w.thread().id() != std::thread::current().id()) {
            let _ = writer.join();
        }
    }
}

impl core::fmt::Debug for Outbox {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Outbox")
    }
}

impl core::fmt::Debug for Refused {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Refused({:?}, {} entries)", self.error, self.entries.len())
    }
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Busy => f.write_str("too much waits in the outbox already; nothing was taken, try again"),
            Self::Full => f.write_str("the disk of the outbox is full; nothing was taken; make room"),
            Self::Stopped => f.write_str(
                "a write failed earlier, so the outbox takes nothing more; mend the disk and start again",
            ),
            Self::Unfit => {
                f.write_str("nothing, more than one record may hold, or a letter without segments")
            }
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for Error {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Store(error) => Some(error),
            Self::Busy | Self::Full | Self::Stopped | Self::Unfit => None,
        }
    }
}

fn unfit(entry: &Entry) -> bool {
    match entry {
        Entry::Accepted { letter, .. } => {
            let segments = letter.segments.len();
            segments == 0 || segments > SEGMENTS_MAX || letter.ours.len() != segments
        }
        // These the outbox writes itself.
        Entry::Restarted | Entry::Kept { .. } | Entry::Carried { .. } => true,
        Entry::Decision(_)
        | Entry::HandingOver { .. }
        | Entry::Taken { .. }
        | Entry::RefusedByCarrier { .. }
        | Entry::InDoubt { .. }
        | Entry::Released { .. }
        | Entry::Recalled { .. }
        | Entry::Refused { .. }
        | Entry::Reported { .. }
        | Entry::ReportTold { .. }
        | Entry::Parked(_)
        | Entry::Unparked { .. }
        | Entry::Expired { .. }
        | Entry::GaveUp { .. }
        | Entry::Untold { .. }
        | Entry::Scribed { .. } => false,
    }
}

/// Requests that may wait.
const REQUESTS_MAX: usize = 16_384;
/// Entries that may wait; letters get half of it.
const QUEUED_MAX: usize = 131_072;
/// Entries of one request.
const ENTRIES_MAX: usize = 4_096;
const _: () = assert!(ENTRIES_MAX <= QUEUED_MAX / 2);
