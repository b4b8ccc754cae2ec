//! The outbox's disk is full: codes go out all the same, everything else is told to come again, and it goes on by itself.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anning_cmpp::Version;
use anning_link::{Answer, MessageId, ReportState};

use crate::line::taken;
use crate::world::{CODE, ENFORCE, OFFER, World, message};

/// CMPP's flow control.
const LATER: Answer = Answer::Refused(8);
const NOTICE: &str = "【云栖百货】您的订单已发货，预计明天送达，请保持电话畅通";
const PERSON: &str = "13800000001";

/// A number in what `/metrics` says.
fn metric(world: &World, name: &str) -> u64 {
    let numbers = world.get("/metrics").1;
    let lines = numbers.lines().filter(|line| line.starts_with(name));
    lines.map(|line| line.rsplit_once(' ').unwrap().1.parse::<u64>().unwrap()).sum()
}

/// Until the gateway says so: it looks for room by itself.
fn until(what: &str, is: impl Fn() -> bool) {
    for _ in 0..2_000 {
        if is() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("{what}");
}

/// Refused advertisements are on record too, and fill it.
fn fill(world: &World, sender: &mut crate::line::Line<anning_cmpp::Cmpp>) {
    world.full.store(true, Ordering::SeqCst);
    for _ in 0..500 {
        if sender.one(message(&[PERSON], OFFER)) == LATER {
            return;
        }
    }
    panic!("the disk is never full");
}

#[test]
fn codes_go_out_and_the_rest_waits_for_room() {
    // Room for two on the carrier's line.
    let world = World::small(&[ENFORCE, ("window = 32", "window = 2")]);
    let mut carrier = world.carrier();
    let mut sender = world.cmpp(Version::V30).unwrap();
    fill(&world, &mut sender);
    assert_eq!(sender.one(message(&[PERSON], NOTICE)), LATER);
    // More than the carrier takes at once: all of them go, each as soon as there is room.
    let codes: Vec<_> = (0..12).map(|n| format!("1380000{n:04}")).collect();
    let first = sender.hand_in(codes.iter().map(|to| message(&[to.as_str()], CODE)).collect());
    let mut went = Vec::new();
    for n in 0..codes.len() {
        let (sequence, code) = carrier.takes();
        went.push(String::from_utf8(code.destinations[0].text.clone()).unwrap());
        // One of them the carrier does not take: its sender is told to try again, not that it went.
        let answer = match n {
            3 => Answer::Refused(9),
            _ => Answer::Taken(MessageId(vec![n as u8 + 1; 8])),
        };
        carrier.answer(sequence, answer);
    }
    carrier.flush();
    let refused = went[3].clone();
    went.sort();
    assert_eq!(went, codes);
    for (answer, to) in sender.answers(first, codes.len()).into_iter().zip(&codes) {
        assert_eq!(answer == LATER, *to == refused, "{to}: {answer:?}");
    }
    assert_eq!(metric(&world, "anning_relayed_total{account=\"mall\",result=\"taken\"}"), 11);
    assert_eq!(metric(&world, "anning_relayed_total{account=\"mall\",result=\"not_taken\"}"), 1);
    assert_eq!(metric(&world, "anning_relays_waiting"), 0);
    let (status, ready) = world.get("/readyz");
    assert_eq!(status, 503);
    for said in ["\"ready\":false", "\"degraded\":true", "\"outbox\":\"full\""] {
        assert!(ready.contains(said), "{ready}");
    }
    // Room again: it finds out by itself, though nobody hands in anything.
    world.full.store(false, Ordering::SeqCst);
    until("it is ready again", || world.get("/readyz").0 == 200);
    assert!(world.get("/readyz").1.contains("\"degraded\":false"));
    let first = sender.hand_in(vec![message(&[PERSON], NOTICE)]);
    carrier.carries(&[99; 8], ReportState::Delivered, "DELIVRD");
    let id = taken(sender.answers(first, 1).remove(0));
    assert_eq!(sender.reports(1)[0].id, id);
    // What was decided before reaches the ledger too.
    until("the ledger has all decisions", || metric(&world, "anning_unrecorded_decisions") == 0);
}

#[test]
fn a_code_whose_carrier_is_lost_was_never_said_to_be_taken() {
    let world = World::small(&[ENFORCE, ("window = 32", "window = 1")]);
    let mut carrier = world.carrier();
    let mut sender = world.cmpp(Version::V30).unwrap();
    fill(&world, &mut sender);
    let first = sender.hand_in(vec![message(&[PERSON], CODE), message(&["13800000002"], CODE)]);
    // The first is under way when the line breaks; the second waits for room, and goes on the next line.
    let (_, code) = carrier.takes();
    assert_eq!(code.destinations[0].text, PERSON.as_bytes());
    drop(carrier);
    let mut carrier = world.carrier();
    let (sequence, code) = carrier.takes();
    assert_eq!(code.destinations[0].text, b"13800000002");
    carrier.answer(sequence, Answer::Taken(MessageId(vec![7; 8])));
    carrier.flush();
    let answers = sender.answers(first, 2);
    assert_eq!(answers[0], LATER);
    assert!(matches!(answers[1], Answer::Taken(_)), "{answers:?}");
}

#[test]
fn codes_that_wait_in_memory_are_bounded_and_go_in_time_or_not_at_all() {
    let world = World::small(&[ENFORCE, ("kind = \"commercial\"", "kind = \"commercial\"\nwindow = 1_024")]);
    let mut sender = world.cmpp(Version::V30).unwrap();
    fill(&world, &mut sender);
    // No carrier is there.
    let to: Vec<String> = (0..300).map(|n| format!("1380000{n:04}")).collect();
    let codes: Vec<_> = to.iter().map(|to| message(&[to.as_str()], CODE)).collect();
    sender.pour(&codes);
    let result =
        |how: &str| metric(&world, &format!("anning_relayed_total{{account=\"mall\",result=\"{how}\"}}"));
    until("all are there", || metric(&world, "anning_relays_waiting") + result("too_many") == 300);
    assert_eq!((metric(&world, "anning_relays_waiting"), result("too_many")), (256, 44));
    let mut carrier = world.carrier();
    for n in 0..256_u64 {
        let (sequence, _) = carrier.takes();
        carrier.answer(sequence, Answer::Taken(MessageId(n.to_be_bytes().to_vec())));
    }
    carrier.flush();
    let later = sender.poured(300).into_iter().filter(|answer| *answer == LATER).count();
    assert_eq!((later, result("taken")), (44, 256));
    // Without a carrier for too long.
    drop(carrier);
    until("the carrier is gone", || metric(&world, "anning_upstream_links") == 0);
    let first = sender.hand_in(vec![message(&[PERSON], CODE)]);
    until("it waits", || metric(&world, "anning_relays_waiting") == 1);
    world.ahead.fetch_add(10_000, Ordering::SeqCst);
    assert_eq!(sender.answers(first, 1), [LATER]);
    assert_eq!((result("too_late"), metric(&world, "anning_relays_waiting")), (1, 0));
}

#[test]
fn what_a_carrier_says_while_the_disk_is_full_is_put_on_record_later() {
    let world = World::small(&[ENFORCE]);
    let mut carrier = world.carrier();
    let mut sender = world.cmpp(Version::V30).unwrap();
    let to: Vec<String> = (0..12).map(|n| format!("1380000{n:04}")).collect();
    let first = sender.hand_in(to.iter().map(|to| message(&[to.as_str()], NOTICE)).collect());
    let there: Vec<_> = to.iter().map(|_| carrier.takes()).collect();
    let answers = sender.answers(first, to.len()).into_iter();
    let mut ours: BTreeSet<_> = answers.map(|answer| taken(answer).0).collect();
    fill(&world, &mut sender);
    // Reports that are nobody's take little, and fill what is left.
    while carrier.reported(&MessageId(vec![99; 8]), &there[0].1) == 0 {}
    // The first answers may find room all the same; sooner or later one does not.
    let full = || metric(&world, "anning_troubles_total{what=\"disk_full\"}");
    let sent = || {
        metric(
            &world,
            "anning_letters{account=\"mall\",upstream=\"carrier\",lane=\"service\",state=\"sent\"}",
        )
    };
    let (before, theirs) = (full(), |n: usize| MessageId(vec![n as u8 + 1; 8]));
    let mut answered = 0;
    while full() == before {
        carrier.answer(there[answered].0, Answer::Taken(theirs(answered)));
        carrier.flush();
        answered += 1;
        until("the answer is heard", || full() > before || sent() == answered as u64);
    }
    world.full.store(false, Ordering::SeqCst);
    until("it is ready again", || world.get("/readyz").0 == 200);
    for (n, (_, notice)) in there.iter().enumerate().take(answered) {
        carrier.report(&theirs(n), notice, ReportState::Delivered, "DELIVRD");
    }
    carrier.flush();
    let told = sender.reports(answered);
    assert!(told.iter().all(|report| ours.remove(&report.id.0)), "each of them once");
}
