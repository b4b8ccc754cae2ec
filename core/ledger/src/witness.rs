//! A witness (C2SP tlog-witness): what it remembers of a log, and whether it cosigns the next checkpoint.

use crate::checkpoint::{Checkpoint, CheckpointError, parse_hash, parse_size};
use crate::cosign::cosign;
use crate::key::{KeyError, SignerKey, VerifierKey};
use crate::note::{NOTE_MAX, Note, NoteError, Signature};
use crate::proof::{Head, ProofError, verify_consistency};
use crate::suite::{Hash, Suite};
use crate::tree::empty_root;
use base64ct::{Base64, Encoding as _};

/// A log that a witness follows.
#[derive(Clone, Debug)]
pub struct Watched {
    /// Its origin.
    pub origin: String,
    /// How its tree is hashed.
    pub suite: Suite,
    /// The keys it signs with.
    pub keys: Vec<VerifierKey>,
}

/// What is asked of a witness: a checkpoint, and the proof that it continues the last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Size of the checkpoint that the witness cosigned last, 0 if none.
    pub old: u64,
    /// From there to the new one.
    pub proof: Vec<Hash>,
    /// The new checkpoint.
    pub note: Note,
}

/// What a witness says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It cosigns. `head` must be stored in place of the one it was judged by before the cosignature is handed out.
    Cosigned {
        /// What the witness has now seen.
        head: Head,
        /// The line for the note.
        signature: Signature,
    },
    /// It does not.
    Refused(Refusal),
}

/// Why a witness does not cosign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The text is no checkpoint.
    Malformed(CheckpointError),
    /// A log that is not watched.
    UnknownOrigin,
    /// No key of this log signed it.
    UnknownKey,
    /// A key of this log is said to have signed it, and did not.
    BadSignature,
    /// The size said to be the old one is beyond the new one.
    OldBeyondNew,
    /// Smaller than what was cosigned before.
    Rollback {
        /// The size cosigned before.
        known: u64,
    },
    /// The proof starts from another size than the one cosigned last: ask again from there.
    Stale {
        /// The size cosigned last, 0 if none.
        known: u64,
    },
    /// As many leaves as before and another root: the log signed two histories.
    Fork,
    /// No leaves and a root other than that of the empty tree.
    EmptyRoot,
    /// The proof does not lead from the old tree to the new one.
    BadProof(ProofError),
}

/// Why a request can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestError {
    /// Longer than a request may be, or not UTF-8.
    Bytes,
    /// The first line is not `old` and a size.
    Old,
    /// More than 63 lines of proof, one that is no hash, or no empty line after them.
    Proof,
    /// The checkpoint is no note.
    Note(NoteError),
}

impl std::fmt::Display for RequestError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bytes => f.write_str("a request that is too long or not UTF-8"),
            Self::Old => f.write_str("the first line should be: old SIZE"),
            Self::Proof => write!(f, "the proof should be at most {PROOF_MAX} hashes and an empty line"),
            Self::Note(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for RequestError {}

/// Judges a request for a log by what was cosigned of it last, and cosigns at `seconds` since 1970.
///
/// The caller stores the new head only if the old one is still the one it passed in, else two requests at once could
/// roll the log back.
///
/// # Errors
/// When the witness's own key can't cosign.
pub fn witness(
    log: &Watched,
    seen: Option<Head>,
    request: &Request,
    key: &SignerKey,
    seconds: u64,
) -> Result<Answer, KeyError> {
    match judge(log, seen, request) {
        Ok(checkpoint) => {
            let signature = cosign(key, &checkpoint, seconds)?;
            Ok(Answer::Cosigned { head: checkpoint.head(), signature })
        }
        Err(refusal) => Ok(Answer::Refused(refusal)),
    }
}

fn judge(log: &Watched, seen: Option<Head>, request: &Request) -> Result<Checkpoint, Refusal> {
    let new = Checkpoint::parse(request.note.text()).map_err(Refusal::Malformed)?;
    if new.origin != log.origin {
        return Err(Refusal::UnknownOrigin);
    }
    // A witness's key, should one stand among them, does not speak for the log.
    let speaks = |key: &&VerifierKey| !key.kind().is_cosignature();
    let theirs = |signature: &Signature| log.keys.iter().filter(speaks).any(|key| signature.is_by(key));
    if !request.note.signatures().iter().any(theirs) {
        return Err(Refusal::UnknownKey);
    }
    request.note.verify(&log.keys).map_err(|_| Refusal::BadSignature)?;
    if request.old > new.size {
        return Err(Refusal::OldBeyondNew);
    }
    let seen = seen.unwrap_or_else(|| Head { size: 0, root: empty_root(log.suite) });
    if new.size < seen.size {
        return Err(Refusal::Rollback { known: seen.size });
    }
    if request.old != seen.size {
        return Err(Refusal::Stale { known: seen.size });
    }
    if new.size == 0 && new.root != empty_root(log.suite) {
        return Err(Refusal::EmptyRoot);
    }
    if new.size == seen.size && new.root != seen.root {
        return Err(Refusal::Fork);
    }
    verify_consistency(log.suite, &seen, &new.head(), &request.proof).map_err(Refusal::BadProof)?;
    Ok(new)
}

impl Request {
    /// Reads the body of an `add-checkpoint` request.
    ///
    /// # Errors
    /// Where it breaks the grammar or a limit.
    pub fn parse(bytes: &[u8]) -> Result<Self, RequestError> {
        let text = core::str::from_utf8(bytes).ok().filter(|text| text.len() <= REQUEST_MAX);
        let text = text.ok_or(RequestError::Bytes)?;
        let (first, mut rest) = text.split_once('\n').ok_or(RequestError::Old)?;
        let old = first.strip_prefix("old ").and_then(parse_size).ok_or(RequestError::Old)?;
        let mut proof = Vec::new();
        loop {
            let (line, after) = rest.split_once('\n').ok_or(RequestError::Proof)?;
            rest = after;
            if line.is_empty() {
                break;
            }
            proof.push(parse_hash(line).filter(|_| proof.len() < PROOF_MAX).ok_or(RequestError::Proof)?);
        }
        let note = Note::parse(rest.as_bytes()).map_err(RequestError::Note)?;
        Ok(Self { old, proof, note })
    }
}

impl std::fmt::Display for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{}", Base64::encode_string(hash)))?;
        write!(f, "\n{}", self.note)
    }
}

