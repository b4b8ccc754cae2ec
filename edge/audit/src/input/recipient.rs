//! Addresses as logs write them, and pseudonyms.

use anning_vocab::{AddressError, Recipient, RecipientKey};

/// Why a cell is no recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoRecipient {
    /// As the vocabulary says.
    Address(AddressError),
    /// `1.38E+10`.
    Scientific,
    /// Not 32 hex digits.
    Key,
}

impl core::fmt::Display for NoRecipient {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Address(error) => error.fmt(f),
            Self::Scientific => f.write_str(
                "a spreadsheet turned this number into scientific notation and its last digits are lost; \
                 export the column as text again from the source",
            ),
            Self::Key => f.write_str("recipient_key is not 32 hex digits"),
        }
    }
}

/// Parses one cell.
pub(crate) fn address(cell: &str) -> Result<Recipient, NoRecipient> {
    // Most rows of most logs: a mainland mobile number in plain digits.
    if let Some(mobile) = plain_mobile(cell.as_bytes()).and_then(Recipient::mainland_mobile) {
        return Ok(mobile);
    }
    let cleaned = unwrapped(cell);
    Recipient::parse(cleaned).map_err(|error| {
        if is_scientific(cleaned) { NoRecipient::Scientific } else { NoRecipient::Address(error) }
    })
}

/// Parses one whole number, such as a Parquet column of integers holds.
pub(crate) fn number(n: i64) -> Result<Recipient, NoRecipient> {
    if let Some(mobile) = u64::try_from(n).ok().and_then(Recipient::mainland_mobile) {
        return Ok(mobile);
    }
    Recipient::parse(&n.to_string()).map_err(NoRecipient::Address)
}

/// Eleven digits that begin with 1.
fn plain_mobile(cell: &[u8]) -> Option<u64> {
    let digits: &[u8; 11] = cell.try_into().ok()?;
    let mut number = 0;
    let mut bad = 0;
    for c in digits {
        let digit = c.wrapping_sub(b'0');
        bad |= u8::from(digit > 9);
        number = number * 10 + u64::from(digit);
    }
    (bad == 0).then_some(number)
}

/// Without what exports put around a number to keep a spreadsheet from changing it: `="…"`, `'…`, tabs, and
/// the `.0` of a column of numbers with gaps.
fn unwrapped(cell: &str) -> &str {
    let cell = cell.trim();
    let cell = cell.strip_prefix('=').unwrap_or(cell);
    let cell = cell.strip_prefix('"').and_then(|c| c.strip_suffix('"')).unwrap_or(cell);
    let cell = cell.strip_prefix('\'').unwrap_or(cell).trim();
    match cell.strip_suffix(".0") {
        Some(whole) if !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit()) => whole,
        _ => cell,
    }
}

fn is_scientific(cell: &str) -> bool {
    let Some((mantissa, exponent)) = cell.split_once(['e', 'E']) else { return false };
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    digits(exponent) && digits(&mantissa.replacen('.', "", 1))
}

/// A pseudonym made elsewhere with the same key: 32 hex digits.
pub(crate) fn key(cell: &str) -> Result<RecipientKey, NoRecipient> {
    let cell: &[u8; 32] = cell.trim().as_bytes().try_into().map_err(|_| NoRecipient::Key)?;
    let mut key = [0; 16];
    for (byte, pair) in key.iter_mut().zip(cell.chunks_exact(2)) {
        let &[high, low] = pair else { return Err(NoRecipient::Key) };
        let digit = |c: u8| (c as char).to_digit(16).and_then(|d| u8::try_from(d).ok());
        let (Some(high), Some(low)) = (digit(high), digit(low)) else { return Err(NoRecipient::Key) };
        *byte = high << 4 | low;
    }
    Ok(RecipientKey(key))
}
