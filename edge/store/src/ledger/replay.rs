//! Opening: a snapshot, if one can be read, then the journal's tail; keys first, then what they seal.

use std::path::PathBuf;
use std::sync::{Arc, RwLock};

use anning_ledger::event::{commitment, salt};
use anning_ledger::sheet::hash as sheet_hash;
use anning_ledger::{Deed, DeedKind, Entries, Entry, Event, Hash, Place, Purpose, Sealed, Suite};
use anning_vocab::{Act, Timestamp};

use super::snapshot::{self, Loaded};
use super::{Entropy, Ledger, Settings, nest};
use crate::disk::Disk;
use crate::error::{Error, KeyError};
use crate::journal::{self, Journal, Record};
use crate::keyring::KeyRing;
use crate::publish;
use crate::state::{Restriction, State, refusal, silent_sheet};
use crate::subjects::{Subjects, page_key, page_place, unwrap};

/// What opening starts from.
pub(super) struct Ground {
    pub disk: Arc<dyn Disk>,
    pub folder: PathBuf,
    pub settings: Settings,
    pub suite: Suite,
    pub ring: KeyRing,
    pub entropy: Entropy,
    pub lock: Box<dyn Send + Sync>,
}

/// A page key as the journal has it.
#[derive(Clone, Copy)]
enum PageKey {
    /// The snapshot held it.
    Known,
    /// It follows from this epoch key.
    From(u32),
    /// It is wrapped under this epoch key.
    Under(u32, [u8; 48]),
}

pub(super) fn open(ground: Ground) -> Result<Ledger, Error> {
    let Ground { disk, folder, settings, suite, ring, entropy, lock } = ground;
    let published = publish::published(disk.as_ref(), &folder, suite, &settings.origin, ring.signing())?;
    let from = snapshot::latest(disk.as_ref(), &folder, suite, &ring)?.unwrap_or_default();
    let recipients_folder = folder.join("recipients");
    // Both files follow from the journal; where they are short, it is read from the beginning.
    let whole = Subjects::are_whole(disk.as_ref(), &recipients_folder, from.recipients, from.generation);
    let from = if whole { from } else { Loaded::default() };
    let Loaded { mut state, mark, epoch, generation, recipients, page_keys } = from;
    let mut subjects =
        Subjects::open(disk.as_ref(), &recipients_folder, suite, recipients, generation, page_keys)?;
    let journal_folder = folder.join("journal");
    let mut keys = Keys {
        suite,
        ring: &ring,
        disk: disk.as_ref(),
        epoch,
        pages: vec![PageKey::Known; subjects.page_keys().len()],
    };
    let mut first = |record: Record<'_>| keys.take(&record, &mut subjects, &journal_folder);
    let found = journal::read(disk.as_ref(), &journal_folder, mark, published, &mut first)?;
    subjects.flush().or_else(on_a_disk_that_can_only_be_read)?;
    let epoch = keys.unwrap(&mut subjects)?;
    if subjects.generation() > generation {
        state.rekey(suite, &ring, generation, subjects.generation());
    }
    let mut leaves = match mark {
        Some(mark) => leaves_before(disk.as_ref(), &journal_folder, published, mark.position)?,
        None => Vec::new(),
    };
    let mut second = |record: Record<'_>| {
        let mut reading = Reading { suite, subjects: &subjects, state: &mut state, folder: &journal_folder };
        reading.take(&record, published, &mut leaves)
    };
    journal::read(disk.as_ref(), &journal_folder, mark, published, &mut second)?;
    let journal = Journal::resume(Arc::clone(&disk), &journal_folder, found)?;
    let mut ledger = Ledger {
        disk,
        folder,
        settings,
        suite,
        ring,
        epoch,
        journal,
        subjects,
        state: Arc::new(RwLock::new(state)),
        leaves,
        entropy,
        _lock: lock,
    };
    // A crash may have come between an erasure's record and the end of the older keys.
    ledger.finish_erasure()?;
    Ok(ledger)
}

/// Leaves that no checkpoint covers though the snapshot does: it was taken while their tiles were still to be made.
fn leaves_before(
    disk: &dyn Disk,
    folder: &std::path::Path,
    published: u64,
    snapshot: u64,
) -> Result<Vec<Vec<u8>>, Error> {
    let mut leaves = Vec::new();
    if published >= snapshot {
        return Ok(leaves);
    }
    let begins = journal::segment_of(disk, folder, published)?;
    let mut take = |record: Record<'_>| {
        let mut position = record.first;
        for entry in Entries::new(record.payload).take_while(|_| record.first < snapshot) {
            if let Some(leaf) = entry.map_err(|_| malformed(folder, &record))?.leaf() {
                if position >= published {
                    leaves.push(leaf);
                }
                position += 1;
            }
        }
        Ok(())
    };
    journal::read(disk, folder, begins, published, &mut take)?;
    Ok(leaves)
}

