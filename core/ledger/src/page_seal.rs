//! The seal of a page record: the way from the hash of its bytes to a signed checkpoint (`spec/inspect.md`, *Seal*).
//!
//! It shows that these very bytes existed when the log took them. That the page was like this, the record itself says.

use anning_vocab::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::checkpoint::Checkpoint;
use crate::deed::{Deed, DeedKind};
use crate::entry::leaf::DEED;
use crate::fields::{FieldError, Fields};
use crate::hex;
use crate::json::JsonError;
use crate::key::VerifierKey;
use crate::note::Note;
use crate::proof::verify_inclusion;
use crate::suite::{Hash, Suite};
use crate::tree::leaf_hash;
use crate::{CborError, Value};

/// A seal, read but not yet believed: see [`PageSeal::verify`].
///
/// ```
/// use anning_ledger::{PageSeal, SealFault};
/// assert!(matches!(PageSeal::from_json("{}"), Err(SealFault::Form(_))));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageSeal {
    /// The suite of the log.
    pub suite: Suite,
    /// SHA-256 of the record's file.
    pub record: Hash,
    /// Where the entry stands in the log.
    pub position: u64,
    /// The entry's leaf: a deed of kind `page`.
    pub leaf: Vec<u8>,
    /// From the leaf up to the root.
    pub inclusion: Vec<Hash>,
    /// The checkpoint with its signatures: a signed note.
    pub checkpoint: String,
}

/// Why a seal is not to be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SealFault {
    /// No JSON, or not what a seal is.
    Form(String),
    /// The bytes of the record are not those that were sealed.
    Record,
    /// The leaf is no page's, or another record's.
    Leaf,
    /// The leaf is not in the tree of the checkpoint.
    Inclusion,
    /// The checkpoint is none, or of another log than the seal says.
    Checkpoint,
    /// The checkpoint is of a log that this key is not of.
    OtherLog {
        /// Log of the seal.
        seal: String,
        /// Log of the key.
        key: String,
    },
    /// Not signed with this key.
    Signature,
    /// The log itself has something else at that position.
    NotInLog {
        /// The position.
        position: u64,
    },
}

impl SealFault {
    /// The code used in files.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Form(_) => "form",
            Self::Record => "record",
            Self::Leaf => "leaf",
            Self::Inclusion => "inclusion",
            Self::Checkpoint => "checkpoint",
            Self::OtherLog { .. } => "other_log",
            Self::Signature => "signature",
            Self::NotInLog { .. } => "not_in_log",
        }
    }
}

impl core::fmt::Display for SealFault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Form(why) => write!(f, "the seal is none: {why}"),
            Self::Record => {
                f.write_str("the record was changed after it was sealed, or the seal is of another")
            }
            Self::Leaf => f.write_str("the seal's entry is not that of this record"),
            Self::Inclusion => f.write_str("the seal's entry is not in the tree that the log signed"),
            Self::Checkpoint => f.write_str("the seal's checkpoint is none, or of another log"),
            Self::OtherLog { seal, key } => {
                write!(f, "the seal is of log {}, the key is that of: {key}", seal.escape_debug())
            }
            Self::Signature => f.write_str("the seal's checkpoint is not signed with the key of its log"),
            Self::NotInLog { position } => {
                write!(f, "the log holds no such page record at position: {position}")
            }
        }
    }
}
impl core::error::Error for SealFault {}

impl From<JsonError> for SealFault {
    fn from(error: JsonError) -> Self {
        Self::Form(error.to_string())
    }
}

impl From<FieldError> for SealFault {
    fn from(error: FieldError) -> Self {
        Self::Form(error.to_string())
    }
}

impl From<CborError> for SealFault {
    fn from(error: CborError) -> Self {
        Self::Form(error.to_string())
    }
}

