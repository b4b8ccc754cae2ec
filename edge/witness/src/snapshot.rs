//! One checkpoint of a log with the narrow tiles under it, which a growing log removes soon.

use std::collections::BTreeMap;

use anning_ledger::{
    Checkpoint, Head, KeyError, Mirror, Nodes, Note, ProofError, Shelf, Suite, Tile, Unprovable, VerifierKey,
    Watched, consistency_proof, verify_consistency,
};

use crate::error::{Error, Fault};
use crate::source::{Source, SourceError, WIDTH};

/// A log by its public key, as it is written in text. Its origin is the key's name unless another is given.
///
/// # Errors
/// When the text is no key, or one that signs no checkpoints.
pub fn watched(key: &str, origin: Option<&str>) -> Result<Watched, KeyError> {
    let key = VerifierKey::parse(key)?;
    if key.kind().is_cosignature() {
        return Err(KeyError::OtherKind { kind: key.kind() });
    }
    let origin = origin.unwrap_or(key.name()).to_owned();
    Ok(Watched { origin, suite: key.kind().suite(), keys: vec![key] })
}

/// A signed checkpoint as it was read.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
    /// What it says.
    pub(crate) checkpoint: Checkpoint,
    /// The note around it.
    pub(crate) note: Note,
}

impl Signed {
    /// Reads a checkpoint of this log.
    pub(crate) fn read(bytes: Vec<u8>, log: &Watched) -> Result<Self, Fault> {
        let (checkpoint, note) =
            Checkpoint::open(&bytes, &log.origin, &log.keys).map_err(Fault::Checkpoint)?;
        Ok(Self { bytes, checkpoint, note })
    }

    /// The newest one. A source without one is no log yet, which is no fault.
    pub(crate) fn newest(source: &Source, log: &Watched) -> Result<Self, Error> {
        let file = || "checkpoint".to_owned();
        let bytes = source.checkpoint().map_err(|error| match error {
            SourceError::Missing => Error::Unavailable { file: file(), source: SourceError::Missing },
            other @ (SourceError::TooLong { .. }
            | SourceError::Address { .. }
            | SourceError::NoTls
            | SourceError::NotAFile
            | SourceError::Io(_)
            | SourceError::Status { .. }
            | SourceError::Moving
            | SourceError::Network(_)) => Error::fetching("checkpoint")(other),
        })?;
        Ok(Self::read(bytes, log)?)
    }

    /// Size and root.
    pub(crate) const fn head(&self) -> Head {
        self.checkpoint.head()
    }
}

/// A checkpoint and its narrow tiles, read together.
#[derive(Debug)]
pub(crate) struct Snapshot<'s> {
    source: &'s Source,
    suite: Suite,
    /// The checkpoint.
    pub(crate) signed: Signed,
    edge: BTreeMap<Tile, Vec<u8>>,
}

impl<'s> Snapshot<'s> {
    /// Takes the newest checkpoint and its narrow tiles; `gate` may refuse it by what the checkpoint alone tells.
    pub(crate) fn take(
        source: &'s Source,
        log: &Watched,
        gate: impl Fn(&Signed) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let mut signed = Signed::newest(source, log)?;
        for _ in 0..TRIES {
            gate(&signed)?;
            let size = signed.head().size;
            match fetch_edge(source, size) {
                Ok(edge) => return Ok(Self { source, suite: log.suite, signed, edge }),
                // A growing log removes narrow tiles: then there is a newer checkpoint by now.
                Err(Error::Fault(fault)) => {
                    let newer = Signed::newest(source, log)?;
                    if newer.head() == signed.head() {
                        return Err(fault.into());
                    }
                    signed = newer;
                }
                Err(other) => return Err(other),
            }
        }
        Err(Error::Unavailable { file: "checkpoint".to_owned(), source: SourceError::Moving })
    }

    /// A tile under this checkpoint.
    pub(crate) fn fetch(&self, tile: &Tile) -> Result<Vec<u8>, SourceError> {
        match self.edge.get(tile) {
            Some(bytes) => Ok(bytes.clone()),
            None => self.source.tile(tile),
        }
    }

    /// The tree, its right edge checked.
    #[expect(clippy::type_complexity, reason = "a closure has no shorter name")]
    pub(crate) fn tree(&self) -> Result<Mirror<impl Fn(&Tile) -> Result<Vec<u8>, SourceError> + '_>, Error> {
        let head = self.signed.head();
        Mirror::open(self.suite, head, |tile: &Tile| self.fetch(tile)).map_err(Error::reading(head.size))
    }

    /// How the tree is hashed.
    pub(crate) const fn suite(&self) -> Suite {
        self.suite
    }

    /// The narrow tiles.
    pub(crate) const fn edge(&self) -> &BTreeMap<Tile, Vec<u8>> {
        &self.edge
    }
}

/// The narrow tiles of a log of this size.
pub(crate) fn edge(size: u64) -> Vec<Tile> {
    let shelves = (0..LEVELS).map(|level| (Shelf::Hashes { level }, 8 * u32::from(level)));
    let tiles = shelves.chain([(Shelf::Entries, 0)]).filter_map(|(shelf, bits)| {
        let count = size >> bits;
        let (index, over) = (count / u64::from(WIDTH), count % u64::from(WIDTH));
        let width = u16::try_from(over).ok().filter(|width| *width > 0)?;
        Some(Tile { shelf, index, width })
    });
    tiles.collect()
}

fn fetch_edge(source: &Source, size: u64) -> Result<BTreeMap<Tile, Vec<u8>>, Error> {
    let fetch = |tile: Tile| Ok((tile, source.tile(&tile).map_err(Error::fetching(&tile.path()))?));
    edge(size).into_iter().map(fetch).collect()
}

/// How the tree `new`, read through `nodes`, continues the tree `old`: the proof, and whether it holds.
pub(crate) fn continues(
    suite: Suite,
    old: Head,
    new: Head,
    nodes: &impl Nodes<Error = anning_ledger::MirrorError<SourceError>>,
) -> Result<(Vec<anning_ledger::Hash>, Result<(), ProofError>), Error> {
    let proof = match consistency_proof(suite, old.size, new.size, nodes) {
        Ok(proof) => proof,
        Err(Unprovable::Node(error)) => return Err(Error::reading(new.size)(error)),
        Err(Unprovable::Beyond { asked, size }) => {
            return Ok((Vec::new(), Err(ProofError::Beyond { asked, size })));
        }
    };
    let held = verify_consistency(suite, &old, &new, &proof);
    Ok((proof, held))
}

/// Levels of tiles in any tree.
const LEVELS: u8 = 8;
/// Times that a log may grow away under the reader's hands.
const TRIES: usize = 5;
