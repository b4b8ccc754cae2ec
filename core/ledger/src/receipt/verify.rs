//! Is a receipt to be believed? Offline: hashes, one signature, and the witnesses one insists on.

use super::{BatchLeaf, Receipt, commitment};
use crate::checkpoint::Checkpoint;
use crate::cosign::cosigned;
use crate::key::VerifierKey;
use crate::note::Note;
use crate::proof::{ProofError, verify_inclusion};
use crate::tree::leaf_hash;

/// Whom the verifier believes.
#[derive(Clone, Debug)]
pub struct Trust {
    /// The log's key, had from somewhere else than the receipt.
    pub log: VerifierKey,
    /// Witnesses, each of whom must have cosigned.
    pub witnesses: Vec<VerifierKey>,
}

/// What a good receipt shows, besides the decision in its record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The log.
    pub origin: String,
    /// Leaves in the log at that checkpoint.
    pub size: u64,
    /// Decisions in the batch.
    pub batch_count: u64,
    /// Witnesses insisted on, with the time in seconds since 1970 at which each saw the checkpoint.
    pub witnesses: Vec<(String, u64)>,
    /// Names under further signatures, which nobody checked.
    pub unchecked: Vec<String>,
}

/// Why a receipt is not to be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The leaf is no batch of decisions.
    Leaf,
    /// The decision or its salt is not what the batch committed to, or the path is of another decision.
    AlteredDecision,
    /// The place is outside the batch, or the path has hashes too many.
    BatchPath,
    /// Path or proof has hashes too few.
    Truncated,
    /// The checkpoint is no checkpoint.
    Checkpoint,
    /// The key is that of another log.
    OtherOrigin {
        /// Log of the receipt.
        origin: String,
        /// Log of the key.
        key: String,
    },
    /// The log of that name signed with another key than the one given.
    WrongKey,
    /// The signature of that key does not fit the checkpoint.
    CheckpointSignature,
    /// The batch is not in the tree that was signed.
    Inclusion,
    /// A witness insisted on did not cosign, or its cosignature does not fit.
    Witness {
        /// Which.
        name: String,
    },
}

impl Fault {
    /// The code used in files.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Leaf => "leaf",
            Self::AlteredDecision => "altered_decision",
            Self::BatchPath => "batch_path",
            Self::Truncated => "truncated",
            Self::Checkpoint => "checkpoint",
            Self::OtherOrigin { .. } => "other_origin",
            Self::WrongKey => "wrong_key",
            Self::CheckpointSignature => "checkpoint_signature",
            Self::Inclusion => "inclusion",
            Self::Witness { .. } => "witness",
        }
    }
}

impl core::fmt::Display for Fault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Leaf => f.write_str("the leaf in the receipt is no batch of decisions"),
            Self::AlteredDecision => f.write_str("the decision is not the one that the log committed to"),
            Self::BatchPath => f.write_str("the path through the batch has the wrong length"),
            Self::Truncated => f.write_str("a proof in the receipt has been cut short"),
            Self::Checkpoint => f.write_str("the checkpoint in the receipt is none"),
            Self::OtherOrigin { origin, key } => {
                write!(f, "the receipt is from log {origin}, the key is that of: {key}")
            }
            Self::WrongKey => f.write_str("the checkpoint is not signed with the key given"),
            Self::CheckpointSignature => f.write_str("the signature does not fit the checkpoint"),
            Self::Inclusion => f.write_str("the decision's batch is not in the tree that the log signed"),
            Self::Witness { name } => write!(f, "not cosigned by witness: {name}"),
        }
    }
}
impl core::error::Error for Fault {}

