//! What a reply puts on record, and what it stops.

use anning_gateway::replies::{Consequence, Ground, Heard, Intent, heard};
use anning_ledger::sheet::Table;
use anning_vocab::{ActKind, PartyId, PortId};

use crate::world::{ENFORCE, OFFER, World, at, person, source};

const DAY: &str = "2024-08-05 10:00";
const LATER: &str = "2024-08-06 10:00";

/// A second sender on the same number.
const SHARED: (&str, &str) = (
    "shared = false                           # serves",
    "shared = true                            # serves",
);
const OTHER: (&str, &str) = (
    "# Codes and notices of the same company",
    "[[account]]\nname = \"other\"\nlogin = { cmpp = \"777777\" }\nsecret_env = \"S\"\nsources = [\"10690001*\"]\nadvertiser = \"bank\"\n# Codes",
);

fn reply(world: &World, n: u64, intent: Intent, when: &str, recent: &[&str]) -> Consequence {
    let view = world.ledger.view();
    let recent: Vec<PartyId> = recent.iter().map(|name| PartyId(view.number(Table::Party, name))).collect();
    let port = Some(PortId(view.number(Table::Port, source("mall"))));
    let (book, acts, from) = (world.gate.book(), world.acts(n), person(n));
    let now = world.ledger.read();
    let ground = Ground {
        register: &book.register,
        sheets: now.sheets(),
        suite: world.ledger.suite(),
        acts: &acts,
        recent: &recent,
        words: &book.config.replies,
    };
    let key = world.ledger.hash(&from);
    let heard_ =
        Heard { from: &from, key, to: source("mall"), port, intent, id: when.as_bytes(), at: at(when) };
    heard(&heard_, &ground).unwrap()
}

fn put(world: &mut World, consequence: &Consequence, when: &str) {
    world.ledger.put(&consequence.sheets, &consequence.acts, at(when)).unwrap();
}

//= cn/pipl/15 个人信息处理者应当提供便捷的撤回同意的方式。
//= type=test
#[test]
fn a_reply_stops_the_brand_and_is_confirmed_once() {
    let mut world = World::new(&[ENFORCE]);
    world.agrees(1, "2024-07-20 09:00", |_| ());
    assert_eq!(world.says(OFFER, 1, DAY), "permit");
    let told = reply(&world, 1, Intent::Stop, DAY, &[]);
    assert_eq!((told.acts.len(), told.acts[0].kind, told.port), (1, ActKind::Withdrawn, false));
    assert_eq!(told.confirmation.as_deref(), Some("【云栖】您的退订已生效，我们不再向您发送商业性信息。"));
    put(&mut world, &told, DAY);
    assert_eq!(world.says(OFFER, 1, LATER), "refuse: refused");
    assert_eq!(world.says(&OFFER.replace("云栖百货", "云栖生活"), 1, LATER), "refuse: refused");
    // Said again: on record again, and not confirmed again.
    let again = reply(&world, 1, Intent::Stop, LATER, &[]);
    assert_eq!((again.acts.len(), &again.confirmation), (1, &None));
    put(&mut world, &again, LATER);
    // A person may opt in again by an act of their own; who then refuses is confirmed no second time.
    let start = reply(&world, 1, Intent::Start, "2024-08-07 10:00", &[]);
    assert_eq!((start.acts.len(), start.acts[0].kind, start.yes_to_nobody), (1, ActKind::Renewed, false));
    put(&mut world, &start, "2024-08-07 10:00");
    assert_eq!(world.says(OFFER, 1, "2024-08-08 10:00"), "permit");
    assert_eq!(reply(&world, 1, Intent::Stop, "2024-08-09 10:00", &[]).confirmation, None);
}

#[test]
fn who_never_agreed_asks_and_that_is_a_request() {
    let mut world = World::new(&[ENFORCE]);
    let start = reply(&world, 9, Intent::Start, DAY, &[]);
    assert_eq!((start.acts.len(), start.acts[0].kind), (1, ActKind::Invited));
    put(&mut world, &start, DAY);
    assert_eq!(world.acts(9).len(), 1);
}

#[test]
fn who_never_agreed_refuses() {
    let mut world = World::new(&[ENFORCE]);
    let told = reply(&world, 9, Intent::StopAll, DAY, &[]);
    assert_eq!((told.acts.len(), told.acts[0].kind), (1, ActKind::Refused));
    assert!(told.confirmation.is_some());
    put(&mut world, &told, DAY);
    assert_eq!(world.says(OFFER, 9, LATER), "refuse: refused");
}

/// A number that several send from: everybody who wrote lately is meant, and so is the number.
#[test]
fn on_a_shared_number_the_widest_refusal_counts() {
    let mut world = World::new(&[ENFORCE, SHARED, OTHER]);
    for n in 1..5 {
        world.agrees(n, "2024-07-20 09:00", |_| ());
    }
    let check = |n, recent: &[&str], acts, names: usize| {
        let told = reply(&world, n, Intent::Stop, DAY, recent);
        assert_eq!((told.acts.len(), told.refused.len(), told.port), (acts, names, true), "{recent:?}");
        told
    };
    let one = check(1, &["bank"], 2, 1);
    let two = check(2, &["bank", "yunqi"], 3, 2);
    // Nobody wrote lately: whoever may send from the number.
    let three = check(3, &[], 3, 2);
    for told in [one, two, three] {
        put(&mut world, &told, DAY);
    }
    // The number itself was refused, whoever sends from it.
    assert!(world.says(OFFER, 1, LATER).starts_with("refuse: refused"), "{}", world.says(OFFER, 1, LATER));
    assert_eq!(world.says(OFFER, 2, LATER), "refuse: refused");
    assert_eq!(world.says(OFFER, 3, LATER), "refuse: refused");
    assert_eq!(world.says(OFFER, 4, LATER), "permit");
    // Consent does not travel: a yes to a shared number names nobody.
    let start = reply(&world, 1, Intent::Start, LATER, &["yunqi"]);
    assert!(start.yes_to_nobody && start.acts.is_empty());
}

#[test]
fn what_is_no_answer_changes_nothing() {
    let world = World::new(&[ENFORCE]);
    let told = reply(&world, 1, Intent::Nothing, DAY, &[]);
    assert!(told.acts.is_empty() && told.sheets.is_empty() && told.confirmation.is_none());
}

#[test]
fn confirmations_can_be_left_out() {
    let world = World::new(&[("confirm = true ", "confirm = false")]);
    let told = reply(&world, 1, Intent::Stop, DAY, &[]);
    assert_eq!((told.acts.len(), told.confirmation), (1, None));
}
