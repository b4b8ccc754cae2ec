//! Training the judge's weights from the rows our grammar writes; the result is the same byte for byte.

use crate::error::Error;
use crate::place::Places;
use crate::process;

/// Runs the trainer of `sim/grammar`; its own words follow.
///
/// # Errors
/// When it can't be built or ends with an error.
pub(crate) fn run(places: &Places, arguments: &[String]) -> Result<(), Error> {
    let mut cargo = process::cargo(places);
    cargo.args(["run", "--release", "--package", "anning-grammar", "--bin", "train", "--"]);
    process::run(cargo.args(arguments))
}
