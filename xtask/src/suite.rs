//! The whole test run, one command on a fresh clone: installs what the tests need, runs everything, and
//! ends with a table of what passed and how long it took.
//!
//! What can't be installed is a failure, never a skipped step. One thing may be absent: the corpus that
//! `ANNING_CORPUS` names, which not everyone may have; the tests that need it then say so.

mod blocks;
mod inspector;
mod ledger;
mod scripts;

use crate::error::Error;
use crate::place::Places;
use crate::{bench, fuzz, law, process};
use std::path::Path;
use std::time::Duration;

/// How a step ended.
enum Outcome {
    /// Well, with a word on what was done.
    Passed(String),
    /// Not run, and why that may be.
    Skipped(String),
}

/// A step of the run.
struct Step {
    name: &'static str,
    /// Also part of `--quick`: needs nothing installed and no release build.
    quick: bool,
    run: fn(&Places) -> Result<Outcome, Error>,
}

const STEPS: &[Step] = &[
    Step { name: "corpus", quick: true, run: corpus },
    Step { name: "cargo test", quick: true, run: cargo_test },
    Step { name: "law coverage", quick: true, run: law_coverage },
    Step { name: "release build", quick: false, run: release_build },
    Step { name: "documents", quick: false, run: documents },
    Step { name: "browser", quick: false, run: scripts::browser },
    Step { name: "inspector", quick: false, run: inspector::run },
    Step { name: "interop", quick: false, run: scripts::interop },
    Step { name: "ledger interop", quick: false, run: ledger::interop },
    Step { name: "gateway interop", quick: false, run: scripts::strangers },
    Step { name: "fuzz smoke", quick: false, run: fuzz_smoke },
];

/// Runs every step, whatever the others came to, and prints the table.
///
/// # Errors
/// When a step failed or a word is not understood.
pub(crate) fn run(places: &Places, arguments: &[String]) -> Result<(), Error> {
    let named = |word: &String| STEPS.iter().any(|step| step.name == word);
    let (quick, only) = match arguments {
        [] => (false, None),
        [word] if word == "--quick" => (true, None),
        [word] if named(word) => (false, Some(word)),
        [odd, ..] => return Err(Error::usage(odd.clone(), "cargo xtask test [--quick | 'NAME OF A STEP']")),
    };
    let meant = |step: &&Step| (step.quick || !quick) && only.is_none_or(|only| step.name == only);
    println!("{}", bench::machine());
    let mut table = Vec::new();
    for step in STEPS.iter().filter(meant) {
        println!("\n=== {}", step.name);
        let (outcome, took) = process::timed(|| (step.run)(places));
        if let Err(error) = &outcome {
            println!("{error}");
        }
        table.push((step.name, outcome, took));
    }
    let failed = print_table(&table);
    if failed == 0 { Ok(()) } else { Err(Error::Found { count: failed, what: "steps failed" }) }
}

/// Prints it and counts the failures.
fn print_table(table: &[(&str, Result<Outcome, Error>, Duration)]) -> usize {
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    println!("\n{:<8} {:<14} {:>8}", "", "step", "seconds");
    for (name, outcome, took) in table {
        let (mark, note, count) = match outcome {
            Ok(Outcome::Passed(note)) => ("ok", note.clone(), &mut passed),
            Ok(Outcome::Skipped(why)) => ("skipped", why.clone(), &mut skipped),
            Err(error) => {
                ("FAILED", error.to_string().lines().next().unwrap_or_default().to_owned(), &mut failed)
            }
        };
        *count += 1;
        println!("{mark:<8} {name:<14} {:>8.1}  {note}", took.as_secs_f64());
    }
    println!("\nsteps: {passed} passed, {failed} failed, {skipped} skipped");
    failed
}

fn corpus(_: &Places) -> Result<Outcome, Error> {
    match std::env::var("ANNING_CORPUS") {
        Ok(folder) if Path::new(&folder).is_dir() => {
            Ok(Outcome::Passed("tests on the corpus are run".to_owned()))
        }
        Ok(_) => Err(Error::Missing {
            what: "the folder that ANNING_CORPUS names".to_owned(),
            hint: "set it right, or unset it to skip the tests that need the corpus".to_owned(),
        }),
        Err(_) => {
            Ok(Outcome::Skipped("ANNING_CORPUS is not set: tests on the corpus are skipped".to_owned()))
        }
    }
}

/// Unit tests, integration tests, examples in doc comments, replayed fuzz inputs.
fn cargo_test(places: &Places) -> Result<Outcome, Error> {
    process::run(process::cargo(places).args(["test", "--workspace", "--no-fail-fast"]))?;
    Ok(Outcome::Passed(String::new()))
}

fn law_coverage(places: &Places) -> Result<Outcome, Error> {
    law::run(places, &[])?;
    Ok(Outcome::Passed(String::new()))
}

/// As a newcomer builds it; the steps after it use this binary.
fn release_build(places: &Places) -> Result<Outcome, Error> {
    process::run(process::cargo(places).args(["build", "--release"]))?;
    Ok(Outcome::Passed(String::new()))
}

fn documents(places: &Places) -> Result<Outcome, Error> {
    blocks::run(places).map(|commands| Outcome::Passed(format!("{commands} commands in documents")))
}

fn fuzz_smoke(places: &Places) -> Result<Outcome, Error> {
    fuzz::smoke(places)?;
    Ok(Outcome::Passed(String::new()))
}
