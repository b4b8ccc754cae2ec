//! 民法典 (from 2021-01-01).

use anning_vocab::{Answer, Control, Finding, Ground};

use super::ground::{Accepts, protects_persons, to_send};
use crate::rule::Case;

/// 一千零三十三(1): no intrusion on private peace by phone, SMS, IM, e-mail or leaflet save by law or
/// with EXPRESS consent.
///
/// Whether a default tick is 明确 is argued; a request shows the will but is not named.
pub fn peace(case: &Case<'_>) -> Finding {
    protects_persons(case, || {
        let finding = to_send(case, Accepts::ConsentOnly);
        match (finding.strict, case.facts.receive.terms.map(|terms| terms.control)) {
            (Answer::Met, Some(Control::TickedByDefault)) => {
                Finding::argued(Answer::Breached, Answer::Met, Ground::TickedByDefault)
            }
            (Answer::Met, Some(Control::Implied)) => {
                Finding::argued(Answer::Breached, Answer::Met, Ground::Implied)
            }
            (Answer::Met, Some(Control::NotRecorded)) => Finding::unproved(Ground::FormNotRecorded),
            _ => finding,
        }
    })
}
