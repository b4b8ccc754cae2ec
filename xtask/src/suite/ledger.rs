//! The ledger before strangers: a verifier in Go judges a log written by our tests, honest and tampered with, and
//! OpenSSL our signatures.

use super::Outcome;
use crate::error::Error;
use crate::place::Places;
use crate::{process, tools};

/// Writes the log and has Go judge it.
///
/// # Errors
/// When Go can't be installed, or a verdict is another than the expected one.
pub(super) fn interop(places: &Places) -> Result<Outcome, Error> {
    let mut go = tools::go(places)?;
    // Written by the test itself, into cargo's folder for what tests leave behind.
    let mut tests = process::cargo(places);
    tests.args(["test", "--quiet", "-p", "anning-ledger", "--test", "interop", "--test", "openssl"]);
    process::run(&mut tests)?;
    let program = places.root.join("core/ledger/tests/go/verify.go");
    go.arg("run").arg(program).arg(places.target.join("tmp").join("ledger-interop"));
    let said = process::output(go.arg(places.root.join("spec/vectors/log")))?;
    print!("{said}");
    Ok(Outcome::Passed(said.lines().last().unwrap_or_default().to_owned()))
}
