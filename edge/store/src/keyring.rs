//! The key ring: what is kept outside the store, under a master key. Whoever holds the store alone can open nothing.
//!
//! It holds the epoch keys that are alive (one, two while keys are being destroyed), the keys of the keyed hash of
//! addresses and the log's signing key. Destroying an epoch key here is what makes erasure final: every page key,
//! and with it every copy of the erased person's key, is wrapped under it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anning_ledger::{Place, Purpose, Secret, Suite, hex};
use serde::{Deserialize, Serialize};

use crate::disk::{self, Disk};
use crate::error::{Error, KeyError};

/// Holds the master key: in software here, or a device that never gives it away.
pub trait Master: Send + Sync {
    /// Wraps a key.
    ///
    /// # Errors
    /// What the device says.
    fn wrap(&self, suite: Suite, place: Place, key: &Secret) -> Result<Vec<u8>, String>;

    /// Unwraps a key; `None` when it was wrapped under another master key.
    ///
    /// # Errors
    /// What the device says.
    fn unwrap(&self, suite: Suite, place: Place, wrapped: &[u8]) -> Result<Option<Secret>, String>;
}

/// A master key in memory, from a file or the environment.
#[derive(Clone, Debug)]
pub struct SoftMaster(Secret);

impl SoftMaster {
    /// From 64 hex digits, as a key file or an environment variable holds them.
    ///
    /// # Errors
    /// [`KeyError::NotAKey`].
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let bytes = hex::decode(&text.trim().to_ascii_lowercase()).ok_or(KeyError::NotAKey)?;
        Ok(Self(Secret::new(bytes.try_into().map_err(|_| KeyError::NotAKey)?)))
    }
}

impl Master for SoftMaster {
    fn wrap(&self, suite: Suite, place: Place, key: &Secret) -> Result<Vec<u8>, String> {
        let mut out = key.bytes().to_vec();
        suite.seal(&self.0, place, &mut out);
        Ok(out)
    }

    fn unwrap(&self, suite: Suite, place: Place, wrapped: &[u8]) -> Result<Option<Secret>, String> {
        let open = suite.open(&self.0, place, wrapped).ok();
        Ok(open.and_then(|bytes| bytes.try_into().ok()).map(Secret::new))
    }
}

/// A device or service behind a command: it is given `wrap` or `unwrap`, the place and the bytes in hex on one line, and
/// answers with hex on one line, or with `no` for what was wrapped under another key. PKCS#11 tools fit behind a few
/// lines of shell.
#[derive(Clone, Debug)]
pub struct CommandMaster(pub PathBuf);

impl CommandMaster {
    fn ask(&self, verb: &str, place: Place, bytes: &[u8]) -> Result<Option<Vec<u8>>, String> {
        let said = |e: &dyn core::fmt::Display| format!("key device {}: {e}", self.0.display());
        let output = std::process::Command::new(&self.0)
            .arg(verb)
            .arg(format!("{}-{}-{}", place.purpose as u8, place.at, place.part))
            .arg(hex::encode(bytes))
            .output()
            .map_err(|e| said(&e))?;
        if !output.status.success() {
            return Err(said(&String::from_utf8_lossy(&output.stderr).trim()));
        }
        let answer = String::from_utf8_lossy(&output.stdout);
        match answer.trim() {
            "no" => Ok(None),
            digits => hex::decode(&digits.to_ascii_lowercase())
                .map(Some)
                .ok_or_else(|| said(&"its answer is neither hex nor `no`")),
        }
    }
}

impl Master for CommandMaster {
    fn wrap(&self, _: Suite, place: Place, key: &Secret) -> Result<Vec<u8>, String> {
        self.ask("wrap", place, key.bytes())?.ok_or_else(|| "the key device would not wrap".to_owned())
    }

    fn unwrap(&self, _: Suite, place: Place, wrapped: &[u8]) -> Result<Option<Secret>, String> {
        Ok(self.ask("unwrap", place, wrapped)?.and_then(|bytes| bytes.try_into().ok()).map(Secret::new))
    }
}

