//! What stands beside each key of a shard: packed words in order of time, or a link to more than there is room
//! for.

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
    /// Runs in blocks that would fit beside their keys in the widest table.
    short: usize,
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
        let (time, word) = (entry.millis(), self.lay_aside(entry));
        self.entries += 1;
        let Some(beside) = self.table.get_mut(place, key) else {
            self.table.insert(place, key, word);
            return;
        };
        let first = beside.first().copied().unwrap_or(0);
        let len = filled(if tag(first) == RUN { self.arena.block(block(first)) } else { beside });
        if tag(first) != RUN && len < beside.len() {
            let at = behind(&self.arena, beside, len, time);
            lay(beside, at, len, word);
            return;
        }
        let run = if tag(first) == RUN {
            roomy(&mut self.arena, block(first), len)
        } else {
            let run = self.arena.take(len + 1);
            copy(self.arena.block_mut(run), beside);
            beside.fill(0);
            run
        };
        set(beside, 0, link(run, RUN));
        let at = behind(&self.arena, self.arena.block(run), len, time);
        lay(self.arena.block_mut(run), at, len, word);
        self.short += usize::from(is_short(len + 1));
        self.short -= usize::from(tag(first) == RUN && is_short(len));
        if self.short * 2 > self.table.len().max(FEW) {
            self.widen();
        }
    }

    /// The words beside a key, in order of time; none for a key that is not here.
    #[inline]
    pub fn of(&self, place: Place, key: RecipientKey) -> &[u64] {
        self.table.get(place, key).map_or(&[], |beside| self.run(beside))
    }

    /// What stands beside a key, which may be a link to more.
    #[inline]
    pub fn beside(&self, place: Place, key: RecipientKey) -> Option<&[u64]> {
        self.table.get(place, key)
    }

    /// The words that what stands beside a key stands for.
    #[inline]
    pub fn run<'a>(&'a self, beside: &'a [u64]) -> &'a [u64] {
        let words = match beside {
            [link, ..] if tag(*link) == RUN => self.arena.block(block(*link)),
            _ => beside,
        };
        words.get(..filled(words)).unwrap_or(&[])
    }

    /// What a word of a run says.
    #[inline]
    pub fn packed(&self, word: u64) -> Packed {
        packed(&self.arena, word)
    }

    /// Takes everything beside a key out, and overwrites it where it lay.
    pub fn take(&mut self, place: Place, key: RecipientKey) -> Vec<Packed> {
        let Some(beside) = self.table.remove(place, key) else { return Vec::new() };
        let words = self.run(&beside).to_vec();
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
        if let Some(link) = beside.first().filter(|word| tag(**word) == RUN) {
            self.arena.give_back(block(*link));
            self.short -= usize::from(is_short(words.len()));
        }
        self.entries -= words.len();
        entries
    }

    /// Every key with its words.
    pub fn iter(&self) -> impl Iterator<Item = (RecipientKey, &[u64])> {
        self.table.iter().map(|(key, beside)| (key, self.run(beside)))
    }

    /// Room for so many keys.
    pub fn reserve(&mut self, keys: usize) {
        self.table.reserve(keys);
    }

    /// Asks for the memory beside a key.
    #[inline]
    pub fn ask_for(&self, place: Place) {
        self.table.ask_for(place);
    }

    /// Asks for the run that what stands beside a key is a link to.
    #[inline]
    pub fn ask_for_run(&self, beside: &[u64]) {
        if let [link, ..] = beside
            && tag(*link) < OWN
        {
            self.arena.ask_for(block(*link));
        }
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
        copy(self.arena.block_mut(block), words);
        self.aside += block.room();
        link(block, tag)
    }

    /// Lays all out anew with more room beside each key: so many have a few words each that one search
    /// finds more often than two.
    fn widen(&mut self) {
        let longer = self.iter().filter(|(_, words)| (3..=WIDEST).contains(&words.len())).count();
        let width = if longer * 4 > self.short || self.table.width() > 1 { WIDEST } else { 2 };
        if width == self.table.width() {
            return;
        }
        let mut wide = Self { table: Table::of_width(width), ..Self::default() };
        wide.table.reserve(self.table.room());
        for (key, words) in self.iter() {
            let place = Place::of(key);
            words.iter().for_each(|word| wide.put(place, key, self.packed(*word)));
        }
        self.table.wipe();
        self.arena.wipe();
        *self = wide;
    }
}

/// What a word says, or links to.
#[inline]
fn packed(arena: &Arena, word: u64) -> Packed {
    match tag(word) {
        LAGGED => match arena.block(block(word)) {
            [word, lag, ..] => Packed::Lagged([*word, *lag]),
            _ => Packed::Plain(word),
        },
        WIDE => match arena.block(block(word)) {
            [a, b, c, d, ..] => Packed::Wide([*a, *b, *c, *d]),
            _ => Packed::Plain(word),
        },
        _ => Packed::Plain(word),
    }
}

/// The block of a run with room for one more: itself, or one of the next size that it is moved to.
fn roomy(arena: &mut Arena, run: Block, len: usize) -> Block {
    if len < run.room() {
        return run;
    }
    let larger = arena.take(len + 1);
    let words = arena.block(run).to_vec();
    copy(arena.block_mut(larger), &words);
    arena.give_back(run);
    larger
}

/// The place behind the last of so many words that is not later.
fn behind(arena: &Arena, words: &[u64], len: usize, time: i64) -> usize {
    let words = words.get(..len).unwrap_or(words);
    words.iter().rposition(|word| packed(arena, *word).millis() <= time).map_or(0, |at| at + 1)
}

/// Lays a word there; those from there on move up.
fn lay(words: &mut [u64], at: usize, len: usize, word: u64) {
    words.copy_within(at..len, at + 1);
    set(words, at, word);
}

/// A run of so many would fit in the widest table.
const fn is_short(len: usize) -> bool {
    len <= WIDEST
}

fn copy(to: &mut [u64], from: &[u64]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
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
/// Words beside a key at most.
const WIDEST: usize = 4;
/// A table of fewer keys stays as it is.
const FEW: usize = 16;
/// 2000-01-01T00:00:00Z.
const BEGIN: i64 = 946_684_800_000;
