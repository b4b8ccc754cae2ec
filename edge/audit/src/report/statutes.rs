//! Texts and dates of the law, passed in by the caller: this crate holds none.

use std::collections::BTreeMap;

use anning_vocab::Mark;
use serde::{Deserialize, Serialize};

use crate::summary::{Code, Words};

/// One article in one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statute {
    /// Article id, such as `cn/pipl/14`.
    pub id: String,
    /// First day of this wording.
    pub from: String,
    /// Last day, if it has ended.
    pub until: Option<String>,
    /// How far it is verified.
    pub mark: Code<Mark>,
    /// Official wording, paragraphs apart by an empty line.
    pub text: String,
}

/// A day on which the law on commercial messages changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LawChange {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// What changed, in a few words.
    pub words: Words,
}

/// What the report quotes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statutes {
    /// Every version of every article that the summary names.
    pub articles: Vec<Statute>,
    /// Marked on the timeline.
    pub changes: Vec<LawChange>,
}

impl Statutes {
    /// The versions of an article that were in force on any day of the period, oldest first.
    pub(super) fn versions(&self, id: &str, period: Option<&(String, String)>) -> Vec<&Statute> {
        let mut found: Vec<&Statute> = self
            .articles
            .iter()
            .filter(|a| a.id == id)
            .filter(|a| {
                period.is_none_or(|(first, last)| {
                    a.from <= *last && a.until.as_ref().is_none_or(|until| until >= first)
                })
            })
            .collect();
        found.sort_by(|a, b| a.from.cmp(&b.from));
        found
    }
}

/// The citation of an article in words, or its id.
pub(super) fn citation(articles: &BTreeMap<String, Words>, id: &str) -> Words {
    articles.get(id).cloned().unwrap_or_else(|| Words::new(id, id))
}
