//! The tables of consents and withdrawals.

use anning_vocab::{ActKind, Timestamp};

use crate::Error;
use crate::campaign::{Audience, Campaign};
use crate::cast::{BRAND, Line};
use crate::general::Block;
use crate::person::{Reached, address};
use crate::plan::Plan;
use crate::special_table::SPECIALS;
use crate::step::{Step, Times};
use crate::table::{Column, Format, Holds, Table};
use crate::terms::{OWN, Period};

pub(crate) const CONSENTS: &[Column] = &[
    ("event_id", Holds::Free),
    ("recipient", Holds::Free),
    ("act", Holds::Word),
    ("occurred_at", Holds::Time),
    ("received_at", Holds::Time),
    ("recorded_at", Holds::Time),
    ("origin", Holds::Word),
    ("covers", Holds::Word),
    ("controller", Holds::Word),
    ("brand", Holds::Word),
    ("channels", Holds::Word),
    ("kinds", Holds::Word),
    ("purposes", Holds::Word),
    ("categories", Holds::Word),
    ("frequency", Holds::Word),
    ("until", Holds::Word),
    ("days", Holds::Word),
    ("control", Holds::Word),
    ("bundling", Holds::Word),
    ("prominence", Holds::Word),
    ("forced", Holds::Word),
    ("related", Holds::Word),
    ("guardian", Holds::Word),
    ("notice", Holds::Word),
    ("provision_to", Holds::Word),
    ("provision", Holds::Word),
    ("provision_contact", Holds::Word),
    ("provision_purpose", Holds::Word),
    ("provision_categories", Holds::Word),
    ("provision_separate", Holds::Word),
    ("age", Holds::Word),
    ("wording", Holds::Word),
];

pub(crate) const WITHDRAWALS: &[Column] = &[
    ("event_id", Holds::Free),
    ("recipient", Holds::Free),
    ("occurred_at", Holds::Time),
    ("received_at", Holds::Time),
    ("recorded_at", Holds::Time),
    ("origin", Holds::Word),
    ("covers", Holds::Word),
    ("controller", Holds::Word),
    ("brand", Holds::Word),
    ("port", Holds::Word),
    ("control", Holds::Word),
];

/// Which of the two tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Acts {
    Consents,
    Withdrawals,
}

/// Whose act it is: what [`OWN`] stands for.
struct Actor<'a> {
    person: u64,
    reached: Reached,
    controller: &'a str,
    line: Line,
    port: &'a str,
}

/// Writes one of the two tables.
pub(crate) struct Writer<'a> {
    plan: &'a Plan,
    which: Acts,
    format: Format,
    table: Table,
    rows: u64,
    id: String,
    recipient: String,
    number: String,
}

impl<'a> Writer<'a> {
    /// Writes all of it; returns the number of rows.
    pub(crate) fn write(
        plan: &'a Plan,
        which: Acts,
        folder: &std::path::Path,
        format: Format,
    ) -> Result<u64, Error> {
        let (name, columns) = match which {
            Acts::Consents => ("consents", CONSENTS),
            Acts::Withdrawals => ("withdrawals", WITHDRAWALS),
        };
        let table = Table::create(folder, name, columns, format)?;
        let (id, recipient, number) = (String::new(), String::new(), String::new());
        let mut this = Self { plan, which, format, table, rows: 0, id, recipient, number };
        for block in &plan.blocks {
            this.customers(block)?;
        }
        for campaign in &plan.campaigns {
            this.campaign(campaign)?;
        }
        this.table.finish()?;
        Ok(this.rows)
    }

    fn customers(&mut self, block: &Block) -> Result<(), Error> {
        for index in 0..block.size {
            let line = Block::line_of(index);
            let actor = Actor {
                person: block.first + index,
                reached: Reached::Phone,
                controller: line.party(),
                line,
                port: line.port(),
            };
            for (nth, (step, times)) in block.acts(self.plan.seed, index).enumerate() {
                self.act(&actor, nth, step, times)?;
            }
        }
        Ok(())
    }

    fn campaign(&mut self, campaign: &Campaign) -> Result<(), Error> {
        let Audience::Special { special, first, persons } = campaign.audience else { return Ok(()) };
        let Some(special) = SPECIALS.get(special) else { return Ok(()) };
        for place in 0..persons {
            let actor = Actor {
                person: first + place,
                reached: special.reached,
                controller: campaign.advertiser(),
                line: campaign.line,
                port: campaign.port(),
            };
            let anchor = campaign.moment(place, persons);
            for (nth, step) in special.steps.iter().enumerate() {
                let times = step.times(anchor, self.plan.seed, actor.person);
                self.act(&actor, nth, step, times)?;
            }
        }
        Ok(())
    }

    fn act(&mut self, actor: &Actor<'_>, nth: usize, step: &Step, times: Times) -> Result<(), Error> {
        use core::fmt::Write;
        let withdrawal = step.act == ActKind::Withdrawn;
        if withdrawal != (self.which == Acts::Withdrawals) {
            return Ok(());
        }
        self.id.clear();
        // Writing to a String cannot fail.
        let _ = write!(self.id, "e{}-{}", actor.person, nth + 1);
        address(actor.reached, self.plan.seed, actor.person, &mut self.recipient);
        // In files that people keep, the same number is written in more than one way.
        if self.format == Format::Csv && actor.reached == Reached::Phone && actor.person.is_multiple_of(97) {
            self.recipient.insert_str(0, "+86 ");
        }
        self.table.texts(&[&self.id, &self.recipient])?;
        if !withdrawal {
            self.table.text(step.act.code())?;
        }
        self.table.time(Some(times.occurred))?;
        self.table.time((times.received != times.occurred).then_some(times.received))?;
        self.table.time((times.recorded != times.received).then_some(times.recorded))?;
        let terms = step.terms;
        let controller = if terms.controller == OWN { actor.controller } else { terms.controller };
        let brand = if terms.brand == OWN { brand_of(actor.line) } else { terms.brand };
        self.table.texts(&[step.origin.code(), terms.covers, controller, brand])?;
        if withdrawal {
            self.table.texts(&[if terms.on_port { actor.port } else { "" }, terms.control])?;
        } else {
            self.agreed(actor, step, times)?;
        }
        self.rows += 1;
        self.table.end()
    }

    /// The cells that only the table of consents has.
    fn agreed(&mut self, actor: &Actor<'_>, step: &Step, times: Times) -> Result<(), Error> {
        let terms = step.terms;
        let kinds = if terms.kinds == OWN { actor.line.kind() } else { terms.kinds };
        self.table.texts(&[terms.channels, kinds, terms.purposes, terms.categories, terms.frequency])?;
        self.number.clear();
        match terms.days {
            Period::Open => self.table.texts(&["", ""])?,
            Period::Days(days) => {
                self.number.push_str(&days.to_string());
                self.table.texts(&["", &self.number])?;
            }
            Period::Until(days) => {
                let day = Timestamp::from_millis(times.occurred * 1_000).date();
                self.number.push_str(&day.plus_days(days.cast_signed()).to_string());
                self.table.texts(&[&self.number, ""])?;
            }
        }
        self.table.texts(&[
            terms.control,
            terms.bundling,
            terms.prominence,
            terms.forced,
            terms.related,
            terms.guardian,
            terms.notice,
            terms.provision_to,
        ])?;
        self.table.texts(&terms.provision)?;
        self.table.texts(&[terms.age, terms.wording])
    }
}

const fn brand_of(line: Line) -> &'static str {
    match line {
        Line::Retail => BRAND,
        Line::Finance => "b-jinfu",
    }
}
