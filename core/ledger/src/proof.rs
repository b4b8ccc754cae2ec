//! Proofs over the tree, made from its complete nodes and checked without it.

use crate::suite::{Hash, Suite};
use crate::tree::{empty_root, joined, node_hash};

/// Something that knows the complete nodes of a tree.
pub trait Nodes {
    /// Why a node could not be had.
    type Error;

    /// Hash over the leaves `index << level ..` of which there are `1 << level`.
    ///
    /// # Errors
    /// When it is not known or not complete.
    fn node(&self, level: u32, index: u64) -> Result<Hash, Self::Error>;
}

/// Why a proof can't be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unprovable<E> {
    /// The leaf, or the older tree, lies beyond the tree.
    Beyond {
        /// Index of the leaf or size of the older tree.
        asked: u64,
        /// Size of the tree.
        size: u64,
    },
    /// A node could not be had.
    Node(E),
}

impl<E: std::fmt::Display> std::fmt::Display for Unprovable<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Beyond { asked, size } => write!(f, "the tree has {size} leaves, asked for: {asked}"),
            Self::Node(error) => error.fmt(f),
        }
    }
}

impl<E: std::fmt::Debug + std::fmt::Display> std::error::Error for Unprovable<E> {}

/// Why a proof proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofError {
    /// The leaf, or the older tree, lies beyond the tree.
    Beyond {
        /// Index of the leaf or size of the older tree.
        asked: u64,
        /// Size of the tree.
        size: u64,
    },
    /// More or fewer hashes than the sizes ask for.
    Length {
        /// How many there are.
        hashes: usize,
    },
    /// It leads to another root, or from another older one.
    Root,
}

impl std::fmt::Display for ProofError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Beyond { asked, size } => write!(f, "the tree has {size} leaves, asked for: {asked}"),
            Self::Length { hashes } => write!(f, "a proof of the wrong length, hashes: {hashes}"),
            Self::Root => f.write_str("the proof leads to another root"),
        }
    }
}

impl std::error::Error for ProofError {}

/// Proof that the leaf at `index` is in the tree of `size` leaves (RFC 6962, 2.1.1), from the leaf upwards.
///
/// # Errors
/// When the leaf is beyond the tree or a node can't be had.
pub fn inclusion_proof<N: Nodes>(
    suite: Suite,
    index: u64,
    size: u64,
    nodes: &N,
) -> Result<Vec<Hash>, Unprovable<N::Error>> {
    if index >= size {
        return Err(Unprovable::Beyond { asked: index, size });
    }
    let mut proof = Vec::new();
    climb(suite, (0, index), size, nodes, &mut proof).map_err(Unprovable::Node)?;
    Ok(proof)
}

/// Proof that the tree of `new` leaves begins with the tree of `old` (RFC 6962, 2.1.2). Empty when `old` is 0 or `new`.
///
/// # Errors
/// When the older tree is the larger, or a node can't be had.
pub fn consistency_proof<N: Nodes>(
    suite: Suite,
    old: u64,
    new: u64,
    nodes: &N,
) -> Result<Vec<Hash>, Unprovable<N::Error>> {
    if old > new {
        return Err(Unprovable::Beyond { asked: old, size: new });
    }
    let mut proof = Vec::new();
    if old == 0 || old == new {
        return Ok(proof);
    }
    // The last complete subtree of the older tree is where both trees still agree.
    let level = old.trailing_zeros();
    let index = (old >> level) - 1;
    if index > 0 {
        proof.push(nodes.node(level, index).map_err(Unprovable::Node)?);
    }
    climb(suite, (level, index), new, nodes, &mut proof).map_err(Unprovable::Node)?;
    Ok(proof)
}

/// Root over the leaves `from..size`, where `from` begins a subtree at least that large.
///
/// # Errors
/// When a node can't be had.
pub fn edge_root<N: Nodes>(suite: Suite, from: u64, size: u64, nodes: &N) -> Result<Hash, N::Error> {
    let mut roots = Vec::new();
    let mut start = from;
    while start < size {
        let level = (size - start).ilog2();
        roots.push(nodes.node(level, start >> level)?);
        start += 1 << level;
    }
    Ok(joined(suite, &roots).unwrap_or_else(|| empty_root(suite)))
}

