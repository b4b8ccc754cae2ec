//! Once a withdrawal is acknowledged, every later look denies until the person consents again, whoever else writes.
//!
//! Real threads on the simulated disk, with yields drawn at random before each step and before each record; a
//! scheduler of our own would have to stand in for the locks and queues of the standard library that are tested here.

use std::cell::Cell;
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use anning_decide::{Outcome, Policy, decide};
use anning_law::Law;
use anning_ledger::Suite;
use anning_store::{Clerk, Pace};
use anning_vocab::{
    Act, ActKind, Channel, Class, Known, Message, PartyId, RecipientKey, SenderNumber, TextFacts,
};

use crate::sim::Sim;
use crate::world::{Draw, at, create};
use crate::{People, sheet, start};

/// What a person was last told. Odd: a withdrawal was acknowledged. Even: a consent was. Negative: something is asked
/// for and not yet told, so either answer is right.
struct Person {
    told: AtomicI64,
    key: RecipientKey,
}

const PEOPLE: u64 = 8;
const WRITERS: u64 = 4;
const LOOKERS: u64 = 2;

fn denies(clerk: &Clerk, key: RecipientKey, acts: &mut Vec<Act>) -> bool {
    let mut message = Message::new(at(86_400 * 2 + 36_000), Channel::Sms);
    message.parties.advertiser = Some(PartyId(0));
    message.parties.service_provider = Some(PartyId(2));
    message.parties.carrier = Some(PartyId(3));
    message.online_business = Known::Yes;
    message.vendor_contract = Known::Yes;
    message.sender_number = SenderNumber::True;
    (message.refusal_free, message.log_kept, message.licence) = (Known::Yes, Known::Yes, Known::Yes);
    message.text = TextFacts {
        identity: Known::Yes,
        contact: Known::Yes,
        refusal: Known::Yes,
        ad_label: Known::No,
        code: Known::No,
    };
    let view = clerk.view().now();
    view.index().acts(key, acts);
    let facts = view.sheets().world().facts(&message, acts, &[]);
    let law = Law::embedded().on(message.sent_at.date());
    decide(law, &message, Class::Commercial, &facts, &[], &Policy::default()).outcome == Outcome::Deny
}

fn dawdle(draw: &mut Draw) {
    match draw.below(4) {
        0 => std::thread::yield_now(),
        1 => (0..draw.below(200)).for_each(|_| std::hint::spin_loop()),
        _ => {}
    }
}

/// How often a look met a state that one answer is right for: allowed, denied.
#[derive(Default)]
struct Looks {
    allowed: AtomicU64,
    denied: AtomicU64,
    late: AtomicU64,
}

/// One person's own device: consents and withdraws in turn, looks after each.
fn device(seed: u64, clerk: &Clerk, people: &People, persons: &[Person], who: u64, turns: i64) {
    let (mut draw, mut acts) = (Draw(seed), Vec::new());
    // Two people a device, in turn.
    let ours: Vec<(u64, &Person)> = (0..).zip(persons).filter(|(n, _)| n % WRITERS == who).collect();
    for turn in 0..turns {
        for (n, person) in &ours {
            let kind = if turn % 2 == 0 { ActKind::Given } else { ActKind::Withdrawn };
            person.told.store(-1, Ordering::SeqCst);
            dawdle(&mut draw);
            let new = people.act(*n, kind, at(1_000 + turn));
            clerk.put(vec![sheet()], vec![new]).unwrap();
            person.told.store(turn, Ordering::SeqCst);
            dawdle(&mut draw);
            let denied = denies(clerk, person.key, &mut acts);
            assert_eq!(denied, turn % 2 == 1, "seed {seed}: person {n} at turn {turn}, just told");
        }
    }
}

/// Old consents that arrive late: they were given before any withdrawal, and bring nothing back.
fn late(seed: u64, clerk: &Clerk, people: &People, looks: &Looks, stop: &AtomicBool) {
    let mut draw = Draw(seed);
    for second in 0..1_000 {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        let mut new = people.act(draw.below(PEOPLE), ActKind::Given, at(second));
        (new.received, new.recorded) = (at(50_000), at(50_000));
        clerk.put(vec![sheet()], vec![new]).unwrap();
        looks.late.fetch_add(1, Ordering::Relaxed);
        dawdle(&mut draw);
    }
}

/// Whoever sends: asks about anybody at any time.
fn looker(seed: u64, clerk: &Clerk, persons: &[Person], looks: &Looks, stop: &AtomicBool) {
    let (mut draw, mut acts) = (Draw(seed), Vec::new());
    while !stop.load(Ordering::SeqCst) {
        let n = draw.below(PEOPLE) as usize;
        let person = &persons[n];
        let before = person.told.load(Ordering::SeqCst);
        dawdle(&mut draw);
        let denied = denies(clerk, person.key, &mut acts);
        let after = person.told.load(Ordering::SeqCst);
        if before < 0 || before != after {
            continue;
        }
        assert_eq!(denied, before % 2 == 1, "seed {seed}: person {n}, told {before}, acts {acts:?}");
        let count = if denied { &looks.denied } else { &looks.allowed };
        count.fetch_add(1, Ordering::Relaxed);
    }
}

/// Stops the lookers also when a writer fails.
struct Stop<'s>(&'s AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

fn life(seed: u64, turns: i64, looks: &Looks) {
    let disk = Sim::default();
    create(&disk, Suite::International);
    let jitter = Cell::new(seed);
    let clock = Box::new(move || {
        let mut draw = Draw(jitter.get());
        dawdle(&mut draw);
        jitter.set(draw.0);
        at(100_000)
    });
    let pace = Pace { publish: Duration::from_millis(2), snapshot: 500 };
    let (clerk, running, people) = start(&disk, seed, clock, pace);
    let persons: Vec<Person> =
        (0..PEOPLE).map(|n| Person { told: AtomicI64::new(-1), key: people.key(n) }).collect();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (clerk, people, persons, stop) = (&clerk, &people, &persons, &stop);
        for n in 0..LOOKERS {
            scope.spawn(move || looker(seed + 10 + n, clerk, persons, looks, stop));
        }
        scope.spawn(move || late(seed + 20, clerk, people, looks, stop));
        let _stop = Stop(stop);
        std::thread::scope(|writers| {
            for n in 0..WRITERS {
                writers.spawn(move || device(seed + n, clerk, people, persons, n, turns));
            }
        });
    });
    drop(clerk);
    running.end().unwrap();
}

#[test]
fn after_an_acknowledged_withdrawal_nothing_is_allowed() {
    let wanted: u64 =
        std::env::var("ANNING_INTERLEAVINGS").ok().and_then(|n| n.parse().ok()).unwrap_or(20_000);
    let turns = 250;
    let lives = wanted.div_ceil(PEOPLE * turns);
    let looks = Looks::default();
    for seed in 0..lives {
        life(seed * 1_000, turns as i64, &looks);
    }
    let told = lives * PEOPLE * turns;
    let [allowed, denied, late] =
        [&looks.allowed, &looks.denied, &looks.late].map(|count| count.load(Ordering::Relaxed));
    let _ = writeln!(
        std::io::stderr(),
        "{told} acts acknowledged while others wrote ({late} late consents) and looked: {allowed} looks allowed, \
         {denied} denied, each as it must be"
    );
    assert!(
        allowed > told / 20 && denied > told / 20,
        "too few looks met a settled state: {allowed}, {denied}"
    );
}
