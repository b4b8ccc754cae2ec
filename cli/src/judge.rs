//! `anning judge`: is a text commercial, and why; learning and measuring on labelled rows.

mod figures;
mod rows;

use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anning_grammar::Grammar;
use anning_judge::{Example, Judge, Judgement, Labelled, Scratch, eval, train};

/// Arguments of `anning judge`.
#[derive(clap::Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct JudgeArgs {
    #[command(subcommand)]
    command: Option<Command>,
    /// Texts, one a line; `-` for standard input.
    #[arg(value_name = "FILE", required = true)]
    file: Option<PathBuf>,
    /// A table for people instead of one JSON object a line.
    #[arg(long)]
    table: bool,
    /// Your own weights instead of those shipped.
    #[arg(long, value_name = "W")]
    weights: Option<PathBuf>,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Learn weights from a CSV file: columns `text`, `commercial` (0, 1 or empty), optional `mixed`, `group`.
    Train {
        /// The labelled rows.
        file: PathBuf,
        /// Where to write the weights.
        #[arg(long, value_name = "W")]
        out: PathBuf,
    },
    /// Measure on a CSV file: columns `text`, `commercial`, optional `label`, `mixed`, `split`, `source`.
    Eval {
        /// The labelled rows.
        file: PathBuf,
        /// Your own weights instead of those shipped.
        #[arg(long, value_name = "W")]
        weights: Option<PathBuf>,
        /// Also count false alarms on so many verification codes of a grammar never trained on.
        #[arg(long, value_name = "N")]
        codes: Option<u64>,
    },
}

/// What can go wrong.
#[derive(Debug)]
pub enum JudgeError {
    /// A file could not be read or written.
    Io(PathBuf, std::io::Error),
    /// Rows could not be read.
    Rows(rows::Error),
    /// Weights were refused, or rows do not allow to learn.
    Judge(PathBuf, anning_judge::Error),
    /// A line is longer than any message: file, line, limit in bytes.
    LongLine(PathBuf, u64, usize),
    /// A line is neither UTF-8 nor GB18030.
    Encoding(PathBuf, u64),
}

impl fmt::Display for JudgeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Rows(error) => error.fmt(f),
            Self::Judge(path, error) => write!(f, "{}: {error}", path.display()),
            Self::LongLine(path, line, limit) => {
                write!(f, "a line is longer than {limit} bytes: {}:{line}", path.display())
            }
            Self::Encoding(path, line) => {
                write!(f, "a line is neither UTF-8 nor GB18030: {}:{line}", path.display())
            }
        }
    }
}

impl std::error::Error for JudgeError {}

/// Longest line of texts accepted, in bytes: far beyond any message.
const LINE_MAX: usize = 1 << 20;
/// Seed of the codes kept apart.
const CODES_SEED: u64 = 5;

