//! What a text shows, judged once for each different text and numbered by the audit's names.

use ahash::RandomState;
use anning_judge::Judge;

use crate::input::Names;

use super::record::NO_SIGNATURE;

pub(crate) use anning_judge::Shown as Reading;

/// A reading and the signature that stands in the text.
pub(crate) type Read = anning_judge::Read<u32>;

/// The texts of all threads.
pub(crate) type Texts<'a> = anning_judge::Texts<'a, u32>;

/// No text was kept.
pub(crate) const NOT_KEPT: Read = Read { shown: Reading::NONE, signature: NO_SIGNATURE };

/// Nothing read yet. `secret` seeds the two hashes that name a text: nobody can write one text that is taken for
/// another.
pub(crate) fn texts<'a>(judge: &'a Judge, names: &'a Names, secret: &[u8; 32]) -> Texts<'a> {
    let seed = |label: &[u8]| {
        let hash = blake3::keyed_hash(secret, label);
        let mut words = hash
            .as_bytes()
            .chunks_exact(8)
            .map(|b| b.first_chunk::<8>().map_or(0, |b| u64::from_le_bytes(*b)));
        let mut word = || words.next().unwrap_or(0);
        RandomState::with_seeds(word(), word(), word(), word())
    };
    let seeds = [seed(b"texts 1"), seed(b"texts 2")];
    let naming = move |text: &str| seeds.each_ref().map(|s| s.hash_one(text.as_bytes()));
    let numbering = |name: Option<&str>| name.map_or(NO_SIGNATURE, |name| names.signature(name).0);
    Texts::new(judge, GENERATION, Box::new(naming), Box::new(numbering))
}

/// Texts in one generation; two are held, some 40 bytes a text.
const GENERATION: usize = 2 << 20;
