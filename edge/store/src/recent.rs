//! Events of late by their own id: the same event twice is one event.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};

use anning_vocab::RecipientKey;

/// Positions of the latest events that came with an id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recent {
    positions: ByName<u64>,
    order: VecDeque<[u8; 16]>,
}

impl Recent {
    /// Where the event with this id is, if it was among the latest.
    pub fn find(&self, key: RecipientKey, id: &[u8]) -> Option<u64> {
        if id.is_empty() { None } else { self.positions.get(&name(key, id)).copied() }
    }

    /// Remembers an event; the oldest is forgotten when there are too many.
    pub fn put(&mut self, key: RecipientKey, id: &[u8], position: u64) {
        if id.is_empty() {
            return;
        }
        let name = name(key, id);
        if self.positions.insert(name, position).is_none() {
            self.order.push_back(name);
        }
        while self.order.len() > RECENT_MAX {
            if let Some(oldest) = self.order.pop_front() {
                self.positions.remove(&oldest);
            }
        }
    }

    /// Oldest first, for a snapshot.
    pub fn all(&self) -> impl Iterator<Item = ([u8; 16], u64)> {
        self.order.iter().filter_map(|name| Some((*name, *self.positions.get(name)?)))
    }

    /// Takes what [`Recent::all`] gave.
    pub fn restore(&mut self, name: [u8; 16], position: u64) {
        if self.positions.insert(name, position).is_none() {
            self.order.push_back(name);
        }
    }

    /// Forgets everything: names were made under another hash key, or somebody was erased.
    pub fn clear(&mut self) {
        self.positions.clear();
        self.order.clear();
    }
}

/// A name is a hash already, of a keyed hash: its first bytes place it.
#[derive(Clone, Default)]
pub(crate) struct Prefix(u64);

impl Hasher for Prefix {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.first_chunk().copied().map_or(0, u64::from_le_bytes);
    }

    fn write_usize(&mut self, _: usize) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

/// What is placed by the first bytes of its name.
pub(crate) type ByName<V> = HashMap<[u8; 16], V, BuildHasherDefault<Prefix>>;

/// 128 bits of recipient and id, or of whatever else tells two of one person's events apart, together.
pub(crate) fn name(key: RecipientKey, id: &[u8]) -> [u8; 16] {
    let hash = blake3::Hasher::new().update(&key.0).update(id).finalize();
    hash.as_bytes().first_chunk().copied().unwrap_or([0; 16])
}

/// Ids remembered, some 60 bytes each. An event that comes again later still is told by its content.
pub(crate) const RECENT_MAX: usize = 1 << 20;
