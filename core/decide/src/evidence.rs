//! Everything that was decided on, openable: its hash stands in the record, and from it anyone decides again.
//!
//! The sealed body of a decision is this evidence. Whoever it is opened to can hash it, compare it with the
//! record of a receipt, and ask [`crate::recompute`].

mod codes;
mod message;
mod policy;

use anning_consent::{BrandAssertion, Member, Prior, World};
use anning_ledger::sheet::{self, Intern, NameOf, Names, Table, code, day, named};
use anning_ledger::{FieldError, Fields, Hash, Suite, Value};
use anning_vocab::{
    Act, ActKind, BrandId, Channel, Class, ContentKind, Date, Interval, Message, Origin, PartyId, PortId,
    RecipientKey, SignatureId, Terms, TermsId, Timestamp,
};

use crate::house::Policy;
use crate::record::Sealed;

/// Everything that one decision rested on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Random bytes that keep the hashes in the record from being guessed; drawn by the caller.
    pub blind: [u8; 16],
    /// Who it was for.
    pub recipient: RecipientKey,
    /// The message's facts.
    pub message: Message,
    /// Its text, if it was kept.
    pub text: Option<String>,
    /// What it was taken to be.
    pub class: Class,
    /// The class was read from the text by the judge; otherwise the caller handed it in.
    pub judged: bool,
    /// Terms that the acts point into.
    pub terms: Vec<Terms>,
    /// The recipient's acts, in order of occurrence.
    pub acts: Vec<Act>,
    /// Brand assertions in force for the names involved.
    pub brands: Vec<BrandAssertion>,
    /// Earlier sends that could count, in order of time.
    pub priors: Vec<Prior>,
    /// House policy.
    pub policy: Policy,
}

impl Evidence {
    /// The acts with the terms they point into, and no others, as evidence holds them.
    #[must_use]
    pub fn acts_of(world: &World, acts: &[Act]) -> (Vec<Terms>, Vec<Act>) {
        let mut terms: Vec<Terms> = Vec::new();
        let mut own = acts.to_vec();
        for act in &mut own {
            let Some(said) = world.terms(act.terms) else { continue };
            let at = terms.iter().position(|known| known == said).unwrap_or_else(|| {
                terms.push(*said);
                terms.len() - 1
            });
            act.terms = TermsId(u32::try_from(at).unwrap_or(u32::MAX));
        }
        (terms, own)
    }

    /// What stands in the record for this evidence.
    ///
    /// # Errors
    /// [`FieldError`] when an id has no name.
    pub fn sealed(&self, suite: Suite, name: NameOf<'_>) -> Result<Sealed, FieldError> {
        self.seal(suite, name).map(|(sealed, _)| sealed)
    }

    /// What stands in the record for this evidence, and its deterministic bytes, which hash to it.
    ///
    /// # Errors
    /// [`FieldError`] when an id has no name.
    pub fn seal(&self, suite: Suite, name: NameOf<'_>) -> Result<(Sealed, Vec<u8>), FieldError> {
        let message = message::to_value(&self.message, self.text.as_deref(), name)?;
        let message_bytes = message.to_bytes();
        let evidence = self.around(message, name)?.to_bytes();
        let sealed = Sealed {
            message: suite.digest(&[b"anning message 1\n", &self.blind, &message_bytes]),
            evidence: evidence_hash(suite, &evidence),
            recipient: suite.digest(&[b"anning recipient 1\n", &self.blind, &self.recipient.0]),
        };
        Ok((sealed, evidence))
    }

    /// The evidence by name.
    ///
    /// # Errors
    /// [`FieldError`] when an id has no name.
    pub fn to_value(&self, name: NameOf<'_>) -> Result<Value, FieldError> {
        self.around(message::to_value(&self.message, self.text.as_deref(), name)?, name)
    }

