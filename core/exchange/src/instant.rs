//! Instants as RFC 3339 writes them.

use anning_vocab::{Date, Timestamp};

/// The text of an instant, with the offset of Beijing; none outside the years 1 to 9999.
pub(crate) fn write(at: Timestamp) -> Option<String> {
    let text = at.to_string();
    (read(&text) == Some((at, false))).then_some(text)
}

/// Reads an instant that carries its zone; true when it was finer than a millisecond, and cut.
pub(crate) fn read(text: &str) -> Option<(Timestamp, bool)> {
    let date = Date::parse(text.get(..10)?).ok()?;
    let time = text.get(10..)?;
    let time = time.strip_prefix('T').or_else(|| time.strip_prefix('t'))?;
    let (hour, time) = two(time, 23)?;
    let (minute, time) = two(time.strip_prefix(':')?, 59)?;
    let (second, time) = two(time.strip_prefix(':')?, 59)?;
    let (millis, cut, zone) = fraction(time)?;
    let of_day = ((hour * 60 + minute) * 60 + second) * 1_000 + millis;
    let day = i64::from(date.days()) * DAY_MS;
    Some((Timestamp::from_millis(day + of_day - offset(zone)?), cut))
}

fn two(text: &str, at_most: i64) -> Option<(i64, &str)> {
    let (digits, rest) = text.split_at_checked(2)?;
    let all = digits.bytes().all(|b| b.is_ascii_digit());
    let number: i64 = digits.parse().ok().filter(|_| all)?;
    (number <= at_most).then_some((number, rest))
}

/// Milliseconds, whether something finer was cut, and what follows.
fn fraction(text: &str) -> Option<(i64, bool, &str)> {
    let Some(text) = text.strip_prefix('.') else { return Some((0, false, text)) };
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (fraction, rest) = text.split_at_checked(digits).filter(|_| (1..=9).contains(&digits))?;
    let nanos: i64 = format!("{fraction:0<9}").parse().ok()?;
    Some((nanos / 1_000_000, nanos % 1_000_000 != 0, rest))
}

fn offset(zone: &str) -> Option<i64> {
    if zone == "Z" || zone == "z" {
        return Some(0);
    }
    let (sign, rest) = zone.split_at_checked(1)?;
    let sign = match sign {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let (hours, rest) = two(rest, 23)?;
    let (minutes, rest) = two(rest.strip_prefix(':')?, 59)?;
    rest.is_empty().then_some(sign * (hours * 60 + minutes) * 60_000)
}

const DAY_MS: i64 = 86_400_000;

#[cfg(test)]
mod tests {
    use super::{read, write};
    use anning_vocab::Timestamp;

    fn check(text: &str, expected: Option<i64>) {
        assert_eq!(read(text).map(|(at, _)| at.millis()), expected, "{text}");
    }

    #[test]
    fn zones_and_fractions() {
        check("1970-01-01T08:00:00+08:00", Some(0));
        check("1970-01-01T00:00:00Z", Some(0));
        check("1969-12-31T19:00:00.001-05:00", Some(1));
        check("2021-11-11T09:30:00.123456+08:00", Some(1_636_594_200_123));
        for bad in [
            "2024-01-01",
            "2023-11-05T16:08:50",
            "2023-11-05 16:08:50Z",
            "2023-02-29T00:00:00Z",
            "2023-01-01T24:00:00Z",
            "2023-01-01T00:00:60Z",
            "2023-01-01T00:00:00.Z",
            "2023-01-01T00:00:00+8:00",
            "2023-01-01T00:00:00+08:00 ",
            "二三",
            "",
        ] {
            check(bad, None);
        }
        assert_eq!(read("2021-11-11T00:00:00.0001Z").map(|(_, cut)| cut), Some(true));
    }

    #[test]
    fn only_the_calendar_is_written() {
        assert!(write(Timestamp::from_millis(i64::MAX)).is_none());
        assert!(write(Timestamp::from_millis(i64::MIN)).is_none());
        assert_eq!(write(Timestamp::from_millis(7)).as_deref(), Some("1970-01-01T08:00:00.007+08:00"));
    }
}
