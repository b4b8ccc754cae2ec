//! Which of the two layouts is spoken.

/// A layout of SUBMIT.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Version {
    /// 1.3: no FixedFee.
    Old,
    /// 3.0.
    #[default]
    Current,
}

impl Version {
    /// `ClientVersion` and `ServerVersion`.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Old => OLD,
            Self::Current => CURRENT,
        }
    }

    /// The layout that goes with a version byte: every byte but that of the old dialect means 3.0.
    #[must_use]
    pub const fn of(byte: u8) -> Self {
        if byte == OLD { Self::Old } else { Self::Current }
    }
}

const OLD: u8 = 0x13;
const CURRENT: u8 = 0x30;
