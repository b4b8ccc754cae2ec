//! Bytes that a log may count and never show.

/// Bytes as they stand on the wire: contents, tails, commands that nobody reads.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Octets(pub Vec<u8>);

impl core::fmt::Debug for Octets {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        // A text may name a person, and a tail may hold whatever a sender's memory held.
        write!(f, "Octets({} bytes)", self.0.len())
    }
}

impl From<&[u8]> for Octets {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}
