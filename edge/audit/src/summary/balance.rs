//! The sums that must hold. The engine checks them before it writes; a reader may check them again.

use super::{Outcomes, Summary};

/// A sum that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imbalance {
    /// Where, such as `inputs.sends.csv` or `campaigns`.
    pub place: String,
    /// What it should be.
    pub expected: u64,
    /// What it is.
    pub found: u64,
}

impl core::fmt::Display for Imbalance {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "sum of {} should be {}, is: {}", self.place, self.expected, self.found)
    }
}

impl Summary {
    /// Every sum that does not hold; empty when the books balance.
    #[must_use]
    pub fn imbalances(&self) -> Vec<Imbalance> {
        let mut found = Vec::new();
        let mut check = |place: String, expected: u64, is: u64| {
            if expected != is {
                found.push(Imbalance { place, expected, found: is });
            }
        };
        let all = &self.totals.outcomes;
        for input in &self.inputs.files {
            check(format!("inputs {}", input.file), input.rows, input.judged + input.rejected);
            check(format!("rejects {}", input.file), input.rejected, input.reasons.values().sum());
        }
        let judged = self.inputs.files.iter().filter(|i| i.table == "sends").map(|i| i.judged).sum();
        check("totals.sends".to_owned(), judged, all.sends);
        check("totals.classes".to_owned(), all.sends, self.totals.classes.values().sum());
        check("totals.outcomes".to_owned(), all.sends, parts(all));
        for (name, group) in self.groups() {
            let mut sum = group.rest.outcomes;
            for row in &group.rows {
                check(format!("{name} {}", row.id), row.outcomes.sends, parts(&row.outcomes));
                sum.add(&row.outcomes);
            }
            check(format!("{name} sends"), all.sends, sum.sends);
            check(format!("{name} breached"), all.breached, sum.breached);
            check(format!("{name} unproved"), all.unproved, sum.unproved);
        }
        if !self.pages.is_empty() {
            let mut sum = self.pages.rest.outcomes;
            self.pages.rows.iter().for_each(|row| sum.add(&row.outcomes));
            check("pages sends".to_owned(), all.sends, sum.sends);
            check("pages breached".to_owned(), all.breached, sum.breached);
        }
        let days = |count: fn(&super::Day) -> u64| self.timeline.iter().map(count).sum();
        check("timeline sends".to_owned(), all.sends, days(|d| d.sends));
        check("timeline breached".to_owned(), all.breached, days(|d| d.breached));
        check("timeline unproved".to_owned(), all.unproved, days(|d| d.unproved));
        check("timeline unclear".to_owned(), all.unclear, days(|d| d.unclear));
        for row in &self.provisions {
            let answers = row.answers.met + row.answers.breached + row.answers.unproved + row.answers.unclear;
            check(format!("provision {}", row.id), answers, row.grounds.iter().map(|g| g.sends).sum());
        }
        found
    }
}

const fn parts(o: &Outcomes) -> u64 {
    o.breached + o.unproved + o.unclear + o.lawful + o.outside
}
