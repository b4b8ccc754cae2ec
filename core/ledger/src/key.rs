//! The keys that sign notes: their names, their text form, what they sign with.

use crate::suite::Suite;
use base64ct::{Base64, Encoding as _};
use ed25519_dalek::Signer as _;

/// What a key signs, and with which suite. A key of one kind is never taken for another: the kind is part of its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// Notes with Ed25519 (C2SP signed-note, type 0x01).
    Ed25519,
    /// Cosignatures of checkpoints with Ed25519 (C2SP tlog-cosignature, type 0x04).
    Ed25519Cosignature,
    /// Notes with SM2 and SM3; not of C2SP.
    Sm2,
    /// Cosignatures of checkpoints with SM2 and SM3; not of C2SP.
    Sm2Cosignature,
}

/// Why a key can't be read or made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// A name that is empty or has a space, a plus sign or a control character in it.
    Name {
        /// The name.
        name: String,
    },
    /// Not a name, a key id and a key with plus signs between.
    Shape,
    /// The key's part is no standard Base64.
    Base64,
    /// A type of key that is not known here.
    Kind,
    /// No public key, or one under which anybody can sign.
    Key,
    /// The key id is not that of the key.
    Id {
        /// What it says.
        told: [u8; 4],
        /// What it would be.
        computed: [u8; 4],
    },
    /// A seed that is no secret key of this kind.
    Seed,
    /// The key is of another kind than what it was asked to sign.
    OtherKind {
        /// Its kind.
        kind: KeyKind,
    },
    /// A time that a cosignature can't hold.
    Time {
        /// Seconds since 1970.
        seconds: u64,
    },
}

impl std::fmt::Display for KeyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name { name } => {
                write!(f, "no space, plus sign or control character in a key's name: {name:?}")
            }
            Self::Shape => f.write_str("a key is written NAME+ID+KEY"),
            Self::Base64 => f.write_str("the key is not in standard Base64"),
            Self::Kind => f.write_str("a type of key that is not known here"),
            Self::Key => f.write_str("not a public key, or a weak one"),
            Self::Id { told, computed } => {
                let [told, computed] = [told, computed].map(|id| u32::from_be_bytes(*id));
                write!(f, "the key's id should be {computed:08x}, is: {told:08x}")
            }
            Self::Seed => f.write_str("the seed is no secret key of this kind"),
            Self::OtherKind { kind } => write!(f, "the key does not sign this, it is of the kind: {kind:?}"),
            Self::Time { seconds } => write!(f, "a time beyond what can be signed: {seconds}"),
        }
    }
}

impl std::error::Error for KeyError {}

/// A public key with its name.
///
/// ```
/// use anning_ledger::{KeyKind, VerifierKey};
/// let key = VerifierKey::parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k").unwrap();
/// assert_eq!((key.name(), key.kind()), ("example.com/foo", KeyKind::Ed25519));
/// assert_eq!(key.to_string(), "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
/// ```
#[derive(Clone, Debug)]
pub struct VerifierKey {
    name: String,
    id: [u8; 4],
    kind: KeyKind,
    key: Public,
}

#[derive(Clone, Debug)]
enum Public {
    Ed25519(ed25519_dalek::VerifyingKey),
    Sm2(sm2::dsa::VerifyingKey),
}

/// A secret key with its name. Never printed.
#[derive(Clone)]
pub struct SignerKey {
    verifier: VerifierKey,
    key: Secret,
}

#[derive(Clone)]
enum Secret {
    Ed25519(ed25519_dalek::SigningKey),
    Sm2(sm2::dsa::SigningKey),
}

impl std::fmt::Debug for SignerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignerKey").field("verifier", &self.verifier).finish_non_exhaustive()
    }
}

impl KeyKind {
    /// The suite it signs with.
    #[must_use]
    pub const fn suite(self) -> Suite {
        match self {
            Self::Ed25519 | Self::Ed25519Cosignature => Suite::International,
            Self::Sm2 | Self::Sm2Cosignature => Suite::Gm,
        }
    }

    /// Does it sign checkpoints with a time?
    #[must_use]
    pub const fn is_cosignature(self) -> bool {
        match self {
            Self::Ed25519Cosignature | Self::Sm2Cosignature => true,
            Self::Ed25519 | Self::Sm2 => false,
        }
    }

    /// The kind that signs notes, or cosigns checkpoints, in a suite.
    #[must_use]
    pub const fn of(suite: Suite, cosignature: bool) -> Self {
        match (suite, cosignature) {
            (Suite::International, false) => Self::Ed25519,
            (Suite::International, true) => Self::Ed25519Cosignature,
            (Suite::Gm, false) => Self::Sm2,
            (Suite::Gm, true) => Self::Sm2Cosignature,
        }
    }

    /// What stands before the public key: one byte, or 0xff and an identifier of our own.
    const fn type_bytes(self) -> &'static [u8] {
        match self {
            Self::Ed25519 => &[0x01],
            Self::Ed25519Cosignature => &[0x04],
            Self::Sm2 => b"\xffanning/sm2-sm3\n",
            Self::Sm2Cosignature => b"\xffanning/sm2-sm3/cosignature\n",
        }
    }

    const ALL: [Self; 4] = [Self::Ed25519, Self::Ed25519Cosignature, Self::Sm2, Self::Sm2Cosignature];
}

