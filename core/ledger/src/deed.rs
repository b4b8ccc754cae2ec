//! Deeds: what officers and the system do to a ledger, itself on record.

use anning_vocab::{Date, Timestamp};
use minicbor::{Decoder, Encoder};

use crate::event::EventError;
use crate::suite::{Hash, Suite};

/// One deed. Its public leaf names nobody: whom it concerns stands in a commitment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// What was done.
    pub kind: DeedKind,
    /// When.
    pub at: Timestamp,
    /// Commitment to those it concerns; zeros where it concerns nobody.
    pub subjects: Hash,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeedKind {
    /// The ledger was made.
    Made {
        /// Name of the log.
        origin: String,
        /// Code of the suite.
        suite: String,
    },
    /// Somebody asked to be forgotten: from here on their data are stored and nothing else (cn/pipl/47).
    Restricted {
        /// Retention ends with this day; erasure follows it.
        until: Date,
        /// Article that demands the retention, empty if none does.
        article: String,
    },
    /// Keys were destroyed.
    Erased,
    /// Evidence is held for a case: nothing is erased meanwhile.
    Held {
        /// Name of the case.
        name: String,
    },
    /// A hold ended.
    Released {
        /// Name of the case.
        name: String,
    },
    /// The master key was changed.
    MasterChanged,
    /// The key of the keyed hash was changed.
    HashKeyChanged {
        /// How many hash keys there are now.
        generation: u32,
    },
    /// A sign-up page was recorded: consents given there can cite it.
    Page {
        /// SHA-256 of the page record, whatever the suite; the record holds the hashes of its pictures and saved page.
        record: Hash,
    },
    /// The clock ran backwards or leapt.
    ClockLeapt {
        /// What it said before.
        from: Timestamp,
    },
}

impl Deed {
    /// The leaf after its kind byte, as `spec/event.md` lays it down.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Encoder::new(Vec::with_capacity(64));
        let mut write = || -> Result<(), minicbor::encode::Error<core::convert::Infallible>> {
            out.array(6)?.u8(VERSION)?.str(self.kind.code())?.i64(self.at.millis())?.bytes(&self.subjects)?;
            match &self.kind {
                DeedKind::Made { origin, suite } => out.str(origin)?.str(suite)?,
                DeedKind::Restricted { until, article } => out.i32(until.days())?.str(article)?,
                DeedKind::Held { name } | DeedKind::Released { name } => out.str(name)?.null()?,
                DeedKind::HashKeyChanged { generation } => out.u32(*generation)?.null()?,
                DeedKind::Page { record } => out.bytes(record)?.null()?,
                DeedKind::ClockLeapt { from } => out.i64(from.millis())?.null()?,
                DeedKind::Erased | DeedKind::MasterChanged => out.null()?.null()?,
            };
            Ok(())
        };
        // Writing into memory does not fail.
        let written = write();
        debug_assert!(written.is_ok(), "a deed has a leaf");
        out.into_writer()
    }

    /// Reads a leaf after its kind byte.
    ///
    /// # Errors
    /// [`EventError`] for what `spec/event.md` does not lay down.
    pub fn decode(bytes: &[u8]) -> Result<Self, EventError> {
        let mut from = Decoder::new(bytes);
        if from.array()? != Some(6) {
            return Err(EventError::Form);
        }
        let version = from.u8()?;
        if version != VERSION {
            return Err(EventError::Version(version));
        }
        let code = from.str()?.to_owned();
        let at = Timestamp::from_millis(from.i64()?);
        let subjects = from.bytes()?.try_into().map_err(|_| EventError::Form)?;
        let name = |from: &mut Decoder<'_>| -> Result<String, EventError> {
            let name = from.str()?.to_owned();
            from.null()?;
            Ok(name)
        };
        let nothing = |from: &mut Decoder<'_>| -> Result<(), EventError> {
            from.null()?;
            Ok(from.null()?)
        };
        let kind = match code.as_str() {
            "made" => DeedKind::Made { origin: from.str()?.to_owned(), suite: from.str()?.to_owned() },
            "restricted" => {
                DeedKind::Restricted { until: Date::from_days(from.i32()?), article: from.str()?.to_owned() }
            }
            "erased" => nothing(&mut from).map(|()| DeedKind::Erased)?,
            "held" => DeedKind::Held { name: name(&mut from)? },
            "released" => DeedKind::Released { name: name(&mut from)? },
            "master_changed" => nothing(&mut from).map(|()| DeedKind::MasterChanged)?,
            "hash_key_changed" => {
                let generation = from.u32()?;
                from.null()?;
                DeedKind::HashKeyChanged { generation }
            }
            "page" => {
                let record = from.bytes()?.try_into().map_err(|_| EventError::Form)?;
                from.null()?;
                DeedKind::Page { record }
            }
            "clock_leapt" => {
                let before = Timestamp::from_millis(from.i64()?);
                from.null()?;
                DeedKind::ClockLeapt { from: before }
            }
            _ => return Err(EventError::Form),
        };
        let deed = Self { kind, at, subjects };
        if deed.encode() == bytes { Ok(deed) } else { Err(EventError::NotCanonical) }
    }

    /// What a leaf says of those it concerns.
    #[must_use]
    pub fn commitment(suite: Suite, salt: &Hash, subjects: &[u32]) -> Hash {
        let numbers: Vec<u8> = subjects.iter().flat_map(|n| n.to_be_bytes()).collect();
        suite.digest(&[b"anning deed 1\n", salt, &numbers])
    }
}

impl DeedKind {
    /// The code used in files.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Made { .. } => "made",
            Self::Restricted { .. } => "restricted",
            Self::Erased => "erased",
            Self::Held { .. } => "held",
            Self::Released { .. } => "released",
            Self::MasterChanged => "master_changed",
            Self::HashKeyChanged { .. } => "hash_key_changed",
            Self::Page { .. } => "page",
            Self::ClockLeapt { .. } => "clock_leapt",
        }
    }
}

const VERSION: u8 = 1;

#[cfg(test)]
mod tests {
    use anning_vocab::{Date, Timestamp};

    use super::{Deed, DeedKind};

    #[test]
    fn every_kind_is_read_as_written() {
        let name = || "2026-监-17".to_owned();
        let kinds = [
            DeedKind::Made { origin: "log.example/1".to_owned(), suite: "ed25519-sha256".to_owned() },
            DeedKind::Restricted {
                until: Date::parse("2027-05-27").unwrap(),
                article: "cn/miit74/13".to_owned(),
            },
            DeedKind::Erased,
            DeedKind::Held { name: name() },
            DeedKind::Released { name: name() },
            DeedKind::MasterChanged,
            DeedKind::HashKeyChanged { generation: 2 },
            DeedKind::Page { record: [7; 32] },
            DeedKind::ClockLeapt { from: Timestamp::from_millis(-1) },
        ];
        for kind in kinds {
            let deed = Deed { kind, at: Timestamp::from_millis(9), subjects: [3; 32] };
            let bytes = deed.encode();
            assert_eq!(Deed::decode(&bytes), Ok(deed));
            for cut in 0..bytes.len() {
                assert!(Deed::decode(&bytes[..cut]).is_err());
            }
        }
    }
}
