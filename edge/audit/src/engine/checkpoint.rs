//! What a run puts on record between two legs, so that a killed run goes on.
//!
//! Written whole beside the old one and then renamed: a kill on either side leaves one that is whole. Files of
//! records and rejects are only ever appended to; what stands behind the lengths on record is cut off.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::Error;
use crate::input::{Contexts, Names, Tallies, Tally, TermsTable, UnitId};

use super::codec::{Decoder, Encoder};
use super::collect::Account;

/// How far the first phase is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Checkpoint {
    /// Acts and sends are all read.
    pub finished: bool,
    /// All acts are read; `last` of the sends then counts.
    pub acts_read: bool,
    /// Bytes of the rejects file.
    pub rejects: u64,
    /// Bytes and records of each partition of sends and of acts.
    pub sends: Vec<(u64, u64)>,
    pub acts: Vec<(u64, u64)>,
}

/// Writes the record of a run.
pub(crate) fn write(
    path: &Path,
    at: &Checkpoint,
    account: &Account,
    names: &Names,
    contexts: &Contexts,
    terms: &TermsTable,
) -> Result<(), Error> {
    let mut out = Encoder::default();
    out.text(FORMAT);
    out.text(&boot());
    out.u8(u8::from(at.finished));
    out.u8(u8::from(at.acts_read));
    out.u64(at.rejects);
    for parts in [&at.sends, &at.acts] {
        out.list(parts, |out, (bytes, records)| {
            out.u64(*bytes);
            out.u64(*records);
        });
    }
    let extents: Vec<_> = account.extents.iter().collect();
    out.list(&extents, |out, (unit, (first, last))| {
        self::unit(out, **unit);
        out.u64(*first);
        out.u64(*last);
    });
    out.list(account.last.as_slice(), |out, u| self::unit(out, *u));
    out.u64(account.kept);
    let files: Vec<Tally> = (0..=account.files()).map(|f| account.tallies.file(f)).collect();
    out.list(&files, |out, t| [t.rows, t.read, t.rejected].into_iter().for_each(|n| out.u64(n)));
    let reasons: Vec<_> = account.reasons.iter().collect();
    out.list(&reasons, |out, ((file, code), n)| {
        out.u32(u32::from(*file));
        out.text(code);
        out.u64(**n);
    });
    for list in lists(names) {
        out.list(&list, |out, name| out.text(name));
    }
    out.list(&contexts.all(), Encoder::context);
    out.list(&terms.all(), Encoder::terms);
    let hash = blake3::hash(&out.bytes);
    out.bytes.extend_from_slice(hash.as_bytes());
    let beside = path.with_extension("new");
    std::fs::write(&beside, &out.bytes).map_err(|e| Error::io("write", &beside, &e))?;
    std::fs::rename(&beside, path).map_err(|e| Error::io("write", path, &e))
    // Committed. A kill from here on goes on from this record; before it, from the one before.
}

/// Reads the record of a run back into empty tables; `None` where there is none that can be gone on from.
pub(crate) fn read(
    path: &Path,
    names: &Names,
    contexts: &Contexts,
    terms: &TermsTable,
) -> Option<(Checkpoint, Account)> {
    let bytes = std::fs::read(path).ok()?;
    let (bytes, hash) = bytes.split_last_chunk::<32>()?;
    if blake3::hash(bytes).as_bytes() != hash {
        return None;
    }
    let mut from = Decoder::new(bytes);
    // After a loss of power the files of records may lack what this record says of them.
    if from.text()? != FORMAT || from.text()? != boot() {
        return None;
    }
    let (finished, acts_read, rejects) = (from.u8()? == 1, from.u8()? == 1, from.u64()?);
    let part = |from: &mut Decoder<'_>| Some((from.u64()?, from.u64()?));
    let (sends, acts) = (from.list(part)?, from.list(part)?);
    let mut account = Account::default();
    let extents = from.list(|from| Some((unit_of(from)?, (from.u64()?, from.u64()?))))?;
    account.extents = extents.into_iter().collect::<BTreeMap<_, _>>();
    account.last = from.list(unit_of)?.pop();
    account.kept = from.u64()?;
    let files =
        from.list(|from| Some(Tally { rows: from.u64()?, read: from.u64()?, rejected: from.u64()? }))?;
    let mut tallies = Tallies::default();
    (0..).zip(&files).for_each(|(file, tally)| tallies.file_mut(file).add(*tally));
    account.tallies = tallies;
    let reasons = from.list(|from| {
        let file = u16::try_from(from.u32()?).ok()?;
        Some(((file, from.text()?), from.u64()?))
    })?;
    account.reasons = reasons.into_iter().collect();
    let lists = (0..LISTS).map(|_| from.list(Decoder::text)).collect::<Option<Vec<_>>>()?;
    restore(names, &lists);
    from.list(Decoder::context)?.into_iter().for_each(|c| {
        contexts.id(c);
    });
    from.list(Decoder::terms)?.into_iter().for_each(|t| {
        terms.id(t);
    });
    Some((Checkpoint { finished, acts_read, rejects, sends, acts }, account))
}

impl Account {
    /// The greatest number of a file that rows were read from.
    fn files(&self) -> u16 {
        let read = self.extents.keys().map(|u| u.file).max().unwrap_or(0);
        self.reasons.keys().map(|(file, _)| *file).max().unwrap_or(0).max(read)
    }
}

fn unit(out: &mut Encoder, unit: UnitId) {
    out.u32(u32::from(unit.file));
    out.u32(unit.index);
}

fn unit_of(from: &mut Decoder<'_>) -> Option<UnitId> {
    Some(UnitId { file: u16::try_from(from.u32()?).ok()?, index: from.u32()? })
}

/// All names by kind, each list in the order of its numbers.
fn lists(names: &Names) -> [Vec<Box<str>>; LISTS] {
    [
        names.party_names(),
        names.brand_names(),
        names.port_names(),
        names.signature_names(),
        names.campaign_names(),
        names.notice_names(),
        (0..).map_while(|group| names.wording_name(group)).collect(),
        names.page_names(),
        names.page_addresses(),
    ]
}

/// Gives the names back their numbers.
fn restore(names: &Names, lists: &[Vec<String>]) {
    for (kind, list) in lists.iter().enumerate() {
        for name in list {
            match kind {
                0 => _ = names.party(name),
                1 => _ = names.brand(name),
                2 => _ = names.port(name),
                3 => _ = names.signature(name),
                4 => _ = names.campaign(name),
                5 => _ = names.notice(name),
                6 => _ = names.wording(name),
                7 => _ = names.page(name),
                _ => _ = names.page_address(name),
            }
        }
    }
}

/// Names this start of the machine, where it can be told.
fn boot() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
}

const FORMAT: &str = "anning audit checkpoint 3";
const LISTS: usize = 9;
