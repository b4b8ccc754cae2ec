//! Checkpoints (C2SP tlog-checkpoint): a log's size and root under its name, signed.

use crate::key::{KeyError, SignerKey, VerifierKey};
use crate::note::{Note, NoteError, Signature};
use crate::proof::Head;
use crate::suite::Hash;
use base64ct::{Base64, Encoding as _};

/// What a log says of itself at one moment.
///
/// ```
/// use anning_ledger::{Checkpoint, KeyKind, SignerKey};
/// let key = SignerKey::from_seed("example.org/log", KeyKind::Ed25519, &[7; 32]).unwrap();
/// let checkpoint = Checkpoint::new("example.org/log", 3, [9; 32]).unwrap();
/// let note = checkpoint.sign(&key).unwrap().to_string();
/// let (read, _) = Checkpoint::open(note.as_bytes(), "example.org/log", &[key.verifier().clone()]).unwrap();
/// assert_eq!(read, checkpoint);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name.
    pub origin: String,
    /// Number of leaves.
    pub size: u64,
    /// Root over them.
    pub root: Hash,
    /// Further lines, which no witness vouches for.
    pub extensions: Vec<String>,
}

/// Why a checkpoint can't be read, made or believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckpointError {
    /// The note around it.
    Note(NoteError),
    /// The key that was to sign it.
    Key(KeyError),
    /// Fewer than three lines, or an empty one among them.
    Lines,
    /// A size that is no decimal number below 2^63 without leading zeros.
    Size {
        /// What stands there.
        text: String,
    },
    /// A root that is not 32 bytes in standard Base64.
    Root,
    /// Another log's.
    Origin {
        /// Whose.
        origin: String,
    },
}

impl From<NoteError> for CheckpointError {
    fn from(error: NoteError) -> Self {
        Self::Note(error)
    }
}

impl std::fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Note(error) => error.fmt(f),
            Self::Key(error) => error.fmt(f),
            Self::Lines => f.write_str("a checkpoint has three lines or more, none empty"),
            Self::Size { text } => write!(f, "not the size of a log: {text:?}"),
            Self::Root => f.write_str("the root is not 32 bytes in standard Base64"),
            Self::Origin { origin } => write!(f, "the checkpoint of another log: {origin:?}"),
        }
    }
}

impl std::error::Error for CheckpointError {}

impl Checkpoint {
    /// A checkpoint without extensions.
    ///
    /// # Errors
    /// When the origin is no line, or the size is beyond 2^63 - 1.
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, CheckpointError> {
        let made = Self { origin: origin.to_owned(), size, root, extensions: Vec::new() };
        if Self::parse(&made.body())? == made { Ok(made) } else { Err(CheckpointError::Lines) }
    }

    /// Size and root.
    #[must_use]
    pub const fn head(&self) -> Head {
        Head { size: self.size, root: self.root }
    }

    /// The text that is signed.
    #[must_use]
    pub fn body(&self) -> String {
        let root = Base64::encode_string(&self.root);
        let mut body = format!("{}\n{}\n{root}\n", self.origin, self.size);
        for line in &self.extensions {
            body.push_str(line);
            body.push('\n');
        }
        body
    }

    /// Reads the text of a note. Signatures are not looked at: [`Checkpoint::open`].
    ///
    /// # Errors
    /// Where it is no checkpoint.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let lines = text.strip_suffix('\n').ok_or(CheckpointError::Note(NoteError::Text))?;
        if lines.split('\n').any(str::is_empty) {
            return Err(CheckpointError::Lines);
        }
        let mut lines = lines.split('\n');
        let mut line = || lines.next().ok_or(CheckpointError::Lines);
        let (origin, size, root) = (line()?, line()?, line()?);
        Ok(Self {
            origin: origin.to_owned(),
            size: parse_size(size)
                .ok_or_else(|| CheckpointError::Size { text: size.chars().take(SHOWN).collect() })?,
            root: parse_hash(root).ok_or(CheckpointError::Root)?,
            extensions: lines.map(str::to_owned).collect(),
        })
    }

    /// Signs it with the log's key.
    ///
    /// # Errors
    /// When the key signs no notes, or a line would break the note.
    pub fn sign(&self, key: &SignerKey) -> Result<Note, CheckpointError> {
        let body = self.body();
        let mut note = Note::new(&body)?;
        note.add(Signature::sign(key, &body).map_err(CheckpointError::Key)?)?;
        Ok(note)
    }

    /// Reads a checkpoint of the log named `origin`, signed by one of its keys.
    ///
    /// # Errors
    /// When it is none, is of another log, or is not signed by a key of these.
    pub fn open(bytes: &[u8], origin: &str, keys: &[VerifierKey]) -> Result<(Self, Note), CheckpointError> {
        let note = Note::parse(bytes)?;
        // A witness alone does not speak for the log.
        if note.verify(keys)?.iter().all(|key| key.kind().is_cosignature()) {
            return Err(CheckpointError::Note(NoteError::NobodyKnown));
        }
        let checkpoint = Self::parse(note.text())?;
        if checkpoint.origin != origin {
            return Err(CheckpointError::Origin { origin: checkpoint.origin });
        }
        Ok((checkpoint, note))
    }
}

/// A number as checkpoints write it: no sign, no leading zero, below 2^63.
pub(crate) fn parse_size(text: &str) -> Option<u64> {
    let size: u64 = text.parse().ok()?;
    (size <= SIZE_MAX && size.to_string() == text).then_some(size)
}

/// A hash as checkpoints write it.
pub(crate) fn parse_hash(text: &str) -> Option<Hash> {
    Base64::decode_vec(text).ok()?.try_into().ok()
}

