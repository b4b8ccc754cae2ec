//! Words that begin where a cache line begins, so that what is laid beside each other comes in together.

/// Zeroed words from the beginning of a cache line on.
#[derive(Debug, Default)]
pub(super) struct Lined {
    all: Vec<u64>,
    /// Words before that line.
    lead: usize,
}

impl Lined {
    /// So many zeros.
    pub fn zeros(words: usize) -> Self {
        // Asked for as zeros: what is not written yet takes no memory from the system.
        let mut all = vec![0; words + LINE - 1];
        let lead = lead(&all);
        all.truncate(lead + words);
        Self { all, lead }
    }

    /// None yet, with room for so many.
    fn with_room_for(words: usize) -> Self {
        let mut all = Vec::with_capacity(words + LINE - 1);
        let lead = lead(&all);
        all.resize(lead, 0);
        Self { all, lead }
    }

    #[inline]
    pub fn words(&self) -> &[u64] {
        self.all.get(self.lead..).unwrap_or(&[])
    }

    #[inline]
    pub fn words_mut(&mut self) -> &mut [u64] {
        self.all.get_mut(self.lead..).unwrap_or(&mut [])
    }

    pub fn len(&self) -> usize {
        self.all.len() - self.lead
    }

    /// Adds zeros up to so many words, growing by an eighth. What moves is overwritten where it lay: a copy
    /// would outlive the person's wish to be forgotten.
    pub fn grow(&mut self, words: usize) {
        if self.lead + words > self.all.capacity() {
            let mut larger = Self::with_room_for(words + words / GROWS_BY + FIRST);
            larger.all.extend_from_slice(self.words());
            self.wipe();
            *self = larger;
        }
        self.all.resize(self.lead + words, 0);
    }

    /// Overwrites all.
    pub fn wipe(&mut self) {
        wipe(&mut self.all);
    }

    /// Bytes held, used or not.
    pub fn bytes(&self) -> usize {
        self.all.capacity() * size_of::<u64>()
    }
}

impl Clone for Lined {
    fn clone(&self) -> Self {
        if self.len() == 0 {
            return Self::default();
        }
        let mut copy = Self::with_room_for(self.len());
        copy.all.extend_from_slice(self.words());
        copy
    }
}

/// Words up to the next beginning of a cache line.
fn lead(all: &[u64]) -> usize {
    all.as_ptr().align_offset(LINE * size_of::<u64>()).min(LINE - 1)
}

/// Overwrites with zeros, seen to happen.
pub(super) fn wipe(words: &mut [u64]) {
    words.fill(0);
    core::hint::black_box(words);
}

/// Words of a cache line.
pub(super) const LINE: usize = 8;
const GROWS_BY: usize = 8;
const FIRST: usize = 4;
