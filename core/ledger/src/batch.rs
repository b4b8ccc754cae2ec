//! A small tree held whole: the decisions of a batch, the hashes of a tile.

use crate::proof::Nodes;
use crate::suite::{Hash, Suite};
use crate::tree::{empty_root, node_hash};

/// A tree over leaf hashes with every node kept.
///
/// ```
/// use anning_ledger::{Batch, Suite, leaf_hash, verify_inclusion};
/// let suite = Suite::International;
/// let leaves: Vec<_> = [b"a", b"b", b"c"].iter().map(|leaf| leaf_hash(suite, *leaf)).collect();
/// let batch = Batch::new(suite, leaves.clone());
/// let path = batch.path(2).unwrap();
/// assert!(verify_inclusion(suite, &leaves[2], 2, 3, &path, &batch.root()).is_ok());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Leaves first. Where a level has an odd node at its end, the level above holds it unchanged.
    levels: Vec<Vec<Hash>>,
    root: Hash,
}

/// A node that a tree does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoNode {
    /// Level, leaves at 0.
    pub level: u32,
    /// Index in its level.
    pub index: u64,
}

impl std::fmt::Display for NoNode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the tree has no such node, level {}, index: {}", self.level, self.index)
    }
}

impl std::error::Error for NoNode {}

impl Batch {
    /// The tree over these leaf hashes.
    #[must_use]
    pub fn new(suite: Suite, leaves: Vec<Hash>) -> Self {
        let mut levels = vec![leaves];
        while let Some(below) = levels.last().filter(|level| level.len() > 1) {
            levels.push(below.chunks(2).filter_map(|pair| parent(suite, pair)).collect());
        }
        let root = levels.last().and_then(|top| top.first()).copied();
        Self { levels, root: root.unwrap_or_else(|| empty_root(suite)) }
    }

    /// Its root.
    #[must_use]
    pub const fn root(&self) -> Hash {
        self.root
    }

    /// Its leaf hashes.
    #[must_use]
    pub fn leaves(&self) -> &[Hash] {
        self.levels.first().map_or(&[], Vec::as_slice)
    }

    /// The inclusion proof of a leaf, if it is one.
    #[must_use]
    pub fn path(&self, index: usize) -> Option<Vec<Hash>> {
        self.leaves().get(index)?;
        let sibling = |(level, hashes): (usize, &Vec<Hash>)| hashes.get((index >> level) ^ 1).copied();
        Some(self.levels.iter().enumerate().filter_map(sibling).collect())
    }
}

impl Nodes for Batch {
    type Error = NoNode;

    fn node(&self, level: u32, index: u64) -> Result<Hash, NoNode> {
        let found = || {
            let (at, nth) = (usize::try_from(level).ok()?, usize::try_from(index).ok()?);
            // The odd node at an end stands for fewer leaves than its level says.
            let whole = self.leaves().len().checked_shr(level)?;
            self.levels.get(at)?.get(nth).filter(|_| nth < whole)
        };
        found().copied().ok_or(NoNode { level, index })
    }
}

fn parent(suite: Suite, pair: &[Hash]) -> Option<Hash> {
    match pair {
        [left, right] => Some(node_hash(suite, left, right)),
        [odd] => Some(*odd),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Batch, NoNode};
    use crate::proof::Nodes as _;
    use crate::reference;
    use crate::suite::Suite;

    #[test]
    fn agrees_with_the_reference() {
        for suite in [Suite::International, Suite::Gm] {
            for count in 0..70 {
                let leaves = reference::leaves(suite, count);
                let batch = Batch::new(suite, leaves.clone());
                assert_eq!(batch.root(), reference::root_of(suite, &leaves), "{count} leaves");
                for index in 0..count {
                    assert_eq!(batch.path(index), Some(reference::path(suite, index, &leaves)));
                }
                assert_eq!(batch.path(count), None);
            }
        }
    }

    #[test]
    fn only_complete_nodes_are_told() {
        let batch = Batch::new(Suite::International, reference::leaves(Suite::International, 5));
        assert!(batch.node(0, 4).is_ok() && batch.node(1, 1).is_ok() && batch.node(2, 0).is_ok());
        for (level, index) in [(0, 5), (1, 2), (2, 1), (3, 0), (64, 0)] {
            assert_eq!(batch.node(level, index), Err(NoNode { level, index }));
        }
    }
}
