//! Queues: one a carrier, lane and account; accounts take turns.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound::{Excluded, Included, Unbounded};
use std::sync::Arc;

use crate::letter::{Lane, LetterId};
use crate::outbox::entry::Item;

/// All queues.
#[derive(Default)]
pub(super) struct Lanes(HashMap<Arc<str>, [Queues; 3]>);

/// The queues of one lane of one carrier.
#[derive(Default)]
struct Queues {
    accounts: BTreeMap<Arc<str>, BTreeSet<LetterId>>,
    /// Whose letter was taken last: the next account is first.
    last: Option<Arc<str>>,
}

impl Lanes {
    pub(super) fn file(&mut self, item: &Item, put: bool) {
        if !self.0.contains_key(&item.upstream) {
            self.0.insert(Arc::clone(&item.upstream), Default::default());
        }
        let Some(queues) = self.0.get_mut(&item.upstream).map(|lanes| of_mut(lanes, item.lane)) else {
            return;
        };
        if let Some(queue) = queues.accounts.get_mut(&item.account) {
            if put {
                queue.insert(item.id);
                return;
            }
            queue.remove(&item.id);
            if queue.is_empty() {
                queues.accounts.remove(&item.account);
            }
            if queues.last.as_ref() != Some(&item.account) {
                queues.last = Some(Arc::clone(&item.account));
            }
        } else if put {
            queues.accounts.insert(Arc::clone(&item.account), BTreeSet::from([item.id]));
        }
    }

    pub(super) fn next(
        &self,
        upstream: &str,
        lane: Lane,
        count: usize,
        busy: &BTreeSet<LetterId>,
    ) -> Vec<LetterId> {
        let Some(queues) = self.0.get(upstream).map(|lanes| of(lanes, lane)) else { return Vec::new() };
        let last: &str = queues.last.as_deref().unwrap_or("");
        let after = queues.accounts.range::<str, _>((Excluded(last), Unbounded));
        let turns = after.chain(queues.accounts.range::<str, _>((Unbounded, Included(last))));
        let mut rest: Vec<_> = Vec::new();
        let mut found = Vec::with_capacity(count.min(ROOM_AT_ONCE));
        // The first of each account, then the second of each, and so on.
        for (_, queue) in turns {
            if found.len() >= count {
                return found;
            }
            let mut free = queue.iter().filter(|id| !busy.contains(id));
            found.extend(free.next().copied());
            rest.push(free);
        }
        while found.len() < count {
            let before = found.len();
            for free in &mut rest {
                if found.len() < count {
                    found.extend(free.next().copied());
                }
            }
            if found.len() == before {
                break;
            }
        }
        found
    }

    /// The first of every queue of a lane.
    pub(super) fn first(&self, lane: Lane) -> impl Iterator<Item = LetterId> {
        let queues = self.0.values().map(move |lanes| of(lanes, lane));
        queues.flat_map(|queues| queues.accounts.values().filter_map(|queue| queue.first().copied()))
    }
}

const fn of(lanes: &[Queues; 3], lane: Lane) -> &Queues {
    let [code, service, commercial] = lanes;
    match lane {
        Lane::Code => code,
        Lane::Service => service,
        Lane::Commercial => commercial,
    }
}

const fn of_mut(lanes: &mut [Queues; 3], lane: Lane) -> &mut Queues {
    let [code, service, commercial] = lanes;
    match lane {
        Lane::Code => code,
        Lane::Service => service,
        Lane::Commercial => commercial,
    }
}

/// Letters for which room is made before they are found.
const ROOM_AT_ONCE: usize = 1_024;
