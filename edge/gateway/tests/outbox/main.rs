//! The outbox: whatever fails, nothing acknowledged is lost, nothing is handed over twice unless it was in doubt and
//! somebody chose to, and what ended stays ended.
#![cfg(test)]
#![expect(clippy::wildcard_enum_match_arm, reason = "a test names the entries that it is about")]

mod book;
mod crash;
mod faults;
mod kill;
mod packed;
mod scribe;
#[path = "../../../store/tests/ledger/sim.rs"]
#[expect(dead_code, reason = "the tests of the store use all of it")]
mod sim;
mod world;
