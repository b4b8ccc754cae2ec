//! The table of wordings, `model/replies.txt`.

use std::collections::HashMap;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::plain::{Plain, tokens};

/// What a wording is; the table says what each does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Alone,
    Clause,
    Filler,
    Decline,
    Polite,
    Narrow,
    Phrase,
    Emphatic,
    Failed,
    Topic,
    Asks,
    How,
    Lost,
    Not,
    Resume,
    ResumeFiller,
    ToldTopic,
    ToldVerb,
    ToldGlue,
    ToldTo,
    ToldNot,
}

#[derive(Debug, Default)]
pub(super) struct Table {
    /// Wordings of each kind, as they are in a plain form.
    lists: HashMap<Kind, Vec<String>>,
    not: Finder,
    sentence: Finder,
    told: Finder,
}

/// Finds wordings of several kinds: the first to begin, the longest of those.
#[derive(Debug, Default)]
struct Finder {
    automaton: Option<AhoCorasick>,
    kinds: Vec<Kind>,
}

impl Table {
    /// The one table.
    pub(super) fn shared() -> &'static Self {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(Self::build)
    }

    fn build() -> Self {
        let mut table = Self::default();
        let mut kind = Kind::Not;
        for line in TEXT.lines().filter(|line| !line.starts_with('#')) {
            if let Some(name) = line.strip_prefix("= ") {
                kind = named(name.trim()).unwrap_or(Kind::Not);
                continue;
            }
            let wordings = line.split_whitespace().map(read);
            table.lists.entry(kind).or_default().extend(wordings);
        }
        table.not = Finder::of(&table.lists, &[Kind::Not]);
        table.sentence = Finder::of(&table.lists, &SENTENCE);
        table.told = Finder::of(&table.lists, &TOLD);
        table
    }

    fn list(&self, kind: Kind) -> &[String] {
        self.lists.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// Kinds of the wordings met in a clause. One within another is not met; a wording of two kinds is met as both.
    pub(super) fn meet(&self, plain: &str) -> Vec<Kind> {
        let (mut left, mut at) = (String::with_capacity(plain.len()), 0);
        self.not.find(plain, |_, wording, begin| {
            left.push_str(plain.get(at..begin).unwrap_or(""));
            left.push(TAKEN_OUT);
            at = begin + wording.len();
        });
        left.push_str(plain.get(at..).unwrap_or(""));
        let mut met = Vec::new();
        self.sentence.find(&left, |kind, wording, _| {
            let same = |other: &Kind| self.list(*other).iter().any(|known| known == wording);
            met.push(kind);
            met.extend(SENTENCE.into_iter().filter(|other| *other != kind && same(other)));
        });
        met
    }

    /// What is said in a message to recipients: kinds and wordings in order; words of none as they are.
    pub(super) fn told<'p>(&self, plain: &'p str) -> Vec<(Option<Kind>, &'p str)> {
        let mut said = Vec::new();
        let mut at = 0;
        self.told.find(plain, |kind, wording, begin| {
            said.extend(tokens(plain.get(at..begin).unwrap_or("")).map(|token| (None, token)));
            said.push((Some(kind), wording));
            at = begin + wording.len();
        });
        said.extend(tokens(plain.get(at..).unwrap_or("")).map(|token| (None, token)));
        said
    }

    /// Is a text made of keywords, at least one, and fillers alone?
    pub(super) fn covers(&self, plain: &str, keywords: &[Kind], fillers: &[Kind]) -> bool {
        let is_keyword = |rest: &str, ends: &mut dyn FnMut(usize)| {
            for wording in keywords.iter().flat_map(|kind| self.list(*kind)) {
                if rest.starts_with(wording.as_str()) {
                    ends(wording.len());
                }
            }
            let repeated = tokens(rest).next().filter(|_| keywords.contains(&Kind::Alone));
            if let Some(word) = repeated.filter(|word| repeats(word)) {
                ends(word.len());
            }
        };
        self.made_of(plain, is_keyword, fillers)
    }

    /// As [`Table::covers`], with these words for keywords.
    pub(super) fn covers_with(&self, plain: &str, words: &[String]) -> bool {
        let is_keyword = |rest: &str, ends: &mut dyn FnMut(usize)| {
            for word in words.iter().filter(|word| rest.starts_with(word.as_str())) {
                ends(word.len());
            }
        };
        self.made_of(plain, is_keyword, &[Kind::Filler])
    }

    fn made_of(&self, plain: &str, keyword: impl Fn(&str, &mut dyn FnMut(usize)), fillers: &[Kind]) -> bool {
        if plain.is_empty() || plain.len() > COVERED_MAX {
            return false;
        }
        // Bytes that can be reached, without and with a keyword on the way.
        let mut reached = vec![[false; 2]; plain.len() + 1];
        if let Some(first) = reached.first_mut() {
            *first = [true, false];
        }
        for (at, _) in plain.char_indices() {
            let [bare, with] = reached.get(at).copied().unwrap_or_default();
            if !bare && !with {
                continue;
            }
            let rest = plain.get(at..).unwrap_or("");
            keyword(rest, &mut |length| {
                if let Some(end) = reached.get_mut(at + length) {
                    end[1] = true;
                }
            });
            for filler in fillers.iter().flat_map(|kind| self.list(*kind)) {
                if rest.starts_with(filler.as_str())
                    && let Some([end_bare, end_with]) = reached.get_mut(at + filler.len())
                {
                    *end_bare |= bare;
                    *end_with |= with;
                }
            }
        }
        reached.last().is_some_and(|[_, with]| *with)
    }

    /// Does a refusal name a part of what is sent?
    pub(super) fn names_part(&self, plain: &str) -> bool {
        // 就 and 这个 alone are no more than a way to speak.
        let weak = ["就", "这个", "只是"];
        self.list(Kind::Narrow)
            .iter()
            .any(|part| plain.contains(part.as_str()) && !weak.contains(&part.as_str()))
    }
}

