//! Consent records: JSON-LD with the terms of W3C DPV, shaped after ISO/IEC TS 27560, our own part beside them.
//!
//! ```
//! use anning_exchange::{Header, Reading, record};
//! use anning_ledger::{Event, Suite, sheet};
//! use anning_vocab::{ActKind, Covers, Origin, Terms, Timestamp};
//! let sheet = sheet::encode(&Terms::silent(Covers::Receive), &|_, _| None).unwrap();
//! let (suite, at) = (Suite::International, Timestamp::from_millis(1_636_594_200_000));
//! let event = Event {
//!     kind: ActKind::Given,
//!     origin: Origin::Captured,
//!     occurred: at,
//!     received: at,
//!     recorded: at,
//!     sheet: sheet::hash(suite, &sheet),
//!     address: "+8613800138000".to_owned(),
//!     id: Vec::new(),
//! };
//! let header = Header { record_id: "urn:uuid:1".to_owned(), ..Header::default() };
//! let text = record::write(&event, &sheet, suite, &header, None).unwrap();
//! let now = Timestamp::from_millis(1_790_000_000_000);
//! let read = |trust_origin| {
//!     let reading = Reading { now, suite, trust: None, trust_origin };
//!     record::read(text.as_bytes(), reading).unwrap().acts.remove(0)
//! };
//! assert_eq!(read(true).event, event);
//! // A stranger's word is a claim.
//! assert_eq!(read(false).event.origin, Origin::Imported);
//! assert_eq!(read(false).claimed.origin, Some(Origin::Captured));
//! ```

use crate::act::{ACT, Own};
use crate::error::Error;
use crate::json::{At, Members, parse};
use crate::party::{Header, Party};
use crate::proof::ActProof;
use crate::standing::{Read, Reading, admit};
use crate::view::{Notes, View};
use crate::{RECORD_MAX, foreign, instant, term};
use anning_ledger::sheet::{Names, Table};
use anning_ledger::{Event, Suite};
use anning_vocab::{ActKind, AgeBand, Category, Set, Terms, Timestamp};
use serde_json::{Map, Value, json};

/// Writes the record of an act. Its proof, if there is one, goes with it.
///
/// # Errors
/// [`Error`] when the sheet is none or another's, a time lies outside the calendar, or something is too long.
pub fn write(
    event: &Event,
    sheet: &[u8],
    suite: Suite,
    header: &Header,
    proof: Option<&ActProof>,
) -> Result<String, Error> {
    header.within_bounds()?;
    let own = Own::check(event, sheet, suite)?;
    let mut record = view_of(&own, header)?;
    own.write(&mut record)?;
    if let Some(proof) = proof {
        record.insert(PROOF.to_owned(), proof.write());
    }
    let text = format!("{:#}\n", Value::Object(record));
    if text.len() > RECORD_MAX { Err(Error::TooLong { bytes: text.len() }) } else { Ok(text) }
}

/// Reads a record, ours or a stranger's. What is not understood is named; of ours nothing may be left over.
///
/// # Errors
/// [`Error`] with the path of what is wrong or missing, or when words and our own part contradict each other.
pub fn read(bytes: &[u8], reading: Reading<'_>) -> Result<Read, Error> {
    let mut record = parse(bytes)?.members()?;
    let mut notes = Notes::default();
    drop(record.take("@context"));
    check_type(&mut record)?;
    let record_id = read_id(&mut record)?;
    for known in ["dct:conformsTo", "dct:language", "dpv:hasJurisdiction", "dpv:hasLegalBasis"] {
        drop(record.text(known)?);
    }
    if let Some(created) = record.take("dct:created") {
        created.instant(&mut Vec::new())?;
    }
    let view = View::read(&mut record, &mut notes)?;
    let proof = record.take(PROOF).map(ActProof::read).transpose()?;
    let own = Own::read(&mut record, &view.address)?;
    let not_carried = if own.is_some() { &[][..] } else { NOT_CARRIED };
    let acts = match own {
        Some(own) => {
            agree(&own, &view, &record_id)?;
            vec![admit(own, proof.as_ref(), reading)?]
        }
        None => foreign::claims(&[view], &record_id, reading, &mut notes)?,
    };
    record.pass_over(&mut notes.ignored);
    Ok(notes.read(record_id, acts, not_carried))
}