/// First reading: who is who, and the keys of pages.
struct Keys<'r> {
    suite: Suite,
    ring: &'r KeyRing,
    disk: &'r dyn Disk,
    epoch: u32,
    pages: Vec<PageKey>,
}

impl Keys<'_> {
    fn take(
        &mut self,
        record: &Record<'_>,
        subjects: &mut Subjects,
        folder: &std::path::Path,
    ) -> Result<(), Error> {
        for entry in Entries::new(record.payload) {
            match entry.map_err(|_| malformed(folder, record))? {
                Entry::Subject { key, wrapped } => subjects.put(key, &wrapped)?,
                Entry::PageKey { epoch } => {
                    self.epoch = self.epoch.max(epoch);
                    self.pages.push(PageKey::From(epoch));
                }
                Entry::PageKeys { epoch, wrapped } => {
                    self.epoch = self.epoch.max(epoch);
                    self.pages = wrapped.into_iter().map(|w| PageKey::Under(epoch, w)).collect();
                }
                Entry::Page { page, rows } => subjects.put_page(page, &rows)?,
                Entry::HashKey { generation } => {
                    let at = usize::try_from(generation).unwrap_or(0).saturating_sub(1);
                    let key = self.ring.hash_keys().get(at).ok_or_else(|| no_key(self.ring, generation))?;
                    let (suite, disk) = (self.suite, self.disk);
                    subjects.rehash(disk, &|hash| nest(suite, key, hash))?;
                }
                Entry::Act { .. } | Entry::Sheet(_) | Entry::Batch { .. } | Entry::Deed { .. } => {}
            }
        }
        Ok(())
    }

    /// Unwraps the page keys with what the ring has now; the epoch that the ledger is under.
    fn unwrap(&self, subjects: &mut Subjects) -> Result<u32, Error> {
        for (number, page) in (0..).zip(&self.pages) {
            let key = match page {
                PageKey::Known => continue,
                PageKey::From(epoch) => page_key(self.suite, self.ring.epoch(*epoch)?, number),
                PageKey::Under(epoch, wrapped) => {
                    let under = self.ring.epoch(*epoch)?;
                    let opened = unwrap(self.suite, under, page_place(number as usize), wrapped);
                    opened.ok_or_else(|| no_key(self.ring, *epoch))?
                }
            };
            subjects.put_page_key(number as usize, key);
        }
        Ok(self.epoch)
    }
}

/// Second reading: what the keys open.
struct Reading<'r> {
    suite: Suite,
    subjects: &'r Subjects,
    state: &'r mut State,
    folder: &'r std::path::Path,
}

