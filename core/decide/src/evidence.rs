//! Everything that was decided on, openable: its hash stands in the record, and from it anyone decides again.
//!
//! The sealed body of a decision is this evidence. Whoever it is opened to can hash it, compare it with the
//! record of a receipt, and ask [`crate::recompute`].

mod codes;
mod message;
mod policy;

use anning_consent::{BrandAssertion, Member, Prior, World};
use anning_ledger::sheet::{self, Intern, NameOf, Names, Table, code, day, named};
use anning_ledger::{FieldError, Fields, Hash, Item, Order, Suite, Value, write_list_head};
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
        let mut message = Vec::with_capacity(self.text.as_ref().map_or(0, String::len) + USUAL);
        message::write(&self.message, self.text.as_deref(), name, &mut message)?;
        let evidence = self.around(&message, name)?;
        let sealed = Sealed {
            message: suite.digest(&[b"anning message 1\n", &self.blind, &message]),
            evidence: evidence_hash(suite, &evidence),
            recipient: suite.digest(&[b"anning recipient 1\n", &self.blind, &self.recipient.0]),
        };
        Ok((sealed, evidence))
    }

    /// The deterministic bytes of the evidence by name.
    ///
    /// # Errors
    /// [`FieldError`] when an id has no name.
    pub fn to_bytes(&self, name: NameOf<'_>) -> Result<Vec<u8>, FieldError> {
        let mut message = Vec::new();
        message::write(&self.message, self.text.as_deref(), name, &mut message)?;
        self.around(&message, name)
    }

    /// The evidence by name.
    ///
    /// # Errors
    /// [`FieldError`] when an id has no name.
    pub fn to_value(&self, name: NameOf<'_>) -> Result<Value, FieldError> {
        Ok(Value::from_bytes(&self.to_bytes(name)?, usize::MAX)?)
    }

    /// What stands around the message, which is hashed by itself as well.
    fn around(&self, message: &[u8], name: NameOf<'_>) -> Result<Vec<u8>, FieldError> {
        static ORDER: Order<11> = Order::new();
        let (mut sheets, mut acts) = (list(self.terms.len()), list(self.acts.len()));
        self.terms.iter().try_for_each(|terms| sheet::write(terms, name, &mut sheets))?;
        self.acts.iter().for_each(|one| act(one, &mut acts));
        // By brand number first, so that a reader who numbers brands as they come keeps their order.
        let mut sorted = Vec::with_capacity(self.brands.len());
        for said in &self.brands {
            let mut bytes = Vec::new();
            brand(said, name, &mut bytes)?;
            sorted.push((said.brand, bytes));
        }
        sorted.sort_unstable();
        let (mut brands, mut priors) = (list(sorted.len()), list(self.priors.len()));
        sorted.iter().for_each(|(_, said)| brands.extend_from_slice(said));
        self.priors.iter().try_for_each(|sent| prior(sent, name, &mut priors))?;
        let mut policy = Vec::new();
        policy::write(&self.policy, &mut policy);
        let inner = message.len() + sheets.len() + acts.len() + brands.len() + priors.len() + policy.len();
        let mut out = Vec::with_capacity(inner + AROUND);
        ORDER.write(
            &[
                ("format", Some(Item::Text(FORMAT.into()))),
                ("blind", Some(hex(&self.blind))),
                ("recipient_key", Some(hex(&self.recipient.0))),
                ("message", Some(Item::Written(message))),
                ("class", Some(Item::Text(self.class.code().into()))),
                ("judged", Some(Item::Flag(self.judged))),
                ("sheets", Some(Item::Written(&sheets))),
                ("acts", Some(Item::Written(&acts))),
                ("brands", Some(Item::Written(&brands))),
                ("priors", Some(Item::Written(&priors))),
                ("policy", Some(Item::Written(&policy))),
            ],
            &mut out,
        );
        Ok(out)
    }

    /// Reads evidence by name; ids are of the table that comes with it.
    ///
    /// # Errors
    /// [`FieldError`] names the entry that is not what it must be.
    pub fn from_value(value: Value) -> Result<(Self, Names), FieldError> {
        let mut names = Names::default();
        let bytes = value.to_bytes();
        let mut fields = Fields::of("evidence", value)?;
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
        if evidence.to_bytes(&|table, id| names.name(table, id))? != bytes {
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

/// The head of a list; its values follow.
fn list(count: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_list_head(count, &mut bytes);
    bytes
}

fn act(act: &Act, out: &mut Vec<u8>) {
    static ORDER: Order<6> = Order::new();
    let time = |at: Timestamp| Some(Item::Int(at.millis()));
    ORDER.write(
        &[
            ("act", Some(Item::Text(act.kind.code().into()))),
            ("origin", Some(Item::Text(act.origin.code().into()))),
            ("occurred_at", time(act.occurred)),
            ("received_at", time(act.received)),
            ("recorded_at", time(act.recorded)),
            ("sheet", Some(Item::Int(i64::from(act.terms.0)))),
        ],
        out,
    );
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

fn brand(said: &BrandAssertion, name: NameOf<'_>, out: &mut Vec<u8>) -> Result<(), FieldError> {
    static ORDER: Order<6> = Order::new();
    let (kind, table, id) = match said.member {
        Member::Signature(id) => ("signature", Table::Signature, id.0),
        Member::Party(id) => ("party", Table::Party, id.0),
        Member::Port(id) => ("port", Table::Port, id.0),
    };
    ORDER.write(
        &[
            ("member_kind", Some(Item::Text(kind.into()))),
            ("member", named(name, table, "member", Some(id))?),
            ("brand", named(name, Table::Brand, "brand", Some(said.brand.0))?),
            ("from", Some(day(said.interval.from)?)),
            ("until", said.interval.until.map(day).transpose()?),
            ("asserted_by", named(name, Table::Party, "asserted_by", said.by.map(|id| id.0))?),
        ],
        out,
    );
    Ok(())
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

fn prior(sent: &Prior, name: NameOf<'_>, out: &mut Vec<u8>) -> Result<(), FieldError> {
    static ORDER: Order<7> = Order::new();
    ORDER.write(
        &[
            ("sent_at", Some(Item::Int(sent.sent_at.millis()))),
            ("sender", named(name, Table::Party, "sender", sent.sender.map(|id| id.0))?),
            ("channel", Some(Item::Text(sent.channel.code().into()))),
            ("kind", sent.kind.map(|kind| Item::Text(kind.code().into()))),
            ("commercial", Some(Item::Flag(sent.commercial))),
            ("request", Some(Item::Flag(sent.request))),
            ("wording", named(name, Table::Wording, "wording", sent.wording)?),
        ],
        out,
    );
    Ok(())
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

fn hex(bytes: &[u8]) -> Item<'static> {
    Item::Text(anning_ledger::hex::encode(bytes).into())
}

fn unhex(value: Value) -> Option<[u8; 16]> {
    anning_ledger::hex::decode(&value.into_text()?)?.try_into().ok()
}

const FORMAT: &str = "anning evidence 1";
/// A text of a few thousand characters and some hundred acts and earlier sends.
pub const EVIDENCE_MAX: usize = 1 << 20;
/// Bytes of a message without its text, usually.
const USUAL: usize = 768;
/// Bytes of the names and short values of the whole.
const AROUND: usize = 256;
