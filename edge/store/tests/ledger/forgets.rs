//! Forgetting: restricted at once, erased when it may be, and then gone from every byte.

use std::sync::Arc;

use anning_ledger::{Mirror, Suite, Tile, Trust, inclusion_proof, leaf_hash, verify_inclusion};
use anning_store::{Decided, Error, Forgotten, KeyError, Ledger, Refusal, Retention, SoftMaster};
use anning_vocab::{Act, ActKind, Date};

use crate::sim::Sim;
use crate::world::{access, act, at, create, folder, open, person, publisher, ring, terms};

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn until(text: &str) -> Retention {
    Retention { until: day(text), article: "cn/miit74/13".to_owned() }
}

fn acts(ledger: &Ledger, n: u64) -> Vec<Act> {
    let mut acts = Vec::new();
    ledger.read().index().acts(ledger.hash(&person(n)), &mut acts);
    acts
}

/// Fifty people who agreed, each with a decision on record; published.
fn full(suite: Suite) -> (Sim, u64) {
    let disk = Sim::default();
    create(&disk, suite);
    let mut ledger = open(&disk, 1).unwrap();
    let mut tiles = publisher(&disk, &ledger).unwrap();
    let put: Vec<_> = (0..50).map(|n| act(&ledger, n, ActKind::Given, 0, at(n as i64))).collect();
    ledger.put(&[terms(0)], &put, at(60)).unwrap();
    let decide = |n: u64| Decided {
        recipient: ledger.hash(&person(n)),
        record: format!("decision about {}", person(n).reveal()).into_bytes(),
        handed_over: None,
        evidence: Some(format!("evidence about {}", person(n).reveal()).into_bytes()),
    };
    let decisions: Vec<_> = (0..50).map(decide).collect();
    let batch = ledger.put_decisions(&decisions, at(61)).unwrap();
    ledger.take_leaves().iter().for_each(|leaf| tiles.append(leaf).unwrap());
    tiles.publish().unwrap();
    ledger.snapshot().unwrap();
    (disk, batch)
}

//= cn/pipl/47 法律、行政法规规定的保存期限未届满，或者删除个人信息从技术上难以实现的，个人信息处理者应当停止除存储和采取必要的安全保护措施之外的处理。
//= type=test
#[test]
fn restricted_at_once_and_erased_when_retention_ends() {
    let (disk, _) = full(Suite::International);
    let mut ledger = open(&disk, 2).unwrap();
    let key = ledger.hash(&person(7));
    let told = ledger.forget(key, &until("2027-05-01"), at(100)).unwrap();
    let expected = Forgotten {
        since: at(100),
        erase_from: day("2027-05-02"),
        article: "cn/miit74/13".to_owned(),
        holds: Vec::new(),
        repeated: false,
        unknown: false,
    };
    assert_eq!(told, expected);
    assert_eq!(acts(&ledger, 7).last().unwrap().kind, ActKind::Withdrawn, "nothing is sent from now on");
    assert!(ledger.forget(key, &until("2030-01-01"), at(101)).unwrap().repeated);
    // Too early on the last day of retention, even after opening again.
    assert_eq!(ledger.erase_due(day("2027-05-01"), at(102)).unwrap(), 0);
    drop(ledger);
    let mut ledger = open(&disk, 3).unwrap();
    assert_eq!(ledger.waiting(), (1, Some(day("2027-05-02"))));
    assert_eq!(acts(&ledger, 7).len(), 2);
    assert_eq!(ledger.erase_due(day("2027-05-02"), at(103)).unwrap(), 1);
    assert_eq!(acts(&ledger, 7).iter().map(|a| a.kind).collect::<Vec<_>>(), [ActKind::Withdrawn]);
    assert_eq!(acts(&ledger, 8).len(), 1, "nobody else");
    // Nothing is left that could be forgotten.
    let error = ledger.forget(key, &until("2027-05-01"), at(104)).unwrap_err();
    assert!(matches!(error, Error::Refused(Refusal::Erased)), "{error}");
    drop(ledger);
    let mut ledger = open(&disk, 4).unwrap();
    assert_eq!(acts(&ledger, 7).iter().map(|a| a.kind).collect::<Vec<_>>(), [ActKind::Withdrawn]);
    // A person may agree again by an act of their own.
    let again = act(&ledger, 7, ActKind::Given, 0, at(200));
    ledger.put(&[], &[again], at(200)).unwrap();
    assert_eq!(acts(&ledger, 7).last().unwrap().kind, ActKind::Given);
    drop(ledger);
    assert_eq!(acts(&open(&disk, 5).unwrap(), 7).len(), 2);
}

