//! Bytes as lower-case hex, the one way that records, receipts and key rings write them.

/// Writes bytes.
///
/// ```
/// use anning_ledger::hex;
/// assert_eq!(hex::encode(&[0, 0xaf]), "00af");
/// assert_eq!(hex::decode("00af"), Some(vec![0, 0xaf]));
/// assert_eq!((hex::decode("00AF"), hex::decode("0")), (None, None));
/// ```
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

/// Reads bytes; nothing but whole pairs of lower-case digits.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    base16ct::lower::decode_vec(text).ok()
}
