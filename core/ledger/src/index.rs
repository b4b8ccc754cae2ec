//! What decisions read: per recipient its acts, and the sends it got, packed in memory.
//!
//! Keyed by the whole 128-bit [`RecipientKey`]; a prefix of it only places a recipient, so that a collision
//! never allows. Most acts are one word of 8 bytes beside the key: the time, the kind, and the number of a
//! *shape* that stands for terms, origin and how the three times relate. What fits no shape is kept as it is:
//! nothing that was put in is lost or rounded.
//!
//! ```
//! use anning_ledger::index::Index;
//! use anning_vocab::{Act, ActKind, Origin, RecipientKey, TermsId, Timestamp};
//! let at = Timestamp::from_millis(1_635_695_999_000);
//! let act = Act {
//!     kind: ActKind::Given,
//!     origin: Origin::Captured,
//!     occurred: at,
//!     received: at,
//!     recorded: at.plus_millis(40),
//!     terms: TermsId(7),
//! };
//! let (mut index, key, mut acts) = (Index::new(), RecipientKey([1; 16]), Vec::new());
//! index.put(key, &act);
//! index.acts(key, &mut acts);
//! assert_eq!(acts, [act]);
//! index.acts_known(key, at, &mut acts);
//! assert!(acts.is_empty(), "recorded only later");
//! ```

mod ahead;
mod arena;
mod batch;
mod class;
mod lined;
mod lines;
mod memory;
mod shape;
mod snapshot;
mod table;

pub use batch::{BATCH_MAX, Batch};
pub use memory::Memory;
pub use snapshot::{Damaged, Head, Loaded};

use anning_vocab::{Act, Prior, RecipientKey, Timestamp};

use class::Classes;
use lines::Lines;
use shape::Shapes;
use table::{Place, SHARD_BITS};

/// Acts and earlier sends of every recipient.
#[derive(Clone, Debug)]
pub struct Index {
    shapes: Shapes,
    classes: Classes,
    /// Always [`SHARDS`].
    shards: Vec<Shard>,
}

/// Recipients whose keys begin alike.
#[derive(Clone, Debug, Default)]
struct Shard {
    acts: Lines,
    sends: Lines,
}

/// Shards of an index, and of its snapshot.
pub const SHARDS: usize = 1 << SHARD_BITS;

impl Default for Index {
    fn default() -> Self {
        Self::new()
    }
}

impl Index {
    /// An empty index.
    #[must_use]
    pub fn new() -> Self {
        let shards = vec![Shard::default(); SHARDS];
        Self { shapes: Shapes::default(), classes: Classes::default(), shards }
    }

    /// An empty index with room for so many recipients.
    #[must_use]
    pub fn with_room_for(recipients: usize) -> Self {
        let mut index = Self::new();
        // Shards fill unevenly, by the root of what is in them; four of those covers nearly all.
        let each = recipients.div_ceil(SHARDS);
        let each = each + 4 * each.isqrt();
        index.shards.iter_mut().for_each(|shard| shard.acts.reserve(each));
        index
    }

    /// Adds an act, behind all of this recipient that are not later.
    pub fn put(&mut self, key: RecipientKey, act: &Act) {
        let (place, packed) = (Place::of(key), self.shapes.pack(act));
        if let Some(shard) = self.shards.get_mut(place.shard()) {
            shard.acts.put(place, key, packed);
        }
    }

    /// A recipient's acts in order of `occurred`, those of one instant in order of arrival here. What was in
    /// `acts` is gone.
    pub fn acts(&self, key: RecipientKey, acts: &mut Vec<Act>) {
        acts.clear();
        let place = Place::of(key);
        if let Some(shard) = self.shards.get(place.shard()) {
            self.unpack(&shard.acts, shard.acts.of(place, key), acts);
        }
    }

    /// As [`Self::acts`], but only what had been recorded by then: what was known on a day.
    pub fn acts_known(&self, key: RecipientKey, on: Timestamp, acts: &mut Vec<Act>) {
        self.acts(key, acts);
        acts.retain(|act| act.recorded <= on);
    }

    /// Forgets a recipient: acts and sends are overwritten where they lay. One act may stay, the refusal by
    /// which the forgotten are not written to again.
    pub fn forget(&mut self, key: RecipientKey, keep: Option<&Act>) {
        let place = Place::of(key);
        if let Some(shard) = self.shards.get_mut(place.shard()) {
            shard.acts.take(place, key);
            shard.sends.take(place, key);
        }
        if let Some(act) = keep {
            self.put(key, act);
        }
    }

