//! `anning inspect diff`: two versions of a page.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anning_inspect::{Incomparable, Inspection, diff, sarif_compared};

use super::kept;
use super::output::{FINDINGS, Limit, Tongue, UNSEEN, ready, write};
use crate::failure::Failure;
use crate::tell::say;

#[derive(clap::Args)]
pub(super) struct DiffArgs {
    /// Record of the older version, or a page's folder with its windows.
    old: PathBuf,
    /// Record of the newer version, or a page's folder, of the same windows.
    new: PathBuf,
    /// Print JSON instead of words.
    #[arg(long)]
    json: bool,
    /// Write SARIF 2.1.0 of the newer version; each result is `new` or `unchanged`.
    #[arg(long, value_name = "FILE")]
    sarif: Option<PathBuf>,
    /// What counts here are violations that are new in the newer version.
    #[command(flatten)]
    limit: Limit,
    #[command(flatten)]
    tongue: Tongue,
}

pub(super) fn run(args: &DiffArgs) -> Result<ExitCode, Failure> {
    ready(args.sarif.as_deref())?;
    let (old, new) = (version(&args.old)?, version(&args.new)?);
    let found = diff(&old, &new).map_err(|error| {
        let words = format!("{error}: {} and {}", args.old.display(), args.new.display());
        match error {
            Incomparable::Windows { .. } => Failure::usage(words),
            Incomparable::Unseen { .. } => Failure::unavailable(words),
        }
    })?;
    if let Some(path) = &args.sarif {
        write(path, &sarif_compared(&new, &found, args.tongue.lang()))?;
    }
    say(if args.json { found.json() } else { found.text(args.tongue.voice()) }.trim_end());
    if args.limit.reached(found.gravest_new()) {
        return Ok(ExitCode::from(FINDINGS));
    }
    // What was not looked at to the end may hide what is new.
    Ok(if found.is_whole() { ExitCode::SUCCESS } else { ExitCode::from(UNSEEN) })
}

/// The one page at a path.
fn version(path: &Path) -> Result<Inspection, Failure> {
    let mut pages = kept::pages(std::slice::from_ref(&path.to_owned()), None)?;
    if let (Some(page), true) = (pages.pop(), pages.is_empty()) {
        return Ok(page);
    }
    Err(Failure::usage(format!(
        "more than one page here; `diff` compares one page at a time, name its folder: {}",
        path.display()
    )))
}
