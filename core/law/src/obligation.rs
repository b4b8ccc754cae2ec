//! The obligation table O01-O53 and the decided cases.

use anning_vocab::{Date, Fen, Interval, Role, Set};

use crate::error::Place;
use crate::limit::Sanction;

/// One row of the obligation table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obligation {
    /// Where it stands.
    pub place: Place,
    /// `O01` to `O53`.
    pub id: String,
    /// Who is bound.
    pub who_zh: String,
    /// The same in English.
    pub who_en: String,
    /// What is owed.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// Articles.
    pub articles: Vec<String>,
    /// When.
    pub interval: Interval,
    /// What becomes of it.
    pub fate: ObligationFate,
}

/// What becomes of an obligation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObligationFate {
    /// Rules judge it.
    Rules(Vec<String>),
    /// Set aside, with a reason.
    SetAside(String),
}

/// A decided case that the engine must reproduce.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecidedCase {
    /// Where its block stands.
    pub place: Place,
    /// `C01` to `C08`.
    pub id: String,
    /// How far the report is verified: V1, V2 or S.
    pub mark: String,
    /// A day of the acts.
    pub date: Date,
    /// Phrases of `law/examples.md`.
    pub situation: Vec<String>,
    /// The party's roles.
    pub roles: Set<Role>,
    /// Rules that must find a breach on these facts; others may.
    pub breached: Vec<String>,
    /// The penalty provision, reported or inferred.
    pub penalty: Option<String>,
    /// Is `penalty` our inference?
    pub inferred: bool,
    /// Recipients or deliveries.
    pub messages: Option<u64>,
    /// Illegal gain; `None` when not reported or not computable.
    pub gain: Option<Fen>,
    /// The fine reported; `None` when there was none.
    pub fine: Option<Fen>,
    /// What was confiscated.
    pub confiscated: Option<Fen>,
    /// What came besides.
    pub other: Vec<Sanction>,
}
