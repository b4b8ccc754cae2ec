//! Audit of past sends against the law in force at the time.
//!
//! Reads send logs and consent records of any size (`spec/input.md`), asks `decide` for every send and writes
//! findings, a summary, a report and the rows that it could not read. Never sends, never repairs data, never
//! reads the clock.
//!
//! Start from [`open`] and [`audit`].

mod engine;
mod error;
pub mod input;
mod output;
pub mod report;
mod settings;
pub mod summary;
mod workspace;

pub use engine::{
    Decided, Kept, List, Said, Stage, Step, audit, audit_with, decide_list, decide_list_with, open,
    open_mapped,
};
pub use error::Error;
pub use settings::Settings;
pub use workspace::Workspace;
