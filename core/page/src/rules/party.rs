//! Companies and how to reach them, as texts name them.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::fold::fold;

/// A company named in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// As it stands.
    pub(super) name: String,
    reachable: bool,
}

impl Named {
    /// A telephone number or address of its own stands beside the name.
    pub(super) const fn is_reachable(&self) -> bool {
        self.reachable
    }
}

/// Companies named in full: a name with its legal form. “关联公司” or “our partners” names nobody.
pub(super) fn named(text: &str) -> Vec<Named> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some((start, end)) = next(text, from) {
        let name = text.get(start..end).unwrap_or_default();
        let beside: String = text.get(end..).unwrap_or_default().chars().take(BESIDE).collect();
        found.push(Named { name: name.trim().to_owned(), reachable: has_contact(&beside) });
        from = end;
    }
    found
}

/// A telephone number, an e-mail address, or a word for them with something behind it.
pub(super) fn has_contact(text: &str) -> bool {
    has_number(text) || has_mail(text)
}

fn forms() -> Option<&'static AhoCorasick> {
    static AUTOMATON: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let made = AUTOMATON
        .get_or_init(|| AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(FORMS).ok());
    made.as_ref()
}

/// The next legal form with a name before it, or after it where the form stands first.
fn next(text: &str, from: usize) -> Option<(usize, usize)> {
    let mut from = from;
    loop {
        let hit = forms()?.find(text.get(from..)?)?;
        let (at, end) = (from + hit.start(), from + hit.end());
        let before = text.get(from..at).unwrap_or_default();
        if PREFIXES.iter().any(|form| text.get(at..end) == Some(*form))
            && !before.ends_with(is_name)
            && let Some(after) = named_after(text, end)
        {
            return Some((at, after));
        }
        let glued =
            text.get(end..).and_then(|after| after.chars().next()).is_some_and(|c| c.is_ascii_alphabetic());
        let start = from + name_start(before);
        let name = text.get(start..at).unwrap_or_default().trim();
        let named = name.chars().filter(|c| c.is_alphanumeric()).count() >= NAME_MIN && !is_generic(name);
        if named && !glued {
            return Some((start, end));
        }
        from = end;
    }
}

/// Where the name before a legal form begins: after the last character that no name has.
fn name_start(before: &str) -> usize {
    let stop = |c: char| {
        !c.is_alphanumeric()
            && !matches!(c, '(' | ')' | '（' | '）' | ' ' | '&' | '-' | '·' | '.' | ',' | '\'' | '’')
    };
    let mut start = before
        .rfind(stop)
        .map_or(0, |at| at + before.get(at..).and_then(|r| r.chars().next()).map_or(1, char::len_utf8));
    // Words that lead to a name are no part of it.
    for word in LEADS {
        if let Some(at) = before.get(start..).and_then(|name| name.rfind(word)) {
            start += at + word.len();
        }
    }
    start
}

/// Where a name that follows its legal form ends: “株式会社こもれび文具店”, “ООО «Брусничный двор»”.
fn named_after(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let quoted = rest.trim_start().strip_prefix(['«', '"', '“']);
    let length = match quoted {
        Some(inner) => rest.len() - inner.len() + inner.find(['»', '"', '”'])?,
        None => rest.find(|c: char| !is_name(c) || "のはがをにへと".contains(c)).unwrap_or(rest.len()),
    };
    let name = rest.get(..length)?;
    (name.chars().filter(|c| c.is_alphanumeric()).count() >= NAME_MIN).then_some(from + length)
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() && c != '　'
}

fn is_generic(name: &str) -> bool {
    let folded = fold(name);
    GENERIC.iter().any(|word| folded.trim() == *word)
}

/// Seven digits or more, with the signs of telephone numbers between them.
fn has_number(text: &str) -> bool {
    let mut digits = 0;
    for c in text.chars() {
        if c.is_ascii_digit() || ('０'..='９').contains(&c) {
            digits += 1;
        } else if !matches!(c, '-' | ' ' | '(' | ')' | '+' | '－' | '—' | '–' | '（' | '）' | '.' | '*')
        {
            digits = 0;
        }
        if digits >= DIGITS_MIN {
            return true;
        }
    }
    if text.chars().filter(char::is_ascii_digit).count() < SHORT_MIN {
        return false;
    }
    // Short numbers of hotlines, with the word.
    let folded = fold(text);
    ["客服电话", "服务热线", "客服热线", "热线"].iter().any(|word| {
        folded.find(word).and_then(|at| folded.get(at..)).is_some_and(|rest| {
            rest.chars().take(SHORT_REACH).filter(char::is_ascii_digit).count() >= SHORT_MIN
        })
    })
}

