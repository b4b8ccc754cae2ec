//! What people may see of a telephone number: its first three and last four digits, in four bytes.

use anning_vocab::Recipient;

/// A masked address, `138****8000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Masked(u32);

impl Masked {
    /// A pseudonym: there is no address to show.
    pub const NONE: Self = Self(0);
    /// An e-mail address or account name.
    pub const NAME: Self = Self(u32::MAX);

    /// Of the eleven digits of a mainland mobile number.
    pub(crate) const fn mobile(local: u64) -> Self {
        Self::digits((local / 100_000_000) as u32, (local % 10_000) as u32)
    }

    /// Of any address.
    #[must_use]
    pub fn of(address: &Recipient) -> Self {
        let shown = address.to_string();
        let digits = |part: &str| part.parse::<u32>().ok().filter(|n| *n < 10_000);
        match shown.split_once("****") {
            Some((head, tail)) => match (digits(head), digits(tail)) {
                (Some(head), Some(tail)) if head < 1_000 => Self::digits(head, tail),
                _ => Self::NAME,
            },
            None => Self::NAME,
        }
    }

    const fn digits(head: u32, tail: u32) -> Self {
        Self(1 + head * 10_000 + tail)
    }

    /// As one number, to be stored.
    #[must_use]
    pub const fn to_bits(self) -> u32 {
        self.0
    }

    /// From [`Self::to_bits`].
    #[must_use]
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }
}

impl core::fmt::Display for Masked {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match *self {
            Self::NONE => f.write_str("pseudonym"),
            Self::NAME => f.write_str("***"),
            Self(digits) => write!(f, "{:03}****{:04}", (digits - 1) / 10_000, (digits - 1) % 10_000),
        }
    }
}
