//! Millions of acts put on record, then opened again: from a snapshot, and from nothing but the journal.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use anning_store::{Error, Ledger, NewAct, Pace};
use anning_vocab::ActKind;

use super::{Ground, Open};
use crate::now;

pub(super) fn run(ground: &Ground, acts: usize) -> Result<(), Error> {
    let acts = acts as u64;
    let open = ground.fresh("import", Pace { snapshot: u64::MAX / 2, ..Pace::default() })?;
    let (begin, spent) = (now(), processor());
    put_all(&open, acts)?;
    let durable = begin.elapsed().as_secs_f64();
    drop(open.clerk);
    let mut ledger = open.running.end()?;
    let whole = begin.elapsed().as_secs_f64();
    let rate = acts as f64 / whole;
    println!(
        "import, {acts} acts of {} people, 2 clients x {CHUNK}: {durable:.1} s until durable, {whole:.1} s until \
         provable, {rate:.0} acts/s, {:.1} µs of processor an act; 100 million at this rate {:.1} min; resident {} MB",
        ledger.recipients(),
        (processor() - spent) * 1e6 / acts as f64,
        1e8 / rate / 60.0,
        resident() / 1_000
    );
    let begin = now();
    ledger.snapshot()?;
    println!("snapshot written in {:.1} s", begin.elapsed().as_secs_f64());
    drop(ledger);
    sizes(&ground.scratch.join("import"), acts as f64);
    let seconds = reopen(ground)?;
    println!("cold start from a snapshot of {acts} acts: {seconds:.2} s");
    let snapshots = ground.scratch.join("import").join("snapshots");
    std::fs::remove_dir_all(&snapshots).map_err(Error::io("remove", &snapshots))?;
    let spent = processor();
    let seconds = reopen(ground)?;
    println!(
        "rebuilt from the journal alone: {seconds:.1} s, {:.0} acts/s replayed and verified, {:.1} µs of processor an act",
        acts as f64 / seconds,
        (processor() - spent) * 1e6 / acts as f64
    );
    Ok(())
}

fn reopen(ground: &Ground) -> Result<f64, Error> {
    let begin = now();
    let ledger = Ledger::open(&ground.scratch.join("import"), ground.access("import", 3)?)?;
    let seconds = begin.elapsed().as_secs_f64();
    if ledger.read().position() != ledger.size() {
        eprintln!("bench: {} of {} entries are visible", ledger.read().position(), ledger.size());
    }
    Ok(seconds)
}

/// Every tenth act is the withdrawal of somebody met a while before.
fn put_all(open: &Open, acts: u64) -> Result<(), Error> {
    let next = AtomicU64::new(0);
    let work = || loop {
        let from = next.fetch_add(CHUNK, Ordering::Relaxed);
        if from >= acts {
            return Ok(());
        }
        let chunk: Vec<NewAct> = (from..acts.min(from + CHUNK))
            .filter_map(|n| match n % 10 {
                9 => open.maker.act((n / 2).saturating_sub(4), ActKind::Withdrawn, n % 80_000),
                _ => open.maker.act(n, ActKind::Given, n % 80_000),
            })
            .collect();
        open.clerk.put(open.maker.sheets.clone(), chunk)?;
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(work);
        let ours = work();
        match other.join() {
            Ok(theirs) => ours.and(theirs),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// What lies on the disk, folder by folder.
fn sizes(ledger: &Path, acts: f64) {
    for folder in ["journal", "recipients", "snapshots", "public"] {
        let (bytes, blocks, files) = size(&ledger.join(folder));
        println!(
            "  {folder}: {:.0} bytes an act, {:.0} on the disk, {files} files, {:.1} MB",
            bytes as f64 / acts,
            blocks as f64 / acts,
            blocks as f64 / 1e6
        );
    }
}

fn size(folder: &Path) -> (u64, u64, u64) {
    use std::os::unix::fs::MetadataExt;
    let (mut bytes, mut blocks, mut files) = (0, 0, 0);
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(found) = entry.metadata() else { continue };
        if found.is_dir() {
            let (b, k, f) = size(&entry.path());
            (bytes, blocks, files) = (bytes + b, blocks + k, files + f);
        } else {
            (bytes, blocks, files) = (bytes + found.len(), blocks + found.blocks() * 512, files + 1);
        }
    }
    (bytes, blocks, files)
}

/// Resident memory of this process, in kB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}

/// Seconds of processor that this process used: what it costs where other work takes its share of the machine.
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks = fields.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

/// Acts in one request.
const CHUNK: u64 = 8_192;
