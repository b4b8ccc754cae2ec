//! Taking out what is to be proved: an act with its salt, a decision with its receipt.

use std::path::Path;

use anning_ledger::event::salt;
use anning_ledger::{
    Batch, Checkpoint, Deed, Entries, Entry, Event, Hash, Mirror, Place, Purpose, Receipt, Sealed, Tile,
    VerifierKey, inclusion_proof, leaf_hash, receipt,
};

use anning_vocab::RecipientKey;

use super::Ledger;
use super::commit::{decision_salt, evidence_of, record_of};
use crate::disk;
use crate::error::{Error, Refusal};
use crate::journal;
use crate::publish::{FOLDER, signer};

/// From a leaf up to the root.
pub type Way = Vec<Hash>;

/// Whose a decision on record is, and its record; none where its key is gone.
pub type Recorded = (RecipientKey, Option<Vec<u8>>);

/// An act as it is opened to somebody: whoever has it can check it against its leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Its position.
    pub position: u64,
    /// Salt of its commitment.
    pub salt: Hash,
    /// Its body.
    pub event: Event,
}

/// What was sealed of a decision.
struct Body {
    record: Vec<u8>,
    salt: Hash,
    evidence: Option<Vec<u8>>,
}

impl Ledger {
    /// The checkpoint that is published, as it stands on disk.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Damaged`].
    pub fn checkpoint(&self) -> Result<(Checkpoint, String), Error> {
        let path = self.folder.join(FOLDER).join("checkpoint");
        let bytes = disk::read(self.disk.as_ref(), &path).map_err(Error::io("read", &path))?;
        let key = signer(self.suite, self.origin(), self.ring.signing())?;
        let keys = [key.verifier().clone()];
        let what = "the checkpoint is not signed by this log";
        let damaged = || Error::Damaged { path: path.clone(), offset: 0, what };
        let (checkpoint, note) = Checkpoint::open(&bytes, self.origin(), &keys).map_err(|_| damaged())?;
        Ok((checkpoint, note.to_string()))
    }

    /// Opens an act.
    ///
    /// # Errors
    /// [`Refusal::NoEntry`] where no act is, or its key is gone; [`Error::Io`], [`Error::Damaged`].
    pub fn act(&self, position: u64) -> Result<Opened, Error> {
        let (entry, at) = self.entry(position)?;
        let none = || Error::Refused(Refusal::NoEntry(position));
        let Entry::Act { subject, sealed, .. } = entry else { return Err(none()) };
        let own = self.subjects.key(subject)?.ok_or_else(none)?;
        let place = Place::in_log(Purpose::Act, position, 0, at);
        let body = self.suite.open(&own, place, &sealed).map_err(|_| self.damaged(position))?;
        let event = Event::decode(&body).map_err(|_| self.damaged(position))?;
        Ok(Opened { position, salt: salt(self.suite, &own, position), event })
    }

    /// The log's public key.
    ///
    /// # Errors
    /// [`Error::Io`] when no key can be named after the log.
    pub fn verifier(&self) -> Result<VerifierKey, Error> {
        signer(self.suite, self.origin(), self.ring.signing()).map(|key| key.verifier().clone())
    }

    /// The deed at a position, as its leaf has it.
    ///
    /// # Errors
    /// [`Refusal::NoEntry`] where no deed is; [`Error::Io`], [`Error::Damaged`].
    pub fn deed_at(&self, position: u64) -> Result<Deed, Error> {
        let Entry::Deed { head, .. } = self.entry(position)?.0 else {
            return Err(Error::Refused(Refusal::NoEntry(position)));
        };
        Deed::decode(&head).map_err(|_| self.damaged(position))
    }

