//! What was in force on a day: for each channel the provisions that speak, with their marks.

use anning_vocab::{Channel, Class, Date, Facts, Finding, Interval, Mark, Message, Role, Set};

use crate::rule::{ProvisionId, Rule, Subject, ask_each, rules};

/// A provision and the text it was bound to during one interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The provision.
    pub provision: ProvisionId,
    /// Article that holds its text, such as `cn/adlaw/43`.
    pub article: &'static str,
    /// While that text is in force.
    pub interval: Interval,
    /// How far that text is verified.
    pub mark: Mark,
    /// The text itself is not loaded (Order 74 art 21 to 23).
    pub not_loaded: bool,
}

/// A provision in force on a day.
#[derive(Clone, Copy, Debug)]
pub struct InForce {
    /// Its rule.
    pub rule: &'static Rule,
    /// The text bound.
    pub binding: Binding,
    /// First day on which the provision bound anyone.
    pub since: Date,
}

/// The law from one change to the next.
#[derive(Debug)]
pub struct LawInForce {
    interval: Interval,
    by_channel: [Vec<InForce>; Channel::ALL.len()],
    masks: Masks,
    since: [Date; ProvisionId::ALL.len()],
}

/// Sets of provisions as bits of [`ProvisionId::bit`].
#[derive(Clone, Copy, Debug, Default)]
struct Masks {
    channels: [u64; Channel::ALL.len()],
    roles: [u64; Role::ALL.len()],
    subjects: [u64; SUBJECTS],
    verified: u64,
    not_loaded: u64,
    bans: u64,
}

/// The law through time.
#[derive(Debug)]
pub struct Law {
    periods: Vec<LawInForce>,
    bindings: Vec<Binding>,
}

impl Law {
    /// Lays bindings out in time: one period between any two changes.
    #[must_use]
    pub fn new(bindings: Vec<Binding>) -> Self {
        let mut cuts = vec![BEGINNING];
        for binding in &bindings {
            cuts.push(binding.interval.from);
            cuts.extend(binding.interval.until.map(|until| until.plus_days(1)));
        }
        cuts.sort_unstable();
        cuts.dedup();
        let ends = cuts.iter().skip(1).map(|next| Some(next.plus_days(-1))).chain([None]);
        let periods = cuts
            .iter()
            .zip(ends)
            .map(|(from, until)| LawInForce::new(Interval { from: *from, until }, &bindings))
            .collect();
        Self { periods, bindings }
    }

    /// The law in force on a civil day in Beijing.
    #[must_use]
    pub fn on(&self, day: Date) -> &LawInForce {
        let after = self.periods.partition_point(|period| period.interval.from <= day);
        // A day before every text gets the first, empty period.
        self.periods.get(after.saturating_sub(1)).or(self.periods.first()).unwrap_or(&NO_LAW)
    }

    /// Every binding, for coverage reports and article look-up.
    #[must_use]
    pub fn bindings(&self) -> &[Binding] {
        &self.bindings
    }

    /// Every period, first to last.
    #[must_use]
    pub fn periods(&self) -> &[LawInForce] {
        &self.periods
    }
}

