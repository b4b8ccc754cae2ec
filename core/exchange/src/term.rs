//! Our codes and the terms of W3C DPV, both ways.

use anning_vocab::{ActKind, Category, Control, Covers, ProcessingPurpose, Set, Terms};

/// State of a consent, as DPV has it: what a stranger can make of an act.
pub(crate) const fn state(kind: ActKind) -> &'static str {
    match kind {
        ActKind::Asked => "dpv:ConsentRequested",
        ActKind::Given | ActKind::Invited => "dpv:ConsentGiven",
        ActKind::Refused => "dpv:ConsentRefused",
        // DPV: deferred without a decision.
        ActKind::NoAnswer => "dpv:ConsentRequestDeferred",
        ActKind::Withdrawn => "dpv:ConsentWithdrawn",
        ActKind::Renewed => "dpv:RenewedConsentGiven",
        // Of the person who now has the number nothing is known.
        ActKind::Reassigned => "dpv:ConsentUnknown",
    }
}

/// The act behind a state. Nobody but the person acts here: revoked by others, expired, invalidated, unknown are none.
pub(crate) fn kind(state: &str) -> Option<ActKind> {
    match state {
        "dpv:ConsentRequested" => Some(ActKind::Asked),
        "dpv:ConsentGiven" => Some(ActKind::Given),
        "dpv:ConsentRefused" => Some(ActKind::Refused),
        "dpv:ConsentRequestDeferred" => Some(ActKind::NoAnswer),
        "dpv:ConsentWithdrawn" => Some(ActKind::Withdrawn),
        "dpv:RenewedConsentGiven" => Some(ActKind::Renewed),
        _ => None,
    }
}

/// Is it a state of consent at all?
pub(crate) fn is_state(term: &str) -> bool {
    STATES.contains(&term)
}

/// A purpose of processing.
pub(crate) const fn purpose(purpose: ProcessingPurpose) -> &'static str {
    match purpose {
        ProcessingPurpose::Marketing => "dpv:Marketing",
        ProcessingPurpose::Service => "dpv:FulfilmentOfContractualObligation",
        ProcessingPurpose::Personalisation => "dpv:ProvidePersonalisedRecommendations",
        // DPV has no purpose for handing data to another party as such.
        ProcessingPurpose::Provision => "anning:Provision",
        ProcessingPurpose::Analytics => "dpv:ServiceUsageAnalytics",
    }
}

/// Purposes as a stranger sees them: whoever only consents to receive consents to no processing, whatever was named.
pub(crate) fn purposes(terms: &Terms) -> Vec<&'static str> {
    let (receive, processing) = match terms.covers {
        Covers::Receive => (true, false),
        Covers::Process => (false, true),
        Covers::Both => (true, true),
    };
    let named = terms.purposes.into_iter().flat_map(Set::<ProcessingPurpose>::iter).map(purpose);
    let mut all: Vec<&str> = receive.then_some(RECEIVE).into_iter().collect();
    all.extend(named.filter(|_| processing));
    if processing && terms.purposes.is_none_or(Set::is_empty) {
        all.push(UNSAID);
    }
    all
}

/// The purpose behind a term. Narrower and wider terms are not taken for it.
pub(crate) fn purpose_of(term: &str) -> Option<ProcessingPurpose> {
    ProcessingPurpose::ALL.iter().copied().find(|known| purpose(*known) == term)
}

/// A category of personal information.
pub(crate) const fn category(category: Category) -> &'static str {
    match category {
        Category::Contact => "pd:Contact",
        Category::Identity => "pd:Identifying",
        Category::Purchases => "pd:PurchasesAndSpendingHabit",
        Category::Behaviour => "pd:Behavioural",
        Category::Location => "pd:Location",
        Category::Accounts => "pd:FinancialAccount",
        Category::Health => "pd:Health",
        Category::Religion => "pd:Religion",
        Category::Biometrics => "pd:Biometric",
    }
}

