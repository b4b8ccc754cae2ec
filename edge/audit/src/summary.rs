//! `summary.json`: the aggregate of one audit. The engine fills it; the report, the terminal summary,
//! the progress report and `compare` read nothing else about the run. Documented in `spec/summary.md`.
//!
//! It holds no time of day, no duration and no path outside the input: the same input gives the same
//! bytes. *Breached* (shown to break a provision) and *unproved* (compliance cannot be shown) stand in
//! fields of their own everywhere, and no field adds them up.

mod balance;
mod code;
pub(crate) mod columns;
mod count;
mod evidence;
mod exposure;
mod page;
mod remedy;
mod terminal;
pub mod words;

pub use balance::Imbalance;
pub use code::{Code, Word};
pub use count::{
    Answers, Day, GroundCount, Group, Input, Inputs, Outcomes, PartyRow, PolicyRow, ProvisionHits,
    ProvisionRow, Rest, Row, Totals,
};
pub use evidence::{Evidence, Place};
pub use exposure::{
    Acts, Candidate, Concurrence, Confiscation, Exposure, Fine, FineForm, PenaltyKind, Standing,
};
pub use page::{PageRest, PageRow, PageVersions};
pub use remedy::{Action, Remedy, Target, TargetKind};
pub use terminal::terminal;

use std::collections::BTreeMap;

use anning_vocab::Caveat;
use serde::{Deserialize, Serialize};

/// The value of [`Summary::format`] that this version writes and reads.
pub const FORMAT: &str = "anning-summary/1";

/// The same words in Chinese and English.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Words {
    /// 中文.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// Both languages.
    #[must_use]
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The text in one language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// Language of words for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// 简体中文.
    #[default]
    Zh,
    /// English.
    En,
}

/// Which answer is counted where the law itself is argued.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// The stricter.
    #[default]
    Strict,
    /// The more lenient.
    Lenient,
}

/// What the decisions are bound to: with these and the input anyone can decide again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// Version of the tool.
    pub tool: String,
    /// Hash of the law pack, hex.
    pub law: String,
    /// Hash of the judge, hex.
    pub judge: String,
    /// Hash of the house policy, hex.
    pub policy: String,
    /// Hash of the brand graph, hex.
    pub brands: String,
    /// Name of the pseudonym key (never the key).
    pub pseudonym_key: String,
    /// The day whose law judged every send ("as if" replay); none when each send is judged by its own day.
    pub law_on: Option<String>,
    /// Which answer is counted where the law is argued.
    pub reading: Reading,
    /// Logs that vouch for page records of the input, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub page_logs: Vec<String>,
}

/// Something the reader must know about the input or the run, with how often it happened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Warning {
    /// A stable code, such as `unknown_party`.
    pub code: String,
    /// In words.
    pub words: Words,
    /// How often.
    pub times: u64,
}

/// The aggregate of one audit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// [`FORMAT`].
    pub format: String,
    /// Who is audited, if the input says so.
    pub subject: Option<String>,
    /// What the decisions are bound to.
    pub bound: Bound,
    /// First and last day (Beijing) of the sends judged; none when there were none.
    pub period: Option<(String, String)>,
    /// True when evidence shows recipients whole; masked otherwise.
    pub revealed: bool,
    /// Rows by file.
    pub inputs: Inputs,
    /// Sends by class and by outcome.
    pub totals: Totals,
    /// Citation in words of every article named in this file, such as `《个人信息保护法》第十四条`.
    pub articles: BTreeMap<String, Words>,
    /// One row a provision that applied to any send, by id.
    pub provisions: Vec<ProvisionRow>,
    /// By campaign.
    pub campaigns: Group,
    /// By product line ([`anning_vocab::ContentKind`] codes, `unknown`).
    pub kinds: Group,
    /// By channel ([`anning_vocab::Channel`] codes).
    pub channels: Group,
    /// By grade of the consent evidence ([`anning_vocab::Grade`] codes, `none`).
    pub grades: Group,
    /// By brand.
    pub brands: Group,
    /// By version of the notice the person saw (page version).
    pub notices: Group,
    /// Consents and sends by version of the sign-up page; empty where no page record speaks for any consent.
    #[serde(default, skip_serializing_if = "PageVersions::is_empty")]
    pub pages: PageVersions,
    /// By party, whatever its role.
    pub parties: Vec<PartyRow>,
    /// By day in Beijing, ascending; days without sends are left out.
    pub timeline: Vec<Day>,
    /// House policy, never law.
    pub policy: Vec<PolicyRow>,
    /// Sends that carry each caveat.
    pub caveats: BTreeMap<Code<Caveat>, u64>,
    /// Sampled evidence, by provision, answer and ground.
    pub evidence: Vec<Evidence>,
    /// What it may cost, by party and role.
    pub exposure: Vec<Exposure>,
    /// What to do, in order of effect.
    pub remedies: Vec<Remedy>,
    /// Warnings, by code.
    pub warnings: Vec<Warning>,
}

