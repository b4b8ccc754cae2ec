//! `anning scrub`: a list of recipients, cleaned before a campaign; three lists come out.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anning_audit::input::Mapping;
use anning_audit::report::cell;
use anning_audit::summary::Words;
use anning_audit::{Decided, Error, Settings, decide_list_with, open_mapped};
use anning_decide::Outcome;
use anning_vocab::Answer;

/// Arguments.
#[derive(clap::Args)]
pub struct ScrubArgs {
    /// The list: CSV, NDJSON or Parquet with a column `recipient` (or a usual other name).
    list: PathBuf,
    /// What every message of the campaign says: columns of `sends` as `name = "value"`, see `spec/scrub.md`.
    #[arg(long, value_name = "C.toml")]
    campaign: PathBuf,
    /// Folder with consents, withdrawals and the other tables of `spec/input.md`.
    #[arg(long, value_name = "DIR", required_unless_present = "ledger")]
    consents: Option<PathBuf>,
    #[command(flatten)]
    kept: crate::keys::KeptArgs,
    /// When it is to be sent, RFC 3339; now if not given.
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Where sendable.csv, refused.csv, held.csv and rejects.csv are written.
    #[arg(long, default_value = "out/scrub")]
    out: PathBuf,
}

/// Cleans the list.
pub fn run(args: &ScrubArgs) -> Result<ExitCode, Error> {
    let mapping = campaign(args)?;
    let folder = args.consents.as_deref();
    let settings = folder.map_or_else(|| Ok(Settings::default()), Settings::of_folder)?;
    let mut paths = vec![args.list.clone()];
    if let Some(folder) = folder {
        paths.extend(tables_of(folder)?);
    }
    let input = open_mapped(&paths, mapping)?;
    let ledger = args.kept.open()?;
    let kept = args.kept.kept(ledger.as_ref())?;
    let list = decide_list_with(&input, kept.as_ref(), &settings, false)?;
    std::fs::create_dir_all(&args.out).map_err(|e| Error::io("create", &args.out, &e))?;
    let (mut sendable, mut refused, mut held) = (
        String::from("recipient,line,caveats\n"),
        String::from("recipient,line,answer,provision,article,reason_zh,reason_en\n"),
        String::from("recipient,line,until,reason_zh,reason_en\n"),
    );
    let mut counts = [0_u64; 3];
    for row in &list.rows {
        let address =
            row.address.as_ref().map_or_else(|| "pseudonym".to_owned(), anning_vocab::Recipient::reveal);
        let line = row.line.to_string();
        match row.outcome() {
            Outcome::Allow | Outcome::FailOpen => {
                let caveats: Vec<&str> =
                    row.decision.caveats.iter().map(anning_vocab::Caveat::code).collect();
                put(&mut sendable, &[plus(&address), line, caveats.join(";")]);
                add(&mut counts, 0);
            }
            Outcome::Deny => {
                let [answer, provision, article, reason] = reason(row, &settings);
                put(
                    &mut refused,
                    &[plus(&address), line, answer.en, provision.en, article.zh, reason.zh, reason.en],
                );
                add(&mut counts, 1);
            }
            Outcome::Hold(until) => {
                let why = row.house().unwrap_or_default();
                put(&mut held, &[plus(&address), line, until.to_string(), why.zh, why.en]);
                add(&mut counts, 2);
            }
        }
    }
    let mut rejects = String::from("file,line,column,reason,excerpt\n");
    for reject in &list.rejects {
        let file = input.plan().file_name(reject.file).to_owned();
        let column = reject.column.unwrap_or("").to_owned();
        put(
            &mut rejects,
            &[file, reject.line.to_string(), column, reject.reason.clone(), reject.excerpt.clone()],
        );
    }
    for (name, content) in [
        ("sendable.csv", &sendable),
        ("refused.csv", &refused),
        ("held.csv", &held),
        ("rejects.csv", &rejects),
    ] {
        let path = args.out.join(name);
        std::fs::write(&path, content).map_err(|e| Error::io("write", &path, &e))?;
    }
    let [go, no, wait] = counts;
    let _ = writeln!(
        std::io::stdout(),
        "可发送 sendable {go} · 拒绝 refused {no} · 暂缓 held {wait} · 无法读取 rejected {}\n{}",
        list.rejects.len(),
        args.out.display()
    );
    Ok(ExitCode::SUCCESS)
}

/// The first provision that stands against a row, else what the house says.
fn reason(row: &Decided, settings: &Settings) -> [Words; 4] {
    let said = row.said(settings);
    match said.into_iter().find(|s| matches!(s.answer, Answer::Breached | Answer::Unproved | Answer::Unclear))
    {
        Some(s) => {
            let code = Words::new(s.provision.code(), s.provision.code());
            [Words::new(s.answer.code(), s.answer.code()), code, s.article, s.why]
        }
        None => {
            let house = Words::new("house_policy", "house_policy");
            [house.clone(), house, Words::default(), row.house().unwrap_or_default()]
        }
    }
}

/// `+86…` would be taken for a formula: numbers go out as digits.
fn plus(address: &str) -> String {
    address.strip_prefix('+').unwrap_or(address).to_owned()
}

pub(crate) fn put(out: &mut String, cells: &[String]) {
    let line: Vec<String> = cells.iter().map(|c| cell(c)).collect();
    out.push_str(&line.join(","));
    out.push('\n');
}

fn add(counts: &mut [u64; 3], at: usize) {
    if let Some(count) = counts.get_mut(at) {
        *count += 1;
    }
}

/// Every table of the folder but its sends: only the list is to be sent.
fn tables_of(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    if !folder.is_dir() {
        return Ok(vec![folder.to_path_buf()]);
    }
    let failed = |e: std::io::Error| Error::io("read", folder, &e);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_file() && TABLES.iter().any(|table| name.starts_with(table)) {
            files.push(path);
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// Tables that a list is decided on.
const TABLES: [&str; 7] = ["consents", "withdrawals", "parties", "brands", "notices", "campaigns", "ports"];

/// The campaign as defaults of the columns of `sends`.
fn campaign(args: &ScrubArgs) -> Result<Mapping, Error> {
    let text = std::fs::read_to_string(&args.campaign).map_err(|e| Error::io("read", &args.campaign, &e))?;
    let at = args.at.clone().unwrap_or_else(|| crate::clock::now().to_string());
    let head = if text.contains("sent_at") { String::new() } else { format!("sent_at = \"{at}\"\n") };
    Ok(Mapping::parse(&format!("[sends.defaults]\n{head}{text}"))?)
}
