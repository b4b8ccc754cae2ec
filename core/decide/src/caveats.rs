//! What the reader of a decision must be told besides the findings.

use anning_law::ProvisionId;
use anning_vocab::{
    Answer, Caveat, Caveats, Class, Control, Declared, Facts, Known, Message, RecipientKind, RefusalReach,
    State,
};

use crate::decision::{Judged, Treatment};

/// The caveats of one decision.
pub(crate) fn of(
    message: &Message,
    class: Class,
    facts: &Facts<'_>,
    treatment: Treatment,
    judged: &Judged,
) -> Caveats {
    let mut caveats = Caveats::EMPTY;
    let mut tell = |when: bool, caveat| {
        if when {
            caveats = caveats.union(Caveats::of(&[caveat]));
        }
    };
    tell(class == Class::Borderline, Caveat::Borderline);
    tell(message.recipient == RecipientKind::Foreign, Caveat::ForeignRecipient);
    tell(message.recipient == RecipientKind::Organisation, Caveat::OrganisationLine);
    let offers = matches!(class, Class::Commercial | Class::Mixed);
    tell(offers && message.text.code == Known::Yes, Caveat::CodeWithOffer);
    tell(offers && matches!(message.declared, Declared::Service | Declared::Code), Caveat::DeclaredOtherwise);
    if treatment == Treatment::Outside {
        return caveats;
    }
    let findings = &judged.findings;
    tell(judged.unread, Caveat::Order74NotLoaded);
    tell(treatment == Treatment::Commercial && !judged.loaded_ban, Caveat::NoLoadedBan);
    tell(facts.refusal.reach == RefusalReach::Port, Caveat::WidestRefusal);
    // SAMR 37 art 16 alone says that refusal follows the brand.
    let by_law = findings.strict.answer(ProvisionId::Samr37Refusal) == Answer::Breached;
    tell(facts.refusal.reach == RefusalReach::Brand && !by_law, Caveat::BrandByPolicy);
    let filing = [message.filing.signature, message.filing.content_provider, message.filing.port];
    if message.channel.is_short_message() && message.port.is_some() {
        tell(filing.contains(&Known::No), Caveat::NotFiled);
        tell(!filing.contains(&Known::No) && filing.contains(&Known::Unknown), Caveat::FilingUnknown);
    }
    let form = facts.receive.terms.map(|terms| terms.control);
    let formless = matches!(form, Some(Control::TickedByDefault | Control::Implied));
    tell(formless && facts.receive.state == State::Given, Caveat::FormNotJudged);
    let both = ProvisionId::AdlawConsent.bit() | ProvisionId::CrplConsent.bit();
    tell(findings.strict.breached & both == both, Caveat::SubsidiarityOpen);
    caveats
}
