//! Where the ledger has the decision on a letter, so that its receipt can be fetched.

use std::collections::{BTreeMap, HashMap};

use super::Book;
use crate::codes::Kind;
use crate::letter::LetterId;
use crate::outbox::entry::{Entry, Start};

/// Places of decisions. Of this process's life: in a journal whose beginning was let go a batch may not be whole, and then
/// no place in it can be told.
#[derive(Default)]
pub(super) struct Receipts {
    /// Decisions that the ledger does not have, by number: the letter that each is about.
    waiting: BTreeMap<u64, LetterId>,
    /// Position of the batch, and place in it.
    places: HashMap<LetterId, (u64, u32)>,
    /// The journal was read to its end.
    live: bool,
}

impl Book {
    /// Where the ledger has the last decision on a letter: the position of its batch and the place in the batch. None until
    /// the ledger has it, and of decisions that it had before this process began.
    #[must_use]
    pub fn receipt(&self, letter: LetterId) -> Option<(u64, u32)> {
        self.receipts.places.get(&letter).copied()
    }

    /// Batches are whole from here on.
    pub(in crate::outbox) const fn is_live(&mut self) {
        self.receipts.live = true;
    }

    /// A decision comes right before what follows from it.
    pub(super) fn decided_by(&mut self, entry: &Entry, number: u64) {
        let (letter, recipient) = match entry {
            // Whoever could not be written to was not decided about.
            Entry::Accepted { start: Start::Refused(reason), .. } if reason.kind() == Kind::Submit => return,
            Entry::Accepted { letter, .. } => (letter.id, Some(letter.recipient)),
            Entry::HandingOver { letter }
            | Entry::Refused { letter, .. }
            | Entry::Released { letter, until: Some(_) } => {
                (*letter, self.get(*letter).map(|item| item.recipient))
            }
            Entry::Decision(_)
            | Entry::Taken { .. }
            | Entry::RefusedByCarrier { .. }
            | Entry::InDoubt { .. }
            | Entry::Released { until: None, .. }
            | Entry::Recalled { .. }
            | Entry::Reported { .. }
            | Entry::ReportTold { .. }
            | Entry::Parked(_)
            | Entry::Unparked { .. }
            | Entry::Expired { .. }
            | Entry::GaveUp { .. }
            | Entry::Untold { .. }
            | Entry::Scribed { .. }
            | Entry::Restarted
            | Entry::Kept { .. }
            | Entry::Carried { .. } => return,
        };
        let before = number.wrapping_sub(1);
        let decided = self.decisions.get(&before).map(|decided| decided.recipient);
        if decided.is_some() && decided == recipient {
            self.receipts.waiting.insert(before, letter);
        }
    }

    /// The ledger has the decisions up to a number, as one batch.
    pub(super) fn placed(&mut self, through: u64, position: u64) {
        let later = self.receipts.waiting.split_off(&through.saturating_add(1));
        let letters = core::mem::replace(&mut self.receipts.waiting, later);
        if !self.receipts.live || letters.is_empty() {
            return;
        }
        for (number, place) in self.decisions.range(..=through).map(|(number, _)| number).zip(0..) {
            if let Some(letter) = letters.get(number).filter(|letter| self.items.contains_key(letter)) {
                self.receipts.places.insert(*letter, (position, place));
            }
        }
    }

    /// A letter is done with.
    pub(super) fn forget_receipt(&mut self, letter: LetterId) {
        self.receipts.places.remove(&letter);
    }
}
