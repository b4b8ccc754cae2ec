//! Messages we wrote ourselves, as a grammar: every text here may be shipped and trained on.
//!
//! [`Grammar::authored`] gives rows for training and samples; [`Grammar::heldout_codes`] gives
//! verification codes written apart from it, for measuring. The same seed and index give the same row.
//!
//! ```
//! use anning_grammar::{Grammar, Want};
//! let grammar = Grammar::authored();
//! assert_eq!(grammar.row(1, 7), grammar.row(1, 7));
//! let code = grammar.text(1, 7, &Want { code: Some(true), ..Want::default() });
//! assert!(code.code);
//! ```

mod grammar;
mod row;

pub use grammar::Grammar;
pub use row::{Label, Row, Want};
