//! What the caller decides: key, policy, the day whose law is asked, what is written.

use std::path::Path;

use anning_decide::{Policy, QuietHours, Reading};
use anning_ledger::VerifierKey;
use anning_vocab::{Date, Frequency, Window};
use serde::Deserialize;

use crate::error::Error;

/// Settings of one audit.
#[derive(Clone, Debug)]
pub struct Settings {
    /// House policy.
    pub policy: Policy,
    /// Judge every send by the law of this day ("as if").
    pub law_on: Option<Date>,
    /// Pseudonym key as declared; empty when it is to be derived from the input.
    pub pseudonym_key: String,
    /// Keys of logs whose seals of page records are believed; none may come from whoever is audited.
    pub logs: Vec<VerifierKey>,
    /// Who is audited, for the head of the report.
    pub subject: Option<String>,
    /// Threads that work.
    pub threads: usize,
    /// Findings hold every send, not only those that something stands against.
    pub all: bool,
    /// Findings also as CSV.
    pub csv: bool,
    /// Evidence shows recipients whole.
    pub reveal: bool,
    /// Bytes of records kept in memory before they go to disk.
    pub memory: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            policy: Policy::default(),
            law_on: None,
            pseudonym_key: String::new(),
            logs: Vec::new(),
            subject: None,
            threads: 1,
            all: false,
            csv: false,
            reveal: false,
            memory: MEMORY,
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    pseudonym_key: String,
    subject: Option<String>,
    log_keys: Vec<String>,
    policy: PolicyFile,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PolicyFile {
    reading: Option<String>,
    quiet_hours: Option<String>,
    cap: Option<String>,
}

impl Settings {
    /// Reads `audit.toml` of an input folder, if there is one.
    ///
    /// # Errors
    /// When it cannot be read or holds a word that is not known.
    pub fn of_folder(folder: &Path) -> Result<Self, Error> {
        let path = folder.join("audit.toml");
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text, &path.display().to_string()),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(e) => Err(Error::io("read", &path, &e)),
        }
    }

    /// Reads the text of an `audit.toml`; `name` stands in messages.
    ///
    /// # Errors
    /// When it holds a word that is not known.
    pub fn parse(text: &str, name: &str) -> Result<Self, Error> {
        let bad = |what: String| Error::Settings { path: name.to_owned(), what };
        let file: File = toml::from_str(text).map_err(|e| bad(e.message().to_owned()))?;
        let mut policy = Policy::default();
        policy.reading = match file.policy.reading.as_deref() {
            None | Some("strict") => Reading::Strict,
            Some("lenient") => Reading::Lenient,
            Some(other) => return Err(bad(format!("reading is neither strict nor lenient: {other}"))),
        };
        policy.quiet_hours = file.policy.quiet_hours.as_deref().map(quiet_hours).transpose().map_err(bad)?;
        policy.cap = file.policy.cap.as_deref().map(frequency).transpose().map_err(bad)?;
        let key = file.pseudonym_key;
        if !key.is_empty() && key.chars().count() < KEY_CHARS {
            return Err(bad(format!("pseudonym_key is shorter than {KEY_CHARS} characters")));
        }
        let logs = file.log_keys.iter().map(|text| log(text)).collect::<Result<_, _>>().map_err(bad)?;
        Ok(Self { policy, pseudonym_key: key, logs, subject: file.subject, ..Self::default() })
    }
}

/// The public key of a log, `NAME+ID+KEY`.
fn log(text: &str) -> Result<VerifierKey, String> {
    let key = VerifierKey::parse(text.trim()).map_err(|e| format!("log_keys: {e}"))?;
    if key.kind().is_cosignature() {
        return Err(format!("log_keys: the key of a witness, not of a log: {}", key.name()));
    }
    Ok(key)
}

/// `21:00-08:00`.
fn quiet_hours(text: &str) -> Result<QuietHours, String> {
    let minute = |clock: &str| {
        let (hour, minute) = clock.trim().split_once(':')?;
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        (hour < 24 && minute < 60).then_some(hour * 60 + minute)
    };
    text.split_once('-')
        .and_then(|(from, to)| Some(QuietHours { from: minute(from)?, to: minute(to)? }))
        .ok_or_else(|| format!("quiet hours are not of the form 21:00-08:00: {text}"))
}

/// `4/week`.
fn frequency(text: &str) -> Result<Frequency, String> {
    let parsed = text.split_once('/').and_then(|(count, window)| {
        Some(Frequency { at_most: count.trim().parse().ok()?, per: Window::from_code(window.trim())? })
    });
    parsed.ok_or_else(|| format!("cap is not of the form 4/week, per day, week, month or year: {text}"))
}

/// Bytes of records in memory: what five million sends take.
const MEMORY: usize = 256 << 20;
/// Shortest key.
const KEY_CHARS: usize = 16;
