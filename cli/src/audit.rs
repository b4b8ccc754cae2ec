//! `anning audit`: past sends against the law in force at the time; two audits beside each other.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anning_audit::report::{compare, progress};
use anning_audit::summary::{Lang, Summary, terminal};
use anning_audit::input::How;
use anning_audit::{Error, Settings, Workspace, audit, open};
use anning_vocab::Date;

use crate::progress::Line;

/// Arguments.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct AuditArgs {
    #[command(subcommand)]
    two: Option<Two>,
    /// Folders or files with the tables of `spec/input.md`; `-` is standard input.
    #[arg(required = true)]
    input: Vec<PathBuf>,
    /// Where summary.json, report.html, findings.parquet and rejects.csv are written.
    #[arg(long, default_value = "out/audit")]
    out: PathBuf,
    /// Column mapping; else `mapping.toml` in the folder.
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Key, house policy and subject; else `audit.toml` in the folder.
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Goes ahead without asking about guessed columns.
    #[arg(long, short)]
    yes: bool,
    /// Starts over, whatever an unfinished audit left in the output folder.
    #[arg(long)]
    fresh: bool,
    /// Threads; else one a core.
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Findings hold every send, lawful ones too.
    #[arg(long)]
    all: bool,
    /// Findings also as CSV.
    #[arg(long)]
    csv: bool,
    /// Evidence shows recipients whole. The report then holds personal data.
    #[arg(long)]
    reveal: bool,
    /// Judge every send by the law of this day instead of its own ("as if").
    #[arg(long, value_name = "DATE")]
    law_on: Option<String>,
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
        println!("{text}\n{}", pair.out.join(format!("{name}.html")).display());
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

/// Runs the audit, or sets two beside each other.
pub fn run(args: &AuditArgs) -> Result<ExitCode, Error> {
    if let Some(two) = &args.two {
        return two.run();
    }
    let mut settings = settings(args)?;
    settings.law_on = args.law_on.as_deref().map(|text| day("--law-on", text)).transpose()?;
    settings.threads = threads(args.threads);
    settings.all = args.all;
    settings.csv = args.csv;
    settings.reveal = args.reveal;
    let space = Workspace::claim(&args.out)?;
    let mut paths = args.input.clone();
    let mut fresh = args.fresh;
    for path in paths.iter_mut().filter(|p| **p == Path::new("-")) {
        *path = space.spool(Box::new(std::io::stdin()))?;
        fresh = true;
    }
    let input = open(&paths, args.mapping.as_deref())?;
    show_plan(&input);
    if !args.yes && !agreed()? {
        return Ok(ExitCode::from(2));
    }
    let line = Line::new();
    let found = audit(space, &input, &settings, fresh, &|step| line.show(step));
    line.clear();
    let summary = found?;
    println!("{}", terminal(&summary, language(&args.lang), WIDTH));
    println!("{}", args.out.join("report.html").display());
    let outcomes = summary.totals.outcomes;
    let fails = match args.fail_on.as_str() {
        "breached" => outcomes.breached > 0,
        "unproved" => outcomes.breached > 0 || outcomes.unproved > 0,
        _ => false,
    };
    Ok(ExitCode::from(u8::from(fails)))
}

/// The `audit.toml` named, or that of the first folder that holds one.
fn settings(args: &AuditArgs) -> Result<Settings, Error> {
    if let Some(path) = &args.settings {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|e| Error::Settings { path: name.clone(), what: e.to_string() })?;
        return Settings::parse(&text, &name);
    }
    let folder = args.input.iter().find(|p| p.join("audit.toml").is_file());
    folder.map_or_else(|| Ok(Settings::default()), |folder| Settings::of_folder(folder))
}

pub(crate) fn day(option: &str, text: &str) -> Result<Date, Error> {
    Date::parse(text).map_err(|e| Error::Settings { path: option.to_owned(), what: format!("{e}: {text}") })
}

fn threads(asked: Option<usize>) -> usize {
    asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)).clamp(1, THREADS_MAX)
}

/// Says what will be read and how it was understood.
fn show_plan(input: &anning_audit::input::Input) {
    for file in &input.plan().files {
        let guesses: Vec<String> = file
            .columns
            .iter()
            .filter(|c| matches!(c.how, How::Guessed | How::Default))
            .map(|c| match c.how {
                How::Default => format!("{} is always {}", c.ours, c.theirs),
                How::SameName | How::Mapped | How::Guessed => format!("{} = {}", c.ours, c.theirs),
            })
            .collect();
        let guesses =
            if guesses.is_empty() { String::new() } else { format!("; taken for granted: {}", guesses.join(", ")) };
        eprintln!("{} as {}, {} columns{guesses}", file.name, file.table, file.columns.len());
        if !file.unused.is_empty() {
            eprintln!("  not read: {}", file.unused.join(", "));
        }
        for warning in &file.warnings {
            eprintln!("  {warning}");
        }
    }
    for warning in &input.plan().warnings {
        eprintln!("{warning}");
    }
}

/// Asks on a terminal, and only where something was guessed; elsewhere silence agrees.
fn agreed() -> Result<bool, Error> {
    use std::io::{BufRead as _, IsTerminal as _};
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Ok(true);
    }
    eprint!("go on? [Y/n] ");
    let mut answer = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(|e| Error::Settings { path: "-".to_owned(), what: e.to_string() })?;
    Ok(!answer.trim().eq_ignore_ascii_case("n"))
}

/// More threads than this never help one disk.
const THREADS_MAX: usize = 64;
