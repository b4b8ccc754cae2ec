//! The form of a receipt that people read: the same content as a map, for JSON, with the decision in words.

use super::{FORMAT, Receipt};
use crate::cbor::Value;
use crate::fields::{FieldError, Fields};
use crate::suite::{Hash, Suite};
use base64ct::{Base64, Encoding as _};

impl Receipt {
    /// The readable form. `words` is the record in words; it proves nothing and is checked against the record
    /// by whoever can read records.
    #[must_use]
    pub fn to_readable(&self, words: Value) -> Value {
        let number = |number: u64| Some(Value::Int(i64::try_from(number).unwrap_or(i64::MAX)));
        let hashes = |hashes: &[Hash]| Some(Value::List(hashes.iter().map(|hash| hex(hash)).collect()));
        Value::map([
            ("format", Some(Value::text(FORMAT))),
            ("suite", Some(Value::text(self.suite.code()))),
            ("origin", Some(Value::text(self.origin().to_owned()))),
            ("decision", Some(words)),
            ("record", Some(Value::text(Base64::encode_string(&self.record)))),
            ("salt", Some(hex(&self.salt))),
            ("batch_index", number(self.batch_index)),
            ("batch_path", hashes(&self.batch_path)),
            ("leaf", Some(hex(&self.leaf))),
            ("leaf_index", number(self.leaf_index)),
            ("proof", hashes(&self.proof)),
            ("checkpoint", Some(Value::text(self.checkpoint.clone()))),
        ])
    }

    /// Reads the readable form: the receipt, and the words that stand in it.
    ///
    /// # Errors
    /// [`FieldError`] names the entry that is not what it must be; so does an origin that is not the checkpoint's.
    pub fn from_readable(value: Value) -> Result<(Self, Value), FieldError> {
        let mut fields = Fields::of("receipt", value)?;
        fields.must("format", |value| (value == Value::text(FORMAT)).then_some(()))?;
        let receipt = Self {
            suite: fields.must("suite", |value| Suite::from_code(&value.into_text()?))?,
            record: fields.must("record", |value| Base64::decode_vec(&value.into_text()?).ok())?,
            salt: fields.must("salt", unhex)?,
            batch_index: fields.must("batch_index", Value::into_int)?,
            batch_path: fields.must("batch_path", unhex_all)?,
            leaf: fields.must("leaf", unhex)?,
            leaf_index: fields.must("leaf_index", Value::into_int)?,
            proof: fields.must("proof", unhex_all)?,
            checkpoint: fields.must("checkpoint", Value::into_text)?,
        };
        fields.must("origin", |value| (value.into_text()? == receipt.origin()).then_some(()))?;
        let words = fields.must("decision", Some)?;
        fields.end()?;
        let receipt = receipt.within_bounds().map_err(|error| match error {
            super::ReceiptError::Field(name) => FieldError::Wrong(name),
            super::ReceiptError::Cbor(error) => FieldError::Cbor(error),
        })?;
        Ok((receipt, words))
    }
}

fn hex(bytes: &[u8]) -> Value {
    Value::text(crate::hex::encode(bytes))
}

fn unhex(value: Value) -> Option<Vec<u8>> {
    crate::hex::decode(&value.into_text()?)
}

fn unhex_all(value: Value) -> Option<Vec<Hash>> {
    value.into_list()?.into_iter().map(|hash| unhex(hash)?.try_into().ok()).collect()
}
