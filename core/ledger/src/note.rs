//! Signed notes (C2SP signed-note): a text and the signatures under it.

use crate::cosign;
use crate::key::{KeyError, SignerKey, VerifierKey, is_name};
use base64ct::{Base64, Encoding as _};

/// A text with signatures, those of unknown keys too. Nothing in it is to be believed before [`Note::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

/// A line under a note. That it stands there says nothing yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    name: String,
    id: [u8; 4],
    bytes: Vec<u8>,
}

/// Why bytes are no note, or a note is not to be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteError {
    /// Longer than a note may be.
    TooLong {
        /// Bytes it has.
        bytes: usize,
    },
    /// Not UTF-8.
    Encoding,
    /// A control character other than the end of a line.
    Control {
        /// At which byte.
        at: usize,
    },
    /// The text does not end its last line.
    Text,
    /// No empty line with signatures after it.
    NoSignatures,
    /// More signatures than a note may have.
    TooManySignatures,
    /// A line that is no signature.
    SignatureLine {
        /// Which, the first being 1.
        number: usize,
    },
    /// A signature of a known key that does not fit the text.
    BadSignature {
        /// The key's name.
        name: String,
    },
    /// No signature of a known key.
    NobodyKnown,
}

impl std::fmt::Display for NoteError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooLong { bytes } => write!(f, "a note may have {NOTE_MAX} bytes, has: {bytes}"),
            Self::Encoding => f.write_str("a note is UTF-8, this is not"),
            Self::Control { at } => write!(f, "a control character in a note, at byte: {at}"),
            Self::Text => f.write_str("the text of a note ends with the end of a line, this does not"),
            Self::NoSignatures => f.write_str("no signature lines after an empty line"),
            Self::TooManySignatures => write!(f, "more signatures than a note may have: {SIGNATURES_MAX}"),
            Self::SignatureLine { number } => write!(f, "not a signature, line after the text: {number}"),
            Self::BadSignature { name } => write!(f, "the signature does not fit the text, by: {name}"),
            Self::NobodyKnown => f.write_str("no signature of a known key"),
        }
    }
}

impl std::error::Error for NoteError {}

impl Signature {
    /// Signs the text of a note.
    ///
    /// # Errors
    /// When the key is for cosignatures, which need a time: [`crate::cosign()`].
    pub fn sign(key: &SignerKey, text: &str) -> Result<Self, KeyError> {
        let kind = key.verifier().kind();
        if kind.is_cosignature() {
            return Err(KeyError::OtherKind { kind });
        }
        Ok(Self::of(key.verifier(), key.signature(text.as_bytes())?.to_vec()))
    }

    /// A signature of this key.
    pub(crate) fn of(key: &VerifierKey, bytes: Vec<u8>) -> Self {
        Self { name: key.name().to_owned(), id: key.id(), bytes }
    }

    /// Name of the key that is said to have signed.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Id of that key.
    #[must_use]
    pub const fn id(&self) -> [u8; 4] {
        self.id
    }

    /// What the key made of the text.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Reads a line, with or without its end.
    ///
    /// # Errors
    /// [`NoteError::SignatureLine`].
    pub fn parse(line: &str) -> Result<Self, NoteError> {
        let read = || {
            let line = line.strip_suffix('\n').unwrap_or(line);
            let (name, base64) = line.strip_prefix(LINE_START)?.split_once(' ')?;
            let bytes = Base64::decode_vec(base64).ok()?;
            let (id, bytes) = bytes.split_first_chunk::<4>()?;
            let is_whole = is_name(name) && !bytes.is_empty();
            is_whole.then(|| Self { name: name.to_owned(), id: *id, bytes: bytes.to_vec() })
        };
        read().ok_or(NoteError::SignatureLine { number: 1 })
    }

    /// Does it claim to be of this key?
    #[must_use]
    pub fn is_by(&self, key: &VerifierKey) -> bool {
        self.id == key.id() && self.name == key.name()
    }

