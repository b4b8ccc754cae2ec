//! Times and days as people write them.

use core::fmt;

use anning_vocab::Date;

use super::error::Error;

/// Offset from UTC in seconds, for times that carry none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(pub i32);

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minutes = self.0.unsigned_abs() / 60;
        write!(f, "{}{:02}:{:02}", if self.0 < 0 { '-' } else { '+' }, minutes / 60, minutes % 60)
    }
}

/// The form of the times of one column.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) enum TimeForm {
    /// `2021-11-11T09:30:00+08:00`, also with a space, slashes, one-digit months, without zone.
    #[default]
    Written,
    /// Seconds since the epoch.
    UnixSeconds,
    /// Milliseconds since the epoch.
    UnixMillis,
    /// A strftime pattern.
    Pattern(String),
}

impl TimeForm {
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        match text {
            "rfc3339" => Ok(Self::Written),
            "unix_s" => Ok(Self::UnixSeconds),
            "unix_ms" => Ok(Self::UnixMillis),
            pattern if pattern.contains('%') => Ok(Self::Pattern(pattern.to_owned())),
            other => Err(Error::Mapping {
                what: format!(
                    "time is rfc3339, unix_s, unix_ms or a pattern such as \"%Y/%m/%d %H:%M:%S\", not: {other:?}"
                ),
            }),
        }
    }
}

/// Why a text is no instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeError {
    Empty,
    Form,
    NoSuchDay,
    NoSuchHour,
    NoZone,
    NoTimeOfDay,
    BareNumber,
    OutOfRange,
    Pattern,
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "time is empty",
            Self::Form => {
                "not a time such as 2021-11-11T09:30:00+08:00; other writings need a pattern in mapping.toml"
            }
            Self::NoSuchDay => "no such day in the calendar",
            Self::NoSuchHour => "no such time of day",
            Self::NoZone => "time without a zone; set zone = \"+08:00\" in mapping.toml",
            Self::NoTimeOfDay => "a day is no instant: the time of day is missing",
            Self::BareNumber => "a bare number; declare the column as unix_s or unix_ms in mapping.toml",
            Self::OutOfRange => "time outside 1990 to 2100; are seconds and milliseconds mixed up?",
            Self::Pattern => "time does not match the pattern in mapping.toml",
        })
    }
}

/// Milliseconds since the epoch, from a text in the declared form.
pub(crate) fn instant(text: &str, form: &TimeForm, zone: Option<Zone>) -> Result<i64, TimeError> {
    let millis = match form {
        TimeForm::Written => match strict(text.as_bytes()) {
            Some(millis) => millis,
            None => loose(text, zone)?,
        },
        TimeForm::UnixSeconds => unix(text)?.checked_mul(1_000).ok_or(TimeError::OutOfRange)?,
        TimeForm::UnixMillis => unix(text)?,
        TimeForm::Pattern(pattern) => by_pattern(text, pattern, zone)?,
    };
    in_range(millis)
}

/// Instants outside 1990 to 2100 are mistakes of unit, not history.
pub(crate) const fn in_range(millis: i64) -> Result<i64, TimeError> {
    if millis >= FIRST_MILLIS && millis < END_MILLIS { Ok(millis) } else { Err(TimeError::OutOfRange) }
}

