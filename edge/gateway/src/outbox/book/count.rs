//! How many letters there are, and what became of those that are done with.

use std::collections::BTreeMap;
use std::sync::Arc;

use anning_vocab::Timestamp;

use super::Book;
use crate::letter::Lane;
use crate::outbox::entry::{Item, State};

/// Letters of one account to one carrier in one lane and state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Account.
    pub account: Arc<str>,
    /// Carrier.
    pub upstream: Arc<str>,
    /// Lane.
    pub lane: Lane,
    /// Name of the state.
    pub state: &'static str,
    /// How many.
    pub letters: usize,
}

/// What was counted since the process began.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Letters done with, by their last state.
    pub ended: BTreeMap<State, u64>,
    /// Letters in doubt that were given up.
    pub doubts: u64,
    /// Letters sent on which no report came in time, or for which there was no room.
    pub unreported: u64,
    /// Letters of which a sender was never told.
    pub untold: u64,
    /// Reports that came before the letter's own answer, or found it late.
    pub early: u64,
    /// Reports that were nobody's.
    pub strays: u64,
}

impl Tally {
    pub(super) fn ended(&mut self, state: State) {
        *self.ended.entry(state).or_default() += 1;
    }
}

impl Book {
    /// Letters by account, carrier, lane and state.
    #[must_use]
    pub fn counts(&self) -> Vec<Count> {
        let count = |((account, upstream, lane, state), letters): (&Key, &usize)| Count {
            account: Arc::clone(account),
            upstream: Arc::clone(upstream),
            lane: *lane,
            state,
            letters: *letters,
        };
        self.counts.0.iter().map(count).collect()
    }

    /// What was counted since the process began.
    #[must_use]
    pub const fn tally(&self) -> &Tally {
        &self.tally
    }

    /// When the oldest queued letter of a lane was handed in.
    #[must_use]
    pub fn oldest(&self, lane: Lane) -> Option<Timestamp> {
        self.lanes.first(lane).filter_map(|id| self.get(id)).map(|item| item.accepted_at).min()
    }
}

type Key = (Arc<str>, Arc<str>, Lane, &'static str);

/// Counts that are kept as letters change.
#[derive(Default)]
pub(super) struct Counts(BTreeMap<Key, usize>);

impl Counts {
    pub(super) fn file(&mut self, item: &Item, state: State, put: bool) {
        let key = (Arc::clone(&item.account), Arc::clone(&item.upstream), item.lane, state.name());
        if put {
            *self.0.entry(key).or_default() += 1;
        } else if let Some(count) = self.0.get_mut(&key) {
            *count -= 1;
            if *count == 0 {
                self.0.remove(&key);
            }
        }
    }
}
