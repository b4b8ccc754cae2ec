//! The fast `decide` and the reference agree on random law dates, evidence and messages.
//!
//! `ANNING_CASES` sets how many, `ANNING_SEED` where to begin; a failure prints the seed that repeats it alone:
//! `ANNING_CASES=10000000 cargo test --release -p anning-decide --test random_worlds`.

#![cfg(test)]

mod reference;
mod worlds;

use std::cmp::Reverse;

use anning_consent::{Member, Prior, World};
use anning_decide::{House, HouseGround, Policy, Treatment, decide};
use anning_law::{Law, ProvisionId};
use anning_vocab::{BrandId, Date, Facts, Finding, Known, Message, RefusalReach};
use worlds::{Dice, Scene};

#[test]
fn fast_and_reference_agree() {
    let number = |name: &str, default: u64| {
        std::env::var(name).map_or(default, |text| text.parse().expect("a whole number"))
    };
    let (cases, seed) = (number("ANNING_CASES", 20_000), number("ANNING_SEED", 1));
    let law = Law::embedded();
    let days = worlds::days(law);
    let half = seed + cases / 2;
    std::thread::scope(|scope| {
        for range in [seed..half, half..seed + cases] {
            scope.spawn(|| range.for_each(|seed| compare(law, &days, seed)));
        }
    });
    println!("{cases} random worlds from seed {seed}");
}

/// One world, both ways.
fn compare(law: &Law, days: &[Date], seed: u64) {
    let Scene { world, message, class, acts, prior, policy } = Scene::random(&mut Dice::new(seed), days);
    let on = message.sent_at.date();
    let again =
        || format!("ANNING_SEED={seed} ANNING_CASES=1\n{message:#?}\n{acts:#?}\n{prior:#?}\n{policy:#?}");

    for member in worlds::members() {
        let expected = brand_of(&world, member, on);
        assert_eq!(world.brands.brand_of(member, on), expected, "brand of {member:?}; {}", again());
    }
    let facts = world.facts(&message, &acts, &prior);
    let expected = reference::facts(&world, &message, &acts, &prior);
    assert_eq!(facts, expected, "facts: fast left, reference right; {}", again());

    let decision = decide(law.on(on), &message, class, &facts, &prior, &policy);
    let (treatment, findings, outcome) =
        reference::decide(law, &message, class, &expected, decision.house, &policy);
    assert_eq!(decision.treatment, treatment, "treatment; {}", again());
    for provision in ProvisionId::ALL {
        let found = findings.iter().find(|(id, _)| id == provision);
        let found = found.map_or(Finding::NOT_APPLICABLE, |(_, finding)| *finding);
        assert_eq!(decision.findings.of(*provision), found, "{provision}; {}", again());
    }
    let says =
        if treatment == Treatment::Outside { House::Pass } else { house(&message, &facts, &prior, &policy) };
    assert_eq!(decision.house, says, "house policy; {}", again());
    assert_eq!(decision.outcome, outcome, "outcome; {}", again());
}

/// The latest assertion that holds that day; among equals the lower brand.
fn brand_of(world: &World, member: Member, on: Date) -> Option<BrandId> {
    let said = world.brands.assertions();
    let that_day = said.iter().filter(|a| a.member == member && a.interval.contains(on));
    that_day.map(|a| (Reverse(a.interval.from), a.brand)).min().map(|(_, brand)| brand)
}

/// House policy, slowly: hours minute by minute, caps day by day.
fn house(message: &Message, facts: &Facts<'_>, prior: &[Prior], policy: &Policy) -> House {
    let sent = message.sent_at;
    let filing = [message.filing.signature, message.filing.content_provider, message.filing.port];
    if policy.brand_refusal && facts.refusal.reach == RefusalReach::Brand {
        return House::Deny(HouseGround::BrandRefusal);
    }
    if policy.require_filing && filing.contains(&Known::No) {
        return House::Deny(HouseGround::NotFiled);
    }
    if let Some(cap) = policy.cap {
        let of = |day: Date| reference::window(cap.per, day);
        let counts = |p: &&Prior| {
            p.commercial && p.sender == message.sender() && of(p.sent_at.date()) == of(sent.date())
        };
        if prior.iter().filter(counts).count() >= usize::from(cap.at_most) {
            let mut next = sent.date();
            while of(next) == of(sent.date()) {
                next = next.plus_days(1);
            }
            return House::Hold(HouseGround::Cap, next.start());
        }
    }
    let quiet = |minute: u16| {
        policy.quiet_hours.is_some_and(|hours| match hours.from <= hours.to {
            true => hours.from <= minute && minute < hours.to,
            false => hours.from <= minute || minute < hours.to,
        })
    };
    let mut end = sent.date().start().plus_millis(i64::from(sent.minute_of_day()) * 60_000);
    if !quiet(end.minute_of_day()) {
        return House::Pass;
    }
    while quiet(end.minute_of_day()) {
        end = end.plus_millis(60_000);
    }
    House::Hold(HouseGround::QuietHours, end)
}
