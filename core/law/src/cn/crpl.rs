//! 消费者权益保护法 (2013), with 侵害消费者权益行为处罚办法 and 民法典 496, which ask the same.

use anning_vocab::{Bundling, Finding, Ground, Prominence, State};

use super::ground::{Accepts, protects_persons, to_send};
use crate::rule::Case;

/// 二十九(3): no commercial information without consent or request, or after refusal.
pub fn consent(case: &Case<'_>) -> Finding {
    protects_persons(case, || to_send(case, Accepts::ConsentOrRequest))
}

/// 二十六, SAIC 73 art 12, 民法典 496: a clause of weight in standard terms is brought to notice.
///
/// Speaks only where the consent relied on stands in standard terms.
pub fn standard_terms(case: &Case<'_>) -> Finding {
    let consent = &case.facts.receive;
    let (Some(terms), State::Given | State::OutOfScope) = (consent.terms, consent.state) else {
        return Finding::NOT_APPLICABLE;
    };
    protects_persons(case, || match (terms.bundling, terms.prominence) {
        (Bundling::Separate | Bundling::WithOtherConsents | Bundling::NotRecorded, _) => {
            Finding::NOT_APPLICABLE
        }
        (Bundling::WithTerms, Prominence::OnFace) => Finding::met(Ground::Complied),
        (Bundling::WithTerms, Prominence::Buried) => Finding::breached(Ground::Buried),
        // One click away: whether that is 显著 or 合理 depends on the page.
        (Bundling::WithTerms, Prominence::BehindLink) => Finding::unclear(Ground::Buried),
        (Bundling::WithTerms, Prominence::NotRecorded) => Finding::unproved(Ground::FormNotRecorded),
    })
}