/// The category behind a term.
pub(crate) fn category_of(term: &str) -> Option<Category> {
    // Spelt so until DPV 2.1.
    let term = if term == "pd:Behavioral" { "pd:Behavioural" } else { term };
    Category::ALL.iter().copied().find(|known| category(*known) == term)
}

/// How the person acted; none where nobody recorded it.
pub(crate) const fn method(control: Control) -> Option<&'static str> {
    match control {
        Control::NotRecorded => None,
        Control::TickedByRecipient => Some("anning:TickedByRecipient"),
        Control::TickedByDefault => Some("anning:TickedByDefault"),
        Control::Implied => Some("anning:Implied"),
        Control::OwnWords => Some("anning:OwnWords"),
    }
}

/// The control behind a method.
pub(crate) fn control_of(term: &str) -> Option<Control> {
    Control::ALL.iter().copied().find(|control| method(*control) == Some(term))
}

/// A term with its usual prefix, whether it came so or in full.
pub(crate) fn short(term: &str) -> String {
    let full = PREFIXES.iter().find_map(|(prefix, iri)| Some((prefix, term.strip_prefix(iri)?)));
    full.map_or_else(|| term.to_owned(), |(prefix, name)| format!("{prefix}:{name}"))
}

/// Consent to receive commercial messages, as a purpose.
pub(crate) const RECEIVE: &str = "dpv:DirectMarketing";
/// There is a purpose, but nobody recorded which.
pub(crate) const UNSAID: &str = "anning:NotRecorded";
/// Terms that only say of what kind a thing is.
pub(crate) const GENERIC: [&str; 8] = [
    "dpv:Purpose",
    "dpv:PersonalData",
    "dpv:SensitivePersonalData",
    "dpv:SpecialCategoryPersonalData",
    "dpv:DataSubject",
    "dpv:Process",
    "dpv:Notice",
    "dpv:ConsentStatus",
];
const STATES: [&str; 11] = [
    "dpv:ConsentExpired",
    "dpv:ConsentGiven",
    "dpv:ConsentInvalidated",
    "dpv:ConsentRefused",
    "dpv:ConsentRequestDeferred",
    "dpv:ConsentRequested",
    "dpv:ConsentRevoked",
    "dpv:ConsentUnknown",
    "dpv:ConsentWithdrawn",
    "dpv:RenewedConsentGiven",
    "dpv:ConsentStatus",
];
/// Namespaces, as in the published context. The longer ones first: one begins with another.
const PREFIXES: [(&str, &str); 4] = [
    ("pd", "https://w3id.org/dpv/pd#"),
    ("loc", "https://w3id.org/dpv/loc#"),
    ("dpv", "https://w3id.org/dpv#"),
    ("anning", "https://example.org/anning/ns#"),
];

#[cfg(test)]
mod tests {
    use super::{category, category_of, control_of, kind, method, purpose, purpose_of, short, state};
    use anning_vocab::{ActKind, Category, Control, ProcessingPurpose};

    #[test]
    fn terms_lead_back() {
        for one in ProcessingPurpose::ALL {
            assert_eq!(purpose_of(purpose(*one)), Some(*one));
        }
        for one in Category::ALL {
            assert_eq!(category_of(category(*one)), Some(*one));
        }
        for one in Control::ALL {
            assert_eq!(method(*one).and_then(control_of).unwrap_or(Control::NotRecorded), *one);
        }
        assert_eq!(short("https://w3id.org/dpv/pd#Health"), "pd:Health");
        assert_eq!(short("https://w3id.org/dpv#Marketing"), "dpv:Marketing");
    }

    #[test]
    fn no_act_is_widened_by_its_state() {
        for act in ActKind::ALL {
            match kind(state(*act)) {
                Some(read) => assert!(read == *act || (*act == ActKind::Invited && read == ActKind::Given)),
                None => assert_eq!(*act, ActKind::Reassigned),
            }
        }
    }
}
