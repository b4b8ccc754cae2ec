//! Consent records in the shapes others use: what an act says, written for a stranger and read from one.
//!
//! [`record`] is JSON-LD with the terms of W3C DPV, shaped after ISO/IEC TS 27560; [`receipt`] is the consent receipt
//! of the Kantara Initiative, version 1.1. Both carry the whole act beside the stranger's words, so that ours → ours
//! loses nothing; of what a stranger wrote, everything that was not understood is named. `spec/consent-record.md`
//! lays down the formats.
//!
//! Never does I/O, never reads a clock, and never promotes a record: what comes from outside is a claim
//! ([`Origin::Imported`](anning_vocab::Origin)), learnt when it was imported, unless a trusted log proves more.

mod act;
mod error;
mod foreign;
mod instant;
mod json;
mod label;
mod party;
mod proof;
pub mod receipt;
pub mod record;
mod standing;
mod term;
mod view;

pub use error::Error;
pub use party::{Header, Party};
pub use proof::{ActProof, ProofFault};
pub use standing::{Claim, Imported, Read, Reading, Standing};

/// No record or receipt is longer, in bytes.
pub const RECORD_MAX: usize = 65_536;
