//! The heads and limit blocks of the pack: a strict subset of TOML.
//!
//! Keys, `"strings"`, whole numbers, `true`/`false`, one-line arrays, one-line inline tables and
//! `[[tables]]`. What this reader accepts, every TOML reader accepts with the same meaning (a test
//! compares them on the whole pack); what it does not need, it refuses.

use crate::error::{Error, Place};

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `"text"`.
    Text(String),
    /// `42`, `1_000`.
    Whole(i64),
    /// `true` or `false`.
    Flag(bool),
    /// `[…]`.
    List(Vec<Self>),
    /// `{ … }`.
    Table(Table),
}

/// Keys and values in the order written. Reading takes a key out, so that what is left is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Where it begins.
    pub at: Place,
    entries: Vec<(String, Value, usize)>,
}

/// The keys before any `[[table]]`, and the tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Keys before any table.
    pub top: Table,
    /// `[[name]]` tables in order.
    pub tables: Vec<(String, Table)>,
}

impl Document {
    /// Reads numbered lines.
    ///
    /// # Errors
    /// [`Error::Data`] with the line.
    pub fn read(file: &str, first: usize, lines: &[(usize, &str)]) -> Result<Self, Error> {
        let place = |line| Place { file: file.to_owned(), line };
        let mut document = Self { top: Table { at: place(first), entries: Vec::new() }, tables: Vec::new() };
        for (number, line) in lines {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let at = place(*number);
            if let Some(name) = line.strip_prefix("[[") {
                let name = name.strip_suffix("]]").filter(|n| is_key(n));
                let name =
                    name.ok_or(Error::Data { at: at.clone(), why: "a table header must read [[name]]" })?;
                // TOML takes a name either for a key or for tables.
                if document.top.entries.iter().any(|(key, ..)| key == name) {
                    return Err(Error::Data { at, why: "a key has this name already" });
                }
                document.tables.push((name.to_owned(), Table { at, entries: Vec::new() }));
                continue;
            }
            let mut reader = Reader { rest: line, at };
            let (key, value) = reader.pair(0)?;
            if !reader.rest.is_empty() && !reader.rest.starts_with('#') {
                return Err(reader.fail("nothing may follow the value on its line"));
            }
            let table = document.tables.last_mut().map_or(&mut document.top, |(_, table)| table);
            table.insert(key, value, *number)?;
        }
        Ok(document)
    }
}

impl Table {
    fn insert(&mut self, key: String, value: Value, line: usize) -> Result<(), Error> {
        if self.entries.iter().any(|(k, ..)| *k == key) {
            let at = Place { file: self.at.file.clone(), line };
            return Err(Error::Data { at, why: "a key may stand only once in its table" });
        }
        self.entries.push((key, value, line));
        Ok(())
    }

    /// Keys and values, for comparison with another reader.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.entries.iter().map(|(key, value, _)| (key.as_str(), value))
    }

    fn take(&mut self, key: &str) -> Option<(Value, Place)> {
        let index = self.entries.iter().position(|(k, ..)| k == key)?;
        let (_, value, line) = self.entries.remove(index);
        Some((value, Place { file: self.at.file.clone(), line }))
    }

    /// Takes a string, if the key is there.
    ///
    /// # Errors
    /// [`Error::BadValue`] when it is no string.
    pub fn text(&mut self, key: &str) -> Result<Option<String>, Error> {
        match self.take(key) {
            None => Ok(None),
            Some((Value::Text(text), _)) => Ok(Some(text)),
            Some((Value::Whole(_) | Value::Flag(_) | Value::List(_) | Value::Table(_), at)) => {
                Err(bad(at, key, "a string"))
            }
        }
    }

    /// Takes a string that must be there and not be empty.
    ///
    /// # Errors
    /// [`Error::MissingKey`], [`Error::BadValue`].
    pub fn required(&mut self, key: &'static str) -> Result<String, Error> {
        self.text(key)?
            .filter(|text| !text.is_empty())
            .ok_or_else(|| Error::MissingKey { at: self.at.clone(), key })
    }

    /// Takes a whole number that is not negative, if the key is there.
    ///
    /// # Errors
    /// [`Error::BadValue`].
    pub fn whole(&mut self, key: &str) -> Result<Option<i64>, Error> {
        match self.take(key) {
            None => Ok(None),
            Some((Value::Whole(number), _)) if number >= 0 => Ok(Some(number)),
            Some((
                Value::Whole(_) | Value::Text(_) | Value::Flag(_) | Value::List(_) | Value::Table(_),
                at,
            )) => Err(bad(at, key, "a whole number, not negative")),
        }
    }

    /// Takes a flag; absent is `false`.
    ///
    /// # Errors
    /// [`Error::BadValue`].
    pub fn flag(&mut self, key: &str) -> Result<bool, Error> {
        match self.take(key) {
            None => Ok(false),
            Some((Value::Flag(flag), _)) => Ok(flag),
            Some((Value::Text(_) | Value::Whole(_) | Value::List(_) | Value::Table(_), at)) => {
                Err(bad(at, key, "true or false"))
            }
        }
    }

    /// Takes an inline table, if the key is there.
    ///
    /// # Errors
    /// [`Error::BadValue`].
    pub fn table(&mut self, key: &str) -> Result<Option<Self>, Error> {
        match self.take(key) {
            None => Ok(None),
            Some((Value::Table(table), _)) => Ok(Some(table)),
            Some((Value::Text(_) | Value::Whole(_) | Value::List(_) | Value::Flag(_), at)) => {
                Err(bad(at, key, "a table { … }"))
            }
        }
    }

    /// Takes a list of strings; absent is empty.
    ///
    /// # Errors
    /// [`Error::BadValue`].
    pub fn texts(&mut self, key: &str) -> Result<Vec<String>, Error> {
        let Some((value, at)) = self.take(key) else { return Ok(Vec::new()) };
        let wrong = || bad(at.clone(), key, "a list of strings");
        let Value::List(list) = value else { return Err(wrong()) };
        list.into_iter()
            .map(|item| match item {
                Value::Text(text) => Ok(text),
                Value::Whole(_) | Value::Flag(_) | Value::List(_) | Value::Table(_) => Err(wrong()),
            })
            .collect()
    }

    /// Nothing may be left unread.
    ///
    /// # Errors
    /// [`Error::UnknownKey`].
    pub fn finish(self) -> Result<(), Error> {
        match self.entries.into_iter().next() {
            None => Ok(()),
            Some((key, _, line)) => Err(Error::UnknownKey { at: Place { file: self.at.file, line }, key }),
        }
    }
}

