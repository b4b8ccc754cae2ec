//! The one thread that writes: gathers what waits, puts it on record at once, and only then says so.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use anning_store::{Clock, Error as StoreError};
use anning_vocab::Timestamp;

use super::book::Book;
use super::entry::Entry;
use super::pack::Packer;
use super::shelf::{BYTES_MAX, Shelf, base};
use super::{Committed, Done, Error, Health, Limits};
use crate::letter::LetterId;

/// What the thread and those who ask share.
#[derive(Default)]
pub(super) struct Shared {
    pub book: RwLock<Book>,
    /// Entries that wait to be written.
    pub queued: AtomicUsize,
    /// Letters that wait for a carrier.
    pub waiting: AtomicUsize,
    /// Decisions that wait for the ledger.
    pub unrecorded: AtomicUsize,
    /// Segments on disk.
    pub segments: AtomicUsize,
    /// A write failed: what is on disk is known only after opening again.
    pub stopped: AtomicBool,
    /// The last record could not be written and nothing was taken: [`Health::Full`] or [`Health::Failing`].
    pub refusing: AtomicU8,
}

/// What somebody wants on record.
pub(super) struct Request {
    pub entries: Vec<Entry>,
    pub done: Done,
}

pub(super) enum Job {
    Put(Request),
    End,
}

pub(super) struct Writer {
    pub shelf: Shelf,
    pub shared: Arc<Shared>,
    pub clock: Clock,
    pub limits: Limits,
    /// The entry of a restart that the disk had no room for.
    pub restarted: bool,
    pub buffer: Vec<u8>,
    /// Bytes of a record that there was no room for.
    pub wanted: Option<usize>,
    /// Looks at an empty inbox since the last look for room.
    pub idle: u32,
}

/// Requests whose entries went into one record.
struct Record {
    first: u64,
    chores: Vec<Entry>,
    requests: Vec<Request>,
    payload: Vec<u8>,
    entries: u32,
}

