//! What a text asks agreement to.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::lexicon::{Hit, Word, hits};
use crate::sentence::{Sentence, sentences};

/// Purposes a text asks agreement to, negation and quotation checked first: “不会发送营销短信” asks for nothing.
#[must_use]
pub fn purposes(text: &str) -> Purposes {
    sentences(text).iter().fold(Purposes::NONE, |all, sentence| all.union(asked(sentence)))
}

/// Purposes a text speaks of, also when it denies them: “我不希望接收营销短信” speaks of marketing.
#[must_use]
pub fn mentioned(text: &str) -> Purposes {
    sentences(text).iter().fold(Purposes::NONE, |all, sentence| {
        let words = hits(&sentence.folded);
        all.union(of_words(&sentence.folded, &words))
    })
}

/// A set of purposes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Purposes(u8);

impl Purposes {
    /// No purpose.
    pub const NONE: Self = Self(0);
    /// Terms of use, a contract, rules.
    pub const TERMS: Self = Self(1);
    /// A privacy policy, the rules of processing.
    pub const PRIVACY: Self = Self(1 << 1);
    /// An authorisation to collect, query or use.
    pub const AUTHORISATION: Self = Self(1 << 2);
    /// Commercial messages, sales calls, recommendations.
    pub const MARKETING: Self = Self(1 << 3);
    /// Provision to others, or their messages.
    pub const THIRD_PARTY: Self = Self(1 << 4);
    /// Sensitive personal information: identity number, bank card, biometrics, credit, location, contacts, children.
    pub const SENSITIVE: Self = Self(1 << 5);
    /// Agreement to something else.
    pub const OTHER: Self = Self(1 << 6);

    /// Both sets together.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// This set without the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// All of the other are in this.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Some of the other are in this.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Nothing is in it.
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Names of what is in it.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        NAMES.iter().filter(move |row| self.has(row.0)).map(|row| row.1)
    }

    /// Chinese names of what is in it, joined by 、.
    #[must_use]
    pub fn zh(self) -> String {
        NAMES.iter().filter(|row| self.has(row.0)).map(|row| row.2).collect::<Vec<_>>().join("、")
    }

    /// English names of what is in it, joined by commas.
    #[must_use]
    pub fn en(self) -> String {
        self.names().collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Debug for Purposes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

impl Serialize for Purposes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.names())
    }
}

/// Purposes a sentence asks for.
pub(crate) fn asked(sentence: &Sentence<'_>) -> Purposes {
    let words: Vec<Hit> = hits(&sentence.folded)
        .into_iter()
        .filter(|hit| !sentence.is_quoted(*hit) && !sentence.is_negated(*hit))
        .collect();
    of_words(&sentence.folded, &words)
}

fn of_words(folded: &str, words: &[Hit]) -> Purposes {
    let has = |word: Word| words.iter().any(|hit| hit.word == word);
    let mut found = Purposes::NONE;
    for (word, purpose) in [
        (Word::Terms, Purposes::TERMS),
        (Word::Privacy, Purposes::PRIVACY),
        (Word::Authorise, Purposes::AUTHORISATION),
        (Word::Marketing, Purposes::MARKETING),
        (Word::Share, Purposes::THIRD_PARTY),
        (Word::Sensitive, Purposes::SENSITIVE),
    ] {
        if has(word) {
            found = found.union(purpose);
        }
    }
    if has(Word::Promo) && has(Word::Deliver) && !has(Word::Service) {
        found = found.union(Purposes::MARKETING);
    }
    let data = has(Word::Data) || has(Word::Person);
    if has(Word::Third)
        && (found.has(Purposes::MARKETING) || has(Word::Together) || (has(Word::Give) && data))
    {
        found = found.union(Purposes::THIRD_PARTY);
    }
    if found.is_none() && has(Word::Agree) && !has(Word::Plain) && !folded.is_empty() {
        found = Purposes::OTHER;
    }
    found
}

const NAMES: [(Purposes, &str, &str); 7] = [
    (Purposes::TERMS, "terms", "协议"),
    (Purposes::PRIVACY, "privacy", "隐私政策"),
    (Purposes::AUTHORISATION, "authorisation", "授权"),
    (Purposes::MARKETING, "marketing", "营销"),
    (Purposes::THIRD_PARTY, "third party", "向第三方提供"),
    (Purposes::SENSITIVE, "sensitive data", "敏感个人信息"),
    (Purposes::OTHER, "other", "其他"),
];
