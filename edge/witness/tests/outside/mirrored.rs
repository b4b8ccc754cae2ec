//! Mirrors: they grow, heal, go on after a kill, and refuse another history.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::path::Path;

use anning_ledger::{Checkpoint, Note, Request, Suite, verify_consistency};
use anning_witness::{Copied, Error, Fault, Refused, Source, mirror};

use crate::good::{PATIENCE, check};
use crate::log::{Log, SUITES, files, folder};
use crate::server::{Server, Way};

fn update(from: &Path, to: &Path, log: &Log) -> Result<Copied, Error> {
    mirror(&Source::of_folder(from), to, &log.watched(), &|_| ControlFlow::Continue(()))
}

/// Ended after so many files.
fn killed(from: &Path, to: &Path, log: &Log, after: u64) -> Result<Copied, Error> {
    let left = Cell::new(after);
    let step = |_| {
        left.set(left.get() - 1);
        if left.get() == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    mirror(&Source::of_folder(from), to, &log.watched(), &step)
}

#[test]
fn grows_with_the_log() {
    for suite in SUITES {
        let log = Log::new(suite, 66_000, u64::MAX);
        let (from, to) = (folder(&format!("grows_{}", suite.code())), folder("grows_copy"));
        let mut before = 0;
        for size in [0, 1, 200, 256, 300, 700, 65_500, 65_536, 66_000] {
            log.publish(&from, before, size);
            let copied = update(&from, &to, &log).unwrap();
            assert_eq!((copied.from, copied.to), (before, size));
            let again = update(&from, &to, &log).unwrap();
            assert_eq!(again, Copied { from: size, to: size, files: 0, bytes: 0 });
            assert_eq!(check(&Source::of_folder(&to), &log).unwrap().checkpoint.head(), log.head(size));
            before = size;
        }
        assert!(!to.join("tile/0/001.p").exists(), "a narrow tile goes when the full one is there");
    }
}

/// A disk that loses or changes what was copied: the next run mends it, whether the log grew meanwhile or not.
#[test]
fn what_was_damaged_is_fetched_again() {
    for suite in SUITES {
        let log = Log::new(suite, 1_300, u64::MAX);
        let (from, to) = (folder(&format!("mend_{}", suite.code())), folder("mend_copy"));
        log.publish(&from, 0, 1_000);
        update(&from, &to, &log).unwrap();
        let whole = files(&to);
        let tiles: Vec<String> = whole.keys().filter(|name| name.starts_with("tile/")).cloned().collect();
        assert!(tiles.len() >= 9, "{tiles:?}");
        for tile in &tiles {
            let path = to.join(tile);
            let mut bytes = std::fs::read(&path).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            std::fs::write(&path, &bytes).unwrap();
            let copied = update(&from, &to, &log).unwrap();
            assert_eq!((copied.from, copied.to, copied.files), (1_000, 1_000, 1), "{tile}");
            assert_eq!(files(&to), whole, "{tile}");
            std::fs::remove_file(&path).unwrap();
            assert_eq!(update(&from, &to, &log).unwrap().files, 1, "{tile}");
            assert_eq!(files(&to), whole, "{tile}");
        }
        // Full tiles that the log grew past long ago.
        for tile in ["tile/0/000", "tile/entries/001"] {
            std::fs::write(to.join(tile), b"torn").unwrap();
        }
        log.publish(&from, 1_000, 1_300);
        update(&from, &to, &log).unwrap();
        assert_eq!(check(&Source::of_folder(&to), &log).unwrap().checkpoint.head(), log.head(1_300));
        assert_eq!(std::fs::read(to.join("tile/0/000")).unwrap(), whole["tile/0/000"]);
    }
}

#[test]
fn only_new_files_are_fetched() {
    let log = Log::new(Suite::International, 66_000, u64::MAX);
    let (from, to) = (folder("new_files"), folder("new_files_copy"));
    log.publish(&from, 0, 65_000);
    update(&from, &to, &log).unwrap();
    log.publish(&from, 65_000, 65_100);
    let copied = update(&from, &to, &log).unwrap();
    assert_eq!(copied.files, 5, "a full and a narrow one of level 0 and of entries, a narrow one of level 1");
}

#[test]
fn a_mirror_of_a_mirror_over_http() {
    let log = Log::new(Suite::International, 700, u64::MAX);
    let (from, first, second) = (folder("chain"), folder("chain_1"), folder("chain_2"));
    log.publish(&from, 0, 700);
    update(&from, &first, &log).unwrap();
    let server = Server::start(&first, |_| Way::Good);
    let source = Source::open(&server.address(), PATIENCE).unwrap();
    mirror(&source, &second, &log.watched(), &|_| ControlFlow::Continue(())).unwrap();
    assert_eq!(files(&first), files(&second));
    assert!(files(&from).iter().all(|(name, bytes)| files(&second).get(name) == Some(bytes)));
}

#[test]
fn goes_on_after_a_kill_between_any_two_files() {
    let log = Log::new(Suite::International, 1_300, u64::MAX);
    let (small, large, whole) = (folder("kill_small"), folder("kill_large"), folder("kill_whole"));
    log.publish(&small, 0, 700);
    log.publish(&large, 0, 1_300);
    let total = update(&large, &whole, &log).unwrap().files;
    assert_eq!(total, 13);
    for begun in [0, 700] {
        for after in 1..=total {
            let to = folder("killed");
            if begun > 0 {
                update(&small, &to, &log).unwrap();
            }
            let ended = killed(&large, &to, &log, after);
            if ended.is_ok() {
                continue;
            }
            assert!(matches!(ended, Err(Error::Stopped)));
            let held = std::fs::read_to_string(to.join("checkpoint")).ok();
            assert_eq!(held, (begun > 0).then(|| log.note(begun)), "the checkpoint comes last");
            // A half-written file under its working name, and a file that the disk lost half of.
            std::fs::create_dir_all(to.join("tile/entries")).unwrap();
            std::fs::write(to.join("tile/entries/000.new"), b"half").unwrap();
            let torn = to.join("tile/0/003");
            if let Ok(bytes) = std::fs::read(&torn) {
                std::fs::write(&torn, &bytes[..100]).unwrap();
            }
            let copied = update(&large, &to, &log).unwrap();
            assert!(copied.files <= total, "{after}");
            assert_eq!(check(&Source::of_folder(&to), &log).unwrap().checkpoint.head(), log.head(1_300));
            for (name, bytes) in files(&whole) {
                assert_eq!(files(&to).get(&name), Some(&bytes), "{name} after {after}");
            }
        }
    }
}

#[test]
fn what_was_kept_is_not_fetched_again() {
    let log = Log::new(Suite::International, 1_300, u64::MAX);
    let (from, to) = (folder("resume"), folder("resume_copy"));
    log.publish(&from, 0, 1_300);
    assert!(matches!(killed(&from, &to, &log, 9), Err(Error::Stopped)));
    let copied = update(&from, &to, &log).unwrap();
    // The two narrow ones of hashes come with every run.
    assert_eq!(copied.files, 13 - 9 + 2);
}

#[test]
fn a_rotten_file_is_healed_when_it_is_met() {
    let log = Log::new(Suite::International, 66_000, u64::MAX);
    for rotten in ["tile/0/255", "tile/entries/255", "tile/1/000"] {
        let (from, to) = (folder("rot"), folder("rot_copy"));
        log.publish(&from, 0, 65_530);
        update(&from, &to, &log).unwrap();
        log.publish(&from, 65_530, 65_900);
        assert!(matches!(killed(&from, &to, &log, 6), Err(Error::Stopped)), "{rotten}");
        let path = to.join(rotten);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[77] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        update(&from, &to, &log).unwrap();
        assert_eq!(check(&Source::of_folder(&to), &log).unwrap().checkpoint.head(), log.head(65_900));
    }
}

/// The mirror as it was, but for the evidence.
fn refused(name: &str, held: u64, other: &Log, offered: u64) -> (Refused, Note, Request) {
    let log = Log::new(Suite::International, 900, u64::MAX);
    let (good, bad, to) = (folder(&format!("{name}_good")), folder(&format!("{name}_bad")), folder(name));
    log.publish(&good, 0, held);
    update(&good, &to, &log).unwrap();
    let before = files(&to);
    other.publish(&bad, 0, offered);
    let mut kept = Vec::new();
    for _ in 0..2 {
        let Err(Error::Refused(refused)) = update(&bad, &to, &log) else { panic!("{name} is not refused") };
        let mut after = files(&to);
        after.retain(|path, bytes| {
            !path.starts_with("evidence/") || {
                kept.push(bytes.clone());
                false
            }
        });
        assert_eq!(after, before, "{name}: left as it was");
        if kept.len() == 2 {
            assert_eq!(kept[0], kept[1], "kept once");
            let text = String::from_utf8(kept.remove(0)).unwrap();
            let at = text.find("\nold ").unwrap();
            let note = Note::parse(&text.as_bytes()[..at]).unwrap();
            // Who is refused today goes on when the log comes to its senses.
            log.publish(&good, held, 900);
            update(&good, &to, &log).unwrap();
            return (refused, note, Request::parse(&text.as_bytes()[at + 1..]).unwrap());
        }
    }
    panic!("{name}: no evidence");
}

#[test]
fn forks_and_rollbacks_are_refused_with_evidence() {
    let log = Log::new(Suite::International, 900, u64::MAX);
    let fork = Log::new(Suite::International, 900, 250);
    for (name, held, offered) in
        [("equal", 600, 600), ("ahead", 600, 800), ("behind", 600, 400), ("full", 512, 768)]
    {
        let (refused, held_note, request) = refused(&format!("fork_{name}"), held, &fork, offered);
        assert!(matches!(refused, Refused::Fork { .. }), "{name}: {refused}");
        assert_eq!(held_note.to_string(), log.note(held));
        assert_eq!(request.note.to_string(), fork.note(offered));
        // The evidence stands by itself: both are signed, and the hashes lead from the smaller tree to another larger.
        let keys = log.watched().keys;
        held_note.verify(&keys).unwrap();
        request.note.verify(&keys).unwrap();
        let heads = [&held_note, &request.note].map(|note| Checkpoint::parse(note.text()).unwrap().head());
        let [small, large] = if held <= offered { heads } else { [heads[1], heads[0]] };
        assert!(verify_consistency(log.suite, &small, &large, &request.proof).is_err());
        let truth = if held <= offered { &fork } else { &log };
        let honest = truth.head(small.size);
        assert_eq!(verify_consistency(log.suite, &honest, &large, &request.proof), Ok(()), "{name}");
    }
    let (refused, held_note, request) = refused("rollback", 600, &log, 400);
    assert!(matches!(refused, Refused::Rollback { .. }), "{refused}");
    assert_eq!((held_note.to_string(), request.note.to_string()), (log.note(600), log.note(400)));
    // Before the fork both are one log.
    let to = folder("before_fork");
    let from = folder("before_fork_log");
    fork.publish(&from, 0, 250);
    update(&from, &to, &log).unwrap();
    let good = folder("before_fork_good");
    log.publish(&good, 0, 600);
    assert_eq!(update(&good, &to, &log).unwrap().from, 250);
}

#[test]
fn nothing_false_is_kept() {
    let log = Log::new(Suite::International, 1_300, u64::MAX);
    for spoiled in
        ["tile/0/002", "tile/0/005.p/20", "tile/entries/003", "tile/entries/005.p/20", "tile/1/000.p/5"]
    {
        let (from, to) = (folder("false"), folder("false_copy"));
        log.publish(&from, 0, 1_300);
        let mut bytes = std::fs::read(from.join(spoiled)).unwrap();
        bytes[50] ^= 4;
        std::fs::write(from.join(spoiled), bytes).unwrap();
        let error = update(&from, &to, &log).unwrap_err();
        assert!(
            matches!(error, Error::Fault(_)) && error.to_string().contains(spoiled),
            "{spoiled}: {error}"
        );
        log.publish(&from, 0, 1_300);
        let kept = files(&to);
        let truth = files(&from);
        let is_true =
            |(name, bytes): (&String, &Vec<u8>)| name == "mirror.lock" || truth.get(name) == Some(bytes);
        assert!(kept.iter().all(is_true), "{spoiled}");
        update(&from, &to, &log).unwrap();
    }
    let (from, to) = (folder("ahead_mirror"), folder("ahead_copy"));
    log.publish(&from, 0, 300);
    std::fs::write(from.join("checkpoint"), log.note(700)).unwrap();
    assert!(matches!(update(&from, &to, &log), Err(Error::Fault(Fault::Missing { .. }))));
}

#[test]
fn servers_that_fail_leave_the_mirror_whole() {
    let log = Log::new(Suite::International, 700, u64::MAX);
    let (from, to) = (folder("mirror_servers"), folder("mirror_servers_copy"));
    log.publish(&from, 0, 300);
    update(&from, &to, &log).unwrap();
    log.publish(&from, 300, 700);
    for place in ["/checkpoint", "/tile/0/001", "/tile/1/000.p/2", "/tile/entries/001"] {
        for way in [
            Way::Truncated,
            Way::Short,
            Way::Garbage,
            Way::Endless,
            Way::Status(302),
            Way::Status(500),
            Way::Away,
        ] {
            let server = Server::start(&from, move |path| if path == place { way } else { Way::Good });
            let source = Source::open(&server.address(), PATIENCE).unwrap();
            let error = mirror(&source, &to, &log.watched(), &|_| ControlFlow::Continue(())).unwrap_err();
            assert!(
                matches!(error, Error::Unavailable { .. } | Error::Fault(_)),
                "{place} {way:?}: {error:?}"
            );
            assert_eq!(check(&Source::of_folder(&to), &log).unwrap().checkpoint.head(), log.head(300));
        }
    }
    assert_eq!(update(&from, &to, &log).unwrap().to, 700);
}

#[test]
fn one_at_a_time_and_one_log_a_folder() {
    let log = Log::new(Suite::International, 300, u64::MAX);
    let (from, to) = (folder("lock"), folder("lock_copy"));
    log.publish(&from, 0, 300);
    let inner = Cell::new(false);
    let step = |_| {
        inner.set(matches!(update(&from, &to, &log), Err(Error::Locked(_))));
        ControlFlow::Continue(())
    };
    mirror(&Source::of_folder(&from), &to, &log.watched(), &step).unwrap();
    assert!(inner.get());
    let other = Log::new(Suite::Gm, 300, u64::MAX);
    assert!(matches!(update(&from, &to, &other), Err(Error::State { .. })), "the mirror of another log");
    std::fs::write(to.join("checkpoint"), "x").unwrap();
    assert!(matches!(update(&from, &to, &log), Err(Error::State { .. })), "no checkpoint is not: begin anew");
}
