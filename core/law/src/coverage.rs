//! Is every duty of the texts accounted for, and every rule bound, dated and shown by examples?

use std::collections::{BTreeMap, BTreeSet};

use anning_vocab::Answer;

use crate::Corpus;
use crate::error::Place;
use crate::instrument::FateKind;
use crate::obligation::ObligationFate;

/// What the pack accounts for and what is missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Instruments.
    pub instruments: usize,
    /// Wordings, loaded or not.
    pub versions: usize,
    /// Sentences with 应当, 不得 or 禁止.
    pub duties: usize,
    /// ... judged by a rule.
    pub by_rule: usize,
    /// ... kept by code and shown by a test, both citing the article.
    pub by_test: usize,
    /// ... set aside with a reason.
    pub set_aside: usize,
    /// Rules of the registry.
    pub rules: usize,
    /// Worked examples.
    pub examples: usize,
    /// Rows of limits.
    pub limits: usize,
    /// Obligations judged by rules, and set aside.
    pub obligations: (usize, usize),
    /// What is missing, in the order of the pages.
    pub gaps: Vec<Gap>,
}

/// Something missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// A sentence with a duty and no fate.
    NoFate {
        /// Heading of the version.
        at: Place,
        /// Article.
        article: String,
        /// The sentence.
        sentence: String,
    },
    /// A rule of the registry that no article names.
    Unbound(String),
    /// An article names a rule that the registry lacks.
    UnknownRule {
        /// Article.
        article: String,
        /// The name.
        rule: String,
    },
    /// A rule without an example that is met, or without one that is not.
    NoExample {
        /// The rule.
        rule: String,
        /// What its examples lack.
        lacks: &'static str,
    },
    /// An example finds a breach of a text that is not verified enough to carry one.
    BreachOfUnverified {
        /// The row.
        at: Place,
        /// The rule.
        rule: String,
    },
    /// A fate 测试 whose folder holds no such citation in code, or none in a test.
    Uncited {
        /// Article.
        article: String,
        /// The folder named.
        folder: String,
        /// Where it is not cited.
        lacks: &'static str,
    },
    /// A row of the table O01 to O53 that is not there.
    NoObligation(String),
}

/// Citations found in the sources: article, folder path, whether in a test.
pub type Citation = (String, String, bool);

/// Compares the pack with the names of the rules and the citations found in the sources.
#[must_use]
pub fn coverage(corpus: &Corpus, rules: &[&str], citations: &[Citation]) -> Coverage {
    let mut coverage = Coverage {
        instruments: corpus.instruments().len(),
        versions: corpus.versions().count(),
        rules: rules.len(),
        examples: corpus.examples().count(),
        limits: corpus.penalties().count() + corpus.terms().count() + corpus.thresholds().count(),
        ..Coverage::default()
    };
    sentences(corpus, citations, &mut coverage);
    bindings(corpus, rules, &mut coverage);
    examples(corpus, rules, &mut coverage);
    obligations(corpus, &mut coverage);
    coverage
}

fn sentences(corpus: &Corpus, citations: &[Citation], coverage: &mut Coverage) {
    for (article, version) in corpus.versions() {
        for sentence in version.sentences().iter().filter(|s| s.duty) {
            coverage.duties += 1;
            match version.fates_of(sentence).first().map(|fate| &fate.kind) {
                Some(FateKind::Rule(_) | FateKind::Joins(_)) => coverage.by_rule += 1,
                Some(FateKind::SetAside(_)) => coverage.set_aside += 1,
                Some(FateKind::Test(folder)) => {
                    coverage.by_test += 1;
                    let cited = |in_test| {
                        citations.iter().any(|(id, path, test)| {
                            *id == article.id && path.starts_with(folder.as_str()) && *test == in_test
                        })
                    };
                    for (in_test, lacks) in [(false, "code"), (true, "test")] {
                        if !cited(in_test) {
                            let (article, folder) = (article.id.clone(), folder.clone());
                            let gap = Gap::Uncited { article, folder, lacks };
                            // Once an article, however many of its sentences promise it.
                            if !coverage.gaps.contains(&gap) {
                                coverage.gaps.push(gap);
                            }
                        }
                    }
                }
                None => coverage.gaps.push(Gap::NoFate {
                    at: version.place.clone(),
                    article: article.id.clone(),
                    sentence: sentence.text.to_owned(),
                }),
            }
        }
    }
}

