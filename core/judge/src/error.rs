//! What can be wrong with a file of weights.

use core::fmt;

/// Why weights were not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// The file does not begin as a file of weights does.
    NotWeights,
    /// Written by another version of the format: found, wanted.
    Version(u16, u16),
    /// Its length is not what its header says: found, wanted (bytes).
    Length(usize, usize),
    /// The checksum in the header does not match the body.
    Checksum,
    /// A number in it is out of range.
    Value,
    /// Training needs rows of both kinds: commercial, not commercial (counts).
    OneSided(usize, usize),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotWeights => f.write_str("not a file of weights"),
            Self::Version(found, wanted) => write!(f, "weights are not of version {wanted}: {found}"),
            Self::Length(found, wanted) => write!(f, "weights are not {wanted} bytes long: {found}"),
            Self::Checksum => f.write_str("weights are damaged: the checksum does not match"),
            Self::Value => f.write_str("weights hold a number out of range"),
            Self::OneSided(yes, no) => {
                write!(f, "training needs commercial and other rows, found: {yes} and {no}")
            }
        }
    }
}

impl core::error::Error for Error {}
