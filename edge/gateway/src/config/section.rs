//! One table of the configuration, read key by key: every fault is gathered, whatever else is wrong.

use std::cell::RefCell;
use std::ops::RangeInclusive;

use anning_vocab::{Date, Interval};

/// What is wrong with one key, and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where, such as `account[2].mode`; tables of a list count from 1.
    pub key: String,
    /// What is wrong, and what may stand there.
    pub what: String,
    /// What stands there; empty for a secret, and where nothing does.
    pub value: String,
    /// It works all the same, and ought to be otherwise.
    pub warning: bool,
}

impl core::fmt::Display for Fault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self { key, what, value, .. } = self;
        if value.is_empty() { write!(f, "{key}: {what}") } else { write!(f, "{key}: {what}: {value}") }
    }
}

/// The faults of a whole file.
pub(super) type Faults = RefCell<Vec<Fault>>;

/// One table, and which of its keys were asked for.
pub(super) struct Section<'f> {
    path: String,
    table: toml::Table,
    known: Vec<&'static str>,
    faults: &'f Faults,
}

impl<'f> Section<'f> {
    pub fn new(path: &str, table: toml::Table, faults: &'f Faults) -> Self {
        Self { path: path.to_owned(), table, known: Vec::new(), faults }
    }

    /// Records a fault of one key.
    pub fn fault(&self, key: &str, what: impl Into<String>, value: impl Into<String>) {
        self.tell(key, what.into(), value.into(), false);
    }

    /// Was a fault found here already, or under this key? What follows from it need not be told as well.
    pub fn is_faulty(&self, key: &str) -> bool {
        let dot = if self.path.is_empty() || key.is_empty() { "" } else { "." };
        let begins = format!("{}{dot}{key}", self.path);
        self.faults.borrow().iter().any(|fault| !fault.warning && fault.key.starts_with(&begins))
    }

    /// Records what ought to be otherwise.
    pub fn warn(&self, key: &str, what: impl Into<String>, value: impl Into<String>) {
        self.tell(key, what.into(), value.into(), true);
    }

    fn tell(&self, key: &str, what: String, mut value: String, warning: bool) {
        let dot = if self.path.is_empty() || key.is_empty() { "" } else { "." };
        // A secret in the wrong form is a secret all the same, and a list or table may hold one.
        if key.ends_with("secret") || value.starts_with(['[', '{']) {
            value.clear();
        }
        if let Some((cut, _)) = value.char_indices().nth(VALUE_MAX) {
            value.truncate(cut);
        }
        self.faults.borrow_mut().push(Fault {
            key: format!("{}{dot}{key}", self.path),
            what,
            value,
            warning,
        });
    }

    fn take(&mut self, key: &'static str) -> Option<toml::Value> {
        self.known.push(key);
        self.table.remove(key)
    }

    /// A text that may be missing; an empty one is a fault.
    pub fn maybe_text(&mut self, key: &'static str) -> Option<String> {
        let value = self.take(key)?;
        // A day may be written without quotes.
        let text = value.as_str().map(str::to_owned).or_else(|| value.as_datetime().map(ToString::to_string));
        match &text {
            Some(text) if text.trim().is_empty() => {
                self.fault(key, "empty; leave the key out or name something", "");
                return None;
            }
            Some(_) => {}
            None => {
                let what = format!("must be a text in quotes, not {}", value.type_str());
                self.fault(key, what, value.to_string());
            }
        }
        text
    }

    /// A text that must be there.
    pub fn text(&mut self, key: &'static str) -> Option<String> {
        if !self.table.contains_key(key) {
            self.known.push(key);
            self.fault(key, "missing; it must be given", "");
            return None;
        }
        self.maybe_text(key)
    }

    /// A text in a form of its own, if it is there; what is wrong with it is said with the form.
    pub fn parsed<T>(
        &mut self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
        form: &str,
    ) -> Option<T> {
        let text = self.maybe_text(key)?;
        let parsed = parse(text.trim());
        if parsed.is_none() {
            self.fault(key, format!("must be {form}"), text);
        }
        parsed
    }