impl Writer {
    pub(super) fn run(mut self, inbox: &Receiver<Job>) {
        let mut more = false;
        loop {
            let pause = if more { Duration::ZERO } else { self.limits.tick };
            let mut requests = VecDeque::new();
            let mut end = false;
            match inbox.recv_timeout(pause) {
                Ok(Job::Put(request)) => {
                    end = self.gather(request, inbox, &mut requests);
                }
                Ok(Job::End) => end = true,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            loop {
                more = self.commit(&mut requests);
                if requests.is_empty() {
                    break;
                }
            }
            if end {
                return;
            }
        }
    }

    /// Takes what waits, as long as one record may hold it; true when the end is asked for.
    fn gather(&self, first: Request, inbox: &Receiver<Job>, into: &mut VecDeque<Request>) -> bool {
        let mut count = first.entries.len();
        into.push_back(first);
        while count < GROUP_MAX {
            match inbox.try_recv() {
                Ok(Job::Put(request)) => {
                    count += request.entries.len();
                    into.push_back(request);
                }
                Ok(Job::End) => return true,
                Err(_) => break,
            }
        }
        false
    }

    /// One record. True: there is more to do that does not wait for anybody.
    pub(super) fn commit(&mut self, requests: &mut VecDeque<Request>) -> bool {
        let now = (self.clock)();
        let mut record = self.record(requests, now);
        if record.entries == 0 {
            self.look_for_room(now);
            return false;
        }
        let size = record.payload.len();
        let room = self.shelf.make_room(size, false, now);
        let payload = core::mem::take(&mut record.payload);
        let written = room.and_then(|()| self.shelf.append(record.entries, payload, now));
        match written {
            Ok(payload) => {
                // Committed. A crash from here on finds all of it; before it, nobody was told anything.
                self.buffer = payload;
                self.refuses(Health::Well, None);
                self.made_visible(record, now)
            }
            Err(error) if !self.shelf.is_stopped() => {
                // No segment could be begun; nothing was written. What exists stays, and the next request finds whether
                // it can be begun now.
                let full = error.is_no_room();
                self.refuses(if full { Health::Full } else { Health::Failing }, Some(size));
                let mut error = Some(error).filter(|_| !full);
                let told = |()| match error.take() {
                    Some(error) => Error::Store(error),
                    None if full => Error::Full,
                    None => Error::Busy,
                };
                self.give_back(record.requests.into_iter().chain(requests.drain(..)), told);
                if full {
                    self.let_go_when_full(now);
                }
                false
            }
            Err(error) => {
                self.shared.stopped.store(true, Ordering::SeqCst);
                let mut error = Some(error).filter(|error| !matches!(error, StoreError::Stopped));
                let told = |()| error.take().map_or(Error::Stopped, Error::Store);
                self.give_back(record.requests.into_iter().chain(requests.drain(..)), told);
                false
            }
        }
    }

    /// Says whether it takes anything, and for what there was no room if not.
    fn refuses(&mut self, health: Health, wanted: Option<usize>) {
        self.wanted = wanted;
        self.shared.refusing.store(health as u8, Ordering::SeqCst);
    }

    /// Nobody asks any more, for whoever is told that it takes nothing sends elsewhere: it looks for room by itself.
    fn look_for_room(&mut self, now: Timestamp) {
        let Some(wanted) = self.wanted else { return };
        self.idle = (self.idle + 1) % LOOK_EVERY;
        if self.idle > 0 {
            return;
        }
        match self.shelf.make_room(wanted, false, now) {
            Ok(()) => self.refuses(Health::Well, None),
            Err(_) => self.shared.stopped.store(self.shelf.is_stopped(), Ordering::SeqCst),
        }
    }

    /// Packs what is due, then as many requests as fit.
    fn record(&mut self, requests: &mut VecDeque<Request>, now: Timestamp) -> Record {
        let mut chores = self.chores(now);
        let view = self.shelf.view().clone();
        let names = view.now();
        let mut packer = Packer::new(&names, core::mem::take(&mut self.buffer));
        let mut packed = 0;
        for entry in &chores {
            if packer.size() > CHORES_MAX {
                break;
            }
            packer.entry(entry);
            packed += 1;
        }
        // The others are as due the next time.
        chores.truncate(packed);
        let first = self.shelf.position();
        let mut entries = chores.len();
        let mut taken = Vec::with_capacity(requests.len());
        while let Some(mut request) = requests.pop_front() {
            let before = packer.size();
            for (entry, number) in request.entries.iter_mut().zip(first + entries as u64 + 1..) {
                if let Entry::Accepted { letter, .. } = entry {
                    Arc::make_mut(letter).id = LetterId(number);
                }
                packer.entry(entry);
            }
            if packer.size() > BYTES_MAX {
                packer.back_to(before);
                if entries == 0 {
                    self.give_back(std::iter::once(request), |()| Error::Unfit);
                    continue;
                }
                requests.push_front(request);
                break;
            }
            entries += request.entries.len();
            taken.push(request);
        }
        let entries = u32::try_from(entries).unwrap_or(u32::MAX);
        Record { first, chores, requests: taken, payload: packer.end(), entries }
    }

    /// What is to be written without anybody asking: what is carried first, as it stands, then what time does.
    fn chores(&mut self, now: Timestamp) -> Vec<Entry> {
        let book = self.shared.book.read().unwrap_or_else(PoisonError::into_inner);
        let mut chores = Vec::new();
        if let Some(oldest) = self.shelf.oldest(&book, CARRIED_AT_ONCE) {
            let age = now.millis().saturating_sub(oldest.begun.millis());
            let old = i64::try_from(self.limits.carry_after.as_millis()).is_ok_and(|limit| age >= limit);
            if oldest.numbers.is_empty() {
                chores.push(Entry::Kept { from: oldest.segment + 1, scribed: book.scribed() });
            } else if old || self.shelf.segments() > self.limits.segments {
                for number in &oldest.numbers {
                    let what = book.carry(*number);
                    chores.extend(what.map(|what| Entry::Carried { number: *number, what }));
                }
            }
        }
        if self.restarted {
            chores.push(Entry::Restarted);
        }
        chores.extend(book.due(now, &self.limits.waits, DUE_AT_ONCE));
        chores
    }

    /// The book changes, then those who asked are told.
    fn made_visible(&mut self, record: Record, now: Timestamp) -> bool {
        let Record { first, chores, requests, .. } = record;
        let mut number = first;
        let mut more = false;
        {
            let mut book = self.shared.book.write().unwrap_or_else(PoisonError::into_inner);
            for entry in &chores {
                number += 1;
                more |= book.apply(entry, number, now);
                if let Entry::Carried { number, .. } = entry {
                    self.shelf.carried(*number);
                }
                self.restarted &= !matches!(entry, Entry::Restarted);
                if let Some(base) = base(entry, number) {
                    self.shelf.lies(base);
                }
            }
            self.count(&book);
        }
        let mut told = Vec::with_capacity(requests.len());
        for request in requests {
            let (mut letters, mut void) = (Vec::new(), Vec::new());
            let mut book = self.shared.book.write().unwrap_or_else(PoisonError::into_inner);
            for (entry, place) in request.entries.iter().zip(0..) {
                number += 1;
                if !book.apply(entry, number, now) {
                    void.push(place);
                }
                if let Some(base) = base(entry, number) {
                    self.shelf.lies(base);
                }
                if let Entry::Accepted { letter, .. } = entry {
                    letters.push(Arc::clone(letter));
                }
            }
            self.count(&book);
            more |= book.has_met();
            let found = book.take_found();
            drop(book);
            self.shared.queued.fetch_sub(request.entries.len(), Ordering::SeqCst);
            told.push((request.done, Committed { at: now, letters, void, found }));
        }
        // Visible. What the next one reads has all of it.
        told.into_iter().for_each(|(done, committed)| done(Ok(committed)));
        self.let_go();
        more
    }

    /// Counts what was found on opening.
    pub(super) fn counted(&self) {
        self.count(&self.shared.book.read().unwrap_or_else(PoisonError::into_inner));
    }

    fn count(&self, book: &Book) {
        self.shared.waiting.store(book.waiting(), Ordering::SeqCst);
        self.shared.unrecorded.store(book.unrecorded_count(), Ordering::SeqCst);
        self.shared.segments.store(self.shelf.segments(), Ordering::SeqCst);
    }

    /// Removes what the book says is needed no longer. Where that fails, the next start does it.
    fn let_go(&mut self) {
        let kept = self.shared.book.read().unwrap_or_else(PoisonError::into_inner).kept();
        let _ = self.shelf.let_go(kept);
        self.shared.segments.store(self.shelf.segments(), Ordering::SeqCst);
    }

    /// On a full disk what is needed no longer may make room: its record fits where nothing else does.
    fn let_go_when_full(&mut self, now: Timestamp) {
        let kept = {
            let book = self.shared.book.read().unwrap_or_else(PoisonError::into_inner);
            let oldest = self.shelf.oldest(&book, 1).filter(|oldest| oldest.numbers.is_empty());
            oldest.map(|oldest| Entry::Kept { from: oldest.segment + 1, scribed: book.scribed() })
        };
        let Some(kept) = kept else { return };
        let view = self.shelf.view().clone();
        let names = view.now();
        let mut packer = Packer::new(&names, Vec::new());
        packer.entry(&kept);
        let payload = packer.end();
        drop(names);
        if self.shelf.make_room(payload.len(), true, now).is_err() {
            return;
        }
        let number = self.shelf.position() + 1;
        if self.shelf.append(1, payload, now).is_err() {
            self.shared.stopped.store(true, Ordering::SeqCst);
            return;
        }
        // Committed.
        self.shared.book.write().unwrap_or_else(PoisonError::into_inner).apply(&kept, number, now);
        self.let_go();
    }

    fn give_back(&self, requests: impl Iterator<Item = Request>, mut error: impl FnMut(()) -> Error) {
        for request in requests {
            self.shared.queued.fetch_sub(request.entries.len(), Ordering::SeqCst);
            (request.done)(Err(error(())));
        }
    }

    /// Puts the entry of a restart on record, if anything was being handed over.
    pub(super) fn restart(&mut self) -> Result<(), StoreError> {
        let now = (self.clock)();
        let mut packed = {
            let view = self.shelf.view().clone();
            let names = view.now();
            let mut packer = Packer::new(&names, Vec::new());
            packer.entry(&Entry::Restarted);
            packer.end()
        };
        let number = self.shelf.position() + 1;
        let written = self.shelf.make_room(packed.len(), false, now);
        match written.and_then(|()| self.shelf.append(1, core::mem::take(&mut packed), now)) {
            Ok(_) => {}
            // It is in doubt all the same; the record follows with the first that there is room for.
            Err(error) if error.is_no_room() && !self.shelf.is_stopped() => self.restarted = true,
            Err(error) => return Err(error),
        }
        self.shared.book.write().unwrap_or_else(PoisonError::into_inner).apply(
            &Entry::Restarted,
            number,
            now,
        );
        Ok(())
    }
}

/// Entries in one record, about.
const GROUP_MAX: usize = 4_096;
/// Entries that are carried in one record.
const CARRIED_AT_ONCE: usize = 256;
/// Bytes of such and other entries in one record, about.
const CHORES_MAX: usize = BYTES_MAX / 2;
/// Looks at an empty inbox for one look for room on the disk.
const LOOK_EVERY: u32 = 4;
/// Entries of what is due in one record.
const DUE_AT_ONCE: usize = 512;
