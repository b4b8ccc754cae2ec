//! What stands beside each key of a shard: one packed word, or several in order of time.

use anning_vocab::RecipientKey;

use super::arena::{Arena, Block};
use super::table::{Place, Table};

/// A table and the blocks that it points into.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    table: Table,
    arena: Arena,
    entries: usize,
    /// Words in blocks of [`Packed::Lagged`] and [`Packed::Wide`].
    aside: usize,
}

/// One entry as it is kept.
///
/// A word is 41 bits of time (milliseconds from 2000-01-01) and a tag of 23 bits. Tags under [`OWN`] are of
/// this layout; the rest belong to what is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packed {
    /// A word that says all.
    Plain(u64),
    /// A word, and one more.
    Lagged([u64; 2]),
    /// All that there is, the time first, as it stands.
    Wide([u64; 4]),
}

/// A word of this time; none outside 2000 to 2069.
pub(super) fn word(millis: i64, tag: u32) -> Option<u64> {
    let since = u64::try_from(millis.checked_sub(BEGIN)?).ok()?;
    (since >> TIME_BITS == 0).then_some(since << TAG_BITS | u64::from(tag))
}

/// The time of a word.
#[inline]
pub(super) fn millis(word: u64) -> i64 {
    (word >> TAG_BITS) as i64 + BEGIN
}

/// The tag of a word.
#[inline]
pub(super) fn tag(word: u64) -> u32 {
    (word & ((1 << TAG_BITS) - 1)) as u32
}

const fn link(block: Block, tag: u32) -> u64 {
    block.0 << TAG_BITS | tag as u64
}

const fn block(word: u64) -> Block {
    Block(word >> TAG_BITS)
}

impl Packed {
    pub fn millis(self) -> i64 {
        match self {
            Self::Plain(word) | Self::Lagged([word, _]) => millis(word),
            Self::Wide([time, ..]) => time.cast_signed(),
        }
    }
}

impl Lines {
    /// Adds an entry behind all that are not later.
    pub fn put(&mut self, place: Place, key: RecipientKey, entry: Packed) {
        let time = entry.millis();
        let word = self.lay_aside(entry);
        self.entries += 1;
        let Some(beside) = self.table.get_mut(place, key) else {
            self.table.insert(place, key, word);
            return;
        };
        let old = *beside;
        let (run, len) = if tag(old) == RUN {
            (block(old), filled(self.arena.block(block(old))))
        } else {
            let run = self.arena.take(2);
            set(self.arena.block_mut(run), 0, old);
            (run, 1)
        };
        let run = if len < run.room() { run } else { self.larger(run, len) };
        if let Some(beside) = self.table.get_mut(place, key) {
            *beside = link(run, RUN);
        }
        let words = self.arena.block(run).get(..len).unwrap_or(&[]);
        let at = words.iter().rposition(|word| self.millis(*word) <= time).map_or(0, |at| at + 1);
        let words = self.arena.block_mut(run);
        words.copy_within(at..len, at + 1);
        set(words, at, word);
    }

    /// The words beside a key, in order of time; none for a key that is not here.
    #[inline]
    pub fn of(&self, place: Place, key: RecipientKey) -> &[u64] {
        self.table.get(place, key).map_or(&[], |word| self.run(word))
    }

    /// The word beside a key, which may be a link to more.
    #[inline]
    pub fn first(&self, place: Place, key: RecipientKey) -> Option<&u64> {
        self.table.get(place, key)
    }

    /// The words that a word stands for.
    #[inline]
    pub fn run<'a>(&'a self, word: &'a u64) -> &'a [u64] {
        if tag(*word) != RUN {
            return core::slice::from_ref(word);
        }
        let words = self.arena.block(block(*word));
        words.get(..filled(words)).unwrap_or(&[])
    }

