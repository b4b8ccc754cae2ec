//! What a text shows, judged once for each different text.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use ahash::RandomState;
use anning_judge::{Judge, Scratch};
use anning_vocab::{Class, Declared, Known, TextFacts};

use crate::input::Names;

use super::record::NO_SIGNATURE;

/// Class and facts of a text in two bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Reading(u16);

impl Reading {
    /// No text was kept.
    pub const NONE: Self = Self(u16::MAX);

    /// Of a text.
    pub fn of(class: Class, text: TextFacts, states_terms: Known) -> Self {
        let facts = [text.identity, text.contact, text.refusal, text.ad_label, text.code, states_terms];
        Self(facts.iter().fold(class as u16, |code, fact| code * 3 + *fact as u16))
    }

    /// The class by content. Where no text was kept the sender's claim is believed against itself only.
    pub fn class(self, declared: Declared) -> Class {
        if self == Self::NONE {
            return match declared {
                Declared::Commercial => Class::Commercial,
                Declared::Service | Declared::Code | Declared::Unknown => Class::Borderline,
            };
        }
        Class::ALL.get(usize::from(self.0 / 729)).copied().unwrap_or(Class::Borderline)
    }

    /// What the text shows.
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
    pub fn states_terms(self) -> Known {
        if self == Self::NONE { Known::Unknown } else { self.known(1) }
    }

    fn known(self, place: u16) -> Known {
        Known::ALL.get(usize::from(self.0 / place % 3)).copied().unwrap_or(Known::Unknown)
    }

    pub const fn to_bits(self) -> u16 {
        self.0
    }

    pub const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }
}

/// A reading and the signature that stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Read {
    pub reading: Reading,
    pub signature: u32,
}

/// Reads texts, remembering the different ones: shared by all threads, bounded whatever the log holds.
pub(crate) struct Texts<'a> {
    judge: &'a Judge,
    names: &'a Names,
    /// Two hashes with secret seeds name a text: nobody can write one text that is taken for another.
    seeds: [RandomState; 2],
    shards: Vec<Mutex<Shard>>,
}

/// What was met lately, and what before that.
#[derive(Default)]
struct Shard {
    young: HashMap<[u64; 2], Read, RandomState>,
    old: HashMap<[u64; 2], Read, RandomState>,
}

impl<'a> Texts<'a> {
    /// `secret` seeds the hashes.
    pub fn new(judge: &'a Judge, names: &'a Names, secret: &[u8; 32]) -> Self {
        let seed = |label: &[u8]| {
            let hash = blake3::keyed_hash(secret, label);
            let mut words = hash
                .as_bytes()
                .chunks_exact(8)
                .map(|b| b.first_chunk::<8>().map_or(0, |b| u64::from_le_bytes(*b)));
            let mut word = || words.next().unwrap_or(0);
            RandomState::with_seeds(word(), word(), word(), word())
        };
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Self { judge, names, seeds: [seed(b"texts 1"), seed(b"texts 2")], shards }
    }

    /// What a text shows.
    pub fn read(&self, text: &str, scratch: &mut Scratch) -> Read {
        let name = self.seeds.each_ref().map(|s| s.hash_one(text.as_bytes()));
        let [first, _] = name;
        let at = usize::try_from(first % SHARDS as u64).unwrap_or(0);
        let Some(shard) = self.shards.get(at) else { return self.judged(text, scratch) };
        if let Some(read) = lock(shard).get(&name) {
            return read;
        }
        // Judged outside the lock: two threads may judge the same text at once and find the same.
        let read = self.judged(text, scratch);
        lock(shard).put(name, read);
        read
    }

    fn judged(&self, text: &str, scratch: &mut Scratch) -> Read {
        let judgement = self.judge.judge(text, scratch);
        let reading = Reading::of(judgement.class, judgement.text, states_terms(text));
        let signature = signature(text).map_or(NO_SIGNATURE, |name| self.names.signature(name).0);
        Read { reading, signature }
    }
}

fn lock(shard: &Mutex<Shard>) -> std::sync::MutexGuard<'_, Shard> {
    // Each change to a shard is one insertion, so a thread that died left it whole.
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shard {
    fn get(&mut self, name: &[u64; 2]) -> Option<Read> {
        if let Some(read) = self.young.get(name) {
            return Some(*read);
        }
        let read = *self.old.get(name)?;
        self.put(*name, read);
        Some(read)
    }

    fn put(&mut self, name: [u64; 2], read: Read) {
        if self.young.len() >= GENERATION / SHARDS {
            self.old = core::mem::take(&mut self.young);
        }
        self.young.insert(name, read);
    }
}

/// The name between 【 and 】 at the head of a text, or else at its tail.
pub(crate) fn signature(text: &str) -> Option<&str> {
    let text = text.trim();
    let head = text.strip_prefix('【').and_then(|rest| rest.split_once('】')).map(|(name, _)| name);
    let tail = || text.strip_suffix('】').and_then(|rest| rest.rsplit_once('【')).map(|(_, name)| name);
    head.or_else(tail).map(str::trim).filter(|name| !name.is_empty() && name.len() <= SIGNATURE_MAX)
}

/// A consent request states type, frequency and period: the words for frequency and period stand in it.
fn states_terms(text: &str) -> Known {
    let any = |words: &[&str]| words.iter().any(|w| text.contains(w));
    let frequency =
        any(&["每月", "每周", "每日", "每天", "每季", "a month", "a week", "per month", "per week"]);
    let period =
        frequency && any(&["期限", "有效期", "一年", "半年", "个月内", "至20", "for one year", "until"]);
    Known::from_option(Some(period))
}

const SHARDS: usize = 64;
/// Texts in one generation; two are held, some 40 bytes a text.
const GENERATION: usize = 2 << 20;
/// Longest signature, in bytes: a longer text between brackets is no name.
const SIGNATURE_MAX: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reading_comes_back() {
        for class in Class::ALL {
            for (a, b) in [(Known::Yes, Known::No), (Known::Unknown, Known::Yes), (Known::No, Known::Unknown)]
            {
                let text = TextFacts { identity: a, contact: b, refusal: a, ad_label: b, code: a };
                let reading = Reading::of(*class, text, b);
                assert_eq!(reading.class(Declared::Unknown), *class);
                assert_eq!((reading.text(), reading.states_terms()), (text, b));
            }
        }
    }

    #[test]
    fn without_a_text_a_claim_counts_against_its_author_only() {
        assert_eq!(Reading::NONE.class(Declared::Commercial), Class::Commercial);
        assert_eq!(Reading::NONE.class(Declared::Code), Class::Borderline);
        assert_eq!(Reading::NONE.text(), TextFacts::UNKNOWN);
    }

    #[test]
    fn signatures_stand_at_head_or_tail() {
        let check = |text, name| assert_eq!(signature(text), name, "{text}");
        check("【云栖百货】今晚开抢", Some("云栖百货"));
        check("今晚开抢 退订回T【云栖百货】", Some("云栖百货"));
        check("今晚【双11】开抢", None);
        check("【】空", None);
    }
}
