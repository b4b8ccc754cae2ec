//! Work on stored records: judge again by another day's law, measure against labels, compare two versions.

use std::path::PathBuf;
use std::process::ExitCode;

use anning_inspect::{Labelled, Page, Stored};
use anning_page::record::Record;
use anning_vocab::Date;

use super::kept::{self, RECORD};
use super::output::{Output, UNSEEN, write};
use super::target::Target;
use super::{Reader, bar, compare, unavailable, verify};
use crate::failure::Failure;
use crate::tell::say;

/// What is done.
#[derive(clap::Subcommand)]
pub(super) enum Study {
    /// Judge stored records again, without a browser: by their own day's law, or by another's.
    Rejudge(RejudgeArgs),
    /// How well the rules do on labelled pages: precision, recall and F1, by rule and in all.
    Eval(EvalArgs),
    /// Two versions of a page: what was mended, what is new, what is left, which texts changed.
    Diff(compare::DiffArgs),
    /// Is evidence what its seal says: record, pictures, saved page; and does a ledger have it?
    Verify(verify::VerifyArgs),
}

#[derive(clap::Args)]
pub(super) struct RejudgeArgs {
    /// Records, or folders with a record.json; those of one page are its windows.
    #[arg(required = true)]
    records: Vec<PathBuf>,
    /// The day whose law counts; the records' own if not given.
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    #[command(flatten)]
    output: Output,
}

#[derive(clap::Args)]
pub(super) struct EvalArgs {
    /// Folder with pages.csv, labels.csv and one folder a page.
    folder: PathBuf,
    /// Where records and eval.json are written.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Only the rules, over records kept before (NAME.json or NAME/record.json); no browser.
    #[arg(long, value_name = "RECORDS_DIR")]
    stored: Option<PathBuf>,
    /// Print JSON instead of a table.
    #[arg(long)]
    json: bool,
    /// The browser's program; Chromium under its usual names if not given.
    #[arg(long, value_name = "PROGRAM")]
    browser: Option<PathBuf>,
}

impl Study {
    pub(super) fn run(&self) -> Result<ExitCode, Failure> {
        match self {
            Self::Rejudge(args) => rejudge(args),
            Self::Eval(args) => eval(args),
            Self::Diff(args) => compare::run(args),
            Self::Verify(args) => verify::run(args),
        }
    }
}

fn rejudge(args: &RejudgeArgs) -> Result<ExitCode, Failure> {
    let day = args.on.as_deref().map(|text| {
        Date::parse(text)
            .map_err(|e| Failure::usage(format!("--on takes a day as 2021-11-01, but {e}: {text}")))
    });
    args.output.ready()?;
    args.output.show(&kept::pages(&args.records, day.transpose()?)?)
}

fn eval(args: &EvalArgs) -> Result<ExitCode, Failure> {
    let labelled = Labelled::read(&args.folder).map_err(|e| Failure::usage(e.to_string()))?;
    let score = match &args.stored {
        Some(folder) => {
            let kept = |name: &str| -> Option<PathBuf> {
                let beside = folder.join(format!("{name}.json"));
                let within = folder.join(name);
                [beside, within.clone(), within.join("phone"), within.join("desktop")]
                    .into_iter()
                    .find(|path| path.is_file() || path.join(RECORD).is_file())
            };
            let mut read: Vec<(String, Record)> = Vec::new();
            for sheet in &labelled.pages {
                if let Some(path) = kept(&sheet.name) {
                    read.push((sheet.name.clone(), Stored::read(&path).map_err(unavailable)?.record));
                }
            }
            labelled.score(&|name| read.iter().find(|(own, _)| own == name).map(|(_, record)| record.clone()))
        }
        None => recorded(args, &labelled)?,
    };
    if let Some(out) = &args.out {
        write(&out.join("eval.json"), &score.json())?;
    }
    say(if args.json { score.json() } else { score.table() }.trim_end());
    // Nothing measured is no measurement.
    Ok(if score.pages == 0 { ExitCode::from(UNSEEN) } else { ExitCode::SUCCESS })
}

/// Opens every page in the window it is listed with.
fn recorded(args: &EvalArgs, labelled: &Labelled) -> Result<anning_inspect::Score, Failure> {
    super::signals::clear_away_on_end();
    let place = super::Place::of(args.out.as_deref())?;
    let mut reader = Reader::new(args.browser.clone(), Vec::new());
    let bar = bar(labelled.pages.len());
    let mut read: Vec<(String, Record, i64)> = Vec::new();
    for sheet in &labelled.pages {
        bar.set_message(sheet.name.clone());
        let page = Page::Stored { folder: labelled.folder(sheet), entry: "index.html".to_owned() };
        let target = Target { name: sheet.name.clone(), source: sheet.name.clone(), page, steps: Vec::new() };
        if let Some(judgement) = reader.inspect(&target, sheet.viewport, &place.folder.join(&sheet.name))? {
            read.push((sheet.name.clone(), judgement.record, judgement.millis.unwrap_or_default()));
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let mut times: Vec<i64> = read.iter().map(|(.., millis)| *millis).collect();
    times.sort_unstable();
    let (median, sum) = (times.get(times.len() / 2).copied().unwrap_or_default(), times.iter().sum::<i64>());
    super::unprotected(read.iter().map(|(_, record, _)| record));
    crate::tell::warn(&format!("{} pages recorded in {sum} ms, median {median} ms", times.len()));
    Ok(labelled.score(&|name| read.iter().find(|(own, ..)| own == name).map(|(_, record, _)| record.clone())))
}
