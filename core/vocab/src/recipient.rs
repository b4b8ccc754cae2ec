//! Who a message is for. An address is parsed once at the edge; inside, a malformed one cannot exist.

use crate::code::words;

words! {
    /// What kind of recipient; other provisions apply to each, never assumed.
    RecipientKind {
        /// A natural person in mainland China.
        Person = "person",
        /// A number or address outside mainland China.
        Foreign = "foreign",
        /// An organisation's line.
        Organisation = "organisation",
    }
}

/// A keyed hash of channel family and normalised address: 128 bits, so that a collision never allows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecipientKey(pub [u8; 16]);

impl core::fmt::Debug for RecipientKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let [a, b, ..] = self.0;
        write!(f, "RecipientKey({a:02x}{b:02x}…)")
    }
}

/// A normalised address. `Debug` and `Display` never print it whole.
///
/// ```
/// use anning_vocab::Recipient;
/// let a = Recipient::parse("+86 138-0013-8000").unwrap();
/// assert_eq!(a, Recipient::parse("１３８００１３８０００").unwrap());
/// assert_eq!(a.to_string(), "138****8000");
/// assert!(Recipient::parse("12ab").is_err());
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Recipient {
    address: Address,
}

/// Normalised forms.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Address {
    /// E.164 digits with country code, no plus.
    Number(u64),
    /// Lower-case e-mail or another account name, with a scheme such as `im:`.
    Name(String),
}

/// Why a text is no address. Never carries the text: it may be a person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressError {
    /// Nothing there.
    Empty,
    /// Neither a telephone number nor an e-mail address nor `im:name`.
    Form,
    /// Digits, but too few or too many for any telephone number.
    Length,
    /// Longer than 254 bytes.
    TooLong,
}

impl core::fmt::Display for AddressError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Empty => "recipient is empty",
            Self::Form => "recipient is neither a telephone number, an e-mail address nor im:name",
            Self::Length => "recipient has too few or too many digits for a telephone number",
            Self::TooLong => "recipient is longer than 254 bytes",
        })
    }
}
impl core::error::Error for AddressError {}

impl Recipient {
    /// Parses and normalises: `+86`, `86`, `0086`, spaces, hyphens, full-width digits; e-mail; `im:name`.
    ///
    /// # Errors
    /// [`AddressError`] says what is wrong without repeating the address.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        if text.len() > MAX_BYTES {
            return Err(AddressError::TooLong);
        }
        if text.starts_with("im:") && text.len() > 3 {
            return Ok(Self { address: Address::Name(text.to_owned()) });
        }
        if let Some((local, host)) = text.rsplit_once('@') {
            let ok = !local.is_empty()
                && host.split('.').count() >= 2
                && host.split('.').all(|label| !label.is_empty())
                && !text.contains(|c: char| c.is_whitespace() || c.is_control());
            let name = text.to_lowercase();
            return match ok {
                // Some letters are longer when they are small.
                true if name.len() > MAX_BYTES => Err(AddressError::TooLong),
                true => Ok(Self { address: Address::Name(name) }),
                false => Err(AddressError::Form),
            };
        }
        number(text).map(|n| Self { address: Address::Number(n) })
    }

    /// From the eleven digits of a mainland mobile number, the commonest writing by far: no text is parsed.
    ///
    /// ```
    /// use anning_vocab::Recipient;
    /// assert_eq!(Recipient::mainland_mobile(13_800_138_000), Recipient::parse("13800138000").ok());
    /// assert_eq!(Recipient::mainland_mobile(1_062_345_678), None);
    /// ```
    #[must_use]
    pub const fn mainland_mobile(local: u64) -> Option<Self> {
        if local / 10_000_000_000 == 1 {
            Some(Self { address: Address::Number(8_600_000_000_000 + local) })
        } else {
            None
        }
    }

    /// The canonical bytes that are hashed to a [`RecipientKey`]; written into `buffer` without allocation
    /// for numbers.
    pub fn canonical<'b>(&'b self, buffer: &'b mut [u8; 8]) -> &'b [u8] {
        match &self.address {
            Address::Number(n) => {
                *buffer = n.to_be_bytes();
                buffer
            }
            Address::Name(name) => name.as_bytes(),
        }
    }

    /// Is it a number or address outside mainland China, as far as the address shows?
    #[must_use]
    pub fn kind(&self) -> RecipientKind {
        match &self.address {
            Address::Number(n) if !is_mainland(*n) => RecipientKind::Foreign,
            Address::Number(n) if is_service_line(*n) => RecipientKind::Organisation,
            Address::Number(_) | Address::Name(_) => RecipientKind::Person,
        }
    }

    /// E.164 with a plus, or the name: only for the sealed original and the sendable list.
    #[must_use]
    pub fn reveal(&self) -> String {
        match &self.address {
            Address::Number(n) => format!("+{n}"),
            Address::Name(name) => name.clone(),
        }
    }
}

