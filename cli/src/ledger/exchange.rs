//! `anning ledger export` and `import-records`: consents in the shapes others use.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anning_exchange::{ActProof, Header, Reading, Standing, receipt, record};
use anning_ledger::{Trust, VerifierKey, hex};
use anning_store::{ID_MAX, Ledger, NewAct, Opened};
use anning_vocab::{Recipient, Timestamp};

use super::{Where, publish};
use crate::clock::now;
use crate::failure::Failure;
use crate::tell::{say, warn};

/// Arguments of `export`.
#[derive(clap::Args)]
pub(super) struct ExportArgs {
    #[command(flatten)]
    at: Where,
    /// Of this person alone.
    #[arg(long)]
    recipient: Option<String>,
    /// `record`: JSON-LD after ISO/IEC TS 27560, with its proof. `receipt`: Kantara consent receipt, of consents alone.
    #[arg(long, default_value = "record", value_parser = ["record", "receipt"])]
    format: String,
    /// File, one a line; standard output if not given.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Arguments of `import-records`.
#[derive(clap::Args)]
pub(super) struct RecordsArgs {
    #[command(flatten)]
    at: Where,
    /// Files with one record a line.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Public key of a log whose proofs are believed: what it proves keeps its origin.
    #[arg(long, value_name = "KEY")]
    log: Option<String>,
    /// These are this ledger's own exports: take origin and times as they stand. Nothing is checked.
    #[arg(long)]
    trust_origin: bool,
}

/// Writes records.
pub(super) fn export(args: &ExportArgs) -> Result<ExitCode, Failure> {
    let mut ledger = args.at.keys.open(&args.at.folder)?;
    let of = match &args.recipient {
        None => None,
        Some(text) => Some(ledger.hash(&Recipient::parse(text).map_err(|e| Failure::usage(e.to_string()))?)),
    };
    let mut acts = Vec::new();
    let mut take = |opened: Opened| {
        acts.push(opened);
        Ok(())
    };
    ledger.acts(of, &mut take).map_err(|e| e.to_string())?;
    let mut out: Box<dyn std::io::Write> = match &args.out {
        None => Box::new(std::io::stdout().lock()),
        Some(path) => {
            let file =
                std::fs::File::create(path).map_err(|e| format!("cannot write {}: {e}", path.display()))?;
            Box::new(std::io::BufWriter::new(file))
        }
    };
    let positions: Vec<u64> = acts.iter().map(|opened| opened.position).collect();
    // What no checkpoint covers yet goes without a proof.
    let (ways, checkpoint) = ledger.inclusions(&positions).map_err(|e| e.to_string())?;
    let mut skipped = 0_u64;
    for (opened, way) in acts.iter().zip(ways) {
        let proof = way.map(|path| ActProof {
            salt: opened.salt,
            leaf_index: opened.position,
            path,
            checkpoint: checkpoint.clone(),
        });
        match one(&ledger, opened, proof.as_ref(), &args.format)? {
            None => skipped += 1,
            Some(text) => match writeln!(out, "{text}") {
                // The reader has seen enough.
                Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
                written => written.map_err(|e| format!("cannot write: {e}"))?,
            },
        }
    }
    match out.flush() {
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
        flushed => flushed.map_err(|e| format!("cannot write: {e}"))?,
    }
    let written = acts.len() as u64 - skipped;
    warn(&format!("{written} written, {skipped} are no consents and have no receipt"));
    Ok(ExitCode::SUCCESS)
}

/// One act, on one line; `None` where the format has none for it.
fn one(
    ledger: &Ledger,
    opened: &Opened,
    proof: Option<&ActProof>,
    format: &str,
) -> Result<Option<String>, String> {
    let now = ledger.read();
    let id = now.sheets().find(&opened.event.sheet).ok_or("bug: an act without its sheet")?;
    let sheet = now.sheets().bytes(id).unwrap_or_default();
    let suite = ledger.suite();
    let name = hex::encode(&suite.digest(&[b"anning record id 1\n", &opened.salt]));
    let header = Header {
        record_id: format!("urn:anning:{}", name.get(..32).unwrap_or(&name)),
        jurisdiction: Some("CN".to_owned()),
        ..Header::default()
    };
    let text = if format == "receipt" {
        if !opened.event.kind.agrees() {
            return Ok(None);
        }
        receipt::write(&opened.event, sheet, suite, &header, true).map_err(|e| e.to_string())?.text
    } else {
        record::write(&opened.event, sheet, suite, &header, proof).map_err(|e| e.to_string())?
    };
    let value: serde_json::Value = serde_json::from_str(&text).map_err(|e| e.to_string())?;
    Ok(Some(value.to_string()))
}

/// Reads records.
pub(super) fn import(args: &RecordsArgs) -> Result<ExitCode, Failure> {
    let mut ledger = args.at.keys.open(&args.at.folder)?;
    let log = args.log.as_deref().map(VerifierKey::parse).transpose();
    let log = log.map_err(|e| Failure::usage(format!("--log: {e}")))?;
    let trust = log.map(|log| Trust { log, witnesses: Vec::new() });
    let reading =
        Reading { now: now(), suite: ledger.suite(), trust: trust.as_ref(), trust_origin: args.trust_origin };
    let (mut counts, mut faults) = ([0_u64; 3], 0_u64);
    let mut waiting = Waiting::default();
    for path in &args.files {
        let text =
            std::fs::read_to_string(path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
        for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
            match take(&ledger, text, reading, &mut waiting) {
                Ok(standings) => standings.iter().for_each(|s| count(&mut counts, s)),
                Err(what) => {
                    faults += 1;
                    warn(&format!("{}:{line}: {what}", path.display()));
                }
            }
            if waiting.acts.len() >= TOGETHER {
                waiting.put(&mut ledger, reading.now)?;
            }
        }
    }
    waiting.put(&mut ledger, reading.now)?;
    let [claimed, proved, restored] = counts;
    say(&format!(
        "{claimed} as claims, {proved} proved, {restored} restored, {faults} records could not be read"
    ));
    publish(ledger)?;
    Ok(ExitCode::from(u8::from(faults > 0)))
}

/// Acts that are put on record together: one sync for many.
#[derive(Default)]
struct Waiting {
    sheets: Vec<Vec<u8>>,
    acts: Vec<NewAct>,
}

impl Waiting {
    fn put(&mut self, ledger: &mut Ledger, now: Timestamp) -> Result<(), String> {
        ledger.put(&self.sheets, &self.acts, now).map_err(|e| e.to_string())?;
        (self.sheets, self.acts) = (Vec::new(), Vec::new());
        Ok(())
    }
}

fn take(
    ledger: &Ledger,
    text: &str,
    reading: Reading<'_>,
    waiting: &mut Waiting,
) -> Result<Vec<Standing>, String> {
    let read = if text.contains("\"consentReceiptID\"") {
        receipt::read(text.as_bytes(), reading)
    } else {
        record::read(text.as_bytes(), reading)
    };
    let read = read.map_err(|e| e.to_string())?;
    for path in read.ignored.iter().chain(&read.lost) {
        warn(&format!("{}: not taken: {path}", read.record_id));
    }
    let (mut acts, mut sheets, mut standings) = (Vec::new(), Vec::new(), Vec::new());
    for imported in read.acts {
        let event = imported.event;
        let recipient = Recipient::parse(&event.address).map_err(|e| format!("{}: {e}", read.record_id))?;
        if event.id.len() > ID_MAX {
            return Err(format!("{}: an event id may have {ID_MAX} bytes", read.record_id));
        }
        acts.push(NewAct {
            recipient: ledger.hash(&recipient),
            address: recipient.reveal(),
            kind: event.kind,
            origin: event.origin,
            occurred: event.occurred,
            received: event.received,
            recorded: event.recorded,
            sheet: event.sheet,
            id: event.id,
        });
        sheets.push(imported.sheet);
        standings.push(imported.standing);
    }
    // All of a record or nothing of it.
    waiting.acts.append(&mut acts);
    sheets.retain(|sheet| !waiting.sheets.contains(sheet));
    waiting.sheets.append(&mut sheets);
    Ok(standings)
}

fn count([claimed, proved, restored]: &mut [u64; 3], standing: &Standing) {
    *match standing {
        Standing::Claimed => claimed,
        Standing::Proved { .. } => proved,
        Standing::Restored => restored,
    } += 1;
}

/// Acts in one record of the journal.
const TOGETHER: usize = 1_024;
