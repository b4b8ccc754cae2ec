//! The message in evidence: its facts by the columns of `spec/input.md`, and its text.

use std::borrow::Cow;

use anning_ledger::sheet::{Intern, NameOf, Table, code, named, said};
use anning_ledger::{FieldError, Fields, Item, Order, Value};
use anning_vocab::{
    AgeBand, Audience, Basis, BrandId, CampaignId, Channel, ContentKind, Declared, Known, Message, Parties,
    PartyId, PortId, PortUse, Purpose, RecipientKind, Region, SenderNumber, SignatureId, Timestamp,
};

/// Appends the message by name.
pub(super) fn write(
    message: &Message,
    text: Option<&str>,
    name: NameOf<'_>,
    out: &mut Vec<u8>,
) -> Result<(), FieldError> {
    static ORDER: Order<{ FACTS + PARTIES.len() + FLAGS.len() }> = Order::new();
    let unless = |silent: bool, code: &'static str| (!silent).then_some(Item::Text(Cow::Borrowed(code)));
    let word = |code: &'static str| Some(Item::Text(Cow::Borrowed(code)));
    let facts = [
        ("sent_at", Some(Item::Int(message.sent_at.millis()))),
        ("channel", word(message.channel.code())),
        ("kind", message.kind.map(|kind| Item::Text(Cow::Borrowed(kind.code())))),
        ("purpose", word(message.purpose.code())),
        ("declared", unless(message.declared == Declared::Unknown, message.declared.code())),
        ("brand", named(name, Table::Brand, "brand", message.brand.map(|id| id.0))?),
        ("signature", named(name, Table::Signature, "signature", message.signature.map(|id| id.0))?),
        ("port", named(name, Table::Port, "port", message.port.map(|id| id.0))?),
        ("campaign", named(name, Table::Campaign, "campaign", message.campaign.map(|id| id.0))?),
        ("wording", named(name, Table::Wording, "wording", message.wording)?),
        ("port_use", unless(message.port_use == PortUse::Unknown, message.port_use.code())),
        ("sender_number_state", word(message.sender_number.code())),
        ("audience", unless(message.audience == Audience::Unknown, message.audience.code())),
        ("basis", unless(message.basis == Basis::Unstated, message.basis.code())),
        ("region", unless(message.region == Region::Elsewhere, message.region.code())),
        ("recipient_kind", word(message.recipient.code())),
        ("age", unless(message.age == AgeBand::Unknown, message.age.code())),
        ("text", text.map(|text| Item::Text(Cow::Borrowed(text)))),
    ];
    let mut entries = [const { ("", None) }; FACTS + PARTIES.len() + FLAGS.len()];
    // The places come second: a zip takes from its first side before it looks whether the second has any left.
    let mut places = entries.iter_mut();
    facts.into_iter().zip(places.by_ref()).for_each(|(fact, place)| *place = fact);
    for ((column, get, _), place) in PARTIES.into_iter().zip(places.by_ref()) {
        *place = (column, named(name, Table::Party, column, get(&message.parties).map(|id| id.0))?);
    }
    for ((column, get, _), place) in FLAGS.into_iter().zip(places.by_ref()) {
        let flag = match get(message) {
            Known::Unknown => None,
            Known::Yes => Some(Item::Flag(true)),
            Known::No => Some(Item::Flag(false)),
        };
        *place = (column, flag);
    }
    debug_assert!(places.next().is_none(), "a place each");
    ORDER.write(&entries, out);
    Ok(())
}

