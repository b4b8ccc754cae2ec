//! A ledger: made, opened, written to, read.

mod commit;
mod forget;
mod prove;
mod replay;
mod snapshot;

pub use commit::{Ack, BATCH_MAX, Decided, ID_MAX, NewAct};
pub use forget::{Forgotten, Retention};
pub use prove::{Opened, Recorded, Way};

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use anning_consent::BrandGraph;
use anning_ledger::index::Index;
use anning_ledger::sheet::Table;
use anning_ledger::{Deed, DeedKind, Entry, Secret, Suite, hex};
use anning_vocab::{Recipient, RecipientKey, Timestamp};
use serde::{Deserialize, Serialize};

use crate::disk::{self, Disk};
use crate::error::Error;
use crate::journal::Journal;
use crate::keyring::{KeyRing, Master};
use crate::sheets::Sheets;
use crate::state::State;
use crate::subjects::Subjects;

/// Fills bytes with what nobody can guess.
pub type Entropy = Box<dyn FnMut(&mut [u8]) + Send>;

/// An open ledger, alone in its folder.
pub struct Ledger {
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    settings: Settings,
    suite: Suite,
    ring: KeyRing,
    epoch: u32,
    journal: Journal,
    subjects: Subjects,
    state: Arc<RwLock<State>>,
    /// Leaves since the last were taken, for the tiles.
    leaves: Vec<Vec<u8>>,
    entropy: Entropy,
    _lock: Box<dyn Send + Sync>,
}

/// What is fixed when a ledger is made; `ledger.json` in its folder.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    format: String,
    id: String,
    origin: String,
    suite: String,
}

/// What it takes to make or open a ledger.
pub struct Access {
    /// The disk.
    pub disk: Arc<dyn Disk>,
    /// Where the key ring lies: outside the ledger's folder.
    pub ring: PathBuf,
    /// Who holds the master key.
    pub master: Box<dyn Master>,
    /// Randomness.
    pub entropy: Entropy,
}

impl Ledger {
    /// Makes a ledger in a new folder. `origin` is the name of its log, such as `log.example.com/consents`.
    ///
    /// # Errors
    /// [`Error::Exists`] when a ledger or key ring is there; [`Error::Io`].
    pub fn create(
        folder: &Path,
        origin: &str,
        suite: Suite,
        mut access: Access,
        now: Timestamp,
    ) -> Result<(), Error> {
        // A log that no key can be named after could never be opened again.
        crate::publish::signer(suite, origin, &Secret::new([1; 32]))?;
        if origin.len() > ORIGIN_MAX {
            return Err(crate::error::Refusal::TooLarge { bytes: origin.len() }.into());
        }
        let disk = Arc::clone(&access.disk);
        disk.create_folder(folder).map_err(Error::io("make", folder))?;
        let lock = take(disk.as_ref(), folder)?;
        let path = folder.join(SETTINGS);
        if disk.open(&path).is_ok() {
            return Err(Error::Exists(folder.to_path_buf()));
        }
        let mut id = [0; 16];
        (access.entropy)(&mut id);
        let mut keys = [[0; 32]; 3];
        keys.iter_mut().for_each(|key| (access.entropy)(key));
        let ring = KeyRing::create(
            Arc::clone(&disk),
            &access.ring,
            id,
            suite,
            access.master,
            keys.map(Secret::new),
        )?;
        let settings = Settings {
            format: FORMAT.to_owned(),
            id: hex::encode(&id),
            origin: origin.to_owned(),
            suite: suite.code().to_owned(),
        };
        let mut ledger = Self {
            journal: Journal::create(Arc::clone(&disk), &folder.join("journal"))?,
            subjects: Subjects::open(disk.as_ref(), &folder.join("recipients"), suite, 0, 1, Vec::new())?,
            disk,
            folder: folder.to_path_buf(),
            settings,
            suite,
            ring,
            epoch: 1,
            state: Arc::default(),
            leaves: Vec::new(),
            entropy: access.entropy,
            _lock: lock,
        };
        let made = DeedKind::Made { origin: origin.to_owned(), suite: suite.code().to_owned() };
        let deed = ledger.deed(made, &[], now);
        ledger.record(vec![deed], now)?;
        let text = serde_json::to_string_pretty(&ledger.settings).unwrap_or_default();
        disk::replace(ledger.disk.as_ref(), &path, text.as_bytes()).map_err(Error::io("write", &path))
        // Made. Before this line there is no ledger here, whatever lies around.
    }

