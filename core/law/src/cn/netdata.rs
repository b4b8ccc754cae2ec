//! 网络数据安全管理条例 (from 2025-01-01), with 算法推荐管理规定 17, which asks for the same switch.

use anning_vocab::{AskedBefore, Basis, Finding, Ground, State};

use super::ground::{protects_persons, scope_ground, standing};
use super::pipl;
use crate::rule::Case;

/// 二十二(1)(4): consent not obtained by misleading or coercion, and not exceeded.
pub fn consent(case: &Case<'_>) -> Finding {
    let process = &case.facts.process;
    protects_persons(case, || match (process.state, process.terms) {
        (State::OutOfScope, _) if scope_ground(process) != Ground::OtherSender => standing(case, process),
        (State::Given, Some(terms)) if terms.forced == Some(true) => Finding::breached(Ground::Forced),
        (State::Given, Some(_)) => standing(case, process),
        (State::NoRecord | State::Reassigned | State::OutOfScope, _) => match case.message.basis {
            // Not processed on consent at all: cn/pipl/13 answers.
            Basis::None => Finding::NOT_APPLICABLE,
            Basis::Claimed | Basis::Unstated => Finding::unproved(Ground::NoRecord),
        },
        // Whether processing went on against a no is the question of cn/pipl/14 and 15.
        (State::Given | State::Refused | State::Silent, _) => Finding::NOT_APPLICABLE,
    })
}

/// 二十二(5): no frequent asking after an explicit refusal to processing. "Frequent" has no number.
pub fn reask(case: &Case<'_>) -> Finding {
    match (case.facts.asked, case.facts.asked_since_refusal) {
        (AskedBefore::Refusal, 0) => Finding::unclear(Ground::AskedAgain),
        (AskedBefore::Refusal, _) => Finding::breached(Ground::AskedAgain),
        (AskedBefore::No | AskedBefore::Silence | AskedBefore::OtherWording, _) => {
            Finding::met(Ground::Complied)
        }
    }
}

/// 十二(1): giving or entrusting data rests on a contract; records kept three years.
pub fn records(case: &Case<'_>) -> Finding {
    let entrusted = pipl::entrust(case);
    if case.facts.provided_by_another && entrusted == Finding::NOT_APPLICABLE {
        return Finding::unproved(Ground::FactNotRecorded);
    }
    entrusted
}

/// 四十二: a platform that pushes by automated decision offers a switch.
pub fn push(case: &Case<'_>) -> Finding {
    option_offered(case)
}

/// 算法规定十七(1): an untargeted option or an easy switch.
pub fn algo_switch(case: &Case<'_>) -> Finding {
    option_offered(case)
}

fn option_offered(case: &Case<'_>) -> Finding {
    if !case.message.audience.is_automated() {
        return Finding::NOT_APPLICABLE;
    }
    // The switch is one for personalisation: a way to refuse messages in their text is not it.
    protects_persons(case, || super::ground::fact(case.message.untargeted_option, Ground::NoUntargetedOption))
}
