//! Disks that fail, bytes that flip, files that vanish, keys that do not fit.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anning_ledger::Suite;
use anning_store::{Error, KeyError, Ledger, SoftMaster};
use anning_vocab::ActKind;

use crate::sim::{Fault, Sim};
use crate::world::{access, act, at, create, folder, open, person, publisher, ring, terms};

/// A ledger with two hundred people, published, with a snapshot and a tail after it that is published too.
fn full() -> Sim {
    let disk = Sim::default();
    create(&disk, Suite::International);
    let mut ledger = open(&disk, 1).unwrap();
    let mut tiles = publisher(&disk, &ledger).unwrap();
    for round in 0..2_u64 {
        let people = round * 100..round * 100 + 100;
        let put: Vec<_> = people.map(|n| act(&ledger, n, ActKind::Withdrawn, 0, at(n as i64))).collect();
        ledger.put(&[terms(0)], &put, at(300)).unwrap();
        ledger.take_leaves().iter().for_each(|leaf| tiles.append(leaf).unwrap());
        tiles.publish().unwrap();
        if round == 0 {
            ledger.snapshot().unwrap();
        }
    }
    disk
}

fn all_there(ledger: &Ledger) -> bool {
    let mut acts = Vec::new();
    (0..200).all(|n| {
        ledger.read().index().acts(ledger.hash(&person(n)), &mut acts);
        acts.len() == 1
    })
}

#[test]
fn a_failing_disk_is_believed_once() {
    for fault in [Fault::Eio as fn(u64) -> Fault, Fault::NoSpace, Fault::Short, Fault::LostSync] {
        let mut failed = 0;
        for op in 0..12 {
            let disk = full();
            let mut ledger = open(&disk, 2).unwrap();
            disk.set(Some(fault(op)));
            let new = act(&ledger, 500, ActKind::Withdrawn, 0, at(400));
            let first = ledger.put(&[], std::slice::from_ref(&new), at(400));
            disk.set(None);
            let second = ledger.put(&[], &[act(&ledger, 501, ActKind::Given, 0, at(401))], at(401));
            if let Err(error) = &first {
                failed += 1;
                assert!(matches!(error, Error::Io { .. }), "{error}");
                // Trying again on the same file would show nothing: it takes no more.
                assert!(matches!(second, Err(Error::Stopped)), "{fault:?} {op}: {second:?}");
                assert!(all_there(&ledger), "decisions go on with what was acknowledged");
            }
            drop(ledger);
            disk.restart(&mut |_| 0);
            let ledger = open(&disk, 3).unwrap_or_else(|e| panic!("{:?} {op}: {e}", fault(op)));
            assert!(all_there(&ledger));
            let mut acts = Vec::new();
            ledger.read().index().acts(ledger.hash(&person(500)), &mut acts);
            assert!(first.is_err() || acts.len() == 1, "{:?} {op}", fault(op));
        }
        assert!(failed > 0, "the fault never struck");
    }
}

#[test]
fn a_flipped_bit_is_named_or_does_no_harm() {
    let (mut named, mut harmless) = (0, 0);
    let whole = full();
    for (path, bytes) in whole.files() {
        if path.ends_with("lock") {
            continue;
        }
        let end = bytes.iter().rposition(|b| *b != 0).map_or(0, |last| last + 1);
        let steps = 40.min(end);
        for step in 0..steps {
            let byte = step * end / steps;
            let disk = whole.copy();
            disk.change(&path, |bytes| bytes[byte] ^= 1 << (byte % 8));
            match open(&disk, 2).and_then(|ledger| publisher(&disk, &ledger).map(|_| ledger)) {
                Err(error) => {
                    named += 1;
                    let told = error.to_string();
                    assert!(told.contains('/'), "says where: {told}");
                }
                Ok(mut ledger) => {
                    harmless += 1;
                    assert!(all_there(&ledger), "{}: byte {byte} was believed", path.display());
                    // Nor does it come between a person and what they say next.
                    let mut acts = Vec::new();
                    for n in [0, 63, 199] {
                        let new = act(&ledger, n, ActKind::Given, 0, at(900));
                        match ledger.put(&[], &[new], at(900)) {
                            Ok(_) => {
                                ledger.read().index().acts(ledger.hash(&person(n)), &mut acts);
                                assert_eq!(acts.len(), 2, "{}: byte {byte}", path.display());
                            }
                            Err(error) => assert!(error.to_string().contains('/'), "{error}"),
                        }
                    }
                }
            }
        }
    }
    let _ = writeln!(std::io::stderr(), "{named} flipped bits named, {harmless} harmless");
    assert!(named > 100 && harmless > 50, "{named} {harmless}");
}

#[test]
fn what_follows_from_the_journal_may_be_lost() {
    for lost in ["snapshots", "recipients"] {
        let disk = full();
        for (path, _) in disk.files().into_iter().filter(|(path, _)| path.starts_with(folder().join(lost))) {
            disk.lose(&path);
        }
        let ledger = open(&disk, 2).unwrap_or_else(|e| panic!("{lost}: {e}"));
        assert!(all_there(&ledger), "{lost}");
    }
}

