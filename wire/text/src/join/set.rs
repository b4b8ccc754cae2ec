//! The segments of one message while others are missing.

use std::collections::BTreeMap;

use super::{DUPLICATES_MAX, Incomplete, Joined, Lapse};

/// Segments of one message.
#[derive(Debug)]
pub(super) struct Set<T> {
    total: u8,
    /// When its first segment came.
    pub(super) opened: u64,
    /// What is counted for it.
    pub(super) bytes: usize,
    /// By number. A map: a total of 255 alone takes no room.
    slots: BTreeMap<u8, Slot<T>>,
}

#[derive(Debug)]
struct Slot<T> {
    content: Vec<u8>,
    carried: T,
    again: Vec<T>,
}

/// How a segment stands to a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// The same bytes are there.
    Repeats,
    /// It was missing, and others are.
    Adds,
    /// It was the last one missing.
    Completes,
}

impl<T> Set<T> {
    /// What a repetition takes.
    pub(super) const REPETITION: usize = 2 * size_of::<T>() + 32;

    pub(super) const fn new(total: u8, opened: u64) -> Self {
        Self { total, opened, bytes: 0, slots: BTreeMap::new() }
    }

    /// What a segment takes.
    pub(super) fn cost(content: &[u8]) -> usize {
        content.len() + size_of::<Slot<T>>() + SLOT_BYTES
    }

    /// None if other bytes stand in its place.
    pub(super) fn fit(&self, number: u8, content: &[u8]) -> Option<Fit> {
        match self.slots.get(&number) {
            Some(slot) => (slot.content == content).then_some(Fit::Repeats),
            None if self.slots.len() + 1 == usize::from(self.total) => Some(Fit::Completes),
            None => Some(Fit::Adds),
        }
    }

    pub(super) fn add(&mut self, number: u8, content: Vec<u8>, carried: T) {
        self.slots.insert(number, Slot { content, carried, again: Vec::new() });
    }

    /// Keeps what a repetition carries; gives it back if there are too many.
    pub(super) fn repeat(&mut self, number: u8, carried: T) -> Result<(), T> {
        match self.slots.get_mut(&number) {
            Some(slot) if slot.again.len() < DUPLICATES_MAX => {
                slot.again.push(carried);
                Ok(())
            }
            _ => Err(carried),
        }
    }

    pub(super) fn join(self) -> Joined<T> {
        let mut joined = Joined { segments: Vec::new(), duplicates: Vec::new(), content: Vec::new() };
        for slot in self.slots.into_values() {
            joined.content.extend_from_slice(&slot.content);
            joined.segments.push(slot.carried);
            joined.duplicates.extend(slot.again);
        }
        joined
    }

    pub(super) fn give_up(self, lapse: Lapse) -> Incomplete<T> {
        let there = u8::try_from(self.slots.len()).unwrap_or(u8::MAX);
        let carried =
            self.slots.into_values().flat_map(|slot| core::iter::once(slot.carried).chain(slot.again));
        Incomplete { lapse, missing: self.total.saturating_sub(there), carried: carried.collect() }
    }
}

/// What a segment takes beside its content and what it carries; rounded up.
const SLOT_BYTES: usize = 64;
