//! Sign-up pages: captures, each of one version, and what a version shows.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use anning_consent::{Capture, CitedPage, Pages};
use anning_page::check::RECORD_MAX;
use anning_page::record::Record;
use anning_page::request::requests;
use anning_page::version::Version;
use anning_vocab::{
    Bundling, Channel, Control, Covers, Notice, PageAsks, PageFacts, PageReceiver, Prominence, Timestamp,
};

use super::address;
use super::names::Names;
use super::registry::Row;
use super::reject::Fault;
use super::seal::{self, Logs, Seal};
use super::table::{Table, pages as at};
use super::word::{days, frequency, id, word, words};

/// Rows of `pages` as they come.
#[derive(Default)]
pub(crate) struct PageRows {
    captures: Vec<Capture>,
    facts: BTreeMap<u64, Vec<PageFacts>>,
    records: HashSet<u32>,
    unknown_logs: BTreeSet<String>,
}

/// How far the captures of an input are vouched for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vouched {
    /// Captures that no trusted log has: the sender's own statements.
    pub unsealed: u64,
    /// Logs that have some of these, but whose key nobody named.
    pub unknown_logs: BTreeSet<String>,
}

/// What a row says of the page at one moment.
struct Shown {
    version: u64,
    captured: Timestamp,
    address: Option<String>,
    facts: Vec<PageFacts>,
    seal: Seal,
}

