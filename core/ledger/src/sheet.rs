//! A sheet: the terms of an act by name, as they stand in the public `sheet` leaf and in opened evidence.
//!
//! Inside the engine parties, brands and ports are numbers of a table; on a sheet they are names, so that it
//! means the same to everybody. It names no recipient.
//!
//! ```
//! use anning_ledger::sheet;
//! use anning_vocab::{Covers, PartyId, Terms};
//! let terms = Terms { controller: Some(PartyId(7)), ..Terms::silent(Covers::Receive) };
//! let bytes = sheet::encode(&terms, &|_, id| (id == 7).then(|| "某商城".to_owned())).unwrap();
//! let again = sheet::decode(&bytes, &mut |_, name| if name == "某商城" { 7 } else { 8 }).unwrap();
//! assert_eq!(again, terms);
//! ```

use std::collections::BTreeMap;

use anning_vocab::{
    AgeBand, BrandId, Bundling, Category, Channel, ContentKind, Control, Covers, Date, Frequency, Notice,
    PageSeen, PartyId, PortId, ProcessingPurpose, Prominence, Provision, Set, Terms, Timestamp, Window,
};

use crate::cbor::Value;
use crate::fields::{FieldError, Fields};
use crate::suite::{Hash, Suite};

/// Which table a name stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Companies, authorities, persons.
    Party,
    /// Brands.
    Brand,
    /// Ports and numbers.
    Port,
    /// Signatures.
    Signature,
    /// Campaigns.
    Campaign,
    /// Groups of same wording.
    Wording,
}

impl Table {
    /// Every table, in order.
    pub const ALL: &'static [Self] =
        &[Self::Party, Self::Brand, Self::Port, Self::Signature, Self::Campaign, Self::Wording];
}

/// The name behind a number of a table.
pub type NameOf<'n> = &'n dyn Fn(Table, u32) -> Option<String>;

/// The number of a name in a table, given on first sight.
pub type Intern<'n> = &'n mut dyn FnMut(Table, &str) -> u32;

/// Names numbered in order of arrival, table by table: for readers that have no tables of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(BTreeMap<Table, Vec<String>>);

