//! Sentences and clauses: the reach of a negation and of a quotation.

use crate::fold::fold;
use crate::lexicon::{Hit, Word, hits};

/// A sentence of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence<'a> {
    /// As it stands.
    pub text: &'a str,
    /// Folded.
    pub folded: String,
}

/// Sentences of a text, in order; empty ones left out.
#[must_use]
pub fn sentences(text: &str) -> Vec<Sentence<'_>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|next| next.1);
        let ends = matches!(c, '。' | '！' | '？' | '；' | '!' | '?' | ';' | '\n' | '｡')
            || (c == '.'
                && next.is_none_or(char::is_whitespace)
                && !is_short(text.get(start..at).unwrap_or_default()));
        if ends {
            push(&mut found, text.get(start..at + c.len_utf8()).unwrap_or_default());
            start = at + c.len_utf8();
        }
    }
    push(&mut found, text.get(start..).unwrap_or_default());
    found
}

impl Sentence<'_> {
    /// The clause around a place of the folded text.
    pub(crate) fn clause(&self, at: usize) -> (usize, usize) {
        let before = self.folded.get(..at).unwrap_or_default();
        let after = self.folded.get(at..).unwrap_or_default();
        let start = before.rfind(is_comma).map_or(0, |place| {
            place + before.get(place..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
        });
        let end = after.find(is_comma).map_or(self.folded.len(), |place| at + place);
        (start, end)
    }

    /// A negation stands in the same clause before the hit, or around it.
    pub(crate) fn is_negated(&self, hit: Hit) -> bool {
        let (start, end) = self.clause(hit.start);
        let clause = self.folded.get(start..end).unwrap_or_default();
        hits(clause).iter().any(|word| {
            (word.word == Word::Not && start + word.start <= hit.start)
                || (word.word == Word::NotAfter && start + word.start >= hit.start)
        })
    }

    /// It stands within quotation marks, as a label or a word to reply does, and is no name of a document.
    pub(crate) fn is_quoted(&self, hit: Hit) -> bool {
        if matches!(hit.word, Word::Terms | Word::Privacy | Word::Authorise | Word::Share) {
            return false;
        }
        let before = self.folded.get(..hit.start).unwrap_or_default();
        let after = self.folded.get(hit.end..).unwrap_or_default();
        before.matches('"').count() % 2 == 1 && after.contains('"')
    }
}

fn push<'a>(found: &mut Vec<Sentence<'a>>, text: &'a str) {
    let text = text.trim();
    if !text.is_empty() {
        found.push(Sentence { text, folded: fold(text) });
    }
}

fn is_comma(c: char) -> bool {
    matches!(c, ',' | '，' | ':' | '：')
}

/// What stands before a full stop is an abbreviation or a number of a list, not the end of a sentence.
fn is_short(before: &str) -> bool {
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let word = word.trim_start_matches(['(', '"', '“']);
    word.chars().count() <= 1
        || word.chars().all(|c| c.is_ascii_digit())
        || ABBREVIATIONS.iter().any(|short| word.eq_ignore_ascii_case(short))
}

const ABBREVIATIONS: [&str; 16] = [
    "co", "ltd", "inc", "no", "mr", "mrs", "ms", "dr", "tel", "art", "e.g", "i.e", "etc", "nr", "vs", "corp",
];
