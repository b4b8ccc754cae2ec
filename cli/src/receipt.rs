//! `anning receipt`: check a receipt offline, show it, decide again from opened evidence.

mod show;

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anning_decide::{Bench, DecisionRecord, Difference, Evidence, differences, recompute};
use anning_judge::{Judge, Scratch};
use anning_law::{Corpus, Law};
use anning_ledger::receipt::RECEIPT_MAX;
use anning_ledger::{Fault, Receipt, Trust, Value, Verified, VerifierKey};

use crate::tell::{say, warn};

/// Arguments of `anning receipt`.
#[derive(clap::Args, Debug)]
pub struct ReceiptArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Is a receipt to be believed? 0 yes, 1 no, 2 wrong usage, 3 unreadable. See `spec/receipt.md`.
    Verify(VerifyArgs),
    /// Print a receipt as JSON, with the decision in words. Nothing is checked.
    Show {
        /// Packed or JSON; `-` for standard input.
        file: PathBuf,
    },
}

#[derive(clap::Args, Debug)]
struct VerifyArgs {
    /// Packed or JSON; `-` for standard input.
    file: PathBuf,
    /// The log's key, `NAME+ID+KEY`, or a file that holds it. Not from the one who gave you the receipt.
    #[arg(long, value_name = "VKEY|FILE")]
    key: String,
    /// A witness that must have cosigned; may be repeated.
    #[arg(long, value_name = "VKEY|FILE")]
    witness: Vec<String>,
    /// Decide again from this opened evidence (JSON or CBOR) under the law pack of this program.
    #[arg(long, value_name = "EVIDENCE")]
    recompute: Option<PathBuf>,
    /// For programs.
    #[arg(long)]
    json: bool,
    /// Language.
    #[arg(long, default_value = "zh", value_parser = ["zh", "en"])]
    lang: String,
}

/// What keeps a receipt from being checked at all.
#[derive(Debug)]
pub(crate) enum Error {
    /// A key that is none: wrong usage.
    Key(String),
    /// A file that cannot be read, or holds no receipt or evidence.
    Unreadable(String),
}

impl Error {
    /// What is wrong, in words.
    pub(crate) fn words(self) -> String {
        match self {
            Self::Key(words) | Self::Unreadable(words) => words,
        }
    }
}

/// What came out.
struct Answer {
    receipt: Receipt,
    record: DecisionRecord,
    verdict: Result<Verified, Fault>,
    /// Nanoseconds that the verification itself took.
    nanos: u128,
    /// Against opened evidence, if any was given.
    again: Option<Vec<Difference>>,
}

/// Verifies or shows.
pub fn run(args: &ReceiptArgs) -> ExitCode {
    let done = match &args.command {
        Command::Verify(args) => verify(args).map(|(code, words)| {
            say(&words);
            code
        }),
        Command::Show { file } => read(file).and_then(|bytes| parse(&bytes)).map(|(receipt, record)| {
            say(&receipt.to_readable(record.words()).to_json());
            0
        }),
    };
    ExitCode::from(done.unwrap_or_else(|error| {
        let code = match error {
            Error::Key(_) => 2,
            Error::Unreadable(_) => 3,
        };
        warn(&format!("anning receipt: {}", error.words()));
        code
    }))
}

fn verify(args: &VerifyArgs) -> Result<(u8, String), Error> {
    let trust = Trust {
        log: key(&args.key)?,
        witnesses: args.witness.iter().map(|text| key(text)).collect::<Result<_, _>>()?,
    };
    let (receipt, record) = parse(&read(&args.file)?)?;
    let begin = now();
    let verdict = receipt.verify(&trust);
    let nanos = begin.elapsed().as_nanos();
    let again = match &args.recompute {
        Some(file) => Some(decide_again(&receipt, &record, &read(file)?)?),
        None => None,
    };
    let answer = Answer { receipt, record, verdict, nanos, again };
    let words = if args.json { answer.json().to_json() } else { answer.words(args.lang == "en") };
    Ok((answer.code(), words))
}

impl Answer {
    /// 1 when the receipt is not to be believed, or the evidence does not bear it out. That another law pack or judge
    /// came to the same answer is told and is no reason to refuse.
    fn code(&self) -> u8 {
        let borne_out = self.again.iter().flatten().all(is_pack);
        u8::from(self.verdict.is_err() || !borne_out)
    }