/// Collects the siblings on the way from a node up to the root.
fn climb<N: Nodes>(
    suite: Suite,
    (mut level, mut index): (u32, u64),
    size: u64,
    nodes: &N,
    proof: &mut Vec<Hash>,
) -> Result<(), N::Error> {
    let mut last = (size - 1) >> level;
    while last > 0 {
        let sibling = index ^ 1;
        if sibling < size >> level {
            proof.push(nodes.node(level, sibling)?);
        } else if sibling == last {
            proof.push(edge_root(suite, sibling << level, size, nodes)?);
        }
        (level, index, last) = (level + 1, index >> 1, last >> 1);
    }
    Ok(())
}

/// Checks that `leaf` (a leaf hash) is the one at `index` in the tree of `size` leaves with this root.
///
/// # Errors
/// What is wrong with the proof.
pub fn verify_inclusion(
    suite: Suite,
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Beyond { asked: index, size });
    }
    let mut way = Way { at: index, last: size - 1 };
    let mut hash = *leaf;
    for sibling in proof {
        hash = match way.step().ok_or(ProofError::Length { hashes: proof.len() })? {
            Side::Left => node_hash(suite, sibling, &hash),
            Side::Right => node_hash(suite, &hash, sibling),
        };
    }
    if way.last != 0 {
        return Err(ProofError::Length { hashes: proof.len() });
    }
    if hash == *root { Ok(()) } else { Err(ProofError::Root) }
}

/// A tree by its size and root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Number of leaves.
    pub size: u64,
    /// Its root.
    pub root: Hash,
}

/// Checks that the tree `new` begins with the tree `old`.
///
/// # Errors
/// What is wrong with the proof. [`ProofError::Root`] without hashes between trees of one size is a fork.
pub fn verify_consistency(suite: Suite, old: &Head, new: &Head, proof: &[Hash]) -> Result<(), ProofError> {
    if old.size > new.size {
        return Err(ProofError::Beyond { asked: old.size, size: new.size });
    }
    let wrong_length = ProofError::Length { hashes: proof.len() };
    if old.size == 0 || old.size == new.size {
        let expected = if old.size == 0 { empty_root(suite) } else { new.root };
        let empty_is_empty = new.size > 0 || new.root == empty_root(suite);
        return match proof {
            [] if old.root == expected && empty_is_empty => Ok(()),
            [] => Err(ProofError::Root),
            [_, ..] => Err(wrong_length),
        };
    }
    let level = old.size.trailing_zeros();
    let mut way = Way { at: (old.size >> level) - 1, last: (new.size - 1) >> level };
    // A complete older tree is its own starting point and not repeated in the proof.
    let (start, siblings) = if way.at == 0 {
        (old.root, proof)
    } else {
        let (first, rest) = proof.split_first().ok_or(wrong_length)?;
        (*first, rest)
    };
    let (mut before, mut after) = (start, start);
    for sibling in siblings {
        match way.step().ok_or(wrong_length)? {
            Side::Left => {
                before = node_hash(suite, sibling, &before);
                after = node_hash(suite, sibling, &after);
            }
            Side::Right => after = node_hash(suite, &after, sibling),
        }
    }
    if way.last != 0 {
        return Err(wrong_length);
    }
    if before == old.root && after == new.root { Ok(()) } else { Err(ProofError::Root) }
}

/// Where a node stands on its way to the root: its index and that of the last node of its level.
struct Way {
    at: u64,
    last: u64,
}

/// On which side the sibling is.
enum Side {
    Left,
    Right,
}

impl Way {
    /// One sibling up, over the levels where there is none; none at the root.
    fn step(&mut self) -> Option<Side> {
        if self.last == 0 {
            return None;
        }
        let side = if self.at & 1 == 1 || self.at == self.last { Side::Left } else { Side::Right };
        if self.at == self.last {
            // An odd node at the end goes up unchanged until it is a right child.
            let alone = self.at.trailing_zeros();
            (self.at, self.last) = (self.at >> alone, self.last >> alone);
        }
        (self.at, self.last) = (self.at >> 1, self.last >> 1);
        Some(side)
    }
}

