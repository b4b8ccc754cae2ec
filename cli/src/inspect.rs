//! `anning inspect`: sign-up pages opened in a real browser, and what they do to obtain consent.

mod compare;
mod kept;
mod output;
mod seal;
mod signals;
mod study;
mod target;
mod verify;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anning_inspect::{Browser, Error, Inspection, Judgement, Options, Page, Stored};
use anning_page::record::{Record, Viewport};
use indicatif::{ProgressBar, ProgressStyle};

use crate::failure::Failure;
use crate::keys::KeyArgs;
use crate::tell::warn;
use output::Output;
use target::Target;

/// Arguments.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct InspectArgs {
    #[command(subcommand)]
    study: Option<study::Study>,
    /// Addresses, stored pages (a file, or a folder with index.html or folders that have one), flows (FLOW.toml).
    #[arg(required = true, value_name = "URL|FILE|FOLDER|FLOW.toml")]
    pages: Vec<String>,
    /// Where evidence is kept: record.json, pictures and the saved page, one folder a page and window.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The windows in which pages are opened.
    #[arg(long, default_value = "both", value_parser = ["phone", "desktop", "both"])]
    viewport: String,
    /// Another origin that pages may read from, such as https://cdn.example.com; may be repeated.
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<String>,
    /// The browser's program; Chromium under its usual names if not given.
    #[arg(long, value_name = "PROGRAM")]
    browser: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
    /// Put the hash of every record into this ledger, so that consents can cite it.
    #[arg(long, value_name = "DIR", requires = "out")]
    ledger: Option<PathBuf>,
    #[command(flatten)]
    keys: KeyArgs,
}

/// Runs it.
pub fn run(args: &InspectArgs) -> Result<ExitCode, Failure> {
    if let Some(study) = &args.study {
        return study.run();
    }
    args.output.ready()?;
    let targets = target::all(&args.pages, &args.allow_origin)?;
    // A ledger that does not open is known before any page is.
    let ledger = args.ledger.as_ref().map(|folder| args.keys.open(folder)).transpose()?;
    signals::clear_away_on_end();
    let place = Place::of(args.out.as_deref())?;
    let mut reader = Reader::new(args.browser.clone(), target::hosts(&targets, &args.allow_origin));
    let windows = windows(&args.viewport);
    let bar = bar(targets.len() * windows.len());
    let mut pages = Vec::with_capacity(targets.len());
    for target in &targets {
        bar.set_message(target.name.clone());
        let mut judgements = Vec::with_capacity(windows.len());
        for (window, viewport) in &windows {
            let folder = place.folder.join(&target.name).join(window);
            judgements.extend(reader.inspect(target, *viewport, &folder)?);
            bar.inc(1);
        }
        pages.push(Inspection { name: target.name.clone(), source: target.source.clone(), judgements });
    }
    bar.finish_and_clear();
    drop(reader);
    unprotected(pages.iter().flat_map(|page| &page.judgements).map(|judgement| &judgement.record));
    if let Some(ledger) = ledger {
        seal::seal(ledger, &mut pages)?;
    }
    args.output.show(&pages)
}

/// Says once that the browser had no sandbox, if so.
fn unprotected<'r>(mut records: impl Iterator<Item = &'r Record>) {
    if records.any(|record| record.notes.iter().any(|note| note.kind == "sandbox_missing")) {
        warn(
            "WARNING: the browser ran without its sandbox, as for root or where the machine refuses it one: a hostile \
             page that breaks out of it can do what this user can; run as an ordinary user, or in a container of its own",
        );
    }
}

/// A browser that is started when it is first needed, and again when it ended.
struct Reader {
    program: Option<PathBuf>,
    hosts: Vec<String>,
    /// The running browser, and whether it may reach hosts: stored pages have one of their own, which may not.
    browser: Option<(bool, Browser)>,
    started: u32,
}

impl Reader {
    const fn new(program: Option<PathBuf>, hosts: Vec<String>) -> Self {
        Self { program, hosts, browser: None, started: 0 }
    }

    fn browser(&mut self, reaches: bool) -> Result<&mut Browser, Error> {
        let browser = match self.browser.take() {
            Some((own, browser)) if own == reaches => browser,
            other => {
                drop(other);
                self.started += 1;
                let name = format!("anning-profile-{}-{}", std::process::id(), self.started);
                Browser::start(&Options {
                    clock: Arc::new(crate::clock::now),
                    program: self.program.clone(),
                    profile: std::env::temp_dir().join(name),
                    hosts: if reaches { self.hosts.clone() } else { Vec::new() },
                })?
            }
        };
        Ok(&mut self.browser.insert((reaches, browser)).1)
    }

    /// One page in one window; none when it could not be looked at, which is said: the others go on.
    fn inspect(
        &mut self,
        target: &Target,
        viewport: Viewport,
        folder: &Path,
    ) -> Result<Option<Judgement>, Failure> {
        let reaches = matches!(target.page, Page::Address { .. });
        for _ in 0..TRIES {
            let browser = self.browser(reaches).map_err(unavailable)?;
            match browser.record_flow(&target.page, &target.steps, viewport, Some(folder)) {
                Ok(made) => {
                    let judged =
                        Stored::write(made.record, folder).and_then(|stored| Judgement::of(stored, None));
                    return match judged {
                        Ok(mut judgement) => {
                            judgement.millis = Some(made.millis);
                            Ok(Some(judgement))
                        }
                        Err(error) => {
                            warn(&format!("anning inspect: {}: {error}", target.name));
                            Ok(None)
                        }
                    };
                }
                Err(error @ (Error::Address(_) | Error::File(..))) => {
                    warn(&format!("anning inspect: {}: {error}", target.name));
                    return Ok(None);
                }
                Err(error @ Error::NoBrowser(_)) => {
                    return Err(unavailable(error));
                }
                // The browser itself is gone: another takes its place.
                Err(error) => {
                    warn(&format!("anning inspect: {}: {error}", target.name));
                    self.browser = None;
                }
            }
        }
        Ok(None)
    }
}

/// Where evidence goes: a folder of the caller's, or one that is removed again.
struct Place {
    folder: PathBuf,
    passing: bool,
}

impl Place {
    fn of(out: Option<&Path>) -> Result<Self, Failure> {
        let passing = out.is_none();
        let name = format!("anning-inspect-{}", std::process::id());
        let folder = out.map_or_else(|| std::env::temp_dir().join(name), Path::to_owned);
        std::fs::create_dir_all(&folder)
            .map_err(|e| Failure::unavailable(format!("{e}: {}", folder.display())))?;
        if passing {
            anning_inspect::passing(&folder);
        }
        Ok(Self { folder, passing })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.passing {
            // What is left lies in the folder for passing things.
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// Names and windows.
fn windows(which: &str) -> Vec<(&'static str, Viewport)> {
    let phone = ("phone", Viewport { width: 390, height: 844, scale: 2.0, touch: true });
    let desktop = ("desktop", Viewport { width: 1366, height: 900, scale: 1.0, touch: false });
    match which {
        "phone" => vec![phone],
        "desktop" => vec![desktop],
        _ => vec![phone, desktop],
    }
}

fn bar(length: usize) -> ProgressBar {
    // One page is over before a line has been read.
    if length < 3 {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(length as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len}  {msg:36!}  {eta} left") {
        bar.set_style(style);
    }
    bar
}

fn unavailable(error: impl core::fmt::Display) -> Failure {
    Failure::unavailable(error.to_string())
}

/// How often a page is tried when the browser ends over it.
const TRIES: usize = 2;
