//! The closed words of `vocab` as text in JSON: their code, and nothing else is accepted on reading.

use anning_vocab::{Answer, Caveat, Channel, Class, ContentKind, Grade, Ground, Mark, Role};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A closed word list with a code for each member.
pub trait Word: Copy + Ord {
    /// The code used in files.
    fn word(self) -> &'static str;
    /// The member with this code.
    fn of_word(code: &str) -> Option<Self>;
}

macro_rules! word_of {
    ($($list:ty),* $(,)?) => {$(
        impl Word for $list {
            fn word(self) -> &'static str { self.code() }
            fn of_word(code: &str) -> Option<Self> { Self::from_code(code) }
        }
    )*};
}
word_of!(Answer, Caveat, Channel, Class, ContentKind, Grade, Ground, Mark, Role);

/// A word that is written as its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code<T>(pub T);

impl<T: Word> Serialize for Code<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.word())
    }
}

impl<'de, T: Word> Deserialize<'de> for Code<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        T::of_word(&code).map(Self).ok_or_else(|| D::Error::custom(format!("unknown word: {code}")))
    }
}

impl<T> From<T> for Code<T> {
    fn from(word: T) -> Self {
        Self(word)
    }
}
