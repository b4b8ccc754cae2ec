//! The plan of a world: its people and campaigns, before anything is written. Its size does not grow with
//! the number of sends.

use anning_vocab::Timestamp;

use crate::Error;
use crate::calendar::{self, SPECIAL_DAYS};
use crate::campaign::{Audience, CLEAN, Campaign, Facts};
use crate::cases;
use crate::general::{Block, SORTS, day};
use crate::options::{Options, Part};
use crate::random::below;
use crate::special_table::SPECIALS;
use crate::text::Kind;

/// A planned world.
pub(crate) struct Plan {
    pub(crate) seed: u64,
    /// Customers of the platform, sort by sort.
    pub(crate) blocks: Vec<Block>,
    /// In order of time.
    pub(crate) campaigns: Vec<Campaign>,
}

impl Plan {
    /// Plans a world.
    pub(crate) fn new(options: &Options) -> Result<Self, Error> {
        let sends = options.sends()?;
        let mut plan = Self { seed: options.seed, blocks: Vec::new(), campaigns: Vec::new() };
        match options.part {
            Part::World => plan.world(sends),
            Part::Ouhai => plan.campaigns.push(cases::ouhai(sends, 0)),
            Part::Hangzhou => plan.campaigns.extend(cases::hangzhou(sends, 0)),
        }
        plan.campaigns.sort_by_key(|campaign| campaign.start);
        Ok(plan)
    }

    /// Sends planned; a little fewer are written.
    pub(crate) fn sends(&self) -> u64 {
        self.campaigns.iter().map(|campaign| campaign.planned).sum()
    }

    /// Position of the first campaign of each year, and one past the last.
    pub(crate) fn years(&self) -> Vec<(i32, core::ops::Range<usize>)> {
        let mut years: Vec<(i32, core::ops::Range<usize>)> = Vec::new();
        for (at, campaign) in self.campaigns.iter().enumerate() {
            let (year, _, _) = Timestamp::from_millis(campaign.start * 1_000).date().ymd();
            match years.last_mut() {
                Some((last, range)) if *last == year => range.end = at + 1,
                _ => years.push((year, at..at + 1)),
            }
        }
        years
    }

    fn world(&mut self, sends: u64) {
        let ouhai = cases::ouhai_share(sends, Part::World.full());
        let shop = sends * 29 / 300;
        let special = special_share(sends);
        let general = sends.saturating_sub(ouhai + shop + special);
        let mut first = self.customers(general / SENDS_PER_CUSTOMER);
        first = self.specials(special, first);
        self.campaigns.push(cases::ouhai(ouhai, first));
        self.campaigns.extend(cases::hangzhou(shop.max(1), first + ouhai));
        self.generals(general);
    }

    /// Lays out customers; returns the number of the next person.
    fn customers(&mut self, people: u64) -> u64 {
        let mut first = 0;
        for sort in SORTS {
            let size = (people * sort.share / 1_000).max(SORT_MIN);
            self.blocks.push(Block::new(sort, first, size));
            first += size;
        }
        first
    }

    /// Plans the special campaigns; returns the number of the next person.
    fn specials(&mut self, sends: u64, mut first: u64) -> u64 {
        let held = |special: usize, day: usize| {
            let (special, day) = (SPECIALS.get(special)?, SPECIAL_DAYS.get(day)?);
            (special.from <= day.date).then_some((special, day))
        };
        let slots: Vec<(usize, usize)> = (0..SPECIAL_DAYS.len())
            .flat_map(|day| (0..SPECIALS.len()).map(move |special| (special, day)))
            .filter(|(special, day)| held(*special, *day).is_some())
            .collect();
        let weight_of = |slot: &(usize, usize)| held(slot.0, slot.1).map_or(0, |(special, _)| special.weight);
        let weights: u64 = slots.iter().map(weight_of).sum();
        // Rounded so that the rest is carried over: the parts add up, and in a small world every scenario
        // still comes up on some of its days.
        let mut carried = weights / 2;
        for (special_at, day_at) in slots {
            let Some((special, held_on)) = held(special_at, day_at) else { continue };
            carried += special.weight * sends;
            let share = carried / weights.max(1);
            carried %= weights.max(1);
            let persons = share.div_ceil(special.sends.len().max(1) as u64);
            if persons == 0 {
                continue;
            }
            self.campaigns.push(Campaign {
                id: format!("s{:04}", self.campaigns.len() + 1),
                name: format!("{} {}", held_on.date, special.name),
                line: special.line,
                facts: special.facts,
                start: day(held_on.date) + held_on.at,
                lasts: held_on.lasts,
                audience: Audience::Special { special: special_at, first, persons },
                planned: persons * special.sends.len() as u64,
            });
            first += persons;
        }
        first
    }

