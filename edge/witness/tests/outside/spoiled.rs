//! Spoiled logs: each is named with the file that is wrong.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anning_ledger::{CheckpointError, KeyKind, NoteError, SignerKey, Suite};
use anning_witness::{Error, Fault, LeafFault, Source, SourceError, verify};

use crate::good::{PATIENCE, TWO, check};
use crate::log::{Log, ORIGIN, copy, files, folder};
use crate::server::{Server, Way};

const SIZE: u64 = 65_836;

/// Three levels of tiles, each with a full or a narrow one.
fn big() -> &'static (Log, PathBuf) {
    static BIG: OnceLock<(Log, PathBuf)> = OnceLock::new();
    BIG.get_or_init(|| {
        let log = Log::new(Suite::International, SIZE, u64::MAX);
        let folder = folder("big");
        log.publish(&folder, 0, SIZE);
        (log, folder)
    })
}

/// What a spoiled copy is said to be.
fn spoiled(name: &str, spoil: impl FnOnce(&Path)) -> Error {
    let (log, good) = big();
    let folder = folder(name);
    copy(good, &folder);
    spoil(&folder);
    check(&Source::of_folder(&folder), log).unwrap_err()
}

const KINDS: [&str; 8] = [
    "tile/0/000",
    "tile/0/256",
    "tile/0/257.p/44",
    "tile/1/000",
    "tile/1/001.p/1",
    "tile/2/000.p/1",
    "tile/entries/128",
    "tile/entries/257.p/44",
];

