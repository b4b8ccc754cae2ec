//! Logs, good and spoiled, seen from outside.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests, outside of `#[test]`"
)]

mod good;
mod log;
mod mirrored;
mod server;
mod spoiled;
mod stamped;
mod witnessed;
