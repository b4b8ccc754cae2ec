//! How often and how long, as texts tell it: “每月不超过 4 条，期限 12 个月”, “up to 4 messages per month for 12 months”.

use anning_vocab::{Frequency, Window};

use crate::fold::fold;

/// The number of messages told for a calendar window; `None` where none, several, or only about so many are told.
pub(super) fn frequency(text: &str) -> Option<Frequency> {
    let folded = fold(text);
    let mut found: Vec<Frequency> = Vec::new();
    for (word, per) in WINDOWS {
        for (at, _) in folded.match_indices(word) {
            let clause = clause(&folded, at);
            let numbers: Vec<u32> = counted(clause).collect();
            if ABOUT.iter().any(|about| clause.contains(about)) {
                return None;
            }
            let Some(most) = numbers.into_iter().max() else { continue };
            let frequency = Frequency { at_most: u16::try_from(most).ok()?, per };
            if !found.contains(&frequency) {
                found.push(frequency);
            }
        }
    }
    if let [only] = found.as_slice() { Some(*only) } else { None }
}

/// The days that a period told runs at most; `None` where none or several are told.
pub(super) fn days(text: &str) -> Option<u32> {
    let folded = fold(text);
    let mut found: Vec<u32> = Vec::new();
    for (word, unit) in SPANS {
        for (at, _) in folded.match_indices(word) {
            let before = folded.get(..at).unwrap_or_default();
            let (Some((number, start)), true) = (number_before(before), is_period(&folded, at)) else {
                continue;
            };
            let lead = before.get(..start).unwrap_or_default().trim_end();
            // “每 12 个月” says how often, “满 14 年” how old.
            if number == 0 || number > NUMBER_MAX || EVERY.iter().any(|word| lead.ends_with(word)) {
                continue;
            }
            let days = match unit {
                Unit::Day => number,
                // No year and no month is longer.
                Unit::Month => number / 12 * 366 + number % 12 * 31,
                Unit::Year => number * 366,
            };
            if !found.contains(&days) {
                found.push(days);
            }
        }
    }
    if let [only] = found.as_slice() { Some(*only) } else { None }
}

