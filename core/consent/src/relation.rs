//! To whom an act speaks: this sender, its brand, its port, or somebody else.

use anning_vocab::{Known, Message, PartyId, Terms};

use crate::World;
use crate::brand::Member;

/// How an act relates to the sender of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// To this sender, or to nobody by name: then the keeper of the record is meant.
    Sender,
    /// To another name of the same brand.
    Brand,
    /// To the port, whose sender is unmapped or one of several.
    Port,
    /// To somebody else.
    Other,
}

/// Consent does not travel: affiliates are third parties (cn/samr37/13). It reaches the sender named in it
/// and the party named in a consent to provision.
pub fn of_consent(terms: &Terms, message: &Message) -> Relation {
    let named = |party: Option<PartyId>| party.is_some() && is_sender(party, message);
    if named(terms.controller) || terms.provision.is_some_and(|p| named(p.recipient)) {
        return Relation::Sender;
    }
    match (terms.controller, terms.brand) {
        (None, None) => Relation::Sender,
        (None, Some(brand)) if message.brand == Some(brand) => Relation::Sender,
        (Some(_) | None, _) => Relation::Other,
    }
}

/// Refusal travels: with the brand, and with a port whose sender cannot be told.
pub fn of_refusal(world: &World, terms: &Terms, message: &Message) -> Relation {
    if terms.controller.is_some() && is_sender(terms.controller, message) {
        return Relation::Sender;
    }
    if terms.controller.is_none() && terms.brand.is_none() && terms.port.is_none() {
        return Relation::Sender;
    }
    if let Some(brand) = message.brand {
        let on = message.sent_at.date();
        let same = terms.brand == Some(brand)
            || terms.controller.is_some_and(|p| world.brands.brand_of(Member::Party(p), on) == Some(brand));
        if same {
            return if terms.controller.is_none() { Relation::Sender } else { Relation::Brand };
        }
    }
    let same_port = terms.port.is_some() && terms.port == message.port;
    // A port on which the record shows another brand may serve several senders; unknown is not no.
    if same_port
        && terms.controller.is_none()
        && terms.brand.is_some()
        && message.port_shared == Known::Unknown
    {
        return Relation::Port;
    }
    match (same_port, terms.controller) {
        // A reply to a port of one sender is a reply to that sender.
        (true, None) if message.port_shared != Known::Yes && message.brand.is_some() => Relation::Sender,
        (true, _) if message.port_shared == Known::Yes || message.brand.is_none() => Relation::Port,
        (true | false, _) => Relation::Other,
    }
}

/// Consent to processing speaks to the controller of the data or to the sender.
pub fn of_processing(terms: &Terms, message: &Message) -> Relation {
    if terms.controller.is_some() && terms.controller == message.parties.controller {
        return Relation::Sender;
    }
    of_consent(terms, message)
}

fn is_sender(party: Option<PartyId>, message: &Message) -> bool {
    match (message.parties.advertiser, message.parties.content_provider) {
        (None, None) => party == message.parties.controller,
        (advertiser, content_provider) => party == advertiser || party == content_provider,
    }
}
