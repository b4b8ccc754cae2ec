//! Numbers for names that come over the wire, and random bytes, both drawn in advance.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use anning_ledger::sheet::Table;
use anning_store::{Entropy, View};

/// Names of one table as the ledger numbers them. Bounded: whoever invents names gets no number for them.
pub(super) struct Seen {
    view: View,
    table: Table,
    known: RwLock<HashMap<Box<str>, u32>>,
}

impl Seen {
    pub fn new(view: View, table: Table) -> Self {
        Self { view, table, known: RwLock::default() }
    }

    /// The number of a name; none for one more than are remembered.
    pub fn number(&self, name: &str) -> Option<u32> {
        {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(number) = known.get(name) {
                return Some(*number);
            }
            if known.len() >= NAMES_MAX || name.len() > NAME_MAX {
                return None;
            }
        }
        let number = self.view.number(self.table, name);
        self.known.write().unwrap_or_else(PoisonError::into_inner).insert(name.into(), number);
        Some(number)
    }
}

/// Random bytes, drawn many at a time.
pub(super) struct Blinds {
    entropy: Entropy,
    drawn: Vec<[u8; 16]>,
}

impl Blinds {
    pub fn new(entropy: Entropy) -> Self {
        Self { entropy, drawn: Vec::new() }
    }

    pub fn next(&mut self) -> [u8; 16] {
        if let Some(blind) = self.drawn.pop() {
            return blind;
        }
        let mut all = [[0; 16]; DRAWN];
        (self.entropy)(all.as_flattened_mut());
        self.drawn.extend(all);
        self.drawn.pop().unwrap_or_default()
    }
}

/// Names of a table that are remembered: ports with their extensions, signatures.
const NAMES_MAX: usize = 1 << 16;
/// Bytes of a name.
const NAME_MAX: usize = 64;
/// Draws at one time.
const DRAWN: usize = 64;
