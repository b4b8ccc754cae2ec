//! Lines of the log that come again and again: the first few of a minute are written, the others counted and told later.
//!
//! Whoever sends a malformed PDU sends a thousand of them, and a disk that is full refuses every message. What is held back
//! is told with the next line of its kind, or when its minute is over.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anning_link::Moment;

/// What was written lately, by kind and by whom it is about.
#[derive(Debug, Default)]
pub(crate) struct Repeats {
    known: Mutex<HashMap<(&'static str, Box<str>), Seen>>,
}

/// Lines of one kind about one of them, within a minute.
#[derive(Debug)]
struct Seen {
    since: Moment,
    written: u32,
    held_back: u64,
}

/// Lines that were held back, and of which nothing has come since.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct HeldBack {
    pub kind: &'static str,
    /// An account, a carrier or an address; nobody where too many are known already.
    pub whom: Box<str>,
    pub lines: u64,
}

impl Repeats {
    fn lock(&self) -> MutexGuard<'_, HashMap<(&'static str, Box<str>), Seen>> {
        // Each change is whole by itself.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// May a line of this kind about somebody be written now? How many were held back before it, if so: none is not told.
    /// Kinds are a closed set; whom a line is about is anybody.
    pub fn may(&self, kind: &'static str, whom: &str, now: Moment) -> Option<Option<u64>> {
        let mut known = self.lock();
        let mut key = (kind, Box::from(whom));
        if known.len() >= KNOWN_MAX && !known.contains_key(&key) {
            known.retain(|_, seen| seen.held_back > 0 || now.since(seen.since) < MINUTE);
            if known.len() >= KNOWN_MAX {
                // Somebody comes from everywhere: they share one count for each kind.
                key.1 = Box::from("");
            }
        }
        let seen = known.entry(key).or_insert(Seen { since: now, written: 0, held_back: 0 });
        if now.since(seen.since) >= MINUTE {
            (seen.since, seen.written) = (now, 0);
        }
        if seen.written >= LINES_MAX {
            seen.held_back += 1;
            return None;
        }
        seen.written += 1;
        Some(Some(core::mem::take(&mut seen.held_back)).filter(|held_back| *held_back > 0))
    }

    /// What was held back in minutes that are over; it is told here, or it would be told never.
    pub fn over(&self, now: Moment) -> Vec<HeldBack> {
        let mut over = Vec::new();
        self.lock().retain(|(kind, whom), seen| {
            let lasts = now.since(seen.since) < MINUTE;
            if !lasts && seen.held_back > 0 {
                over.push(HeldBack { kind, whom: whom.clone(), lines: seen.held_back });
            }
            lasts
        });
        over
    }
}

/// Lines of one kind about one of them within a minute.
const LINES_MAX: u32 = 5;
const MINUTE: Duration = Duration::from_secs(60);
/// Of whom something is known, by kind; beyond it one more of each kind, for all others.
const KNOWN_MAX: usize = 1_024;

#[cfg(test)]
mod tests {
    use super::{HeldBack, KNOWN_MAX, LINES_MAX, MINUTE, Moment, Repeats};

    #[test]
    fn a_few_lines_a_minute_are_written_and_the_others_counted() {
        let (repeats, now) = (Repeats::default(), Moment::from_millis(5));
        let written = |whom, now| (0..100).filter_map(|_| repeats.may("odd", whom, now)).collect::<Vec<_>>();
        assert_eq!(written("mall", now), vec![None; LINES_MAX as usize]);
        assert_eq!(written("bank", now).len(), LINES_MAX as usize, "each has lines of its own");
        assert_eq!(repeats.may("login", "mall", now), Some(None), "and each kind");
        // The next line tells.
        let next = now.plus(MINUTE);
        let held_back = 100 - u64::from(LINES_MAX);
        assert_eq!(repeats.may("odd", "mall", next), Some(Some(held_back)));
        assert_eq!(repeats.may("odd", "mall", next), Some(None), "once");
        // Where none comes, the end of the minute does.
        assert_eq!(repeats.over(next), [HeldBack { kind: "odd", whom: "bank".into(), lines: held_back }]);
        assert_eq!(repeats.over(next.plus(MINUTE)), []);
        assert!(repeats.lock().is_empty());
    }

    #[test]
    fn what_is_known_is_bounded_and_nothing_is_lost() {
        let (repeats, now) = (Repeats::default(), Moment::from_millis(0));
        let count = KNOWN_MAX as u64 * 3;
        let mut written = 0;
        for n in 0..count {
            written += u64::from(repeats.may("odd", &n.to_string(), now).is_some());
        }
        assert!(repeats.lock().len() <= KNOWN_MAX + 1);
        assert_eq!(written, KNOWN_MAX as u64 + u64::from(LINES_MAX));
        let over = repeats.over(now.plus(MINUTE));
        assert_eq!(over, [HeldBack { kind: "odd", whom: "".into(), lines: count - written }]);
        // The next minute is as any.
        assert_eq!(repeats.may("odd", "somebody", now.plus(MINUTE)), Some(None));
    }
}
