//! Cuts a page into its head, headings, lines, fenced blocks and tables.

use crate::data::Document;
use crate::error::{Error, Place};

/// A piece of a page, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block<'t> {
    /// `## …`.
    Section {
        /// Where.
        at: Place,
        /// What follows `## `.
        line: &'t str,
    },
    /// The title or an empty line.
    Prose,
    /// Any other line.
    Line {
        /// Where.
        at: Place,
        /// The line, trimmed.
        line: &'t str,
    },
    /// A fenced block.
    Fence {
        /// Where it opens.
        at: Place,
        /// What follows the backticks.
        info: &'t str,
        /// Its lines.
        lines: Vec<(usize, &'t str)>,
    },
    /// A table without its two header lines.
    Rows {
        /// Each row with its cells.
        rows: Vec<(Place, Vec<&'t str>)>,
    },
}

/// Splits an instrument or case into head and blocks.
///
/// # Errors
/// [`Error::NoHead`], [`Error::OpenFence`], [`Error::Data`].
pub fn split<'t>(file: &str, content: &'t str) -> Result<(Document, Vec<Block<'t>>), Error> {
    let lines: Vec<(usize, &str)> = content.lines().enumerate().map(|(i, line)| (i + 1, line)).collect();
    let no_head = || Error::NoHead { at: Place { file: file.to_owned(), line: 1 } };
    let body = match lines.split_first() {
        Some(((_, fence), rest)) if fence.trim_end() == "+++" => rest,
        _ => return Err(no_head()),
    };
    let close = body.iter().position(|(_, line)| line.trim_end() == "+++").ok_or_else(no_head)?;
    let (head, body) = body.split_at_checked(close).ok_or_else(no_head)?;
    let document = Document::read(file, 1, head)?;
    Ok((document, blocks(file, body.get(1..).unwrap_or(&[]))?))
}

/// Cuts lines that have no head.
///
/// # Errors
/// [`Error::OpenFence`].
pub fn blocks<'t>(file: &str, lines: &[(usize, &'t str)]) -> Result<Vec<Block<'t>>, Error> {
    let mut blocks = Vec::new();
    let mut rest = lines.iter().copied().peekable();
    while let Some((number, line)) = rest.next() {
        let at = Place { file: file.to_owned(), line: number };
        let line = line.trim();
        if let Some(info) = line.strip_prefix("```") {
            let mut inner = Vec::new();
            loop {
                match rest.next() {
                    None => return Err(Error::OpenFence { at }),
                    Some((_, line)) if line.trim() == "```" => break,
                    Some(pair) => inner.push(pair),
                }
            }
            blocks.push(Block::Fence { at, info: info.trim(), lines: inner });
        } else if line.starts_with('|') {
            let mut rows = Vec::new();
            while let Some((number, row)) = rest.next_if(|(_, row)| row.trim().starts_with('|')) {
                rows.push((Place { file: file.to_owned(), line: number }, cells(row)));
            }
            // The first of these is the rule of dashes below the header.
            if !rows.is_empty() {
                rows.remove(0);
            }
            blocks.push(Block::Rows { rows });
        } else if let Some(section) = line.strip_prefix("## ") {
            blocks.push(Block::Section { at, line: section });
        } else if line.is_empty() || line.starts_with("# ") {
            blocks.push(Block::Prose);
        } else {
            blocks.push(Block::Line { at, line });
        }
    }
    Ok(blocks)
}

fn cells(row: &str) -> Vec<&str> {
    let row = row.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    let row = row.strip_suffix('|').unwrap_or(row);
    row.split('|').map(str::trim).collect()
}