/// The usual writing with zone, exactly: nothing allocated, one pass. `None` sends it to [`loose`].
fn strict(b: &[u8]) -> Option<i64> {
    let (head, tail) = b.split_at_checked(19)?;
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, sep, h1, h2, b':', n1, n2, b':', s1, s2] = head else {
        return None;
    };
    if !matches!(sep, b'T' | b' ' | b't') {
        return None;
    }
    let two = |a: u8, b: u8| -> Option<u32> {
        let (a, b) = (a.wrapping_sub(b'0'), b.wrapping_sub(b'0'));
        (a < 10 && b < 10).then(|| u32::from(a) * 10 + u32::from(b))
    };
    let year = two(y1, y2)? * 100 + two(y3, y4)?;
    let (h, n, s) = (two(h1, h2)?, two(n1, n2)?, two(s1, s2)?);
    let (ms, zone) = match tail {
        [b'.', rest @ ..] => fraction(rest)?,
        rest => (0, rest),
    };
    let offset = match zone {
        b"Z" | b"z" => 0,
        &[sign @ (b'+' | b'-'), a1, a2, b':', b1, b2] => {
            let (h, n) = (two(a1, a2)?, two(b1, b2)?);
            let seconds = i64::from(h * 3_600 + n * 60);
            if h > 15 || n > 59 {
                return None;
            }
            if sign == b'-' { -seconds } else { seconds }
        }
        _ => return None,
    };
    if h > 23 || n > 59 || s > 59 {
        return None;
    }
    let day = Date::from_ymd(i32::try_from(year).ok()?, two(m1, m2)?, two(d1, d2)?)?;
    let seconds = i64::from(day.days()) * 86_400 + i64::from(h * 3_600 + n * 60 + s) - offset;
    Some(seconds * 1_000 + i64::from(ms))
}

/// Milliseconds from the digits after the point, and what follows them.
fn fraction(rest: &[u8]) -> Option<(u32, &[u8])> {
    let len = rest.iter().take_while(|c| c.is_ascii_digit()).count();
    if len == 0 || len > 9 {
        return None;
    }
    let ms = (0..3).fold(0, |ms, at| {
        ms * 10 + rest.get(at).filter(|_| at < len).map_or(0, |c| u32::from(c.wrapping_sub(b'0')))
    });
    Some((ms, rest.get(len..)?))
}

/// Other writings: slashes, dots or 年月日, one-digit months, no seconds, no zone.
fn loose(text: &str, zone: Option<Zone>) -> Result<i64, TimeError> {
    let text = text.trim().trim_start_matches('\'');
    if text.is_empty() {
        return Err(TimeError::Empty);
    }
    if text.len() >= 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(TimeError::BareNumber);
    }
    let (day, rest) = leading_day(text)?;
    let rest = rest.trim_start_matches(['T', 't', ' ']);
    if rest.is_empty() {
        return Err(TimeError::NoTimeOfDay);
    }
    let mut cursor = Cursor(rest);
    let h = cursor.number(2).ok_or(TimeError::Form)?;
    cursor.sign(&[':', '时', '点']).ok_or(TimeError::Form)?;
    let n = cursor.number(2).ok_or(TimeError::Form)?;
    let mut s = 0;
    let mut ms = 0;
    if cursor.sign(&[':', '分']).is_some() && !cursor.0.is_empty() {
        s = cursor.number(2).ok_or(TimeError::Form)?;
        let _ = cursor.sign(&['秒']);
        if cursor.sign(&['.', ',']).is_some() {
            let (millis, rest) = fraction(cursor.0.as_bytes()).ok_or(TimeError::Form)?;
            ms = millis;
            cursor = Cursor(cursor.0.get(cursor.0.len() - rest.len()..).unwrap_or_default());
        }
    }
    // A leap second is the second after it: no civil clock in China shows one.
    if h > 23 || n > 59 || s > 60 {
        return Err(TimeError::NoSuchHour);
    }
    let zone = match cursor.0.trim() {
        "" => zone.ok_or(TimeError::NoZone)?,
        written => parse_zone(written).ok_or(TimeError::Form)?,
    };
    let seconds = i64::from(day.days()) * 86_400 + i64::from(h * 3_600 + n * 60 + s) - i64::from(zone.0);
    Ok(seconds * 1_000 + i64::from(ms))
}

/// A day written alone: `2021-11-01`, `2021/11/1`, `2021年11月1日`, `20211101`.
pub(crate) fn day(text: &str) -> Result<Date, TimeError> {
    let text = text.trim().trim_start_matches('\'');
    if text.is_empty() {
        return Err(TimeError::Empty);
    }
    if let (8, Some(y), Some(m), Some(d)) = (text.len(), text.get(..4), text.get(4..6), text.get(6..))
        && let (Ok(y), Ok(m), Ok(d)) = (y.parse(), m.parse(), d.parse())
    {
        return Date::from_ymd(y, m, d).ok_or(TimeError::NoSuchDay);
    }
    match leading_day(text)? {
        (day, "") => Ok(day),
        _ => Err(TimeError::Form),
    }
}