impl PageSeal {
    /// Reads `seal.json`. Nothing is checked but the form.
    ///
    /// # Errors
    /// [`SealFault::Form`] says what is wrong.
    pub fn from_json(text: &str) -> Result<Self, SealFault> {
        if text.len() > SEAL_MAX {
            return Err(SealFault::Form(format!("longer than {SEAL_MAX} bytes: {}", text.len())));
        }
        let mut fields = Fields::of("seal", Value::from_json(text)?)?;
        fields.must("format", |value| (value.into_text()? == FORMAT).then_some(()))?;
        let log = fields.must("log", Value::into_text)?;
        let bytes = |value: Value| hex::decode(&value.into_text()?);
        let hash = |value: Value| bytes(value)?.try_into().ok();
        let hashes = |value: Value| value.into_list()?.into_iter().map(hash).collect::<Option<Vec<Hash>>>();
        let seal = Self {
            suite: fields.must("suite", |value| Suite::from_code(&value.into_text()?))?,
            record: fields.must("record_sha256", hash)?,
            position: fields.must("position", Value::into_int)?,
            leaf: fields.must("leaf", bytes)?,
            inclusion: fields.must("inclusion", hashes)?,
            checkpoint: fields.must("checkpoint", Value::into_text)?,
        };
        fields.end()?;
        if seal.origin() == log { Ok(seal) } else { Err(SealFault::Checkpoint) }
    }

    /// The text of `seal.json`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let inclusion = self.inclusion.iter().map(|node| Value::text(hex::encode(node))).collect();
        let position = Value::Int(i64::try_from(self.position).unwrap_or(i64::MAX));
        Value::map([
            ("format", Some(Value::text(FORMAT))),
            ("log", Some(Value::text(self.origin().to_owned()))),
            ("suite", Some(Value::text(self.suite.code()))),
            ("record_sha256", Some(Value::text(hex::encode(&self.record)))),
            ("position", Some(position)),
            ("leaf", Some(Value::text(hex::encode(&self.leaf)))),
            ("inclusion", Some(Value::List(inclusion))),
            ("checkpoint", Some(Value::text(self.checkpoint.clone()))),
        ])
        .to_json()
    }

    /// The log: first line of the checkpoint.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.checkpoint.lines().next().unwrap_or_default()
    }

    /// Is the seal of this record, all but the signature? When the log took it.
    ///
    /// # Errors
    /// [`SealFault`]: the first reason not to believe it.
    pub fn check(&self, record: &[u8]) -> Result<Timestamp, SealFault> {
        self.read(record).map(|(at, _)| at)
    }

    /// Is the seal of this record, and signed by this log? When the log took it.
    ///
    /// # Errors
    /// [`SealFault`]: the first reason not to believe it.
    pub fn verify(&self, record: &[u8], log: &VerifierKey) -> Result<Timestamp, SealFault> {
        let (at, note) = self.read(record)?;
        if self.origin() != log.name() {
            return Err(SealFault::OtherLog { seal: self.origin().to_owned(), key: log.name().to_owned() });
        }
        let mut by_key = note.signatures().iter().filter(|line| line.is_by(log)).peekable();
        let signed = by_key.peek().is_some()
            && log.kind().suite() == self.suite
            && !log.kind().is_cosignature()
            && by_key.all(|line| line.fits(log, note.text()));
        if signed { Ok(at) } else { Err(SealFault::Signature) }
    }

    fn read(&self, record: &[u8]) -> Result<(Timestamp, Note), SealFault> {
        let found: Hash = Sha256::digest(record).into();
        if found != self.record {
            return Err(SealFault::Record);
        }
        let deed = self.leaf.strip_prefix(&[DEED]).and_then(|head| Deed::decode(head).ok());
        let at = deed.filter(|deed| deed.kind == DeedKind::Page { record: found }).map(|deed| deed.at);
        let at = at.ok_or(SealFault::Leaf)?;
        let note = Note::parse(self.checkpoint.as_bytes()).map_err(|_| SealFault::Checkpoint)?;
        let head = Checkpoint::parse(note.text()).map_err(|_| SealFault::Checkpoint)?.head();
        let leaf = leaf_hash(self.suite, &self.leaf);
        verify_inclusion(self.suite, &leaf, self.position, head.size, &self.inclusion, &head.root)
            .map_err(|_| SealFault::Inclusion)?;
        Ok((at, note))
    }
}

