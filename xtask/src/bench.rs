//! Benchmarks: every published figure comes from one of these, and prints the machine it ran on.
//!
//! A benchmark is a file `bench/src/NAME.rs`; its first line says what it measures. A file `bench/NAME.py`
//! beside it is its counterpart in another system (DuckDB), for which Python is prepared; for a file
//! `bench/src/NAME/postgres.rs` PostgreSQL is. `relays` alone is a Python program, `sim/relays`: it puts other people's
//! relays in our place.

use crate::error::Error;
use crate::place::Places;
use crate::{process, tools};
use std::path::Path;

/// Runs one benchmark in the release build, or lists them.
///
/// # Errors
/// When there is none of that name, or it ends with an error.
pub(crate) fn run(places: &Places, arguments: &[String]) -> Result<(), Error> {
    let folder = places.root.join("bench");
    let names = names(&folder.join("src"))?;
    let Some((name, rest)) = arguments.split_first() else {
        if names.is_empty() {
            println!("no benchmark in bench/src/ yet");
        }
        for (name, about) in &names {
            println!("  {name:<12} {about}");
        }
        return Ok(());
    };
    if name == RELAYS.0 {
        return relays(places, rest);
    }
    if !names.iter().any(|(known, _)| known == name) {
        let known: Vec<&str> = names.iter().map(|(known, _)| known.as_str()).collect();
        return Err(Error::usage(format!("benchmark `{name}`"), format!("benchmarks: {}", known.join(", "))));
    }
    println!("{}", machine());
    let mut cargo = process::cargo(places);
    cargo.args(["run", "--release", "--quiet", "--package", "anning-bench", "--", name]).args(rest);
    cargo.env("ANNING_SCRATCH", places.scratch(&format!("bench-{name}"))?);
    if folder.join(format!("{name}.py")).is_file() {
        cargo.env("ANNING_PYTHON", tools::python(places)?);
    }
    if folder.join("src").join(name).join("postgres.rs").is_file() {
        match tools::postgres() {
            Ok(programs) => drop(cargo.env("ANNING_POSTGRES", programs)),
            Err(error) => println!("without PostgreSQL: {error}"),
        }
    }
    process::run(&mut cargo)
}

/// Our gateway between the same two ends as Jasmin and Kannel.
fn relays(places: &Places, rest: &[String]) -> Result<(), Error> {
    process::run(process::cargo(places).args(["build", "--release", "--package", "anning-cli"]))?;
    let mut script = std::process::Command::new("python3");
    script.current_dir(&places.root).arg("sim/relays/relays.py").arg(places.anning()).args(rest);
    script.arg("--tools").arg(places.tools("relays"));
    script.env("ANNING_OUT", places.scratch("bench-relays")?).env("PYTHONDONTWRITEBYTECODE", "1");
    process::run(&mut script)
}

/// Names of the benchmarks, each with what its file says first.
fn names(folder: &Path) -> Result<Vec<(String, String)>, Error> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(Error::file(folder))? {
        let path = entry.map_err(Error::file(folder))?.path();
        let Some(name) =
            path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(".rs"))
        else {
            continue;
        };
        if !matches!(name, "lib" | "main") {
            let body = std::fs::read_to_string(&path).map_err(Error::file(&path))?;
            let about = body.lines().next().and_then(|line| line.strip_prefix("//! ")).unwrap_or_default();
            names.push((name.to_owned(), about.to_owned()));
        }
    }
    names.push((RELAYS.0.to_owned(), RELAYS.1.to_owned()));
    names.sort();
    Ok(names)
}

/// Processor, cores, memory, kernel and compiler: a figure without them says nothing.
pub(crate) fn machine() -> String {
    let field = |file: &str, key: &str| {
        let body = std::fs::read_to_string(file).unwrap_or_default();
        let line = body.lines().find(|line| line.starts_with(key));
        line.and_then(|line| line.split_once(':'))
            .map_or("unknown".to_owned(), |(_, value)| value.trim().to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kernel =
        std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_else(|_| "unknown".to_owned());
    let rustc = process::output(std::process::Command::new("rustc").arg("--version")).unwrap_or_default();
    format!(
        "machine: {}, {cores} cores, memory {}, kernel {}, {}",
        field("/proc/cpuinfo", "model name"),
        field("/proc/meminfo", "MemTotal"),
        kernel.trim(),
        rustc.trim()
    )
}

/// What is measured beside other people's relays, and what it measures.
const RELAYS: (&str, &str) =
    ("relays", "The gateway beside Jasmin and Kannel, between the same sender and carrier.");
