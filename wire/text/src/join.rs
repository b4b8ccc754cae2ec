//! Segments put together again, within bounds.
//!
//! Segments of one message come on different connections, out of order, twice, or never; a reference is used again
//! soon, and senders fill memory if they are let. What is taken is always given back: joined, refused at once, or as an
//! incomplete set that ran out of time or had to make room.

use std::collections::{BTreeMap, BTreeSet};

use crate::header::Place;

mod set;

use set::{Fit, Set};

/// One segment. `carried` is what the caller needs to answer it.
#[derive(Clone, Debug)]
pub struct Part<A, T> {
    /// Whose.
    pub account: A,
    /// From whom, as it stands on the wire.
    pub source: Vec<u8>,
    /// To whom; all recipients in order, where a PDU has several.
    pub destination: Vec<u8>,
    /// Coding as numbered: segments in two codings are no one text.
    pub coding: u8,
    /// Its place.
    pub place: Place,
    /// Content without the header.
    pub content: Vec<u8>,
    /// What is given back.
    pub carried: T,
}

/// What limits a [`Joiner`]. Zero of anything lets nothing wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Incomplete messages, in all.
    pub messages: usize,
    /// Incomplete messages of one account.
    pub messages_of_one: usize,
    /// Bytes held, in all: contents, addresses, and a flat sum for every segment.
    pub bytes: usize,
    /// Bytes held for one account.
    pub bytes_of_one: usize,
    /// Milliseconds that a message may take from its first segment on. Shorter than senders wait for an answer.
    pub within: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            messages: 100_000,
            messages_of_one: 20_000,
            bytes: 256 * 1024 * 1024,
            bytes_of_one: 32 * 1024 * 1024,
            within: 30_000,
        }
    }
}

/// What became of a segment.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome<T> {
    /// It was the last one missing.
    Joined(Joined<T>),
    /// Others are missing.
    Waiting,
    /// Not taken.
    Refused(Reason, T),
}

/// What became of a segment, and who had to make room for it.
#[derive(Debug, PartialEq, Eq)]
pub struct Taken<T> {
    /// The segment.
    pub outcome: Outcome<T>,
    /// Incomplete messages that were given up for it.
    pub given_up: Vec<Incomplete<T>>,
}

/// A message complete.
#[derive(PartialEq, Eq)]
pub struct Joined<T> {
    /// What was carried, in order of the segments.
    pub segments: Vec<T>,
    /// What repetitions carried, in the same order: to be answered, not to be sent.
    pub duplicates: Vec<T>,
    /// The contents together. Decode now, not before.
    pub content: Vec<u8>,
}

/// A message given up.
#[derive(Debug, PartialEq, Eq)]
pub struct Incomplete<T> {
    /// Why.
    pub lapse: Lapse,
    /// How many segments never came.
    pub missing: u8,
    /// What was carried, repetitions included, in order of the segments.
    pub carried: Vec<T>,
}

/// Why a message was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lapse {
    /// Its time ran out.
    Expired,
    /// Its account, or the one that held most, was over its bounds.
    Evicted,
    /// Everything ends.
    Ended,
}

/// Why a segment was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A message of no segments.
    NoTotal,
    /// Number 0, or beyond the total (given second).
    Number(u8, u8),
    /// Repeated more often than anybody repeats.
    Repeated,
    /// No room: its own message was the one to give up, or it alone is over the bounds.
    Full,
}

impl core::fmt::Display for Reason {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::NoTotal => f.write_str("message of no segments"),
            Self::Number(number, total) => write!(f, "no such segment of {total}: {number}"),
            Self::Repeated => write!(f, "segment came more than {DUPLICATES_MAX} times again"),
            Self::Full => f.write_str("no room to wait for the other segments"),
        }
    }
}

impl<T> core::fmt::Debug for Joined<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (segments, again, bytes) = (self.segments.len(), self.duplicates.len(), self.content.len());
        write!(f, "Joined({segments} segments, {again} again, {bytes} bytes)")
    }
}

/// Whose message it is and which.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key<A> {
    account: A,
    source: Vec<u8>,
    destination: Vec<u8>,
    coding: u8,
    /// The place with number 0: reference and total.
    message: Place,
}

/// What one account holds.
#[derive(Default)]
struct Held {
    bytes: usize,
    /// Its sets; the smallest is the oldest.
    sets: BTreeSet<u64>,
}

/// Holds segments until their message is complete. `A` names an account, `T` is what a segment carries.
pub struct Joiner<A, T> {
    bounds: Bounds,
    /// By age.
    sets: BTreeMap<u64, (Key<A>, Set<T>)>,
    /// Sets of one key, oldest first: several while a reference is used again.
    keys: BTreeMap<Key<A>, Vec<u64>>,
    accounts: BTreeMap<A, Held>,
    bytes: usize,
    next: u64,
    now: u64,
}

impl<A, T> core::fmt::Debug for Joiner<A, T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Joiner({} messages, {} bytes)", self.sets.len(), self.bytes)
    }
}

