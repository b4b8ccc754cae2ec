//! Walks JSON without building anything: bounds are held before the first value is made, and an offset becomes a path.

use crate::Error;

/// Holds the bounds that do not depend on names: nesting, length of texts, items of one list, values in all.
///
/// What is no JSON passes here and is refused by the parser.
///
/// # Errors
/// [`Error::TooDeep`], [`Error::TooLong`], [`Error::TooMany`].
pub(super) fn hold_bounds(bytes: &[u8]) -> Result<(), Error> {
    Walk::new(bytes).run(bytes.len()).map(|_| ())
}

/// The path of the value at a line and column (both from 1) as the parser counts them.
pub(super) fn path_at(bytes: &[u8], line: usize, column: usize) -> String {
    let before: usize =
        bytes.split_inclusive(|b| *b == b'\n').take(line.saturating_sub(1)).map(<[u8]>::len).sum();
    let end = before.saturating_add(column.saturating_sub(1)).min(bytes.len());
    let mut walk = Walk::new(bytes);
    // Bounds were held before: what is left is the path.
    let _: Result<_, Error> = walk.run(end);
    walk.path()
}

struct Walk<'b> {
    bytes: &'b [u8],
    at: usize,
    steps: Vec<Step<'b>>,
    values: usize,
}

enum Step<'b> {
    /// Inside an object, at this name; `true` while the name is yet to come.
    Name(&'b [u8], bool),
    /// Inside a list, at this index.
    Index(usize),
}

impl<'b> Walk<'b> {
    fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0, steps: Vec::with_capacity(DEPTH_MAX), values: 0 }
    }

    fn run(&mut self, end: usize) -> Result<(), Error> {
        while self.at < end {
            let Some(byte) = self.bytes.get(self.at) else { return Ok(()) };
            match byte {
                b'"' => {
                    self.text(end)?;
                    continue;
                }
                b'{' => self.enter(Step::Name(&[], true))?,
                b'[' => self.enter(Step::Index(0))?,
                b'}' | b']' => {
                    self.steps.pop();
                }
                b',' => self.next()?,
                b':' => {
                    if let Some(Step::Name(_, waiting)) = self.steps.last_mut() {
                        *waiting = false;
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
        Ok(())
    }

    fn enter(&mut self, step: Step<'b>) -> Result<(), Error> {
        if self.steps.len() >= DEPTH_MAX {
            return Err(Error::TooDeep { path: self.path(), max: DEPTH_MAX });
        }
        self.steps.push(step);
        self.count()
    }

    fn next(&mut self) -> Result<(), Error> {
        if let Some(Step::Index(index)) = self.steps.last_mut() {
            *index += 1;
            if *index >= LIST_MAX {
                return Err(Error::TooMany { path: self.path(), what: "items", max: LIST_MAX });
            }
        } else if let Some(Step::Name(_, waiting)) = self.steps.last_mut() {
            *waiting = true;
        }
        self.count()
    }

    fn count(&mut self) -> Result<(), Error> {
        self.values += 1;
        if self.values > VALUES_MAX {
            return Err(Error::TooMany { path: self.path(), what: "values in all", max: VALUES_MAX });
        }
        Ok(())
    }

    /// Passes over a text; a name is kept as a step.
    fn text(&mut self, end: usize) -> Result<(), Error> {
        let from = self.at + 1;
        let mut to = from;
        loop {
            match self.bytes.get(to) {
                None => break,
                Some(b'"') => break,
                Some(b'\\') => to += 2,
                Some(_) => to += 1,
            }
        }
        let words = self.bytes.get(from..to.min(self.bytes.len())).unwrap_or(&[]);
        if let Some(Step::Name(name, true)) = self.steps.last_mut() {
            *name = words;
        }
        if words.len() > TEXT_MAX && end == self.bytes.len() {
            return Err(Error::TooLong { path: self.path(), bytes: words.len(), max: TEXT_MAX });
        }
        self.at = to.saturating_add(1);
        Ok(())
    }

    fn path(&self) -> String {
        let mut path = String::from("$");
        for step in &self.steps {
            match step {
                Step::Name([], _) => {}
                Step::Name(name, _) => {
                    path.push('.');
                    // Names of the format are plain; whatever else stands here is shown without its tricks.
                    let plain = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
                    path.extend(
                        name.iter().take(NAME_SHOWN).map(|b| if plain(b) { char::from(*b) } else { '?' }),
                    );
                }
                Step::Index(index) => {
                    path.push('[');
                    path.push_str(&index.to_string());
                    path.push(']');
                }
            }
        }
        path
    }
}

/// `$.states[].texts[].runs[].style.colour[]` is seven within each other; some room for later versions.
const DEPTH_MAX: usize = 12;
/// Items of one list.
pub(super) const LIST_MAX: usize = 20_001;
/// Bytes of one text as written, escapes included.
pub(super) const TEXT_MAX: usize = 262_144;
/// Values of one record: what the parser makes of them stays below a few hundred MiB.
const VALUES_MAX: usize = 4_000_000;
const NAME_SHOWN: usize = 64;

#[cfg(test)]
mod tests {
    use super::{hold_bounds, path_at};

    #[test]
    fn paths_are_found_by_line_and_column() {
        for (json, line, column, path) in [
            (r#"{"a":[1,{"b":x}]}"#, 1, 14, "$.a[1].b"),
            ("{\n \"states\": [\n  {\"id\": -1}]}", 3, 10, "$.states[0].id"),
            (r#"{"a":"}]","c":!}"#, 1, 15, "$.c"),
            (r#"{"a\"b":!}"#, 1, 9, "$.a??b"),
            ("", 1, 1, "$"),
            ("x", 9, 9, "$"),
        ] {
            assert_eq!(path_at(json.as_bytes(), line, column), path, "{json}");
        }
    }

    #[test]
    fn bounds_are_held_with_their_place() {
        let check = |json: String, says: &str| {
            let error = hold_bounds(json.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        };
        check(format!("{{\"a\":{}", "[".repeat(100)), "$.a[0][0][0][0][0][0][0][0][0][0][0]: nested");
        check(format!("[{}0]", "0,".repeat(30_000)), "too many items");
        check(format!("{{\"note\":\"{}\"}}", "x".repeat(300_000)), "$.note: a text");
        // An open text, an escape at the end: the parser's business, and no loop without end.
        for open in ["\"", "\"\\", "{\"a\":\"\\", "[[[", "]]]", ",,,:::"] {
            assert_eq!(hold_bounds(open.as_bytes()), Ok(()), "{open}");
        }
    }
}
