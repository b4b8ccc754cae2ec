//! What a stranger sees in a consent record: the members with DPV terms, of strict types.

use crate::error::Error;
use crate::json::{At, Json, Members};
use crate::standing::{Imported, Read};
use crate::term;
use anning_vocab::{Date, Timestamp};

/// A record without our own part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct View {
    /// Empty where the address is withheld.
    pub(crate) address: String,
    /// Terms for the person's age and guardian.
    pub(crate) subject: Vec<String>,
    pub(crate) notice: Option<Vec<String>>,
    /// One at least.
    pub(crate) processes: Vec<Process>,
    /// One at least.
    pub(crate) events: Vec<Occurrence>,
}

/// Who does what with which data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Process {
    pub(crate) controllers: Vec<String>,
    /// Others who get the data; a nameless one is empty.
    pub(crate) recipients: Vec<String>,
    pub(crate) purposes: Option<Vec<String>>,
    pub(crate) categories: Option<Vec<String>>,
    pub(crate) frequency: Option<String>,
}

/// A state that the consent came into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Occurrence {
    /// Where it stands.
    pub(crate) path: String,
    pub(crate) state: String,
    pub(crate) at: Timestamp,
    pub(crate) by: Vec<String>,
    pub(crate) method: Option<String>,
    pub(crate) until: Option<Date>,
    pub(crate) days: Option<u32>,
}

/// What was passed over while reading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Notes {
    /// Nobody knows it.
    pub(crate) ignored: Vec<String>,
    /// Known, and more than an act carries.
    pub(crate) lost: Vec<String>,
}

impl Notes {
    /// With the acts, in order and each once.
    pub(crate) fn read(
        mut self,
        record_id: String,
        acts: Vec<Imported>,
        not_carried: &[&'static str],
    ) -> Read {
        for paths in [&mut self.ignored, &mut self.lost] {
            paths.sort_unstable();
            paths.dedup();
        }
        let Self { ignored, lost } = self;
        Read { record_id, acts, ignored, lost, not_carried: not_carried.to_vec() }
    }
}

impl View {
    /// Does it say the same? Where it says so does not matter.
    pub(crate) fn says_what(&self, other: &Self) -> bool {
        let said = |view: &Self| {
            let mut view = view.clone();
            view.events.iter_mut().for_each(|event| event.path.clear());
            view
        };
        said(self) == said(other)
    }

    /// Takes the members of a record that DPV has terms for.
    pub(crate) fn read(record: &mut Members, notes: &mut Notes) -> Result<Self, Error> {
        let (address, subject) = read_subject(record, notes)?;
        let notice = read_notice(record, notes)?;
        let whole = Process::read(record, notes)?;
        let mut processes = Vec::new();
        for item in record.items("dpv:hasProcess")? {
            let mut members = item.members()?;
            drop(members.take("@type"));
            let own = Process::read(&mut members, notes)?;
            members.pass_over(&mut notes.ignored);
            processes.push(own.within(&whole));
        }
        if processes.is_empty() {
            processes.push(whole);
        }
        let states = record.must("dpv:hasConsentStatus")?.items()?;
        let events: Vec<Occurrence> =
            states.into_iter().map(|item| Occurrence::read(item, notes)).collect::<Result<_, _>>()?;
        if events.is_empty() {
            return Err(record.missing("dpv:hasConsentStatus"));
        }
        Ok(Self { address, subject, notice, processes, events })
    }
}

impl Process {
    fn read(members: &mut Members, notes: &mut Notes) -> Result<Self, Error> {
        let mut recipients = parties(members, "dpv:hasRecipientThirdParty", notes)?;
        recipients.extend(parties(members, "dpv:hasThirdParty", notes)?);
        Ok(Self {
            controllers: parties(members, "dpv:hasDataController", notes)?,
            recipients,
            purposes: terms(members, "dpv:hasPurpose", notes)?,
            categories: terms(members, "dpv:hasPersonalData", notes)?,
            frequency: match members.take("dpv:hasFrequency") {
                Some(at) => Some(at.value()?.text()?),
                None => None,
            },
        })
    }

    /// What it does not say itself it takes from the record.
    fn within(self, whole: &Self) -> Self {
        let or = |own: Vec<String>, whole: &Vec<String>| if own.is_empty() { whole.clone() } else { own };
        Self {
            controllers: or(self.controllers, &whole.controllers),
            recipients: or(self.recipients, &whole.recipients),
            purposes: self.purposes.or_else(|| whole.purposes.clone()),
            categories: self.categories.or_else(|| whole.categories.clone()),
            frequency: self.frequency.or_else(|| whole.frequency.clone()),
        }
    }
}

impl Occurrence {
    fn read(item: At, notes: &mut Notes) -> Result<Self, Error> {
        let path = item.path.clone();
        let mut members = item.members()?;
        let mut state = None;
        for (path, term) in names(members.must("@type")?)? {
            match (term::is_state(&term), &state) {
                (true, None) => state = Some(term),
                (true, Some(_)) => return Err(Error::Wrong { path, expected: "one state of consent" }),
                // The kind of consent, express or implied, is a verdict: facts are kept instead.
                (false, _) => notes.lost.push(path),
            }
        }
        let at = match members.take("dpv:isIndicatedAtTime").or_else(|| members.take("dct:date")) {
            Some(at) => at.instant(&mut notes.lost)?,
            None => return Err(members.missing("dpv:isIndicatedAtTime")),
        };
        let mut occurrence = Self {
            state: state.ok_or_else(|| members.wrong("@type", "one state of consent"))?,
            at,
            by: terms(&mut members, "dpv:isIndicatedBy", notes)?.unwrap_or_default(),
            method: match members.take("dpv:hasIndicationMethod") {
                Some(at) => Some(one_name(at)?),
                None => None,
            },
            until: None,
            days: None,
            path,
        };
        for item in members.items("dpv:hasDuration")? {
            occurrence.last(item)?;
        }
        members.pass_over(&mut notes.ignored);
        Ok(occurrence)
    }

