//! Where keys are: the key ring beside the ledger, the master key in a file, the environment or a device.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anning_audit::{Error, Kept};
use anning_store::disk::Real;
use anning_store::{Access, CommandMaster, Ledger, Master, SoftMaster};
use anning_vocab::{Date, Timestamp};

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
    pub fn access(&self, folder: &Path) -> Result<Access, String> {
        Ok(Access {
            disk: Arc::new(Real),
            ring: self.ring(folder),
            master: self.master()?,
            entropy: Box::new(entropy),
        })
    }

    /// Opens the ledger in `folder`.
    pub fn open(&self, folder: &Path) -> Result<Ledger, String> {
        Ledger::open(folder, self.access(folder)?).map_err(|e| e.to_string())
    }

    /// Where the key ring is.
    pub fn ring(&self, folder: &Path) -> PathBuf {
        self.keys.clone().unwrap_or_else(|| beside(folder))
    }

    /// Who holds the master key.
    pub fn master(&self) -> Result<Box<dyn Master>, String> {
        if let Some(program) = &self.master_command {
            return Ok(Box::new(CommandMaster(program.clone())));
        }
        let (text, from) = match &self.master {
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|e| format!("cannot read the master key {}: {e}", path.display()))?;
                (text, path.display().to_string())
            }
            None => {
                let text = std::env::var(VARIABLE).map_err(|_| {
                    format!("no master key: name its file with --master, or set {VARIABLE} to 64 hex digits")
                })?;
                (text, VARIABLE.to_owned())
            }
        };
        let master = SoftMaster::parse(&text).map_err(|e| format!("{from}: {e}"))?;
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
        self.keys.open(folder).map(Some).map_err(Error::Ledger)
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
    if let Ok(day) = Date::parse(text) {
        return Ok(day.plus_days(1).start().plus_millis(-1));
    }
    let instant: jiff::Timestamp =
        text.parse().map_err(|_| bad("neither a date nor an RFC 3339 time with a zone"))?;
    Ok(Timestamp::from_millis(instant.as_millisecond()))
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
        eprintln!("anning: the system gives no random numbers: {error}");
        std::process::exit(70);
    }
}

const VARIABLE: &str = "ANNING_MASTER_KEY";
