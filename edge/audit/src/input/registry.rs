//! The small tables: parties, brands, notices, campaigns, ports; held whole.

use std::collections::HashMap;
use std::path::Path;

use anning_consent::{BrandAssertion, CitedPage, Member, Pages};
use anning_vocab::{
    Audience, Basis, BrandId, CampaignId, Channel, ContentKind, Date, Declared, Fen, Filing, Interval, Known,
    Message, Notice, Parties, PartyId, PortId, PortUse, Purpose, Region, SignatureId, Timestamp,
};
pub use anning_vocab::{Campaign, Party, Port};

use super::context::{Context, port, signature_name};
use super::error::Error;
use super::frame::Frame;
use super::mapping::TableMapping;
use super::names::Names;
use super::open::Input;
use super::pages::{self, PageRows, Vouched};
use super::reject::{Fault, Reject, Tallies};
use super::rows::{Piece, Rows};
use super::seal::Logs;
use super::sends::Times;
use super::table::{Table, brands, campaigns, notices, pages as at, parties, ports};
use super::time::{Zone, day};
use super::tuple::Words;
use super::units::Units;
use super::word::{flag, id, word};

/// What people were shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRow {
    /// Its version.
    pub version: Option<Box<str>>,
    /// Its title.
    pub title: Option<Box<str>>,
    /// What it says.
    pub facts: Notice,
}

/// The small tables.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    known: anning_vocab::Registry,
    notices: HashMap<u32, NoticeRow>,
    brands: Vec<BrandAssertion>,
    pages: Pages,
}

/// The small tables and how they were read.
#[derive(Clone, Debug, Default)]
pub struct RegistryRead {
    /// The tables.
    pub registry: Registry,
    /// Rows that could not be read.
    pub rejects: Vec<Reject>,
    /// Rows of each file.
    pub tallies: Tallies,
    /// How far the captures of pages are vouched for.
    pub vouched: Vouched,
}

impl Registry {
    /// Reads all small tables of an input; page records are as good as their seals, and seals as these logs.
    ///
    /// # Errors
    /// [`Error`] when a file is damaged, cut short or cannot be read.
    pub fn read(input: &Input, names: &Names, logs: &Logs<'_>) -> Result<RegistryRead, Error> {
        let mut out = RegistryRead::default();
        let tables =
            [Table::Parties, Table::Brands, Table::Notices, Table::Campaigns, Table::Ports, Table::Pages];
        let mut pages = PageRows::default();
        let units = Units::new(input, &tables);
        let mut rows = Rows::new(input);
        while let Some(mut piece) = rows.next(&units)? {
            let mut rejects = std::mem::take(&mut piece.rejects);
            let mut read = 0;
            let columns = piece.table.columns();
            let words: Vec<Words> =
                columns.iter().map(|c| Words::new(piece.table, c.name, piece.mapping)).collect();
            let frame = piece.frame();
            for row in 0..frame.rows {
                let cells: Vec<_> = (0..columns.len()).map(|at| frame.lane(at).text(row)).collect();
                let cells = cells.iter().zip(&words).map(|(cell, words)| words.ours(cell).trim()).collect();
                let read_row = if piece.table == Table::Pages {
                    let folder = input.path(piece.unit.file).and_then(Path::parent);
                    page_times(&frame, row, piece.mapping, input.mapping.zone)
                        .and_then(|times| pages.row(&Row { cells }, times, folder, logs, names))
                } else {
                    out.registry.row(piece.table, &Row { cells }, names)
                };
                match read_row {
                    Ok(()) => read += 1,
                    Err(fault) => rejects.push(piece.reject(&fault, frame.line(row))),
                }
            }
            out.tallies.file_mut(piece.unit.file).add(Piece::tally(read, &rejects));
            out.rejects.append(&mut rejects);
        }
        (out.registry.pages, out.vouched) = pages.finish();
        Ok(out)
    }

    /// Captures of sign-up pages.
    #[must_use]
    pub const fn pages(&self) -> &Pages {
        &self.pages
    }

    /// A party's row.
    #[must_use]
    pub fn party(&self, id: PartyId) -> Option<&Party> {
        self.known.parties.get(&id)
    }

    /// A campaign's row.
    #[must_use]
    pub fn campaign(&self, id: CampaignId) -> Option<&Campaign> {
        self.known.campaigns.get(&id)
    }

