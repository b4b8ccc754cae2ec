//! The text of a status report: words around ten raw bytes.
//!
//! By the letter 122 bytes, cut by position, because the id may hold blanks, zeros and colons. In the field also with
//! capital keys, `_` or the letter `s` where a blank should be, no blank at all, a shorter text, GBK in it. Whatever
//! stands between the values is kept, so that a report is written again to the same bytes.

use anning_link::{Octets, ReportState};

/// A status report's text, cut into its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusText {
    /// What stands before the id: `id:`.
    pub head: [u8; 3],
    /// The id given when the message was taken.
    pub id: [u8; 10],
    /// What follows, in the order of [`Key`]; keys that are missing are left out.
    pub parts: Vec<Part>,
}

/// One value, and what stands before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which value.
    pub key: Key,
    /// Separator, key and colon, as written.
    pub label: Octets,
    /// The value, as written.
    pub value: Octets,
}

/// The values of a report, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// `sub`, 3 digits.
    Sub,
    /// `dlvrd`, 3 digits.
    Delivered,
    /// `submit date`, YYMMDDHHMM.
    SubmitDate,
    /// `done date`, YYMMDDHHMM.
    DoneDate,
    /// `stat`, 7 characters.
    Stat,
    /// `err`, 3 digits.
    Err,
    /// `text` or `txt`, 20 bytes.
    Text,
}

impl StatusText {
    /// Reads a report. By position first, where it has the length and the keys are where they should be; else by its
    /// keys.
    ///
    /// None for what is no report: no `id:`, no room for an id, or no `stat`.
    #[must_use]
    pub fn read(text: &[u8]) -> Option<Self> {
        let (head, rest) = text.split_first_chunk::<3>()?;
        let (id, rest) = rest.split_first_chunk::<10>()?;
        if !alike(head, b"id:") {
            return None;
        }
        let parts = (text.len() == LENGTH).then(|| by_position(rest)).flatten();
        let parts = parts.unwrap_or_else(|| by_key(rest));
        let report = Self { head: *head, id: *id, parts };
        let says_a_state = report.value(Key::Stat).is_some();
        says_a_state.then_some(report)
    }

    /// By the letter: 122 bytes. Values too long for their room are cut; `stat` and `text` are filled up with zeros,
    /// numbers with `0` from the left.
    #[must_use]
    pub fn new(id: [u8; 10], value: impl Fn(Key) -> Vec<u8>) -> Self {
        let part = |(key, label, room): &(Key, &[u8], usize)| {
            let mut value = value(*key);
            value.truncate(*room);
            match key {
                Key::Stat | Key::Text => value.resize(*room, 0),
                Key::Sub | Key::Delivered | Key::SubmitDate | Key::DoneDate | Key::Err => {
                    value = [vec![b'0'; *room - value.len()], value].concat();
                }
            }
            Part { key: *key, label: Octets(label.to_vec()), value: Octets(value) }
        };
        Self { head: *b"id:", id, parts: LAYOUT.iter().map(part).collect() }
    }

    /// Its bytes, as it was read.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = [&self.head[..], &self.id].concat();
        for part in &self.parts {
            bytes.extend_from_slice(&part.label.0);
            bytes.extend_from_slice(&part.value.0);
        }
        bytes
    }

    /// A value, without the zeros and blanks it ends with; none if its key is missing.
    #[must_use]
    pub fn value(&self, key: Key) -> Option<&[u8]> {
        let part = self.parts.iter().find(|part| part.key == key)?;
        let end = part.value.0.iter().rposition(|b| !matches!(b, 0 | b' ')).map_or(0, |last| last + 1);
        part.value.0.get(..end)
    }
}

/// The state that a carrier's word means; a word that is none of the seven is a failure with a name of its own.
#[must_use]
pub const fn state(word: &[u8]) -> ReportState {
    match word {
        b"DELIVRD" => ReportState::Delivered,
        b"EXPIRED" => ReportState::Expired,
        b"DELETED" => ReportState::Deleted,
        b"UNDELIV" => ReportState::Undeliverable,
        b"ACCEPTD" => ReportState::Accepted,
        b"UNKNOWN" | b"" => ReportState::Unknown,
        b"REJECTD" => ReportState::Rejected,
        _ => ReportState::Failed,
    }
}

