//! Addresses as logs write them, and pseudonyms.

use anning_vocab::{AddressError, Recipient, RecipientKey, RecipientKind};
use arrow_array::Array;

use super::frame::Lane;
use super::masked::Masked;
use super::reject::Fault;

/// The recipient of a row.
pub(crate) struct Addressee {
    pub key: RecipientKey,
    /// As far as the address shows; a pseudonym is taken for a person's.
    pub kind: RecipientKind,
    pub masked: Masked,
    /// `None` for a pseudonym.
    pub address: Option<Recipient>,
}

impl Addressee {
    /// Reads the address, or the pseudonym where there is none.
    pub(crate) fn read(
        addresses: &Lane<'_>,
        keys: &Lane<'_>,
        row: usize,
        hash: &impl Fn(&Recipient) -> RecipientKey,
    ) -> Result<Self, Fault> {
        if let Lane::Integers(numbers) = addresses
            && numbers.is_valid(row)
        {
            let n = numbers.value(row);
            let address = number(n).map_err(|e| Fault::new("recipient", e.to_string(), &n.to_string()))?;
            return Ok(Self::of(address, hash));
        }
        let cell = addresses.text(row);
        // Most rows of most logs: a mainland mobile number in plain digits.
        if let Some(mobile) = plain_mobile(cell.as_bytes())
            && let Some(address) = Recipient::mainland_mobile(mobile)
        {
            return Ok(Self {
                key: hash(&address),
                kind: RecipientKind::Person,
                masked: Masked::mobile(mobile),
                address: Some(address),
            });
        }
        if cell.trim().is_empty() {
            let cell = keys.text(row);
            if cell.trim().is_empty() {
                let none = NoRecipient::Address(AddressError::Empty);
                return Err(Fault::new("recipient", none.to_string(), ""));
            }
            let key = key(&cell).map_err(|e| Fault::new("recipient_key", e.to_string(), &cell))?;
            return Ok(Self { key, kind: RecipientKind::Person, masked: Masked::NONE, address: None });
        }
        let address = address(&cell).map_err(|e| Fault::new("recipient", e.to_string(), &cell))?;
        Ok(Self::of(address, hash))
    }

    fn of(address: Recipient, hash: &impl Fn(&Recipient) -> RecipientKey) -> Self {
        Self {
            key: hash(&address),
            kind: address.kind(),
            masked: Masked::of(&address),
            address: Some(address),
        }
    }
}

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
fn address(cell: &str) -> Result<Recipient, NoRecipient> {
    let cleaned = unwrapped(cell);
    Recipient::parse(cleaned).map_err(|error| {
        if is_scientific(cleaned) { NoRecipient::Scientific } else { NoRecipient::Address(error) }
    })
}

/// Parses one whole number, such as a Parquet column of integers holds.
fn number(n: i64) -> Result<Recipient, NoRecipient> {
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
pub(crate) fn unwrapped(cell: &str) -> &str {
    let cell = cell.trim();
    let cell = cell.strip_prefix('=').unwrap_or(cell);
    let cell = cell.strip_prefix('"').and_then(|c| c.strip_suffix('"')).unwrap_or(cell);
    let cell = cell.strip_prefix('\'').unwrap_or(cell).trim();
    match cell.strip_suffix(".0") {
        Some(whole) if !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit()) => whole,
        _ => cell,
    }
}

pub(crate) fn is_scientific(cell: &str) -> bool {
    let Some((mantissa, exponent)) = cell.split_once(['e', 'E']) else { return false };
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    digits(exponent) && digits(&mantissa.replacen('.', "", 1))
}

/// A pseudonym made elsewhere with the same key: 32 hex digits.
fn key(cell: &str) -> Result<RecipientKey, NoRecipient> {
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