#[test]
fn a_hold_goes_before_erasure() {
    let (disk, _) = full(Suite::International);
    let mut ledger = open(&disk, 2).unwrap();
    let key = ledger.hash(&person(7));
    let size = ledger.size();
    let endless = ledger.hold(&"x".repeat(100_000), &[key], at(89)).unwrap_err();
    assert!(matches!(endless, Error::Refused(Refusal::TooLarge { .. })), "{endless}");
    assert_eq!(ledger.size(), size, "refused before it is written");
    ledger.hold("case 17", &[key], at(90)).unwrap();
    ledger.hold("case 18", &[], at(91)).unwrap();
    let told = ledger.forget(key, &until("2027-05-01"), at(100)).unwrap();
    assert_eq!(told.holds, ["case 17", "case 18"]);
    drop(ledger);
    let mut ledger = open(&disk, 3).unwrap();
    assert_eq!(ledger.erase_due(day("2028-01-01"), at(101)).unwrap(), 0);
    ledger.release("case 17", at(102)).unwrap();
    assert_eq!(ledger.erase_due(day("2028-01-01"), at(103)).unwrap(), 0);
    ledger.release("case 18", at(104)).unwrap();
    assert!(ledger.release("case 18", at(104)).is_err());
    assert_eq!(ledger.erase_due(day("2028-01-01"), at(105)).unwrap(), 1);
}

/// Does any byte on disk say who the person was? Files whose names are gone count too.
fn traces(disk: &Sim, n: u64) -> usize {
    let address = person(n).reveal();
    let mut buffer = [0; 8];
    let number = person(n).canonical(&mut buffer).to_vec();
    let digits = address.trim_start_matches("+86").to_owned().into_bytes();
    let little: Vec<u8> = number.iter().rev().copied().collect();
    let needles = [address.into_bytes(), digits, number, little];
    let found = |bytes: &[u8], needle: &[u8]| bytes.windows(needle.len()).filter(|w| *w == needle).count();
    disk.everything().iter().map(|bytes| needles.iter().map(|n| found(bytes, n)).sum::<usize>()).sum()
}

#[test]
fn no_byte_says_who_it_was_and_no_old_copy_opens() {
    for suite in [Suite::International, Suite::Gm] {
        let (disk, batch) = full(suite);
        let backup = disk.copy();
        let old_ring = disk.files().into_iter().find(|(path, _)| *path == ring()).unwrap().1;
        let mut ledger = open(&disk, 2).unwrap();
        let issued = ledger.receipt(batch, 7).unwrap();
        let opened = ledger.act(2 + 7).unwrap();
        assert_eq!(opened.event.address, person(7).reveal());
        let key = ledger.hash(&person(7));
        ledger.forget(key, &until("2026-11-30"), at(100)).unwrap();
        ledger.erase_due(day("2027-01-01"), at(101)).unwrap();
        let hash = key.0;
        drop(ledger);
        assert_eq!(traces(&disk, 7), 0);
        // The old wraps of the epoch key are overwritten, in the ring and in what its name once led to.
        let written: serde_json::Value = serde_json::from_slice(&old_ring).unwrap();
        let old_epoch = written["epochs"]["1"].as_str().unwrap().as_bytes().to_vec();
        let left =
            disk.everything().iter().filter(|b| b.windows(old_epoch.len()).any(|w| w == old_epoch)).count();
        assert_eq!(left, 0);
        // What is left is the keyed hash, by which the person is not written to again.
        let ledger = open(&disk, 3).unwrap();
        assert_eq!(acts(&ledger, 7).last().unwrap().kind, ActKind::Withdrawn);
        assert!(disk.everything().iter().any(|b| b.windows(16).any(|w| w == hash)));
        assert!(matches!(ledger.act(2 + 7), Err(Error::Refused(Refusal::NoEntry(9)))));
        assert!(ledger.act(2 + 8).is_ok(), "nobody else");
        // An old copy of the store under today's ring opens nothing.
        let ring_now = disk.files().into_iter().find(|(path, _)| *path == ring()).unwrap().1;
        backup.change(&ring(), |bytes| *bytes = ring_now);
        let error = open(&backup, 4).unwrap_err();
        assert!(matches!(error, Error::Keys(KeyError::NoEpoch { epoch: 1, .. })), "{error}");
        // A receipt that was given still verifies; so does the leaf of the act that is gone.
        let log = anning_store::signer(suite, ledger.origin(), ledger.signing()).unwrap().verifier().clone();
        let trust = Trust { log, witnesses: Vec::new() };
        issued.verify(&trust).unwrap();
        ledger.receipt(batch, 8).unwrap().verify(&trust).unwrap();
        assert!(ledger.evidence(batch, 8).unwrap().is_some());
        assert!(matches!(ledger.evidence(batch, 7), Err(Error::Refused(Refusal::NoEntry(_)))));
        assert!(matches!(ledger.receipt(batch, 7), Err(Error::Refused(Refusal::NoEntry(_)))));
        let (checkpoint, _) = ledger.checkpoint().unwrap();
        let files: std::collections::BTreeMap<_, _> = disk.files().into_iter().collect();
        let fetch = |t: &Tile| files.get(&folder().join("public").join(t.path())).cloned().ok_or("none");
        let mirror = Mirror::open(suite, checkpoint.head(), fetch).unwrap();
        let leaf = leaf_hash(suite, &mirror.bundle(0).unwrap()[9]);
        let proof = inclusion_proof(suite, 9, checkpoint.head().size, &mirror).unwrap();
        verify_inclusion(suite, &leaf, 9, checkpoint.head().size, &proof, &checkpoint.head().root).unwrap();
    }
}

