//! How an imported act is held: a claim, unless a trusted log proves more or the caller restores its own ledger.

use crate::act::Own;
use crate::error::Error;
use crate::proof::ActProof;
use anning_ledger::{Event, Suite, Trust, sheet};
use anning_vocab::{Origin, Timestamp};

/// How records are read.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'r> {
    /// When: what is not proved is learnt now.
    pub now: Timestamp,
    /// Suite of the ledger that the acts go into.
    pub suite: Suite,
    /// The log whose proofs are believed.
    pub trust: Option<&'r Trust>,
    /// Restoring one's own export into one's own ledger: origin and times are taken as they stand. Nothing is checked;
    /// whoever sets this answers for where the record comes from.
    pub trust_origin: bool,
}

/// Why an act is held as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A claim of whoever wrote the record.
    Claimed,
    /// A trusted log held it, as it stands here.
    Proved {
        /// The log.
        log: String,
        /// Its size then.
        size: u64,
    },
    /// The caller set [`Reading::trust_origin`].
    Restored,
}

/// What a record says of how it came about; none of it is believed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Claim {
    /// The origin it claims.
    pub origin: Option<Origin>,
    /// When it says the act was learnt.
    pub recorded: Option<Timestamp>,
}

/// An act as it goes into a ledger, with the sheet of its terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The act.
    pub event: Event,
    /// The sheet that it names.
    pub sheet: Vec<u8>,
    /// Why it is held with this origin.
    pub standing: Standing,
    /// What was claimed instead; empty unless [`Standing::Claimed`].
    pub claimed: Claim,
}

/// What a record held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The record's own id.
    pub record_id: String,
    /// Its acts, in the order they stand in.
    pub acts: Vec<Imported>,
    /// Paths of members nobody knows here.
    pub ignored: Vec<String>,
    /// Paths of members that are known, but say what an act cannot carry.
    pub lost: Vec<String>,
    /// Columns of a sheet that the format has no place for: not recorded, never "no".
    pub not_carried: Vec<&'static str>,
}

/// ★ No claim is ever promoted: without a proof an act is `imported`, and learnt now.
pub(crate) fn admit(own: Own, proof: Option<&ActProof>, reading: Reading<'_>) -> Result<Imported, Error> {
    let proved = match (proof, reading.trust) {
        (Some(proof), Some(trust)) => {
            let size = proof.verify(&own, trust).map_err(Error::Proof)?;
            size.map(|size| Standing::Proved { log: trust.log.name().to_owned(), size })
        }
        (_, None) | (None, _) => None,
    };
    let standing = match proved {
        Some(proved) => proved,
        None if reading.trust_origin => Standing::Restored,
        None => Standing::Claimed,
    };
    let Own { mut event, sheet, .. } = own;
    let mut claimed = Claim::default();
    if standing == Standing::Claimed {
        claimed = Claim { origin: Some(event.origin), recorded: Some(event.recorded) };
        event.origin = Origin::Imported;
        event.recorded = reading.now;
    }
    // A ledger of another suite names its sheets by another hash.
    event.sheet = sheet::hash(reading.suite, &sheet);
    Ok(Imported { event, sheet, standing, claimed })
}
