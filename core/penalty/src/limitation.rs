//! When it is too late to punish, and what late payment adds.

use anning_law::{Corpus, Unit};
use anning_vocab::{Date, Fen};

/// Was the breach discovered too late (Administrative Penalty Law 36)? Continuing acts count from the last.
///
/// `None` when the limitation of that day is not loaded.
#[must_use]
pub fn barred(
    corpus: &Corpus,
    last: Date,
    discovered: Date,
    harm_to_life_health_or_finance: bool,
) -> Option<bool> {
    let id = if harm_to_life_health_or_finance { "penalty-limitation-harm" } else { "penalty-limitation" };
    // The text in force when the breach is found decides; acts before it fall under it as well.
    let term = corpus.term(id, discovered)?;
    let end = match term.unit {
        Unit::Years => last.plus_months(term.amount.saturating_mul(12)),
        Unit::Months => last.plus_months(term.amount),
        Unit::Hours | Unit::Days | Unit::WorkingDays => return None,
    };
    Some(discovered > end)
}

/// A fine paid late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LatePayment {
    /// Last day to pay.
    pub due: Date,
    /// What lateness adds.
    pub surcharge: Fen,
}

/// Days to pay and hundredths added a day, never more than the fine itself (Administrative Penalty Law 67,
/// 72). Both come from the article, as arguments.
#[must_use]
pub fn late_payment(
    fine: Fen,
    served: Date,
    paid: Date,
    days_to_pay: u16,
    percent_a_day: u16,
) -> LatePayment {
    let due = served.plus_days(i32::from(days_to_pay));
    let late = i64::from(paid.days() - due.days()).max(0);
    let added = fine.0.saturating_mul(late).saturating_mul(i64::from(percent_a_day)) / 100;
    LatePayment { due, surcharge: Fen(added.min(fine.0)) }
}
