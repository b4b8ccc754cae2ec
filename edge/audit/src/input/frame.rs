//! One batch of rows in the form the file gave: a lane a column, read where it lies.

use std::borrow::Cow;

use arrow_array::{Array, BooleanArray, Float64Array, Int32Array, Int64Array, StringArray};

use super::reject::Fault;
use super::time::{TimeError, TimeForm, Zone, in_range, instant};

/// Range of a cell in its arena.
pub(crate) type Span = (u32, u32);

/// A batch of rows.
pub(crate) struct Frame<'a> {
    /// Rows.
    pub rows: usize,
    /// A lane for each column of the table, in the table's order.
    pub lanes: Vec<Lane<'a>>,
    /// The line of the first row.
    pub first_line: u64,
    /// Line of each row, counted from the first; `None` when row follows row.
    pub lines: Option<&'a [u32]>,
}

impl<'a> Frame<'a> {
    /// The line of a row in its file.
    pub(crate) fn line(&self, row: usize) -> u64 {
        let offset = match self.lines {
            Some(lines) => lines.get(row).copied().map_or(0, u64::from),
            None => row as u64,
        };
        self.first_line + offset
    }

    /// The lane of a column; a column that the table does not have is empty.
    pub(crate) fn lane(&self, column: usize) -> &Lane<'a> {
        static EMPTY: Lane<'static> = Lane::Constant("");
        self.lanes.get(column).unwrap_or(&EMPTY)
    }
}

/// One column of a batch.
pub(crate) enum Lane<'a> {
    /// The same text in every row: a default, or empty for an absent column.
    Constant(&'a str),
    /// Ranges of an arena, `width` cells a row.
    Cells { arena: &'a str, spans: &'a [Span], width: usize, at: usize },
    /// Strings row by row.
    Strings(&'a StringArray),
    /// Numbers of a dictionary.
    Dictionary { keys: &'a Int32Array, values: &'a StringArray },
    /// Whole numbers.
    Integers(&'a Int64Array),
    /// Instants or civil times as counts; so many units make a second.
    Times { values: &'a Int64Array, per_second: i64, zoned: bool },
    /// Flags.
    Flags(&'a BooleanArray),
    /// Numbers with fractions.
    Floats(&'a Float64Array),
    /// Rare types, written out.
    Written(&'a [Option<String>]),
}

impl Lane<'_> {
    /// The cell as text; empty where nothing is recorded.
    pub(crate) fn text(&self, row: usize) -> Cow<'_, str> {
        match self {
            Lane::Constant(text) => Cow::Borrowed(text),
            Lane::Cells { arena, spans, width, at } => Cow::Borrowed(cell(arena, spans, row * width + at)),
            Lane::Strings(array) if array.is_valid(row) => Cow::Borrowed(array.value(row)),
            Lane::Dictionary { keys, values } if keys.is_valid(row) => {
                Cow::Borrowed(entry(values, keys.value(row)))
            }
            Lane::Integers(array) if array.is_valid(row) => Cow::Owned(array.value(row).to_string()),
            Lane::Times { values, per_second, .. } if values.is_valid(row) => {
                Cow::Owned(written_millis(millis(values.value(row), *per_second)))
            }
            Lane::Flags(array) if array.is_valid(row) => {
                Cow::Borrowed(if array.value(row) { "yes" } else { "no" })
            }
            Lane::Floats(array) if array.is_valid(row) => Cow::Owned(written_float(array.value(row))),
            Lane::Written(rows) => Cow::Borrowed(rows.get(row).and_then(Option::as_deref).unwrap_or("")),
            Lane::Strings(_)
            | Lane::Dictionary { .. }
            | Lane::Integers(_)
            | Lane::Times { .. }
            | Lane::Flags(_)
            | Lane::Floats(_) => Cow::Borrowed(""),
        }
    }

    /// Is nothing recorded in this row?
    pub(crate) fn is_empty(&self, row: usize) -> bool {
        match self {
            Lane::Integers(array) => array.is_null(row),
            Lane::Times { values, .. } => values.is_null(row),
            Lane::Flags(array) => array.is_null(row),
            Lane::Floats(array) => array.is_null(row),
            Lane::Constant(_)
            | Lane::Cells { .. }
            | Lane::Strings(_)
            | Lane::Dictionary { .. }
            | Lane::Written(_) => self.text(row).trim().is_empty(),
        }
    }

    /// The cell as an instant.
    #[expect(clippy::wildcard_enum_match_arm, reason = "all other lanes are read as text")]
    pub(crate) fn instant(
        &self,
        row: usize,
        column: &'static str,
        form: &TimeForm,
        zone: Option<Zone>,
    ) -> Result<i64, Fault> {
        let result = match self {
            Lane::Times { values, per_second, zoned } if values.is_valid(row) => {
                let millis = millis(values.value(row), *per_second);
                match (zoned, zone) {
                    (true, _) => in_range(millis),
                    (false, Some(zone)) => in_range(millis - i64::from(zone.0) * 1_000),
                    (false, None) => Err(TimeError::NoZone),
                }
            }
            Lane::Integers(array) if array.is_valid(row) => match form {
                TimeForm::UnixSeconds => {
                    array.value(row).checked_mul(1_000).ok_or(TimeError::OutOfRange).and_then(in_range)
                }
                TimeForm::UnixMillis => in_range(array.value(row)),
                TimeForm::Written | TimeForm::Pattern(_) => {
                    instant(&array.value(row).to_string(), form, zone)
                }
            },
            _ => instant(&self.text(row), form, zone),
        };
        result.map_err(|error| Fault::new(column, error.to_string(), &self.text(row)))
    }
}

/// A cell of an arena; empty where the range is not one.
fn cell<'a>(arena: &'a str, spans: &[Span], at: usize) -> &'a str {
    spans.get(at).and_then(|(start, end)| arena.get(*start as usize..*end as usize)).unwrap_or("")
}

/// A value of a dictionary; empty where a damaged file points past its end.
fn entry(values: &StringArray, key: i32) -> &str {
    match usize::try_from(key) {
        Ok(at) if at < values.len() && values.is_valid(at) => values.value(at),
        _ => "",
    }
}

/// Counts of any unit as milliseconds, rounded down.
const fn millis(count: i64, per_second: i64) -> i64 {
    if per_second >= 1_000 {
        count.div_euclid(per_second / 1_000)
    } else {
        count.saturating_mul(1_000 / per_second)
    }
}

fn written_millis(millis: i64) -> String {
    anning_vocab::Timestamp::from_millis(millis).to_string()
}

/// Whole numbers without their point: a column of numbers with gaps is often kept as fractions.
pub(crate) fn written_float(value: f64) -> String {
    // Every whole number below 2^53 is exact, so nothing was lost on the way.
    if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0 {
        format!("{value:.0}")
    } else {
        value.to_string()
    }
}
