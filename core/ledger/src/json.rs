//! Values as JSON and back, for people: the same value, but not one writing of it, so nothing is hashed here.

use std::collections::BTreeMap;

use crate::cbor::{Key, Value};

/// Why a text is no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// At which byte.
    pub at: usize,
    /// What is wrong there.
    pub what: &'static str,
}

impl core::fmt::Display for JsonError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}, at byte {}", self.what, self.at)
    }
}
impl core::error::Error for JsonError {}

impl Value {
    /// JSON, indented. Byte strings have no place in JSON and become hex, which is read back as text.
    ///
    /// ```
    /// use anning_ledger::Value;
    /// let map = Value::map([("sent", Some(Value::Flag(true)))]);
    /// assert_eq!(map.to_json(), "{\"sent\": true}");
    /// assert_eq!(Value::from_json(&map.to_json()), Ok(map));
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.show(0, &mut out);
        out
    }

    /// Reads JSON: whole numbers, texts, booleans, lists, and maps in which no name stands twice.
    ///
    /// # Errors
    /// [`JsonError`] says what is wrong and where.
    pub fn from_json(text: &str) -> Result<Self, JsonError> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(DEPTH_MAX)?;
        reader.blank();
        if reader.at == text.len() { Ok(value) } else { Err(reader.wrong("something follows the value")) }
    }

    fn show(&self, indent: usize, out: &mut String) {
        match self {
            Self::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
            Self::Int(number) => out.push_str(&number.to_string()),
            Self::Text(text) => quote(text, out),
            Self::Bytes(bytes) => quote(&bytes.iter().map(|b| format!("{b:02x}")).collect::<String>(), out),
            Self::List(items) => {
                let items = items.iter().map(|item| (None, item));
                block(['[', ']'], items, self.is_short(), indent, out);
            }
            Self::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| (Some(&*key.0), value));
                block(['{', '}'], entries, self.is_short(), indent, out);
            }
        }
    }

    /// Fits on a line: no list or map inside, and little text.
    fn is_short(&self) -> bool {
        let plain = |value: &Self| match value {
            Self::Flag(_) | Self::Int(_) => Some(8),
            Self::Text(text) => Some(text.len() + 4),
            Self::Bytes(_) | Self::List(_) | Self::Map(_) => None,
        };
        let width: Option<usize> = match self {
            Self::List(items) => items.iter().map(plain).sum(),
            Self::Map(entries) => {
                entries.iter().map(|(key, value)| Some(key.0.len() + 4 + plain(value)?)).sum()
            }
            Self::Flag(_) | Self::Int(_) | Self::Bytes(_) | Self::Text(_) => Some(0),
        };
        width.is_some_and(|width| width <= LINE)
    }
}

