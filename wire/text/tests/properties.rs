//! What holds for any text, any order and any flood.
#![cfg(test)]

use std::collections::BTreeMap;

use anning_text::{
    Bounds, Coding, Header, Incomplete, Joiner, Marking, Numbering, Outcome, Part, Place, Placement,
    Reference, Room, decode, encode, split, split_bytes,
};
use proptest::prelude::*;

const CODINGS: [Coding; 6] =
    [Coding::Gsm, Coding::Ascii, Coding::Latin1, Coding::Ucs2, Coding::Gbk, Coding::Binary];

fn coding() -> impl Strategy<Value = Coding> {
    proptest::sample::select(&CODINGS[..])
}

fn numbering() -> impl Strategy<Value = Numbering> {
    proptest::sample::select(&[Numbering::Cmpp, Numbering::Sgip, Numbering::Smgp, Numbering::Smpp][..])
}

fn marking() -> impl Strategy<Value = Marking> {
    prop_oneof![
        any::<u8>().prop_map(Marking::Short),
        any::<u16>().prop_map(Marking::Long),
        any::<u16>().prop_map(Marking::Sar)
    ]
}

/// Long enough for several segments, with characters of every width.
fn text() -> impl Strategy<Value = String> {
    let pieces =
        prop_oneof![Just("退订"), Just("🎁"), Just("€"), Just("x"), Just("é"), Just("𠮷"), Just("[")];
    prop_oneof![
        proptest::collection::vec(pieces, 0..300).prop_map(|pieces| pieces.concat()),
        ".{0,200}".prop_map(|text| text),
        "[ -~]{0,500}".prop_map(|text| text)
    ]
}

/// The segments of a message with what each carries: which message, which segment.
fn parts(cuts: &[anning_text::Cut], account: u8, message: usize) -> Vec<Part<u8, (usize, usize)>> {
    let part = |(at, cut): (usize, &anning_text::Cut)| {
        let sar = cut.place.filter(|place| matches!(place.reference, Reference::Sar(_)));
        let (header, body) = match cut.place {
            Some(_) if sar.is_none() => {
                let (header, body) = Header::cut(&cut.content).unwrap();
                (Some(header), body)
            }
            _ => (None, cut.content.as_slice()),
        };
        let place = sar.or_else(|| Placement::of(header.as_ref(), None).place);
        assert_eq!(place, cut.place);
        let alone = Place { reference: Reference::Short(0), total: 1, number: 1 };
        Part {
            account,
            source: b"1069".to_vec(),
            destination: b"13800138000".to_vec(),
            coding: 8,
            place: place.unwrap_or(alone),
            content: body.to_vec(),
            carried: (message, at),
        }
    };
    cuts.iter().enumerate().map(part).collect()
}

