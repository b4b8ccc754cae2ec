//! The sequences worth learning, and rows as lists of them.

use core::hash::{BuildHasherDefault, Hasher};
use core::ops::Range;
use std::collections::HashMap;

use super::Example;
use super::linear::Sample;
use crate::clause;
use crate::grams;
use crate::normal::{Normal, Token};

/// Sequences in fewer rows than this teach nothing that carries over.
const ROWS_MIN: u32 = 3;
/// Most sequences kept: with them the table is 1 MB, which the caches of one core hold.
const SEQUENCES_MAX: usize = 174_000;

/// Keys are hashes already.
#[derive(Default)]
struct Ready(u64);

impl Hasher for Ready {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {}
    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

type ByHash<T> = HashMap<u64, T, BuildHasherDefault<Ready>>;

/// One clause of a row: its sequences, its length in tokens, its bytes.
struct Part {
    sequences: Range<usize>,
    tokens: usize,
    bytes: Range<usize>,
}

/// Sequences kept, and all rows in terms of them.
pub(super) struct Vocabulary {
    hashes: Vec<u64>,
    /// Sequences of all rows on end, by position in `hashes`.
    sequences: Vec<u32>,
    /// Clauses of all rows on end.
    parts: Vec<Part>,
    /// Clauses of each row.
    rows: Vec<Range<usize>>,
}

impl Vocabulary {
    pub(super) fn of(rows: &[Example]) -> Self {
        let (hashes, index) = choose(rows);
        let mut vocabulary = Self { hashes, sequences: Vec::new(), parts: Vec::new(), rows: Vec::new() };
        let (mut normal, mut clauses) = (Normal::default(), Vec::new());
        for row in rows {
            normal.read(&row.text);
            clause::cut(&normal.tokens, &mut clauses);
            let first = vocabulary.parts.len();
            for tokens in &clauses {
                vocabulary.add(&normal.tokens, tokens, &index);
            }
            vocabulary.rows.push(first..vocabulary.parts.len());
        }
        vocabulary
    }

    fn add(&mut self, tokens: &[Token], clause: &Range<usize>, index: &ByHash<u32>) {
        let first = self.sequences.len();
        for at in clause.clone() {
            grams::from_first(tokens.get(at..).unwrap_or_default(), |hash| match index.get(&hash) {
                Some(&position) => {
                    self.sequences.push(position);
                    true
                }
                None => false,
            });
        }
        let inside = tokens.get(clause.clone()).unwrap_or_default();
        let bytes =
            inside.first().map_or(0, |t| t.start as usize)..inside.last().map_or(0, |t| t.end as usize);
        self.parts.push(Part { sequences: first..self.sequences.len(), tokens: clause.len(), bytes });
    }

    pub(super) fn len(&self) -> usize {
        self.hashes.len()
    }

    pub(super) fn hashes(&self) -> &[u64] {
        &self.hashes
    }

    /// One sample a row.
    pub(super) fn messages(&self, rows: &[Example], taken: &[usize]) -> Vec<Sample<'_>> {
        let sample = |&at: &usize| {
            let parts = self.parts.get(self.rows.get(at)?.clone())?;
            let (first, last) = (parts.first()?, parts.last()?);
            let sequences = self.sequences.get(first.sequences.start..last.sequences.end)?;
            let tokens = parts.iter().map(|p| p.tokens).sum();
            Some(Sample { sequences, tokens, positive: rows.get(at)?.commercial, row: at, doubtful: false })
        };
        taken.iter().filter_map(sample).collect()
    }

    /// One sample a clause. Of a mixed row only clauses known to be inside or outside the offer are taken.
    pub(super) fn clauses(&self, rows: &[Example], taken: &[usize]) -> Vec<Sample<'_>> {
        let mut samples = Vec::new();
        for &at in taken {
            let (Some(parts), Some(row)) = (self.rows.get(at), rows.get(at)) else { continue };
            for part in self.parts.get(parts.clone()).unwrap_or_default() {
                let Some(positive) = is_offer(row, &part.bytes) else { continue };
                let sequences = self.sequences.get(part.sequences.clone()).unwrap_or_default();
                let doubtful = positive && !row.mixed;
                samples.push(Sample { sequences, tokens: part.tokens, positive, row: at, doubtful });
            }
        }
        samples
    }
}

fn is_offer(row: &Example, bytes: &Range<usize>) -> Option<bool> {
    if !row.mixed {
        return Some(row.commercial);
    }
    let offer = row.offer.as_ref()?;
    let shared = bytes.end.min(offer.end).saturating_sub(bytes.start.max(offer.start));
    Some(shared * 2 > bytes.len())
}

/// Chooses the sequences: those in enough rows; the more rows, the sooner, if there are too many.
fn choose(rows: &[Example]) -> (Vec<u64>, ByHash<u32>) {
    let mut counts: ByHash<(u32, u32)> = ByHash::default();
    let mut order = Vec::new();
    let mut normal = Normal::default();
    for (at, row) in rows.iter().enumerate() {
        let at = at as u32 + 1;
        normal.read(&row.text);
        for first in 0..normal.tokens.len() {
            grams::from_first(normal.tokens.get(first..).unwrap_or_default(), |hash| {
                let (count, last) = counts.entry(hash).or_insert_with(|| {
                    order.push(hash);
                    (0, 0)
                });
                if *last != at {
                    (*count, *last) = (*count + 1, at);
                }
                true
            });
        }
    }
    let count = |hash: &u64| counts.get(hash).map_or(0, |c| c.0);
    let mut least = ROWS_MIN;
    while order.iter().filter(|h| count(h) >= least).count() > SEQUENCES_MAX {
        least += 1;
    }
    let hashes: Vec<u64> = order.iter().copied().filter(|h| count(h) >= least).collect();
    let index = hashes.iter().enumerate().map(|(at, &hash)| (hash, at as u32)).collect();
    (hashes, index)
}
