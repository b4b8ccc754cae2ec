//! The sends of one year, with what is expected of each.

use std::collections::BTreeSet;
use std::path::Path;

use anning_vocab::{Class, Date, Timestamp};

use crate::Error;
use crate::campaign::{Audience, Campaign};
use crate::cast::signature;
use crate::corpus::Corpus;
use crate::general::Block;
use crate::oracle::Oracle;
use crate::person::{Reached, address};
use crate::plan::{Plan, Reach};
use crate::random::draw;
use crate::special_table::SPECIALS;
use crate::table::{Column, Format, Holds, Table};
use crate::text::{self, Wanted};

pub(crate) const SENDS: &[Column] = &[
    ("send_id", Holds::Free),
    ("sent_at", Holds::Time),
    ("recipient", Holds::Free),
    ("channel", Holds::Word),
    ("text", Holds::Free),
    ("sender_number", Holds::Word),
    ("sender_number_state", Holds::Word),
    ("campaign", Holds::Word),
    ("recipient_kind", Holds::Word),
    ("age", Holds::Word),
];

pub(crate) const EXPECTED: &[Column] =
    &[("send_id", Holds::Free), ("scenario", Holds::Word), ("class", Holds::Word), ("day", Holds::Word)];

/// The scenarios that came up.
pub(crate) type Seen = BTreeSet<&'static str>;

/// What is needed to write sends, shared by all writers.
pub(crate) struct Scene<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) oracle: &'static Oracle,
    pub(crate) corpus: Option<&'a Corpus>,
    /// Share of distinct texts, in 1/2^32.
    pub(crate) distinct: u64,
    pub(crate) folder: &'a Path,
    pub(crate) format: Format,
    /// Told of every few thousand rows.
    pub(crate) tell: &'a (dyn Fn(u64) + Sync),
}

/// One send before it is written.
struct Send {
    person: u64,
    second: i64,
    scenario: &'static str,
    reached: Reached,
}

/// Writes the sends of one year and what is expected of them.
pub(crate) struct Year<'a> {
    scene: &'a Scene<'a>,
    sends: Table,
    expected: Table,
    seen: Seen,
    rows: u64,
    /// The campaign at hand: position, number of its next send, number of its texts.
    campaign: u64,
    next: u64,
    variants: u64,
    words: Words,
}

/// Buffers that are used again for every row.
#[derive(Default)]
struct Words {
    id: String,
    recipient: String,
    text: String,
    day: String,
    date: Date,
}

impl<'a> Year<'a> {
    /// Writes all; returns which scenarios came up and how many sends there are.
    pub(crate) fn write(
        scene: &'a Scene<'a>,
        year: i32,
        campaigns: core::ops::Range<usize>,
    ) -> Result<(Seen, u64), Error> {
        let table = |name: &str, columns| {
            Table::create(scene.folder, &format!("{name}-{year}"), columns, scene.format)
        };
        let mut this = Self {
            scene,
            sends: table("sends", SENDS)?,
            expected: table("expected", EXPECTED)?,
            seen: Seen::new(),
            rows: 0,
            campaign: 0,
            next: 0,
            variants: 1,
            words: Words::default(),
        };
        for at in campaigns {
            if let Some(campaign) = scene.plan.campaigns.get(at) {
                this.campaign(at as u64, campaign)?;
            }
        }
        (scene.tell)(this.rows % TELL);
        this.sends.finish()?;
        this.expected.finish()?;
        Ok((this.seen, this.rows))
    }

    fn campaign(&mut self, at: u64, campaign: &Campaign) -> Result<(), Error> {
        self.campaign = at;
        self.next = 0;
        let variants = (u128::from(campaign.planned) * u128::from(self.scene.distinct)).div_ceil(1 << 32);
        self.variants = u64::try_from(variants).unwrap_or(1).max(1);
        match campaign.audience {
            Audience::Customers(share) => self.customers(campaign, share),
            Audience::Special { special, first, persons } => {
                let Some(special) = SPECIALS.get(special) else { return Ok(()) };
                for (scenario, after) in special.sends {
                    for place in 0..persons {
                        let second = campaign.moment(place, persons) + after;
                        let person = first + place;
                        self.send(campaign, &Send { person, second, scenario, reached: special.reached })?;
                    }
                }
                Ok(())
            }
            Audience::List { scenario, first, length, start, count } => {
                for place in 0..count {
                    let person = first + (start + place) % length.max(1);
                    let second = campaign.moment(place, count);
                    self.send(campaign, &Send { person, second, scenario, reached: Reached::Phone })?;
                }
                Ok(())
            }
        }
    }

