//! 通信短信息服务管理规定, MIIT Order 74 (from 2026-05-01). Only parts of its text are loaded.

use anning_vocab::{Answer, Finding, Ground};

use super::ground::{Accepts, protects_anyone, to_send};
use super::miit31;
use crate::rule::Case;

/// 十二: the sender's number is carried whole, true and exact.
pub fn number(case: &Case<'_>) -> Finding {
    miit31::sender_number(case.message.sender_number)
}

/// 十三: times and both numbers are logged and kept for six months.
pub fn log(case: &Case<'_>) -> Finding {
    miit31::log(case)
}

/// 二十一 to 二十三, text not loaded: proof of consent or request is reported to be demanded.
///
/// Met on proved evidence, otherwise unclear; never the repealed text of Order 31.
pub fn commercial(case: &Case<'_>) -> Finding {
    let finding = protects_anyone(case, || to_send(case, Accepts::ConsentOrRequest));
    match finding.strict {
        Answer::Met => Finding::met(finding.ground),
        Answer::Breached | Answer::Unproved | Answer::Unclear | Answer::NotApplicable => {
            Finding::unclear(Ground::TextNotLoaded)
        }
    }
}
