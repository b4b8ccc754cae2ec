//! Sealing under a key: bodies under a recipient's key, keys under other keys.

use aead::{AeadInOut, KeyInit};
use aes_gcm::aead::consts::U12;
use aes_gcm::{AesGcm, aead};
use anning_vocab::Timestamp;
use chacha20poly1305::ChaCha20Poly1305;
use sm4::Sm4;

use crate::suite::Suite;

/// A secret of 32 bytes; printed as a dot, overwritten when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 32]);

impl Secret {
    /// From its bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes, to be wrapped.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl core::fmt::Debug for Secret {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Secret(·)")
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0 = core::hint::black_box([0; 32]);
    }
}

/// A seal that does not open: another key, another place, or bytes that were changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsealable;

impl core::fmt::Display for Unsealable {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("a seal does not open: wrong key, or the bytes were changed")
    }
}
impl core::error::Error for Unsealable {}

/// What a seal is for; a part of its nonce, so that one key never meets the same nonce for two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Purpose {
    /// The body of an act.
    Act = 1,
    /// The record of a decision.
    Decision = 2,
    /// The subject of a deed.
    Deed = 3,
    /// A recipient's key under its page key.
    RecipientKey = 4,
    /// A page key under the epoch key.
    PageKey = 5,
    /// An epoch key under the master key.
    EpochKey = 6,
    /// A part of a snapshot.
    Snapshot = 7,
    /// Evidence kept beside a decision.
    Evidence = 8,
    /// A key of the keyed hash of addresses, under the master key.
    HashKey = 9,
    /// The log's signing key, under the master key.
    SigningKey = 10,
    /// A record of a gateway's outbox.
    Outbox = 11,
    /// The key of a segment of it, under the master key.
    OutboxKey = 12,
}

/// Where a seal lies: two seals of one purpose under one key must differ in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// What the seal is for.
    pub purpose: Purpose,
    /// A position in the log, or another number that is used once under this key; below 2^40.
    pub at: u64,
    /// Number within that position, below 2^24.
    pub part: u32,
    /// Differs where the same place is written once more because a crash undid the first time: the low bits of the
    /// record's time. Below 2^24.
    pub attempt: u32,
}

impl Place {
    fn nonce(self) -> [u8; 12] {
        debug_assert!(self.at < 1 << 40 && self.part < 1 << 24 && self.attempt < 1 << 24, "{self:?}");
        let [_, p0, p1, p2] = self.part.to_be_bytes();
        let [_, _, _, a, b, c, d, e] = self.at.to_be_bytes();
        let [_, t0, t1, t2] = self.attempt.to_be_bytes();
        [self.purpose as u8, p0, p1, p2, a, b, c, d, e, t0, t1, t2]
    }

    /// Of what is written at a position, in a record of this time.
    #[must_use]
    pub const fn in_log(purpose: Purpose, at: u64, part: u32, time: Timestamp) -> Self {
        Self { purpose, at, part, attempt: (time.millis() & 0xff_ffff) as u32 }
    }
}

/// Bytes that a seal adds.
pub const TAG: usize = 16;

impl Suite {
    /// Seals `body` in place and appends the tag.
    pub fn seal(self, key: &Secret, place: Place, body: &mut Vec<u8>) {
        let sealed = match self {
            Self::International => seal(&ChaCha20Poly1305::new(key.bytes().into()), place, body),
            Self::Gm => seal(&self.sm4(key), place, body),
        };
        // Fails only for bodies of 64 GiB and more, which no caller can hold.
        debug_assert!(sealed, "a body too long to seal");
        if !sealed {
            body.clear();
        }
    }

    /// Opens what [`Suite::seal`] made.
    ///
    /// # Errors
    /// [`Unsealable`] under another key or place, or when a byte was changed.
    pub fn open(self, key: &Secret, place: Place, sealed: &[u8]) -> Result<Vec<u8>, Unsealable> {
        let mut body = sealed.to_vec();
        let opened = match self {
            Self::International => open(&ChaCha20Poly1305::new(key.bytes().into()), place, &mut body),
            Self::Gm => open(&self.sm4(key), place, &mut body),
        };
        if opened { Ok(body) } else { Err(Unsealable) }
    }