fn block<'v>(
    [open, close]: [char; 2],
    items: impl Iterator<Item = (Option<&'v str>, &'v Value)>,
    short: bool,
    indent: usize,
    out: &mut String,
) {
    let line = |out: &mut String, indent: usize| {
        out.push('\n');
        out.extend(core::iter::repeat_n(' ', indent));
    };
    out.push(open);
    for (at, (key, value)) in items.enumerate() {
        match (at, short) {
            (0, true) => {}
            (0, false) => line(out, indent + 2),
            (_, true) => out.push_str(", "),
            (_, false) => {
                out.push(',');
                line(out, indent + 2);
            }
        }
        if let Some(key) = key {
            quote(key, out);
            out.push_str(": ");
        }
        value.show(indent + 2, out);
    }
    if !short {
        line(out, indent);
    }
    out.push(close);
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            // Line ends of scripts and the mark of byte order are spelt out, so that nothing is invisible.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                out.push_str(&format!("\\u{:04x}", c as u32));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    const fn wrong(&self, what: &'static str) -> JsonError {
        JsonError { at: self.at, what }
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn blank(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    fn takes(&mut self, word: &str) -> bool {
        let there = self.rest().starts_with(word);
        self.at += if there { word.len() } else { 0 };
        there
    }

    fn value(&mut self, depth: u8) -> Result<Value, JsonError> {
        self.blank();
        if self.takes("true") {
            return Ok(Value::Flag(true));
        }
        if self.takes("false") {
            return Ok(Value::Flag(false));
        }
        let inside = depth.checked_sub(1).ok_or_else(|| self.wrong("nested too deep"));
        match self.rest().bytes().next() {
            Some(b'"') => self.quoted().map(Value::text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'[') => self.list(inside?),
            Some(b'{') => self.map(inside?),
            Some(_) | None => Err(self.wrong("no text, whole number, true, false, list or object")),
        }
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let rest = self.rest();
        let end =
            rest.find(|c: char| !matches!(c, '-' | '+' | '.' | 'e' | 'E' | '0'..='9')).unwrap_or(rest.len());
        let text = rest.get(..end).unwrap_or_default();
        let number: Option<i64> = text.parse().ok();
        // One writing a number: no leading zero, no "-0".
        let number = number.filter(|number| number.to_string() == text);
        let value = number.map(Value::Int).ok_or_else(|| self.wrong("no whole number of 64 bits"));
        self.at += end;
        value
    }

    fn list(&mut self, depth: u8) -> Result<Value, JsonError> {
        let mut items = Vec::new();
        self.at += 1;
        self.blank();
        if self.takes("]") {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth)?);
            self.blank();
            if self.takes("]") {
                return Ok(Value::List(items));
            }
            if !self.takes(",") {
                return Err(self.wrong("neither `,` nor `]` after an item"));
            }
        }
    }

    fn map(&mut self, depth: u8) -> Result<Value, JsonError> {
        // Not a `Map`: names that come in the worst order would be moved again and again.
        let mut entries = BTreeMap::new();
        self.at += 1;
        self.blank();
        if self.takes("}") {
            return Ok(Value::Map(entries.into_iter().collect()));
        }
        loop {
            self.blank();
            let key = Key(self.quoted()?.into());
            self.blank();
            if !self.takes(":") {
                return Err(self.wrong("no `:` after a name"));
            }
            let value = self.value(depth)?;
            if entries.insert(key, value).is_some() {
                return Err(self.wrong("a name stands twice"));
            }
            self.blank();
            if self.takes("}") {
                return Ok(Value::Map(entries.into_iter().collect()));
            }
            if !self.takes(",") {
                return Err(self.wrong("neither `,` nor `}` after an entry"));
            }
        }
    }

    fn quoted(&mut self) -> Result<String, JsonError> {
        if !self.takes("\"") {
            return Err(self.wrong("no quoted text"));
        }
        let mut out = String::new();
        loop {
            let c = self.rest().chars().next().ok_or_else(|| self.wrong("a text without an end"))?;
            self.at += c.len_utf8();
            match c {
                '"' => return Ok(out),
                '\\' => out.push(self.escaped()?),
                '\0'..='\x1f' => return Err(self.wrong("a control character in a text")),
                c => out.push(c),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, JsonError> {
        let c = self.rest().chars().next().ok_or_else(|| self.wrong("a text without an end"))?;
        self.at += c.len_utf8();
        match c {
            '"' | '\\' | '/' => Ok(c),
            'b' => Ok('\u{8}'),
            'f' => Ok('\u{c}'),
            'n' => Ok('\n'),
            'r' => Ok('\r'),
            't' => Ok('\t'),
            'u' => {
                let unit = self.unit()?;
                let code = match unit {
                    0xd800..=0xdbff if self.takes("\\u") => {
                        let low = self.unit()?.checked_sub(0xdc00).filter(|low| *low < 0x400);
                        low.map(|low| 0x1_0000 + ((unit - 0xd800) << 10) + low)
                    }
                    unit => Some(unit),
                };
                code.and_then(char::from_u32).ok_or_else(|| self.wrong("half of a character"))
            }
            _ => Err(self.wrong("no such escape")),
        }
    }

    fn unit(&mut self) -> Result<u32, JsonError> {
        let digits = self.rest().get(..4).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let unit = unit.ok_or_else(|| self.wrong("no four hex digits"))?;
        self.at += 4;
        Ok(unit)
    }
}

/// Lists and maps within each other.
const DEPTH_MAX: u8 = 8;
/// What stands on one line.
const LINE: usize = 110;

#[cfg(test)]
mod tests {
    use super::Value;
    use proptest::prelude::*;

    fn check(text: &str, at: usize, what: &str) {
        let error = Value::from_json(text).unwrap_err();
        assert_eq!((error.at, error.what), (at, what), "{text}");
    }

    #[test]
    fn what_is_no_value() {
        check("", 0, "no text, whole number, true, false, list or object");
        check("null", 0, "no text, whole number, true, false, list or object");
        check("1.0", 0, "no whole number of 64 bits");
        check("01", 0, "no whole number of 64 bits");
        check("-0", 0, "no whole number of 64 bits");
        check("9223372036854775808", 0, "no whole number of 64 bits");
        check("[1 2]", 3, "neither `,` nor `]` after an item");
        check("[1,]", 3, "no text, whole number, true, false, list or object");
        check("{\"a\":1,\"a\":1}", 12, "a name stands twice");
        check("\"\\ud800x\"", 7, "half of a character");
        check("\"\\udc00\"", 7, "half of a character");
        check("\"a", 2, "a text without an end");
        check("\"\n\"", 2, "a control character in a text");
        check("true x", 5, "something follows the value");
        check(&"[".repeat(9), 8, "nested too deep");
    }

    #[test]
    fn escapes() {
        let read = |text| Value::from_json(text).unwrap();
        assert_eq!(read(r#""\u5b89\ud83d\ude00\/\"\\\b\f\n\r\t""#), Value::text("安😀/\"\\\u{8}\u{c}\n\r\t"));
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::Flag),
            any::<i64>().prop_map(Value::Int),
            any::<String>().prop_map(Value::text),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
                proptest::collection::vec(
                    (any::<String>().prop_map(|name| super::Key(name.into())), inner),
                    0..6
                )
                .prop_map(|entries| Value::Map(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn what_was_written_is_read(value in value()) {
            prop_assert_eq!(Value::from_json(&value.to_json()), Ok(value.clone()));
            prop_assert_eq!(Value::from_bytes(&value.to_bytes(), 1 << 20), Ok(value));
        }
    }
}