fn flip(path: &Path, at: usize) {
    let mut bytes = std::fs::read(path).unwrap();
    let at = at % bytes.len();
    bytes[at] ^= 1 << (at % 8);
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn a_flipped_bit_in_every_kind_of_file() {
    let (log, good) = big();
    assert_eq!(check(&Source::of_folder(good), log).unwrap().counts.leaves(), SIZE);
    let copied = folder("flipped");
    copy(good, &copied);
    for kind in KINDS {
        for at in [0, 1, 31, 40, 1_000, 8_191] {
            let path = copied.join(kind);
            let bytes = std::fs::read(&path).unwrap();
            flip(&path, at);
            let error = check(&Source::of_folder(&copied), log).unwrap_err();
            assert!(matches!(error, Error::Fault(_)), "{kind} {at}: {error:?}");
            assert!(error.to_string().contains(kind), "{kind} {at}: {error}");
            std::fs::write(&path, bytes).unwrap();
        }
    }
    let length = std::fs::read(copied.join("checkpoint")).unwrap().len();
    for at in 0..length {
        let path = copied.join("checkpoint");
        let bytes = std::fs::read(&path).unwrap();
        flip(&path, at);
        let error = check(&Source::of_folder(&copied), log).unwrap_err();
        assert!(matches!(error, Error::Fault(Fault::Checkpoint(_))), "byte {at}: {error:?}");
        std::fs::write(&path, bytes).unwrap();
    }
}

#[test]
fn the_entry_is_named() {
    let (log, good) = big();
    let bytes = std::fs::read(good.join("tile/entries/128")).unwrap();
    let mut start = 0;
    for entry in 128 * 256..128 * 256 + 5_u64 {
        let length = usize::from(u16::from_be_bytes([bytes[start], bytes[start + 1]]));
        let error = spoiled("entry", |folder| flip(&folder.join("tile/entries/128"), start + 2));
        assert!(
            matches!(&error, Error::Fault(Fault::Entry { entry: named, .. }) if *named == entry),
            "{error}"
        );
        start += 2 + length;
    }
    assert_eq!(log.head(SIZE).size, SIZE);
}

#[test]
fn the_first_fault_is_named() {
    let error = spoiled("first", |folder| {
        for index in [3, 70, 130, 200, 255] {
            flip(&folder.join(format!("tile/entries/{index:03}")), 5);
        }
    });
    assert_eq!(error.to_string(), "entry 768 is not the one in the tree, in: tile/entries/003");
}

#[test]
fn a_missing_file_of_every_kind() {
    for kind in KINDS {
        let error = spoiled("missing", |folder| std::fs::remove_file(folder.join(kind)).unwrap());
        let Error::Fault(Fault::Missing { file }) = error else { panic!("{kind}: {error:?}") };
        assert_eq!(file, kind);
    }
}

#[test]
fn files_of_wrong_length() {
    for kind in KINDS {
        let change = |bytes: fn(Vec<u8>) -> Vec<u8>| {
            spoiled("length", |folder| {
                let path = folder.join(kind);
                std::fs::write(&path, bytes(std::fs::read(&path).unwrap())).unwrap();
            })
        };
        let shorter = change(|bytes| bytes[..bytes.len() - 1].to_vec());
        let longer = change(|bytes| [bytes, vec![0; 32]].concat());
        let empty = change(|_| Vec::new());
        let endless = change(|_| vec![0; 17_000_000]);
        for error in [shorter, longer, empty, endless] {
            let is_named = matches!(&error, Error::Fault(Fault::Shape { file, .. } | Fault::TooLong { file, .. }) if file == kind);
            assert!(is_named, "{kind}: {error:?}");
        }
    }
}

#[test]
fn a_wrong_key_or_origin() {
    let (log, good) = big();
    let source = Source::of_folder(good);
    let other = SignerKey::from_seed(ORIGIN, KeyKind::Ed25519, &[8; 32]).unwrap();
    let told = |key: &str, origin| {
        let watched = anning_witness::watched(key, origin).unwrap();
        verify(&source, &watched, None, TWO, &|_| {}).unwrap_err()
    };
    let unknown = told(&other.verifier().to_string(), None);
    let nobody = Fault::Checkpoint(CheckpointError::Note(NoteError::NobodyKnown));
    assert!(matches!(&unknown, Error::Fault(fault) if *fault == nobody), "{unknown:?}");
    let origin = told(&log.vkey(), Some("example.org/other"));
    assert!(matches!(origin, Error::Fault(Fault::Checkpoint(CheckpointError::Origin { .. }))), "{origin:?}");
    let witness = SignerKey::from_seed("w", KeyKind::Ed25519Cosignature, &[8; 32]).unwrap();
    assert!(anning_witness::watched(&witness.verifier().to_string(), None).is_err(), "a witness's key");
}

#[test]
fn a_checkpoint_ahead_of_its_tiles() {
    let log = Log::new(Suite::International, 700, u64::MAX);
    for (size, missing) in [(301, "tile/0/001.p/45"), (600, "tile/0/002.p/88"), (512, "tile/1/000.p/2")] {
        let folder = folder("ahead");
        log.publish(&folder, 0, 300);
        std::fs::write(folder.join("checkpoint"), log.note(size)).unwrap();
        let error = check(&Source::of_folder(&folder), &log).unwrap_err();
        let is_missing = matches!(&error, Error::Fault(Fault::Missing { file }) if file == missing);
        assert!(is_missing, "{size}: {error}");
    }
}

type Expected = fn(&LeafFault) -> bool;

#[test]
fn leaves_that_are_none() {
    let act = [&[1][..], &[9; 32]].concat();
    let long = [&[1][..], &[9; 33]].concat();
    let cases: [(&[u8], Expected); 9] = [
        (b"", |why| *why == LeafFault::Empty),
        (b"\x00", |why| *why == LeafFault::Kind(0)),
        (b"\x05abc", |why| *why == LeafFault::Kind(5)),
        (&act[..32], |why| *why == LeafFault::Act { bytes: 31 }),
        (&long, |why| *why == LeafFault::Act { bytes: 33 }),
        (b"\x02\xa0", |why| matches!(why, LeafFault::Sheet(_))),
        (b"\x03\xa0", |why| *why == LeafFault::Batch),
        (b"\x04\xa0", |why| matches!(why, LeafFault::Deed(_))),
        (b"\x04", |why| matches!(why, LeafFault::Deed(_))),
    ];
    for (leaf, expected) in cases {
        let mut entries = vec![act.clone(); 300];
        entries[260] = leaf.to_vec();
        let log = Log::of(Suite::International, entries);
        let folder = folder("leaves");
        log.publish(&folder, 0, 300);
        let error = check(&Source::of_folder(&folder), &log).unwrap_err();
        let Error::Fault(Fault::Leaf { file, entry, why }) = &error else { panic!("{error:?}") };
        assert_eq!((file.as_str(), *entry), ("tile/entries/001.p/44", 260));
        assert!(expected(why), "{leaf:?}: {why:?}");
    }
}

/// An outage is never taken for a fault of the log, nor the other way round.
#[test]
fn servers_that_fail() {
    let log = Log::new(Suite::International, 700, u64::MAX);
    let folder = folder("servers");
    log.publish(&folder, 0, 700);
    for place in ["/checkpoint", "/tile/0/001", "/tile/0/002.p/188", "/tile/1/000.p/2", "/tile/entries/001"] {
        for way in [
            Way::Truncated,
            Way::Short,
            Way::Garbage,
            Way::Endless,
            Way::EndlessHeader,
            Way::Status(302),
            Way::Status(404),
            Way::Status(500),
            Way::Away,
        ] {
            let server = Server::start(&folder, move |path| if path == place { way } else { Way::Good });
            let error = check(&Source::open(&server.address(), PATIENCE).unwrap(), &log).unwrap_err();
            let is_right = match way {
                Way::Truncated | Way::Garbage | Way::EndlessHeader | Way::Away => {
                    matches!(error, Error::Unavailable { source: SourceError::Network(_), .. })
                }
                Way::Status(404) if place == "/checkpoint" => {
                    matches!(error, Error::Unavailable { source: SourceError::Missing, .. })
                }
                Way::Status(404) => matches!(error, Error::Fault(Fault::Missing { .. })),
                Way::Status(_) => {
                    matches!(error, Error::Unavailable { source: SourceError::Status { .. }, .. })
                }
                Way::Short if place == "/checkpoint" => matches!(error, Error::Fault(Fault::Checkpoint(_))),
                Way::Short => matches!(error, Error::Fault(Fault::Shape { .. })),
                Way::Endless => matches!(error, Error::Fault(Fault::TooLong { .. })),
                Way::Good => false,
            };
            assert!(is_right, "{place} {way:?}: {error:?}");
            assert!(
                error.to_string().contains(place.trim_start_matches('/')) || way == Way::Short,
                "{error}"
            );
        }
    }
    assert_eq!(files(&folder).len(), 8);
}

#[test]
fn nobody_listens() {
    let error = check(&Source::open("http://127.0.0.1:1", PATIENCE).unwrap(), &big().0).unwrap_err();
    assert!(matches!(error, Error::Unavailable { source: SourceError::Network(_), .. }), "{error:?}");
}
