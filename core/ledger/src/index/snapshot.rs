//! An index as bytes: a head, and one chunk a shard that can be read apart and in any order.
//!
//! All numbers are little-endian words of 8 bytes. Head: [`HEAD`], shards, number of shapes, number of
//! classes, two words a shape, four a class. Shard: [`CHUNK`], its number, recipients with acts, recipients
//! with sends, then each of them: key in 16 bytes, and its entries, after a word with their number under tag
//! `RUN` unless there is one. An entry is a word, or one of tag `LAGGED` or `WIDE` and the two or four it
//! stands for. Nothing here is secret-keeping: the store seals each part.

use anning_vocab::{Origin, RecipientKey, TermsId, Timestamp};

use super::class::{Classes, MAX as CLASSES_MAX};
use super::lines::{LAGGED, Lines, OWN, Packed, RUN, TAG_BITS, WIDE, tag};
use super::shape::{MAX as SHAPES_MAX, Shape, Shapes, Times};
use super::table::Place;
use super::{Index, SHARDS, Shard};

/// What is wrong with bytes that are no snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damaged {
    /// Not of this kind or version.
    Version,
    /// Ends too early, or goes on after its end.
    Length,
    /// A shape or class that there is not, or one that stands twice.
    Head,
    /// A recipient in another shard's chunk, or twice.
    Key,
    /// An entry that no index writes.
    Entry,
    /// Entries out of order.
    Order,
    /// A shard is missing, or there twice.
    Shards,
}

impl core::fmt::Display for Damaged {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Version => "snapshot is of another kind or version",
            Self::Length => "snapshot has the wrong length",
            Self::Head => "snapshot has a shape that is none, or one twice",
            Self::Key => "snapshot has a recipient in the wrong place or twice",
            Self::Entry => "snapshot has an entry that no index writes",
            Self::Order => "snapshot has entries out of order",
            Self::Shards => "snapshot lacks a shard or has one twice",
        })
    }
}
impl core::error::Error for Damaged {}

/// The head of a snapshot: with it shards can be read, by several threads if need be.
#[derive(Clone, Debug)]
pub struct Head {
    shapes: Shapes,
    classes: Classes,
}

/// A shard that was read.
#[derive(Clone, Debug)]
pub struct Loaded {
    number: usize,
    shard: Shard,
}

impl Index {
    /// Writes the head, then each shard; a part is gone from memory when `sink` returns.
    ///
    /// # Errors
    /// The first that `sink` returns.
    pub fn write<E>(&self, mut sink: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        sink(&self.head())?;
        let mut bytes = Vec::new();
        for (number, shard) in self.shards.iter().enumerate() {
            bytes.clear();
            shard.write(number, &mut bytes);
            sink(&bytes)?;
        }
        Ok(())
    }

    /// Reads what [`Self::write`] wrote, part after part.
    ///
    /// # Errors
    /// [`Damaged`] when the bytes are no snapshot; never a panic, and no more memory than a few times their
    /// length.
    pub fn read(parts: impl IntoIterator<Item: AsRef<[u8]>>) -> Result<Self, Damaged> {
        let mut parts = parts.into_iter();
        let head = Head::read(parts.next().ok_or(Damaged::Length)?.as_ref())?;
        let shards = parts.map(|part| head.shard(part.as_ref())).collect::<Result<Vec<_>, _>>()?;
        head.index(shards)
    }

    fn head(&self) -> Vec<u8> {
        let (shapes, classes) = (self.shapes.all(), self.classes.all());
        let counts = [HEAD, SHARDS as u64, shapes.len() as u64, self.classes.len() as u64];
        let words = counts.into_iter().chain(shapes.iter().flat_map(shape_words)).chain(classes.flatten());
        words.flat_map(u64::to_le_bytes).collect()
    }
}