fn bindings(corpus: &Corpus, rules: &[&str], coverage: &mut Coverage) {
    let mut bound = BTreeSet::new();
    for anchor in corpus.anchors() {
        bound.insert(anchor.rule);
        if !rules.contains(&anchor.rule) {
            let (article, rule) = (anchor.article.to_owned(), anchor.rule.to_owned());
            coverage.gaps.push(Gap::UnknownRule { article, rule });
        }
    }
    let unbound = rules.iter().filter(|rule| !bound.contains(**rule));
    coverage.gaps.extend(unbound.map(|rule| Gap::Unbound((*rule).to_owned())));
}

/// Each rule: one example that is met and one that is not; none breaks what only memory vouches for.
fn examples(corpus: &Corpus, rules: &[&str], coverage: &mut Coverage) {
    let mut seen: BTreeMap<&str, (bool, bool)> = BTreeMap::new();
    for example in corpus.examples() {
        let entry = seen.entry(example.rule.as_str()).or_default();
        match example.outcome.strict {
            Answer::Met => entry.0 = true,
            Answer::Breached | Answer::Unproved | Answer::Unclear => entry.1 = true,
            Answer::NotApplicable => {}
        }
    }
    for rule in rules {
        let (met, not) = seen.get(rule).copied().unwrap_or_default();
        let lacks = [(met, "符合"), (not, "违反, 未证明 or 不明")];
        for (_, lacks) in lacks.into_iter().filter(|(there, _)| !there) {
            coverage.gaps.push(Gap::NoExample { rule: (*rule).to_owned(), lacks });
        }
    }
    for anchor in corpus.anchors().filter(|a| !a.mark.is_some_and(|mark| mark.carries_a_breach())) {
        for example in anchor.version.examples.iter().filter(|e| e.rule == anchor.rule) {
            if [example.outcome.strict, example.outcome.lenient].contains(&Answer::Breached) {
                let (at, rule) = (example.place.clone(), example.rule.clone());
                coverage.gaps.push(Gap::BreachOfUnverified { at, rule });
            }
        }
    }
}

fn obligations(corpus: &Corpus, coverage: &mut Coverage) {
    for obligation in corpus.obligations() {
        match obligation.fate {
            ObligationFate::Rules(_) => coverage.obligations.0 += 1,
            ObligationFate::SetAside(_) => coverage.obligations.1 += 1,
        }
    }
    for number in 1..=OBLIGATIONS {
        let id = format!("O{number:02}");
        if !corpus.obligations().iter().any(|o| o.id == id) {
            coverage.gaps.push(Gap::NoObligation(id));
        }
    }
}

impl core::fmt::Display for Gap {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::NoFate { at, article, sentence } => {
                write!(f, "{at}: {article}: write 规则, 参见, 测试 or 另置 for the sentence: {sentence}")
            }
            Self::Unbound(rule) => write!(f, "no article names the rule: {rule}"),
            Self::UnknownRule { article, rule } => {
                write!(f, "{article} names a rule that does not exist: {rule}")
            }
            Self::NoExample { rule, lacks } => {
                write!(f, "rule `{rule}` has no example with outcome: {lacks}")
            }
            Self::BreachOfUnverified { at, rule } => {
                write!(
                    f,
                    "{at}: text marked S, M or not loaded cannot be breached, write 不明, for rule: {rule}"
                )
            }
            Self::Uncited { article, folder, lacks } => {
                write!(f, "{folder} has no `//= {article}` in its {lacks}, promised by 测试 of: {article}")
            }
            Self::NoObligation(id) => write!(f, "law/obligations.md has no row: {id}"),
        }
    }
}

/// Rows that the table must have.
const OBLIGATIONS: u32 = 53;
