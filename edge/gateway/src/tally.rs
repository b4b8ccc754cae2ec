//! What is counted: for metrics, for queries of the protocols, for whoever looks.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::config::Protocol;
use crate::letter::Letter;
use crate::replies::Intent;

/// Counters by name and label. Every label is from a closed set or the configuration, so that there are few.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counters: Mutex<BTreeMap<(&'static str, String), u64>>,
    of_day: Mutex<BTreeMap<String, [u32; 8]>>,
}

impl Tally {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<(&'static str, String), u64>> {
        // Each change is one addition.
        self.counters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, name: &'static str, labels: String, count: u64) {
        *self.lock().entry((name, labels)).or_default() += count;
    }

    /// A login, and how it went.
    pub fn login(&self, protocol: Protocol, how: &'static str) {
        self.add("logins", labels(&[("protocol", protocol.code()), ("result", how)]), 1);
    }

    /// A carrier came to hand over (SGIP), and how its login went.
    pub fn came(&self, upstream: &str, how: &'static str) {
        self.add("carrier_logins", labels(&[("upstream", upstream), ("result", how)]), 1);
    }

    /// A sender was called to be told (SGIP), and how that went.
    pub fn called(&self, account: &str, how: &'static str) {
        self.add("calls", labels(&[("account", account), ("result", how)]), 1);
    }

    /// A request beyond the window.
    pub fn overrun(&self, protocol: Protocol) {
        self.add("overruns", labels(&[("protocol", protocol.code())]), 1);
    }

    /// A letter was handed over.
    pub fn handed(&self, letter: &Letter) {
        let labels = labels(&[("account", &letter.account), ("upstream", &letter.upstream)]);
        self.add("handed_over", labels, 1);
        let mut of_day = self.of_day.lock().unwrap_or_else(PoisonError::into_inner);
        let [messages, users, ..] = of_day.entry(letter.account.to_string()).or_default();
        *messages = messages.saturating_add(1);
        *users = users.saturating_add(1);
    }

    /// A report was told, and taken or not.
    pub fn told(&self, taken: bool) {
        self.add("reports_told", labels(&[("taken", if taken { "true" } else { "false" })]), 1);
    }

    /// The carrier asked to slow down.
    pub fn slowed(&self, upstream: &str) {
        self.add("slowed", labels(&[("upstream", upstream)]), 1);
    }

    /// A reply came.
    pub fn replied(&self, intent: Intent) {
        let intent = match intent {
            Intent::Stop => "stop",
            Intent::StopAll => "stop_all",
            Intent::Start => "start",
            Intent::Nothing => "nothing",
        };
        self.add("replies", labels(&[("intent", intent)]), 1);
    }

    /// Letters were taken back because of a refusal.
    pub fn recalled(&self, count: usize) {
        self.add("recalled", String::new(), u64::try_from(count).unwrap_or(u64::MAX));
    }

    /// A submit, by what became of it.
    pub fn submit(&self, account: &str, result: &'static str) {
        self.add("submits", labels(&[("account", account), ("result", result)]), 1);
    }

    /// A code that could not be put on record, and what became of it.
    pub fn relayed(&self, account: &str, how: &'static str) {
        self.add("relayed", labels(&[("account", account), ("result", how)]), 1);
    }

    /// Something went wrong.
    pub fn trouble(&self, what: &'static str) {
        self.add("troubles", labels(&[("what", what)]), 1);
    }

    /// A day's counts of an account, as CMPP and SMGP ask for them: of this process's life, not of days before.
    pub fn of_day(&self, account: &str) -> [u32; 8] {
        self.of_day.lock().unwrap_or_else(PoisonError::into_inner).get(account).copied().unwrap_or_default()
    }

    /// All counters: name, labels, count.
    pub fn all(&self) -> Vec<(&'static str, String, u64)> {
        self.lock().iter().map(|((name, labels), count)| (*name, labels.clone(), *count)).collect()
    }
}

/// Labels as they are written, escaped.
pub(crate) fn labels(pairs: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (name, value) in pairs {
        if !out.is_empty() {
            out.push(',');
        }
        let _ = write!(out, "{name}=\"");
        for c in value.chars() {
            match c {
                '\\' => out.push_str("\\\\"),
                '"' => out.push_str("\\\""),
                '\n' => out.push_str("\\n"),
                other => out.push(other),
            }
        }
        out.push('"');
    }
    out
}
