//! 通信短信息服务管理规定, MIIT Order 31 (2015-06-30 to 2026-04-30).

use anning_vocab::{AskedBefore, Finding, Ground, Known, PortUse, SenderNumber};

use super::ground::{Accepts, by_analogy_for_im, fact, protects_anyone, text_shows, to_send};
use crate::rule::Case;

/// 十八(1): no commercial short message without consent or request; stop on refusal.
pub fn consent(case: &Case<'_>) -> Finding {
    let finding = protects_anyone(case, || to_send(case, Accepts::ConsentOrRequest));
    by_analogy_for_im(case, finding)
}

/// 十八(2): a request for consent states type, frequency and period; none is repeated with the same or
/// similar content after silence or refusal.
pub fn request(case: &Case<'_>) -> Finding {
    match case.facts.asked {
        AskedBefore::Silence | AskedBefore::Refusal => return Finding::breached(Ground::AskedAgain),
        AskedBefore::No | AskedBefore::OtherWording => {}
    }
    match case.message.request_states_terms {
        Known::Yes => Finding::met(Ground::Complied),
        Known::No => Finding::breached(Ground::RequestIncomplete),
        Known::Unknown => Finding::unproved(Ground::TextNotKept),
    }
}

/// 十八(3): the carrier ensures that recipients of port-class messages consented or asked.
pub fn carrier(case: &Case<'_>) -> Finding {
    if case.message.port.is_none() {
        return Finding::unproved(Ground::SenderNumberNotKept);
    }
    consent(case)
}

/// 十九: a port for service messages carries no commercial ones.
pub fn port(case: &Case<'_>) -> Finding {
    match case.message.port_use {
        PortUse::ServiceOnly => Finding::breached(Ground::ServicePort),
        PortUse::Commercial => Finding::met(Ground::Complied),
        PortUse::Unknown => Finding::unproved(Ground::FactNotRecorded),
    }
}

/// 二十: an easy and effective way to refuse is told in the message, without obstacle.
pub fn refusal(case: &Case<'_>) -> Finding {
    match (case.message.text.refusal, case.message.refusal_free) {
        // A charge is an obstacle to some readers of 不得以任何形式设置障碍 and a tariff to others.
        (Known::Yes, Known::No) => Finding::unclear(Ground::RefusalNotFree),
        (told, _) => text_shows(&[(told, Ground::NoRefusalMethod)]),
    }
}

/// 二十一: the message names its content provider.
pub fn label(case: &Case<'_>) -> Finding {
    text_shows(&[(case.message.text.identity, Ground::NoIdentity)])
}

/// 十一: the sender's number goes with the message and is true.
pub fn number(case: &Case<'_>) -> Finding {
    sender_number(case.message.sender_number)
}

/// What the state of the sender number shows.
pub const fn sender_number(state: SenderNumber) -> Finding {
    match state {
        SenderNumber::True => Finding::met(Ground::Complied),
        SenderNumber::Missing | SenderNumber::False => Finding::breached(Ground::FalseSenderNumber),
        SenderNumber::NotKept => Finding::unproved(Ground::SenderNumberNotKept),
    }
}

/// 十二: times, both numbers and, for ports, the content are logged and kept.
pub fn log(case: &Case<'_>) -> Finding {
    match (case.message.log_kept, case.message.sender_number) {
        (Known::No, _) => Finding::breached(Ground::LogNotKept),
        // Past the five months nothing need be left: a gap today shows no breach then.
        (Known::Unknown, SenderNumber::NotKept) => Finding::unproved(Ground::SenderNumberNotKept),
        (Known::Yes | Known::Unknown, _) => Finding::met(Ground::Complied),
    }
}

/// 六(1): who runs a short-message service holds a telecom licence.
pub fn licence(case: &Case<'_>) -> Finding {
    fact(case.message.licence, Ground::NoLicence)
}
