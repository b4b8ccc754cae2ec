//! The platform's own customers: how each sort of them joined, what they did since, and which scenario a
//! general campaign to them is at a given moment.

use anning_vocab::{ActKind, Date, Origin};

use crate::cast::Line;
use crate::step::{DAY, Step, Times};
use crate::terms::{
    BARE_BIT, BUNDLED, BUNDLED_UNRELATED, BURIED, EIGHT_A_MONTH, FORCED, FORCED_UNRELATED, HALF_YEAR,
    IMPLIED, NEW_HOLDER, ONE_YEAR, RECEIVE_ONLY, REFUSAL, SEPARATE, TICKED_BY_DEFAULT,
    TICKED_BY_DEFAULT_UNRELATED, TO_BRAND,
};

/// A sort of customers.
pub(crate) struct Sort {
    /// Share of all customers, in thousandths.
    pub(crate) share: u64,
    /// First and last day on which they joined.
    joined: (&'static str, &'static str),
    pub(crate) steps: &'static [Step],
    /// The scenario after each step; the first one alone where there are no steps.
    after: &'static [&'static str],
    /// Days from the first step to the end of its period, and the scenario after that.
    lapse: Option<(i64, &'static str)>,
}

/// Customers of one sort in a world of a given size.
#[derive(Clone, Copy)]
pub(crate) struct Block {
    pub(crate) sort: &'static Sort,
    /// The first person's number in the world.
    pub(crate) first: u64,
    pub(crate) size: u64,
    from: i64,
    span: i64,
}

impl Block {
    pub(crate) fn new(sort: &'static Sort, first: u64, size: u64) -> Self {
        let (from, until) = (day(sort.joined.0), day(sort.joined.1));
        Self { sort, first, size, from, span: (until - from).max(1) }
    }

    /// When a customer joined; later customers joined later.
    pub(crate) fn anchor(&self, seed: u64, index: u64) -> i64 {
        let within = crate::random::below(crate::random::draw(seed, JOIN, self.first + index), 1 << 20);
        let share = ((u128::from(index) << 20) + u128::from(within)) * self.span.unsigned_abs() as u128
            / ((u128::from(self.size.max(1))) << 20);
        self.from + i64::try_from(share).unwrap_or(0)
    }

    /// How many had joined for certain some days before this second.
    fn joined(&self, second: i64) -> u64 {
        let since = (second - 2 * MARGIN - self.from).clamp(0, self.span).unsigned_abs();
        let share = u128::from(self.size) * u128::from(since) / u128::from(self.span.unsigned_abs());
        u64::try_from(share).unwrap_or(0).min(self.size)
    }

    /// How many of a line had joined.
    pub(crate) fn joined_of(&self, line: Line, second: i64) -> u64 {
        let all = self.joined(second);
        match line {
            Line::Retail => all - all / 5,
            Line::Finance => all / 5,
        }
    }

    /// The customer at place `nth` of a line: every fifth is of finance.
    pub(crate) const fn nth_of(line: Line, nth: u64) -> u64 {
        match line {
            Line::Retail => nth + nth / 4,
            Line::Finance => nth * 5 + 4,
        }
    }

    /// The line of a customer.
    pub(crate) const fn line_of(index: u64) -> Line {
        if index % 5 == 4 { Line::Finance } else { Line::Retail }
    }

    /// The times of a customer's acts.
    pub(crate) fn acts(&self, seed: u64, index: u64) -> impl Iterator<Item = (&'static Step, Times)> {
        let (anchor, person) = (self.anchor(seed, index), self.first + index);
        self.sort.steps.iter().map(move |step| (step, step.times(anchor, seed, person)))
    }

    /// Which scenario a send at this second is to that customer; none too close to one of the acts, where
    /// the sample does not want to argue about hours.
    pub(crate) fn scenario(&self, seed: u64, index: u64, second: i64) -> Option<&'static str> {
        let mut found = if self.sort.steps.is_empty() { self.sort.after.first().copied() } else { None };
        for ((step, times), after) in self.acts(seed, index).zip(self.sort.after) {
            if (second - times.occurred).abs() < MARGIN {
                return None;
            }
            if times.occurred < second {
                found = Some(after);
                if let (ActKind::Given, Some((days, lapsed))) = (step.act, self.sort.lapse) {
                    let end = times.occurred + days * DAY;
                    if (second - end).abs() < MARGIN {
                        return None;
                    }
                    found = if second > end { Some(lapsed) } else { found };
                }
            }
        }
        found
    }
}

/// The second at which a day of the table begins in Beijing.
pub(crate) fn day(text: &str) -> i64 {
    Date::parse(text).map_or(0, |date| date.start().second())
}

const fn sort(
    share: u64,
    joined: (&'static str, &'static str),
    steps: &'static [Step],
    after: &'static [&'static str],
) -> Sort {
    Sort { share, joined, steps, after, lapse: None }
}

const fn lapsing(sort: Sort, days: i64, after: &'static str) -> Sort {
    Sort { lapse: Some((days, after)), ..sort }
}

const JOIN: u64 = 0x4a4f_494e;
/// No send stands closer than this to an act.
const MARGIN: i64 = 2 * DAY;
const YEAR: i64 = 365 * DAY;

