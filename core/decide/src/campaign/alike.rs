//! Which recipients are alike for one message, and what was decided of them.

use std::collections::HashMap;

use anning_vocab::{Act, ActKind, Date, Facts, Known as Fact, Origin, Standing, Terms, Timestamp};

use crate::decision::Decision;
use crate::house::House;

/// Decisions by number, from 1; 0 is none.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    all: Vec<Decision>,
    numbers: HashMap<Decision, u16>,
}

/// By a single act: a row for each kind, origin and terms, a cell for each day before the send.
#[derive(Clone, Debug)]
pub(super) struct ByAct {
    /// One more than the row, for each terms, kind and origin.
    rows_of: Vec<u16>,
    rows: Vec<Vec<u16>>,
}

/// By facts: the last of each place.
#[derive(Clone, Debug)]
pub(super) struct ByFacts {
    cuts: Vec<Date>,
    places: Vec<([u64; 4], u16)>,
}

impl Known {
    /// The decision of a number; none for 0.
    #[inline]
    pub fn get(&self, number: u16) -> Option<&Decision> {
        self.all.get(usize::from(number).checked_sub(1)?)
    }

    /// The number of a decision; 0 once there are too many.
    pub fn number(&mut self, decision: Decision) -> u16 {
        if let Some(number) = self.numbers.get(&decision) {
            return *number;
        }
        let Ok(number) = u16::try_from(self.all.len() + 1) else { return 0 };
        self.all.push(decision);
        self.numbers.insert(decision, number);
        number
    }
}

impl ByAct {
    pub fn new(terms: usize) -> Self {
        Self { rows_of: vec![0; terms.min(TERMS_MAX) * ROWS_EACH], rows: Vec::new() }
    }

    /// The number kept for such an act, 0 if none is yet; none at all if acts of this sort are not told apart
    /// well enough by what they are and their day.
    #[inline]
    pub fn find(&self, act: &Act, sent: Timestamp) -> Option<u16> {
        let (row, day) = cell(act, sent)?;
        let row = usize::from(*self.rows_of.get(row)?).checked_sub(1);
        Some(row.and_then(|row| self.rows.get(row)?.get(day).copied()).unwrap_or(0))
    }

    pub fn keep(&mut self, act: &Act, sent: Timestamp, number: u16) {
        let Some((row_of, day)) = cell(act, sent) else { return };
        let Some(row) = self.rows_of.get_mut(row_of) else { return };
        if *row == 0 {
            let Some(new) = u16::try_from(self.rows.len() + 1).ok().filter(|n| usize::from(*n) <= ROWS_MAX)
            else {
                return;
            };
            self.rows.push(Vec::new());
            *row = new;
        }
        if let Some(cells) = self.rows.get_mut(usize::from(*row) - 1) {
            if cells.len() <= day {
                cells.resize(day + 1, 0);
            }
            if let Some(cell) = cells.get_mut(day) {
                *cell = number;
            }
        }
    }
}

/// Row and cell of an act that happened, arrived and was recorded before the second of the send, in this
/// order, and arrived on the day it happened. Of such an act facts hold nothing finer than its day.
#[inline]
fn cell(act: &Act, sent: Timestamp) -> Option<(usize, usize)> {
    let in_order = act.occurred <= act.received && act.received <= act.recorded && act.recorded <= sent;
    let day = act.occurred.date();
    if !in_order || act.occurred.second() >= sent.second() || act.received.date() != day {
        return None;
    }
    let days = usize::try_from(sent.date().days() - day.days()).ok().filter(|days| *days < DAYS_MAX)?;
    let row = act.terms.0 as usize * ROWS_EACH + act.kind.index() * Origin::ALL.len() + act.origin.index();
    Some((row, days))
}

impl ByFacts {
    pub fn new(cuts: Vec<Date>) -> Self {
        Self { cuts, places: Vec::new() }
    }

    /// All that a decision on this message can depend on. Of a hold the ground says until when.
    pub fn key(&self, facts: &Facts<'_>, house: House, terms: &[Terms]) -> [u64; 4] {
        let house = match house {
            House::Pass => 0,
            House::Deny(ground) => 1 + ground as u64,
            House::Hold(ground, _) => 8 + ground as u64,
        };
        let invited = facts.invited.map_or(0, |i| 1 | (i.grade as u64) << 1 | self.period(i.at) << 3);
        let refusal = facts.refusal.reach as u64
            | u64::from(facts.refusal.recorded_late) << 2
            | u64::from(facts.refusal.tie) << 3
            | self.period(facts.refusal.received) << 4;
        let rest = facts.asked as u64
            | u64::from(facts.provided_by_another) << 2
            | (facts.age as u64) << 3
            | (Fact::from_option(facts.guardian) as u64) << 5
            | u64::from(facts.asked_since_refusal) << 8
            | refusal << 24
            | invited << 40
            | house << 56;
        let standing = |standing: &Standing<'_>| {
            let index = standing.terms.map_or(u32::MAX, |of| index(terms, of));
            standing.state as u64
                | u64::from(standing.beyond.bits()) << 3
                | (standing.grade as u64) << 11
                | u64::from(standing.learnt_later) << 13
                | u64::from(standing.held) << 14
                | self.period(standing.at) << 16
                | u64::from(index) << 32
        };
        [rest, standing(&facts.receive), standing(&facts.process), standing(&facts.provision)]
    }

    /// The number kept for a key, 0 if none is.
    pub fn find(&self, key: &[u64; 4]) -> u16 {
        self.places.get(place(key)).filter(|(known, _)| known == key).map_or(0, |(_, number)| *number)
    }

    pub fn keep(&mut self, key: [u64; 4], number: u16) {
        if self.places.is_empty() {
            self.places.resize(FACTS_MAX, ([0; 4], 0));
        }
        if let Some(slot) = self.places.get_mut(place(&key)) {
            *slot = (key, number);
        }
    }

    /// How many of the law's first days lie before, or on it.
    fn period(&self, at: Timestamp) -> u64 {
        let day = at.date();
        // Few enough that counting all is faster than searching.
        self.cuts.iter().filter(|cut| **cut <= day).count() as u64
    }
}

fn place(key: &[u64; 4]) -> usize {
    let mixed = key.iter().fold(0_u64, |sum, word| (sum.rotate_left(23) ^ word).wrapping_mul(MIX));
    (mixed >> 32) as usize % FACTS_MAX
}

/// The number of terms in their table, told by where they lie in it.
fn index(all: &[Terms], terms: &Terms) -> u32 {
    let (from, at) = (all.as_ptr() as usize, core::ptr::from_ref(terms) as usize);
    u32::try_from(at.wrapping_sub(from) / size_of::<Terms>()).unwrap_or(u32::MAX)
}

/// An odd number whose bits are mixed; from the fraction of the golden ratio.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
const ROWS_EACH: usize = ActKind::ALL.len() * Origin::ALL.len();
/// Terms whose acts are remembered; acts on others go by their facts. Two bytes a kind and origin each.
const TERMS_MAX: usize = 1 << 14;
/// Rows remembered, two bytes a day each.
const ROWS_MAX: usize = 1 << 12;
/// Days before the send that are remembered: eleven years.
const DAYS_MAX: usize = 1 << 12;
/// Facts remembered, 40 bytes each.
const FACTS_MAX: usize = 1 << 13;
const _: () = assert!(FACTS_MAX.is_power_of_two());