#[cfg(test)]
mod tests {
    use super::{Head, ProofError, Unprovable, consistency_proof, inclusion_proof};
    use super::{verify_consistency, verify_inclusion};
    use crate::batch::Batch;
    use crate::reference;
    use crate::suite::{Hash, Suite};
    use proptest::prelude::{any, prop, prop_assert, prop_assert_ne};

    const SUITE: Suite = Suite::International;

    fn number(n: usize) -> u64 {
        u64::try_from(n).unwrap()
    }

    fn flip(hash: &mut Hash, bit: usize) {
        hash[bit / 8] ^= 1 << (bit % 8);
    }

    #[test]
    fn every_leaf_of_every_size_is_proved() {
        let leaves = reference::leaves(SUITE, 300);
        let mut proofs = 0;
        for size in 1..=leaves.len() {
            let (now, batch) = (&leaves[..size], Batch::new(SUITE, leaves[..size].to_vec()));
            for (index, leaf) in now.iter().enumerate() {
                let proof = inclusion_proof(SUITE, number(index), number(size), &batch).unwrap();
                if size % 37 == 0 {
                    assert_eq!(proof, reference::path(SUITE, index, now), "{index} of {size}");
                }
                verify_inclusion(SUITE, leaf, number(index), number(size), &proof, &batch.root()).unwrap();
                proofs += 1;
            }
        }
        assert_eq!(proofs, 300 * 301 / 2);
    }

    #[test]
    fn all_pairs_of_sizes_are_consistent() {
        let leaves = reference::leaves(SUITE, 130);
        let head =
            |size: usize| Head { size: number(size), root: reference::root_of(SUITE, &leaves[..size]) };
        for new in 0..=leaves.len() {
            // Only the nodes complete in the newer tree may be used.
            let batch = Batch::new(SUITE, leaves[..new].to_vec());
            for old in 0..=new {
                let proof = consistency_proof(SUITE, number(old), number(new), &batch).unwrap();
                assert_eq!(proof, reference::consistency(SUITE, old, &leaves[..new]), "{old} to {new}");
                verify_consistency(SUITE, &head(old), &head(new), &proof).unwrap();
                if old != new {
                    assert!(verify_consistency(SUITE, &head(new), &head(old), &proof).is_err());
                }
            }
        }
    }

    #[test]
    fn what_is_beyond_the_tree_is_no_proof() {
        let leaves = reference::leaves(SUITE, 5);
        let batch = Batch::new(SUITE, leaves.clone());
        let beyond = Err(Unprovable::Beyond { asked: 5, size: 5 });
        assert_eq!(inclusion_proof(SUITE, 5, 5, &batch), beyond);
        assert_eq!(consistency_proof(SUITE, 6, 5, &batch), Err(Unprovable::Beyond { asked: 6, size: 5 }));
        let beyond = Err(ProofError::Beyond { asked: 5, size: 5 });
        assert_eq!(verify_inclusion(SUITE, &leaves[4], 5, 5, &[], &batch.root()), beyond);
        assert!(inclusion_proof(SUITE, 6, 7, &batch).is_err(), "nodes it does not have");
        let root = batch.root();
        let empty = Head { size: 0, root: SUITE.digest(&[]) };
        let odd = Head { size: 0, root };
        let full = Head { size: 5, root };
        assert_eq!(verify_consistency(SUITE, &empty, &full, &[]), Ok(()));
        assert_eq!(verify_consistency(SUITE, &odd, &full, &[]), Err(ProofError::Root));
        assert_eq!(verify_consistency(SUITE, &odd, &odd, &[]), Err(ProofError::Root));
        assert_eq!(verify_consistency(SUITE, &empty, &odd, &[]), Err(ProofError::Root));
        assert_eq!(verify_consistency(SUITE, &empty, &full, &[root]), Err(ProofError::Length { hashes: 1 }));
        let fork = Head { size: 5, root: leaves[0] };
        assert_eq!(verify_consistency(SUITE, &fork, &full, &[]), Err(ProofError::Root));
    }

