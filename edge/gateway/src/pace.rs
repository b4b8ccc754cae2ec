//! How fast accounts may send.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use anning_link::Moment;

/// Submits a second by account; as many again may come at once after a pause of a second.
#[derive(Debug, Default)]
pub(crate) struct Paces(Mutex<HashMap<Arc<str>, (u64, Moment)>>);

impl Paces {
    /// One submit, if the account may have one now. Accounts come from the configuration, so that there are few.
    pub fn take(&self, account: &Arc<str>, per_second: Option<u32>, now: Moment) -> bool {
        let Some(rate) = per_second.map(u64::from) else { return true };
        let mut paces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (saved, since) = paces.entry(Arc::clone(account)).or_insert((rate * THOUSAND, now));
        let gone = u64::try_from(now.since(*since).as_millis()).unwrap_or(u64::MAX);
        *saved = saved.saturating_add(gone.saturating_mul(rate)).min(rate * THOUSAND);
        *since = now;
        let rest = saved.checked_sub(THOUSAND);
        *saved = rest.unwrap_or(*saved);
        rest.is_some()
    }
}

/// Thousandths of a submit.
const THOUSAND: u64 = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_is_saved() {
        let (paces, account) = (Paces::default(), Arc::from("a"));
        let at = Moment::from_millis;
        let taken = |n: usize, now| (0..n).filter(|_| paces.take(&account, Some(10), at(now))).count();
        assert_eq!((taken(20, 0), taken(5, 100), taken(20, 5_000)), (10, 1, 10));
        assert!(paces.take(&account, None, at(0)));
    }
}
