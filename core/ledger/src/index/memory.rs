//! Where the bytes of an index are.

/// Bytes held, by part; room that is not used yet counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Memory {
    /// Tables: keys, the words beside each, empty slots.
    pub slots: usize,
    /// Acts of recipients that have more than there is room for beside their keys.
    pub runs: usize,
    /// What does not fit in one word.
    pub wide: usize,
    /// What acts share, and the fixed parts of the shards.
    pub shapes: usize,
    /// Earlier sends.
    pub counters: usize,
}

impl Memory {
    /// Bytes that consents take: all but the counters.
    #[must_use]
    pub const fn consents(&self) -> usize {
        self.slots + self.runs + self.wide + self.shapes
    }

    /// All bytes.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.consents() + self.counters
    }
}
