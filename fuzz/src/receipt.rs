//! Promises of receipts and sheets of `anning-ledger`, and of the records that `anning-decide` reads from it.

use anning_decide::{DecisionRecord, Evidence};
use anning_ledger::{Receipt, Value, sheet};

/// A receipt that is read is written as it came, packed and readable; checking it ends, whatever it says.
pub(crate) fn receipt(bytes: &[u8]) {
    let Ok(receipt) = Receipt::from_bytes(bytes) else { return };
    assert_eq!(receipt.to_bytes(), bytes, "one writing a receipt");
    let words = match DecisionRecord::from_bytes(&receipt.record) {
        Ok(record) => {
            assert_eq!(record.to_bytes(), receipt.record, "one writing a record");
            record.words()
        }
        Err(_) => Value::Flag(false),
    };
    let json = receipt.to_readable(words.clone()).to_json();
    let read = Value::from_json(&json).ok().and_then(|value| Receipt::from_readable(value).ok());
    assert_eq!(read, Some((receipt.clone(), words)), "the readable form is the same receipt");
    let Ok(key) = anning_ledger::VerifierKey::parse(KEY) else { unreachable!("the key of the vectors") };
    if receipt.verify(&anning_ledger::Trust { log: key, witnesses: vec![] }).is_ok() {
        assert!(receipt.checkpoint.starts_with("log.example.org/anning\n"), "another log is not believed");
    }
}

/// A sheet that is read is written as it came.
pub(crate) fn a_sheet(bytes: &[u8]) {
    let mut names = sheet::Names::default();
    if let Ok(terms) = sheet::decode(bytes, &mut |table, name| names.intern(table, name)) {
        let again = sheet::encode(&terms, &|table, id| names.name(table, id));
        assert_eq!(again.as_deref(), Ok(bytes), "one writing a sheet");
    }
}

/// Evidence that is read is written as it came, and as JSON is the same evidence.
pub(crate) fn evidence(bytes: &[u8]) {
    if let Ok((evidence, names)) = Evidence::from_bytes(bytes) {
        let Ok(value) = evidence.to_value(&|table, id| names.name(table, id)) else {
            unreachable!("every name came from the evidence itself")
        };
        assert_eq!(value.to_bytes(), bytes, "one writing of evidence");
        assert_eq!(Value::from_json(&value.to_json()), Ok(value));
    }
}

/// The log's key of `spec/vectors/receipt`.
const KEY: &str = "log.example.org/anning+db37ed00+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";
