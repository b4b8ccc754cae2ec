//! Project chores: style checks, the whole test run, benchmarks, fuzzing, mutation testing.
//!
//! `cargo xtask` without a word lists them. Kept to one small dependency: it compiles before anything
//! else does for whoever clones the repository.

mod bench;
mod ci;
mod error;
mod fuzz;
mod law;
mod mutants;
mod place;
mod process;
mod suite;
mod text;
mod tools;
mod train;

use error::Error;
use place::Places;
use std::process::ExitCode;

/// A chore: its name, what it takes, what it does, and the function that does it.
struct Chore {
    name: &'static str,
    takes: &'static str,
    does: &'static str,
    run: fn(&Places, &[String]) -> Result<(), Error>,
}

const CHORES: &[Chore] = &[
    Chore {
        name: "ci", takes: "[CHECK…]", does: "house style, lints, licences, law coverage", run: ci::run
    },
    Chore {
        name: "test",
        takes: "[--quick | STEP]",
        does: "every test, and what they need installed",
        run: suite::run,
    },
    Chore { name: "law", takes: "", does: "the fate of every obligation in law/", run: law::run },
    Chore {
        name: "bench",
        takes: "[NAME [ARG…]]",
        does: "one benchmark; without a name, lists them",
        run: bench::run,
    },
    Chore {
        name: "fuzz",
        takes: "[TARGET] [--seconds N] [--smoke]",
        does: "hunt in the parsers",
        run: fuzz::run,
    },
    Chore {
        name: "mutants",
        takes: "[PACKAGE]",
        does: "change the code, see whether a test notices",
        run: mutants::run,
    },
    Chore {
        name: "train",
        takes: "[ARG…]",
        does: "train the judge's weights from our grammar",
        run: train::run,
    },
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, arguments)) = words.split_first() else {
        print_usage();
        return ExitCode::SUCCESS;
    };
    let Some(chore) = CHORES.iter().find(|chore| chore.name == name) else {
        eprintln!("no such chore: {name}\n");
        print_usage();
        return ExitCode::from(2);
    };
    match Places::find().and_then(|places| (chore.run)(&places, arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask {name}: {error}");
            ExitCode::from(if matches!(error, Error::Usage { .. }) { 2 } else { 1 })
        }
    }
}

fn print_usage() {
    println!("usage: cargo xtask CHORE\n");
    for Chore { name, takes, does, .. } in CHORES {
        println!("  {:<42} {does}", format!("{name} {takes}"));
    }
}
