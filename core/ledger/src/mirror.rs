//! A log read from its tiles, wherever they come from: nothing is believed that does not hash up to the root.

use crate::batch::{Batch, NoNode};
use crate::proof::{Head, Nodes, edge_root};
use crate::suite::{Hash, Suite};
use crate::tile::{LEVELS, Shelf, Tile, TileError, WIDTH, width};
use crate::tree::leaf_hash;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A log of known size and root over a function that fetches tiles.
///
/// Opening it checks the right edge against the root; every further tile is checked against the tile above it.
pub struct Mirror<F> {
    suite: Suite,
    head: Head,
    fetch: F,
    edge: Tiles,
    /// Full tiles already checked, so that a second proof from the same place costs no fetch.
    known: RefCell<Tiles>,
}

/// Tiles of hashes by level and index, each with its own small tree.
type Tiles = BTreeMap<(u8, u64), Rc<Batch>>;

/// Why a mirror can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MirrorError<E> {
    /// The tile could not be fetched.
    Fetch {
        /// Which.
        tile: Tile,
        /// Why.
        source: E,
    },
    /// What was fetched is no such tile.
    Shape {
        /// Which.
        tile: Tile,
        /// Why.
        source: TileError,
    },
    /// The tile is not the one in this tree.
    Lie {
        /// Which.
        tile: Tile,
    },
    /// The tiles at the right edge do not make up the root.
    Root,
    /// A node or an entry that a tree of this size does not have.
    NoNode(NoNode),
}

impl<E: std::fmt::Display> std::fmt::Display for MirrorError<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Fetch { tile, source } => write!(f, "can't fetch ({source}): {}", tile.path()),
            Self::Shape { tile, source } => write!(f, "{source}: {}", tile.path()),
            Self::Lie { tile } => write!(f, "a tile that is not in this tree: {}", tile.path()),
            Self::Root => f.write_str("the tiles at the right edge do not make up the root"),
            Self::NoNode(none) => none.fmt(f),
        }
    }
}

impl<E: std::fmt::Debug + std::fmt::Display> std::error::Error for MirrorError<E> {}

impl<E, F: Fn(&Tile) -> Result<Vec<u8>, E>> Mirror<F> {
    /// Fetches the partial tiles at the right edge, eight at most, and checks that they make up the root.
    ///
    /// Where a partial tile is gone because the full one is there, `fetch` hands over the beginning of that.
    ///
    /// # Errors
    /// When a tile can't be fetched or read, or they lead to another root.
    pub fn open(suite: Suite, head: Head, fetch: F) -> Result<Self, MirrorError<E>> {
        let mut mirror = Self { suite, head, fetch, edge: Tiles::new(), known: RefCell::default() };
        for level in 0..LEVELS {
            let count = head.size >> (8 * u32::from(level));
            let index = count / u64::from(WIDTH);
            let tile = Tile { shelf: Shelf::Hashes { level }, index, width: width(index, count) };
            if tile.width > 0 {
                mirror.edge.insert((level, index), Rc::new(mirror.tile(&tile)?));
            }
        }
        // Every hash of an edge tile is part of this sum, so that afterwards each is as good as the root.
        if edge_root(suite, 0, head.size, &mirror)? == head.root {
            Ok(mirror)
        } else {
            Err(MirrorError::Root)
        }
    }

    /// The tree it was opened at.
    #[must_use]
    pub const fn head(&self) -> Head {
        self.head
    }

    /// The entries of the bundle at `index`, checked against their leaf hashes.
    ///
    /// # Errors
    /// When the bundle is beyond the log, can't be fetched or read, or is not the one in this tree.
    pub fn bundle(&self, index: u64) -> Result<Vec<Vec<u8>>, MirrorError<E>> {
        let tile = Tile { shelf: Shelf::Entries, index, width: width(index, self.head.size) };
        if tile.width == 0 {
            return Err(MirrorError::NoNode(NoNode {
                level: 0,
                index: index.saturating_mul(u64::from(WIDTH)),
            }));
        }
        let bytes = (self.fetch)(&tile).map_err(|source| MirrorError::Fetch { tile, source })?;
        let entries = tile.entries(&bytes).map_err(|source| MirrorError::Shape { tile, source })?;
        let hashes = self.checked(0, index)?;
        let is_leaf = |(entry, hash): (&&[u8], &Hash)| leaf_hash(self.suite, entry) == *hash;
        if entries.len() == hashes.leaves().len() && entries.iter().zip(hashes.leaves()).all(is_leaf) {
            return Ok(entries.into_iter().map(<[u8]>::to_vec).collect());
        }
        Err(MirrorError::Lie { tile })
    }

