//! The page inspector in a real browser: its own tests, none skipped, then its figures over the labelled pages of the
//! repository, and over those of the corpus where there is one.

use super::Outcome;
use crate::error::Error;
use crate::place::Places;
use crate::{process, tools};
use std::path::Path;
use std::process::Command;

/// Runs them.
///
/// # Errors
/// When Chromium can't be installed, a test fails, or the figures are below what `docs/inspect.md` promises.
pub(super) fn run(places: &Places) -> Result<Outcome, Error> {
    tools::browser(places)?;
    for (package, test) in [("anning-inspect", None), ("anning-cli", Some("inspect"))] {
        let mut tests = process::cargo(places);
        tests.args(["test", "--quiet", "-p", package]).env("ANNING_BROWSER", "required");
        tests.args(test.map(|name| ["--test", name]).into_iter().flatten());
        process::run(&mut tests)?;
    }
    let mut said = vec![measured(places, &places.root.join("samples/pages"), "inspect-samples")?];
    if let Some(corpus) = std::env::var_os("ANNING_CORPUS") {
        said.push(measured(places, &Path::new(&corpus).join("data/pages"), "inspect-corpus")?);
    }
    Ok(Outcome::Passed(said.join("; ")))
}

/// Precision and recall over one folder of labelled pages.
fn measured(places: &Places, pages: &Path, scratch: &str) -> Result<String, Error> {
    let out = places.scratch(scratch)?;
    let mut eval = Command::new(places.target.join("release/anning"));
    eval.args(["inspect", "eval"]).arg(pages).arg("--out").arg(&out);
    process::run(&mut eval)?;
    let path = out.join("eval.json");
    let text = std::fs::read_to_string(&path).map_err(Error::file(&path))?;
    let figure = |name: &str| overall(&text, name).unwrap_or(0.0);
    let (precision, recall) = (figure("precision"), figure("recall"));
    let words = format!("precision {precision:.2}, recall {recall:.2} on {}", pages.display());
    if precision < PRECISION || recall < RECALL {
        return Err(Error::Missing {
            what: format!("what docs/inspect.md promises (precision {PRECISION}, recall {RECALL}): {words}"),
            hint: format!("{} names the pairs of page and rule", path.display()),
        });
    }
    Ok(words)
}

/// A number of the object `overall`.
fn overall(json: &str, name: &str) -> Option<f64> {
    let (_, rest) = json.split_once("\"overall\"")?;
    let (object, _) = rest.split_once('}')?;
    let (_, rest) = object.split_once(&format!("\"{name}\""))?;
    let number = rest.trim_start_matches([':', ' ']);
    let end = number.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(number.len());
    number.get(..end)?.parse().ok()
}

const PRECISION: f64 = 0.95;
const RECALL: f64 = 0.85;

#[cfg(test)]
mod tests {
    use super::overall;

    #[test]
    fn figures_are_read() {
        let json = "{\n  \"overall\": {\n    \"f1\": 0.9,\n    \"precision\": 0.975,\n    \"recall\": 1.0\n  },\n  \"rules\": {\"RP-01\": {\"precision\": 0.1}}}";
        assert_eq!(overall(json, "precision"), Some(0.975));
        assert_eq!(overall(json, "recall"), Some(1.0));
        assert_eq!(overall("{\"overall\": {\"precision\": null}}", "precision"), None);
    }
}