    /// A period: until a day, or so many days. One that cannot be kept is refused: without it there would be no end.
    fn last(&mut self, item: At) -> Result<(), Error> {
        let value = item.value()?;
        let (path, text) = (value.path.clone(), value.text()?);
        match (self.last_day(&text), days(&text)) {
            (Some(day), _) if self.until.is_none() => self.until = Some(day),
            (None, Some(days)) if self.days.is_none() => self.days = Some(days),
            (Some(_), _) | (None, Some(_)) => {
                return Err(Error::Wrong { path, expected: "one last day and one number of days at most" });
            }
            (None, None) => {
                return Err(Error::Wrong { path, expected: "a day or a period, 2027-06-30 or P30D" });
            }
        }
        Ok(())
    }

    /// A day, or months or years from the act.
    fn last_day(&self, text: &str) -> Option<Date> {
        let months = || number(text, "M").or_else(|| number(text, "Y")?.checked_mul(12));
        Date::parse(text).ok().or_else(|| months().map(|months| self.at.date().plus_months(months)))
    }
}

fn days(text: &str) -> Option<u32> {
    number(text, "D").or_else(|| number(text, "W")?.checked_mul(7))
}

/// The number in a period of one unit, `P30D`.
fn number(text: &str, unit: &str) -> Option<u32> {
    let digits = text.strip_prefix('P')?.strip_suffix(unit)?;
    digits.parse().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()))
}

/// Address, and what else is said of the person.
fn read_subject(record: &mut Members, notes: &mut Notes) -> Result<(String, Vec<String>), Error> {
    let mut person = record.must("dpv:hasDataSubject")?.members()?;
    let withheld = person.flag("anning:addressWithheld")?.unwrap_or(false);
    let address = match (person.text("dct:identifier")?, withheld) {
        (Some(address), false) if !address.is_empty() => address,
        (None, true) => String::new(),
        (Some(_), _) => {
            return Err(person.wrong("dct:identifier", "an address, or none where it is withheld"));
        }
        (None, false) => return Err(person.missing("dct:identifier")),
    };
    let mut said = Vec::new();
    if let Some(types) = person.take("@type") {
        said = names(types)?.into_iter().map(|(_, term)| term).filter(|term| !is_generic(term)).collect();
    }
    person.pass_over(&mut notes.ignored);
    Ok((address, said))
}

fn read_notice(record: &mut Members, notes: &mut Notes) -> Result<Option<Vec<String>>, Error> {
    let items = record.items("dpv:hasNotice")?;
    let mut ids = Vec::new();
    let there = !items.is_empty();
    for item in items {
        if let Json::Text(_) = item.json {
            ids.push(item.text()?);
            continue;
        }
        let mut members = item.members()?;
        drop((members.take("@type"), members.text("dct:source")?));
        ids.extend(members.text("dct:identifier")?);
        members.pass_over(&mut notes.ignored);
    }
    Ok(there.then_some(ids))
}

/// Parties by their id, else their name, else their address on the web.
fn parties(members: &mut Members, name: &str, notes: &mut Notes) -> Result<Vec<String>, Error> {
    let party = |item: At| {
        if let Json::Text(_) = item.json {
            return item.text();
        }
        let mut party = item.members()?;
        let named = [party.text("dct:identifier")?, party.text("dpv:hasName")?, party.text("@id")?];
        for known in ["@type", "dpv:hasContact", "dpv:hasAddress"] {
            drop(party.take(known));
        }
        party.pass_over(&mut notes.ignored);
        Ok(named.into_iter().flatten().next().unwrap_or_default())
    };
    members.items(name)?.into_iter().map(party).collect()
}

/// Terms of a member; absent is none, and so is a list in which nothing stands.
fn terms(members: &mut Members, name: &str, notes: &mut Notes) -> Result<Option<Vec<String>>, Error> {
    let Some(at) = members.take(name) else { return Ok(None) };
    let mut all = Vec::new();
    for item in at.items()? {
        let Json::Map(_) = item.json else {
            all.extend(names(item)?.into_iter().map(|(_, term)| term));
            continue;
        };
        let mut members = item.members()?;
        let (kinds, id) = (members.take("@type"), members.take("@id"));
        members.pass_over(&mut notes.ignored);
        let mut found = Vec::new();
        for at in kinds.into_iter().chain(id) {
            found.extend(names(at)?.into_iter().map(|(_, term)| term).filter(|term| !is_generic(term)));
        }
        // A thing without a term that we know of is still a thing.
        let known = found.iter().find(|term| is_known(term)).or_else(|| found.first());
        all.push(known.cloned().unwrap_or_default());
    }
    Ok(Some(all))
}

fn is_known(term: &str) -> bool {
    term::purpose_of(term).is_some() || term::category_of(term).is_some() || term == term::RECEIVE
}

fn is_generic(term: &str) -> bool {
    term::GENERIC.contains(&term)
}

/// Texts with their paths, prefixes shortened.
fn names(at: At) -> Result<Vec<(String, String)>, Error> {
    let name = |item: At| {
        let path = item.path.clone();
        Ok((path, term::short(&item.text()?)))
    };
    at.items()?.into_iter().map(name).collect()
}

fn one_name(at: At) -> Result<String, Error> {
    let Json::Map(_) = at.json else { return at.text().map(|text| term::short(&text)) };
    let mut members = at.members()?;
    members.must("@id")?.text().map(|text| term::short(&text))
}