impl Head {
    /// Reads a head.
    ///
    /// # Errors
    /// [`Damaged`] when the bytes are none.
    pub fn read(bytes: &[u8]) -> Result<Self, Damaged> {
        let mut words = Words(bytes);
        if words.next()? != HEAD || words.next()? != SHARDS as u64 {
            return Err(Damaged::Version);
        }
        let (shapes, classes) = (words.count(SHAPES_MAX)?, words.count(CLASSES_MAX)?);
        if words.0.len() != shapes * 16 + classes * 32 {
            return Err(Damaged::Length);
        }
        let mut all = Vec::with_capacity(shapes);
        for _ in 0..shapes {
            all.push(shape(words.array()?).ok_or(Damaged::Head)?);
        }
        let mut sends = Vec::with_capacity(classes);
        for _ in 0..classes {
            sends.push(words.array()?);
        }
        let shapes = Shapes::of(all).ok_or(Damaged::Head)?;
        let classes = Classes::of(sends.into_iter()).ok_or(Damaged::Head)?;
        Ok(Self { shapes, classes })
    }

    /// Reads one shard's chunk.
    ///
    /// # Errors
    /// [`Damaged`] when the bytes are none, or do not go with this head.
    pub fn shard(&self, bytes: &[u8]) -> Result<Loaded, Damaged> {
        let mut words = Words(bytes);
        if words.next()? != CHUNK {
            return Err(Damaged::Version);
        }
        let number = words.count(SHARDS - 1).map_err(|_| Damaged::Shards)?;
        // A recipient takes three words at least.
        let most = bytes.len() / 24;
        let (acts, sends) = (words.count(most)?, words.count(most)?);
        let mut shard = Shard::default();
        fill(&mut shard.acts, acts, number, &mut words, |entry| self.shapes.unpack(entry).is_some())?;
        fill(&mut shard.sends, sends, number, &mut words, |entry| self.classes.unpack(entry).is_some())?;
        if words.0.is_empty() { Ok(Loaded { number, shard }) } else { Err(Damaged::Length) }
    }

    /// The index, once all its shards are read.
    ///
    /// # Errors
    /// [`Damaged::Shards`] when one is missing or there twice.
    pub fn index(self, loaded: impl IntoIterator<Item = Loaded>) -> Result<Index, Damaged> {
        let mut seen = vec![false; SHARDS];
        let mut twice = false;
        let loaded = loaded.into_iter().inspect(|loaded| {
            if let Some(seen) = seen.get_mut(loaded.number) {
                twice |= core::mem::replace(seen, true);
            }
        });
        let index = self.around(loaded);
        if twice || seen.contains(&false) { Err(Damaged::Shards) } else { Ok(index) }
    }

    /// An index of these shards and nothing else: a part of one that is looked at alone.
    #[must_use]
    pub fn around(self, loaded: impl IntoIterator<Item = Loaded>) -> Index {
        let mut shards = vec![Shard::default(); SHARDS];
        for Loaded { number, shard } in loaded {
            if let Some(place) = shards.get_mut(number) {
                *place = shard;
            }
        }
        Index { shapes: self.shapes, classes: self.classes, shards }
    }
}

impl Shard {
    fn write(&self, number: usize, bytes: &mut Vec<u8>) {
        let counts = [CHUNK, number as u64, self.acts.keys() as u64, self.sends.keys() as u64];
        counts.into_iter().for_each(|word| put(bytes, word));
        for lines in [&self.acts, &self.sends] {
            for (key, words) in lines.iter() {
                bytes.extend_from_slice(&key.0);
                if words.len() != 1 {
                    put(bytes, (words.len() as u64) << TAG_BITS | u64::from(RUN));
                }
                for word in words {
                    match lines.packed(*word) {
                        Packed::Plain(word) => put(bytes, word),
                        Packed::Lagged(words) => {
                            put(bytes, u64::from(LAGGED));
                            words.into_iter().for_each(|word| put(bytes, word));
                        }
                        Packed::Wide(words) => {
                            put(bytes, u64::from(WIDE));
                            words.into_iter().for_each(|word| put(bytes, word));
                        }
                    }
                }
            }
        }
    }
}

