//! `anning check`: one message, decided and explained.

use std::io::{Read as _, Write as _};
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anning_audit::input::{Input, Mapping, OR_MAP, Table as Rows, masked};
use anning_audit::summary::words;
use anning_audit::{Decided, Error, List, Settings, decide_list_with, open_mapped};
use anning_decide::{Binds, DecisionRecord, Outcome};
use anning_judge::{Judge, Scratch};
use anning_law::Corpus;
use anning_ledger::sheet::Table;
use anning_store::Ledger;
use anning_vocab::{Answer, Date};

use crate::keys::entropy;

/// Arguments.
#[derive(clap::Args)]
pub struct CheckArgs {
    /// A JSON object with `send` (columns of `sends`) and, if there are any, `consents`, `parties`, `brands`,
    /// `notices`, `campaigns`, `ports`, `pages` (lists of rows); `-` for standard input. See `spec/check.md`.
    file: Option<PathBuf>,
    /// A column of the send, such as `text=…`, `channel=sms`, `sent_at=2021-11-11T09:30:00+08:00`.
    #[arg(long, value_name = "COLUMN=VALUE")]
    send: Vec<String>,
    /// One act of the recipient, as `act=given,occurred_at=…,control=ticked_by_default`; may be repeated.
    #[arg(long, value_name = "COLUMN=VALUE,…")]
    act: Vec<String>,
    /// Judge by the law of this day instead of the day of sending.
    #[arg(long, value_name = "DATE")]
    law_on: Option<String>,
    #[command(flatten)]
    kept: crate::keys::KeptArgs,
    /// Put the decision on record in the ledger and write its receipt here (JSON), the evidence beside it. Not of another
    /// day's law: a record is of the law of the day of sending.
    #[arg(long, value_name = "FILE", requires = "ledger", conflicts_with = "law_on")]
    receipt: Option<PathBuf>,
    /// Language.
    #[arg(long, default_value = "zh", value_parser = ["zh", "en"])]
    lang: String,
}

/// Tables that may stand in the JSON, besides `send`.
const TABLES: [&str; 7] = ["consents", "parties", "brands", "notices", "campaigns", "ports", "pages"];
/// Names of the column of `pages` that holds the path of a record (`spec/input.md`).
const RECORD: [&str; 4] = ["record", "file", "页面记录", "文件"];
/// A recipient for a question about nobody in particular.
const NOBODY: &str = "13800138000";

