//! Disks that fail, are full, or were changed.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;

use anning_gateway::LetterId;
use anning_gateway::outbox::{Entry, Error, Ground, Limits, Outbox, Start};
use anning_store::{Error as StoreError, SoftMaster};

use crate::crash::Model;
use crate::sim::{Fault, Sim};
use crate::world::{Draw, Hands, decided, folder, ground, letter, limits, open};

fn accepted(name: u64, hands: &Hands) -> Entry {
    Entry::Accepted { letter: Arc::new(letter(name, &mut Draw(name), hands.now())), start: Start::Waits }
}

/// How often each came of a fault.
#[derive(Debug, Default)]
struct Came {
    stopped: usize,
    full: usize,
    /// Nothing that mattered: what is removed, or a key that is not in use yet.
    nothing: usize,
}

/// After a fault nothing is taken, or all is well; what was acknowledged before is there.
fn check(fault: impl Fn(u64) -> Fault) -> Came {
    let mut came = Came::default();
    for n in 0..120 {
        let (mut draw, disk, hands, mut model) =
            (Draw(n % 4), Sim::default(), Hands::default(), Model::default());
        let (outbox, _) = open(&disk, n, &hands).unwrap();
        disk.set(Some(fault(n)));
        for _ in 0..150 {
            if !model.step(&mut draw, &outbox, &hands) {
                break;
            }
        }
        match outbox.put(vec![accepted(0, &hands)]) {
            Err(Error::Stopped) => {
                came.stopped += 1;
                disk.set(None);
                assert!(matches!(outbox.put(vec![accepted(0, &hands)]), Err(Error::Stopped)));
                assert!(outbox.is_stopped());
            }
            Err(Error::Full) => {
                came.full += 1;
                assert!(matches!(outbox.put(vec![accepted(0, &hands)]), Err(Error::Full)));
                model.agrees(&outbox.book(), &hands, "on a full disk");
                // Room again: it goes on as if nothing had been.
                disk.set(None);
                for _ in 0..40 {
                    assert!(model.step(&mut draw, &outbox, &hands));
                }
            }
            Ok(_) => came.nothing += 1,
            Err(other) => panic!("{other}"),
        }
        drop(outbox);
        disk.restart(&mut |n| draw.below(n));
        let (outbox, _) = open(&disk, n + 1, &hands).unwrap();
        model.agrees(&outbox.book(), &hands, &format!("fault {n}"));
    }
    came
}

#[test]
fn after_a_failed_write_or_sync_nothing_is_taken() {
    let stops = |came: Came| assert!(came.stopped > 60 && came.full == 0, "{came:?}");
    stops(check(Fault::Eio));
    stops(check(|n| Fault::Eio(n * 3)));
    // Only every other operation is a write, or a sync.
    let some = |came: Came| assert!(came.stopped > 30 && came.full == 0, "{came:?}");
    some(check(Fault::Short));
    some(check(Fault::LostSync));
}

#[test]
fn a_full_disk_refuses_and_goes_on_when_there_is_room() {
    let came = check(Fault::NoSpace);
    assert!(came.full > 3 && came.stopped > 3 && came.nothing == 0, "{came:?}");
}

#[test]
fn nothing_is_taken_in_silence() {
    let (disk, hands) = (Sim::default(), Hands::default());
    let clock = hands.clone();
    let few = Limits { letters: 2, ..limits() };
    let ground = ground(Arc::new(disk.clone()), folder(), 1);
    let (outbox, _) = Outbox::open(ground, few, Box::new(move || clock.now())).unwrap();
    let put = |entry| outbox.put(vec![entry]);
    assert!(matches!(outbox.put(Vec::new()), Err(Error::Unfit)));
    assert!(matches!(put(Entry::Restarted), Err(Error::Unfit)));
    let first = put(accepted(1, &hands)).unwrap();
    assert_eq!((first.letters[0].id, first.void.len()), (LetterId(1), 0));
    put(accepted(2, &hands)).unwrap();
    // What was handed in comes back, and who would have been told with it.
    let (tell, told) = channel();
    let done = Box::new(move |result: Result<_, Error>| tell.send(result.is_ok()).unwrap());
    let refused = outbox.submit(vec![accepted(3, &hands)], done).unwrap_err();
    assert!(matches!(refused.error, Error::Busy) && refused.entries.len() == 1);
    // What ends letters is taken.
    put(Entry::HandingOver { letter: LetterId(1) }).unwrap();
    outbox.submit(refused.entries, refused.done).unwrap();
    assert!(told.recv().unwrap());
    let committed = put(Entry::HandingOver { letter: LetterId(1) }).unwrap();
    assert_eq!(committed.void, [0], "it is on its way already");
}

#[test]
fn what_was_changed_is_named() {
    let (disk, hands) = (Sim::default(), Hands::default());
    let (outbox, _) = open(&disk, 1, &hands).unwrap();
    for name in 0..250 {
        outbox
            .put(vec![accepted(name, &hands), Entry::Decision(Arc::new(decided(name, hands.now())))])
            .unwrap();
    }
    assert!(matches!(open(&disk, 1, &hands), Err(StoreError::Locked(_))));
    drop(outbox);
    let files: Vec<_> = disk.files().into_iter().map(|(path, _)| path).collect();
    let segments = files.iter().filter(|path| path.extension().is_some_and(|e| e == "journal")).count();
    assert!(segments >= 3, "{files:?}");
    let opened = |disk: &Sim| open(disk, 1, &hands).map(drop);
    let damaged = |disk: &Sim, file: &Path, from: u64| match opened(disk) {
        Err(StoreError::Damaged { path, offset, .. }) => assert!(path == file && offset >= from, "{offset}"),
        other => panic!("{file:?}: {other:?}"),
    };
    for (segment, at) in [(0, 8_000), (0, 70), (1, 300), (1, 20)] {
        let (copy, path) = (disk.copy(), folder().join(format!("{segment:08}.journal")));
        copy.change(&path, |bytes| bytes[at] ^= 1);
        damaged(&copy, &path, 0);
    }
    let (copy, path) = (disk.copy(), folder().join("00000001.key"));
    copy.lose(&path);
    damaged(&copy, &path, 0);
    let copy = disk.copy();
    copy.change(&path, |bytes| bytes.truncate(30));
    damaged(&copy, &path, 0);
    let copy = disk.copy();
    copy.lose(&folder().join("00000001.journal"));
    damaged(&copy, &folder().join("00000001.journal"), 0);
    let copy = disk.copy();
    copy.lose(&folder().join("00000000.journal"));
    assert!(matches!(opened(&copy), Err(StoreError::Damaged { .. })));
    for number in 0..segments {
        copy.lose(&folder().join(format!("{number:08}.journal")));
    }
    assert!(matches!(opened(&copy), Err(StoreError::Damaged { .. })));
    let other = SoftMaster::parse(&"02".repeat(32)).unwrap();
    let wrong = Ground { master: Box::new(other), ..ground(Arc::new(disk.clone()), folder(), 1) };
    let clock = hands.clone();
    let result = Outbox::open(wrong, limits(), Box::new(move || clock.now()));
    assert!(matches!(result, Err(StoreError::Keys(_))));
    opened(&disk).unwrap();
}