    /// A port's row.
    #[must_use]
    pub fn port(&self, id: PortId) -> Option<&Port> {
        self.known.ports.get(&id)
    }

    /// Every brand assertion, in the order of the file.
    #[must_use]
    pub fn brands(&self) -> &[BrandAssertion] {
        &self.brands
    }

    /// Every notice, in no order.
    pub fn notices(&self) -> impl Iterator<Item = &NoticeRow> {
        self.notices.values()
    }

    /// Every notice with its id, in the order of the ids.
    #[must_use]
    pub fn notices_by_name(&self, names: &Names) -> Vec<(Box<str>, &NoticeRow)> {
        let all = (0..).zip(names.notice_names());
        let mut named: Vec<_> = all.filter_map(|(id, name)| Some((name, self.notices.get(&id)?))).collect();
        named.sort_by(|a, b| a.0.cmp(&b.0));
        named
    }

    /// What a notice says; all unknown when it has no row.
    pub(crate) fn notice(&self, id: u32) -> Notice {
        self.notices.get(&id).map_or_else(Notice::default, |row| row.facts)
    }

    /// A message with everything that its context, campaign, port and parties say; see
    /// [`anning_vocab::Registry::message`].
    #[must_use]
    pub fn message(&self, context: &Context) -> Message {
        self.known.message(context)
    }

    /// Ids that are used somewhere but have no row, by table, in the order of their names.
    #[must_use]
    pub fn unlisted(&self, names: &Names) -> Vec<(Table, Vec<Box<str>>)> {
        let missing = |all: Vec<Box<str>>, known: &dyn Fn(u32) -> bool| {
            let mut missing: Vec<Box<str>> =
                // A send without an id names nothing that could be missing.
                (0..).zip(all).filter(|(id, name)| !known(*id) && !name.is_empty()).map(|(_, name)| name).collect();
            missing.sort();
            missing
        };
        let branded: std::collections::HashSet<BrandId> = self.brands.iter().map(|b| b.brand).collect();
        let tables = [
            (
                Table::Parties,
                missing(names.party_names(), &|id| self.known.parties.contains_key(&PartyId(id))),
            ),
            (Table::Brands, missing(names.brand_names(), &|id| branded.contains(&BrandId(id)))),
            (Table::Notices, missing(names.notice_names(), &|id| self.notices.contains_key(&id))),
            (
                Table::Campaigns,
                missing(names.campaign_names(), &|id| self.known.campaigns.contains_key(&CampaignId(id))),
            ),
            (Table::Ports, missing(names.port_names(), &|id| self.known.ports.contains_key(&PortId(id)))),
            (Table::Pages, self.pages_missing(names)),
        ];
        tables.into_iter().filter(|(_, names)| !names.is_empty()).collect()
    }

    /// What acts cite as a page and no capture shows.
    fn pages_missing(&self, names: &Names) -> Vec<Box<str>> {
        let missing = |cell: &str| match pages::cited(cell, &self.pages, names) {
            CitedPage::Record(record) => !self.pages.has(record),
            CitedPage::Version(version) => !self.pages.has_version(version),
        };
        let mut all: Vec<Box<str>> = names.page_names().into_iter().filter(|cell| missing(cell)).collect();
        all.sort();
        all
    }

    fn row(&mut self, table: Table, row: &Row<'_>, names: &Names) -> Result<(), Fault> {
        match table {
            Table::Parties => {
                let id = names.party(row.need(parties::PARTY, "party")?);
                once(&mut self.known.parties, id, "party", row.party()?, row.cell(parties::PARTY))
            }
            Table::Campaigns => {
                let id = names.campaign(row.need(campaigns::CAMPAIGN, "campaign")?);
                once(
                    &mut self.known.campaigns,
                    id,
                    "campaign",
                    row.campaign(names)?,
                    row.cell(campaigns::CAMPAIGN),
                )
            }
            Table::Ports => {
                let name = port("port", row.need(ports::PORT, "port")?)?.unwrap_or_default();
                once(&mut self.known.ports, names.port(&name), "port", row.port()?, row.cell(ports::PORT))
            }
            Table::Notices => {
                let id = names.notice(row.need(notices::NOTICE, "notice")?);
                once(&mut self.notices, id, "notice", row.notice()?, row.cell(notices::NOTICE))
            }
            Table::Brands => {
                self.brands.push(row.brand(names)?);
                Ok(())
            }
            Table::Sends | Table::Consents | Table::Withdrawals | Table::Pages => Ok(()),
        }
    }
}

