//! Opens a sign-up page in Chromium, records what it does to obtain consent, and sends nothing.
//!
//! Start from [`Browser::start`] and [`Browser::record`]: a page in, an [`anning_page::record::Record`] out, with
//! pictures beside it. The rules over a record stand in `anning-page`; [`Inspection`] puts records under the law of a
//! day, and `report`, `sarif`, `summary`, `terminal` and `diff` say what came of it.
//!
//! What never leaves: anything but reading, and reading from origins that were not named. What a page would have
//! sent is kept in the record instead. Every queue, step, wait and size has a bound, and reaching one is noted.

mod advice;
mod agent;
mod bounds;
mod browser;
mod carried;
mod deed;
mod diff;
mod documents;
mod door;
mod error;
mod eval;
mod evidence;
mod explore;
mod flow;
mod folder;
mod gaps;
mod hearing;
mod inspection;
mod invented;
mod list;
mod memory;
mod page;
mod pipe;
mod profile;
mod recording;
mod remains;
pub mod report;
mod sarif;
mod script;
mod steps;
mod stored;
mod summary;
mod surface;
mod tab;
pub mod terminal;
mod traffic;
mod visit;
mod words;

pub use browser::{Browser, Clock, Options};
pub use diff::{Change, Diff, Incomparable, Line, Pair, diff};
pub use error::Error;
pub use eval::{Labelled, Score, Sheet, Tally};
pub use flow::{Step, Target};
pub use gaps::gaps;
pub use inspection::{Inspection, Issue, Judgement, Sealed};
pub use list::{Listed, list, viewport};
pub use recording::{Page, Recording};
pub use remains::{clear_away, passing};
pub use sarif::{sarif, sarif_compared};
pub use steps::steps;
pub use stored::{Bundle, Seal, Stored};
pub use summary::{Counts, summary};
pub use words::{Lang, Standing, Words};
