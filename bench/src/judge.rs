//! Is it commercial: messages a second on one thread, over texts of our own grammar.

use anning_grammar::Grammar;
use anning_judge::{Judge, Scratch};

use crate::now;

pub(crate) fn run(rows: usize) {
    let (grammar, judge, mut scratch) = (Grammar::authored(), Judge::shipped(), Scratch::default());
    let texts: Vec<String> = (0..rows as u64).map(|n| grammar.row(7, n).text).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let mut score = 0.0;
    let begin = now();
    for text in &texts {
        score += judge.judge(text, &mut scratch).score;
    }
    let seconds = begin.elapsed().as_secs_f64();
    std::hint::black_box(score);
    println!("texts {rows}, {:.1} MB", bytes as f64 / 1e6);
    println!(
        "judge {:.0} messages/s, {:.1} MB/s, one thread",
        rows as f64 / seconds,
        bytes as f64 / 1e6 / seconds
    );
    // Beside it: how fast the same bytes can be hashed at all by a simple loop.
    let begin = now();
    let mut hash = 0_u64;
    for text in &texts {
        hash = text.bytes().fold(hash, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    }
    let plain = begin.elapsed().as_secs_f64();
    std::hint::black_box(hash);
    println!("FNV-1a of the same bytes {:.0} messages/s; ratio {:.3}", rows as f64 / plain, plain / seconds);
}
