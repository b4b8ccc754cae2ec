//! First phase: every row is read, judged by its text and put with its recipient's others.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use ahash::RandomState;
use anning_judge::Scratch;
use anning_vocab::{Recipient, RecipientKey};

use crate::error::Error;
use crate::input::{
    ActReader, Contexts, Format, Input, Names, Registry, Reject, SendReader, Table, Tallies, TermsTable,
    UnitId, Units,
};

use super::kept::Pseudonym;
use super::progress::{Progress, Stage};
use super::reading::{NOT_KEPT, Read, Texts};
use super::record::{ActRecord, SendRecord, write_act, write_send};
use super::store::{Store, Writer};

/// What readers share.
pub(crate) struct Ground<'a> {
    pub input: &'a Input,
    pub registry: &'a Registry,
    pub names: &'a Names,
    pub contexts: &'a Contexts,
    pub terms: &'a TermsTable,
    pub texts: &'a Texts<'a>,
    /// How pseudonyms are made.
    pub pseudonym: Pseudonym<'a>,
    pub sends: &'a Store,
    pub acts: &'a Store,
    pub threads: usize,
    pub progress: &'a Progress<'a>,
}

/// What became of the rows, kept in an order that no thread decides.
#[derive(Debug, Default)]
pub(crate) struct Account {
    pub tallies: Tallies,
    /// First and last line of each unit.
    pub extents: BTreeMap<UnitId, (u64, u64)>,
    /// Rejected rows by file and reason code.
    pub reasons: BTreeMap<(u16, String), u64>,
    /// Acts taken from a ledger.
    pub kept: u64,
    /// The last unit read; every unit before it was read too.
    pub last: Option<UnitId>,
}

/// One leg of the work: units are read until so many rows were, or all.
pub(crate) struct Leg {
    /// Rejected rows in the order of reading.
    pub rejects: Vec<Reject>,
    /// All units were read.
    pub finished: bool,
}

/// What one thread did in a leg.
#[derive(Default)]
struct Share {
    rejects: Vec<(UnitId, Vec<Reject>)>,
    tallies: Tallies,
    extents: Vec<(UnitId, (u64, u64))>,
    finished: bool,
}

