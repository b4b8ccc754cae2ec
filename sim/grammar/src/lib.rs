//! Messages we wrote ourselves, as a grammar: every text here may be shipped and trained on.
//!
//! [`Grammar::authored`] gives rows for training and samples; [`Grammar::heldout_codes`] gives
//! verification codes written apart from it, for measuring. The same seed and index give the same row.
//! [`train_shipped`] learns the weights we ship from the first rows of one seed.
//!
//! ```
//! use anning_grammar::{Grammar, Want};
//! let grammar = Grammar::authored();
//! assert_eq!(grammar.row(1, 7), grammar.row(1, 7));
//! let code = grammar.text(1, 7, &Want { code: Some(true), ..Want::default() });
//! assert!(code.code);
//! ```

mod envelope;
mod figure;
mod file;
mod grammar;
mod random;
mod row;
mod shipped;
mod template;
mod tricks;

pub use grammar::Grammar;
pub use row::{Label, Row, Want};
pub use shipped::{ROWS, SEED, examples, train_shipped};

/// Files of the grammar we train on, with their names.
const FILES: &[(&str, &str)] = &[
    ("words.txt", include_str!("../grammar/words.txt")),
    ("retail.txt", include_str!("../grammar/retail.txt")),
    ("finance.txt", include_str!("../grammar/finance.txt")),
    ("local.txt", include_str!("../grammar/local.txt")),
    ("property.txt", include_str!("../grammar/property.txt")),
    ("illegal.txt", include_str!("../grammar/illegal.txt")),
    ("telecom.txt", include_str!("../grammar/telecom.txt")),
    ("travel.txt", include_str!("../grammar/travel.txt")),
    ("service.txt", include_str!("../grammar/service.txt")),
    ("notices.txt", include_str!("../grammar/notices.txt")),
    ("sellers.txt", include_str!("../grammar/sellers.txt")),
    ("trades.txt", include_str!("../grammar/trades.txt")),
    ("hard.txt", include_str!("../grammar/hard.txt")),
    ("talk.txt", include_str!("../grammar/talk.txt")),
    ("codes.txt", include_str!("../grammar/codes.txt")),
    ("public.txt", include_str!("../grammar/public.txt")),
    ("tails.txt", include_str!("../grammar/tails.txt")),
    ("personal.txt", include_str!("../grammar/personal.txt")),
    ("english.txt", include_str!("../grammar/english.txt")),
];

/// Files of the codes kept apart.
const HELDOUT_CODES: &[(&str, &str)] = &[("heldout_codes.txt", include_str!("../grammar/heldout_codes.txt"))];
