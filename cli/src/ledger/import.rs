//! `anning ledger import`: tables of consents and withdrawals become entries.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use anning_audit::input::{
    ActBatch, ActReader, Input, Logs, Mapping, Names, Registry, Reject, Table, TermsTable, Units,
};
use anning_ledger::sheet::{self, Table as NameTable};
use anning_ledger::{Hash, Suite};
use anning_store::{Ack, Clerk, NewAct, sheet_hash};
use anning_vocab::{Recipient, RecipientKey, TermsId};
use indicatif::{ProgressBar, ProgressStyle};

use super::{Where, publish, unpublished, work};
use crate::failure::Failure;
use crate::scrub::put;
use crate::tell::{lost_acts, say, warn};

/// Arguments.
#[derive(clap::Args)]
pub(super) struct ImportArgs {
    #[command(flatten)]
    at: Where,
    /// Files or folders with `consents*`, `withdrawals*` and the tables they speak of.
    #[arg(required = true)]
    input: Vec<PathBuf>,
    /// Names, zones and defaults of columns; else `mapping.toml` in the folder.
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Where rows that cannot be read are written.
    #[arg(long, value_name = "FILE", default_value = "out/import-rejects.csv")]
    rejects: PathBuf,
}

/// What readers share.
struct Ground<'g> {
    input: &'g Input,
    units: &'g Units<'g>,
    registry: &'g Registry,
    names: &'g Names,
    terms: &'g TermsTable,
    hash: &'g (dyn Fn(&Recipient) -> RecipientKey + Send + Sync),
    suite: Suite,
    clerk: &'g Clerk,
    bar: &'g ProgressBar,
    fresh: AtomicU64,
    repeated: AtomicU64,
    /// Refusals put on record although their id is that of another act.
    id_taken: AtomicU64,
    /// That publishing failed was told.
    alarmed: AtomicBool,
    rejects: Mutex<Vec<Reject>>,
}

