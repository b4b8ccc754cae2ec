//! Audit of past sends against the law in force at the time.
//!
//! Reads a folder of tables (`spec/input.md`), asks `decide` for every send and gives a summary, findings
//! and the rows it could not read. Never sends, never repairs data, never reads the clock.
//!
//! Start from [`audit`].

mod engine;
mod exposure;
mod findings;
mod intake;
mod output;
mod read;
mod remedy;
pub mod report;
mod settings;
pub mod summary;
mod tables;
mod tally;

pub use engine::{Audit, Judged, audit};
pub use intake::{Error, Reject};
pub use output::write;
pub use settings::Settings;
