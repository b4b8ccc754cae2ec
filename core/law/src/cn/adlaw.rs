//! 广告法.

use anning_vocab::{Channel, Finding, Ground, Known};

use super::ground::{Accepts, doubted, protects_anyone, text_shows, to_send};
use crate::rule::Case;

/// 四十三(1): no advertisement to home or by electronic information without consent or request.
pub fn consent(case: &Case<'_>) -> Finding {
    let finding = protects_anyone(case, || to_send(case, Accepts::ConsentOrRequest));
    // Whether a voice call is 电子信息方式 is argued.
    if case.message.channel == Channel::Call { doubted(finding, Ground::CallArgued) } else { finding }
}

/// 四十三(2): true sender identity and contact are stated, and a way to refuse is offered.
pub fn identity(case: &Case<'_>) -> Finding {
    let text = &case.message.text;
    if case.message.channel == Channel::Call {
        return Finding::unclear(Ground::CallArgued);
    }
    protects_anyone(case, || {
        text_shows(&[
            (text.identity, Ground::NoIdentity),
            // The refusal code answers to the port: a way to reach the sender as well.
            (either(text.contact, text.refusal), Ground::NoContact),
            (text.refusal, Ground::NoRefusalMethod),
        ])
    })
}

/// 四十五: an operator that knows or should know stops unlawful advertisements on its channel.
pub fn operator(case: &Case<'_>) -> Finding {
    match case.message.operator_knew {
        // Knowing is the condition; without it there is no duty to judge.
        Known::Unknown | Known::No => Finding::NOT_APPLICABLE,
        Known::Yes => {
            let ban = consent(case);
            match ban.strict {
                anning_vocab::Answer::Breached => Finding::breached(Ground::OperatorKnew),
                anning_vocab::Answer::Met => Finding::met(Ground::Complied),
                anning_vocab::Answer::Unproved => Finding::unproved(ban.ground),
                anning_vocab::Answer::Unclear | anning_vocab::Answer::NotApplicable => {
                    Finding::unclear(ban.ground)
                }
            }
        }
    }
}

const fn either(a: Known, b: Known) -> Known {
    match (a, b) {
        (Known::Yes, _) | (_, Known::Yes) => Known::Yes,
        (Known::No, Known::No) => Known::No,
        (Known::Unknown | Known::No, Known::Unknown | Known::No) => Known::Unknown,
    }
}