    /// Opens a ledger: verifies what it reads, finishes what a crash left undone, cuts a torn end.
    ///
    /// # Errors
    /// [`Error`]: locked, damaged, rolled back, or the keys do not fit; then nothing is half open.
    pub fn open(folder: &Path, access: Access) -> Result<Self, Error> {
        let Access { disk, ring, master, entropy } = access;
        let settings = Settings::read(disk.as_ref(), folder)?;
        let lock = take(disk.as_ref(), folder)?;
        let (id, suite) = settings.parse(folder)?;
        let ring = KeyRing::open(Arc::clone(&disk), &ring, id, master)?;
        let folder = folder.to_path_buf();
        replay::open(replay::Ground { disk, folder, settings, suite, ring, entropy, lock })
    }

    /// The keyed hash of an address, as the ledger knows recipients.
    #[must_use]
    pub fn hash(&self, recipient: &Recipient) -> RecipientKey {
        hash(self.suite, self.hash_keys(), recipient)
    }

    /// The keys that hash addresses: for readers that hash many.
    pub fn hasher(&self) -> impl Fn(&Recipient) -> RecipientKey + Send + Sync + 'static {
        let (suite, keys) = (self.suite, self.hash_keys().to_vec());
        move |recipient| hash(suite, &keys, recipient)
    }

    /// What decisions read: clones of it stay current.
    #[must_use]
    pub fn view(&self) -> View {
        View(Arc::clone(&self.state))
    }

    /// What decisions read, as it is now. Nothing is applied while it is held.
    #[must_use]
    pub fn read(&self) -> Now<'_> {
        Now(self.state())
    }

    fn state(&self) -> RwLockReadGuard<'_, State> {
        // A panic while the state was written would be a bug, and bugs stop the process.
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Next position in the log: how many leaves there are.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.journal.mark().position
    }

    /// Recipients ever numbered.
    #[must_use]
    pub const fn recipients(&self) -> u32 {
        self.subjects.count()
    }

    /// Name of the log.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.settings.origin
    }

    /// The suite.
    #[must_use]
    pub const fn suite(&self) -> Suite {
        self.suite
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Seed of the log's signing key.
    #[must_use]
    pub const fn signing(&self) -> &Secret {
        self.ring.signing()
    }

    /// Takes the leaves that were committed since the last call, in order.
    pub fn take_leaves(&mut self) -> Vec<Vec<u8>> {
        core::mem::take(&mut self.leaves)
    }

    /// The hash keys in use; one that the ring has beyond them was added before a crash undid the change.
    fn hash_keys(&self) -> &[Secret] {
        let keys = self.ring.hash_keys();
        keys.get(..self.subjects.generation() as usize).unwrap_or(keys)
    }

    fn fresh(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        (self.entropy)(&mut bytes);
        bytes
    }

    /// The entry of a deed.
    fn deed(&mut self, kind: DeedKind, subjects: &[u32], at: Timestamp) -> Entry {
        let salt = if subjects.is_empty() { [0; 32] } else { self.fresh() };
        let commitment =
            if subjects.is_empty() { [0; 32] } else { Deed::commitment(self.suite, &salt, subjects) };
        let head = Deed { kind, at, subjects: commitment }.encode();
        Entry::Deed { head, salt, subjects: subjects.to_vec() }
    }
}

/// What decisions read, from any thread. The default is that of an empty ledger, for whoever runs without one.
#[derive(Clone, Default)]
pub struct View(Arc<RwLock<State>>);

