//! What texts show, each different one judged once.

use core::hash::{BuildHasherDefault, Hasher};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anning_vocab::{Class, Declared, Known, TextFacts};

use crate::judge::{Judge, Scratch};
use crate::signature::{signature, states_terms};

/// What a text shows, in two bytes: class, facts, and whether a request for consent states its terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shown(u16);

impl Shown {
    /// No text was kept.
    pub const NONE: Self = Self(u16::MAX);

    /// Of a text.
    #[must_use]
    pub fn of(class: Class, text: TextFacts, states_terms: Known) -> Self {
        let facts = [text.identity, text.contact, text.refusal, text.ad_label, text.code, states_terms];
        Self(facts.iter().fold(class as u16, |code, fact| code * 3 + *fact as u16))
    }

    /// The class by content. Where no text was kept the sender's claim is believed against itself only.
    #[must_use]
    pub fn class(self, declared: Declared) -> Class {
        if self == Self::NONE {
            return match declared {
                Declared::Commercial => Class::Commercial,
                Declared::Service | Declared::Code | Declared::Unknown => Class::Borderline,
            };
        }
        Class::ALL.get(usize::from(self.0 / 729)).copied().unwrap_or(Class::Borderline)
    }

    /// The facts.
    #[must_use]
    pub fn text(self) -> TextFacts {
        if self == Self::NONE {
            return TextFacts::UNKNOWN;
        }
        TextFacts {
            identity: self.known(243),
            contact: self.known(81),
            refusal: self.known(27),
            ad_label: self.known(9),
            code: self.known(3),
        }
    }

    /// Of a consent request: type, frequency and period are stated.
    #[must_use]
    pub fn states_terms(self) -> Known {
        if self == Self::NONE { Known::Unknown } else { self.known(1) }
    }

    fn known(self, place: u16) -> Known {
        Known::ALL.get(usize::from(self.0 / place % 3)).copied().unwrap_or(Known::Unknown)
    }

    /// As a number, to be kept.
    #[must_use]
    pub const fn to_bits(self) -> u16 {
        self.0
    }

    /// From the number that was kept.
    #[must_use]
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }
}

/// What a text shows, and the signature that stands in it as the caller knows signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read<S> {
    /// Class and facts.
    pub shown: Shown,
    /// The signature.
    pub signature: S,
}

/// Names a text by 128 bits that nobody can foresee: no text is then taken for another on purpose.
pub type Naming<'t> = Box<dyn Fn(&str) -> [u64; 2] + Send + Sync + 't>;

/// The caller's number of the signature that stands in a text, if one does.
pub type Numbering<'t, S> = Box<dyn Fn(Option<&str>) -> S + Send + Sync + 't>;

/// Reads texts, remembering the different ones: shared by all threads, bounded whatever is read.
///
/// ```
/// use anning_judge::{Judge, Scratch, Texts};
/// use anning_vocab::Known;
/// let naming = Box::new(|text: &str| [text.len() as u64, 7]);
/// let numbering = Box::new(|name: Option<&str>| name.map(str::to_owned).map_or(0, |name| name.len()));
/// let texts = Texts::new(Judge::shipped(), 1 << 10, naming, numbering);
/// let read = texts.read("【某商城】您的验证码是123456，请勿告诉他人", &mut Scratch::default());
/// assert_eq!((read.shown.text().code, read.signature), (Known::Yes, "某商城".len()));
/// ```
pub struct Texts<'t, S> {
    judge: &'t Judge,
    room: usize,
    naming: Naming<'t>,
    numbering: Numbering<'t, S>,
    shards: Vec<Mutex<Shard<S>>>,
}

/// What was met lately, and what before that.
struct Shard<S> {
    young: Named<S>,
    old: Named<S>,
}

type Named<S> = HashMap<[u64; 2], Read<S>, BuildHasherDefault<First>>;

impl<S> Default for Shard<S> {
    fn default() -> Self {
        Self { young: HashMap::default(), old: HashMap::default() }
    }
}

impl<S> core::fmt::Debug for Texts<'_, S> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        // Texts are people's.
        f.write_str("Texts")
    }
}