/// Reads so many recipients.
fn fill(
    lines: &mut Lines,
    recipients: usize,
    shard: usize,
    words: &mut Words<'_>,
    valid: impl Fn(Packed) -> bool,
) -> Result<(), Damaged> {
    lines.reserve(recipients);
    for _ in 0..recipients {
        let key = words.key()?;
        let place = Place::of(key);
        if place.shard() != shard || lines.beside(place, key).is_some() {
            return Err(Damaged::Key);
        }
        let first = words.next()?;
        if tag(first) != RUN {
            let entry = words.entry(first)?;
            if !valid(entry) {
                return Err(Damaged::Entry);
            }
            lines.put(place, key, entry);
            continue;
        }
        let count = usize::try_from(first >> TAG_BITS).unwrap_or(usize::MAX);
        if count < 2 || count > words.0.len() / 8 {
            return Err(Damaged::Length);
        }
        let mut last = i64::MIN;
        for _ in 0..count {
            let first = words.next()?;
            let entry = words.entry(first)?;
            if !valid(entry) {
                return Err(Damaged::Entry);
            }
            if entry.millis() < last {
                return Err(Damaged::Order);
            }
            last = entry.millis();
            lines.put(place, key, entry);
        }
    }
    Ok(())
}

/// What is left to read.
struct Words<'a>(&'a [u8]);

impl Words<'_> {
    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], Damaged> {
        let (bytes, rest) = self.0.split_first_chunk::<N>().ok_or(Damaged::Length)?;
        self.0 = rest;
        Ok(*bytes)
    }

    fn next(&mut self) -> Result<u64, Damaged> {
        self.bytes().map(u64::from_le_bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u64; N], Damaged> {
        let mut words = [0; N];
        for word in &mut words {
            *word = self.next()?;
        }
        Ok(words)
    }

    fn key(&mut self) -> Result<RecipientKey, Damaged> {
        self.bytes().map(RecipientKey)
    }

    fn count(&mut self, most: usize) -> Result<usize, Damaged> {
        usize::try_from(self.next()?).ok().filter(|count| *count <= most).ok_or(Damaged::Length)
    }

    fn entry(&mut self, first: u64) -> Result<Packed, Damaged> {
        if tag(first) >= OWN {
            return Ok(Packed::Plain(first));
        }
        if first == u64::from(LAGGED) {
            return self.array().map(Packed::Lagged);
        }
        if first == u64::from(WIDE) {
            return self.array().map(Packed::Wide);
        }
        Err(Damaged::Entry)
    }
}

fn put(bytes: &mut Vec<u8>, word: u64) {
    bytes.extend_from_slice(&word.to_le_bytes());
}

fn shape_words(shape: &Shape) -> [u64; 2] {
    let (times, at) = match shape.times {
        Times::AtOnce => (0, Timestamp::default()),
        Times::Recorded(at) => (1, at),
        Times::Arrived(at) => (2, at),
        Times::Later => (3, Timestamp::default()),
    };
    let what = u64::from(shape.terms.0) | (shape.origin as u64) << 32 | times << 40;
    [what, at.millis().cast_unsigned()]
}

fn shape([what, at]: [u64; 2]) -> Option<Shape> {
    let at = Timestamp::from_millis(at.cast_signed());
    let timeless = at == Timestamp::default();
    let times = match what >> 40 {
        0 if timeless => Times::AtOnce,
        1 => Times::Recorded(at),
        2 => Times::Arrived(at),
        3 if timeless => Times::Later,
        _ => return None,
    };
    let origin = *Origin::ALL.get((what >> 32 & 0xff) as usize)?;
    Some(Shape { terms: TermsId(what as u32), origin, times })
}

/// Kind and version of a head.
const HEAD: u64 = u64::from_le_bytes(*b"anixhd\0\x01");
/// Kind and version of a shard's chunk.
const CHUNK: u64 = u64::from_le_bytes(*b"anixsh\0\x01");