/// Reads a message and its text.
pub(super) fn from_value(value: Value, intern: Intern<'_>) -> Result<(Message, Option<String>), FieldError> {
    let mut fields = Fields::of("message", value)?;
    let mut id = |fields: &mut Fields, table, column| {
        fields.maybe(column, |value| value.into_text().map(|name| intern(table, &name)))
    };
    let sent_at = Timestamp::from_millis(fields.must("sent_at", Value::into_int)?);
    let mut message = Message::new(sent_at, fields.must("channel", code(Channel::from_code))?);
    message.brand = id(&mut fields, Table::Brand, "brand")?.map(BrandId);
    message.signature = id(&mut fields, Table::Signature, "signature")?.map(SignatureId);
    message.port = id(&mut fields, Table::Port, "port")?.map(PortId);
    message.campaign = id(&mut fields, Table::Campaign, "campaign")?.map(CampaignId);
    message.wording = id(&mut fields, Table::Wording, "wording")?;
    for (column, _, put) in PARTIES {
        put(&mut message.parties, id(&mut fields, Table::Party, column)?.map(PartyId));
    }
    for (column, _, put) in FLAGS {
        put(&mut message, Known::from_option(fields.maybe(column, Value::into_flag)?));
    }
    message.kind = fields.maybe("kind", code(ContentKind::from_code))?;
    message.purpose = fields.must("purpose", code(Purpose::from_code))?;
    message.declared = said(&mut fields, "declared", Declared::from_code, Declared::Unknown)?;
    message.port_use = said(&mut fields, "port_use", PortUse::from_code, PortUse::Unknown)?;
    message.sender_number = fields.must("sender_number_state", code(SenderNumber::from_code))?;
    message.audience = said(&mut fields, "audience", Audience::from_code, Audience::Unknown)?;
    message.basis = said(&mut fields, "basis", Basis::from_code, Basis::Unstated)?;
    message.region = said(&mut fields, "region", Region::from_code, Region::Elsewhere)?;
    message.recipient = fields.must("recipient_kind", code(RecipientKind::from_code))?;
    message.age = said(&mut fields, "age", AgeBand::from_code, AgeBand::Unknown)?;
    let text = fields.maybe("text", Value::into_text)?;
    fields.end()?;
    Ok((message, text))
}

/// Facts that are neither parties nor flags.
const FACTS: usize = 18;

type Party = (&'static str, fn(&Parties) -> Option<PartyId>, fn(&mut Parties, Option<PartyId>));

const PARTIES: [Party; 5] = [
    ("advertiser", |p| p.advertiser, |p, id| p.advertiser = id),
    ("content_provider", |p| p.content_provider, |p, id| p.content_provider = id),
    ("service_provider", |p| p.service_provider, |p, id| p.service_provider = id),
    ("carrier", |p| p.carrier, |p, id| p.carrier = id),
    ("controller", |p| p.controller, |p, id| p.controller = id),
];

type Flag = (&'static str, fn(&Message) -> Known, fn(&mut Message, Known));

const FLAGS: [Flag; 17] = [
    ("online_business", |m| m.online_business, |m, k| m.online_business = k),
    ("shared", |m| m.port_shared, |m, k| m.port_shared = k),
    ("signature_filed", |m| m.filing.signature, |m, k| m.filing.signature = k),
    ("content_provider_filed", |m| m.filing.content_provider, |m, k| m.filing.content_provider = k),
    ("port_filed", |m| m.filing.port, |m, k| m.filing.port = k),
    ("untargeted_option", |m| m.untargeted_option, |m, k| m.untargeted_option = k),
    ("refusal_free", |m| m.refusal_free, |m, k| m.refusal_free = k),
    ("vendor_contract", |m| m.vendor_contract, |m, k| m.vendor_contract = k),
    ("licence", |m| m.licence, |m, k| m.licence = k),
    ("operator_knew", |m| m.operator_knew, |m, k| m.operator_knew = k),
    ("log_kept", |m| m.log_kept, |m, k| m.log_kept = k),
    ("text_identity", |m| m.text.identity, |m, k| m.text.identity = k),
    ("text_contact", |m| m.text.contact, |m, k| m.text.contact = k),
    ("text_refusal", |m| m.text.refusal, |m, k| m.text.refusal = k),
    ("text_ad_label", |m| m.text.ad_label, |m, k| m.text.ad_label = k),
    ("text_code", |m| m.text.code, |m, k| m.text.code = k),
    ("request_states_terms", |m| m.request_states_terms, |m, k| m.request_states_terms = k),
];
