//! Candidates together: subsidiarity first, then one fine for one act.

use anning_law::{Corpus, Penalty};

use crate::breach::{Breach, Gain};
use crate::candidate::{Candidate, FineRange, Standing, of};
use crate::confiscation::{Confiscated, confiscation};

/// A question that the texts leave open. It is shown, never decided silently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OpenQuestion {
    /// Does a law that sets its own penalty displace the subsidiary one, or does the higher fine apply?
    Subsidiarity,
    /// Which authority is 有关部门 in cn/adlaw/62(1)?
    Competence,
    /// The gain cannot be computed: the step for "no gain" is shown.
    GainNotComputable,
    /// A text that is not verified word for word carries a candidate.
    Unverified,
    /// A later text may be milder (Administrative Penalty Law 37), but is not loaded.
    LaterTextNotLoaded,
    /// "Higher fine" in art 29: maxima compared, then minima; concrete amounts may differ.
    HigherFine,
}

/// What one party faces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposure<'c> {
    /// Candidates, chosen first.
    pub candidates: Vec<Candidate<'c>>,
    /// Confiscation.
    pub confiscated: Confiscated,
    /// Open questions.
    pub open: Vec<OpenQuestion>,
}

impl<'c> Exposure<'c> {
    /// The candidate whose fine remains, if any.
    #[must_use]
    pub fn chosen(&self) -> Option<&Candidate<'c>> {
        self.candidates.iter().find(|c| c.standing == Standing::Chosen)
    }
}

/// What the texts allow for one breach.
#[must_use]
pub fn exposure<'c>(corpus: &'c Corpus, breach: &Breach<'_>) -> Exposure<'c> {
    let mut candidates: Vec<Candidate<'c>> = corpus.penalties().filter_map(|rule| of(rule, breach)).collect();
    let later = block_replaced(corpus, breach, &mut candidates);
    one_fine(&mut candidates);
    candidates.sort_by(|a, b| a.standing.cmp(&b.standing).then_with(|| a.rule.id.cmp(&b.rule.id)));
    let confiscated = confiscation(corpus, breach, &candidates);
    let open = open_questions(breach, &candidates, later);
    Exposure { candidates, confiscated, open }
}

/// The text of the act was replaced before the decision by one whose penalty is not loaded: whether the
/// new one is milder cannot be said, and the old one is not applied in silence.
fn block_replaced(corpus: &Corpus, breach: &Breach<'_>, candidates: &mut [Candidate<'_>]) -> bool {
    let Some(decided) = breach.decided else { return false };
    let mut any = false;
    for candidate in candidates {
        if replaced_by_unloaded(corpus, candidate.rule, decided) {
            candidate.standing = Standing::Blocked;
            any = true;
        }
    }
    any
}

fn replaced_by_unloaded(corpus: &Corpus, rule: &Penalty, decided: anning_vocab::Date) -> bool {
    let ended = rule.interval.until.is_some_and(|until| decided > until);
    let successor = corpus.instrument_of(&rule.article).and_then(|i| i.successor.as_deref());
    ended
        && successor.is_some_and(|id| {
            let prefix = format!("{id}/");
            corpus.not_loaded(decided).any(|(article, _)| article.id.starts_with(&prefix))
                && !corpus.penalties().any(|p| p.article.starts_with(&prefix) && p.interval.contains(decided))
        })
}

//= cn/apl/29 同一个违法行为违反多个法律规范应当给予罚款处罚的，按照罚款数额高的规定处罚。
/// Administrative Penalty Law 29: among provisions that fine the same act only the higher fine remains.
///
/// A subsidiary provision stands by itself where nothing else fines; beside another it is open.
fn one_fine(candidates: &mut [Candidate<'_>]) {
    let special = candidates.iter().any(|c| c.standing == Standing::Chosen);
    if !special {
        for c in candidates.iter_mut().filter(|c| c.standing == Standing::Open) {
            c.standing = Standing::Chosen;
        }
    }
    let best = candidates
        .iter()
        .filter(|c| c.standing == Standing::Chosen)
        .filter_map(|c| c.fine)
        .max_by_key(weight);
    let mut taken = false;
    for c in candidates.iter_mut().filter(|c| c.standing == Standing::Chosen) {
        if taken || c.fine != best {
            c.standing = Standing::Absorbed;
        } else {
            taken = true;
        }
    }
}

/// Maxima first, then minima; a fine that cannot be computed weighs least.
fn weight(fine: &FineRange) -> (i64, i64) {
    (fine.max.map_or(-1, |f| f.0), fine.min.map_or(-1, |f| f.0))
}

fn open_questions(breach: &Breach<'_>, candidates: &[Candidate<'_>], later: bool) -> Vec<OpenQuestion> {
    let any = |test: &dyn Fn(&Candidate<'_>) -> bool| candidates.iter().any(test);
    let fined =
        candidates.iter().filter(|c| matches!(c.standing, Standing::Chosen | Standing::Absorbed)).count();
    let mut open = Vec::new();
    let mut ask = |when: bool, question| {
        if when {
            open.push(question);
        }
    };
    ask(any(&|c| c.standing == Standing::Open), OpenQuestion::Subsidiarity);
    ask(any(&|c| c.rule.authority == UNNAMED_AUTHORITY), OpenQuestion::Competence);
    ask(breach.gain == Gain::NotComputable, OpenQuestion::GainNotComputable);
    ask(any(&|c| !c.rule.mark.carries_a_breach()), OpenQuestion::Unverified);
    ask(later, OpenQuestion::LaterTextNotLoaded);
    ask(fined > 1, OpenQuestion::HigherFine);
    open
}

const UNNAMED_AUTHORITY: &str = "有关部门";
