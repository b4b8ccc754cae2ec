//! Where keys are: the key ring beside the ledger, the master key in a file, the environment or a device.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anning_audit::{Error, Kept};
use anning_store::disk::Real;
use anning_store::{Access, CommandMaster, Ledger, Master, SoftMaster};
use anning_vocab::{Date, Timestamp};

use crate::failure::Failure;
use crate::tell::warn;

/// Arguments that say where keys are.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct KeyArgs {
    /// The key ring; DIR.keys beside the ledger's folder if not given. Never inside it.
    #[arg(long, value_name = "FILE")]
    pub keys: Option<PathBuf>,
    /// File with the master key, 64 hex digits; else the environment variable ANNING_MASTER_KEY.
    #[arg(long, value_name = "FILE", conflicts_with = "master_command")]
    pub master: Option<PathBuf>,
    /// Program that wraps and unwraps keys, such as a script before a PKCS#11 device.
    #[arg(long, value_name = "PROGRAM")]
    pub master_command: Option<PathBuf>,
}

impl KeyArgs {
    /// What it takes to open the ledger in `folder`.
    pub fn access(&self, folder: &Path) -> Result<Access, Failure> {
        self.outside(folder)?;
        Ok(Access {
            disk: Arc::new(Real),
            ring: self.ring(folder),
            master: self.master()?,
            entropy: Box::new(entropy),
        })
    }

    /// Opens the ledger in `folder`.
    pub fn open(&self, folder: &Path) -> Result<Ledger, Failure> {
        Ledger::open(folder, self.access(folder)?).map_err(|e| Failure::unavailable(e.to_string()))
    }

    /// Refuses a key ring inside the ledger's folder, the one named or a copy that lies about there: whoever copies the
    /// folder would hold the keys with it, and erasing a person would erase nothing.
    pub fn outside(&self, folder: &Path) -> Result<(), Failure> {
        let ring = self.ring(folder);
        if real(&ring).starts_with(real(folder)) {
            return Err(Failure::usage(format!(
                "the key ring must lie outside the ledger, or erasure is none; move it out and name it with --keys, or \
                 leave --keys away for {}: {}",
                beside(folder).display(),
                ring.display()
            )));
        }
        let stray = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        match stray.filter(|path| path.is_file()).find(|path| is_ring(path)) {
            Some(path) => Err(Failure::usage(format!(
                "a key ring lies inside the ledger, where it goes along into every copy and outlives erasure; move it \
                 out or destroy it: {}",
                path.display()
            ))),
            None => Ok(()),
        }
    }

    /// Where the key ring is.
    pub fn ring(&self, folder: &Path) -> PathBuf {
        self.keys.clone().unwrap_or_else(|| beside(folder))
    }

    /// Who holds the master key.
    pub fn master(&self) -> Result<Box<dyn Master>, Failure> {
        if let Some(program) = &self.master_command {
            return Ok(Box::new(CommandMaster(program.clone())));
        }
        let (text, from) = match &self.master {
            Some(path) => {
                let text = std::fs::read_to_string(path).map_err(|e| {
                    Failure::usage(format!("--master cannot be read, {e}: {}", path.display()))
                })?;
                (text, path.display().to_string())
            }
            None => {
                let text = std::env::var(VARIABLE).map_err(|_| {
                    Failure::usage(format!(
                        "no master key: name its file with --master, or set {VARIABLE} to 64 hex digits"
                    ))
                })?;
                (text, VARIABLE.to_owned())
            }
        };
        let master = SoftMaster::parse(&text).map_err(|e| Failure::usage(format!("{e}: {from}")))?;
        Ok(Box::new(master))
    }
}

/// Arguments for reading consents from a ledger.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct KeptArgs {
    /// Consents and withdrawals are those of this ledger; files of them are not read.
    #[arg(long, value_name = "DIR")]
    ledger: Option<PathBuf>,
    /// Only what was on record by then, RFC 3339 or a date in Beijing: what was known on a day.
    #[arg(long, value_name = "TIME", requires = "ledger")]
    known_on: Option<String>,
    #[command(flatten)]
    keys: KeyArgs,
}

impl KeptArgs {
    /// Opens the ledger, if one is named.
    pub fn open(&self) -> Result<Option<Ledger>, Error> {
        let Some(folder) = &self.ledger else { return Ok(None) };
        self.keys.open(folder).map(Some).map_err(|failure| {
            let what = failure.to_string();
            if failure.is_usage() {
                Error::Settings { path: "--ledger".to_owned(), what }
            } else {
                Error::Ledger(what)
            }
        })
    }

    /// What it keeps.
    pub fn kept<'l>(&self, ledger: Option<&'l Ledger>) -> Result<Option<Kept<'l>>, Error> {
        let on = self.known_on.as_deref().map(instant).transpose()?;
        Ok(ledger.map(|ledger| Kept::of(ledger, on)))
    }
}

/// An instant, or the end of a day in Beijing.
fn instant(text: &str) -> Result<Timestamp, Error> {
    let bad = |what: &str| Error::Settings { path: "--known-on".to_owned(), what: format!("{what}: {text}") };
    // Past the last instant that the reader of times below holds, everything is known.
    if text.strip_prefix("9999-12-3").is_some_and(|rest| moment(&format!("9998-12-3{rest}")).is_some()) {
        return Ok(Timestamp::MAX);
    }
    if let Ok(day) = Date::parse(text) {
        return Ok(day.plus_days(1).start().plus_millis(-1));
    }
    moment(text).ok_or_else(|| bad("neither a date nor an RFC 3339 time with a zone"))
}

/// An RFC 3339 time with a zone.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    let instant: jiff::Timestamp = text.parse().ok()?;
    Some(Timestamp::from_millis(instant.as_millisecond()))
}

/// The path without links and dots, as far as it is there.
fn real(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut tail = Vec::new();
    let mut at = path.as_path();
    loop {
        if let Ok(found) = at.canonicalize() {
            return tail.iter().rev().fold(found, |found, name| found.join(name));
        }
        let (Some(above), Some(name)) = (at.parent(), at.file_name()) else { return path };
        tail.push(name.to_owned());
        at = above;
    }
}

/// Does this file hold a key ring, whatever its name?
fn is_ring(path: &Path) -> bool {
    let small = std::fs::metadata(path).is_ok_and(|told| told.len() <= RING_MAX);
    small && std::fs::read_to_string(path).is_ok_and(|text| text.contains(RING))
}

/// `DIR.keys`, beside the folder.
fn beside(folder: &Path) -> PathBuf {
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(".keys");
    folder.with_file_name(name)
}

/// Randomness from the system. A machine that has none can keep no secret: it stops.
pub(crate) fn entropy(bytes: &mut [u8]) {
    if let Err(error) = getrandom::fill(bytes) {
        warn(&format!("anning: the system gives no random numbers: {error}"));
        std::process::exit(70);
    }
}

/// What every key ring says it is.
const RING: &str = "\"anning key ring ";
/// No key ring is longer, in bytes.
const RING_MAX: u64 = 1 << 20;
pub(crate) const VARIABLE: &str = "ANNING_MASTER_KEY";
