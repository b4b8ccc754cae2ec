//! Stored records, read with suspicion: whoever wrote one may be mistaken or hostile.
//!
//! Bounds are held before anything is built; then every reference, number and date must make sense. What passes is a
//! [`Record`] that rules may take at its word about its own shape, never about the page.

mod part;
mod scan;

use anning_vocab::{Date, Timestamp};

use crate::Error;
use crate::record::{FORMAT, Record};
use part::At;

impl Record {
    /// Reads a record from JSON in UTF-8, as `spec/page-record.md` has it.
    ///
    /// # Errors
    /// [`Error`] with the JSON path and the way out. Nothing is taken in part.
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > RECORD_MAX {
            return Err(Error::TooLarge { bytes: bytes.len(), max: RECORD_MAX });
        }
        scan::hold_bounds(bytes)?;
        let record: Self = serde_json::from_slice(bytes).map_err(|error| Error::Json {
            path: scan::path_at(bytes, error.line(), error.column()),
            line: error.line(),
            column: error.column(),
            why: reason(&error),
        })?;
        record.check()?;
        Ok(record)
    }

    /// Is it whole and within bounds? For recorders, before they store one.
    ///
    /// # Errors
    /// [`Error`], as for [`Record::read`].
    pub fn check(&self) -> Result<(), Error> {
        if self.format != FORMAT {
            return Err(Error::Format { found: part::shown(&self.format), wanted: FORMAT });
        }
        part::record(self, &At::root())
    }

    /// The civil day in Beijing on which it was recorded: the day whose law counts.
    ///
    /// # Errors
    /// [`Error::Form`] when `recorded_at` is no instant in UTC.
    pub fn day(&self) -> Result<Date, Error> {
        self.instant().map(Timestamp::date)
    }

    /// When the recording began.
    ///
    /// # Errors
    /// [`Error::Form`] when `recorded_at` is no instant in UTC.
    pub fn instant(&self) -> Result<Timestamp, Error> {
        instant(&self.recorded_at).ok_or_else(|| Error::Form {
            path: "$.recorded_at".to_owned(),
            found: part::shown(&self.recorded_at),
            wanted: INSTANT,
        })
    }
}

/// What the parser says, without its own line and column, and cut: it quotes the record.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(said, _)| said);
    part::shown(text)
}

/// `YYYY-MM-DDTHH:MM:SS[.fff…]Z`.
fn instant(text: &str) -> Option<Timestamp> {
    let (day, rest) = text.split_once('T')?;
    let clock = rest.strip_suffix('Z')?;
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let digits = |part: &str, most: usize| {
        (!part.is_empty() && part.len() <= most && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<i64>().ok())
            .flatten()
    };
    digits(fraction, 9)?;
    let mut parts = whole.split(':').map(|part| digits(part, 2).filter(|_| part.len() == 2));
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let days = i64::from(Date::parse(day).ok()?.days());
    Some(Timestamp::from_millis(((days * 24 + hour) * 60 + minute) * 60_000 + second * 1_000))
}

/// Bytes of a record.
pub const RECORD_MAX: usize = 64 << 20;
/// States of a record.
pub const STATES_MAX: usize = 200;
/// Events of a record; also what their requests may be.
pub const EVENTS_MAX: usize = 400;
/// Texts, links, controls and fields, each, of a state.
pub const ELEMENTS_MAX: usize = 20_000;
/// Dialogs of a state.
pub const DIALOGS_MAX: usize = 100;
/// Documents of a record.
pub const DOCUMENTS_MAX: usize = 64;
/// Paragraphs of a document.
pub const PARAGRAPHS_MAX: usize = 20_000;
/// Notes, files.
pub const NOTES_MAX: usize = 2_000;

const INSTANT: &str = "an instant in UTC as 2026-11-27T02:00:00Z";

#[cfg(test)]
mod tests {
    use super::instant;
    use anning_vocab::Date;

    #[test]
    fn instants_are_read_to_the_day_in_beijing() {
        for (text, day) in [
            ("2021-10-31T15:59:59Z", Some("2021-10-31")),
            ("2021-10-31T16:00:00Z", Some("2021-11-01")),
            ("2021-10-31T16:00:00.123456Z", Some("2021-11-01")),
            ("2021-10-31T16:00:00+00:00", None),
            ("2021-10-31", None),
            ("2021-02-30T00:00:00Z", None),
            ("2021-02-03T24:00:00Z", None),
            ("2021-02-03T1:00:00Z", None),
            ("2021-02-03T01:00:00:00Z", None),
            ("2021-02-03T01:00:00.Z", None),
            ("2021-02-03T-1:00:00Z", None),
            ("", None),
        ] {
            let found = instant(text).map(anning_vocab::Timestamp::date);
            assert_eq!(found, day.map(|d| Date::parse(d).unwrap()), "{text}");
        }
    }
}