#[test]
fn damage_behind_a_snapshot_is_named_before_anything_is_appended() {
    for change in
        [(|bytes: &mut Vec<u8>| bytes[300] ^= 1) as fn(&mut Vec<u8>), |bytes| bytes.fill(0), Vec::clear]
    {
        let disk = full();
        open(&disk, 2).unwrap().snapshot().unwrap();
        disk.change(&folder().join("journal/00000000.journal"), change);
        let error = open(&disk, 3).unwrap_err();
        assert!(matches!(error, Error::Damaged { .. }), "{error}");
    }
}

#[test]
fn a_lost_end_is_seen_by_the_checkpoint() {
    let disk = full();
    let journal = folder().join("journal/00000000.journal");
    disk.change(&journal, |bytes| {
        let end = bytes.iter().rposition(|b| *b != 0).unwrap();
        bytes[end - 10_000..].fill(0);
    });
    let error = open(&disk, 2).unwrap_err();
    assert!(matches!(error, Error::RolledBack { .. } | Error::Damaged { .. }), "{error}");
}

#[test]
fn keys_that_do_not_fit_open_nothing() {
    let disk = full();
    let before = disk.files();
    let with = |ring: &Path, master: &str| {
        let mut access = access(Arc::new(disk.clone()), ring, 5);
        access.master = Box::new(SoftMaster::parse(master).unwrap());
        Ledger::open(&folder(), access).unwrap_err()
    };
    let wrong = with(&ring(), &"02".repeat(32));
    assert!(matches!(wrong, Error::Keys(KeyError::WrongMaster(_))), "{wrong}");
    let none = with(&PathBuf::from("/keys/elsewhere"), crate::world::MASTER);
    assert!(matches!(none, Error::Keys(KeyError::NoRing(_))), "{none}");
    let other = Sim::default();
    create(&other, Suite::International);
    let text = other.files().into_iter().find(|(path, _)| *path == ring()).unwrap().1;
    // The other ring has another ledger's name in it.
    let mut draw = 0_u8;
    let access_other = anning_store::Access {
        entropy: Box::new(move |bytes| {
            bytes.iter_mut().for_each(|b| (*b, draw) = (draw, draw.wrapping_add(3)))
        }),
        ..access(Arc::new(other.clone()), &PathBuf::from("/keys/second"), 5)
    };
    other.create_folder_for_tests(Path::new("/second"));
    Ledger::create(Path::new("/second"), "log.example/2", Suite::International, access_other, at(0)).unwrap();
    let second = other.files().into_iter().find(|(path, _)| path.ends_with("second")).unwrap().1;
    assert_ne!(text, second);
    disk.change(&ring(), |bytes| *bytes = second);
    let foreign = with(&ring(), crate::world::MASTER);
    assert!(matches!(foreign, Error::Keys(KeyError::OtherLedger(_))), "{foreign}");
    disk.change(&ring(), |bytes| *bytes = text);
    assert_eq!(disk.files(), before, "nothing was written");
}

#[test]
fn one_process_at_a_time() {
    let disk = full();
    let first = open(&disk, 2).unwrap();
    assert!(matches!(open(&disk, 3), Err(Error::Locked(_))));
    drop(first);
    open(&disk, 3).unwrap();
}

#[test]
fn a_read_only_disk_can_be_read() {
    let disk = full();
    disk.set_read_only(true);
    let mut ledger = open(&disk, 2).unwrap();
    assert!(all_there(&ledger));
    let error = ledger.put(&[], &[act(&ledger, 1, ActKind::Given, 0, at(500))], at(500)).unwrap_err();
    assert!(error.to_string().contains("read-only"), "{error}");
}

#[test]
fn a_clock_that_ran_backwards_is_on_record() {
    let disk = full();
    let mut ledger = open(&disk, 2).unwrap();
    let size = ledger.size();
    ledger.put(&[], &[act(&ledger, 1, ActKind::Given, 0, at(100))], at(100)).unwrap();
    assert_eq!(ledger.size(), size + 2, "the act and the deed");
    ledger.put(&[], &[act(&ledger, 2, ActKind::Given, 0, at(101))], at(101)).unwrap();
    assert_eq!(ledger.size(), size + 3);
}

#[test]
fn a_log_without_a_name_is_not_made() {
    let disk = Sim::default();
    disk.create_folder_for_tests(Path::new("/keys"));
    for origin in ["", "two words", "a+b"] {
        let access = access(Arc::new(disk.clone()), &ring(), 3);
        assert!(Ledger::create(&folder(), origin, Suite::International, access, at(0)).is_err(), "{origin}");
    }
    assert!(disk.files().is_empty());
}

#[test]
fn a_full_disk_can_be_read() {
    let disk = full();
    for (path, _) in
        disk.files().into_iter().filter(|(path, _)| path.starts_with(folder().join("recipients")))
    {
        disk.lose(&path);
    }
    // Room for two names and no more.
    disk.set(Some(Fault::NoSpace(2)));
    let ledger = open(&disk, 2).unwrap();
    assert!(all_there(&ledger));
}

#[test]
fn no_ledger_is_no_ledger() {
    let disk = Sim::default();
    let error = open(&disk, 1).unwrap_err();
    assert!(error.to_string().contains("anning ledger init"), "{error}");
    create(&disk, Suite::International);
    let again =
        Ledger::create(&folder(), "x/y", Suite::Gm, access(Arc::new(disk.clone()), &ring(), 3), at(0));
    assert!(matches!(again, Err(Error::Exists(_))));
}
