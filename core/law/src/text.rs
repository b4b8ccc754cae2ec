//! Paragraphs, items and sentences of a version.

use crate::instrument::{Fate, Paragraph, Sentence, Version};
use crate::numeral;

impl Version {
    /// The sentences in order, each with its place and whether it states a duty.
    #[must_use]
    pub fn sentences(&self) -> Vec<Sentence<'_>> {
        let mut sentences = Vec::new();
        // Whether the last lead-in (`……不得有下列行为：`) hands its duty to the items below it.
        let mut inherited = false;
        for (index, line) in self.paragraphs.iter().enumerate() {
            let item_follows = self.paragraphs.get(index + 1).is_some_and(|next| next.item.is_some());
            for (item, text) in pieces(line) {
                let leads =
                    item.is_none() && text.ends_with(['：', ':']) && (item_follows || text != line.text);
                let first = sentences.len();
                split(&mut sentences, line, item, text, inherited && item.is_some());
                if item.is_none() {
                    inherited = false;
                    if let Some(last) = sentences.get_mut(first..).and_then(<[Sentence<'_>]>::last_mut)
                        && leads
                    {
                        inherited = last.duty;
                        last.duty = false;
                    }
                }
            }
        }
        sentences
    }

    /// The fates of a sentence: those of the narrowest target that holds it.
    #[must_use]
    pub fn fates_of(&self, sentence: &Sentence<'_>) -> Vec<&Fate> {
        let narrowness = |fate: &Fate| {
            if fate.targets.is_empty() {
                return Some(0);
            }
            fate.targets.iter().filter(|t| t.holds(sentence)).map(|t| t.narrowness()).max()
        };
        let best = self.fates.iter().filter_map(narrowness).max();
        self.fates.iter().filter(|fate| best.is_some() && narrowness(fate) == best).collect()
    }
}

/// Reads the number of an item at the start of a line: `（三）` or `(三)`.
#[must_use]
pub fn item_number(text: &str) -> Option<u8> {
    let inner = text.strip_prefix(['（', '('])?;
    let end = inner.find(['）', ')'])?;
    numeral::parse(inner.get(..end)?).and_then(|n| u8::try_from(n).ok())
}

/// A line as it is, or a lead-in and its items when they stand in one line.
fn pieces(line: &Paragraph) -> Vec<(Option<u8>, &str)> {
    if line.item.is_some() {
        return vec![(line.item, line.text.as_str())];
    }
    let mut pieces = Vec::new();
    let (mut from, mut item) = (0, None);
    for (at, c) in line.text.char_indices() {
        let tail = line.text.get(at..).unwrap_or("");
        let after_break = line.text.get(..at).is_some_and(|t| t.ends_with(['：', ':', '；', ';']));
        if !matches!(c, '（' | '(') || !after_break {
            continue;
        }
        if let Some(number) = item_number(tail) {
            pieces.push((item, line.text.get(from..at).unwrap_or("")));
            (from, item) = (at, Some(number));
        }
    }
    pieces.push((item, line.text.get(from..).unwrap_or("")));
    pieces
}

fn split<'t>(
    into: &mut Vec<Sentence<'t>>,
    line: &Paragraph,
    item: Option<u8>,
    text: &'t str,
    inherited: bool,
) {
    let mut number = 0_u8;
    for part in text.split_inclusive('。') {
        let part = part.trim();
        if part.is_empty() {
            continue;
        }
        number = number.saturating_add(1);
        let duty = inherited || DUTY.iter().any(|word| part.contains(word));
        into.push(Sentence { paragraph: line.number, item, number, text: part, mark: line.mark, duty });
    }
}

const DUTY: [&str; 3] = ["应当", "不得", "禁止"];
