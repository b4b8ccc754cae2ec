//! `anning audit`: past sends against the law in force at the time; two audits beside each other.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anning_audit::input::{How, Plan};
use anning_audit::report::{compare, progress};
use anning_audit::summary::{Lang, Summary, terminal};
use anning_audit::{Error, Settings, Stage, Step, Workspace, audit_with, open};
use anning_vocab::Date;
use indicatif::{ProgressBar, ProgressStyle};

use crate::tell::{lost, say, warn};

/// Arguments.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct AuditArgs {
    #[command(subcommand)]
    two: Option<Two>,
    /// Folder or files with the tables of `spec/input.md`; `-` for sends on standard input.
    #[arg(required = true)]
    input: Vec<PathBuf>,
    /// Where summary.json, report.html, findings.parquet and rejects.csv are written.
    #[arg(long, default_value = "out/audit")]
    out: PathBuf,
    /// Names, zones and defaults of columns; else `mapping.toml` in the folder.
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Write findings.csv beside findings.parquet.
    #[arg(long)]
    csv: bool,
    /// Findings hold every send, not only those that something stands against.
    #[arg(long)]
    all: bool,
    /// Evidence shows recipients whole instead of masked.
    #[arg(long)]
    reveal: bool,
    /// Start over instead of going on with an unfinished audit.
    #[arg(long)]
    fresh: bool,
    /// Threads; as many as the machine has if not given. The result is the same.
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Judge every send by the law of this day instead of its own ("as if").
    #[arg(long, value_name = "DATE")]
    law_on: Option<String>,
    /// A log whose seals of page records are believed, by its public key NAME+ID+KEY, besides those of `log_keys` in
    /// `audit.toml`; may be repeated. Not from whoever is audited.
    #[arg(long, value_name = "VKEY")]
    log_key: Vec<String>,
    #[command(flatten)]
    kept: crate::keys::KeptArgs,
    /// Language of the summary.
    #[arg(long, default_value = "zh", value_parser = ["zh", "en"])]
    lang: String,
    /// End with exit code 1 when there are such sends.
    #[arg(long, default_value = "none", value_parser = ["none", "breached", "unproved"])]
    fail_on: String,
}

/// Two audits beside each other.
#[derive(clap::Subcommand)]
enum Two {
    /// The same history under two grounds, such as another day's law: what changes.
    Compare(Pair),
    /// An audit before and one after rectification: what stopped, what remains.
    Progress(Pair),
}

#[derive(clap::Args)]
struct Pair {
    /// Folder that the first audit wrote.
    first: PathBuf,
    /// Folder that the second audit wrote.
    second: PathBuf,
    /// Where the report is written.
    #[arg(long, default_value = "out/compare")]
    out: PathBuf,
    /// Language.
    #[arg(long, default_value = "zh", value_parser = ["zh", "en"])]
    lang: String,
}

impl Two {
    fn run(&self) -> Result<ExitCode, Error> {
        let (Self::Compare(pair) | Self::Progress(pair)) = self;
        let (a, b) = (summary(&pair.first)?, summary(&pair.second)?);
        let lang = language(&pair.lang);
        let (name, text, json, html) = match self {
            Self::Compare(_) => {
                let found = compare(&a, &b);
                ("compare", found.terminal(lang, WIDTH), found.to_json(), found.html(lang))
            }
            Self::Progress(_) => {
                let found = progress(&a, &b);
                ("progress", found.terminal(lang, WIDTH), found.to_json(), found.html(lang))
            }
        };
        let json = json.map_err(|e| Error::Unbalanced(e.to_string()))?;
        std::fs::create_dir_all(&pair.out).map_err(|e| Error::io("create", &pair.out, &e))?;
        for (ending, content) in [("json", &json), ("html", &html)] {
            let path = pair.out.join(format!("{name}.{ending}"));
            std::fs::write(&path, content).map_err(|e| Error::io("write", &path, &e))?;
        }
        say(&format!("{text}\n{}", pair.out.join(format!("{name}.html")).display()));
        Ok(ExitCode::SUCCESS)
    }
}

fn summary(folder: &Path) -> Result<Summary, Error> {
    let path = if folder.is_dir() { folder.join("summary.json") } else { folder.to_owned() };
    let text = std::fs::read_to_string(&path).map_err(|e| Error::io("read", &path, &e))?;
    Summary::from_json(&text)
        .map_err(|e| Error::Settings { path: path.display().to_string(), what: e.to_string() })
}

fn language(code: &str) -> Lang {
    if code == "en" { Lang::En } else { Lang::Zh }
}

/// Columns of a terminal page.
const WIDTH: usize = 100;