impl VerifierKey {
    /// Reads `NAME+ID+KEY` (C2SP signed-note, verifier keys).
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let (name, rest) = text.split_once('+').ok_or(KeyError::Shape)?;
        let (id, key) = rest.split_once('+').ok_or(KeyError::Shape)?;
        let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if id.len() != 8 || !id.bytes().all(is_hex) {
            return Err(KeyError::Shape);
        }
        let told = u32::from_str_radix(id, 16).map_err(|_| KeyError::Shape)?.to_be_bytes();
        let bytes = Base64::decode_vec(key).map_err(|_| KeyError::Base64)?;
        let kind = KeyKind::ALL.into_iter().find(|kind| bytes.starts_with(kind.type_bytes()));
        let kind = kind.ok_or(KeyError::Kind)?;
        let key = public(kind, bytes.strip_prefix(kind.type_bytes()).unwrap_or_default())?;
        let made = Self::new(name, kind, key)?;
        if made.id == told { Ok(made) } else { Err(KeyError::Id { told, computed: made.id }) }
    }

    fn new(name: &str, kind: KeyKind, key: Public) -> Result<Self, KeyError> {
        if !is_name(name) {
            return Err(KeyError::Name { name: name.to_owned() });
        }
        let parts: [&[u8]; 4] = [name.as_bytes(), b"\n", kind.type_bytes(), &public_bytes(&key)];
        let [a, b, c, d, ..] = kind.suite().digest(&parts);
        Ok(Self { name: name.to_owned(), id: [a, b, c, d], kind, key })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its id: which of the keys of that name.
    #[must_use]
    pub const fn id(&self) -> [u8; 4] {
        self.id
    }

    /// What it signs.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The public key: 32 bytes of Ed25519, or 65 bytes of an uncompressed SM2 point.
    #[must_use]
    pub fn public_bytes(&self) -> Vec<u8> {
        public_bytes(&self.key)
    }

    /// Is this its signature of 64 bytes over exactly this message?
    #[must_use]
    pub(crate) fn has_signed(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        match &self.key {
            Public::Ed25519(key) => {
                use ed25519_dalek::Verifier as _;
                key.verify(message, &ed25519_dalek::Signature::from_bytes(signature)).is_ok()
            }
            Public::Sm2(key) => {
                use sm2::dsa::signature::Verifier as _;
                let signature = sm2::dsa::Signature::from_slice(signature);
                signature.is_ok_and(|signature| key.verify(message, &signature).is_ok())
            }
        }
    }
}

impl PartialEq for VerifierKey {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, self.kind, self.public_bytes()) == (&other.name, other.kind, other.public_bytes())
    }
}

impl Eq for VerifierKey {}

impl std::fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = [self.kind.type_bytes(), &public_bytes(&self.key)].concat();
        write!(f, "{}+{:08x}+{}", self.name, u32::from_be_bytes(self.id), Base64::encode_string(&bytes))
    }
}

impl SignerKey {
    /// The key of a secret of 32 bytes: the seed of RFC 8032, or the SM2 scalar, big-endian.
    ///
    /// # Errors
    /// When the name is none, or the seed is not in SM2's range.
    pub fn from_seed(name: &str, kind: KeyKind, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let key = match kind.suite() {
            Suite::International => Secret::Ed25519(ed25519_dalek::SigningKey::from_bytes(seed)),
            Suite::Gm => {
                let key = sm2::dsa::SigningKey::from_slice(SM2_USER, seed).map_err(|_| KeyError::Seed)?;
                Secret::Sm2(key)
            }
        };
        let public = match &key {
            Secret::Ed25519(key) => Public::Ed25519(key.verifying_key()),
            Secret::Sm2(key) => Public::Sm2(key.verifying_key().clone()),
        };
        Ok(Self { verifier: VerifierKey::new(name, kind, public)?, key })
    }

    /// Its public half.
    #[must_use]
    pub const fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Signs exactly this message.
    pub(crate) fn signature(&self, message: &[u8]) -> Result<[u8; 64], KeyError> {
        match &self.key {
            Secret::Ed25519(key) => Ok(key.sign(message).to_bytes()),
            Secret::Sm2(key) => {
                use sm2::dsa::signature::Signer as _;
                // Fails for one nonce in 2^256, and for the one scalar whose successor has no inverse.
                key.try_sign(message).map(|signature| signature.to_bytes().into()).map_err(|_| KeyError::Seed)
            }
        }
    }
}

/// May a key be called this?
pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c == '+' || c < ' ')
}

