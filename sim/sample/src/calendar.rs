//! The shopping year: when campaigns are held and how large they are beside one another.

use crate::cast::Line;
use crate::general::day;

/// A general campaign as the calendar knows it.
#[derive(Clone, Debug)]
pub(crate) struct Date {
    pub(crate) name: String,
    pub(crate) line: Line,
    /// First second, and seconds until the last send is out.
    pub(crate) start: i64,
    pub(crate) lasts: i64,
    /// Size beside the others.
    pub(crate) weight: u64,
}

/// First and last year of the world.
pub(crate) const YEARS: core::ops::RangeInclusive<i32> = 2021..=2026;

/// Every general campaign, in order of time.
pub(crate) fn general() -> Vec<Date> {
    let mut dates = Vec::new();
    for year in YEARS {
        for (month_day, hour, name, weight) in RETAIL {
            dates.push(date(year, month_day, *hour, name, *weight, Line::Retail));
        }
        for (month_day, hour, name, weight) in FINANCE {
            dates.push(date(year, month_day, *hour, name, *weight, Line::Finance));
        }
        for month in 1..=12 {
            let name = format!("{month}月会员日");
            dates.push(date(year, &format!("{month:02}-08"), 10, &name, 1, Line::Retail));
        }
    }
    // The world ends with November 2026.
    dates.retain(|date| date.start < day("2026-12-01"));
    dates.sort_by_key(|date| date.start);
    dates
}

fn date(year: i32, month_day: &str, hour: i64, name: &str, weight: u64, line: Line) -> Date {
    let start = day(&format!("{year}-{month_day}")) + hour * 3_600;
    // A campaign that begins at midnight is over by two; the others take a working day.
    let lasts = if hour == 0 { 2 * 3_600 } else { (20 - hour).max(1) * 3_600 };
    Date { name: format!("{year} {name}"), line, start, lasts, weight }
}

/// Month and day, hour, name, weight.
type Fixed = (&'static str, i64, &'static str, u64);

#[rustfmt::skip]
const RETAIL: &[Fixed] = &[
    ("01-12", 10, "年货节", 2),
    ("03-07", 10, "女神节", 2),
    ("04-20", 10, "春季焕新", 1),
    ("05-20", 10, "五二〇", 1),
    ("05-31", 19, "618 预售", 4),
    ("06-17", 10, "618 前夜", 4),
    ("06-18", 0, "618 零点", 6),
    ("08-14", 10, "开学季", 1),
    ("09-25", 10, "国庆出游", 1),
    ("10-20", 19, "双11 预售", 6),
    ("10-31", 19, "双11 第一波", 8),
    ("11-10", 18, "双11 前夜", 9),
    ("11-11", 0, "双11 零点", 10),
    ("11-11", 15, "双11 返场", 8),
    ("12-11", 18, "双12 前夜", 3),
    ("12-12", 10, "双12", 4),
];

#[rustfmt::skip]
const FINANCE: &[Fixed] = &[
    ("01-20", 10, "春节备用金", 2),
    ("03-15", 10, "消费贷利率优惠", 1),
    ("05-26", 10, "618 分期免息", 3),
    ("07-10", 10, "理财开门红", 1),
    ("09-10", 10, "额度提升", 2),
    ("11-01", 10, "双11 临时额度", 6),
    ("11-09", 10, "双11 分期免息", 6),
    ("12-05", 10, "年终理财", 2),
];

/// A day on which every special campaign may be held: a day after the start of each law, a peak, or the
/// very edge of a law.
pub(crate) struct SpecialDay {
    pub(crate) date: &'static str,
    /// Second of the day of the first send, and seconds until the last.
    pub(crate) at: i64,
    pub(crate) lasts: i64,
}

const fn on(date: &'static str) -> SpecialDay {
    SpecialDay { date, at: 11 * 3_600, lasts: 5 * 3_600 }
}

/// The last minute before a law, or the first one of it.
const fn edge(date: &'static str, at: i64) -> SpecialDay {
    SpecialDay { date, at, lasts: 38 }
}

/// 23:59:00: the second sends of the same people still fall on this day.
const LAST_MINUTE: i64 = 86_340;

pub(crate) const SPECIAL_DAYS: &[SpecialDay] = &[
    on("2021-03-16"),
    on("2021-06-18"),
    edge("2021-10-31", LAST_MINUTE),
    edge("2021-11-01", 0),
    on("2022-06-18"),
    on("2022-12-12"),
    on("2023-06-16"),
    edge("2023-12-31", LAST_MINUTE),
    edge("2024-01-01", 0),
    edge("2024-06-30", LAST_MINUTE),
    edge("2024-07-01", 0),
    on("2024-11-11"),
    on("2025-06-18"),
    on("2025-11-11"),
    edge("2026-04-30", LAST_MINUTE),
    edge("2026-05-01", 0),
    on("2026-06-18"),
    on("2026-11-11"),
];

#[cfg(test)]
mod tests {
    use anning_vocab::Timestamp;

    use super::{SPECIAL_DAYS, general};

    #[test]
    fn the_calendar_has_its_peaks() {
        let dates = general();
        assert!(dates.windows(2).all(|pair| pair[0].start <= pair[1].start));
        let november: u64 = dates
            .iter()
            .filter(|date| Timestamp::from_millis(date.start * 1_000).date().ymd().1 == 11)
            .map(|date| date.weight)
            .sum();
        let all: u64 = dates.iter().map(|date| date.weight).sum();
        assert!(november * 3 > all, "{november} of {all}");
        assert_eq!(dates.last().map(|date| date.name.as_str()), Some("2026 双11 返场"));
    }

    #[test]
    fn special_days_are_in_order() {
        assert!(SPECIAL_DAYS.windows(2).all(|pair| pair[0].date < pair[1].date));
    }
}
