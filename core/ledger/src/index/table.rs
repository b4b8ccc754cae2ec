//! One shard's table: open addressing over the whole 128-bit key, a few words beside it.

use anning_vocab::RecipientKey;

use super::ahead::ask_for;
use super::lined::{LINE, Lined};

/// A key's place, the same in every table: high bits name the shard, those below the slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Place(u64);

/// Slots of a key and as many words as the table is wide. The first of them is 0 in an empty slot and nowhere
/// else.
///
/// Linear probing; nothing but equality of all 128 bits finds a key.
#[derive(Clone, Debug)]
pub(super) struct Table {
    memory: Lined,
    slots: usize,
    width: usize,
    used: usize,
}

impl Place {
    /// Keys are keyed hashes already; mixed all the same, so that no pattern in them can crowd one shard.
    #[inline]
    pub fn of(key: RecipientKey) -> Self {
        let [low, high] = halves(key);
        Self((low ^ high.rotate_left(32)).wrapping_mul(MIX))
    }

    #[inline]
    pub fn shard(self) -> usize {
        (self.0 >> (64 - SHARD_BITS)) as usize
    }

    /// Where the search for it begins, in words, in a table of so many slots of that width.
    #[inline]
    fn home(self, slots: usize, width: usize) -> usize {
        let below = (self.0 << SHARD_BITS) >> 32;
        let slot = ((below * slots as u64) >> 32) as usize;
        slot * (KEY + width)
    }
}

impl Default for Table {
    fn default() -> Self {
        Self::of_width(1)
    }
}

impl Table {
    /// An empty table; it holds nothing and no memory.
    pub fn of_width(width: usize) -> Self {
        Self { memory: Lined::default(), slots: 0, width, used: 0 }
    }

    /// The words beside a key.
    #[inline]
    pub fn get(&self, place: Place, key: RecipientKey) -> Option<&[u64]> {
        let at = self.find(place, key)?;
        self.memory.words().get(at + KEY..at + KEY + self.width)
    }

    /// The words beside a key, to be replaced by others of which the first is not 0.
    pub fn get_mut(&mut self, place: Place, key: RecipientKey) -> Option<&mut [u64]> {
        let at = self.find(place, key)?;
        self.memory.words_mut().get_mut(at + KEY..at + KEY + self.width)
    }

    /// A key that is not in the table, with its first word, which is not 0.
    pub fn insert(&mut self, place: Place, key: RecipientKey, word: u64) {
        self.reserve(self.used + 1);
        let at = self.empty_from(place);
        let [low, high] = halves(key);
        if let Some(slot) = self.memory.words_mut().get_mut(at..at + KEY + 1) {
            slot.copy_from_slice(&[low, high, word]);
        }
        self.used += 1;
    }

    /// Takes a key out; those behind it move up, and the slot left over is overwritten. The words that stood
    /// beside it.
    pub fn remove(&mut self, place: Place, key: RecipientKey) -> Option<Vec<u64>> {
        let mut hole = self.find(place, key)?;
        let words = self.slot(hole).get(KEY..).unwrap_or(&[]).to_vec();
        let mut next = self.after(hole);
        while let [low, high, word, ..] = *self.slot(next)
            && word != 0
        {
            let home = Place::of(whole(low, high)).home(self.slots, self.width);
            if self.distance(home, next) >= self.distance(hole, next) {
                let from = next..next + self.stride();
                self.memory.words_mut().copy_within(from, hole);
                hole = next;
            }
            next = self.after(next);
        }
        let stride = self.stride();
        if let Some(slot) = self.memory.words_mut().get_mut(hole..hole + stride) {
            super::lined::wipe(slot);
        }
        self.used -= 1;
        Some(words)
    }

