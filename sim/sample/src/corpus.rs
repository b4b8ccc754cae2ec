//! Texts drawn from somebody's own file.

use std::path::Path;

use anning_vocab::Class;

use crate::Error;
use crate::random::{below, draw};

/// Texts and what they are, held in memory.
pub(crate) struct Corpus {
    rows: Vec<(Box<str>, Option<Class>)>,
}

impl Corpus {
    /// Reads columns `text` (needed), `commercial` (`1`, `0` or empty) and `mixed`; others are passed over.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let mut reader = csv::Reader::from_path(path).map_err(|e| Error::texts(path, None, reason(&e)))?;
        let headers = reader.headers().map_err(|e| Error::texts(path, Some(1), reason(&e)))?.clone();
        let column = |name: &str| {
            headers.iter().position(|h| h.trim_start_matches('\u{feff}').trim().eq_ignore_ascii_case(name))
        };
        let text = column("text").ok_or_else(|| Error::texts(path, Some(1), "no column: text"))?;
        let (commercial, mixed) = (column("commercial"), column("mixed"));
        let (mut rows, mut bytes) = (Vec::new(), 0);
        let mut record = csv::StringRecord::new();
        while reader
            .read_record(&mut record)
            .map_err(|e| Error::texts(path, e.position().map(csv::Position::line), reason(&e)))?
        {
            let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or("").trim();
            let body = cell(Some(text));
            if body.is_empty() {
                continue;
            }
            let class = match (cell(commercial), cell(mixed)) {
                ("1", "1") => Some(Class::Mixed),
                ("1", _) => Some(Class::Commercial),
                ("0", _) => Some(Class::NotCommercial),
                ("", _) => None,
                (other, _) => {
                    let line = record.position().map(csv::Position::line);
                    return Err(Error::texts(
                        path,
                        line,
                        format!("`commercial` is neither 1, 0 nor empty: {other}"),
                    ));
                }
            };
            bytes += body.len();
            if bytes > MAX_BYTES {
                return Err(Error::texts(path, None, format!("more than {} MiB of texts", MAX_BYTES >> 20)));
            }
            rows.push((body.into(), class));
        }
        if rows.is_empty() {
            return Err(Error::texts(path, None, "no text in it"));
        }
        Ok(Self { rows })
    }

    /// The text for send number `nth` of a campaign.
    pub(crate) fn draw(&self, seed: u64, campaign: u64, nth: u64) -> (&str, Option<Class>) {
        let at = below(draw(seed, DRAWN ^ campaign, nth), self.rows.len() as u64);
        usize::try_from(at)
            .ok()
            .and_then(|at| self.rows.get(at))
            .map_or(("", None), |(text, class)| (text, *class))
    }
}

fn reason(error: &csv::Error) -> String {
    if let csv::ErrorKind::UnequalLengths { expected_len, len, .. } = error.kind() {
        return format!("{len} columns where the heading has {expected_len}");
    }
    if matches!(error.kind(), csv::ErrorKind::Utf8 { .. }) {
        "not UTF-8".to_owned()
    } else {
        error.to_string()
    }
}

const DRAWN: u64 = 0x4452_4157 << 32;
/// What a file of texts may hold.
const MAX_BYTES: usize = 1 << 30;
