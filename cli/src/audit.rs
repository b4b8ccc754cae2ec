//! `anning audit`: past sends against the law in force at the time; two audits beside each other.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anning_audit::report::{compare, progress};
use anning_audit::summary::{Lang, Summary, terminal};
use anning_audit::{Error, Settings, audit, write};
use anning_vocab::Date;
use indicatif::{ProgressBar, ProgressStyle};

/// Arguments.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct AuditArgs {
    #[command(subcommand)]
    two: Option<Two>,
    /// Folder with the tables of `spec/input.md`.
    #[arg(required = true)]
    input: Option<PathBuf>,
    /// Where summary.json, report.html, findings.parquet and rejects.csv are written.
    #[arg(long, default_value = "out/audit")]
    out: PathBuf,
    /// Write findings.csv beside findings.parquet.
    #[arg(long)]
    csv: bool,
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
        let json = json.map_err(|e| Error::Io { path: format!("{name}.json"), what: e.to_string() })?;
        std::fs::create_dir_all(&pair.out).map_err(|e| Error::io(&pair.out, &e))?;
        for (ending, content) in [("json", &json), ("html", &html)] {
            let path = pair.out.join(format!("{name}.{ending}"));
            std::fs::write(&path, content).map_err(|e| Error::io(&path, &e))?;
        }
        say(&format!("{text}\n{}", pair.out.join(format!("{name}.html")).display()));
        Ok(ExitCode::SUCCESS)
    }
}

fn summary(folder: &Path) -> Result<Summary, Error> {
    let path = if folder.is_dir() { folder.join("summary.json") } else { folder.to_owned() };
    let text = std::fs::read_to_string(&path).map_err(|e| Error::io(&path, &e))?;
    Summary::from_json(&text)
        .map_err(|e| Error::Settings { path: path.display().to_string(), what: e.to_string() })
}

/// Prints; a reader that has gone away is no error.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
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
    let input = args.input.clone().unwrap_or_default();
    let mut settings = Settings::of_folder(&input)?;
    settings.law_on = match &args.law_on {
        None => None,
        Some(text) => Some(
            Date::parse(text)
                .map_err(|e| Error::Settings { path: "--law-on".to_owned(), what: format!("{e}: {text}") })?,
        ),
    };
    let bar = ProgressBar::new(0);
    if let Ok(style) =
        ProgressStyle::with_template("{bar:40} {human_pos}/{human_len} sends, {per_sec}, {eta} left")
    {
        bar.set_style(style);
    }
    let found = audit(&input, &settings, |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    })?;
    bar.finish_and_clear();
    write(&found, &args.out, args.csv)?;
    say(&terminal(&found.summary, language(&args.lang), WIDTH));
    say(&args.out.join("report.html").display().to_string());
    let outcomes = found.summary.totals.outcomes;
    let fails = match args.fail_on.as_str() {
        "breached" => outcomes.breached > 0,
        "unproved" => outcomes.breached > 0 || outcomes.unproved > 0,
        _ => false,
    };
    Ok(ExitCode::from(u8::from(fails)))
}