/// Lines of proof in a request: a tree of 2^63 leaves needs no more.
const PROOF_MAX: usize = 63;
/// Bytes of a request: 63 lines of hashes, a first line, a note.
const REQUEST_MAX: usize = NOTE_MAX + 64 * 45;

#[cfg(test)]
mod tests {
    use super::{Answer, Refusal, Request, RequestError, Watched, witness};
    use crate::batch::Batch;
    use crate::checkpoint::{Checkpoint, CheckpointError};
    use crate::key::{KeyError, KeyKind, SignerKey};
    use crate::note::Note;
    use crate::proof::{Head, ProofError, consistency_proof};
    use crate::reference;
    use crate::suite::{Hash, Suite};

    const SUITE: Suite = Suite::International;

    fn key(name: &str, kind: KeyKind) -> SignerKey {
        SignerKey::from_seed(name, kind, &[3; 32]).unwrap()
    }

    fn head(size: u64) -> Head {
        let leaves = reference::leaves(SUITE, usize::try_from(size).unwrap());
        Head { size, root: reference::root_of(SUITE, &leaves) }
    }

    fn request(old: u64, new: Head) -> Request {
        let leaves = reference::leaves(SUITE, usize::try_from(new.size).unwrap());
        let proof =
            consistency_proof(SUITE, old.min(new.size), new.size, &Batch::new(SUITE, leaves)).unwrap();
        let checkpoint = Checkpoint::new("log", new.size, new.root).unwrap();
        Request { old, proof, note: checkpoint.sign(&key("log", KeyKind::Ed25519)).unwrap() }
    }

    fn ask(seen: Option<Head>, request: &Request) -> Answer {
        let keys = vec![key("log", KeyKind::Ed25519).verifier().clone()];
        let log = Watched { origin: "log".to_owned(), suite: SUITE, keys };
        witness(&log, seen, request, &key("witness", KeyKind::Ed25519Cosignature), 1_000).unwrap()
    }

    #[test]
    fn a_log_that_grows_is_cosigned() {
        let mut seen = None;
        for size in [0, 0, 1, 1, 2, 7, 8, 100, 100, 257] {
            let asked = request(seen.map_or(0, |seen: Head| seen.size), head(size));
            let sent = Request::parse(asked.to_string().as_bytes()).unwrap();
            assert_eq!(sent, asked);
            let Answer::Cosigned { head: now, signature } = ask(seen, &sent) else { panic!("size {size}") };
            assert_eq!(now, head(size));
            let witness = key("witness", KeyKind::Ed25519Cosignature);
            assert!(signature.fits(witness.verifier(), asked.note.text()));
            seen = Some(now);
        }
    }

