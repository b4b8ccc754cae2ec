//! A world to audit: an e-commerce platform with retail and finance lines, its customers and campaigns from
//! 2021 to 2026, and two decided cases, written as the tables of `spec/input.md` with what the law says about
//! each send.
//!
//! The same seed gives the same bytes. Memory does not grow with the number of sends. No address belongs to
//! anybody, all names are invented. What is expected stands in `scenarios.toml`, written from the texts of
//! the law and apart from the rules: see [`Oracle`].
//!
//! ```
//! use anning_sample::{Oracle, Claim};
//! use anning_vocab::{Answer, Date};
//! let oracle = Oracle::load().unwrap();
//! let on = |day: &str| {
//!     let day = Date::parse(day).unwrap();
//!     let expected = oracle.expected("ticked_by_default", day);
//!     expected.iter().find(|e| e.provision == "pipl_consent").map(|e| e.claim.to_string())
//! };
//! assert_eq!(on("2021-10-31").as_deref(), Some("not_applicable"));
//! assert_eq!(on("2021-11-02").as_deref(), Some("breached"));
//! ```

mod acts;
mod calendar;
mod campaign;
mod cases;
mod cast;
mod claim;
mod corpus;
mod error;
mod expectations;
mod general;
mod options;
mod oracle;
mod person;
mod plan;
mod random;
mod sample;
mod sends;
mod special;
mod special_table;
mod step;
mod table;
mod terms;
mod text;

pub use claim::Claim;
pub use error::Error;
pub use expectations::{Expectation, expectations};
pub use options::{Options, Part, Size};
pub use oracle::{Expected, Oracle, Provision, Scenario};
pub use sample::{Written, write};
pub use table::Format;
