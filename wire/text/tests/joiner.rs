//! What becomes of segments: order, repetition, references used again, bounds.
#![cfg(test)]

use anning_text::{
    Bounds, Incomplete, Joined, Joiner, Lapse, Outcome, Part, Place, Reason, Reference, Taken,
};

/// A segment `account:reference:number/total:content`, `reference` with `L` (16 bits) or `S` (SAR) before it. Its place
/// in the list is what it carries.
fn part(word: &str, carried: usize) -> Part<u8, usize> {
    let mut fields = word.split(':');
    let mut next = || fields.next().unwrap();
    let (account, reference, place, content) = (next(), next(), next(), next());
    let (number, total) = place.split_once('/').unwrap();
    let reference = match reference.split_at(1) {
        ("L", rest) => Reference::Long(rest.parse().unwrap()),
        ("S", rest) => Reference::Sar(rest.parse().unwrap()),
        _ => Reference::Short(reference.parse().unwrap()),
    };
    Part {
        account: account.parse().unwrap(),
        source: b"1069".to_vec(),
        destination: b"13800138000".to_vec(),
        coding: 8,
        place: Place { reference, total: total.parse().unwrap(), number: number.parse().unwrap() },
        content: content.as_bytes().to_vec(),
        carried,
    }
}

fn told(outcome: &Outcome<usize>) -> String {
    match outcome {
        Outcome::Joined(Joined { segments, duplicates, content }) => {
            let again = if duplicates.is_empty() { String::new() } else { format!(" again {duplicates:?}") };
            format!("{} {segments:?}{again}", String::from_utf8_lossy(content))
        }
        Outcome::Waiting => "-".to_owned(),
        Outcome::Refused(reason, carried) => format!("{reason:?} {carried}"),
    }
}

/// Takes segments one a second; answers what became of each but those that wait.
fn check(words: &str, wanted: &[&str]) {
    let mut joiner = Joiner::new(Bounds { within: 600_000, ..Bounds::default() });
    let mut got = Vec::new();
    for (at, word) in words.split_whitespace().enumerate() {
        let Taken { outcome, given_up } = joiner.take(part(word, at), at as u64 * 1000);
        got.extend(given_up.iter().map(|gone| format!("{:?} {:?}", gone.lapse, gone.carried)));
        got.extend(Some(told(&outcome)).filter(|told| told != "-"));
    }
    assert_eq!(got, wanted, "{words}");
}

#[test]
fn order_and_repetition() {
    check("1:7:1/1:a", &["a [0]"]);
    check("1:7:1/2:a 1:7:2/2:b", &["ab [0, 1]"]);
    check("1:7:2/2:b 1:7:1/2:a", &["ab [1, 0]"]);
    check("1:7:3/3:c 1:7:1/3:a 1:7:2/3:b", &["abc [1, 2, 0]"]);
    check("1:7:1/2:a 1:7:1/2:a 1:7:2/2:b", &["ab [0, 2] again [1]"]);
    // After the whole: the beginning of another message.
    check("1:7:1/2:a 1:7:2/2:b 1:7:2/2:b", &["ab [0, 1]"]);
    check("1:7:1/2:a 1:7:2/2:b 1:7:1/2:a 1:7:2/2:b", &["ab [0, 1]", "ab [2, 3]"]);
    check("1:7:1/2:a 1:7:1/2:a 1:7:1/2:a 1:7:1/2:a 1:7:1/2:a 1:7:1/2:a", &["Repeated 5"]);
}

#[test]
fn references() {
    // Eight bits, sixteen bits and SAR are three messages.
    check("1:7:1/2:a 1:L7:2/2:b 1:S7:2/2:c 1:7:2/2:d", &["ad [0, 3]"]);
    // Two totals at once (cmpp-005, cmpp-006).
    check("1:7:2/2:b 1:7:2/3:y 1:7:1/2:a 1:7:1/3:x 1:7:3/3:z", &["ab [2, 0]", "xyz [3, 1, 4]"]);
    // Two accounts.
    check("1:7:1/2:a 2:7:2/2:b 2:7:1/2:x 1:7:2/2:y", &["xb [2, 1]", "ay [0, 3]"]);
    // Used again before the first is whole: other bytes begin another message, the oldest is filled first.
    check("1:7:1/2:a 1:7:1/2:x 1:7:2/2:b 1:7:2/2:y", &["ab [0, 2]", "xy [1, 3]"]);
    // A repetition goes to what it repeats, not to the oldest.
    check("1:7:1/3:a 1:7:2/3:b 1:7:1/3:x 1:7:1/3:x 1:7:3/3:c", &["abc [0, 1, 4]"]);
}

