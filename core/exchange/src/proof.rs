//! That a log holds an act: its commitment, the way up to a checkpoint, and the signature on that.

use crate::act::{Own, hash};
use crate::error::Error;
use crate::json::{At, Json};
use anning_ledger::{
    Checkpoint, Hash, Note, Trust, cosigned, entry::leaf, event, hex, leaf_hash, verify_inclusion,
};
use serde_json::json;

/// The proof that a log holds an act: whoever has it and the log's key can check it without the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActProof {
    /// Salt of the commitment.
    pub salt: Hash,
    /// Where the act's leaf stands.
    pub leaf_index: u64,
    /// From that leaf up to the root.
    pub path: Vec<Hash>,
    /// The checkpoint with its signatures: a signed note.
    pub checkpoint: String,
}

/// Why a proof does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProofFault {
    /// The checkpoint is no signed checkpoint.
    Checkpoint,
    /// It is not signed with the key one trusts.
    Signature,
    /// The act, as the record has it, is not in the tree that was signed.
    Inclusion,
    /// A witness one insists on has not cosigned.
    Witness(String),
}

impl core::fmt::Display for ProofFault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Checkpoint => f.write_str("the checkpoint of the proof is no signed checkpoint"),
            Self::Signature => f.write_str("the checkpoint of the proof is not signed with the key given"),
            Self::Inclusion => {
                f.write_str("the act, as it stands here, is not in the tree that the log signed")
            }
            Self::Witness(name) => {
                write!(f, "the checkpoint of the proof is not cosigned by witness: {name}")
            }
        }
    }
}
impl core::error::Error for ProofFault {}

impl ActProof {
    /// The member `anning:proof`.
    pub(crate) fn write(&self) -> serde_json::Value {
        let path: Vec<String> = self.path.iter().map(|hash| hex::encode(hash)).collect();
        json!({
            "anning:salt": hex::encode(&self.salt),
            "anning:leafIndex": self.leaf_index,
            "anning:path": path,
            "anning:checkpoint": self.checkpoint,
        })
    }

    /// Reads it.
    pub(crate) fn read(at: At) -> Result<Self, Error> {
        let mut members = at.members()?;
        let index = members.must("anning:leafIndex")?;
        let wrong = index.wrong("a place in the log");
        let checkpoint = members.must("anning:checkpoint")?;
        let proof = Self {
            salt: hash(members.must("anning:salt")?)?,
            leaf_index: u64::try_from(index.int()?).map_err(|_| wrong)?,
            path: members.items("anning:path")?.into_iter().map(hash).collect::<Result<_, _>>()?,
            checkpoint: match checkpoint.json {
                Json::Text(text) => text,
                Json::Null | Json::Flag(_) | Json::Int(_) | Json::Number | Json::List(_) | Json::Map(_) => {
                    return Err(checkpoint.wrong("a signed note"));
                }
            },
        };
        members.end()?;
        Ok(proof)
    }

    /// Does the log one trusts hold this act? Its size then; none when the proof is of another log.
    ///
    /// # Errors
    /// [`ProofFault`] when it is of that log and does not hold.
    pub(crate) fn verify(&self, own: &Own, trust: &Trust) -> Result<Option<u64>, ProofFault> {
        if self.checkpoint.lines().next() != Some(trust.log.name()) {
            return Ok(None);
        }
        let note = Note::parse(self.checkpoint.as_bytes()).map_err(|_| ProofFault::Checkpoint)?;
        let checkpoint = Checkpoint::parse(note.text()).map_err(|_| ProofFault::Checkpoint)?;
        let kind = trust.log.kind();
        let mut lines = note.signatures().iter().filter(|line| line.is_by(&trust.log)).peekable();
        let signed = lines.peek().is_some() && lines.all(|line| line.fits(&trust.log, note.text()));
        if !signed || kind.is_cosignature() || kind.suite() != own.suite {
            return Err(ProofFault::Signature);
        }
        let commitment = event::commitment(own.suite, &self.salt, &own.event.encode());
        let leaf = leaf_hash(own.suite, [&[leaf::ACT][..], &commitment].concat().as_slice());
        let head = checkpoint.head();
        verify_inclusion(own.suite, &leaf, self.leaf_index, head.size, &self.path, &head.root)
            .map_err(|_| ProofFault::Inclusion)?;
        let seen = cosigned(&note, &trust.witnesses);
        let absent = trust.witnesses.iter().find(|key| !seen.iter().any(|(known, _)| known.id() == key.id()));
        absent.map_or(Ok(Some(head.size)), |key| Err(ProofFault::Witness(key.name().to_owned())))
    }
}
