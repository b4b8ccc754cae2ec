//! Records and evidence: what was decided can be written down, opened, and decided again to the same answer.

#![cfg(test)]

#[allow(dead_code, reason = "the random worlds of another test, of which this one uses a part")]
mod worlds;

use std::borrow::Cow;

use anning_decide::{
    Bench, Binds, Decision, DecisionRecord, Difference, Evidence, Recomputed, Sealed, clear, decide,
    differences, recompute,
};
use anning_law::Law;
use anning_ledger::sheet::Table;
use anning_ledger::{FieldError, Key, Suite, Value};
use anning_vocab::{Class, Date, RecipientKey, Timestamp};
use worlds::{Dice, Scene};

const LAW: [u8; 32] = [1; 32];
const JUDGE: [u8; 32] = [2; 32];

fn name(table: Table, id: u32) -> Option<Cow<'static, str>> {
    Some(format!("{table:?} {id}").into())
}

/// A random scene, every act of which has its sheet.
fn scene(seed: u64, days: &[Date]) -> Scene {
    let mut scene = Scene::random(&mut Dice::new(seed), days);
    scene.acts.retain(|act| scene.world.terms(act.terms).is_some());
    scene
}

/// What a gateway would keep of a scene.
fn evidence(scene: &Scene) -> Evidence {
    Evidence {
        blind: [7; 16],
        recipient: RecipientKey([9; 16]),
        message: scene.message,
        text: None,
        class: scene.class,
        judged: false,
        terms: scene.world.terms.clone(),
        acts: scene.acts.clone(),
        brands: scene.world.brands.assertions(),
        priors: scene.prior.clone(),
        policy: scene.policy,
    }
}

fn decided(scene: &Scene) -> Decision {
    let facts = scene.world.facts(&scene.message, &scene.acts, &scene.prior);
    let law = Law::embedded().on(scene.message.sent_at.date());
    decide(law, &scene.message, scene.class, &facts, &scene.prior, &scene.policy)
}

fn record(scene: &Scene, decision: &Decision, sealed: Sealed) -> DecisionRecord {
    let policy = scene.policy.hash();
    let binds = Binds { law: LAW, judge: JUDGE, policy, brands: [3; 32], log_position: 5 };
    let clearance = clear(decision, scene.message, &scene.policy, binds, Timestamp::MAX);
    let kind = clearance.map(|clearance| clearance.kind());
    DecisionRecord::new(decision, scene.message.sent_at, scene.class, kind, binds, 1, sealed)
}

fn again(evidence: &Evidence) -> Recomputed {
    let class_of =
        |text: &str| if text.contains("优惠") { Class::Commercial } else { Class::NotCommercial };
    let bench = Bench { law: Law::embedded(), law_hash: LAW, class_of: &class_of, judge_hash: JUDGE };
    recompute(evidence, &bench)
}

#[test]
fn any_decision_is_recorded_opened_and_decided_again() {
    let days = worlds::days(Law::embedded());
    let (mut largest, cases) = (0, 2_000);
    for seed in 1..=cases {
        let scene = scene(seed, &days);
        let decision = decided(&scene);
        let held = evidence(&scene);
        for suite in [Suite::International, Suite::Gm] {
            let sealed = held.sealed(suite, &name).unwrap();
            let record = record(&scene, &decision, sealed);
            let bytes = record.to_bytes();
            largest = largest.max(bytes.len());
            assert_eq!(DecisionRecord::from_bytes(&bytes), Ok(record), "seed {seed}");

            let opened = held.to_value(&name).unwrap().to_bytes();
            let (opened, names) = Evidence::from_bytes(&opened).unwrap();
            let now = again(&opened);
            assert_eq!(now.decision, decision, "seed {seed}");
            let found = differences(&record, suite, &opened, &names, &now);
            assert_eq!(found, [], "seed {seed}");
        }
    }
    println!("{cases} random worlds recorded and decided again; largest record: {largest} bytes");
    assert!(largest <= anning_decide::RECORD_MAX);
}

#[test]
fn evidence_that_was_altered_is_told_apart() {
    let days = worlds::days(Law::embedded());
    let mut told = 0;
    for seed in 1..=500 {
        let scene = scene(seed, &days);
        let suite = Suite::International;
        let held = evidence(&scene);
        let record = record(&scene, &decided(&scene), held.sealed(suite, &name).unwrap());
        let mut other = held.clone();
        other.acts.clear();
        other.message.sent_at = other.message.sent_at.plus_millis(1);
        let (opened, names) = Evidence::from_value(other.to_value(&name).unwrap()).unwrap();
        let found = differences(&record, suite, &opened, &names, &again(&opened));
        assert_eq!(found.first(), Some(&Difference::Evidence));
        assert_eq!(found.get(1), Some(&Difference::Message));
        assert!(found.iter().any(|d| matches!(d, Difference::Time(..))));
        told += usize::from(found.iter().any(|d| matches!(d, Difference::Finding { .. })));
    }
    println!("500 altered, of which {told} change a finding");
    assert!(told > 50, "taking the acts away must matter: {told}");
}