    #[test]
    fn refusals() {
        let refused = |seen: Option<Head>, request: &Request, expected: Refusal| {
            assert_eq!(ask(seen, request), Answer::Refused(expected));
        };
        let (five, nine) = (head(5), head(9));
        let forged = |size, root: Hash| Head { size, root };
        refused(Some(nine), &request(5, five), Refusal::Rollback { known: 9 });
        refused(Some(nine), &request(9, five), Refusal::OldBeyondNew);
        refused(Some(five), &request(4, nine), Refusal::Stale { known: 5 });
        refused(None, &request(5, nine), Refusal::Stale { known: 0 });
        refused(Some(five), &request(5, forged(5, nine.root)), Refusal::Fork);
        refused(Some(five), &request(5, forged(9, five.root)), Refusal::BadProof(ProofError::Root));
        refused(Some(forged(5, nine.root)), &request(5, nine), Refusal::BadProof(ProofError::Root));
        refused(None, &request(0, forged(0, nine.root)), Refusal::EmptyRoot);
        let mut short = request(5, nine);
        short.proof.pop();
        refused(Some(five), &short, Refusal::BadProof(ProofError::Length { hashes: short.proof.len() }));
        let mut needless = request(0, nine);
        needless.proof.push(nine.root);
        refused(None, &needless, Refusal::BadProof(ProofError::Length { hashes: 1 }));
    }

    #[test]
    fn whose_checkpoint_it_is() {
        let nine = head(9);
        let with = |origin: &str, signer: &SignerKey| {
            let note = Checkpoint::new(origin, 9, nine.root).unwrap().sign(signer).unwrap();
            ask(None, &Request { old: 0, proof: Vec::new(), note })
        };
        let ours = key("log", KeyKind::Ed25519);
        assert_eq!(with("other", &ours), Answer::Refused(Refusal::UnknownOrigin));
        assert_eq!(with("log", &key("log2", KeyKind::Ed25519)), Answer::Refused(Refusal::UnknownKey));
        assert_eq!(with("log", &key("log", KeyKind::Sm2)), Answer::Refused(Refusal::UnknownKey));
        let text = request(0, nine).note.to_string().replacen("\n9\n", "\n8\n", 1);
        let note = Note::parse(text.as_bytes()).unwrap();
        let answer = ask(None, &Request { old: 0, proof: Vec::new(), note });
        assert_eq!(answer, Answer::Refused(Refusal::BadSignature));
        let note = Note::parse(request(0, nine).note.to_string().replacen("9\n", "", 1).as_bytes()).unwrap();
        let answer = ask(None, &Request { old: 0, proof: Vec::new(), note });
        assert_eq!(answer, Answer::Refused(Refusal::Malformed(CheckpointError::Lines)));
    }

    #[test]
    fn a_witness_does_not_speak_for_the_log() {
        let other = key("log", KeyKind::Ed25519Cosignature);
        let log = Watched { origin: "log".to_owned(), suite: SUITE, keys: vec![other.verifier().clone()] };
        let checkpoint = Checkpoint::new("log", 9, head(9).root).unwrap();
        let mut note = Note::new(&checkpoint.body()).unwrap();
        note.add(super::cosign(&other, &checkpoint, 5).unwrap()).unwrap();
        let request = Request { old: 0, proof: Vec::new(), note };
        let answer = witness(&log, None, &request, &key("w", KeyKind::Ed25519Cosignature), 6);
        assert_eq!(answer, Ok(Answer::Refused(Refusal::UnknownKey)));
    }

    #[test]
    fn a_key_that_signs_notes_can_not_witness() {
        let log = Watched {
            origin: "log".to_owned(),
            suite: SUITE,
            keys: vec![key("log", KeyKind::Ed25519).verifier().clone()],
        };
        let kind = KeyKind::Ed25519;
        let answer = witness(&log, None, &request(0, head(3)), &key("log", kind), 1);
        assert_eq!(answer, Err(KeyError::OtherKind { kind }));
    }

    #[test]
    fn the_grammar_of_a_request() {
        let good = request(5, head(9)).to_string();
        let check = |text: &str, expected: RequestError| {
            assert_eq!(Request::parse(text.as_bytes()), Err(expected), "{text:?}");
        };
        check("", RequestError::Old);
        check(&good.replacen("old 5", "old 05", 1), RequestError::Old);
        check(&good.replacen("old 5", "new 5", 1), RequestError::Old);
        check(&good.replacen("old 5\n", "old 5\nAAAA\n", 1), RequestError::Proof);
        check("old 5\n", RequestError::Proof);
        let note = good.split_once("\n\n").unwrap().1;
        let with = |lines| {
            let line = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
            format!("old 5\n{}\n{note}", line.repeat(lines))
        };
        assert_eq!(Request::parse(with(63).as_bytes()).unwrap().proof.len(), 63);
        check(&with(64), RequestError::Proof);
        assert!(matches!(Request::parse(b"old 5\n\ntext\n"), Err(RequestError::Note(_))));
        assert_eq!(Request::parse(b"old 5\xff\n"), Err(RequestError::Bytes));
        check(&"a".repeat(80_000), RequestError::Bytes);
    }
}
