//! Time, as an argument.

use core::time::Duration;

/// A moment of a clock that never jumps, counted from any fixed beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(Duration);

impl Moment {
    /// So long after the beginning.
    #[must_use]
    pub const fn after(beginning: Duration) -> Self {
        Self(beginning)
    }

    /// So many milliseconds after the beginning.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(Duration::from_millis(millis))
    }

    /// Since the beginning.
    #[must_use]
    pub const fn since_beginning(self) -> Duration {
        self.0
    }

    /// How long after `earlier`; nothing if it is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }

    /// This moment and so long.
    #[must_use]
    pub const fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(span))
    }
}

/// A day and time of Beijing as the protocols write it: MMDDHHMMSS, no year, no zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Civil {
    /// 1-12.
    pub month: u8,
    /// 1-31.
    pub day: u8,
    /// 0-23.
    pub hour: u8,
    /// 0-59.
    pub minute: u8,
    /// 0-60.
    pub second: u8,
}

impl Civil {
    /// The number MMDDHHMMSS: no leading zero survives in it.
    #[must_use]
    pub fn number(self) -> u32 {
        let pair = |n: u32, part: u8| n * 100 + u32::from(part);
        [self.month, self.day, self.hour, self.minute, self.second].into_iter().fold(0, pair)
    }

    /// Reads the number MMDDHHMMSS; none where it is no such time.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        let part = |power: u32| u8::try_from(number / power % 100).ok();
        let civil = Self {
            month: u8::try_from(number / 100_000_000).ok()?,
            day: part(1_000_000)?,
            hour: part(10_000)?,
            minute: part(100)?,
            second: part(1)?,
        };
        let real = (1..=12).contains(&civil.month)
            && (1..=31).contains(&civil.day)
            && civil.hour < 24
            && civil.minute < 60
            && civil.second <= 60;
        real.then_some(civil)
    }

    /// Ten ASCII digits MMDDHHMMSS, the leading zero kept, as the authenticators hash it.
    #[must_use]
    pub fn digits(self) -> [u8; 10] {
        let mut digits = [b'0'; 10];
        let mut rest = self.number();
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
        }
        digits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_keep_the_leading_zero() {
        let civil = Civil::from_number(301_000_000).unwrap();
        assert_eq!(&civil.digits(), b"0301000000");
        assert_eq!(civil.number(), 301_000_000);
        assert_eq!(Civil::from_number(1_399_000_000), None);
    }
}
