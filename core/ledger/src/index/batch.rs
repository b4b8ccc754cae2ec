//! Acts of many recipients at once: memory is asked for all of them before the first is read.

use anning_vocab::{Act, RecipientKey};

use super::Index;
use super::table::Place;

/// What a batch works in; kept from one to the next.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    places: Vec<Place>,
    words: Vec<u64>,
    acts: Vec<Act>,
}

/// Recipients whose cache lines are asked for at once.
pub const BATCH_MAX: usize = 64;

impl Index {
    /// Shows the acts of each recipient, in order of `keys`, as [`Self::acts`] has them.
    ///
    /// Longer lists are taken [`BATCH_MAX`] at a time: more cache lines than that do not wait at once.
    pub fn acts_of(&self, keys: &[RecipientKey], batch: &mut Batch, mut show: impl FnMut(usize, &[Act])) {
        for (part, keys) in keys.chunks(BATCH_MAX).enumerate() {
            self.come_in(keys, batch);
            for (at, (key, place)) in keys.iter().zip(&batch.places).enumerate() {
                batch.acts.clear();
                if let Some(shard) = self.shards.get(place.shard()) {
                    self.unpack(&shard.acts, shard.acts.of(*place, *key), &mut batch.acts);
                }
                show(part * BATCH_MAX + at, &batch.acts);
            }
        }
    }

    /// Reads each home slot, then each run, with no branch on what is read: the reads overlap.
    fn come_in(&self, keys: &[RecipientKey], batch: &mut Batch) {
        batch.places.clear();
        batch.places.extend(keys.iter().map(|key| Place::of(*key)));
        let lines = |place: &Place| self.shards.get(place.shard()).map(|shard| &shard.acts);
        let touched =
            batch.places.iter().fold(0, |sum, place| sum ^ lines(place).map_or(0, |l| l.touch(*place)));
        core::hint::black_box(touched);
        batch.words.clear();
        let first = |(place, key): (&Place, &RecipientKey)| {
            lines(place).and_then(|lines| lines.first(*place, *key)).copied().unwrap_or(0)
        };
        batch.words.extend(batch.places.iter().zip(keys).map(first));
        let run = |(place, word): (&Place, &u64)| lines(place).map_or(0, |lines| lines.touch_run(*word));
        let touched = batch.places.iter().zip(&batch.words).fold(0, |sum, pair| sum ^ run(pair));
        core::hint::black_box(touched);
    }
}
