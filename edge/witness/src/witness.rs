//! A witness: remembers what it saw of each log, and cosigns what continues it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anning_ledger::{
    Answer, Head, KeyKind, NOTE_MAX, Note, Refusal, Request, SIGNATURES_MAX, SignerKey, Suite, VerifierKey,
    Watched, cosigned, hex, witness,
};

use crate::error::{Error, Refused};
use crate::files;
use crate::mirror::keep_evidence;
use crate::snapshot::{Signed, Snapshot, continues};
use crate::source::{Source, SourceError};

/// A witness with its key and its memory, in one folder.
#[derive(Debug)]
pub struct Witness {
    folder: PathBuf,
    key: SignerKey,
}

/// A checkpoint that a witness cosigned.
#[derive(Clone, Debug)]
pub struct Cosigned {
    /// What it cosigned last before, if anything.
    pub before: Option<Head>,
    /// What it cosigned now.
    pub head: Head,
    /// The checkpoint with the log's signature and the witness's.
    pub note: Note,
}

impl Witness {
    /// Makes a witness of this name. Its seed is kept in the folder, readable by its owner alone.
    ///
    /// # Errors
    /// [`Error::Io`], also when there is one already; [`Error::Key`] when the name or the seed makes no key.
    pub fn create(folder: &Path, name: &str, suite: Suite, seed: &[u8; 32]) -> Result<Self, Error> {
        let key = SignerKey::from_seed(name, KeyKind::of(suite, true), seed)?;
        let logs = folder.join(LOGS);
        std::fs::create_dir_all(&logs).map_err(Error::io("make", &logs))?;
        let digits = hex::encode(seed);
        files::create_secret(
            &folder.join(KEY),
            format!("{HEADER}\n{}\n{name}\n{digits}\n", suite.code()).as_bytes(),
        )?;
        Ok(Self { folder: folder.to_path_buf(), key })
    }

    /// Opens what [`Witness::create`] made.
    ///
    /// # Errors
    /// [`Error::State`] when the key can't be read or others can read it; [`Error::Unavailable`] when it is not there.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(KEY);
        let file = || path.display().to_string();
        let state = |what| Error::State { path: path.clone(), what };
        let bytes =
            files::read(&path, KEY_MAX).map_err(|source| Error::Unavailable { file: file(), source })?;
        let mode = std::fs::metadata(&path).map_err(Error::io("read", &path))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(state(
                "others may read the witness's key; if nobody did, take that away with `chmod 600`",
            ));
        }
        let text = core::str::from_utf8(&bytes).map_err(|_| state(NO_KEY))?;
        let lines: Vec<&str> = text.lines().collect();
        let [header, suite, name, seed] = lines.as_slice() else { return Err(state(NO_KEY)) };
        let suite = Suite::from_code(suite).filter(|_| *header == HEADER).ok_or_else(|| state(NO_KEY))?;
        let seed = seed_of(seed).ok_or_else(|| state(NO_KEY))?;
        let key = SignerKey::from_seed(name, KeyKind::of(suite, true), &seed)?;
        Ok(Self { folder: folder.to_path_buf(), key })
    }

    /// The public key others check its cosignatures with.
    #[must_use]
    pub const fn verifier(&self) -> &VerifierKey {
        self.key.verifier()
    }

    /// What it cosigned last of a log.
    ///
    /// # Errors
    /// [`Error::State`] when what it kept is not what it cosigned: such a memory must not pass for none.
    pub fn seen(&self, log: &Watched) -> Result<Option<Head>, Error> {
        Ok(self.memory(log)?.map(|signed| signed.head()))
    }

    /// Cosigns the newest checkpoint of a log at `seconds` since 1970, if it continues what was cosigned before.
    ///
    /// The proof is made from the log's own tiles, each checked. What it cosigned is on disk before it is handed out;
    /// of two runs at once the slower is refused as [`Refusal::Stale`].
    ///
    /// # Errors
    /// [`Error::Refused`] for a fork or a rollback: the memory stays and both checkpoints are kept below `evidence`.
    pub fn cosign(&self, source: &Source, log: &Watched, seconds: u64) -> Result<Cosigned, Error> {
        let before = self.memory(log)?;
        let seen = before.as_ref().map(Signed::head);
        let gate = |offered: &Signed| match seen.and_then(|seen| by_heads(seen, offered.head())) {
            Some(refusal) => Err(self.refuse(before.as_ref(), offered, Vec::new(), refusal)),
            None => Ok(()),
        };
        let snapshot = Snapshot::take(source, log, gate)?;
        let offered = &snapshot.signed;
        // Opened even where no proof is needed: a checkpoint without its tiles is none to vouch for.
        let tree = snapshot.tree()?;
        let proof = match seen {
            Some(seen) => continues(log.suite, seen, offered.head(), &tree)?.0,
            None => Vec::new(),
        };
        let old = seen.map_or(0, |seen| seen.size);
        let request = Request { old, proof: proof.clone(), note: offered.note.clone() };
        let lock = files::lock(&self.folder.join(LOCK), true)?;
        let now = self.seen(log)?;
        let answer = witness(log, now, &request, &self.key, seconds)?;
        let (head, signature) = match answer {
            Answer::Cosigned { head, signature } => (head, signature),
            Answer::Refused(refusal) => return Err(self.refuse(before.as_ref(), offered, proof, refusal)),
        };
        let mut note = signed_by(&offered.note, |signature| log.keys.iter().any(|key| signature.is_by(key)))?;
        note.add(signature).map_err(unfit)?;
        files::replace(&self.path(log), note.to_string().as_bytes())?;
        // Remembered. A crash from here on costs a cosignature, never a second history.
        drop(lock);
        Ok(Cosigned { before: seen, head, note })
    }

    fn refuse(
        &self,
        before: Option<&Signed>,
        offered: &Signed,
        proof: Vec<anning_ledger::Hash>,
        refusal: Refusal,
    ) -> Error {
        let is_against_log = match refusal {
            Refusal::Rollback { .. } | Refusal::Fork | Refusal::BadProof(_) => true,
            Refusal::Malformed(_)
            | Refusal::UnknownOrigin
            | Refusal::UnknownKey
            | Refusal::BadSignature
            | Refusal::OldBeyondNew
            | Refusal::Stale { .. }
            | Refusal::EmptyRoot => false,
        };
        let kept = before
            .filter(|_| is_against_log)
            .map_or(Ok(()), |before| keep_evidence(&self.folder, before, offered, proof).map(drop));
        kept.map_or_else(|error| error, |()| Refused::Witness(refusal).into())
    }

    fn memory(&self, log: &Watched) -> Result<Option<Signed>, Error> {
        let path = self.path(log);
        let bytes = match files::read(&path, NOTE_MAX as u64) {
            Ok(bytes) => bytes,
            Err(SourceError::Missing) => return Ok(None),
            Err(source) => return Err(Error::Unavailable { file: path.display().to_string(), source }),
        };
        let ours = core::slice::from_ref(self.verifier());
        match Signed::read(bytes, log) {
            Ok(signed) if !cosigned(&signed.note, ours).is_empty() => Ok(Some(signed)),
            Ok(_) | Err(_) => {
                Err(Error::State { path, what: "the witness's memory of this log is not what it wrote" })
            }
        }
    }

    /// One file a log, named by a hash: an origin may hold any character.
    fn path(&self, log: &Watched) -> PathBuf {
        let mut parts = vec![log.origin.clone()];
        parts.extend(log.keys.iter().map(ToString::to_string));
        let name = Suite::International.digest(&[parts.join("\n").as_bytes()]);
        self.folder.join(LOGS).join(hex::encode(&name))
    }
}

