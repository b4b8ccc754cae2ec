//! Days gathered into the columns of the timeline.

use anning_vocab::Date;

use crate::summary::{Day, Summary};

/// One column: a month, or a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Column {
    /// `YYYY-MM` or `YYYY-MM-DD`.
    pub(super) name: String,
    /// Sends, breached, unproved, unclear.
    pub(super) counts: [u64; 4],
}

/// A run of columns without gaps, with its first and last day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) first: Date,
    pub(super) last: Date,
    pub(super) columns: Vec<Column>,
}

const fn counts(day: &Day) -> [u64; 4] {
    [day.sends, day.breached, day.unproved, day.unclear]
}

fn add(to: &mut [u64; 4], more: [u64; 4]) {
    for (sum, n) in to.iter_mut().zip(more) {
        *sum += n;
    }
}

/// First and last day with sends.
fn ends(summary: &Summary) -> Option<(Date, Date)> {
    let mut dates = summary.timeline.iter().filter_map(|day| Date::parse(&day.date).ok());
    let first = dates.next()?;
    Some((first, dates.next_back().unwrap_or(first)))
}

/// All months from the first to the last; none without sends.
pub(super) fn months(summary: &Summary) -> Option<Run> {
    let (first, last) = ends(summary)?;
    let start = first.plus_days(1 - i32::try_from(first.ymd().2).unwrap_or(1));
    let mut columns = Vec::new();
    let mut days = summary.timeline.iter().peekable();
    let mut month = start;
    while month <= last {
        let name: String = month.to_string().chars().take(7).collect();
        let mut column = Column { name, ..Column::default() };
        while let Some(day) = days.next_if(|day| day.date.starts_with(&column.name)) {
            add(&mut column.counts, counts(day));
        }
        columns.push(column);
        month = month.plus_months(1);
    }
    Some(Run { first: start, last: month.plus_days(-1), columns })
}

/// Each calendar year by day, from the first of January to the end of December, cut to the period.
pub(super) fn years(summary: &Summary) -> Vec<Run> {
    let Some((first, last)) = ends(summary) else { return Vec::new() };
    let mut days = summary.timeline.iter().peekable();
    let mut runs = Vec::new();
    for year in first.ymd().0..=last.ymd().0 {
        let (Some(from), Some(until)) = (Date::from_ymd(year, 1, 1), Date::from_ymd(year, 12, 31)) else {
            continue;
        };
        let mut run = Run { first: from, last: until, columns: Vec::new() };
        let mut date = from;
        while date <= until {
            let mut column = Column { name: date.to_string(), ..Column::default() };
            if let Some(day) = days.next_if(|day| day.date == column.name) {
                column.counts = counts(day);
            }
            run.columns.push(column);
            date = date.plus_days(1);
        }
        runs.push(run);
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::{months, years};
    use crate::summary::{Day, Summary};

    fn summary(days: &[(&str, u64)]) -> Summary {
        let day = |(date, sends): &(&str, u64)| Day {
            date: (*date).to_owned(),
            sends: *sends,
            breached: sends / 2,
            ..Day::default()
        };
        Summary { timeline: days.iter().map(day).collect(), ..Summary::default() }
    }

    #[test]
    fn months_have_no_gaps_and_lose_nothing() {
        let run = months(&summary(&[("2021-11-11", 10), ("2021-11-30", 2), ("2022-02-01", 4)])).unwrap();
        let found: Vec<_> = run.columns.iter().map(|c| (c.name.as_str(), c.counts)).collect();
        assert_eq!(
            found,
            [("2021-11", [12, 6, 0, 0]), ("2021-12", [0; 4]), ("2022-01", [0; 4]), ("2022-02", [4, 2, 0, 0])]
        );
        assert_eq!((run.first.to_string(), run.last.to_string()), ("2021-11-01".into(), "2022-02-28".into()));
    }

    #[test]
    fn years_hold_every_day() {
        let runs = years(&summary(&[("2023-12-31", 1), ("2024-02-29", 3)]));
        assert_eq!(runs.iter().map(|r| r.columns.len()).collect::<Vec<_>>(), [365, 366]);
        assert_eq!(runs[1].columns[59].counts[0], 3);
        assert_eq!(runs[0].columns[364].counts[0], 1);
    }

    #[test]
    fn no_sends_no_columns() {
        assert_eq!(months(&summary(&[])), None);
        assert!(years(&summary(&[])).is_empty());
    }
}
