//! `anning serve`: the gateway between senders and carriers.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anning_gateway::config::{Config, Fault, Outside};
use anning_gateway::outbox::{Ground, Limits, Outbox, unmarked};
use anning_gateway::{Gate, Hands, Parts, Serving};
use anning_ledger::Suite;
use anning_link::Moment;
use anning_store::disk::Real;
use anning_store::{Clerk, Ledger, Running};

use crate::clock::{now, steady};
use crate::failure::Failure;
use crate::keys::{KeyArgs, VARIABLE, entropy};
use crate::tell::{say, warn};

/// Arguments.
#[derive(clap::Args)]
#[command(after_help = SIGNALS)]
pub struct ServeArgs {
    /// Configuration file; paths in it are relative to its folder. See `samples/gateway/gateway.toml`.
    config: PathBuf,
    /// Say what is wrong with the configuration, and end.
    #[arg(long)]
    check: bool,
    /// Make the ledger, its key ring and a master key where the configuration names them, if they are not there.
    #[arg(long)]
    init: bool,
    /// How long connections may take to end, in seconds.
    #[arg(long, default_value_t = 20, value_name = "SECONDS")]
    drain: u64,
}

/// Runs it.
pub fn run(args: &ServeArgs) -> Result<ExitCode, Failure> {
    let config = read(&args.config)?;
    if !args.init {
        there(&config, &args.config)?;
    }
    if args.check {
        say(&format!("{}: in order", args.config.display()));
        return Ok(ExitCode::SUCCESS);
    }
    logs();
    if args.init {
        make(&config)?;
    }
    let (parts, running) = parts(config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::unavailable(format!("threads cannot be started: {error}")))?;
    let ended = runtime.block_on(serve(parts, args));
    runtime.shutdown_timeout(Duration::from_secs(1));
    running.end().map_err(|error| Failure::unavailable(error.to_string()))?;
    ended
}

/// Reads the configuration; every fault is told, each on a line of its own.
fn read(path: &Path) -> Result<Config, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::usage(format!("configuration cannot be read, {error}: {}", path.display()))
    })?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let outside = Outside {
        variable: &|name| std::env::var(name).ok(),
        file: &|path| std::fs::read_to_string(folder.join(path)),
    };
    let tell = |faults: &[Fault]| faults.iter().for_each(|fault| warn(&fault.to_string()));
    match Config::parse(&text, &outside) {
        Ok((config, warnings)) => {
            tell(&warnings);
            Ok(config.under(folder))
        }
        Err(faults) => {
            tell(&faults);
            Err(Failure::usage(format!("{} has faults: {}", path.display(), faults.len())))
        }
    }
}

fn keys(config: &Config) -> KeyArgs {
    let ledger = &config.ledger;
    KeyArgs {
        keys: ledger.keys.clone(),
        master: ledger.master.clone(),
        master_command: ledger.master_command.clone(),
    }
}

/// Is there a ledger, and a key to open it? Each that is missing is told by its key of the configuration.
fn there(config: &Config, path: &Path) -> Result<(), Failure> {
    let ledger = &config.ledger;
    let hint = format!("`anning serve {} --init` makes it", path.display());
    let mut missing = Vec::new();
    if !ledger.folder.join("journal").exists() {
        missing.push(format!("ledger.folder: no ledger is there; {hint}: {}", ledger.folder.display()));
    }
    match (&ledger.master, &ledger.master_command) {
        (Some(file), _) if !file.exists() => {
            missing.push(format!("ledger.master: no such file; {hint}: {}", file.display()));
        }
        (Some(_), _) | (None, Some(_)) => {}
        (None, None) if std::env::var_os(VARIABLE).is_none() => {
            missing
                .push(format!("ledger.master: missing; name a file with the master key, or set {VARIABLE}"));
        }
        (None, None) => {}
    }
    missing.iter().for_each(|fault| warn(fault));
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::usage(format!("{} has faults: {}", path.display(), missing.len())))
}

