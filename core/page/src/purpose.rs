//! What a text asks agreement to.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::lexicon::{Hit, Word};
use crate::sentence::{Sentence, sentences};

/// Purposes a text asks agreement to, negation and quotation checked first: “不会发送营销短信” asks for nothing.
#[must_use]
pub fn purposes(text: &str) -> Purposes {
    sentences(text).iter().fold(Purposes::NONE, |all, sentence| all.union(asked(sentence)))
}

/// Purposes a text speaks of, also when it denies them: “我不希望接收营销短信” speaks of marketing.
#[must_use]
pub fn mentioned(text: &str) -> Purposes {
    sentences(text).iter().fold(Purposes::NONE, |all, sentence| all.union(spoken_of(sentence)))
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
    of_words(sentence, |word| {
        sentence.stating(word).any(|hit| {
            let aside =
                if is_document(word) { is_reference(sentence, hit) } else { is_of_listing(sentence, hit) };
            !aside
        })
    })
}

/// Purposes a sentence speaks of.
pub(crate) fn spoken_of(sentence: &Sentence<'_>) -> Purposes {
    of_words(sentence, |word| sentence.says(word))
}

fn of_words(sentence: &Sentence<'_>, has: impl Fn(Word) -> bool) -> Purposes {
    let mut found = Purposes::NONE;
    for (word, purpose) in [
        (Word::Terms, Purposes::TERMS),
        (Word::Privacy, Purposes::PRIVACY),
        (Word::Authorise, Purposes::AUTHORISATION),
        (Word::Marketing, Purposes::MARKETING),
        (Word::Adviser, Purposes::MARKETING),
        (Word::Share, Purposes::THIRD_PARTY),
        (Word::Sensitive, Purposes::SENSITIVE),
    ] {
        if has(word) {
            found = found.union(purpose);
        }
    }
    if has(Word::Promo) && has(Word::Deliver) && !sentence.says(Word::Service) && two_phrases(sentence) {
        found = found.union(Purposes::MARKETING);
    }
    if has(Word::Processing) && !found.has(Purposes::MARKETING) {
        found = found.union(Purposes::PRIVACY);
    }
    let data = has(Word::Data) || has(Word::Person);
    if has(Word::Third)
        && (found.has(Purposes::MARKETING) || has(Word::Together) || (has(Word::Give) && data))
    {
        found = found.union(Purposes::THIRD_PARTY);
    }
    let takes = [Word::Agree, Word::Read, Word::YouAgree, Word::Means].into_iter().any(&has);
    if has(Word::Give) && data && gives_to_named(sentence) {
        found = found.union(Purposes::THIRD_PARTY);
    }
    if found.is_none() && takes && has(Word::Paper) {
        found = Purposes::TERMS;
    }
    if found.is_none() && has(Word::Agree) && !sentence.says(Word::Plain) {
        found = Purposes::OTHER;
    }
    found
}

/// A company is named as the one to whom data go: “向…有限公司…提供”, “提供给…有限公司”.
fn gives_to_named(sentence: &Sentence<'_>) -> bool {
    let companies = sentence.words.iter().filter(|hit| hit.word == Word::Company);
    companies.map(|hit| sentence.folded.get(..hit.start).unwrap_or_default()).any(|before| {
        let near: Vec<char> = before.chars().rev().take(NAME_REACH).collect();
        let near: String = near.iter().rev().collect();
        TOWARDS.iter().any(|word| near.contains(word)) && !near.contains("向您") && !near.contains("向你")
    })
}

/// Content and sending are two phrases: “推荐” is both, and alone is neither.
fn two_phrases(sentence: &Sentence<'_>) -> bool {
    let of = |word: Word| sentence.words.iter().filter(move |hit| hit.word == word);
    of(Word::Promo)
        .any(|promo| of(Word::Deliver).any(|send| promo.end <= send.start || send.end <= promo.start))
}

/// It stands in the title of a document that lists and asks for nothing: 《第三方个人信息共享清单》.
fn is_of_listing(sentence: &Sentence<'_>, hit: Hit) -> bool {
    let before = sentence.folded.get(..hit.start).unwrap_or_default();
    let after = sentence.folded.get(hit.end..).unwrap_or_default();
    let open = before.rfind('《').is_some_and(|at| !before.get(at..).unwrap_or_default().contains('》'));
    let rest = after.split('》').next().unwrap_or_default();
    open && after.contains('》') && LISTINGS.iter().any(|word| rest.contains(word))
}

const fn is_document(word: Word) -> bool {
    matches!(word, Word::Terms | Word::Privacy | Word::Paper)
}

/// The document is pointed at, not agreed to: “详见《隐私政策》”, “see our Privacy Policy”. What is pointed at stands after
/// the pointing words, and no agreeing or reading stands between them.
fn is_reference(sentence: &Sentence<'_>, document: Hit) -> bool {
    let pointing = sentence.words.iter().filter(|hit| hit.word == Word::Refer && hit.start < document.start);
    let Some(last) = pointing.map(|hit| hit.end).max() else { return false };
    let takes = |hit: &&Hit| matches!(hit.word, Word::Agree | Word::Read | Word::YouAgree);
    !sentence.words.iter().filter(takes).any(|hit| hit.start >= last && hit.start < document.start)
}

/// Characters from the word that points at a company to the end of its name.
const NAME_REACH: usize = 24;
const TOWARDS: [&str; 5] = ["同意向", "授权向", "提供给", "共享给", "披露给"];
/// How titles of such documents end.
const LISTINGS: [&str; 5] = ["清单", "目录", "列表", "说明", "指引"];
const NAMES: [(Purposes, &str, &str); 7] = [
    (Purposes::TERMS, "terms", "协议"),
    (Purposes::PRIVACY, "privacy", "隐私政策"),
    (Purposes::AUTHORISATION, "authorisation", "授权"),
    (Purposes::MARKETING, "marketing", "营销"),
    (Purposes::THIRD_PARTY, "third party", "向第三方提供"),
    (Purposes::SENSITIVE, "sensitive data", "敏感个人信息"),
    (Purposes::OTHER, "other", "其他"),
];