/// The word for a state. Under way is said as taken on the way, a failure without a name as undeliverable.
#[must_use]
pub const fn word(state: ReportState) -> &'static [u8; 7] {
    match state {
        ReportState::Delivered => b"DELIVRD",
        ReportState::Expired => b"EXPIRED",
        ReportState::Deleted => b"DELETED",
        ReportState::Undeliverable | ReportState::Failed => b"UNDELIV",
        ReportState::Underway | ReportState::Accepted => b"ACCEPTD",
        ReportState::Unknown => b"UNKNOWN",
        ReportState::Rejected => b"REJECTD",
    }
}

/// What follows the id, cut where the layout says, if every key is there. The separator may be anything.
fn by_position(rest: &[u8]) -> Option<Vec<Part>> {
    let mut rest = rest;
    let mut parts = Vec::with_capacity(LAYOUT.len());
    for (key, expected, room) in LAYOUT {
        let (label, after) = rest.split_at_checked(expected.len())?;
        let (value, after) = after.split_at_checked(*room)?;
        if !alike(label.get(1..)?, expected.get(1..)?) {
            return None;
        }
        parts.push(Part { key: *key, label: label.into(), value: value.into() });
        rest = after;
    }
    rest.is_empty().then_some(parts)
}

/// What follows the id, cut before each key that is found behind the last one.
fn by_key(rest: &[u8]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::with_capacity(LAYOUT.len());
    // What is not yet given to a part: bytes behind the last value.
    let mut label = Vec::new();
    let mut rest = rest;
    for (place, (key, _, room)) in LAYOUT.iter().enumerate() {
        let Some((before, name, after)) = find(rest, *key) else { continue };
        let later = LAYOUT.iter().skip(place + 1).filter_map(|(key, ..)| find(rest, *key));
        // A key behind a later one is part of a text.
        if later.into_iter().any(|(sooner, ..)| sooner.len() < before.len()) {
            continue;
        }
        match parts.last_mut() {
            Some(last) => label = end_value(last, before),
            None => label.extend_from_slice(before),
        }
        label.extend_from_slice(name);
        let value = Octets(Vec::with_capacity(*room));
        parts.push(Part { key: *key, label: Octets(core::mem::take(&mut label)), value });
        rest = after;
    }
    if let Some(last) = parts.last_mut() {
        last.value = rest.into();
    }
    parts
}

/// Gives a part its value out of the bytes up to the next key; hands back the separator behind it.
fn end_value(part: &mut Part, between: &[u8]) -> Vec<u8> {
    let room = LAYOUT.iter().find(|(key, ..)| *key == part.key).map_or(0, |(.., room)| *room);
    // A value that is shorter than its room ends before the blank.
    let short = between.len() <= room && between.ends_with(b" ");
    let end = if short { between.len() - 1 } else { room.min(between.len()) };
    let (value, separator) = between.split_at_checked(end).unwrap_or((between, &[]));
    part.value = value.into();
    separator.to_vec()
}

/// The first place of a key, whatever its case: what is before it, the key as written, what follows.
fn find(text: &[u8], key: Key) -> Option<(&[u8], &[u8], &[u8])> {
    let names: &[&[u8]] = match key {
        Key::Sub => &[b"sub:"],
        Key::Delivered => &[b"dlvrd:"],
        Key::SubmitDate => &[b"submit date:"],
        Key::DoneDate => &[b"done date:"],
        Key::Stat => &[b"stat:"],
        Key::Err => &[b"err:"],
        Key::Text => &[b"text:", b"txt:"],
    };
    let place =
        |name: &&[u8]| Some((text.windows(name.len()).position(|window| alike(window, name))?, name.len()));
    let (at, length) = names.iter().filter_map(place).min()?;
    let (before, rest) = text.split_at_checked(at)?;
    let (name, after) = rest.split_at_checked(length)?;
    Some((before, name, after))
}

/// The same key: case does not matter, and `_` is a blank.
fn alike(written: &[u8], key: &[u8]) -> bool {
    let plain = |b: &u8| if *b == b'_' { b' ' } else { b.to_ascii_lowercase() };
    written.iter().map(plain).eq(key.iter().map(plain))
}

