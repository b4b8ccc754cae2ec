//! Instants in UTC, civil dates in Beijing.
//!
//! All civil dates, days, hours and law dates are Asia/Shanghai, which has been UTC+8 without summer
//! time since 1991-09-15, before any text in the law pack.

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

/// A civil date in Beijing: days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Date(i32);

/// From a date to a date, both included; no end while in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Interval {
    /// First day.
    pub from: Date,
    /// Last day, if it has ended.
    pub until: Option<Date>,
}

/// Why a text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateError {
    /// Not of the form `YYYY-MM-DD`.
    Form,
    /// The form is right but there is no such day.
    NoSuchDay,
}

impl core::fmt::Display for DateError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Form => "not a date of the form YYYY-MM-DD",
            Self::NoSuchDay => "no such day in the calendar",
        })
    }
}
impl core::error::Error for DateError {}

impl Timestamp {
    /// The last representable instant.
    pub const MAX: Self = Self(i64::MAX);

    /// From milliseconds since the epoch, UTC.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch, UTC.
    #[must_use]
    #[inline]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Seconds since the epoch, rounded down: evidence clocks are no finer.
    #[must_use]
    #[inline]
    pub const fn second(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// The civil date in Beijing; clamped at the ends of the calendar.
    #[must_use]
    #[inline]
    pub const fn date(self) -> Date {
        let day = self.0.saturating_add(BEIJING_MS).div_euclid(DAY_MS);
        Date(if day > MAX_DAY as i64 {
            MAX_DAY
        } else if day < -(MAX_DAY as i64) {
            -MAX_DAY
        } else {
            day as i32
        })
    }

    /// Minute of the day in Beijing, 0 to 1439.
    #[must_use]
    #[inline]
    pub const fn minute_of_day(self) -> u16 {
        (self.0.saturating_add(BEIJING_MS).rem_euclid(DAY_MS) / 60_000) as u16
    }

    /// Later by so many milliseconds (earlier if negative), saturating.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }
}

impl core::fmt::Display for Timestamp {
    /// RFC 3339 with the Beijing offset, to the millisecond if there are any.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let in_day = self.0.saturating_add(BEIJING_MS).rem_euclid(DAY_MS);
        let (h, m, s, ms) = (in_day / 3_600_000, in_day / 60_000 % 60, in_day / 1_000 % 60, in_day % 1_000);
        write!(f, "{}T{h:02}:{m:02}:{s:02}", self.date())?;
        if ms > 0 {
            write!(f, ".{ms:03}")?;
        }
        f.write_str("+08:00")
    }
}

impl Date {
    /// A day of the Gregorian calendar, years 1 to 9999.
    #[must_use]
    pub const fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        if year < 1 || year > 9_999 || month < 1 || month > 12 || day < 1 || day > days_in(year, month) {
            return None;
        }
        // Days from civil, counted in 400-year eras that begin on 1 March.
        let (y, m) = if month <= 2 { (year - 1, month as i32 + 9) } else { (year, month as i32 - 3) };
        let (era, yoe) = (y.div_euclid(400), y.rem_euclid(400));
        let doy = (153 * m + 2) / 5 + day as i32 - 1;
        let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
        Some(Self(era * 146_097 + doe - 719_468))
    }

    /// Parses `YYYY-MM-DD`.
    ///
    /// # Errors
    /// [`DateError`] when the text has another form or names no day.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let mut parts = text.splitn(3, '-');
        let (Some(y), Some(m), Some(d)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(DateError::Form);
        };
        let number = |part: &str, len: usize| -> Result<u32, DateError> {
            let ok = part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
            if ok { part.parse().map_err(|_| DateError::Form) } else { Err(DateError::Form) }
        };
        let year = i32::try_from(number(y, 4)?).map_err(|_| DateError::Form)?;
        Self::from_ymd(year, number(m, 2)?, number(d, 2)?).ok_or(DateError::NoSuchDay)
    }

    /// Year, month, day.
    #[must_use]
    pub const fn ymd(self) -> (i32, u32, u32) {
        let z = self.0 + 719_468;
        let (era, doe) = (z.div_euclid(146_097), z.rem_euclid(146_097));
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = (doy - (153 * mp + 2) / 5 + 1) as u32;
        let month = if mp < 10 { mp + 3 } else { mp - 9 } as u32;
        (yoe + era * 400 + (month <= 2) as i32, month, day)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn days(self) -> i32 {
        self.0
    }

    /// From days since 1970-01-01, clamped to the calendar.
    #[must_use]
    pub const fn from_days(days: i32) -> Self {
        Self(if days > MAX_DAY {
            MAX_DAY
        } else if days < -MAX_DAY {
            -MAX_DAY
        } else {
            days
        })
    }

    /// So many days later (earlier if negative).
    #[must_use]
    pub const fn plus_days(self, days: i32) -> Self {
        Self::from_days(self.0.saturating_add(days))
    }

    /// The same day of the month so many months later, clamped to the month's end.
    #[must_use]
    pub fn plus_months(self, months: u32) -> Self {
        let (y, m, d) = self.ymd();
        let index = y.saturating_mul(12).saturating_add_unsigned(m - 1).saturating_add_unsigned(months);
        let (year, month) = (index.div_euclid(12), index.rem_euclid(12).unsigned_abs() + 1);
        Self::from_ymd(year, month, d.min(days_in(year, month))).unwrap_or(Self(MAX_DAY))
    }

    /// The first instant of the day in Beijing.
    #[must_use]
    pub const fn start(self) -> Timestamp {
        Timestamp(self.0 as i64 * DAY_MS - BEIJING_MS)
    }

    /// Day of the week, Monday 0 to Sunday 6.
    #[must_use]
    pub const fn weekday(self) -> u8 {
        (self.0 + 3).rem_euclid(7) as u8
    }
}

