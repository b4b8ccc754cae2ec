//! What time does to letters.

use std::sync::Arc;
use std::time::Duration;

use anning_vocab::Timestamp;

use super::Book;
use crate::letter::LetterId;
use crate::outbox::entry::Entry;

/// How long things are waited for, and how many at most.
#[derive(Clone, Copy, Debug)]
pub struct Waits {
    /// A letter in doubt is unknown after this.
    pub doubt: Duration,
    /// A report is waited for so long.
    pub report: Duration,
    /// Letters whose report is waited for; beyond it the oldest are given up.
    pub reports: usize,
    /// A sender is waited for so long, to be told.
    pub telling: Duration,
    /// Letters of which senders are to be told; beyond it the oldest are given up.
    pub tellings: usize,
    /// A report on nothing known is kept so long.
    pub parked: Duration,
    /// Reports on nothing known; beyond it the oldest are nobody's.
    pub parkings: usize,
}

impl Default for Waits {
    fn default() -> Self {
        let days = |n: u64| Duration::from_secs(n * 24 * 60 * 60);
        Self {
            doubt: days(1),
            report: days(3),
            reports: 2_000_000,
            telling: days(3),
            tellings: 1_000_000,
            parked: Duration::from_secs(600),
            parkings: 20_000,
        }
    }
}

impl Book {
    /// What is due at this time, at most so many entries.
    #[must_use]
    pub fn due(&self, now: Timestamp, waits: &Waits, most: usize) -> Vec<Entry> {
        let mut due = Vec::new();
        for (number, (letter, segment)) in self.met.iter().take(most) {
            if let Some(parked) = self.parked.get(number) {
                let report = Arc::clone(&parked.report);
                due.push(Entry::Reported { letter: *letter, segment: *segment, report });
            }
            due.push(Entry::Unparked { parked: *number });
        }
        // Here and nowhere else: an entry that came twice would take back what was handed over in between.
        let free = self.held_due(now, most).into_iter();
        due.extend(free.map(|letter| Entry::Released { letter, until: None }));
        let expired = self.waits.iter().take_while(|(expires, _)| *expires <= now);
        due.extend(expired.take(most).map(|(_, letter)| Entry::Expired { letter: *letter }));
        let give_up = |(_, letter): &(Timestamp, LetterId)| Entry::GaveUp { letter: *letter };
        due.extend(overdue(&self.doubts, before(now, waits.doubt), usize::MAX).take(most).map(give_up));
        due.extend(overdue(&self.sent, before(now, waits.report), waits.reports).take(most).map(give_up));
        let untold = overdue(&self.ended, before(now, waits.telling), waits.tellings).take(most);
        due.extend(untold.map(|(_, letter)| Entry::Untold { letter: *letter }));
        let over = self.parked.len().saturating_sub(waits.parkings);
        let before = before(now, waits.parked);
        let parked = self.parked.iter().filter(|(number, _)| !self.met.contains_key(number)).zip(0..);
        let parked = parked.take_while(|((_, parked), nth)| *nth < over || parked.since <= before);
        due.extend(parked.take(most).map(|((number, _), _)| Entry::Unparked { parked: *number }));
        due.truncate(most);
        due
    }
}

/// Those that are older, and the oldest of those that are too many.
fn overdue(
    order: &std::collections::BTreeSet<(Timestamp, LetterId)>,
    before: Timestamp,
    most: usize,
) -> impl Iterator<Item = &(Timestamp, LetterId)> {
    let over = order.len().saturating_sub(most);
    let old = move |((since, _), nth): &(&(Timestamp, LetterId), usize)| *nth < over || *since <= before;
    order.iter().zip(0..).take_while(old).map(|(member, _)| member)
}

fn before(now: Timestamp, span: Duration) -> Timestamp {
    let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
    now.plus_millis(millis.saturating_neg())
}
