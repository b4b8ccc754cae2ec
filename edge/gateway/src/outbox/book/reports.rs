//! Reports: whose they are, which came too early, of which a sender is still to be told.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use anning_link::{Address, MessageId};
use anning_vocab::RecipientKey;

use super::Book;
use crate::letter::LetterId;
use crate::outbox::entry::{Item, Outcome, Parked, Stage, State};

/// Whose a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Letter.
    pub letter: LetterId,
    /// Segment, from 0.
    pub segment: u8,
    /// Known by the carrier's id; else by the recipient, as the only one in doubt.
    pub by_id: bool,
}

/// What a sender is to be told of a segment.
#[derive(Clone, Debug)]
pub struct Owed {
    /// Letter.
    pub letter: LetterId,
    /// Segment, from 0.
    pub segment: u8,
    /// The id that the sender was told.
    pub ours: MessageId,
    /// The recipient as the sender wrote it.
    pub destination: Address,
    /// Access number.
    pub source: Address,
    /// Business code.
    pub service: Vec<u8>,
    /// What became of it.
    pub outcome: Outcome,
}

impl Book {
    /// Whose a report is: the forms are those in which the carrier may have written its id when it took the message.
    /// Where no id fits, it is that of the recipient's only letter in doubt with that carrier.
    #[must_use]
    pub fn find(
        &self,
        upstream: &str,
        forms: &[MessageId],
        recipient: Option<RecipientKey>,
    ) -> Option<Found> {
        for form in forms {
            for (id, segment) in self.correlations.candidates(upstream, form) {
                let Some(item) = self.get(id).filter(|item| &*item.upstream == upstream) else { continue };
                let theirs = item.parts.get(usize::from(segment)).and_then(|part| part.theirs.as_ref());
                if theirs == Some(form) && recipient.is_none_or(|key| key == item.recipient) {
                    return Some(Found { letter: id, segment, by_id: true });
                }
            }
        }
        let doubted = |id: &LetterId| {
            let item = self.get(*id)?;
            let carriers = item.parts.iter().filter(|part| part.stage != Stage::Follows).count();
            let fits = item.state == State::InDoubt && &*item.upstream == upstream && carriers == 1;
            fits.then_some(Found { letter: *id, segment: 0, by_id: false })
        };
        let mut doubted = self.of(recipient?).filter_map(|id| doubted(&id));
        doubted.next().filter(|_| doubted.next().is_none())
    }

    /// Segments of which an account is to be told, the oldest letters first.
    #[must_use]
    pub fn owed(&self, account: &str, limit: usize) -> Vec<(LetterId, u8)> {
        self.owed_under(account, limit, |_| true)
    }

    /// The same, as far as the id that it was told is one of these.
    #[must_use]
    pub fn owed_under(
        &self,
        account: &str,
        limit: usize,
        id: impl Fn(&MessageId) -> bool,
    ) -> Vec<(LetterId, u8)> {
        let letters = self.owed.get(account).into_iter().flatten().filter_map(|id| self.get(*id));
        let parts = letters.flat_map(|item| item.parts.iter().zip(0..).map(|(part, at)| (item.id, at, part)));
        let owed = parts.filter(|(.., part)| part.owed && id(&part.ours));
        owed.map(|(letter, segment, _)| (letter, segment)).take(limit).collect()
    }

    /// Letters of which accounts are to be told.
    #[must_use]
    pub fn owed_counts(&self) -> Vec<(Arc<str>, usize)> {
        self.owed.iter().map(|(account, letters)| (Arc::clone(account), letters.len())).collect()
    }

    /// What a sender is still to be told of a segment.
    #[must_use]
    pub fn owed_of(&self, letter: LetterId, segment: u8) -> Option<Owed> {
        let item = self.get(letter)?;
        let part = item.parts.get(usize::from(segment)).filter(|part| part.owed)?;
        let Stage::Ended(outcome) = &part.stage else { return None };
        Some(Owed {
            letter,
            segment,
            ours: part.ours.clone(),
            destination: item.destination.clone(),
            source: item.source.clone(),
            service: item.service.clone(),
            outcome: outcome.clone(),
        })
    }

    /// Accounts that are to be told something.
    #[must_use]
    pub fn owing(&self) -> Vec<Arc<str>> {
        self.owed
            .iter()
            .filter(|(_, letters)| !letters.is_empty())
            .map(|(account, _)| Arc::clone(account))
            .collect()
    }

    /// Letters of an account, by an id that it was told of one of their segments; one for each recipient.
    #[must_use]
    pub fn told(&self, account: &str, id: &MessageId) -> Vec<LetterId> {
        let own = |item: &&Item| &*item.account == account && item.parts.iter().any(|part| part.ours == *id);
        let letters =
            self.correlations.told_as(account, id).filter_map(|letter| self.get(letter)).filter(own);
        letters.map(|item| item.id).collect()
    }

    /// The last reports that were nobody's.
    pub fn strays(&self) -> impl Iterator<Item = &Parked> {
        self.strays.iter().map(Arc::as_ref)
    }

    /// Reports that wait for their letter.
    #[must_use]
    pub fn parked_count(&self) -> usize {
        self.parked.len()
    }

