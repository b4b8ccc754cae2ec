//! What many provisions ask alike: is there a ground to send, and what of refusals?

use anning_vocab::{
    Answer, Basis, Channel, Finding, Grade, Ground, Known, RecipientKind, RefusalReach, Scope, Standing,
    State,
};

use crate::rule::Case;

/// What a text accepts as a ground to send.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Accepts {
    /// 同意或者请求.
    ConsentOrRequest,
    /// 同意 only; a request is not named.
    ConsentOnly,
}

/// Consent (or request) to receive exists before the send and no refusal stands.
///
/// Accepts any recorded consent whatever its form: these texts do not speak of form.
pub fn to_send(case: &Case<'_>, accepts: Accepts) -> Finding {
    let facts = case.facts;
    if let Some(refused) = refused(case) {
        return refused;
    }
    match (facts.invited, accepts) {
        (Some(invited), Accepts::ConsentOrRequest) if invited.grade == Grade::Proved => {
            return Finding::met(Ground::Requested);
        }
        (Some(_) | None, Accepts::ConsentOrRequest | Accepts::ConsentOnly) => {}
    }
    let consent = standing(case, &facts.receive);
    match (facts.invited, accepts, consent.strict) {
        (_, _, Answer::Met) | (None, _, _) => consent,
        (Some(_), Accepts::ConsentOnly, _) => Finding::unclear(Ground::RequestNotNamed),
        (Some(_), Accepts::ConsentOrRequest, _) => Finding::unproved(Ground::AssertedOnly),
    }
}

/// An explicit refusal that stands: a breach when said to this sender.
///
/// Said to another name of the brand it binds by SAMR 37 art 16 and, elsewhere, by policy only. Said to a
/// port whose sender is unmapped or one of several, it cannot be shown to be somebody else's.
pub fn refused(case: &Case<'_>) -> Option<Finding> {
    let refusal = &case.facts.refusal;
    match refusal.reach {
        RefusalReach::None | RefusalReach::Brand => None,
        RefusalReach::Sender if refusal.tie => Some(Finding::breached(Ground::Tie)),
        RefusalReach::Sender if refusal.recorded_late => Some(Finding::breached(Ground::RefusalHadArrived)),
        RefusalReach::Sender => Some(Finding::breached(Ground::Refused)),
        RefusalReach::Port => Some(Finding::unproved(Ground::RefusedOnPort)),
    }
}

/// What one standing shows for this message.
pub fn standing(case: &Case<'_>, standing: &Standing<'_>) -> Finding {
    match standing.state {
        State::Given => match standing.grade {
            Grade::Proved => Finding::met(Ground::Consented),
            Grade::Asserted if standing.learnt_later => Finding::unproved(Ground::LearntLater),
            Grade::Asserted => Finding::unproved(Ground::AssertedOnly),
            Grade::Contradicted => Finding::unproved(Ground::Contradicted),
        },
        State::OutOfScope => out_of_scope(standing),
        // Records kept by the sender against its own interest: they count whatever their grade.
        State::Silent => Finding::breached(Ground::Silence),
        State::Refused => Finding::breached(Ground::Refused),
        // The consent on record is another person's: for this one nothing is on record.
        State::Reassigned => match case.message.basis {
            Basis::None => none(case),
            Basis::Claimed | Basis::Unstated => Finding::unproved(Ground::Reassigned),
        },
        State::NoRecord => none(case),
    }
}

/// Nothing on record: missing proof is no breach, an admission is.
pub fn none(case: &Case<'_>) -> Finding {
    match case.message.basis {
        anning_vocab::Basis::None => Finding::breached(Ground::NoneExisted),
        anning_vocab::Basis::Claimed | anning_vocab::Basis::Unstated => Finding::unproved(Ground::NoRecord),
    }
}