impl Receipt {
    /// Checks the way from the decision to the checkpoint, its signature, and the witnesses insisted on.
    ///
    /// # Errors
    /// [`Fault`]: the first reason not to believe it.
    pub fn verify(&self, trust: &Trust) -> Result<Verified, Fault> {
        let batch = self.check_batch()?;
        let note = Note::parse(self.checkpoint.as_bytes()).map_err(|_| Fault::Checkpoint)?;
        let checkpoint = Checkpoint::parse(note.text()).map_err(|_| Fault::Checkpoint)?;
        self.check_signature(&note, trust)?;
        let leaf = leaf_hash(self.suite, &self.leaf);
        let head = checkpoint.head();
        verify_inclusion(self.suite, &leaf, self.leaf_index, head.size, &self.proof, &head.root)
            .map_err(|error| fault(error, self.leaf_index, head.size, Fault::Inclusion, Fault::Inclusion))?;
        let witnesses = check_witnesses(&note, trust)?;
        Ok(Verified {
            origin: self.origin().to_owned(),
            size: head.size,
            batch_count: batch.count,
            witnesses,
            unchecked: unchecked(&note, trust),
        })
    }

    fn check_batch(&self) -> Result<BatchLeaf, Fault> {
        let batch = BatchLeaf::from_bytes(&self.leaf).ok_or(Fault::Leaf)?;
        let commitment = commitment(self.suite, &self.salt, &self.record);
        let leaf = leaf_hash(self.suite, &commitment);
        verify_inclusion(self.suite, &leaf, self.batch_index, batch.count, &self.batch_path, &batch.root)
            .map_err(|error| {
                fault(error, self.batch_index, batch.count, Fault::BatchPath, Fault::AlteredDecision)
            })?;
        Ok(batch)
    }

    fn check_signature(&self, note: &Note, trust: &Trust) -> Result<(), Fault> {
        let key = &trust.log;
        if self.origin() != key.name() {
            let (origin, key) = (self.origin().to_owned(), key.name().to_owned());
            return Err(Fault::OtherOrigin { origin, key });
        }
        let mut by_key = note.signatures().iter().filter(|line| line.is_by(key)).peekable();
        if by_key.peek().is_none() || key.kind().suite() != self.suite || key.kind().is_cosignature() {
            return Err(Fault::WrongKey);
        }
        if by_key.all(|line| line.fits(key, note.text())) { Ok(()) } else { Err(Fault::CheckpointSignature) }
    }
}

fn check_witnesses(note: &Note, trust: &Trust) -> Result<Vec<(String, u64)>, Fault> {
    let seen = cosigned(note, &trust.witnesses);
    let time =
        |key: &VerifierKey| seen.iter().find(|(known, _)| known.id() == key.id()).map(|(_, time)| *time);
    let witness = |key: &VerifierKey| {
        let name = key.name().to_owned();
        let all_fit =
            note.signatures().iter().filter(|line| line.is_by(key)).all(|line| line.fits(key, note.text()));
        match time(key).filter(|_| all_fit) {
            Some(time) => Ok((name, time)),
            None => Err(Fault::Witness { name }),
        }
    };
    trust.witnesses.iter().map(witness).collect()
}

/// Names under signatures of keys that nobody gave.
fn unchecked(note: &Note, trust: &Trust) -> Vec<String> {
    let is_known = |line: &&crate::note::Signature| {
        line.is_by(&trust.log) || trust.witnesses.iter().any(|key| line.is_by(key))
    };
    let unknown = note.signatures().iter().filter(|line| !is_known(line));
    unknown.map(|line| line.name().to_owned()).collect()
}

/// What is wrong with a path: too short, of another length, or to another root.
fn fault(error: ProofError, index: u64, size: u64, length: Fault, root: Fault) -> Fault {
    match error {
        ProofError::Length { hashes } if hashes < hashes_needed(index, size) => Fault::Truncated,
        ProofError::Length { .. } | ProofError::Beyond { .. } => length,
        ProofError::Root => root,
    }
}

/// Hashes in the proof of a leaf: one a level up to where its way meets the right edge, then one for each subtree
/// to its left.
fn hashes_needed(index: u64, size: u64) -> usize {
    let inner = u64::BITS - (index ^ size.saturating_sub(1)).leading_zeros();
    let left = index.checked_shr(inner).unwrap_or(0).count_ones();
    (inner + left) as usize
}