    /// A tile of hashes of this tree.
    fn checked(&self, level: u8, index: u64) -> Result<Rc<Batch>, MirrorError<E>> {
        let found = self.edge.get(&(level, index)).cloned();
        if let Some(tile) = found.or_else(|| self.known.borrow().get(&(level, index)).cloned()) {
            return Ok(tile);
        }
        let name = Tile { shelf: Shelf::Hashes { level }, index, width: WIDTH };
        let tile = Rc::new(self.tile(&name)?);
        // A tile off the edge is full; its root is a hash in the tile above.
        if self.node(8 * (u32::from(level) + 1), index)? != tile.root() {
            return Err(MirrorError::Lie { tile: name });
        }
        let mut known = self.known.borrow_mut();
        if known.len() >= KNOWN_MAX {
            known.clear();
        }
        known.insert((level, index), Rc::clone(&tile));
        Ok(tile)
    }

    /// A tile of hashes as fetched.
    fn tile(&self, tile: &Tile) -> Result<Batch, MirrorError<E>> {
        let bytes = (self.fetch)(tile).map_err(|source| MirrorError::Fetch { tile: *tile, source })?;
        let hashes = tile.hashes(&bytes).map_err(|source| MirrorError::Shape { tile: *tile, source })?;
        Ok(Batch::new(self.suite, hashes))
    }
}

impl<E, F: Fn(&Tile) -> Result<Vec<u8>, E>> Nodes for Mirror<F> {
    type Error = MirrorError<E>;

    fn node(&self, level: u32, index: u64) -> Result<Hash, MirrorError<E>> {
        let none = MirrorError::NoNode(NoNode { level, index });
        if self.head.size.checked_shr(level).is_none_or(|complete| index >= complete) {
            return Err(none);
        }
        let (row, inner) = (u8::try_from(level / 8).unwrap_or(LEVELS), level % 8);
        let first = index << inner;
        let tile = self.checked(row, first / u64::from(WIDTH))?;
        tile.node(inner, (first % u64::from(WIDTH)) >> inner).map_err(|_| none)
    }
}

/// Each holds 511 hashes: 16 MiB.
const KNOWN_MAX: usize = 1_024;

#[cfg(test)]
mod tests {
    use super::{Mirror, MirrorError};
    use crate::batch::{Batch, NoNode};
    use crate::proof::{Head, Nodes as _, consistency_proof, inclusion_proof, verify_inclusion};
    use crate::suite::{Hash, Suite};
    use crate::tile::{Shelf, Tile, changed_tiles, push_entry};
    use crate::tree::leaf_hash;
    use proptest::prelude::{any, prop, prop_assert};
    use std::cell::Cell;
    use std::collections::BTreeMap;

    const SUITE: Suite = Suite::International;

    type Opened<F> = Result<Mirror<F>, MirrorError<String>>;

    struct Log {
        entries: Vec<Vec<u8>>,
        tree: Batch,
        files: BTreeMap<String, Vec<u8>>,
    }

    fn number(n: usize) -> u64 {
        u64::try_from(n).unwrap()
    }

    fn log(size: usize) -> Log {
        let entries: Vec<Vec<u8>> = (0..size).map(|n| format!("entry {n}").into_bytes()).collect();
        let tree = Batch::new(SUITE, entries.iter().map(|entry| leaf_hash(SUITE, entry)).collect());
        let content = |tile: &Tile| {
            let numbers = (0..u64::from(tile.width)).map(|nth| tile.index * 256 + nth);
            let mut bytes = Vec::new();
            for n in numbers {
                match tile.shelf {
                    Shelf::Hashes { level } => bytes.extend(tree.node(8 * u32::from(level), n).unwrap()),
                    Shelf::Entries => push_entry(&mut bytes, &entries[usize::try_from(n).unwrap()]).unwrap(),
                }
            }
            (tile.path(), bytes)
        };
        let files = changed_tiles(0, number(size)).map(|tile| content(&tile)).collect();
        Log { entries, tree, files }
    }

    impl Log {
        fn head(&self) -> Head {
            Head { size: number(self.entries.len()), root: self.tree.root() }
        }

