//! A ledger at work: one clerk writes, many ask; what waits is put on record together.

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use anning_vocab::Timestamp;

use crate::disk::Disk;
use crate::error::Error;
use crate::ledger::{Ack, BATCH_MAX, Decided, Ledger, NewAct, View};
use crate::publish::Publisher;

/// What time it is; only the binary knows.
pub type Clock = Box<dyn Fn() -> Timestamp + Send>;

/// How a clerk works.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How long what was committed may wait for its checkpoint.
    pub publish: Duration,
    /// Leaves after which a snapshot is taken.
    pub snapshot: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { publish: Duration::from_millis(50), snapshot: 20_000_000 }
    }
}

/// A ledger at work. Clones ask the same ledger.
#[derive(Clone)]
pub struct Clerk {
    jobs: SyncSender<Job>,
    view: View,
    shelf: Arc<Shelf>,
}

/// What keeps a clerk going; ends it when dropped.
pub struct Running {
    jobs: SyncSender<Job>,
    writer: Option<JoinHandle<Ledger>>,
    publisher: Option<JoinHandle<Result<(), Error>>>,
    shelf: Arc<Shelf>,
}

/// Whoever asked for acts to be put on record.
type Reply = SyncSender<Result<Vec<Ack>, Error>>;

enum Job {
    Acts { sheets: Vec<Vec<u8>>, acts: Vec<NewAct>, reply: Reply },
    Decisions { decisions: Vec<Arc<Decided>>, reply: SyncSender<Result<u64, Error>> },
    With { work: Box<dyn FnOnce(&mut Ledger) + Send> },
    End,
}

/// Leaves on their way to the tiles.
#[derive(Default)]
struct Shelf {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    leaves: Vec<Vec<u8>>,
    published: u64,
    ended: bool,
    /// Why nothing is published any more.
    failed: Option<String>,
}

impl Shelf {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clerk {
    /// Sets a ledger to work.
    ///
    /// # Errors
    /// [`Error`] when its tiles cannot be taken up.
    pub fn start(
        mut ledger: Ledger,
        disk: Arc<dyn Disk>,
        clock: Clock,
        pace: Pace,
    ) -> Result<(Self, Running), Error> {
        let folder = ledger.folder().to_path_buf();
        let publisher = open_publisher(&ledger, disk, &folder)?;
        let (jobs, inbox) = sync_channel(QUEUE_MAX);
        let view = ledger.view();
        let shelf = Arc::new(Shelf::default());
        shelf.lock().leaves = ledger.take_leaves();
        let publishing = {
            let shelf = Arc::clone(&shelf);
            std::thread::spawn(move || publish(publisher, &shelf, pace.publish))
        };
        let writing = {
            let shelf = Arc::clone(&shelf);
            std::thread::spawn(move || {
                let mut writer =
                    Writer { snapshot_at: ledger.size() + pace.snapshot, ledger, clock, pace, shelf };
                writer.run(&inbox);
                writer.ledger
            })
        };
        let clerk = Self { jobs: jobs.clone(), view, shelf: Arc::clone(&shelf) };
        let running = Running { jobs, writer: Some(writing), publisher: Some(publishing), shelf };
        Ok((clerk, running))
    }

    /// What decisions read.
    #[must_use]
    pub const fn view(&self) -> &View {
        &self.view
    }

    /// Why nothing is published any more, if publishing failed: acts are durable and decided by all the same, but nobody can
    /// be given proof of them until the ledger is started again. Whoever keeps a clerk at work looks now and then.
    #[must_use]
    pub fn alarm(&self) -> Option<String> {
        self.shelf.lock().failed.clone()
    }

    /// Puts acts on record; returns when they are durable and the next decision sees them.
    ///
    /// # Errors
    /// As [`Ledger::put`]; [`Error::Busy`] when too much waits already: nothing was taken, try again.
    pub fn put(&self, sheets: Vec<Vec<u8>>, acts: Vec<NewAct>) -> Result<Vec<Ack>, Error> {
        let (reply, answer) = sync_channel(1);
        self.ask(Job::Acts { sheets, acts, reply })?;
        answer.recv().map_err(|_| Error::Stopped)?
    }

    /// Puts decisions on record; the position of their batch.
    ///
    /// # Errors
    /// As [`Clerk::put`].
    pub fn put_decisions(&self, decisions: Vec<Arc<Decided>>) -> Result<u64, Error> {
        let (reply, answer) = sync_channel(1);
        self.ask(Job::Decisions { decisions, reply })?;
        answer.recv().map_err(|_| Error::Stopped)?
    }