    /// Room for so many keys in all.
    pub fn reserve(&mut self, keys: usize) {
        let (full, of) = LOAD;
        if keys * of < self.slots * full {
            return;
        }
        let least = keys * of / full + 2;
        let slots = if self.slots == 0 { least.max(FIRST) } else { least + least / GROWS_BY };
        let stride = self.stride();
        let mut old = core::mem::replace(&mut self.memory, Lined::zeros(slots * stride));
        self.slots = slots;
        for slot in old.words().chunks_exact(stride) {
            if let [low, high, word, ..] = *slot
                && word != 0
            {
                let at = self.empty_from(Place::of(whole(low, high)));
                if let Some(to) = self.memory.words_mut().get_mut(at..at + stride) {
                    to.copy_from_slice(slot);
                }
            }
        }
        old.wipe();
    }

    /// Every key with its words.
    pub fn iter(&self) -> impl Iterator<Item = (RecipientKey, &[u64])> {
        self.memory.words().chunks_exact(self.stride()).filter_map(|slot| match slot {
            [low, high, words @ ..] if words.first().is_some_and(|word| *word != 0) => {
                Some((whole(*low, *high), words))
            }
            _ => None,
        })
    }

    /// Asks for the line in which the search for a key begins, and the one behind it.
    #[inline]
    pub fn ask_for(&self, place: Place) {
        let (words, home) = (self.memory.words(), place.home(self.slots, self.width));
        ask_for(words.get(home));
        ask_for(words.get(home + LINE));
    }

    /// Words beside each key.
    pub fn width(&self) -> usize {
        self.width
    }

    pub fn len(&self) -> usize {
        self.used
    }

    /// Keys for which there is room.
    pub fn room(&self) -> usize {
        let (full, of) = LOAD;
        self.slots * full / of
    }

    /// Overwrites all.
    pub fn wipe(&mut self) {
        self.memory.wipe();
    }

    /// Bytes held, empty slots too.
    pub fn bytes(&self) -> usize {
        self.memory.bytes()
    }

    #[inline]
    fn find(&self, place: Place, key: RecipientKey) -> Option<usize> {
        if self.used == 0 {
            // An empty table has no empty slot to end at.
            return None;
        }
        let ([low, high], words, stride) = (halves(key), self.memory.words(), self.stride());
        let mut at = place.home(self.slots, self.width);
        loop {
            let Some([a, b, word, ..]) = words.get(at..) else {
                // Past the end: on from the beginning. One slot at least is empty.
                at = 0;
                continue;
            };
            if *word == 0 {
                return None;
            }
            if *a == low && *b == high {
                return Some(at);
            }
            at += stride;
        }
    }

    /// The first empty slot from home on; there is one.
    fn empty_from(&self, place: Place) -> usize {
        let mut at = place.home(self.slots, self.width);
        while self.slot(at).get(KEY).is_some_and(|word| *word != 0) {
            at = self.after(at);
        }
        at
    }

    fn slot(&self, at: usize) -> &[u64] {
        self.memory.words().get(at..at + self.stride()).unwrap_or(&[])
    }

    fn after(&self, at: usize) -> usize {
        let next = at + self.stride();
        if next < self.memory.len() { next } else { 0 }
    }

    /// Words from one slot to another.
    fn distance(&self, from: usize, to: usize) -> usize {
        if to >= from { to - from } else { to + self.memory.len() - from }
    }

    #[inline]
    fn stride(&self) -> usize {
        KEY + self.width
    }
}

#[inline]
fn halves(key: RecipientKey) -> [u64; 2] {
    let whole = u128::from_le_bytes(key.0);
    [whole as u64, (whole >> 64) as u64]
}

fn whole(low: u64, high: u64) -> RecipientKey {
    RecipientKey((u128::from(high) << 64 | u128::from(low)).to_le_bytes())
}

/// Words of a key.
const KEY: usize = 2;
/// Shards: 1,024.
pub(super) const SHARD_BITS: u32 = 10;
/// An odd number whose bits are mixed; from the fraction of the golden ratio.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
/// At most so many in so many slots are used.
const LOAD: (usize, usize) = (4, 5);
/// A table grows by an eighth: at 4/5 that is 30 to 34 bytes a key beside one word.
const GROWS_BY: usize = 8;
const FIRST: usize = 4;