    /// Counts a message handed over to the carrier.
    ///
    /// Sends older than the longest window are dropped; a request for consent never, because whether one was
    /// asked before has no end.
    pub fn handed_over(&mut self, key: RecipientKey, prior: &Prior) {
        let (place, packed) = (Place::of(key), self.classes.pack(prior));
        let Some(shard) = self.shards.get_mut(place.shard()) else { return };
        shard.sends.put(place, key, packed);
        let sent = |packed| self.classes.unpack(packed);
        let words = shard.sends.of(place, key);
        let Some(last) = words.last().and_then(|word| sent(shard.sends.packed(*word))) else { return };
        let counts = |prior: &Prior| prior.request || prior.sent_at >= last.sent_at.plus_millis(-KEPT_MS);
        let old = |word: &u64| sent(shard.sends.packed(*word)).is_some_and(|prior| !counts(&prior));
        if words.iter().any(old) {
            for packed in shard.sends.take(place, key) {
                if sent(packed).is_some_and(|prior| counts(&prior)) {
                    shard.sends.put(place, key, packed);
                }
            }
        }
    }

    /// Earlier sends to a recipient from `since` on, in order of time. What was in `sends` is gone.
    pub fn priors(&self, key: RecipientKey, since: Timestamp, sends: &mut Vec<Prior>) {
        sends.clear();
        let place = Place::of(key);
        let Some(shard) = self.shards.get(place.shard()) else { return };
        let sent = |word: &u64| self.classes.unpack(shard.sends.packed(*word));
        let words = shard.sends.of(place, key).iter();
        sends.extend(words.filter_map(sent).filter(|prior| prior.sent_at >= since));
    }

    /// Recipients with an act.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.acts.keys()).sum()
    }

    /// No recipient has an act.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Acts of all recipients.
    #[must_use]
    pub fn acts_len(&self) -> usize {
        self.shards.iter().map(|shard| shard.acts.entries()).sum()
    }

    /// Shows every recipient and its acts, in no order that means anything.
    pub fn each(&self, mut show: impl FnMut(RecipientKey, &[Act])) {
        let mut acts = Vec::new();
        for shard in &self.shards {
            for (key, words) in shard.acts.iter() {
                acts.clear();
                self.unpack(&shard.acts, words, &mut acts);
                show(key, &acts);
            }
        }
    }

    /// Gives every recipient another key: how hash keys rotate. Two that become one have their acts put
    /// together.
    #[must_use]
    pub fn rekey(mut self, mut rename: impl FnMut(RecipientKey) -> RecipientKey) -> Self {
        let mut renamed = vec![Shard::default(); SHARDS];
        let each = self.len() / SHARDS;
        renamed.iter_mut().for_each(|shard| shard.acts.reserve(each));
        for shard in &mut self.shards {
            // One shard after another, so that most of the memory is held once.
            let shard = core::mem::take(shard);
            let mut lay = |lines: &Lines, of: fn(&mut Shard) -> &mut Lines| {
                for (key, words) in lines.iter() {
                    let key = rename(key);
                    let place = Place::of(key);
                    let Some(to) = renamed.get_mut(place.shard()) else { continue };
                    for word in words {
                        of(to).put(place, key, lines.packed(*word));
                    }
                }
            };
            lay(&shard.acts, |shard| &mut shard.acts);
            lay(&shard.sends, |shard| &mut shard.sends);
        }
        self.shards = renamed;
        self
    }

    /// Bytes held, by part.
    #[must_use]
    pub fn memory(&self) -> Memory {
        let mut memory = Memory {
            shapes: self.shapes.bytes() + self.shards.capacity() * size_of::<Shard>(),
            counters: self.classes.bytes(),
            ..Memory::default()
        };
        for shard in &self.shards {
            let [slots, runs, wide] = shard.acts.bytes();
            memory.slots += slots;
            memory.runs += runs;
            memory.wide += wide;
            memory.counters += shard.sends.bytes().iter().sum::<usize>();
        }
        memory
    }

    #[inline]
    fn unpack(&self, lines: &Lines, words: &[u64], acts: &mut Vec<Act>) {
        // Every word was packed by these shapes, or read with them: none fails.
        acts.extend(words.iter().filter_map(|word| self.shapes.unpack(lines.packed(*word))));
    }
}

/// The longest window is a calendar year: 366 days.
const KEPT_MS: i64 = 366 * 86_400_000;
