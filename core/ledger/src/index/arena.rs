//! Blocks of words in few sizes; what is given back is overwritten and used again.

/// Blocks of one shard, one after another.
#[derive(Clone, Debug, Default)]
pub(super) struct Arena {
    words: Vec<u64>,
    /// First free block of each size, one more than its offset; a free block's first word names the next.
    free: Vec<u64>,
}

/// Where a block lies and its size, as the 41 bits that stand beside a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block(pub u64);

impl Block {
    fn new(size: u32, offset: usize) -> Self {
        Self((offset as u64) << SIZE_BITS | u64::from(size))
    }

    fn offset(self) -> usize {
        usize::try_from(self.0 >> SIZE_BITS).unwrap_or(usize::MAX)
    }

    fn size(self) -> u32 {
        (self.0 & ((1 << SIZE_BITS) - 1)) as u32
    }

    /// Words it holds.
    pub fn room(self) -> usize {
        room(self.size())
    }

    /// Its first word's place in the arena.
    pub fn start(self) -> usize {
        self.offset()
    }
}

/// 2, 3, 4, 6, 8, 12, 16, 24 … words.
const fn room(size: u32) -> usize {
    let of_pair = if size.is_multiple_of(2) { 2_usize } else { 3 };
    of_pair << (size / 2)
}

impl Arena {
    /// A block of zeros with room for so many words.
    pub fn take(&mut self, words: usize) -> Block {
        let size = (0..SIZES).find(|size| room(*size) >= words).unwrap_or(SIZES - 1);
        if let Some(head) = self.free.get_mut(size as usize).filter(|head| **head != 0) {
            let offset = usize::try_from(*head - 1).unwrap_or(usize::MAX);
            if let Some(first) = self.words.get_mut(offset) {
                *head = core::mem::take(first);
                return Block::new(size, offset);
            }
        }
        let offset = self.words.len();
        self.grow(offset + room(size));
        self.words.resize(offset + room(size), 0);
        Block::new(size, offset)
    }

    /// Overwrites a block and keeps it for the next of its size.
    pub fn give_back(&mut self, block: Block) {
        let size = block.size() as usize;
        if self.free.len() <= size {
            self.free.resize(size + 1, 0);
        }
        wipe(self.block_mut(block));
        if let (Some(first), Some(head)) = (self.words.get_mut(block.offset()), self.free.get_mut(size)) {
            *first = core::mem::replace(head, block.offset() as u64 + 1);
        }
    }

    /// The words of a block; none for one that is not of this arena.
    pub fn block(&self, block: Block) -> &[u64] {
        let from = block.offset();
        self.words.get(from..from.saturating_add(block.room())).unwrap_or(&[])
    }

    /// The words of a block, to be written.
    pub fn block_mut(&mut self, block: Block) -> &mut [u64] {
        let from = block.offset();
        self.words.get_mut(from..from.saturating_add(block.room())).unwrap_or(&mut [])
    }

    /// Two words a few apart, whatever they are: to have their cache lines come in, for a short run often
    /// lies across two.
    #[inline]
    pub fn touch(&self, at: usize) -> u64 {
        let word = |at: usize| self.words.get(at).copied().unwrap_or(0);
        word(at) ^ word(at + 3)
    }

    /// Bytes held, used or not.
    pub fn bytes(&self) -> usize {
        (self.words.capacity() + self.free.capacity()) * size_of::<u64>()
    }

    fn grow(&mut self, words: usize) {
        if words > self.words.capacity() {
            self.move_to(words + words / GROWS_BY + FIRST);
        }
    }

    /// What moved is overwritten where it lay: a copy would outlive the person's wish to be forgotten.
    fn move_to(&mut self, capacity: usize) {
        let mut words = Vec::with_capacity(capacity);
        words.extend_from_slice(&self.words);
        wipe(&mut self.words);
        self.words = words;
    }
}

/// Overwrites with zeros, seen to happen.
pub(super) fn wipe<T: Copy + Default>(memory: &mut [T]) {
    memory.fill(T::default());
    core::hint::black_box(memory);
}

const SIZE_BITS: u32 = 6;
const SIZES: u32 = 1 << SIZE_BITS;
/// An arena grows by an eighth.
const GROWS_BY: usize = 8;
const FIRST: usize = 4;

#[cfg(test)]
mod tests {
    use super::{Arena, room};

    #[test]
    fn sizes() {
        assert_eq!((0..8).map(room).collect::<Vec<_>>(), [2, 3, 4, 6, 8, 12, 16, 24]);
    }

    #[test]
    fn given_back_is_overwritten_and_used_again() {
        let mut arena = Arena::default();
        let (a, b) = (arena.take(5), arena.take(6));
        arena.block_mut(a).fill(7);
        arena.block_mut(b).fill(9);
        arena.give_back(a);
        assert_eq!(arena.block(a), [0; 6], "nothing is left of it");
        arena.give_back(b);
        let bytes = arena.bytes();
        assert_eq!([arena.take(6), arena.take(5)], [b, a], "last given back, first taken");
        assert_eq!((arena.block(a), arena.block(b)), (&[0; 6][..], &[0; 6][..]));
        assert_eq!(arena.bytes(), bytes);
    }
}