    /// Does something else with the ledger, in turn.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Stopped`].
    pub fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Ledger) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let (reply, answer) = sync_channel(1);
        let work = Box::new(move |ledger: &mut Ledger| {
            // Whoever asked may be gone.
            let _ = reply.send(work(ledger));
        });
        self.ask(Job::With { work })?;
        answer.recv().map_err(|_| Error::Stopped)
    }

    fn ask(&self, job: Job) -> Result<(), Error> {
        self.jobs.try_send(job).map_err(|e| match e {
            TrySendError::Full(_) => Error::Busy,
            TrySendError::Disconnected(_) => Error::Stopped,
        })
    }
}

impl core::fmt::Debug for Clerk {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Clerk")
    }
}

impl Running {
    /// Waits until a checkpoint covers so many leaves, or the time is over. True if it does.
    #[must_use]
    pub fn wait_published(&self, size: u64, at_most: Duration) -> bool {
        let waiting = self.shelf.lock();
        let done = |w: &mut Waiting| w.published < size && !w.ended;
        let (waiting, _) = self
            .shelf
            .changed
            .wait_timeout_while(waiting, at_most, done)
            .unwrap_or_else(PoisonError::into_inner);
        waiting.published >= size
    }

    /// Ends the work: what waits is done first, everything is published.
    ///
    /// # Errors
    /// [`Error`] when publishing failed; what was acknowledged is durable all the same.
    pub fn end(mut self) -> Result<Ledger, Error> {
        self.finish()?.ok_or(Error::Stopped)
    }

    fn finish(&mut self) -> Result<Option<Ledger>, Error> {
        // A writer that is gone has ended already.
        let _ = self.jobs.send(Job::End);
        let ledger = self.writer.take().and_then(|writer| writer.join().ok());
        self.shelf.lock().ended = true;
        self.shelf.changed.notify_all();
        match self.publisher.take().map(JoinHandle::join) {
            Some(Ok(result)) => result?,
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            None => {}
        }
        Ok(ledger)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Nobody is left to be told.
        let _ = self.finish();
    }
}

impl core::fmt::Debug for Running {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Running")
    }
}

fn open_publisher(ledger: &Ledger, disk: Arc<dyn Disk>, folder: &Path) -> Result<Publisher, Error> {
    Publisher::open(disk, folder, ledger.suite(), ledger.origin(), ledger.signing())
}

/// The one thread that writes.
struct Writer {
    ledger: Ledger,
    clock: Clock,
    pace: Pace,
    snapshot_at: u64,
    shelf: Arc<Shelf>,
}

/// Requests for acts that are put on record together.
#[derive(Default)]
struct Group {
    /// Each once, whoever sent it.
    sheets: Vec<Vec<u8>>,
    acts: Vec<NewAct>,
    requests: Vec<Request>,
}

/// What one request has of a group.
struct Request {
    acts: usize,
    /// Places of its sheets in the group.
    sheets: Vec<usize>,
    reply: Reply,
}

impl Writer {
    fn run(&mut self, inbox: &Receiver<Job>) {
        let mut next = None;
        loop {
            let job = match next.take() {
                Some(job) => job,
                None => match inbox.recv_timeout(IDLE) {
                    Ok(job) => job,
                    Err(RecvTimeoutError::Timeout) => continue,
                    Err(RecvTimeoutError::Disconnected) => return,
                },
            };
            match job {
                Job::Acts { sheets, acts, reply } => {
                    let mut group = Group::default();
                    group.add(sheets, acts, reply);
                    next = group.gather(inbox);
                    self.acts(group);
                }
                Job::Decisions { decisions, reply } => {
                    let now = (self.clock)();
                    // Whoever asked may be gone.
                    let _ = reply.send(self.ledger.put_decisions(&decisions, now));
                }
                Job::With { work } => work(&mut self.ledger),
                Job::End => return,
            }
            self.hand_on();
        }
    }

    /// One record, one sync, for all of them.
    fn acts(&mut self, group: Group) {
        let now = (self.clock)();
        let alone = group.requests.len() == 1;
        match self.ledger.put(&group.sheets, &group.acts, now) {
            Ok(acks) => {
                let mut rest = acks.as_slice();
                for request in group.requests {
                    let (ours, others) = rest.split_at_checked(request.acts).unwrap_or((rest, &[]));
                    // Acknowledged.
                    let _ = request.reply.send(Ok(ours.to_vec()));
                    rest = others;
                }
            }
            // One that cannot be taken must not take the others with it: neither by its acts nor by its sheets.
            Err(Error::Refused(_)) if !alone => {
                let mut rest = group.acts.as_slice();
                for request in group.requests {
                    let (ours, others) = rest.split_at_checked(request.acts).unwrap_or((rest, &[]));
                    let sheets: Vec<Vec<u8>> =
                        request.sheets.iter().filter_map(|at| group.sheets.get(*at).cloned()).collect();
                    let _ = request.reply.send(self.ledger.put(&sheets, ours, now));
                    rest = others;
                }
            }
            Err(error) => {
                let mut error = Some(error);
                for request in group.requests {
                    let _ = request.reply.send(Err(error.take().unwrap_or(Error::Stopped)));
                }
            }
        }
    }

