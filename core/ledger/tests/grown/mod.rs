//! A log grown leaf by leaf, as its owner grows it, with the files it would publish.

use anning_ledger::{Frontier, Hash, Head, NoNode, Nodes, Shelf, Suite, Tile};
use anning_ledger::{changed_tiles, leaf_hash, push_entry};
use std::collections::BTreeMap;

/// Everything of it in memory.
pub struct Grown {
    pub entries: Vec<Vec<u8>>,
    pub edge: Frontier,
    levels: Vec<Vec<Hash>>,
}

impl Grown {
    /// Entries of all short lengths, the empty one too.
    pub fn new(suite: Suite, size: u64) -> Self {
        let (mut levels, mut edge) = (vec![Vec::new()], Frontier::new(suite));
        let entries: Vec<Vec<u8>> = (0..size).map(entry).collect();
        for entry in &entries {
            edge.append(leaf_hash(suite, entry), |level, index, hash| {
                let level = usize::try_from(level).unwrap();
                levels.resize(levels.len().max(level + 1), Vec::new());
                assert_eq!(levels[level].len(), usize::try_from(index).unwrap(), "nodes are told in order");
                levels[level].push(hash);
            });
        }
        Self { entries, edge, levels }
    }

    pub fn head(&self) -> Head {
        Head { size: self.edge.size(), root: self.edge.root() }
    }

    /// What is in a tile of this log.
    pub fn tile(&self, tile: &Tile) -> Vec<u8> {
        let mut bytes = Vec::new();
        for n in (0..u64::from(tile.width)).map(|nth| tile.index * 256 + nth) {
            match tile.shelf {
                Shelf::Hashes { level } => bytes.extend(self.node(8 * u32::from(level), n).unwrap()),
                Shelf::Entries => push_entry(&mut bytes, &self.entries[usize::try_from(n).unwrap()]).unwrap(),
            }
        }
        bytes
    }

    /// Path and bytes of every file but the checkpoint.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        changed_tiles(0, self.edge.size()).map(|tile| (tile.path(), self.tile(&tile))).collect()
    }
}

impl Nodes for Grown {
    type Error = NoNode;

    fn node(&self, level: u32, index: u64) -> Result<Hash, NoNode> {
        let nodes = self.levels.get(usize::try_from(level).unwrap());
        let hash = nodes.and_then(|nodes| nodes.get(usize::try_from(index).unwrap()));
        hash.copied().ok_or(NoNode { level, index })
    }
}

/// The entry at a place.
pub fn entry(n: u64) -> Vec<u8> {
    n.to_string().into_bytes().repeat(usize::try_from(n % 5).unwrap())
}