/// An open key ring.
pub struct KeyRing {
    disk: Arc<dyn Disk>,
    path: PathBuf,
    ledger: [u8; 16],
    suite: Suite,
    master: Box<dyn Master>,
    epochs: BTreeMap<u32, Secret>,
    hash_keys: Vec<Secret>,
    signing: Secret,
}

/// The file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: String,
    ledger: String,
    suite: String,
    epochs: BTreeMap<u32, String>,
    hash_keys: Vec<String>,
    signing: String,
}

impl KeyRing {
    /// Makes a ring for a new ledger.
    ///
    /// # Errors
    /// [`Error::Exists`] when a file is there; [`Error::Io`].
    pub fn create(
        disk: Arc<dyn Disk>,
        path: &Path,
        ledger: [u8; 16],
        suite: Suite,
        master: Box<dyn Master>,
        [epoch, hash, signing]: [Secret; 3],
    ) -> Result<Self, Error> {
        if disk.open(path).is_ok() {
            return Err(Error::Exists(path.to_path_buf()));
        }
        let ring = Self {
            disk,
            path: path.to_path_buf(),
            ledger,
            suite,
            master,
            epochs: BTreeMap::from([(1, epoch)]),
            hash_keys: vec![hash],
            signing,
        };
        ring.save()?;
        Ok(ring)
    }

    /// Opens the ring of a ledger.
    ///
    /// # Errors
    /// [`Error::Keys`] when it is missing, of another ledger, no ring, or the master key does not open it.
    pub fn open(
        disk: Arc<dyn Disk>,
        path: &Path,
        ledger: [u8; 16],
        master: Box<dyn Master>,
    ) -> Result<Self, Error> {
        let bytes = disk::read(disk.as_ref(), path).map_err(|e| {
            if e.kind() == std::io::ErrorKind::NotFound {
                return Error::Keys(KeyError::NoRing(path.to_path_buf()));
            }
            Error::io("read", path)(e)
        })?;
        let malformed = || KeyError::Malformed(path.to_path_buf());
        let written: Written = serde_json::from_slice(&bytes).map_err(|_| malformed())?;
        let suite = Suite::from_code(&written.suite).ok_or_else(malformed)?;
        if written.format != FORMAT {
            return Err(malformed().into());
        }
        if written.ledger != hex::encode(&ledger) {
            return Err(KeyError::OtherLedger(path.to_path_buf()).into());
        }
        let open = |place: Place, text: &str| -> Result<Secret, Error> {
            let wrapped = hex::decode(text).ok_or_else(malformed)?;
            let key = master.unwrap(suite, place, &wrapped).map_err(device(path))?;
            key.ok_or_else(|| KeyError::WrongMaster(path.to_path_buf()).into())
        };
        let signing = open(SIGNING, &written.signing)?;
        let mut epochs = BTreeMap::new();
        for (number, text) in &written.epochs {
            epochs.insert(*number, open(epoch_place(*number), text)?);
        }
        let mut hash_keys = Vec::new();
        for (text, at) in written.hash_keys.iter().zip(0..) {
            hash_keys.push(open(hash_place(at), text)?);
        }
        if hash_keys.is_empty() {
            return Err(malformed().into());
        }
        Ok(Self { disk, path: path.to_path_buf(), ledger, suite, master, epochs, hash_keys, signing })
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The oldest epoch alive.
    #[must_use]
    pub fn oldest(&self) -> u32 {
        self.epochs.keys().next().copied().unwrap_or(0)
    }

    /// An epoch key.
    ///
    /// # Errors
    /// [`KeyError::NoEpoch`] when it was destroyed or never was.
    pub fn epoch(&self, number: u32) -> Result<&Secret, Error> {
        self.epochs
            .get(&number)
            .ok_or_else(|| KeyError::NoEpoch { epoch: number, ring: self.path.clone() }.into())
    }

    /// The newest epoch.
    #[must_use]
    pub fn newest(&self) -> u32 {
        self.epochs.keys().next_back().copied().unwrap_or(0)
    }

    /// The keys of the keyed hash, oldest first: each hashes what the one before it made.
    #[must_use]
    pub fn hash_keys(&self) -> &[Secret] {
        &self.hash_keys
    }

    /// The seed of the log's signing key.
    #[must_use]
    pub const fn signing(&self) -> &Secret {
        &self.signing
    }

    /// Adds a new epoch key; the older one lives until [`KeyRing::destroy_before`].
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn add_epoch(&mut self, number: u32, key: Secret) -> Result<(), Error> {
        self.epochs.insert(number, key);
        self.save()
    }

    /// Destroys every epoch key before this one.
    ///
    /// # Errors
    /// [`Error::Io`]: then they may live on, and the caller tries again.
    pub fn destroy_before(&mut self, number: u32) -> Result<(), Error> {
        if self.epochs.keys().next().is_some_and(|first| *first < number) {
            self.epochs.retain(|n, _| *n >= number);
            self.save()?;
        }
        Ok(())
    }

    /// Adds a key of the keyed hash, which hashes what the newest one made.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn add_hash_key(&mut self, key: Secret) -> Result<(), Error> {
        self.hash_keys.push(key);
        self.save()
    }

