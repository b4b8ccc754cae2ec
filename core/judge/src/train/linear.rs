//! A linear model over sequences, learnt by gradient steps in a fixed order.

use super::number::{Stream, logistic};
use crate::reading::damp;

/// What to learn from: sequences, length in tokens, the answer.
pub(super) struct Sample<'a> {
    pub(super) sequences: &'a [u32],
    pub(super) tokens: usize,
    pub(super) positive: bool,
    /// Row it is of.
    pub(super) row: usize,
    /// Its answer is that of its row, which may have been given for another part of it.
    pub(super) doubtful: bool,
}

/// Weights by position in the vocabulary.
pub(super) struct Linear {
    weights: Vec<f32>,
    pub(super) bias: f32,
    largest: f32,
}

const ROUNDS: usize = 4;
const RATE: f32 = 0.25;
/// Pull towards zero at each step.
const DECAY: f32 = 2e-5;
/// Share of sequences left out at each step, of 256: no wording may carry a verdict alone.
const LEFT_OUT: u64 = 80;
const SEED: u64 = 20_261_125;

impl Linear {
    /// Learns from the samples; both answers weigh the same in total.
    pub(super) fn learn(size: usize, samples: &[Sample<'_>]) -> Self {
        let mut model = Self { weights: vec![0.0; size], bias: 0.0, largest: 0.0 };
        let mut slopes = vec![1e-3_f32; size + 1];
        let positive = samples.iter().filter(|s| s.positive).count().max(1) as f32;
        let negative = (samples.len() as f32 - positive).max(1.0);
        let half = samples.len() as f32 / 2.0;
        let mut order: Vec<u32> = (0..samples.len() as u32).collect();
        let mut stream = Stream(SEED);
        for _ in 0..ROUNDS {
            for last in (1..order.len()).rev() {
                order.swap(last, (stream.next() % (last as u64 + 1)) as usize);
            }
            for &at in &order {
                let Some(sample) = samples.get(at as usize) else { continue };
                let importance = half / if sample.positive { positive } else { negative };
                model.step(sample, importance, &mut slopes, &mut stream);
            }
        }
        model.largest = almost_largest(&model.weights);
        model
    }

    /// Log-odds of a sample.
    pub(super) fn score(&self, sample: &Sample<'_>) -> f32 {
        let weight = |&s: &u32| self.weights.get(s as usize).copied().unwrap_or(0.0);
        sample.sequences.iter().map(weight).sum::<f32>() / damp(sample.tokens) + self.bias
    }

    fn step(&mut self, sample: &Sample<'_>, importance: f32, slopes: &mut [f32], stream: &mut Stream) {
        let keep = stream.next();
        let kept = |n: usize, sequence: u32| {
            let mixed = (keep ^ u64::from(sequence) ^ ((n as u64) << 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            (mixed >> 56) >= LEFT_OUT
        };
        let scale = 256.0 / (256 - LEFT_OUT) as f32 / damp(sample.tokens);
        let mut sum = 0.0;
        for (n, &sequence) in sample.sequences.iter().enumerate() {
            if kept(n, sequence) {
                sum += self.weights.get(sequence as usize).copied().unwrap_or(0.0);
            }
        }
        let target = if sample.positive { 1.0 } else { 0.0 };
        let slope = (logistic(f64::from(sum * scale + self.bias)) as f32 - target) * importance;
        let (Some(of_bias), of_weights) = (slopes.last().copied(), &mut *slopes) else { return };
        if let Some(last) = of_weights.last_mut() {
            *last += slope * slope;
        }
        self.bias -= RATE * slope / of_bias.max(1.0).sqrt();
        for (n, &sequence) in sample.sequences.iter().enumerate() {
            if !kept(n, sequence) {
                continue;
            }
            let (Some(weight), Some(seen)) =
                (self.weights.get_mut(sequence as usize), of_weights.get_mut(sequence as usize))
            else {
                continue;
            };
            let slope = slope * scale + DECAY * *weight;
            *seen += slope * slope;
            *weight -= RATE * slope / seen.sqrt();
        }
    }

    /// Value of one step of the quantised weights.
    pub(super) fn unit(&self) -> f32 {
        self.largest / 127.0
    }

    /// A weight in units.
    pub(super) fn quantised(&self, at: usize) -> i8 {
        let weight = self.weights.get(at).copied().unwrap_or(0.0);
        (weight / self.unit()).round().clamp(-127.0, 127.0) as i8
    }
}

/// The size that all but one weight in a thousand stay below: the few beyond it are cut, the rest keep detail.
fn almost_largest(weights: &[f32]) -> f32 {
    let mut sizes: Vec<f32> = weights.iter().map(|w| w.abs()).collect();
    sizes.sort_by(|a, b| b.total_cmp(a));
    sizes.get(sizes.len() / 1000).copied().unwrap_or(0.0).max(1e-6)
}
