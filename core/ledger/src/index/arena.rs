//! Blocks of words in few sizes; what is given back is overwritten and used again.

use super::ahead::ask_for;
use super::lined::{LINE, Lined, wipe};

/// Blocks of one shard, one after another; none that fits in a cache line lies across two.
#[derive(Clone, Debug, Default)]
pub(super) struct Arena {
    memory: Lined,
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
            if let Some(first) = self.memory.words_mut().get_mut(offset) {
                *head = core::mem::take(first);
                return Block::new(size, offset);
            }
        }
        let (end, room) = (self.memory.len(), room(size));
        let line = end.next_multiple_of(LINE);
        let offset = if room <= LINE && end + room > line { line } else { end };
        self.memory.grow(offset + room);
        self.keep(end, offset);
        Block::new(size, offset)
    }

    /// Overwrites a block and keeps it for the next of its size.
    pub fn give_back(&mut self, block: Block) {
        let size = block.size() as usize;
        if self.free.len() <= size {
            self.free.resize(size + 1, 0);
        }
        wipe(self.block_mut(block));
        if let (Some(first), Some(head)) =
            (self.memory.words_mut().get_mut(block.offset()), self.free.get_mut(size))
        {
            *first = core::mem::replace(head, block.offset() as u64 + 1);
        }
    }

    /// Keeps words that were passed over, as blocks.
    fn keep(&mut self, mut from: usize, until: usize) {
        while let Some(size) = (0..SIZES).take_while(|size| from + room(*size) <= until).last() {
            self.give_back(Block::new(size, from));
            from += room(size);
        }
    }

    /// The words of a block; none for one that is not of this arena.
    #[inline]
    pub fn block(&self, block: Block) -> &[u64] {
        let from = block.offset();
        self.memory.words().get(from..from.saturating_add(block.room())).unwrap_or(&[])
    }

    /// The words of a block, to be written.
    pub fn block_mut(&mut self, block: Block) -> &mut [u64] {
        let from = block.offset();
        self.memory.words_mut().get_mut(from..from.saturating_add(block.room())).unwrap_or(&mut [])
    }

    /// Asks for the first line of a block.
    #[inline]
    pub fn ask_for(&self, block: Block) {
        ask_for(self.memory.words().get(block.offset()));
    }

    /// Overwrites all.
    pub fn wipe(&mut self) {
        self.memory.wipe();
    }

    /// Bytes held, used or not.
    pub fn bytes(&self) -> usize {
        self.memory.bytes() + self.free.capacity() * size_of::<u64>()
    }
}

const SIZE_BITS: u32 = 6;
const SIZES: u32 = 1 << SIZE_BITS;

#[cfg(test)]
mod tests {
    use super::{Arena, LINE, room};

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
    #[test]
    fn short_blocks_lie_in_one_line() {
        let mut arena = Arena::default();
        for n in 0..200 {
            let block = arena.take(1 + n * 7 % 8);
            let first = block.offset();
            assert_eq!(first / LINE, (first + block.room() - 1) / LINE);
            assert_eq!(arena.block(block), vec![0; block.room()], "of zeros, and inside");
            arena.block_mut(block).fill(5);
        }
    }
}
