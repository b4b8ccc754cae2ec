//! Under which provisions a finding falls, by date: `law/pages.toml` over the law pack.
//!
//! A rule says what the interface does; the law of the day on which the record was made says whether that broke
//! anything. A finding without a provision in force that day is a remark. Standards are named as what they are.

use std::sync::OnceLock;

use anning_law::{Corpus, Document, Paragraph, Version, numeral};
use anning_vocab::{Date, Interval, Mark};
use serde::{Serialize, Serializer};

use crate::Error;
use crate::finding::{Finding, Outcome, Rule, judge};
use crate::record::Record;

/// What a finding of the rule rests on if the page was recorded on this day in Beijing: provisions in force first, in
/// the order of `law/pages.toml`, then standards.
///
/// ```
/// use anning_page::{finding::Rule, law::basis};
/// use anning_vocab::Date;
/// let ids = |day| basis(Rule::Rp03, Date::parse(day).unwrap()).into_iter().map(|b| b.id).collect::<Vec<_>>();
/// assert_eq!(ids("2021-10-31"), ["app19 三4"]);
/// assert_eq!(ids("2021-11-01"), ["cn/pipl/14", "app19 三4"]);
/// ```
#[must_use]
pub fn basis(rule: Rule, date: Date) -> Vec<Basis> {
    let table = table();
    let Some(row) = table.rules.iter().find(|row| row.rule == rule) else { return Vec::new() };
    let provisions = row.provisions.iter().filter_map(|provision| provision.on(date));
    let standards = row.standards.iter().filter_map(|cited| cited.on(&table.standards, date));
    provisions.chain(standards).collect()
}

/// A finding under the law of a day.
#[must_use]
pub fn under(finding: Finding, date: Date) -> Judged {
    let basis = basis(finding.rule, date);
    let in_force = basis.iter().any(Basis::is_law);
    Judged { finding, basis, in_force }
}

/// Judges a record by every rule, under the law of the day on which it was made.
///
/// # Errors
/// [`Error::Form`] when the record does not say when that was.
pub fn judge_under_law(record: &Record) -> Result<Vec<Judged>, Error> {
    let day = record.day()?;
    Ok(judge(record).into_iter().map(|finding| under(finding, day)).collect())
}

/// A finding and the law of its day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judged {
    /// What the interface does.
    #[serde(flatten)]
    pub finding: Finding,
    /// What it rests on.
    pub basis: Vec<Basis>,
    /// Some provision was in force: a violation is one in law. Without, it is a remark.
    pub in_force: bool,
}

impl Judged {
    /// The interface does what the rule looks for, and a provision in force forbids it.
    #[must_use]
    pub fn is_violation(&self) -> bool {
        self.finding.outcome == Outcome::Violation && self.in_force
    }

    /// The interface does what the rule looks for, and no provision of that day forbids it.
    #[must_use]
    pub fn is_remark(&self) -> bool {
        self.finding.outcome == Outcome::Violation && !self.in_force
    }
}

/// A provision in force, or a standard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Basis {
    /// `cn/pipl/14`, `cn/netdata/22/1/5`; of a standard its id and clause: `app19 三4`.
    pub id: String,
    /// 个人信息保护法第十四条.
    pub zh: String,
    /// `PIPL art. 14`.
    pub en: String,
    /// What it is.
    pub kind: BasisKind,
    /// How far its text is verified, as in the law pack; none when the text is not loaded.
    #[serde(serialize_with = "code")]
    pub mark: Option<Mark>,
    /// First day in force.
    #[serde(serialize_with = "shown")]
    pub from: Date,
    /// What to know before citing it, Chinese; empty when nothing.
    pub note_zh: String,
    /// The same, English.
    pub note_en: String,
}

impl Basis {
    /// It is law, not a standard.
    #[must_use]
    pub const fn is_law(&self) -> bool {
        match self.kind {
            BasisKind::Provision | BasisKind::Analogy | BasisKind::NotLoaded => true,
            BasisKind::Standard => false,
        }
    }

    /// Its words are verified: it may carry a breach by itself.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.kind == BasisKind::Provision && self.mark.is_some_and(Mark::carries_a_breach)
    }
}

/// What a basis is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BasisKind {
    /// A provision whose text is loaded.
    Provision,
    /// A provision of something near.
    Analogy,
    /// A provision known to be in force whose text is not loaded.
    NotLoaded,
    /// A standard or guide: not law.
    Standard,
}

struct Table {
    rules: Vec<Row>,
    standards: Vec<Standard>,
}

struct Row {
    rule: Rule,
    provisions: Vec<Provision>,
    standards: Vec<Cited>,
}

