//! The two suites of cryptography, chosen once a ledger.

use hmac::Hmac;
use sha2::{Digest as _, Sha256};
use sm3::Sm3;

/// A hash of 32 bytes.
pub type Hash = [u8; 32];

/// A suite. Its code stands in the ledger's settings and in receipts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Suite {
    /// SHA-256, Ed25519, ChaCha20-Poly1305: the formats of C2SP as they are.
    International,
    /// SM3, SM2, SM4-GCM (GB/T 32905, 32918, 32907): the same shapes, not C2SP.
    Gm,
}

impl Suite {
    /// The code used in files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::International => "ed25519-sha256",
            Self::Gm => "sm2-sm3",
        }
    }

    /// The suite with this code, if any.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::International, Self::Gm].into_iter().find(|suite| suite.code() == code)
    }

    /// Hash of the parts, one after another: SHA-256 or SM3.
    #[must_use]
    pub fn digest(self, parts: &[&[u8]]) -> Hash {
        match self {
            Self::International => {
                let mut hasher = Sha256::new();
                parts.iter().for_each(|part| hasher.update(part));
                hasher.finalize().into()
            }
            Self::Gm => {
                let mut hasher = Sm3::new();
                parts.iter().for_each(|part| hasher.update(part));
                hasher.finalize().into()
            }
        }
    }

    /// HMAC of the parts under a key: SHA-256 or SM3. Also derives keys and salts, with a tag as first part.
    #[must_use]
    pub fn keyed(self, key: &[u8; 32], parts: &[&[u8]]) -> Hash {
        match self {
            Self::International => mac::<Hmac<Sha256>>(key, parts),
            Self::Gm => mac::<Hmac<Sm3>>(key, parts),
        }
    }
}

fn mac<M>(key: &[u8; 32], parts: &[&[u8]]) -> Hash
where
    M: hmac::Mac + hmac::KeyInit,
{
    // HMAC takes keys of any length: there is no other case.
    let Ok(mut mac) = <M as hmac::KeyInit>::new_from_slice(key) else { return [0; 32] };
    parts.iter().for_each(|part| mac.update(part));
    let bytes = mac.finalize().into_bytes();
    let mut out = [0; 32];
    out.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
    out
}
