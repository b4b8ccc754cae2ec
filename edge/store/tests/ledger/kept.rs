//! A journal whose beginning is let go; and the batches of a ledger as they are read back.

use std::path::Path;
use std::sync::Arc;

use anning_ledger::Suite;
use anning_store::disk::Disk;
use anning_store::journal::{Journal, let_go, numbers, read_kept};
use anning_store::{Decided, Error};

use crate::sim::{Fault, Sim};
use crate::world::{Draw, at, create, open, person};

const FOLDER: &str = "/kept";

/// What the records say, and where the journal goes on.
fn found(disk: &Sim) -> Result<(Vec<u8>, Journal), Error> {
    let mut said = Vec::new();
    let mut take = |record: anning_store::journal::Record<'_>| {
        said.push(record.payload[0]);
        Ok(())
    };
    let read = read_kept(disk, Path::new(FOLDER), &mut take)?;
    Ok((said, Journal::apart(Arc::new(disk.clone()), Path::new(FOLDER), read)?))
}

/// Appends, in a new segment where there is no room.
fn append(journal: &mut Journal, says: u8) -> Result<(), Error> {
    if !journal.has_room(300) {
        journal.roll(1_000, 300)?;
    }
    journal.append(1, at(i64::from(says)), &[says; 300])
}

#[test]
fn it_goes_on_in_a_new_segment_and_is_read_from_the_oldest() {
    let disk = Sim::default();
    let (said, mut journal) = found(&disk).unwrap();
    assert!(said.is_empty() && journal.append(1, at(0), b"x").is_err(), "no segment was begun");
    (0..6).for_each(|says| append(&mut journal, says).unwrap());
    assert_eq!(numbers(&disk, Path::new(FOLDER)).unwrap(), [0, 1, 2]);
    let (said, mut journal) = found(&disk).unwrap();
    assert_eq!((said, journal.coming()), (vec![0, 1, 2, 3, 4, 5], 3));
    append(&mut journal, 6).unwrap();
    let_go(&disk, Path::new(FOLDER), 0).unwrap();
    let_go(&disk, Path::new(FOLDER), 0).unwrap();
    let (said, journal) = found(&disk).unwrap();
    assert_eq!((said, journal.mark().position), (vec![2, 3, 4, 5, 6], 7));
    let_go(&disk, Path::new(FOLDER), 2).unwrap();
    assert!(matches!(found(&disk), Err(Error::Damaged { .. })), "one in the middle is missing");
}

#[test]
fn a_full_disk_begins_no_segment_and_stops_nothing() {
    for n in 0..6 {
        let disk = Sim::default();
        let (_, mut journal) = found(&disk).unwrap();
        (0..2).for_each(|says| append(&mut journal, says).unwrap());
        disk.set(Some(Fault::NoSpace(n)));
        let Err(error) = append(&mut journal, 2) else { panic!("no room was needed: {n}") };
        assert!(error.is_no_room());
        disk.set(None);
        if journal.is_stopped() {
            // The segment was begun and the record was not written, or the remains could not be removed.
            continue;
        }
        append(&mut journal, 2).unwrap();
        assert_eq!(found(&disk).unwrap().0, [0, 1, 2]);
    }
}

#[test]
fn what_a_crash_leaves_is_read_or_is_torn() {
    for stop_at in 0..20 {
        for seed in 0..6 {
            let disk = Sim::default();
            let (_, mut journal) = found(&disk).unwrap();
            append(&mut journal, 0).unwrap();
            disk.set(Some(Fault::CrashAt(stop_at)));
            let kept = (1..6).take_while(|says| append(&mut journal, *says).is_ok()).count();
            let mut draw = Draw(seed);
            disk.restart(&mut |n| draw.below(n));
            let (said, mut journal) = found(&disk).unwrap();
            let all: Vec<u8> = (0..6).collect();
            assert!(said.len() > kept && said.len() <= kept + 2 && all.starts_with(&said), "{said:?}");
            append(&mut journal, 9).unwrap();
            assert_eq!(found(&disk).unwrap().0, [&said[..], &[9]].concat());
        }
    }
}

#[test]
fn batches_are_read_back_from_a_position_on() {
    let disk = Sim::default();
    disk.create_folder(Path::new("/keys")).unwrap();
    create(&disk, Suite::International);
    let mut ledger = open(&disk, 1).unwrap();
    let decided = |ledger: &anning_store::Ledger, n: u64| Decided {
        recipient: ledger.hash(&person(n)),
        record: vec![n as u8; 4],
        handed_over: None,
        evidence: None,
    };
    let mut positions = Vec::new();
    for first in [0, 10, 20] {
        let batch: Vec<Decided> = (first..first + 3).map(|n| decided(&ledger, n)).collect();
        positions.push(ledger.put_decisions(&batch, at(first as i64)).unwrap());
    }
    let read = |from: u64| {
        let mut all = Vec::new();
        let mut take = |position, batch: Vec<anning_store::Recorded>| {
            all.push((position, batch));
            Ok(())
        };
        ledger.batches(from, &mut take).unwrap();
        all
    };
    assert_eq!(read(0).len(), 3);
    assert_eq!(read(positions[2] + 1).len(), 0);
    let last = read(positions[1] + 1);
    let (position, batch) = &last[0];
    assert_eq!((last.len(), *position, batch.len()), (1, positions[2], 3));
    assert_eq!(batch[1], (ledger.hash(&person(21)), Some(vec![21; 4])));
}