const FORMAT: &str = "anning-page-seal/1";
/// Bytes of a seal: a way through the largest tree, and a checkpoint with dozens of cosignatures.
pub const SEAL_MAX: usize = 65_536;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{KeyKind, SignerKey};
    use crate::node_hash;

    const RECORD: &[u8] = b"{\"a record\":1}";

    fn key(seed: u8) -> SignerKey {
        SignerKey::from_seed("log.example/pages", KeyKind::Ed25519, &[seed; 32]).unwrap()
    }

    fn page_leaf(record: &[u8]) -> Vec<u8> {
        let kind = DeedKind::Page { record: Sha256::digest(record).into() };
        let deed = Deed { kind, at: Timestamp::from_millis(1_000), subjects: [0; 32] };
        [&[DEED][..], &deed.encode()].concat()
    }

    /// Of two leaves the second.
    fn seal() -> PageSeal {
        let suite = Suite::International;
        let (first, leaf) = (leaf_hash(suite, b"first"), page_leaf(RECORD));
        let root = node_hash(suite, &first, &leaf_hash(suite, &leaf));
        let checkpoint = Checkpoint::new("log.example/pages", 2, root).unwrap().sign(&key(1)).unwrap();
        PageSeal {
            suite,
            record: Sha256::digest(RECORD).into(),
            position: 1,
            leaf,
            inclusion: vec![first],
            checkpoint: checkpoint.to_string(),
        }
    }

    #[test]
    fn a_seal_holds_for_its_record_and_its_log_and_for_nothing_else() {
        let good = seal();
        let read = PageSeal::from_json(&good.to_json()).unwrap();
        assert_eq!(read, good);
        assert_eq!(read.verify(RECORD, key(1).verifier()), Ok(Timestamp::from_millis(1_000)));
        assert_eq!(read.check(b"{}"), Err(SealFault::Record));
        assert_eq!(read.verify(RECORD, key(2).verifier()), Err(SealFault::Signature));
        let other = SignerKey::from_seed("log.example/other", KeyKind::Ed25519, &[1; 32]).unwrap();
        assert!(matches!(read.verify(RECORD, other.verifier()), Err(SealFault::OtherLog { .. })));
        let elsewhere = PageSeal { position: 0, ..good.clone() };
        assert_eq!(elsewhere.check(RECORD), Err(SealFault::Inclusion));
        let leaf = PageSeal { leaf: page_leaf(b"another"), ..good.clone() };
        assert_eq!(leaf.check(RECORD), Err(SealFault::Leaf));
        let altered = PageSeal { checkpoint: good.checkpoint.replace("\n2\n", "\n3\n"), ..good.clone() };
        assert!(altered.verify(RECORD, key(1).verifier()).is_err());
    }

    #[test]
    fn what_is_no_seal_is_told() {
        let good = seal().to_json();
        let without = |name: &str| {
            let mut map: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&good).unwrap();
            map.remove(name).unwrap();
            serde_json::Value::from(map).to_string()
        };
        let names =
            ["format", "log", "suite", "record_sha256", "position", "leaf", "inclusion", "checkpoint"];
        for text in names.map(without) {
            assert!(matches!(PageSeal::from_json(&text), Err(SealFault::Form(_))), "{text}");
        }
        assert_eq!(
            PageSeal::from_json(&good.replace("\"log\": \"log.example/pages", "\"log\": \"log.example/x")),
            Err(SealFault::Checkpoint)
        );
        assert!(PageSeal::from_json(&" ".repeat(SEAL_MAX + 1)).is_err());
    }
}
