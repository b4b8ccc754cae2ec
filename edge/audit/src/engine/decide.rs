//! Runs the second phase on all partitions: threads work on stretches of them, one after the other is written.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use anning_consent::World;
use anning_law::Law;
use anning_vocab::Message;
use parquet::arrow::arrow_writer::ArrowColumnChunk;

use crate::error::Error;
use crate::settings::Settings;

use super::findings::{Encoder, Table, Writer};
use super::memo::Memo;
use super::progress::{Progress, Stage};
use super::recipients::{Repeat, Work};
use super::store::{PARTITIONS, Store};
use super::tally::Tally;
use super::templates::Templates;

/// What the second phase works on.
pub(crate) struct Second<'a> {
    pub world: &'a World,
    pub messages: &'a [Message],
    pub settings: &'a Settings,
    pub sends: &'a Store,
    pub acts: &'a Store,
    pub threads: usize,
    pub progress: &'a Progress<'a>,
}

/// Partitions that make one stretch of output.
type Stretch = core::ops::Range<usize>;

/// One stretch, done.
struct Done {
    chunks: Vec<ArrowColumnChunk>,
    csv: Vec<u8>,
    repeats: Vec<Repeat>,
}

/// Writes stretches in their order, whoever finishes first.
struct Out {
    next: usize,
    waiting: BTreeMap<usize, Done>,
    parquet: Writer,
    csv: Option<(File, std::path::PathBuf)>,
    repeats: Vec<Repeat>,
    failure: Option<Error>,
}

impl Second<'_> {
    /// Decides everything; findings go to `folder`.
    pub fn run(&self, folder: &Path, table: &Table<'_>) -> Result<(Tally, Vec<Repeat>), Error> {
        let stretches = self.stretches();
        let total = self.records(0..PARTITIONS);
        let (parquet, encoder) = Writer::create(&folder.join("findings.parquet"), table)?;
        let csv = if self.settings.csv { Some(create_csv(folder)?) } else { None };
        let out = Out { next: 0, waiting: BTreeMap::new(), parquet, csv, repeats: Vec::new(), failure: None };
        let out = (Mutex::new(out), Condvar::new());
        let claimed = AtomicUsize::new(0);
        let tallies: Mutex<Vec<Tally>> = Mutex::default();
        std::thread::scope(|scope| {
            for _ in 0..self.threads.max(1) {
                scope.spawn(|| {
                    let _stop = StopOnPanic(&out);
                    let mut work = self.work();
                    loop {
                        let at = claimed.fetch_add(1, Ordering::Relaxed);
                        let Some(stretch) = stretches.get(at) else { break };
                        wait_for_turn(&out, at, self.threads * AHEAD);
                        let done = self.stretch(stretch.clone(), &mut work, table, &encoder, total);
                        if !hand_over(&out, at, done) {
                            break;
                        }
                    }
                    if let Ok(mut tallies) = tallies.lock() {
                        tallies.push(work.finish());
                    }
                });
            }
        });
        let (out, _) = out;
        let out = out.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(failure) = out.failure {
            return Err(failure);
        }
        out.parquet.finish()?;
        let mut tally = Tally::default();
        for part in tallies.into_inner().unwrap_or_else(PoisonError::into_inner) {
            tally.merge(part);
        }
        Ok((tally, out.repeats))
    }

    fn work(&self) -> Work<'_> {
        let law = Law::embedded();
        let memo = Memo::new(law, self.world, self.settings.policy, self.settings.law_on);
        Work::new(self.world, self.settings, Templates::new(self.messages, self.world), memo)
    }

    /// Partitions taken together until they hold enough for a row group. Depends on the records only.
    fn stretches(&self) -> Vec<Stretch> {
        let mut stretches = Vec::new();
        let mut from = 0;
        for at in 0..PARTITIONS {
            if self.records(from..at + 1) >= STRETCH_RECORDS || at + 1 == PARTITIONS {
                stretches.push(from..at + 1);
                from = at + 1;
            }
        }
        stretches
    }

    fn records(&self, partitions: Stretch) -> u64 {
        partitions.map(|at| self.sends.records(at) + self.acts.records(at)).sum()
    }

    fn stretch(
        &self,
        partitions: Stretch,
        work: &mut Work<'_>,
        table: &Table<'_>,
        encoder: &Encoder<'_>,
        total: u64,
    ) -> Result<Done, Error> {
        work.begin();
        for at in partitions {
            let records = work.partition(at, self.sends, self.acts)?;
            let before = self.progress.rows_of(Stage::Deciding);
            self.progress.tell(Stage::Deciding, records, before + records, total);
        }
        let chunks = encoder.encode(&work.found, &work.ids, work.verdicts())?;
        let csv =
            if self.settings.csv { table.csv(&work.found, &work.ids, work.verdicts()) } else { Vec::new() };
        let mut repeats = work.repeats.clone();
        repeats.sort_unstable_by_key(|r| r.row);
        Ok(Done { chunks, csv, repeats })
    }
}

fn create_csv(folder: &Path) -> Result<(File, std::path::PathBuf), Error> {
    let path = folder.join("findings.csv");
    let mut file = File::create(&path).map_err(|e| Error::io("create", &path, &e))?;
    file.write_all(Table::csv_header().as_bytes()).map_err(|e| Error::io("write", &path, &e))?;
    Ok((file, path))
}

/// A bug in one thread must not leave the others waiting for its turn.
struct StopOnPanic<'o>(&'o (Mutex<Out>, Condvar));

impl Drop for StopOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let (out, moved) = self.0;
            let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
            out.failure.get_or_insert_with(|| Error::Unbalanced("a thread stopped".to_owned()));
            moved.notify_all();
        }
    }
}

/// A thread that is far ahead of the writer waits, so that what is waiting stays small.
fn wait_for_turn((out, moved): &(Mutex<Out>, Condvar), at: usize, ahead: usize) {
    let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
    while at >= out.next + ahead && out.failure.is_none() {
        out = moved.wait(out).unwrap_or_else(PoisonError::into_inner);
    }
}

/// Hands a stretch to the writer; `false` when the work must stop.
fn hand_over((out, moved): &(Mutex<Out>, Condvar), at: usize, done: Result<Done, Error>) -> bool {
    let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
    let result = done.and_then(|done| {
        out.waiting.insert(at, done);
        out.write()
    });
    if let Err(error) = result {
        out.failure.get_or_insert(error);
    }
    moved.notify_all();
    out.failure.is_none()
}

impl Out {
    fn write(&mut self) -> Result<(), Error> {
        while let Some(done) = self.waiting.remove(&self.next) {
            self.parquet.append(done.chunks)?;
            if let Some((file, path)) = &mut self.csv {
                file.write_all(&done.csv).map_err(|e| Error::io("write", path, &e))?;
            }
            self.repeats.extend(done.repeats);
            self.next += 1;
        }
        Ok(())
    }
}

/// Records of a stretch: enough for a row group whose dictionaries pay.
const STRETCH_RECORDS: u64 = 200_000;
/// Stretches that a thread may be ahead of the writer.
const AHEAD: usize = 2;