#[test]
fn places_that_cannot_be() {
    check("1:7:0/2:a", &["Number(0, 2) 0"]);
    check("1:7:3/2:a", &["Number(3, 2) 0"]);
    check("1:7:1/0:a", &["NoTotal 0"]);
    check("1:7:0/0:a", &["NoTotal 0"]);
}

#[test]
fn a_key_has_few_incomplete_messages() {
    let words: Vec<String> = (0..9).map(|n| format!("1:7:1/2:{n}")).collect();
    check(&words.join(" "), &["Evicted [0]"]);
}

#[test]
fn time_runs_out() {
    let mut joiner = Joiner::new(Bounds { within: 30_000, ..Bounds::default() });
    assert_eq!(joiner.next_expiry(), None);
    joiner.take(part("1:7:1/3:a", 0), 1_000);
    joiner.take(part("1:7:2/3:b", 1), 20_000);
    joiner.take(part("1:7:2/3:b", 2), 20_000);
    joiner.take(part("1:8:1/2:b", 3), 21_000);
    assert_eq!(joiner.next_expiry(), Some(31_000));
    assert_eq!(joiner.expire(30_999), []);
    let gone = Incomplete { lapse: Lapse::Expired, missing: 1, carried: vec![0, 1, 2] };
    assert_eq!(joiner.expire(31_000), [gone]);
    assert_eq!(joiner.messages(), 1);
    // A clock that goes back changes nothing.
    joiner.take(part("1:9:1/2:b", 4), 5_000);
    assert_eq!(joiner.next_expiry(), Some(51_000));
    let ended = joiner.end();
    assert_eq!(ended.iter().map(|gone| gone.carried.clone()).collect::<Vec<_>>(), [vec![3], vec![4]]);
    assert_eq!((joiner.messages(), joiner.bytes(), joiner.held_for(&1)), (0, 0, (0, 0)));
}

#[test]
fn a_flood_costs_only_who_floods() {
    let bounds = Bounds { messages: 10, messages_of_one: 8, ..Bounds::default() };
    let mut joiner = Joiner::new(bounds);
    joiner.take(part("2:1:1/2:a", 900), 0);
    joiner.take(part("3:1:1/2:a", 901), 0);
    let mut evicted = 0;
    for n in 0..100 {
        let taken = joiner.take(part(&format!("1:{n}:1/2:flood"), n), 1);
        assert_eq!(taken.outcome, Outcome::Waiting);
        evicted += taken.given_up.iter().map(|gone| gone.carried.len()).sum::<usize>();
        assert!(taken.given_up.iter().all(|gone| gone.carried.iter().all(|carried| *carried < 900)));
    }
    assert_eq!((evicted, joiner.held_for(&1).0), (92, 8));
    // All is full: a newcomer is let in at the expense of the flood.
    let taken = joiner.take(part("4:1:1/2:a", 902), 2);
    assert_eq!((taken.outcome, taken.given_up.len(), joiner.held_for(&1).0), (Outcome::Waiting, 1, 7));
    for account in [2, 3, 4] {
        let taken = joiner.take(part(&format!("{account}:1:2/2:b"), 903), 3);
        assert!(matches!(taken.outcome, Outcome::Joined(_)));
    }
}

#[test]
fn a_segment_that_can_never_fit_evicts_nobody() {
    let mut joiner = Joiner::new(Bounds { bytes: 4_096, bytes_of_one: 8_192, ..Bounds::default() });
    joiner.take(part("2:1:1/2:a", 0), 0);
    let taken = joiner.take(part(&format!("1:1:1/2:{}", "x".repeat(5_000)), 1), 0);
    assert_eq!((taken.outcome, taken.given_up), (Outcome::Refused(Reason::Full, 1), vec![]));
    assert_eq!(joiner.messages(), 1);
    // Its own message, grown too long, is the one to give up.
    let mut joiner = Joiner::new(Bounds { bytes_of_one: 4_096, ..Bounds::default() });
    joiner.take(part("1:1:1/3:a", 0), 0);
    let taken = joiner.take(part(&format!("1:1:2/3:{}", "x".repeat(4_000)), 1), 0);
    assert_eq!(taken.outcome, Outcome::Refused(Reason::Full, 1));
    assert_eq!(taken.given_up, [Incomplete { lapse: Lapse::Evicted, missing: 2, carried: vec![0] }]);
    assert_eq!((joiner.messages(), joiner.bytes()), (0, 0));
}

#[test]
fn debug_shows_no_content() {
    let mut joiner = Joiner::new(Bounds::default());
    joiner.take(part("1:1:1/2:secret", 0), 0);
    let taken = joiner.take(part("1:1:2/2:secret", 1), 0);
    assert!(!format!("{joiner:?} {taken:?}").contains("secret"));
}
