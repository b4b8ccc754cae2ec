//! `anning ledger verify|mirror|witness|timestamp`: for those who do not trust the ledger's holder.
//!
//! Exit codes: 0 good, 1 a fault or a refusal, 2 wrong usage, 3 something could not be read.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anning_ledger::{Head, Suite, Watched};
use anning_witness::{Error, Outcome, Source, SourceError, Witness};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::clock::now;
use crate::keys::entropy;
use crate::tell::{say, warn};

/// Which log, and where it is read.
#[derive(clap::Args)]
struct LogArgs {
    /// Folder of the log's public files, or of a ledger; or an address, http://….
    source: String,
    /// The log's public key, NAME+ID+KEY, or a file with it. Get it from somebody other than the log's server.
    #[arg(long, value_name = "KEY")]
    key: String,
    /// The log's name, where it is not the key's.
    #[arg(long, value_name = "NAME")]
    origin: Option<String>,
    /// Seconds that one answer of a server may take.
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    patience: u64,
}

/// Arguments of `verify`.
#[derive(clap::Args)]
pub struct VerifyArgs {
    #[command(flatten)]
    log: LogArgs,
    /// An older checkpoint of this log, which the newest must continue.
    #[arg(long, value_name = "FILE")]
    older: Option<PathBuf>,
    /// Threads.
    #[arg(long, value_name = "N", default_value = "2")]
    threads: NonZeroUsize,
}

/// Arguments of `mirror`.
#[derive(clap::Args)]
pub struct MirrorArgs {
    #[command(flatten)]
    log: LogArgs,
    /// Folder of the copy.
    folder: PathBuf,
}

/// Arguments of `witness`.
#[derive(clap::Args)]
pub struct WitnessArgs {
    #[command(subcommand)]
    command: WitnessCommand,
}

#[derive(clap::Subcommand)]
enum WitnessCommand {
    /// Make a witness with a fresh key, and print its public key.
    Init(InitArgs),
    /// Print the public key.
    Key {
        /// Folder of the witness.
        witness: PathBuf,
    },
    /// Cosign the newest checkpoint of a log, if it continues the last one.
    Cosign(CosignArgs),
}

#[derive(clap::Args)]
struct InitArgs {
    /// Folder of the witness.
    witness: PathBuf,
    /// Its name: a domain and a path, without a scheme.
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Cryptography of its signatures.
    #[arg(long, default_value = "ed25519-sha256", value_parser = ["ed25519-sha256", "sm2-sm3"])]
    suite: String,
}