    /// What a word of a run says.
    #[inline]
    pub fn packed(&self, word: u64) -> Packed {
        match tag(word) {
            LAGGED => match self.arena.block(block(word)) {
                [word, lag, ..] => Packed::Lagged([*word, *lag]),
                _ => Packed::Plain(word),
            },
            WIDE => match self.arena.block(block(word)) {
                [a, b, c, d, ..] => Packed::Wide([*a, *b, *c, *d]),
                _ => Packed::Plain(word),
            },
            _ => Packed::Plain(word),
        }
    }

    /// Takes everything beside a key out, and overwrites it where it lay.
    pub fn take(&mut self, place: Place, key: RecipientKey) -> Vec<Packed> {
        let Some(word) = self.table.remove(place, key) else { return Vec::new() };
        let words = self.run(&word).to_vec();
        let entries = words.iter().map(|word| self.packed(*word)).collect();
        for word in &words {
            match tag(*word) {
                LAGGED | WIDE => {
                    self.aside -= block(*word).room();
                    self.arena.give_back(block(*word));
                }
                _ => {}
            }
        }
        if tag(word) == RUN {
            self.arena.give_back(block(word));
        }
        self.entries -= words.len();
        entries
    }

    /// Every key with its words.
    pub fn iter(&self) -> impl Iterator<Item = (RecipientKey, &[u64])> {
        self.table.iter().map(|slot| (slot.key, self.run(&slot.word)))
    }

    /// Room for so many keys.
    pub fn reserve(&mut self, keys: usize) {
        self.table.reserve(keys);
    }

    /// Has the cache lines of a key come in, whatever they hold.
    #[inline]
    pub fn touch(&self, place: Place) -> u64 {
        self.table.touch(place)
    }

    /// Has the cache line of a run come in; of the arena's first if the word is no link, so that no branch
    /// waits for it.
    #[inline]
    pub fn touch_run(&self, word: u64) -> u64 {
        let linked = tag(word) < OWN;
        self.arena.touch(if linked { block(word).start() } else { 0 })
    }

    pub fn keys(&self) -> usize {
        self.table.len()
    }

    pub fn entries(&self) -> usize {
        self.entries
    }

    /// Bytes of slots, of runs, and of what is laid aside.
    pub fn bytes(&self) -> [usize; 3] {
        let aside = self.aside * size_of::<u64>();
        [self.table.bytes(), self.arena.bytes().saturating_sub(aside), aside]
    }

    fn lay_aside(&mut self, entry: Packed) -> u64 {
        let (words, tag): (&[u64], u32) = match &entry {
            Packed::Plain(word) => return *word,
            Packed::Lagged(words) => (words, LAGGED),
            Packed::Wide(words) => (words, WIDE),
        };
        let block = self.arena.take(words.len());
        for (to, from) in self.arena.block_mut(block).iter_mut().zip(words) {
            *to = *from;
        }
        self.aside += block.room();
        link(block, tag)
    }

    /// Moves a run into a block of the next size.
    fn larger(&mut self, run: Block, len: usize) -> Block {
        let larger = self.arena.take(len + 1);
        let words = self.arena.block(run).to_vec();
        for (to, from) in self.arena.block_mut(larger).iter_mut().zip(words) {
            *to = from;
        }
        self.arena.give_back(run);
        larger
    }

    fn millis(&self, word: u64) -> i64 {
        self.packed(word).millis()
    }
}

/// Words in use: no word is 0.
#[inline]
fn filled(words: &[u64]) -> usize {
    if words.len() <= 16 {
        words.iter().position(|word| *word == 0).unwrap_or(words.len())
    } else {
        words.partition_point(|word| *word != 0)
    }
}

fn set(words: &mut [u64], at: usize, word: u64) {
    if let Some(place) = words.get_mut(at) {
        *place = word;
    }
}

/// A link to several words.
pub(super) const RUN: u32 = 1;
/// A link to two words.
pub(super) const LAGGED: u32 = 2;
/// A link to four words.
pub(super) const WIDE: u32 = 3;
/// The first tag that belongs to what is kept.
pub(super) const OWN: u32 = 8;
pub(super) const TAG_BITS: u32 = 23;
const TIME_BITS: u32 = 41;
/// 2000-01-01T00:00:00Z.
const BEGIN: i64 = 946_684_800_000;