/// Keeps a row unless one of its id stands before it.
fn once<K: Eq + std::hash::Hash, V>(
    map: &mut HashMap<K, V>,
    id: K,
    column: &'static str,
    value: V,
    cell: &str,
) -> Result<(), Fault> {
    match map.entry(id) {
        std::collections::hash_map::Entry::Vacant(place) => {
            place.insert(value);
            Ok(())
        }
        std::collections::hash_map::Entry::Occupied(_) => {
            Err(Fault::new(column, "stands in an earlier row too; the first is kept", cell))
        }
    }
}

/// When a page was captured and when that was on record.
fn page_times(
    frame: &Frame<'_>,
    row: usize,
    mapping: &TableMapping,
    zone: Option<Zone>,
) -> Result<[Option<Timestamp>; 2], Fault> {
    let time = |column, name| {
        let (lane, times) = (frame.lane(column), Times::of(mapping.time.get(name), zone));
        if lane.is_empty(row) {
            return Ok(None);
        }
        lane.instant(row, name, times.form, times.zone).map(Timestamp::from_millis).map(Some)
    };
    Ok([time(at::CAPTURED_AT, "captured_at")?, time(at::RECORDED_AT, "recorded_at")?])
}

/// One row, its cells trimmed and in our words.
pub(super) struct Row<'a> {
    cells: Vec<&'a str>,
}

