//! Tiles and checkpoints: the public side of the log, as static files that anyone may copy.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anning_ledger::{
    Checkpoint, Frontier, Hash, Head, KeyKind, Mirror, Nodes, Secret, Shelf, SignerKey, Suite, Tile,
    push_entry,
};

use crate::disk::{self, Disk};
use crate::error::Error;
use crate::ledger::Ledger;

/// Writes tiles and checkpoints of one log.
pub struct Publisher {
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    origin: String,
    key: SignerKey,
    suite: Suite,
    frontier: Frontier,
    /// Hashes of the tile at the right edge, by level.
    edge: Vec<Vec<Hash>>,
    /// The entry bundle at the right edge.
    bundle: Vec<u8>,
    published: u64,
    /// Partial tiles of the last checkpoints; those of older ones are removed.
    partial: VecDeque<Vec<PathBuf>>,
    root: Hash,
}

/// The log's signing key.
///
/// # Errors
/// [`Error::Io`] when the seed makes no key of this suite; one in 2^32 does not for SM2.
pub fn signer(suite: Suite, origin: &str, seed: &Secret) -> Result<SignerKey, Error> {
    let kind = match suite {
        Suite::International => KeyKind::Ed25519,
        Suite::Gm => KeyKind::Sm2,
    };
    SignerKey::from_seed(origin, kind, seed.bytes())
        .map_err(|e| Error::io("name a log", Path::new(origin))(std::io::Error::other(e.to_string())))
}

/// Size of the log as its last checkpoint has it; 0 where there is none.
///
/// # Errors
/// [`Error::Damaged`] when there is one and this log's key did not sign it.
pub(crate) fn published(
    disk: &dyn Disk,
    ledger: &Path,
    suite: Suite,
    origin: &str,
    seed: &Secret,
) -> Result<u64, Error> {
    let key = signer(suite, origin, seed)?;
    Ok(checkpoint(disk, &ledger.join(FOLDER), &key)?.map_or(0, |c| c.head().size))
}

fn checkpoint(disk: &dyn Disk, folder: &Path, key: &SignerKey) -> Result<Option<Checkpoint>, Error> {
    let path = folder.join("checkpoint");
    let bytes = match disk::read(disk, &path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(Error::io("read", &path)(e)),
    };
    let keys = [key.verifier().clone()];
    match Checkpoint::open(&bytes, key.verifier().name(), &keys) {
        Ok((checkpoint, _)) => Ok(Some(checkpoint)),
        Err(_) => Err(Error::Damaged { path, offset: 0, what: "the checkpoint is not signed by this log" }),
    }
}

impl Publisher {
    /// Makes all tiles again from the leaves in the journal: what lay in the folder was lost or changed. The checkpoint
    /// that was published must come out of them.
    ///
    /// # Errors
    /// [`Error::Damaged`] when it does not: the journal is not the one that was published. [`Error::Io`].
    pub fn rebuild(disk: Arc<dyn Disk>, ledger: &Ledger) -> Result<Self, Error> {
        let mut publisher =
            Self::begin(disk, ledger.folder(), ledger.suite(), ledger.origin(), ledger.signing())?;
        let known = checkpoint(publisher.disk.as_ref(), &publisher.folder, &publisher.key)?.map(|c| c.head());
        let mut met = known.is_none_or(|known| known.size == 0);
        ledger.leaves(&mut |leaf| {
            publisher.append(leaf)?;
            met |= known.is_some_and(|k| k.size == publisher.size() && k.root == publisher.frontier.root());
            Ok(())
        })?;
        if !met {
            let what = "the journal does not lead to the checkpoint that was published";
            return Err(Error::Damaged { path: publisher.folder, offset: 0, what });
        }
        publisher.publish()?;
        Ok(publisher)
    }

    /// Opens the tiles of a ledger's folder, or begins them.
    ///
    /// # Errors
    /// [`Error::Damaged`] when the tiles at the right edge do not make up the checkpoint's root; [`Error::Io`].
    pub fn open(
        disk: Arc<dyn Disk>,
        ledger: &Path,
        suite: Suite,
        origin: &str,
        seed: &Secret,
    ) -> Result<Self, Error> {
        let mut publisher = Self::begin(disk, ledger, suite, origin, seed)?;
        if let Some(checkpoint) = checkpoint(publisher.disk.as_ref(), &publisher.folder, &publisher.key)? {
            publisher.take_up(checkpoint.head())?;
        }
        Ok(publisher)
    }