impl LawInForce {
    fn new(interval: Interval, bindings: &[Binding]) -> Self {
        let in_force = |rule: &'static Rule| {
            let binding = bindings
                .iter()
                .find(|b| b.provision == rule.id && b.interval.contains(interval.from))
                .copied()?;
            let since = bindings
                .iter()
                .filter(|b| b.provision == rule.id)
                .map(|b| b.interval.from)
                .min()
                .unwrap_or(interval.from);
            Some(InForce { rule, binding, since })
        };
        let all: Vec<InForce> = rules().iter().filter_map(in_force).collect();
        let by_channel = core::array::from_fn(|i| {
            all.iter()
                .filter(|p| Channel::ALL.get(i).is_some_and(|c| p.rule.channels.has(*c)))
                .copied()
                .collect()
        });
        let mut since = [BEGINNING; ProvisionId::ALL.len()];
        for provision in &all {
            if let Some(slot) = since.get_mut(provision.rule.id.index()) {
                *slot = provision.since;
            }
        }
        Self { interval, by_channel, masks: Masks::of(&all), since }
    }

    /// The provisions that speak of a message of this subject by this channel to which somebody in one of
    /// these roles answers.
    #[must_use]
    pub fn applicable(&self, channel: Channel, roles: Set<Role>, subjects: &[Subject]) -> u64 {
        let masks = &self.masks;
        let of_roles =
            roles.iter().fold(0, |all, role| all | masks.roles.get(role.index()).copied().unwrap_or(0));
        let of_subjects =
            subjects.iter().fold(0, |all, s| all | masks.subjects.get(*s as usize).copied().unwrap_or(0));
        masks.channels.get(channel.index()).copied().unwrap_or(0) & of_roles & of_subjects
    }

    /// Asks the provisions in `mask`, in the order of [`ProvisionId`]. Answers are the rules' own: what is not
    /// verified is for the caller to soften.
    pub fn ask(
        &self,
        mask: u64,
        message: &Message,
        class: Class,
        facts: &Facts<'_>,
        answer: impl FnMut(ProvisionId, Finding),
    ) {
        ask_each(mask, message, class, facts, &self.since, answer);
    }

    /// The days from which provisions in force bound anyone, first to last: of the time of an act no rule asks
    /// more than on which side of such a day it lies.
    #[must_use]
    pub fn first_days(&self) -> Vec<Date> {
        let mut days = self.since.to_vec();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// Provisions whose text may carry a breach.
    #[must_use]
    pub fn verified(&self) -> u64 {
        self.masks.verified
    }

    /// Provisions in force on a channel whose text is not loaded.
    #[must_use]
    pub fn not_loaded(&self, channel: Channel) -> u64 {
        self.masks.not_loaded & self.masks.channels.get(channel.index()).copied().unwrap_or(0)
    }

    /// Bans whose text is loaded.
    #[must_use]
    pub fn loaded_bans(&self) -> u64 {
        self.masks.bans & !self.masks.not_loaded
    }

    /// The days it covers.
    #[must_use]
    pub fn interval(&self) -> Interval {
        self.interval
    }

    /// The provisions that speak of this channel, in the order of [`ProvisionId`].
    #[must_use]
    pub fn provisions(&self, channel: Channel) -> &[InForce] {
        self.by_channel.get(channel.index()).map_or(&[], Vec::as_slice)
    }
}

impl Masks {
    fn of(all: &[InForce]) -> Self {
        let set = |test: &dyn Fn(&InForce) -> bool| {
            all.iter().filter(|p| test(p)).fold(0, |mask, p| mask | p.rule.id.bit())
        };
        let subject = |subject: Subject| set(&|p| p.rule.subject == subject);
        Self {
            channels: core::array::from_fn(|i| {
                set(&|p| Channel::ALL.get(i).is_some_and(|c| p.rule.channels.has(*c)))
            }),
            roles: core::array::from_fn(|i| set(&|p| Role::ALL.get(i).is_some_and(|r| p.rule.roles.has(*r)))),
            subjects: [
                subject(Subject::Commercial),
                subject(Subject::ConsentRequest),
                subject(Subject::Every),
            ],
            verified: set(&|p| p.binding.mark.carries_a_breach()),
            not_loaded: set(&|p| p.binding.not_loaded),
            bans: set(&|p| p.rule.ban),
        }
    }
}

/// Nothing in force: stands in where a [`Law`] was built from no bindings at all.
static NO_LAW: LawInForce = LawInForce {
    interval: Interval { from: BEGINNING, until: None },
    by_channel: [const { Vec::new() }; Channel::ALL.len()],
    masks: Masks {
        channels: [0; Channel::ALL.len()],
        roles: [0; Role::ALL.len()],
        subjects: [0; SUBJECTS],
        verified: 0,
        not_loaded: 0,
        bans: 0,
    },
    since: [BEGINNING; ProvisionId::ALL.len()],
};

const SUBJECTS: usize = 3;

const BEGINNING: Date = Date::from_days(-719_162);
