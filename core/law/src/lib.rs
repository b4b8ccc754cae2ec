//! What was in force then: the texts of `law/`, embedded at build and asked by date, and the rules
//! bound to them.
//!
//! A lawyer writes the Markdown below `law/`; this crate reads it and never adds to it. It holds no
//! clock, no disk and no rule language: tables and limits are data, rule functions are Rust bound to
//! an article by name. Never judges a message by itself: a [`Rule`] answers for one provision,
//! `decide` asks them all. Never falls back to a repealed text: a text that is known to be in force
//! but not loaded is said to be so.
//!
//! Start from [`Corpus::embedded`] for the texts and [`Law::embedded`] for the rules by date.
//!
//! ```
//! use anning_law::Corpus;
//! use anning_vocab::Date;
//! let article = Corpus::embedded().article("cn/pipl/14").unwrap();
//! assert!(article.on(Date::parse("2021-10-31").unwrap()).is_none());
//! assert!(article.on(Date::parse("2021-11-01").unwrap()).is_some());
//! ```

mod binding;
mod block;
mod check;
mod cn;
mod corpus;
mod coverage;
mod data;
mod error;
mod example;
mod files;
mod heading;
mod in_force;
mod instrument;
mod limit;
mod limit_block;
mod near;
pub mod numeral;
mod obligation;
mod on_day;
mod pack;
mod page;
mod rule;
mod text;
mod worked;

pub use corpus::{Anchor, Corpus};
pub use coverage::{Citation, Coverage, Gap, coverage};
pub use data::{Document, Table, Value};
pub use error::{Error, Place};
pub use example::{Example, Outcome, Phrase};
pub use in_force::{Binding, InForce, Law, LawInForce};
pub use instrument::{
    Article, Change, Fate, FateKind, Instrument, Paragraph, Rank, Sentence, Target, Version,
};
pub use limit::{Bound, Fine, GainStep, Measure, Penalty, Precondition, Sanction, Term, Threshold, Unit};
pub use obligation::{DecidedCase, Obligation, ObligationFate};
pub use on_day::{Difference, OnDay};
pub use rule::{Case, ProvisionId, Rule, Subject, rules};
