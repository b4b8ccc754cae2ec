//! Training: rows in, a file of weights out; the same rows give the same bytes on any machine.
//!
//! Two linear models over sequences (message, clause) are learnt by gradient steps, then a small model
//! combines their scores with the cues. What it combines are scores of rows whose *group* (for grammar rows:
//! the template) the linear models had not seen: on seen wording they would look infallible, and the cues
//! would count for nothing. The operating point is taken from the same unseen scores.

mod combiner;
mod linear;
mod number;
mod vocabulary;

use core::ops::Range;
use std::collections::HashMap;

use crate::Error;
use crate::eval::{Report, Said, report};
use crate::reading::Reading;
use crate::weights::{FIGURES, Weights};
use linear::{Linear, Sample};
pub(crate) use number::Stream;
use vocabulary::Vocabulary;

/// A row to learn from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The text.
    pub text: String,
    /// Is it commercial?
    pub commercial: bool,
    /// Is it a notice that carries an offer?
    pub mixed: bool,
    /// Where the offer stands in a mixed text, as a byte range, if known.
    pub offer: Option<Range<usize>>,
    /// Rows of one origin (template, sender) share a group: they are never on both sides of a cross-check.
    pub group: u32,
}

/// Parts into which groups are dealt for the cross-check.
const FOLDS: u32 = 5;
/// Share of unseen rows that are not commercial and may score above zero, as one in this many.
const FALSE_ALARMS_ONE_IN: usize = 100;
/// Share of unseen rows that may be borderline, as one in this many.
const BORDERLINE_ONE_IN: usize = 100;
/// Share of unseen, purely commercial rows in which a clause may pass for a notice, as one in this many.
const NOTICE_ONE_IN: usize = 50;

/// How often clauses of commercial rows are sifted, and the score that keeps one.
const SIFTINGS: usize = 1;
const SIFTED: f32 = 0.5;

/// What training gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Trained {
    /// The file of weights, for [`crate::Judge::from_bytes`].
    pub weights: Vec<u8>,
    /// Figures on the rows trained on, each judged by models that had not seen its group. Every row that is
    /// not commercial counts as a notice in them.
    pub unseen: Report,
}

/// Learns weights from rows.
///
/// # Errors
/// If the rows are not of both kinds.
pub fn train(rows: impl Iterator<Item = Example>) -> Result<Trained, Error> {
    let rows: Vec<Example> = rows.collect();
    let commercial = rows.iter().filter(|r| r.commercial).count();
    if commercial == 0 || commercial == rows.len() {
        return Err(Error::OneSided(commercial, rows.len() - commercial));
    }
    let vocabulary = Vocabulary::of(&rows);
    let unseen = cross_check(&rows, &vocabulary);
    let mut weights = learn(&rows, &vocabulary, |_| true);
    weights.combine = combiner::learn(&unseen);
    let scores: Vec<f32> =
        unseen.iter().map(|u| crate::judge::combine(&weights.combine, &u.figures)).collect();
    let others = scores.iter().zip(&unseen).filter(|(_, u)| !u.commercial).map(|(s, _)| *s).collect();
    let zero = from_top(others, FALSE_ALARMS_ONE_IN);
    if let Some(bias) = weights.combine.first_mut() {
        *bias -= zero;
    }
    let nearness = scores.iter().map(|s| -(s - zero).abs()).collect();
    weights.margin = -from_top(nearness, BORDERLINE_ONE_IN);
    let plain = unseen.iter().filter(|u| u.commercial && !u.mixed).map(|u| -u.least_clause).collect();
    weights.notice = -from_top(plain, NOTICE_ONE_IN);
    let said = unseen.iter().zip(&scores).map(|(u, s)| Said::unseen(s - zero, u.commercial, u.mixed));
    let unseen = report(&said.collect::<Vec<_>>());
    Ok(Trained { weights: weights.to_bytes(), unseen })
}

/// A row as models saw it that had not learnt from its group.
pub(crate) struct Unseen {
    pub(crate) figures: [f32; FIGURES],
    pub(crate) commercial: bool,
    pub(crate) mixed: bool,
    least_clause: f32,
}

fn cross_check(rows: &[Example], vocabulary: &Vocabulary) -> Vec<Unseen> {
    let mut unseen = Vec::with_capacity(rows.len());
    let mut reading = Reading::default();
    for fold in 0..FOLDS {
        let weights = learn(rows, vocabulary, |row| fold_of(row.group) != fold);
        for row in rows.iter().filter(|r| fold_of(r.group) == fold) {
            let figures = reading.read(&row.text, &weights);
            let least_clause = reading.clauses.iter().map(|c| c.score).fold(8.0, f32::min);
            unseen.push(Unseen { figures, commercial: row.commercial, mixed: row.mixed, least_clause });
        }
    }
    unseen
}

const fn fold_of(group: u32) -> u32 {
    (group.wrapping_mul(0x9e37_79b1) >> 16) % FOLDS
}

/// Learns the two linear models from the rows that `takes` takes; the combining model is left at zero.
fn learn(rows: &[Example], vocabulary: &Vocabulary, takes: impl Fn(&Example) -> bool) -> Weights {
    let taken: Vec<usize> = (0..rows.len()).filter(|&at| rows.get(at).is_some_and(&takes)).collect();
    let message = Linear::learn(vocabulary.len(), &vocabulary.messages(rows, &taken));
    let clause = learn_clauses(vocabulary.len(), vocabulary.clauses(rows, &taken));
    let mut weights = Weights::with_room(vocabulary.len());
    weights.bias = [message.bias, clause.bias];
    weights.scale = [message.unit(), clause.unit()];
    for (at, hash) in vocabulary.hashes().iter().enumerate() {
        weights.put(*hash, message.quantised(at), clause.quantised(at));
    }
    weights
}

/// Learns what an offer is from clauses. In a commercial row greetings and addresses are no offers: once a
/// first model tells them apart, only the clauses that carry the offer are learnt from.
fn learn_clauses(size: usize, mut samples: Vec<Sample<'_>>) -> Linear {
    for _ in 0..SIFTINGS {
        let first = Linear::learn(size, &samples);
        let scores: Vec<f32> = samples.iter().map(|s| first.score(s)).collect();
        let mut best: HashMap<usize, f32> = HashMap::new();
        for (sample, &score) in samples.iter().zip(&scores) {
            let row = best.entry(sample.row).or_insert(score);
            *row = row.max(score);
        }
        let mut scores = scores.iter();
        samples.retain(|s| {
            let score = scores.next().copied().unwrap_or_default();
            !s.doubtful || score > SIFTED || best.get(&s.row).is_none_or(|&b| score >= b)
        });
    }
    Linear::learn(size, &samples)
}

/// The value below which all but one in `one_in` lie.
fn from_top(mut values: Vec<f32>, one_in: usize) -> f32 {
    values.sort_by(|a, b| b.total_cmp(a));
    values.get(values.len() / one_in).copied().unwrap_or(0.0)
}
