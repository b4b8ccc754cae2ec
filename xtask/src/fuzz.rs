//! Fuzzing: libFuzzer around each parser, on the stable compiler (docs/decisions names the price).

use crate::error::Error;
use crate::place::Places;
use crate::process;
use std::path::PathBuf;
use std::process::Command;

/// What the command line asks for.
struct Hunt {
    target: Option<String>,
    seconds: u32,
    smoke: bool,
}

/// Hunts in one target until the time is over, or shortly in all.
///
/// # Errors
/// When the words make no sense, the build fails, or an input broke a target.
pub(crate) fn run(places: &Places, arguments: &[String]) -> Result<(), Error> {
    let hunt = parse(arguments)?;
    let fuzzer = build(places)?;
    let targets = targets(&fuzzer)?;
    let chosen: Vec<&String> = match &hunt.target {
        Some(name) => vec![targets.iter().find(|target| *target == name).ok_or_else(|| {
            Error::usage(format!("fuzz target `{name}`"), format!("targets: {}", targets.join(", ")))
        })?],
        None => targets.iter().collect(),
    };
    let mut broken = 0;
    for target in chosen {
        let (ended, took) = process::timed(|| one(places, &fuzzer, target, &hunt));
        match ended {
            Ok(runs) => println!("ok     {target:<16} {:>5.1} s  {runs}", took.as_secs_f64()),
            Err(error) => {
                println!("BROKEN {target:<16} {:>5.1} s\n{error}", took.as_secs_f64());
                broken += 1;
            }
        }
    }
    if broken == 0 {
        return Ok(());
    }
    println!(
        "the input is in fuzz/crashes/: keep it there, with the fix; `cargo test -p anning-fuzz` replays it"
    );
    Err(Error::Found { count: broken, what: "fuzz targets broken" })
}

/// Every target for a few seconds: shows that each still builds, starts and finds its way in.
///
/// # Errors
/// As for [`run`].
pub(crate) fn smoke(places: &Places) -> Result<(), Error> {
    run(places, &["--smoke".to_owned()])
}

fn parse(arguments: &[String]) -> Result<Hunt, Error> {
    let mut hunt = Hunt { target: None, seconds: HUNT_SECONDS, smoke: false };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--smoke" => (hunt.smoke, hunt.seconds) = (true, SMOKE_SECONDS),
            "--seconds" => {
                let number = words.next().and_then(|number| number.parse().ok()).filter(|number| *number > 0);
                hunt.seconds =
                    number.ok_or_else(|| Error::usage("--seconds", "a whole number follows it"))?;
            }
            name if !name.starts_with('-') && hunt.target.is_none() => hunt.target = Some(name.to_owned()),
            odd => return Err(Error::usage(odd, "cargo xtask fuzz [TARGET] [--seconds N] [--smoke]")),
        }
    }
    Ok(hunt)
}

/// Builds the fuzzer with coverage counters in our crates; the dependencies are those of the tests.
fn build(places: &Places) -> Result<PathBuf, Error> {
    let sources = places.root.join("fuzz");
    let made = places.target.join("fuzz");
    std::fs::create_dir_all(&made).map_err(Error::file(&made))?;
    let no_coverage = made.join("no_coverage.o");
    let mut rustc = Command::new("rustc");
    rustc.args(["--edition", "2024", "--crate-type", "lib", "--emit", "obj", "-C", "panic=abort", "-o"]);
    process::output(rustc.arg(&no_coverage).arg(sources.join("no_coverage.rs")))?;
    let mut cargo = process::cargo(places);
    cargo.args(["build", "--quiet", "--package", "anning-fuzz", "--bin", "fuzz"]);
    cargo.env("RUSTC_WORKSPACE_WRAPPER", sources.join("instrument.sh"));
    cargo.env("ANNING_NO_COVERAGE", no_coverage);
    process::run(&mut cargo)?;
    Ok(places.target.join("debug").join("fuzz"))
}

fn targets(fuzzer: &PathBuf) -> Result<Vec<String>, Error> {
    let names = process::output(Command::new(fuzzer).env("ANNING_FUZZ_TARGET", "list"))?;
    Ok(names.lines().map(str::to_owned).collect())
}

/// Runs one target; hands back libFuzzer's last line, which tells the number of runs.
fn one(places: &Places, fuzzer: &PathBuf, target: &str, hunt: &Hunt) -> Result<String, Error> {
    let folder = |kind: &str| -> Result<PathBuf, Error> {
        let folder = places.root.join("fuzz").join(kind).join(target);
        std::fs::create_dir_all(&folder).map_err(Error::file(&folder))?;
        Ok(folder)
    };
    // A short run starts from the seeds alone, so that it does the same everywhere.
    let grown = places.target.join("fuzz").join("grown").join(target);
    let corpus = if hunt.smoke { places.scratch(&format!("fuzz-{target}"))? } else { grown };
    std::fs::create_dir_all(&corpus).map_err(Error::file(&corpus))?;
    let crashes = folder("crashes")?;
    let mut command = Command::new(fuzzer);
    command.env("ANNING_FUZZ_TARGET", target).env("RUST_BACKTRACE", "0");
    command.arg(corpus).arg(folder("seeds")?).arg(&crashes);
    command.arg(format!("-artifact_prefix={}/", crashes.display()));
    command.arg(format!("-max_total_time={}", hunt.seconds));
    command.args(["-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1", "-verbosity=0"]);
    if hunt.smoke {
        command.arg("-seed=1");
    }
    // libFuzzer speaks on standard error.
    let output = command.output().map_err(|source| Error::Start { program: target.to_owned(), source })?;
    let said = String::from_utf8_lossy(&output.stderr);
    // An empty folder of crashes is no finding.
    let _ = std::fs::remove_dir(&crashes);
    if output.status.success() {
        let runs = said.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
        return Ok(format!("{} runs", runs.unwrap_or("unknown").trim()));
    }
    Err(Error::Ended {
        program: format!("fuzz {target}"),
        status: output.status.to_string(),
        printed: said.into_owned(),
    })
}

const HUNT_SECONDS: u32 = 300;
const SMOKE_SECONDS: u32 = 4;

#[cfg(test)]
mod tests {
    use super::{HUNT_SECONDS, SMOKE_SECONDS, parse};

    #[test]
    fn words() {
        let check = |line: &str, expected: Option<(Option<&str>, u32, bool)>| {
            let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            let hunt = parse(&words).ok();
            let seen = hunt.as_ref().map(|hunt| (hunt.target.as_deref(), hunt.seconds, hunt.smoke));
            assert_eq!(seen, expected, "{line}");
        };
        check("", Some((None, HUNT_SECONDS, false)));
        check("date --seconds 20", Some((Some("date"), 20, false)));
        check("--smoke", Some((None, SMOKE_SECONDS, true)));
        check("--seconds", None);
        check("--seconds 0", None);
        check("date recipient", None);
        check("--fast", None);
    }
}
