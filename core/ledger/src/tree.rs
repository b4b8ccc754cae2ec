//! The tree of RFC 6962, by suite: hashes of leaves and nodes, and the right edge that grows.

use crate::suite::{Hash, Suite};

/// Hash of a leaf: its bytes after one byte 0x00.
#[must_use]
pub fn leaf_hash(suite: Suite, leaf: &[u8]) -> Hash {
    suite.digest(&[&[LEAF], leaf])
}

/// Hash of a node: its two children after one byte 0x01.
#[must_use]
pub fn node_hash(suite: Suite, left: &Hash, right: &Hash) -> Hash {
    // One piece of 65 bytes: three would cost a tenth of the time in bookkeeping.
    let mut bytes = [NODE; 65];
    let (head, tail) = bytes.split_at_mut(33);
    head.iter_mut().skip(1).zip(left).for_each(|(to, from)| *to = *from);
    tail.copy_from_slice(right);
    suite.digest(&[&bytes])
}

/// Root of the tree without leaves: the hash of nothing.
#[must_use]
pub fn empty_root(suite: Suite) -> Hash {
    suite.digest(&[])
}

/// The right edge of a tree: the roots of its complete subtrees, largest first. Enough to append and to tell the root.
///
/// ```
/// use anning_ledger::{Frontier, Suite, leaf_hash};
/// let mut edge = Frontier::new(Suite::International);
/// let first = leaf_hash(Suite::International, b"first");
/// edge.append(first, |level, index, hash| assert_eq!((level, index, hash), (0, 0, first)));
/// assert_eq!((edge.size(), edge.root()), (1, first));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frontier {
    suite: Suite,
    size: u64,
    /// As many as `size` has bits set.
    roots: Vec<Hash>,
}

impl Frontier {
    /// That of the empty tree.
    #[must_use]
    pub const fn new(suite: Suite) -> Self {
        Self { suite, size: 0, roots: Vec::new() }
    }

    /// The edge with these subtree roots, largest first; none if there are not as many as the size has bits.
    #[must_use]
    pub fn from_roots(suite: Suite, size: u64, roots: Vec<Hash>) -> Option<Self> {
        let count = usize::try_from(size.count_ones()).ok()?;
        (roots.len() == count).then_some(Self { suite, size, roots })
    }

    /// Number of leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The suite it hashes with.
    #[must_use]
    pub const fn suite(&self) -> Suite {
        self.suite
    }

    /// Adds a leaf hash and tells every node that is complete with it, the leaf first: level, index in the level, hash.
    pub fn append(&mut self, leaf: Hash, mut complete: impl FnMut(u32, u64, Hash)) {
        complete(0, self.size, leaf);
        let (mut hash, mut level) = (leaf, 0);
        while level < self.size.trailing_ones() {
            let Some(left) = self.roots.pop() else { break };
            hash = node_hash(self.suite, &left, &hash);
            level += 1;
            complete(level, self.size >> level, hash);
        }
        self.roots.push(hash);
        self.size += 1;
    }

    /// Root of the whole tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        joined(self.suite, &self.roots).unwrap_or_else(|| empty_root(self.suite))
    }

    /// Eight bytes of size, big-endian, then the subtree roots, largest first.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        bytes.extend(self.roots.iter().flatten());
        bytes
    }

    /// Reads what [`Frontier::to_bytes`] wrote; none if it is of another length than its size asks for.
    #[must_use]
    pub fn from_bytes(suite: Suite, bytes: &[u8]) -> Option<Self> {
        let (size, rest) = bytes.split_first_chunk::<8>()?;
        let (roots, odd) = rest.as_chunks::<32>();
        if !odd.is_empty() {
            return None;
        }
        Self::from_roots(suite, u64::from_be_bytes(*size), roots.to_vec())
    }
}

/// Root over neighbouring subtrees, largest first, as the right edge joins them; none of none.
#[must_use]
pub(crate) fn joined(suite: Suite, roots: &[Hash]) -> Option<Hash> {
    let (last, rest) = roots.split_last()?;
    Some(rest.iter().rfold(*last, |right, left| node_hash(suite, left, &right)))
}

const LEAF: u8 = 0x00;
const NODE: u8 = 0x01;

#[cfg(test)]
mod tests {
    use super::{Frontier, empty_root, leaf_hash, node_hash};
    use crate::reference;
    use crate::suite::Suite;

    fn hex(hash: &[u8]) -> String {
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn known_answers() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(hex(&empty_root(Suite::International)), empty);
        let zero = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
        assert_eq!(
            hex(&leaf_hash(Suite::International, b"")),
            zero,
            "the first leaf of RFC 6962's test tree"
        );
        let sm3 = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
        assert_eq!(hex(&Suite::Gm.digest(&[b"a", b"bc"])), sm3, "GB/T 32905, first example");
        assert_eq!(hex(&empty_root(Suite::Gm)), hex(&Suite::Gm.digest(&[b""])));
    }

    #[test]
    fn the_edge_agrees_with_the_reference() {
        for suite in [Suite::International, Suite::Gm] {
            let leaves = reference::leaves(suite, 300);
            let mut edge = Frontier::new(suite);
            let mut told = Vec::new();
            for (size, leaf) in leaves.iter().enumerate() {
                assert_eq!(edge.root(), reference::root_of(suite, &leaves[..size]), "size {size}");
                assert_eq!(Frontier::from_bytes(suite, &edge.to_bytes()), Some(edge.clone()));
                edge.append(*leaf, |level, index, hash| told.push((level, index, hash)));
            }
            // Each complete node once, each with the hash of its leaves.
            assert_eq!(told.len(), (0..9).map(|level| 300 >> level).sum::<usize>());
            for (level, index, hash) in told {
                let (from, count) = (usize::try_from(index).unwrap() << level, 1 << level);
                assert_eq!(hash, reference::root_of(suite, &leaves[from..from + count]));
            }
        }
    }

    #[test]
    fn a_damaged_edge_is_refused() {
        let suite = Suite::International;
        let mut edge = Frontier::new(suite);
        reference::leaves(suite, 7).into_iter().for_each(|leaf| edge.append(leaf, |_, _, _| {}));
        let bytes = edge.to_bytes();
        assert_eq!(bytes.len(), 8 + 3 * 32);
        for length in 0..bytes.len() {
            assert_eq!(Frontier::from_bytes(suite, &bytes[..length]), None, "cut at {length}");
        }
        let mut other = bytes.clone();
        other[7] = 3;
        assert_eq!(Frontier::from_bytes(suite, &other), None, "a size with two bits");
    }

    #[test]
    fn sides_and_kinds_matter() {
        let suite = Suite::International;
        let [a, b] = [leaf_hash(suite, b"a"), leaf_hash(suite, b"b")];
        assert_ne!(node_hash(suite, &a, &b), node_hash(suite, &b, &a));
        let pair = [a, b].concat();
        assert_ne!(node_hash(suite, &a, &b), leaf_hash(suite, &pair), "no leaf passes for a node");
    }
}
