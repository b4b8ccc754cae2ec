//! Caps count what is under way.

use anning_gateway::{Ruling, Verdict, Waited};
use anning_vocab::Timestamp;

use crate::world::{ENFORCE, OFFER, World, at, person, source, told, weekly};

const MONDAY: &str = "2024-08-05 10:00";
const HELD: &str = "hold until 2024-08-12T00:00:00+08:00: cap";

fn world() -> World {
    let mut world = World::new(&[ENFORCE]);
    world.agrees(1, "2024-07-20 09:00", |_| ());
    world
}

fn rulings(world: &World, count: usize) -> Vec<Ruling> {
    (0..count).map(|_| *world.ruling(OFFER, 1, MONDAY)).collect()
}

#[test]
fn the_fifth_of_four_a_week_waits_for_monday() {
    let world = world();
    let sent = rulings(&world, 4);
    assert!(sent.iter().all(|ruling| ruling.pass.is_some()));
    assert_eq!(world.says(OFFER, 1, MONDAY), HELD);
    assert_eq!(world.says(OFFER, 1, "2024-08-11 10:00"), HELD);
    assert_eq!(world.says(OFFER, 1, "2024-08-12 10:00"), "permit");
    // One was never handed over.
    let world = self::world();
    let sent = rulings(&world, 4);
    world.gate.settle(sent[2].recipient, sent[2].ticket.unwrap());
    assert_eq!(world.says(OFFER, 1, MONDAY), "permit");
    assert_eq!(world.says(OFFER, 1, MONDAY), HELD);
}

#[test]
fn what_is_in_the_ledger_counts_once_it_is_there() {
    let mut world = world();
    let sent = rulings(&world, 3);
    let records: Vec<_> = sent.iter().map(|ruling| ruling.record.clone()).collect();
    assert!(records.iter().all(|record| record.handed_over.is_some()));
    world.ledger.put_decisions(&records, at(MONDAY)).unwrap();
    // In between both count: one message fewer rather than one more.
    for ruling in &sent {
        world.gate.settle(ruling.recipient, ruling.ticket.unwrap());
    }
    assert!(world.gate.under_way().is_empty());
    assert_eq!(world.says(OFFER, 1, MONDAY), "permit");
    assert_eq!(world.says(OFFER, 1, MONDAY), HELD);
}

#[test]
fn a_letter_that_waited_does_not_stand_in_its_own_way() {
    let world = world();
    let sent = rulings(&world, 4);
    let (recipient, ticket) = (person(1), sent[3].ticket);
    let again = |ticket, when: Timestamp| {
        let waited = Waited {
            account: "mall",
            source: source("mall"),
            text: Some(OFFER),
            recipient: &recipient,
            ticket,
        };
        world.gate.decide_again(&waited, when).unwrap()
    };
    let verdict = again(ticket, at("2024-08-05 11:00"));
    assert_eq!(told(&verdict), "permit");
    // Not on record as handed over twice: the first record said that it waits.
    assert_eq!(sent[3].waiting().handed_over, None);
    assert_eq!(told(&again(None, at("2024-08-05 11:00"))), HELD);
    let Verdict::Ruled(ruling) = verdict else { panic!("ruled") };
    assert_ne!(ruling.ticket, ticket);
    let gone = Waited {
        account: "gone",
        source: source("mall"),
        text: Some(OFFER),
        recipient: &recipient,
        ticket: None,
    };
    assert!(world.gate.decide_again(&gone, at(MONDAY)).is_err());
}

/// Many sessions at once: never one more than the cap.
#[test]
fn a_cap_is_never_overshot() {
    let world = world();
    let (gate, account) = (&world.gate, world.account("mall"));
    let passed: usize = std::thread::scope(|scope| {
        let one = || {
            let read = gate.read(&account, source("mall"), OFFER).unwrap();
            let verdicts = (0..8).flat_map(|_| gate.decide(&read, &[person(1)], at(MONDAY)));
            verdicts.filter(|verdict| told(verdict) == "permit").count()
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(one)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!((passed, world.gate.under_way().len()), (4, 4));
}

#[test]
fn an_agreed_frequency_is_law_and_final() {
    let mut world = World::new(&[ENFORCE]);
    world.agrees(1, "2024-07-20 09:00", |terms| terms.frequency = Some(weekly(2)));
    let says: Vec<String> = (0..3).map(|_| world.says(OFFER, 1, MONDAY)).collect();
    assert_eq!(says, ["permit", "permit", "refuse: too_often"]);
}

#[test]
fn one_submit_to_the_same_person_twice_counts_twice() {
    let world = World::new(&[("cap = \"4/week\"", "cap = \"1/day\""), ENFORCE]);
    let mut world = world;
    world.agrees(1, "2024-07-20 09:00", |_| ());
    let read = world.gate.read(&world.account("mall"), source("mall"), OFFER).unwrap();
    let verdicts = world.gate.decide(&read, &[person(1), person(1)], at(MONDAY));
    let told: Vec<String> = verdicts.iter().map(told).collect();
    assert_eq!(told, ["permit", "hold until 2024-08-06T00:00:00+08:00: cap"]);
}

/// More under way than the configuration bounds: evidence is stale, and says so.
#[test]
fn too_much_under_way_is_trouble() {
    let mut world = World::new(&[
        ("behind_max = 200_000", "behind_max = 100"),
        ("cap = \"4/week\"", "cap = \"9999/day\""),
        ENFORCE,
    ]);
    world.agrees(1, "2024-07-20 09:00", |_| ());
    let sent = rulings(&world, 100);
    assert_eq!(world.says(OFFER, 1, MONDAY), "unavailable Behind");
    world.gate.settle(sent[0].recipient, sent[0].ticket.unwrap());
    assert_eq!(world.says(OFFER, 1, MONDAY), "permit");
}
