//! What can be proved: append, include, seal, forget.
//!
//! Pure: bytes, trees, proofs, keys and the index that decisions read; the disk is `edge/store`. Never reads a clock,
//! never draws randomness: salts, keys and times are arguments. The design is `docs/ledger.md`.

mod batch;
mod cbor;
mod fields;
mod proof;
#[cfg(test)]
mod reference;
pub mod sheet;
pub mod suite;
mod tree;

pub use batch::{Batch, NoNode};
pub use cbor::{CborError, Key, Value};
pub use fields::{FieldError, Fields};
pub use proof::{Head, Nodes, ProofError, Unprovable};
pub use proof::{consistency_proof, edge_root, inclusion_proof, verify_consistency, verify_inclusion};
pub use suite::{Hash, Suite};
pub use tree::{Frontier, empty_root, leaf_hash, node_hash};
