//! Mutation testing: the code is changed in small ways, and some test must turn red each time.
//!
//! What survives is printed and written down; `docs/mutation.md` explains each survivor that may stand.

use crate::error::Error;
use crate::place::Places;
use crate::{process, tools};
use std::process::Command;

/// Runs cargo-mutants over one crate, by default the decision.
///
/// # Errors
/// When it can't run, or a survivor is not explained in `docs/mutation.md`.
pub(crate) fn run(places: &Places, arguments: &[String]) -> Result<(), Error> {
    let package = match arguments {
        [] => "anning-decide",
        [package] => package.as_str(),
        [_, odd, ..] => return Err(Error::usage(odd.clone(), "one package at a time")),
    };
    let made = places.scratch("mutants")?;
    let mut mutants = Command::new(tools::cargo_tool(places, "cargo-mutants", tools::CARGO_MUTANTS)?);
    mutants.current_dir(&places.root).arg("mutants").args(["--package", package, "--no-shuffle", "--output"]);
    mutants.arg(&made);
    // Ends with an error when anything survived; that is read from its files below.
    let ended = process::run(&mut mutants);
    let survivors = made.join("mutants.out").join("missed.txt");
    let Ok(missed) = std::fs::read_to_string(&survivors) else {
        return ended;
    };
    let explained = std::fs::read_to_string(places.root.join(EXPLAINED)).unwrap_or_default();
    let survivors: Vec<String> = missed.lines().map(without_position).collect();
    let (known, new): (Vec<_>, Vec<_>) =
        survivors.iter().partition(|survivor| explained.contains(survivor.as_str()));
    println!("\nsurvivors explained in {EXPLAINED}: {}", known.len());
    for survivor in &new {
        println!("not explained: {survivor}");
    }
    let list = made.join("survivors.txt");
    std::fs::write(&list, survivors.join("\n")).map_err(Error::file(&list))?;
    println!("the whole list: {}", list.display());
    if new.is_empty() {
        Ok(())
    } else {
        Err(Error::Found { count: new.len(), what: "survivors nobody explains" })
    }
}

/// `core/decide/src/a.rs:12:5: replace …` without the line and column, which move with every edit.
fn without_position(mutant: &str) -> String {
    match mutant.split_once(": ") {
        Some((place, change)) => format!("{}: {change}", place.split(':').next().unwrap_or_default()),
        None => mutant.to_owned(),
    }
}

const EXPLAINED: &str = "docs/mutation.md";

#[cfg(test)]
mod tests {
    use super::without_position;

    #[test]
    fn a_survivor_is_known_after_the_file_was_edited() {
        let seen = "core/decide/src/scope.rs:12:9: replace covers -> bool with true";
        assert_eq!(without_position(seen), "core/decide/src/scope.rs: replace covers -> bool with true");
    }
}
