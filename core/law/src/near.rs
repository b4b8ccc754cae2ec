//! Article ids that look like what somebody typed.

use crate::Corpus;
use crate::numeral;

/// Up to five ids, nearest first: by the name of the instrument and the number of the article.
#[must_use]
pub fn nearest<'c>(text: &str, corpus: &'c Corpus) -> Vec<&'c str> {
    let wanted = number(text);
    let name: String = text
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphabetic())
        .filter(|c| !"第条款项".contains(*c) && numeral::parse(&c.to_string()).is_none())
        .collect();
    let mut scored: Vec<(usize, &str)> = corpus
        .articles()
        .filter_map(|article| {
            let instrument = corpus.instrument_of(&article.id)?;
            let titles = [&instrument.id, &instrument.short_zh, &instrument.short_en, &instrument.title_zh];
            let title = titles.iter().map(|title| distance(&name, &title.to_lowercase())).min()?;
            let own = article.id.rsplit('/').next().and_then(|n| n.parse::<u16>().ok());
            let apart = match (own, wanted) {
                (Some(own), Some(wanted)) => usize::from(own.abs_diff(wanted)).min(NUMBER_MAX),
                _ => NUMBER_MAX,
            };
            Some((title * NUMBER_MAX + apart, article.id.as_str()))
        })
        .collect();
    scored.sort_unstable();
    scored.into_iter().take(5).map(|(_, id)| id).collect()
}

/// The article number in `cn/pipl/14`, `PIPL 14` or `个人信息保护法第十四条`.
fn number(text: &str) -> Option<u16> {
    let digits: String = text.chars().filter(char::is_ascii_digit).take(4).collect();
    if !digits.is_empty() {
        // Instruments such as miit31 have digits of their own; the article is what follows the last break.
        let last = text.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or("");
        return last.parse().or_else(|_| digits.parse()).ok();
    }
    let (_, rest) = text.split_once('第')?;
    numeral::parse(rest.split('条').next()?)
}

/// Letters of the wanted name that the title lacks, in order, and those it has too many.
fn distance(wanted: &str, title: &str) -> usize {
    let title: Vec<char> = title.chars().filter(|c| c.is_alphabetic()).collect();
    let wanted: Vec<char> = wanted.chars().take(WANTED_MAX).collect();
    let mut row: Vec<usize> = (0..=title.len()).collect();
    for (i, w) in wanted.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, t) in row.iter_mut().skip(1).zip(&title) {
            let step = (*cell + 1).min(left + 1).min(diagonal + usize::from(w != t));
            diagonal = *cell;
            *cell = step;
            left = step;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

const NUMBER_MAX: usize = 50;
const WANTED_MAX: usize = 64;