/// Before cn/pipl, and since; the last days before the data end are left free.
const BEFORE: (&str, &str) = ("2018-03-01", "2021-10-25");
const SINCE: (&str, &str) = ("2021-11-02", "2026-10-20");
const ALWAYS: (&str, &str) = ("2018-03-01", "2026-10-20");
/// Joined under 实施条例 23.
const NEWEST: (&str, &str) = ("2024-07-03", "2026-10-20");

/// All sorts; the shares add up to 1000.
#[rustfmt::skip]
pub(crate) const SORTS: &[Sort] = &[
    sort(210, SINCE, &[Step::given(0, &SEPARATE)], &["proved"]),
    sort(40, SINCE, &[Step::given(0, &EIGHT_A_MONTH)], &["proved"]),
    sort(30, SINCE, &[Step::given(0, &TO_BRAND)], &["proved"]),
    sort(30, SINCE, &[Step::given(0, &SEPARATE).origin(Origin::Anchored).recorded(3_600)], &["anchored"]),
    sort(110, BEFORE, &[Step::given(0, &SEPARATE)], &["proved_old"]),
    sort(75, SINCE, &[Step::given(0, &TICKED_BY_DEFAULT)], &["ticked_by_default"]),
    sort(50, BEFORE, &[Step::given(0, &TICKED_BY_DEFAULT)], &["ticked_by_default_old"]),
    sort(8, NEWEST, &[Step::given(0, &TICKED_BY_DEFAULT_UNRELATED)], &["ticked_by_default_unrelated"]),
    sort(30, SINCE, &[Step::given(0, &IMPLIED)], &["implied"]),
    sort(20, BEFORE, &[Step::given(0, &IMPLIED)], &["implied_old"]),
    sort(40, SINCE, &[Step::given(0, &BUNDLED)], &["bundled"]),
    sort(20, BEFORE, &[Step::given(0, &BUNDLED)], &["bundled_old"]),
    sort(8, NEWEST, &[Step::given(0, &BUNDLED_UNRELATED)], &["bundled_unrelated"]),
    sort(20, SINCE, &[Step::given(0, &BURIED)], &["buried"]),
    sort(12, BEFORE, &[Step::given(0, &BURIED)], &["buried_old"]),
    sort(14, SINCE, &[Step::given(0, &FORCED)], &["forced"]),
    sort(8, BEFORE, &[Step::given(0, &FORCED)], &["forced_old"]),
    sort(8, NEWEST, &[Step::given(0, &FORCED_UNRELATED)], &["forced_unrelated"]),
    sort(80, ALWAYS, &[Step::given(0, &BARE_BIT).origin(Origin::Imported)], &["asserted_only"]),
    sort(60, ("2018-03-01", "2021-01-02"), &[], &["no_record"]),
    lapsing(sort(20, ALWAYS, &[Step::given(0, &ONE_YEAR)], &["within_period"]), 365, "lapsed"),
    lapsing(sort(10, ALWAYS, &[Step::given(0, &HALF_YEAR)], &["within_period"]), 183, "lapsed"),
    sort(50, ALWAYS, &[
        Step::given(0, &SEPARATE),
        Step::withdrawn(20 * DAY, &REFUSAL).spread(YEAR),
    ], &["withdrawn_later", "withdrawn"]),
    sort(15, ALWAYS, &[
        Step::given(0, &SEPARATE),
        Step::withdrawn(20 * DAY, &REFUSAL).spread(YEAR / 2),
        Step::given(20 * DAY + YEAR / 2 + 10 * DAY, &SEPARATE).spread(YEAR / 2),
    ], &["withdrawn_later", "withdrawn", "opted_in_again"]),
    sort(10, ALWAYS, &[Step::new(ActKind::Refused, 0, &REFUSAL)], &["refused"]),
    sort(10, ALWAYS, &[
        Step::given(0, &SEPARATE),
        Step::new(ActKind::Reassigned, 60 * DAY, &NEW_HOLDER).spread(YEAR),
    ], &["proved_by_former_holder", "reassigned"]),
    sort(4, ALWAYS, &[
        Step::withdrawn(0, &REFUSAL),
        Step::new(ActKind::Reassigned, 60 * DAY, &NEW_HOLDER).spread(YEAR / 2),
        Step::given(60 * DAY + YEAR / 2 + 10 * DAY, &SEPARATE).spread(YEAR / 4),
    ], &["refused", "reassigned", "consent_of_new_holder"]),
    sort(8, SINCE, &[Step::given(0, &RECEIVE_ONLY)], &["receive_only"]),
];

#[cfg(test)]
mod tests {
    use super::{Block, SORTS, day};
    use crate::cast::Line;

    #[test]
    fn shares_add_up() {
        assert_eq!(SORTS.iter().map(|sort| sort.share).sum::<u64>(), 1_000);
        for sort in SORTS {
            assert_eq!(sort.after.len(), sort.steps.len().max(1));
        }
    }

    #[test]
    fn who_counts_as_joined_has_joined() {
        for sort in SORTS {
            let block = Block::new(sort, 0, 1_000);
            for text in ["2021-06-18", "2022-11-11", "2026-11-11"] {
                let second = day(text);
                let joined = block.joined(second);
                for index in 0..joined {
                    assert!(block.anchor(3, index) < second, "{text}");
                }
                for line in [Line::Retail, Line::Finance] {
                    for nth in 0..block.joined_of(line, second) {
                        let index = Block::nth_of(line, nth);
                        assert!(index < joined);
                        assert_eq!(Block::line_of(index), line);
                    }
                }
            }
        }
    }
}
