//! Times as others write them: vendors in UTC, rows with a zone.

use anning_vocab::{Date, Timestamp};

/// Reads `2026-11-27T08:00:00Z`.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let (day, clock) = text.strip_suffix('Z')?.split_once('T')?;
    let mut parts = clock.splitn(3, ':');
    let mut part = |most: i64| {
        let text = parts.next()?;
        let number: i64 = text.parse().ok()?;
        (text.len() == 2 && (0..=most).contains(&number)).then_some(number)
    };
    let seconds = part(23)? * 3_600 + part(59)? * 60 + part(60)?;
    let midnight = i64::from(Date::parse(day).ok()?.days()) * DAY_SECONDS;
    Some(Timestamp::from_millis((midnight + seconds) * 1_000))
}

/// Reads `2026-11-27T16:00:00+08:00`, or with `Z`; parts of a second are left out.
pub(super) fn zoned(text: &str) -> Option<Timestamp> {
    let (clock, minutes) = match text.strip_suffix('Z') {
        Some(clock) => (clock, 0),
        None => {
            let (clock, zone) = text.split_at_checked(text.len().checked_sub(ZONE)?)?;
            let (sign, zone) = zone.split_at_checked(1)?;
            let (hours, minutes) = zone.split_once(':')?;
            let digits =
                |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<i64>().ok());
            let (hours, minutes) = (digits(hours)??, digits(minutes)??);
            let sign = match sign {
                "+" => 1,
                "-" => -1,
                _ => return None,
            };
            if hours > 18 || minutes > 59 {
                return None;
            }
            (clock, sign * (hours * 60 + minutes))
        }
    };
    let clock = match clock.split_once('.') {
        Some((clock, rest)) if !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()) => clock,
        Some(_) => return None,
        None => clock,
    };
    Some(parse(&format!("{clock}Z"))?.plus_millis(-minutes * 60_000))
}

/// The day in UTC: `2026-11-27`.
pub(super) fn day(at: Timestamp) -> String {
    utc_day(at).to_string()
}

/// As RFC 2822 has it: `Fri, 27 Nov 2026 08:00:00 +0000`.
pub(super) fn rfc2822(at: Timestamp) -> String {
    let date = utc_day(at);
    let (year, month, day) = date.ymd();
    let weekday = WEEKDAYS.get(usize::from(date.weekday())).unwrap_or(&"Mon");
    let month = usize::try_from(month).ok().and_then(|n| MONTHS.get(n.checked_sub(1)?)).unwrap_or(&"Jan");
    let second = at.second().rem_euclid(DAY_SECONDS);
    let (h, m, s) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{weekday}, {day:02} {month} {year:04} {h:02}:{m:02}:{s:02} +0000")
}

fn utc_day(at: Timestamp) -> Date {
    Date::from_days(i32::try_from(at.second().div_euclid(DAY_SECONDS)).unwrap_or(0))
}

/// Characters of a zone such as `+08:00`.
const ZONE: usize = 6;
const DAY_SECONDS: i64 = 86_400;
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_with_a_zone() {
        let check = |text: &str, same: Option<&str>| assert_eq!(zoned(text), same.and_then(parse), "{text}");
        check("2026-11-27T16:00:00+08:00", Some("2026-11-27T08:00:00Z"));
        check("2026-11-27T16:00:00.123+08:00", Some("2026-11-27T08:00:00Z"));
        check("2026-11-27T08:00:00Z", Some("2026-11-27T08:00:00Z"));
        check("2026-11-26T22:30:00-09:30", Some("2026-11-27T08:00:00Z"));
        for bad in
            ["", "+08:00", "2026-11-27T16:00:00", "2026-11-27T16:00:00+8:00", "2026-11-27T16:00:00+19:00"]
        {
            check(bad, None);
        }
        check("2026-11-27T16:00:00.+08:00", None);
        check("2026-11-27T16:00:00一二", None);
    }

    #[test]
    fn times_of_other_vendors() {
        let check = |text: &str, written: Option<&str>| {
            assert_eq!(parse(text).map(rfc2822).as_deref(), written, "{text}");
        };
        check("2026-11-27T08:00:00Z", Some("Fri, 27 Nov 2026 08:00:00 +0000"));
        check("1970-01-01T23:59:59Z", Some("Thu, 01 Jan 1970 23:59:59 +0000"));
        check("2024-02-29T17:04:05Z", Some("Thu, 29 Feb 2024 17:04:05 +0000"));
        for bad in [
            "2026-11-27T08:00:00",
            "2026-11-27 08:00:00Z",
            "2026-13-27T08:00:00Z",
            "2026-11-27T24:00:00Z",
            "Z",
        ] {
            check(bad, None);
        }
        // Midnight in Beijing is another day there than in UTC.
        assert_eq!(day(parse("2026-11-27T23:30:00Z").unwrap()), "2026-11-27");
    }
}
