//! What goes on record can be opened, hashed, and decided again.

use anning_decide::{Bench, ClearanceKind, DecisionRecord, Evidence, Outcome, differences, recompute};
use anning_judge::{Judge, Scratch};
use anning_law::{Corpus, Law};
use anning_vocab::{ActKind, Covers, Terms};

use crate::world::{CODE, CODE_WITH_OFFER, ENFORCE, NOTICE, OFFER, World, at, person, weekly};

const DAY: &str = "2024-08-05 10:00";

#[test]
fn every_receipt_can_be_recomputed() {
    for edits in [&[ENFORCE][..], &[]] {
        let mut world = World::new(edits);
        world.agrees(1, "2024-07-20 09:00", |terms| terms.frequency = Some(weekly(3)));
        world.agrees(2, "2024-07-20 09:00", |_| ());
        world.act(2, ActKind::Withdrawn, "2024-07-21 09:00", Terms::silent(Covers::Receive));
        let cases = [
            (OFFER, 1, DAY),
            (OFFER, 1, DAY),
            (OFFER, 2, DAY),
            (CODE, 2, DAY),
            (NOTICE, 3, DAY),
            (CODE_WITH_OFFER, 3, DAY),
            (OFFER, 1, "2024-08-05 22:00"),
        ];
        let rulings: Vec<_> = cases.iter().map(|(text, n, when)| world.ruling(text, *n, when)).collect();
        let records: Vec<_> = rulings.iter().map(|ruling| ruling.record.clone()).collect();
        let position = world.ledger.put_decisions(&records, at("2024-08-05 22:01")).unwrap();
        for (index, (ruling, (text, n, when))) in (0..).zip(rulings.iter().zip(cases)) {
            let bytes = world.ledger.evidence(position, index).unwrap().unwrap();
            let (evidence, names) = Evidence::from_bytes(&bytes).unwrap();
            assert_eq!(evidence.text.as_deref(), Some(text));
            assert_eq!(evidence.recipient, world.ledger.hash(&person(n)));
            let class_of = |text: &str| Judge::shipped().judge(text, &mut Scratch::default()).class;
            let bench = Bench {
                law: Law::embedded(),
                law_hash: Corpus::embedded().hash(),
                class_of: &class_of,
                judge_hash: Judge::shipped().hash(),
            };
            let record = DecisionRecord::from_bytes(&ruling.record.record).unwrap();
            let again = recompute(&evidence, &bench);
            let found = differences(&record, world.ledger.suite(), &evidence, &names, &again);
            assert_eq!(found, [], "{text} to {n} at {when}");
            assert_eq!(record.sent_at, at(when));
            assert_eq!(record.clearance, ruling.pass.as_ref().map(anning_gateway::Pass::kind));
        }
        // Somebody else's name is in nobody's evidence, and an address in none.
        let all: Vec<u8> = records.iter().flat_map(|record| record.evidence.clone().unwrap()).collect();
        assert!(!String::from_utf8_lossy(&all).contains("138000"));
    }
}

#[test]
fn evidence_is_kept_as_configured() {
    let check = |kept: &str, expected: [bool; 2]| {
        let edit = format!("evidence = \"{kept}\"");
        let mut world = World::new(&[("evidence = \"all\"", &edit), ENFORCE]);
        world.agrees(1, "2024-07-20 09:00", |_| ());
        let has = |n| world.ruling(OFFER, n, DAY).record.evidence.is_some();
        assert_eq!([has(1), has(2)], expected, "{kept}");
    };
    check("all", [true, true]);
    check("refusals", [false, true]);
    check("none", [false, false]);
}

#[test]
fn what_shadow_lets_pass_is_on_record_as_that() {
    let world = World::new(&[]);
    let ruling = world.ruling(OFFER, 2, DAY);
    let record = DecisionRecord::from_bytes(&ruling.record.record).unwrap();
    assert_eq!((record.outcome, record.clearance), (Outcome::Deny, Some(ClearanceKind::ShadowPass)));
    assert!(ruling.record.handed_over.is_some(), "it went out, and counts");
    let world = World::new(&[ENFORCE]);
    let ruling = world.ruling(OFFER, 2, DAY);
    let record = DecisionRecord::from_bytes(&ruling.record.record).unwrap();
    assert_eq!((record.outcome, record.clearance, ruling.record.handed_over), (Outcome::Deny, None, None));
}
