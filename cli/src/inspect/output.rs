//! What comes out: words, JSON, HTML, SARIF, and the exit code.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anning_inspect::terminal::{self, Voice};
use anning_inspect::{Inspection, Lang, report, sarif, summary};
use anning_page::finding::Severity;

use crate::failure::Failure;
use crate::tell::say;

/// Arguments about what is written.
#[derive(clap::Args)]
pub(super) struct Output {
    /// Print the summary as JSON (spec/inspect.md) instead of words.
    #[arg(long)]
    json: bool,
    /// Write the report for people; of several pages an overview, and their reports beside it.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write SARIF 2.1.0 for code hosts and editors.
    #[arg(long, value_name = "FILE")]
    sarif: Option<PathBuf>,
    /// End with exit code 1 when there is a violation so grave, or a graver one.
    #[arg(long, default_value = "critical", value_parser = ["critical", "serious", "moderate", "never"])]
    fail_on: String,
    #[command(flatten)]
    tongue: Tongue,
}

/// The language.
#[derive(clap::Args)]
pub(super) struct Tongue {
    /// Language.
    #[arg(long, default_value = "zh", value_parser = ["zh", "en"])]
    lang: String,
}

impl Tongue {
    pub(super) fn lang(&self) -> Lang {
        if self.lang == "en" { Lang::En } else { Lang::Zh }
    }

    /// With colours only where somebody looks.
    pub(super) fn voice(&self) -> Voice {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Voice { lang: self.lang(), colour: std::io::stdout().is_terminal() && !plain }
    }
}

impl Output {
    /// Writes and prints what was asked for.
    pub(super) fn show(&self, pages: &[Inspection]) -> Result<ExitCode, Failure> {
        let lang = self.tongue.lang();
        if let Some(path) = &self.html {
            html(path, pages, lang)?;
        }
        if let Some(path) = &self.sarif {
            write(path, &sarif(pages, lang))?;
        }
        if self.json {
            say(summary(pages).trim_end());
        } else {
            let voice = self.tongue.voice();
            for page in pages {
                say(terminal::page(page, voice).trim_end());
            }
            if pages.len() > 1 {
                say(&terminal::total(pages, voice));
            }
            if let Some(path) = &self.html {
                say(&path.display().to_string());
            }
        }
        Ok(self.code(pages))
    }

    /// 1 for what is grave enough; 3 when a page or window could not be looked at, or only in part; 0 else.
    fn code(&self, pages: &[Inspection]) -> ExitCode {
        let limit = match self.fail_on.as_str() {
            "critical" => Some(Severity::Critical),
            "serious" => Some(Severity::Serious),
            "moderate" => Some(Severity::Moderate),
            _ => None,
        };
        let gravest = pages.iter().filter_map(Inspection::gravest).min();
        if limit.is_some_and(|limit| gravest.is_some_and(|gravest| gravest <= limit)) {
            return ExitCode::from(FINDINGS);
        }
        let unseen = |page: &Inspection| {
            page.judgements.is_empty() || page.judgements.iter().any(|judgement| !judgement.is_whole())
        };
        if pages.iter().any(unseen) { ExitCode::from(UNSEEN) } else { ExitCode::SUCCESS }
    }
}

/// One report, or an overview with the reports in a folder of its name.
fn html(path: &Path, pages: &[Inspection], lang: Lang) -> Result<(), Failure> {
    if let [page] = pages {
        return write(path, &report::html(page, lang));
    }
    let folder = path.with_extension("");
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let folder = folder.with_file_name(format!("{name}-pages"));
    let mut links = Vec::with_capacity(pages.len());
    for page in pages {
        write(&folder.join(format!("{}.html", page.name)), &report::html(page, lang))?;
        links.push(format!("{name}-pages/{}.html", page.name));
    }
    write(path, &report::index(pages, &links, lang))
}

/// Writes a file, its folder made if missing.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    made.and_then(|()| std::fs::write(path, text))
        .map_err(|e| Failure::unavailable(format!("cannot write, {e}: {}", path.display())))
}

/// Exit code: findings at `--fail-on`.
const FINDINGS: u8 = 1;
/// Exit code: evidence unavailable.
const UNSEEN: u8 = 3;
