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
    /// Phrases of the lexicon in `folded`.
    pub(crate) words: Vec<Hit>,
}

/// Sentences of a text, in order; empty ones left out.
#[must_use]
pub fn sentences(text: &str) -> Vec<Sentence<'_>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|next| next.1);
        let ends = at - start >= SENTENCE_MAX
            || matches!(c, '。' | '！' | '？' | '；' | '!' | '?' | ';' | '｡')
            || (c == '\n' && !goes_on(text, at))
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

    /// Some phrase of this kind, denied or not.
    pub(crate) fn says(&self, word: Word) -> bool {
        self.words.iter().any(|hit| hit.word == word)
    }

    /// The phrases of this kind that are neither denied nor quoted.
    pub(crate) fn stating(&self, word: Word) -> impl Iterator<Item = Hit> {
        self.words
            .iter()
            .copied()
            .filter(move |hit| hit.word == word && !self.is_quoted(*hit) && !self.is_negated(*hit))
    }

    /// It objects: a phrase that does, and is no part of one that only looks so (“不拒绝接收”).
    pub(crate) fn objects(&self) -> bool {
        let looks = |hit: &Hit| {
            self.words
                .iter()
                .any(|other| other.word == Word::Unlike && other.start <= hit.start && other.end > hit.start)
        };
        self.words.iter().any(|hit| hit.word == Word::Objection && !looks(hit))
    }

    /// Some phrase of this kind that is neither denied nor quoted.
    pub(crate) fn states(&self, word: Word) -> bool {
        self.stating(word).next().is_some()
    }

    /// A negation stands in the same clause before the hit, or after it where the language has it so.
    pub(crate) fn is_negated(&self, hit: Hit) -> bool {
        let denying = |word: &Hit| matches!(word.word, Word::Not | Word::NotAfter);
        if !self.words.iter().any(denying) {
            return false;
        }
        let (start, end) = self.clause(hit.start);
        let inside = |word: &Hit| word.start >= start && word.end <= end;
        let real = |word: &Hit| {
            !self.words.iter().any(|other| {
                other.word == Word::Unlike && other.start <= word.start && other.end >= word.start
            })
        };
        self.words.iter().filter(|word| inside(word) && real(word)).any(|word| match word.word == Word::Not {
            true => word.start <= hit.start,
            false => word.word == Word::NotAfter && word.start >= hit.start,
        })
    }

    /// It stands within quotation marks, as a label or a word to reply does, and is no name of a document.
    pub(crate) fn is_quoted(&self, hit: Hit) -> bool {
        if matches!(hit.word, Word::Terms | Word::Privacy | Word::Authorise | Word::Share) {
            return false;
        }
        let before = self.folded.get(..hit.start).unwrap_or_default();
        let after = self.folded.get(hit.end..).unwrap_or_default();
        // What is agreed to in quotation marks is agreed to: 同意接收“营销短信”.
        let agreed = before.rsplit_once('"').is_some_and(|(lead, _)| {
            let lead = lead.trim_end();
            AGREED.iter().any(|word| lead.ends_with(word))
        });
        !agreed && before.matches('"').count() % 2 == 1 && after.contains('"')
    }
}

fn push<'a>(found: &mut Vec<Sentence<'a>>, text: &'a str) {
    let text = text.trim();
    if !text.is_empty() {
        let folded = fold(text);
        let words = hits(&folded);
        found.push(Sentence { text, folded, words });
    }
}

/// The line after a break goes on with the sentence: it begins in lower case or with a document's name, or the line before
/// ends open.
fn goes_on(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default().trim_end().chars().next_back();
    let after = text.get(at..).unwrap_or_default().trim_start().chars().next();
    let open =
        before.is_some_and(|c| matches!(c, '，' | ',' | '、' | '和' | '与' | '與' | '及' | '意' | '》'));
    open || after.is_some_and(|c| {
        c.is_ascii_lowercase()
            || matches!(c, '《' | '、' | '，' | '和' | '与' | '與' | '及' | '并' | '或')
            || matches!(c, 'に' | 'を' | 'へ' | 'は' | 'が' | 'と' | 'の' | 'も')
    })
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

/// What stands before a quotation that is agreed to.
const AGREED: [&str; 12] = [
    "同意",
    "接收",
    "接受",
    "订阅",
    "收取",
    "收到",
    "开启",
    "允许",
    "授权",
    "receive",
    "agree to",
    "consent to",
];
/// Bytes after which a text without an end is cut, so that no text takes more than its length to read.
const SENTENCE_MAX: usize = 2_000;
const ABBREVIATIONS: [&str; 16] = [
    "co", "ltd", "inc", "no", "mr", "mrs", "ms", "dr", "tel", "art", "e.g", "i.e", "etc", "nr", "vs", "corp",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_a_reader_stops() {
        for (text, expected) in [
            ("我已阅读。并同意！", vec!["我已阅读。", "并同意！"]),
            (
                "By Acme Co. Ltd. we mean Acme. You agree.",
                vec!["By Acme Co. Ltd. we mean Acme.", "You agree."],
            ),
            ("1. 总则", vec!["1. 总则"]),
            ("version 2.0 applies", vec!["version 2.0 applies"]),
            ("  ", vec![]),
            ("点击注册即表示同意\n《用户协议》", vec!["点击注册即表示同意\n《用户协议》"]),
            ("登録で、利用規約\nに同意したものとします", vec!["登録で、利用規約\nに同意したものとします"]),
            ("标题\n正文", vec!["标题", "正文"]),
        ] {
            let found: Vec<&str> = sentences(text).iter().map(|sentence| sentence.text).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn a_denial_reaches_to_the_end_of_its_clause() {
        for (text, stated) in [
            ("不会发送营销短信", false),
            ("不定期发送营销短信", true),
            ("未经您同意，我们将发送营销短信", true),
            ("we will never send marketing", false),
            ("never miss our marketing emails", true),
            ("広告メールは送信しません", false),
            ("回复“取消营销”即可", false),
            ("nechci dostávat newsletter", false),
        ] {
            let found = sentences(text).iter().any(|sentence| sentence.states(Word::Marketing));
            assert_eq!(found, stated, "{text}");
        }
    }
}