fn leading_day(text: &str) -> Result<(Date, &str), TimeError> {
    let mut cursor = Cursor(text);
    let start = text.len();
    let year = cursor.number(4).ok_or(TimeError::Form)?;
    if start - cursor.0.len() != 4 {
        return Err(TimeError::Form);
    }
    cursor.sign(&['-', '/', '.', '年']).ok_or(TimeError::Form)?;
    let month = cursor.number(2).ok_or(TimeError::Form)?;
    cursor.sign(&['-', '/', '.', '月']).ok_or(TimeError::Form)?;
    let day = cursor.number(2).ok_or(TimeError::Form)?;
    let _ = cursor.sign(&['日']);
    let year = i32::try_from(year).map_err(|_| TimeError::Form)?;
    Ok((Date::from_ymd(year, month, day).ok_or(TimeError::NoSuchDay)?, cursor.0))
}

/// What is left of a text.
struct Cursor<'a>(&'a str);

impl Cursor<'_> {
    /// One to `most` digits.
    fn number(&mut self, most: usize) -> Option<u32> {
        let len = self.0.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let number = self.0.get(..len)?.parse().ok()?;
        self.0 = self.0.get(len..)?;
        Some(number)
    }

    /// One of these signs.
    fn sign(&mut self, signs: &[char]) -> Option<()> {
        self.0 = self.0.strip_prefix(signs)?;
        Some(())
    }
}

/// `Z`, `+08:00`, `+0800`, `+8`, `UTC+8`, `Asia/Shanghai`.
pub(crate) fn parse_zone(text: &str) -> Option<Zone> {
    let text = text.trim();
    match text {
        "Z" | "z" | "UTC" | "GMT" => return Some(Zone(0)),
        "Asia/Shanghai" | "PRC" | "CST+8" => return Some(Zone(8 * 3_600)),
        _ => {}
    }
    let text = text.strip_prefix("UTC").or_else(|| text.strip_prefix("GMT")).unwrap_or(text);
    let (sign, rest) = match text.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, text.strip_prefix(['-', '−'])?),
    };
    let (h, m) = match rest.split_once(':') {
        Some((h, m)) => (h, m),
        None if rest.len() == 4 => rest.split_at_checked(2)?,
        None => (rest, "0"),
    };
    if h.len() > 2 || m.len() > 2 || !h.bytes().chain(m.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (h, m): (i32, i32) = (h.parse().ok()?, m.parse().ok()?);
    (h <= 15 && m <= 59).then_some(Zone(sign * (h * 3_600 + m * 60)))
}

fn unix(text: &str) -> Result<i64, TimeError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TimeError::Empty);
    }
    // A column of numbers with gaps comes out of some tools with a decimal point.
    text.strip_suffix(".0").unwrap_or(text).parse().map_err(|_| TimeError::Form)
}

fn by_pattern(text: &str, pattern: &str, zone: Option<Zone>) -> Result<i64, TimeError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TimeError::Empty);
    }
    let parsed = jiff::fmt::strtime::parse(pattern, text).map_err(|_| TimeError::Pattern)?;
    if let Ok(instant) = parsed.to_timestamp() {
        return Ok(instant.as_millisecond());
    }
    let zone = zone.ok_or(TimeError::NoZone)?;
    let civil = parsed.to_datetime().map_err(|_| TimeError::NoTimeOfDay)?;
    let offset = jiff::tz::Offset::from_seconds(zone.0).map_err(|_| TimeError::NoZone)?;
    offset.to_timestamp(civil).map(|t| t.as_millisecond()).map_err(|_| TimeError::OutOfRange)
}

/// 1990-01-01T00:00:00Z.
const FIRST_MILLIS: i64 = 631_152_000_000;
/// 2101-01-01T00:00:00Z.
const END_MILLIS: i64 = 4_133_980_800_000;
