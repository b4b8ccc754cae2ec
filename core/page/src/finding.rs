//! What the rules answer.
//!
//! A rule reports what the interface does; which article that concerns depends on the date and is not said here.

use serde::{Serialize, Serializer};

use crate::record::{Box4, Record};
use crate::rules;
use crate::scene::Scene;

/// Judges a record by every rule. Each of [`Rule::ALL`] answers at least once, in that order.
///
/// ```
/// let record = serde_json::from_str(r#"{"format": "anning/page-record/1", "address": "https://example.org/join",
///     "recorded_at": "2026-05-02T08:00:00Z", "recorder": {"name": "anning", "version": "0"},
///     "viewport": {"width": 390, "height": 844, "scale": 2, "touch": true}, "outcome": "complete", "states": []}"#)?;
/// let findings = anning_page::finding::judge(&record);
/// assert!(findings.iter().all(|finding| finding.outcome == anning_page::finding::Outcome::NotApplicable));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn judge(record: &Record) -> Vec<Finding> {
    let scene = Scene::of(record);
    let mut findings = Vec::with_capacity(Rule::ALL.len());
    for rule in Rule::ALL {
        let found = rules::answer(rule, &scene);
        if found.is_empty() {
            findings.push(Finding::none(rule));
        }
        findings.extend(found);
    }
    findings
}

/// One answer of one rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// What it answers.
    pub outcome: Outcome,
    /// How much it weighs if it is a violation.
    pub severity: Severity,
    /// Index of the state in which it is seen first.
    pub state: usize,
    /// Index of the event that shows it, when it takes one.
    pub event: Option<usize>,
    /// Where to look.
    pub spots: Vec<Spot>,
    /// Words of the page, as they stand there.
    pub quotes: Vec<String>,
    /// What was measured, with its threshold.
    pub numbers: Vec<Measured>,
    /// The answer in one sentence, Chinese.
    pub zh: String,
    /// The answer in one sentence, English.
    pub en: String,
}

impl Finding {
    /// A finding of a rule with its own severity, and nothing to look at yet.
    #[must_use]
    pub fn new(rule: Rule, outcome: Outcome, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            rule,
            outcome,
            severity: rule.severity(),
            state: 0,
            event: None,
            spots: Vec::new(),
            quotes: Vec::new(),
            numbers: Vec::new(),
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// Nothing on this page concerns the rule.
    #[must_use]
    pub fn none(rule: Rule) -> Self {
        Self::new(
            rule,
            Outcome::NotApplicable,
            "本页面没有与该规则有关的内容",
            "nothing on this page concerns this rule",
        )
    }

    /// The same, seen in this state.
    #[must_use]
    pub fn in_state(mut self, state: usize) -> Self {
        self.state = state;
        self
    }

    /// The same, shown by this event.
    #[must_use]
    pub fn by_event(mut self, event: usize) -> Self {
        self.event = Some(event);
        self
    }

    /// The same, with one more place to look.
    #[must_use]
    pub fn at(mut self, spot: Spot) -> Self {
        self.spots.push(spot);
        self
    }

    /// The same, with one more quotation; an empty one is left out, a long one is cut.
    #[must_use]
    pub fn quoting(mut self, text: &str) -> Self {
        let text = text.trim();
        if !text.is_empty() {
            self.quotes.push(text.chars().take(QUOTE_MAX).collect());
        }
        self
    }

    /// The same, with one more measurement.
    #[must_use]
    pub fn measured(mut self, name: &'static str, value: f32, limit: f32) -> Self {
        self.numbers.push(Measured { name, value, limit });
        self
    }

    /// The same, with another weight.
    #[must_use]
    pub fn weighing(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}

/// A place in the record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Spot {
    /// What it stands in.
    #[serde(flatten)]
    pub within: Within,
    /// Key of the element, empty in a document.
    pub key: String,
    /// The place for a person: frames, shadow roots, selector.
    pub place: String,
    /// Where it lies: CSS pixels of the state's page, or distance from the top of the document.
    #[serde(rename = "box")]
    pub area: Box4,
}

/// What a spot stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Within {
    /// A state, by index.
    State(usize),
    /// A document, by index.
    Document(usize),
}

/// A number and the threshold it is held against.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measured {
    /// What was measured, in one or two words: `font size`, `contrast`.
    pub name: &'static str,
    /// The number.
    pub value: f32,
    /// The threshold.
    pub limit: f32,
}

/// The four answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The interface does what the rule looks for.
    Violation,
    /// It does not.
    Passes,
    /// Not to be told by a program: the evidence is shown to a person.
    NeedsPerson,
    /// Nothing to apply the rule to.
    NotApplicable,
}

/// How much a violation weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// No consent for marketing or third parties can follow from it.
    Critical,
    /// Consent is doubtful, or a duty to inform is broken.
    Serious,
    /// It makes another thing worse.
    Moderate,
}

/// The thirty rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the table below says what each is")]
#[rustfmt::skip]
pub enum Rule {
    Rp01, Rp02, Rp03, Rp04, Rp05, Rp06, Rp07, Rp08, Rp09, Rp10, Rp11, Rp12, Rp13, Rp14, Rp15,
    Rp16, Rp17, Rp18, Rp19, Rp20, Rp21, Rp22, Rp23, Rp24, Rp25, Rp26, Rp27, Rp28, Rp29, Rp30,
}

