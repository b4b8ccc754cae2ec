//! Page records and their seals as files: read within bounds, and believed as far as a trusted log vouches.

use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use anning_ledger::{Deed, DeedKind, PageSeal, SEAL_MAX, SealFault, VerifierKey};
use anning_vocab::Timestamp;

use super::reject::Fault;

/// Whose seals are believed: logs whose keys the auditor names, and the ledger that is audited from.
#[derive(Default)]
pub struct Logs<'l> {
    keys: Vec<VerifierKey>,
    ledger: Option<OwnLog<'l>>,
}

struct OwnLog<'l> {
    key: VerifierKey,
    deed: Box<dyn Fn(u64) -> Option<Deed> + 'l>,
}

impl core::fmt::Debug for Logs<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let named = self.keys.iter().chain(self.ledger.as_ref().map(|own| &own.key));
        f.debug_list().entries(named.map(VerifierKey::name)).finish()
    }
}

/// What vouches for a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Seal {
    /// Nothing.
    None,
    /// A log that nobody named: anybody can keep one of their own.
    Unknown(String),
    /// A log that is believed took it at that time.
    Held(Timestamp),
}

impl<'l> Logs<'l> {
    /// Logs that are believed.
    #[must_use]
    pub const fn of(keys: Vec<VerifierKey>) -> Self {
        Self { keys, ledger: None }
    }

    /// Believes this ledger too: its key, and above that what it itself holds at a position.
    #[must_use]
    pub fn and(mut self, key: VerifierKey, deed: impl Fn(u64) -> Option<Deed> + 'l) -> Self {
        self.ledger = Some(OwnLog { key, deed: Box::new(deed) });
        self
    }

    /// Is the seal of this record, and whose?
    fn judge(&self, seal: &PageSeal, record: &[u8]) -> Result<Seal, SealFault> {
        let own = self.ledger.as_ref().filter(|own| own.key.name() == seal.origin());
        if let Some(own) = own {
            let at = seal.verify(record, &own.key)?;
            let kind = DeedKind::Page { record: seal.record };
            let held = (own.deed)(seal.position).is_some_and(|deed| deed.kind == kind && deed.at == at);
            return if held {
                Ok(Seal::Held(at))
            } else {
                Err(SealFault::NotInLog { position: seal.position })
            };
        }
        let named: Vec<_> = self.keys.iter().filter(|key| key.name() == seal.origin()).collect();
        if named.is_empty() {
            return seal.check(record).map(|_| Seal::Unknown(seal.origin().to_owned()));
        }
        // A log may have changed its key.
        let mut found = Err(SealFault::Signature);
        for key in named {
            found = seal.verify(record, key).map(Seal::Held);
            if found.is_ok() {
                break;
            }
        }
        found
    }
}

/// The bytes of a record below `folder`, and what vouches for them.
pub(crate) fn read(
    cell: &str,
    folder: Option<&Path>,
    max: usize,
    logs: &Logs<'_>,
) -> Result<(Vec<u8>, Seal), Fault> {
    let outside = || Fault::new("record", "not a path beside or below the table", cell);
    let path = Path::new(cell);
    let inside = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    let folder = folder.filter(|_| inside).ok_or_else(outside)?;
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let path = folder.join(path);
    let bytes = bounded(&path, folder, max).map_err(|why| Fault::new("record", why, cell))?;
    let bytes = bytes.ok_or_else(|| Fault::new("record", "cannot be read: there is no such file", cell))?;
    let told =
        |why: String| Fault::new("record", format!("the seal beside it does not hold: {why}{WAY_OUT}"), cell);
    let Some(seal) = bounded(&beside(&path), folder, SEAL_MAX).map_err(told)? else {
        return Ok((bytes, Seal::None));
    };
    let text = String::from_utf8(seal).map_err(|_| told("it is not UTF-8".to_owned()))?;
    let seal = PageSeal::from_json(&text).and_then(|seal| logs.judge(&seal, &bytes));
    seal.map(|seal| (bytes, seal)).map_err(|fault| told(fault.to_string()))
}

/// `seal.json` beside `record.json`; `NAME.seal.json` beside `NAME.json`.
fn beside(record: &Path) -> PathBuf {
    let stem = record.file_stem().unwrap_or_default();
    if stem == "record" {
        return record.with_file_name("seal.json");
    }
    let mut name = stem.to_owned();
    name.push(".seal.json");
    record.with_file_name(name)
}

/// A regular file below the folder and no longer than `max`; none where there is none. A device, a pipe or a link that
/// leads out is refused before a byte is read.
fn bounded(path: &Path, folder: &Path, max: usize) -> Result<Option<Vec<u8>>, String> {
    let cannot = |e: std::io::Error| format!("cannot be read: {e}");
    let real = match path.canonicalize() {
        Ok(real) => real,
        // A link to nowhere is there, and is no record.
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && path.symlink_metadata().is_err() => {
            return Ok(None);
        }
        Err(e) => return Err(cannot(e)),
    };
    if !real.starts_with(folder.canonicalize().map_err(cannot)?) {
        return Err("leads out of the folder of the table; put the file there".to_owned());
    }
    let known = std::fs::metadata(&real).map_err(cannot)?;
    if !known.is_file() {
        return Err("is no regular file".to_owned());
    }
    let too_long = |bytes: u64| format!("longer than {max} bytes: {bytes}");
    if known.len() > max as u64 {
        return Err(too_long(known.len()));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(known.len()).unwrap_or(0));
    let file = std::fs::File::open(&real).map_err(cannot)?;
    // It may grow meanwhile.
    file.take(max as u64 + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() > max { Err(too_long(bytes.len() as u64)) } else { Ok(Some(bytes)) }
}

/// What to do about a seal that does not hold.
const WAY_OUT: &str = "; put back the record as it was sealed, or take the seal away to have it count as a statement without one";
