//! Cells of closed columns: words, flags, lists, frequencies.

use anning_vocab::{Frequency, Window};

use super::reject::Fault;

/// A word of a closed list, or nothing when the cell is empty.
macro_rules! word {
    ($word:ty, $column:expr, $cell:expr) => {
        $crate::input::word::one($column, $cell, <$word>::from_code, <$word>::ALL.iter().map(|w| w.code()))
    };
}
/// A list of words separated by `|`, or nothing when the cell is empty.
macro_rules! words {
    ($word:ty, $column:expr, $cell:expr) => {
        $crate::input::word::many($column, $cell, <$word>::from_code, <$word>::ALL.iter().map(|w| w.code()))
    };
}
pub(crate) use {word, words};

pub(crate) fn one<T>(
    column: &'static str,
    cell: &str,
    parse: impl Fn(&str) -> Option<T>,
    allowed: impl Iterator<Item = &'static str>,
) -> Result<Option<T>, Fault> {
    let cell = cell.trim();
    if cell.is_empty() {
        return Ok(None);
    }
    let usual = || super::usual::code(column, cell).and_then(&parse);
    match parse(cell).or_else(|| parse(&cell.to_ascii_lowercase())).or_else(usual) {
        Some(word) => Ok(Some(word)),
        None => Err(unknown(column, cell, allowed)),
    }
}

pub(crate) fn many<T, S: FromIterator<T>>(
    column: &'static str,
    cell: &str,
    parse: impl Fn(&str) -> Option<T>,
    allowed: impl Iterator<Item = &'static str> + Clone,
) -> Result<Option<S>, Fault> {
    if cell.trim().is_empty() {
        return Ok(None);
    }
    let words = cell.split('|').filter_map(|part| one(column, part, &parse, allowed.clone()).transpose());
    words.collect::<Result<S, Fault>>().map(Some)
}

fn unknown(column: &'static str, cell: &str, allowed: impl Iterator<Item = &'static str>) -> Fault {
    let allowed: Vec<&str> = allowed.collect();
    Fault::new(column, format!("unknown word; allowed: {}", allowed.join(" ")), cell).mappable()
}

/// Yes, no, or nothing when the cell is empty.
pub(crate) fn flag(column: &'static str, cell: &str) -> Result<Option<bool>, Fault> {
    match cell.trim().to_ascii_lowercase().as_str() {
        "" => Ok(None),
        "yes" | "1" | "true" | "y" | "t" | "是" => Ok(Some(true)),
        "no" | "0" | "false" | "n" | "f" | "否" => Ok(Some(false)),
        _ => Err(Fault::new(column, "not a flag; allowed: yes no, 1 0, true false, 是 否, or empty", cell)),
    }
}

/// `N/day`, `N/week`, `N/month`, `N/year`.
pub(crate) fn frequency(column: &'static str, cell: &str) -> Result<Option<Frequency>, Fault> {
    let cell = cell.trim();
    if cell.is_empty() {
        return Ok(None);
    }
    let parsed = cell.split_once('/').and_then(|(n, per)| {
        // A consent to be sent nothing is none: written so, something else was meant.
        let at_most: u16 = n.trim().parse().ok().filter(|n| *n > 0)?;
        let per = Window::from_code(&per.trim().to_ascii_lowercase())?;
        Some(Frequency { at_most, per })
    });
    let wrong = || {
        Fault::new(column, "not a frequency such as 4/month: one or more, per day, week, month or year", cell)
    };
    parsed.map(Some).ok_or_else(wrong)
}

/// A count of days; never negative.
pub(crate) fn days(column: &'static str, cell: &str) -> Result<Option<u32>, Fault> {
    let cell = cell.trim();
    if cell.is_empty() {
        return Ok(None);
    }
    let whole = cell.strip_suffix(".0").unwrap_or(cell);
    match whole.parse::<i64>() {
        Ok(n) if n < 0 => Err(Fault::new(column, "negative period", cell)),
        Ok(n) if n > DAYS_MAX => Err(Fault::new(column, "longer than 200 years", cell)),
        Ok(n) => Ok(u32::try_from(n).ok()),
        Err(_) => Err(Fault::new(column, "not a whole number of days", cell)),
    }
}

/// A trimmed id, or nothing when the cell is empty.
pub(crate) fn id(cell: &str) -> Option<&str> {
    let cell = cell.trim();
    (!cell.is_empty()).then_some(cell)
}

const DAYS_MAX: i64 = 73_000;
