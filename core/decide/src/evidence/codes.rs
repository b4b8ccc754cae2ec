//! Codes of house policy in evidence.

use crate::house::{Account, Mode, Reading};

pub(super) const MODES: [(Mode, &str); 2] = [(Mode::Shadow, "shadow"), (Mode::Enforce, "enforce")];
pub(super) const READINGS: [(Reading, &str); 2] =
    [(Reading::Strict, "strict"), (Reading::Lenient, "lenient")];
pub(super) const ACCOUNTS: [(Account, &str); 2] =
    [(Account::Service, "service"), (Account::Commercial, "commercial")];

/// The code of a word.
pub(super) fn code_of<T: PartialEq>(list: &[(T, &'static str)], word: &T) -> &'static str {
    list.iter().find(|(known, _)| known == word).map_or("", |(_, code)| code)
}

/// The word of a code.
pub(super) fn word_of<T: Copy>(list: &[(T, &str)], code: &str) -> Option<T> {
    list.iter().find(|(_, known)| *known == code).map(|(word, _)| *word)
}
