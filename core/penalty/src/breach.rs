//! The facts that a penalty depends on, for one party.

use anning_vocab::{Date, Fen, Role, Set};

/// Illegal gain. "Not computable" is a value, not zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gain {
    /// Money received for the act.
    Known(Fen),
    /// Nobody can compute it.
    NotComputable,
}

/// What one party did, from the first send to the last. One party may hold several roles: one act of its
/// own is fined once, whatever the roles (Administrative Penalty Law 29).
#[derive(Clone, Copy, Debug)]
pub struct Breach<'a> {
    /// The roles in which it answers.
    pub roles: Set<Role>,
    /// Articles shown to be breached, such as `cn/adlaw/43`.
    pub articles: &'a [&'a str],
    /// First day.
    pub first: Date,
    /// Last day: continuing acts are judged, and limitation counts, from here.
    pub last: Date,
    /// Day of the decision, if there is one; else the law of the act alone is asked.
    pub decided: Option<Date>,
    /// Illegal gain.
    pub gain: Gain,
    /// Paid back to those who had paid.
    pub refunded: Fen,
    /// Correction was ordered and refused; `None` when no order was given yet.
    pub refused_correction: Option<bool>,
    /// Held to be serious; `None` when nobody has decided.
    pub serious: Option<bool>,
    /// Turnover of the year before.
    pub turnover: Option<Fen>,
}

impl<'a> Breach<'a> {
    /// A breach of which nothing is known but who, what and when.
    #[must_use]
    pub const fn new(roles: &[Role], articles: &'a [&'a str], first: Date, last: Date) -> Self {
        Self {
            roles: Set::<Role>::of(roles),
            articles,
            first,
            last,
            decided: None,
            gain: Gain::NotComputable,
            refunded: Fen(0),
            refused_correction: None,
            serious: None,
            turnover: None,
        }
    }
}