impl Finder {
    fn of(lists: &HashMap<Kind, Vec<String>>, order: &[Kind]) -> Self {
        let (mut kinds, mut wordings) = (Vec::new(), Vec::new());
        for kind in order {
            for wording in lists.get(kind).into_iter().flatten() {
                kinds.push(*kind);
                wordings.push(wording.as_str());
            }
        }
        let automaton = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&wordings).ok();
        Self { automaton, kinds }
    }

    fn find<'p>(&self, plain: &'p str, mut found: impl FnMut(Kind, &'p str, usize)) {
        let Some(automaton) = &self.automaton else { return };
        for hit in automaton.find_iter(plain) {
            if let (Some(kind), Some(wording)) =
                (self.kinds.get(hit.pattern().as_usize()), plain.get(hit.start()..hit.end()))
            {
                found(*kind, wording, hit.start());
            }
        }
    }
}

/// A wording in plain form.
fn read(wording: &str) -> String {
    Plain::join(Plain::of(&wording.replace('_', " ")).clauses.iter())
}

/// `<0000>`, `<tttt>`, `<tdtd>`: zeros, or a short keyword again and again.
fn repeats(word: &str) -> bool {
    let Some(word) = word.strip_prefix('<').and_then(|word| word.strip_suffix('>')) else { return false };
    let times =
        |part: &str| word.len() <= REPEATED_MAX && !word.is_empty() && word.replace(part, "").is_empty();
    ["0", "t", "n", "r", "td", "qx", "stop"].into_iter().any(times)
}

fn named(name: &str) -> Option<Kind> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
}

/// The table as written.
const TEXT: &str = include_str!("../../model/replies.txt");
/// Kinds looked for in sentences; of two kinds with one wording the first is met.
const SENTENCE: [Kind; 7] =
    [Kind::Failed, Kind::How, Kind::Lost, Kind::Emphatic, Kind::Phrase, Kind::Topic, Kind::Asks];
/// Stands where a wording was taken out.
const TAKEN_OUT: char = '\u{25a1}';
/// Kinds looked for in messages to recipients.
const TOLD: [Kind; 5] = [Kind::ToldNot, Kind::ToldTopic, Kind::ToldVerb, Kind::ToldTo, Kind::ToldGlue];
/// Longest plain form that may be made of keywords and fillers alone, in bytes.
const COVERED_MAX: usize = 200;
/// Longest word that may be a keyword repeated.
const REPEATED_MAX: usize = 16;
const NAMES: [(&str, Kind); 21] = [
    ("alone", Kind::Alone),
    ("clause", Kind::Clause),
    ("filler", Kind::Filler),
    ("decline", Kind::Decline),
    ("polite", Kind::Polite),
    ("narrow", Kind::Narrow),
    ("phrase", Kind::Phrase),
    ("emphatic", Kind::Emphatic),
    ("failed", Kind::Failed),
    ("topic", Kind::Topic),
    ("asks", Kind::Asks),
    ("how", Kind::How),
    ("lost", Kind::Lost),
    ("not", Kind::Not),
    ("resume", Kind::Resume),
    ("resume_filler", Kind::ResumeFiller),
    ("told_topic", Kind::ToldTopic),
    ("told_verb", Kind::ToldVerb),
    ("told_glue", Kind::ToldGlue),
    ("told_to", Kind::ToldTo),
    ("told_not", Kind::ToldNot),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_heading_is_known_and_every_wording_reads() {
        for line in TEXT.lines() {
            if let Some(name) = line.strip_prefix("= ") {
                assert!(named(name).is_some(), "{name}");
            }
        }
        let table = Table::shared();
        for (name, kind) in NAMES {
            assert!(!table.list(kind).is_empty(), "{name}");
            assert!(table.list(kind).iter().all(|wording| !wording.is_empty()), "{name}");
        }
        assert!(table.sentence.automaton.is_some() && table.told.automaton.is_some());
    }
}