/// A consent with bounds that end before this message. What was agreed with another sender shows
/// nothing about this one; the other bounds are shown by a proved record and only claimed by an import.
fn out_of_scope(standing: &Standing<'_>) -> Finding {
    let ground = scope_ground(standing);
    // A page without a seal is the sender's own statement: what it shows against the sender is an admission.
    let admitted =
        standing.held && !standing.learnt_later && standing.terms.is_some_and(|t| t.page.is_some());
    match standing.grade {
        Grade::Proved if ground != Ground::OtherSender => Finding::breached(ground),
        Grade::Asserted if admitted && ground != Ground::OtherSender => Finding::breached(ground),
        Grade::Proved | Grade::Asserted | Grade::Contradicted => Finding::unproved(ground),
    }
}

/// The first bound that is passed, in the order in which a reader would look.
pub fn scope_ground(standing: &Standing<'_>) -> Ground {
    let order = [
        (Scope::Sender, Ground::OtherSender),
        (Scope::Channel, Ground::OtherChannel),
        (Scope::Kind, Ground::OtherKind),
        (Scope::Purpose, Ground::OtherPurpose),
        (Scope::Category, Ground::OtherPurpose),
        (Scope::Period, Ground::Lapsed),
        (Scope::Frequency, Ground::TooOften),
    ];
    order.into_iter().find(|(scope, _)| standing.beyond.has(*scope)).map_or(Ground::OtherPurpose, |(_, g)| g)
}

/// A yes-or-no fact: yes is met, no is a breach, unknown unproved.
pub const fn fact(fact: Known, breach: Ground) -> Finding {
    match fact {
        Known::Yes => Finding::met(Ground::Complied),
        Known::No => Finding::breached(breach),
        Known::Unknown => Finding::unproved(Ground::FactNotRecorded),
    }
}

/// What the text must show, all of it; a text that was not kept shows nothing.
pub fn text_shows(parts: &[(Known, Ground)]) -> Finding {
    if let Some((_, ground)) = parts.iter().find(|(known, _)| *known == Known::No) {
        return Finding::breached(*ground);
    }
    let kept = parts.iter().any(|(known, _)| *known != Known::Unknown);
    if let Some((_, ground)) = parts.iter().find(|(known, _)| *known == Known::Unknown) {
        return Finding::unproved(if kept { *ground } else { Ground::TextNotKept });
    }
    Finding::met(Ground::Complied)
}

/// Provisions that protect consumers or natural persons do not reach an organisation's line.
pub fn protects_persons(case: &Case<'_>, finding: impl FnOnce() -> Finding) -> Finding {
    match case.message.recipient {
        RecipientKind::Person => finding(),
        RecipientKind::Foreign => abroad(finding()),
        RecipientKind::Organisation => Finding::NOT_APPLICABLE,
    }
}

/// Provisions that protect "the recipient": whether an organisation is meant is open.
pub fn protects_anyone(case: &Case<'_>, finding: impl FnOnce() -> Finding) -> Finding {
    match case.message.recipient {
        RecipientKind::Person => finding(),
        RecipientKind::Foreign => abroad(finding()),
        RecipientKind::Organisation => doubted(finding(), Ground::Organisation),
    }
}

/// Whether the text reaches a recipient outside the mainland is open: its breach is unclear.
fn abroad(finding: Finding) -> Finding {
    doubted(finding, finding.ground)
}

/// The same finding where the text may not reach: what would be a breach is unclear.
pub fn doubted(finding: Finding, ground: Ground) -> Finding {
    let soften = |answer| if answer == Answer::Breached { Answer::Unclear } else { answer };
    let (strict, lenient) = (soften(finding.strict), soften(finding.lenient));
    let ground = if strict == finding.strict && lenient == finding.lenient { finding.ground } else { ground };
    Finding { strict, lenient, ground }
}

/// By analogy only (Order 31 art 38) for instant messages.
pub fn by_analogy_for_im(case: &Case<'_>, finding: Finding) -> Finding {
    if case.message.channel == Channel::Im { doubted(finding, Ground::ByAnalogy) } else { finding }
}
