//! A copy of a log that only grows, kept by somebody else.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use anning_ledger::{Head, Mirror, NOTE_MAX, Request, Shelf, Tile, Watched};

use crate::error::{Error, Fault, Refused};
use crate::files;
use crate::leaf::Counts;
use crate::snapshot::{Signed, Snapshot, continues};
use crate::source::{Source, SourceError, WIDTH};
use crate::verify;

/// What a run of the mirror did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Size of the log as the mirror had it before, 0 if it had none.
    pub from: u64,
    /// As it has it now.
    pub to: u64,
    /// Files kept.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Entries of the log that are checked and kept.
    pub entries: u64,
    /// Of how many.
    pub of: u64,
    /// Files kept in this run.
    pub files: u64,
}

/// Brings the mirror in `folder` up to the newest checkpoint of the source. The folder is then itself a [`Source`].
///
/// A file is checked against the signed root before it gets its name; the checkpoint is replaced last. What the mirror has
/// is checked with every run, from the first entry, also where nothing is new: a damaged file is fetched again. A run that was
/// ended at any point is continued by the next. `step` is called after each file and may end the run.
///
/// # Errors
/// [`Error::Refused`] when the log forked or was rolled back: the mirror stays as it was and both checkpoints are kept
/// below `evidence`. [`Error::Fault`] when the source is not what its checkpoint says.
pub fn mirror(
    source: &Source,
    folder: &Path,
    log: &Watched,
    step: &dyn Fn(Step) -> ControlFlow<()>,
) -> Result<Copied, Error> {
    std::fs::create_dir_all(folder).map_err(Error::io("make", folder))?;
    let _lock = files::lock(&folder.join(LOCK), false)?;
    let held = held(folder, log)?;
    let held_head = held.as_ref().map(Signed::head);
    let gate = |offered: &Signed| held.as_ref().map_or(Ok(()), |held| older(folder, log, held, offered));
    let snapshot = Snapshot::take(source, log, gate)?;
    let same = held_head == Some(snapshot.signed.head());
    let copy = Copy::new(folder, &snapshot, step, same);
    copy.run(log, held.as_ref())?;
    let copied = copy.copied(held_head);
    if same && copied.files == 0 {
        return Ok(copied);
    }
    // Durable before the checkpoint that asks for it: whoever reads the checkpoint finds all of it.
    files::sync_all(folder)?;
    if !same {
        files::replace(&folder.join(CHECKPOINT), &snapshot.signed.bytes)?;
    }
    if let Some(old) = held_head {
        remove_narrow(folder, old.size, snapshot.signed.head().size)?;
    }
    Ok(copied)
}

/// What the mirror has.
fn held(folder: &Path, log: &Watched) -> Result<Option<Signed>, Error> {
    let path = folder.join(CHECKPOINT);
    let bytes = match files::read(&path, NOTE_MAX as u64) {
        Ok(bytes) => bytes,
        Err(SourceError::Missing) => return Ok(None),
        Err(source) => return Err(Error::Unavailable { file: path.display().to_string(), source }),
    };
    match Signed::read(bytes, log) {
        Ok(signed) => Ok(Some(signed)),
        Err(_) => Err(Error::State { path, what: "the mirror's own checkpoint is not signed by this log" }),
    }
}

/// Refuses what the two checkpoints, and for a smaller one our own tiles, show to be no continuation.
fn older(folder: &Path, log: &Watched, held: &Signed, offered: &Signed) -> Result<(), Error> {
    let (ours, theirs) = (held.head(), offered.head());
    if theirs.size > ours.size || theirs == ours {
        return Ok(());
    }
    let keep = |proof| keep_evidence(folder, held, offered, proof).map(Some);
    if theirs.size == ours.size {
        let evidence = keep(Vec::new())?;
        return Err(Refused::Fork { held: ours, offered: theirs, evidence }.into());
    }
    // An old checkpoint of the same history may come from a slow copy; one of another history is a fork.
    let own = Source::of_folder(folder);
    let tree = Mirror::open(log.suite, ours, |tile: &Tile| own.tile(tile)).map_err(Error::reading(ours.size));
    let judged = tree.and_then(|tree| continues(log.suite, theirs, ours, &tree));
    match judged {
        Ok((proof, Err(_))) => {
            let evidence = keep(proof)?;
            Err(Refused::Fork { held: ours, offered: theirs, evidence }.into())
        }
        Ok((_, Ok(()))) | Err(_) => {
            let evidence = keep(Vec::new())?;
            Err(Refused::Rollback { held: ours, offered: theirs, evidence }.into())
        }
    }
}