    fn begin(
        disk: Arc<dyn Disk>,
        ledger: &Path,
        suite: Suite,
        origin: &str,
        seed: &Secret,
    ) -> Result<Self, Error> {
        let folder = ledger.join(FOLDER);
        disk.create_folder(&folder).map_err(Error::io("make", &folder))?;
        let key = signer(suite, origin, seed)?;
        Ok(Self {
            frontier: Frontier::new(suite),
            root: anning_ledger::empty_root(suite),
            edge: Vec::new(),
            bundle: Vec::new(),
            published: 0,
            partial: VecDeque::new(),
            origin: origin.to_owned(),
            disk,
            folder,
            key,
            suite,
        })
    }

    /// Takes up the right edge of a tree that is there.
    fn take_up(&mut self, head: Head) -> Result<(), Error> {
        let lies = |what| Error::Damaged { path: self.folder.clone(), offset: 0, what };
        let fetch = |tile: &Tile| disk::read(self.disk.as_ref(), &self.folder.join(tile.path()));
        let edge = "the tiles at the right edge do not make up the checkpoint's root";
        let mirror = Mirror::open(self.suite, head, fetch).map_err(|_| lies(edge))?;
        let mut roots = Vec::new();
        for level in (0..u64::BITS).rev().filter(|level| head.size >> level & 1 == 1) {
            roots.push(mirror.node(level, (head.size >> level) - 1).map_err(|_| lies(edge))?);
        }
        let mut hashes = Vec::new();
        let mut level = 0;
        while head.size >> (8 * level) > 0 {
            let count = head.size >> (8 * level);
            let first = count - count % WIDTH as u64;
            let row: Result<Vec<Hash>, _> =
                (first..count).map(|index| mirror.node(8 * level, index)).collect();
            hashes.push(row.map_err(|_| lies(edge))?);
            level += 1;
        }
        let mut bundle = Vec::new();
        if !head.size.is_multiple_of(WIDTH as u64) {
            for entry in mirror
                .bundle(head.size / WIDTH as u64)
                .map_err(|_| lies("the last entries are not those of the tree"))?
            {
                push_entry(&mut bundle, &entry).map_err(|_| lies(edge))?;
            }
        }
        self.frontier = Frontier::from_roots(self.suite, head.size, roots).ok_or_else(|| lies(edge))?;
        (self.edge, self.bundle, self.published, self.root) = (hashes, bundle, head.size, head.root);
        let partial = self.partial_tiles(head.size);
        self.partial.push_back(partial.iter().map(|(tile, _)| self.folder.join(tile.path())).collect());
        Ok(())
    }

    /// Leaves in the last checkpoint.
    #[must_use]
    pub const fn published(&self) -> u64 {
        self.published
    }

    /// Leaves appended.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The log's public key.
    #[must_use]
    pub fn verifier(&self) -> String {
        self.key.verifier().to_string()
    }

    /// Appends a leaf; full tiles are written at once, but made durable only by [`Publisher::publish`].
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn append(&mut self, leaf: &[u8]) -> Result<(), Error> {
        let too_long = |e: anning_ledger::TileError| std::io::Error::other(e.to_string());
        push_entry(&mut self.bundle, leaf)
            .map_err(too_long)
            .map_err(Error::io("put an entry into", &self.folder))?;
        let index = self.frontier.size() / WIDTH as u64;
        let hash = anning_ledger::leaf_hash(self.suite, leaf);
        let (edge, mut full) = (&mut self.edge, Vec::new());
        self.frontier.append(hash, |level, index, hash| {
            if !level.is_multiple_of(8) {
                return;
            }
            let at = (level / 8) as usize;
            if edge.len() <= at {
                edge.resize_with(at + 1, Vec::new);
            }
            if let Some(row) = edge.get_mut(at) {
                row.push(hash);
                if row.len() == WIDTH {
                    full.push((at, index / WIDTH as u64, core::mem::take(row)));
                }
            }
        });
        for (level, index, row) in full {
            let level = u8::try_from(level).unwrap_or(u8::MAX);
            self.write(
                Tile { shelf: Shelf::Hashes { level }, index, width: WIDTH as u16 },
                row.as_flattened(),
            )?;
        }
        if self.frontier.size().is_multiple_of(WIDTH as u64) {
            let bundle = core::mem::take(&mut self.bundle);
            self.write(Tile { shelf: Shelf::Entries, index, width: WIDTH as u16 }, &bundle)?;
        }
        Ok(())
    }

