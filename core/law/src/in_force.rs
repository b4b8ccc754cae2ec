//! What was in force on a day: for each channel the provisions that speak, with their marks.

use anning_vocab::{Channel, Date, Interval, Mark};

use crate::rule::{ProvisionId, Rule, rules};

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
        Self { interval, by_channel }
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

/// Nothing in force: stands in where a [`Law`] was built from no bindings at all.
static NO_LAW: LawInForce = LawInForce {
    interval: Interval { from: BEGINNING, until: None },
    by_channel: [const { Vec::new() }; Channel::ALL.len()],
};

const BEGINNING: Date = Date::from_days(-719_162);
