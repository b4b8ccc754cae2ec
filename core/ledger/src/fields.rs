//! Reads the entries of a map, each once, and says which one is wrong or too many.

use crate::cbor::{CborError, Map, Value};

/// Why an entry cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldError {
    /// Not in its deterministic form.
    Cbor(CborError),
    /// Of another type, or no such code, or a code that is written by leaving it out.
    Wrong(&'static str),
    /// Must be there.
    Missing(&'static str),
    /// Not known here.
    Unknown(String),
    /// A number that no name is known for.
    Unnamed(&'static str),
}

impl core::fmt::Display for FieldError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Cbor(error) => error.fmt(f),
            Self::Wrong(name) => write!(f, "value is not one that may stand in: {name}"),
            Self::Missing(name) => write!(f, "entry is missing: {name}"),
            Self::Unknown(name) => write!(f, "no such entry is known: {}", name.escape_debug()),
            Self::Unnamed(name) => write!(f, "no name is known for the id in: {name}"),
        }
    }
}
impl core::error::Error for FieldError {}

impl From<CborError> for FieldError {
    fn from(error: CborError) -> Self {
        Self::Cbor(error)
    }
}

/// The entries of a map that were not read yet.
#[derive(Debug)]
pub struct Fields(Map);

impl Fields {
    /// The entries of a value that must be a map.
    ///
    /// # Errors
    /// [`FieldError::Wrong`] with `name` when it is none.
    pub fn of(name: &'static str, value: Value) -> Result<Self, FieldError> {
        match value {
            Value::Map(entries) => Ok(Self(entries)),
            Value::Flag(_) | Value::Int(_) | Value::Bytes(_) | Value::Text(_) | Value::List(_) => {
                Err(FieldError::Wrong(name))
            }
        }
    }

    /// Takes an entry that may be absent and reads it.
    ///
    /// # Errors
    /// [`FieldError::Wrong`] when it is there and `read` knows nothing of the kind.
    pub fn maybe<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Value) -> Option<T>,
    ) -> Result<Option<T>, FieldError> {
        match self.0.remove(name) {
            None => Ok(None),
            Some(value) => read(value).map(Some).ok_or(FieldError::Wrong(name)),
        }
    }

    /// Takes an entry that must be there.
    ///
    /// # Errors
    /// As [`Self::maybe`], and [`FieldError::Missing`].
    pub fn must<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Value) -> Option<T>,
    ) -> Result<T, FieldError> {
        self.maybe(name, read)?.ok_or(FieldError::Missing(name))
    }

    /// Nothing may be left over.
    ///
    /// # Errors
    /// [`FieldError::Unknown`] names the first entry that nobody read.
    pub fn end(self) -> Result<(), FieldError> {
        self.0.into_iter().next().map_or(Ok(()), |(key, _)| Err(FieldError::Unknown(key.0.into_owned())))
    }
}

impl Value {
    /// The text, if it is one.
    #[must_use]
    pub fn into_text(self) -> Option<String> {
        if let Self::Text(text) = self { Some(text.into_owned()) } else { None }
    }

    /// The number, if it is one that fits.
    #[must_use]
    pub fn into_int<T: TryFrom<i64>>(self) -> Option<T> {
        if let Self::Int(number) = self { T::try_from(number).ok() } else { None }
    }

    /// The flag, if it is one.
    #[must_use]
    pub fn into_flag(self) -> Option<bool> {
        if let Self::Flag(flag) = self { Some(flag) } else { None }
    }

    /// The bytes, if it is such.
    #[must_use]
    pub fn into_byte_string(self) -> Option<Vec<u8>> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    /// The items, if it is a list.
    #[must_use]
    pub fn into_list(self) -> Option<Vec<Self>> {
        if let Self::List(items) = self { Some(items) } else { None }
    }
}
