//! Promises of `anning-text`.

use std::collections::BTreeSet;

use anning_text::{
    Bounds, Coding, Element, Header, Joiner, Marking, Numbering, Outcome, Part, Place, Reference, Room,
    decode, encode, pack, split_bytes, unpack,
};

/// A header is cut or refused; its elements lie within the content, and a place is written as it was read.
pub(crate) fn udh(bytes: &[u8]) {
    let Ok((header, body)) = Header::cut(bytes) else { return };
    let length = bytes.first().map_or(0, |length| usize::from(*length));
    assert_eq!(1 + length + body.len(), bytes.len(), "header and body are all there is");
    let size = |element: &Element<'_>| match element {
        Element::Place(Place { reference: Reference::Short(_), .. }) => 5,
        Element::Place(_) | Element::Ports(..) => 4,
        Element::Other(_, value) => 2 + value.len(),
    };
    assert!(header.elements.iter().map(size).sum::<usize>() <= length, "no element out of nothing");
    if let Some(place) = header.place() {
        let written = place.header().unwrap_or_default();
        assert_eq!(Header::cut(&written).map(|(header, _)| header.place()), Ok(Some(place)));
    }
}

/// The first byte is the coding. Reading ends, counts what it could not read, and what was read whole writes back;
/// cut into segments and joined the bytes are the same.
pub(crate) fn charsets(bytes: &[u8]) {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let codings = [Coding::Gsm, Coding::Ascii, Coding::Latin1, Coding::Ucs2, Coding::Gbk, Coding::Binary];
    let Some(coding) = codings.get(usize::from(*first) % codings.len()).copied() else { return };
    let decoded = decode(bytes, coding);
    assert!(decoded.text.len() <= bytes.len() * 3, "no text out of nothing");
    assert_eq!(decoded.first.is_some(), decoded.replaced > 0);
    assert!(decoded.first.is_none_or(|at| at < bytes.len()));
    match encode(&decoded.text, coding) {
        Ok(again) => {
            assert!(
                decoded.replaced > 0 || coding == Coding::Gbk || again == bytes,
                "written as it was read"
            );
            assert_eq!(decode(&again, coding).text, decoded.text);
        }
        Err(unfit) => assert!(decoded.replaced > 0 || coding == Coding::Gbk, "{unfit}"),
    }
    let marking = if first & 0x80 == 0 { Marking::Sar(1) } else { Marking::Short(1) };
    let Ok(cuts) = split_bytes(bytes, coding, Room::of(Numbering::Smpp, coding), marking) else { return };
    let header = if cuts.len() > 1 && first & 0x80 != 0 { 6 } else { 0 };
    let joined: Vec<u8> = cuts.iter().flat_map(|cut| cut.content.iter().skip(header)).copied().collect();
    assert_eq!(joined, bytes);
    let septets: Vec<u8> = bytes.iter().map(|byte| byte & 0x7F).collect();
    assert_eq!(unpack(&pack(&septets, *first), septets.len(), *first), septets);
}

/// Two bytes of bounds, then six a segment: account, reference, total, number, length, wait. Bounds hold, and all that
/// is taken is given back once.
pub(crate) fn joiner(bytes: &[u8]) {
    let Some(([messages, kilobytes], steps)) = bytes.split_first_chunk::<2>() else { return };
    let bounds = Bounds {
        messages: usize::from(messages % 32),
        messages_of_one: usize::from(messages / 16),
        bytes: usize::from(*kilobytes) * 256,
        bytes_of_one: usize::from(*kilobytes) * 128,
        within: 100,
    };
    let mut joiner = Joiner::new(bounds);
    let (mut owed, mut now) = (BTreeSet::new(), 0);
    let (steps, _) = steps.as_chunks::<6>();
    for (at, [account, reference, total, number, length, wait]) in steps.iter().enumerate() {
        now += u64::from(*wait);
        let short = Reference::Short(reference % 8);
        let reference = if reference & 8 == 0 { short } else { Reference::Long(u16::from(reference % 8)) };
        let part = Part {
            account: account % 4,
            source: vec![],
            destination: vec![0; usize::from(account / 64)],
            coding: 8,
            place: Place { reference, total: total % 8, number: number % 8 },
            content: vec![*length; usize::from(*length)],
            carried: at,
        };
        let longest = usize::from(total % 8);
        owed.insert(at);
        let mut lapsed = joiner.expire(now);
        let taken = joiner.take(part, now);
        lapsed.extend(taken.given_up);
        let mut back: Vec<usize> = lapsed.into_iter().flat_map(|gone| gone.carried).collect();
        match taken.outcome {
            Outcome::Joined(joined) => {
                assert_eq!(joined.segments.len(), longest);
                back.extend(joined.segments.into_iter().chain(joined.duplicates));
            }
            Outcome::Waiting => {}
            Outcome::Refused(_, carried) => back.push(carried),
        }
        assert!(back.iter().all(|one| owed.remove(one)), "given back once");
        assert!(joiner.messages() <= bounds.messages && joiner.bytes() <= bounds.bytes);
        for account in 0..4 {
            let (messages, bytes) = joiner.held_for(&account);
            assert!(messages <= bounds.messages_of_one && bytes <= bounds.bytes_of_one);
        }
    }
    let back: Vec<usize> = joiner.end().into_iter().flat_map(|gone| gone.carried).collect();
    assert!(back.iter().all(|one| owed.remove(one)) && owed.is_empty(), "all is given back");
    assert_eq!((joiner.messages(), joiner.bytes()), (0, 0));
}