impl Rule {
    /// All, in the order of their numbers.
    #[rustfmt::skip]
    pub const ALL: [Self; 30] = [
        Self::Rp01, Self::Rp02, Self::Rp03, Self::Rp04, Self::Rp05, Self::Rp06, Self::Rp07, Self::Rp08, Self::Rp09, Self::Rp10,
        Self::Rp11, Self::Rp12, Self::Rp13, Self::Rp14, Self::Rp15, Self::Rp16, Self::Rp17, Self::Rp18, Self::Rp19, Self::Rp20,
        Self::Rp21, Self::Rp22, Self::Rp23, Self::Rp24, Self::Rp25, Self::Rp26, Self::Rp27, Self::Rp28, Self::Rp29, Self::Rp30,
    ];

    /// `RP-01` …
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.row().0
    }

    /// Its English name in lower case with hyphens.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        self.row().1
    }

    /// How much a violation weighs unless the finding says otherwise.
    #[must_use]
    pub const fn severity(self) -> Severity {
        self.row().2
    }

    /// What it finds, Chinese.
    #[must_use]
    pub const fn title_zh(self) -> &'static str {
        self.row().3
    }

    /// What it finds, English.
    #[must_use]
    pub const fn title_en(self) -> &'static str {
        self.row().4
    }

    /// The rule of this id.
    #[must_use]
    pub fn of_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.id() == id)
    }

    /// Id, slug, severity, title in Chinese and in English.
    #[rustfmt::skip]
    const fn row(self) -> (&'static str, &'static str, Severity, &'static str, &'static str) {
        use Severity::{Critical, Moderate, Serious};
        match self {
            Self::Rp01 => ("RP-01", "preticked-marketing", Critical, "默认勾选营销同意", "marketing consent is on before the user did anything"),
            Self::Rp02 => ("RP-02", "preticked-agreement", Serious, "默认勾选协议或授权", "an agreement is on before the user did anything"),
            Self::Rp03 => ("RP-03", "implied-agreement", Serious, "以注册等行为推定同意协议", "agreement follows from registering"),
            Self::Rp04 => ("RP-04", "implied-marketing", Critical, "以注册等行为推定同意营销", "marketing consent follows from registering"),
            Self::Rp05 => ("RP-05", "opt-out-only", Critical, "只能事后拒绝的营销", "the user may only object to marketing"),
            Self::Rp06 => ("RP-06", "fake-control", Serious, "不能操作的假勾选框", "a drawn tick that cannot be operated"),
            Self::Rp07 => ("RP-07", "agree-all", Serious, "全部同意包含可选项", "one control sets optional consents too"),
            Self::Rp08 => ("RP-08", "self-ticking", Critical, "同意项自行勾选", "a consent turns on by itself"),
            Self::Rp09 => ("RP-09", "marketing-bundled", Critical, "营销与其他授权捆绑", "one act covers marketing and something else"),
            Self::Rp10 => ("RP-10", "third-party-bundled", Critical, "向第三方提供与其他授权捆绑", "one act covers provision to others and something else"),
            Self::Rp11 => ("RP-11", "marketing-forced", Critical, "不同意营销就不能注册", "no registration without marketing consent"),
            Self::Rp12 => ("RP-12", "sensitive-bundled", Serious, "敏感个人信息没有单独同意", "sensitive data asked without an act of its own"),
            Self::Rp13 => ("RP-13", "channel-unclear", Moderate, "营销渠道不明或合并", "several channels in one consent, or none named"),
            Self::Rp14 => ("RP-14", "stacked-documents", Moderate, "一次同意四份以上文件", "one act for four or more documents"),
            Self::Rp15 => ("RP-15", "buried-clause", Critical, "营销或共享条款藏在链接文件中", "marketing or sharing stands only in a linked text"),
            Self::Rp16 => ("RP-16", "small-text", Moderate, "同意文字过小", "consent text is too small"),
            Self::Rp17 => ("RP-17", "low-contrast", Moderate, "同意文字颜色过淡", "consent text is too pale"),
            Self::Rp18 => ("RP-18", "out-of-view", Serious, "提交时看不到同意文字", "consent text is not on screen when submitting"),
            Self::Rp19 => ("RP-19", "hidden-and-sent", Critical, "隐藏的同意被提交", "a hidden consent is on and sent"),
            Self::Rp20 => ("RP-20", "dead-or-unreadable-document", Serious, "协议或政策打不开或读不懂", "a document cannot be opened or read"),
            Self::Rp21 => ("RP-21", "twisted-wording", Moderate, "措辞扭曲", "twisted wording"),
            Self::Rp22 => ("RP-22", "marketing-notice-incomplete", Serious, "营销告知不完整", "the request for marketing consent says too little"),
            Self::Rp23 => ("RP-23", "handler-or-rules-missing", Serious, "处理者或处理规则缺失", "handler or processing rules are missing"),
            Self::Rp24 => ("RP-24", "recipient-unnamed", Critical, "接收方未写明", "recipient of the data is not named"),
            Self::Rp25 => ("RP-25", "withdrawal-missing", Serious, "未告知如何撤回", "no word on how to withdraw"),
            Self::Rp26 => ("RP-26", "irrevocable", Critical, "不可撤销的授权", "irrevocable authorisation"),
            Self::Rp27 => ("RP-27", "no-refusal", Serious, "没有拒绝的办法", "no way to refuse"),
            Self::Rp28 => ("RP-28", "unequal-prominence", Serious, "拒绝远不如同意醒目", "refusal is much weaker than agreement"),
            Self::Rp29 => ("RP-29", "costlier-refusal", Serious, "拒绝比同意麻烦", "refusing takes more actions than agreeing"),
            Self::Rp30 => ("RP-30", "nagging", Serious, "拒绝后反复征求同意", "the same request again after a refusal"),
        }
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

/// Characters of a quotation.
const QUOTE_MAX: usize = 400;
