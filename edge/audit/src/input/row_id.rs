//! Where a row stands: file and line, in one number that sorts in reading order.

/// File and line of a row. Its order is the order in which one thread would read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct RowId(u64);

impl RowId {
    /// From the position of the file in the plan and the line in the file (a Parquet file: the row), from 1.
    #[must_use]
    pub const fn new(file: u16, line: u64) -> Self {
        Self((file as u64) << LINE_BITS | (line & LINE_MASK))
    }

    /// The file, by its position in [`Plan::files`](super::Plan::files).
    #[must_use]
    pub const fn file(self) -> u16 {
        (self.0 >> LINE_BITS) as u16
    }

    /// The line, from 1 (the header is line 1 of a CSV file); in a Parquet file the row, from 1.
    #[must_use]
    pub const fn line(self) -> u64 {
        self.0 & LINE_MASK
    }

    /// As one number.
    #[must_use]
    pub const fn to_bits(self) -> u64 {
        self.0
    }

    /// From [`Self::to_bits`].
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }
}

const LINE_BITS: u32 = 48;
const LINE_MASK: u64 = (1 << LINE_BITS) - 1;
