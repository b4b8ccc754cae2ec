//! Versions, and the two layouts they have.

/// A version that is spoken here. 2.0 and 2.1 have the same layouts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Version {
    /// 0x20.
    V20,
    /// 0x21.
    V21,
    /// 0x30: numbers of 32 bytes instead of 21, codes of 4 bytes instead of 1, LinkID.
    #[default]
    V30,
}

impl Version {
    /// From the byte of a CONNECT: major and minor, a half each. None for what is not spoken here, as 0x7F, a
    /// variant of one vendor with layouts of its own.
    #[must_use]
    pub const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            0x20 => Some(Self::V20),
            // Later minors were never published; whoever claims one has the layouts of 2.
            0x21..=0x2F => Some(Self::V21),
            0x30 => Some(Self::V30),
            _ => None,
        }
    }

    /// As it stands in a CONNECT.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::V20 => 0x20,
            Self::V21 => 0x21,
            Self::V30 => 0x30,
        }
    }

    /// The layout of its PDUs.
    #[must_use]
    pub const fn layout(self) -> Layout {
        match self {
            Self::V20 | Self::V21 => Layout::Narrow,
            Self::V30 => Layout::Wide,
        }
    }
}

/// How wide numbers and codes are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Layout {
    /// 2.x: numbers of 21 bytes, codes of 1.
    Narrow,
    /// 3.0: numbers of 32 bytes, codes of 4.
    #[default]
    Wide,
}

impl Layout {
    /// Room of a subscriber's number.
    #[must_use]
    pub const fn number(self) -> usize {
        match self {
            Self::Narrow => 21,
            Self::Wide => 32,
        }
    }

    /// Room of Reserve (2.x) or LinkID (3.0) at the end of SUBMIT and DELIVER.
    #[must_use]
    pub const fn tail(self) -> usize {
        match self {
            Self::Narrow => 8,
            Self::Wide => 20,
        }
    }

    /// Length of a status report inside a DELIVER.
    #[must_use]
    pub const fn report(self) -> usize {
        match self {
            Self::Narrow => 60,
            Self::Wide => 71,
        }
    }
}