#[derive(clap::Args)]
struct CosignArgs {
    /// Folder of the witness.
    witness: PathBuf,
    #[command(flatten)]
    log: LogArgs,
    /// Where the cosigned checkpoint is written; `checkpoint.cosigned` in the log's folder if not given.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Arguments of `timestamp`.
#[derive(clap::Args)]
pub struct TimestampArgs {
    /// Folder of the log's public files, or of a ledger, or of a mirror.
    folder: PathBuf,
    /// Address of the time stamp service.
    #[arg(long, value_name = "ADDRESS")]
    service: String,
    /// Seconds that its answer may take.
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    patience: u64,
}

/// Recomputes a log.
///
/// # Errors
/// What could not be read.
pub fn verify(args: &VerifyArgs) -> Result<ExitCode, String> {
    let Some((source, log)) = args.log.open()? else { return Ok(ExitCode::from(USAGE)) };
    let read =
        |path: &PathBuf| std::fs::read(path).map_err(|e| format!("cannot read {}: {e}", path.display()));
    let older = args.older.as_ref().map(read).transpose()?;
    let bar = bar();
    let progress = |step: anning_witness::Progress| show(&bar, step.leaves, step.of);
    let checked = anning_witness::verify(&source, &log, older.as_deref(), args.threads, &progress);
    bar.finish_and_clear();
    answer(checked, |report| {
        let counts = report.counts;
        say(&format!("{}: good, {}", log.origin, head(report.checkpoint.head())));
        say(&format!(
            "acts {}, sheets {}, batches {} of {} decisions, deeds {}",
            counts.acts, counts.sheets, counts.batches, counts.decisions, counts.deeds
        ));
        if let Some(older) = report.continues {
            say(&format!("continues {}", head(older)));
        }
    })
}

/// Brings a mirror up to date.
///
/// # Errors
/// What could not be read or written.
pub fn mirror(args: &MirrorArgs) -> Result<ExitCode, String> {
    let Some((source, log)) = args.log.open()? else { return Ok(ExitCode::from(USAGE)) };
    let bar = bar();
    let step = |step: anning_witness::Step| {
        show(&bar, step.entries, step.of);
        ControlFlow::Continue(())
    };
    let copied = anning_witness::mirror(&source, &args.folder, &log, &step);
    bar.finish_and_clear();
    answer(copied, |copied| {
        let (from, to, files, bytes) = (copied.from, copied.to, copied.files, copied.bytes);
        say(&format!("{}: from {from} to {to} entries, files {files}, bytes {bytes}", log.origin));
    })
}

/// Makes a witness, shows its key, or cosigns.
///
/// # Errors
/// What could not be read or written.
pub fn witness(args: &WitnessArgs) -> Result<ExitCode, String> {
    let key = |witness: Witness| say(&format!("public key {}", witness.verifier()));
    match &args.command {
        WitnessCommand::Init(args) => {
            let suite = Suite::from_code(&args.suite).unwrap_or(Suite::International);
            let mut seed = [0; 32];
            entropy(&mut seed);
            answer(Witness::create(&args.witness, &args.name, suite, &seed), key)
        }
        WitnessCommand::Key { witness } => answer(Witness::open(witness), key),
        WitnessCommand::Cosign(args) => cosign(args),
    }
}

fn cosign(args: &CosignArgs) -> Result<ExitCode, String> {
    let Some((source, log)) = args.log.open()? else { return Ok(ExitCode::from(USAGE)) };
    let beside = || source.folder().map(|folder| folder.join("checkpoint.cosigned"));
    let Some(out) = args.out.clone().or_else(beside) else {
        warn("anning: a log at an address can't be written to, name a file with --out");
        return Ok(ExitCode::from(USAGE));
    };
    let seconds = u64::try_from(now().second()).unwrap_or(0);
    let cosigned = Witness::open(&args.witness).and_then(|witness| witness.cosign(&source, &log, seconds));
    let cosigned = cosigned.and_then(|cosigned| cosigned.write(&out).map(|()| cosigned));
    answer(cosigned, |cosigned| {
        let before = cosigned.before.map_or_else(|| "nothing".to_owned(), head);
        say(&format!("{}: cosigned {}, before: {before}", log.origin, head(cosigned.head)));
        say(&format!("written to {}", out.display()));
    })
}

/// Has the newest checkpoint stamped.
///
/// # Errors
/// What could not be read or written.
pub fn timestamp(args: &TimestampArgs) -> Result<ExitCode, String> {
    if anning_witness::Source::open(&args.service, Duration::from_secs(args.patience))
        .map_or(true, |source| source.folder().is_some())
    {
        warn(&format!("anning: not an address this build can ask: {}", args.service));
        return Ok(ExitCode::from(USAGE));
    }
    let mut nonce = [0; 8];
    entropy(&mut nonce);
    let folder = public(&args.folder);
    let patience = Duration::from_secs(args.patience);
    match anning_witness::stamp(&folder, &args.service, u64::from_be_bytes(nonce), patience) {
        Ok(Outcome::Pending(fault)) => {
            warn(&format!("anning: {fault}; not stamped yet, the next run tries again"));
            Ok(ExitCode::from(UNAVAILABLE))
        }
        other => answer(other, |outcome| match outcome {
            Outcome::Stamped(stamp) => say(&format!("stamped at {}, serial {}", stamp.at, stamp.serial)),
            Outcome::Already(stamp) => {
                say(&format!("stamped before at {}, serial {}", stamp.at, stamp.serial));
            }
            Outcome::Pending(_) => {}
        }),
    }
}

impl LogArgs {
    /// The log and its place; none for wrong usage, which is then said.
    fn open(&self) -> Result<Option<(Source, Watched)>, String> {
        // A key holds plus signs, so that a file of such a name is not what was meant.
        let text = if self.key.contains('+') {
            self.key.clone()
        } else {
            std::fs::read_to_string(&self.key)
                .map_err(|e| format!("cannot read the key {}: {e}", self.key))?
        };
        let patience = Duration::from_secs(self.patience);
        let source = if self.source.contains("://") {
            Source::open(&self.source, patience)
        } else {
            Ok(Source::of_folder(&public(Path::new(&self.source))))
        };
        match (source, anning_witness::watched(text.trim(), self.origin.as_deref())) {
            (Ok(source), Ok(log)) => Ok(Some((source, log))),
            (Err(error), _) => {
                warn(&format!("anning: {error}"));
                Ok(None)
            }
            (_, Err(error)) => {
                warn(&format!("anning: --key: {error}"));
                Ok(None)
            }
        }
    }
}

/// The public side, where the folder is a ledger's.
fn public(folder: &Path) -> PathBuf {
    let inside = folder.join("public");
    if !folder.join("checkpoint").exists() && inside.join("checkpoint").exists() {
        inside
    } else {
        folder.to_path_buf()
    }
}

fn answer<T>(result: Result<T, Error>, good: impl FnOnce(T)) -> Result<ExitCode, String> {
    match result {
        Ok(found) => {
            good(found);
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            warn(&format!("anning: {error}"));
            Ok(ExitCode::from(code(&error)))
        }
    }
}

/// What went wrong as an exit code.
const fn code(error: &Error) -> u8 {
    match error {
        Error::Fault(_) | Error::Refused(_) => REFUSED,
        Error::Key(_) => USAGE,
        Error::Unavailable { source: SourceError::Address { .. } | SourceError::NoTls, .. } => USAGE,
        Error::Unavailable { .. }
        | Error::Io { .. }
        | Error::Locked(_)
        | Error::State { .. }
        | Error::Stopped => UNAVAILABLE,
    }
}

fn head(head: Head) -> String {
    let root: String = head.root.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{} entries, root {root}", head.size)
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(4));
    match ProgressStyle::with_template("{pos} of {len} entries {bar:24} {percent:>3} %  {eta} left") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn show(bar: &ProgressBar, done: u64, of: u64) {
    bar.set_length(of);
    // Threads may report out of turn; the line never goes back.
    if done >= bar.position() {
        bar.set_position(done);
    }
}

const REFUSED: u8 = 1;
const USAGE: u8 = 2;
const UNAVAILABLE: u8 = 3;
