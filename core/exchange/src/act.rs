//! Our own part of a record: the act and its sheet, whole, under the `anning:` names.

use crate::error::Error;
use crate::instant;
use crate::json::{At, Json, Members, TEXT_MAX};
use anning_ledger::sheet::{self, Names, SHEET_MAX};
use anning_ledger::{Event, FieldError, Hash, Key, Suite, Value, hex};
use anning_vocab::{ActKind, Origin, Terms, Timestamp};
use serde_json::{Map, json};

/// An act and its sheet, as they are or as somebody says they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Own {
    pub(crate) event: Event,
    pub(crate) sheet: Vec<u8>,
    pub(crate) suite: Suite,
}

impl Own {
    /// What is about to be written, if it can be written at all.
    pub(crate) fn check(event: &Event, sheet: &[u8], suite: Suite) -> Result<Self, Error> {
        if sheet::hash(suite, sheet) != event.sheet {
            return Err(Error::OtherSheet);
        }
        if event.id.len() > ID_MAX {
            return Err(Error::Oversize("event id"));
        }
        if event.address.len() > TEXT_MAX {
            return Err(Error::Oversize("address"));
        }
        Ok(Self { event: event.clone(), sheet: sheet.to_vec(), suite })
    }

    /// The terms and the names in them.
    pub(crate) fn terms(&self) -> Result<(Terms, Names), Error> {
        let mut names = Names::default();
        let terms = sheet::decode(&self.sheet, &mut |table, name| names.intern(table, name))?;
        Ok((terms, names))
    }

    /// The members `anning:act` and `anning:terms`.
    pub(crate) fn write(&self, to: &mut Map<String, serde_json::Value>) -> Result<(), Error> {
        let event = &self.event;
        let mut act = Map::new();
        act.insert("anning:kind".to_owned(), event.kind.code().into());
        act.insert("anning:origin".to_owned(), event.origin.code().into());
        for (name, at) in
            [("occurred", event.occurred), ("received", event.received), ("recorded", event.recorded)]
        {
            act.insert(format!("anning:{name}"), instant::write(at).ok_or(Error::Time(name))?.into());
        }
        act.insert("anning:suite".to_owned(), self.suite.code().into());
        act.insert("anning:sheetHash".to_owned(), hex::encode(&event.sheet).into());
        if let Some((name, id)) = id(&event.id) {
            act.insert(name.to_owned(), id.into());
        }
        to.insert(ACT.to_owned(), act.into());
        to.insert(
            TERMS.to_owned(),
            to_json(&Value::from_bytes(&self.sheet, SHEET_MAX).map_err(FieldError::from)?)?,
        );
        Ok(())
    }

    /// Reads those members, if the record has them; the address stands outside.
    pub(crate) fn read(members: &mut Members, address: &str) -> Result<Option<Self>, Error> {
        let Some(act) = members.take(ACT) else { return Ok(None) };
        let terms = members.must(TERMS)?;
        let path = act.path.clone();
        let mut act = act.members()?;
        let suite = word(&mut act, "anning:suite", Suite::from_code, "ed25519-sha256 or sm2-sm3")?;
        let event = Event {
            kind: word(&mut act, "anning:kind", ActKind::from_code, "a kind of act")?,
            origin: word(&mut act, "anning:origin", Origin::from_code, "captured, anchored or imported")?,
            occurred: time(&mut act, "anning:occurred")?,
            received: time(&mut act, "anning:received")?,
            recorded: time(&mut act, "anning:recorded")?,
            sheet: word(&mut act, "anning:sheetHash", |text| hex::decode(text)?.try_into().ok(), HASH)?,
            address: address.to_owned(),
            id: read_id(&mut act)?,
        };
        act.end()?;
        let sheet = read_sheet(terms)?;
        if sheet::hash(suite, &sheet) != event.sheet {
            return Err(Error::Contradiction { path });
        }
        Ok(Some(Self { event, sheet, suite }))
    }
}

/// Reads the terms and writes them as a sheet.
fn read_sheet(terms: At) -> Result<Vec<u8>, Error> {
    let path = terms.path.clone();
    let bytes = from_json(terms)?.to_bytes();
    let within = |column: &str| {
        let inside = match column {
            column if NOTICE.contains(&column) => "['anning:notice']",
            column if PAGE.contains(&column) => "['anning:page']",
            _ => "",
        };
        format!("{path}{inside}['anning:{column}']")
    };
    let mut names = Names::default();
    match sheet::decode(&bytes, &mut |table, name| names.intern(table, name)) {
        Ok(_) => Ok(bytes),
        Err(FieldError::Wrong(column)) => {
            Err(Error::Wrong { path: within(column), expected: "as spec/event.md has it" })
        }
        Err(FieldError::Missing(column)) => Err(Error::Missing { path: within(column) }),
        Err(FieldError::Unknown(column)) => Err(Error::Unknown { path: within(&column) }),
        Err(FieldError::Cbor(_) | FieldError::Unnamed(_)) => {
            Err(Error::Wrong { path, expected: "a sheet of at most 4,096 bytes" })
        }
    }
}