/// Readers keep sizes in signed numbers.
const SIZE_MAX: u64 = u64::MAX >> 1;
/// Characters of a bad size kept for the message.
const SHOWN: usize = 30;

#[cfg(test)]
mod tests {
    use super::{Checkpoint, CheckpointError};
    use crate::key::{KeyKind, SignerKey};
    use crate::note::NoteError;

    const ROOT: &str = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

    #[test]
    fn the_grammar() {
        let check = |text: &str, expected: Result<u64, CheckpointError>| {
            let read = Checkpoint::parse(text);
            if let Ok(checkpoint) = &read {
                assert_eq!(checkpoint.body(), text, "it is written as it was read");
            }
            assert_eq!(read.map(|checkpoint| checkpoint.size), expected, "{text:?}");
        };
        let size = |text: &str| Err(CheckpointError::Size { text: text.to_owned() });
        check(&format!("a\n0\n{ROOT}\n"), Ok(0));
        check(&format!("a log + more\n9223372036854775807\n{ROOT}\n"), Ok(u64::MAX >> 1));
        check(&format!("a\n1\n{ROOT}\nmore\nand more\n"), Ok(1));
        check(&format!("a\n9223372036854775808\n{ROOT}\n"), size("9223372036854775808"));
        for odd in ["01", "+1", "-1", "1 ", "0x1", "00", "1e3", "\u{661}"] {
            check(&format!("a\n{odd}\n{ROOT}\n"), size(odd));
        }
        check("", Err(CheckpointError::Note(NoteError::Text)));
        check(&format!("a\n1\n{ROOT}"), Err(CheckpointError::Note(NoteError::Text)));
        for short in ["\n", "a\n", "a\n1\n", "\n1\nA\n", "a\n\nA\n"] {
            check(short, Err(CheckpointError::Lines));
        }
        check(&format!("\n1\n{ROOT}\n"), Err(CheckpointError::Lines));
        check(&format!("a\n1\n{ROOT}\n\n"), Err(CheckpointError::Lines));
        check(&format!("a\n1\n{ROOT}\n\nmore\n"), Err(CheckpointError::Lines));
        for odd in
            [&ROOT[..43], "AAAA", &ROOT.replace('/', "_"), &ROOT.replace("I=", "J="), &format!("{ROOT} ")]
        {
            check(&format!("a\n1\n{odd}\n"), Err(CheckpointError::Root));
        }
    }

    #[test]
    fn whose_it_is() {
        for kind in [KeyKind::Ed25519, KeyKind::Sm2] {
            let key = SignerKey::from_seed("a", kind, &[1; 32]).unwrap();
            let keys = [key.verifier().clone()];
            let note = Checkpoint::new("a", 1, [3; 32]).unwrap().sign(&key).unwrap().to_string();
            let open = |note: &str, origin: &str| {
                Checkpoint::open(note.as_bytes(), origin, &keys).map(|(read, _)| read.size)
            };
            assert_eq!(open(&note, "a"), Ok(1));
            assert_eq!(open(&note, "b"), Err(CheckpointError::Origin { origin: "a".to_owned() }));
            let bad = NoteError::BadSignature { name: "a".to_owned() };
            assert_eq!(open(&note.replacen("\n1\n", "\n2\n", 1), "a"), Err(CheckpointError::Note(bad)));
        }
    }

    #[test]
    fn a_witness_alone_does_not_speak_for_the_log() {
        let witness = SignerKey::from_seed("w", KeyKind::Ed25519Cosignature, &[2; 32]).unwrap();
        let log = SignerKey::from_seed("a", KeyKind::Ed25519, &[1; 32]).unwrap();
        let keys = [witness.verifier().clone(), log.verifier().clone()];
        let checkpoint = Checkpoint::new("a", 1, [3; 32]).unwrap();
        let cosignature = crate::cosign::cosign(&witness, &checkpoint, 5).unwrap();
        let mut note = crate::note::Note::new(&checkpoint.body()).unwrap();
        note.add(cosignature).unwrap();
        assert!(note.verify(&keys).is_ok());
        let opened = Checkpoint::open(note.to_string().as_bytes(), "a", &keys);
        assert_eq!(opened, Err(CheckpointError::Note(NoteError::NobodyKnown)));
        note.add(crate::note::Signature::sign(&log, &checkpoint.body()).unwrap()).unwrap();
        assert!(Checkpoint::open(note.to_string().as_bytes(), "a", &keys).is_ok());
    }

    #[test]
    fn what_can_not_be_a_checkpoint() {
        assert_eq!(Checkpoint::new("", 1, [0; 32]), Err(CheckpointError::Lines));
        assert!(Checkpoint::new("a\nb", 1, [0; 32]).is_err());
        assert!(Checkpoint::new("a", 1 << 63, [0; 32]).is_err());
        let key = SignerKey::from_seed("a", KeyKind::Ed25519Cosignature, &[1; 32]).unwrap();
        let signed = Checkpoint::new("a", 1, [0; 32]).unwrap().sign(&key);
        assert!(
            matches!(signed, Err(CheckpointError::Key(_))),
            "a cosigner's key signs no checkpoint of its own"
        );
        let tab = Checkpoint { origin: "a\tb".to_owned(), size: 1, root: [0; 32], extensions: Vec::new() };
        let key = SignerKey::from_seed("a", KeyKind::Ed25519, &[1; 32]).unwrap();
        assert_eq!(tab.sign(&key), Err(CheckpointError::Note(NoteError::Control { at: 1 })));
    }
}