    /// One word of a closed list; `usual` where the key is not there.
    pub fn word<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)], usual: T) -> T {
        let allowed: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let form = format!("one of: {}", allowed.join(" "));
        let find = |text: &str| words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
        self.parsed(key, find, &form).unwrap_or(usual)
    }

    /// A word of a list of the vocabulary, if it is there.
    pub fn code<T>(
        &mut self,
        key: &'static str,
        of: impl FnOnce(&str) -> Option<T>,
        allowed: &[&str],
    ) -> Option<T> {
        self.parsed(key, of, &format!("one of: {}", allowed.join(" ")))
    }

    /// A whole number within bounds; `usual` where the key is not there.
    pub fn number(&mut self, key: &'static str, bounds: RangeInclusive<i64>, usual: i64) -> i64 {
        let form = || format!("must be a whole number from {} to {}", bounds.start(), bounds.end());
        match self.take(key) {
            None => usual,
            Some(toml::Value::Integer(n)) if bounds.contains(&n) => n,
            Some(other) => {
                self.fault(key, form(), other.to_string());
                usual
            }
        }
    }

    /// Yes, no, or not said.
    pub fn flag(&mut self, key: &'static str) -> Option<bool> {
        let value = self.take(key)?;
        let flag = value.as_bool();
        if flag.is_none() {
            self.fault(key, "must be true or false", value.to_string());
        }
        flag
    }

    /// Texts; none where the key is not there.
    pub fn list(&mut self, key: &'static str) -> Vec<String> {
        let items = match self.take(key) {
            None => return Vec::new(),
            Some(toml::Value::Array(items)) => items,
            Some(other) => {
                self.fault(key, "must be a list of texts, such as [\"one\", \"two\"]", other.to_string());
                return Vec::new();
            }
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            match item.as_str().map(str::trim).filter(|text| !text.is_empty()) {
                Some(text) => texts.push(text.to_owned()),
                None => self.fault(key, "every entry must be a text that is not empty", item.to_string()),
            }
        }
        texts
    }

    /// Texts in a form of their own; those in another are faults.
    pub fn parsed_list<T>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&str) -> Option<T>,
        form: &str,
    ) -> Vec<T> {
        let mut all = Vec::new();
        for text in self.list(key) {
            match parse(&text) {
                Some(parsed) => all.push(parsed),
                None => self.fault(key, format!("every entry must be {form}"), text),
            }
        }
        all
    }

    /// `from` and `until`, both days included.
    pub fn interval(&mut self) -> Option<Interval> {
        let day = |text: &str| Date::parse(text).ok();
        if !self.table.contains_key("from") {
            self.known.push("from");
            self.fault("from", "missing; the first day on which it holds, such as 2024-05-01", "");
        }
        let from = self.parsed("from", day, DAY);
        let until = self.parsed("until", day, DAY);
        let from = from?;
        if let Some(until) = until.filter(|until| *until < from) {
            self.fault("until", format!("ends before it begins on {from}"), until.to_string());
        }
        Some(Interval { from, until })
    }

    /// A table inside this one; an empty one where it is not there.
    pub fn section(&mut self, key: &'static str) -> Self {
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        let table = match self.take(key) {
            None => toml::Table::new(),
            Some(toml::Value::Table(table)) => table,
            Some(other) => {
                self.fault(key, format!("must be a table [{path}]"), other.to_string());
                toml::Table::new()
            }
        };
        Section::new(&path, table, self.faults)
    }

    /// The tables of a list `[[key]]`.
    pub fn sections(&mut self, key: &'static str) -> Vec<Self> {
        let items = match self.take(key) {
            None => return Vec::new(),
            Some(toml::Value::Array(items)) => items,
            Some(other) => {
                self.fault(key, format!("must be tables, each under [[{key}]]"), other.to_string());
                return Vec::new();
            }
        };
        let mut all = Vec::with_capacity(items.len());
        for (number, item) in (1..).zip(items) {
            let path = format!("{key}[{number}]");
            match item.as_table() {
                Some(table) => all.push(Section::new(&path, table.clone(), self.faults)),
                None => self.fault(key, format!("must be tables, each under [[{key}]]"), item.to_string()),
            }
        }
        all
    }

    /// Is this key there?
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Nothing else may stand here.
    pub fn end(self) {
        for (key, value) in &self.table {
            // The value of a misspelt key may be a secret.
            let value = if key.contains("secret") || key.contains("password") {
                String::new()
            } else {
                value.to_string()
            };
            let what = match near(key, &self.known) {
                Some(meant) => format!("unknown key; is `{meant}` meant"),
                None => format!("unknown key; known here: {}", self.known.join(" ")),
            };
            self.fault(key, what, value);
        }
    }
}

/// The known key that differs from this one by a letter or two.
fn near<'k>(key: &str, known: &[&'k str]) -> Option<&'k str> {
    let distance = |other: &str| {
        let (a, b): (Vec<char>, Vec<char>) = (key.chars().collect(), other.chars().collect());
        let mut row: Vec<usize> = (0..=b.len()).collect();
        for (i, x) in a.iter().enumerate() {
            let mut next = vec![i + 1];
            for (pair, y) in row.windows(2).zip(&b) {
                let (diagonal, above) =
                    (pair.first().copied().unwrap_or(0), pair.last().copied().unwrap_or(0));
                let left = next.last().copied().unwrap_or(0);
                next.push((diagonal + usize::from(x != y)).min(above + 1).min(left + 1));
            }
            row = next;
        }
        row.last().copied().unwrap_or(usize::MAX)
    };
    known.iter().map(|k| (distance(k), *k)).filter(|(d, _)| *d <= 2).min().map(|(_, k)| k)
}

/// How a day is written.
const DAY: &str = "a day such as 2024-05-01";
/// Characters of a value that a fault shows.
const VALUE_MAX: usize = 80;