/// A report by the letter, in bytes.
pub const LENGTH: usize = 122;
/// Each value: separator, key and colon, and how many bytes it has.
const LAYOUT: &[(Key, &[u8], usize)] = &[
    (Key::Sub, b" sub:", 3),
    (Key::Delivered, b" dlvrd:", 3),
    (Key::SubmitDate, b" submit date:", 10),
    (Key::DoneDate, b" done date:", 10),
    (Key::Stat, b" stat:", 7),
    (Key::Err, b" err:", 3),
    (Key::Text, b" text:", 20),
];

#[cfg(test)]
mod tests {
    use super::{Key, LENGTH, StatusText};

    const KEYS: [Key; 7] =
        [Key::Sub, Key::Delivered, Key::SubmitDate, Key::DoneDate, Key::Stat, Key::Err, Key::Text];

    fn check(after_id: &[u8], expected: Option<[Option<&[u8]>; 7]>) {
        // An id that looks like the beginning of a key, with blank, zero and colon.
        let written = [b"id:", &b"stat:\0 err:"[..10], after_id].concat();
        let read = StatusText::read(&written);
        assert_eq!(
            read.as_ref().map(|report| KEYS.map(|key| report.value(key))),
            expected,
            "{}",
            after_id.escape_ascii()
        );
        if let Some(read) = read {
            assert_eq!(read.id, b"stat:\0 err:"[..10]);
            assert_eq!(read.bytes(), written);
        }
    }

    #[test]
    fn shapes_of_the_field() {
        let all = |text: &'static [u8]| {
            let (sub, time): (&[u8], &[u8]) = (b"001", b"2311111200");
            Some([
                Some(sub),
                Some(sub),
                Some(time),
                Some(b"2311111201"),
                Some(b"UNDELIV"),
                Some(b"005"),
                Some(text),
            ])
        };
        let letter =
            b" sub:001 dlvrd:001 submit date:2311111200 done date:2311111201 stat:UNDELIV err:005 text:";
        check(&[&letter[..], b"stat:x err:y text:zz"].concat(), all(b"stat:x err:y text:zz"));
        check(&[&letter[..], &[0; 20]].concat(), all(b""));
        check(&[&letter[..], b"short"].concat(), all(b"short"));
        check(b"sub:001 dlvrd:001 submit_date:2311111200 done_date:2311111201 stat:UNDELIV err:005 txt:\xd6\xd0", all(b"\xd6\xd0"));
        check(
            b"sSub:001sDlvrd:001sSubmit_Date:2311111200sDone_Date:2311111201sStat:UNDELIVsErr:005sText:",
            all(b""),
        );
        check(
            b"SUB:001DLVRD:001SUBMIT DATE:2311111200DONE DATE:2311111201STAT:UNDELIVERR:005TEXT:a",
            all(b"a"),
        );
        check(b" stat:MK:12 err:7", Some([None, None, None, None, Some(b"MK:12"), Some(b"7"), None]));
        check(
            b" stat:DELIVRD text:sub:1 err:2",
            Some([None, None, None, None, Some(b"DELIVRD"), None, Some(b"sub:1 err:2")]),
        );
        check(b" stat:", Some([None, None, None, None, Some(b""), None, None]));
        check(b" sub:001", None);
        check(b"", None);
    }

    #[test]
    fn by_the_letter() {
        let report = StatusText::new([7; 10], |key| match key {
            Key::Stat => b"AF:4".to_vec(),
            Key::Err => b"5".to_vec(),
            Key::Text => b"far too long for the room it has".to_vec(),
            Key::Sub | Key::Delivered | Key::SubmitDate | Key::DoneDate => b"1".to_vec(),
        });
        let bytes = report.bytes();
        assert_eq!(bytes.len(), LENGTH);
        assert_eq!(StatusText::read(&bytes), Some(report.clone()));
        assert_eq!(report.value(Key::Stat), Some(&b"AF:4"[..]));
        assert_eq!(report.value(Key::Err), Some(&b"005"[..]));
        assert_eq!(report.value(Key::Text), Some(&b"far too long for the"[..]));
    }
}
