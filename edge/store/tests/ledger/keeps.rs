//! What is put on record is there: now, after opening again, with and without snapshot and index files.

use anning_ledger::{DeedKind, Suite};
use anning_vocab::{Act, ActKind};

use crate::sim::Sim;
use crate::world::{act, at, create, folder, open, person, publisher, terms};

fn acts(ledger: &anning_store::Ledger, n: u64) -> Vec<Act> {
    let mut acts = Vec::new();
    ledger.read().index().acts(ledger.hash(&person(n)), &mut acts);
    acts
}

#[test]
fn what_was_put_is_there_after_opening_again() {
    for suite in [Suite::International, Suite::Gm] {
        let disk = Sim::default();
        create(&disk, suite);
        let mut ledger = open(&disk, 1).unwrap();
        let mut put = Vec::new();
        for n in 0..300 {
            put.push(act(&ledger, n % 100, ActKind::Given, (n % 3) as u32, at(n as i64)));
        }
        let sheets = [terms(0), terms(1), terms(2)];
        let acks = ledger.put(&sheets, &put, at(300)).unwrap();
        assert!(acks.iter().all(|ack| !ack.repeated && ack.position.is_some()));
        assert_eq!(ledger.size(), 1 + 3 + 300);
        let before: Vec<_> = (0..100).map(|n| acts(&ledger, n)).collect();
        assert!(before.iter().all(|acts| acts.len() == 3));
        drop(ledger);
        // From the journal, then from a snapshot and a tail.
        for seed in 2..5 {
            let mut ledger = open(&disk, seed).unwrap();
            assert_eq!((0..100).map(|n| acts(&ledger, n)).collect::<Vec<_>>(), before);
            ledger.snapshot().unwrap();
            let later = act(&ledger, 1_000 + seed, ActKind::Withdrawn, 1, at(400));
            ledger.put(&[], &[later], at(400)).unwrap();
            assert_eq!(ledger.act(10).unwrap().event.address, person(6).reveal());
            drop(ledger);
            let ledger = open(&disk, seed).unwrap();
            assert_eq!(acts(&ledger, 1_000 + seed).len(), 1);
        }
    }
}

#[test]
fn a_page_record_is_found_at_its_position_and_nothing_else_is_one() {
    for suite in [Suite::International, Suite::Gm] {
        let disk = Sim::default();
        create(&disk, suite);
        let mut ledger = open(&disk, 1).unwrap();
        ledger.put(&[terms(0)], &[act(&ledger, 1, ActKind::Given, 0, at(1))], at(1)).unwrap();
        let position = ledger.put_page([7; 32], at(2)).unwrap();
        drop(ledger);
        let ledger = open(&disk, 2).unwrap();
        let deed = ledger.deed_at(position).unwrap();
        assert_eq!((deed.kind, deed.at), (DeedKind::Page { record: [7; 32] }, at(2)));
        for other in [position - 1, position + 1] {
            assert!(ledger.deed_at(other).is_err(), "{other}");
        }
        assert_eq!(ledger.verifier().unwrap().name(), ledger.origin());
    }
}

#[test]
fn the_same_event_twice_is_one_event() {
    let disk = Sim::default();
    create(&disk, Suite::International);
    let mut ledger = open(&disk, 1).unwrap();
    let one = act(&ledger, 1, ActKind::Given, 0, at(1));
    let first = ledger.put(&[terms(0)], &[one.clone(), one.clone()], at(1)).unwrap();
    assert_eq!(first.iter().map(|ack| ack.repeated).collect::<Vec<_>>(), [false, true]);
    let again = ledger.put(&[terms(0)], std::slice::from_ref(&one), at(2)).unwrap();
    assert_eq!((again[0].repeated, again[0].position), (true, first[0].position));
    drop(ledger);
    let mut ledger = open(&disk, 2).unwrap();
    let again = ledger.put(&[terms(0)], &[one], at(3)).unwrap();
    assert_eq!((again[0].repeated, again[0].position), (true, first[0].position));
    assert_eq!(acts(&ledger, 1).len(), 1);
    // Told by its id, even where it says something else: the first stands. But a refusal is never lost to a number.
    let mut other = act(&ledger, 3, ActKind::Given, 0, at(5));
    let first = other.clone();
    other.kind = ActKind::Renewed;
    let mut refusal = first.clone();
    refusal.kind = ActKind::Withdrawn;
    let acks = ledger.put(&[], &[first, other.clone(), refusal.clone()], at(6)).unwrap();
    assert_eq!((acks[1].repeated, acks[1].position), (true, acks[0].position));
    assert!(!acks[2].repeated && acks[2].id_taken && !acks[0].id_taken);
    let again = ledger.put(&[], &[other, refusal], at(7)).unwrap();
    assert!(again[0].repeated && again[1].repeated);
    assert_eq!(
        acts(&ledger, 3).iter().map(|a| a.kind).collect::<Vec<_>>(),
        [ActKind::Given, ActKind::Withdrawn]
    );
}

