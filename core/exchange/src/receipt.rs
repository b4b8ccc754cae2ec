//! Consent receipts of the Kantara Initiative, version 1.1: what a person is handed.
//!
//! A receipt is of a consent; of a refusal or a withdrawal write a [record](crate::record). What the format has no
//! place for is named, and goes along whole in the member `anning` if asked for.

use crate::act::Own;
use crate::error::Error;
use crate::json::{At, Members, parse};
use crate::label::{self, Language};
use crate::party::Header;
use crate::standing::{Imported, Read, Reading, admit};
use crate::view::{Notes, Occurrence, Process, View};
use crate::{RECORD_MAX, foreign, term};
use anning_ledger::sheet::{Names, SHEET_MAX, Table};
use anning_ledger::{Event, FieldError, Key, Suite, Value};
use anning_vocab::{Category, Control, Date, Set, Terms, Timestamp};
use serde_json::{Map, json};
use std::collections::BTreeSet;

/// A receipt, written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The JSON.
    pub text: String,
    /// What a reader without the member `anning` does not learn, or not exactly: columns of the sheet and times.
    pub not_carried: Vec<String>,
}

/// Writes the receipt of a consent for the person; `whole` adds the member `anning`, from which nothing is lost.
///
/// # Errors
/// [`Error`] when the act is no consent, the sheet is none or another's, or something is too long.
pub fn write(
    event: &Event,
    sheet: &[u8],
    suite: Suite,
    header: &Header,
    whole: bool,
) -> Result<Receipt, Error> {
    header.within_bounds()?;
    if !event.kind.agrees() {
        return Err(Error::NoConsent(event.kind));
    }
    let own = Own::check(event, sheet, suite)?;
    let mut receipt = words_of(&own, header)?;
    let bare = serde_json::Value::Object(receipt.clone()).to_string();
    let words = Words::read(&mut parse(bare.as_bytes())?.members()?, &mut Notes::default())?;
    let reading = Reading { now: event.recorded, suite, trust: None, trust_origin: false };
    let claims = foreign::claims(&words.views(), &words.id, reading, &mut Notes::default())?;
    let not_carried = differences(&own, claims.first())?;
    if whole {
        let mut ours = Map::new();
        own.write(&mut ours)?;
        receipt.insert(WHOLE.to_owned(), ours.into());
    }
    let text = format!("{:#}\n", serde_json::Value::Object(receipt));
    if text.len() > RECORD_MAX {
        Err(Error::TooLong { bytes: text.len() })
    } else {
        Ok(Receipt { text, not_carried })
    }
}

/// Reads a receipt, ours or a stranger's.
///
/// # Errors
/// [`Error`] with the path of what is wrong or missing, or when words and our own part contradict each other.
pub fn read(bytes: &[u8], reading: Reading<'_>) -> Result<Read, Error> {
    let mut receipt = parse(bytes)?.members()?;
    let mut notes = Notes::default();
    let words = Words::read(&mut receipt, &mut notes)?;
    let whole = match receipt.take(WHOLE) {
        Some(at) => {
            let mut members = at.members()?;
            let own = Own::read(&mut members, &words.address)?;
            let own = own.ok_or_else(|| members.missing(crate::act::ACT))?;
            members.end()?;
            Some(own)
        }
        None => None,
    };
    receipt.pass_over(&mut notes.ignored);
    let id = words.id.clone();
    let Some(own) = whole else {
        if words.address.is_empty() {
            return Err(Error::Missing { path: "$['piiPrincipalId']".to_owned() });
        }
        let acts = foreign::claims(&words.views(), &id, reading, &mut notes)?;
        return Ok(notes.read(id, acts, NOT_CARRIED));
    };
    agree(&own, &words)?;
    let lost = Notes { lost: Vec::new(), ..notes };
    Ok(lost.read(id, vec![admit(own, None, reading)?], &[]))
}

/// The words must be those that follow from our own part.
fn agree(own: &Own, words: &Words) -> Result<(), Error> {
    let header = Header { record_id: words.id.clone(), ..Header::default() };
    let text = serde_json::Value::Object(words_of(own, &header)?).to_string();
    let follow = Words::read(&mut parse(text.as_bytes())?.members()?, &mut Notes::default())?;
    if own.event.kind.agrees() && follow == *words {
        Ok(())
    } else {
        Err(Error::Contradiction { path: format!("$['{WHOLE}']") })
    }
}