/// Runs the audit.
pub fn run(args: &AuditArgs) -> Result<ExitCode, Error> {
    if let Some(two) = &args.two {
        return two.run();
    }
    let settings = settings(args)?;
    let space = Workspace::claim(&args.out)?;
    let input = if args.input.iter().any(|path| path.as_os_str() == "-") {
        let spooled = space.spool(Box::new(std::io::stdin()))?;
        let files: Vec<PathBuf> = args
            .input
            .iter()
            .map(|p| if p.as_os_str() == "-" { spooled.clone() } else { p.clone() })
            .collect();
        open(&files, args.mapping.as_deref())?
    } else {
        open(&args.input, args.mapping.as_deref())?
    };
    show(input.plan());
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{msg:9} {bar:36} {percent:>3} %, {eta} left") {
        bar.set_style(style);
    }
    let begin = now();
    let ledger = args.kept.open()?;
    let kept = args.kept.kept(ledger.as_ref())?;
    let listener = |step| tell(&bar, begin, step);
    let found = audit_with(space, &input, kept.as_ref(), &settings, args.fresh, &listener)?;
    bar.finish_and_clear();
    say(&terminal(&found, language(&args.lang), WIDTH));
    say(&args.out.join("report.html").display().to_string());
    let rejected: u64 = found.inputs.files.iter().map(|file| file.rejected).sum();
    if rejected > 0 {
        let path = args.out.join("rejects.csv");
        warn(&format!(
            "{rejected} rows could not be read and were not judged; file, line and reason: {}",
            path.display()
        ));
        let of = |table: &str| {
            let files = found.inputs.files.iter().filter(|file| file.table == table);
            // What repeats an event was read once.
            files.map(|f| f.rejected - f.reasons.get("event_id").copied().unwrap_or(0).min(f.rejected)).sum()
        };
        lost(of("withdrawals"), of("consents"), &path.display().to_string());
        let pages: u64 = of("pages");
        if pages > 0 {
            warn(&format!(
                "{pages} page captures were refused, for a seal that does not hold or another reason told there: consents \
                 that cite them have no page, for or against"
            ));
        }
    }
    if found.totals.outcomes.sends == 0 {
        warn("anning audit: no send was judged");
        return Ok(ExitCode::from(3));
    }
    let outcomes = found.totals.outcomes;
    let fails = match args.fail_on.as_str() {
        "breached" => outcomes.breached > 0,
        "unproved" => outcomes.breached > 0 || outcomes.unproved > 0,
        _ => false,
    };
    Ok(ExitCode::from(u8::from(fails)))
}

fn settings(args: &AuditArgs) -> Result<Settings, Error> {
    let folder = args.input.iter().find(|path| path.is_dir());
    let mut settings =
        folder.map_or_else(|| Ok(Settings::default()), |folder| Settings::of_folder(folder))?;
    settings.law_on = match &args.law_on {
        None => None,
        Some(text) => Some(
            Date::parse(text)
                .map_err(|e| Error::Settings { path: "--law-on".to_owned(), what: format!("{e}: {text}") })?,
        ),
    };
    let here = std::thread::available_parallelism().map_or(1, Into::into);
    settings.threads = args.threads.unwrap_or(here).clamp(1, THREADS_MAX);
    for key in &args.log_key {
        settings.believe(key, "--log-key")?;
    }
    (settings.csv, settings.all, settings.reveal) = (args.csv, args.all, args.reveal);
    Ok(settings)
}

/// What will be read and how it was understood, before work starts; only what was guessed or is odd.
fn show(plan: &Plan) {
    for file in &plan.files {
        for column in file.columns.iter().filter(|c| c.how == How::Guessed) {
            warn(&format!("{}: {} is read as {}", file.name, column.theirs, column.ours));
        }
        if !file.unused.is_empty() {
            warn(&format!("{}: not read: {}", file.name, file.unused.join(", ")));
        }
        for warning in &file.warnings {
            warn(&format!("{}: {warning}", file.name));
        }
    }
    for warning in &plan.warnings {
        warn(&warning.to_string());
    }
}

fn tell(bar: &ProgressBar, begin: Instant, step: Step) {
    let stage = match step.stage {
        Stage::Acts => "consents",
        Stage::Sends => "sends",
        Stage::Deciding => "deciding",
    };
    let rate = step.rows as f64 / begin.elapsed().as_secs_f64().max(0.001);
    bar.set_length(step.of);
    bar.set_position(step.done);
    bar.set_message(format!("{stage} {} rows, {rate:.0}/s", step.rows));
}

#[expect(clippy::disallowed_methods, reason = "the command line reads the clock, to show a rate")]
fn now() -> Instant {
    Instant::now()
}

/// More threads than this only cost memory.
const THREADS_MAX: usize = 64;
