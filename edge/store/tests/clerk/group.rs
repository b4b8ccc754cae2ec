//! Requests that are put on record together, full queues, failing disks, the end.

use std::io;
use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier};
use std::time::Duration;

use anning_ledger::{Mirror, Suite, Tile};
use anning_store::disk::{Disk, File};
use anning_store::{Clerk, Clock, Error, Pace};
use anning_vocab::{Act, ActKind};

use crate::sim::{Fault, Sim};
use crate::world::{Draw, at, create, folder, open};
use crate::{People, sheet, start};

fn fixed() -> Clock {
    Box::new(|| at(10_000))
}

/// A clock that counts how often it is asked: once a record.
fn counting(count: &Arc<AtomicU64>) -> Clock {
    let count = Arc::clone(count);
    Box::new(move || {
        count.fetch_add(1, Ordering::SeqCst);
        at(10_000)
    })
}

/// Keeps the writer busy until the other end is dropped.
fn gate(clerk: &Clerk) -> std::sync::mpsc::Sender<()> {
    let (open, closed) = channel::<()>();
    let (told, here) = channel();
    let clerk = clerk.clone();
    std::thread::spawn(move || {
        let wait = move |_: &mut anning_store::Ledger| {
            told.send(()).unwrap();
            closed.recv().unwrap_err();
        };
        clerk.with(wait).unwrap();
    });
    here.recv().unwrap();
    open
}

/// A request as somebody may send it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Good,
    /// Of a sheet that nobody holds.
    UnknownSheet,
    /// With bytes that are no sheet.
    NoSheet,
    /// With a sheet that no leaf can hold.
    HugeSheet,
    LongId,
    EarlyReceipt,
}

const KINDS: [Kind; 6] =
    [Kind::Good, Kind::UnknownSheet, Kind::NoSheet, Kind::HugeSheet, Kind::LongId, Kind::EarlyReceipt];

fn send(clerk: &Clerk, people: &People, n: u64, kind: Kind) -> Result<(), Error> {
    let mut new = people.act(n, ActKind::Given, at(n as i64));
    let mut sheets = vec![sheet()];
    match kind {
        Kind::Good => {}
        Kind::UnknownSheet => new.sheet = [9; 32],
        Kind::NoSheet => sheets.push(b"no sheet".to_vec()),
        Kind::HugeSheet => sheets.push(vec![0; 70_000]),
        Kind::LongId => new.id = vec![0; 65],
        Kind::EarlyReceipt => new.received = at(n as i64 - 10),
    }
    clerk.put(sheets, vec![new]).map(drop)
}

#[test]
fn one_that_cannot_be_taken_takes_no_other_with_it() {
    let disk = Sim::default();
    create(&disk, Suite::International);
    let records = Arc::new(AtomicU64::new(0));
    let (clerk, running, people) = start(&disk, 1, counting(&records), Pace::default());
    let (mut requests, mut good, mut bad) = (0, Vec::new(), Vec::new());
    let mut draw = Draw(3);
    for round in 0..60 {
        let closed = gate(&clerk);
        let kinds: Vec<Kind> =
            (0..8).map(|n| KINDS[if n < 4 { 0 } else { draw.below(6) as usize }]).collect();
        let barrier = Barrier::new(kinds.len() + 1);
        std::thread::scope(|scope| {
            for (n, kind) in (round * 8..).zip(&kinds) {
                let (clerk, people, barrier) = (&clerk, &people, &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    let result = send(clerk, people, n, *kind);
                    let refused = matches!(result, Err(Error::Refused(_)));
                    assert_eq!(refused, *kind != Kind::Good, "{kind:?}: {result:?}");
                    assert!(refused || result.is_ok(), "{kind:?}: {result:?}");
                });
            }
            barrier.wait();
            // Whether all of them wait by now changes which go together, not what they are told.
            (0..100).for_each(|_| std::thread::yield_now());
            drop(closed);
        });
        requests += kinds.len() as u64;
        for (n, kind) in (round * 8..).zip(kinds) {
            if kind == Kind::Good { good.push(n) } else { bad.push(n) }
        }
    }
    let records = records.load(Ordering::SeqCst);
    assert!(records < requests, "no two requests went together: {records} records, {requests} requests");
    drop(clerk);
    drop(running.end().unwrap());
    let ledger = open(&disk, 2).unwrap();
    let mut acts: Vec<Act> = Vec::new();
    let mut on_record = |n: u64| {
        ledger.read().index().acts(people.key(n), &mut acts);
        acts.len()
    };
    assert!(good.iter().all(|n| on_record(*n) == 1) && bad.iter().all(|n| on_record(*n) == 0));
    let _ =
        writeln!(std::io::stderr(), "{requests} requests in {records} records, {} refused alone", bad.len());
}

