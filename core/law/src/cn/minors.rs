//! 未成年人保护法 72 and 未成年人网络保护条例 24.

use anning_vocab::{AgeBand, Audience, Finding, Ground};

use super::pipl;
use crate::rule::Case;

/// 未保法七十二(1): under 14, consent of parent or guardian.
pub fn under_14(case: &Case<'_>) -> Finding {
    pipl::under_14(case)
}

/// 条例二十四(3): no commercial marketing to minors by automated decision, whatever the consent.
/// Unknown age is no bar.
pub fn marketing(case: &Case<'_>) -> Finding {
    match (case.facts.age, case.message.audience) {
        (AgeBand::Unknown | AgeBand::Adult, _) => Finding::NOT_APPLICABLE,
        (AgeBand::Minor | AgeBand::Under14, audience) if audience.is_automated() => {
            Finding::breached(Ground::MinorTargeted)
        }
        (AgeBand::Minor | AgeBand::Under14, Audience::Unknown) => Finding::unproved(Ground::FactNotRecorded),
        (AgeBand::Minor | AgeBand::Under14, _) => Finding::met(Ground::Complied),
    }
}