/// Keeps two checkpoints that can't both be of one log that only grew: the one held, then the one offered as a request
/// to a witness, with the hashes from the smaller tree to the larger. The same pair is kept once.
pub(crate) fn keep_evidence(
    folder: &Path,
    held: &Signed,
    offered: &Signed,
    proof: Vec<anning_ledger::Hash>,
) -> Result<PathBuf, Error> {
    let evidence = folder.join(EVIDENCE);
    let (ours, theirs) = (held.head(), offered.head());
    let start: String = theirs.root.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let path = evidence.join(format!("{}-{}-{start}", ours.size, theirs.size));
    if path.exists() {
        return Ok(path);
    }
    std::fs::create_dir_all(&evidence).map_err(Error::io("make", &evidence))?;
    let kept = std::fs::read_dir(&evidence).map_err(Error::io("read", &evidence))?.count();
    // Whoever holds the log's key can sign forks without end; the first ones tell enough.
    if kept < EVIDENCE_MAX {
        let request = Request { old: ours.size.min(theirs.size), proof, note: offered.note.clone() };
        files::replace(&path, format!("{}\n{request}", held.note).as_bytes())?;
    }
    Ok(path)
}

/// A run.
struct Copy<'c> {
    folder: &'c Path,
    snapshot: &'c Snapshot<'c>,
    step: &'c dyn Fn(Step) -> ControlFlow<()>,
    /// The mirror has this very checkpoint: what is there already is not put in place again.
    same: bool,
    own: Source,
    /// Fetched and not yet checked.
    fetched: RefCell<BTreeMap<Tile, Vec<u8>>>,
    /// Own files that turned out wrong: fetched anew.
    distrusted: RefCell<Vec<Tile>>,
    kept: RefCell<(u64, u64)>,
    entries: RefCell<u64>,
}

impl<'c> Copy<'c> {
    fn new(
        folder: &'c Path,
        snapshot: &'c Snapshot<'c>,
        step: &'c dyn Fn(Step) -> ControlFlow<()>,
        same: bool,
    ) -> Self {
        Self {
            folder,
            snapshot,
            step,
            same,
            own: Source::of_folder(folder),
            fetched: RefCell::default(),
            distrusted: RefCell::default(),
            kept: RefCell::default(),
            entries: RefCell::default(),
        }
    }

    fn copied(&self, held: Option<Head>) -> Copied {
        let (files, bytes) = *self.kept.borrow();
        Copied { from: held.map_or(0, |held| held.size), to: self.snapshot.signed.head().size, files, bytes }
    }

    fn run(&self, log: &Watched, held: Option<&Signed>) -> Result<(), Error> {
        let new = self.snapshot.signed.head();
        let fetch = |tile: &Tile| self.fetch(tile);
        let tree = Mirror::open(log.suite, new, fetch).map_err(Error::reading(new.size))?;
        if let Some(held) = held {
            let (proof, holds) = self.mending(|| continues(log.suite, held.head(), new, &tree))?;
            if holds.is_err() {
                let evidence = Some(keep_evidence(self.folder, held, &self.snapshot.signed, proof)?);
                return Err(Refused::Fork { held: held.head(), offered: new, evidence }.into());
            }
        }
        self.keep()?;
        for index in 0..new.size.div_ceil(u64::from(WIDTH)) {
            // What an entry means is for a verifier: a mirror keeps what the log signed, good or bad.
            let mut counts = Counts::default();
            let place = (log.suite, index);
            let checked = self.mending(|| match verify::bundle(&tree, &fetch, place, &mut counts) {
                Err(Error::Fault(Fault::Leaf { .. })) => Ok(u64::from(WIDTH)),
                other => other,
            })?;
            *self.entries.borrow_mut() += checked;
            self.keep()?;
        }
        Ok(())
    }

