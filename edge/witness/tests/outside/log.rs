//! A log made with `anning_ledger` alone, written to a folder at any size.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anning_ledger::{
    Batch, BatchLeaf, Checkpoint, Deed, DeedKind, Head, KeyKind, Nodes as _, Shelf, SignerKey, Suite, Tile,
    Watched, changed_tiles, edge_root, leaf_hash, push_entry, sheet,
};
use anning_vocab::{Covers, Terms, Timestamp};

pub const ORIGIN: &str = "example.org/log";
pub const SUITES: [Suite; 2] = [Suite::International, Suite::Gm];

pub struct Log {
    pub suite: Suite,
    key: SignerKey,
    entries: Vec<Vec<u8>>,
    tree: Batch,
}

/// A folder of this test, empty.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

pub fn number(n: u64) -> usize {
    usize::try_from(n).unwrap()
}

impl Log {
    /// Entries of every kind. From `fork` on they are other ones.
    pub fn new(suite: Suite, size: u64, fork: u64) -> Self {
        let entries: Vec<Vec<u8>> = (0..size).map(|n| leaf(suite, n, n >= fork)).collect();
        Self::of(suite, entries)
    }

    pub fn of(suite: Suite, entries: Vec<Vec<u8>>) -> Self {
        let tree = Batch::new(suite, entries.iter().map(|entry| leaf_hash(suite, entry)).collect());
        let key = SignerKey::from_seed(ORIGIN, KeyKind::of(suite, false), &[7; 32]).unwrap();
        Self { suite, key, entries, tree }
    }

    pub fn vkey(&self) -> String {
        self.key.verifier().to_string()
    }

    pub fn watched(&self) -> Watched {
        anning_witness::watched(&self.vkey(), None).unwrap()
    }

    pub fn head(&self, size: u64) -> Head {
        Head { size, root: edge_root(self.suite, 0, size, &self.tree).unwrap() }
    }

    pub fn note(&self, size: u64) -> String {
        let head = self.head(size);
        Checkpoint::new(ORIGIN, head.size, head.root).unwrap().sign(&self.key).unwrap().to_string()
    }

    pub fn tile(&self, tile: &Tile) -> Vec<u8> {
        let mut bytes = Vec::new();
        for n in (0..u64::from(tile.width)).map(|nth| tile.index * 256 + nth) {
            match tile.shelf {
                Shelf::Hashes { level } => bytes.extend(self.tree.node(8 * u32::from(level), n).unwrap()),
                Shelf::Entries => push_entry(&mut bytes, &self.entries[number(n)]).unwrap(),
            }
        }
        bytes
    }

    /// Publishes what a log of `to` entries has beyond one of `from`.
    pub fn publish(&self, folder: &Path, from: u64, to: u64) {
        for tile in changed_tiles(from, to) {
            let path = folder.join(tile.path());
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, self.tile(&tile)).unwrap();
        }
        std::fs::write(folder.join("checkpoint"), self.note(to)).unwrap();
    }
}

fn leaf(suite: Suite, n: u64, other: bool) -> Vec<u8> {
    let at = Timestamp::from_millis(1_800_000_000_000 + i64::try_from(n).unwrap());
    let deed = |kind| [&[4][..], &Deed { kind, at, subjects: [0; 32] }.encode()].concat();
    match n {
        _ if other => [&[1][..], &suite.digest(&[b"another history", &n.to_be_bytes()])].concat(),
        0 => deed(DeedKind::Made { origin: ORIGIN.to_owned(), suite: suite.code().to_owned() }),
        _ if n % 50 == 1 => {
            let terms =
                Terms { days: Some(u32::try_from(n % 365).unwrap()), ..Terms::silent(Covers::Receive) };
            [&[2][..], &sheet::encode(&terms, &|_, _| None).unwrap()].concat()
        }
        _ if n % 10 == 2 => BatchLeaf { root: suite.digest(&[&n.to_be_bytes()]), count: 3 }.to_bytes(),
        _ if n % 97 == 3 => deed(DeedKind::Erased),
        _ => [&[1][..], &suite.digest(&[&n.to_be_bytes()])].concat(),
    }
}

/// Every file below a folder with its bytes, by its path there.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, into: &mut BTreeMap<String, Vec<u8>>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, into);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                into.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    let mut files = BTreeMap::new();
    walk(folder, folder, &mut files);
    files
}

pub fn copy(from: &Path, to: &Path) {
    for (name, bytes) in files(from) {
        let path = to.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}