    pub(super) fn park(&mut self, number: u64, parked: &Arc<Parked>, by_id: bool) -> bool {
        let found = self.find(&parked.upstream, &parked.forms, parked.recipient);
        if let Some(found) = found.filter(|found| found.by_id || !by_id) {
            self.met(number, (found.letter, found.segment));
        }
        self.correlations.park(number, parked, true);
        self.parked.insert(number, Arc::clone(parked));
        true
    }

    /// A parked report is about this segment. What follows is an entry of its own, in the next record: a journal that begins
    /// later than the meeting says so too.
    fn met(&mut self, number: u64, of: (LetterId, u8)) {
        let account = self.get(of.0).map(|item| (number, Arc::clone(&item.account)));
        if self.met.insert(number, of).is_none() {
            self.found.extend(account);
        }
    }

    pub(super) fn unpark(&mut self, number: u64) -> bool {
        let met = self.met.remove(&number).is_some();
        let Some(parked) = self.parked.remove(&number) else { return false };
        self.correlations.park(number, &parked, false);
        if met {
            self.tally.early += 1;
            return true;
        }
        self.tally.strays += 1;
        self.strays.push_back(parked);
        if self.strays.len() > STRAYS_MAX {
            self.strays.pop_front();
        }
        true
    }

    /// Finds the parked reports on a letter that the carrier has just taken.
    pub(super) fn meet(&mut self, id: LetterId) {
        if self.parked.is_empty() {
            return;
        }
        let Some(item) = self.items.get(&id) else { return };
        let mut met = Vec::new();
        for (part, segment) in item.parts.iter().zip(0..) {
            let Some(theirs) = part.theirs.as_ref().filter(|_| part.stage == Stage::Taken) else { continue };
            for number in self.correlations.parked(&item.upstream, theirs) {
                let Some(parked) = self.parked.get(&number) else { continue };
                let fits = parked.upstream == item.upstream
                    && parked.forms.contains(theirs)
                    && parked.recipient.is_none_or(|key| key == item.recipient);
                if fits {
                    met.push((number, segment));
                }
            }
        }
        for (number, segment) in met {
            self.met(number, (id, segment));
        }
    }
}

/// Carriers' ids, by a hash of carrier and id; what stands there is compared before it is believed.
#[derive(Default)]
pub(super) struct Correlations {
    taken: BTreeSet<(u64, LetterId, u8)>,
    /// By account and the id that it was told.
    told: BTreeSet<(u64, LetterId)>,
    parked: BTreeSet<(u64, u64)>,
}

impl Correlations {
    /// The ids that the sender was told.
    pub(super) fn told(&mut self, item: &Item, put: bool) {
        for part in item.parts.iter().filter(|part| !part.ours.0.is_empty()) {
            super::file(&mut self.told, (hash(&item.account, &part.ours), item.id), put);
        }
    }

    /// The carrier's ids of the segments that it has, as they were and as they are.
    pub(super) fn taken(&mut self, item: &Item, was: Taken, is: Taken) {
        if was == is {
            return;
        }
        for (part, segment) in item.parts.iter().zip(0..) {
            let (had, has) = (was.has(segment), is.has(segment));
            // An id, once given, stays the segment's own.
            if let Some(theirs) = part.theirs.as_ref().filter(|_| had != has) {
                super::file(&mut self.taken, (hash(&item.upstream, theirs), item.id, segment), has);
            }
        }
    }

    fn park(&mut self, number: u64, parked: &Parked, put: bool) {
        for form in &parked.forms {
            super::file(&mut self.parked, (hash(&parked.upstream, form), number), put);
        }
    }

    fn candidates(&self, upstream: &str, id: &MessageId) -> impl Iterator<Item = (LetterId, u8)> {
        let hash = hash(upstream, id);
        let from = self.taken.range((hash, LetterId(0), 0)..);
        from.take_while(move |(h, ..)| *h == hash).map(|(_, letter, segment)| (*letter, *segment))
    }

    fn told_as(&self, account: &str, id: &MessageId) -> impl Iterator<Item = LetterId> {
        let hash = hash(account, id);
        let from = self.told.range((hash, LetterId(0))..);
        from.take_while(move |(h, _)| *h == hash).map(|(_, letter)| *letter)
    }

    fn parked(&self, upstream: &str, id: &MessageId) -> Vec<u64> {
        let hash = hash(upstream, id);
        let from = self.parked.range((hash, 0)..);
        from.take_while(move |(h, _)| *h == hash).map(|(_, number)| *number).collect()
    }
}

/// Which segments the carrier has, with an id of its own.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Taken([u64; 4]);

impl Taken {
    pub(super) fn of(item: &Item) -> Self {
        let mut taken = Self::default();
        for (part, segment) in item.parts.iter().zip(0_u8..) {
            if part.stage == Stage::Taken
                && part.theirs.is_some()
                && let Some(word) = taken.0.get_mut(usize::from(segment >> 6))
            {
                *word |= 1 << (segment & 63);
            }
        }
        taken
    }

    fn has(self, segment: u8) -> bool {
        self.0.get(usize::from(segment >> 6)).is_some_and(|word| word >> (segment & 63) & 1 == 1)
    }
}

fn hash(upstream: &str, id: &MessageId) -> u64 {
    let mut hasher = DefaultHasher::new();
    upstream.hash(&mut hasher);
    id.0.hash(&mut hasher);
    hasher.finish()
}

/// Reports that were nobody's and are kept to be shown.
const STRAYS_MAX: usize = 256;
