//! The main job end to end: the authored sample, a generated world and its oracle, threads, kills.
#![expect(clippy::unwrap_used, reason = "a test stops where a value is missing")]

mod before;
mod double11;
mod oracle;
mod pages;
mod verdicts;