        fn open(&self) -> Opened<impl Fn(&Tile) -> Result<Vec<u8>, String>> {
            let fetch = |tile: &Tile| self.files.get(&tile.path()).cloned().ok_or_else(|| tile.path());
            Mirror::open(SUITE, self.head(), fetch)
        }
    }

    #[test]
    fn proofs_come_out_of_tiles() {
        for size in [1, 2, 255, 256, 257, 700, 65_536, 66_000] {
            let log = log(size);
            let mirror = log.open().unwrap();
            for index in (0..size).step_by(1 + size / 61).chain([size - 1]) {
                let proof = inclusion_proof(SUITE, number(index), number(size), &mirror).unwrap();
                assert_eq!(proof, log.tree.path(index).unwrap(), "{index} of {size}");
                let leaf = leaf_hash(SUITE, &log.entries[index]);
                verify_inclusion(SUITE, &leaf, number(index), number(size), &proof, &log.tree.root())
                    .unwrap();
                let old = consistency_proof(SUITE, number(index), number(size), &mirror).unwrap();
                assert_eq!(old, consistency_proof(SUITE, number(index), number(size), &log.tree).unwrap());
            }
            let bundles = size.div_ceil(256);
            let read: Vec<Vec<u8>> = (0..bundles).flat_map(|n| mirror.bundle(number(n)).unwrap()).collect();
            assert_eq!(read, log.entries);
            let beyond = NoNode { level: 0, index: number(bundles) * 256 };
            assert_eq!(mirror.bundle(number(bundles)), Err(MirrorError::NoNode(beyond)));
            assert!(mirror.node(0, number(size)).is_err() && mirror.node(70, 0).is_err());
        }
    }

    #[test]
    fn a_tile_is_fetched_once() {
        let log = log(66_000);
        let fetched = Cell::new(0);
        let fetch = |tile: &Tile| {
            fetched.set(fetched.get() + 1);
            log.files.get(&tile.path()).cloned().ok_or(())
        };
        let mirror = Mirror::open(SUITE, log.head(), fetch).unwrap();
        assert_eq!(fetched.get(), 3, "the right edge of each level");
        inclusion_proof(SUITE, 0, 66_000, &mirror).unwrap();
        assert_eq!(fetched.get(), 5, "its leaf tile and the one above");
        inclusion_proof(SUITE, 255, 66_000, &mirror).unwrap();
        assert_eq!(fetched.get(), 5);
    }

    #[test]
    fn the_empty_log() {
        let log = log(0);
        let mirror = log.open().unwrap();
        assert!(mirror.bundle(0).is_err() && mirror.node(0, 0).is_err());
        let odd = Head { size: 0, root: [1; 32] };
        let opened = Mirror::open(SUITE, odd, |_: &Tile| Err::<Vec<u8>, ()>(()));
        assert!(matches!(opened, Err(MirrorError::Root)));
    }

    /// Reads everything a mirror has; fails at the first lie.
    fn read_all(log: &Log) -> Result<(), MirrorError<String>> {
        let mirror = log.open()?;
        let bundles = log.entries.len().div_ceil(256);
        (0..bundles).try_for_each(|n| mirror.bundle(number(n)).map(drop))
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn one_bit_in_any_file_is_caught(
            size in 1_usize..1_500, file in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(),
            bit in 0_u8..8,
        ) {
            let mut log = log(size);
            prop_assert!(read_all(&log).is_ok());
            let at = file.index(log.files.len());
            let bytes = log.files.values_mut().nth(at).unwrap();
            let byte = place.index(bytes.len());
            bytes[byte] ^= 1 << bit;
            prop_assert!(read_all(&log).is_err());
            let bytes = log.files.values_mut().nth(at).unwrap();
            bytes[byte] ^= 1 << bit;
            bytes.pop();
            prop_assert!(read_all(&log).is_err(), "a byte short");
        }
    }

    #[test]
    fn another_logs_tile_is_caught() {
        let mut log = log(1_000);
        let swapped: Hash = leaf_hash(SUITE, b"entry of another log");
        let tile = log.files.get_mut("tile/0/001").unwrap();
        tile[..32].copy_from_slice(&swapped);
        let lie = Tile { shelf: Shelf::Hashes { level: 0 }, index: 1, width: 256 };
        assert_eq!(read_all(&log), Err(MirrorError::Lie { tile: lie }));
        let message = "a tile that is not in this tree: tile/0/001";
        assert_eq!(MirrorError::<String>::Lie { tile: lie }.to_string(), message);
    }
}