/// The words outside must be those that follow from our own part: else one of them was changed.
fn agree(own: &Own, view: &View, record_id: &str) -> Result<(), Error> {
    let header = Header { record_id: record_id.to_owned(), ..Header::default() };
    let text = Value::Object(view_of(own, &header)?).to_string();
    let follows = View::read(&mut parse(text.as_bytes())?.members()?, &mut Notes::default())?;
    if follows.says_what(view) { Ok(()) } else { Err(Error::Contradiction { path: format!("$['{ACT}']") }) }
}

/// What a stranger sees.
fn view_of(own: &Own, header: &Header) -> Result<Map<String, Value>, Error> {
    let (terms, names) = own.terms()?;
    let mut record = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            record.insert(name.to_owned(), value);
        }
    };
    put("@context", Some(CONTEXT.into()));
    put("@type", Some(RECORD.into()));
    put("dct:conformsTo", Some(FORMAT.into()));
    put("dct:identifier", Some(header.record_id.clone().into()));
    put("dct:created", Some(time("recorded", own.event.recorded)?));
    put("dct:language", header.language.clone().map(Value::from));
    put("dpv:hasJurisdiction", header.jurisdiction.as_ref().map(|country| format!("loc:{country}").into()));
    put("dpv:hasLegalBasis", Some("dpv:Consent".into()));
    put("dpv:hasDataSubject", Some(subject(own, &terms)));
    put("dpv:hasNotice", terms.notice.map(|notice| self::notice(notice.hash, header)));
    put("dpv:hasProcess", Some(process(&terms, &names, header)));
    put("dpv:hasConsentStatus", Some(status(own, &terms)?));
    Ok(record)
}

fn subject(own: &Own, terms: &Terms) -> Value {
    let age = match terms.age {
        AgeBand::Unknown => None,
        AgeBand::Adult => Some("dpv:Adult"),
        AgeBand::Minor | AgeBand::Under14 => Some("dpv:Child"),
    };
    let types: Vec<&str> = ["dpv:DataSubject"].into_iter().chain(age).collect();
    if own.event.address.is_empty() {
        json!({ "@type": types, "anning:addressWithheld": true })
    } else {
        json!({ "@type": types, "dct:identifier": own.event.address })
    }
}

fn notice(hash: u64, header: &Header) -> Value {
    let mut notice = Map::new();
    notice.insert("@type".to_owned(), "dpv:ConsentNotice".into());
    if hash != 0 {
        notice.insert("dct:identifier".to_owned(), format!("{hash:016x}").into());
    }
    if let Some(url) = &header.policy_url {
        notice.insert("dct:source".to_owned(), url.clone().into());
    }
    notice.into()
}

fn process(terms: &Terms, names: &Names, header: &Header) -> Value {
    let mut process = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            process.insert(name.to_owned(), value);
        }
    };
    let named = |id: Option<u32>| id.and_then(|id| names.name(Table::Party, id));
    let categories = |set: Set<Category>| -> Vec<&str> { set.iter().map(term::category).collect() };
    put("@type", Some("dpv:Process".into()));
    put("dpv:hasPurpose", Some(term::purposes(terms).into()));
    put("dpv:hasPersonalData", terms.categories.map(|set| categories(set).into()));
    put(
        "dpv:hasDataController",
        named(terms.controller.map(|id| id.0)).map(|id| party("dpv:DataController", &id, header)),
    );
    let recipient = terms.provision.map(|provision| {
        let name = named(provision.recipient.map(|id| id.0)).unwrap_or_default();
        party("dpv:ThirdParty", &name, header)
    });
    put("dpv:hasRecipientThirdParty", recipient);
    let frequency = terms
        .frequency
        .map(|f| json!({ "@type": "dpv:Frequency", "rdf:value": format!("{}/{}", f.at_most, f.per) }));
    put("dpv:hasFrequency", frequency);
    process.into()
}

