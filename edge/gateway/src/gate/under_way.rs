//! What is accepted and not yet in the ledger: it counts against caps as if it were.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anning_vocab::{Prior, RecipientKey};

/// One message under way; 0 is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(u64);

/// Messages under way, by recipient. Bounded: when it is full, evidence counts as stale.
#[derive(Debug)]
pub struct UnderWay {
    shards: [Mutex<Shard>; SHARDS],
    next: AtomicU64,
    held: AtomicUsize,
}

type Shard = HashMap<RecipientKey, Vec<(Ticket, Prior)>>;

/// The messages under way of those whose keys fall together, held while one of them is decided: between looking and
/// entering nobody else comes in.
pub(super) struct Row<'u> {
    under_way: &'u UnderWay,
    shard: MutexGuard<'u, Shard>,
    recipient: RecipientKey,
}

impl Default for UnderWay {
    fn default() -> Self {
        Self {
            shards: core::array::from_fn(|_| Mutex::default()),
            next: AtomicU64::new(1),
            held: AtomicUsize::new(0),
        }
    }
}

impl UnderWay {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.held.load(Ordering::Relaxed)
    }

    /// Is there none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Counts a message: after a start, of letters that were accepted before it.
    pub fn enter(&self, recipient: RecipientKey, prior: Prior) -> Ticket {
        self.row(recipient).enter(prior)
    }

    /// Counts it no more: the ledger does, or it was never handed over.
    pub fn leave(&self, recipient: RecipientKey, ticket: Ticket) {
        let mut row = self.row(recipient);
        let Some(own) = row.shard.get_mut(&recipient) else { return };
        let before = own.len();
        own.retain(|(held, _)| *held != ticket);
        let gone = before - own.len();
        if own.is_empty() {
            row.shard.remove(&recipient);
        }
        self.held.fetch_sub(gone, Ordering::Relaxed);
    }

    pub(super) fn row(&self, recipient: RecipientKey) -> Row<'_> {
        let [first, ..] = recipient.0;
        let [zeroth, ..] = &self.shards;
        let shard = self.shards.get(usize::from(first) % SHARDS).unwrap_or(zeroth);
        // An entry is pushed or taken whole, so a thread that died left the table in order.
        let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        Row { under_way: self, shard, recipient }
    }
}

impl Row<'_> {
    /// Adds what is under way to what the ledger knows, in order of time.
    pub fn add_to(&self, priors: &mut Vec<Prior>) {
        if let Some(own) = self.shard.get(&self.recipient) {
            priors.extend(own.iter().map(|(_, prior)| *prior));
            priors.sort_by_key(|prior| prior.sent_at);
        }
    }

    pub fn enter(&mut self, prior: Prior) -> Ticket {
        let ticket = Ticket(self.under_way.next.fetch_add(1, Ordering::Relaxed));
        self.shard.entry(self.recipient).or_default().push((ticket, prior));
        self.under_way.held.fetch_add(1, Ordering::Relaxed);
        ticket
    }
}

const SHARDS: usize = 64;

#[cfg(test)]
mod tests {
    use anning_vocab::{Channel, Prior, RecipientKey, Timestamp};

    use super::UnderWay;

    #[test]
    fn what_enters_counts_until_it_leaves() {
        let prior = |n| Prior {
            sent_at: Timestamp::from_millis(n),
            sender: None,
            channel: Channel::Sms,
            kind: None,
            commercial: true,
            request: false,
            wording: None,
        };
        let (under_way, key) = (UnderWay::default(), RecipientKey([200; 16]));
        let tickets = [3, 1, 2].map(|n| under_way.enter(key, prior(n)));
        let seen = || {
            let mut priors = vec![prior(0)];
            under_way.row(key).add_to(&mut priors);
            priors.iter().map(|p| p.sent_at.millis()).collect::<Vec<_>>()
        };
        assert_eq!((seen(), under_way.len()), (vec![0, 1, 2, 3], 3));
        under_way.leave(key, tickets[1]);
        under_way.leave(key, tickets[1]);
        under_way.leave(RecipientKey([1; 16]), tickets[0]);
        assert_eq!((seen(), under_way.len()), (vec![0, 2, 3], 2));
        under_way.leave(key, tickets[0]);
        under_way.leave(key, tickets[2]);
        assert!(under_way.is_empty() && seen() == [0]);
    }
}
