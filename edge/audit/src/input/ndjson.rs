//! NDJSON: one object a line, its keys the columns.

use std::collections::HashMap;
use std::fmt;

use memchr::memchr;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::cells::Cells;
use super::encoding::Text;
use super::frame::Span;
use super::plan::Matched;
use super::reject::Fault;
use super::split::{RECORD_MAX, line_len};

/// Which keys are read, and the place of each in a row.
pub(crate) struct Layout {
    places: HashMap<String, usize>,
    width: usize,
}

impl Layout {
    pub(crate) fn new(headers: &[String], matched: &Matched) -> Self {
        let places = matched
            .headers
            .iter()
            .enumerate()
            .filter_map(|(place, header)| headers.get(*header).map(|h| (h.clone(), place)))
            .collect();
        Self { places, width: matched.headers.len() }
    }
}

/// Every key in the first objects, in the order in which they appear.
pub(crate) fn headers(text: &str) -> Vec<String> {
    let mut headers: Vec<String> = Vec::new();
    for line in text.lines().take(SAMPLE_LINES) {
        let Ok(Keys(keys)) = serde_json::from_str(line) else { continue };
        for key in keys {
            if !headers.contains(&key) {
                headers.push(key);
            }
        }
    }
    headers
}

/// Reads the objects of a unit, which begins at the start of a line and ends at the end of one.
pub(crate) fn cells(text: Text, layout: &Layout) -> Cells {
    let mut out = Cells { width: layout.width, ..Cells::default() };
    let (mut start, mut line) = (0, 0_u32);
    let mut arena = String::with_capacity(text.bytes.len());
    let mut row: Vec<Span> = Vec::new();
    while start < text.bytes.len() {
        let rest = text.bytes.get(start..).unwrap_or_default();
        let len = line_len(rest);
        let bytes = rest.get(..len).unwrap_or_default();
        let range = start..start + len;
        start = range.end;
        if !bytes.iter().all(u8::is_ascii_whitespace) {
            let kept = arena.len();
            let fault =
                text.fault(&range, bytes).or_else(|| object(bytes, layout, &mut arena, &mut row).err());
            match fault {
                Some(fault) => {
                    arena.truncate(kept);
                    out.faults.push((line, fault));
                }
                None => {
                    out.spans.extend_from_slice(&row);
                    out.lines.push(line);
                }
            }
        }
        line = line.saturating_add(1);
    }
    out.arena = arena;
    out
}

/// Reads one object into a row of spans.
fn object(line: &[u8], layout: &Layout, arena: &mut String, row: &mut Vec<Span>) -> Result<(), Fault> {
    let excerpt = || String::from_utf8_lossy(line.get(..line.len().min(EXCERPT_BYTES)).unwrap_or_default());
    if line.len() > RECORD_MAX {
        return Err(Fault::of_row(super::csv::TOO_LONG, &excerpt()));
    }
    if memchr(0, line).is_some() {
        return Err(Fault::of_row(super::csv::NUL, &excerpt()));
    }
    let text = std::str::from_utf8(line).map_err(|_| Fault::of_row("not UTF-8", &excerpt()))?;
    row.clear();
    row.resize(layout.width, (0, 0));
    let mut json = serde_json::Deserializer::from_str(text);
    let seed = Object { layout, arena, row };
    let read = seed.deserialize(&mut json).and_then(|()| json.end());
    read.map_err(|error| {
        // Only the kind: the parser's own words may quote the cell.
        let reason = match error.classify() {
            serde_json::error::Category::Data => {
                error.to_string().split(" at line").next().unwrap_or("").to_owned()
            }
            serde_json::error::Category::Eof => "not a JSON object: the line ends too early".to_owned(),
            serde_json::error::Category::Syntax | serde_json::error::Category::Io => {
                format!("not a JSON object: error at character {}", error.column())
            }
        };
        Fault::of_row(reason, &excerpt())
    })
}

/// Reads an object's cells.
struct Object<'a> {
    layout: &'a Layout,
    arena: &'a mut String,
    row: &'a mut [Span],
}

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = 0_u128;
        while let Some(place) = map.next_key_seed(Key(self.layout))? {
            let Some(place) = place else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let bit = 1_u128.checked_shl(u32::try_from(place).unwrap_or(u32::MAX)).unwrap_or(0);
            if seen & bit != 0 {
                return Err(serde::de::Error::custom("a key stands twice"));
            }
            seen |= bit;
            let start = self.arena.len();
            map.next_value_seed(Value { arena: self.arena, depth: 0 })?;
            if let Some(span) = self.row.get_mut(place) {
                let at = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
                *span = (at(start), at(self.arena.len()));
            }
        }
        Ok(())
    }
}

/// The place of a key, if it is read.
struct Key<'a>(&'a Layout);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.places.get(key).copied())
    }
}

/// Writes a value as the text that CSV would have: lists with `|`, flags as yes and no, null as nothing.
struct Value<'a> {
    arena: &'a mut String,
    depth: u8,
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, number, flag, null or a list of texts")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        self.arena.push_str(text);
        Ok(())
    }

    fn visit_bool<E: serde::de::Error>(self, flag: bool) -> Result<(), E> {
        self.visit_str(if flag { "yes" } else { "no" })
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<(), E> {
        self.visit_str(&number.to_string())
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<(), E> {
        self.visit_str(&number.to_string())
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<(), E> {
        self.visit_str(&super::frame::written_float(number))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        if self.depth > 0 {
            return Err(serde::de::Error::custom("a list within a list"));
        }
        let start = self.arena.len();
        loop {
            let before = self.arena.len();
            if before > start {
                self.arena.push('|');
            }
            if list.next_element_seed(Value { arena: self.arena, depth: 1 })?.is_none() {
                self.arena.truncate(before);
                return Ok(());
            }
        }
    }
}

/// Only the keys of an object.
struct Keys(Vec<String>);

impl<'de> serde::Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Keys;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
                let mut keys = Vec::new();
                while let Some(key) = map.next_key::<String>()? {
                    map.next_value::<IgnoredAny>()?;
                    keys.push(key);
                }
                Ok(Keys(keys))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

/// Objects looked at to learn the keys.
const SAMPLE_LINES: usize = 200;
const EXCERPT_BYTES: usize = 512;