    /// A general campaign: customers of every sort, mixed as they are among those who have joined.
    fn customers(&mut self, campaign: &Campaign, share: u64) -> Result<(), Error> {
        let seed = self.scene.plan.seed;
        let mut lanes: Vec<(Block, Reach, u64)> = Vec::new();
        for (nth, block) in self.scene.plan.blocks.iter().enumerate() {
            let joined = block.joined_of(campaign.line, campaign.start);
            let reach = Reach::new(share, joined, draw(seed, self.campaign, nth as u64));
            lanes.push((*block, reach, 0));
        }
        let all: u64 = lanes.iter().map(|(_, reach, _)| reach.count).sum();
        for place in 0..all {
            // The lane that is furthest behind its share.
            let behind = lanes
                .iter_mut()
                .filter(|(_, reach, done)| *done < reach.count)
                .min_by_key(|(_, reach, done)| ((2 * *done + 1) << 28) / reach.count.max(1));
            let Some((block, reach, done)) = behind else { break };
            let index = Block::nth_of(campaign.line, reach.at(*done));
            *done += 1;
            let second = campaign.moment(place, all);
            if let Some(scenario) = block.scenario(seed, index, second) {
                let person = block.first + index;
                self.send(campaign, &Send { person, second, scenario, reached: Reached::Phone })?;
            }
        }
        Ok(())
    }

    fn send(&mut self, campaign: &Campaign, send: &Send) -> Result<(), Error> {
        use core::fmt::Write;
        let (seed, nth) = (self.scene.plan.seed, self.next);
        self.next += 1;
        self.words.id.clear();
        // Writing to a String cannot fail.
        let _ = write!(self.words.id, "{}-{}", campaign.id, nth + 1);
        address(send.reached, seed, send.person, &mut self.words.recipient);
        let class = match self.scene.corpus {
            Some(corpus) => {
                let (text, class) = corpus.draw(seed, self.campaign, nth);
                self.words.text.clear();
                self.words.text.push_str(text);
                class
            }
            None => {
                let signature = signature(campaign.advertiser());
                let wanted = Wanted {
                    kind: campaign.facts.text,
                    line: campaign.line,
                    signature,
                    seed,
                    campaign: self.campaign,
                    // A stride prime to any number of variants that occurs: neighbours differ.
                    variant: nth.wrapping_mul(STRIDE) % self.variants,
                };
                text::write(&wanted, &mut self.words.text);
                campaign.facts.text.class()
            }
        };
        let words = &self.words;
        self.sends.text(&words.id)?;
        self.sends.time(Some(send.second))?;
        self.sends.texts(&[
            &words.recipient,
            campaign.facts.channel,
            &words.text,
            campaign.port(),
            campaign.facts.number_state,
            &campaign.id,
            campaign.facts.recipient_kind,
            campaign.facts.age,
        ])?;
        self.sends.end()?;
        self.expect(send, class)?;
        self.rows += 1;
        if self.rows.is_multiple_of(TELL) {
            (self.scene.tell)(TELL);
        }
        Ok(())
    }

    fn expect(&mut self, send: &Send, class: Option<Class>) -> Result<(), Error> {
        let date = Timestamp::from_millis(send.second * 1_000).date();
        if self.words.date != date {
            self.words.date = date;
            self.words.day = date.to_string();
        }
        let drawn = self.scene.corpus.is_some();
        let scenario = if drawn { self.drawn(send.scenario, class) } else { send.scenario };
        if !scenario.is_empty() {
            self.seen.insert(scenario);
        }
        let class = class.map_or("", Class::code);
        self.expected.texts(&[&self.words.id, scenario, class, &self.words.day])?;
        self.expected.end()
    }

    /// The scenario that is left when the text came from elsewhere: the planned one if the text is of the
    /// planned class, that of a message which is not commercial, or none.
    fn drawn(&self, planned: &'static str, class: Option<Class>) -> &'static str {
        let of_plan = self.scene.oracle.scenario(planned).and_then(|scenario| scenario.class);
        match (class, of_plan) {
            (Some(Class::NotCommercial), Some(Class::NotCommercial)) => planned,
            (Some(Class::NotCommercial), Some(_)) => DRAWN_NOT_COMMERCIAL,
            (Some(Class::Commercial | Class::Mixed), Some(Class::Commercial)) => planned,
            (Some(Class::Commercial | Class::Mixed | Class::Borderline) | None, _)
            | (Some(Class::NotCommercial), None) => "",
        }
    }
}

/// Expected of a text that is not commercial, whatever campaign it was put into.
pub(crate) const DRAWN_NOT_COMMERCIAL: &str = "drawn_not_commercial";
const TELL: u64 = 1 << 14;
/// A large prime.
const STRIDE: u64 = 2_147_483_647;