/// A party: by its id on the sheet, then for people.
fn party(role: &str, id: &str, header: &Header) -> Value {
    let mut members = Map::new();
    members.insert("@type".to_owned(), role.into());
    if id.is_empty() {
        return members.into();
    }
    members.insert("dct:identifier".to_owned(), id.into());
    let described = header.party(id);
    let name = described.map_or(id, |party| &party.name);
    members.insert("dpv:hasName".to_owned(), name.into());
    if let Some(address) = described.and_then(|party| party.address.as_ref()) {
        members.insert("dpv:hasAddress".to_owned(), address.clone().into());
    }
    let reach = |party: &Party| {
        [&party.contact, &party.email, &party.phone, &party.url].into_iter().flatten().cloned().collect()
    };
    let contacts: Vec<String> = described.map(reach).unwrap_or_default();
    if !contacts.is_empty() {
        members.insert("dpv:hasContact".to_owned(), contacts.into());
    }
    members.into()
}

fn status(own: &Own, terms: &Terms) -> Result<Value, Error> {
    let asked = own.event.kind == ActKind::Asked;
    let by = if asked { "dpv:DataController" } else { "dpv:DataSubject" };
    let guardian = (terms.guardian == Some(true)).then_some("dpv:GuardianOfDataSubject");
    let by: Vec<&str> = [by].into_iter().chain(guardian).collect();
    let until =
        terms.until.map(|day| json!({ "@type": "dpv:UntilTimeDuration", "rdf:value": day.to_string() }));
    let days =
        terms.days.map(|days| json!({ "@type": "dpv:TemporalDuration", "rdf:value": format!("P{days}D") }));
    let mut status = Map::new();
    status.insert("@type".to_owned(), term::state(own.event.kind).into());
    status.insert("dpv:isIndicatedAtTime".to_owned(), time("occurred", own.event.occurred)?);
    status.insert("dpv:isIndicatedBy".to_owned(), by.into());
    if let Some(method) = term::method(terms.control) {
        status.insert("dpv:hasIndicationMethod".to_owned(), method.into());
    }
    let durations: Vec<Value> = until.into_iter().chain(days).collect();
    if !durations.is_empty() {
        status.insert("dpv:hasDuration".to_owned(), durations.into());
    }
    Ok(status.into())
}

fn time(name: &'static str, at: Timestamp) -> Result<Value, Error> {
    instant::write(at).map(Value::from).ok_or(Error::Time(name))
}

fn check_type(record: &mut Members) -> Result<(), Error> {
    let types = record.must("@type")?.items()?;
    let types: Vec<String> = types.into_iter().map(At::text).collect::<Result<_, _>>()?;
    let is_record = |name: &String| [RECORD, "dpv:ConsentReceipt"].contains(&term::short(name).as_str());
    if types.iter().any(is_record) { Ok(()) } else { Err(record.wrong("@type", "dpv:ConsentRecord")) }
}

fn read_id(record: &mut Members) -> Result<String, Error> {
    let ids = [record.text("dct:identifier")?, record.text("@id")?];
    let id = ids.into_iter().flatten().find(|id| !id.is_empty());
    id.ok_or_else(|| record.missing("dct:identifier"))
}

/// The context that the names are resolved in.
pub const CONTEXT: &str = "https://example.org/anning/spec/consent-record.context.jsonld";
/// What `dct:conformsTo` says.
pub const FORMAT: &str = "https://example.org/anning/spec/consent-record/1";
/// Columns that DPV has no terms for.
const NOT_CARRIED: &[&str] = &[
    "brand",
    "port",
    "channels",
    "kinds",
    "bundling",
    "prominence",
    "forced",
    "related",
    "provision_contact",
    "provision_purpose",
    "provision_categories",
    "provision_separate",
    "wording",
    "page",
];
const RECORD: &str = "dpv:ConsentRecord";
const PROOF: &str = "anning:proof";