/// Imports.
pub(super) fn run(args: &ImportArgs) -> Result<ExitCode, Failure> {
    let found = args
        .mapping
        .clone()
        .or_else(|| args.input.iter().map(|p| p.join("mapping.toml")).find(|p| p.is_file()));
    let mapping = match found {
        None => Mapping::default(),
        Some(path) => {
            let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            Mapping::parse(&text).map_err(|e| Failure::usage(format!("{}: {e}", path.display())))?
        }
    };
    let input = Input::open(&args.input, mapping, None).map_err(anning_audit::Error::from)?;
    if !input.plan().has(Table::Consents) && !input.plan().has(Table::Withdrawals) {
        return Err(Failure::usage(
            "no file whose name begins with `consents` or `withdrawals`, or none mapped to it",
        ));
    }
    let (names, terms) = (Names::default(), TermsTable::default());
    let ledger = args.at.keys.open(&args.at.folder)?;
    let read = {
        // Page records are believed as far as this ledger has them.
        let key = ledger.verifier().map_err(|e| e.to_string())?;
        let logs = Logs::default().and(key, |position| ledger.deed_at(position).ok());
        Registry::read(&input, &names, &logs).map_err(|e| e.to_string())?
    };
    let (hash, suite) = (ledger.hasher(), ledger.suite());
    let (clerk, running) = work(ledger)?;
    let units = Units::new(&input, &[Table::Consents, Table::Withdrawals]);
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} acts, {per_sec}, {elapsed}") {
        bar.set_style(style);
    }
    let ground = Ground {
        input: &input,
        units: &units,
        registry: &read.registry,
        names: &names,
        terms: &terms,
        hash: &hash,
        suite,
        clerk: &clerk,
        bar: &bar,
        fresh: AtomicU64::new(0),
        repeated: AtomicU64::new(0),
        id_taken: AtomicU64::new(0),
        alarmed: AtomicBool::new(false),
        rejects: Mutex::new(read.rejects),
    };
    let results = std::thread::scope(|scope| {
        let readers: Vec<_> = (0..READERS).map(|_| scope.spawn(|| ground.read())).collect();
        readers.into_iter().map(|reader| reader.join()).collect::<Vec<_>>()
    });
    bar.finish_and_clear();
    for result in results {
        match result {
            Ok(result) => result?,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
    let ended = running.end();
    let (fresh, repeated) = (ground.fresh.load(Ordering::Relaxed), ground.repeated.load(Ordering::Relaxed));
    let id_taken = ground.id_taken.load(Ordering::Relaxed);
    let rejects = ground.rejects.into_inner().unwrap_or_default();
    say(&format!("{fresh} acts on record, {repeated} were there already, {} rows rejected", rejects.len()));
    if id_taken > 0 {
        warn(&format!(
            "{id_taken} refusals bear the id of another act and say something else: they are on record all the same; \
             check the ids"
        ));
    }
    if !rejects.is_empty() {
        let path = args.rejects.display().to_string();
        write_rejects(&args.rejects, &input, &rejects)?;
        say(&format!("rejected rows with line and reason: {path}"));
        lost_acts(input.plan(), &rejects, &path);
    }
    let ledger = ended.map_err(|e| unpublished(&e))?;
    say(&format!("{} entries, {} recipients", ledger.size(), ledger.recipients()));
    publish(ledger)?;
    Ok(ExitCode::SUCCESS)
}

impl Ground<'_> {
    fn read(&self) -> Result<(), String> {
        let mut reader =
            ActReader::new(self.input, self.registry, self.names, self.terms, |r: &Recipient| (self.hash)(r))
                .keep_addresses();
        let mut known: HashMap<TermsId, Hash> = HashMap::new();
        while let Some(mut batch) = reader.next(self.units).map_err(|e| e.to_string())? {
            self.rejects.lock().unwrap_or_else(std::sync::PoisonError::into_inner).append(&mut batch.rejects);
            self.put(&batch, &mut known)?;
        }
        Ok(())
    }

    fn put(&self, batch: &ActBatch, known: &mut HashMap<TermsId, Hash>) -> Result<(), String> {
        let mut sheets = Vec::new();
        let mut acts = Vec::with_capacity(PUT.min(batch.len()));
        let rows = batch.recipient.iter().zip(&batch.act).zip(&batch.addresses).enumerate();
        for (row, ((key, act), address)) in rows {
            let sheet = match known.get(&act.terms) {
                Some(hash) => *hash,
                None => {
                    let bytes = self.sheet(act.terms)?;
                    let hash = sheet_hash(self.suite, &bytes);
                    sheets.push(bytes);
                    known.insert(act.terms, hash);
                    hash
                }
            };
            acts.push(NewAct {
                recipient: *key,
                address: address.as_ref().map(Recipient::reveal).unwrap_or_default(),
                kind: act.kind,
                origin: act.origin,
                occurred: act.occurred,
                received: act.received,
                recorded: act.recorded,
                sheet,
                id: batch.event_id.get(row).to_vec(),
            });
            if acts.len() == PUT {
                self.send(std::mem::take(&mut sheets), std::mem::take(&mut acts))?;
            }
        }
        self.send(sheets, acts)
    }

    fn send(&self, sheets: Vec<Vec<u8>>, acts: Vec<NewAct>) -> Result<(), String> {
        if acts.is_empty() && sheets.is_empty() {
            return Ok(());
        }
        let count = acts.len() as u64;
        let acks: Vec<Ack> = self.clerk.put(sheets, acts).map_err(|e| e.to_string())?;
        let repeated = acks.iter().filter(|ack| ack.repeated).count() as u64;
        self.fresh.fetch_add(count - repeated, Ordering::Relaxed);
        self.repeated.fetch_add(repeated, Ordering::Relaxed);
        let id_taken = acks.iter().filter(|ack| ack.id_taken).count() as u64;
        self.id_taken.fetch_add(id_taken, Ordering::Relaxed);
        if let Some(why) = self.clerk.alarm()
            && !self.alarmed.swap(true, Ordering::Relaxed)
        {
            let what = "WARNING: publishing failed; acts are still put on record, but nobody can be given proof of them";
            self.bar.suspend(|| warn(&format!("{what}: {why}")));
        }
        self.bar.inc(count);
        Ok(())
    }

    /// Terms by name.
    fn sheet(&self, id: TermsId) -> Result<Vec<u8>, String> {
        let terms = self.terms.get(id).ok_or("bug: terms without an id")?;
        let name = |table: NameTable, id: u32| self.names.name(table, id);
        sheet::encode(&terms, &name).map_err(|e| e.to_string())
    }
}

fn write_rejects(path: &Path, input: &Input, rejects: &[Reject]) -> Result<(), String> {
    let mut rejects: Vec<&Reject> = rejects.iter().collect();
    rejects.sort_by_key(|r| (r.file, r.line));
    let mut out = String::from("file,line,column,reason,excerpt\n");
    for reject in rejects {
        let file = input.plan().file_name(reject.file).to_owned();
        let column = reject.column.unwrap_or("").to_owned();
        let (reason, excerpt) = (reject.reason.clone(), reject.excerpt.clone());
        put(&mut out, &[file, reject.line.to_string(), column, reason, excerpt]);
    }
    let cannot = |e: std::io::Error| format!("cannot write {}: {e}", path.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(cannot)?;
    }
    std::fs::write(path, out).map_err(cannot)
}

/// Threads that read: while one waits for its sync another reads on.
const READERS: usize = 3;
/// Acts handed over at once.
const PUT: usize = 16_384;