impl Ground<'_> {
    /// Reads one leg of the acts.
    pub fn acts_leg(&self, units: &Units<'_>, account: &mut Account) -> Result<Leg, Error> {
        self.leg(account, |rows, share| {
            let hash = |r: &Recipient| self.pseudonym.of(r);
            let mut reader = ActReader::new(self.input, self.registry, self.names, self.terms, hash);
            let mut writer = Writer::new(self.acts);
            let mut met = Extent::default();
            while let Some(mut batch) = reader.next(units)? {
                for (at, row) in batch.row.iter().enumerate() {
                    let (Some(key), Some(act)) = (batch.recipient.get(at), batch.act.get(at)) else {
                        continue;
                    };
                    let event = hash_of(batch.event_id.get(at));
                    let record = ActRecord { key: *key, act: *act, row: *row, event };
                    writer.push(*key, |out| write_act(out, &record))?;
                    met.add(row.line());
                }
                share.rejects.push((batch.unit, core::mem::take(&mut batch.rejects)));
                share.tallies.file_mut(batch.unit.file).add(batch.tally);
                rows.fetch_add(batch.tally.rows + batch.tally.rejected * REJECT_WEIGHT, Ordering::Relaxed);
                self.tell(Stage::Acts, batch.unit, batch.tally.rows);
                if batch.last {
                    share.extents.push((batch.unit, met.take()));
                    if rows.load(Ordering::Relaxed) >= LEG_ROWS {
                        writer.flush()?;
                        return Ok(());
                    }
                }
            }
            share.finished = true;
            writer.flush()
        })
    }

    /// Reads one leg of the sends.
    pub fn sends_leg(&self, units: &Units<'_>, account: &mut Account) -> Result<Leg, Error> {
        self.leg(account, |rows, share| {
            let hash = |r: &Recipient| self.pseudonym.of(r);
            let mut reader = SendReader::new(self.input, self.registry, self.names, self.contexts, hash);
            let mut writer = Writer::new(self.sends);
            let mut judged =
                Judged { texts: self.texts, scratch: Scratch::default(), dictionary: 0, read: Vec::new() };
            let mut met = Extent::default();
            while let Some(mut batch) = reader.next(units)? {
                self.sends(&batch, &mut judged, &mut writer, &mut met)?;
                share.rejects.push((batch.unit, core::mem::take(&mut batch.rejects)));
                share.tallies.file_mut(batch.unit.file).add(batch.tally);
                rows.fetch_add(batch.tally.rows + batch.tally.rejected * REJECT_WEIGHT, Ordering::Relaxed);
                self.tell(Stage::Sends, batch.unit, batch.tally.rows);
                if batch.last {
                    share.extents.push((batch.unit, met.take()));
                    if rows.load(Ordering::Relaxed) >= LEG_ROWS {
                        writer.flush()?;
                        return Ok(());
                    }
                }
            }
            share.finished = true;
            writer.flush()
        })
    }

    fn sends(
        &self,
        batch: &crate::input::SendBatch,
        judged: &mut Judged<'_>,
        writer: &mut Writer<'_>,
        met: &mut Extent,
    ) -> Result<(), Error> {
        judged.begin(&batch.texts);
        let columns = batch
            .row
            .iter()
            .zip(&batch.sent_at)
            .zip(&batch.recipient)
            .zip(&batch.recipient_kind)
            .zip(&batch.masked)
            .zip(&batch.context);
        for (at, (((((row, sent_at), key), kind), masked), context)) in columns.enumerate() {
            let Read { shown: reading, signature } = judged.read(&batch.texts, at);
            let send = SendRecord {
                key: *key,
                sent_at: *sent_at,
                row: *row,
                context: *context,
                signature,
                masked: *masked,
                reading,
                kind: *kind,
                id: (0, 0),
            };
            writer.push(*key, |out| write_send(out, &send, batch.send_id.get(at)))?;
            met.add(row.line());
        }
        Ok(())
    }

    fn leg(
        &self,
        account: &mut Account,
        work: impl Fn(&AtomicU64, &mut Share) -> Result<(), Error> + Sync,
    ) -> Result<Leg, Error> {
        let rows = AtomicU64::new(0);
        let shares: Mutex<Vec<Result<Share, Error>>> = Mutex::default();
        std::thread::scope(|scope| {
            for _ in 0..self.threads.max(1) {
                scope.spawn(|| {
                    let mut share = Share::default();
                    let result = work(&rows, &mut share);
                    if let Ok(mut shares) = shares.lock() {
                        shares.push(result.map(|()| share));
                    }
                });
            }
        });
        let shares = shares.into_inner().unwrap_or_default();
        let mut rejects: BTreeMap<UnitId, Vec<Reject>> = BTreeMap::new();
        let mut leg = Leg { rejects: Vec::new(), finished: true };
        for share in shares {
            let share = share?;
            for (unit, of_batch) in share.rejects {
                rejects.entry(unit).or_default().extend(of_batch);
            }
            account.tallies.add(&share.tallies);
            account.last = account.last.max(share.extents.iter().map(|(unit, _)| *unit).max());
            account.extents.extend(share.extents);
            leg.finished &= share.finished;
        }
        for mut of_unit in rejects.into_values() {
            of_unit.sort_by_key(|r| r.line);
            leg.rejects.extend(of_unit);
        }
        for reject in &leg.rejects {
            account.count(reject);
        }
        Ok(leg)
    }

    fn tell(&self, stage: Stage, unit: UnitId, rows: u64) {
        let plan = self.input.plan();
        let bytes = |file: &crate::input::FilePlan| file.bytes.unwrap_or(0);
        let wanted = |table: Table| match stage {
            Stage::Acts => matches!(table, Table::Consents | Table::Withdrawals),
            Stage::Sends | Stage::Deciding => table == Table::Sends,
        };
        let files = || (0_u16..).zip(&plan.files).filter(|(_, f)| wanted(f.table));
        let total: u64 = files().map(|(_, f)| bytes(f)).sum();
        let before: u64 = files().filter(|(at, _)| *at < unit.file).map(|(_, f)| bytes(f)).sum();
        let within = plan.files.get(usize::from(unit.file)).map_or(0, |file| {
            let read = u64::from(unit.index) + 1;
            match (file.format, file.rows) {
                (Format::Parquet, Some(all)) => {
                    let done = self.progress.rows_of(stage).min(all);
                    bytes(file) * done.min(all) / all.max(1)
                }
                (Format::Csv { .. } | Format::NdJson | Format::Parquet, _) => {
                    (read * TEXT_UNIT).min(bytes(file))
                }
            }
        });
        self.progress.tell(stage, rows, before + within, total);
    }
}