/// Why a text is no summary.
#[derive(Debug)]
pub enum ReadError {
    /// No JSON, or a field is missing, or a word is unknown.
    Json(serde_json::Error),
    /// Another format than [`FORMAT`].
    Format(String),
}

impl core::fmt::Display for ReadError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Json(error) => write!(f, "not a summary: {error}"),
            Self::Format(found) => write!(f, "summary format is not `{FORMAT}`: {found}"),
        }
    }
}
impl std::error::Error for ReadError {}

impl Summary {
    /// The bytes of `summary.json`.
    ///
    /// # Errors
    /// Only when memory or the serialiser fails: every value here has a JSON form.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// Reads `summary.json`.
    ///
    /// # Errors
    /// [`ReadError`] when the text is no summary of this format.
    pub fn from_json(text: &str) -> Result<Self, ReadError> {
        #[derive(Deserialize)]
        struct Head {
            format: String,
        }
        let head: Head = serde_json::from_str(text).map_err(ReadError::Json)?;
        if head.format != FORMAT {
            return Err(ReadError::Format(head.format));
        }
        serde_json::from_str(text).map_err(ReadError::Json)
    }

    /// Puts every list into its one order, so that the order of work leaves no trace. The engine calls it last.
    pub fn settle(&mut self) {
        FORMAT.clone_into(&mut self.format);
        self.inputs.files.sort_by(|a, b| a.file.cmp(&b.file));
        for row in &mut self.provisions {
            row.settle();
        }
        self.provisions.sort_by(|a, b| a.id.cmp(&b.id));
        for group in self.groups_mut() {
            group.settle();
        }
        self.pages.settle();
        self.parties.sort_by(|a, b| a.id.cmp(&b.id));
        self.timeline.sort_by(|a, b| a.date.cmp(&b.date));
        self.policy.sort_by(|a, b| a.rule.cmp(&b.rule));
        self.evidence.sort();
        for exposure in &mut self.exposure {
            exposure.settle();
        }
        self.exposure.sort_by(|a, b| (&a.party, a.role).cmp(&(&b.party, b.role)));
        for remedy in &mut self.remedies {
            remedy.settle();
        }
        self.remedies.sort_by(Remedy::by_effect);
        self.warnings.sort();
    }

    fn groups_mut(&mut self) -> [&mut Group; 6] {
        [
            &mut self.campaigns,
            &mut self.kinds,
            &mut self.channels,
            &mut self.grades,
            &mut self.brands,
            &mut self.notices,
        ]
    }

    /// The six groupings with their names in this file.
    #[must_use]
    pub const fn groups(&self) -> [(&'static str, &Group); 6] {
        [
            ("campaigns", &self.campaigns),
            ("kinds", &self.kinds),
            ("channels", &self.channels),
            ("grades", &self.grades),
            ("brands", &self.brands),
            ("notices", &self.notices),
        ]
    }
}
