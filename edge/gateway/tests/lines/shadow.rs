//! Shadow mode blocks nothing that the carrier's side can carry.

use anning_cmpp::{Cmpp, Version};
use anning_link::{Address, Answer, Dialect, ReportState, Submission};

use crate::line::Line;
use crate::world::{CODE, ENFORCE, OFFER, World, message};

const BINARY: &[u8] = &[0x0B, 0x05, 0x80, 0xFE, 0x00, 0x12, 0x99];

fn binary() -> Submission {
    Submission { coding: 4, content: BINARY.to_vec(), ..message(&["13800138000"], "") }
}

/// Odd bytes that are no UTF-16.
fn garbage() -> Submission {
    Submission { content: [0xD8, 0x00].repeat(8), ..message(&["13800138000"], "") }
}

fn foreign() -> Submission {
    Submission { source: Address::new(b"95000"), ..message(&["13800138000"], CODE) }
}

fn signed() -> Submission {
    message(&["13800138000"], "【某银行】今晚八点全场五折，满300减50")
}

const SIGNATURES: (&str, &str) =
    ("kind = \"commercial\"", "kind = \"commercial\"\nsignatures = [\"云栖百货\"]");

/// What enforcing says of it, what it is, and the code of CMPP.
type Case = (&'static str, fn() -> Submission, u32);

fn passes<D: Dialect>(carrier: &mut Line<Cmpp>, mut sender: Line<D>, cases: &[Case], name: &str) {
    for (number, (reason, made, _)) in cases.iter().enumerate() {
        let answer = sender.one(made());
        assert!(matches!(answer, Answer::Taken(_)), "{reason}: {answer:?}");
        let id = format!("{name}{number:04}");
        let seen = carrier.carries(id.as_bytes(), ReportState::Delivered, "DELIVRD");
        assert_eq!((seen.content, seen.coding), (made().content, made().coding), "{reason}");
        assert_eq!(sender.reports(1)[0].state, ReportState::Delivered, "{reason}");
    }
}

#[test]
fn what_enforcing_refuses_as_a_submit_passes_unchanged_and_is_counted() {
    let cases: [Case; 4] = [
        ("unreadable", binary, 155),
        ("unreadable", garbage, 155),
        ("source_not_allowed", foreign, 10),
        ("signature_not_allowed", signed, 153),
    ];
    let enforcing = World::new(&[ENFORCE, SIGNATURES]);
    let _carrier = enforcing.carrier();
    let mut sender = enforcing.cmpp(Version::V30).unwrap();
    for (reason, made, code) in cases {
        assert_eq!(sender.one(made()), Answer::Refused(code), "{reason}");
    }
    let world = World::new(&[SIGNATURES]);
    let mut carrier = world.carrier();
    // Over the carrier's protocol, then from another.
    passes(&mut carrier, world.cmpp(Version::V30).unwrap(), &cases, "same");
    passes(&mut carrier, world.smpp(), &cases, "othr");
    let counted = |reason: &str| {
        let shadow = world.shadow();
        shadow.of("mall").and_then(|reasons| reasons.get(reason)).map_or(0, |count| count.messages)
    };
    for (reason, messages) in
        [("unreadable", 4), ("source_not_allowed", 2), ("signature_not_allowed", 2), ("no_consent", 0)]
    {
        assert_eq!(counted(reason), messages, "{reason}");
    }
}

/// Only what cannot be carried is refused: here it would have to be cut anew, and cannot be read.
#[test]
fn what_cannot_be_carried_is_refused_in_shadow_too() {
    let world = World::new(&[]);
    let _carrier = world.carrier();
    let long = Submission { content: vec![0x99; 150], ..binary() };
    assert_eq!(world.smpp().one(long), Answer::Refused(0x437));
    // And what nobody can be told from.
    assert_eq!(world.smpp().one(message(&["12"], CODE)), Answer::Refused(0x0B));
}

/// A letter that cannot be read and has to wait is read again when its turn comes.
#[test]
fn what_cannot_be_read_may_wait_its_turn() {
    let world = World::new(&[("window = 32", "window = 1")]);
    let mut carrier = world.carrier();
    let mut sender = world.cmpp(Version::V30).unwrap();
    let answers = sender.submit(vec![message(&["13800138000"], CODE), binary(), binary()]);
    assert!(answers.iter().all(|answer| matches!(answer, Answer::Taken(_))), "{answers:?}");
    for number in 0..3 {
        carrier.carries(format!("theirs{number:02}").as_bytes(), ReportState::Delivered, "DELIVRD");
    }
    assert!(sender.reports(3).iter().all(|report| report.state == ReportState::Delivered));
}

/// What waits is decided again when its turn comes, and counts once.
#[test]
fn a_message_counts_once_however_often_it_is_decided() {
    let world = World::new(&[("window = 32", "window = 1")]);
    let mut carrier = world.carrier();
    let mut sender = world.cmpp(Version::V30).unwrap();
    let offers = (0..6).map(|_| message(&["13800138000"], OFFER)).collect();
    let answers = sender.submit(offers);
    assert!(answers.iter().all(|answer| matches!(answer, Answer::Taken(_))), "{answers:?}");
    for number in 0..6 {
        carrier.carries(format!("theirs{number:02}").as_bytes(), ReportState::Delivered, "DELIVRD");
    }
    assert_eq!(sender.reports(6).len(), 6);
    let shadow = world.shadow();
    assert_eq!((shadow.of("mall").unwrap()["no_consent"].messages, shadow.stopped()), (6, (6, 0)));
    let decided = shadow.decided_of("mall");
    assert_eq!((decided.shadow, decided.enforce), (6, 0));
}