impl Account {
    /// Counts a rejected row under its reason.
    pub fn count(&mut self, reject: &Reject) {
        let code = reject.column.unwrap_or("row").to_owned();
        *self.reasons.entry((reject.file, code)).or_default() += 1;
    }
}

/// Texts of one thread: those of a dictionary are asked for once.
struct Judged<'a> {
    texts: &'a Texts<'a>,
    scratch: Scratch,
    dictionary: u64,
    read: Vec<Option<Read>>,
}

impl Judged<'_> {
    fn begin(&mut self, texts: &crate::input::Texts) {
        if texts.dictionary() != self.dictionary {
            self.dictionary = texts.dictionary();
            self.read.clear();
            if self.dictionary != 0 {
                self.read.resize(texts.values(), None);
            }
        }
    }

    fn read(&mut self, texts: &crate::input::Texts, row: usize) -> Read {
        let Some(value) = texts.index(row) else { return NOT_KEPT };
        if let Some(Some(read)) = self.read.get(value as usize) {
            return *read;
        }
        let read = self.texts.read(texts.value(value), &mut self.scratch);
        if let Some(slot) = self.read.get_mut(value as usize) {
            *slot = Some(read);
        }
        read
    }
}

/// First and last line of the rows met.
#[derive(Default)]
struct Extent(Option<(u64, u64)>);

impl Extent {
    fn add(&mut self, line: u64) {
        let (first, last) = self.0.get_or_insert((line, line));
        (*first, *last) = ((*first).min(line), (*last).max(line));
    }

    fn take(&mut self) -> (u64, u64) {
        // A unit of rejects only holds no send that could be looked up.
        self.0.take().unwrap_or((1, 0))
    }
}

/// The pseudonym of an address: BLAKE3 with the key over its canonical bytes, 128 bits. Numbers and names never
/// have the same canonical bytes, so SMS, MMS, 5G messages and calls to one number share one and no other does.
pub(crate) fn key_of(key: &[u8; 32], recipient: &Recipient) -> RecipientKey {
    let mut buffer = [0; 8];
    let hash = blake3::keyed_hash(key, recipient.canonical(&mut buffer));
    RecipientKey(hash.as_bytes().first_chunk::<16>().copied().unwrap_or([0; 16]))
}

/// Of an id, for finding repeats among one recipient's rows; 0 for none.
pub(crate) fn hash_of(id: &[u8]) -> u64 {
    if id.is_empty() {
        return 0;
    }
    RandomState::with_seeds(0x616e_6e69, 0x6e67_2069, 0x6473_2031, 0).hash_one(id).max(1)
}

/// Rows read before the work is put on record.
const LEG_ROWS: u64 = 4_000_000;
/// Bytes of a unit of text, for the progress shown.
const TEXT_UNIT: u64 = 2 << 20;
/// Rejected rows are held until the leg ends, so that they shorten it.
const REJECT_WEIGHT: u64 = 40;
