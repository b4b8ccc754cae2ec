//! Reads one instrument: `law/cn/*.md`.

use crate::block::{self, Block};
use crate::data::{Document, Table};
use crate::error::{Error, Place};
use crate::example::Phrase;
use crate::heading::{self, Heading};
use crate::instrument::{Article, Change, Fate, FateKind, Instrument, Paragraph, Rank, Target, Version};
use crate::{limit_block, numeral, text, worked};

/// Reads an instrument.
///
/// # Errors
/// The first flaw of the file.
pub fn read(file: &str, content: &str, phrases: &[Phrase]) -> Result<Instrument, Error> {
    let (head, blocks) = block::split(file, content)?;
    let mut instrument = read_head(head)?;
    let mut current: Option<(Heading, Version)> = None;
    for block in blocks {
        match block {
            Block::Section { at, line } => {
                keep(&mut instrument, current.take())?;
                if line.contains("{#") {
                    current = Some(begin(&instrument, &at, line)?);
                }
            }
            Block::Prose => {}
            Block::Line { at, line } => match &mut current {
                Some((_, version)) => read_line(version, at, line)?,
                None if line.starts_with("> ") => return Err(unknown(at, line)),
                None => {}
            },
            Block::Fence { at, info, lines } => match (&mut current, info) {
                (Some((head, version)), "toml limits") => {
                    let document = Document::read(file, at.line, &lines)?;
                    limit_block::read(&head.id, version, document)?;
                }
                _ => return Err(unknown(at, info)),
            },
            Block::Rows { rows } => {
                if let Some((head, version)) = &mut current {
                    let examples = worked::read(&head.id, version, &rows, phrases)?;
                    version.examples.extend(examples);
                }
            }
        }
    }
    keep(&mut instrument, current)?;
    for article in &mut instrument.articles {
        article.versions.sort_by_key(|version| version.interval.from);
    }
    Ok(instrument)
}

fn read_head(document: Document) -> Result<Instrument, Error> {
    let mut top = document.top;
    let place = top.at.clone();
    let from = top.required("from")?;
    let until = top.text("until")?;
    let rank = top.required("rank")?;
    let rank =
        Rank::ALL.iter().find(|(_, code, _)| *code == rank).map(|(rank, ..)| *rank).ok_or_else(|| {
            let wanted = "law, regulation, interpretation, rule or local";
            Error::BadValue { at: place.clone(), key: "rank".to_owned(), wanted }
        })?;
    let mut changes = Vec::new();
    for (name, mut table) in document.tables {
        if name != "change" {
            return Err(Error::UnknownKey { at: table.at, key: name });
        }
        let on = table.required("on")?;
        let on = heading::date(&table.at, &on)?;
        changes.push(Change { on, zh: table.required("zh")?, en: table.required("en")? });
        table.finish()?;
    }
    let instrument = Instrument {
        id: top.required("id")?,
        title_zh: top.required("title_zh")?,
        title_en: top.required("title_en")?,
        short_zh: top.required("short_zh")?,
        short_en: top.required("short_en")?,
        issuer: top.required("issuer")?,
        number: top.required("number")?,
        adopted: top.required("adopted")?,
        interval: heading::interval(&place, &from, until.as_deref())?,
        rank,
        successor: top.text("successor")?,
        source: top.required("source")?,
        verification: top.required("verification")?,
        changes,
        articles: Vec::new(),
        place,
    };
    Table::finish(top)?;
    Ok(instrument)
}

fn begin(instrument: &Instrument, at: &Place, line: &str) -> Result<(Heading, Version), Error> {
    let head = Heading::read(at, line)?;
    if !head.id.starts_with(&format!("{}/", instrument.id)) {
        return Err(Error::Dangling { at: at.clone(), reference: head.id });
    }
    let version = Version {
        place: at.clone(),
        interval: head.interval,
        mark: head.mark,
        was: head.was.clone(),
        now: head.now.clone(),
        paragraphs: Vec::new(),
        fates: Vec::new(),
        notes: Vec::new(),
        terms: Vec::new(),
        penalties: Vec::new(),
        thresholds: Vec::new(),
        examples: Vec::new(),
    };
    Ok((head, version))
}

