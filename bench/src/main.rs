//! Benchmarks: each prints figures and, in the same run, what it stands beside. None asserts.

mod audit;
mod decide;
mod gateway;
mod idle;
mod judge;
mod ledger;
mod soak;
mod withdrawal;

use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (name, size) = (arguments.next().unwrap_or_default(), arguments.next());
    let size = size.and_then(|n| n.parse().ok());
    match name.as_str() {
        "audit" => audit::run(size.unwrap_or(29_000_000)),
        "decide" => decide::run(size.unwrap_or(10_000_000)),
        "gateway" => gateway::run(size.unwrap_or(100_000) as u64),
        "idle" => idle::run(size.unwrap_or(10_000)),
        "judge" => judge::run(size.unwrap_or(200_000)),
        "ledger" => ledger::run(size.unwrap_or(1_000_000)),
        "soak" => soak::run(size.unwrap_or(60)),
        "withdrawal" => withdrawal::run(size.unwrap_or(2_000)),
        _ => {
            eprintln!("bench: no such benchmark: {name}; `cargo xtask bench` lists them");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// SplitMix64: the same numbers on every machine.
pub(crate) struct Random(pub u64);

impl Random {
    pub(crate) fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
