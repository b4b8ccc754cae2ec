//! A campaign decides each recipient as if it were the only one, on random worlds and acts.
//!
//! `ANNING_CASES` sets how many, `ANNING_SEED` where to begin; a failure prints the seed that repeats it alone.

#![cfg(test)]

#[expect(dead_code, reason = "of a scene, acts and earlier sends are drawn apart here")]
mod worlds;

use anning_consent::{Prior, Reach};
use anning_decide::{Campaign, decide};
use anning_law::Law;
use anning_vocab::{Act, ActKind, Date, TermsId, Timestamp};
use worlds::{Dice, Scene};

#[test]
fn alike_is_decided_alike() {
    let number = |name: &str, default: u64| {
        std::env::var(name).map_or(default, |text| text.parse().expect("a whole number"))
    };
    let (cases, seed) = (number("ANNING_CASES", 120_000), number("ANNING_SEED", 1));
    let worlds = cases.div_ceil(RECIPIENTS);
    let law = Law::embedded();
    let days = worlds::days(law);
    let half = seed + worlds / 2;
    std::thread::scope(|scope| {
        for range in [seed..half, half..seed + worlds] {
            scope.spawn(|| range.for_each(|seed| compare(law, &days, seed)));
        }
    });
    println!("{} recipients in {worlds} random worlds from seed {seed}", worlds * RECIPIENTS);
}

/// One message in one world to many recipients.
fn compare(law: &Law, days: &[Date], seed: u64) {
    let mut dice = Dice::new(seed);
    let Scene { world, mut message, class, policy, .. } = Scene::random(&mut dice, days);
    let mut campaign = Campaign::new(law.on(message.sent_at.date()), &world, message, class, policy);
    let mut sent = message.sent_at;
    let mut reach = Reach::new(&world, message);
    for n in 0..RECIPIENTS {
        if n % 16 == 15 {
            // Later or earlier that day, with what was remembered.
            let start = sent.date().start();
            sent = start.plus_millis(dice.of(&[0, 1, 999, 28_800_000, 36_000_500, 75_600_000, 86_399_999]));
            campaign.send_at(sent);
            reach.send_at(sent);
            message.sent_at = sent;
        }
        let acts = acts(&mut dice, &world, sent);
        let prior: Vec<Prior> = if dice.once_in(3) { priors(&mut dice, sent) } else { Vec::new() };
        let facts = world.facts(&message, &acts, &prior);
        assert_eq!(reach.facts(&acts, &prior), facts);
        if let (Some(act), []) = (reach.settled(&acts), &prior[..]) {
            let of_one = world.facts(&message, core::slice::from_ref(act), &prior);
            assert_eq!(of_one, facts, "ANNING_SEED={seed} ANNING_CASES=1, recipient {n}\n{acts:#?}");
        }
        let alone = decide(law.on(sent.date()), &message, class, &facts, &prior, &policy);
        for _ in 0..2 {
            let decided = campaign.decide(&acts, &prior);
            assert_eq!(
                decided, alone,
                "ANNING_SEED={seed} ANNING_CASES=1, recipient {n}\n{message:#?}\n{acts:#?}\n{prior:#?}\n{policy:#?}"
            );
        }
    }
}

/// Mostly none, one or a few, and of those many that differ in nothing but the hour.
fn acts(dice: &mut Dice, world: &anning_consent::World, sent: Timestamp) -> Vec<Act> {
    let several = dice.below(8);
    let count = if several == 0 || dice.once_in(4) { 2 + dice.below(5) } else { usize::from(several > 1) };
    let mut acts: Vec<Act> = (0..count).map(|_| worlds::act(dice, world, sent)).collect();
    if let ([act], true) = (acts.as_mut_slice(), dice.once_in(2)) {
        // Any time of day on, or next to, a day on which something ends.
        let days =
            dice.of(&[0, 0, 1, 2, 7, 8, 30, 31, 365, 366, 400, 401, 1_460, 1_461, 1_462, 4_095, 4_096]);
        let minute = dice.below(1_440) as i64;
        let at =
            sent.date().plus_days(-days).start().plus_millis(minute * 60_000 + dice.below(60_000) as i64);
        // Or in the second of the send, or the one before it.
        let at = if dice.once_in(4) { sent.plus_millis(-(dice.below(1_500) as i64)) } else { at };
        let kind = if dice.once_in(3) { ActKind::Asked } else { act.kind };
        let terms = TermsId(dice.below(2) as u32);
        *act = Act { kind, terms, occurred: at, received: at, recorded: at, ..*act };
        if dice.once_in(3) {
            act.recorded = sent.plus_millis(dice.of(&[-1, 0, 1, -1_000]));
        }
        if dice.once_in(4) {
            act.received = act.recorded;
        }
    }
    if let (true, [_, .., last]) = (dice.once_in(2), acts.as_mut_slice()) {
        // A yes or a no after the others, or in the second of one: what mostly settles the matter.
        let at = sent.plus_millis(-(dice.below(3_000) as i64));
        let kind = dice.of(&[ActKind::Given, ActKind::Renewed, ActKind::Refused, ActKind::Withdrawn]);
        *last = Act { kind, occurred: at, received: at, recorded: at, ..*last };
    }
    if let (true, [first, rest @ ..]) = (dice.once_in(4), acts.as_mut_slice()) {
        // A yes, and after it what was done so long ago that its days may have run out.
        let days = dice.of(&[1, 30, 179, 181, 366, 400]);
        rest.iter_mut().for_each(|act| {
            let at = sent.plus_millis(-days * 86_400_000 + (dice.below(3_000) as i64));
            let kind = dice.of(&[ActKind::Given, act.kind]);
            *act = Act { kind, occurred: at, received: at, recorded: at, ..*act };
        });
        let at = sent.plus_millis(-days * 86_400_000 - (dice.below(2_000) as i64));
        *first = Act { kind: ActKind::Given, occurred: at, received: at, recorded: at, ..*first };
    }
    acts.sort_by_key(|act| act.occurred);
    acts
}

fn priors(dice: &mut Dice, sent: Timestamp) -> Vec<Prior> {
    let mut prior: Vec<Prior> = (0..dice.below(5)).map(|_| worlds::earlier(dice, sent)).collect();
    prior.sort_by_key(|p| p.sent_at);
    prior
}

/// Recipients of one message.
const RECIPIENTS: u64 = 120;