#[test]
fn the_forgotten_are_recognised_under_a_new_hash_key() {
    let (disk, _) = full(Suite::International);
    let mut ledger = open(&disk, 2).unwrap();
    let before = ledger.hash(&person(7));
    ledger.forget(before, &until("2026-11-30"), at(100)).unwrap();
    ledger.erase_due(day("2027-01-01"), at(101)).unwrap();
    ledger.change_hash_key(at(102)).unwrap();
    ledger.change_hash_key(at(103)).unwrap();
    assert_ne!(ledger.hash(&person(7)), before);
    assert_eq!(acts(&ledger, 7).last().unwrap().kind, ActKind::Withdrawn);
    assert_eq!(acts(&ledger, 8).last().unwrap().kind, ActKind::Given);
    drop(ledger);
    for (path, _) in disk.files().into_iter().filter(|(path, _)| path.ends_with(".snapshot")) {
        disk.lose(&path);
    }
    let ledger = open(&disk, 3).unwrap();
    assert_eq!(acts(&ledger, 7).last().unwrap().kind, ActKind::Withdrawn);
    assert_eq!(acts(&ledger, 8).len(), 1);
}

#[test]
fn a_new_master_key_ends_the_old_one() {
    let (disk, _) = full(Suite::International);
    let mut ledger = open(&disk, 2).unwrap();
    let new = "0303030303030303030303030303030303030303030303030303030303030303";
    ledger.change_master(Box::new(SoftMaster::parse(new).unwrap()), at(100)).unwrap();
    drop(ledger);
    assert!(matches!(open(&disk, 3), Err(Error::Keys(KeyError::WrongMaster(_)))));
    let mut with_new = access(Arc::new(disk.clone()), &ring(), 4);
    with_new.master = Box::new(SoftMaster::parse(new).unwrap());
    let ledger = Ledger::open(&folder(), with_new).unwrap();
    assert_eq!(acts(&ledger, 7).len(), 1);
    assert!(ledger.act(2 + 7).is_ok());
}

/// A request of somebody of whom nothing is kept: put on record, so that no later list makes them reachable again.
#[test]
fn a_stranger_is_refused_for_and_erased_like_anybody() {
    let (disk, _) = full(Suite::International);
    let mut ledger = open(&disk, 2).unwrap();
    let (key, known) = (ledger.hash(&person(999)), ledger.recipients());
    let told = ledger.forget(key, &until("2027-05-01"), at(100)).unwrap();
    assert!(told.unknown && !told.repeated);
    assert!(ledger.forget(key, &until("2027-05-01"), at(101)).unwrap().repeated);
    assert_eq!(ledger.recipients(), known + 1);
    // An old consent that comes in later does not outlive the request, now or after opening again.
    let consent = act(&ledger, 999, ActKind::Given, 0, at(50));
    ledger.put(&[terms(0)], &[consent], at(102)).unwrap();
    let size = ledger.size();
    drop(ledger);
    let mut ledger = open(&disk, 3).unwrap();
    assert_eq!(ledger.size(), size);
    assert_eq!(acts(&ledger, 999).last().unwrap().kind, ActKind::Withdrawn);
    assert_eq!(ledger.waiting(), (1, Some(day("2027-05-02"))));
    assert_eq!(ledger.erase_due(day("2027-05-02"), at(103)).unwrap(), 1);
    assert_eq!(acts(&ledger, 999).iter().map(|a| a.kind).collect::<Vec<_>>(), [ActKind::Withdrawn]);
}
