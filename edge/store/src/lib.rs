//! The ledger on disk: journal, keys, index, tiles. Acknowledged means durable and visible.
//!
//! Never decides; never reads the clock: times and randomness are arguments. Start from `Ledger`.

mod clerk;
pub mod disk;
mod error;
pub mod journal;
mod keyring;
mod ledger;
mod publish;
mod recent;
mod sheets;
mod state;
mod subjects;

pub use anning_ledger::sheet::hash as sheet_hash;
pub use clerk::{Clerk, Clock, Pace, Running};
pub use error::{Error, KeyError, Refusal};
pub use keyring::{CommandMaster, KeyRing, Master, SoftMaster};
pub use ledger::{
    Access, Ack, BATCH_MAX, Decided, Entropy, Forgotten, ID_MAX, Ledger, NewAct, Now, Opened, Recorded,
    Retention, View, Way,
};
pub use publish::{Publisher, signer};
pub use sheets::{Names, Sheets};
