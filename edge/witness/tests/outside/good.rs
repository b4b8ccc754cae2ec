//! Good logs verify, at every size and in both suites, from a folder and over http.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anning_witness::{Counts, Error, Refused, Report, Source, SourceError, verify};

use crate::log::{Log, SUITES, folder};
use crate::server::{Server, Way};

pub const TWO: NonZeroUsize = NonZeroUsize::new(2).unwrap();
pub const PATIENCE: Duration = Duration::from_secs(20);

pub fn check(source: &Source, log: &Log) -> Result<Report, Error> {
    verify(source, &log.watched(), None, TWO, &|_| {})
}

#[test]
fn every_size() {
    for suite in SUITES {
        let log = Log::new(suite, 66_000, u64::MAX);
        let folder = folder(&format!("every_size_{}", suite.code()));
        let mut before = 0;
        for size in [0, 1, 2, 255, 256, 257, 511, 512, 700, 65_535, 65_536, 65_537, 66_000] {
            log.publish(&folder, before, size);
            let report = check(&Source::of_folder(&folder), &log).unwrap();
            assert_eq!((report.counts.leaves(), report.checkpoint.head()), (size, log.head(size)));
            before = size;
        }
    }
}

#[test]
fn leaves_are_counted_and_progress_ends() {
    let log = Log::new(SUITES[0], 700, u64::MAX);
    let folder = folder("counted");
    log.publish(&folder, 0, 700);
    let most = AtomicU64::new(0);
    let progress = |step: anning_witness::Progress| {
        most.fetch_max(step.leaves, Ordering::Relaxed);
        assert_eq!(step.of, 700);
    };
    let report = verify(&Source::of_folder(&folder), &log.watched(), None, TWO, &progress).unwrap();
    let expected = Counts { acts: 608, sheets: 14, batches: 70, decisions: 210, deeds: 8 };
    assert_eq!((report.counts, most.into_inner()), (expected, 700));
}

#[test]
fn over_http() {
    let log = Log::new(SUITES[0], 700, u64::MAX);
    let folder = folder("over_http");
    log.publish(&folder, 0, 300);
    log.publish(&folder, 300, 700);
    // The full tiles are there, the narrow ones of an older checkpoint are gone.
    for narrow in ["tile/0/001.p", "tile/entries/001.p"] {
        std::fs::remove_dir_all(folder.join(narrow)).unwrap();
    }
    std::fs::write(folder.join("checkpoint"), log.note(300)).unwrap();
    let server = Server::start(&folder, |_| Way::Good);
    let report = check(&Source::open(&server.address(), PATIENCE).unwrap(), &log).unwrap();
    assert_eq!(report.counts.leaves(), 300);
}

#[test]
fn an_older_checkpoint() {
    for suite in SUITES {
        let log = Log::new(suite, 700, u64::MAX);
        let fork = Log::new(suite, 700, 250);
        let folder = folder(&format!("older_{}", suite.code()));
        log.publish(&folder, 0, 600);
        let source = Source::of_folder(&folder);
        let older = |note: String| {
            verify(&source, &log.watched(), Some(note.as_bytes()), TWO, &|_| {}).map(|r| r.continues)
        };
        for size in [0, 1, 256, 300, 599, 600] {
            assert_eq!(older(log.note(size)).unwrap(), Some(log.head(size)));
        }
        assert_eq!(older(fork.note(250)).unwrap(), Some(log.head(250)), "the same until then");
        for size in [251, 400, 600] {
            let refused = older(fork.note(size));
            assert!(matches!(refused, Err(Error::Refused(Refused::Fork { .. }))), "{refused:?}");
        }
        let refused = older(log.note(601));
        assert!(matches!(refused, Err(Error::Refused(Refused::Rollback { .. }))), "{refused:?}");
    }
}

/// A growing log takes narrow tiles away from under its readers: they take the newer checkpoint, and do not call it a
/// fault.
#[test]
fn a_log_that_grows_meanwhile() {
    let verified = |name: &str, moves: u64| {
        let log = Log::new(SUITES[0], 700, u64::MAX);
        let folder = folder(name);
        log.publish(&folder, 0, 700);
        let notes: Vec<String> = (0..=moves).rev().map(|before| log.note(700 - 10 * before)).collect();
        let asked = AtomicU64::new(0);
        let server = Server::answering(move |path, _| {
            if path == "/checkpoint" {
                let nth = asked.fetch_add(1, Ordering::Relaxed).min(moves);
                return (Way::Good, notes[usize::try_from(nth).unwrap()].clone().into_bytes());
            }
            let read = std::fs::read(folder.join(path.trim_start_matches('/')));
            read.map_or((Way::Status(404), Vec::new()), |bytes| (Way::Good, bytes))
        });
        check(&Source::open(&server.address(), PATIENCE).unwrap(), &log)
    };
    for moves in 0..4 {
        assert_eq!(verified("grows_away", moves).unwrap().checkpoint.size, 700, "{moves}");
    }
    let never = verified("grows_faster", 30);
    assert!(matches!(never, Err(Error::Unavailable { source: SourceError::Moving, .. })), "{never:?}");
}

#[test]
fn places() {
    let open = |place: &str| Source::open(place, PATIENCE);
    for place in ["ftp://a", "http://", "http:///x", "http://a?b", "http://a#b", "http://u@a", "http://a b"] {
        assert!(matches!(open(place), Err(SourceError::Address { .. })), "{place}");
    }
    assert!(matches!(open("https://a"), Err(SourceError::NoTls)) != cfg!(feature = "tls"));
    let nothing = check(&open("no/such/folder").unwrap(), &Log::new(SUITES[0], 1, 1));
    assert!(matches!(nothing, Err(Error::Unavailable { source: SourceError::Missing, .. })), "{nothing:?}");
}
