//! `anning inspect verify`: is a folder of evidence what its seal says, and does the ledger have it?

use std::path::PathBuf;
use std::process::ExitCode;

use anning_inspect::{Bundle, Lang};
use anning_ledger::{Checkpoint, Note, PageSeal, SealFault, VerifierKey, leaf_hash, verify_inclusion};
use anning_store::Ledger;

use super::output::{FINDINGS, Tongue};
use super::{kept, unavailable};
use crate::failure::Failure;
use crate::keys::KeyArgs;
use crate::tell::say;

#[derive(clap::Args)]
pub(super) struct VerifyArgs {
    /// Folders of evidence: of one window, of a page, or of a whole run.
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// The ledger that is said to have them: its key must have signed, and the entry must stand there.
    #[arg(long, value_name = "DIR")]
    ledger: Option<PathBuf>,
    /// The log's public key, NAME+ID+KEY, or a file with it; for those who do not have the ledger.
    #[arg(long, value_name = "KEY", conflicts_with = "ledger")]
    log_key: Option<String>,
    #[command(flatten)]
    keys: KeyArgs,
    #[command(flatten)]
    tongue: Tongue,
}

/// One line of the answer.
struct Line {
    /// None where it was not asked.
    good: Option<bool>,
    zh: String,
    en: String,
}

/// 0 when everything that was checked holds, 1 when something does not.
pub(super) fn run(args: &VerifyArgs) -> Result<ExitCode, Failure> {
    let ledger = args.ledger.as_ref().map(|folder| args.keys.open(folder)).transpose()?;
    let key = match (&ledger, &args.log_key) {
        (Some(ledger), _) => Some(ledger.verifier().map_err(unavailable)?),
        (None, Some(text)) => Some(crate::receipt::key(text).map_err(|e| Failure::usage(e.words()))?),
        (None, None) => None,
    };
    let mut whole = true;
    for folder in &args.folders {
        for path in kept::records(folder)? {
            let bundle = Bundle::read(&path).map_err(unavailable)?;
            let lines = check(&bundle, ledger.as_ref(), key.as_ref())?;
            say(&path.display().to_string());
            for line in &lines {
                let mark = match line.good {
                    Some(true) => "✓",
                    Some(false) => "✗",
                    None => "·",
                };
                let words = if args.tongue.lang() == Lang::En { &line.en } else { &line.zh };
                say(&format!("  {mark} {words}"));
            }
            whole &= lines.iter().all(|line| line.good != Some(false));
        }
    }
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::from(FINDINGS) })
}

fn check(bundle: &Bundle, ledger: Option<&Ledger>, key: Option<&VerifierKey>) -> Result<Vec<Line>, Failure> {
    let mut lines = Vec::new();
    let mut tell = |good, zh: String, en: String| lines.push(Line { good, zh, en });
    match bundle.stored() {
        Err(error) => {
            tell(Some(false), format!("记录读不通：{error}"), format!("the record cannot be read: {error}"));
        }
        Ok(stored) => {
            let (count, altered) = (stored.record.files.len(), stored.altered());
            for (name, what) in &altered {
                let zh = if *what == "missing" { "缺失" } else { "已被改动" };
                tell(Some(false), format!("文件{zh}：{name}"), format!("a file is {what}: {name}"));
            }
            if altered.is_empty() {
                tell(
                    Some(true),
                    format!("图片与保存的网页与记录相符：{count} 个文件"),
                    format!("pictures and saved page are those of the record, files: {count}"),
                );
            }
            for name in bundle.strangers(&stored) {
                tell(
                    None,
                    format!("记录没有提到的文件：{name}"),
                    format!("the record knows no file: {name}"),
                );
            }
        }
    }
    let Some(text) = &bundle.seal else {
        tell(
            Some(false),
            "没有 seal.json：没有什么证明这份记录何时存在过".to_owned(),
            "no seal.json: nothing shows when this record existed".to_owned(),
        );
        return Ok(lines);
    };
    let sealed = PageSeal::from_json(text).and_then(|seal| Ok((seal.check(&bundle.record)?, seal)));
    let (at, seal) = match sealed {
        Ok(sealed) => sealed,
        Err(fault) => {
            tell(Some(false), zh(&fault).to_owned(), fault.to_string());
            return Ok(lines);
        }
    };
    let (log, position) = (seal.origin().escape_debug().to_string(), seal.position);
    tell(
        Some(true),
        format!("记录就是封存的那一份：账本 {log} 第 {position} 条，{at}"),
        format!("the record is the one sealed: log {log}, entry {position}, {at}"),
    );
    let Some(key) = key else {
        tell(
            None,
            "没有核对签名：请用 --ledger 或 --log-key 指明账本".to_owned(),
            "the signature was not checked: name the ledger with --ledger, or its key with --log-key"
                .to_owned(),
        );
        return Ok(lines);
    };
    match seal.verify(&bundle.record, key) {
        Ok(_) => tell(Some(true), "检查点由账本签名".to_owned(), "the log signed the checkpoint".to_owned()),
        Err(fault) => tell(Some(false), zh(&fault).to_owned(), fault.to_string()),
    }
    if let Some(ledger) = ledger {
        if holds(ledger, &seal)? {
            tell(
                Some(true),
                format!("账本第 {position} 条就是它"),
                format!("the ledger has it, entry {position}"),
            );
        } else {
            let fault = SealFault::NotInLog { position };
            tell(Some(false), zh(&fault).to_owned(), fault.to_string());
        }
    }
    Ok(lines)
}

/// Does the ledger's own tree have this leaf at this position?
fn holds(ledger: &Ledger, seal: &PageSeal) -> Result<bool, Failure> {
    let (ways, checkpoint) = ledger.inclusions(&[seal.position]).map_err(|e| e.to_string())?;
    let Some(Some(way)) = ways.into_iter().next() else { return Ok(false) };
    let head = Note::parse(checkpoint.as_bytes())
        .ok()
        .and_then(|note| Checkpoint::parse(note.text()).ok())
        .map(|checkpoint| checkpoint.head())
        .ok_or("the ledger's checkpoint cannot be read")?;
    let (suite, leaf) = (ledger.suite(), leaf_hash(ledger.suite(), &seal.leaf));
    Ok(suite == seal.suite
        && verify_inclusion(suite, &leaf, seal.position, head.size, &way, &head.root).is_ok())
}

const fn zh(fault: &SealFault) -> &'static str {
    match fault {
        SealFault::Form(_) => "seal.json 不是页面记录的封存证明",
        SealFault::Record => "记录在封存之后被改动，或封存的是另一份记录",
        SealFault::Leaf => "封存的条目不是这份记录的",
        SealFault::Inclusion => "封存的条目不在账本签名的树里",
        SealFault::Checkpoint => "检查点不成立，或属于另一账本",
        SealFault::OtherLog { .. } => "封存于另一账本",
        SealFault::Signature => "检查点不是这个账本签名的",
        SealFault::NotInLog { .. } => "账本在这个位置没有这份记录",
    }
}
