//! 个人信息保护法 (from 2021-11-01).

use anning_vocab::{
    AgeBand, Answer, Audience, Bundling, Control, Finding, Grade, Ground, Known, Notice, Prominence,
    Standing, State, Terms,
};

use super::ground::{protects_persons, scope_ground, standing};
use crate::rule::Case;

/// 十三, 十四: processing rests on consent given voluntarily, explicitly and fully informed.
///
/// Consent given before the law and used after it is argued: judged by the law of the act, or of the
/// use. Both answers are kept. A page record that shows against a consent is heard whenever it was made and
/// whatever the sender's own record says: only to show *for* it must the evidence be older than the send.
pub fn consent(case: &Case<'_>) -> Finding {
    protects_persons(case, || {
        let process = &case.facts.process;
        let existence = standing(case, process);
        let Some(terms) = process.terms else {
            return existence;
        };
        let quality = quality(terms);
        let page_shows = process.state == State::Given && process.held && terms.page.is_some();
        let against = page_shows && quality.strict == Answer::Breached;
        if existence.strict != Answer::Met && !against {
            return existence;
        }
        if quality.strict == Answer::Breached && process.at.date() < case.in_force_from {
            return Finding::argued(Answer::Breached, Answer::Met, quality.ground);
        }
        quality
    })
}

/// Voluntary, explicit, informed: facts that show otherwise, then facts that are missing.
pub fn quality(terms: &Terms) -> Finding {
    match (terms.control, terms.bundling, terms.prominence, terms.forced) {
        (Control::TickedByDefault, ..) => Finding::breached(Ground::TickedByDefault),
        (Control::Implied, ..) => Finding::breached(Ground::Implied),
        (_, _, _, Some(true)) => Finding::breached(Ground::Forced),
        (_, Bundling::WithTerms | Bundling::WithOtherConsents, ..) => Finding::breached(Ground::Bundled),
        (_, _, Prominence::Buried, _) => Finding::breached(Ground::Buried),
        (Control::NotRecorded, ..) | (_, Bundling::NotRecorded, ..) => {
            Finding::unproved(Ground::FormNotRecorded)
        }
        (Control::TickedByRecipient | Control::OwnWords, Bundling::Separate, _, _) => {
            informed(terms.notice.as_ref())
        }
    }
}

/// 充分知情: what the person saw states purpose, method and categories.
fn informed(notice: Option<&Notice>) -> Finding {
    let Some(notice) = notice else {
        return Finding::unproved(Ground::NoticeNotRecorded);
    };
    let parts = [notice.names_controller, notice.states_purpose, notice.states_categories];
    complete(&parts)
}

/// Every part stated, or the first answer that is not.
fn complete(parts: &[Option<bool>]) -> Finding {
    if parts.contains(&Some(false)) {
        return Finding::breached(Ground::NoticeIncomplete);
    }
    if parts.contains(&None) {
        return Finding::unproved(Ground::NoticeNotRecorded);
    }
    Finding::met(Ground::Consented)
}

/// 十五: no processing on a consent that was withdrawn; what went before stays valid.
pub fn withdrawal(case: &Case<'_>) -> Finding {
    let process = &case.facts.process;
    protects_persons(case, || match process.state {
        State::Refused => Finding::breached(Ground::Refused),
        State::Given | State::OutOfScope => Finding::met(Ground::Complied),
        State::NoRecord | State::Silent | State::Reassigned => Finding::NOT_APPLICABLE,
    })
}

/// 十六: service is not refused for want of consent, save where processing is necessary for it.
pub fn no_forcing(case: &Case<'_>) -> Finding {
    let process = &case.facts.process;
    let (Some(terms), State::Given | State::OutOfScope) = (process.terms, process.state) else {
        return Finding::NOT_APPLICABLE;
    };
    protects_persons(case, || match terms.forced {
        // Marketing is never necessary for the service itself.
        Some(true) => since_in_force(case, process, Finding::breached(Ground::Forced)),
        Some(false) => Finding::met(Ground::Complied),
        None => Finding::unproved(Ground::FactNotRecorded),
    })
}

/// 十七: before processing, the person is told name, contact, purpose, method, categories, retention, rights.
pub fn notice(case: &Case<'_>) -> Finding {
    let process = &case.facts.process;
    protects_persons(case, || {
        // The duty is the processor's own: it does not wait for a consent.
        let Some(notice) = process.terms.and_then(|terms| terms.notice) else {
            return Finding::unproved(Ground::NoticeNotRecorded);
        };
        let told = complete(&[
            notice.names_controller,
            notice.states_purpose,
            notice.states_categories,
            notice.states_retention,
            notice.states_rights,
        ]);
        match told.strict {
            Answer::Met => Finding::met(Ground::NoticeComplete),
            // Told before processing: an old, thin notice is no notice for processing today.
            Answer::Breached | Answer::Unproved | Answer::Unclear | Answer::NotApplicable => told,
        }
    })
}

