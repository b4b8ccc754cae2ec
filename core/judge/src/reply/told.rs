//! The keyword that a message tells its recipients to reply with.

use super::plain::Plain;
use super::table::{Kind, Table};

/// What a message told its recipients to reply with, in order to refuse: one word, or several to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyword {
    /// As they are in a plain form.
    words: Vec<String>,
}

impl Keyword {
    /// The words, in lower case: `r`, `td`, `0000`, `退订`, `opt out`.
    pub fn words(&self) -> impl Iterator<Item = String> {
        self.words.iter().map(|word| word.trim_matches(['<', '>']).replace("><", " "))
    }

    /// Is a reply this word, politeness aside?
    pub(super) fn is_meant(&self, table: &Table, plain: &Plain) -> bool {
        let asked = plain.clauses.iter().any(|clause| clause.asked);
        !asked && table.covers_with(&Plain::join(plain.clauses.iter()), &self.words)
    }
}

/// The keyword that a message tells its recipients to refuse with; none where it tells none, or another way.
///
/// ```
/// let told = anning_judge::told_keyword("【安宁商城】全场5折，拒收请回复R").unwrap();
/// assert_eq!(told.words().collect::<Vec<_>>(), ["r"]);
/// ```
#[must_use]
pub fn told_keyword(text: &str) -> Option<Keyword> {
    let plain = Plain::of(text);
    // The whole text, because a mark may stand between: 退订，请回复T. Clauses later, so that none is spelt out.
    let whole: String = plain.clauses.iter().map(|clause| clause.plain.as_str()).collect();
    in_plain(Table::shared(), &whole)
}

/// The same in a plain form.
pub(super) fn in_plain(table: &Table, plain: &str) -> Option<Keyword> {
    let said = said(table, plain);
    let mut best = None;
    for at in 0..said.len() {
        let rest = said.get(at..).unwrap_or_default();
        let found = asked_for(rest).or_else(|| short_form(rest));
        // An instruction stands last; a short form yields to a whole one.
        if let Some((sure, words)) = found
            && best.as_ref().is_none_or(|(known, _)| sure >= *known)
        {
            best = Some((sure, words));
        }
    }
    best.map(|(_, words)| Keyword { words: words.into_iter().map(str::to_owned).collect() })
}

/// One thing said.
#[derive(Clone, Debug, PartialEq)]
enum Said<'p> {
    Topic(&'p str),
    Verb,
    /// A short word that may be a keyword.
    Word(&'p str),
    /// "to" between a keyword and what it does.
    Glue,
    Else,
}

fn said<'p>(table: &Table, plain: &'p str) -> Vec<Said<'p>> {
    let mut said = Vec::new();
    let mut to = false;
    for (kind, wording) in table.told(plain) {
        let is_word = wording.starts_with('<') && wording.len() <= WORD_MAX + 2;
        let digits = wording.trim_matches(['<', '>']);
        let number = digits.len() > NUMBER_MAX
            && digits.bytes().all(|b| b.is_ascii_digit())
            && digits.contains(|c| c != '0');
        let next = match kind {
            // The number that a reply is sent to.
            None if is_word && (to || number) => None,
            None if is_word => Some(Said::Word(wording)),
            Some(Kind::ToldTopic) => Some(Said::Topic(wording)),
            Some(Kind::ToldVerb) => Some(Said::Verb),
            Some(Kind::ToldGlue) => Some(Said::Glue),
            Some(Kind::ToldTo) => None,
            _ => Some(Said::Else),
        };
        to = kind == Some(Kind::ToldTo);
        said.extend(next);
    }
    said
}

/// 拒收请回复R, 回复TD退订, "reply STOP to opt out": a topic, a verb and a word.
fn asked_for<'p>(said: &[Said<'p>]) -> Option<(u8, Vec<&'p str>)> {
    match said {
        [Said::Topic(_), rest @ ..] => {
            let [Said::Verb, rest @ ..] = past_glue(rest) else { return None };
            let (words, _) = words(past_glue(rest));
            (!words.is_empty()).then_some((2, words))
        }
        [Said::Verb, rest @ ..] => {
            let (words, rest) = words(past_glue(rest));
            let topic = matches!(past_glue(rest), [Said::Topic(_), ..]);
            // 回复退订即可: the topic is the word.
            let itself = words.iter().any(|word| !word.starts_with('<')) && rest.first() == Some(&Said::Glue);
            (!words.is_empty() && (topic || itself)).then_some((2, words))
        }
        _ => None,
    }
}

/// TD退订, 退订T, "STOP to end": no verb.
fn short_form<'p>(said: &[Said<'p>]) -> Option<(u8, Vec<&'p str>)> {
    match said {
        [Said::Word(word) | Said::Topic(word), Said::Glue, Said::Topic(_), ..]
            if word.starts_with("<stop") =>
        {
            Some((1, vec![*word]))
        }
        [Said::Word(word), Said::Topic(_), ..] | [Said::Topic(_), Said::Word(word)]
            if word.len() <= SHORT_WORD_MAX + 2 =>
        {
            Some((1, vec![*word]))
        }
        _ => None,
    }
}

fn past_glue<'s, 'p>(mut said: &'s [Said<'p>]) -> &'s [Said<'p>] {
    while let [Said::Glue, rest @ ..] = said {
        said = rest;
    }
    said
}

/// The words that follow, with what is left. A topic counts as the word if it is the first.
fn words<'s, 'p>(said: &'s [Said<'p>]) -> (Vec<&'p str>, &'s [Said<'p>]) {
    let mut words = Vec::new();
    let mut rest = said;
    if let [Said::Topic(word), after @ ..] = rest {
        return (vec![*word], after);
    }
    loop {
        match rest {
            [Said::Word(word), after @ ..] => {
                words.push(*word);
                rest = after;
            }
            // T或TD
            [Said::Glue, Said::Word(word), after @ ..] if !words.is_empty() => {
                words.push(*word);
                rest = after;
            }
            _ => return (words, rest),
        }
    }
}

/// Longest word that is a keyword.
const WORD_MAX: usize = 12;
/// Longest word without a verb beside it that is one.
const SHORT_WORD_MAX: usize = 4;
/// A longer number, zeros aside, is an address.
const NUMBER_MAX: usize = 4;