    /// Did this key make it over this text?
    #[must_use]
    pub fn fits(&self, key: &VerifierKey, text: &str) -> bool {
        if !self.is_by(key) {
            return false;
        }
        if key.kind().is_cosignature() {
            return cosign::time_of(key, &self.bytes, text).is_some();
        }
        let bytes: Result<&[u8; 64], _> = self.bytes.as_slice().try_into();
        bytes.is_ok_and(|bytes| key.has_signed(text.as_bytes(), bytes))
    }
}

impl std::fmt::Display for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = [&self.id[..], &self.bytes].concat();
        writeln!(f, "{LINE_START}{} {}", self.name, Base64::encode_string(&bytes))
    }
}

impl Note {
    /// A text to be signed: lines, each ended.
    ///
    /// # Errors
    /// When it can't be the text of a note.
    pub fn new(text: &str) -> Result<Self, NoteError> {
        check_text(text)?;
        Ok(Self { text: text.to_owned(), signatures: Vec::new() })
    }

    /// Puts a signature under it.
    ///
    /// # Errors
    /// When there are too many already.
    pub fn add(&mut self, signature: Signature) -> Result<(), NoteError> {
        if self.signatures.len() >= SIGNATURES_MAX {
            return Err(NoteError::TooManySignatures);
        }
        self.signatures.push(signature);
        Ok(())
    }

    /// Reads a note. Its signatures are not checked.
    ///
    /// # Errors
    /// Where it breaks the grammar or a limit.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > NOTE_MAX {
            return Err(NoteError::TooLong { bytes: bytes.len() });
        }
        let note = core::str::from_utf8(bytes).map_err(|_| NoteError::Encoding)?;
        check_controls(note)?;
        let (text, lines) = note.rsplit_once("\n\n").ok_or(NoteError::NoSignatures)?;
        // The first of the two ends belongs to the text.
        let text = note.get(..=text.len()).unwrap_or_default();
        let mut read = Self::new(text)?;
        for (line, number) in lines.split_inclusive('\n').zip(1..) {
            let signature = Signature::parse(line).ok().filter(|_| line.ends_with('\n'));
            read.add(signature.ok_or(NoteError::SignatureLine { number })?)?;
        }
        if read.signatures.is_empty() { Err(NoteError::NoSignatures) } else { Ok(read) }
    }

    /// The text, its last end of line included.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures, of keys known and unknown.
    #[must_use]
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Which of these keys signed it, each once, in the order of their signatures.
    ///
    /// # Errors
    /// When none did, or a signature of one of them is not good.
    pub fn verify<'k>(&self, keys: &'k [VerifierKey]) -> Result<Vec<&'k VerifierKey>, NoteError> {
        let mut signers: Vec<&VerifierKey> = Vec::new();
        for signature in &self.signatures {
            for key in keys.iter().filter(|key| signature.is_by(key)) {
                if !signature.fits(key, &self.text) {
                    return Err(NoteError::BadSignature { name: key.name().to_owned() });
                }
                if !signers.iter().any(|known| signature.is_by(known)) {
                    signers.push(key);
                }
            }
        }
        if signers.is_empty() { Err(NoteError::NobodyKnown) } else { Ok(signers) }
    }
}

impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| write!(f, "{signature}"))
    }
}

fn check_text(text: &str) -> Result<(), NoteError> {
    if text.len() > NOTE_MAX {
        return Err(NoteError::TooLong { bytes: text.len() });
    }
    check_controls(text)?;
    if text.ends_with('\n') { Ok(()) } else { Err(NoteError::Text) }
}

fn check_controls(text: &str) -> Result<(), NoteError> {
    let control = text.bytes().position(|byte| byte < b' ' && byte != b'\n');
    control.map_or(Ok(()), |at| Err(NoteError::Control { at }))
}