impl<A: Clone + Ord, T> Joiner<A, T> {
    /// Holds nothing yet.
    #[must_use]
    pub const fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            sets: BTreeMap::new(),
            keys: BTreeMap::new(),
            accounts: BTreeMap::new(),
            bytes: 0,
            next: 0,
            now: 0,
        }
    }

    /// Takes a segment at a time in milliseconds. One whose place is taken by the same bytes is a repetition; by other
    /// bytes, the beginning of another message under the same reference.
    pub fn take(&mut self, part: Part<A, T>, now: u64) -> Taken<T> {
        self.now = self.now.max(now);
        let Part { account, source, destination, coding, place, content, carried } = part;
        let Place { total, number, .. } = place;
        let refused = match (total, number) {
            (0, _) => Some(Reason::NoTotal),
            (_, 0) => Some(Reason::Number(0, total)),
            (_, _) if number > total => Some(Reason::Number(number, total)),
            (_, _) => None,
        };
        if let Some(reason) = refused {
            return Taken { outcome: Outcome::Refused(reason, carried), given_up: Vec::new() };
        }
        let key = Key { account, source, destination, coding, message: Place { number: 0, ..place } };
        match self.home(&key, number, &content) {
            Some((id, Fit::Repeats)) => self.repeat(&key, id, number, carried),
            Some((id, Fit::Completes)) => self.complete(id, number, content, carried),
            Some((id, Fit::Adds)) => self.hold(key, Some(id), number, content, carried),
            None if total == 1 => {
                let joined = Joined { segments: vec![carried], duplicates: Vec::new(), content };
                Taken { outcome: Outcome::Joined(joined), given_up: Vec::new() }
            }
            None => self.hold(key, None, number, content, carried),
        }
    }

    /// Gives up every message whose time ran out.
    pub fn expire(&mut self, now: u64) -> Vec<Incomplete<T>> {
        self.now = self.now.max(now);
        let mut lapsed = Vec::new();
        while self.next_expiry().is_some_and(|at| at <= self.now) {
            lapsed.extend(self.sets.keys().next().copied().and_then(|id| self.give_up(id, Lapse::Expired)));
        }
        lapsed
    }

    /// When the next message runs out of time; none while nothing waits.
    #[must_use]
    pub fn next_expiry(&self) -> Option<u64> {
        self.sets.values().next().map(|(_, set)| set.opened.saturating_add(self.bounds.within))
    }

    /// Gives up everything, oldest first.
    pub fn end(&mut self) -> Vec<Incomplete<T>> {
        let ids: Vec<u64> = self.sets.keys().copied().collect();
        ids.into_iter().filter_map(|id| self.give_up(id, Lapse::Ended)).collect()
    }

    /// Messages that wait.
    #[must_use]
    pub fn messages(&self) -> usize {
        self.sets.len()
    }

    /// Bytes held, as [`Bounds`] counts them.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Messages and bytes of one account.
    #[must_use]
    pub fn held_for(&self, account: &A) -> (usize, usize) {
        self.accounts.get(account).map_or((0, 0), |held| (held.sets.len(), held.bytes))
    }

    /// The set a segment belongs to: one that has these bytes in its place, else the oldest that misses it.
    fn home(&self, key: &Key<A>, number: u8, content: &[u8]) -> Option<(u64, Fit)> {
        let sets = self.keys.get(key)?.iter().filter_map(|id| Some((*id, &self.sets.get(id)?.1)));
        let mut fits = sets.filter_map(|(id, set)| Some((id, set.fit(number, content)?)));
        let first = fits.next()?;
        if first.1 == Fit::Repeats {
            return Some(first);
        }
        Some(fits.find(|(_, fit)| *fit == Fit::Repeats).unwrap_or(first))
    }

    /// A repetition waits with what it repeats: both get the same answer.
    fn repeat(&mut self, key: &Key<A>, id: u64, number: u8, carried: T) -> Taken<T> {
        let cost = Set::<T>::REPETITION;
        let mut given_up = Vec::new();
        let room = self.make_room(key, cost, Some(id), &mut given_up);
        let Some((_, set)) = self.sets.get_mut(&id).filter(|_| room) else {
            return Taken { outcome: Outcome::Refused(Reason::Full, carried), given_up };
        };
        if let Err(carried) = set.repeat(number, carried) {
            return Taken { outcome: Outcome::Refused(Reason::Repeated, carried), given_up };
        }
        self.weigh(id, cost);
        Taken { outcome: Outcome::Waiting, given_up }
    }

    fn complete(&mut self, id: u64, number: u8, content: Vec<u8>, carried: T) -> Taken<T> {
        let outcome = match self.remove(id) {
            Some(mut set) => {
                set.add(number, content, carried);
                Outcome::Joined(set.join())
            }
            None => Outcome::Refused(Reason::Full, carried),
        };
        Taken { outcome, given_up: Vec::new() }
    }

    fn hold(&mut self, key: Key<A>, id: Option<u64>, number: u8, content: Vec<u8>, carried: T) -> Taken<T> {
        let opening = if id.is_none() { key_bytes(&key) } else { 0 };
        let cost = opening + Set::<T>::cost(&content);
        let mut given_up = Vec::new();
        if !self.make_room(&key, cost, id, &mut given_up) {
            return Taken { outcome: Outcome::Refused(Reason::Full, carried), given_up };
        }
        let id = id.unwrap_or_else(|| self.open(key));
        if let Some((_, set)) = self.sets.get_mut(&id) {
            set.add(number, content, carried);
        }
        self.weigh(id, cost);
        Taken { outcome: Outcome::Waiting, given_up }
    }

    /// Gives up sets until so many bytes fit into `id`, or into a new set. No room if that set is itself given up, or
    /// if no giving up helps.
    fn make_room(
        &mut self,
        key: &Key<A>,
        cost: usize,
        id: Option<u64>,
        given_up: &mut Vec<Incomplete<T>>,
    ) -> bool {
        if id.is_none()
            && let Some(oldest) = self.crowded(key)
        {
            given_up.extend(self.give_up(oldest, Lapse::Evicted));
        }
        while let Some(victim) = self.over(&key.account, cost, id.is_none()) {
            given_up.extend(victim.and_then(|victim| self.give_up(victim, Lapse::Evicted)));
            if victim.is_none() || victim == id {
                return false;
            }
        }
        true
    }

    /// The oldest set of a key that has as many as one may have.
    fn crowded(&self, key: &Key<A>) -> Option<u64> {
        let ids = self.keys.get(key)?;
        if ids.len() < SAME_KEY_MAX { None } else { ids.first().copied() }
    }

    /// Would so many bytes (and a message more) be over a bound? Then the set to give up, or nothing if no giving up
    /// helps. Over its own bounds an account gives up its oldest; over all bounds the account that holds most does,
    /// so that nobody pays for another's flood.
    fn over(&self, account: &A, cost: usize, opens: bool) -> Option<Option<u64>> {
        let Bounds { messages, messages_of_one, bytes, bytes_of_one, .. } = self.bounds;
        let more = usize::from(opens);
        let (own_messages, own_bytes) = self.held_for(account);
        let oldest = |account: &A| self.accounts.get(account)?.sets.first().copied();
        if cost > bytes {
            return Some(None);
        }
        if own_messages + more > messages_of_one || own_bytes + cost > bytes_of_one {
            return Some(oldest(account));
        }
        let (too_many, too_much) = (self.sets.len() + more > messages, self.bytes + cost > bytes);
        if !too_many && !too_much {
            return None;
        }
        // The segment counts for its account: who adds to a flood is part of it.
        let weight = |(name, held): (&A, &Held)| {
            let own = name == account;
            let many = held.sets.len() + if own { more } else { 0 };
            let much = held.bytes + if own { cost } else { 0 };
            if too_many { (many, much) } else { (much, many) }
        };
        let heaviest = self.accounts.iter().max_by_key(|entry| weight(*entry)).map(|(name, _)| name);
        Some(heaviest.and_then(oldest))
    }

    fn open(&mut self, key: Key<A>) -> u64 {
        let id = self.next;
        self.next += 1;
        self.accounts.entry(key.account.clone()).or_insert_with(Held::none).sets.insert(id);
        self.keys.entry(key.clone()).or_default().push(id);
        self.sets.insert(id, (key.clone(), Set::new(key.message.total, self.now)));
        id
    }

    /// Counts bytes for a set, its account and all.
    fn weigh(&mut self, id: u64, bytes: usize) {
        let Some((key, set)) = self.sets.get_mut(&id) else { return };
        set.bytes += bytes;
        self.bytes += bytes;
        if let Some(held) = self.accounts.get_mut(&key.account) {
            held.bytes += bytes;
        }
    }

    fn give_up(&mut self, id: u64, lapse: Lapse) -> Option<Incomplete<T>> {
        self.remove(id).map(|set| set.give_up(lapse))
    }

    fn remove(&mut self, id: u64) -> Option<Set<T>> {
        let (key, set) = self.sets.remove(&id)?;
        self.bytes -= set.bytes;
        if let Some(ids) = self.keys.get_mut(&key) {
            ids.retain(|other| *other != id);
            if ids.is_empty() {
                self.keys.remove(&key);
            }
        }
        if let Some(held) = self.accounts.get_mut(&key.account) {
            held.sets.remove(&id);
            held.bytes -= set.bytes;
            if held.sets.is_empty() {
                self.accounts.remove(&key.account);
            }
        }
        Some(set)
    }
}

impl Held {
    const fn none() -> Self {
        Self { bytes: 0, sets: BTreeSet::new() }
    }
}

/// A key is kept twice, beside the set and in the index.
fn key_bytes<A>(key: &Key<A>) -> usize {
    2 * (core::mem::size_of::<Key<A>>() + key.source.len() + key.destination.len()) + SET_BYTES
}

/// What a set takes beside its key and segments, in maps and lists; rounded up.
const SET_BYTES: usize = 256;
/// Sets that may wait under one key: a reference used again while older ones are incomplete.
const SAME_KEY_MAX: usize = 8;
/// Repetitions of one segment that are kept to be answered.
pub(crate) const DUPLICATES_MAX: usize = 4;