    /// Puts the whole ring under another master key. The old master key opens nothing of it from here on.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn change_master(&mut self, master: Box<dyn Master>) -> Result<(), Error> {
        self.master = master;
        self.save()
    }

    /// Writes the ring in place of the old one, whose bytes are overwritten before they are let go.
    fn save(&self) -> Result<(), Error> {
        let wrap = |place: Place, key: &Secret| -> Result<String, Error> {
            Ok(hex::encode(&self.master.wrap(self.suite, place, key).map_err(device(&self.path))?))
        };
        let mut epochs = BTreeMap::new();
        for (number, key) in &self.epochs {
            epochs.insert(*number, wrap(epoch_place(*number), key)?);
        }
        let mut hash_keys = Vec::new();
        for (key, at) in self.hash_keys.iter().zip(0..) {
            hash_keys.push(wrap(hash_place(at), key)?);
        }
        let written = Written {
            format: FORMAT.to_owned(),
            ledger: hex::encode(&self.ledger),
            suite: self.suite.code().to_owned(),
            epochs,
            hash_keys,
            signing: wrap(SIGNING, &self.signing)?,
        };
        let text = serde_json::to_string_pretty(&written).map_err(|e| Error::Io {
            doing: "write",
            path: self.path.clone(),
            source: e.into(),
        })?;
        let old = self.disk.open(&self.path).ok();
        disk::replace_private(self.disk.as_ref(), &self.path, text.as_bytes())
            .map_err(Error::io("write", &self.path))?;
        if let Some(old) = old {
            // The name is gone, the bytes are not yet.
            let len = old.size().map_err(Error::io("measure", &self.path))?;
            let zeros = vec![0; usize::try_from(len).unwrap_or(0)];
            old.write_at(&zeros, 0).map_err(Error::io("overwrite", &self.path))?;
            old.sync().map_err(Error::io("sync", &self.path))?;
        }
        Ok(())
    }
}

impl core::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "KeyRing({}, epochs {:?})", self.path.display(), self.epochs.keys())
    }
}

fn device(path: &Path) -> impl Fn(String) -> Error {
    let path = path.to_path_buf();
    move |said| Error::Io {
        doing: "use the master key of",
        path: path.clone(),
        source: std::io::Error::other(said),
    }
}

const fn epoch_place(number: u32) -> Place {
    Place { purpose: Purpose::EpochKey, at: number as u64, part: 0, attempt: 0 }
}

const fn hash_place(number: u32) -> Place {
    Place { purpose: Purpose::HashKey, at: number as u64, part: 0, attempt: 0 }
}

const SIGNING: Place = Place { purpose: Purpose::SigningKey, at: 0, part: 0, attempt: 0 };
const FORMAT: &str = "anning key ring 1";