    /// A proof at the largest sizes ends, with or without overflow checks.
    #[test]
    fn the_largest_sizes() {
        let hash = [7; 32];
        for size in [u64::MAX, u64::MAX - 1, 1 << 63, (1 << 63) + 1] {
            for index in [0, 1, size / 2, size - 1] {
                for hashes in 0..66 {
                    let proof = vec![hash; hashes];
                    assert!(verify_inclusion(SUITE, &hash, index, size, &proof, &hash).is_err());
                    let (old, new) = (Head { size: index, root: hash }, Head { size, root: hash });
                    assert!(verify_consistency(SUITE, &old, &new, &proof).is_err());
                }
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn one_bit_anywhere_breaks_an_inclusion(
            size in 2_usize..300, index in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(),
            bit in 0_usize..256,
        ) {
            let leaves = reference::leaves(SUITE, size);
            let index = index.index(size);
            let batch = Batch::new(SUITE, leaves.clone());
            let good = inclusion_proof(SUITE, number(index), number(size), &batch).unwrap();
            let check = |leaf: &Hash, index, size, proof: &[Hash], root: &Hash| {
                verify_inclusion(SUITE, leaf, index, size, proof, root).is_ok()
            };
            let (leaf, root) = (leaves[index], batch.root());
            prop_assert!(check(&leaf, number(index), number(size), &good, &root));
            let mut proof = good.clone();
            flip(&mut proof[place.index(good.len())], bit);
            prop_assert!(!check(&leaf, number(index), number(size), &proof, &root));
            let (mut other_leaf, mut other_root) = (leaf, root);
            flip(&mut other_leaf, bit);
            flip(&mut other_root, bit);
            prop_assert!(!check(&other_leaf, number(index), number(size), &good, &root));
            prop_assert!(!check(&leaf, number(index), number(size), &good, &other_root));
            let other = number(index) ^ (1 << (bit % 64));
            prop_assert!(!check(&leaf, other, number(size), &good, &root), "index {index} as {other}");
            prop_assert!(!check(&leaf, number(index), number(size), &good[1..], &root));
            prop_assert!(!check(&leaf, number(index), number(size), &good[..good.len() - 1], &root));
            prop_assert!(!check(&leaf, number(index), number(size), &[&good[..], &[root]].concat(), &root));
        }

        /// The size is bound by the length and the sides of the proof only: another size may ask for the same ones.
        /// What must hold is that no other size of the same log has this root.
        #[test]
        fn another_size_has_another_root(size in 2_usize..300, other in 2_usize..300, place in any::<prop::sample::Index>()) {
            let leaves = reference::leaves(SUITE, size.max(other));
            let index = place.index(size.min(other));
            let (now, then) = (Batch::new(SUITE, leaves[..size].to_vec()), Batch::new(SUITE, leaves[..other].to_vec()));
            let proof = now.path(index).unwrap();
            if size != other {
                prop_assert_ne!(now.root(), then.root());
                let mixed = verify_inclusion(SUITE, &leaves[index], number(index), number(other), &proof, &then.root());
                prop_assert!(mixed.is_err());
            }
        }

        #[test]
        fn one_bit_anywhere_breaks_a_consistency(
            new in 2_usize..300, old in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(),
            bit in 0_usize..256,
        ) {
            let leaves = reference::leaves(SUITE, new);
            let old = 1 + old.index(new - 1);
            let head = |size: usize| Head { size: number(size), root: reference::root_of(SUITE, &leaves[..size]) };
            let (before, after) = (head(old), head(new));
            let good = consistency_proof(SUITE, before.size, after.size, &Batch::new(SUITE, leaves.clone())).unwrap();
            let check = |before: &Head, after: &Head, proof: &[Hash]| {
                verify_consistency(SUITE, before, after, proof).is_ok()
            };
            prop_assert!(check(&before, &after, &good));
            let mut proof = good.clone();
            flip(&mut proof[place.index(good.len())], bit);
            prop_assert!(!check(&before, &after, &proof));
            let (mut forked, mut forged) = (before, after);
            flip(&mut forked.root, bit);
            flip(&mut forged.root, bit);
            prop_assert!(!check(&forked, &after, &good) && !check(&before, &forged, &good));
            prop_assert!(!check(&before, &after, &good[1..]));
            prop_assert!(!check(&before, &after, &good[..good.len() - 1]));
            prop_assert!(!check(&before, &after, &[&good[..], &[after.root]].concat()));
        }
    }
}