#[test]
fn what_cannot_be_taken_leaves_no_trace() {
    let disk = Sim::default();
    create(&disk, Suite::International);
    let mut ledger = open(&disk, 1).unwrap();
    let size = ledger.size();
    let mut unknown = act(&ledger, 1, ActKind::Given, 9, at(1));
    assert!(ledger.put(&[], &[act(&ledger, 2, ActKind::Given, 9, at(1)), unknown.clone()], at(1)).is_err());
    unknown.id = vec![0; 65];
    assert!(ledger.put(&[terms(9)], &[unknown], at(1)).is_err());
    let mut early = act(&ledger, 3, ActKind::Given, 9, at(10));
    early.received = at(5);
    assert!(ledger.put(&[terms(9)], &[early], at(1)).is_err());
    assert_eq!((ledger.size(), ledger.recipients()), (size, 0));
    ledger.put(&[terms(9)], &[act(&ledger, 4, ActKind::Given, 9, at(1))], at(1)).unwrap();
    drop(ledger);
    let ledger = open(&disk, 2).unwrap();
    assert_eq!((acts(&ledger, 4).len(), ledger.recipients()), (1, 1));
}

#[test]
fn tiles_go_on_where_they_ended() {
    let disk = Sim::default();
    create(&disk, Suite::International);
    let mut roots = Vec::new();
    for round in 0..6_u64 {
        let mut ledger = open(&disk, round).unwrap();
        let mut tiles = publisher(&disk, &ledger).unwrap();
        let put: Vec<_> =
            (0..157).map(|n| act(&ledger, n, ActKind::Given, 0, at((round * 1_000 + n) as i64))).collect();
        ledger.put(&[terms(0)], &put, at(1)).unwrap();
        for leaf in ledger.take_leaves() {
            tiles.append(&leaf).unwrap();
        }
        assert_eq!(tiles.size(), ledger.size());
        assert!(tiles.publish().unwrap());
        assert!(!tiles.publish().unwrap());
        let (checkpoint, _) = ledger.checkpoint().unwrap();
        assert_eq!(checkpoint.head().size, ledger.size());
        roots.push(checkpoint.head());
    }
    // A reader finds every bundle under the last checkpoint, and the older ones are its beginnings.
    let files: std::collections::BTreeMap<_, _> = disk.files().into_iter().collect();
    let fetch = |tile: &anning_ledger::Tile| {
        files.get(&folder().join("public").join(tile.path())).cloned().ok_or("not there")
    };
    let last = *roots.last().unwrap();
    let mirror = anning_ledger::Mirror::open(Suite::International, last, fetch).unwrap();
    let entries: usize = (0..last.size.div_ceil(256)).map(|n| mirror.bundle(n).unwrap().len()).sum();
    assert_eq!(entries as u64, last.size);
    for old in &roots {
        let proof =
            anning_ledger::consistency_proof(Suite::International, old.size, last.size, &mirror).unwrap();
        anning_ledger::verify_consistency(Suite::International, old, &last, &proof).unwrap();
    }
}

#[test]
fn lost_tiles_are_made_again_from_the_journal() {
    let disk = Sim::default();
    create(&disk, Suite::International);
    let mut ledger = open(&disk, 1).unwrap();
    let mut tiles = publisher(&disk, &ledger).unwrap();
    let put: Vec<_> = (0..600).map(|n| act(&ledger, n, ActKind::Given, 0, at(n as i64))).collect();
    ledger.put(&[terms(0)], &put, at(1)).unwrap();
    ledger.take_leaves().iter().for_each(|leaf| tiles.append(leaf).unwrap());
    tiles.publish().unwrap();
    let before: Vec<_> =
        disk.files().into_iter().filter(|(path, _)| path.starts_with(folder().join("public"))).collect();
    for (path, _) in before.iter().filter(|(path, _)| !path.ends_with("checkpoint")) {
        disk.lose(path);
    }
    assert!(publisher(&disk, &ledger).is_err());
    anning_store::Publisher::rebuild(std::sync::Arc::new(disk.clone()), &ledger).unwrap();
    let after: Vec<_> =
        disk.files().into_iter().filter(|(path, _)| path.starts_with(folder().join("public"))).collect();
    assert_eq!(before, after);
    publisher(&disk, &ledger).unwrap();
}

#[test]
fn a_snapshot_ahead_of_the_tiles_leaves_no_gap_in_them() {
    let disk = Sim::default();
    create(&disk, Suite::International);
    let put = |round: u64, publish: bool, snapshot: bool| {
        let mut ledger = open(&disk, round).unwrap();
        let mut tiles = publisher(&disk, &ledger).unwrap();
        let acts: Vec<_> =
            (0..40).map(|n| act(&ledger, n, ActKind::Given, 0, at((round * 1_000 + n) as i64))).collect();
        ledger.put(&[terms(0)], &acts, at(1)).unwrap();
        if snapshot {
            ledger.snapshot().unwrap();
        }
        ledger.put(&[], &[act(&ledger, 50, ActKind::Given, 0, at(round as i64))], at(1)).unwrap();
        for leaf in ledger.take_leaves() {
            tiles.append(&leaf).unwrap();
        }
        assert_eq!(tiles.size(), ledger.size(), "round {round}");
        if publish {
            tiles.publish().unwrap();
            assert_eq!(ledger.checkpoint().unwrap().0.head().size, ledger.size());
        }
    };
    for (round, (publish, snapshot)) in (0..).zip([
        (true, false),
        (false, true),
        (false, true),
        (false, false),
        (true, true),
        (false, true),
        (true, false),
    ]) {
        put(round, publish, snapshot);
    }
}