/// A difference names the article, the day and the answers; other packs are named by their hashes.
#[test]
fn differences_in_words() {
    let days = worlds::days(Law::embedded());
    let scenes = (1..).map(|seed| scene(seed, &days));
    let mut scene = scenes.into_iter().find(|scene| decided(scene).findings.strict.breached != 0).unwrap();
    scene.class = Class::Commercial;
    let held = evidence(&scene);
    let sealed = held.sealed(Suite::International, &name).unwrap();
    let mut record = record(&scene, &decided(&scene), sealed);
    record.binds.law = [0xab; 32];
    record.strict.met |= record.strict.breached;
    record.strict.breached = 0;
    let (opened, names) = Evidence::from_value(held.to_value(&name).unwrap()).unwrap();
    let found = differences(&record, Suite::International, &opened, &names, &again(&opened));
    let words: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(
        words[0].starts_with("law pack: recorded abababababababab…, here 0101010101010101…"),
        "{words:?}"
    );
    let day = scene.message.sent_at.date();
    let finding = &words[1];
    assert!(
        finding.starts_with("cn/") && finding.contains(&format!(" on {day}, stricter reading")),
        "{finding}"
    );
    assert!(finding.ends_with("recorded met, decided again breached"), "{finding}");
}

/// The class is read again from the text, and from nothing else.
#[test]
fn the_text_is_judged_again() {
    let days = worlds::days(Law::embedded());
    let scene = scene(3, &days);
    let mut held = evidence(&scene);
    (held.text, held.class) = (Some("全场优惠".to_owned()), Class::NotCommercial);
    assert_eq!(again(&held).class, Class::NotCommercial);
    held.judged = true;
    assert_eq!(again(&held).class, Class::Commercial);
}

/// Every byte of a record matters or is refused: no two byte strings are one record.
#[test]
fn one_writing_a_record() {
    let days = worlds::days(Law::embedded());
    let mut flips = 0;
    for seed in 1..=50 {
        let scene = scene(seed, &days);
        let sealed = evidence(&scene).sealed(Suite::International, &name).unwrap();
        let record = record(&scene, &decided(&scene), sealed);
        let bytes = record.to_bytes();
        for at in 0..bytes.len() {
            let mut other = bytes.clone();
            other[at] ^= 1 << (seed % 8);
            if let Ok(read) = DecisionRecord::from_bytes(&other) {
                assert_ne!(read, record);
                assert_eq!(read.to_bytes(), other);
            }
            assert!(DecisionRecord::from_bytes(&bytes[..at]).is_err());
            flips += 1;
        }
    }
    println!("{flips} flips, {flips} cuts");
}

/// Evidence is whole, holds nothing unknown, and is written in one way.
#[test]
fn what_is_no_evidence() {
    let days = worlds::days(Law::embedded());
    let two_of_a_brand = |scene: &Scene| {
        let said = scene.world.brands.assertions();
        said.len() == 2 && said[0].brand == said[1].brand
    };
    let scene = (1..).map(|seed| scene(seed, &days)).find(two_of_a_brand).unwrap();
    let Value::Map(whole) = evidence(&scene).to_value(&name).unwrap() else { unreachable!() };
    let read = |map| Evidence::from_value(Value::Map(map)).map(|_| ());
    assert_eq!(read(whole.clone()), Ok(()));
    let mut checked = 0;
    for (key, _) in whole.iter() {
        let mut other = whole.clone();
        let value = other.remove(&key.0).unwrap();
        assert!(matches!(read(other.clone()), Err(FieldError::Missing(name)) if name == key.0), "{key:?}");
        other.insert(key.clone(), Value::Int(1));
        assert!(read(other.clone()).is_err(), "{key:?}");
        // An entry that nobody knows inside each map, and the last entry of each map taken away.
        if let Value::Map(mut inside) = value {
            inside.insert(Key::from("colour"), Value::Flag(true));
            other.insert(key.clone(), Value::Map(inside));
            assert_eq!(read(other), Err(FieldError::Unknown("colour".to_owned())), "{key:?}");
        }
        checked += 1;
    }
    println!("{checked} entries");
    let mut other = whole.clone();
    other.insert(Key::from("colour"), Value::Flag(true));
    assert_eq!(read(other), Err(FieldError::Unknown("colour".to_owned())));
    let brands = Key::from("brands");
    let mut other = whole.clone();
    let mut turned = other.remove(&brands.0).unwrap().into_list().unwrap();
    turned.reverse();
    other.insert(brands, Value::List(turned));
    assert_eq!(read(other), Err(FieldError::Wrong("brands")));
}