    /// SM4 takes 16 bytes: they are derived, so that all 32 of the key count.
    fn sm4(self, key: &Secret) -> AesGcm<Sm4, U12> {
        let derived = self.keyed(key.bytes(), &[b"anning sm4 key 1"]);
        let mut half = [0; 16];
        half.iter_mut().zip(derived).for_each(|(to, from)| *to = from);
        AesGcm::<Sm4, U12>::new(&half.into())
    }
}

fn seal<A: AeadInOut>(cipher: &A, place: Place, body: &mut Vec<u8>) -> bool {
    let Ok(nonce) = aead::Nonce::<A>::try_from(&place.nonce()[..]) else { return false };
    cipher.encrypt_in_place(&nonce, &[], body).is_ok()
}

fn open<A: AeadInOut>(cipher: &A, place: Place, body: &mut Vec<u8>) -> bool {
    let Ok(nonce) = aead::Nonce::<A>::try_from(&place.nonce()[..]) else { return false };
    cipher.decrypt_in_place(&nonce, &[], body).is_ok()
}

#[cfg(test)]
mod tests {
    use aes_gcm::aead::{AeadInOut as _, KeyInit as _};

    use super::{AesGcm, Place, Purpose, Secret, Sm4, Suite, TAG, U12};

    const PLACE: Place = Place { purpose: Purpose::Act, at: 7, part: 0, attempt: 0 };

    #[test]
    fn opens_only_as_it_was_sealed() {
        for suite in [Suite::International, Suite::Gm] {
            let key = Secret::new([3; 32]);
            let mut sealed = b"13800138000".to_vec();
            suite.seal(&key, PLACE, &mut sealed);
            assert_eq!(sealed.len(), 11 + TAG);
            assert_eq!(suite.open(&key, PLACE, &sealed).unwrap(), b"13800138000");
            assert!(suite.open(&Secret::new([4; 32]), PLACE, &sealed).is_err());
            assert!(suite.open(&key, Place { at: 8, ..PLACE }, &sealed).is_err());
            assert!(suite.open(&key, Place { part: 1, ..PLACE }, &sealed).is_err());
            assert!(suite.open(&key, Place { attempt: 1, ..PLACE }, &sealed).is_err());
            assert!(suite.open(&key, Place { purpose: Purpose::Deed, ..PLACE }, &sealed).is_err());
            for bit in 0..sealed.len() * 8 {
                let mut changed = sealed.clone();
                changed[bit / 8] ^= 1 << (bit % 8);
                assert!(suite.open(&key, PLACE, &changed).is_err());
            }
            assert!(suite.open(&key, PLACE, &[]).is_err());
        }
    }

    #[test]
    fn sm4_gcm_gives_the_answer_of_rfc_8998() {
        let hex = |text: &str| -> Vec<u8> {
            (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
        };
        let key: [u8; 16] = hex("0123456789abcdeffedcba9876543210").try_into().unwrap();
        let nonce: [u8; 12] = hex("00001234567800000000abcd").try_into().unwrap();
        let plain = hex(concat!(
            "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd",
            "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
        ));
        let mut body = plain.clone();
        let cipher = AesGcm::<Sm4, U12>::new(&key.into());
        let aad = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        cipher.encrypt_in_place(&nonce.into(), &aad, &mut body).unwrap();
        let expected = hex(concat!(
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735",
            "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d",
            "83de3541e4c2b58177e065a9bf7b62ec"
        ));
        assert_eq!(body, expected);
    }

    #[test]
    fn a_key_is_not_printed() {
        assert_eq!(format!("{:?}", Secret::new([9; 32])), "Secret(·)");
    }
}
