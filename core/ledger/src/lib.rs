//! What can be proved: append, include, seal, forget.
//!
//! Pure: bytes, trees, proofs, keys and the index that decisions read; the disk is `edge/store`. Never reads a clock,
//! never draws randomness: salts, keys and times are arguments. The design is `docs/ledger.md`.

mod batch;
mod cbor;
mod checkpoint;
mod cosign;
pub mod deed;
pub mod entry;
pub mod event;
mod fields;
pub mod hex;
pub mod index;
mod json;
mod key;
mod mirror;
mod note;
mod page_seal;
mod proof;
pub mod receipt;
#[cfg(test)]
mod reference;
pub mod seal;
pub mod sheet;
pub mod suite;
mod tile;
mod tree;
mod witness;

pub use batch::{Batch, NoNode};
pub use cbor::{CborError, Key, Map, Value};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use cosign::{cosign, cosigned};
pub use deed::{Deed, DeedKind};
pub use entry::{Entries, Entry, Sealed};
pub use event::{Event, EventError};
pub use fields::{FieldError, Fields};
pub use json::JsonError;
pub use key::{KeyError, KeyKind, SignerKey, VerifierKey};
pub use mirror::{Mirror, MirrorError};
pub use note::{NOTE_MAX, Note, NoteError, SIGNATURES_MAX, Signature};
pub use page_seal::{PageSeal, SEAL_MAX, SealFault};
pub use proof::{Head, Nodes, ProofError, Unprovable};
pub use proof::{consistency_proof, edge_root, inclusion_proof, verify_consistency, verify_inclusion};
pub use receipt::{BatchLeaf, Fault, Receipt, ReceiptError, Trust, Verified, commitment};
pub use seal::{Place, Purpose, Secret, Unsealable};
pub use suite::{Hash, Suite};
pub use tile::{ENTRY_MAX, Shelf, Tile, TileError, changed_tiles, push_entry};
pub use tree::{Frontier, empty_root, leaf_hash, node_hash};
pub use witness::{Answer, Refusal, Request, RequestError, Watched, witness};