/// The part between marks in which a place lies.
fn clause(text: &str, at: usize) -> &str {
    let start = text.get(..at).and_then(|before| before.rfind(MARKS)).map_or(0, |mark| {
        mark + text.get(mark..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
    });
    let end = text.get(at..).and_then(|rest| rest.find(MARKS)).map_or(text.len(), |mark| at + mark);
    text.get(start..end).unwrap_or_default()
}

/// Numbers before a word for messages, within the clause.
fn counted(clause: &str) -> impl Iterator<Item = u32> {
    MESSAGES.iter().flat_map(|word| clause.match_indices(word)).filter_map(|(at, _)| {
        let before = clause.get(..at)?;
        let before =
            ADJECTIVES.iter().fold(before.trim_end(), |text, word| text.trim_end_matches(word).trim_end());
        number_before(before).map(|(number, _)| number)
    })
}

/// The sentence speaks of a period in which something holds.
fn is_period(text: &str, at: usize) -> bool {
    let clause = clause(text, at);
    PERIOD.iter().any(|word| clause.contains(word) || clause.starts_with(word.trim_start()))
}

/// The number at the end of a text, and where it begins.
fn number_before(text: &str) -> Option<(u32, usize)> {
    let text = text.trim_end();
    let digits = text.len() - text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    if digits > 0 {
        let start = text.len() - digits;
        return text.get(start..)?.parse().ok().map(|number| (number, start));
    }
    NUMBERS.iter().find_map(|(word, number)| {
        let start = text.len().checked_sub(word.len())?;
        (text.get(start..)? == *word).then_some((*number, start))
    })
}

enum Unit {
    Day,
    Month,
    Year,
}

const MARKS: [char; 10] = ['，', '。', '；', ',', '.', ';', '\n', '、', '(', '（'];
const WINDOWS: [(&str, Window); 24] = [
    ("每日", Window::Day),
    ("每天", Window::Day),
    ("条/天", Window::Day),
    ("条/日", Window::Day),
    ("每周", Window::Week),
    ("每星期", Window::Week),
    ("条/周", Window::Week),
    ("每月", Window::Month),
    ("每个月", Window::Month),
    ("条/月", Window::Month),
    ("每年", Window::Year),
    ("条/年", Window::Year),
    ("per day", Window::Day),
    ("a day", Window::Day),
    ("per week", Window::Week),
    ("a week", Window::Week),
    ("each week", Window::Week),
    ("per month", Window::Month),
    ("a month", Window::Month),
    ("each month", Window::Month),
    ("/month", Window::Month),
    ("per year", Window::Year),
    ("a year", Window::Year),
    ("each year", Window::Year),
];
const MESSAGES: [&str; 14] = [
    "条", "次", "封", "通", "则", "message", "msg", "text", "email", "e-mail", "sms", "call", "time",
    "letter",
];
const ADJECTIVES: [&str; 4] = ["marketing", "promotional", "text", "sms"];
const ABOUT: [&str; 6] = ["左右", "约", "大约", "about", "around", "approximately"];
const SPANS: [(&str, Unit); 9] = [
    ("个月", Unit::Month),
    ("年", Unit::Year),
    ("天", Unit::Day),
    ("日", Unit::Day),
    (" month", Unit::Month),
    ("-month", Unit::Month),
    (" year", Unit::Year),
    ("-year", Unit::Year),
    (" days", Unit::Day),
];
const PERIOD: [&str; 12] = [
    "期限",
    "有效期",
    "为期",
    "期间",
    "内有效",
    "授权期",
    " for ",
    "period of",
    "expires",
    "valid",
    "duration",
    "持续",
];
const EVERY: [&str; 4] = ["每", "满", "every", "each"];
const NUMBERS: [(&str, u32); 24] = [
    ("十二", 12),
    ("十", 10),
    ("一", 1),
    ("二", 2),
    ("两", 2),
    ("三", 3),
    ("四", 4),
    ("五", 5),
    ("六", 6),
    ("七", 7),
    ("八", 8),
    ("九", 9),
    ("半", 0),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("twelve", 12),
];
/// Longer periods are dates or ages.
const NUMBER_MAX: u32 = 400;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequencies() {
        for (text, expected) in [
            ("每月不超过 4 条，期限 12 个月，期满自动停止", Some((4, Window::Month))),
            ("每周至多两条", Some((2, Window::Week))),
            ("每月1-2条", Some((2, Window::Month))),
            ("每月１０条", Some((10, Window::Month))),
            ("频次：4条/月", Some((4, Window::Month))),
            ("up to 4 marketing text messages per month", Some((4, Window::Month))),
            ("no more than two emails a week, for 12 months", Some((2, Window::Week))),
            ("4 msgs/month", Some((4, Window::Month))),
            ("每月约 4 条", None),
            ("每月推送新品", None),
            ("每日 1 条；每月 20 条", None),
            ("期限 12 个月", None),
            ("每年 4 月 1 日", None),
            ("", None),
        ] {
            let found = frequency(text).map(|f| (f.at_most, f.per));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn periods() {
        for (text, expected) in [
            ("每月不超过 4 条，期限 12 个月，期满自动停止", Some(366)),
            ("有效期为6个月", Some(186)),
            ("期限两年", Some(732)),
            ("期限：24 个月", Some(732)),
            ("有效期 90 天", Some(90)),
            ("up to 4 messages per month for 12 months", Some(366)),
            ("valid for one year", Some(366)),
            ("每 12 个月", None),
            ("2026年11月27日更新", None),
            ("期限 6 个月，授权期限 12 个月", None),
            ("新人 7 天内可用", None),
            ("", None),
        ] {
            assert_eq!(days(text), expected, "{text}");
        }
    }
}