/// What a receipt says, without the member `anning`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Words {
    id: String,
    address: String,
    at: Timestamp,
    method: Option<String>,
    controllers: Vec<String>,
    sensitive: bool,
    purposes: Vec<Purpose>,
}

/// One purpose of one service.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Purpose {
    term: String,
    categories: Option<Vec<String>>,
    recipient: Option<String>,
    until: Option<Date>,
    days: Option<u32>,
}

impl Words {
    fn read(receipt: &mut Members, notes: &mut Notes) -> Result<Self, Error> {
        let version = receipt.must("version")?.text()?;
        if !version.to_ascii_uppercase().starts_with("KI-CR-V1.") {
            return Err(receipt.wrong("version", "KI-CR-v1.1.0"));
        }
        for known in ["jurisdiction", "language", "policyUrl"] {
            drop(receipt.text(known)?);
        }
        if receipt.text("publicKey")?.is_some() {
            notes.lost.push(receipt.path_of("publicKey"));
        }
        let seconds = receipt.must("consentTimestamp")?;
        let wrong = seconds.wrong("seconds since 1970, within the years 1 to 9999");
        let millis = seconds.int()?.checked_mul(1_000).map(Timestamp::from_millis);
        let at = millis.filter(|at| crate::instant::write(*at).is_some()).ok_or(wrong)?;
        let sensitive = receipt.must("sensitive")?.flag()?;
        for category in receipt.items("spiCat")? {
            drop(category.text()?);
        }
        Ok(Self {
            id: receipt.must("consentReceiptID")?.text()?,
            address: receipt.text("piiPrincipalId")?.unwrap_or_default(),
            at,
            method: label::method_term(&receipt.must("collectionMethod")?.text()?),
            controllers: controllers(receipt, notes)?,
            sensitive,
            purposes: services(receipt, notes)?,
        })
    }

    /// One view for the purposes that share everything else.
    fn views(&self) -> Vec<View> {
        let mut views: Vec<(Purpose, View)> = Vec::new();
        for purpose in &self.purposes {
            let same = |known: &Purpose| Purpose { term: purpose.term.clone(), ..known.clone() } == *purpose;
            let known = views.iter_mut().find(|(known, _)| same(known));
            let process = known.and_then(|(_, view)| view.processes.first_mut());
            match process.and_then(|process| process.purposes.as_mut()) {
                Some(terms) => terms.push(purpose.term.clone()),
                None => views.push((purpose.clone(), self.view(purpose))),
            }
        }
        views.into_iter().map(|(_, view)| view).collect()
    }

    fn view(&self, purpose: &Purpose) -> View {
        let process = Process {
            controllers: self.controllers.clone(),
            recipients: purpose.recipient.iter().cloned().collect(),
            purposes: Some(vec![purpose.term.clone()]),
            categories: purpose.categories.clone(),
            frequency: None,
        };
        let event = Occurrence {
            path: "$".to_owned(),
            state: "dpv:ConsentGiven".to_owned(),
            at: self.at,
            by: Vec::new(),
            method: self.method.clone(),
            until: purpose.until,
            days: purpose.days,
        };
        View {
            address: self.address.clone(),
            subject: Vec::new(),
            notice: None,
            processes: vec![process],
            events: vec![event],
        }
    }
}

fn controllers(receipt: &mut Members, notes: &mut Notes) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    for item in receipt.must("piiControllers")?.items()? {
        let mut party = item.members()?;
        let name = party.must("piiController")?.text()?;
        names.push(party.text("anning:id")?.unwrap_or(name));
        for known in ["contact", "email", "phone", "piiControllerUrl"] {
            drop(party.text(known)?);
        }
        drop(party.take("address"));
        if party.flag("onBehalf")? == Some(true) {
            notes.lost.push(party.path_of("onBehalf"));
        }
        party.pass_over(&mut notes.ignored);
    }
    Ok(names)
}

fn services(receipt: &mut Members, notes: &mut Notes) -> Result<Vec<Purpose>, Error> {
    let path = receipt.path_of("services");
    let mut purposes = Vec::new();
    for item in receipt.must("services")?.items()? {
        let mut service = item.members()?;
        drop(service.text("service")?);
        for purpose in service.must("purposes")?.items()? {
            purposes.push(Purpose::read(purpose, notes)?);
        }
        service.pass_over(&mut notes.ignored);
    }
    if purposes.len() > PURPOSES_MAX {
        return Err(Error::TooMany { path, at_most: PURPOSES_MAX });
    }
    if purposes.is_empty() {
        Err(Error::Missing { path: format!("{path}[0]['purposes'][0]") })
    } else {
        Ok(purposes)
    }
}

