//! Decisions on their way from the outbox into the ledger, batch by batch, in their order.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anning_store::Clerk;
use anning_vocab::RecipientKey;

use crate::gate::{Ticket, Trouble};
use crate::gateway::Gateway;
use crate::outbox::{Entry, Error};

/// What decisions count as until the ledger has them, in the order in which they went on record.
#[derive(Debug, Default)]
pub(crate) struct Scribe {
    counted: Mutex<VecDeque<Option<(RecipientKey, Ticket)>>>,
    changed: Condvar,
}

impl Scribe {
    fn lock(&self) -> MutexGuard<'_, VecDeque<Option<(RecipientKey, Ticket)>>> {
        // Each change is a push or a pop.
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Decisions went on record. Called in the order of the record.
    pub fn count(&self, counted: Vec<Option<(RecipientKey, Ticket)>>) {
        if !counted.is_empty() {
            self.lock().extend(counted);
            self.changed.notify_one();
        }
    }

    /// Wakes it, to look whether everything ends.
    pub fn wake(&self) {
        self.changed.notify_all();
    }

    /// Waits until something is there, or a while.
    fn wait(&self) {
        let counted = self.lock();
        // A spurious wake is a look that finds nothing.
        drop(self.changed.wait_timeout_while(counted, PACE, |counted| counted.is_empty()));
    }

    fn settle(&self, gateway: &Gateway, count: usize) {
        let settled: Vec<_> = {
            let mut counted = self.lock();
            let count = count.min(counted.len());
            counted.drain(..count).collect()
        };
        for (recipient, ticket) in settled.into_iter().flatten() {
            gateway.gate().settle(recipient, ticket);
        }
    }
}

/// Works until the gateway ends and nothing is left, or the ledger stops.
pub(crate) fn run(gateway: &Arc<Gateway>, clerk: &Clerk) {
    loop {
        let batch = gateway.outbox().book().unrecorded(BATCH);
        let Some(through) = batch.last().map(|(number, _)| *number) else {
            if gateway.is_over() {
                return;
            }
            gateway.scribe().wait();
            continue;
        };
        let count = batch.len();
        let decisions = batch.into_iter().map(|(_, decided)| decided).collect();
        match clerk.put_decisions(decisions) {
            Ok(position) => {
                // The ledger has them and counts what was handed over; they are under way no more.
                gateway.scribe().settle(gateway, count);
                gateway.gate().set_trouble(None);
                if !mark(gateway, through, position) {
                    return;
                }
            }
            Err(anning_store::Error::Busy) => std::thread::sleep(PACE),
            Err(error) => {
                gateway.gate().set_trouble(Some(Trouble::Stopped));
                gateway.ledger_failed(&error);
                if gateway.is_over() {
                    return;
                }
                std::thread::sleep(RETRY);
            }
        }
        // Batches are worth their record: what comes meanwhile goes with the next.
        if count < BATCH / 8 && !gateway.is_over() {
            std::thread::sleep(PACE);
        }
    }
}

/// Marks how far the ledger has the decisions, as soon as there is room for that; false where it cannot be marked any more.
/// They are not put into the ledger again before: on the next start it is asked how far it came.
fn mark(gateway: &Gateway, through: u64, position: u64) -> bool {
    loop {
        let Err(error) = gateway.outbox().put(vec![Entry::Scribed { through, position }]) else {
            return true;
        };
        gateway.not_durable(&error);
        if gateway.is_over() || matches!(error, Error::Stopped) {
            return false;
        }
        std::thread::sleep(RETRY);
    }
}

/// Decisions in one batch.
const BATCH: usize = 4_096;
/// How long decisions wait for others.
const PACE: Duration = Duration::from_millis(50);
/// How long a ledger that failed is left alone.
const RETRY: Duration = Duration::from_secs(1);
