//! Acts of many recipients: memory is asked for before the first of them is read.

use anning_vocab::{Act, RecipientKey};

use super::Index;
use super::lines::Lines;
use super::table::Place;

/// What a batch works in; kept from one to the next.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    acts: Vec<Act>,
}

/// What stands beside a key, and in which shard.
type Found<'a> = Option<(&'a Lines, &'a [u64])>;

/// Recipients whose memory is asked for at once.
pub const BATCH_MAX: usize = 32;

impl Index {
    /// Shows the acts of each recipient, in order of `keys`, as [`Self::acts`] has them.
    ///
    /// Lists are taken [`BATCH_MAX`] at a time, in three steps: slots are asked for, then found and what they
    /// link to asked for, then read. To ask for one recipient while another is read was slower.
    pub fn acts_of(&self, keys: &[RecipientKey], batch: &mut Batch, mut show: impl FnMut(usize, &[Act])) {
        let mut places = [Place::default(); BATCH_MAX];
        let mut found: [Found<'_>; BATCH_MAX] = [None; BATCH_MAX];
        for (part, keys) in keys.chunks(BATCH_MAX).enumerate() {
            for (key, place) in keys.iter().zip(&mut places) {
                *place = Place::of(*key);
                if let Some(shard) = self.shards.get(place.shard()) {
                    shard.acts.ask_for(*place);
                }
            }
            for ((key, place), found) in keys.iter().zip(&places).zip(&mut found) {
                *found = self.ask_for_run(*place, *key);
            }
            for (at, (_, found)) in keys.iter().zip(&found).enumerate() {
                batch.acts.clear();
                if let Some((lines, beside)) = found {
                    self.unpack(lines, lines.run(beside), &mut batch.acts);
                }
                show(part * BATCH_MAX + at, &batch.acts);
            }
        }
    }

    #[inline]
    fn ask_for_run(&self, place: Place, key: RecipientKey) -> Found<'_> {
        let lines = &self.shards.get(place.shard())?.acts;
        let beside = lines.beside(place, key)?;
        lines.ask_for_run(beside);
        Some((lines, beside))
    }
}