fn has_mail(text: &str) -> bool {
    text.match_indices('@').any(|(at, _)| {
        let before =
            text.get(..at).and_then(|t| t.chars().next_back()).is_some_and(|c| c.is_ascii_alphanumeric());
        let after: String = text
            .get(at + 1..)
            .unwrap_or_default()
            .chars()
            .take_while(|c| !c.is_whitespace())
            .take(60)
            .collect();
        before && after.contains('.') && after.starts_with(|c: char| c.is_ascii_alphanumeric())
    })
}

const FORMS: [&str; 34] = [
    "股份有限公司",
    "有限责任公司",
    "集团有限公司",
    "有限公司",
    "股份公司",
    "有限合伙",
    "事务所",
    "株式会社",
    "合同会社",
    "有限會社",
    "股份有限公司",
    "有限責任公司",
    "Co., Ltd",
    "Co.,Ltd",
    "Co. Ltd",
    "Pty Ltd",
    "Limited",
    "Ltd",
    "LLC",
    "Inc",
    "Corporation",
    "Corp.",
    "GmbH",
    " AG",
    "S.A.",
    " SAS",
    " SE",
    "s.r.o.",
    "spol. s r.o.",
    "a.s.",
    "B.V.",
    "S.L.",
    "ООО ",
    "PLC",
];
/// Forms that may stand before the name.
const PREFIXES: [&str; 4] = ["株式会社", "合同会社", "有限會社", "ООО "];
const LEADS: [&str; 22] = [
    "由",
    "向",
    "与",
    "和",
    "及",
    "是",
    "为",
    "运营者",
    "提供者",
    "平台",
    "并同意",
    "同意",
    "授权",
    "处理者",
    "by ",
    "to ",
    "with ",
    "from ",
    "between ",
    "and ",
    "of ",
    "is ",
];
const GENERIC: [&str; 8] = ["关联", "合作", "集团", "相关", "任何", "其他", "本", "该"];
const NAME_MIN: usize = 2;
const DIGITS_MIN: usize = 7;
const SHORT_MIN: usize = 5;
const SHORT_REACH: usize = 16;
/// Characters after a name within which its contact stands.
const BESIDE: usize = 60;

#[cfg(test)]
mod tests {
    use super::{has_contact, named};

    #[test]
    fn companies_are_named_in_full_or_not_at_all() {
        for (text, names) in [
            (
                "向北纬咖啡（成都）有限公司（联系电话 028-0000-0177）以接口传输方式提供",
                &["北纬咖啡（成都）有限公司+"][..],
            ),
            ("运营者：南京悦购电子商务有限公司，电话 025-0000-0155。", &["南京悦购电子商务有限公司+"]),
            ("本平台由乐鲜网络科技有限公司运营", &["乐鲜网络科技有限公司"]),
            (
                "Maitian Classroom (Wuhan) Co., Ltd., tel. 027-0000-0188, processes",
                &["Maitian Classroom (Wuhan) Co., Ltd+"],
            ),
            ("云帆集团及合作品牌的优惠信息", &[]),
            ("平台的关联公司及合作商家", &[]),
            ("关联有限公司", &[]),
            ("our partners and affiliates", &[]),
            ("limited time offers, unlimited Limitedness", &[]),
            ("株式会社クックパッドの規約", &["株式会社クックパッド"]),
            ("ООО «Брусничный двор» · 8-800-000-05-07", &["ООО «Брусничный двор+"]),
            ("青空株式会社 03-0000-0000", &["青空株式会社+"]),
            ("", &[]),
        ] {
            let found: Vec<String> = named(text)
                .iter()
                .map(|p| format!("{}{}", p.name, if p.is_reachable() { "+" } else { "" }))
                .collect();
            assert_eq!(found, names, "{text}");
        }
    }

    #[test]
    fn contacts_are_numbers_or_addresses() {
        for (text, holds) in [
            ("客服 028-0000-0166", true),
            ("服务热线：95588", true),
            ("+420 800 123 456", true),
            ("privacy@example.com", true),
            ("关注 @微博", false),
            ("每月不超过 2 条，期限 12 个月", false),
            ("2026-11-27", true),
            ("200,000 元", false),
        ] {
            assert_eq!(has_contact(text), holds, "{text}");
        }
    }
}
