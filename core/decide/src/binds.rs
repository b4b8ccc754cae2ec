//! What a decision is bound to, so that anyone can decide again from the opened evidence.

use anning_consent::{BrandGraph, Member};

use crate::house::{HouseGround, Policy};

/// Hashes (BLAKE3, 32 bytes) of everything a decision depended on besides the message and its facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Binds {
    /// Law pack.
    pub law: [u8; 32],
    /// Judge: weights, cues and code version.
    pub judge: [u8; 32],
    /// House policy.
    pub policy: [u8; 32],
    /// Brand graph.
    pub brands: [u8; 32],
    /// Position in the log of consent events up to which facts were read; 0 for a file audit.
    pub log_position: u64,
}

impl Policy {
    /// Hash of every setting, in a fixed form.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        let quiet = self.quiet_hours.map_or([u16::MAX; 2], |q| [q.from, q.to]);
        let (cap, per) = self.cap.map_or((u16::MAX, u8::MAX), |c| (c.at_most, c.per as u8));
        let mut bytes = Vec::with_capacity(32);
        bytes.extend_from_slice(b"anning policy 1\n");
        bytes.extend([self.mode as u8, self.reading as u8, self.account as u8]);
        bytes.extend(quiet.into_iter().flat_map(u16::to_be_bytes));
        bytes.extend(cap.to_be_bytes());
        bytes.extend([per, u8::from(self.brand_refusal), u8::from(self.require_filing)]);
        bytes.push(u8::from(self.refuse_codes_with_offer));
        *blake3::hash(&bytes).as_bytes()
    }
}

/// Hash of a brand graph given the names behind its interned ids, so that it does not depend on the order
/// in which an input was read.
pub fn brands_hash(
    graph: &BrandGraph,
    name: impl Fn(Member) -> String,
    brand: impl Fn(anning_vocab::BrandId) -> String,
) -> [u8; 32] {
    let mut lines: Vec<String> = graph
        .assertions()
        .into_iter()
        .map(|a| {
            let until = a.interval.until.map(|d| d.to_string()).unwrap_or_default();
            let by = a.by.map(|p| name(Member::Party(p))).unwrap_or_default();
            format!("{}\t{}\t{}\t{until}\t{by}\n", name(a.member), brand(a.brand), a.interval.from)
        })
        .collect();
    lines.sort_unstable();
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"anning brands 1\n");
    for line in &lines {
        hasher.update(line.as_bytes());
    }
    *hasher.finalize().as_bytes()
}

impl HouseGround {
    /// The code used in files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::BrandRefusal => "brand_refusal",
            Self::NotFiled => "not_filed",
            Self::QuietHours => "quiet_hours",
            Self::Cap => "cap",
        }
    }
}