    /// Does it again without an own file that turned out wrong, as often as one does.
    fn mending<T>(&self, mut work: impl FnMut() -> Result<T, Error>) -> Result<T, Error> {
        loop {
            let fault = match work() {
                Err(Error::Fault(fault)) => fault,
                other => return other,
            };
            let own =
                file_of(&fault).and_then(|file| Tile::parse(file).ok()).filter(|tile| self.is_own(tile));
            let Some(own) = own else { return Err(fault.into()) };
            self.distrusted.borrow_mut().push(own);
        }
    }

    /// Would it be read from the mirror itself?
    fn is_own(&self, tile: &Tile) -> bool {
        let fetched = self.fetched.borrow().contains_key(tile) || self.distrusted.borrow().contains(tile);
        !fetched && !self.snapshot.edge().contains_key(tile)
    }

    /// A tile: an own one, else one of the source, which is kept once it is checked.
    fn fetch(&self, tile: &Tile) -> Result<Vec<u8>, SourceError> {
        if let Some(bytes) = self.fetched.borrow().get(tile) {
            return Ok(bytes.clone());
        }
        if self.is_own(tile)
            && let Ok(bytes) = self.own.tile(tile)
        {
            return Ok(bytes);
        }
        let bytes = self.snapshot.fetch(tile)?;
        self.fetched.borrow_mut().insert(*tile, bytes.clone());
        Ok(bytes)
    }

    /// Keeps what was fetched: it is part of a tree whose root is signed.
    fn keep(&self) -> Result<(), Error> {
        let fetched = core::mem::take(&mut *self.fetched.borrow_mut());
        for (tile, bytes) in fetched {
            if self.same && self.own.tile(&tile).is_ok_and(|own| own == bytes) {
                continue;
            }
            files::put(&self.folder.join(tile.path()), &bytes)?;
            let mut kept = self.kept.borrow_mut();
            *kept = (kept.0 + 1, kept.1 + bytes.len() as u64);
            let of = self.snapshot.signed.head().size;
            let step = Step { entries: (*self.entries.borrow()).min(of), of, files: kept.0 };
            drop(kept);
            if (self.step)(step).is_break() {
                return Err(Error::Stopped);
            }
        }
        Ok(())
    }
}

/// The tile that is wrong.
fn file_of(fault: &Fault) -> Option<&str> {
    match fault {
        Fault::Tile { file } | Fault::Shape { file, .. } | Fault::Entry { file, .. } => Some(file),
        Fault::Checkpoint(_)
        | Fault::Missing { .. }
        | Fault::TooLong { .. }
        | Fault::Root { .. }
        | Fault::Leaf { .. } => None,
    }
}

/// Removes narrow tiles whose full one is there now: readers of an older checkpoint are given the beginning of that.
fn remove_narrow(folder: &Path, old: u64, new: u64) -> Result<(), Error> {
    for tile in crate::snapshot::edge(old) {
        let bits = match tile.shelf {
            Shelf::Hashes { level } => 8 * u32::from(level),
            Shelf::Entries => 0,
        };
        let full = Tile { width: WIDTH, ..tile };
        if (new >> bits) / u64::from(WIDTH) <= tile.index {
            continue;
        }
        let narrow = folder.join(format!("{}.p", full.path()));
        match std::fs::remove_dir_all(&narrow) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::io("remove", &narrow)(error));
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

const CHECKPOINT: &str = "checkpoint";
const LOCK: &str = "mirror.lock";
/// Folder of pairs of checkpoints that can't both be true.
const EVIDENCE: &str = "evidence";
/// Pairs kept.
const EVIDENCE_MAX: usize = 64;