    /// The receipt of a decision: its batch's position and its place in the batch. The batch must be published.
    ///
    /// # Errors
    /// [`Refusal::NoEntry`] where no such decision is, its key is gone, or no checkpoint covers it yet; [`Error::Io`],
    /// [`Error::Damaged`].
    pub fn receipt(&self, position: u64, index: u32) -> Result<Receipt, Error> {
        let none = || Error::Refused(Refusal::NoEntry(position));
        let (leaf, decisions, Body { record, salt, .. }) = self.decision(position, index)?;
        let leaves = decisions.iter().map(|d| leaf_hash(self.suite, &d.commitment)).collect();
        let path = Batch::new(self.suite, leaves).path(index as usize).ok_or_else(none)?;
        let (mut ways, text) = self.inclusions(&[position])?;
        let proof = ways.pop().flatten().ok_or_else(none)?;
        Ok(Receipt {
            suite: self.suite,
            record,
            salt: salt.to_vec(),
            batch_index: u64::from(index),
            batch_path: path,
            leaf,
            leaf_index: position,
            proof,
            checkpoint: text,
        })
    }

    /// The evidence of a decision, if it was kept with it: whoever it is opened to hashes it and compares it with the
    /// record. Its batch need not be published yet.
    ///
    /// # Errors
    /// [`Refusal::NoEntry`] where no such decision is, or its key is gone; [`Error::Io`], [`Error::Damaged`].
    pub fn evidence(&self, position: u64, index: u32) -> Result<Option<Vec<u8>>, Error> {
        self.decision(position, index).map(|(_, _, body)| body.evidence)
    }

    /// A decision opened, and checked against what its batch commits to; with the batch's leaf and all its decisions.
    fn decision(&self, position: u64, index: u32) -> Result<(Vec<u8>, Vec<Sealed>, Body), Error> {
        let none = || Error::Refused(Refusal::NoEntry(position));
        let (entry, at) = self.entry(position)?;
        let leaf = entry.leaf().ok_or_else(none)?;
        let Entry::Batch { decisions, .. } = entry else { return Err(none()) };
        let ours = decisions.get(index as usize).ok_or_else(none)?;
        let own = self.subjects.key(ours.subject)?.ok_or_else(none)?;
        let place = Place::in_log(Purpose::Decision, position, index, at);
        let body = self.suite.open(&own, place, &ours.body).map_err(|_| self.damaged(position))?;
        let record = record_of(&body).ok_or_else(|| self.damaged(position))?;
        let salt = decision_salt(self.suite, &own, position, index);
        if receipt::commitment(self.suite, &salt, &record) != ours.commitment {
            return Err(self.damaged(position));
        }
        Ok((leaf, decisions, Body { record, salt, evidence: evidence_of(&body) }))
    }

    /// The ways from leaves up to the root of the published checkpoint, and that checkpoint; none for a leaf that it
    /// does not cover yet.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Damaged`].
    pub fn inclusions(&self, positions: &[u64]) -> Result<(Vec<Option<Way>>, String), Error> {
        let (checkpoint, text) = self.checkpoint()?;
        let (head, public) = (checkpoint.head(), self.folder.join(FOLDER));
        let fetch = |tile: &Tile| disk::read(self.disk.as_ref(), &public.join(tile.path()));
        let mirror = Mirror::open(self.suite, head, fetch).map_err(|_| self.damaged(head.size))?;
        let mut ways = Vec::with_capacity(positions.len());
        for position in positions {
            ways.push(if *position < head.size {
                let way = inclusion_proof(self.suite, *position, head.size, &mirror);
                Some(way.map_err(|_| self.damaged(*position))?)
            } else {
                None
            });
        }
        Ok((ways, text))
    }

