//! Writing a whole world into a folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use anning_vocab::Interval;

use crate::acts::{Acts, Writer};
use crate::campaign::Campaign;
use crate::cast::{BRANDS, NOTICES, PARTIES, PORTS};
use crate::corpus::Corpus;
use crate::oracle::Oracle;
use crate::plan::Plan;
use crate::sends::{Scene, Seen, Year};
use crate::table::{Column, Format, Holds, Table};
use crate::{Error, Options};

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Rows of `sends`.
    pub sends: u64,
    /// Rows of `consents`.
    pub consents: u64,
    /// Rows of `withdrawals`.
    pub withdrawals: u64,
    /// Rows of `campaigns`.
    pub campaigns: u64,
}

/// Writes a world into a folder. `progress` is told how many sends are written, of how many planned.
///
/// # Errors
/// [`Error`] says what is wrong with the wish, or which file could not be written.
pub fn write(
    options: &Options,
    folder: &Path,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Written, Error> {
    let plan = Plan::new(options)?;
    let oracle = Oracle::load()?;
    let corpus = options.texts.as_deref().map(Corpus::read).transpose()?;
    prepare(folder, options.overwrite)?;
    let (done, planned) = (AtomicU64::new(0), plan.sends());
    let tell = |rows: u64| progress(done.fetch_add(rows, Ordering::Relaxed) + rows, planned);
    let scene = Scene {
        plan: &plan,
        oracle,
        corpus: corpus.as_ref(),
        distinct: (options.distinct * 2_f64.powi(32)).round() as u64,
        folder,
        format: options.format,
        tell: &tell,
    };
    let totals = Mutex::new((Written::default(), Seen::new()));
    small_tables(&plan, folder, options.format)?;
    run(&jobs(&plan), options.threads, |job| {
        let (mut rows, mut seen) = (Written::default(), Seen::new());
        match job {
            Job::Sends(year, campaigns) => {
                (seen, rows.sends) = Year::write(&scene, *year, campaigns.clone())?
            }
            Job::Acts(Acts::Consents) => {
                rows.consents = Writer::write(&plan, Acts::Consents, folder, options.format)?
            }
            Job::Acts(Acts::Withdrawals) => {
                rows.withdrawals = Writer::write(&plan, Acts::Withdrawals, folder, options.format)?;
            }
        }
        if let Ok(mut totals) = totals.lock() {
            totals.0.sends += rows.sends;
            totals.0.consents += rows.consents;
            totals.0.withdrawals += rows.withdrawals;
            totals.1.append(&mut seen);
        }
        Ok(())
    })?;
    let (mut written, seen) = totals.into_inner().unwrap_or_default();
    written.campaigns = plan.campaigns.len() as u64;
    answers(oracle, &seen, corpus.is_some(), folder)?;
    Ok(written)
}

/// One file, or two that belong together, for one thread.
enum Job {
    Sends(i32, core::ops::Range<usize>),
    Acts(Acts),
}

/// The longest first, so that no thread is left alone with a long one.
fn jobs(plan: &Plan) -> Vec<Job> {
    let mut years = plan.years();
    let size = |range: &core::ops::Range<usize>| -> u64 {
        plan.campaigns.get(range.clone()).unwrap_or(&[]).iter().map(|campaign| campaign.planned).sum()
    };
    years.sort_by_key(|(_, range)| core::cmp::Reverse(size(range)));
    let mut jobs: Vec<Job> = years.into_iter().map(|(year, range)| Job::Sends(year, range)).collect();
    jobs.push(Job::Acts(Acts::Consents));
    jobs.push(Job::Acts(Acts::Withdrawals));
    jobs
}

/// Runs the jobs on so many threads; the first error stops the rest from starting.
fn run(jobs: &[Job], threads: usize, work: impl Fn(&Job) -> Result<(), Error> + Sync) -> Result<(), Error> {
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let errors = Mutex::new(Vec::new());
    let worker = || {
        while !failed.load(Ordering::Relaxed) {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = jobs.get(at) else { return };
            if let Err(error) = work(job) {
                failed.store(true, Ordering::Relaxed);
                if let Ok(mut errors) = errors.lock() {
                    errors.push((at, error));
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, jobs.len().max(1)) {
            scope.spawn(worker);
        }
    });
    let mut errors = errors.into_inner().unwrap_or_default();
    errors.sort_by_key(|(at, _)| *at);
    errors.into_iter().next().map_or(Ok(()), |(_, error)| Err(error))
}

/// Makes the folder; clears what an earlier run left there, but nothing else.
fn prepare(folder: &Path, overwrite: bool) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|e| Error::write(folder, e))?;
    let entries = fs::read_dir(folder).map_err(|e| Error::write(folder, e))?;
    let files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    if !files.is_empty() && !overwrite {
        return Err(Error::NotEmpty(folder.to_owned()));
    }
    for file in files.iter().filter(|file| is_ours(file)) {
        fs::remove_file(file).map_err(|e| Error::write(file, e))?;
    }
    Ok(())
}

/// A file that an earlier run can have written: a table's name or its name with a year, or a fixed one.
fn is_ours(file: &Path) -> bool {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or("");
    let Some((stem, "csv" | "parquet")) = name.rsplit_once('.') else { return name == AUDIT };
    let table =
        stem.rsplit_once('-').filter(|(_, year)| year.parse::<u16>().is_ok()).map_or(stem, |(t, _)| t);
    TABLES.contains(&table)
}