    /// Plans the general campaigns for about so many sends.
    fn generals(&mut self, sends: u64) {
        let dates = calendar::general();
        let joined = |date: &calendar::Date| -> u64 {
            self.blocks.iter().map(|block| block.joined_of(date.line, date.start)).sum()
        };
        let reach: u128 = dates.iter().map(|date| u128::from(date.weight * joined(date))).sum();
        let unit = (u128::from(sends) << 32) / reach.max(1);
        let mut campaigns = Vec::new();
        for (nth, date) in dates.iter().enumerate() {
            let share = u64::try_from(unit * u128::from(date.weight)).unwrap_or(u64::MAX).min(1 << 32);
            let planned = (u128::from(share) * u128::from(joined(date))) >> 32;
            campaigns.push(Campaign {
                id: format!("g{:03}", nth + 1),
                name: date.name.clone(),
                line: date.line,
                facts: Facts { text: Kind::Offer, ..CLEAN },
                start: date.start,
                lasts: date.lasts,
                audience: Audience::Customers(share),
                planned: u64::try_from(planned).unwrap_or(0),
            });
        }
        self.campaigns.extend(campaigns);
    }
}

/// Sends of the special campaigns: a fourteenth, but in a small world enough for two on every day.
fn special_share(sends: u64) -> u64 {
    let days = SPECIAL_DAYS.len() as u64;
    let wanted: u64 = SPECIALS.iter().map(|special| special.weight.div_ceil(10) * days * 2).sum();
    (sends / 14).max(wanted.min(sends * 35 / 100))
}

/// Which of `joined` people a campaign with that share reaches: the places `at`, spread evenly, begun at a
/// place of its own.
pub(crate) struct Reach {
    share: u64,
    phase: u64,
    /// How many it reaches.
    pub(crate) count: u64,
}

impl Reach {
    pub(crate) fn new(share: u64, joined: u64, draw: u64) -> Self {
        let phase = below(draw, 1 << 32);
        let reached = (u128::from(joined) * u128::from(share)).saturating_sub(u128::from(phase));
        let count = u64::try_from(reached.div_ceil(1 << 32)).unwrap_or(0);
        Self { share, phase, count }
    }

    /// The place of the `nth` person reached.
    pub(crate) fn at(&self, nth: u64) -> u64 {
        let place = ((u128::from(nth) << 32) + u128::from(self.phase)) / u128::from(self.share.max(1));
        u64::try_from(place).unwrap_or(u64::MAX)
    }
}

/// On average, over six years.
const SENDS_PER_CUSTOMER: u64 = 8;
/// So many of each sort at least, or finance would have none.
const SORT_MIN: u64 = 6;

#[cfg(test)]
mod tests {
    use super::{Plan, Reach};
    use crate::options::{Options, Part, Size};
    use crate::table::Format;

    fn plan(sends: u64) -> Plan {
        let options = Options {
            seed: 11,
            size: Size::Sends(sends),
            part: Part::World,
            format: Format::Csv,
            distinct: 0.1,
            texts: None,
            threads: 1,
            overwrite: false,
        };
        Plan::new(&options).unwrap()
    }

    #[test]
    fn the_plan_is_as_large_as_asked() {
        for sends in [20_000, 300_000, 30_000_000] {
            let planned = plan(sends).sends();
            assert!(planned.abs_diff(sends) * 50 < sends, "{planned} for {sends}");
        }
    }

    #[test]
    fn reach_is_within_and_without_repeats() {
        for (share, joined, draw) in
            [(1 << 32, 100, 0), (1 << 31, 101, u64::MAX), (12_345_678, 40_000, 1 << 63)]
        {
            let reach = Reach::new(share, joined, draw);
            let places: Vec<u64> = (0..reach.count).map(|nth| reach.at(nth)).collect();
            assert!(places.windows(2).all(|pair| pair[0] < pair[1]));
            assert!(places.last().is_some_and(|last| *last < joined));
            let expected = ((u128::from(share) * u128::from(joined)) >> 32) as u64;
            assert!(reach.count.abs_diff(expected) <= 1);
        }
    }

    #[test]
    fn every_year_has_its_part() {
        let plan = plan(30_000);
        let years = plan.years();
        assert_eq!(
            years.iter().map(|(year, _)| *year).collect::<Vec<_>>(),
            (2021..=2026).collect::<Vec<_>>()
        );
        assert_eq!(years.last().map(|(_, range)| range.end), Some(plan.campaigns.len()));
    }
}