impl Purpose {
    fn read(item: At, notes: &mut Notes) -> Result<Self, Error> {
        let mut members = item.members()?;
        let term = label::purpose_term(&members.must("purpose")?.text()?);
        let texts = |items: Vec<At>| items.into_iter().map(At::text).collect::<Result<Vec<_>, _>>();
        drop(texts(members.items("purposeCategory")?)?);
        // Whether it was explicit is a verdict; `collectionMethod` is the fact.
        drop(members.text("consentType")?);
        let _untold = members.flag("primaryPurpose")?;
        let categories = match members.take("piiCategory") {
            Some(at) => Some(texts(at.items()?)?.iter().map(|text| label::category_term(text)).collect()),
            None => None,
        };
        let disclosed = members.flag("thirdPartyDisclosure")?.unwrap_or(false);
        let name = members.text("thirdPartyName")?;
        let mut purpose = Self {
            term,
            categories,
            recipient: disclosed.then(|| name.unwrap_or_default()),
            until: None,
            days: None,
        };
        if members.text("termination")?.is_some_and(|text| !purpose.last(&text)) {
            notes.lost.push(members.path_of("termination"));
        }
        members.pass_over(&mut notes.ignored);
        Ok(purpose)
    }

    /// Understands a period in our words.
    fn last(&mut self, text: &str) -> bool {
        let either = |pair: (&str, &str)| [pair.0, pair.1].contains(&text);
        text.split("; ").all(|part| {
            let strip = |pair: (&str, &str)| part.strip_prefix(pair.0).or_else(|| part.strip_prefix(pair.1));
            let days = part.strip_suffix(label::DAYS.0).or_else(|| part.strip_suffix(label::DAYS.1));
            if let Some(day) = strip(label::UNTIL).and_then(|day| Date::parse(day).ok()) {
                self.until = Some(day);
                return true;
            }
            self.days = days.and_then(|days| days.parse().ok()).or(self.days);
            self.days.is_some() || either(label::OPEN)
        })
    }
}

/// What a receipt says in words.
fn words_of(own: &Own, header: &Header) -> Result<Map<String, serde_json::Value>, Error> {
    let (terms, names) = own.terms()?;
    let language = Language::of(header.language.as_deref());
    let sensitive: Vec<&str> = terms
        .categories
        .into_iter()
        .flat_map(Set::<Category>::iter)
        .filter(|c| c.is_sensitive())
        .map(|c| language.pick(label::category(c)))
        .collect();
    let mut receipt = Map::new();
    let mut put = |name: &str, value: serde_json::Value| receipt.insert(name.to_owned(), value);
    put("version", VERSION.into());
    put("jurisdiction", header.jurisdiction.clone().unwrap_or_default().into());
    put("consentTimestamp", own.event.occurred.second().into());
    put("collectionMethod", language.pick(label::control(terms.control)).into());
    put("consentReceiptID", header.record_id.clone().into());
    put("language", header.language.clone().unwrap_or_else(|| "zh".to_owned()).into());
    put("piiPrincipalId", own.event.address.clone().into());
    put("policyUrl", header.policy_url.clone().unwrap_or_default().into());
    put("sensitive", (!sensitive.is_empty()).into());
    put("spiCat", sensitive.into());
    let controller = terms.controller.and_then(|id| names.name(Table::Party, id.0));
    let controllers: Vec<serde_json::Value> = controller.iter().map(|id| party(id, header)).collect();
    put("piiControllers", controllers.into());
    let service =
        terms.brand.and_then(|id| names.name(Table::Brand, id.0)).or(controller).unwrap_or_default();
    let purposes = purposes(&terms, &names, language);
    put("services", json!([{ "service": service, "purposes": purposes }]));
    Ok(receipt)
}

