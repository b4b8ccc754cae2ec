//! What a sign-up page does to obtain consent.
//!
//! A browser records, this crate judges: `record` is what was seen, and the rules over it are pure functions. Which law
//! a finding concerns depends on the date of the record and stands apart from the rule.

pub mod check;
mod error;
pub mod record;

pub use error::Error;
