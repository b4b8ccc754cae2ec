//! Is an entry a leaf that a ledger's log may hold?

use anning_ledger::{BatchLeaf, Deed, EventError, FieldError, entry, sheet};

/// What a leaf is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaf {
    /// A commitment to an act.
    Act,
    /// Terms by name.
    Sheet,
    /// A batch of decisions.
    Batch {
        /// How many.
        decisions: u64,
    },
    /// What an officer or the system did.
    Deed,
}

/// Leaves of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Acts.
    pub acts: u64,
    /// Sheets.
    pub sheets: u64,
    /// Batches.
    pub batches: u64,
    /// Decisions that the batches say they hold.
    pub decisions: u64,
    /// Deeds.
    pub deeds: u64,
}

/// Why an entry is no leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeafFault {
    /// It has no byte.
    Empty,
    /// Its first byte names no kind.
    Kind(u8),
    /// A commitment has 32 bytes.
    Act {
        /// What this one has.
        bytes: usize,
    },
    /// No sheet.
    Sheet(FieldError),
    /// No batch.
    Batch,
    /// No deed.
    Deed(EventError),
}

impl Leaf {
    /// Reads an entry as a leaf.
    ///
    /// ```
    /// use anning_witness::{Leaf, LeafFault};
    /// assert_eq!(Leaf::read(&[&[1][..], &[0; 32]].concat()), Ok(Leaf::Act));
    /// assert_eq!(Leaf::read(b"\x05"), Err(LeafFault::Kind(5)));
    /// ```
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(leaf: &[u8]) -> Result<Self, LeafFault> {
        let (kind, rest) = leaf.split_first().ok_or(LeafFault::Empty)?;
        match *kind {
            entry::leaf::ACT if rest.len() == 32 => Ok(Self::Act),
            entry::leaf::ACT => Err(LeafFault::Act { bytes: rest.len() }),
            // Whom the names stand for is nothing to an outsider.
            entry::leaf::SHEET => {
                sheet::decode(rest, &mut |_, _| 0).map(|_| Self::Sheet).map_err(LeafFault::Sheet)
            }
            entry::leaf::BATCH => {
                let batch = BatchLeaf::from_bytes(leaf).ok_or(LeafFault::Batch)?;
                Ok(Self::Batch { decisions: batch.count })
            }
            entry::leaf::DEED => Deed::decode(rest).map(|_| Self::Deed).map_err(LeafFault::Deed),
            other => Err(LeafFault::Kind(other)),
        }
    }
}

impl Counts {
    /// Leaves in all.
    #[must_use]
    pub const fn leaves(&self) -> u64 {
        self.acts + self.sheets + self.batches + self.deeds
    }

    /// One more.
    pub(crate) const fn add(&mut self, leaf: Leaf) {
        match leaf {
            Leaf::Act => self.acts += 1,
            Leaf::Sheet => self.sheets += 1,
            Leaf::Batch { decisions } => {
                self.batches += 1;
                // What a batch says of itself may be anything.
                self.decisions = self.decisions.saturating_add(decisions);
            }
            Leaf::Deed => self.deeds += 1,
        }
    }

    /// Both together.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self {
            acts: self.acts + other.acts,
            sheets: self.sheets + other.sheets,
            batches: self.batches + other.batches,
            decisions: self.decisions.saturating_add(other.decisions),
            deeds: self.deeds + other.deeds,
        }
    }
}

impl core::fmt::Display for LeafFault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Empty => f.write_str("it has no byte"),
            Self::Kind(kind) => write!(f, "no kind: {kind}"),
            Self::Act { bytes } => write!(f, "a commitment has 32 bytes, not {bytes}"),
            Self::Sheet(error) => write!(f, "no sheet: {error}"),
            Self::Batch => f.write_str("no batch of decisions"),
            Self::Deed(error) => write!(f, "no deed: {error}"),
        }
    }
}

impl core::error::Error for LeafFault {}