struct Provision {
    id: String,
    article: String,
    paragraph: Option<u8>,
    item: Option<u8>,
    analogy: bool,
}

struct Standard {
    id: String,
    zh: String,
    en: String,
    what_zh: String,
    what_en: String,
    interval: Interval,
    mark: Mark,
}

struct Cited {
    standard: String,
    clause: String,
}

impl Provision {
    /// Splits `cn/netdata/22/1/5` into article, paragraph and item.
    fn read(id: &str, analogy: bool) -> Option<Self> {
        let parts: Vec<&str> = id.split('/').collect();
        let article = parts.get(..3)?.join("/");
        let number = |at: usize| match parts.get(at) {
            None => Some(None),
            Some(part) => part.parse().ok().map(Some),
        };
        let (paragraph, item) = (number(3)?, number(4)?);
        (parts.len() <= 5).then(|| Self { id: id.to_owned(), article, paragraph, item, analogy })
    }

    fn on(&self, day: Date) -> Option<Basis> {
        let corpus = Corpus::embedded();
        let instrument = corpus.instrument_of(&self.article)?;
        let article = corpus.article(&self.article)?;
        let version = article.on(day)?;
        let kind = match (version.mark, self.analogy) {
            (None, _) => BasisKind::NotLoaded,
            (Some(_), true) => BasisKind::Analogy,
            (Some(_), false) => BasisKind::Provision,
        };
        let (note_zh, note_en) = match kind {
            BasisKind::NotLoaded => ("原文未载入，据转述", "in force, text not loaded"),
            BasisKind::Analogy => ("类推，本条所定为相近事项", "by analogy"),
            BasisKind::Provision if !self.mark(version).is_some_and(Mark::carries_a_breach) => {
                ("原文用词未核实，不单独据以认定违反", "wording not verified, no breach by this alone")
            }
            BasisKind::Provision | BasisKind::Standard => ("", ""),
        };
        let number = article.id.rsplit('/').next().unwrap_or_default();
        Some(Basis {
            id: self.id.clone(),
            zh: format!("{}{}{}", instrument.short_zh, article.heading, self.part_zh(version)),
            en: format!("{} art. {number}{}", instrument.short_en, self.part_en(version)),
            kind,
            mark: self.mark(version),
            from: version.interval.from,
            note_zh: note_zh.to_owned(),
            note_en: note_en.to_owned(),
        })
    }

    /// The lines cited.
    fn lines<'v>(&self, version: &'v Version) -> impl Iterator<Item = &'v Paragraph> {
        let (paragraph, item) = (self.paragraph, self.item);
        version.paragraphs.iter().filter(move |line| {
            paragraph.is_none_or(|p| line.number == p) && (item.is_none() || line.item == item)
        })
    }

    /// The weakest mark of the lines cited.
    fn mark(&self, version: &Version) -> Option<Mark> {
        let whole = version.mark?;
        self.lines(version).map(|line| line.mark).max().or(Some(whole))
    }

    fn part_zh(&self, version: &Version) -> String {
        let number = |n: u8| numeral::write(u16::from(n));
        let paragraph = self.counted(version).map(|p| format!("第{}款", number(p)));
        let item = self.item.map(|i| format!("第{}项", number(i)));
        paragraph.into_iter().chain(item).collect()
    }

    fn part_en(&self, version: &Version) -> String {
        let paragraph = self.counted(version).map(|p| format!(" para. {p}"));
        let item = self.item.map(|i| format!(" ({i})"));
        paragraph.into_iter().chain(item).collect()
    }

    /// A paragraph is cited where the article has several.
    fn counted(&self, version: &Version) -> Option<u8> {
        self.paragraph.filter(|_| version.paragraphs.last().is_some_and(|last| last.number > 1))
    }
}

impl Cited {
    fn on(&self, standards: &[Standard], day: Date) -> Option<Basis> {
        let standard = standards.iter().find(|s| s.id == self.standard && s.interval.contains(day))?;
        let clause = if self.clause.is_empty() { String::new() } else { format!(" {}", self.clause) };
        Some(Basis {
            id: format!("{}{clause}", standard.id),
            zh: format!("{}{clause}", standard.zh),
            en: format!("{}{clause}", standard.en),
            kind: BasisKind::Standard,
            mark: Some(standard.mark),
            from: standard.interval.from,
            note_zh: standard.what_zh.clone(),
            note_en: standard.what_en.clone(),
        })
    }
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    #[expect(clippy::expect_used, reason = "a test reads these very bytes: here it is a bug")]
    TABLE.get_or_init(|| read(PAGES).expect("law/pages.toml is read by a test"))
}

