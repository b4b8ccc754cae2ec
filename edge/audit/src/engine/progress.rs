//! How far the work is. This crate reads no clock: the caller makes rates and times of it.

use std::sync::atomic::{AtomicU64, Ordering};

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Consents and withdrawals are read.
    Acts,
    /// Sends are read and their texts judged.
    Sends,
    /// Sends are decided, recipient by recipient.
    Deciding,
}

/// One report.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// What is being done.
    pub stage: Stage,
    /// Rows done in this stage.
    pub rows: u64,
    /// Part of the stage that is done.
    pub done: u64,
    /// The whole of it, in the same unit.
    pub of: u64,
}

/// Collects what all threads did and tells the caller.
pub(crate) struct Progress<'a> {
    listener: &'a (dyn Fn(Step) + Sync),
    rows: [AtomicU64; 3],
}

impl<'a> Progress<'a> {
    pub fn new(listener: &'a (dyn Fn(Step) + Sync)) -> Self {
        Self { listener, rows: Default::default() }
    }

    pub fn tell(&self, stage: Stage, rows: u64, done: u64, of: u64) {
        let counter = self.counter(stage);
        let rows = counter.fetch_add(rows, Ordering::Relaxed) + rows;
        (self.listener)(Step { stage, rows, done, of });
    }

    pub fn rows_of(&self, stage: Stage) -> u64 {
        self.counter(stage).load(Ordering::Relaxed)
    }

    fn counter(&self, stage: Stage) -> &AtomicU64 {
        let [acts, sends, deciding] = &self.rows;
        match stage {
            Stage::Acts => acts,
            Stage::Sends => sends,
            Stage::Deciding => deciding,
        }
    }
}
