//! What the caller decides: key, policy, the day whose law is asked.

use std::path::Path;

use anning_decide::{Policy, QuietHours, Reading};
use anning_vocab::Date;
use serde::Deserialize;

use crate::intake::Error;

/// Settings of one audit.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// House policy.
    pub policy: Policy,
    /// Judge every send by the law of this day ("as if").
    pub law_on: Option<Date>,
    /// Pseudonym key as declared; empty when derived from the input.
    pub pseudonym_key: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    pseudonym_key: String,
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
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(e) => return Err(Error::io(&path, &e)),
        };
        let bad = |what: String| Error::Settings { path: path.display().to_string(), what };
        let file: File = toml::from_str(&text).map_err(|e| bad(e.message().to_owned()))?;
        let mut policy = Policy::default();
        policy.reading = match file.policy.reading.as_deref() {
            None | Some("strict") => Reading::Strict,
            Some("lenient") => Reading::Lenient,
            Some(other) => return Err(bad(format!("reading is neither strict nor lenient: {other}"))),
        };
        policy.quiet_hours = file.policy.quiet_hours.as_deref().map(quiet_hours).transpose().map_err(bad)?;
        policy.cap = file.policy.cap.as_deref().map(crate::read::frequency).transpose().map_err(bad)?;
        Ok(Self { policy, law_on: None, pseudonym_key: file.pseudonym_key })
    }
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
