//! Sign-up pages: captures, each of one version, and what a version shows.

use std::collections::{BTreeMap, HashSet};
use std::path::{Component, Path};

use anning_consent::{Capture, CitedPage, Pages};
use anning_page::check::RECORD_MAX;
use anning_page::record::Record;
use anning_page::request::requests;
use anning_page::version::Version;
use anning_vocab::{
    Bundling, Channel, Control, Covers, Notice, PageAsks, PageFacts, PageReceiver, Prominence, Timestamp,
};

use super::names::Names;
use super::registry::Row;
use super::reject::Fault;
use super::table::{Table, pages as at};
use super::word::{days, frequency, id, word, words};

/// Rows of `pages` as they come.
#[derive(Default)]
pub(crate) struct PageRows {
    captures: Vec<Capture>,
    facts: BTreeMap<u64, Vec<PageFacts>>,
    records: HashSet<u32>,
}

/// What a row says of the page at one moment.
struct Shown {
    version: u64,
    captured: Timestamp,
    address: Option<String>,
    facts: Vec<PageFacts>,
}

impl PageRows {
    /// Takes a row; `times` are when it was captured and put on record, `folder` is where paths of records begin.
    pub(crate) fn row(
        &mut self,
        row: &Row<'_>,
        times: [Option<Timestamp>; 2],
        folder: Option<&Path>,
        names: &Names,
    ) -> Result<(), Fault> {
        let page = row.need(at::PAGE, "page")?;
        if self.captures.len() >= PAGES_MAX {
            return Err(Fault::new("page", format!("more captures than are held: {PAGES_MAX}"), page));
        }
        let [captured, recorded] = times;
        let shown = match id(row.cell(at::RECORD)) {
            Some(path) => of_record(row, &read(path, folder)?, captured)?,
            None => of_row(row, captured)?,
        };
        let recorded = recorded.unwrap_or(shown.captured);
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
            address: shown.address.map(|address| names.page_address(&address)),
        });
        Ok(())
    }

    pub(crate) fn finish(self) -> Pages {
        Pages::new(self.captures, self.facts)
    }
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

fn of_record(row: &Row<'_>, record: &Record, captured: Option<Timestamp>) -> Result<Shown, Fault> {
    let path = row.cell(at::RECORD);
    let fault = |column, reason: &str| Fault::new(column, reason, row.cell(at::VERSION));
    if FACTS.iter().any(|column| id(row.cell(*column)).is_some()) {
        return Err(Fault::new(
            "record",
            "a row with a record says nothing of its own; leave the columns of facts empty",
            path,
        ));
    }
    let Some(seen) = Version::of(record) else {
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
    let address = id(row.cell(at::ADDRESS)).unwrap_or(&record.address).to_owned();
    Ok(Shown { version: seen.head(), captured: at, address: Some(address), facts: requests(record) })
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
    Ok(Shown { version, captured, address, facts })
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

/// Reads a record beside or below the table.
fn read(cell: &str, folder: Option<&Path>) -> Result<Record, Fault> {
    let path = Path::new(cell);
    let inside = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    let (true, Some(folder)) = (inside, folder) else {
        return Err(Fault::new("record", "not a path beside or below the table", cell));
    };
    let path = folder.join(path);
    let cannot = |e: std::io::Error| Fault::new("record", format!("cannot be read: {e}"), cell);
    let bytes = std::fs::metadata(&path).map_err(cannot)?.len();
    if bytes > RECORD_MAX as u64 {
        return Err(Fault::new("record", format!("longer than a record may be: {bytes} bytes"), cell));
    }
    let bytes = std::fs::read(&path).map_err(cannot)?;
    Record::read(&bytes).map_err(|e| Fault::new("record", format!("no page record: {e}"), cell))
}

/// Captures held whole.
const PAGES_MAX: usize = 100_000;
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
