//! What decisions stand beside: random reads of as much memory, and nothing else.

use std::hint::black_box;

use super::rate;
use crate::Random;

/// Millions of reads a second, each at an address that the one before gave.
pub(super) fn dependent(bytes: usize, reads: usize) -> f64 {
    let table = table(bytes);
    let mut at = 0_usize;
    let rate = rate(reads, || {
        for _ in 0..reads {
            at = table.get(at % table.len()).map_or(0, |next| (*next ^ at as u64) as usize);
        }
    });
    black_box(at);
    rate
}

/// Millions of reads a second, so many at a time that do not wait for each other; the next lot does.
pub(super) fn batched(bytes: usize, reads: usize, size: usize) -> f64 {
    let table = table(bytes);
    let (mut sum, mut random) = (0_u64, Random(11));
    let rate = rate(reads, || {
        for _ in 0..reads / size {
            let from = random.draw() ^ (sum & 1);
            for n in 0..size as u64 {
                let at = (from ^ n).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
                sum ^= table.get(at as usize % table.len()).copied().unwrap_or(0);
            }
        }
    });
    black_box(sum);
    rate
}

fn table(bytes: usize) -> Vec<u64> {
    let mut random = Random(2);
    (0..bytes.max(4_096) / 8).map(|_| random.draw()).collect()
}