proptest! {
    #[test]
    fn what_is_written_reads_back(text in text(), coding in coding()) {
        match encode(&text, coding) {
            Ok(bytes) => {
                let decoded = decode(&bytes, coding);
                prop_assert_eq!((decoded.text, decoded.replaced), (text, 0));
            }
            Err(unfit) => prop_assert!(text[unfit.at..].starts_with(unfit.character)),
        }
    }

    #[test]
    fn whole_readings_write_back(bytes in proptest::collection::vec(any::<u8>(), 0..300), coding in coding()) {
        let decoded = decode(&bytes, coding);
        prop_assert_eq!(decoded.first.is_some(), decoded.replaced > 0);
        prop_assert!(decoded.first.is_none_or(|at| at < bytes.len()));
        // GB 18030 has a few bytes that read as characters written otherwise.
        if decoded.replaced == 0 && coding != Coding::Gbk {
            prop_assert_eq!(encode(&decoded.text, coding), Ok(bytes));
        }
    }

    #[test]
    fn segments_fit_and_join(
        text in text(),
        coding in coding(),
        numbering in numbering(),
        marking in marking(),
        seed in any::<u64>(),
    ) {
        let room = Room::of(numbering, coding);
        let Ok(bytes) = encode(&text, coding) else { return Ok(()) };
        let cuts = split(&text, coding, room, marking, None).unwrap();
        prop_assert_eq!(&cuts, &split_bytes(&bytes, coding, room, marking).unwrap());
        let mut parts = parts(&cuts, 1, 0);
        for part in &parts {
            let most = match part.place.reference {
                _ if parts.len() == 1 => room.single,
                Reference::Short(_) => room.short,
                Reference::Long(_) | Reference::Sar(_) => room.long,
            };
            prop_assert!(part.content.len() <= most);
            prop_assert_eq!(decode(&part.content, coding).replaced, 0, "cut between characters");
        }
        // Shuffled, and every other one twice.
        let again: Vec<_> = parts.iter().skip(1).step_by(2).cloned().collect();
        parts.extend(again);
        shuffle(&mut parts, seed);
        let mut joiner = Joiner::new(Bounds::default());
        let mut whole = None;
        for part in parts {
            if let Outcome::Joined(joined) = joiner.take(part, 0).outcome {
                // What came after the whole began another message, which never gets whole.
                whole.get_or_insert(joined);
            }
        }
        let whole = whole.unwrap();
        prop_assert_eq!(&whole.content, &bytes);
        prop_assert_eq!(whole.segments, (0..cuts.len()).map(|at| (0, at)).collect::<Vec<_>>());
        prop_assert_eq!(decode(&whole.content, coding).text, text);
    }

    /// Any bytes at all, cut and joined, are those bytes: also where characters are broken.
    #[test]
    fn bytes_join(bytes in proptest::collection::vec(any::<u8>(), 0..2_000), coding in coding(), marking in marking()) {
        let cuts = split_bytes(&bytes, coding, Room::of(Numbering::Cmpp, coding), marking).unwrap();
        let joined: Vec<u8> = parts(&cuts, 1, 0).into_iter().flat_map(|part| part.content).collect();
        prop_assert_eq!(joined, bytes);
    }

    /// Messages under different references, interleaved in any way, all come out whole.
    #[test]
    fn interleaved(lengths in proptest::collection::vec(1_usize..900, 1..12), seed in any::<u64>()) {
        let mut all = Vec::new();
        let mut wanted = BTreeMap::new();
        for (message, length) in lengths.iter().enumerate() {
            let bytes: Vec<u8> = (0..*length).map(|at| u8::try_from((at * 7 + message) % 251).unwrap()).collect();
            // Messages 0 and 1, 2 and 3 … share a number: one as eight bits, one as sixteen.
            let number = u8::try_from(message / 2).unwrap();
            let marking =
                if message % 2 == 0 { Marking::Short(number) } else { Marking::Long(u16::from(number)) };
            let room = Room::of(Numbering::Cmpp, Coding::Binary);
            let cuts = split_bytes(&bytes, Coding::Binary, room, marking).unwrap();
            all.extend(parts(&cuts, 1, message));
            wanted.insert(message, bytes);
        }
        shuffle(&mut all, seed);
        let mut joiner = Joiner::new(Bounds::default());
        for part in all {
            if let Outcome::Joined(joined) = joiner.take(part, 0).outcome {
                let message = joined.segments[0].0;
                prop_assert!(joined.segments.iter().all(|carried| carried.0 == message));
                prop_assert_eq!(wanted.remove(&message), Some(joined.content));
            }
        }
        prop_assert!(wanted.is_empty());
        prop_assert_eq!((joiner.messages(), joiner.bytes()), (0, 0));
    }

    /// Whatever comes, bounds hold, everything taken is given back exactly once, and who keeps within a fair share
    /// loses nothing to others.
    #[test]
    fn floods(
        steps in proptest::collection::vec((0_u8..4, 0_u8..4, 0_u8..4, 0_u8..4, 0_u8..3, 0_u64..50), 1..400),
        messages in 1_usize..12,
        bytes in 500_usize..8_000,
    ) {
        let bounds = Bounds { messages, messages_of_one: 5, bytes, bytes_of_one: bytes / 2, within: 500 };
        let mut joiner = Joiner::new(bounds);
        let mut owed: BTreeMap<usize, u8> = BTreeMap::new();
        let mut now = 0;
        for (at, (account, reference, total, number, content, wait)) in steps.into_iter().enumerate() {
            now += wait;
            let part = Part {
                account,
                source: vec![],
                destination: vec![],
                coding: 0,
                place: Place { reference: Reference::Short(reference), total, number },
                content: vec![content; usize::from(content) * 100],
                carried: at,
            };
            owed.insert(at, account);
            let mut lapsed = joiner.expire(now);
            let taken = joiner.take(part, now);
            lapsed.extend(taken.given_up);
            for Incomplete { carried, .. } in lapsed {
                for one in carried {
                    prop_assert!(owed.remove(&one).is_some());
                }
            }
            let mut back = Vec::new();
            match taken.outcome {
                Outcome::Joined(joined) => {
                    prop_assert_eq!(joined.segments.len(), usize::from(total));
                    back.extend(joined.segments);
                    back.extend(joined.duplicates);
                }
                Outcome::Waiting => {}
                Outcome::Refused(_, carried) => back.push(carried),
            }
            for one in back {
                prop_assert!(owed.remove(&one).is_some());
            }
            prop_assert!(joiner.messages() <= bounds.messages && joiner.bytes() <= bounds.bytes);
            for account in 0..4 {
                let (messages, bytes) = joiner.held_for(&account);
                prop_assert!(messages <= bounds.messages_of_one && bytes <= bounds.bytes_of_one);
            }
            prop_assert!(joiner.next_expiry().is_none_or(|at| at > now));
        }
        for gone in joiner.end() {
            for one in gone.carried {
                prop_assert!(owed.remove(&one).is_some());
            }
        }
        prop_assert!(owed.is_empty());
        prop_assert_eq!((joiner.messages(), joiner.bytes()), (0, 0));
    }
}

/// Fisher and Yates, driven by a small generator so that a case replays.
fn shuffle<T>(list: &mut [T], mut seed: u64) {
    for last in (1..list.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        list.swap(last, usize::try_from(seed >> 33).unwrap() % (last + 1));
    }
}
