//! The style half of the checks: what STYLE promises and a machine can see.
//!
//! Every check runs, whatever the others found, and prints what is wrong, where, and the way out.

mod citations;
mod directions;
mod documents;
mod folders;
mod leftovers;
mod problem;
mod purity;
mod rust;
mod sizes;

use crate::error::Error;
use crate::place::Places;
use crate::text::{self, Text};
use crate::{law, process, tools};
use problem::Problem;
use std::process::Command;

/// What a check may look at.
struct Seen<'t> {
    places: &'t Places,
    texts: &'t [Text],
    rust: &'t [rust::Rust<'t>],
}

/// A check: its name, what it holds us to, and the function that looks.
struct Check {
    name: &'static str,
    holds: &'static str,
    look: fn(&Seen<'_>) -> Result<Vec<Problem>, Error>,
}

/// Cheap ones first: whoever waits sees the likely problem early.
const CHECKS: &[Check] = &[
    Check {
        name: "sizes",
        holds: "functions of 70 lines in core/ and wire/, 100 elsewhere; files of 500 lines of code",
        look: |seen| Ok(sizes::check(seen.rust)),
    },
    Check {
        name: "purity",
        holds: "no I/O, clock, randomness or waiting in core/ and wire/",
        look: |seen| Ok(purity::check(seen.rust)),
    },
    Check {
        name: "directions",
        holds: "cli → edge → core → vocab, and wire knows nobody",
        look: |seen| directions::check(seen.places),
    },
    Check { name: "folders", holds: "names that say something", look: |seen| Ok(folders::check(seen.texts)) },
    Check {
        name: "documents",
        holds: "ARCHITECTURE.md under 200 lines, decision records of 60",
        look: |seen| Ok(documents::check(seen.texts)),
    },
    Check {
        name: "leftovers",
        holds: "no machine's paths, nothing unfinished, no test that does not run, every crate linted",
        look: |seen| Ok(leftovers::check(seen.texts)),
    },
    Check {
        name: "citations",
        holds: "each `//=` quotes an article in law/ and has its test",
        look: |seen| Ok(citations::check(seen.texts)),
    },
    Check {
        name: "law",
        holds: "every obligation in law/ has one fate",
        look: |seen| law_coverage(seen.places),
    },
    Check { name: "format", holds: "cargo fmt", look: |seen| format(seen.places) },
    Check {
        name: "licences",
        holds: "licences, bans and sources of deny.toml",
        look: |seen| licences(seen.places),
    },
    Check { name: "lints", holds: "clippy on everything, warnings denied", look: |seen| lints(seen.places) },
];

/// Runs the checks named, or all of them.
///
/// # Errors
/// When a problem was found, or a check could not look.
pub(crate) fn run(places: &Places, names: &[String]) -> Result<(), Error> {
    if let Some(odd) = names.iter().find(|name| !CHECKS.iter().any(|check| check.name == name.as_str())) {
        let known: Vec<&str> = CHECKS.iter().map(|check| check.name).collect();
        return Err(Error::usage(format!("check `{odd}`"), format!("checks: {}", known.join(", "))));
    }
    let texts = text::read_all(&places.root)?;
    let rust = rust::read(&texts).map_err(|what| Error::usage(what, "let it compile first"))?;
    let seen = Seen { places, texts: &texts, rust: &rust };
    let mut count = 0;
    for check in CHECKS.iter().filter(|check| names.is_empty() || names.iter().any(|name| name == check.name))
    {
        let (looked, took) = process::timed(|| (check.look)(&seen));
        let (mark, problems) = match looked {
            Ok(problems) if problems.is_empty() => ("ok", problems),
            Ok(problems) => ("FAILED", problems),
            Err(error) => (
                "FAILED",
                vec![Problem::of("xtask", error.to_string(), "the check could not look: mend that first")],
            ),
        };
        println!("{mark:<6} {:<10} {:>6.1} s  {}", check.name, took.as_secs_f64(), check.holds);
        for problem in &problems {
            println!("{problem}");
        }
        count += problems.len();
    }
    if count > 0 { Err(Error::Found { count, what: "problems found" }) } else { Ok(()) }
}

fn law_coverage(places: &Places) -> Result<Vec<Problem>, Error> {
    Ok(law::check(places)?
        .into_iter()
        .map(|what| {
            Problem::of("law/", what, "give it a rule, code with a test, or a written reason to set it aside")
        })
        .collect())
}

fn format(places: &Places) -> Result<Vec<Problem>, Error> {
    judged(
        process::cargo(places).args(["fmt", "--all", "--check", "--", "--color", "never"]),
        "cargo fmt --all",
    )
}

fn lints(places: &Places) -> Result<Vec<Problem>, Error> {
    let mut cargo = process::cargo(places);
    cargo.args([
        "clippy",
        "--quiet",
        "--keep-going",
        "--workspace",
        "--all-targets",
        "--all-features",
        "--",
        "-D",
        "warnings",
    ]);
    judged(&mut cargo, "do as the lint says, or `#[expect(lint, reason = \"…\")]` with the reason")
}

fn licences(places: &Places) -> Result<Vec<Problem>, Error> {
    let mut deny = Command::new(tools::cargo_tool(places, "cargo-deny", tools::CARGO_DENY)?);
    deny.current_dir(&places.root);
    deny.args(["--all-features", "check", "--hide-inclusion-graph", "licenses", "bans", "sources"]);
    judged(&mut deny, "choose another crate, or let it into deny.toml with a reason and a decision record")
}

/// Another program's verdict, with its own words.
fn judged(command: &mut Command, way_out: &str) -> Result<Vec<Problem>, Error> {
    match process::output(command) {
        Ok(_) => Ok(Vec::new()),
        Err(Error::Ended { program, printed, .. }) => Ok(vec![Problem {
            what: printed.trim().replace('\n', "\n    "),
            place: program,
            way_out: way_out.to_owned(),
        }]),
        Err(other) => Err(other),
    }
}

#[cfg(test)]
mod tests {
    use super::{CHECKS, Seen, rust};
    use crate::place::Places;
    use crate::text;

    /// The checks that start no program, on this repository: `cargo test` alone already keeps the style.
    #[test]
    fn the_repository_keeps_its_style() {
        let places = Places::find().unwrap();
        let texts = text::read_all(&places.root).unwrap();
        assert!(texts.iter().any(|text| text.path == "core/vocab/src/lib.rs"), "the repository was read");
        let rust = rust::read(&texts).unwrap();
        let seen = Seen { places: &places, texts: &texts, rust: &rust };
        for name in ["sizes", "purity", "folders", "documents", "leftovers", "citations"] {
            let check = CHECKS.iter().find(|check| check.name == name).unwrap();
            let found: Vec<String> = (check.look)(&seen).unwrap().iter().map(ToString::to_string).collect();
            assert!(found.is_empty(), "{name}:\n{}", found.join("\n"));
        }
    }
}
