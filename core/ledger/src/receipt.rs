//! A receipt: one decision, the way from it to a signed checkpoint, and nothing else.
//!
//! Whoever holds it and the log's public key can check it without the log, without a network and without this
//! program: `spec/receipt.md` defines every byte. Here the record of the decision is bytes; `decide` reads it.

mod readable;
mod verify;

pub use verify::{Fault, Trust, Verified};

use crate::cbor::{CborError, Value};
use crate::suite::{Hash, Suite};

/// A receipt, read but not yet believed: see [`Receipt::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The suite of the log.
    pub suite: Suite,
    /// The record of the decision.
    pub record: Vec<u8>,
    /// Salt of the commitment to it: 16 to 32 bytes.
    pub salt: Vec<u8>,
    /// Its place in the batch.
    pub batch_index: u64,
    /// From the commitment up to the root of the batch.
    pub batch_path: Vec<Hash>,
    /// The batch as it stands in the log.
    pub leaf: Vec<u8>,
    /// Where it stands.
    pub leaf_index: u64,
    /// From that leaf up to the root of the log.
    pub proof: Vec<Hash>,
    /// The checkpoint with its signatures: a signed note.
    pub checkpoint: String,
}

/// The public leaf of a batch of decisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchLeaf {
    /// Root of the tree over the commitments.
    pub root: Hash,
    /// How many decisions.
    pub count: u64,
}

/// Why bytes are no receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiptError {
    /// Not deterministic CBOR.
    Cbor(CborError),
    /// This field is not what it must be.
    Field(&'static str),
}

impl core::fmt::Display for ReceiptError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Cbor(error) => error.fmt(f),
            Self::Field(name) => write!(f, "receipt holds something else than it must in: {name}"),
        }
    }
}
impl core::error::Error for ReceiptError {}

/// The commitment to a decision: what a batch is a tree of.
#[must_use]
pub fn commitment(suite: Suite, salt: &[u8], record: &[u8]) -> Hash {
    suite.digest(&[b"anning decision 1\n", salt, record])
}

impl BatchLeaf {
    /// The bytes of the leaf.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let count = Value::Int(i64::try_from(self.count).unwrap_or(i64::MAX));
        let map = Value::map([("root", Some(Value::Bytes(self.root.to_vec()))), ("count", Some(count))]);
        let mut bytes = vec![KIND];
        bytes.extend(map.to_bytes());
        bytes
    }

    /// Reads a leaf; none if it is no batch.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let map = Value::from_bytes(bytes.strip_prefix(&[KIND])?, LEAF_MAX).ok()?;
        let mut fields = crate::Fields::of("batch", map).ok()?;
        let root = fields.must("root", |value| value.into_byte_string()?.try_into().ok()).ok()?;
        let count = fields.must("count", |value| value.into_int().filter(|count| *count > 0)).ok()?;
        fields.end().ok()?;
        Some(Self { root, count })
    }
}

impl Receipt {
    /// The packed form: what is handed out.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let hashes = |hashes: &[Hash]| Value::Bytes(hashes.concat());
        let number = |number: u64| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
        Value::List(vec![
            Value::text(FORMAT),
            Value::text(self.suite.code()),
            Value::Bytes(self.record.clone()),
            Value::Bytes(self.salt.clone()),
            number(self.batch_index),
            hashes(&self.batch_path),
            Value::Bytes(self.leaf.clone()),
            number(self.leaf_index),
            hashes(&self.proof),
            Value::text(self.checkpoint.clone()),
        ])
        .to_bytes()
    }

    /// Reads the packed form. Nothing is checked but the form.
    ///
    /// # Errors
    /// [`ReceiptError`] names the field that is not what it must be.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ReceiptError> {
        let list = Value::from_bytes(bytes, RECEIPT_MAX).map_err(ReceiptError::Cbor)?;
        let mut fields = list.into_list().ok_or(ReceiptError::Field("receipt"))?.into_iter();
        let mut next = |name| fields.next().ok_or(ReceiptError::Field(name));
        field(next("format")?, "format", |value| (value == Value::text(FORMAT)).then_some(()))?;
        let receipt = Self {
            suite: field(next("suite")?, "suite", |value| Suite::from_code(&value.into_text()?))?,
            record: field(next("record")?, "record", Value::into_byte_string)?,
            salt: field(next("salt")?, "salt", Value::into_byte_string)?,
            batch_index: field(next("batch index")?, "batch index", Value::into_int)?,
            batch_path: field(next("batch path")?, "batch path", hashes)?,
            leaf: field(next("leaf")?, "leaf", Value::into_byte_string)?,
            leaf_index: field(next("leaf index")?, "leaf index", Value::into_int)?,
            proof: field(next("proof")?, "proof", hashes)?,
            checkpoint: field(next("checkpoint")?, "checkpoint", Value::into_text)?,
        };
        if fields.next().is_some() {
            return Err(ReceiptError::Field("receipt"));
        }
        receipt.within_bounds()
    }

    /// The log that the receipt says it is from: first line of the checkpoint.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.checkpoint.lines().next().unwrap_or_default()
    }

    fn within_bounds(self) -> Result<Self, ReceiptError> {
        let bounds = [
            ("record", self.record.len() <= RECORD_MAX),
            ("salt", (SALT_MIN..=SALT_MAX).contains(&self.salt.len())),
            ("batch path", self.batch_path.len() <= PATH_MAX),
            ("leaf", self.leaf.len() <= LEAF_MAX),
            ("proof", self.proof.len() <= PATH_MAX),
            ("checkpoint", self.checkpoint.len() <= CHECKPOINT_MAX),
        ];
        match bounds.into_iter().find(|(_, kept)| !kept) {
            Some((name, _)) => Err(ReceiptError::Field(name)),
            None => Ok(self),
        }
    }
}

fn field<T>(
    value: Value,
    name: &'static str,
    read: impl FnOnce(Value) -> Option<T>,
) -> Result<T, ReceiptError> {
    read(value).ok_or(ReceiptError::Field(name))
}

fn hashes(value: Value) -> Option<Vec<Hash>> {
    let bytes = value.into_byte_string()?;
    let (hashes, rest) = bytes.as_chunks::<32>();
    rest.is_empty().then(|| hashes.to_vec())
}

const FORMAT: &str = "anning receipt 1";
/// A leaf that holds a batch of decisions.
const KIND: u8 = 3;
const RECORD_MAX: usize = 1_024;
const SALT_MIN: usize = 16;
const SALT_MAX: usize = 32;
/// No tree has more levels.
const PATH_MAX: usize = 63;
const LEAF_MAX: usize = 64;
/// One signature of the log and some dozens of cosignatures.
const CHECKPOINT_MAX: usize = 16_384;
/// A packed receipt is no longer.
pub const RECEIPT_MAX: usize = 24_576;
const _: () =
    assert!(RECORD_MAX + SALT_MAX + 2 * 32 * PATH_MAX + LEAF_MAX + CHECKPOINT_MAX + 128 <= RECEIPT_MAX);