/// A version is complete when the next heading comes.
fn keep(instrument: &mut Instrument, done: Option<(Heading, Version)>) -> Result<(), Error> {
    let Some((head, version)) = done else { return Ok(()) };
    if version.mark.is_some() == version.paragraphs.is_empty() {
        return Err(Error::NoText { at: version.place, article: head.id });
    }
    match instrument.articles.iter_mut().find(|article| article.id == head.id) {
        Some(article) => article.versions.push(version),
        None => {
            instrument.articles.push(Article { id: head.id, heading: head.title, versions: vec![version] })
        }
    }
    Ok(())
}

fn read_line(version: &mut Version, at: Place, line: &str) -> Result<(), Error> {
    if let Some(quoted) = line.strip_prefix('>') {
        return quote(version, &at, quoted.trim());
    }
    if let Some(note) = line.strip_prefix("注：").or_else(|| line.strip_prefix("Note: ")) {
        version.notes.push(note.trim().to_owned());
        return Ok(());
    }
    for (word, kind) in NAMED {
        let Some(rest) = line.strip_prefix(word) else { continue };
        let named =
            rest.strip_prefix('`').and_then(|r| r.split_once('`')).filter(|(name, _)| !name.is_empty());
        let Some((name, parts)) = named else { return Err(Error::EmptyFate { at }) };
        let targets = targets(version, &at, parts.trim())?;
        version.fates.push(Fate { place: at, targets, kind: kind(name.to_owned()) });
        return Ok(());
    }
    let Some((parts, reason)) = line.strip_prefix("另置").and_then(|rest| rest.split_once('：')) else {
        return Err(unknown(at, line));
    };
    if reason.trim().is_empty() {
        return Err(Error::EmptyFate { at });
    }
    let targets = targets(version, &at, parts.trim())?;
    version.fates.push(Fate { place: at, targets, kind: FateKind::SetAside(reason.trim().to_owned()) });
    Ok(())
}

fn quote(version: &mut Version, at: &Place, quoted: &str) -> Result<(), Error> {
    let Some(mut mark) = version.mark else { return Err(unknown(at.clone(), quoted)) };
    let mut words = quoted;
    if let Some((inner, rest)) = quoted.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
        mark = heading::parse_mark(at, inner)?;
        words = rest;
    }
    if words.is_empty() {
        return Ok(());
    }
    let last = version.paragraphs.last().map_or(0, |p| p.number);
    let item = text::item_number(words);
    let number = if item.is_some() && last > 0 { last } else { last.saturating_add(1) };
    version.paragraphs.push(Paragraph { number, item, text: words.to_owned(), mark });
    Ok(())
}

/// Reads `第一款第三项、第二款第一句`; a part without 款 is of the first paragraph.
fn targets(version: &Version, at: &Place, parts: &str) -> Result<Vec<Target>, Error> {
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    let sentences = version.sentences();
    parts
        .split('、')
        .map(|part| {
            let found = target(part.trim()).filter(|t| sentences.iter().any(|s| t.holds(s)));
            found.ok_or_else(|| Error::NoSuchTarget { at: at.clone(), target: part.trim().to_owned() })
        })
        .collect()
}

fn target(part: &str) -> Option<Target> {
    let mut target = Target { paragraph: 1, item: None, sentence: None };
    let mut rest = part;
    while !rest.is_empty() {
        let end = rest.find(['款', '项', '句'])?;
        let (count, tail) = (rest.get(..end)?.strip_prefix('第')?, rest.get(end..)?);
        let number = u8::try_from(numeral::parse(count)?).ok()?;
        let mut chars = tail.chars();
        match chars.next()? {
            '款' => target.paragraph = number,
            '项' => target.item = Some(number),
            _ => target.sentence = Some(number),
        }
        rest = chars.as_str();
    }
    Some(target)
}

fn unknown(at: Place, line: &str) -> Error {
    Error::UnknownLine { at, line: line.to_owned() }
}

/// Fates that carry a name in backticks.
const NAMED: [(&str, Named); 3] =
    [("规则 ", FateKind::Rule), ("参见 ", FateKind::Joins), ("测试 ", FateKind::Test)];

type Named = fn(String) -> FateKind;
