//! Local rules: 上海, 山东, 河南.

use anning_vocab::{Finding, Grade, Ground, Known, Region, State};

use super::ground::{Accepts, protects_anyone, protects_persons, to_send};
use crate::rule::Case;

/// 上海市消费者权益保护条例 32(1): consent or request, no refusal.
pub fn shanghai_consent(case: &Case<'_>) -> Finding {
    within(case, Region::Shanghai, || protects_persons(case, || to_send(case, Accepts::ConsentOrRequest)))
}

/// 32(2): messages consented to add no cost for the consumer.
pub fn shanghai_cost(case: &Case<'_>) -> Finding {
    within(case, Region::Shanghai, || {
        protects_persons(case, || match (case.facts.receive.state, case.message.refusal_free) {
            (State::Given, Known::No) => Finding::unclear(Ground::RefusalNotFree),
            (State::Given, Known::Yes) => Finding::met(Ground::Complied),
            (State::Given, Known::Unknown) => Finding::unproved(Ground::FactNotRecorded),
            _ => Finding::NOT_APPLICABLE,
        })
    })
}

/// 31(1): proof of notice and consent is kept five years.
pub fn shanghai_proof(case: &Case<'_>) -> Finding {
    within(case, Region::Shanghai, || {
        protects_persons(case, || match (case.facts.process.state, case.facts.process.grade) {
            (State::Given | State::OutOfScope, Grade::Proved) => Finding::met(Ground::Complied),
            (State::Given | State::OutOfScope, Grade::Asserted | Grade::Contradicted) => {
                Finding::unproved(Ground::AssertedOnly)
            }
            (State::NoRecord | State::Silent | State::Refused | State::Reassigned, _) => {
                Finding::NOT_APPLICABLE
            }
        })
    })
}

/// 山东省消费者权益保护条例 32(1): explicit consent.
pub fn shandong_consent(case: &Case<'_>) -> Finding {
    within(case, Region::Shandong, || super::civil::peace(case))
}

/// 河南省电信条例 32(1): consent; a request is not named.
pub fn henan_consent(case: &Case<'_>) -> Finding {
    within(case, Region::Henan, || protects_anyone(case, || to_send(case, Accepts::ConsentOnly)))
}

fn within(case: &Case<'_>, region: Region, finding: impl FnOnce() -> Finding) -> Finding {
    if case.message.region == region { finding() } else { Finding::NOT_APPLICABLE }
}
