//! Entries of the journal: what one append puts on disk, in order. The leaf of an entry is public; the rest stays with
//! the holder of the ledger.

use anning_vocab::RecipientKey;

use crate::suite::Hash;

/// One entry. Those with a leaf take the next position in the log; the others serve those that follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// An act: commitment in the leaf, body sealed under the key of subject `subject`.
    Act {
        /// Whose.
        subject: u32,
        /// What the leaf says.
        commitment: Hash,
        /// The sealed body.
        sealed: Vec<u8>,
    },
    /// Terms by name; the leaf is the sheet.
    Sheet(Vec<u8>),
    /// Decisions: the leaf is root and count; each record is sealed under its recipient's key.
    Batch {
        /// What the leaf says after its kind.
        head: Vec<u8>,
        /// The decisions, in order.
        decisions: Vec<Sealed>,
    },
    /// What an officer or the system did; the leaf is the deed, with a commitment to whom it concerns.
    Deed {
        /// What the leaf says after its kind.
        head: Vec<u8>,
        /// Salt of that commitment.
        salt: Hash,
        /// The numbers of those it concerns.
        subjects: Vec<u32>,
    },
    /// A recipient met for the first time gets the next number: its hash, its key under its page key.
    Subject {
        /// Keyed hash of the address.
        key: RecipientKey,
        /// Its own key, wrapped.
        wrapped: [u8; 48],
    },
    /// The next page begins; its key follows from the epoch key of that number.
    PageKey {
        /// Which epoch key.
        epoch: u32,
    },
    /// A page of keys written again under a new page key, without those that were erased.
    Page {
        /// Number of the page.
        page: u32,
        /// Wrapped keys in order; an erased one is all zeros.
        rows: Vec<[u8; 48]>,
    },
    /// All page keys written again under a new epoch key.
    PageKeys {
        /// Which epoch key.
        epoch: u32,
        /// The page keys in order, wrapped.
        wrapped: Vec<[u8; 48]>,
    },
    /// The key of the keyed hash was changed: all hashes before it are hashed once more.
    HashKey {
        /// How many hash keys there are from here on.
        generation: u32,
    },
}

/// A decision in a batch. Its commitment outlives the key: the receipts of others are made from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// About whom.
    pub subject: u32,
    /// What the batch commits to.
    pub commitment: Hash,
    /// The sealed record.
    pub body: Vec<u8>,
}

/// Kinds of leaf, the first byte of each.
pub mod leaf {
    /// An act.
    pub const ACT: u8 = 1;
    /// A sheet of terms.
    pub const SHEET: u8 = 2;
    /// A batch of decisions.
    pub const BATCH: u8 = 3;
    /// A deed.
    pub const DEED: u8 = 4;
}

/// Why bytes are no entries: the offset at which they stop making sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed(pub usize);

impl core::fmt::Display for Malformed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "entries stop making sense at byte {}", self.0)
    }
}
impl core::error::Error for Malformed {}

impl Entry {
    /// The public leaf, if the entry has one.
    #[must_use]
    pub fn leaf(&self) -> Option<Vec<u8>> {
        let of = |kind: u8, rest: &[u8]| {
            let mut leaf = Vec::with_capacity(1 + rest.len());
            leaf.push(kind);
            leaf.extend_from_slice(rest);
            Some(leaf)
        };
        match self {
            Self::Act { commitment, .. } => of(leaf::ACT, commitment),
            Self::Sheet(sheet) => of(leaf::SHEET, sheet),
            Self::Batch { head, .. } => of(leaf::BATCH, head),
            Self::Deed { head, .. } => of(leaf::DEED, head),
            Self::Subject { .. }
            | Self::PageKey { .. }
            | Self::Page { .. }
            | Self::PageKeys { .. }
            | Self::HashKey { .. } => None,
        }
    }

    /// Appends the entry to `out`.
    pub fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Act { subject, commitment, sealed } => {
                out.push(1);
                out.extend_from_slice(&subject.to_le_bytes());
                out.extend_from_slice(commitment);
                bytes(out, sealed);
            }
            Self::Sheet(sheet) => {
                out.push(2);
                bytes(out, sheet);
            }
            Self::Batch { head, decisions } => {
                out.push(3);
                bytes(out, head);
                number(out, decisions.len());
                for Sealed { subject, commitment, body } in decisions {
                    out.extend_from_slice(&subject.to_le_bytes());
                    out.extend_from_slice(commitment);
                    bytes(out, body);
                }
            }
            Self::Deed { head, salt, subjects } => {
                out.push(4);
                bytes(out, head);
                out.extend_from_slice(salt);
                number(out, subjects.len());
                subjects.iter().for_each(|subject| out.extend_from_slice(&subject.to_le_bytes()));
            }
            Self::Subject { key, wrapped } => {
                out.push(16);
                out.extend_from_slice(&key.0);
                out.extend_from_slice(wrapped);
            }
            Self::PageKey { epoch } => {
                out.push(17);
                out.extend_from_slice(&epoch.to_le_bytes());
            }
            Self::Page { page, rows } => {
                out.push(18);
                out.extend_from_slice(&page.to_le_bytes());
                wraps(out, rows);
            }
            Self::PageKeys { epoch, wrapped } => {
                out.push(19);
                out.extend_from_slice(&epoch.to_le_bytes());
                wraps(out, wrapped);
            }
            Self::HashKey { generation } => {
                out.push(20);
                out.extend_from_slice(&generation.to_le_bytes());
            }
        }
    }

    /// Reads one entry from the front of `from`.
    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(match from.array::<1>()? {
            [1] => Self::Act { subject: from.u32()?, commitment: from.array()?, sealed: from.bytes()? },
            [2] => Self::Sheet(from.bytes()?),
            [3] => {
                let head = from.bytes()?;
                let count = from.number()?;
                let mut decisions = Vec::new();
                for _ in 0..count {
                    decisions.push(Sealed {
                        subject: from.u32()?,
                        commitment: from.array()?,
                        body: from.bytes()?,
                    });
                }
                Self::Batch { head, decisions }
            }
            [4] => {
                let (head, salt) = (from.bytes()?, from.array()?);
                let count = from.number()?;
                let subjects = from.take(count.checked_mul(4)?)?;
                let subjects = subjects.as_chunks::<4>().0.iter().map(|n| u32::from_le_bytes(*n)).collect();
                Self::Deed { head, salt, subjects }
            }
            [16] => Self::Subject { key: RecipientKey(from.array()?), wrapped: from.array()? },
            [17] => Self::PageKey { epoch: from.u32()? },
            [18] => Self::Page { page: from.u32()?, rows: from.wraps()? },
            [19] => Self::PageKeys { epoch: from.u32()?, wrapped: from.wraps()? },
            [20] => Self::HashKey { generation: from.u32()? },
            [_] => return None,
        })
    }
}