    /// What stands around the message, which is hashed by itself as well.
    fn around(&self, message: Value, name: NameOf<'_>) -> Result<Value, FieldError> {
        let list = |items: Result<Vec<Value>, FieldError>| items.map(|items| Some(Value::List(items)));
        // By brand number first, so that a reader who numbers brands as they come keeps their order.
        let mut brands = self
            .brands
            .iter()
            .map(|said| Ok((said.brand, brand(said, name)?)))
            .collect::<Result<Vec<_>, FieldError>>()?;
        brands.sort_by_cached_key(|(brand, said)| (*brand, said.to_bytes()));
        Ok(Value::map([
            ("format", Some(Value::text(FORMAT))),
            ("blind", Some(hex(&self.blind))),
            ("recipient_key", Some(hex(&self.recipient.0))),
            ("message", Some(message)),
            ("class", Some(Value::text(self.class.code()))),
            ("judged", Some(Value::Flag(self.judged))),
            ("sheets", list(self.terms.iter().map(|terms| sheet::to_value(terms, name)).collect())?),
            ("acts", Some(Value::List(self.acts.iter().map(act).collect()))),
            ("brands", Some(Value::List(brands.into_iter().map(|(_, said)| said).collect()))),
            ("priors", list(self.priors.iter().map(|sent| prior(sent, name)).collect())?),
            ("policy", Some(policy::to_value(&self.policy))),
        ]))
    }

    /// Reads evidence by name; ids are of the table that comes with it.
    ///
    /// # Errors
    /// [`FieldError`] names the entry that is not what it must be.
    pub fn from_value(value: Value) -> Result<(Self, Names), FieldError> {
        let mut names = Names::default();
        let mut fields = Fields::of("evidence", value.clone())?;
        fields.must("format", |value| (value == Value::text(FORMAT)).then_some(()))?;
        let intern: Intern<'_> = &mut |table, name| names.intern(table, name);
        // Brands first: their order is part of what they say.
        let brands = each(&mut fields, "brands", |value| read_brand(value, intern))?;
        let terms = each(&mut fields, "sheets", |value| sheet::from_value(value, intern))?;
        let acts = each(&mut fields, "acts", |value| read_act(value, terms.len()))?;
        let priors = each(&mut fields, "priors", |value| read_prior(value, intern))?;
        let (message, text) = message::from_value(fields.must("message", Some)?, intern)?;
        let evidence = Self {
            blind: fields.must("blind", unhex)?,
            recipient: RecipientKey(fields.must("recipient_key", unhex)?),
            message,
            text,
            class: fields.must("class", code(Class::from_code))?,
            judged: fields.must("judged", Value::into_flag)?,
            terms,
            acts,
            brands,
            priors,
            policy: policy::from_value(fields.must("policy", Some)?)?,
        };
        fields.end()?;
        // One writing: assertions in another order would have another hash.
        if evidence.to_value(&|table, id| names.name(table, id))? != value {
            return Err(FieldError::Wrong("brands"));
        }
        Ok((evidence, names))
    }

    /// Reads evidence from its deterministic bytes.
    ///
    /// # Errors
    /// As [`Self::from_value`], and when the bytes are not deterministic CBOR.
    pub fn from_bytes(bytes: &[u8]) -> Result<(Self, Names), FieldError> {
        Self::from_value(Value::from_bytes(bytes, EVIDENCE_MAX)?)
    }
}

/// The hash of evidence, of its deterministic bytes.
#[must_use]
pub fn evidence_hash(suite: Suite, bytes: &[u8]) -> Hash {
    suite.digest(&[b"anning evidence 1\n", bytes])
}

fn each<T>(
    fields: &mut Fields,
    name: &'static str,
    read: impl FnMut(Value) -> Result<T, FieldError>,
) -> Result<Vec<T>, FieldError> {
    fields.must(name, Value::into_list)?.into_iter().map(read).collect()
}

fn act(act: &Act) -> Value {
    let time = |at: Timestamp| Some(Value::Int(at.millis()));
    Value::map([
        ("act", Some(Value::text(act.kind.code()))),
        ("origin", Some(Value::text(act.origin.code()))),
        ("occurred_at", time(act.occurred)),
        ("received_at", time(act.received)),
        ("recorded_at", time(act.recorded)),
        ("sheet", Some(Value::Int(i64::from(act.terms.0)))),
    ])
}

fn read_act(value: Value, sheets: usize) -> Result<Act, FieldError> {
    let mut fields = Fields::of("acts", value)?;
    let act = Act {
        kind: fields.must("act", code(ActKind::from_code))?,
        origin: fields.must("origin", code(Origin::from_code))?,
        occurred: fields.must("occurred_at", time)?,
        received: fields.must("received_at", time)?,
        recorded: fields.must("recorded_at", time)?,
        terms: fields.must("sheet", |value| {
            value.into_int::<u32>().filter(|id| (*id as usize) < sheets).map(TermsId)
        })?,
    };
    fields.end()?;
    Ok(act)
}

