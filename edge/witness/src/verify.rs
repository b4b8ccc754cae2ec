//! A whole log recomputed from its entries, as an outsider does it.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use anning_ledger::{
    Checkpoint, Head, Mirror, MirrorError, Nodes as _, Note, Shelf, Suite, Tile, Watched, leaf_hash,
};

use crate::error::{Error, Fault, Refused};
use crate::leaf::{Counts, Leaf};
use crate::snapshot::{Signed, Snapshot, continues};
use crate::source::{Source, SourceError, WIDTH};

/// What was found to be true of a log.
#[derive(Clone, Debug)]
pub struct Report {
    /// The checkpoint all was recomputed up to.
    pub checkpoint: Checkpoint,
    /// The note around it, with the signatures of others.
    pub note: Note,
    /// Its leaves.
    pub counts: Counts,
    /// The older tree that it continues, if one was given.
    pub continues: Option<Head>,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Leaves recomputed.
    pub leaves: u64,
    /// Of how many.
    pub of: u64,
}

/// Recomputes a log on so many threads: every file that its newest checkpoint asks for, from the entries to the root.
///
/// Each thread holds a few MiB, whatever the size of the log. `progress` is called from all of them. `older` is a
/// checkpoint of the same log that this one must continue.
///
/// # Errors
/// [`Error::Fault`] with the first fault in order of entries; [`Error::Refused`] when it does not continue the older
/// checkpoint; [`Error::Unavailable`] when something could not be read.
pub fn verify(
    source: &Source,
    log: &Watched,
    older: Option<&[u8]>,
    threads: NonZeroUsize,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Report, Error> {
    let older = older.map(|bytes| Signed::read(bytes.to_vec(), log)).transpose()?.map(|older| older.head());
    let gate = |signed: &Signed| older.map_or(Ok(()), |older| size_and_root(older, signed.head()));
    let snapshot = Snapshot::take(source, log, gate)?;
    if let Some(held) = older {
        let offered = snapshot.signed.head();
        let (_, holds) = continues(log.suite, held, offered, &snapshot.tree()?)?;
        holds.map_err(|_| Refused::Fork { held, offered, evidence: None })?;
    }
    let counts = recompute(&snapshot, threads, progress)?;
    let Signed { checkpoint, note, .. } = snapshot.signed;
    Ok(Report { checkpoint, note, counts, continues: older })
}

/// What the two checkpoints alone tell.
fn size_and_root(held: Head, offered: Head) -> Result<(), Error> {
    if offered.size < held.size {
        return Err(Refused::Rollback { held, offered, evidence: None }.into());
    }
    if offered.size == held.size && offered.root != held.root {
        return Err(Refused::Fork { held, offered, evidence: None }.into());
    }
    Ok(())
}

fn recompute(
    snapshot: &Snapshot<'_>,
    threads: NonZeroUsize,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Counts, Error> {
    let of = snapshot.signed.head().size;
    let bundles = of.div_ceil(u64::from(WIDTH));
    let work = Work { next: AtomicU64::new(0), done: AtomicU64::new(0), bad: AtomicU64::new(u64::MAX) };
    let outcome: Mutex<(Counts, Option<(u64, Error)>)> = Mutex::default();
    let worker = || {
        let mut counts = Counts::default();
        let failed = run(snapshot, &work, bundles, &mut counts, progress);
        let mut all = outcome.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        all.0 = all.0.and(counts);
        if let Err((unit, error)) = failed
            && all.1.as_ref().is_none_or(|(first, _)| unit < *first)
        {
            all.1 = Some((unit, error));
        }
    };
    std::thread::scope(|scope| {
        // Every part is also a worker's first, so that more threads than parts would find nothing to do.
        (1..threads.get()).for_each(|_| drop(scope.spawn(worker)));
        worker();
    });
    let (counts, failed) = outcome.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    failed.map_or(Ok(counts), |(_, error)| Err(error))
}

/// What the threads share.
struct Work {
    /// The next part to take.
    next: AtomicU64,
    /// Leaves recomputed.
    done: AtomicU64,
    /// The first part with a fault: nothing after it is looked at, everything before it is.
    bad: AtomicU64,
}

fn run(
    snapshot: &Snapshot<'_>,
    work: &Work,
    bundles: u64,
    counts: &mut Counts,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<(), (u64, Error)> {
    let of = snapshot.signed.head().size;
    let mut at = 0;
    let mut part = || -> Result<(), Error> {
        let tree = snapshot.tree()?;
        loop {
            at = work.next.fetch_add(1, Ordering::Relaxed);
            let first = at.saturating_mul(PART);
            if first >= bundles || at > work.bad.load(Ordering::Relaxed) {
                return Ok(());
            }
            let mut leaves = 0;
            for index in first..bundles.min(first + PART) {
                leaves += bundle(&tree, &|tile| snapshot.fetch(tile), (snapshot.suite(), index), counts)?;
            }
            let leaves = work.done.fetch_add(leaves, Ordering::Relaxed) + leaves;
            progress(Progress { leaves, of });
        }
    };
    let result = part();
    result.map_err(|error| {
        work.bad.fetch_min(at, Ordering::Relaxed);
        (at, error)
    })
}

/// Checks one bundle and everything above it; tells how many entries it has.
pub(crate) fn bundle<F>(
    tree: &Mirror<F>,
    fetch: &dyn Fn(&Tile) -> Result<Vec<u8>, SourceError>,
    (suite, index): (Suite, u64),
    counts: &mut Counts,
) -> Result<u64, Error>
where
    F: Fn(&Tile) -> Result<Vec<u8>, SourceError>,
{
    let size = tree.head().size;
    let entries = match tree.bundle(index) {
        Err(MirrorError::Lie { tile }) if tile.shelf == Shelf::Entries => {
            return Err(liar(tree, fetch, &tile, suite));
        }
        other => other.map_err(Error::reading(size))?,
    };
    let first = index * u64::from(WIDTH);
    for (entry, number) in entries.iter().zip(first..) {
        let leaf = Leaf::read(entry).map_err(|why| Fault::Leaf {
            file: bundle_name(index, size).path(),
            entry: number,
            why,
        })?;
        counts.add(leaf);
    }
    Ok(entries.len() as u64)
}

/// Which entry of a bundle is not the one in the tree.
fn liar<F>(
    tree: &Mirror<F>,
    fetch: &dyn Fn(&Tile) -> Result<Vec<u8>, SourceError>,
    tile: &Tile,
    suite: Suite,
) -> Error
where
    F: Fn(&Tile) -> Result<Vec<u8>, SourceError>,
{
    let file = tile.path();
    let bytes = match fetch(tile) {
        Ok(bytes) => bytes,
        Err(error) => return Error::fetching(&file)(error),
    };
    let first = tile.index * u64::from(WIDTH);
    let entries = tile.entries(&bytes).unwrap_or_default();
    let mut numbered = entries.iter().zip(first..);
    let differs = |(entry, number): &(&&[u8], u64)| {
        tree.node(0, *number).is_ok_and(|hash| hash != leaf_hash(suite, entry))
    };
    match numbered.find(differs) {
        Some((_, entry)) => Fault::Entry { file, entry }.into(),
        // The source gives one thing now and another then.
        None => Fault::Tile { file }.into(),
    }
}

fn bundle_name(index: u64, size: u64) -> Tile {
    let rest = size.saturating_sub(index * u64::from(WIDTH));
    let width = u16::try_from(rest).map_or(WIDTH, |rest| rest.min(WIDTH));
    Tile { shelf: Shelf::Entries, index, width }
}

/// Bundles that a thread takes at once.
const PART: u64 = 64;