impl Reading<'_> {
    fn take(&mut self, record: &Record<'_>, published: u64, leaves: &mut Vec<Vec<u8>>) -> Result<(), Error> {
        let mut position = record.first;
        for entry in Entries::new(record.payload) {
            let entry = entry.map_err(|_| malformed(self.folder, record))?;
            if let Some(leaf) = entry.leaf() {
                self.entry(&entry, position, record)?;
                if position >= published {
                    leaves.push(leaf);
                }
                position += 1;
            }
        }
        (self.state.last, self.state.position) = (record.at, position);
        Ok(())
    }

    fn entry(&mut self, entry: &Entry, position: u64, record: &Record<'_>) -> Result<(), Error> {
        match entry {
            Entry::Act { subject, commitment, sealed } => {
                self.act(*subject, commitment, sealed, position, record)
            }
            Entry::Sheet(bytes) => {
                self.state.sheets.put(self.suite, bytes).map_err(|_| malformed(self.folder, record))?;
                Ok(())
            }
            Entry::Deed { head, salt, subjects } => {
                let deed = Deed::decode(head).map_err(|_| malformed(self.folder, record))?;
                if !subjects.is_empty() && deed.subjects != Deed::commitment(self.suite, salt, subjects) {
                    return Err(malformed(self.folder, record));
                }
                self.deed(&deed, subjects)
            }
            Entry::Batch { decisions, .. } => self.decisions(decisions, position, record.at),
            Entry::Subject { .. }
            | Entry::PageKey { .. }
            | Entry::Page { .. }
            | Entry::PageKeys { .. }
            | Entry::HashKey { .. } => Ok(()),
        }
    }

    fn act(
        &mut self,
        subject: u32,
        committed: &Hash,
        sealed: &[u8],
        position: u64,
        record: &Record<'_>,
    ) -> Result<(), Error> {
        // The key of somebody erased is gone, and with it the act.
        let Some(own) = self.subjects.key(subject)? else { return Ok(()) };
        let place = Place::in_log(Purpose::Act, position, 0, record.at);
        let body = self.suite.open(&own, place, sealed).map_err(|_| malformed(self.folder, record))?;
        if commitment(self.suite, &salt(self.suite, &own, position), &body) != *committed {
            return Err(malformed(self.folder, record));
        }
        let event = Event::decode(&body).map_err(|_| malformed(self.folder, record))?;
        let terms = self.state.sheets.find(&event.sheet).ok_or_else(|| malformed(self.folder, record))?;
        let act = Act {
            kind: event.kind,
            origin: event.origin,
            occurred: event.occurred,
            received: event.received,
            recorded: event.recorded,
            terms,
        };
        let key = self.subjects.hash(subject)?;
        self.state.index.put(key, &act);
        self.state.recent.put(key, &event.id, position);
        Ok(())
    }

    fn decisions(&mut self, decisions: &[Sealed], position: u64, at: Timestamp) -> Result<(), Error> {
        for (decision, part) in decisions.iter().zip(0..) {
            let Some(own) = self.subjects.key(decision.subject)? else { continue };
            let place = Place::in_log(Purpose::Decision, position, part, at);
            let Ok(body) = self.suite.open(&own, place, &decision.body) else { continue };
            if let Some(prior) = super::commit::handed_over(&body, self.state.sheets.names_mut()) {
                self.state.index.handed_over(self.subjects.hash(decision.subject)?, &prior);
            }
        }
        Ok(())
    }

    fn deed(&mut self, deed: &Deed, subjects: &[u32]) -> Result<(), Error> {
        match &deed.kind {
            DeedKind::Restricted { until, article } => {
                for subject in subjects {
                    let restriction = Restriction { since: deed.at, until: *until, article: article.clone() };
                    self.state.restrict(self.suite, *subject, self.subjects.hash(*subject)?, restriction);
                }
            }
            DeedKind::Erased => {
                for subject in subjects {
                    self.state.erase(self.suite, *subject, self.subjects.hash(*subject)?, deed.at);
                }
            }
            DeedKind::Held { name } => {
                self.state.holds.insert(name.clone(), subjects.to_vec());
            }
            DeedKind::Released { name } => {
                self.state.holds.remove(name);
            }
            DeedKind::Made { .. }
            | DeedKind::MasterChanged
            | DeedKind::HashKeyChanged { .. }
            | DeedKind::Page { .. }
            | DeedKind::ClockLeapt { .. } => {}
        }
        Ok(())
    }
}

impl State {
    /// From now on nothing is sent to somebody who asked to be forgotten.
    pub(super) fn restrict(
        &mut self,
        suite: Suite,
        subject: u32,
        key: anning_vocab::RecipientKey,
        restriction: Restriction,
    ) {
        if let Some(terms) = self.sheets.find(&sheet_hash(suite, &silent_sheet())) {
            self.index.put(key, &refusal(restriction.since, terms));
        }
        self.restricted.insert(subject, restriction);
    }

    /// Leaves the refusal of somebody, and nothing else.
    pub(super) fn erase(
        &mut self,
        suite: Suite,
        subject: u32,
        key: anning_vocab::RecipientKey,
        at: Timestamp,
    ) {
        let since = self.restricted.remove(&subject).map_or(at, |r| r.since);
        let terms = self.sheets.find(&sheet_hash(suite, &silent_sheet()));
        self.index.forget(key, terms.map(|terms| refusal(since, terms)).as_ref());
        // Ids of events are a trace too.
        self.recent.clear();
    }

    /// Every recipient under the hash keys that were added.
    pub(super) fn rekey(&mut self, suite: Suite, ring: &KeyRing, from: u32, to: u32) {
        let keys = ring.hash_keys().get(from as usize..to as usize).unwrap_or(&[]);
        let index = core::mem::take(&mut self.index);
        self.index = index.rekey(|hash| keys.iter().fold(hash, |hash, key| nest(suite, key, hash)));
        self.recent.clear();
    }
}

fn malformed(folder: &std::path::Path, record: &Record<'_>) -> Error {
    Error::Damaged {
        path: folder.to_path_buf(),
        offset: record.first,
        what: "an entry cannot be read, by position",
    }
}

/// Rows that follow from the journal are then held in memory: what is there can still be verified and decided on, be
/// the disk full or not to be written to.
fn on_a_disk_that_can_only_be_read(error: Error) -> Result<(), Error> {
    use std::io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    if let Error::Io { source, .. } = &error
        && [ReadOnlyFilesystem, StorageFull, QuotaExceeded].contains(&source.kind())
    {
        return Ok(());
    }
    Err(error)
}

fn no_key(ring: &KeyRing, epoch: u32) -> Error {
    KeyError::NoEpoch { epoch, ring: ring.path().to_path_buf() }.into()
}