/// 二十一: a vendor that sends for the processor has its contract.
pub fn entrust(case: &Case<'_>) -> Finding {
    let parties = &case.message.parties;
    let entrusted = match (parties.service_provider, case.message.sender()) {
        (Some(vendor), Some(sender)) => vendor != sender,
        (Some(_) | None, _) => false,
    };
    if !entrusted {
        return Finding::NOT_APPLICABLE;
    }
    protects_persons(case, || super::ground::fact(case.message.vendor_contract, Ground::NoVendorContract))
}

/// 二十三: data from another controller need separate consent naming recipient, contact, purpose, method
/// and categories.
pub fn provision(case: &Case<'_>) -> Finding {
    if !case.facts.provided_by_another {
        return Finding::NOT_APPLICABLE;
    }
    protects_persons(case, || {
        let given = &case.facts.provision;
        match (given.state, given.terms.and_then(|terms| terms.provision)) {
            (State::Given, Some(named)) => {
                if named.separate == Some(false) {
                    return Finding::breached(Ground::NoSeparateConsent);
                }
                let stated = [
                    named.recipient.map(|r| Some(r) == case.message.sender()),
                    named.contact,
                    named.purpose_and_method,
                    named.categories,
                ];
                if named.recipient.is_none() || stated.contains(&Some(false)) {
                    return Finding::breached(Ground::ProvisionIncomplete);
                }
                if stated.contains(&None) || named.separate.is_none() || given.grade != Grade::Proved {
                    return Finding::unproved(Ground::FormNotRecorded);
                }
                Finding::met(Ground::SeparateConsent)
            }
            (State::Refused, _) => Finding::breached(Ground::Refused),
            (State::OutOfScope, _) => Finding::breached(scope_ground(given)),
            _ => match case.message.basis {
                anning_vocab::Basis::None => Finding::breached(Ground::NoneExisted),
                anning_vocab::Basis::Claimed | anning_vocab::Basis::Unstated => {
                    Finding::unproved(Ground::NoSeparateConsent)
                }
            },
        }
    })
}

/// 二十四(2): marketing by automated decision comes with an untargeted option or an easy refusal.
pub fn automated(case: &Case<'_>) -> Finding {
    let message = case.message;
    if message.audience == Audience::Unknown || !message.audience.is_automated() {
        return Finding::NOT_APPLICABLE;
    }
    protects_persons(case, || match (message.untargeted_option, message.text.refusal) {
        (Known::Yes, _) | (_, Known::Yes) => Finding::met(Ground::Complied),
        (Known::No, Known::No) => Finding::breached(Ground::NoUntargetedOption),
        (Known::Unknown | Known::No, Known::Unknown | Known::No) => {
            Finding::unproved(Ground::FactNotRecorded)
        }
    })
}

/// 二十八, 二十九: sensitive personal information needs separate consent.
pub fn sensitive(case: &Case<'_>) -> Finding {
    if case.message.audience != Audience::SensitiveTags {
        return Finding::NOT_APPLICABLE;
    }
    protects_persons(case, || {
        let process = &case.facts.process;
        match (process.state, process.terms, process.grade) {
            (State::Given, Some(terms), grade) => match (terms.bundling, terms.control, terms.categories) {
                (Bundling::WithTerms | Bundling::WithOtherConsents, ..)
                | (_, Control::TickedByDefault | Control::Implied, _) => {
                    Finding::breached(Ground::SensitiveTags)
                }
                (Bundling::Separate, _, Some(named))
                    if !named.iter().any(anning_vocab::Category::is_sensitive) =>
                {
                    Finding::breached(Ground::SensitiveTags)
                }
                (Bundling::Separate, _, Some(_)) if grade == Grade::Proved => {
                    Finding::met(Ground::SeparateConsent)
                }
                (Bundling::Separate | Bundling::NotRecorded, ..) => Finding::unproved(Ground::SensitiveTags),
            },
            (State::Refused | State::Silent | State::Reassigned | State::OutOfScope, ..) => {
                Finding::breached(Ground::SensitiveTags)
            }
            (State::Given, None, _) | (State::NoRecord, ..) => super::ground::none(case),
        }
    })
}

/// 三十一(1): under 14, a parent or guardian consents.
pub fn under_14(case: &Case<'_>) -> Finding {
    match case.facts.age {
        AgeBand::Unknown | AgeBand::Adult | AgeBand::Minor => Finding::NOT_APPLICABLE,
        AgeBand::Under14 => match case.facts.guardian {
            Some(true) => Finding::met(Ground::Consented),
            Some(false) => Finding::breached(Ground::NoGuardianConsent),
            None => Finding::unproved(Ground::NoGuardianConsent),
        },
    }
}

/// A fault in an act older than the law is argued.
fn since_in_force(case: &Case<'_>, standing: &Standing<'_>, finding: Finding) -> Finding {
    if standing.at.date() < case.in_force_from {
        Finding::argued(finding.strict, Answer::Met, finding.ground)
    } else {
        finding
    }
}