/// Makes what is not there yet.
fn make(config: &Config) -> Result<(), Failure> {
    let folder = &config.ledger.folder;
    if folder.join("journal").exists() {
        return Ok(());
    }
    for path in
        [Some(folder), config.ledger.master.as_ref(), config.ledger.keys.as_ref()].into_iter().flatten()
    {
        if let Some(parent) = path.parent() {
            let made = std::fs::create_dir_all(parent);
            made.map_err(|e| Failure::usage(format!("folder cannot be made, {e}: {}", parent.display())))?;
        }
    }
    crate::ledger::make(folder, &keys(config), "localhost/anning", Suite::International)
}

fn parts(config: Config) -> Result<(Parts, Running), Failure> {
    let unavailable = |error: &dyn core::fmt::Display| Failure::unavailable(error.to_string());
    let keys = keys(&config);
    let ledger: Ledger = keys.open(&config.ledger.folder)?;
    let (suite, hash) = (ledger.suite(), ledger.hasher());
    let limits = Limits { letters: config.outbox.letters_max, ..Limits::default() };
    let ground = Ground {
        disk: Arc::new(Real),
        folder: config.outbox.folder.clone(),
        master: keys.master()?,
        entropy: Box::new(entropy),
        suite,
        view: ledger.view(),
    };
    // Names first: the outbox reads numbers by the names that the register gives.
    let gate = Gate::new(ledger.view(), suite, Box::new(hash), Box::new(entropy), config);
    let (outbox, found) = Outbox::open(ground, limits, Box::new(now)).map_err(|error| unavailable(&error))?;
    // A batch that reached the ledger and was not marked must not reach it again.
    let mark = unmarked(&outbox.book(), &ledger).map_err(|error| unavailable(&error))?;
    if let Some(mark) = mark {
        outbox.put(vec![mark]).map_err(|error| unavailable(&error))?;
    }
    if found.letters > 0 || found.decisions > 0 {
        warn(&format!(
            "outbox: {} letters under way, {} of them in doubt; {} decisions for the ledger",
            found.letters, found.in_doubt, found.decisions
        ));
    }
    let (clerk, running): (Clerk, Running) = crate::ledger::work(ledger)?;
    let hands = Hands::new(now, || Moment::after(steady()));
    Ok((Parts { gate, outbox, clerk, suite, hands }, running))
}

async fn serve(parts: Parts, args: &ServeArgs) -> Result<ExitCode, Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let failed = |error: std::io::Error| Failure::unavailable(format!("cannot listen: {error}"));
    let serving = Serving::start(parts).await.map_err(failed)?;
    for (protocol, address) in serving.bound() {
        say(&format!("{} at {address}", protocol.code()));
    }
    let listen = |kind| signal(kind).map_err(failed);
    let (mut end, mut stop, mut again) =
        (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?, listen(SignalKind::hangup())?);
    // Who started it may be told; nobody need listen.
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
    say("ready");
    if serving.gateway().carriers() == 0 {
        say("no carrier connected yet; messages wait in the outbox, and /readyz says 503 until one is");
    }
    loop {
        tokio::select! {
            _ = end.recv() => break,
            _ = stop.recv() => break,
            _ = again.recv() => match read(&args.config) {
                Ok(config) => {
                    let restart = serving.gateway().reload(config);
                    say("configuration read again");
                    if !restart.is_empty() {
                        warn(&format!("these hold after a restart: {}", restart.join(", ")));
                    }
                }
                // What is wrong was told; the old one stays.
                Err(failure) => warn(&format!("configuration is kept as it was: {failure}")),
            },
        }
    }
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Stopping]);
    say("ending");
    serving.drain(Duration::from_secs(args.drain)).await;
    Ok(ExitCode::SUCCESS)
}

/// Logs go to standard error, one JSON object a line; never an address whole, a text or a secret.
fn logs() {
    let level =
        std::env::var("ANNING_LOG").ok().and_then(|level| level.parse().ok()).unwrap_or(tracing::Level::INFO);
    tracing_subscriber::fmt().json().with_max_level(level).with_writer(std::io::stderr).init();
}

/// What the help says of signals.
const SIGNALS: &str = "\
Signals:
  SIGHUP           read the configuration again; what is wrong with it is told, and the old one stays
  SIGTERM, SIGINT  end in order: no new logins and messages, what is owed is answered, within --drain seconds

Logs go to standard error, one JSON object a line; ANNING_LOG=warn|info|debug says how much. See docs/gateway.md.";
