//! What happened and could not be put on record: it is, as soon as the outbox takes anything again.
//!
//! A carrier says once that it took a letter. Were that lost with a full disk, the letter would be being handed over until
//! the next start, and nobody would be told of the carrier's report.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::gateway::Gateway;
use crate::outbox::{Committed, Entry, Health};

/// Entries in their order, in memory alone: after a crash their letters are in doubt.
#[derive(Debug, Default)]
pub(crate) struct Arrears(Mutex<Vec<Entry>>);

impl Arrears {
    fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        // Each change is whole by itself.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps entries; how many there was no room for, whose letters stay as they are until the next start.
    pub fn keep(&self, mut entries: Vec<Entry>) -> usize {
        let mut kept = self.lock();
        let room = ARREARS_MAX.saturating_sub(kept.len());
        let lost = entries.split_off(room.min(entries.len())).len();
        kept.append(&mut entries);
        lost
    }

    /// Takes back what was taken and could not go on record either.
    fn take_back(&self, entries: Vec<Entry>) {
        self.lock().splice(0..0, entries);
    }

    /// The first of them, as many as go on record together.
    fn take(&self) -> Vec<Entry> {
        let mut kept = self.lock();
        let count = kept.len().min(AT_ONCE);
        kept.drain(..count).collect()
    }
}

/// Puts on record what could not be, if the outbox takes anything.
pub(crate) fn settle(gateway: &Arc<Gateway>) {
    if gateway.outbox().health() != Health::Well {
        return;
    }
    let entries = gateway.arrears().take();
    if entries.is_empty() {
        return;
    }
    let (own, again) = (Arc::clone(gateway), entries.clone());
    let done = Box::new(move |result: Result<Committed, _>| match result {
        Ok(committed) => own.tell_found(&committed.found),
        Err(error) => {
            own.not_durable(&error);
            own.arrears().take_back(again);
        }
    });
    if let Err(refused) = gateway.outbox().submit(entries, done) {
        (refused.done)(Err(refused.error));
    }
}

/// Entries that are kept: letters in a carrier's hands when the disk fills, and no new ones go there.
const ARREARS_MAX: usize = 65_536;
/// Entries that go on record together.
const AT_ONCE: usize = 1_024;

#[cfg(test)]
mod tests {
    use super::{ARREARS_MAX, AT_ONCE, Arrears};
    use crate::letter::LetterId;
    use crate::outbox::Entry;

    #[test]
    fn what_is_kept_is_bounded_and_in_order() {
        let arrears = Arrears::default();
        let doubts = |from: usize, count: usize| {
            (from..from + count).map(|n| Entry::InDoubt { letter: LetterId(n as u64) }).collect::<Vec<_>>()
        };
        let ends = |entries: &[Entry]| {
            let [Entry::InDoubt { letter: first }, .., Entry::InDoubt { letter: last }] = entries else {
                panic!("{entries:?}")
            };
            (first.0 as usize, last.0 as usize)
        };
        assert_eq!(arrears.keep(doubts(0, ARREARS_MAX - 1)), 0);
        assert_eq!(arrears.keep(doubts(ARREARS_MAX - 1, 3)), 2);
        let first = arrears.take();
        assert_eq!(ends(&first), (0, AT_ONCE - 1));
        assert_eq!(ends(&arrears.take()), (AT_ONCE, 2 * AT_ONCE - 1));
        arrears.take_back(first);
        assert_eq!(ends(&arrears.take()), (0, AT_ONCE - 1));
        assert_eq!(arrears.keep(doubts(0, 3)), 0);
    }
}