impl Cosigned {
    /// Writes the cosigned checkpoint where others read it. Cosignatures of other witnesses under the same checkpoint
    /// that are there already stay.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        let mut note = self.note.clone();
        let there = files::read(path, NOTE_MAX as u64).ok().and_then(|bytes| Note::parse(&bytes).ok());
        let others = there.as_ref().filter(|there| there.text() == note.text());
        let others: Vec<_> = others.map(|there| there.signatures().to_vec()).unwrap_or_default();
        for other in others {
            let is_known =
                note.signatures().iter().any(|own| own.name() == other.name() && own.id() == other.id());
            let fits = note.to_string().len() + other.to_string().len() <= NOTE_MAX;
            if !is_known && fits && note.signatures().len() < SIGNATURES_MAX {
                note.add(other).map_err(unfit)?;
            }
        }
        files::replace(path, note.to_string().as_bytes())
    }
}

/// What the sizes and roots alone forbid.
fn by_heads(seen: Head, offered: Head) -> Option<Refusal> {
    if offered.size < seen.size {
        return Some(Refusal::Rollback { known: seen.size });
    }
    (offered.size == seen.size && offered.root != seen.root).then_some(Refusal::Fork)
}

/// The note with some of its signatures.
fn signed_by(note: &Note, wanted: impl Fn(&anning_ledger::Signature) -> bool) -> Result<Note, Error> {
    let mut kept = Note::new(note.text()).map_err(unfit)?;
    let mut wanted: Vec<_> = note.signatures().iter().filter(|signature| wanted(signature)).collect();
    // A log that signs its checkpoint twice says nothing more by it.
    wanted.dedup();
    wanted.into_iter().take(SIGNATURES_MAX - 1).try_for_each(|one| kept.add(one.clone()).map_err(unfit))?;
    Ok(kept)
}

fn unfit(error: anning_ledger::NoteError) -> Error {
    crate::error::Fault::Checkpoint(error.into()).into()
}

fn seed_of(text: &str) -> Option<[u8; 32]> {
    hex::decode(text)?.try_into().ok()
}

const KEY: &str = "witness.key";
const LOCK: &str = "witness.lock";
const LOGS: &str = "logs";
const HEADER: &str = "anning witness 1";
const NO_KEY: &str = "not the key of a witness";
const KEY_MAX: u64 = 1_024;
