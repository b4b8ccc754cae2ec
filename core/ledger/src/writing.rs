//! Deterministic CBOR straight into bytes: what [`crate::Value::to_bytes`] would write, without a tree of values before it.
//!
//! ```
//! use anning_ledger::{Item, Order, Value};
//! static ORDER: Order<3> = Order::new();
//! let mut bytes = Vec::new();
//! ORDER.write(&[("name", Some(Item::Text("R".into()))), ("at", Some(Item::Int(5))), ("until", None)], &mut bytes);
//! let value = Value::map([("at", Some(Value::Int(5))), ("name", Some(Value::text("R")))]);
//! assert_eq!(bytes, value.to_bytes());
//! ```

use std::borrow::Cow;
use std::sync::OnceLock;

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

/// The order in which the entries of one kind of map are written, found when the first is.
#[derive(Debug, Default)]
pub struct Order<const N: usize>(OnceLock<[usize; N]>);

impl<const N: usize> Order<N> {
    /// For maps that are always made with the same names, in the same places.
    #[must_use]
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// Appends a map of these entries, whose names differ; an entry without a value is left out.
    pub fn write(&self, entries: &[(&'static str, Option<Item<'_>>); N], out: &mut Vec<u8>) {
        let order = self.0.get_or_init(|| {
            let mut order: [usize; N] = core::array::from_fn(|at| at);
            order.sort_unstable_by_key(|at| entries.get(*at).map(|(key, _)| (key.len(), *key)));
            order
        });
        let name = |at: &usize| entries.get(*at).map(|(key, _)| (key.len(), *key));
        debug_assert!(order.is_sorted_by(|one, other| name(one) < name(other)), "the same names each time");
        out.reserve(N * ENTRY);
        head(MAP, entries.iter().filter(|(_, item)| item.is_some()).count() as u64, out);
        for (key, item) in order.iter().filter_map(|at| entries.get(*at)) {
            if let Some(item) = item {
                text(key, out);
                write(item, out);
            }
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

/// Bytes of an entry, about.
const ENTRY: usize = 32;
const UNSIGNED: u8 = 0x00;
const NEGATIVE: u8 = 0x20;
const TEXT: u8 = 0x60;
const LIST: u8 = 0x80;
const MAP: u8 = 0xa0;
const FALSE: u8 = 0xf4;
const TRUE: u8 = 0xf5;

#[cfg(test)]
mod tests {
    use super::{Item, Order, write_list};
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
        static ORDER: Order<6> = Order::new();
        ORDER.write(&entries, &mut bytes);
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
        Order::new().write(&names.map(|name| (name, Some(Item::Int(1)))), &mut bytes);
        assert_eq!(bytes, Value::map(names.map(|name| (name, Some(Value::Int(1))))).to_bytes());
    }
}
