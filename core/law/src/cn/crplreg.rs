//! 消费者权益保护法实施条例 (2024).

use anning_vocab::{Bundling, Control, Finding, Ground, Known, State};

use super::ground::{Accepts, protects_persons, refused, to_send};
use crate::rule::Case;

/// 二十四, first sentence: no commercial information and no commercial call without consent.
pub fn consent(case: &Case<'_>) -> Finding {
    protects_persons(case, || to_send(case, Accepts::ConsentOnly))
}

/// 二十四, second and third sentence: a clear, easy way to cancel; stop at once.
pub fn cancel(case: &Case<'_>) -> Finding {
    protects_persons(case, || {
        if let Some(finding) = refused(case) {
            return finding;
        }
        match (case.message.text.refusal, case.message.refusal_free) {
            // A way that costs money is told; whether it is 便捷 is a question of degree.
            (Known::Yes, Known::No) => Finding::unclear(Ground::RefusalNotFree),
            (Known::Yes, Known::Yes | Known::Unknown) => Finding::met(Ground::Complied),
            // The duty is to offer a way, not to print it in each message; another may exist.
            (Known::No, _) => Finding::unproved(Ground::NoRefusalMethod),
            (Known::Unknown, _) => Finding::unproved(Ground::TextNotKept),
        }
    })
}

/// 二十三: no one-time blanket or default authorisation that forces consent to information not
/// directly related to the business.
pub fn authorisation(case: &Case<'_>) -> Finding {
    protects_persons(case, || unrelated_information(case))
}

/// Shared with SAMR 37 art 13: both speak only of information not directly related to the business.
pub fn unrelated_information(case: &Case<'_>) -> Finding {
    let consent = &case.facts.process;
    let (Some(terms), State::Given | State::OutOfScope) = (consent.terms, consent.state) else {
        return Finding::NOT_APPLICABLE;
    };
    let ground = match (terms.control, terms.bundling, terms.forced) {
        (Control::TickedByDefault, _, _) => Ground::TickedByDefault,
        (Control::Implied, _, _) => Ground::Implied,
        (_, Bundling::WithTerms | Bundling::WithOtherConsents, _) => Ground::Bundled,
        (_, _, Some(true)) => Ground::Forced,
        (Control::NotRecorded, _, _) => Ground::FormNotRecorded,
        (Control::TickedByRecipient | Control::OwnWords, Bundling::Separate | Bundling::NotRecorded, _) => {
            return Finding::met(Ground::Complied);
        }
    };
    match (terms.related, ground) {
        (Some(true), _) => Finding::NOT_APPLICABLE,
        (_, Ground::FormNotRecorded) => Finding::unproved(Ground::FormNotRecorded),
        (Some(false), ground) => Finding::breached(ground),
        // Whether it was related decides, and nobody recorded it.
        (None, _) => Finding::unclear(Ground::UnrelatedInformation),
    }
}