/// Judges texts, learns or measures.
///
/// # Errors
/// Files that cannot be read or written, rows or weights that are not what they should be.
pub fn run(args: &JudgeArgs) -> Result<ExitCode, JudgeError> {
    match &args.command {
        Some(Command::Train { file, out }) => learn(file, out)?,
        Some(Command::Eval { file, weights, codes }) => measure(file, weights.as_deref(), *codes)?,
        None => {
            let file = args.file.as_deref().unwrap_or(Path::new("-"));
            judge_lines(file, args.weights.as_deref(), args.table)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The shipped judge, or one with the user's weights.
fn load(weights: Option<&Path>) -> Result<&'static Judge, JudgeError> {
    let Some(path) = weights else { return Ok(Judge::shipped()) };
    let bytes = std::fs::read(path).map_err(|e| JudgeError::Io(path.into(), e))?;
    let judge = Judge::from_bytes(&bytes).map_err(|e| JudgeError::Judge(path.into(), e))?;
    // One a run: it lives as long as the program.
    Ok(Box::leak(Box::new(judge)))
}

fn judge_lines(file: &Path, weights: Option<&Path>, table: bool) -> Result<(), JudgeError> {
    let io = |e| JudgeError::Io(file.into(), e);
    let judge = load(weights)?;
    let mut input: Box<dyn BufRead> = if file == Path::new("-") {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(file).map_err(io)?))
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let (mut scratch, mut line, mut number) = (Scratch::default(), Vec::new(), 0_u64);
    loop {
        line.clear();
        number += 1;
        let read = input.by_ref().take(LINE_MAX as u64 + 1).read_until(b'\n', &mut line).map_err(io)?;
        if read == 0 {
            break;
        }
        if line.len() > LINE_MAX {
            return Err(JudgeError::LongLine(file.into(), number, LINE_MAX));
        }
        let text =
            rows::decode(&line, number == 1).ok_or_else(|| JudgeError::Encoding(file.into(), number))?;
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() {
            continue;
        }
        let judgement = judge.judge(text, &mut scratch);
        let written = if table {
            as_row(&mut out, &judgement, text)
        } else {
            as_json(&mut out, &judgement, text, number)
        };
        match written {
            // The reader has seen enough.
            Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => return Ok(()),
            other => other.map_err(io)?,
        }
    }
    out.flush().map_err(io)
}

fn as_row(out: &mut impl Write, judgement: &Judgement, text: &str) -> std::io::Result<()> {
    let clause = text.get(judgement.clause.clone()).unwrap_or_default();
    let Judgement { class, score, cue, .. } = judgement;
    writeln!(out, "{:<14} {score:>7.2}  {}（{}）  {clause}", class.code(), cue.zh(), cue.en())
}

fn as_json(out: &mut impl Write, judgement: &Judgement, text: &str, line: u64) -> std::io::Result<()> {
    let Judgement { class, score, clause, cue, text: facts } = judgement;
    let object = serde_json::json!({
        "line": line,
        "class": class.code(),
        "score": (f64::from(*score) * 1000.0).round() / 1000.0,
        "clause": text.get(clause.clone()).unwrap_or_default(),
        "from": clause.start,
        "to": clause.end,
        "cue": { "id": cue.id(), "zh": cue.zh(), "en": cue.en() },
        "text": {
            "identity": facts.identity.code(),
            "contact": facts.contact.code(),
            "refusal": facts.refusal.code(),
            "ad_label": facts.ad_label.code(),
            "code": facts.code.code(),
        },
    });
    writeln!(out, "{object}")
}

fn learn(file: &Path, out: &Path) -> Result<(), JudgeError> {
    let rows = rows::read(file).map_err(JudgeError::Rows)?;
    let examples = rows.into_iter().filter_map(|row| {
        let rows::Row { labelled, group, .. } = row;
        let Labelled { text, commercial, mixed, .. } = labelled;
        Some(Example { text, commercial: commercial?, mixed, offer: None, group })
    });
    let trained = train(examples).map_err(|e| JudgeError::Judge(file.into(), e))?;
    std::fs::write(out, &trained.weights).map_err(|e| JudgeError::Io(out.into(), e))?;
    crate::tell::say(&serde_json::json!({ "unseen_groups": figures::of(&trained.unseen) }).to_string());
    Ok(())
}

#[expect(clippy::indexing_slicing, reason = "a JSON object takes whatever is put under a name")]
fn measure(file: &Path, weights: Option<&Path>, codes: Option<u64>) -> Result<(), JudgeError> {
    let judge = load(weights)?;
    let rows = rows::read(file).map_err(JudgeError::Rows)?;
    let all: Vec<&Labelled> = rows.iter().map(|r| &r.labelled).filter(|r| r.commercial.is_some()).collect();
    let mut report = figures::of(&eval(judge, all.iter().copied()));
    report["messages_per_second"] = serde_json::json!(speed(judge, &all).round());
    let mut answer = serde_json::json!({ "all": report });
    for (name, key) in
        [("split", rows::Row::split as fn(&rows::Row) -> Option<&str>), ("source", rows::Row::source)]
    {
        let mut parts: Vec<&str> = rows.iter().filter_map(key).collect();
        parts.sort_unstable();
        parts.dedup();
        for part in parts {
            let of_part = rows.iter().filter(|r| key(r) == Some(part)).map(|r| &r.labelled);
            answer[name][part] = figures::of(&eval(judge, of_part));
        }
    }
    if let Some(count) = codes {
        let grammar = Grammar::heldout_codes();
        let codes: Vec<Labelled> = (0..count).map(|n| grammar.row(CODES_SEED, n)).map(as_code).collect();
        answer["codes_kept_apart"] = figures::of(&eval(judge, codes.iter()));
    }
    crate::tell::say(&format!("{answer:#}"));
    Ok(())
}

fn as_code(row: anning_grammar::Row) -> Labelled {
    Labelled { text: row.text, commercial: Some(false), mixed: false, label: Some("otp".to_owned()) }
}

/// Messages a second on one thread, over all rows, at least a second long.
fn speed(judge: &Judge, rows: &[&Labelled]) -> f64 {
    let (mut scratch, mut judged) = (Scratch::default(), 0_u64);
    let begin = now();
    let mut score = 0.0;
    while !rows.is_empty() && begin.elapsed().as_secs_f64() < 1.0 {
        for row in rows {
            score += judge.judge(&row.text, &mut scratch).score;
            judged += 1;
        }
    }
    std::hint::black_box(score);
    judged as f64 / begin.elapsed().as_secs_f64().max(1e-9)
}

#[expect(clippy::disallowed_methods, reason = "the command line reads the clock, to time itself")]
fn now() -> Instant {
    Instant::now()
}