/// The entries of one record of the journal.
#[derive(Clone, Debug)]
pub struct Entries<'b> {
    from: Reader<'b>,
    whole: usize,
}

impl<'b> Entries<'b> {
    /// Over the payload of a record.
    #[must_use]
    pub const fn new(payload: &'b [u8]) -> Self {
        Self { from: Reader(payload), whole: payload.len() }
    }
}

impl Iterator for Entries<'_> {
    type Item = Result<Entry, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.from.0.is_empty() {
            return None;
        }
        let at = self.whole - self.from.0.len();
        let entry = Entry::read(&mut self.from).ok_or(Malformed(at));
        if entry.is_err() {
            self.from = Reader(&[]);
        }
        Some(entry)
    }
}

/// Takes bytes from the front; `None` when there are too few.
#[derive(Clone, Debug)]
struct Reader<'b>(&'b [u8]);

impl Reader<'_> {
    fn take(&mut self, len: usize) -> Option<&[u8]> {
        let (head, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(head)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn number(&mut self) -> Option<usize> {
        self.u32().and_then(|n| usize::try_from(n).ok())
    }

    fn bytes(&mut self) -> Option<Vec<u8>> {
        let len = self.number()?;
        self.take(len).map(<[u8]>::to_vec)
    }

    fn wraps(&mut self) -> Option<Vec<[u8; 48]>> {
        let count = self.number()?;
        let rows = self.take(count.checked_mul(48)?)?;
        Some(rows.chunks_exact(48).filter_map(|row| row.try_into().ok()).collect())
    }
}

fn number(out: &mut Vec<u8>, n: usize) {
    // Entries are built from bounded batches; see the store's limits.
    out.extend_from_slice(&u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes());
}

fn bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    number(out, bytes.len());
    out.extend_from_slice(bytes);
}

fn wraps(out: &mut Vec<u8>, rows: &[[u8; 48]]) {
    number(out, rows.len());
    rows.iter().for_each(|row| out.extend_from_slice(row));
}

#[cfg(test)]
mod tests {
    use anning_vocab::RecipientKey;
    use proptest::prelude::*;

    use super::{Entries, Entry, Malformed, Sealed};

    fn sealed(subject: u32, len: usize) -> Sealed {
        Sealed { subject, commitment: [7; 32], body: vec![8; len] }
    }

    fn some() -> Vec<Entry> {
        vec![
            Entry::Subject { key: RecipientKey([1; 16]), wrapped: [2; 48] },
            Entry::PageKey { epoch: 1 },
            Entry::Act { subject: 7, commitment: [4; 32], sealed: vec![5; 90] },
            Entry::Sheet(vec![6; 10]),
            Entry::Batch { head: vec![7; 40], decisions: vec![sealed(1, 20), sealed(2, 0)] },
            Entry::Deed { head: vec![9], salt: [6; 32], subjects: vec![7, 8] },
            Entry::Page { page: 3, rows: vec![[0; 48], [1; 48]] },
            Entry::PageKeys { epoch: 2, wrapped: vec![[1; 48]] },
            Entry::HashKey { generation: 1 },
        ]
    }

    fn bytes(entries: &[Entry]) -> Vec<u8> {
        let mut out = Vec::new();
        entries.iter().for_each(|entry| entry.write(&mut out));
        out
    }

    #[test]
    fn what_is_written_is_read() {
        let read: Result<Vec<_>, _> = Entries::new(&bytes(&some())).collect();
        assert_eq!(read.unwrap(), some());
    }

    #[test]
    fn a_cut_record_says_where() {
        let bytes = bytes(&some());
        let mut ends = vec![0];
        for n in 1..=some().len() {
            ends.push(self::bytes(&some()[..n]).len());
        }
        for cut in 0..bytes.len() {
            let last = Entries::new(&bytes[..cut]).last();
            if ends.contains(&cut) {
                assert!(last.is_none_or(|entry| entry.is_ok()));
            } else {
                let begun = *ends.iter().rfind(|end| **end < cut).unwrap();
                assert_eq!(last, Some(Err(Malformed(begun))), "{cut}");
            }
        }
    }

    proptest! {
        #[test]
        fn garbage_ends(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(Entries::new(&bytes).count() <= bytes.len());
        }
    }
}