impl Row<'_> {
    pub(super) fn cell(&self, at: usize) -> &str {
        self.cells.get(at).copied().unwrap_or("")
    }

    pub(super) fn need(&self, at: usize, column: &'static str) -> Result<&str, Fault> {
        id(self.cell(at)).ok_or_else(|| Fault::new(column, "is empty", ""))
    }

    fn text(&self, at: usize) -> Option<Box<str>> {
        id(self.cell(at)).map(Into::into)
    }

    pub(super) fn flag(&self, at: usize, table: Table) -> Result<Option<bool>, Fault> {
        flag(table.columns().get(at).map_or("", |c| c.name), self.cell(at))
    }

    fn known(&self, at: usize, table: Table) -> Result<Known, Fault> {
        self.flag(at, table).map(Known::from_option)
    }

    fn date(&self, at: usize, column: &'static str) -> Result<Option<Date>, Fault> {
        let date = |cell| day(cell).map_err(|e| Fault::new(column, e.to_string(), cell));
        id(self.cell(at)).map(date).transpose()
    }

    fn party(&self) -> Result<Party, Fault> {
        Ok(Party {
            name: self.text(parties::NAME),
            contact: self.text(parties::CONTACT),
            online_business: self.known(parties::ONLINE_BUSINESS, Table::Parties)?,
            region: word!(Region, "region", self.cell(parties::REGION))?.unwrap_or(Region::Elsewhere),
            licence: self.known(parties::LICENCE, Table::Parties)?,
        })
    }

    fn campaign(&self, names: &Names) -> Result<Campaign, Fault> {
        use campaigns as at;
        let party = |at| id(self.cell(at)).map(|p| names.party(p));
        let known = |at| self.known(at, Table::Campaigns);
        Ok(Campaign {
            name: self.text(at::NAME),
            kind: word!(ContentKind, "kind", self.cell(at::KIND))?,
            channel: word!(Channel, "channel", self.cell(at::CHANNEL))?,
            parties: Parties {
                advertiser: party(at::ADVERTISER),
                content_provider: party(at::CONTENT_PROVIDER),
                service_provider: party(at::SERVICE_PROVIDER),
                carrier: party(at::CARRIER),
                controller: party(at::CONTROLLER),
            },
            audience: word!(Audience, "audience", self.cell(at::AUDIENCE))?,
            declared: word!(Declared, "declared", self.cell(at::DECLARED))?,
            purpose: word!(Purpose, "purpose", self.cell(at::PURPOSE))?,
            wording: id(self.cell(at::WORDING)).map(|w| names.wording(w)),
            basis: word!(Basis, "basis", self.cell(at::BASIS))?.unwrap_or(Basis::Unstated),
            untargeted_option: known(at::UNTARGETED_OPTION)?,
            vendor_contract: known(at::VENDOR_CONTRACT)?,
            log_kept: known(at::LOG_KEPT)?,
            operator_knew: known(at::OPERATOR_KNEW)?,
            gain: id(self.cell(at::GAIN_YUAN)).map(yuan).transpose()?,
        })
    }

    fn port(&self) -> Result<Port, Fault> {
        let known = |at| self.known(at, Table::Ports);
        Ok(Port {
            usage: word!(PortUse, "use", self.cell(ports::USE))?.unwrap_or(PortUse::Unknown),
            shared: known(ports::SHARED)?,
            refusal_free: known(ports::REFUSAL_FREE)?,
            filing: Filing {
                signature: known(ports::SIGNATURE_FILED)?,
                content_provider: known(ports::CONTENT_PROVIDER_FILED)?,
                port: known(ports::PORT_FILED)?,
            },
        })
    }

    fn notice(&self) -> Result<NoticeRow, Fault> {
        let flag = |at| self.flag(at, Table::Notices);
        Ok(NoticeRow {
            version: self.text(notices::VERSION),
            title: self.text(notices::TITLE),
            facts: Notice {
                hash: hash(self.cell(notices::HASH))?,
                names_controller: flag(notices::NAMES_CONTROLLER)?,
                states_purpose: flag(notices::STATES_PURPOSE)?,
                states_categories: flag(notices::STATES_CATEGORIES)?,
                states_retention: flag(notices::STATES_RETENTION)?,
                states_rights: flag(notices::STATES_RIGHTS)?,
                states_type_frequency_period: flag(notices::STATES_TYPE_FREQUENCY_PERIOD)?,
            },
        })
    }

    fn brand(&self, names: &Names) -> Result<BrandAssertion, Fault> {
        let member = self.need(brands::MEMBER, "member")?;
        let member = match self.cell(brands::MEMBER_KIND) {
            "signature" => {
                Member::Signature(SignatureId(names.signature(signature_name(member).unwrap_or(member)).0))
            }
            "party" => Member::Party(names.party(member)),
            "port" => Member::Port(names.port(&port("member", member)?.unwrap_or_default())),
            other => {
                return Err(Fault::new("member_kind", "unknown word; allowed: signature party port", other));
            }
        };
        let from = self.date(brands::FROM, "from")?.unwrap_or(Date::from_days(i32::MIN));
        let until = self.date(brands::UNTIL, "until")?;
        if until.is_some_and(|until| until < from) {
            let reason = "negative period: it ends before it begins";
            return Err(Fault::new("until", reason, self.cell(brands::UNTIL)));
        }
        Ok(BrandAssertion {
            member,
            brand: names.brand(self.need(brands::BRAND, "brand")?),
            interval: Interval { from, until },
            by: id(self.cell(brands::ASSERTED_BY)).map(|p| names.party(p)),
        })
    }
}

/// The first 64 bits of a hash in hex; 0 only where none is given.
fn hash(cell: &str) -> Result<u64, Fault> {
    let Some(cell) = id(cell) else { return Ok(0) };
    let hex = cell.strip_prefix("sha256:").unwrap_or(cell);
    if !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(Fault::new("hash", "not hex digits", cell));
    }
    let head = hex.get(..16).unwrap_or(hex);
    u64::from_str_radix(head, 16)
        .map(|hash| hash.max(1))
        .map_err(|_| Fault::new("hash", "not hex digits", cell))
}

/// An amount in yuan, with at most two decimals and optional commas.
fn yuan(cell: &str) -> Result<Fen, Fault> {
    let wrong = || Fault::new("gain_yuan", "not an amount in yuan such as 4970 or 4970.50", cell);
    let plain: String =
        cell.trim_start_matches(['¥', '￥']).chars().filter(|c| !matches!(c, ',' | ' ')).collect();
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    if whole.is_empty() || part.len() > 2 || !whole.bytes().chain(part.bytes()).all(|b| b.is_ascii_digit()) {
        return Err(wrong());
    }
    let fen: i64 = format!("{part:0<2}").parse().map_err(|_| wrong())?;
    let yuan: i64 = whole.parse().map_err(|_| wrong())?;
    yuan.checked_mul(100).and_then(|sum| sum.checked_add(fen)).map(Fen).ok_or_else(wrong)
}
