//! What time it is, as whoever starts a simulation hands it in.

use anning_link::{Civil, Moment};
use anning_vocab::Timestamp;

/// Two clocks: one that says what day it is, one that only runs.
#[derive(Clone, Copy)]
pub struct Clock {
    /// Date and time.
    pub wall: fn() -> Timestamp,
    /// For timers; it never jumps.
    pub steady: fn() -> Moment,
}

/// One moment, by both clocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Time {
    pub steady: Moment,
    pub civil: Civil,
    pub wall: Timestamp,
}

impl Clock {
    pub(crate) fn now(self) -> Time {
        let wall = (self.wall)();
        Time { steady: (self.steady)(), civil: civil(wall), wall }
    }
}

impl core::fmt::Debug for Clock {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Clock")
    }
}

/// A time as reports write it: YYMMDDHHMM of Beijing.
pub(crate) fn stamp(at: Timestamp) -> Vec<u8> {
    let (year, month, day) = at.date().ymd();
    let (year, minute) = (year.rem_euclid(100), at.minute_of_day());
    format!("{year:02}{month:02}{day:02}{:02}{:02}", minute / 60, minute % 60).into_bytes()
}

/// A time as MMDDHHMMSS of Beijing.
fn civil(at: Timestamp) -> Civil {
    let (_, month, day) = at.date().ymd();
    let (minute, second) = (at.minute_of_day(), at.second().rem_euclid(60));
    let part = |n: i64| u8::try_from(n).unwrap_or(0);
    Civil {
        month: part(month.into()),
        day: part(day.into()),
        hour: part((minute / 60).into()),
        minute: part((minute % 60).into()),
        second: part(second),
    }
}