/// An em dash and a space.
const LINE_START: &str = "\u{2014} ";
/// Bytes of a note.
pub const NOTE_MAX: usize = 64 * 1_024;
/// Signatures under a note.
pub const SIGNATURES_MAX: usize = 100;

#[cfg(test)]
mod tests {
    use super::{NOTE_MAX, Note, NoteError, SIGNATURES_MAX, Signature};
    use crate::key::{KeyError, KeyKind, SignerKey, VerifierKey};
    use proptest::prelude::any;

    const KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    const NOTE: &str = "This is an example message.\n\n\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
    const POEM: &str = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned \u{e8} subito sera.\n\n\u{2014} quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";

    fn signer(name: &str, kind: KeyKind, seed: u8) -> SignerKey {
        SignerKey::from_seed(name, kind, &[seed; 32]).unwrap()
    }

    fn signed(text: &str, keys: &[&SignerKey]) -> Note {
        let mut note = Note::new(text).unwrap();
        keys.iter().for_each(|key| note.add(Signature::sign(key, text).unwrap()).unwrap());
        note
    }

    /// The examples of the specification.
    #[test]
    fn the_examples_of_c2sp() {
        let key = VerifierKey::parse(KEY).unwrap();
        let note = Note::parse(NOTE.as_bytes()).unwrap();
        assert_eq!(note.text(), "This is an example message.\n");
        assert_eq!(note.verify(std::slice::from_ref(&key)).unwrap()[0].name(), "example.com/foo");
        assert_eq!(note.to_string(), NOTE);
        let poem = Note::parse(POEM.as_bytes()).unwrap();
        assert!(poem.text().ends_with("sole:\n\ned \u{e8} subito sera.\n"));
        assert_eq!(poem.signatures()[0].id(), [0x36, 0x7b, 0xa0, 0x4b]);
        assert_eq!(poem.verify(&[key]), Err(NoteError::NobodyKnown));
        assert_eq!(poem.to_string(), POEM);
    }

    #[test]
    fn whose_signatures_count() {
        let [one, two, three] = [1, 2, 3].map(|seed| signer("example.org/log", KeyKind::Ed25519, seed));
        let gm = signer("example.org/log", KeyKind::Sm2, 1);
        let note = signed("text\n", &[&one, &two, &one, &gm]);
        let keys = [&gm, &one, &three].map(|key| key.verifier().clone());
        let signers = note.verify(&keys).unwrap();
        assert_eq!(signers, [&keys[1], &keys[0]], "each once, the unknown one passed over");
        assert_eq!(note.verify(&keys[2..]), Err(NoteError::NobodyKnown));
        assert_eq!(note.verify(&[]), Err(NoteError::NobodyKnown));
        let mut other = Note::new("other text\n").unwrap();
        note.signatures().iter().for_each(|signature| other.add(signature.clone()).unwrap());
        let bad = Err(NoteError::BadSignature { name: "example.org/log".to_owned() });
        assert_eq!(other.verify(&keys), bad);
        // One bad signature of a known key spoils the note, whatever the others are.
        let mut mixed = signed("text\n", &[&one]);
        mixed.add(Signature::sign(&gm, "other text\n").unwrap()).unwrap();
        assert_eq!(mixed.verify(&keys), bad);
        assert!(mixed.verify(&keys[1..]).is_ok());
    }

    /// A key is its name and its id: either alone is somebody else's.
    #[test]
    fn a_name_or_an_id_alone_is_unknown() {
        let one = signer("example.org/log", KeyKind::Ed25519, 1);
        let note = signed("text\n", &[&one]).to_string().replacen("example.org", "example.net", 1);
        let note = Note::parse(note.as_bytes()).unwrap();
        assert_eq!(note.signatures()[0].id(), one.verifier().id());
        assert_eq!(note.verify(&[one.verifier().clone()]), Err(NoteError::NobodyKnown));
    }

