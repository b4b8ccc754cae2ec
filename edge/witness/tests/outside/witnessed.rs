//! Witnesses: they cosign what continues, refuse what does not, and remember.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::{Arc, Barrier};

use anning_ledger::{Checkpoint, Note, Refusal, SignerKey, cosign, cosigned};
use anning_witness::{Cosigned, Error, Refused, Source, Witness};

use crate::good::PATIENCE;
use crate::log::{Log, SUITES, files, folder};
use crate::server::{Server, Way};

const TIME: u64 = 1_800_000_000;

fn publish(log: &Log, name: &str, size: u64) -> Source {
    let folder = folder(name);
    log.publish(&folder, 0, size);
    Source::of_folder(&folder)
}

fn refusal(result: Result<Cosigned, Error>) -> Refusal {
    match result {
        Err(Error::Refused(Refused::Witness(refusal))) => refusal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn cosigns_what_continues() {
    for suite in SUITES {
        let log = Log::new(suite, 900, u64::MAX);
        let state = folder(&format!("witness_{}", suite.code()));
        let made = Witness::create(&state, "w.example", suite, &[5; 32]).unwrap();
        assert!(Witness::create(&state, "w.example", suite, &[5; 32]).is_err(), "a key is never replaced");
        let mut before = None;
        for (size, time) in [(0, TIME), (1, TIME), (300, TIME + 1), (300, TIME + 2), (900, TIME + 3)] {
            let source = publish(&log, "witness_log", size);
            // A new process each time: the memory is in the folder.
            let witness = Witness::open(&state).unwrap();
            assert_eq!(witness.verifier(), made.verifier());
            assert_eq!(witness.seen(&log.watched()).unwrap(), before);
            let done = witness.cosign(&source, &log.watched(), time).unwrap();
            assert_eq!((done.before, done.head), (before, log.head(size)));
            let out = source.folder().unwrap().join("checkpoint.cosigned");
            done.write(&out).unwrap();
            let bytes = std::fs::read(&out).unwrap();
            let (checkpoint, note) =
                Checkpoint::open(&bytes, &log.watched().origin, &log.watched().keys).unwrap();
            assert_eq!(checkpoint.head(), log.head(size));
            assert_eq!(cosigned(&note, &[made.verifier().clone()]), [(made.verifier(), time)]);
            before = Some(log.head(size));
        }
    }
}

#[test]
fn refuses_forks_and_rollbacks_and_stays_as_it_is() {
    let suite = SUITES[0];
    let (log, fork) = (Log::new(suite, 900, u64::MAX), Log::new(suite, 900, 250));
    let state = folder("witness_refuses");
    let witness = Witness::create(&state, "w.example", suite, &[5; 32]).unwrap();
    witness.cosign(&publish(&log, "refuses_log", 600), &log.watched(), TIME).unwrap();
    let memory = || {
        let mut files = files(&state);
        files.retain(|name, _| !name.starts_with("evidence/"));
        files
    };
    let before = memory();
    let ask =
        |log: &Log, size| refusal(witness.cosign(&publish(log, "refuses_other", size), &log.watched(), TIME));
    assert_eq!(ask(&fork, 600), Refusal::Fork);
    assert!(matches!(ask(&fork, 800), Refusal::BadProof(_)));
    assert_eq!(ask(&fork, 400), Refusal::Rollback { known: 600 });
    assert_eq!(ask(&log, 599), Refusal::Rollback { known: 600 });
    assert_eq!(memory(), before);
    let evidence = files(&state).into_iter().filter(|(name, _)| name.starts_with("evidence/"));
    let pairs: Vec<String> = evidence.map(|(_, bytes)| String::from_utf8(bytes).unwrap()).collect();
    assert_eq!(pairs.len(), 4);
    assert!(pairs.iter().any(|pair| pair.contains(&fork.note(800))));
    assert!(pairs.iter().all(|pair| {
        pair.starts_with(
            Checkpoint::parse(
                log.note(600).split_once("\n\n").map(|(text, _)| format!("{text}\n")).unwrap().as_str(),
            )
            .unwrap()
            .body()
            .as_str(),
        )
    }));
    witness.cosign(&publish(&log, "refuses_log", 900), &log.watched(), TIME).unwrap();
}

#[test]
fn a_log_it_cannot_check_is_not_cosigned() {
    let suite = SUITES[0];
    let log = Log::new(suite, 900, u64::MAX);
    let witness = Witness::create(&folder("witness_faults"), "w.example", suite, &[5; 32]).unwrap();
    let ahead = publish(&log, "witness_ahead", 300);
    std::fs::write(ahead.folder().unwrap().join("checkpoint"), log.note(700)).unwrap();
    assert!(matches!(witness.cosign(&ahead, &log.watched(), TIME), Err(Error::Fault(_))));
    let other = Log::new(SUITES[1], 300, u64::MAX);
    assert!(matches!(witness.cosign(&ahead, &other.watched(), TIME), Err(Error::Fault(_))), "a wrong key");
    let server = Server::start(Path::new("/"), |_| Way::Away);
    let away = Source::open(&server.address(), PATIENCE).unwrap();
    assert!(matches!(witness.cosign(&away, &log.watched(), TIME), Err(Error::Unavailable { .. })));
    assert_eq!(witness.seen(&log.watched()).unwrap(), None);
}

#[test]
fn a_spoiled_memory_is_not_an_empty_one() {
    let suite = SUITES[0];
    let log = Log::new(suite, 900, u64::MAX);
    let state = folder("witness_spoiled");
    let witness = Witness::create(&state, "w.example", suite, &[5; 32]).unwrap();
    let source = publish(&log, "spoiled_log", 600);
    witness.cosign(&source, &log.watched(), TIME).unwrap();
    let memory = std::fs::read_dir(state.join("logs")).unwrap().next().unwrap().unwrap().path();
    let good = std::fs::read(&memory).unwrap();
    let spoil = |bytes: &[u8]| {
        std::fs::write(&memory, bytes).unwrap();
        let result = witness.cosign(&source, &log.watched(), TIME);
        assert!(matches!(result, Err(Error::State { .. })), "{result:?}");
    };
    spoil(b"");
    spoil(&good[..good.len() / 2]);
    spoil(log.note(300).as_bytes());
    for at in 0..good.len() {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        spoil(&bytes);
    }
    std::fs::write(&memory, &good).unwrap();
    witness.cosign(&source, &log.watched(), TIME).unwrap();
}

#[test]
fn the_key_is_its_owners_alone() {
    let state = folder("witness_mode");
    Witness::create(&state, "w.example", SUITES[0], &[5; 32]).unwrap();
    let key = state.join("witness.key");
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(Witness::open(&state), Err(Error::State { .. })));
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::write(&key, "anning witness 1\ned25519-sha256\nw.example\n05\n").unwrap();
    assert!(matches!(Witness::open(&state), Err(Error::State { .. })));
    assert!(matches!(Witness::open(&folder("witness_none")), Err(Error::Unavailable { .. })));
    assert!(matches!(
        Witness::create(&folder("witness_name"), "a b", SUITES[0], &[5; 32]),
        Err(Error::Key(_))
    ));
}

#[test]
fn cosignatures_of_others_stay() {
    let log = Log::new(SUITES[0], 900, u64::MAX);
    let source = publish(&log, "others_log", 600);
    let out = source.folder().unwrap().join("checkpoint.cosigned");
    let keys: Vec<_> = ["a", "b"]
        .map(|name| {
            let witness =
                Witness::create(&folder(&format!("others_{name}")), name, SUITES[0], &[5; 32]).unwrap();
            for time in [TIME, TIME + 1] {
                witness.cosign(&source, &log.watched(), time).unwrap().write(&out).unwrap();
            }
            witness.verifier().clone()
        })
        .into();
    let note = Note::parse(&std::fs::read(&out).unwrap()).unwrap();
    assert_eq!(cosigned(&note, &keys), [(&keys[0], TIME + 1), (&keys[1], TIME + 1)]);
    assert_eq!(note.signatures().len(), 3);
    let witness = Witness::open(&folder("others_a"));
    assert!(witness.is_err(), "the folder was emptied");
    // Under another checkpoint they say nothing.
    log.publish(source.folder().unwrap(), 600, 900);
    let witness = Witness::create(&folder("others_c"), "c", SUITES[0], &[5; 32]).unwrap();
    witness.cosign(&source, &log.watched(), TIME).unwrap().write(&out).unwrap();
    assert_eq!(Note::parse(&std::fs::read(&out).unwrap()).unwrap().signatures().len(), 2);
    let stranger = SignerKey::from_seed("s", anning_ledger::KeyKind::Ed25519, &[1; 32]).unwrap();
    assert!(cosign(&stranger, &Checkpoint::new("o", 0, [0; 32]).unwrap(), 0).is_err());
}

/// Both read the memory before either writes it: one wins, the other is told to ask again.
#[test]
fn of_two_at_once_one_wins() {
    let suite = SUITES[0];
    let (log, fork) = (Log::new(suite, 900, u64::MAX), Log::new(suite, 900, 250));
    for (name, other, size) in [("race_fork", &fork, 600), ("race_same", &log, 600), ("race_more", &log, 700)]
    {
        let state = folder(name);
        let witness = Witness::create(&state, "w.example", suite, &[5; 32]).unwrap();
        witness.cosign(&publish(&log, "race_first", 200), &log.watched(), TIME).unwrap();
        let barrier = Arc::new(Barrier::new(2));
        let serve = |log: &Log, place: &str, size| {
            let source = publish(log, &format!("{name}_{place}"), size);
            let barrier = Arc::clone(&barrier);
            let server = Server::start(source.folder().unwrap(), move |path| {
                if path.starts_with("/tile/entries/") {
                    barrier.wait();
                }
                Way::Good
            });
            Source::open(&server.address(), PATIENCE).unwrap()
        };
        let sources = [serve(&log, "left", 600), serve(other, "right", size)];
        let results = std::thread::scope(|scope| {
            let run = |source| {
                let log = &log;
                let state = &state;
                scope.spawn(move || Witness::open(state).unwrap().cosign(source, &log.watched(), TIME))
            };
            sources.each_ref().map(run).map(|thread| thread.join().unwrap())
        });
        let wins: Vec<_> = results.iter().filter_map(|result| result.as_ref().ok()).collect();
        assert_eq!(wins.len(), 1, "{name}: {results:?}");
        assert_eq!(witness.seen(&log.watched()).unwrap(), Some(wins[0].head));
        for result in results.into_iter().filter(Result::is_err) {
            let refused = refusal(result);
            let is_told = matches!(refused, Refusal::Stale { .. } | Refusal::Rollback { .. });
            assert!(is_told, "{name}: {refused:?}");
        }
    }
}