/// Parties, brands, notices, ports, campaigns and audit.toml.
fn small_tables(plan: &Plan, folder: &Path, format: Format) -> Result<(), Error> {
    let mut table = Table::create(folder, "parties", PARTIES_COLUMNS, format)?;
    for party in PARTIES {
        table.texts(&[party.id, party.name, party.contact, party.online, party.region, party.licence])?;
        table.end()?;
    }
    table.finish()?;
    rows(folder, format, "brands", BRANDS_COLUMNS, BRANDS)?;
    rows(folder, format, "notices", NOTICES_COLUMNS, NOTICES)?;
    rows(folder, format, "ports", PORTS_COLUMNS, PORTS)?;
    let mut table = Table::create(folder, "campaigns", CAMPAIGNS_COLUMNS, format)?;
    for campaign in &plan.campaigns {
        campaign_row(&mut table, campaign)?;
    }
    table.finish()?;
    let path = folder.join(AUDIT);
    fs::write(&path, AUDIT_TOML).map_err(|e| Error::write(&path, e))
}

fn rows<const N: usize>(
    folder: &Path,
    format: Format,
    name: &str,
    columns: &'static [Column],
    rows: &[[&str; N]],
) -> Result<(), Error> {
    let mut table = Table::create(folder, name, columns, format)?;
    for row in rows {
        table.texts(row)?;
        table.end()?;
    }
    table.finish()
}

fn campaign_row(table: &mut Table, campaign: &Campaign) -> Result<(), Error> {
    let facts = &campaign.facts;
    table.texts(&[
        &campaign.id,
        &campaign.name,
        campaign.kind(),
        facts.channel,
        campaign.advertiser(),
        campaign.content_provider(),
        facts.service_provider,
        facts.carrier,
        campaign.controller(),
        facts.audience,
        facts.declared,
        facts.purpose,
        facts.wording,
        facts.basis,
        facts.untargeted_option,
        facts.vendor_contract,
        facts.log_kept,
        facts.operator_knew,
        facts.gain_yuan,
    ])?;
    table.end()
}

/// `answers.csv` and `provisions.csv`: what is claimed in each scenario while a provision is in force, and
/// when that is. Always CSV: small.
fn answers(oracle: &Oracle, seen: &Seen, drawn: bool, folder: &Path) -> Result<(), Error> {
    let mut table = Table::create(folder, "answers", ANSWERS_COLUMNS, Format::Csv)?;
    for scenario in oracle.scenarios().iter().filter(|scenario| seen.contains(scenario.id)) {
        let claims = oracle.claims(scenario.id, drawn);
        let list: Vec<String> = claims.iter().map(|e| format!("{}={}", e.provision, e.claim)).collect();
        table.texts(&[scenario.id, scenario.zh, scenario.en, &list.join("|")])?;
        table.end()?;
    }
    table.finish()?;
    let mut table = Table::create(folder, "provisions", PROVISIONS_COLUMNS, Format::Csv)?;
    for provision in oracle.provisions() {
        let Interval { from, until } = provision.in_force;
        let until = until.map_or_else(String::new, |day| day.to_string());
        table.texts(&[provision.id, provision.article, provision.mark.code(), &from.to_string(), &until])?;
        table.end()?;
    }
    table.finish()
}

const W: Holds = Holds::Word;
const PARTIES_COLUMNS: &[Column] =
    &[("party", W), ("name", W), ("contact", W), ("online_business", W), ("region", W), ("licence", W)];
const BRANDS_COLUMNS: &[Column] =
    &[("member_kind", W), ("member", W), ("brand", W), ("from", W), ("until", W), ("asserted_by", W)];
const NOTICES_COLUMNS: &[Column] = &[
    ("notice", W),
    ("version", W),
    ("hash", W),
    ("title", W),
    ("names_controller", W),
    ("states_purpose", W),
    ("states_categories", W),
    ("states_retention", W),
    ("states_rights", W),
    ("states_type_frequency_period", W),
];
const PORTS_COLUMNS: &[Column] = &[
    ("port", W),
    ("use", W),
    ("shared", W),
    ("refusal_free", W),
    ("signature_filed", W),
    ("content_provider_filed", W),
    ("port_filed", W),
];
const CAMPAIGNS_COLUMNS: &[Column] = &[
    ("campaign", W),
    ("name", W),
    ("kind", W),
    ("channel", W),
    ("advertiser", W),
    ("content_provider", W),
    ("service_provider", W),
    ("carrier", W),
    ("controller", W),
    ("audience", W),
    ("declared", W),
    ("purpose", W),
    ("wording", W),
    ("basis", W),
    ("untargeted_option", W),
    ("vendor_contract", W),
    ("log_kept", W),
    ("operator_knew", W),
    ("gain_yuan", W),
];
const ANSWERS_COLUMNS: &[Column] = &[("scenario", W), ("zh", W), ("en", W), ("answers", W)];
const PROVISIONS_COLUMNS: &[Column] =
    &[("provision", W), ("article", W), ("mark", W), ("from", W), ("until", W)];

/// Names of tables that a run writes.
const TABLES: &[&str] = &[
    "sends",
    "expected",
    "consents",
    "withdrawals",
    "parties",
    "brands",
    "notices",
    "ports",
    "campaigns",
    "answers",
    "provisions",
];
const AUDIT: &str = "audit.toml";
const AUDIT_TOML: &str = "\
# Declared, so that anybody's audit of this sample gives the same pseudonyms. Not a secret.
pseudonym_key = \"anning sample, not a secret\"

[policy]
reading = \"strict\"
";
