//! Training the weights we ship.

use anning_judge::{Example, Trained};

use crate::{Grammar, Row};

/// Rows trained on.
pub const ROWS: u64 = 120_000;
/// Seed of those rows.
pub const SEED: u64 = 31;

/// The rows we train on.
pub fn examples(rows: u64) -> impl Iterator<Item = Example> {
    (0..rows).filter_map(|index| example(Grammar::authored().row(SEED, index)))
}

/// Learns the weights we ship: the same bytes every time.
///
/// # Errors
/// If the grammar gave rows of one kind only.
pub fn train_shipped() -> Result<Trained, anning_judge::Error> {
    anning_judge::train(examples(ROWS))
}

fn example(row: Row) -> Option<Example> {
    let Row { text, commercial, mixed, offer, template, .. } = row;
    Some(Example { text, commercial: commercial?, mixed, offer, group: template })
}
