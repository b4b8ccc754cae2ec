//! Forgetting: restricted at once, erased when the law no longer has the data kept and no case holds them.

use std::collections::BTreeMap;

use anning_ledger::{DeedKind, Entry, Secret};
use anning_vocab::{Date, RecipientKey, Timestamp};

use super::Ledger;
use crate::error::{Error, Refusal};
use crate::keyring::Master;
use crate::state::{Restriction, silent_sheet};
use crate::subjects::{PAGE, page_key, page_place, wrap};

/// How long the law has the data of a person kept, for the role of whoever holds them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Last day.
    pub until: Date,
    /// The article that says so; empty if none does.
    pub article: String,
}

/// What a request to be forgotten brought about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgotten {
    /// From when on their data are stored and nothing else.
    pub since: Timestamp,
    /// First day on which they may be erased, holds apart.
    pub erase_from: Date,
    /// The article that has them kept until then.
    pub article: String,
    /// Cases that hold them.
    pub holds: Vec<String>,
    /// It was asked before; nothing changed.
    pub repeated: bool,
    /// Nothing was kept of them before: the request itself is all there is.
    pub unknown: bool,
}

/// Who asks to be forgotten, and whether again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Now,
    Before,
    ByAStranger,
}

impl Ledger {
    /// Somebody asks to be forgotten. From now on nothing is sent to them and their data are stored and nothing else;
    /// [`Ledger::erase_due`] erases them when retention and holds have ended.
    ///
    /// Of whom nothing is kept the request is put on record all the same, as a refusal under the keyed hash alone: a list
    /// taken in later must not make them reachable again.
    //= cn/pipl/47 法律、行政法规规定的保存期限未届满，或者删除个人信息从技术上难以实现的，个人信息处理者应当停止除存储和采取必要的安全保护措施之外的处理。
    ///
    /// # Errors
    /// [`Refusal::Erased`]: their refusal stands and nothing else is kept; [`Error::Io`].
    pub fn forget(
        &mut self,
        recipient: RecipientKey,
        retention: &Retention,
        now: Timestamp,
    ) -> Result<Forgotten, Error> {
        let found = self.subjects.find(recipient)?;
        if let Some(number) = found {
            if self.subjects.key(number)?.is_none() {
                return Err(Refusal::Erased.into());
            }
            let known = self.state().restricted.get(&number).cloned();
            if let Some(known) = known {
                return Ok(self.forgotten(number, &known, Asked::Before));
            }
        }
        self.put(&[silent_sheet()], &[], now)?;
        let mark = self.subjects.mark();
        let (restriction, number) =
            self.restrict(recipient, found, retention, now).inspect_err(|_| self.subjects.back_to(mark))?;
        let asked = if found.is_some() { Asked::Now } else { Asked::ByAStranger };
        Ok(self.forgotten(number, &restriction, asked))
    }

    /// Puts the restriction on record, and whoever it is about if they were not met before.
    fn restrict(
        &mut self,
        recipient: RecipientKey,
        found: Option<u32>,
        retention: &Retention,
        now: Timestamp,
    ) -> Result<(Restriction, u32), Error> {
        let mut entries = Vec::new();
        let number = match found {
            Some(number) => number,
            None => self.stranger(recipient, &mut entries)?,
        };
        let kind = DeedKind::Restricted { until: retention.until, article: retention.article.clone() };
        entries.push(self.deed(kind, &[number], now));
        self.record(entries, now)?;
        let restriction =
            Restriction { since: now, until: retention.until, article: retention.article.clone() };
        self.state_mut().restrict(self.suite, number, recipient, restriction.clone());
        Ok((restriction, number))
    }

    fn forgotten(&self, number: u32, restriction: &Restriction, asked: Asked) -> Forgotten {
        Forgotten {
            since: restriction.since,
            erase_from: restriction.until.plus_days(1),
            article: restriction.article.clone(),
            holds: self.holds_on(number),
            repeated: asked == Asked::Before,
            unknown: asked == Asked::ByAStranger,
        }
    }

    fn holds_on(&self, number: u32) -> Vec<String> {
        let on = |subjects: &Vec<u32>| subjects.is_empty() || subjects.contains(&number);
        let state = self.state();
        state.holds.iter().filter(|(_, subjects)| on(subjects)).map(|(name, _)| name.clone()).collect()
    }

    /// Holds the data of these people, or of everybody, for a case: nothing of theirs is erased until it is released.
    ///
    /// # Errors
    /// [`Refusal::UnknownRecipient`]; [`Error::Io`].
    pub fn hold(&mut self, name: &str, recipients: &[RecipientKey], now: Timestamp) -> Result<(), Error> {
        let mut numbers = Vec::with_capacity(recipients.len());
        for recipient in recipients {
            numbers.push(self.subjects.find(*recipient)?.ok_or(Refusal::UnknownRecipient)?);
        }
        let deed = self.deed(DeedKind::Held { name: name.to_owned() }, &numbers, now);
        self.record(vec![deed], now)?;
        self.state_mut().holds.insert(name.to_owned(), numbers);
        Ok(())
    }

