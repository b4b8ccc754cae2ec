//! Signed requests that were seen already: a second one of the same number is somebody else's.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anning_link::Moment;

/// Numbers of requests, remembered for as long as their time stamps are believed.
#[derive(Debug, Default)]
pub(super) struct Nonces {
    seen: Mutex<Seen>,
}

/// Two halves, so that forgetting the older one is cheap.
#[derive(Debug, Default)]
struct Seen {
    newer: HashSet<[u8; 16]>,
    older: HashSet<[u8; 16]>,
    since: Moment,
}

/// What is known of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Nothing; from now on it is.
    Fresh,
    /// It was used.
    Used,
    /// No more can be remembered just now.
    Full,
}

impl Nonces {
    /// Uses a number of a login.
    pub fn spend(&self, login: &str, nonce: &str, now: Moment) -> Known {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&u64::try_from(login.len()).unwrap_or(0).to_le_bytes());
        hasher.update(login.as_bytes()).update(nonce.as_bytes());
        let name = hasher.finalize().as_bytes().first_chunk::<16>().copied().unwrap_or_default();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = now.since(seen.since);
        if gone >= REMEMBERED {
            let newer = core::mem::take(&mut seen.newer);
            seen.older = if gone >= REMEMBERED * 2 { HashSet::new() } else { newer };
            seen.since = now;
        }
        if seen.newer.contains(&name) || seen.older.contains(&name) {
            return Known::Used;
        }
        if seen.newer.len() >= NONCES_MAX {
            return Known::Full;
        }
        seen.newer.insert(name);
        Known::Fresh
    }
}

/// Time stamps are believed for a quarter of an hour either way, so a request may be repeated for half an hour.
const REMEMBERED: Duration = Duration::from_secs(2 * 15 * 60);
/// Numbers in one half: some 300 a second, all the time.
const NONCES_MAX: usize = 1 << 19;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_used_once_while_it_is_remembered() {
        let nonces = Nonces::default();
        let check = |login: &str, nonce: &str, minutes: u64, expected: Known| {
            let now = Moment::after(Duration::from_secs(minutes * 60));
            assert_eq!(nonces.spend(login, nonce, now), expected, "{login} {nonce} {minutes}");
        };
        check("a", "1", 40, Known::Fresh);
        check("a", "1", 40, Known::Used);
        check("b", "1", 40, Known::Fresh);
        check("a1", "", 40, Known::Fresh);
        check("a", "1", 71, Known::Used);
        check("a", "2", 71, Known::Fresh);
        check("a", "1", 102, Known::Fresh);
        check("a", "2", 102, Known::Used);
        check("a", "2", 300, Known::Fresh);
    }
}