/// Country code and digits as one number. Mainland mobile and fixed lines get 86.
fn number(text: &str) -> Result<u64, AddressError> {
    let (mut digits, mut count, mut plus) = (0_u64, 0_usize, false);
    for c in text.chars() {
        let digit = match c {
            '0'..='9' => c as u32 - '0' as u32,
            '０'..='９' => c as u32 - '０' as u32,
            '+' | '＋' if count == 0 && !plus => {
                plus = true;
                continue;
            }
            ' ' | '-' | '－' | '(' | ')' | '（' | '）' | '\u{a0}' | '\u{3000}' | '\u{200b}' | '\u{feff}' =>
            {
                continue;
            }
            _ => return Err(AddressError::Form),
        };
        count += 1;
        if count > MAX_DIGITS {
            return Err(AddressError::Length);
        }
        digits = digits * 10 + u64::from(digit);
    }
    // `count` includes leading zeros, which the number itself forgets.
    let leading = count - decimal_len(digits);
    match (plus, leading, decimal_len(digits)) {
        (_, _, 0) => Err(AddressError::Form),
        (true, 0, 7..=15) | (false, 2, 7..=15) => Ok(digits),
        (false, 0, 13) if digits / 100_000_000_000 == 86 => Ok(digits),
        (false, 0, 11) if digits / 10_000_000_000 == 1 => Ok(8_600_000_000_000 + digits),
        // A fixed line with its area code, 0 then 9 to 11 digits.
        (false, 1, 9..=11) => Ok(86 * 10_u64.pow(u32::try_from(decimal_len(digits)).unwrap_or(0)) + digits),
        // 400 and 800 service lines.
        (false, 0, 10) if matches!(digits / 10_000_000, 400 | 800) => Ok(860_000_000_000 + digits),
        _ => Err(AddressError::Length),
    }
}

const fn decimal_len(n: u64) -> usize {
    match n.checked_ilog10() {
        Some(log) => log as usize + 1,
        None => 0,
    }
}

fn is_mainland(n: u64) -> bool {
    matches!((decimal_len(n), n), (11..=13, _))
        && n / 10_u64.pow(u32::try_from(decimal_len(n)).unwrap_or(2) - 2) == 86
}

fn is_service_line(n: u64) -> bool {
    decimal_len(n) == 12 && matches!(n / 10_000_000, 86_400 | 86_800)
}

impl core::fmt::Display for Recipient {
    /// Masked: `138****8000`, `a***@example.cn`.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match &self.address {
            Address::Number(n) => {
                let text = n.to_string();
                let local = if is_mainland(*n) { text.get(2..).unwrap_or(&text) } else { &text };
                let (head, tail) =
                    (local.get(..3).unwrap_or(""), local.get(local.len().saturating_sub(4)..).unwrap_or(""));
                write!(f, "{head}****{tail}")
            }
            Address::Name(name) => {
                let first = name.chars().next().unwrap_or('*');
                match name.rsplit_once('@') {
                    Some((_, host)) => write!(f, "{first}***@{host}"),
                    None => write!(f, "im:***"),
                }
            }
        }
    }
}

impl core::fmt::Debug for Recipient {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Recipient({self})")
    }
}

const MAX_BYTES: usize = 254;
/// E.164 allows 15; two leading zeros for an international prefix come on top.
const MAX_DIGITS: usize = 17;

#[cfg(test)]
mod tests {
    use super::{AddressError, Recipient, RecipientKind};

    fn reveal(text: &str) -> Result<String, AddressError> {
        Recipient::parse(text).map(|r| r.reveal())
    }

    #[test]
    fn many_writings_one_number() {
        for text in [
            "13800138000",
            "+8613800138000",
            "8613800138000",
            "0086 138 0013 8000",
            "138-0013-8000",
            "１３８００１３８０００",
            "\u{feff}13800138000",
        ] {
            assert_eq!(reveal(text).unwrap(), "+8613800138000", "{text}");
        }
        assert_eq!(reveal("010-62345678").unwrap(), "+861062345678");
        assert_eq!(reveal("+852 9123 4567").unwrap(), "+85291234567");
        assert_eq!(reveal("User@Example.CN").unwrap(), "user@example.cn");
        assert_eq!(reveal("im:张三").unwrap(), "im:张三");
    }

    #[test]
    fn what_is_no_address_says_why() {
        let check = |text: &str, error| assert_eq!(reveal(text), Err(error), "{text}");
        check("", AddressError::Empty);
        check("  ", AddressError::Empty);
        check("hello", AddressError::Form);
        check("138001380", AddressError::Length);
        check("999999999999999999", AddressError::Length);
        check("1.38E+10", AddressError::Form);
        check("a@b", AddressError::Form);
        check("a@b.c\u{0}", AddressError::Form);
        check("+", AddressError::Form);
        check("000", AddressError::Form);
        check(&"x".repeat(300), AddressError::TooLong);
        check(&format!("{}@a.b", "\u{23a}".repeat(120)), AddressError::TooLong);
    }

    #[test]
    fn kinds() {
        let check = |text: &str, kind| assert_eq!(Recipient::parse(text).unwrap().kind(), kind, "{text}");
        check("13800138000", RecipientKind::Person);
        check("+1 212 555 0100", RecipientKind::Foreign);
        check("+852 9123 4567", RecipientKind::Foreign);
        check("4008123123", RecipientKind::Organisation);
        check("010-62345678", RecipientKind::Person);
    }

    #[test]
    fn never_printed_whole() {
        let check =
            |text: &str, masked: &str| assert_eq!(Recipient::parse(text).unwrap().to_string(), masked);
        check("13800138000", "138****8000");
        check("zhangsan@example.cn", "z***@example.cn");
        check("im:zhangsan", "im:***");
    }
}