    /// Leaves go to the tiles; when too many wait, writing waits too.
    fn hand_on(&mut self) {
        let leaves = self.ledger.take_leaves();
        if !leaves.is_empty() {
            let waiting = self.shelf.lock();
            let full = |w: &mut Waiting| w.leaves.len() > LEAVES_MAX && !w.ended;
            let mut waiting =
                self.shelf.changed.wait_while(waiting, full).unwrap_or_else(PoisonError::into_inner);
            // Without a publisher they stay in the journal, where the next start finds them.
            if !waiting.ended {
                waiting.leaves.extend(leaves);
            }
        }
        if self.ledger.size() >= self.snapshot_at {
            // A snapshot that fails costs time at the next start, nothing else; the next one is tried later.
            let _ = self.ledger.snapshot();
            self.snapshot_at = self.ledger.size() + self.pace.snapshot;
        }
    }
}

impl Group {
    fn add(&mut self, sheets: Vec<Vec<u8>>, acts: Vec<NewAct>, reply: Reply) {
        let mut places = Vec::with_capacity(sheets.len());
        for sheet in sheets {
            places.push(self.sheets.iter().position(|held| *held == sheet).unwrap_or(self.sheets.len()));
            if places.last() == Some(&self.sheets.len()) {
                self.sheets.push(sheet);
            }
        }
        self.requests.push(Request { acts: acts.len(), sheets: places, reply });
        self.acts.extend(acts);
    }

    /// Takes what waits, as long as it fits; the first job that is of another kind, or too much.
    fn gather(&mut self, inbox: &Receiver<Job>) -> Option<Job> {
        while let Ok(job) = inbox.try_recv() {
            let fits = |acts: &[NewAct]| self.acts.len() + acts.len() <= GROUP_MAX;
            match job {
                Job::Acts { sheets, acts, reply } if fits(&acts) => self.add(sheets, acts, reply),
                job @ (Job::Acts { .. } | Job::Decisions { .. } | Job::With { .. } | Job::End) => {
                    return Some(job);
                }
            }
        }
        None
    }
}

/// The thread that makes tiles and checkpoints.
fn publish(mut publisher: Publisher, shelf: &Shelf, pause: Duration) -> Result<(), Error> {
    let result = publish_until_end(&mut publisher, shelf, pause);
    // Whoever waits for room or for a checkpoint must not wait for ever, and whoever looks is told why.
    let mut waiting = shelf.lock();
    waiting.ended = true;
    waiting.failed = result.as_ref().err().map(ToString::to_string);
    drop(waiting);
    shelf.changed.notify_all();
    result
}

fn publish_until_end(publisher: &mut Publisher, shelf: &Shelf, pause: Duration) -> Result<(), Error> {
    loop {
        let (leaves, ended) = {
            let waiting = shelf.lock();
            let nothing = |w: &mut Waiting| w.leaves.is_empty() && !w.ended;
            let (mut waiting, _) = shelf
                .changed
                .wait_timeout_while(waiting, pause, nothing)
                .unwrap_or_else(PoisonError::into_inner);
            (core::mem::take(&mut waiting.leaves), waiting.ended)
        };
        shelf.changed.notify_all();
        for leaf in &leaves {
            publisher.append(leaf)?;
        }
        publisher.publish()?;
        shelf.lock().published = publisher.published();
        shelf.changed.notify_all();
        if ended && leaves.is_empty() {
            return Ok(());
        }
        if !ended {
            // Checkpoints come at this pace, however fast leaves come.
            std::thread::sleep(pause);
        }
    }
}

/// Requests that may wait.
const QUEUE_MAX: usize = 4_096;
/// Acts in one record.
const GROUP_MAX: usize = 16_384;
const _: () = assert!(GROUP_MAX <= BATCH_MAX);
/// Leaves that may wait for their tiles.
const LEAVES_MAX: usize = 1 << 20;
/// How often the writer looks whether anybody is left.
const IDLE: Duration = Duration::from_secs(1);