impl<'t, S: Copy> Texts<'t, S> {
    /// Nothing read yet. Of at most twice `room` different texts what they show is remembered.
    #[must_use]
    pub fn new(judge: &'t Judge, room: usize, naming: Naming<'t>, numbering: Numbering<'t, S>) -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Self { judge, room, naming, numbering, shards }
    }

    /// What a text shows.
    pub fn read(&self, text: &str, scratch: &mut Scratch) -> Read<S> {
        let name = (self.naming)(text);
        let [first, _] = name;
        let at = usize::try_from(first % SHARDS as u64).unwrap_or(0);
        let Some(shard) = self.shards.get(at) else { return self.judged(text, scratch) };
        if let Some(read) = lock(shard).get(&name, self.room) {
            return read;
        }
        // Judged outside the lock: two threads may judge the same text at once and find the same.
        let read = self.judged(text, scratch);
        lock(shard).put(name, read, self.room);
        read
    }

    fn judged(&self, text: &str, scratch: &mut Scratch) -> Read<S> {
        let judgement = self.judge.judge(text, scratch);
        let shown = Shown::of(judgement.class, judgement.text, states_terms(text));
        Read { shown, signature: (self.numbering)(signature(text).as_deref()) }
    }
}

fn lock<S>(shard: &Mutex<Shard<S>>) -> MutexGuard<'_, Shard<S>> {
    // Each change to a shard is one insertion, so a thread that died left it whole.
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<S: Copy> Shard<S> {
    fn get(&mut self, name: &[u64; 2], room: usize) -> Option<Read<S>> {
        if let Some(read) = self.young.get(name) {
            return Some(*read);
        }
        let read = *self.old.get(name)?;
        self.put(*name, read, room);
        Some(read)
    }

    fn put(&mut self, name: [u64; 2], read: Read<S>, room: usize) {
        if self.young.len() >= (room / SHARDS).max(1) {
            self.old = core::mem::take(&mut self.young);
        }
        self.young.insert(name, read);
    }
}

/// A name is a hash already: its second half places it, the first chose the shard.
#[derive(Clone, Default)]
struct First(u64);

impl Hasher for First {
    fn write(&mut self, bytes: &[u8]) {
        for half in bytes.chunks_exact(8) {
            self.0 = half.first_chunk().copied().map_or(0, u64::from_le_bytes);
        }
    }

    fn write_usize(&mut self, _: usize) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

const SHARDS: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reading_comes_back() {
        for class in Class::ALL {
            for (a, b) in [(Known::Yes, Known::No), (Known::Unknown, Known::Yes), (Known::No, Known::Unknown)]
            {
                let text = TextFacts { identity: a, contact: b, refusal: a, ad_label: b, code: a };
                let reading = Shown::of(*class, text, b);
                assert_eq!(reading.class(Declared::Unknown), *class);
                assert_eq!((reading.text(), reading.states_terms()), (text, b));
                assert_eq!(Shown::from_bits(reading.to_bits()), reading);
            }
        }
    }

    #[test]
    fn without_a_text_a_claim_counts_against_its_author_only() {
        assert_eq!(Shown::NONE.class(Declared::Commercial), Class::Commercial);
        assert_eq!(Shown::NONE.class(Declared::Code), Class::Borderline);
        assert_eq!(Shown::NONE.text(), TextFacts::UNKNOWN);
    }

    #[test]
    fn memory_is_bounded() {
        let named = |text: &str| [blake3_word(text, 0), blake3_word(text, 8)];
        let texts = Texts::new(Judge::shipped(), 128, Box::new(named), Box::new(|_| ()));
        let mut scratch = Scratch::default();
        for n in 0..1_000 {
            texts.read(&format!("您好{n}"), &mut scratch);
        }
        let both = |shard: &Mutex<Shard<()>>| {
            let shard = lock(shard);
            shard.young.len() + shard.old.len()
        };
        let held: usize = texts.shards.iter().map(both).sum();
        assert!(held <= 256, "{held}");
    }

    fn blake3_word(text: &str, at: usize) -> u64 {
        u64::from_le_bytes(blake3::hash(text.as_bytes()).as_bytes()[at..at + 8].try_into().unwrap())
    }
}
