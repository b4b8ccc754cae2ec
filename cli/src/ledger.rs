//! `anning ledger`: consents on record, provable and forgettable.

mod exchange;
mod import;
mod people;
mod show;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anning_ledger::{Suite, hex};
use anning_store::disk::Real;
use anning_store::{Clerk, Ledger, Pace, Publisher, Running, SoftMaster};

use crate::clock::now;
use crate::failure::Failure;
use crate::keys::{KeyArgs, entropy};
use crate::outside;
use crate::tell::{say, warn};

/// Arguments of `anning ledger`.
#[derive(clap::Args)]
pub struct LedgerArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Make a ledger and its key ring.
    Init(InitArgs),
    /// Put consents and withdrawals on record: tables as in `spec/input.md`.
    Import(import::ImportArgs),
    /// What a ledger holds, and its public key.
    Status(Where),
    /// What the ledger keeps of one person (cn/pipl/45).
    Show(people::ShowArgs),
    /// Somebody asks to be forgotten: restrict at once, and say when it will be erased.
    Forget(people::ForgetArgs),
    /// Erase everybody whose retention and holds have ended.
    Erase(Where),
    /// Hold data for a case: nothing is erased until it is released.
    Hold(people::HoldArgs),
    /// End a hold.
    Release(people::HoldArgs),
    /// Put the key ring under another master key.
    ChangeMaster(ChangeArgs),
    /// Change the key that hashes addresses.
    ChangeHashKey(Where),
    /// Write a snapshot, so that the next start is quick.
    Snapshot(Where),
    /// Make the public tiles again from the journal: some were lost or changed.
    Rebuild(Where),
    /// Hand out a person's consents as records or receipts that others read (`spec/consent-record.md`).
    Export(exchange::ExportArgs),
    /// Take in such records: as claims, unless a log proves more.
    ImportRecords(exchange::RecordsArgs),
    /// Recompute a log from its entries up to its signed root, without trusting its holder.
    Verify(outside::VerifyArgs),
    /// Keep a copy of a log that only grows.
    Mirror(outside::MirrorArgs),
    /// Cosign checkpoints that continue what was seen before.
    Witness(outside::WitnessArgs),
    /// Have a third party say when the newest checkpoint was there (RFC 3161).
    Timestamp(outside::TimestampArgs),
}

/// Which ledger.
#[derive(clap::Args)]
struct Where {
    /// Folder of the ledger.
    folder: PathBuf,
    #[command(flatten)]
    keys: KeyArgs,
}

#[derive(clap::Args)]
struct InitArgs {
    #[command(flatten)]
    at: Where,
    /// Name of the log, as witnesses and receipts know it: a domain and a path, without a scheme.
    #[arg(long, value_name = "NAME", default_value = "localhost/anning")]
    origin: String,
    /// Cryptography: `ed25519-sha256` (C2SP) or `sm2-sm3` (GB/T; same shapes, not C2SP).
    #[arg(long, default_value = "ed25519-sha256", value_parser = ["ed25519-sha256", "sm2-sm3"])]
    suite: String,
}

#[derive(clap::Args)]
struct ChangeArgs {
    #[command(flatten)]
    at: Where,
    /// File with the new master key; it is made if it does not exist.
    #[arg(long, value_name = "FILE")]
    new: PathBuf,
}