/// Decides and explains.
pub fn run(args: &CheckArgs) -> Result<ExitCode, Error> {
    let folder = std::env::temp_dir().join(format!("anning-check-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|e| Error::io("create", &folder, &e))?;
    let result = in_folder(args, &folder);
    // Nothing of the question is left behind; what cannot be removed holds only what was asked.
    let _ = std::fs::remove_dir_all(&folder);
    result
}

fn in_folder(args: &CheckArgs, folder: &Path) -> Result<ExitCode, Error> {
    let question = question(args)?;
    let bad = |what: String| Error::Settings { path: "check".to_owned(), what };
    let table = |name: &str, rows: &[serde_json::Value]| -> Result<(), Error> {
        let lines: Vec<String> = rows.iter().map(ToString::to_string).collect();
        let path = folder.join(format!("{name}.ndjson"));
        std::fs::write(&path, lines.join("\n") + "\n").map_err(|e| Error::io("write", &path, &e))
    };
    let send = question.get("send").cloned().ok_or_else(|| bad("no `send` in the question".to_owned()))?;
    table("sends", &[send])?;
    for name in TABLES {
        if let Some(rows) = question.get(name) {
            let rows = rows.as_array().ok_or_else(|| bad(format!("`{name}` is no list of rows")))?;
            if name == "pages" {
                records(args, rows, folder)?;
            }
            table(name, rows)?;
        }
    }
    let law_on = match &args.law_on {
        None => None,
        Some(text) => Some(Date::parse(text).map_err(|e| bad(format!("--law-on {e}: {text}")))?),
    };
    let settings = Settings { law_on, ..Settings::default() };
    let input = open_mapped(&[folder.to_path_buf()], Mapping::default()).map_err(lacking)?;
    all_read(&input)?;
    let ledger = args.kept.open()?;
    let kept = args.kept.kept(ledger.as_ref())?;
    let list = decide_list_with(&input, kept.as_ref(), &settings, args.receipt.is_some())?;
    if let Some(reject) = list.rejects.first() {
        // There is no mapping here that could say what a word means.
        let reason = reject.reason.split(OR_MAP).next().unwrap_or_default();
        return Err(bad(format!("{} {reason}: {}", reject.column.unwrap_or("row"), reject.excerpt)));
    }
    let row = list.rows.first().ok_or_else(|| bad("the question holds no send".to_owned()))?;
    explain(row, &settings, args.lang == "en");
    if let Some(path) = &args.receipt {
        let position = kept.as_ref().map_or(0, anning_audit::Kept::position);
        drop(kept);
        let ledger = ledger.ok_or_else(|| bad("--receipt needs --ledger".to_owned()))?;
        receipt(ledger, &list, row, position, path).map_err(Error::Ledger)?;
    }
    Ok(ExitCode::from(match row.outcome() {
        Outcome::Allow | Outcome::FailOpen => 0,
        Outcome::Deny => 1,
        Outcome::Hold(_) => 4,
    }))
}

/// Page records that rows name lie beside the question (or where the command runs): they and their seals go to where the
/// rows are read.
fn records(args: &CheckArgs, rows: &[serde_json::Value], folder: &Path) -> Result<(), Error> {
    let beside = args.file.as_deref().filter(|file| file.as_os_str() != "-").and_then(Path::parent);
    let beside = beside.unwrap_or(Path::new(""));
    let inside =
        |path: &Path| path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    let cells = rows.iter().flat_map(|row| RECORD.iter().filter_map(|name| row.get(name)?.as_str()));
    for cell in cells.map(Path::new).filter(|path| inside(path)) {
        let seal = cell.parent().unwrap_or(Path::new("")).join("seal.json");
        for path in [cell, &seal, &cell.with_extension("seal.json")] {
            let (from, to) = (beside.join(path), folder.join(path));
            // What is not there is told where the row is read, with the row.
            if !from.is_file() {
                continue;
            }
            let made = to.parent().map_or(Ok(()), std::fs::create_dir_all);
            made.and_then(|()| std::fs::copy(&from, &to).map(drop))
                .map_err(|e| Error::io("copy", &from, &e))?;
        }
    }
    Ok(())
}

/// The question from a file, from standard input, or from flags.
fn question(args: &CheckArgs) -> Result<serde_json::Value, Error> {
    let bad = |what: String| Error::Settings { path: "check".to_owned(), what };
    let mut question = match &args.file {
        None => serde_json::json!({}),
        Some(path) => {
            let mut text = String::new();
            if path.as_os_str() == "-" {
                std::io::stdin().read_to_string(&mut text).map_err(|e| Error::io("read", path, &e))?;
            } else {
                text = std::fs::read_to_string(path).map_err(|e| Error::io("read", path, &e))?;
            }
            serde_json::from_str(&text).map_err(|e| bad(format!("the question is no JSON: {e}")))?
        }
    };
    let whole = question.as_object_mut().ok_or_else(|| bad("the question is no JSON object".to_owned()))?;
    if let Some(key) = whole.keys().find(|key| *key != "send" && !TABLES.contains(&key.as_str())) {
        let known = TABLES.join(", ");
        return Err(bad(format!(
            "the question has `send` and lists of {known}, but nothing named: {}",
            masked(key)
        )));
    }
    let send = whole.entry("send").or_insert_with(|| serde_json::json!({}));
    let send = send.as_object_mut().ok_or_else(|| bad("`send` is no JSON object".to_owned()))?;
    for pair in &args.send {
        let (column, value) = pair
            .split_once('=')
            .ok_or_else(|| bad(format!("--send is COLUMN=VALUE, not: {}", masked(pair))))?;
        send.insert(column.trim().to_owned(), value.into());
    }
    if !send.contains_key("recipient") && !send.contains_key("recipient_key") {
        send.insert("recipient".to_owned(), NOBODY.into());
    }
    // Asked without a time, it is asked of now.
    send.entry("sent_at").or_insert_with(|| crate::clock::now().to_string().into());
    let recipient = send.get("recipient").cloned();
    let acts = whole.entry("consents").or_insert_with(|| serde_json::json!([]));
    let acts = acts.as_array_mut().ok_or_else(|| bad("`consents` is no list of rows".to_owned()))?;
    for text in &args.act {
        let mut act = serde_json::Map::new();
        for pair in text.split(',') {
            let (column, value) = pair
                .split_once('=')
                .ok_or_else(|| bad(format!("--act is COLUMN=VALUE,…, not: {}", masked(pair))))?;
            act.insert(column.trim().to_owned(), value.trim().into());
        }
        acts.push(act.into());
    }
    for act in acts.iter_mut().filter_map(serde_json::Value::as_object_mut) {
        if let Some(recipient) = recipient.clone().filter(|_| !act.contains_key("recipient")) {
            act.insert("recipient".to_owned(), recipient);
        }
    }
    if acts.is_empty() {
        whole.remove("consents");
    }
    Ok(question)
}

/// A column that must be there, told without the file that the question was put into.
fn lacking(error: Error) -> Error {
    let Error::Input(anning_audit::input::Error::MissingColumn { table, columns, headers, .. }) = &error
    else {
        return error;
    };
    let (columns, headers) = (columns.join(" or "), masked(&headers.join(" ")));
    Error::Settings {
        path: "check".to_owned(),
        what: format!("`{table}` needs {columns}, but has: {headers}"),
    }
}

/// Refuses a column that nothing is read from: what was asked would be another question.
fn all_read(input: &Input) -> Result<(), Error> {
    for file in &input.plan().files {
        if let Some(unknown) = file.unused.first() {
            let known: Vec<&str> = file.table.column_names().collect();
            let name = if file.table == Rows::Sends { "send" } else { file.table.name() };
            let near =
                near(unknown, &known).map(|near| format!(", perhaps {near} is meant")).unwrap_or_default();
            let what = format!(
                "`{name}` has the columns {}{near}; it has none named: {}",
                known.join(" "),
                masked(unknown)
            );
            return Err(Error::Settings { path: "check".to_owned(), what });
        }
    }
    Ok(())
}

/// The known word that a misspelt one most likely stands for: two thirds of its pairs of letters are the other's.
fn near<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let pairs = |word: &str| {
        let letters: Vec<char> = word.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
        letters.windows(2).map(<[char]>::to_vec).collect::<Vec<_>>()
    };
    let asked = pairs(word);
    let alike = |known: &&&str| {
        let of = pairs(known);
        let shared = asked.iter().filter(|pair| of.contains(pair)).count();
        shared * 200 / (asked.len() + of.len()).max(1)
    };
    known.iter().max_by_key(alike).filter(|best| alike(best) >= 50).copied()
}

/// Puts a decision on record and writes its receipt, with the evidence for whoever may see it.
fn receipt(ledger: Ledger, list: &List, row: &Decided, position: u64, path: &Path) -> Result<(), String> {
    let mut evidence = row.evidence.as_deref().cloned().ok_or("bug: a decision without its evidence")?;
    entropy(&mut evidence.blind);
    let suite = ledger.suite();
    let name = |table: Table, id: u32| list.names.name(table, id);
    let sealed = evidence.sealed(suite, &name).map_err(|e| e.to_string())?;
    let binds = Binds {
        law: Corpus::embedded().hash(),
        judge: Judge::shipped().hash(),
        policy: evidence.policy.hash(),
        brands: list.brands,
        log_position: position,
    };
    let record = DecisionRecord::new(&row.decision, row.at, row.class, None, binds, 0, sealed);
    let decided = anning_store::Decided {
        recipient: evidence.recipient,
        record: record.to_bytes(),
        handed_over: None,
        // It is written beside the receipt.
        evidence: None,
    };
    let (clerk, running) = crate::ledger::work(ledger)?;
    let at = clerk.put_decisions(vec![Arc::new(decided)]).map_err(|e| e.to_string())?;
    let ledger = running.end().map_err(|e| e.to_string())?;
    let receipt = ledger.receipt(at, 0).map_err(|e| e.to_string())?;
    let write = |path: &Path, text: String| {
        std::fs::write(path, text).map_err(|e| format!("cannot write {}: {e}", path.display()))
    };
    write(path, receipt.to_readable(record.words()).to_json())?;
    let opened = evidence.to_value(&name).map_err(|e| e.to_string())?;
    write(&path.with_extension("evidence.json"), opened.to_json())
}

fn explain(row: &Decided, settings: &Settings, en: bool) {
    let pick = |words: &anning_audit::summary::Words| if en { words.en.clone() } else { words.zh.clone() };
    let verdict = match (row.outcome(), en) {
        (Outcome::Allow, true) => "may be sent".to_owned(),
        (Outcome::Allow, false) => "可以发送".to_owned(),
        (Outcome::Deny, true) => "must not be sent".to_owned(),
        (Outcome::Deny, false) => "不得发送".to_owned(),
        (Outcome::Hold(until), true) => format!("hold until {until} (house policy, not law)"),
        (Outcome::Hold(until), false) => format!("暂缓至 {until}（内部规则，不是法律）"),
        (Outcome::FailOpen, true) => "a verification code: it passes, and is recorded".to_owned(),
        (Outcome::FailOpen, false) => "验证码：放行并记录".to_owned(),
    };
    let class = words::class(row.class);
    let mut out = std::io::stdout().lock();
    let day = settings.law_on.unwrap_or_else(|| row.at.date());
    let _ = writeln!(out, "{verdict}\n{} · {day}", if en { class.en } else { class.zh });
    if let Some(text) = &row.text {
        let judged = Judge::shipped().judge(text, &mut Scratch::default());
        let clause = text.get(judged.clause.clone()).unwrap_or_default().trim();
        let (label, cue) = if en {
            ("decided by the words", judged.cue.en())
        } else {
            ("定性所依据的文字", judged.cue.zh())
        };
        // What a sender declared a code may pass as one, whatever its text reads as.
        let _ = if en {
            writeln!(out, "  {label}: {clause:?} ({cue})")
        } else {
            writeln!(out, "  {label}：“{clause}”（{cue}）")
        };
    }
    let _ = writeln!(out);
    for said in row.said(settings) {
        let answer = words::answer(said.answer);
        let other = said.other.map(words::answer).map_or(String::new(), |o| {
            if en { format!(" (argued: {})", o.en) } else { format!("（有争议：{}）", o.zh) }
        });
        let answer = if en { answer.en } else { answer.zh };
        let _ = writeln!(out, "{answer}{other}  {}  {}", pick(&said.article), pick(&said.asks));
        if said.answer != Answer::Met {
            let _ = writeln!(out, "    {}", pick(&said.why));
        }
    }
    if let Some(house) = row.house() {
        let _ = writeln!(
            out,
            "\n{} {}",
            if en { "house policy, not law:" } else { "内部规则（不是法律）：" },
            pick(&house)
        );
    }
    for caveat in row.decision.caveats.iter() {
        let caveat = words::caveat(caveat);
        let _ = writeln!(out, "! {}", if en { caveat.en } else { caveat.zh });
    }
}
