//! The tree as RFC 6962 section 2.1 writes it down: slow and obviously right. The other modules are judged by it.

use crate::suite::{Hash, Suite};

/// MTH over leaf hashes.
pub(crate) fn root_of(suite: Suite, leaves: &[Hash]) -> Hash {
    match leaves {
        [] => suite.digest(&[]),
        [leaf] => *leaf,
        more => {
            let (left, right) = more.split_at(split(more.len()));
            suite.digest(&[&[1], &root_of(suite, left), &root_of(suite, right)])
        }
    }
}

/// PATH(m, D[n]).
pub(crate) fn path(suite: Suite, index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    let (mut path, sibling) = if index < left.len() {
        (path(suite, index, left), right)
    } else {
        (path(suite, index - left.len(), right), left)
    };
    path.push(root_of(suite, sibling));
    path
}

/// PROOF(m, D[n]); nothing for the empty tree, which is consistent with all.
pub(crate) fn consistency(suite: Suite, old: usize, leaves: &[Hash]) -> Vec<Hash> {
    if old == 0 { Vec::new() } else { subproof(suite, old, leaves, true) }
}

fn subproof(suite: Suite, old: usize, leaves: &[Hash], known: bool) -> Vec<Hash> {
    if old == leaves.len() {
        return if known { Vec::new() } else { vec![root_of(suite, leaves)] };
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    let (mut proof, sibling) = if old <= left.len() {
        (subproof(suite, old, left, known), right)
    } else {
        (subproof(suite, old - left.len(), right, false), left)
    };
    proof.push(root_of(suite, sibling));
    proof
}

/// The largest power of two smaller than `count`.
fn split(count: usize) -> usize {
    count.next_power_of_two() / 2
}

/// Leaf hashes to test with.
pub(crate) fn leaves(suite: Suite, count: usize) -> Vec<Hash> {
    (0..count).map(|number| suite.digest(&[&[0], number.to_string().as_bytes()])).collect()
}
