//! What time it is, as the binary hands it in: this crate reads no clock.

use std::sync::Arc;

use anning_link::{Civil, Moment};
use anning_vocab::Timestamp;

/// The clocks: one that says what day it is and may leap, one that only runs.
#[derive(Clone)]
pub struct Hands {
    wall: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    steady: Arc<dyn Fn() -> Moment + Send + Sync>,
}

impl Hands {
    /// Of these two clocks.
    pub fn new(
        wall: impl Fn() -> Timestamp + Send + Sync + 'static,
        steady: impl Fn() -> Moment + Send + Sync + 'static,
    ) -> Self {
        Self { wall: Arc::new(wall), steady: Arc::new(steady) }
    }

    /// Date and time: data only, never a timer.
    #[must_use]
    pub fn wall(&self) -> Timestamp {
        (self.wall)()
    }

    /// For timers.
    #[must_use]
    pub fn steady(&self) -> Moment {
        (self.steady)()
    }

    /// The day and time of Beijing that protocols write.
    #[must_use]
    pub fn civil(&self) -> Civil {
        civil(self.wall())
    }
}

impl core::fmt::Debug for Hands {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Hands")
    }
}

/// A time as MMDDHHMMSS of Beijing.
pub(crate) fn civil(at: Timestamp) -> Civil {
    let (_, month, day) = at.date().ymd();
    let second = u32::try_from(at.second().rem_euclid(60)).unwrap_or(0);
    let minute = u32::from(at.minute_of_day());
    let part = |n: u32| u8::try_from(n).unwrap_or(0);
    Civil {
        month: part(month),
        day: part(day),
        hour: part(minute / 60),
        minute: part(minute % 60),
        second: part(second),
    }
}

/// A time as reports write it: YYMMDDHHMM of Beijing.
pub(crate) fn stamp(at: Timestamp) -> Vec<u8> {
    let (year, month, day) = at.date().ymd();
    let minute = at.minute_of_day();
    let year = year.rem_euclid(100);
    format!("{year:02}{month:02}{day:02}{:02}{:02}", minute / 60, minute % 60).into_bytes()
}
