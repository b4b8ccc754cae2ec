//! 互联网电子邮件服务管理办法 (2006).

use anning_vocab::{Answer, Control, Finding, Ground};

use super::ground::{Accepts, refused, text_shows, to_send};
use crate::rule::Case;

/// 十三(2): no e-mail with commercial content without the recipient's explicit consent (明确同意).
pub fn consent(case: &Case<'_>) -> Finding {
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
}

/// 十三(3): 广告 or AD stands at the head of the subject.
pub fn label(case: &Case<'_>) -> Finding {
    text_shows(&[(case.message.text.ad_label, Ground::NoAdLabel)])
}

/// 十四: stop on refusal; offer an address for refusing that lives 30 days.
pub fn refusal(case: &Case<'_>) -> Finding {
    refused(case).unwrap_or_else(|| text_shows(&[(case.message.text.refusal, Ground::NoRefusalMethod)]))
}
