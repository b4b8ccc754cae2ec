//! The combining model: a logistic regression over a dozen figures, by Newton's method.

use super::Unseen;
use super::number::logistic;
use crate::weights::FIGURES;

const ROUNDS: usize = 12;
/// Pull towards zero, per row: few rows must not make large weights.
const RIDGE: f64 = 2e-4;

type Vector = [f64; FIGURES];

/// Learns the combining weights; both answers weigh the same in total.
pub(super) fn learn(rows: &[Unseen]) -> [f32; FIGURES] {
    let positive = rows.iter().filter(|r| r.commercial).count().max(1) as f64;
    let negative = (rows.len() as f64 - positive).max(1.0);
    let half = rows.len() as f64 / 2.0;
    let mut weights: Vector = [0.0; FIGURES];
    for _ in 0..ROUNDS {
        let mut gradient: Vector = core::array::from_fn(|i| RIDGE * half * at(&weights, i));
        let mut curve: [Vector; FIGURES] = [[0.0; FIGURES]; FIGURES];
        for (i, row) in curve.iter_mut().enumerate() {
            if let Some(cell) = row.get_mut(i) {
                *cell = RIDGE * half;
            }
        }
        for row in rows {
            let figures: Vector =
                core::array::from_fn(|i| row.figures.get(i).copied().map_or(0.0, f64::from));
            let score: f64 = weights.iter().zip(&figures).map(|(w, f)| w * f).sum();
            let chance = logistic(score);
            let importance = half / if row.commercial { positive } else { negative };
            let slope = (chance - f64::from(u8::from(row.commercial))) * importance;
            let bend = (chance * (1.0 - chance)).max(1e-6) * importance;
            for ((g, line), f) in gradient.iter_mut().zip(&mut curve).zip(&figures) {
                *g += slope * f;
                for (cell, other) in line.iter_mut().zip(&figures) {
                    *cell += bend * f * other;
                }
            }
        }
        let step = solve(curve, gradient);
        for (w, s) in weights.iter_mut().zip(step) {
            *w -= s;
        }
    }
    weights.map(|w| w as f32)
}

fn at(vector: &Vector, i: usize) -> f64 {
    vector.get(i).copied().unwrap_or(0.0)
}

/// Solves a symmetric positive system by elimination.
fn solve(mut left: [Vector; FIGURES], mut right: Vector) -> Vector {
    for pivot in 0..FIGURES {
        let line = left.get(pivot).copied().unwrap_or_default();
        let (head, value) = (at(&line, pivot), at(&right, pivot));
        for below in pivot + 1..FIGURES {
            let (Some(row), Some(cell)) = (left.get_mut(below), right.get_mut(below)) else { continue };
            let factor = at(row, pivot) / head;
            for (r, l) in row.iter_mut().zip(&line) {
                *r -= factor * l;
            }
            *cell -= factor * value;
        }
    }
    let mut answer: Vector = [0.0; FIGURES];
    for pivot in (0..FIGURES).rev() {
        let line = left.get(pivot).copied().unwrap_or_default();
        let known: f64 = line.iter().zip(&answer).skip(pivot + 1).map(|(l, a)| l * a).sum();
        let value = (at(&right, pivot) - known) / at(&line, pivot);
        if let Some(slot) = answer.get_mut(pivot) {
            *slot = value;
        }
    }
    answer
}
