//! Cues: wordings that speak for an offer or for a notice, each with its reason in Chinese and English.
//!
//! The table is `model/cues.txt`; phrases are read like any text, so that 优.惠 meets 优惠.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::normal::Normal;

/// The cue that decided a message: an entry of the cue table.
#[derive(Clone, Copy)]
pub struct Cue(&'static Entry);

/// An entry of the table.
#[derive(Debug, PartialEq)]
pub(crate) struct Entry {
    /// Stable identifier.
    id: &'static str,
    /// What it speaks for.
    pub(crate) side: Side,
    /// Log-odds it adds, as judged by hand; negative for notices.
    pub(crate) weight: f32,
    zh: &'static str,
    en: &'static str,
}

/// What a cue speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// An offer.
    Offer,
    /// A notice about something the person has or did.
    Notice,
    /// Private talk.
    Private,
    /// A way to refuse.
    Refusal,
    /// A verification code is named.
    Code,
    /// A way to reach the sender.
    Contact,
    /// A kind of firm is named.
    Name,
    /// Nothing by itself; keeps a longer wording from being read as a shorter one.
    Nothing,
}

impl Cue {
    /// Stable identifier, e.g. `discount`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.0.id
    }

    /// The reason in Chinese.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        self.0.zh
    }

    /// The reason in English.
    #[must_use]
    pub const fn en(self) -> &'static str {
        self.0.en
    }

    /// Every cue of the table, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        Table::shared().entries.iter().map(Self)
    }

    /// No cue of the table: the wording as a whole decided.
    pub(crate) const WORDING: Self = Self(&Entry {
        id: "wording",
        side: Side::Nothing,
        weight: 0.0,
        zh: "整体措辞",
        en: "overall wording",
    });

    /// No cue of the table: the text asks for consent to commercial messages.
    pub(crate) const REQUEST: Self = Self(&Entry {
        id: "consent_request",
        side: Side::Offer,
        weight: 0.0,
        zh: "征求同意接收商业性信息",
        en: "asks for consent to commercial messages",
    });

    pub(crate) const fn of(entry: &'static Entry) -> Self {
        Self(entry)
    }
}

impl PartialEq for Cue {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Cue {}

impl core::hash::Hash for Cue {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.id().hash(state);
    }
}

impl core::fmt::Debug for Cue {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Cue({})", self.id())
    }
}

/// The cue table and its automaton.
#[derive(Debug)]
pub(crate) struct Table {
    entries: Vec<Entry>,
    /// Entry of each phrase of the automaton.
    owner: Vec<usize>,
    automaton: Option<AhoCorasick>,
}

/// The table as written.
pub(crate) const TEXT: &str = include_str!("../model/cues.txt");

impl Table {
    /// The one table.
    pub(crate) fn shared() -> &'static Self {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(Self::build)
    }

    /// Cues found in a plain form, in order: entry, byte where it begins, byte after its end.
    pub(crate) fn find(&'static self, plain: &str, mut found: impl FnMut(&'static Entry, usize, usize)) {
        let Some(automaton) = &self.automaton else { return };
        for hit in automaton.find_iter(plain) {
            let entry = self.owner.get(hit.pattern().as_usize()).and_then(|&at| self.entries.get(at));
            if let Some(entry) = entry {
                found(entry, hit.start(), hit.end());
            }
        }
    }

    fn build() -> Self {
        let (mut entries, mut owner, mut phrases) = (Vec::new(), Vec::new(), Vec::new());
        let mut normal = Normal::default();
        for line in TEXT.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty()) {
            if let Some(head) = line.strip_prefix("= ") {
                entries.extend(entry(head));
                continue;
            }
            for phrase in line.split_whitespace() {
                normal.read(&phrase.replace('_', " "));
                if !normal.plain.is_empty() {
                    phrases.push(normal.plain.clone());
                    owner.push(entries.len().saturating_sub(1));
                }
            }
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&phrases)
            .ok();
        Self { entries, owner, automaton }
    }
}

/// Reads `id | side | weight | zh | en`.
fn entry(head: &'static str) -> Option<Entry> {
    let mut parts = head.split('|').map(str::trim);
    let mut next = || parts.next();
    let (id, side, weight, zh, en) = (next()?, next()?, next()?, next()?, next()?);
    let side = match side {
        "offer" => Side::Offer,
        "notice" => Side::Notice,
        "private" => Side::Private,
        "refusal" => Side::Refusal,
        "code" => Side::Code,
        "contact" => Side::Contact,
        "name" => Side::Name,
        "nothing" => Side::Nothing,
        _ => return None,
    };
    Some(Entry { id, side, weight: weight.parse().ok()?, zh, en })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Side, TEXT, Table};
    use crate::normal::{NUMBER, Normal};

    #[test]
    fn every_line_of_the_table_is_read() {
        let table = Table::shared();
        assert_eq!(table.entries.len(), TEXT.lines().filter(|l| l.starts_with("= ")).count());
        assert!(table.automaton.is_some());
        assert!(table.owner.len() > 500, "{}", table.owner.len());
        let ids: HashSet<_> = table.entries.iter().map(|e| e.id).collect();
        assert_eq!(ids.len(), table.entries.len());
    }

    #[test]
    fn no_phrase_is_a_bare_number() {
        let mut normal = Normal::default();
        for line in TEXT.lines().filter(|l| !l.starts_with(['#', '='])) {
            for phrase in line.split_whitespace() {
                normal.read(&phrase.replace('_', " "));
                assert!(normal.tokens.iter().any(|t| t.id != NUMBER), "{phrase} would meet any number");
            }
        }
    }

    #[test]
    fn weights_have_the_sign_of_their_side() {
        for entry in &Table::shared().entries {
            match entry.side {
                Side::Offer => assert!(entry.weight > 0.0, "{}", entry.id),
                Side::Notice | Side::Private => assert!(entry.weight < 0.0, "{}", entry.id),
                Side::Refusal | Side::Code | Side::Contact | Side::Name | Side::Nothing => {}
            }
            assert!(!entry.zh.is_empty() && !entry.en.is_empty(), "{}", entry.id);
        }
    }
}
