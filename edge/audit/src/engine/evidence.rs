//! Samples of sends, chosen by a hash of where they stand: whoever works, in whatever order, finds the same.

use anning_vocab::{Class, Grade, Refusal, RefusalReach, State, Timestamp};

use crate::input::{Masked, RowId};

/// A send that may become evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sample {
    /// Smaller is chosen first: samples of one stretch of the log come before those of another, so that few
    /// stretches are read again for their texts.
    pub rank: (u64, u64),
    pub row: RowId,
    pub sent_at: Timestamp,
    pub masked: Masked,
    pub context: u32,
    pub class: Class,
    pub state: State,
    pub grade: Option<Grade>,
    /// When the act occurred on which the state stands, if one does.
    pub act: Option<Timestamp>,
    pub refusal: Refusal,
}

impl Sample {
    /// The rank of a row.
    pub const fn rank(row: RowId) -> (u64, u64) {
        let stretch = (row.file() as u64) << 48 | row.line() >> STRETCH_BITS;
        (mix(stretch), mix(row.to_bits()))
    }

    /// A refusal that stands against it.
    pub fn refused(&self) -> Option<&Refusal> {
        (self.refusal.reach != RefusalReach::None).then_some(&self.refusal)
    }
}

/// The samples of each verdict.
#[derive(Debug, Default)]
pub(crate) struct Samples {
    by_verdict: Vec<Vec<Sample>>,
}

impl Samples {
    /// Would a sample of this rank be kept?
    pub fn wants(&self, verdict: u32, rank: (u64, u64)) -> bool {
        self.by_verdict
            .get(verdict as usize)
            .is_none_or(|kept| kept.len() < KEPT || kept.last().is_some_and(|worst| rank < worst.rank))
    }

    /// Keeps a sample if it is among the first of its verdict.
    pub fn offer(&mut self, verdict: u32, sample: Sample) {
        let at = verdict as usize;
        if self.by_verdict.len() <= at {
            self.by_verdict.resize(at + 1, Vec::new());
        }
        let Some(kept) = self.by_verdict.get_mut(at) else { return };
        let place = kept.partition_point(|k| k.rank < sample.rank);
        kept.insert(place, sample);
        kept.truncate(KEPT);
    }

    /// All samples by verdict.
    pub fn all(&self) -> impl Iterator<Item = (u32, &[Sample])> {
        (0..).zip(self.by_verdict.iter().map(Vec::as_slice))
    }

    pub fn into_all(self) -> impl Iterator<Item = (u32, Vec<Sample>)> {
        (0..).zip(self.by_verdict)
    }
}

/// A fixed mixing of bits (splitmix64).
const fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Samples kept for each verdict, and shown for each provision, answer and ground.
pub(crate) const KEPT: usize = 4;
/// Rows of one stretch: 2^16.
const STRETCH_BITS: u32 = 16;