fn bad(at: Place, key: &str, wanted: &'static str) -> Error {
    Error::BadValue { at, key: key.to_owned(), wanted }
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

struct Reader<'t> {
    rest: &'t str,
    at: Place,
}

impl<'t> Reader<'t> {
    fn fail(&self, why: &'static str) -> Error {
        Error::Data { at: self.at.clone(), why }
    }

    fn skip(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    fn eat(&mut self, token: char) -> bool {
        self.skip();
        let Some(rest) = self.rest.strip_prefix(token) else { return false };
        self.rest = rest;
        self.skip();
        true
    }

    fn pair(&mut self, depth: u8) -> Result<(String, Value), Error> {
        self.skip();
        let end = self.rest.find(['=', ' ', '\t']).unwrap_or(self.rest.len());
        let (key, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        if !is_key(key) {
            return Err(self.fail("a line must read `key = value`, the key in a-z, 0-9 and _"));
        }
        self.rest = rest;
        if !self.eat('=') {
            return Err(self.fail("a line must read `key = value`"));
        }
        Ok((key.to_owned(), self.value(depth)?))
    }

    fn value(&mut self, depth: u8) -> Result<Value, Error> {
        if depth > DEPTH_MAX {
            return Err(self.fail("values are nested too deeply"));
        }
        self.skip();
        let value = if let Some(rest) = self.rest.strip_prefix('"') {
            self.rest = rest;
            Value::Text(self.string()?)
        } else if self.eat('[') {
            Value::List(self.list(depth)?)
        } else if self.eat('{') {
            Value::Table(self.inline(depth)?)
        } else {
            self.bare()?
        };
        self.skip();
        Ok(value)
    }

    fn string(&mut self) -> Result<String, Error> {
        let mut text = String::new();
        let mut chars = self.rest.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.rest = self.rest.get(at + 1..).unwrap_or("");
                    return Ok(text);
                }
                '\\' => match chars.next() {
                    Some((_, escaped @ ('"' | '\\'))) => text.push(escaped),
                    _ => return Err(self.fail("only \\\" and \\\\ may be escaped")),
                },
                c if c.is_control() => return Err(self.fail("a string may not hold control characters")),
                c => text.push(c),
            }
        }
        Err(self.fail("string is not closed"))
    }

    fn list(&mut self, depth: u8) -> Result<Vec<Value>, Error> {
        let mut list = Vec::new();
        while !self.eat(']') {
            list.push(self.value(depth + 1)?);
            if !self.eat(',') && !self.rest.starts_with(']') {
                return Err(self.fail("list must read [a, b, c] on one line"));
            }
        }
        Ok(list)
    }

    fn inline(&mut self, depth: u8) -> Result<Table, Error> {
        let mut table = Table { at: self.at.clone(), entries: Vec::new() };
        if self.eat('}') {
            return Ok(table);
        }
        loop {
            let (key, value) = self.pair(depth + 1)?;
            table.insert(key, value, self.at.line)?;
            if self.eat('}') {
                return Ok(table);
            }
            if !self.eat(',') {
                return Err(self.fail("table must read { key = value, … } on one line"));
            }
        }
    }

    fn bare(&mut self) -> Result<Value, Error> {
        let end = self.rest.find([',', ']', '}', ' ', '\t', '#']).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        let value = match word {
            "true" => Value::Flag(true),
            "false" => Value::Flag(false),
            _ => Value::Whole(whole(word).ok_or_else(|| {
                self.fail("value must be \"text\", a whole number, true, false, a list or a table")
            })?),
        };
        self.rest = rest;
        Ok(value)
    }
}

/// `1_000`, `-5`, `0`; no leading zeros, no doubled or outer underscores, as in TOML.
fn whole(word: &str) -> Option<i64> {
    let digits = word.strip_prefix('-').unwrap_or(word);
    let fine = digits.split('_').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    if !fine || (digits.len() > 1 && digits.starts_with('0')) {
        return None;
    }
    word.replace('_', "").parse().ok()
}

const DEPTH_MAX: u8 = 8;
