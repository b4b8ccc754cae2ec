//! Reads the whole law pack: instruments, phrases, obligations, cases.

use anning_vocab::{Fen, Role};

use crate::block::{self, Block};
use crate::data::{Document, Table};
use crate::error::{Error, Place};
use crate::example::Phrase;
use crate::instrument::Instrument;
use crate::limit::Sanction;
use crate::obligation::{DecidedCase, Obligation, ObligationFate};
use crate::{check, heading, page, worked};

/// Everything below `law/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pack {
    /// Instruments in the order of their file names, which is a timeline.
    pub instruments: Vec<Instrument>,
    /// O01 to O53.
    pub obligations: Vec<Obligation>,
    /// The phrases of situations.
    pub phrases: Vec<Phrase>,
    /// Decided cases.
    pub cases: Vec<DecidedCase>,
}

impl Pack {
    /// Reads files given as path below `law/` and content, and checks them against each other.
    ///
    /// # Errors
    /// The first flaw of every file; when all can be read, every contradiction between them.
    pub fn read(files: &[(&str, &str)]) -> Result<Self, Vec<Error>> {
        let mut pack = Self::default();
        let mut errors = Vec::new();
        let mut sorted = files.to_vec();
        sorted.sort_unstable();
        for (file, content) in &sorted {
            if *file == PHRASES {
                match worked::phrases(file, content) {
                    Ok(phrases) => pack.phrases = phrases,
                    Err(error) => errors.push(error),
                }
            }
        }
        for (file, content) in &sorted {
            let outcome = if file.starts_with("cn/") {
                page::read(file, content, &pack.phrases).map(|instrument| pack.instruments.push(instrument))
            } else if file.starts_with("cases/") {
                read_case(file, content, &pack.phrases).map(|case| pack.cases.push(case))
            } else if *file == OBLIGATIONS {
                read_obligations(file, content).map(|rows| pack.obligations = rows)
            } else {
                Ok(())
            };
            errors.extend(outcome.err());
        }
        if errors.is_empty() {
            errors = check::check(&pack);
        }
        if errors.is_empty() { Ok(pack) } else { Err(errors) }
    }
}

fn read_obligations(file: &str, content: &str) -> Result<Vec<Obligation>, Error> {
    let lines: Vec<(usize, &str)> = content.lines().enumerate().map(|(i, line)| (i + 1, line)).collect();
    let mut obligations = Vec::new();
    for block in block::blocks(file, &lines)? {
        let Block::Rows { rows } = block else { continue };
        for (at, cells) in rows {
            obligations.push(read_obligation(at, &cells)?);
        }
    }
    Ok(obligations)
}

fn read_obligation(at: Place, cells: &[&str]) -> Result<Obligation, Error> {
    let [id, bound, who, zh, en, basis, period, fate] = cells else {
        return Err(Error::Columns { at, found: cells.len(), wanted: 8 });
    };
    let (from, until) = period.split_once("..").unwrap_or((period, ""));
    let until = Some(until.trim()).filter(|text| !text.is_empty());
    let interval = heading::interval(&at, from.trim(), until)?;
    let fate = if let Some(reason) = fate.strip_prefix("另置：").filter(|reason| !reason.is_empty()) {
        ObligationFate::SetAside(reason.to_owned())
    } else {
        let names = fate.strip_prefix("规则 ").map(|names| names.split('、').map(str::trim));
        let names: Option<Vec<String>> = names.and_then(|names| {
            names.map(|n| n.strip_prefix('`')?.strip_suffix('`').map(str::to_owned)).collect()
        });
        ObligationFate::Rules(names.ok_or_else(|| Error::EmptyFate { at: at.clone() })?)
    };
    Ok(Obligation {
        place: at,
        id: (*id).to_owned(),
        who_zh: (*bound).to_owned(),
        who_en: (*who).to_owned(),
        zh: (*zh).to_owned(),
        en: (*en).to_owned(),
        articles: basis.split('、').map(|article| article.trim().to_owned()).collect(),
        interval,
        fate,
    })
}

fn read_case(file: &str, content: &str, phrases: &[Phrase]) -> Result<DecidedCase, Error> {
    let lines: Vec<(usize, &str)> = content.lines().enumerate().map(|(i, line)| (i + 1, line)).collect();
    let fence = block::blocks(file, &lines)?.into_iter().find_map(|block| match block {
        Block::Fence { at, info: "toml case", lines } => Some((at, lines)),
        Block::Fence { .. }
        | Block::Prose
        | Block::Line { .. }
        | Block::Rows { .. }
        | Block::Section { .. } => None,
    });
    let (at, lines) = fence.ok_or_else(|| Error::MissingKey {
        at: Place { file: file.to_owned(), line: 1 },
        key: "a fenced block `toml case`",
    })?;
    let Document { mut top, tables } = Document::read(file, at.line, &lines)?;
    if let Some((name, table)) = tables.into_iter().next() {
        return Err(Error::UnknownKey { at: table.at, key: name });
    }
    let date = top.required("date")?;
    let situation = top.texts("situation")?.join("、");
    let other = top.texts("other")?;
    let other = other.iter().map(|code| Sanction::from_code(code)).collect::<Option<_>>();
    let roles = top.texts("roles")?;
    let roles = roles.iter().map(|code| Role::from_code(code)).collect::<Option<_>>();
    let messages = top.whole("messages")?;
    let case = DecidedCase {
        id: top.required("id")?,
        mark: top.required("mark")?,
        date: heading::date(&at, &date)?,
        situation: worked::situation_of(&at, &situation, phrases)?,
        roles: roles.ok_or_else(|| bad(&at, "roles", "role codes such as \"advertiser\""))?,
        breached: top.texts("breached")?,
        penalty: top.text("penalty")?,
        inferred: top.flag("inferred")?,
        messages: messages.and_then(|count| u64::try_from(count).ok()),
        gain: sum(&mut top, "gain_fen")?,
        fine: sum(&mut top, "fine_fen")?,
        confiscated: sum(&mut top, "confiscated_fen")?,
        other: other.ok_or_else(|| bad(&at, "other", "sanction codes such as \"warning\""))?,
        place: at,
    };
    top.finish()?;
    Ok(case)
}

fn bad(at: &Place, key: &str, wanted: &'static str) -> Error {
    Error::BadValue { at: at.clone(), key: key.to_owned(), wanted }
}

fn sum(table: &mut Table, key: &str) -> Result<Option<Fen>, Error> {
    Ok(table.whole(key)?.map(Fen))
}

const PHRASES: &str = "examples.md";
const OBLIGATIONS: &str = "obligations.md";