impl View {
    /// As it is now. Everything acknowledged before this call is in it.
    #[must_use]
    pub fn now(&self) -> Now<'_> {
        Now(self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The number of a name, given on first sight: for messages, whose senders may stand on no sheet. What was handed
    /// over is put on record by name.
    #[must_use]
    pub fn number(&self, table: Table, name: &str) -> u32 {
        let mut state = self.0.write().unwrap_or_else(PoisonError::into_inner);
        state.sheets.names_mut().intern(table, name)
    }
}

impl View {
    /// Says which names are one brand, by the numbers of [`View::number`]. The graph comes from outside the log: whoever
    /// decides says it again after every start.
    pub fn set_brands(&self, brands: BrandGraph) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).sheets.set_brands(brands);
    }
}

impl core::fmt::Debug for View {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("View")
    }
}

/// What decisions read at one moment.
pub struct Now<'l>(RwLockReadGuard<'l, State>);

impl Now<'_> {
    /// Everybody's acts and sends.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.0.index
    }

    /// The sheets, and the world they make.
    #[must_use]
    pub fn sheets(&self) -> &Sheets {
        &self.0.sheets
    }

    /// Position in the log up to which everything is in it.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.0.position
    }

    /// When the last record was written: no clock that says less is to be believed.
    #[must_use]
    pub fn last(&self) -> Timestamp {
        self.0.last
    }
}

impl core::fmt::Debug for Now<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Now({})", self.0.position)
    }
}

impl core::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Ledger({}, {} entries)", self.folder.display(), self.size())
    }
}

impl Settings {
    fn read(disk: &dyn Disk, folder: &Path) -> Result<Self, Error> {
        let path = folder.join(SETTINGS);
        let bytes = disk::read(disk, &path).map_err(|e| {
            if e.kind() == std::io::ErrorKind::NotFound {
                return Error::NoLedger(folder.to_path_buf());
            }
            Error::io("read", &path)(e)
        })?;
        let what = "the settings of a ledger cannot be read";
        serde_json::from_slice(&bytes).map_err(|_| Error::Damaged { path, offset: 0, what })
    }

    fn parse(&self, folder: &Path) -> Result<([u8; 16], Suite), Error> {
        let parse = || {
            let id = hex::decode(&self.id)?.try_into().ok()?;
            (self.format == FORMAT).then_some((id, Suite::from_code(&self.suite)?))
        };
        let what = "the settings of a ledger cannot be read";
        parse().ok_or_else(|| Error::Damaged { path: folder.join(SETTINGS), offset: 0, what })
    }
}

/// Hash of an address: under the first key, then each hash under the next.
fn hash(suite: Suite, keys: &[Secret], recipient: &Recipient) -> RecipientKey {
    let mut buffer = [0; 8];
    let address = recipient.canonical(&mut buffer);
    let Some((first, rest)) = keys.split_first() else { return RecipientKey([0; 16]) };
    let start = once(suite, first, address);
    rest.iter().fold(start, |hash, key| nest(suite, key, hash))
}

/// The hash of a hash, under the next key.
pub(crate) fn nest(suite: Suite, key: &Secret, hash: RecipientKey) -> RecipientKey {
    once(suite, key, &hash.0)
}

fn once(suite: Suite, key: &Secret, bytes: &[u8]) -> RecipientKey {
    let hash = match suite {
        Suite::International => *blake3::keyed_hash(key.bytes(), bytes).as_bytes(),
        Suite::Gm => suite.keyed(key.bytes(), &[b"anning address 1\n", bytes]),
    };
    RecipientKey(hash.first_chunk().copied().unwrap_or([0; 16]))
}

fn take(disk: &dyn Disk, folder: &Path) -> Result<Box<dyn Send + Sync>, Error> {
    let path = folder.join("lock");
    disk.lock(&path).map_err(|e| {
        if e.kind() == std::io::ErrorKind::WouldBlock {
            return Error::Locked(folder.to_path_buf());
        }
        Error::io("lock", &path)(e)
    })
}

/// Bytes of the name of a log.
const ORIGIN_MAX: usize = 256;
const SETTINGS: &str = "ledger.json";
const FORMAT: &str = "anning ledger 1";
