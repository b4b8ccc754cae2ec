//! Those outside: who checks a log without trusting its holder.
//!
//! A log is read from a [`Source`]: a folder or an address. [`verify()`] recomputes all of it up to a signed root.
//! [`mirror()`] keeps a copy that only grows. A [`Witness`] cosigns what continues what it saw before. [`stamp()`] has a
//! third party say when a checkpoint was there. Whoever runs one of these needs the log's public key and nothing else of
//! its holder's; a log that shows two histories is refused, and both checkpoints are kept.
//!
//! Never reads a clock and never draws randomness: times, seeds and nonces are arguments.

mod der;
mod error;
mod files;
mod http;
mod leaf;
mod mirror;
mod snapshot;
mod source;
mod timestamp;
mod verify;
mod witness;

pub use error::{Error, Fault, Refused};
pub use leaf::{Counts, Leaf, LeafFault};
pub use mirror::{Copied, Step, mirror};
pub use snapshot::watched;
pub use source::{Source, SourceError};
pub use timestamp::{Outcome, Stamp, StampFault, stamp, stamped};
pub use verify::{Progress, Report, verify};
pub use witness::{Cosigned, Witness};
