//! Deterministic CBOR straight into bytes: what [`crate::Value::to_bytes`] would write, without a tree of values before it.
//!
//! ```
//! use anning_ledger::{Item, Value, write_map};
//! let mut bytes = Vec::new();
//! write_map([("name", Some(Item::Text("R".into()))), ("at", Some(Item::Int(5))), ("until", None)], &mut bytes);
//! let value = Value::map([("at", Some(Value::Int(5))), ("name", Some(Value::text("R")))]);
//! assert_eq!(bytes, value.to_bytes());
//! ```

use std::borrow::Cow;

/// What stands in a map or a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item<'i> {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Int(i64),
    /// Text.
    Text(Cow<'i, str>),
    /// Something that was written before: one value, whole.
    Written(&'i [u8]),
}

/// Appends a map of these entries, in the order in which they must stand; an entry without a value is left out. Names differ.
pub fn write_map<const N: usize>(entries: [(&'static str, Option<Item<'_>>); N], out: &mut Vec<u8>) {
    let mut order: [(u64, &str, usize); N] = core::array::from_fn(|_| (u64::MAX, "", 0));
    let mut count = 0;
    for ((place, at), (key, item)) in order.iter_mut().zip(0..).zip(&entries) {
        if item.is_some() {
            *place = (rank(key), *key, at);
            count += 1;
        }
    }
    // Those left out have the highest rank.
    order.sort_unstable();
    debug_assert!(
        order.iter().take(count).is_sorted_by(|(_, one, _), (_, other, _)| one != other),
        "names differ"
    );
    head(MAP, count as u64, out);
    for (_, key, at) in order.iter().take(count) {
        text(key, out);
        if let Some((_, Some(item))) = entries.get(*at) {
            write(item, out);
        }
    }
}

/// Appends a list.
pub fn write_list<'i>(items: impl ExactSizeIterator<Item = Item<'i>>, out: &mut Vec<u8>) {
    write_list_head(items.len(), out);
    items.for_each(|item| write(&item, out));
}

/// Appends the head of a list of so many values, which must follow.
pub fn write_list_head(count: usize, out: &mut Vec<u8>) {
    head(LIST, count as u64, out);
}

fn write(item: &Item<'_>, out: &mut Vec<u8>) {
    match item {
        Item::Flag(flag) => out.push(if *flag { TRUE } else { FALSE }),
        Item::Int(number) => match u64::try_from(*number) {
            Ok(number) => head(UNSIGNED, number, out),
            // -1 - n stands for a negative n.
            Err(_) => head(NEGATIVE, !number.cast_unsigned(), out),
        },
        Item::Text(words) => text(words, out),
        Item::Written(bytes) => out.extend_from_slice(bytes),
    }
}

fn text(words: &str, out: &mut Vec<u8>) {
    head(TEXT, words.len() as u64, out);
    out.extend_from_slice(words.as_bytes());
}

/// Kind and number in as few bytes as hold it.
fn head(kind: u8, number: u64, out: &mut Vec<u8>) {
    let [.., a, b, c, d, e, f, g, h] = number.to_be_bytes();
    match number {
        0..=23 => out.push(kind | h),
        24..=0xff => out.extend_from_slice(&[kind | 24, h]),
        0x100..=0xffff => out.extend_from_slice(&[kind | 25, g, h]),
        0x1_0000..=0xffff_ffff => out.extend_from_slice(&[kind | 26, e, f, g, h]),
        0x1_0000_0000.. => out.extend_from_slice(&[kind | 27, a, b, c, d, e, f, g, h]),
    }
}

/// Orders names as they are written, as far as their first bytes tell: shorter ones first, as their length comes first.
fn rank(key: &str) -> u64 {
    let mut first = [0; 8];
    let length = u8::try_from(key.len()).unwrap_or(u8::MAX);
    first.iter_mut().zip(core::iter::once(length).chain(key.bytes())).for_each(|(to, from)| *to = from);
    u64::from_be_bytes(first)
}

const UNSIGNED: u8 = 0x00;
const NEGATIVE: u8 = 0x20;
const TEXT: u8 = 0x60;
const LIST: u8 = 0x80;
const MAP: u8 = 0xa0;
const FALSE: u8 = 0xf4;
const TRUE: u8 = 0xf5;

#[cfg(test)]
mod tests {
    use super::{Item, write_list, write_map};
    use crate::Value;

    fn check(number: i64, words: &str) {
        let mut inner = Vec::new();
        write_list([Item::Int(number), Item::Text(words.into())].into_iter(), &mut inner);
        let mut bytes = Vec::new();
        let entries = [
            ("text_refusal", Some(Item::Text(words.into()))),
            ("text_contact", Some(Item::Int(number))),
            ("absent", None),
            ("list", Some(Item::Written(&inner))),
            ("text_codes_", Some(Item::Flag(true))),
            ("z", Some(Item::Flag(false))),
        ];
        write_map(entries, &mut bytes);
        let value = Value::map([
            ("z", Some(Value::Flag(false))),
            ("list", Some(Value::List(vec![Value::Int(number), Value::text(words.to_owned())]))),
            ("text_codes_", Some(Value::Flag(true))),
            ("text_contact", Some(Value::Int(number))),
            ("text_refusal", Some(Value::text(words.to_owned()))),
        ]);
        assert_eq!(bytes, value.to_bytes(), "{number} {}", words.len());
    }

    #[test]
    fn the_same_bytes_as_values() {
        let edges = [0, 23, 24, 0xff, 0x100, 0xffff, 0x1_0000, 0xffff_ffff, 0x1_0000_0000, i64::MAX];
        for edge in edges {
            let length = usize::try_from(edge).unwrap_or(usize::MAX).min(0x1_0000);
            for near in [edge, edge.saturating_add(1), -edge, -edge - 1] {
                check(near, &"安".repeat(length / 3));
            }
        }
    }

    #[test]
    fn more_entries_than_fit_into_one_byte() {
        let names: [&'static str; 30] = [
            "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s",
            "t", "u", "v", "w", "x", "y", "z", "aa", "ab", "ba", "bb",
        ];
        let mut bytes = Vec::new();
        write_map(names.map(|name| (name, Some(Item::Int(1)))), &mut bytes);
        assert_eq!(bytes, Value::map(names.map(|name| (name, Some(Value::Int(1))))).to_bytes());
    }
}
