//! The one writing of data that is hashed: deterministic CBOR (RFC 8949, 4.2.1) without tags, floats or null.
//!
//! What is read is written again and must be the very bytes that came: lengths are definite, integers shortest,
//! keys sorted and single, and nothing trails.

use std::borrow::Cow;

use minicbor::data::Type;
use minicbor::{Decoder, Encoder};

/// A value that can be written in one way only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Int(i64),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Text.
    Text(Cow<'static, str>),
    /// A list.
    List(Vec<Value>),
    /// Values by name.
    Map(Map),
}

/// A name in a map. Shorter names come first, as their length is written first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(pub Cow<'static, str>);

/// Values by name, each name once, in the order in which they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Map(Vec<(Key, Value)>);

/// Why bytes are no value of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CborError {
    /// They end too early, hold what is not used here, or nest too deep.
    Form,
    /// They could be written shorter, are not in order, or something follows.
    NotCanonical,
    /// Longer than the caller allows.
    TooLong,
}

impl core::fmt::Display for CborError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Form => "bytes end early or are no CBOR of this form",
            Self::NotCanonical => "CBOR is not in its one deterministic form",
            Self::TooLong => "longer than such a thing may be",
        })
    }
}
impl core::error::Error for CborError {}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        (self.0.len(), &self.0).cmp(&(other.0.len(), &other.0))
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Map {
    /// Takes a value; the one that had this name before is given back.
    pub fn insert(&mut self, key: Key, value: Value) -> Option<Value> {
        match self.place(&key) {
            Ok(at) => self.0.get_mut(at).map(|(_, held)| core::mem::replace(held, value)),
            Err(at) => {
                self.0.insert(at, (key, value));
                None
            }
        }
    }

    /// Takes a value out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.place(&Key(Cow::Owned(name.to_owned()))).ok().map(|at| self.0.remove(at).1)
    }

    /// The value of this name.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<&Value> {
        self.place(key).ok().and_then(|at| self.0.get(at)).map(|(_, value)| value)
    }

    /// Names and values in the order in which they are written.
    pub fn iter(&self) -> impl Iterator<Item = (&Key, &Value)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// Number of entries.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Without entries?
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn place(&self, key: &Key) -> Result<usize, usize> {
        self.0.binary_search_by(|(held, _)| held.cmp(key))
    }
}

/// Of two entries of one name the later one stays.
impl FromIterator<(Key, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (Key, Value)>>(entries: I) -> Self {
        let mut entries: Vec<_> = entries.into_iter().collect();
        // Stable, so that the later one of two stands behind the earlier.
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        entries.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                core::mem::swap(later, earlier);
            }
            same
        });
        Self(entries)
    }
}

impl IntoIterator for Map {
    type Item = (Key, Value);
    type IntoIter = std::vec::IntoIter<(Key, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl From<&'static str> for Key {
    fn from(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }
}

impl Value {
    /// A map of these entries; an entry without a value is left out.
    ///
    /// ```
    /// use anning_ledger::Value;
    /// let map = Value::map([("b", Some(Value::Int(1))), ("a", None)]);
    /// assert_eq!(map.to_bytes(), [0xa1, 0x61, b'b', 0x01]);
    /// assert_eq!(Value::from_bytes(&map.to_bytes(), 16), Ok(map));
    /// ```
    #[must_use]
    pub fn map(entries: impl IntoIterator<Item = (&'static str, Option<Self>)>) -> Self {
        let present = entries.into_iter().filter_map(|(key, value)| Some((Key(Cow::Borrowed(key)), value?)));
        Self::Map(present.collect())
    }

    /// A text.
    #[must_use]
    pub fn text(text: impl Into<Cow<'static, str>>) -> Self {
        Self::Text(text.into())
    }

    /// The deterministic bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut encoder = Encoder::new(Vec::new());
        // Writing to memory has no error.
        let _infallible = self.write(&mut encoder);
        encoder.into_writer()
    }

