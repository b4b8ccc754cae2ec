//! Which protocol, and where they differ for whoever simulates them.

use anning_text::Numbering;

/// A protocol and its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// CMPP 2.0.
    Cmpp2,
    /// CMPP 3.0.
    Cmpp3,
    /// SMPP 3.4.
    Smpp,
    /// SMGP 3.0.
    Smgp,
    /// SGIP 1.2.
    Sgip,
}

impl Protocol {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Cmpp2, Self::Cmpp3, Self::Smpp, Self::Smgp, Self::Sgip];

    /// Its name, in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cmpp2 => "cmpp2",
            Self::Cmpp3 => "cmpp3",
            Self::Smpp => "smpp",
            Self::Smgp => "smgp",
            Self::Sgip => "sgip",
        }
    }

    /// By its name; `cmpp` alone is 3.0.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        if name == "cmpp" {
            return Some(Self::Cmpp3);
        }
        Self::ALL.into_iter().find(|protocol| protocol.name() == name)
    }

    /// Whose numbers stand for codings.
    #[must_use]
    pub const fn numbering(self) -> Numbering {
        match self {
            Self::Cmpp2 | Self::Cmpp3 => Numbering::Cmpp,
            Self::Smpp => Numbering::Smpp,
            Self::Smgp => Numbering::Smgp,
            Self::Sgip => Numbering::Sgip,
        }
    }

    /// Its port by habit.
    #[must_use]
    pub const fn port(self) -> u16 {
        match self {
            Self::Cmpp2 | Self::Cmpp3 => 7890,
            Self::Smpp => 2775,
            Self::Smgp => 8890,
            Self::Sgip => 8801,
        }
    }

    /// A mainland number as this protocol writes it.
    pub(crate) fn written(self, number: u64) -> Vec<u8> {
        match self {
            Self::Sgip => format!("86{number}"),
            Self::Cmpp2 | Self::Cmpp3 | Self::Smpp | Self::Smgp => number.to_string(),
        }
        .into_bytes()
    }
}

/// A number without the country code that some protocols or senders write: the same person in all of them.
pub(crate) fn bare(number: &[u8]) -> &[u8] {
    let digits = number.strip_prefix(b"+").unwrap_or(number);
    digits.strip_prefix(b"86").filter(|rest| rest.len() == 11).unwrap_or(digits)
}