fn public(kind: KeyKind, bytes: &[u8]) -> Result<Public, KeyError> {
    match kind.suite() {
        Suite::International => {
            let bytes = bytes.try_into().map_err(|_| KeyError::Key)?;
            let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::Key)?;
            // Under a key of small order one signature fits many messages.
            if key.is_weak() { Err(KeyError::Key) } else { Ok(Public::Ed25519(key)) }
        }
        Suite::Gm => {
            // One spelling of a point, so that a key has one id.
            if bytes.len() != SM2_POINT || bytes.first() != Some(&SM2_UNCOMPRESSED) {
                return Err(KeyError::Key);
            }
            let key = sm2::dsa::VerifyingKey::from_sec1_bytes(SM2_USER, bytes).map_err(|_| KeyError::Key)?;
            Ok(Public::Sm2(key))
        }
    }
}

fn public_bytes(key: &Public) -> Vec<u8> {
    match key {
        Public::Ed25519(key) => key.to_bytes().to_vec(),
        Public::Sm2(key) => {
            use sm2::elliptic_curve::sec1::ToSec1Point as _;
            key.to_sec1_point(false).as_bytes().to_vec()
        }
    }
}

/// The distinguishing identifier of GM/T 0009 for signers that have none.
const SM2_USER: &str = "1234567812345678";
const SM2_POINT: usize = 65;
const SM2_UNCOMPRESSED: u8 = 0x04;

#[cfg(test)]
mod tests {
    use super::{KeyError, KeyKind, SignerKey, VerifierKey};
    use base64ct::{Base64, Encoding as _};

    const EXAMPLE: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    #[test]
    fn every_kind_survives_its_text_form() {
        for kind in KeyKind::ALL {
            assert_eq!(KeyKind::of(kind.suite(), kind.is_cosignature()), kind);
            let signer = SignerKey::from_seed("example.org/log", kind, &[7; 32]).unwrap();
            let text = signer.verifier().to_string();
            let read = VerifierKey::parse(&text).unwrap();
            assert_eq!((read.to_string(), read.kind(), read.id()), (text, kind, signer.verifier().id()));
            let signature = signer.signature(b"message").unwrap();
            assert!(read.has_signed(b"message", &signature));
            assert!(!read.has_signed(b"massage", &signature));
            for bit in 0..512 {
                let mut other = signature;
                other[bit / 8] ^= 1 << (bit % 8);
                assert!(!read.has_signed(b"message", &other), "bit {bit} of {kind:?}");
            }
        }
    }

    #[test]
    fn bad_keys_say_why() {
        let check = |text: &str, expected: KeyError| {
            assert_eq!(VerifierKey::parse(text).map(|key| key.to_string()), Err(expected), "{text}");
        };
        let key = EXAMPLE.rsplit('+').next().unwrap();
        check("", KeyError::Shape);
        check("example.com/foo+530d903a", KeyError::Shape);
        check(&format!("example.com/foo+530D903A+{key}"), KeyError::Shape);
        check(&format!("example.com/foo+30d903a+{key}"), KeyError::Shape);
        check(&format!("+530d903a+{key}"), KeyError::Name { name: String::new() });
        check(&format!("a b+530d903a+{key}"), KeyError::Name { name: "a b".to_owned() });
        check(&format!("a\u{3000}b+530d903a+{key}"), KeyError::Name { name: "a\u{3000}b".to_owned() });
        check(&EXAMPLE[..EXAMPLE.len() - 1], KeyError::Base64);
        check(&format!("{EXAMPLE}+"), KeyError::Base64);
        check("example.com/foo+530d903a+", KeyError::Kind);
        check("example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", KeyError::Kind);
        check("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3Q==", KeyError::Key);
        let other = VerifierKey::parse(&EXAMPLE.replace("foo", "bar"));
        let Err(KeyError::Id { told, computed }) = other else { panic!("{other:?}") };
        assert_eq!(told, [0x53, 0x0d, 0x90, 0x3a]);
        assert_ne!(computed, told);
        let weak = Base64::encode_string(&[&[1_u8, 1][..], &[0; 31]].concat());
        check(&format!("example.com/foo+530d903a+{weak}"), KeyError::Key);
    }

    #[test]
    fn a_point_has_one_spelling() {
        let key = SignerKey::from_seed("a", KeyKind::Sm2, &[7; 32]).unwrap().verifier().clone();
        let point = key.public_bytes();
        let sign = 2 + (point[64] & 1);
        for bytes in [&[&[sign], &point[1..33]].concat()[..], &point[1..], &point[..64], &[0]] {
            let typed = [KeyKind::Sm2.type_bytes(), bytes].concat();
            let text = format!("a+00000000+{}", Base64::encode_string(&typed));
            assert_eq!(VerifierKey::parse(&text), Err(KeyError::Key), "{} bytes", bytes.len());
        }
    }

    #[test]
    fn seeds_out_of_range() {
        for seed in [[0; 32], [0xff; 32]] {
            let made = SignerKey::from_seed("a", KeyKind::Sm2, &seed);
            assert_eq!(made.map(|_| ()), Err(KeyError::Seed));
        }
        let signer = SignerKey::from_seed("a", KeyKind::Ed25519, &[9; 32]).unwrap();
        assert!(!format!("{signer:?}").contains("9, 9, 9"), "a secret is not printed");
    }
}