    /// Reads what [`Self::to_bytes`] wrote, of at most `max` bytes.
    ///
    /// # Errors
    /// [`CborError`] when the bytes are too long, of another form, or not the one deterministic form.
    pub fn from_bytes(bytes: &[u8], max: usize) -> Result<Self, CborError> {
        if bytes.len() > max {
            return Err(CborError::TooLong);
        }
        let value = Self::read(&mut Decoder::new(bytes), DEPTH_MAX)?;
        if value.to_bytes() == bytes { Ok(value) } else { Err(CborError::NotCanonical) }
    }

    fn write(
        &self,
        to: &mut Encoder<Vec<u8>>,
    ) -> Result<(), minicbor::encode::Error<core::convert::Infallible>> {
        match self {
            Self::Flag(flag) => to.bool(*flag)?.ok(),
            Self::Int(number) => to.i64(*number)?.ok(),
            Self::Bytes(bytes) => to.bytes(bytes)?.ok(),
            Self::Text(text) => to.str(text)?.ok(),
            Self::List(items) => {
                to.array(items.len() as u64)?;
                items.iter().try_for_each(|item| item.write(to))
            }
            Self::Map(entries) => {
                to.map(entries.len() as u64)?;
                entries.iter().try_for_each(|(key, value)| {
                    to.str(&key.0)?;
                    value.write(to)
                })
            }
        }
    }

    fn read(from: &mut Decoder<'_>, depth: u8) -> Result<Self, CborError> {
        let kind = from.datatype().map_err(form)?;
        let inside = || depth.checked_sub(1).ok_or(CborError::Form);
        #[expect(clippy::wildcard_enum_match_arm, reason = "CBOR's types, of which six are used")]
        match kind {
            Type::Bool => from.bool().map(Self::Flag).map_err(form),
            Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::I8 | Type::I16 | Type::I32 | Type::I64 => {
                from.i64().map(Self::Int).map_err(form)
            }
            Type::Bytes => from.bytes().map(|bytes| Self::Bytes(bytes.to_owned())).map_err(form),
            Type::String => from.str().map(|text| Self::text(text.to_owned())).map_err(form),
            Type::Array => {
                let count = from.array().map_err(form)?.ok_or(CborError::NotCanonical)?;
                let depth = inside()?;
                // The count is a claim: room is made as items come.
                (0..count).map(|_| Self::read(from, depth)).collect::<Result<_, _>>().map(Self::List)
            }
            Type::Map => {
                let count = from.map().map_err(form)?.ok_or(CborError::NotCanonical)?;
                let depth = inside()?;
                let entry = |_| {
                    let key = Key(Cow::Owned(from.str().map_err(form)?.to_owned()));
                    Ok((key, Self::read(from, depth)?))
                };
                (0..count).map(entry).collect::<Result<_, _>>().map(Self::Map)
            }
            _ => Err(CborError::Form),
        }
    }
}

fn form(_: minicbor::decode::Error) -> CborError {
    CborError::Form
}

/// Lists and maps within each other.
const DEPTH_MAX: u8 = 8;

#[cfg(test)]
mod tests {
    use super::{CborError, Value};

    fn check(bytes: &[u8], expected: CborError) {
        assert_eq!(Value::from_bytes(bytes, 64), Err(expected), "{bytes:02x?}");
    }

    #[test]
    fn one_form_only() {
        check(&[], CborError::Form);
        check(&[0x18, 0x01], CborError::NotCanonical); // 1 in two bytes
        check(&[0x01, 0x00], CborError::NotCanonical); // trailing byte
        check(&[0x9f, 0xff], CborError::Form); // a list without a length
        check(&[0xa2, 0x61, b'b', 1, 0x61, b'a', 1], CborError::NotCanonical); // order
        check(&[0xa2, 0x61, b'a', 1, 0x61, b'a', 1], CborError::NotCanonical); // twice
        check(&[0xa1, 0x01, 0x01], CborError::Form); // a key that is no text
        check(&[0xf6], CborError::Form); // null
        check(&[0xc0, 0x60], CborError::Form); // tag
        check(&[0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], CborError::Form);
        check(&[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], CborError::Form);
        check(&[0x62, 0xc3, 0x28], CborError::Form); // no UTF-8
        check(&[0x81; 32], CborError::Form); // too deep
        check(&[0; 65], CborError::TooLong);
    }
}