/// Runs it.
pub fn run(args: &LedgerArgs) -> Result<ExitCode, Failure> {
    match &args.command {
        Command::Init(args) => init(args),
        Command::Import(args) => import::run(args),
        Command::Status(at) => status(at),
        Command::Show(args) => show::show(args),
        Command::Forget(args) => people::forget(args),
        Command::Erase(at) => people::erase(at),
        Command::Hold(args) => people::hold(args),
        Command::Release(args) => people::release(args),
        Command::ChangeMaster(args) => change_master(args),
        Command::ChangeHashKey(at) => with(at, |ledger| {
            ledger.change_hash_key(now()).map_err(|e| e.to_string())?;
            Ok("addresses are hashed under a new key; every hash was hashed once more".to_owned())
        }),
        Command::Rebuild(at) => {
            let ledger = at.keys.open(&at.folder)?;
            let tiles = Publisher::rebuild(Arc::new(Real), &ledger).map_err(|e| e.to_string())?;
            say(&format!("tiles of {} entries made again", tiles.published()));
            Ok(ExitCode::SUCCESS)
        }
        Command::Export(args) => exchange::export(args),
        Command::ImportRecords(args) => exchange::import(args),
        Command::Verify(args) => Ok(outside::verify(args)?),
        Command::Mirror(args) => Ok(outside::mirror(args)?),
        Command::Witness(args) => Ok(outside::witness(args)?),
        Command::Timestamp(args) => Ok(outside::timestamp(args)?),
        Command::Snapshot(at) => with(at, |ledger| {
            ledger.snapshot().map_err(|e| e.to_string())?;
            Ok(format!("snapshot at {}", ledger.size()))
        }),
    }
}

fn init(args: &InitArgs) -> Result<ExitCode, Failure> {
    let suite = Suite::from_code(&args.suite).unwrap_or(Suite::International);
    make(&args.at.folder, &args.at.keys, &args.origin, suite)?;
    Ok(ExitCode::SUCCESS)
}

/// Makes a ledger, its key ring and, if its file is named and not there, the master key.
pub(crate) fn make(folder: &Path, keys: &KeyArgs, origin: &str, suite: Suite) -> Result<(), Failure> {
    let ring = keys.ring(folder);
    // Before anything is made.
    named(origin)?;
    keys.outside(folder)?;
    if let Some(path) = &keys.master {
        make_master(path)?;
    }
    let access = keys.access(folder)?;
    Ledger::create(folder, origin, suite, access, now()).map_err(|e| e.to_string())?;
    let ledger = keys.open(folder)?;
    let (_, running) = work(ledger)?;
    let ledger = running.end().map_err(|e| e.to_string())?;
    say(&format!("ledger {} in {}", ledger.origin(), folder.display()));
    say(&format!(
        "key ring {}: keep it, and the master key, apart from the ledger's backups",
        ring.display()
    ));
    say(&format!("public key {}", public_key(&ledger)?));
    Ok(())
}

/// An origin is a name, not an address (C2SP tlog-checkpoint): what keys, receipts and witnesses know the log by.
fn named(origin: &str) -> Result<(), Failure> {
    let bad = |what: &str| Err(Failure::usage(format!("--origin {what}: {origin:?}")));
    if origin.is_empty() {
        return bad("is empty; a domain and a path name a log, such as log.example.com/consents");
    }
    if let Some((_, name)) = origin.split_once("://") {
        let hint =
            format!("is a name, not an address: leave the scheme away, {}", name.trim_end_matches('/'));
        return bad(&hint);
    }
    if origin.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+') {
        return bad("has a space, a plus sign or a control character in it, which keys' names may not have");
    }
    if origin.len() > ORIGIN_MAX {
        return bad("is longer than 256 bytes");
    }
    Ok(())
}