fn word<T>(
    members: &mut Members,
    name: &str,
    read: impl FnOnce(&str) -> Option<T>,
    expected: &'static str,
) -> Result<T, Error> {
    let text = members.must(name)?.text()?;
    read(&text).ok_or_else(|| members.wrong(name, expected))
}

fn time(members: &mut Members, name: &str) -> Result<Timestamp, Error> {
    let read = |text: &str| instant::read(text).filter(|(_, cut)| !cut).map(|(at, _)| at);
    word(members, name, read, "a time with its zone, to the millisecond")
}

/// The sender's id: as text where it is one, else in hex.
fn id(id: &[u8]) -> Option<(&'static str, String)> {
    let text = core::str::from_utf8(id).ok().filter(|text| !text.chars().any(char::is_control));
    match text {
        Some("") => None,
        Some(text) => Some(("anning:eventId", text.to_owned())),
        None => Some(("anning:eventIdHex", hex::encode(id))),
    }
}

fn read_id(act: &mut Members) -> Result<Vec<u8>, Error> {
    let expected = "an id of 1 to 64 bytes";
    let read = |name: &str, bytes: Option<Vec<u8>>| match bytes {
        Some(bytes) if (1..=ID_MAX).contains(&bytes.len()) => Ok(bytes),
        Some(_) | None => Err(name.to_owned()),
    };
    let id = match (act.text("anning:eventId")?, act.text("anning:eventIdHex")?) {
        (None, None) => Ok(Vec::new()),
        (Some(text), None) => read("anning:eventId", Some(text.into_bytes())),
        (None, Some(digits)) => read("anning:eventIdHex", hex::decode(&digits)),
        (Some(_), Some(_)) => Err("anning:eventIdHex".to_owned()),
    };
    id.map_err(|name| act.wrong(&name, expected))
}

fn to_json(value: &Value) -> Result<serde_json::Value, Error> {
    Ok(match value {
        Value::Flag(flag) => json!(flag),
        Value::Int(int) => json!(int),
        Value::Text(text) => json!(text),
        Value::List(items) => items.iter().map(to_json).collect::<Result<Vec<_>, _>>()?.into(),
        Value::Map(map) => {
            let entry = |(Key(name), value): (&Key, &Value)| Ok((format!("anning:{name}"), to_json(value)?));
            map.iter().map(entry).collect::<Result<Map<_, _>, Error>>()?.into()
        }
        // A sheet holds none.
        Value::Bytes(_) => return Err(Error::Sheet(FieldError::Wrong("sheet"))),
    })
}

fn from_json(at: At) -> Result<Value, Error> {
    match at.json {
        Json::Flag(flag) => Ok(Value::Flag(flag)),
        Json::Int(int) => Ok(Value::Int(int)),
        Json::Text(text) => Ok(Value::text(text)),
        Json::List(_) => at.items()?.into_iter().map(from_json).collect::<Result<_, _>>().map(Value::List),
        Json::Map(_) => {
            let entry = |(name, at): (String, At)| match name.strip_prefix("anning:") {
                Some(name) => Ok((Key(name.to_owned().into()), from_json(at)?)),
                None => Err(Error::Unknown { path: at.path }),
            };
            at.members()?.rest().map(entry).collect::<Result<_, _>>().map(Value::Map)
        }
        Json::Null | Json::Number => Err(at.wrong("as spec/event.md has it")),
    }
}

/// Reads a hash.
pub(crate) fn hash(at: At) -> Result<Hash, Error> {
    let wrong = at.wrong(HASH);
    hex::decode(&at.text()?).and_then(|bytes| bytes.try_into().ok()).ok_or(wrong)
}

/// Our own part of a record.
pub(crate) const ACT: &str = "anning:act";
const TERMS: &str = "anning:terms";
const HASH: &str = "a hash, 64 lower-case hex digits";
/// Bytes of a sender's id.
pub(crate) const ID_MAX: usize = 64;
/// Columns of a notice, a map within the sheet.
const NOTICE: [&str; 7] = [
    "hash",
    "names_controller",
    "states_purpose",
    "states_categories",
    "states_retention",
    "states_rights",
    "states_type_frequency_period",
];
/// Columns of a page, a map within the sheet.
const PAGE: [&str; 4] = ["version", "since", "contradicts", "sealed"];