fn read(text: &str) -> Result<Table, String> {
    let lines: Vec<(usize, &str)> = text.lines().enumerate().map(|(at, line)| (at + 1, line)).collect();
    let document = Document::read("pages.toml", 1, &lines).map_err(|error| error.to_string())?;
    let mut table = Table { rules: Vec::new(), standards: Vec::new() };
    for (name, mut row) in document.tables {
        let at = row.at.to_string();
        match name.as_str() {
            "standard" => table.standards.push(standard(&mut row).map_err(|why| format!("{at}: {why}"))?),
            "rule" => table.rules.push(one_rule(&mut row).map_err(|why| format!("{at}: {why}"))?),
            other => return Err(format!("{at}: tables are `standard` and `rule`, not: {other}")),
        }
        row.finish().map_err(|error| error.to_string())?;
    }
    Ok(table)
}

fn standard(row: &mut anning_law::Table) -> Result<Standard, String> {
    let mut text = |key| row.required(key).map_err(|error| error.to_string());
    let (from, mark) = (text("from")?, text("mark")?);
    Ok(Standard {
        id: text("id")?,
        zh: text("zh")?,
        en: text("en")?,
        what_zh: text("what_zh")?,
        what_en: text("what_en")?,
        interval: Interval { from: Date::parse(&from).map_err(|e| format!("{e}: {from}"))?, until: None },
        mark: Mark::ALL.iter().find(|m| m.code() == mark).copied().ok_or(format!("no mark: {mark}"))?,
    })
}

fn one_rule(row: &mut anning_law::Table) -> Result<Row, String> {
    let id = row.required("id").map_err(|error| error.to_string())?;
    let rule = Rule::of_id(&id).ok_or(format!("no rule: {id}"))?;
    let mut provisions = Vec::new();
    for (key, analogy) in [("law", false), ("analogy", true)] {
        for id in row.texts(key).map_err(|error| error.to_string())? {
            let provision = Provision::read(&id, analogy);
            provisions.push(
                provision.ok_or(format!("not article, article/paragraph or article/paragraph/item: {id}"))?,
            );
        }
    }
    let cited = row.texts("standard").map_err(|error| error.to_string())?;
    let standards = cited.iter().map(|id| {
        let (standard, clause) = id.split_once(' ').unwrap_or((id, ""));
        Cited { standard: standard.to_owned(), clause: clause.to_owned() }
    });
    Ok(Row { rule, provisions, standards: standards.collect() })
}

#[expect(clippy::ref_option, reason = "serde hands fields over by reference")]
fn code<S: Serializer>(mark: &Option<Mark>, serializer: S) -> Result<S::Ok, S::Error> {
    match mark {
        Some(mark) => serializer.serialize_str(mark.code()),
        None => serializer.serialize_none(),
    }
}

fn shown<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(date)
}