    /// Writes the partial tiles, makes all durable and signs a checkpoint over it. Nothing happens when no leaf came.
    ///
    /// # Errors
    /// [`Error::Io`]; the last checkpoint then stands.
    pub fn publish(&mut self) -> Result<bool, Error> {
        let size = self.frontier.size();
        if size == self.published {
            return Ok(false);
        }
        let partial = self.partial_tiles(size);
        for (tile, bytes) in &partial {
            // One that a checkpoint stands on already holds these bytes. Written again, a crash in between would take
            // it from under that checkpoint.
            if !self.partial.iter().flatten().any(|published| *published == self.folder.join(tile.path())) {
                self.write(*tile, bytes)?;
            }
        }
        let partial = partial.iter().map(|(tile, _)| self.folder.join(tile.path())).collect();
        self.disk.sync_all(&self.folder).map_err(Error::io("sync", &self.folder))?;
        let root = self.frontier.root();
        let path = self.folder.join("checkpoint");
        let failed =
            |e: &dyn core::fmt::Display| Error::io("sign", &path)(std::io::Error::other(e.to_string()));
        let checkpoint = Checkpoint::new(&self.origin, size, root).map_err(|e| failed(&e))?;
        let note = checkpoint.sign(&self.key).map_err(|e| failed(&e))?.to_string();
        disk::replace(self.disk.as_ref(), &path, note.as_bytes()).map_err(Error::io("write", &path))?;
        // Published: whoever reads the checkpoint from here on finds every tile under it.
        (self.published, self.root) = (size, root);
        self.partial.push_back(partial);
        while self.partial.len() > PARTIALS_KEPT {
            let kept: Vec<PathBuf> = self.partial.iter().skip(1).flatten().cloned().collect();
            for old in self.partial.pop_front().unwrap_or_default().iter().filter(|old| !kept.contains(old)) {
                self.disk.remove(old).map_err(Error::io("remove", old))?;
            }
        }
        Ok(true)
    }

    /// The tiles at the right edge that are not full.
    fn partial_tiles(&self, size: u64) -> Vec<(Tile, Vec<u8>)> {
        let width = |len: usize| u16::try_from(len).unwrap_or(u16::MAX);
        let rows = (0..).zip(&self.edge).filter(|(_, row)| !row.is_empty());
        let mut partial: Vec<(Tile, Vec<u8>)> = rows
            .map(|(level, row)| {
                let index = (size >> (8 * u32::from(level))) / WIDTH as u64;
                let tile = Tile { shelf: Shelf::Hashes { level }, index, width: width(row.len()) };
                (tile, row.as_flattened().to_vec())
            })
            .collect();
        if !self.bundle.is_empty() {
            let width = width((size % WIDTH as u64) as usize);
            let tile = Tile { shelf: Shelf::Entries, index: size / WIDTH as u64, width };
            partial.push((tile, self.bundle.clone()));
        }
        partial
    }

    fn write(&self, tile: Tile, bytes: &[u8]) -> Result<(), Error> {
        let path = self.folder.join(tile.path());
        let folder = path.parent().unwrap_or(&self.folder);
        let make = || self.disk.create(&path);
        let file = match make() {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                self.disk.create_folder(folder).map_err(Error::io("make", folder))?;
                make()
            }
            // Written before a crash that came before the checkpoint: the same bytes, or torn ones.
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
                self.disk.remove(&path).map_err(Error::io("remove", &path))?;
                make()
            }
            other => other,
        };
        file.map_err(Error::io("make", &path))?.write_at(bytes, 0).map_err(Error::io("write", &path))
    }
}

impl core::fmt::Debug for Publisher {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Publisher({}, {} published)", self.origin, self.published)
    }
}

/// Folder of the public files.
pub(crate) const FOLDER: &str = "public";
const WIDTH: usize = 256;
/// Checkpoints whose partial tiles stay, for readers who are just fetching them.
const PARTIALS_KEPT: usize = 3;
