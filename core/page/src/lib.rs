//! What a sign-up page does to obtain consent.
//!
//! A browser records, this crate judges: `record` is what was seen, and the rules over it are pure functions. Which law
//! a finding concerns depends on the date of the record and stands apart from the rule. Begin with [`finding::judge`].

pub mod act;
pub mod check;
mod error;
pub mod finding;
pub mod fold;
pub mod law;
mod layer;
mod lexicon;
pub mod phrase;
pub mod purpose;
pub mod record;
pub mod request;
mod rules;
pub mod scene;
pub mod sentence;
pub mod title;
pub mod version;

pub use error::Error;
pub mod way;