impl core::fmt::Display for Date {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (y, m, d) = self.ymd();
        write!(f, "{y:04}-{m:02}-{d:02}")
    }
}

impl Interval {
    /// Does it contain this day?
    #[must_use]
    pub fn contains(self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

const fn days_in(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

const DAY_MS: i64 = 86_400_000;
const BEIJING_MS: i64 = 8 * 3_600_000;
/// 9999-12-31.
const MAX_DAY: i32 = 2_932_896;

#[cfg(test)]
mod tests {
    use super::{Date, DateError, Timestamp};

    #[test]
    fn civil_days_round_trip() {
        let mut expected = Date::parse("1999-12-31").unwrap().days();
        for year in 2000..2040 {
            for month in 1..=12 {
                for day in 1..=31 {
                    if let Some(date) = Date::from_ymd(year, month, day) {
                        expected += 1;
                        assert_eq!((date.days(), date.ymd()), (expected, (year, month, day)));
                    }
                }
            }
        }
        assert_eq!(Date::from_ymd(1970, 1, 1).unwrap().days(), 0);
        assert_eq!(Date::from_ymd(9999, 12, 31).unwrap().days(), super::MAX_DAY);
    }

    #[test]
    fn parses_only_real_days() {
        let check = |text: &str, error| assert_eq!(Date::parse(text), Err(error), "{text}");
        check("2021-02-29", DateError::NoSuchDay);
        check("2021-13-01", DateError::NoSuchDay);
        check("2021-1-1", DateError::Form);
        check("20211101", DateError::Form);
        check("+021-01-01", DateError::Form);
        check("", DateError::Form);
        assert_eq!(Date::parse("2024-02-29").unwrap().to_string(), "2024-02-29");
    }

    #[test]
    fn the_day_turns_at_midnight_in_beijing() {
        let midnight = Date::parse("2021-11-01").unwrap().start();
        assert_eq!(midnight.to_string(), "2021-11-01T00:00:00+08:00");
        assert_eq!(midnight.plus_millis(-1).date().to_string(), "2021-10-31");
        assert_eq!(midnight.minute_of_day(), 0);
        assert_eq!(midnight.plus_millis(-1).minute_of_day(), 1_439);
        assert_eq!(Date::parse("2021-11-01").unwrap().weekday(), 0);
        assert_eq!(Timestamp::MAX.date().days(), super::MAX_DAY);
    }

    #[test]
    fn months_clamp_to_their_end() {
        let check = |from: &str, months, to: &str| {
            assert_eq!(Date::parse(from).unwrap().plus_months(months).to_string(), to);
        };
        check("2021-08-31", 6, "2022-02-28");
        check("2022-12-31", 2, "2023-02-28");
        check("2023-11-30", 3, "2024-02-29");
    }
}
