//! `anning audit`: past sends against the law in force at the time.

use std::path::PathBuf;
use std::process::ExitCode;

use anning_audit::summary::{Lang, terminal};
use anning_audit::{Error, Settings, audit, write};
use anning_vocab::Date;
use indicatif::{ProgressBar, ProgressStyle};

/// Arguments.
#[derive(clap::Args)]
pub struct AuditArgs {
    /// Folder with the tables of `spec/input.md`.
    input: PathBuf,
    /// Where summary.json, report.html, findings.csv and rejects.csv are written.
    #[arg(long, default_value = "out/audit")]
    out: PathBuf,
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

/// Runs the audit.
pub fn run(args: &AuditArgs) -> Result<ExitCode, Error> {
    let mut settings = Settings::of_folder(&args.input)?;
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
    let found = audit(&args.input, &settings, |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    })?;
    bar.finish_and_clear();
    write(&found, &args.out)?;
    let lang = if args.lang == "en" { Lang::En } else { Lang::Zh };
    println!("{}", terminal(&found.summary, lang, 100));
    println!("{}", args.out.join("report.html").display());
    let outcomes = found.summary.totals.outcomes;
    let fails = match args.fail_on.as_str() {
        "breached" => outcomes.breached > 0,
        "unproved" => outcomes.breached > 0 || outcomes.unproved > 0,
        _ => false,
    };
    Ok(ExitCode::from(u8::from(fails)))
}
