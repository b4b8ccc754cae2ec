//! The heading of a version: `## 第十四条  {#cn/pipl/14 from="2021-11-01" mark="T"}`.

use anning_vocab::{Date, Interval, Mark};

use crate::error::{Error, Place};
use crate::numeral;

/// What a heading says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// `第十四条`.
    pub title: String,
    /// `cn/pipl/14`.
    pub id: String,
    /// First day and last day.
    pub interval: Interval,
    /// Verification mark; `None` with `text="none"`.
    pub mark: Option<Mark>,
    /// What was before.
    pub was: Option<String>,
    /// What comes after.
    pub now: Option<String>,
}

impl Heading {
    /// Reads what follows `## `.
    ///
    /// # Errors
    /// Each with the place and the way out.
    pub fn read(at: &Place, line: &str) -> Result<Self, Error> {
        let wrong = |why| Error::Heading { at: at.clone(), why };
        let (title, braces) = line.split_once("{#").ok_or_else(|| wrong(FORM))?;
        let inner = braces.trim_end().strip_suffix('}').ok_or_else(|| wrong(FORM))?;
        let (id, mut rest) = inner.split_once(' ').unwrap_or((inner, ""));
        let title = title.trim();
        if number_of(title).as_deref() != id.rsplit('/').next() || id.split('/').count() != 3 {
            return Err(Error::HeadingNumber {
                at: at.clone(),
                heading: title.to_owned(),
                id: id.to_owned(),
            });
        }
        let mut attributes = Vec::new();
        while !rest.trim().is_empty() {
            let (key, tail) = rest.trim_start().split_once("=\"").ok_or_else(|| wrong(FORM))?;
            let (value, tail) = tail.split_once('"').ok_or_else(|| wrong(FORM))?;
            attributes.push((key, value));
            rest = tail;
        }
        let mut take = |key| {
            let index = attributes.iter().position(|(k, _)| *k == key)?;
            Some(attributes.remove(index).1)
        };
        let from = take("from").ok_or_else(|| wrong("heading needs from=\"YYYY-MM-DD\""))?;
        let interval = interval(at, from, take("until"))?;
        let (mark, text) = (take("mark"), take("text"));
        let mark = match (mark, text) {
            (Some(mark), None) => Some(parse_mark(at, mark)?),
            (None, Some("none")) => None,
            _ => return Err(wrong("heading needs either mark=\"…\" or text=\"none\"")),
        };
        let (was, now) = (take("was").map(str::to_owned), take("now").map(str::to_owned));
        if let Some((key, _)) = attributes.first() {
            return Err(Error::UnknownKey { at: at.clone(), key: (*key).to_owned() });
        }
        Ok(Self { title: title.to_owned(), id: id.to_owned(), interval, mark, was, now })
    }
}

/// Reads a date.
///
/// # Errors
/// [`Error::Date`].
pub fn date(at: &Place, text: &str) -> Result<Date, Error> {
    Date::parse(text).map_err(|why| Error::Date { at: at.clone(), text: text.to_owned(), why })
}

/// Reads a first and a last day.
///
/// # Errors
/// [`Error::Date`], [`Error::Backwards`].
pub fn interval(at: &Place, from: &str, until: Option<&str>) -> Result<Interval, Error> {
    let from = date(at, from)?;
    let until = until.map(|text| date(at, text)).transpose()?;
    if until.is_some_and(|until| until < from) {
        return Err(Error::Backwards { at: at.clone() });
    }
    Ok(Interval { from, until })
}

/// Reads a verification mark.
///
/// # Errors
/// [`Error::UnknownMark`].
pub fn parse_mark(at: &Place, text: &str) -> Result<Mark, Error> {
    Mark::from_code(text).ok_or_else(|| Error::UnknownMark { at: at.clone(), mark: text.to_owned() })
}

/// `第十四条` is `14`, `第二百五十三条之一` is `253-1`, `第二十一条至第二十三条` is `21-23`.
fn number_of(title: &str) -> Option<String> {
    let (first, rest) = title.strip_prefix('第')?.split_once('条')?;
    let first = numeral::parse(first)?;
    if rest.is_empty() {
        return Some(first.to_string());
    }
    let second = match rest.strip_prefix("之") {
        Some(part) => numeral::parse(part)?,
        None => numeral::parse(rest.strip_prefix("至第")?.strip_suffix('条')?)?,
    };
    Some(format!("{first}-{second}"))
}

const FORM: &str = "heading must read `## 第十四条 {#cn/pipl/14 from=\"2021-11-01\" mark=\"T\"}`";
