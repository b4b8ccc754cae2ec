//! The ledger on disk: journal, keys, index, tiles. Acknowledged means durable and visible.
//!
//! Never decides; never reads the clock: times and randomness are arguments. Start from `Ledger`.

pub mod disk;
mod error;
pub mod journal;
mod keyring;
mod subjects;

pub use error::{Error, KeyError, Refusal};
pub use keyring::{CommandMaster, KeyRing, Master, SoftMaster, from_hex, hex};
