//! What was handed over is counted again after every start: from the journal, and from a snapshot.

use std::sync::Arc;

use anning_ledger::Suite;
use anning_store::{Decided, Ledger, Pace};
use anning_vocab::{Channel, ContentKind, PartyId, Prior, RecipientKey, Timestamp};

use crate::sim::Sim;
use crate::world::{at, create, open};
use crate::{People, sheet, start};

fn prior(second: i64) -> Prior {
    Prior {
        sent_at: at(second),
        sender: Some(PartyId(0)),
        channel: Channel::Sms,
        kind: Some(ContentKind::ALL[0]),
        commercial: true,
        request: second % 7 == 0,
        wording: None,
    }
}

fn sends(ledger: &Ledger, key: RecipientKey) -> Vec<Prior> {
    let mut sends = Vec::new();
    ledger.read().index().priors(key, Timestamp::from_millis(0), &mut sends);
    sends
}

#[test]
fn sends_are_counted_after_a_restart() {
    for snapshot in [false, true] {
        let disk = Sim::default();
        create(&disk, Suite::International);
        let (clerk, running, people) = start(&disk, 1, Box::new(|| at(10_000)), Pace::default());
        clerk.put(vec![sheet()], vec![people.act(0, anning_vocab::ActKind::Given, at(1))]).unwrap();
        for second in 0..30 {
            let decided = |n: u64| Decided {
                recipient: people.key(n),
                record: vec![n as u8; 40],
                // A refused message was not handed over and does not count.
                handed_over: (n != 3).then(|| prior(second)),
                // Bodies with and without evidence stand side by side, as in a ledger older than evidence.
                evidence: (n % 2 == 1).then(|| vec![n as u8; 300]),
            };
            clerk.put_decisions((0..4).map(decided).map(Arc::new).collect()).unwrap();
            if snapshot && second == 20 {
                clerk.with(Ledger::snapshot).unwrap().unwrap();
            }
        }
        let ledger = running.end().unwrap();
        let before: Vec<_> = (0..4).map(|n| sends(&ledger, people.key(n))).collect();
        assert_eq!(before.iter().map(Vec::len).collect::<Vec<_>>(), [30, 30, 30, 0]);
        assert!(before[0].iter().any(|send| *send == prior(7)));
        drop(ledger);
        for seed in 2..4 {
            let ledger = open(&disk, seed).unwrap();
            let after: Vec<_> = (0..4).map(|n| sends(&ledger, people.key(n))).collect();
            assert_eq!(before, after, "snapshot {snapshot}");
            let receipt = ledger.receipt(ledger.size() - 1, 3).unwrap();
            assert_eq!(receipt.record, [3; 40]);
            let evidence = |n| ledger.evidence(ledger.size() - 1, n).unwrap();
            assert_eq!(
                (evidence(3), evidence(1), evidence(2)),
                (Some(vec![3; 300]), Some(vec![1; 300]), None)
            );
            assert!(ledger.evidence(ledger.size() - 1, 4).is_err(), "no such decision");
        }
    }
}

#[test]
fn people_met_by_a_decision_alone_are_counted_too() {
    let disk = Sim::default();
    create(&disk, Suite::International);
    let mut ledger = open(&disk, 1).unwrap();
    let people = People::of(&ledger);
    let decided = |second| Decided {
        recipient: people.key(5),
        record: vec![1],
        handed_over: Some(Prior { sender: None, ..prior(second) }),
        evidence: None,
    };
    ledger.put_decisions(&[decided(1), decided(2)], at(2)).unwrap();
    ledger.snapshot().unwrap();
    ledger.put_decisions(&[decided(3)], at(3)).unwrap();
    let before = sends(&ledger, people.key(5));
    drop(ledger);
    let ledger = open(&disk, 2).unwrap();
    assert_eq!((before.len(), before), (3, sends(&ledger, people.key(5))));
}