fn brand(said: &BrandAssertion, name: NameOf<'_>) -> Result<Value, FieldError> {
    let (kind, table, id) = match said.member {
        Member::Signature(id) => ("signature", Table::Signature, id.0),
        Member::Party(id) => ("party", Table::Party, id.0),
        Member::Port(id) => ("port", Table::Port, id.0),
    };
    Ok(Value::map([
        ("member_kind", Some(Value::text(kind))),
        ("member", named(name, table, "member", Some(id))?),
        ("brand", named(name, Table::Brand, "brand", Some(said.brand.0))?),
        ("from", Some(day(said.interval.from)?)),
        ("until", said.interval.until.map(day).transpose()?),
        ("asserted_by", named(name, Table::Party, "asserted_by", said.by.map(|id| id.0))?),
    ]))
}

fn read_brand(value: Value, intern: Intern<'_>) -> Result<BrandAssertion, FieldError> {
    let mut fields = Fields::of("brands", value)?;
    let kind = fields.must("member_kind", Value::into_text)?;
    let name = fields.must("member", Value::into_text)?;
    let member = match kind.as_str() {
        "signature" => Member::Signature(SignatureId(intern(Table::Signature, &name))),
        "party" => Member::Party(PartyId(intern(Table::Party, &name))),
        "port" => Member::Port(PortId(intern(Table::Port, &name))),
        _ => return Err(FieldError::Wrong("member_kind")),
    };
    let date = |value: Value| Date::parse(&value.into_text()?).ok();
    let said = BrandAssertion {
        member,
        brand: fields
            .must("brand", |value| value.into_text().map(|name| BrandId(intern(Table::Brand, &name))))?,
        interval: Interval { from: fields.must("from", date)?, until: fields.maybe("until", date)? },
        by: fields.maybe("asserted_by", |value| {
            value.into_text().map(|name| PartyId(intern(Table::Party, &name)))
        })?,
    };
    fields.end()?;
    Ok(said)
}

fn prior(sent: &Prior, name: NameOf<'_>) -> Result<Value, FieldError> {
    Ok(Value::map([
        ("sent_at", Some(Value::Int(sent.sent_at.millis()))),
        ("sender", named(name, Table::Party, "sender", sent.sender.map(|id| id.0))?),
        ("channel", Some(Value::text(sent.channel.code()))),
        ("kind", sent.kind.map(|kind| Value::text(kind.code()))),
        ("commercial", Some(Value::Flag(sent.commercial))),
        ("request", Some(Value::Flag(sent.request))),
        ("wording", named(name, Table::Wording, "wording", sent.wording)?),
    ]))
}

fn read_prior(value: Value, intern: Intern<'_>) -> Result<Prior, FieldError> {
    let mut fields = Fields::of("priors", value)?;
    let sent = Prior {
        sent_at: fields.must("sent_at", time)?,
        sender: fields
            .maybe("sender", |value| value.into_text().map(|name| PartyId(intern(Table::Party, &name))))?,
        channel: fields.must("channel", code(Channel::from_code))?,
        kind: fields.maybe("kind", code(ContentKind::from_code))?,
        commercial: fields.must("commercial", Value::into_flag)?,
        request: fields.must("request", Value::into_flag)?,
        wording: fields
            .maybe("wording", |value| value.into_text().map(|name| intern(Table::Wording, &name)))?,
    };
    fields.end()?;
    Ok(sent)
}

fn time(value: Value) -> Option<Timestamp> {
    value.into_int().map(Timestamp::from_millis)
}

fn hex(bytes: &[u8]) -> Value {
    Value::text(anning_ledger::hex::encode(bytes))
}

fn unhex(value: Value) -> Option<[u8; 16]> {
    anning_ledger::hex::decode(&value.into_text()?)?.try_into().ok()
}

const FORMAT: &str = "anning evidence 1";
/// A text of a few thousand characters and some hundred acts and earlier sends.
pub const EVIDENCE_MAX: usize = 1 << 20;
