//! Times as the protocols write them: `YYMMDDhhmmsstnnp`, absolute with a zone in quarters of an hour, or relative.

use anning_vocab::{Date, Timestamp};

/// The instant that a field names; none if it is empty, no such time, or not later than now.
pub(super) fn not_before(field: &[u8], now: Timestamp) -> Option<Timestamp> {
    let text = core::str::from_utf8(field).ok()?.trim_end_matches('\0').trim();
    let digits = text.get(..12)?;
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |at: usize| digits.get(at..at + 2).and_then(|two| two.parse::<u32>().ok());
    let [year, month, day, hour, minute, second] =
        [part(0)?, part(2)?, part(4)?, part(6)?, part(8)?, part(10)?];
    if hour > 23 && text.as_bytes().get(15) != Some(&b'R') {
        return None;
    }
    let clock = i64::from(hour) * 3_600_000 + i64::from(minute) * 60_000 + i64::from(second) * 1_000;
    let at = match text.as_bytes().get(15) {
        Some(b'R') => {
            let days = i64::from(year) * 365 + i64::from(month) * 30 + i64::from(day);
            now.plus_millis(days * 86_400_000 + clock)
        }
        // Without a zone it is Beijing's. Quarters of an hour east (+) or west (-) of Greenwich otherwise.
        sign => {
            let date = Date::from_ymd(i32::try_from(2_000 + year).ok()?, month, day)?;
            let beijing = date.start().plus_millis(clock);
            let quarters = text.get(13..15).and_then(|two| two.parse::<i64>().ok());
            match (sign, quarters) {
                (Some(b'+'), Some(quarters)) => beijing.plus_millis((32 - quarters) * 900_000),
                (Some(b'-'), Some(quarters)) => beijing.plus_millis((32 + quarters) * 900_000),
                (_, _) => beijing,
            }
        }
    };
    (at > now).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_the_protocols() {
        let now = Date::from_ymd(2026, 11, 11).unwrap().start().plus_millis(9 * 3_600_000);
        let check = |field: &[u8], hours: Option<i64>| {
            let expected = hours.map(|hours| now.plus_millis(hours * 3_600_000));
            assert_eq!(not_before(field, now), expected, "{}", field.escape_ascii());
        };
        check(b"261111110000032+", Some(2));
        check(b"261111110000000+", Some(10));
        check(b"261111030000032-", Some(10));
        check(b"000000020000000R", Some(2));
        check(b"261111080000032+", None);
        check(b"261111990000032+", None);
        check(b"", None);
        check(b"26111111", None);
    }
}