    fn json(&self) -> Value {
        let number = |number: u64| Some(Value::Int(i64::try_from(number).unwrap_or(i64::MAX)));
        let good = self.verdict.as_ref().ok();
        let fault = self.verdict.as_ref().err();
        let witness = |(name, time): &(String, u64)| {
            Value::map([("name", Some(Value::text(name.clone()))), ("time", number(*time))])
        };
        let list = |items: Vec<Value>| Some(Value::List(items));
        Value::map([
            ("good", Some(Value::Flag(self.verdict.is_ok()))),
            ("fault", fault.map(|fault| Value::text(fault.code()))),
            ("reason", fault.map(|fault| Value::text(fault.to_string()))),
            ("origin", Some(Value::text(self.receipt.origin().to_owned()))),
            ("leaf_index", number(self.receipt.leaf_index)),
            ("size", good.and_then(|good| number(good.size))),
            ("batch_count", good.and_then(|good| number(good.batch_count))),
            ("witnesses", good.and_then(|good| list(good.witnesses.iter().map(witness).collect()))),
            (
                "unchecked",
                good.and_then(|good| {
                    list(good.unchecked.iter().map(|text| Value::text(text.clone())).collect())
                }),
            ),
            ("decision", Some(self.record.words())),
            (
                "differences",
                self.again.as_ref().and_then(|found| {
                    list(found.iter().map(|difference| Value::text(difference.to_string())).collect())
                }),
            ),
            ("micros", number(u64::try_from(self.nanos / 1_000).unwrap_or(u64::MAX))),
        ])
    }
}

/// Another law pack or judge was at hand: told, and by itself no contradiction.
fn is_pack(difference: &Difference) -> bool {
    matches!(difference, Difference::LawPack(..) | Difference::Judge(..))
}

/// A receipt in either form, and its record. Words beside a record that are not its own are refused.
fn parse(bytes: &[u8]) -> Result<(Receipt, DecisionRecord), Error> {
    let unreadable = |what: &dyn std::fmt::Display| Error::Unreadable(format!("not a receipt: {what}"));
    let is_json = bytes.trim_ascii_start().first() == Some(&b'{');
    let (receipt, words) = if is_json {
        let text = std::str::from_utf8(bytes).map_err(|e| unreadable(&e))?;
        let value = Value::from_json(text).map_err(|e| unreadable(&e))?;
        let (receipt, words) = Receipt::from_readable(value).map_err(|e| unreadable(&e))?;
        (receipt, Some(words))
    } else {
        (Receipt::from_bytes(bytes).map_err(|e| unreadable(&e))?, None)
    };
    let record = DecisionRecord::from_bytes(&receipt.record).map_err(|e| unreadable(&e))?;
    if words.is_some_and(|words| words != record.words()) {
        return Err(unreadable(&"the words under `decision` are not those of the record"));
    }
    Ok((receipt, record))
}

fn decide_again(receipt: &Receipt, record: &DecisionRecord, bytes: &[u8]) -> Result<Vec<Difference>, Error> {
    let unreadable = |what: &dyn std::fmt::Display| Error::Unreadable(format!("not evidence: {what}"));
    let is_json = bytes.trim_ascii_start().first() == Some(&b'{');
    let (evidence, names) = if is_json {
        let text = std::str::from_utf8(bytes).map_err(|e| unreadable(&e))?;
        let value = Value::from_json(text).map_err(|e| unreadable(&e))?;
        Evidence::from_value(value).map_err(|e| unreadable(&e))?
    } else {
        Evidence::from_bytes(bytes).map_err(|e| unreadable(&e))?
    };
    let judge = Judge::shipped();
    let class_of = |text: &str| judge.judge(text, &mut Scratch::default()).class;
    let bench = Bench {
        law: Law::embedded(),
        law_hash: Corpus::embedded().hash(),
        class_of: &class_of,
        judge_hash: judge.hash(),
    };
    let again = recompute(&evidence, &bench);
    Ok(differences(record, receipt.suite, &evidence, &names, &again))
}

/// A key as text, or from the first line of a file.
pub(crate) fn key(text: &str) -> Result<VerifierKey, Error> {
    let bad = |what: &dyn std::fmt::Display| {
        let hint = "the log's key is one line NAME+ID+KEY, which `anning ledger status` prints as public key";
        Error::Key(format!("--key: {what}; {hint}: {text}"))
    };
    if text.contains('+') && !Path::new(text).exists() {
        return VerifierKey::parse(text.trim()).map_err(|e| bad(&e));
    }
    let whole = std::fs::read_to_string(text).map_err(|e| bad(&format!("key cannot be read, {e}")))?;
    VerifierKey::parse(whole.lines().next().unwrap_or_default().trim()).map_err(|e| bad(&e))
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let unreadable = |e: std::io::Error| Error::Unreadable(format!("cannot read, {e}: {}", path.display()));
    let mut bytes = Vec::new();
    // Evidence may be a mebibyte, a receipt much less; as JSON some times that.
    let max = (anning_decide::EVIDENCE_MAX.max(RECEIPT_MAX) * 8) as u64;
    if path.as_os_str() == "-" {
        std::io::stdin().take(max).read_to_end(&mut bytes).map_err(unreadable)?;
    } else {
        std::fs::File::open(path)
            .and_then(|file| file.take(max).read_to_end(&mut bytes))
            .map_err(unreadable)?;
    }
    Ok(bytes)
}