#[test]
fn a_full_queue_says_so_and_takes_nothing() {
    let disk = Sim::default();
    create(&disk, Suite::International);
    let (clerk, running, people) = start(&disk, 1, fixed(), Pace::default());
    let closed = gate(&clerk);
    let busy = Arc::new(AtomicBool::new(false));
    let mut waiting = Vec::new();
    for n in 0..20_000 {
        if busy.load(Ordering::SeqCst) {
            break;
        }
        let (clerk, people, busy) = (clerk.clone(), people.clone(), Arc::clone(&busy));
        let asks = move || {
            let result = send(&clerk, &people, n, Kind::Good);
            if matches!(result, Err(Error::Busy)) {
                busy.store(true, Ordering::SeqCst);
            }
            (n, result.is_ok())
        };
        waiting.push(std::thread::Builder::new().stack_size(256 << 10).spawn(asks).unwrap());
    }
    assert!(busy.load(Ordering::SeqCst), "the queue has a bound");
    drop(closed);
    let told: Vec<(u64, bool)> = waiting.into_iter().map(|thread| thread.join().unwrap()).collect();
    // There is room again.
    send(&clerk, &people, 50_000, Kind::Good).unwrap();
    let mut acts = Vec::new();
    let view = clerk.view().clone();
    for (n, taken) in &told {
        view.now().index().acts(people.key(*n), &mut acts);
        assert_eq!(acts.len(), usize::from(*taken), "{n}");
    }
    let refused = told.iter().filter(|(_, taken)| !taken).count();
    let _ = writeln!(std::io::stderr(), "{} waited, {refused} were told to try again", told.len() - refused);
    drop(clerk);
    running.end().unwrap();
}

#[test]
fn the_end_publishes_everything() {
    let disk = Sim::default();
    create(&disk, Suite::International);
    for round in 0..5 {
        let pace = Pace { publish: Duration::from_millis(round), ..Pace::default() };
        let (clerk, running, people) = start(&disk, round, fixed(), pace);
        for part in 0..20 {
            send(&clerk, &people, round * 100 + part, Kind::Good).unwrap();
        }
        let ledger = running.end().unwrap();
        // Whoever still holds the clerk is told.
        assert!(matches!(send(&clerk, &people, 999, Kind::Good), Err(Error::Stopped)));
        let head = ledger.checkpoint().unwrap().0.head();
        assert_eq!(head.size, ledger.size());
        let files: std::collections::BTreeMap<_, _> = disk.files().into_iter().collect();
        let fetch =
            |tile: &Tile| files.get(&folder().join("public").join(tile.path())).cloned().ok_or("none");
        let mirror = Mirror::open(Suite::International, head, fetch).unwrap();
        assert_eq!(mirror.bundle(0).unwrap().len() as u64, head.size);
    }
}