    #[test]
    fn a_cosigner_does_not_sign_notes() {
        for kind in [KeyKind::Ed25519Cosignature, KeyKind::Sm2Cosignature] {
            let refused = Signature::sign(&signer("w", kind, 1), "text\n");
            assert_eq!(refused, Err(KeyError::OtherKind { kind }));
        }
    }

    #[test]
    fn the_grammar() {
        let check = |note: &str, expected: NoteError| {
            assert_eq!(Note::parse(note.as_bytes()), Err(expected), "{note:?}");
        };
        let line = NOTE.lines().last().unwrap();
        let number = |number| NoteError::SignatureLine { number };
        check("", NoteError::NoSignatures);
        check("text\n", NoteError::NoSignatures);
        check("text\n\n", NoteError::NoSignatures);
        check(&format!("text\n{line}\n"), NoteError::NoSignatures);
        check(&format!("text\n\n{line}"), number(1));
        check(&format!("text\n\n{line}\n\n"), NoteError::NoSignatures);
        check(&format!("text\n\n{line}\nmore\n"), number(2));
        check(&format!("text\r\n\n{line}\n"), NoteError::Control { at: 4 });
        check(&format!("text\n\n{line}\r\n"), NoteError::Control { at: 6 + line.len() });
        check(&format!("te\0xt\n\n{line}\n"), NoteError::Control { at: 2 });
        check(&format!("text\n\n{}\n", line.replace('\u{2014}', "-")), number(1));
        check(&format!("text\n\n{}\n", line.replace("foo ", "foo  ")), number(1));
        check(&format!("text\n\n{}\n", line.replace("foo", "f+o")), number(1));
        check(&format!("text\n\n{}\n", line.replace("foo", "f\u{a0}o")), number(1));
        check(&format!("text\n\n{}\n", line.replace("example.com/foo", "")), number(1));
        check(&format!("text\n\n{}\n", line.trim_end_matches('=')), number(1));
        check("text\n\n\u{2014} a AAAAAA==\n", number(1));
        check("text\n\n\u{2014} a AAAAAB==\n", number(1));
        check("text\n\n\u{2014} a\n", number(1));
        assert!(Note::parse("text\n\n\u{2014} a AAAAAAA=\n".as_bytes()).is_ok(), "one byte of signature");
        assert!(Note::parse("\n\n\u{2014} a AAAAAAA=\n".as_bytes()).is_ok(), "a text of one empty line");
        assert_eq!(Note::parse(b"\xff\n\n"), Err(NoteError::Encoding));
        assert_eq!(Note::new("text"), Err(NoteError::Text));
        assert_eq!(Note::new(""), Err(NoteError::Text));
    }

    #[test]
    fn limits() {
        let line = "\u{2014} a AAAAAAA=\n";
        let with = |count| Note::parse(format!("text\n\n{}", line.repeat(count)).as_bytes());
        assert_eq!(with(SIGNATURES_MAX).unwrap().signatures().len(), 100);
        assert_eq!(with(SIGNATURES_MAX + 1), Err(NoteError::TooManySignatures));
        let long = |bytes: usize| {
            Note::parse(format!("{}\n\n{line}", "a".repeat(bytes - 2 - line.len())).as_bytes())
        };
        assert!(long(NOTE_MAX).is_ok());
        assert_eq!(long(NOTE_MAX + 1), Err(NoteError::TooLong { bytes: NOTE_MAX + 1 }));
    }

    proptest::proptest! {
        #[test]
        fn what_was_written_is_read(text in "([^\\p{Cc}]{0,20}\n){1,5}", seed in any::<u8>()) {
            let key = signer("example.org/log", KeyKind::Ed25519, seed);
            let note = signed(&text, &[&key]);
            let read = Note::parse(note.to_string().as_bytes()).unwrap();
            proptest::prop_assert!(read.verify(&[key.verifier().clone()]).is_ok());
            proptest::prop_assert_eq!(read, note);
        }
    }
}
