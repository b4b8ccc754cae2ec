//! JSON of a stranger: bounded, no name twice, every member either taken or named as passed over.

use crate::error::Error;
use crate::{RECORD_MAX, instant};
use anning_vocab::Timestamp;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeMap;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Null,
    Flag(bool),
    Int(i64),
    /// A number that is no whole one of 64 bits.
    Number,
    Text(String),
    List(Vec<Json>),
    Map(BTreeMap<String, Json>),
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct At {
    pub(crate) path: String,
    pub(crate) json: Json,
}

/// The members of an object that were not taken yet.
#[derive(Clone, Debug)]
pub(crate) struct Members {
    pub(crate) path: String,
    map: BTreeMap<String, Json>,
}

/// Parses a whole record.
pub(crate) fn parse(bytes: &[u8]) -> Result<At, Error> {
    if bytes.len() > RECORD_MAX {
        return Err(Error::TooLong { bytes: bytes.len() });
    }
    let json = serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        // Only our own visitor finds fault with the data; all else is the form.
        if error.is_data() { Error::Twice { line, column } } else { Error::Json { line, column } }
    })?;
    Ok(At { path: "$".to_owned(), json })
}

impl At {
    pub(crate) fn wrong(&self, expected: &'static str) -> Error {
        Error::Wrong { path: self.path.clone(), expected }
    }

    pub(crate) fn members(self) -> Result<Members, Error> {
        match self.json {
            Json::Map(map) => Ok(Members { path: self.path, map }),
            Json::Null | Json::Flag(_) | Json::Int(_) | Json::Number | Json::Text(_) | Json::List(_) => {
                Err(Error::Wrong { path: self.path, expected: "an object" })
            }
        }
    }

    /// A text of bounded length.
    pub(crate) fn text(self) -> Result<String, Error> {
        match self.json {
            Json::Text(text) if text.len() <= TEXT_MAX => Ok(text),
            Json::Text(_)
            | Json::Null
            | Json::Flag(_)
            | Json::Int(_)
            | Json::Number
            | Json::List(_)
            | Json::Map(_) => {
                Err(Error::Wrong { path: self.path, expected: "a text of at most 4,096 bytes" })
            }
        }
    }

    pub(crate) fn flag(self) -> Result<bool, Error> {
        if let Json::Flag(flag) = self.json { Ok(flag) } else { Err(self.wrong("true or false")) }
    }

    pub(crate) fn int(self) -> Result<i64, Error> {
        if let Json::Int(int) = self.json { Ok(int) } else { Err(self.wrong("a whole number")) }
    }

    /// An instant with its zone, plain or as a typed value; what was cut off it is named.
    pub(crate) fn instant(self, lost: &mut Vec<String>) -> Result<Timestamp, Error> {
        let plain = self.value()?;
        let path = plain.path.clone();
        let expected = "a time with its zone, as in 2021-11-11T09:30:00+08:00";
        let (at, cut) = instant::read(&plain.text()?).ok_or(Error::Wrong { path: path.clone(), expected })?;
        if cut {
            lost.push(path);
        }
        Ok(at)
    }

    /// What stands in `@value`, or `rdf:value`, if it is such an object.
    pub(crate) fn value(self) -> Result<Self, Error> {
        let Json::Map(map) = self.json else { return Ok(self) };
        let mut members = Members { path: self.path, map };
        let value = members.take("@value").or_else(|| members.take("rdf:value"));
        value.ok_or_else(|| members.missing("@value"))
    }

    /// The items; a single value stands for a list of one.
    pub(crate) fn items(self) -> Result<Vec<Self>, Error> {
        let Json::List(items) = self.json else { return Ok(vec![self]) };
        if items.len() > LIST_MAX {
            return Err(Error::TooMany { path: self.path, at_most: LIST_MAX });
        }
        let item = |(n, json)| Self { path: format!("{}[{n}]", self.path), json };
        Ok(items.into_iter().enumerate().map(item).collect())
    }
}

impl Members {
    /// Where a member stands, or would.
    pub(crate) fn path_of(&self, name: &str) -> String {
        let mut path = format!("{}['", self.path);
        for letter in name.chars() {
            match letter {
                '\'' | '\\' => path.extend(['\\', letter]),
                control if control.is_control() => path.extend(control.escape_unicode()),
                plain => path.push(plain),
            }
        }
        path + "']"
    }

    pub(crate) fn missing(&self, name: &str) -> Error {
        Error::Missing { path: self.path_of(name) }
    }

    pub(crate) fn wrong(&self, name: &str, expected: &'static str) -> Error {
        Error::Wrong { path: self.path_of(name), expected }
    }

    pub(crate) fn take(&mut self, name: &str) -> Option<At> {
        let json = self.map.remove(name)?;
        Some(At { path: self.path_of(name), json })
    }

    pub(crate) fn must(&mut self, name: &str) -> Result<At, Error> {
        self.take(name).ok_or_else(|| self.missing(name))
    }

    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, Error> {
        self.take(name).map(At::text).transpose()
    }

    pub(crate) fn flag(&mut self, name: &str) -> Result<Option<bool>, Error> {
        self.take(name).map(At::flag).transpose()
    }

    /// The items of a member; absent is none.
    pub(crate) fn items(&mut self, name: &str) -> Result<Vec<At>, Error> {
        self.take(name).map_or_else(|| Ok(Vec::new()), At::items)
    }

    /// Names what nobody took.
    pub(crate) fn pass_over(self, ignored: &mut Vec<String>) {
        ignored.extend(self.map.keys().map(|name| self.path_of(name)));
    }

    /// Nothing may be left: in our own part.
    pub(crate) fn end(self) -> Result<(), Error> {
        self.map.keys().next().map_or(Ok(()), |name| Err(Error::Unknown { path: self.path_of(name) }))
    }

    /// What is left, by name.
    pub(crate) fn rest(self) -> impl Iterator<Item = (String, At)> {
        let paths: Vec<String> = self.map.keys().map(|name| self.path_of(name)).collect();
        self.map.into_iter().zip(paths).map(|((name, json), path)| (name, At { path, json }))
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Json;

    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Json, E> {
        Ok(Json::Flag(flag))
    }

    fn visit_i64<E>(self, int: i64) -> Result<Json, E> {
        Ok(Json::Int(int))
    }

    fn visit_u64<E>(self, int: u64) -> Result<Json, E> {
        Ok(i64::try_from(int).map_or(Json::Number, Json::Int))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Number)
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = from.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Json, A::Error> {
        let mut map = BTreeMap::new();
        while let Some((name, json)) = from.next_entry::<String, Json>()? {
            if map.insert(name, json).is_some() {
                return Err(A::Error::custom("a name stands twice"));
            }
        }
        Ok(Json::Map(map))
    }
}

/// Items of a list.
const LIST_MAX: usize = 64;
/// Bytes of a text.
pub(crate) const TEXT_MAX: usize = 4_096;