const PAGES: &str = include_str!("../../../law/pages.toml");

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    /// Rule, day, what it rests on; `!` before a rule that is a remark.
    fn check(rule: &str, on: &str, ids: &str) {
        let (rule, remark) = rule.strip_prefix('!').map_or((rule, false), |rule| (rule, true));
        let finding = Finding::new(Rule::of_id(rule).unwrap(), Outcome::Violation, "", "");
        let judged = under(finding, day(on));
        let found: Vec<&str> = judged.basis.iter().map(|b| b.id.as_str()).collect();
        assert_eq!(found, ids.split(", ").filter(|id| !id.is_empty()).collect::<Vec<_>>(), "{rule} on {on}");
        assert_eq!((judged.is_remark(), judged.is_violation()), (remark, !remark), "{rule} on {on}");
    }

    #[test]
    fn the_law_of_the_day_counts() {
        for (rule, on, ids) in [
            ("RP-01", "2018-06-01", "cn/miit31/18/1"),
            ("RP-01", "2021-10-31", "cn/samr37/13/2, cn/miit31/18/1, app19 三4"),
            ("RP-01", "2021-11-02", "cn/pipl/14, cn/samr37/13/2, cn/miit31/18/1, app19 三4"),
            ("RP-01", "2026-05-02", "cn/pipl/14, cn/crplreg/23/1, cn/samr37/13/2, app19 三4"),
            ("!RP-02", "2018-06-01", ""),
            ("!RP-02", "2021-10-31", "app19 三4"),
            ("RP-02", "2021-11-02", "cn/pipl/14, app19 三4"),
            ("RP-04", "2018-06-01", "cn/npcsc/7, cn/miit31/18/1"),
            ("!RP-04", "2012-12-27", ""),
            ("RP-04", "2012-12-28", "cn/npcsc/7"),
            ("RP-04", "2020-12-31", "cn/npcsc/7, cn/miit31/18/1"),
            ("RP-04", "2021-01-01", "cn/npcsc/7, cn/civil/1033/1/1, cn/miit31/18/1"),
            ("RP-04", "2026-04-30", "cn/pipl/14, cn/npcsc/7, cn/civil/1033/1/1, cn/miit31/18/1"),
            (
                "RP-04",
                "2026-05-02",
                "cn/pipl/14, cn/npcsc/7, cn/civil/1033/1/1, cn/miit74/21, cn/miit74/22, cn/miit74/23",
            ),
            ("RP-22", "2018-06-01", "cn/miit31/18/2"),
            ("RP-22", "2026-05-02", "cn/pipl/17/1/2"),
            ("!RP-14", "2024-06-30", "gbt42574"),
            ("RP-14", "2024-07-01", "cn/crplreg/23/1, gbt42574"),
            ("!RP-06", "2021-10-31", ""),
            ("RP-06", "2025-01-01", "cn/pipl/14, cn/netdata/22/1/1"),
            ("!RP-21", "2024-12-31", "app19 三7"),
            ("RP-21", "2025-01-01", "cn/netdata/22/1/1, app19 三7"),
            ("!RP-28", "2026-05-02", "gbt42574, gbt35273 5.3, edpb"),
            ("RP-29", "2026-05-02", "cn/pipl/15/1, gbt35273 5.3 c"),
            ("RP-30", "2018-06-01", "cn/miit31/18/2"),
            ("RP-30", "2026-05-02", "cn/netdata/22/1/5, app19 三2, gbt35273 5.3 d"),
        ] {
            check(rule, on, ids);
        }
    }

    #[test]
    fn every_rule_has_a_row_and_every_provision_a_page() {
        let table = read(PAGES).unwrap();
        assert_eq!(table.rules.iter().map(|row| row.rule).collect::<Vec<_>>(), Rule::ALL);
        let corpus = Corpus::embedded();
        for provision in table.rules.iter().flat_map(|row| &row.provisions) {
            let article = corpus.article(&provision.article).unwrap_or_else(|| panic!("{}", provision.id));
            for version in article.versions.iter().filter(|version| version.mark.is_some()) {
                assert!(provision.lines(version).next().is_some(), "{} has no such part", provision.id);
            }
        }
        for cited in table.rules.iter().flat_map(|row| &row.standards) {
            assert!(table.standards.iter().any(|s| s.id == cited.standard), "{}", cited.standard);
        }
    }

    #[test]
    fn marks_and_names_are_those_of_the_pack() {
        let found = |rule, on| basis(rule, day(on));
        let consent = &found(Rule::Rp30, "2026-05-02")[0];
        assert_eq!(consent.zh, "网络数据安全管理条例第二十二条第一款第五项");
        assert!(consent.is_verified() && consent.from == day("2025-01-01"), "{consent:?}");
        // Paragraph 1 of Order 31 art 18 is verified, paragraph 2 in substance only; art 13 of the trading measures from memory.
        assert_eq!(found(Rule::Rp04, "2018-06-01")[1].mark, Some(Mark::Text));
        let request = &found(Rule::Rp22, "2018-06-01")[0];
        assert_eq!((request.mark, request.is_verified()), (Some(Mark::Substance), false));
        assert_eq!(found(Rule::Rp07, "2021-05-01")[0].mark, Some(Mark::Memory));
        let unloaded = &found(Rule::Rp04, "2026-05-02")[3];
        assert_eq!((unloaded.kind, unloaded.mark), (BasisKind::NotLoaded, None));
        assert!(!unloaded.note_en.is_empty());
        let standard = &found(Rule::Rp28, "2026-05-02")[0];
        assert_eq!(
            (standard.kind, standard.mark, standard.is_law()),
            (BasisKind::Standard, Some(Mark::Memory), false)
        );
        assert!(standard.note_zh.contains("不是法律"));
        assert_eq!(found(Rule::Rp29, "2026-05-02")[0].kind, BasisKind::Analogy);
    }

    #[test]
    fn a_table_that_cannot_stand_says_where() {
        for (text, says) in [
            ("[[rule]]\nid = \"RP-31\"", "law/pages.toml:1: no rule: RP-31"),
            ("[[rule]]\nid = \"RP-01\"\nlaw = [\"cn/pipl\"]", "not article"),
            ("[[rule]]\nid = \"RP-01\"\nlaws = []", "laws"),
            ("[[role]]\nid = \"RP-01\"", "not: role"),
            ("[[standard]]\nid = \"x\"\nfrom = \"2020-13-01\"\nmark = \"S\"\nzh = \"x\"\nen = \"x\"", "from"),
        ] {
            let why = read(text).err().unwrap();
            assert!(why.contains(says) || why.contains("what_zh"), "{why}");
        }
    }
}
