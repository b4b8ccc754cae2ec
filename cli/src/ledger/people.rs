//! What a ledger does with one person: shows what it keeps, forgets, holds for a case.

use std::path::PathBuf;
use std::process::ExitCode;

use anning_law::{Corpus, Unit};
use anning_store::{Forgotten, Ledger, Refusal, Retention};
use anning_vocab::{Date, Recipient, RecipientKey, Timestamp};

use super::{KeyArgs, Where, publish, with};
use crate::clock::now;
use crate::failure::Failure;
use crate::tell::say;

/// One person.
#[derive(clap::Args)]
pub(super) struct OneArgs {
    #[command(flatten)]
    pub(super) at: Where,
    /// Telephone number, e-mail address or `im:name`.
    pub(super) recipient: String,
}

/// Whom to show, and how.
#[derive(clap::Args)]
pub(super) struct ShowArgs {
    #[command(flatten)]
    pub(super) one: OneArgs,
    /// For programs: one JSON object a line, with all terms.
    #[arg(long)]
    pub(super) json: bool,
    /// Language.
    #[arg(long, default_value = "zh", value_parser = ["zh", "en"])]
    pub(super) lang: String,
}

/// Who asks to be forgotten, and by whom.
#[derive(clap::Args)]
pub(super) struct ForgetArgs {
    #[command(flatten)]
    one: OneArgs,
    /// What the holder of the ledger is: the law has each keep other things.
    #[arg(long, default_value = "service_provider", value_parser = ["service_provider", "carrier", "content_provider", "business"])]
    role: String,
    /// Where a business is: Shanghai has proofs of consent kept for five years.
    #[arg(long, default_value = "elsewhere", value_parser = ["shanghai", "elsewhere"])]
    region: String,
}

/// A case.
#[derive(clap::Args)]
pub(super) struct HoldArgs {
    /// Folder of the ledger.
    folder: PathBuf,
    #[command(flatten)]
    keys: KeyArgs,
    /// Name of the case.
    name: String,
    /// Whom it concerns; everybody if nobody is named.
    #[arg(long)]
    recipient: Vec<String>,
}

/// Restricts, and says when it will be erased.
pub(super) fn forget(args: &ForgetArgs) -> Result<ExitCode, Failure> {
    let at = &args.one.at;
    let mut ledger = at.keys.open(&at.folder)?;
    let key = hash(&ledger, &args.one.recipient)?;
    let time = now();
    let retention = retention(&ledger, key, &args.role, &args.region, time.date());
    let told = match ledger.forget(key, &retention, time) {
        Err(anning_store::Error::Refused(Refusal::Erased)) => {
            say("erased before: the refusal stands, nothing else is kept, and nothing was put on record now");
            return Ok(ExitCode::SUCCESS);
        }
        told => told.map_err(|e| e.to_string())?,
    };
    publish(ledger)?;
    tell(&told);
    Ok(ExitCode::SUCCESS)
}

fn tell(told: &Forgotten) {
    let again = if told.repeated { " (asked before)" } else { "" };
    if told.unknown {
        say(
            "nothing was kept of this person; the request is on record as a refusal of everything from everybody",
        );
    }
    say(&format!("restricted since {}{again}: stored, and nothing else is done with it", told.since));
    if told.article.is_empty() {
        say(&format!("no law has it kept; it may be erased from {}", told.erase_from));
    } else {
        say(&format!("{} has it kept; it may be erased from {}", told.article, told.erase_from));
    }
    say("then `anning ledger erase` destroys the keys; what was proved with them is proof no more");
    if !told.holds.is_empty() {
        say(&format!("but not while these cases hold it: {}", told.holds.join(", ")));
    }
}

/// Erases whoever is due.
pub(super) fn erase(at: &Where) -> Result<ExitCode, Failure> {
    with(at, |ledger| {
        let time = now();
        let erased = ledger.erase_due(time.date(), time).map_err(|e| e.to_string())?;
        let (waiting, first) = ledger.waiting();
        let rest = first
            .map(|first| format!("; {waiting} still stored, the first from {first}"))
            .unwrap_or_default();
        Ok(format!("{erased} erased: their keys are destroyed{rest}"))
    })
}

/// Opens a hold.
pub(super) fn hold(args: &HoldArgs) -> Result<ExitCode, Failure> {
    with(&Where { folder: args.folder.clone(), keys: args.keys.clone() }, |ledger| {
        let people = args.recipient.iter().map(|text| hash(ledger, text)).collect::<Result<Vec<_>, _>>()?;
        ledger.hold(&args.name, &people, now()).map_err(|e| e.to_string())?;
        let whom =
            if people.is_empty() { "everybody".to_owned() } else { format!("{} people", people.len()) };
        Ok(format!("{} is held for {whom}", args.name))
    })
}

/// Ends a hold.
pub(super) fn release(args: &HoldArgs) -> Result<ExitCode, Failure> {
    with(&Where { folder: args.folder.clone(), keys: args.keys.clone() }, |ledger| {
        ledger.release(&args.name, now()).map_err(|e| e.to_string())?;
        Ok(format!("{} is released", args.name))
    })
}

pub(super) fn hash(ledger: &Ledger, text: &str) -> Result<RecipientKey, Failure> {
    Recipient::parse(text).map(|recipient| ledger.hash(&recipient)).map_err(|e| Failure::usage(e.to_string()))
}

/// How long the law has the data of a person kept: the longest term that binds this role, from the last act or send.
fn retention(ledger: &Ledger, key: RecipientKey, role: &str, region: &str, today: Date) -> Retention {
    let now = ledger.read();
    let (mut acts, mut sends) = (Vec::new(), Vec::new());
    now.index().acts(key, &mut acts);
    now.index().priors(key, Timestamp::from_millis(i64::MIN), &mut sends);
    let last_act = acts.iter().map(|act| act.recorded.max(act.occurred).date()).max();
    let last = last_act.into_iter().chain(sends.iter().map(|send| send.sent_at.date())).max();
    // What a provider keeps of subscribing and unsubscribing ends with the relation, and this request ends it.
    let last = if role == "business" { last } else { Some(today) };
    let terms = match (role, region) {
        ("business", "shanghai") => &["consent-proof"][..],
        ("business", _) => &[],
        // Logs, and the record of who subscribed and unsubscribed.
        (_, _) => &["sms-log", "sms-subscription-record"],
    };
    let law = Corpus::embedded();
    let bound = terms.iter().filter_map(|id| law.term(id, today)).filter_map(|term| {
        let months = match term.unit {
            Unit::Months => term.amount,
            Unit::Years => term.amount * 12,
            Unit::Hours | Unit::Days | Unit::WorkingDays => return None,
        };
        Some((last?.plus_months(months), term.article.clone()))
    });
    bound.max().map_or_else(
        || Retention { until: today.plus_days(-1), article: String::new() },
        |(until, article)| Retention { until, article },
    )
}
