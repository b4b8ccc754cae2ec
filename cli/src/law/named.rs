//! Articles as people write them: 《个人信息保护法》第十四条, 个保法14.

use anning_law::{Corpus, Instrument, numeral};
use anning_vocab::Date;

/// The id of the instrument or article that a text names by title and number, if it does. Of several texts of one title
/// the one in force on the day asked about, else the newest.
pub(super) fn id(corpus: &Corpus, text: &str, on: Option<Date>) -> Option<String> {
    let plain: String =
        text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '《' | '》' | '“' | '”')).collect();
    let mut best: Option<(&Instrument, &str)> = None;
    for instrument in corpus.instruments() {
        for name in names(instrument) {
            let Some(rest) = plain.strip_prefix(name) else { continue };
            // 消费者权益保护法实施条例 also begins with the title of the law: the longest title is meant.
            let better = best.is_none_or(|(known, known_rest)| {
                rest.len() < known_rest.len() || (rest == known_rest && prefers(instrument, known, on))
            });
            if better {
                best = Some((instrument, rest));
            }
        }
    }
    let (instrument, rest) = best?;
    if rest.is_empty() {
        return Some(instrument.id.clone());
    }
    Some(format!("{}/{}", instrument.id, number(rest)?))
}

/// Its titles, without the year in brackets that tells two apart, and what it is called for short.
fn names(instrument: &Instrument) -> impl Iterator<Item = &str> {
    let full = instrument.title_zh.as_str();
    let titles = [full, instrument.short_zh.as_str(), full.strip_prefix("中华人民共和国").unwrap_or(full)];
    let bare = |title| {
        let title: &str = title;
        title.split_once('（').map_or(title, |(before, _)| before)
    };
    let short = SHORT.iter().filter(|(id, _)| *id == instrument.id).map(|(_, name)| *name);
    titles.into_iter().flat_map(move |title| [title, bare(title)]).chain(short)
}

/// Is this one rather meant than the other of the same title?
fn prefers(this: &Instrument, other: &Instrument, on: Option<Date>) -> bool {
    match on {
        Some(day) => this.interval.contains(day) && !other.interval.contains(day),
        None => this.interval.from > other.interval.from,
    }
}

/// 第十四条, 十四, 第14条, 14; what follows the article, such as a paragraph, is passed over.
fn number(text: &str) -> Option<u16> {
    let text = text.strip_prefix('第').unwrap_or(text);
    let text = text.split_once('条').map_or(text, |(before, _)| before);
    let digits: Option<String> = text
        .chars()
        .map(|c| match c {
            '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10),
            _ => c.is_ascii_digit().then_some(c),
        })
        .collect();
    digits.and_then(|digits| digits.parse().ok()).or_else(|| numeral::parse(text))
}

/// What the instruments are called for short.
const SHORT: &[(&str, &str)] = &[
    ("cn/pipl", "个保法"),
    ("cn/pipl", "个人信息法"),
    ("cn/csl", "网安法"),
    ("cn/adlaw", "广告法"),
    ("cn/crpl", "消法"),
    ("cn/crpl", "消保法"),
    ("cn/crplreg", "消法实施条例"),
    ("cn/crplreg", "消保法实施条例"),
    ("cn/crplreg", "实施条例"),
    ("cn/ecl", "电商法"),
    ("cn/minors", "未保法"),
    ("cn/antifraud", "反诈法"),
    ("cn/apl", "处罚法"),
    ("cn/psapl", "治安法"),
    ("cn/civil", "民法"),
    ("cn/netdata", "网数条例"),
    ("cn/npcsc", "网络信息保护决定"),
    ("cn/samr37", "网监办法"),
    ("cn/miit31", "短信规定"),
    ("cn/miit31", "短信息规定"),
    ("cn/miit74", "短信规定"),
    ("cn/miit74", "短信息规定"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, on: Option<&str>, expected: Option<&str>) {
        let on = on.map(|day| Date::parse(day).unwrap());
        assert_eq!(id(Corpus::embedded(), text, on).as_deref(), expected, "{text}");
    }

    #[test]
    fn titles_and_numbers() {
        for text in [
            "个人信息保护法第十四条",
            "《中华人民共和国个人信息保护法》第十四条",
            "《个人信息保护法》 第14条第一款",
            "个保法１４",
            "个保法十四条",
        ] {
            check(text, None, Some("cn/pipl/14"));
        }
        check("个人信息保护法", None, Some("cn/pipl"));
        check("消费者权益保护法第二十九条", None, Some("cn/crpl/29"));
        check("消费者权益保护法实施条例第二十三条", None, Some("cn/crplreg/23"));
        check("民法典第一千零三十三条", None, Some("cn/civil/1033"));
        check("通信短信息服务管理规定第十八条", None, Some("cn/miit74/18"));
        check("通信短信息服务管理规定第十八条", Some("2020-01-01"), Some("cn/miit31/18"));
        for text in ["cn/pipl/14", "道路交通安全法第一条", "个人信息保护法第某条", ""] {
            check(text, None, None);
        }
    }

    #[test]
    fn every_short_name_is_of_an_instrument() {
        for (id, name) in SHORT {
            assert!(Corpus::embedded().instrument(id).is_some(), "{name}");
        }
    }
}
