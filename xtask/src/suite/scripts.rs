//! Tests in other languages: the report in a real browser, our Parquet and our records in other people's readers, a
//! gateway before other vendors' clients, and between other people's senders and carriers.
//!
//! `edge/NAME/tests/browser/*.test.mjs` and `cli/tests/browser/*.test.mjs` run under Node with Chromium;
//! `tests/interop/test_*.py` of an edge or core crate and `tests/strangers/test_*.py` under Python with what `tools`
//! installs. Each is a program that ends with 0 when it is content, and gets: `ANNING` the released binary, `ANNING_OUT`
//! an empty folder of its own, `CHROMIUM` and `ANNING_NODE` (where playwright-core is) in the browser, `ANNING_NODE`
//! (where npm's `smpp` is) among strangers.

use super::Outcome;
use crate::error::Error;
use crate::place::Places;
use crate::{process, tools};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs the browser tests.
///
/// # Errors
/// When something can't be installed, no script is found, or one fails.
pub(super) fn browser(places: &Places) -> Result<Outcome, Error> {
    let node = tools::browser(places)?;
    each(
        places,
        "browser",
        |name| name.ends_with(".test.mjs"),
        || {
            let mut command = Command::new("node");
            command.env("CHROMIUM", tools::CHROMIUM).env("ANNING_NODE", &node);
            command
        },
    )
}

/// Runs the tests with other readers of our files.
///
/// # Errors
/// When something can't be installed, no script is found, or one fails.
pub(super) fn interop(places: &Places) -> Result<Outcome, Error> {
    let python = tools::python(places)?;
    each(
        places,
        "interop",
        |name| name.starts_with("test_") && name.ends_with(".py"),
        || {
            let mut command = Command::new(&python);
            command.env("PYTHONDONTWRITEBYTECODE", "1");
            command
        },
    )
}

/// Runs the gateway between other people's senders and carriers.
///
/// # Errors
/// When something can't be installed, no script is found, or one fails.
pub(super) fn strangers(places: &Places) -> Result<Outcome, Error> {
    let (python, node) = tools::strangers(places)?;
    each(
        places,
        "strangers",
        |name| name.starts_with("test_") && name.ends_with(".py"),
        || {
            let mut command = Command::new(&python);
            command.env("PYTHONDONTWRITEBYTECODE", "1").env("ANNING_NODE", &node);
            command
        },
    )
}

fn each(
    places: &Places,
    kind: &str,
    is_test: impl Fn(&str) -> bool,
    program: impl Fn() -> Command,
) -> Result<Outcome, Error> {
    let scripts = find(&places.root, kind, is_test)?;
    if scripts.is_empty() {
        let what = format!("scripts in */*/tests/{kind} and cli/tests/{kind}");
        return Err(Error::Missing { what, hint: "this run expects at least one".to_owned() });
    }
    let mut failed = 0;
    for script in &scripts {
        let name = script.strip_prefix(&places.root).unwrap_or(script).display().to_string();
        let out = places.scratch(&format!("{kind}/{}", script.file_stem().unwrap_or_default().display()))?;
        let mut command = program();
        command.current_dir(&places.root).arg(script).env("ANNING", places.anning()).env("ANNING_OUT", out);
        let (ended, took) = process::timed(|| process::run(&mut command));
        let mark = if ended.is_ok() { "ok" } else { "FAILED" };
        println!("{mark:<6} {name} {:.1} s", took.as_secs_f64());
        failed += usize::from(ended.is_err());
    }
    if failed == 0 {
        Ok(Outcome::Passed(format!("{} scripts", scripts.len())))
    } else {
        Err(Error::Found { count: failed, what: "scripts failed" })
    }
}

/// The scripts of every core and edge crate and of the command line, in order.
fn find(root: &Path, kind: &str, is_test: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>, Error> {
    let mut scripts = Vec::new();
    let mut crates = files(&root.join("core"))?;
    crates.extend(files(&root.join("edge"))?);
    crates.push(root.join("cli"));
    for one in crates {
        let folder = one.join("tests").join(kind);
        if folder.is_dir() {
            scripts.extend(files(&folder)?);
        }
    }
    scripts.retain(|path| path.file_name().and_then(|name| name.to_str()).is_some_and(&is_test));
    scripts.sort();
    Ok(scripts)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = std::fs::read_dir(folder).map_err(Error::file(folder))?;
    entries.map(|entry| Ok(entry.map_err(Error::file(folder))?.path())).collect()
}
