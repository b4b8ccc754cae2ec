//! Counts, in the finest form that every table of the summary can be made of.

use std::collections::HashMap;

use ahash::RandomState;
use anning_decide::HouseGround;
use anning_vocab::{Class, Date, Grade};

use crate::input::hasher;

use super::evidence::Samples;
use super::verdict::{Outcome, Verdicts};

/// Sends that every table counts alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub context: u32,
    pub brand: Option<u32>,
    pub class: Class,
    pub verdict: u32,
    /// Period of the law asked.
    pub period: u8,
    pub grade: Option<Grade>,
    /// Hash of the notice the person saw.
    pub notice: u64,
    /// Version of the page on which the consent was given; 0 where no record speaks for it.
    pub page: u64,
}

/// How many, and on which days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Count {
    pub sends: u64,
    pub first: Date,
    pub last: Date,
}

impl Default for Count {
    fn default() -> Self {
        Self { sends: 0, first: Date::from_days(i32::MAX), last: Date::from_days(i32::MIN) }
    }
}

impl Count {
    pub fn add(&mut self, day: Date) {
        self.sends += 1;
        self.first = self.first.min(day);
        self.last = self.last.max(day);
    }

    pub fn merge(&mut self, other: Self) {
        self.sends += other.sends;
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }
}

/// Different recipients, by what became of their sends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Persons {
    pub all: u64,
    pub breached: u64,
    pub unproved: u64,
    /// Of those with an unproved or breached send: neither refused nor kept silent.
    pub may_be_asked: u64,
    /// Of those: refused or kept silent.
    pub protected: u64,
}

/// All counts of one thread, or of all.
pub(crate) struct Tally {
    pub counts: HashMap<Key, Count, RandomState>,
    /// Sends by day and outcome.
    pub days: HashMap<i32, [u64; 5], RandomState>,
    pub house: [u64; 4],
    pub persons: Persons,
    /// Earlier sends that were no longer looked at: more than any recipient should get.
    pub prior_left_out: u64,
    /// Consents by the number of their terms.
    pub consents: HashMap<u32, u64, RandomState>,
    /// Refusals kept although their id stands at another act.
    pub refusals_kept: u64,
    pub verdicts: Verdicts,
    pub samples: Samples,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            counts: HashMap::with_hasher(hasher()),
            days: HashMap::with_hasher(hasher()),
            house: [0; 4],
            persons: Persons::default(),
            prior_left_out: 0,
            consents: HashMap::with_hasher(hasher()),
            refusals_kept: 0,
            verdicts: Verdicts::default(),
            samples: Samples::default(),
        }
    }
}

impl Tally {
    pub fn add(&mut self, key: Key, count: Count) {
        self.counts.entry(key).or_default().merge(count);
    }

    pub fn day(&mut self, day: Date, outcome: Outcome) {
        if let Some(slot) = self.days.entry(day.days()).or_default().get_mut(outcome as usize) {
            *slot += 1;
        }
    }

    pub fn house(&mut self, ground: HouseGround) {
        if let Some(slot) = self.house.get_mut(house_index(ground)) {
            *slot += 1;
        }
    }

    /// Adds the counts of another thread, whose numbers of verdicts are its own.
    pub fn merge(&mut self, other: Self) {
        for (key, count) in &other.counts {
            let Some(verdict) = other.verdicts.get(key.verdict) else { continue };
            let verdict = self.verdicts.id(*verdict);
            self.add(Key { verdict, ..*key }, *count);
        }
        for (day, counts) in &other.days {
            let slots = self.days.entry(*day).or_default();
            slots.iter_mut().zip(counts).for_each(|(slot, n)| *slot += n);
        }
        self.house.iter_mut().zip(other.house).for_each(|(slot, n)| *slot += n);
        let (a, b) = (&mut self.persons, other.persons);
        a.all += b.all;
        a.breached += b.breached;
        a.unproved += b.unproved;
        a.may_be_asked += b.may_be_asked;
        a.protected += b.protected;
        self.prior_left_out += other.prior_left_out;
        self.refusals_kept += other.refusals_kept;
        for (terms, consents) in other.consents {
            *self.consents.entry(terms).or_default() += consents;
        }
        for (verdict, samples) in other.samples.into_all() {
            let Some(verdict) = other.verdicts.get(verdict) else { continue };
            let verdict = self.verdicts.id(*verdict);
            samples.into_iter().for_each(|sample| self.samples.offer(verdict, sample));
        }
    }
}

/// House grounds by place in [`Tally::house`].
pub(crate) const HOUSE: [HouseGround; 4] =
    [HouseGround::BrandRefusal, HouseGround::NotFiled, HouseGround::QuietHours, HouseGround::Cap];

pub(crate) const fn house_index(ground: HouseGround) -> usize {
    match ground {
        HouseGround::BrandRefusal => 0,
        HouseGround::NotFiled => 1,
        HouseGround::QuietHours => 2,
        HouseGround::Cap => 3,
    }
}