#[test]
fn a_failing_disk_acknowledges_nothing_and_leaves_nobody_waiting() {
    let (mut failed, mut taken) = (0, 0);
    for fault in
        [Fault::Eio as fn(u64) -> Fault, Fault::NoSpace, Fault::Short, Fault::LostSync, Fault::CrashAt]
    {
        for op in 0..40 {
            let disk = Sim::default();
            create(&disk, Suite::International);
            let pace = Pace { publish: Duration::from_millis(1), snapshot: 10 };
            let (clerk, running, people) = start(&disk, op, fixed(), pace);
            disk.set(Some(fault(op)));
            let told: Vec<(u64, Result<(), Error>)> = std::thread::scope(|scope| {
                let asks = |who: u64| {
                    let (clerk, people) = (&clerk, &people);
                    move || {
                        (0..6)
                            .map(|n| who * 6 + n)
                            .map(|n| (n, send(clerk, people, n, Kind::Good)))
                            .collect::<Vec<_>>()
                    }
                };
                let threads: Vec<_> = (0..4).map(|who| scope.spawn(asks(who))).collect();
                threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
            });
            drop(clerk);
            // What failed may have been the tiles alone.
            let _ = running.end();
            disk.set(None);
            let mut draw = Draw(op);
            disk.restart(&mut |n| draw.below(n));
            let ledger = open(&disk, 100).unwrap_or_else(|e| panic!("{:?}: {e}", fault(op)));
            let mut acts = Vec::new();
            for (n, result) in &told {
                ledger.read().index().acts(people.key(*n), &mut acts);
                match result {
                    Ok(()) => assert_eq!(acts.len(), 1, "{:?}: {n} was acknowledged", fault(op)),
                    Err(error) => {
                        failed += 1;
                        assert!(
                            matches!(error, Error::Io { .. } | Error::Stopped),
                            "{:?}: {n}: {error}",
                            fault(op)
                        );
                    }
                }
                taken += usize::from(result.is_ok());
            }
        }
    }
    let _ = writeln!(std::io::stderr(), "{taken} acknowledged and there, {failed} told of the failure");
    assert!(failed > 500 && taken > 500, "{failed} {taken}");
}

#[test]
fn a_failed_publisher_is_told_and_holds_up_nobody() {
    let disk = Sim::default();
    create(&disk, Suite::International);
    let tiles = Tiles(disk.clone());
    let ledger = open(&disk, 1).unwrap();
    let people = People::of(&ledger);
    let pace = Pace { publish: Duration::from_millis(1), ..Pace::default() };
    let (clerk, running) = Clerk::start(ledger, Arc::new(tiles), fixed(), pace).unwrap();
    assert!(!running.wait_published(u64::MAX, Duration::from_secs(60)), "it has ended, and waiting too");
    assert!(clerk.alarm().is_some_and(|why| why.contains("cannot make")), "{:?}", clerk.alarm());
    for n in 0..100 {
        send(&clerk, &people, n, Kind::Good).unwrap();
    }
    assert!(matches!(running.end(), Err(Error::Io { .. })));
    let ledger = open(&disk, 2).unwrap();
    assert!(matches!(ledger.checkpoint(), Err(Error::Io { .. })));
    drop(ledger);
    // The leaves are in the journal: the next publisher finds them.
    let (_, running, _) = start(&disk, 3, fixed(), pace);
    let ledger = running.end().unwrap();
    assert_eq!(ledger.checkpoint().unwrap().0.head().size, ledger.size());
}

/// A disk on which no tile can be made.
struct Tiles(Sim);

impl Disk for Tiles {
    fn create(&self, _: &Path) -> io::Result<Arc<dyn File>> {
        Err(io::ErrorKind::StorageFull.into())
    }
    fn open(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        self.0.open(path)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.0.rename(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.0.remove(path)
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        self.0.list(folder)
    }
    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        self.0.create_folder(folder)
    }
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.0.sync_folder(folder)
    }
    fn sync_all(&self, folder: &Path) -> io::Result<()> {
        self.0.sync_all(folder)
    }
    fn lock(&self, path: &Path) -> io::Result<Box<dyn Send + Sync>> {
        self.0.lock(path)
    }
}