    /// Every leaf, in order, out of the journal.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Damaged`], and what `visit` returns.
    pub fn leaves(&self, visit: &mut dyn FnMut(&[u8]) -> Result<(), Error>) -> Result<(), Error> {
        let folder = self.folder.join("journal");
        let mut each = |record: journal::Record<'_>| {
            let entries = Entries::new(record.payload).filter_map(Result::ok);
            entries.filter_map(|entry| entry.leaf()).try_for_each(|leaf| visit(&leaf))
        };
        journal::read(self.disk.as_ref(), &folder, None, 0, &mut each).map(drop)
    }

    /// Opens every act that can be opened, in order: of one person, or of all. Reads the whole journal.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Damaged`], and what `visit` returns.
    pub fn acts(
        &mut self,
        of: Option<RecipientKey>,
        visit: &mut dyn FnMut(Opened) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let wanted = match of {
            None => None,
            // Somebody who was erased and came again has two numbers; the older opens nothing any more.
            Some(key) => Some(self.subjects.find(key)?.ok_or(Refusal::UnknownRecipient)?),
        };
        let folder = self.folder.join("journal");
        let mut each = |record: journal::Record<'_>| {
            let leaves = Entries::new(record.payload).filter_map(Result::ok).filter(|e| e.leaf().is_some());
            for (entry, position) in leaves.zip(record.first..) {
                let Entry::Act { subject, sealed, .. } = entry else { continue };
                if wanted.is_some_and(|wanted| wanted != subject) {
                    continue;
                }
                let Some(own) = self.subjects.key(subject)? else { continue };
                let place = Place::in_log(Purpose::Act, position, 0, record.at);
                let body = self.suite.open(&own, place, &sealed).map_err(|_| self.damaged(position))?;
                let event = Event::decode(&body).map_err(|_| self.damaged(position))?;
                visit(Opened { position, salt: salt(self.suite, &own, position), event })?;
            }
            Ok(())
        };
        journal::read(self.disk.as_ref(), &folder, None, 0, &mut each).map(drop)
    }

    /// The batches of decisions from a position on, in order: whose each decision is, and its record as far as it opens.
    /// For whoever must know after a crash whether a batch was put on record.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Damaged`], and what `visit` returns.
    pub fn batches(
        &self,
        from: u64,
        visit: &mut dyn FnMut(u64, Vec<Recorded>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let folder = self.folder.join("journal");
        let begins = journal::segment_of(self.disk.as_ref(), &folder, from)?;
        let mut each = |record: journal::Record<'_>| {
            let leaves = Entries::new(record.payload).filter_map(Result::ok).filter(|e| e.leaf().is_some());
            for (entry, position) in leaves.zip(record.first..) {
                let Entry::Batch { decisions, .. } = entry else { continue };
                if position < from {
                    continue;
                }
                let mut opened = Vec::with_capacity(decisions.len());
                for (sealed, part) in decisions.iter().zip(0..) {
                    let place = Place::in_log(Purpose::Decision, position, part, record.at);
                    let own = self.subjects.key(sealed.subject)?;
                    let body = own.and_then(|own| self.suite.open(&own, place, &sealed.body).ok());
                    opened.push((self.subjects.hash(sealed.subject)?, body.and_then(|b| record_of(&b))));
                }
                visit(position, opened)?;
            }
            Ok(())
        };
        journal::read(self.disk.as_ref(), &folder, begins, 0, &mut each).map(drop)
    }

    /// The entry at a position, and when it was written.
    fn entry(&self, position: u64) -> Result<(Entry, anning_vocab::Timestamp), Error> {
        let folder = self.folder.join("journal");
        let found = journal::find(self.disk.as_ref(), &folder, position)?;
        let (first, at, payload) = found.ok_or(Refusal::NoEntry(position))?;
        let entries = Entries::new(&payload).filter_map(Result::ok).filter(|entry| entry.leaf().is_some());
        let skip = usize::try_from(position - first).unwrap_or(usize::MAX);
        let entry = entries.into_iter().nth(skip).ok_or(Refusal::NoEntry(position))?;
        Ok((entry, at))
    }

    fn damaged(&self, position: u64) -> Error {
        let path: &Path = &self.folder;
        Error::Damaged {
            path: path.join("journal"),
            offset: position,
            what: "an entry does not open, by position",
        }
    }
}