/// A fresh master key, readable by its owner alone; nothing happens when the file is there.
fn make_master(path: &Path) -> Result<(), String> {
    use std::os::unix::fs::OpenOptionsExt as _;
    if path.exists() {
        return Ok(());
    }
    let mut key = [0; 32];
    entropy(&mut key);
    let cannot = |e: std::io::Error| format!("cannot write the master key {}: {e}", path.display());
    let mut file =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(cannot)?;
    file.write_all(format!("{}\n", hex::encode(&key)).as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(cannot)
}

fn status(at: &Where) -> Result<ExitCode, Failure> {
    let ledger = at.keys.open(&at.folder)?;
    let (waiting, first) = ledger.waiting();
    let now = ledger.read();
    let memory = now.index().memory();
    say(&format!("log         {} ({})", ledger.origin(), ledger.suite().code()));
    say(&format!("entries     {}", ledger.size()));
    say(&format!("recipients  {} met, {} with acts", ledger.recipients(), now.index().len()));
    say(&format!("acts        {}", now.index().acts_len()));
    say(&format!("sheets      {}", now.sheets().count()));
    // Without acts there is nothing to share the memory.
    let each = memory.total().checked_div(now.index().acts_len());
    let each = each.map_or_else(String::new, |bytes| format!(", {bytes} an act"));
    say(&format!("memory      {} bytes{each}", memory.total()));
    if let Some(first) = first {
        say(&format!("forgetting  {waiting} stored until retention ends, the first from {first}"));
    }
    let behind = match ledger.checkpoint() {
        Ok((checkpoint, _)) => {
            say(&format!("checkpoint  {} entries", checkpoint.head().size));
            ledger.size().saturating_sub(checkpoint.head().size)
        }
        Err(error) => {
            say(&format!("checkpoint  {error}"));
            ledger.size()
        }
    };
    say(&format!("public key  {}", public_key(&ledger)?));
    if behind > 0 {
        // Durable and decided by, but nothing of it can be shown to an outsider yet.
        warn(&format!(
            "WARNING: publishing failed or was cut short: no checkpoint covers the last {behind} entries, so that \
             nobody can be given proof of them; the next command that writes publishes them, or `anning ledger rebuild` \
             makes all tiles again"
        ));
        return Ok(ExitCode::from(UNPUBLISHED));
    }
    Ok(ExitCode::SUCCESS)
}

fn change_master(args: &ChangeArgs) -> Result<ExitCode, Failure> {
    let mut ledger = args.at.keys.open(&args.at.folder)?;
    make_master(&args.new)?;
    let text = std::fs::read_to_string(&args.new).map_err(|e| format!("{}: {e}", args.new.display()))?;
    let master =
        SoftMaster::parse(&text).map_err(|e| Failure::usage(format!("{e}: --new {}", args.new.display())))?;
    ledger.change_master(Box::new(master), now()).map_err(|e| e.to_string())?;
    publish(ledger)?;
    say("the key ring is under the new master key; the old one opens nothing of it any more");
    Ok(ExitCode::SUCCESS)
}

/// Does something with a ledger, publishes, and says what came of it.
fn with(at: &Where, work: impl FnOnce(&mut Ledger) -> Result<String, Failure>) -> Result<ExitCode, Failure> {
    let mut ledger = at.keys.open(&at.folder)?;
    let told = work(&mut ledger)?;
    publish(ledger)?;
    say(&told);
    Ok(ExitCode::SUCCESS)
}

/// Covers everything with a checkpoint.
fn publish(ledger: Ledger) -> Result<(), String> {
    let (_, running) = work(ledger)?;
    running.end().map(drop).map_err(|e| unpublished(&e))
}

/// What to say when the tiles could not be written: nothing is lost, but nothing of it can be proved yet.
pub(crate) fn unpublished(error: &anning_store::Error) -> String {
    format!(
        "it is on record, but could not be published, so that nobody can be given proof of it; mend this and run \
         `anning ledger rebuild`: {error}"
    )
}

/// Sets a ledger to work.
pub(crate) fn work(ledger: Ledger) -> Result<(Clerk, Running), String> {
    Clerk::start(ledger, Arc::new(Real), Box::new(now), Pace::default()).map_err(|e| e.to_string())
}

fn public_key(ledger: &Ledger) -> Result<String, String> {
    let signer = anning_store::signer(ledger.suite(), ledger.origin(), ledger.signing());
    signer.map(|key| key.verifier().to_string()).map_err(|e| e.to_string())
}

/// Longest name of a log, in bytes.
const ORIGIN_MAX: usize = 256;
/// Exit code: a part of the ledger cannot be shown to outsiders.
const UNPUBLISHED: u8 = 3;
