//! What can be proved: append, include, seal, forget.
//!
//! Pure: bytes, trees, proofs, keys and the index that decisions read; the disk is `edge/store`. Never reads a clock,
//! never draws randomness: salts, keys and times are arguments. The design is `docs/ledger.md`.

pub mod index;
pub mod suite;

pub use suite::{Hash, Suite};
