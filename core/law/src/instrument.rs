//! Instruments, their articles and what stands in them.

use anning_vocab::{Date, Interval, Mark};

use crate::error::Place;
use crate::example::Example;
use crate::limit::{Penalty, Term, Threshold};
use crate::numeral;

/// A law, regulation, rule or decision: one file below `law/cn/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instrument {
    /// Such as `cn/pipl`.
    pub id: String,
    /// Official title.
    pub title_zh: String,
    /// English title.
    pub title_en: String,
    /// Title used in running text.
    pub short_zh: String,
    /// English title used in running text.
    pub short_en: String,
    /// Who issued it.
    pub issuer: String,
    /// Document number, or `-`.
    pub number: String,
    /// When it was adopted, as far as known.
    pub adopted: String,
    /// When it is in force.
    pub interval: Interval,
    /// What kind of text it is.
    pub rank: Rank,
    /// The instrument that replaced it.
    pub successor: Option<String>,
    /// Where the text comes from.
    pub source: String,
    /// How it was verified.
    pub verification: String,
    /// What changed when, for the timeline.
    pub changes: Vec<Change>,
    /// Its articles, in the order of the file.
    pub articles: Vec<Article>,
    /// Where its head stands.
    pub place: Place,
}

/// What kind of text an instrument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// 法律, 全国人大常委会决定.
    Law,
    /// 行政法规.
    Regulation,
    /// 司法解释.
    Interpretation,
    /// 部门规章.
    Rule,
    /// 地方性法规.
    Local,
}

impl Rank {
    /// All, from the highest.
    pub const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Law, "law", "法律"),
        (Self::Regulation, "regulation", "行政法规"),
        (Self::Interpretation, "interpretation", "司法解释"),
        (Self::Rule, "rule", "部门规章"),
        (Self::Local, "local", "地方性法规"),
    ];

    /// The word used in heads, which is English too.
    #[must_use]
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(rank, ..)| *rank == self).map_or("", |(_, code, _)| code)
    }

    /// The Chinese word.
    #[must_use]
    pub fn zh(self) -> &'static str {
        Self::ALL.iter().find(|(rank, ..)| *rank == self).map_or("", |(.., zh)| zh)
    }
}

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The day.
    pub on: Date,
    /// What changed for commercial messages.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

/// An article under one number; another number after an amendment is another article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// Such as `cn/pipl/14`.
    pub id: String,
    /// Such as `第十四条`.
    pub heading: String,
    /// Its wordings, earliest first; never two on one day.
    pub versions: Vec<Version>,
}

impl Article {
    /// The wording in force on a day.
    #[must_use]
    pub fn on(&self, day: Date) -> Option<&Version> {
        self.versions.iter().find(|version| version.interval.contains(day))
    }
}

/// One wording of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Where its heading stands.
    pub place: Place,
    /// When it is in force.
    pub interval: Interval,
    /// How far it is verified; a paragraph may be marked apart. `None` when no text is loaded.
    pub mark: Option<Mark>,
    /// What was before `interval`: an article id, or why nothing is loaded.
    pub was: Option<String>,
    /// What comes after `interval`: an article id, or why nothing is loaded.
    pub now: Option<String>,
    /// The text, line by line.
    pub paragraphs: Vec<Paragraph>,
    /// What becomes of its duties.
    pub fates: Vec<Fate>,
    /// Explanations of ours, zh or en as written.
    pub notes: Vec<String>,
    /// Clocks it sets.
    pub terms: Vec<Term>,
    /// Penalties it sets.
    pub penalties: Vec<Penalty>,
    /// Lines it draws.
    pub thresholds: Vec<Threshold>,
    /// Worked examples.
    pub examples: Vec<Example>,
}

/// One line of text: a paragraph (款) or an item (项) on a line of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// Number of the paragraph (款), from 1.
    pub number: u8,
    /// Number of the item (项), if the line is one.
    pub item: Option<u8>,
    /// The words.
    pub text: String,
    /// How far they are verified.
    pub mark: Mark,
}

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target {
    /// 款.
    pub paragraph: u8,
    /// 项.
    pub item: Option<u8>,
    /// 句.
    pub sentence: Option<u8>,
}

impl Target {
    /// How narrow it is; the narrowest fate of a sentence counts.
    #[must_use]
    pub fn narrowness(self) -> u8 {
        1 + u8::from(self.item.is_some()) + u8::from(self.sentence.is_some())
    }

    /// Is this sentence part of it?
    #[must_use]
    pub fn holds(self, sentence: &Sentence<'_>) -> bool {
        let item = match (self.item, self.sentence) {
            (Some(item), _) => sentence.item == Some(item),
            // 第一款第一句 is the lead-in's, not the first sentence of every item.
            (None, Some(_)) => sentence.item.is_none(),
            (None, None) => true,
        };
        self.paragraph == sentence.paragraph
            && item
            && self.sentence.is_none_or(|number| sentence.number == number)
    }
}

impl core::fmt::Display for Target {
    /// As a page writes it: `第一款第三项`.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let count = |number: u8| numeral::write(u16::from(number));
        write!(f, "第{}款", count(self.paragraph))?;
        if let Some(item) = self.item {
            write!(f, "第{}项", count(item))?;
        }
        self.sentence.map_or(Ok(()), |sentence| write!(f, "第{}句", count(sentence)))
    }
}

/// What becomes of the duties of a version, or of the parts named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fate {
    /// Where it is written.
    pub place: Place,
    /// The parts; empty means the whole version.
    pub targets: Vec<Target>,
    /// What becomes of them.
    pub kind: FateKind,
}

/// The fates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FateKind {
    /// 规则: a rule function of this name judges it.
    Rule(String),
    /// 参见: judged together with its neighbours by the rule of this name, anchored elsewhere.
    Joins(String),
    /// 测试: code that cites it keeps it, and a test that cites it shows so; below this folder.
    Test(String),
    /// 另置: set aside, with a reason.
    SetAside(String),
}

/// A sentence of a version, with its place in the article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence<'t> {
    /// 款.
    pub paragraph: u8,
    /// 项.
    pub item: Option<u8>,
    /// 句, counted within the paragraph or item.
    pub number: u8,
    /// The words.
    pub text: &'t str,
    /// How far they are verified.
    pub mark: Mark,
    /// Holds 应当, 不得 or 禁止, or is an item of a sentence that does.
    pub duty: bool,
}