#[expect(clippy::disallowed_methods, reason = "the command line reads the clock, to time itself")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::{Error, VerifyArgs, verify};
    use anning_ledger::Value;
    use std::path::PathBuf;

    fn vectors() -> PathBuf {
        PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/vectors/receipt"))
    }

    fn args(file: &str, key: &str) -> VerifyArgs {
        VerifyArgs {
            file: vectors().join(file),
            key: key.to_owned(),
            witness: vec![],
            recompute: None,
            json: true,
            lang: "en".to_owned(),
        }
    }

    fn text(row: &Value, name: &str) -> String {
        let Value::Map(map) = row else { panic!("no object") };
        map.get(&anning_ledger::Key(name.to_owned().into())).unwrap().clone().into_text().unwrap()
    }

    fn rows() -> Vec<Value> {
        let text = std::fs::read_to_string(vectors().join("vectors.json")).unwrap();
        Value::from_json(&text).unwrap().into_list().unwrap()
    }

    #[test]
    fn every_vector() {
        for row in rows() {
            let (file, key, expected) = (text(&row, "file"), text(&row, "key"), text(&row, "expected"));
            let mut args = args(&file, &key);
            let Value::Map(map) = &row else { panic!("no object") };
            let witnesses =
                map.get(&anning_ledger::Key::from("witnesses")).unwrap().clone().into_list().unwrap();
            args.witness = witnesses.into_iter().map(|key| key.into_text().unwrap()).collect();
            match verify(&args) {
                Ok((code, words)) => {
                    let said = Value::from_json(&words).unwrap();
                    let fault = if code == 0 { "good".to_owned() } else { text(&said, "fault") };
                    assert_eq!((code, fault), (u8::from(expected != "good"), expected), "{file}");
                }
                Err(Error::Unreadable(_)) => assert_eq!(expected, "unreadable", "{file}"),
                Err(Error::Key(words)) => panic!("{words}"),
            }
            args.json = false;
            for lang in ["zh", "en"] {
                args.lang = lang.to_owned();
                assert!(verify(&args).map_or(true, |(_, words)| words.lines().count() > 1), "{file}");
            }
        }
    }

    /// The vectors name a pack of their own: told apart, and the answer is the same.
    #[test]
    fn decided_again() {
        let key = text(&rows()[0], "key");
        for (receipt, evidence, code) in [
            ("ed25519-sha256-good.receipt", "evidence.json", 0),
            ("ed25519-sha256-good.json", "evidence.cbor", 0),
            ("ed25519-sha256-altered-decision.receipt", "evidence.json", 1),
        ] {
            let mut args = args(receipt, &key);
            args.recompute = Some(vectors().join(evidence));
            let (got, words) = verify(&args).map_err(|_| receipt).unwrap();
            assert_eq!(got, code, "{words}");
            assert!(words.contains("law pack: recorded 1a1a1a1a1a1a1a1a…, here "), "{words}");
            assert_eq!(words.contains("outcome: recorded Allow, decided again Deny"), code == 1, "{words}");
        }
    }

    #[test]
    fn wrong_usage_and_unreadable() {
        let key = text(&rows()[0], "key");
        assert!(matches!(verify(&args("ed25519-sha256-good.receipt", "a+b+c")), Err(Error::Key(_))));
        assert!(matches!(verify(&args("ed25519-sha256-good.receipt", "nothing-here")), Err(Error::Key(_))));
        assert!(matches!(verify(&args("none.receipt", &key)), Err(Error::Unreadable(_))));
        assert!(matches!(verify(&args("evidence.cbor", &key)), Err(Error::Unreadable(_))));
        // Words that are not the record's.
        let whole = std::fs::read_to_string(vectors().join("ed25519-sha256-good.json")).unwrap();
        let lied = whole.replace("\"outcome\": \"deny\"", "\"outcome\": \"allow\"");
        assert_ne!(lied, whole);
        assert!(matches!(super::parse(lied.as_bytes()), Err(Error::Unreadable(_))));
    }
}
