//! Entries as bytes and back; and bytes that nobody wrote.

use std::collections::HashSet;
use std::sync::Arc;

use anning_gateway::LetterId;
use anning_gateway::codes::Reason;
use anning_gateway::outbox::{Carried, Entry, Item, Packer, Parked, Start, Unpacker, Why};
use anning_ledger::sheet::Table;
use anning_link::{MessageId, ReportState, Segment, Tlv};
use anning_store::{Decided, View};
use anning_vocab::{Channel, ContentKind, PartyId, Prior};
use proptest::prelude::*;

use crate::world::{Draw, at, decided, letter, person, report, start};

fn pack(view: &View, entries: &[Entry]) -> Vec<u8> {
    let names = view.now();
    let mut packer = Packer::new(&names, Vec::new());
    entries.iter().for_each(|entry| packer.entry(entry));
    packer.end()
}

fn unpack(view: &View, bytes: &[u8]) -> Result<Vec<Entry>, usize> {
    let mut texts = HashSet::new();
    let mut from = Unpacker::new(bytes, view, &mut texts).map_err(|e| e.0)?;
    let mut entries = Vec::new();
    while let Some(entry) = from.entry(entries.len() as u64 + 1).map_err(|e| e.0)? {
        entries.push(entry);
    }
    Ok(entries)
}

/// One of each kind.
fn every_kind(seed: u64) -> Vec<Entry> {
    let mut draw = Draw(seed);
    let mut rich = letter(seed, &mut draw, at(1));
    rich.segments[0].extra = vec![Tlv { tag: 0x1401, value: vec![1, 2] }, Tlv { tag: 5, value: Vec::new() }];
    rich.segments[0].segment = Some(Segment { reference: Some(0xabcd), total: 2, number: 1 });
    rich.segments[0].udh = true;
    rich.id = LetterId(seed);
    let rich = Arc::new(rich);
    let id = MessageId(vec![0, 0xff, 7]);
    let letter = LetterId(draw.below(u64::MAX));
    let parked = Arc::new(Parked {
        upstream: "north".into(),
        forms: vec![id.clone(), MessageId(b"1a".to_vec())],
        recipient: seed.is_multiple_of(2).then(|| person(3)),
        report: report(&id, person(3), ReportState::Undeliverable),
        since: at(-5_000_000_000),
    });
    let mut item = Item::new(&rich, start(seed.is_multiple_of(3)), at(2));
    item.parts[0].theirs = Some(id.clone());
    let segment = draw.below(255) as u8;
    vec![
        Entry::Accepted {
            letter: rich,
            start: [Start::Waits, Start::AtOnce, Start::Refused(Reason::Lapsed)][seed as usize % 3],
        },
        Entry::Decision(Arc::new(decided(seed, at(3)))),
        Entry::HandingOver { letter },
        Entry::Taken { letter, segment, id: id.clone() },
        Entry::RefusedByCarrier { letter, segment, code: u32::MAX },
        Entry::InDoubt { letter },
        Entry::Released { letter, until: Some(at(9)) },
        Entry::Released { letter, until: None },
        Entry::Recalled { letter, why: Why::Withdrawal },
        Entry::Recalled { letter, why: Why::Cancelled },
        Entry::Recalled { letter, why: Why::Operator },
        Entry::Refused { letter, reason: Reason::Unclear },
        Entry::Reported { letter, segment, report: report(&id, person(1), ReportState::Delivered) },
        Entry::ReportTold { letter, segment },
        Entry::Parked(Arc::clone(&parked)),
        Entry::Unparked { parked: 77 },
        Entry::Expired { letter },
        Entry::GaveUp { letter },
        Entry::Untold { letter },
        Entry::Scribed { through: u64::MAX, position: 0 },
        Entry::Restarted,
        Entry::Kept { from: 9, scribed: Some((4, 2)) },
        Entry::Carried { number: 5, what: Carried::Item(Box::new(item)) },
        Entry::Carried { number: 6, what: Carried::Decision(Arc::new(decided(seed + 1, at(3)))) },
        Entry::Carried { number: 7, what: Carried::Parked(parked) },
    ]
}

#[test]
fn every_entry_is_read_as_it_was_written() {
    let view = View::default();
    for seed in 0..64 {
        let entries = every_kind(seed);
        let bytes = pack(&view, &entries);
        let read = unpack(&view, &bytes).unwrap();
        assert_eq!(read.len(), entries.len());
        // Ids of letters come from their place.
        let told = |entries: &[Entry]| format!("{:?}", &entries[1..22]);
        assert_eq!(told(&read), told(&entries));
        assert_eq!(pack(&view, &read), bytes);
    }
}

#[test]
fn names_outlive_their_numbers() {
    let (before, after) = (View::default(), View::default());
    assert_eq!(before.number(Table::Party, "another"), 0);
    let prior = Prior {
        sent_at: at(1),
        sender: Some(PartyId(before.number(Table::Party, "a shop"))),
        channel: Channel::Sms,
        kind: Some(ContentKind::ALL[0]),
        commercial: true,
        request: false,
        wording: Some(before.number(Table::Wording, "w")),
    };
    let decided = Decided {
        recipient: person(1),
        record: vec![1],
        handed_over: Some(prior),
        evidence: Some(vec![9, 8]),
    };
    let bytes = pack(&before, &[Entry::Decision(Arc::new(decided))]);
    let Entry::Decision(read) = unpack(&after, &bytes).unwrap().remove(0) else { panic!("a decision") };
    let sender = read.handed_over.unwrap().sender.unwrap();
    assert_ne!(sender, prior.sender.unwrap());
    assert_eq!(after.now().sheets().names().name(Table::Party, sender.0).unwrap(), "a shop");
}

#[test]
fn a_changed_or_short_record_is_read_or_named() {
    let view = View::default();
    let bytes = pack(&view, &every_kind(3));
    for at in 0..bytes.len() {
        // A shorter one may end between two entries.
        let _ = unpack(&view, &bytes[..at]).inspect_err(|place| assert!(*place <= at));
        for bit in [1, 0x80] {
            let mut changed = bytes.clone();
            changed[at] ^= bit;
            let _ = unpack(&view, &changed).inspect_err(|place| assert!(*place <= changed.len()));
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_named(mut bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let view = View::default();
        if let Some(first) = bytes.first_mut() {
            *first = 1;
        }
        if let Ok(entries) = unpack(&view, &bytes) {
            // Numbers may be written longer than they are: what is read is written in one way.
            let again = pack(&view, &entries);
            prop_assert_eq!(pack(&view, &unpack(&view, &again).unwrap()), again);
        }
    }
}
