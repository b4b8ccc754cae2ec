//! `anning scrub`: a list of recipients, cleaned before a campaign; three lists come out.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anning_audit::input::Mapping;
use anning_audit::report::cell;
use anning_audit::summary::words;
use anning_audit::{Decided, Error, List, Settings, decide_list_with, open_mapped};
use anning_decide::Outcome;
use anning_vocab::{Answer, RecipientKey};

use crate::tell::{lost_acts, say};

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
    let lists = Lists::of(&list, &settings, &|file| input.plan().file_name(file).to_owned());
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
        ("sendable.csv", &lists.sendable),
        ("refused.csv", &lists.refused),
        ("held.csv", &lists.held),
        ("rejects.csv", &rejects),
    ] {
        let path = args.out.join(name);
        std::fs::write(&path, content).map_err(|e| Error::io("write", &path, &e))?;
    }
    let [go, no, wait] = lists.counts;
    say(&format!(
        "可发送 sendable {go} · 拒绝 refused {no} · 暂缓 held {wait} · 无法读取 rejected {} · 重复 repeated {}\n{}",
        list.rejects.len(),
        lists.repeated,
        args.out.display()
    ));
    lost_acts(input.plan(), &list.rejects, &args.out.join("rejects.csv").display().to_string());
    Ok(ExitCode::SUCCESS)
}

/// The three lists in the making.
struct Lists {
    sendable: String,
    refused: String,
    held: String,
    /// Rows of each.
    counts: [u64; 3],
    /// Rows of persons who stand in an earlier row too.
    repeated: u64,
}

impl Lists {
    fn of(list: &List, settings: &Settings, file_name: &dyn Fn(u16) -> String) -> Self {
        let head = "recipient,file,line,repeats";
        let mut out = Self {
            sendable: format!("{head},caveats,caveats_zh,caveats_en\n"),
            refused: format!(
                "{head},answer,answer_zh,answer_en,provision,provision_zh,provision_en,article,reason_zh,reason_en\n"
            ),
            held: format!("{head},until,reason_zh,reason_en\n"),
            counts: [0; 3],
            repeated: 0,
        };
        let mut first: HashMap<RecipientKey, String> = HashMap::new();
        for row in &list.rows {
            let address =
                row.address.as_ref().map_or_else(|| "pseudonym".to_owned(), anning_vocab::Recipient::reveal);
            let file = file_name(row.file);
            let here = format!("{file}:{}", row.line);
            let repeats = first.get(&row.key).cloned().unwrap_or_default();
            out.repeated += u64::from(!repeats.is_empty());
            first.entry(row.key).or_insert(here);
            out.put(row, settings, [plus(&address), file, row.line.to_string(), repeats]);
        }
        out
    }

    fn put(&mut self, row: &Decided, settings: &Settings, head: [String; 4]) {
        let (list, at, rest) = match row.outcome() {
            Outcome::Allow | Outcome::FailOpen => {
                let joined = |one: &dyn Fn(anning_vocab::Caveat) -> &'static str| {
                    row.decision.caveats.iter().map(one).collect::<Vec<_>>().join(";")
                };
                let rest = vec![
                    joined(&anning_vocab::Caveat::code),
                    joined(&|caveat| words::caveat(caveat).zh),
                    joined(&|caveat| words::caveat(caveat).en),
                ];
                (&mut self.sendable, 0, rest)
            }
            Outcome::Deny => (&mut self.refused, 1, reason(row, settings)),
            Outcome::Hold(until) => {
                let why = row.house().unwrap_or_default();
                (&mut self.held, 2, vec![until.to_string(), why.zh, why.en])
            }
        };
        put(list, &head.into_iter().chain(rest).collect::<Vec<_>>());
        add(&mut self.counts, at);
    }
}

/// The first provision that stands against a row, else what the house says: codes, and words beside them.
fn reason(row: &Decided, settings: &Settings) -> Vec<String> {
    let said = row.said(settings);
    match said.into_iter().find(|s| matches!(s.answer, Answer::Breached | Answer::Unproved | Answer::Unclear))
    {
        Some(s) => {
            let answer = words::answer(s.answer);
            vec![
                s.answer.code().to_owned(),
                answer.zh.to_owned(),
                answer.en.to_owned(),
                s.provision.code().to_owned(),
                s.asks.zh,
                s.asks.en,
                s.article.zh,
                s.why.zh,
                s.why.en,
            ]
        }
        None => {
            let why = row.house().unwrap_or_default();
            let house = ["house_policy", "内部规则（不是法律）", "house policy, not law"].map(str::to_owned);
            house.iter().chain(&house).cloned().chain([String::new(), why.zh, why.en]).collect()
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
const TABLES: [&str; 8] =
    ["consents", "withdrawals", "parties", "brands", "notices", "campaigns", "ports", "pages"];

/// The campaign as defaults of the columns of `sends`; what the folder's `mapping.toml` says of its tables.
fn campaign(args: &ScrubArgs) -> Result<Mapping, Error> {
    let usage = |path: &str, what: String| Error::Settings { path: path.to_owned(), what };
    let at = match &args.at {
        None => crate::clock::now().to_string(),
        Some(text) => crate::keys::moment(text).map(|at| at.to_string()).ok_or_else(|| {
            usage("--at", format!("no RFC 3339 time with a zone, such as 2025-11-11T09:30:00+08:00: {text}"))
        })?,
    };
    let text = std::fs::read_to_string(&args.campaign).map_err(|e| Error::io("read", &args.campaign, &e))?;
    let head = if text.contains("sent_at") { String::new() } else { format!("sent_at = \"{at}\"\n") };
    let campaign = Mapping::parse(&format!("[sends.defaults]\n{head}{text}"))
        .map_err(|e| usage(&args.campaign.display().to_string(), e.to_string()))?;
    let beside =
        args.consents.as_ref().map(|folder| folder.join("mapping.toml")).filter(|path| path.is_file());
    let Some(path) = beside else { return Ok(campaign) };
    let text = std::fs::read_to_string(&path).map_err(|e| Error::io("read", &path, &e))?;
    let tables = Mapping::parse(&text).map_err(|e| usage(&path.display().to_string(), e.to_string()))?;
    Ok(campaign.beside(tables))
}
