//! Cells to values. What a cell may hold is named in the reason.

use std::collections::HashMap;

use anning_vocab::{Date, Frequency, Known, Set, Timestamp, Window};

/// Names to small numbers, in order of first sight.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    ids: HashMap<String, u32>,
    names: Vec<String>,
}

impl Names {
    pub fn id(&mut self, name: &str) -> u32 {
        if let Some(id) = self.ids.get(name) {
            return *id;
        }
        let id = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.ids.insert(name.to_owned(), id);
        self.names.push(name.to_owned());
        id
    }

    pub fn name(&self, id: u32) -> &str {
        self.names.get(id as usize).map_or("", String::as_str)
    }
}

/// RFC 3339 with a zone.
pub(crate) fn time(cell: &str) -> Result<Timestamp, String> {
    let instant: jiff::Timestamp =
        cell.parse().map_err(|_| "is no time with a zone, such as 2021-11-11T09:30:00+08:00".to_owned())?;
    Ok(Timestamp::from_millis(instant.as_millisecond()))
}

pub(crate) fn date(cell: &str) -> Result<Date, String> {
    Date::parse(cell).map_err(|e| format!("is {e}"))
}

pub(crate) fn flag(cell: &str) -> Result<bool, String> {
    match cell {
        "yes" | "1" | "true" | "是" => Ok(true),
        "no" | "0" | "false" | "否" => Ok(false),
        _ => Err(format!("is neither yes nor no: {cell}")),
    }
}

pub(crate) fn known(cell: &str) -> Result<Known, String> {
    flag(cell).map(|yes| Known::from_option(Some(yes)))
}

/// A member of a closed list.
pub(crate) fn word<T: Copy + core::fmt::Display + 'static>(
    all: &'static [T],
    from: fn(&str) -> Option<T>,
) -> impl Fn(&str) -> Result<T, String> {
    move |cell| {
        from(cell).ok_or_else(|| {
            let codes: Vec<String> = all.iter().map(ToString::to_string).collect();
            format!("is none of {}: {cell}", codes.join(", "))
        })
    }
}

/// Several members, separated by `|`.
pub(crate) fn set<T: Copy + core::fmt::Display + 'static>(
    all: &'static [T],
    from: fn(&str) -> Option<T>,
) -> impl Fn(&str) -> Result<Set<T>, String>
where
    Set<T>: FromIterator<T>,
{
    move |cell| cell.split('|').map(|part| word(all, from)(part.trim())).collect()
}

/// `4/month`.
pub(crate) fn frequency(cell: &str) -> Result<Frequency, String> {
    let parsed = cell.split_once('/').and_then(|(count, window)| {
        Some(Frequency { at_most: count.trim().parse().ok()?, per: Window::from_code(window.trim())? })
    });
    parsed.ok_or_else(|| format!("is no frequency such as 4/month: {cell}"))
}

/// Days, not negative.
pub(crate) fn days(cell: &str) -> Result<u32, String> {
    cell.parse().map_err(|_| format!("is no number of days from 0 up: {cell}"))
}