impl PageRows {
    /// Takes a row; `times` are when it was captured and put on record, `folder` is where paths of records begin.
    pub(crate) fn row(
        &mut self,
        row: &Row<'_>,
        times: [Option<Timestamp>; 2],
        folder: Option<&Path>,
        logs: &Logs<'_>,
        names: &Names,
    ) -> Result<(), Fault> {
        let page = row.need(at::PAGE, "page")?;
        if self.captures.len() >= PAGES_MAX {
            return Err(Fault::new("page", format!("more captures than are held: {PAGES_MAX}"), page));
        }
        let [captured, recorded] = times;
        let shown = match id(row.cell(at::RECORD)) {
            Some(path) => of_record(row, path, captured, folder, logs)?,
            None => of_row(row, captured)?,
        };
        let recorded = on_record(&shown, recorded)?;
        if recorded < shown.captured {
            let reason = "negative period: on record before it was captured";
            return Err(Fault::new("recorded_at", reason, &recorded.to_string()));
        }
        if self
            .facts
            .get(&shown.version)
            .is_some_and(|known| !shown.facts.is_empty() && *known != shown.facts)
        {
            let reason = "this version stands in an earlier row with other facts; the first is kept";
            return Err(Fault::new("version", reason, row.cell(at::VERSION)));
        }
        let record = names.page(page);
        if !self.records.insert(record) {
            return Err(Fault::new("page", "stands in an earlier row too; the first is kept", page));
        }
        if !shown.facts.is_empty() {
            self.facts.insert(shown.version, shown.facts);
        }
        self.captures.push(Capture {
            record,
            version: shown.version,
            captured: shown.captured,
            recorded,
            sealed: matches!(shown.seal, Seal::Held(_)),
            address: shown.address.map(|text| address::address(&text, names)),
            handler: None,
        });
        if let Seal::Unknown(log) = shown.seal
            && self.unknown_logs.len() < LOGS_MAX
        {
            self.unknown_logs.insert(log);
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> (Pages, Vouched) {
        let unsealed = self.captures.iter().filter(|capture| !capture.sealed).count() as u64;
        let vouched = Vouched { unsealed, unknown_logs: self.unknown_logs };
        (Pages::new(self.captures, self.facts), vouched)
    }
}

/// When the capture was on record: when a log took it, else as the row says, else when it was made.
fn on_record(shown: &Shown, said: Option<Timestamp>) -> Result<Timestamp, Fault> {
    let Seal::Held(at) = shown.seal else { return Ok(said.unwrap_or(shown.captured)) };
    if said.is_some_and(|said| said.second() != at.second()) {
        let reason = format!("is not the time of the seal, which is: {at}; leave it empty");
        return Err(Fault::new("recorded_at", reason, ""));
    }
    if at.second() < shown.captured.second() {
        let reason = format!("the record says that it was made after its seal, which is of: {at}");
        return Err(Fault::new("record", reason, &shown.captured.to_string()));
    }
    // Within one second the clocks of recorder and log may differ.
    Ok(at.max(shown.captured))
}

/// How a cell names a page: a record that there is, else a version hash, else a record that there is not.
pub(crate) fn cited(cell: &str, pages: &Pages, names: &Names) -> CitedPage {
    let record = names.page(cell);
    match version(cell) {
        Some(version) if !pages.has(record) => CitedPage::Version(version),
        Some(_) | None => CitedPage::Record(record),
    }
}

/// The first 64 bits of a version hash in hex; `None` for what is none.
fn version(cell: &str) -> Option<u64> {
    let hex = cell.strip_prefix("sha256:").unwrap_or(cell);
    if hex.len() < HASH_MIN || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u64::from_str_radix(hex.get(..HASH_MIN)?, 16).ok().map(|head| head.max(1))
}

fn of_record(
    row: &Row<'_>,
    path: &str,
    captured: Option<Timestamp>,
    folder: Option<&Path>,
    logs: &Logs<'_>,
) -> Result<Shown, Fault> {
    let (bytes, seal) = seal::read(path, folder, RECORD_MAX, logs)?;
    let record =
        Record::read(&bytes).map_err(|e| Fault::new("record", format!("no page record: {e}"), path))?;
    let fault = |column, reason: &str| Fault::new(column, reason, row.cell(at::VERSION));
    if FACTS.iter().any(|column| id(row.cell(*column)).is_some()) {
        return Err(Fault::new(
            "record",
            "a row with a record says nothing of its own; leave the columns of facts empty",
            path,
        ));
    }
    let Some(seen) = Version::of(&record) else {
        return Err(Fault::new("record", "the record shows no page; see its outcome", path));
    };
    let said = id(row.cell(at::VERSION));
    if said.is_some_and(|cell| version(cell) != Some(seen.head())) {
        return Err(fault("version", &format!("is not the version of the record, which is: {seen}")));
    }
    let at = record.instant().map_err(|e| Fault::new("record", format!("no page record: {e}"), path))?;
    if captured.is_some_and(|captured| captured.second() != at.second()) {
        return Err(Fault::new(
            "captured_at",
            format!("is not the time of the record, which is: {at}"),
            path,
        ));
    }
    if let Some(said) = id(row.cell(at::ADDRESS))
        && !address::is_same(said, &record.address)
    {
        let reason = "is not the address of the record; leave it empty, or cite the record of that page";
        return Err(Fault::new("address", reason, said));
    }
    Ok(Shown {
        version: seen.head(),
        captured: at,
        facts: requests(&record),
        address: Some(record.address),
        seal,
    })
}

fn of_row(row: &Row<'_>, captured: Option<Timestamp>) -> Result<Shown, Fault> {
    let cell = row.need(at::VERSION, "version")?;
    let version =
        version(cell).ok_or_else(|| Fault::new("version", "not a hash of 16 hex digits or more", cell))?;
    let captured =
        captured.ok_or_else(|| Fault::new("captured_at", "is empty, and there is no record", ""))?;
    let address = id(row.cell(at::ADDRESS)).map(str::to_owned);
    let asks = word!(PageAsks, "asks", row.cell(at::ASKS))?.unwrap_or(PageAsks::Marketing);
    let facts = facts(row, asks)?;
    // A row that tells no fact is one more capture of its version.
    let facts = if facts == PageFacts::silent(asks) { Vec::new() } else { vec![facts] };
    Ok(Shown { version, captured, address, facts, seal: Seal::None })
}

fn facts(row: &Row<'_>, asks: PageAsks) -> Result<PageFacts, Fault> {
    let flag = |column| row.flag(column, Table::Pages);
    Ok(PageFacts {
        asks,
        covers: word!(Covers, "covers", row.cell(at::COVERS))?,
        channels: words!(Channel, "channels", row.cell(at::CHANNELS))?,
        frequency: frequency("frequency", row.cell(at::FREQUENCY))?,
        days: days("days", row.cell(at::DAYS))?,
        control: word!(Control, "control", row.cell(at::CONTROL))?.unwrap_or(Control::NotRecorded),
        bundling: word!(Bundling, "bundling", row.cell(at::BUNDLING))?.unwrap_or(Bundling::NotRecorded),
        prominence: word!(Prominence, "prominence", row.cell(at::PROMINENCE))?
            .unwrap_or(Prominence::NotRecorded),
        forced: flag(at::FORCED)?,
        notice: Notice {
            hash: 0,
            names_controller: flag(at::NAMES_CONTROLLER)?,
            states_purpose: flag(at::STATES_PURPOSE)?,
            states_categories: flag(at::STATES_CATEGORIES)?,
            states_retention: flag(at::STATES_RETENTION)?,
            states_rights: flag(at::STATES_RIGHTS)?,
            states_type_frequency_period: flag(at::STATES_TYPE_FREQUENCY_PERIOD)?,
        },
        receiver: PageReceiver {
            named: flag(at::PROVISION_NAMED)?,
            contact: flag(at::PROVISION_CONTACT)?,
            purpose_and_method: flag(at::PROVISION_PURPOSE)?,
            categories: flag(at::PROVISION_CATEGORIES)?,
            separate: flag(at::PROVISION_SEPARATE)?,
        },
    })
}

/// Captures held whole.
const PAGES_MAX: usize = 100_000;
/// Logs without a key that are named to the reader.
const LOGS_MAX: usize = 8;
/// Hex digits of a hash that tell a version.
const HASH_MIN: usize = 16;
/// Columns that a record answers for.
const FACTS: [usize; 20] = [
    at::ASKS,
    at::COVERS,
    at::CHANNELS,
    at::FREQUENCY,
    at::DAYS,
    at::CONTROL,
    at::BUNDLING,
    at::PROMINENCE,
    at::FORCED,
    at::NAMES_CONTROLLER,
    at::STATES_PURPOSE,
    at::STATES_CATEGORIES,
    at::STATES_RETENTION,
    at::STATES_RIGHTS,
    at::STATES_TYPE_FREQUENCY_PERIOD,
    at::PROVISION_NAMED,
    at::PROVISION_CONTACT,
    at::PROVISION_PURPOSE,
    at::PROVISION_CATEGORIES,
    at::PROVISION_SEPARATE,
];