impl Names {
    /// The number of a name, given on first sight.
    pub fn intern(&mut self, table: Table, name: &str) -> u32 {
        let names = self.0.entry(table).or_default();
        let at = names.iter().position(|known| known == name).unwrap_or_else(|| {
            names.push(name.to_owned());
            names.len() - 1
        });
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    /// The name behind a number.
    #[must_use]
    pub fn name(&self, table: Table, id: u32) -> Option<String> {
        self.0.get(&table)?.get(id as usize).cloned()
    }
}

/// The bytes of a sheet.
///
/// # Errors
/// [`FieldError::Unnamed`] for a number without a name; [`FieldError::Wrong`] for a day outside the years 1 to 9999.
pub fn encode(terms: &Terms, name: NameOf<'_>) -> Result<Vec<u8>, FieldError> {
    to_value(terms, name).map(|sheet| sheet.to_bytes())
}

/// The terms on a sheet.
///
/// # Errors
/// [`FieldError`] when the bytes are no sheet in its one form.
pub fn decode(bytes: &[u8], intern: Intern<'_>) -> Result<Terms, FieldError> {
    from_value(Value::from_bytes(bytes, SHEET_MAX)?, intern)
}

/// The hash of a sheet, by which acts name their terms.
#[must_use]
pub fn hash(suite: Suite, sheet: &[u8]) -> Hash {
    suite.digest(&[b"anning sheet 1\n", sheet])
}

/// A sheet as a value: the columns of an act, absent where nothing is recorded.
///
/// # Errors
/// As [`encode`].
pub fn to_value(terms: &Terms, name: NameOf<'_>) -> Result<Value, FieldError> {
    let provision = terms.provision;
    let flag = |of: fn(&Provision) -> Option<bool>| provision.as_ref().and_then(of).map(Value::Flag);
    let unless = |recorded: bool, code: &'static str| recorded.then(|| Value::text(code));
    let days = terms.days.map(|days| Value::Int(i64::from(days)));
    Ok(Value::map([
        ("controller", named(name, Table::Party, "controller", terms.controller.map(|id| id.0))?),
        ("brand", named(name, Table::Brand, "brand", terms.brand.map(|id| id.0))?),
        ("port", named(name, Table::Port, "port", terms.port.map(|id| id.0))?),
        ("covers", Some(Value::text(terms.covers.code()))),
        ("channels", terms.channels.map(|set| codes(set.iter().map(Channel::code)))),
        ("kinds", terms.kinds.map(|set| codes(set.iter().map(ContentKind::code)))),
        ("purposes", terms.purposes.map(|set| codes(set.iter().map(ProcessingPurpose::code)))),
        ("categories", terms.categories.map(|set| codes(set.iter().map(Category::code)))),
        ("frequency", terms.frequency.map(|f| Value::text(format!("{}/{}", f.at_most, f.per)))),
        ("until", terms.until.map(day).transpose()?),
        ("days", days),
        ("control", unless(terms.control != Control::NotRecorded, terms.control.code())),
        ("bundling", unless(terms.bundling != Bundling::NotRecorded, terms.bundling.code())),
        ("prominence", unless(terms.prominence != Prominence::NotRecorded, terms.prominence.code())),
        ("forced", terms.forced.map(Value::Flag)),
        ("related", terms.related.map(Value::Flag)),
        ("notice", terms.notice.as_ref().map(notice)),
        ("provision", provision.map(|_| Value::Flag(true))),
        (
            "provision_to",
            named(name, Table::Party, "provision_to", provision.and_then(|p| p.recipient).map(|id| id.0))?,
        ),
        ("provision_contact", flag(|p| p.contact)),
        ("provision_purpose", flag(|p| p.purpose_and_method)),
        ("provision_categories", flag(|p| p.categories)),
        ("provision_separate", flag(|p| p.separate)),
        ("age", unless(terms.age != AgeBand::Unknown, terms.age.code())),
        ("guardian", terms.guardian.map(Value::Flag)),
        ("wording", named(name, Table::Wording, "wording", terms.wording)?),
        ("page", terms.page.as_ref().map(page)),
    ]))
}

/// The terms on a sheet.
///
/// # Errors
/// As [`decode`].
pub fn from_value(sheet: Value, intern: Intern<'_>) -> Result<Terms, FieldError> {
    let mut fields = Fields::of("sheet", sheet)?;
    let mut id = |fields: &mut Fields, table, column| {
        fields.maybe(column, |value| value.into_text().map(|name| intern(table, &name)))
    };
    let controller = id(&mut fields, Table::Party, "controller")?.map(PartyId);
    let brand = id(&mut fields, Table::Brand, "brand")?.map(BrandId);
    let port = id(&mut fields, Table::Port, "port")?.map(PortId);
    let wording = id(&mut fields, Table::Wording, "wording")?;
    let provision_to = id(&mut fields, Table::Party, "provision_to")?.map(PartyId);
    let terms = Terms {
        controller,
        brand,
        port,
        wording,
        covers: fields.must("covers", code(Covers::from_code))?,
        channels: set(&mut fields, "channels", Channel::from_code, Set::<Channel>::of)?,
        kinds: set(&mut fields, "kinds", ContentKind::from_code, Set::<ContentKind>::of)?,
        purposes: set(&mut fields, "purposes", ProcessingPurpose::from_code, Set::<ProcessingPurpose>::of)?,
        categories: set(&mut fields, "categories", Category::from_code, Set::<Category>::of)?,
        frequency: fields.maybe("frequency", frequency)?,
        until: fields.maybe("until", |value| Date::parse(&value.into_text()?).ok())?,
        days: fields.maybe("days", Value::into_int)?,
        control: said(&mut fields, "control", Control::from_code, Control::NotRecorded)?,
        bundling: said(&mut fields, "bundling", Bundling::from_code, Bundling::NotRecorded)?,
        prominence: said(&mut fields, "prominence", Prominence::from_code, Prominence::NotRecorded)?,
        forced: fields.maybe("forced", Value::into_flag)?,
        related: fields.maybe("related", Value::into_flag)?,
        notice: match fields.maybe("notice", Some)? {
            Some(value) => Some(read_notice(value)?),
            None => None,
        },
        provision: read_provision(&mut fields, provision_to)?,
        age: said(&mut fields, "age", AgeBand::from_code, AgeBand::Unknown)?,
        guardian: fields.maybe("guardian", Value::into_flag)?,
        page: match fields.maybe("page", Some)? {
            Some(value) => Some(read_page(value)?),
            None => None,
        },
    };
    fields.end()?;
    Ok(terms)
}

/// A name in place of a number.
///
/// # Errors
/// [`FieldError::Unnamed`] when the table does not know the number.
pub fn named(
    name: NameOf<'_>,
    table: Table,
    column: &'static str,
    id: Option<u32>,
) -> Result<Option<Value>, FieldError> {
    let Some(id) = id else { return Ok(None) };
    name(table, id).map(|name| Some(Value::text(name))).ok_or(FieldError::Unnamed(column))
}

/// A day as text.
///
/// # Errors
/// [`FieldError::Wrong`] for a day outside the years 1 to 9999.
pub fn day(day: Date) -> Result<Value, FieldError> {
    let text = day.to_string();
    if Date::parse(&text) == Ok(day) { Ok(Value::text(text)) } else { Err(FieldError::Wrong("a day")) }
}

/// Reads a code of a closed list.
pub fn code<T>(of: impl Fn(&str) -> Option<T>) -> impl FnOnce(Value) -> Option<T> {
    move |value| of(&value.into_text()?)
}

/// Reads a code that is left out when nothing is recorded, and must not be written then.
///
/// # Errors
/// [`FieldError::Wrong`].
pub fn said<T: PartialEq + Copy>(
    fields: &mut Fields,
    column: &'static str,
    of: impl Fn(&str) -> Option<T>,
    silent: T,
) -> Result<T, FieldError> {
    let read = fields.maybe(column, |value| code(of)(value).filter(|read| *read != silent))?;
    Ok(read.unwrap_or(silent))
}

/// Codes in the order of their list, each once.
fn codes(codes: impl Iterator<Item = &'static str>) -> Value {
    Value::List(codes.map(Value::text).collect())
}

fn set<T: Ord + Copy, S>(
    fields: &mut Fields,
    column: &'static str,
    of: impl Fn(&str) -> Option<T>,
    make: impl FnOnce(&[T]) -> S,
) -> Result<Option<S>, FieldError> {
    fields.maybe(column, |value| {
        let members: Vec<T> =
            value.into_list()?.into_iter().map(|v| of(&v.into_text()?)).collect::<Option<_>>()?;
        members.is_sorted_by(|a, b| a < b).then(|| make(&members))
    })
}

fn frequency(value: Value) -> Option<Frequency> {
    let text = value.into_text()?;
    let (number, per) = text.split_once('/')?;
    let at_most: u16 = number.parse().ok()?;
    // One writing a number: no sign, no leading zero.
    (at_most.to_string() == number).then_some(())?;
    Some(Frequency { at_most, per: Window::from_code(per)? })
}

fn notice(notice: &Notice) -> Value {
    let hash = (notice.hash != 0).then(|| Value::text(format!("{:016x}", notice.hash)));
    let flags = NOTICE.map(|(column, get, _)| (column, get(notice).map(Value::Flag)));
    Value::map(flags.into_iter().chain([("hash", hash)]))
}

fn page(page: &PageSeen) -> Value {
    Value::map([
        ("version", Some(Value::text(format!("{:016x}", page.version)))),
        ("since", Some(Value::Int(page.since.millis()))),
        ("contradicts", Some(Value::Flag(page.contradicts))),
        ("sealed", page.sealed.then_some(Value::Flag(true))),
    ])
}

fn read_page(value: Value) -> Result<PageSeen, FieldError> {
    let mut fields = Fields::of("page", value)?;
    let page = PageSeen {
        version: fields.must("version", head_of_hash)?,
        since: Timestamp::from_millis(fields.must("since", Value::into_int)?),
        contradicts: fields.must("contradicts", Value::into_flag)?,
        sealed: fields.maybe("sealed", |value| value.into_flag().filter(|flag| *flag))?.is_some(),
    };
    fields.end()?;
    Ok(page)
}

/// The first eight bytes of a hash, in one writing and not all zero.
fn head_of_hash(value: Value) -> Option<u64> {
    let text = value.into_text()?;
    let hash = u64::from_str_radix(&text, 16).ok().filter(|hash| *hash != 0)?;
    (format!("{hash:016x}") == text).then_some(hash)
}

fn read_notice(value: Value) -> Result<Notice, FieldError> {
    let mut fields = Fields::of("notice", value)?;
    let hash = fields.maybe("hash", head_of_hash)?;
    let mut notice = Notice { hash: hash.unwrap_or(0), ..Notice::default() };
    for (column, _, put) in NOTICE {
        put(&mut notice, fields.maybe(column, Value::into_flag)?);
    }
    fields.end()?;
    Ok(notice)
}

fn read_provision(fields: &mut Fields, recipient: Option<PartyId>) -> Result<Option<Provision>, FieldError> {
    let there = fields.maybe("provision", |value| value.into_flag().filter(|flag| *flag))?;
    let provision = Provision {
        recipient,
        contact: fields.maybe("provision_contact", Value::into_flag)?,
        purpose_and_method: fields.maybe("provision_purpose", Value::into_flag)?,
        categories: fields.maybe("provision_categories", Value::into_flag)?,
        separate: fields.maybe("provision_separate", Value::into_flag)?,
    };
    let nothing = Provision {
        recipient: None,
        contact: None,
        purpose_and_method: None,
        categories: None,
        separate: None,
    };
    match there {
        Some(_) => Ok(Some(provision)),
        None if provision == nothing => Ok(None),
        None => Err(FieldError::Missing("provision")),
    }
}

type Flag = (&'static str, fn(&Notice) -> Option<bool>, fn(&mut Notice, Option<bool>));

const NOTICE: [Flag; 6] = [
    ("names_controller", |n| n.names_controller, |n, flag| n.names_controller = flag),
    ("states_purpose", |n| n.states_purpose, |n, flag| n.states_purpose = flag),
    ("states_categories", |n| n.states_categories, |n, flag| n.states_categories = flag),
    ("states_retention", |n| n.states_retention, |n, flag| n.states_retention = flag),
    ("states_rights", |n| n.states_rights, |n, flag| n.states_rights = flag),
    (
        "states_type_frequency_period",
        |n| n.states_type_frequency_period,
        |n, flag| n.states_type_frequency_period = flag,
    ),
];

/// A sheet holds names of a few parties and closed codes.
pub const SHEET_MAX: usize = 4096;
