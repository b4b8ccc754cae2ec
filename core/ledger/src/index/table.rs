//! One shard's table: open addressing over the whole 128-bit key, one word beside it.

use anning_vocab::RecipientKey;

use super::arena::wipe;

/// A key's place, the same in every table: high bits name the shard, those below the slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place(u64);

/// A recipient and one word; the word is 0 in an empty slot and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub key: RecipientKey,
    pub word: u64,
}

/// Linear probing; nothing but equality of all 128 bits finds a key.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    slots: Vec<Slot>,
    used: usize,
}

impl Place {
    /// Keys are keyed hashes already; mixed all the same, so that no pattern in them can crowd one shard.
    #[inline]
    pub fn of(key: RecipientKey) -> Self {
        let whole = u128::from_le_bytes(key.0);
        Self(((whole as u64) ^ ((whole >> 64) as u64).rotate_left(32)).wrapping_mul(MIX))
    }

    #[inline]
    pub fn shard(self) -> usize {
        (self.0 >> (64 - SHARD_BITS)) as usize
    }

    /// Home slot in a table of that many.
    #[inline]
    fn home(self, slots: usize) -> usize {
        let below = (self.0 << SHARD_BITS) >> 32;
        ((below * slots as u64) >> 32) as usize
    }
}

impl Default for Slot {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl Slot {
    pub const EMPTY: Self = Self { key: RecipientKey([0; 16]), word: 0 };
}

impl Table {
    /// The word beside a key.
    #[inline]
    pub fn get(&self, place: Place, key: RecipientKey) -> Option<&u64> {
        if self.used == 0 {
            // An empty table has no empty slot to end at.
            return None;
        }
        let mut rest = self.slots.get(place.home(self.slots.len())..)?.iter();
        loop {
            let Some(slot) = rest.next() else {
                // Past the end: on from the beginning. One slot at least is empty.
                rest = self.slots.iter();
                continue;
            };
            if slot.word == 0 {
                return None;
            }
            if slot.key == key {
                return Some(&slot.word);
            }
        }
    }

    /// The word beside a key, to be replaced by another that is not 0.
    pub fn get_mut(&mut self, place: Place, key: RecipientKey) -> Option<&mut u64> {
        let at = self.find(place, key)?;
        self.slots.get_mut(at).map(|slot| &mut slot.word)
    }

    /// A key that is not in the table, with its word, which is not 0.
    pub fn insert(&mut self, place: Place, key: RecipientKey, word: u64) {
        self.reserve(self.used + 1);
        self.lay(place, Slot { key, word });
        self.used += 1;
    }

    /// Takes a key out; those behind it move up, and the slot left over is overwritten.
    pub fn remove(&mut self, place: Place, key: RecipientKey) -> Option<u64> {
        let mut hole = self.find(place, key)?;
        let word = self.at(hole).word;
        let mut next = self.after(hole);
        loop {
            let slot = self.at(next);
            if slot.word == 0 {
                break;
            }
            let home = Place::of(slot.key).home(self.slots.len());
            if self.distance(home, next) >= self.distance(hole, next) {
                self.set(hole, slot);
                hole = next;
            }
            next = self.after(next);
        }
        self.set(hole, Slot::EMPTY);
        self.used -= 1;
        Some(word)
    }

    /// Room for so many keys in all.
    pub fn reserve(&mut self, keys: usize) {
        let (full, of) = LOAD;
        if keys * of < self.slots.len() * full {
            return;
        }
        let least = keys * of / full + 2;
        let slots = if self.slots.is_empty() { least.max(FIRST) } else { least + least / GROWS_BY };
        let mut old = core::mem::replace(&mut self.slots, vec![Slot::EMPTY; slots]);
        for slot in old.iter().filter(|slot| slot.word != 0) {
            self.lay(Place::of(slot.key), *slot);
        }
        wipe(&mut old);
    }

    /// Every key with its word.
    pub fn iter(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(|slot| slot.word != 0)
    }

    /// Reads the home slot and one behind it, whatever is there: both cache lines come in.
    #[inline]
    pub fn touch(&self, place: Place) -> u64 {
        let home = place.home(self.slots.len());
        let word = |at: usize| self.slots.get(at).map_or(0, |slot| slot.word);
        word(home) ^ word(home + 2)
    }

    pub fn len(&self) -> usize {
        self.used
    }

    /// Bytes held, empty slots too.
    pub fn bytes(&self) -> usize {
        self.slots.capacity() * size_of::<Slot>()
    }

    fn find(&self, place: Place, key: RecipientKey) -> Option<usize> {
        let mut at = place.home(self.slots.len());
        loop {
            let slot = self.slots.get(at)?;
            if slot.word == 0 {
                return None;
            }
            if slot.key == key {
                return Some(at);
            }
            at = self.after(at);
        }
    }

    /// Into the first empty slot from home on; there is one.
    fn lay(&mut self, place: Place, slot: Slot) {
        let mut at = place.home(self.slots.len());
        while self.at(at).word != 0 {
            at = self.after(at);
        }
        self.set(at, slot);
    }

    fn at(&self, at: usize) -> Slot {
        self.slots.get(at).copied().unwrap_or(Slot::EMPTY)
    }

    fn set(&mut self, at: usize, slot: Slot) {
        if let Some(place) = self.slots.get_mut(at) {
            *place = slot;
        }
    }

    fn after(&self, at: usize) -> usize {
        if at + 1 < self.slots.len() { at + 1 } else { 0 }
    }

    /// Steps from one slot to another.
    fn distance(&self, from: usize, to: usize) -> usize {
        if to >= from { to - from } else { to + self.slots.len() - from }
    }
}

/// Shards: 1,024.
pub(super) const SHARD_BITS: u32 = 10;
/// An odd number whose bits are mixed; from the fraction of the golden ratio.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
/// At most so many in so many slots are used.
const LOAD: (usize, usize) = (4, 5);
/// A table grows by an eighth: at 4/5 that is 30 to 34 bytes a key.
const GROWS_BY: usize = 8;
const FIRST: usize = 4;