fn party(id: &str, header: &Header) -> serde_json::Value {
    let mut members = Map::new();
    let Some(party) = header.party(id) else { return json!({ "piiController": id }) };
    let optional = [
        ("piiController", Some(&party.name)),
        ("anning:id", Some(&party.id).filter(|id| **id != party.name)),
        ("contact", party.contact.as_ref()),
        ("email", party.email.as_ref()),
        ("phone", party.phone.as_ref()),
        ("piiControllerUrl", party.url.as_ref()),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            members.insert(name.to_owned(), value.clone().into());
        }
    }
    if let Some(address) = &party.address {
        members.insert("address".to_owned(), json!({ "streetAddress": address }));
    }
    members.into()
}

fn purposes(terms: &Terms, names: &Names, language: Language) -> Vec<serde_json::Value> {
    let label = |term: &str| match term::purpose_of(term) {
        Some(purpose) => (label::purpose(purpose), purpose.code()),
        None if term == term::RECEIVE => (label::RECEIVE, "receive"),
        None => (label::UNSAID, "not_recorded"),
    };
    term::purposes(terms).into_iter().map(|term| purpose(label(term), terms, names, language)).collect()
}

fn purpose(
    (label, code): ((&str, &str), &str),
    terms: &Terms,
    names: &Names,
    language: Language,
) -> serde_json::Value {
    let kind = match terms.control {
        Control::TickedByRecipient | Control::OwnWords => "EXPLICIT",
        Control::TickedByDefault | Control::Implied => "IMPLICIT",
        Control::NotRecorded => "NOT_RECORDED",
    };
    let mut members = Map::new();
    let mut put = |name: &str, value: serde_json::Value| members.insert(name.to_owned(), value);
    put("purpose", language.pick(label).into());
    put("purposeCategory", json!([code]));
    put("consentType", kind.into());
    put("termination", termination(terms, language).into());
    put("thirdPartyDisclosure", terms.provision.is_some().into());
    if let Some(categories) = terms.categories {
        let labels: Vec<&str> =
            categories.iter().map(|category| language.pick(label::category(category))).collect();
        put("piiCategory", labels.into());
    }
    let recipient = terms.provision.and_then(|provision| provision.recipient);
    if let Some(name) = recipient.and_then(|id| names.name(Table::Party, id.0)) {
        put("thirdPartyName", name.into());
    }
    members.into()
}

fn termination(terms: &Terms, language: Language) -> String {
    let until = terms.until.map(|day| format!("{}{day}", language.pick(label::UNTIL)));
    let days = terms.days.map(|days| format!("{days}{}", language.pick(label::DAYS)));
    let parts: Vec<String> = until.into_iter().chain(days).collect();
    if parts.is_empty() { language.pick(label::OPEN).to_owned() } else { parts.join("; ") }
}

/// What is other in the one act that a stranger reads out of it.
fn differences(own: &Own, read: Option<&Imported>) -> Result<Vec<String>, Error> {
    let columns = |sheet: &[u8]| match Value::from_bytes(sheet, SHEET_MAX) {
        Ok(Value::Map(map)) => Ok(map),
        Ok(_) => Err(Error::Sheet(FieldError::Wrong("sheet"))),
        Err(error) => Err(Error::Sheet(error.into())),
    };
    let ours = columns(&own.sheet)?;
    let theirs = read.map_or_else(|| Ok(ours.clone()), |act| columns(&act.sheet))?;
    let names: BTreeSet<&Key> = ours.iter().chain(theirs.iter()).map(|(name, _)| name).collect();
    let differ =
        names.into_iter().filter(|name| ours.get(name) != theirs.get(name)).map(|name| name.0.to_string());
    let event = &own.event;
    let times = read.map(|act| &act.event).into_iter().flat_map(|read| {
        [
            ("kind", read.kind != event.kind),
            ("origin", read.origin != event.origin),
            ("occurred", read.occurred != event.occurred),
            ("received", read.received != event.received),
            ("id", read.id != event.id),
        ]
    });
    let times: Vec<String> = times.filter(|(_, other)| *other).map(|(name, _)| name.to_owned()).collect();
    Ok(differ.chain(times).collect())
}

const VERSION: &str = "KI-CR-v1.1.0";
const WHOLE: &str = "anning";
const PURPOSES_MAX: usize = 64;
/// Columns that the format has no place for.
const NOT_CARRIED: &[&str] = &[
    "brand",
    "port",
    "channels",
    "kinds",
    "frequency",
    "bundling",
    "prominence",
    "forced",
    "related",
    "notice",
    "provision_contact",
    "provision_purpose",
    "provision_categories",
    "provision_separate",
    "age",
    "guardian",
    "wording",
    "page",
];
