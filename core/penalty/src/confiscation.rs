//! Confiscation of illegal gain: apart from the fine, refunds first.

use anning_law::{Corpus, Sanction};
use anning_vocab::Fen;

use crate::breach::{Breach, Gain};
use crate::candidate::{Candidate, Standing};

/// What is confiscated, and on which article it rests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confiscated {
    /// Amount in fen; `None` when the gain cannot be computed, or when no text provides for it.
    pub amount: Option<Fen>,
    /// The article; `None` when no text in force at the act provides for it.
    pub article: Option<String>,
}

//= cn/apl/28 违法所得，除依法应当退赔的外，应当予以没收。
/// Since the Administrative Penalty Law of 2021 art 28 gain is confiscated even where the article broken
/// is silent; before, only where a candidate says so.
#[must_use]
pub fn confiscation(corpus: &Corpus, breach: &Breach<'_>, candidates: &[Candidate<'_>]) -> Confiscated {
    let says_so = |c: &&Candidate<'_>| {
        c.rule.other.contains(&Sanction::Confiscation)
            && !matches!(c.standing, Standing::Conditional | Standing::Blocked)
    };
    let general = corpus.article(GENERAL).filter(|article| article.on(breach.last).is_some());
    let article = candidates
        .iter()
        .find(says_so)
        .map(|c| c.rule.article.clone())
        .or_else(|| general.map(|article| article.id.clone()));
    let amount = match (&article, breach.gain) {
        (Some(_), Gain::Known(gain)) => Some(Fen((gain.0 - breach.refunded.0).max(0))),
        (None, _) | (_, Gain::NotComputable) => None,
    };
    Confiscated { amount, article }
}

/// 违法所得，除依法应当退赔的外，应当予以没收.
const GENERAL: &str = "cn/apl/28";
