//! 网络交易监督管理办法, SAMR Order 37 (from 2021-05-01).

use anning_vocab::{Finding, Ground, Known, RefusalReach};

use super::crplreg::unrelated_information;
use super::ground::{Accepts, protects_persons, refused, text_shows, to_send};
use crate::rule::Case;

/// 十三(2): no blanket, default, bundled or "stop using" authorisation for unrelated information.
pub fn authorisation(case: &Case<'_>) -> Finding {
    protects_persons(case, || unrelated_information(case))
}

/// 十六(1): no commercial information without consent or request.
pub fn consent(case: &Case<'_>) -> Finding {
    protects_persons(case, || to_send(case, Accepts::ConsentOrRequest))
}

/// 十六(2): identity and contact stated; a conspicuous, simple, free way to refuse; stop at once; no
/// further message under another name.
pub fn refusal(case: &Case<'_>) -> Finding {
    protects_persons(case, || {
        if case.facts.refusal.reach == RefusalReach::Brand {
            return Finding::breached(Ground::RefusedOtherName);
        }
        if let Some(finding) = refused(case) {
            return finding;
        }
        let text = &case.message.text;
        let shown =
            text_shows(&[(text.identity, Ground::NoIdentity), (text.refusal, Ground::NoRefusalMethod)]);
        match (shown.strict, case.message.refusal_free) {
            (anning_vocab::Answer::Met, Known::No) => Finding::breached(Ground::RefusalNotFree),
            (anning_vocab::Answer::Met, Known::Unknown) => Finding::unproved(Ground::FactNotRecorded),
            _ => shown,
        }
    })
}