    /// Ends a hold.
    ///
    /// # Errors
    /// [`Refusal::UnknownHold`]; [`Error::Io`].
    pub fn release(&mut self, name: &str, now: Timestamp) -> Result<(), Error> {
        if !self.state().holds.contains_key(name) {
            return Err(Refusal::UnknownHold(name.to_owned()).into());
        }
        let deed = self.deed(DeedKind::Released { name: name.to_owned() }, &[], now);
        self.record(vec![deed], now)?;
        self.state_mut().holds.remove(name);
        Ok(())
    }

    /// People who asked to be forgotten and are still stored: how many, and the first day on which one may be erased.
    #[must_use]
    pub fn waiting(&self) -> (usize, Option<Date>) {
        let state = self.state();
        (state.restricted.len(), state.restricted.values().map(|r| r.until.plus_days(1)).min())
    }

    /// Erases everybody whose time has come: their keys are destroyed in every copy there is. Returns how many.
    ///
    /// # Errors
    /// [`Error::Io`]: what was recorded is finished when the ledger is opened again.
    pub fn erase_due(&mut self, today: Date, now: Timestamp) -> Result<usize, Error> {
        let ended: Vec<u32> = {
            let state = self.state();
            state.restricted.iter().filter(|(_, r)| r.until < today).map(|(number, _)| *number).collect()
        };
        let due: Vec<u32> = ended.into_iter().filter(|number| self.holds_on(*number).is_empty()).collect();
        let mut pages: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for number in &due {
            pages.entry(number / PAGE).or_default().push(*number);
        }
        let pages: Vec<(u32, Vec<u32>)> = pages.into_iter().collect();
        for some in pages.chunks(PAGES_AT_ONCE) {
            self.erase(some, now)?;
        }
        Ok(due.len())
    }

    fn erase(&mut self, pages: &[(u32, Vec<u32>)], now: Timestamp) -> Result<(), Error> {
        let epoch = self.ring.newest() + 1;
        let epoch_key = Secret::new(self.fresh());
        self.ring.add_epoch(epoch, epoch_key.clone())?;
        let mut entries = Vec::new();
        let mut keys: Vec<Secret> = self.subjects.page_keys().to_vec();
        for (page, numbers) in pages {
            let fresh = page_key(self.suite, &epoch_key, *page);
            entries.push(self.subjects.rewritten(*page, &fresh, &|number| numbers.contains(&number))?);
            if let Some(slot) = keys.get_mut(*page as usize) {
                *slot = fresh;
            }
        }
        let wraps =
            keys.iter().enumerate().map(|(at, key)| wrap(self.suite, &epoch_key, page_place(at), key));
        entries.push(Entry::PageKeys { epoch, wrapped: wraps.collect() });
        let erased: Vec<u32> = pages.iter().flat_map(|(_, numbers)| numbers).copied().collect();
        entries.push(self.deed(DeedKind::Erased, &erased, now));
        self.record(entries.clone(), now)?;
        // Committed: whoever opens the ledger from here on finishes this. The older keys still open old copies.
        self.epoch = epoch;
        for entry in &entries {
            if let Entry::Page { page, rows } = entry {
                self.subjects.put_page(*page, rows)?;
            }
        }
        for (at, key) in keys.into_iter().enumerate() {
            self.subjects.put_page_key(at, key);
        }
        for number in erased {
            let key = self.subjects.hash(number)?;
            self.state_mut().erase(self.suite, number, key, now);
        }
        self.finish_erasure()
    }

    /// Ends the older epoch keys once nothing that is needed lies under them.
    pub(super) fn finish_erasure(&mut self) -> Result<(), Error> {
        if self.ring.oldest() < self.epoch {
            let kept = self.write_snapshot()?;
            self.keep_only(&kept)?;
            self.ring.destroy_before(self.epoch)?;
            // Erased: no copy of pages, journal or snapshots opens any more.
        }
        Ok(())
    }

    /// Puts the key ring under another master key; the old one opens nothing from here on.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn change_master(&mut self, master: Box<dyn Master>, now: Timestamp) -> Result<(), Error> {
        self.ring.change_master(master)?;
        let deed = self.deed(DeedKind::MasterChanged, &[], now);
        self.record(vec![deed], now)
    }

    /// Changes the key of the keyed hash: every hash is hashed once more, so that the forgotten, whose address is gone,
    /// are still recognised.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn change_hash_key(&mut self, now: Timestamp) -> Result<(), Error> {
        let from = self.subjects.generation();
        if self.ring.hash_keys().len() == from as usize {
            let key = Secret::new(self.fresh());
            self.ring.add_hash_key(key)?;
        }
        let generation = from + 1;
        let deed = self.deed(DeedKind::HashKeyChanged { generation }, &[], now);
        self.record(vec![Entry::HashKey { generation }, deed], now)?;
        let Some(key) = self.ring.hash_keys().get(from as usize).cloned() else { return Err(Error::Stopped) };
        let (disk, suite) = (std::sync::Arc::clone(&self.disk), self.suite);
        self.subjects.rehash(disk.as_ref(), &|hash| super::nest(suite, &key, hash))?;
        self.state_mut().rekey(suite, &self.ring, from, generation);
        let kept = self.write_snapshot()?;
        self.keep_only(&kept)?;
        self.subjects.remove_older(self.disk.as_ref())
    }
}

/// Pages of keys written again in one record, some 200 KB each.
const PAGES_AT_ONCE: usize = 100;
