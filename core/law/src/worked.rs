//! Reads tables of worked examples, and the list of phrases they are made of.

use crate::block::{self, Block};
use crate::error::{Error, Place};
use crate::example::{Example, Outcome, Phrase};
use crate::heading;
use crate::instrument::{FateKind, Version};

/// Reads the rows of one table below an article.
///
/// # Errors
/// The first flaw.
pub fn read(
    article: &str,
    version: &Version,
    rows: &[(Place, Vec<&str>)],
    phrases: &[Phrase],
) -> Result<Vec<Example>, Error> {
    rows.iter().map(|(at, cells)| row(article, version, at, cells, phrases)).collect()
}

fn row(
    article: &str,
    version: &Version,
    at: &Place,
    cells: &[&str],
    phrases: &[Phrase],
) -> Result<Example, Error> {
    let [name, date, situation, outcome, basis] = cells else {
        return Err(Error::Columns { at: at.clone(), found: cells.len(), wanted: 5 });
    };
    let situation = situation_of(at, situation, phrases)?;
    let outcome = Outcome::parse(outcome)
        .ok_or_else(|| Error::UnknownOutcome { at: at.clone(), outcome: (*outcome).to_owned() })?;
    let (citation, named) = match basis.split_once(" `") {
        Some((citation, rule)) => (citation.trim(), Some(rule.trim_end_matches('`'))),
        None => (*basis, None),
    };
    let below = citation.strip_prefix(article).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if !below {
        return Err(Error::ForeignCitation { at: at.clone(), citation: citation.to_owned() });
    }
    let bound = rules(article, version, citation);
    let rule = match (named, bound.as_slice()) {
        (Some(name), _) if bound.iter().any(|rule| rule == name) => name.to_owned(),
        (None, [only]) => only.clone(),
        _ => {
            return Err(Error::WhichRule { at: at.clone(), citation: citation.to_owned(), rules: bound });
        }
    };
    Ok(Example {
        place: at.clone(),
        name: (*name).to_owned(),
        date: heading::date(at, date)?,
        situation,
        outcome,
        citation: citation.to_owned(),
        rule,
    })
}

/// Cuts a situation into listed phrases.
///
/// # Errors
/// [`Error::UnknownPhrase`].
pub fn situation_of(at: &Place, text: &str, phrases: &[Phrase]) -> Result<Vec<String>, Error> {
    text.split(['、', '，'])
        .map(str::trim)
        .map(|phrase| {
            let listed = phrases.iter().any(|p| p.zh == phrase);
            let unknown = || Error::UnknownPhrase { at: at.clone(), phrase: phrase.to_owned() };
            listed.then(|| phrase.to_owned()).ok_or_else(unknown)
        })
        .collect()
}

/// The rules of a version that `cn/x/18`, `cn/x/18/1` or `cn/x/18/1/2` may mean.
fn rules(article: &str, version: &Version, citation: &str) -> Vec<String> {
    let mut parts = citation.strip_prefix(article).unwrap_or("").split('/').skip(1);
    let (paragraph, item) = (parts.next(), parts.next());
    let meant = |cited: Option<&str>, number: Option<u8>| {
        cited.is_none_or(|text| number.is_some_and(|n| text.parse() == Ok(n)))
    };
    let mut names = Vec::new();
    for fate in &version.fates {
        let FateKind::Rule(name) = &fate.kind else { continue };
        let hit = fate.targets.is_empty()
            || fate
                .targets
                .iter()
                .any(|t| meant(paragraph, Some(t.paragraph)) && (t.item.is_none() || meant(item, t.item)));
        if hit && !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// Reads the phrase list of `law/examples.md`: every table row, under the section that it stands in.
///
/// # Errors
/// [`Error::Columns`], [`Error::Twice`].
pub fn phrases(file: &str, content: &str) -> Result<Vec<Phrase>, Error> {
    let lines: Vec<(usize, &str)> = content.lines().enumerate().map(|(i, line)| (i + 1, line)).collect();
    let mut phrases: Vec<Phrase> = Vec::new();
    let mut group = "";
    for block in block::blocks(file, &lines)? {
        match block {
            Block::Section { line, .. } => group = line,
            Block::Rows { rows } => {
                for (at, cells) in rows {
                    let [zh, meaning] = cells.as_slice() else {
                        return Err(Error::Columns { at, found: cells.len(), wanted: 2 });
                    };
                    if phrases.iter().any(|p| p.zh == *zh) {
                        return Err(Error::Twice { at, id: (*zh).to_owned() });
                    }
                    let [zh, group, meaning] = [*zh, group, *meaning].map(str::to_owned);
                    phrases.push(Phrase { zh, group, meaning });
                }
            }
            Block::Prose | Block::Line { .. } | Block::Fence { .. } => {}
        }
    }
    Ok(phrases)
}
