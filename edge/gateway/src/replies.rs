//! What a reply of a subscriber puts on record: a refusal at once and as widely as it may have been meant, a yes only as
//! far as it names somebody.
//!
//! Pure: the caller has read the reply, knows what is on record of the person and whom it heard from on this number, and
//! puts the acts. The confirmation goes out once for each person and brand, ever: that a refusal towards it stands on
//! record already is the record that it was sent.

mod recent;

pub use recent::{Recent, Writer};

use std::borrow::Cow;

use anning_consent::World;
use anning_ledger::sheet::{self, Table};
use anning_ledger::{FieldError, Hash, Suite};
use anning_store::{NewAct, Sheets, sheet_hash};
use anning_vocab::{
    Act, ActKind, Channel, Control, Covers, Known, Origin, PartyId, PortId, Recipient, RecipientKey, Set,
    Terms, Timestamp,
};

use crate::config::Replies;
use crate::register::{Named, Register};

/// What a reply means, as far as this gateway acts on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// No more messages: T, TD, 退订.
    Stop,
    /// No more messages and no more use of the person's data.
    StopAll,
    /// The person asks for messages: 开通, 恢复.
    Start,
    /// Anything else, and whatever cannot be told: it changes nothing.
    Nothing,
}

/// A reply as it came.
#[derive(Clone, Debug)]
pub struct Heard<'h> {
    /// Who replied.
    pub from: &'h Recipient,
    /// As the ledger knows them.
    pub key: RecipientKey,
    /// The number replied to.
    pub to: &'h str,
    /// That number, as the ledger numbers it; none if it has none.
    pub port: Option<PortId>,
    /// What it means.
    pub intent: Intent,
    /// The carrier's id of it.
    pub id: &'h [u8],
    /// When it came.
    pub at: Timestamp,
}

/// What is known of the person and the number.
#[derive(Clone, Debug)]
pub struct Ground<'k> {
    /// The register.
    pub register: &'k Register,
    /// The ledger's sheets and names.
    pub sheets: &'k Sheets,
    /// The ledger's suite.
    pub suite: Suite,
    /// The person's acts.
    pub acts: &'k [Act],
    /// Those who wrote to this person from this number lately, the latest first; see [`Recent`].
    pub recent: &'k [PartyId],
    /// What is said to people who refuse.
    pub words: &'k Replies,
}

/// What a reply brings about.
#[derive(Clone, Debug, Default)]
pub struct Consequence {
    /// Sheets that must be on record before the acts, or with them.
    pub sheets: Vec<Vec<u8>>,
    /// Acts to put on record, before anything is answered.
    pub acts: Vec<NewAct>,
    /// Those whom the reply refuses: what waits for the person in their name is recalled.
    pub refused: Vec<Named>,
    /// It refuses whatever comes from this number, because its sender cannot be told.
    pub port: bool,
    /// The one confirmation, free of charge; none where one was sent before.
    pub confirmation: Option<String>,
    /// A yes that names nobody: not taken, because consent does not travel.
    pub yes_to_nobody: bool,
}

/// What a reply brings about.
//= cn/pipl/15 个人信息处理者应当提供便捷的撤回同意的方式。
///
/// # Errors
/// [`FieldError`] when a number has no name: a bug.
pub fn heard(reply: &Heard<'_>, known: &Ground<'_>) -> Result<Consequence, FieldError> {
    match reply.intent {
        Intent::Stop => refused(reply, known, Covers::Receive),
        Intent::StopAll => refused(reply, known, Covers::Both),
        Intent::Start => asked_for(reply, known),
        Intent::Nothing => Ok(Consequence::default()),
    }
}

/// Whom a reply to this number may mean, and whether the number alone says so.
fn meant(reply: &Heard<'_>, known: &Ground<'_>) -> (Vec<Named>, bool) {
    let day = reply.at.date();
    let on_number = known.register.senders_on(reply.to, day);
    let shared = known.register.port(reply.to).map_or(Known::Unknown, |port| port.shared);
    if let ([only], Known::No | Known::Unknown) = (on_number.as_slice(), shared) {
        return (vec![*only], true);
    }
    let mut lately: Vec<Named> = known.recent.iter().map(|party| known.register.named(*party, day)).collect();
    lately.dedup();
    // Nobody wrote lately: the reply is late, and may mean any of them.
    let all = if lately.is_empty() { on_number } else { lately };
    (all, false)
}

/// The widest refusal counts: each of those who wrote lately is refused, with their brands; and the number, where its
/// sender cannot be told.
fn refused(reply: &Heard<'_>, known: &Ground<'_>, covers: Covers) -> Result<Consequence, FieldError> {
    let (named, sure) = meant(reply, known);
    let terms = |named: Option<&Named>| Terms {
        controller: named.map(|named| named.party),
        brand: named.and_then(|named| named.brand),
        port: reply.port,
        control: Control::OwnWords,
        ..Terms::silent(covers)
    };
    let mut out = Consequence { refused: named.clone(), port: !sure, ..Consequence::default() };
    for one in &named {
        out.put(reply, known, refusal_kind(known, one), &terms(Some(one)))?;
    }
    if !sure {
        out.put(reply, known, ActKind::Withdrawn, &terms(None))?;
    }
    let unconfirmed = named.iter().find(|named| !was_refused(known, named));
    if let Some(name) = unconfirmed.filter(|_| known.words.confirm) {
        let brand = name.brand.and_then(|brand| known.sheets.names().name(Table::Brand, brand.0));
        let party = || known.register.name_of(name.party).map(Cow::Borrowed);
        if let Some(name) = brand.or_else(party) {
            out.confirmation = Some(known.words.confirmation.replace("{name}", &name));
        }
    }
    Ok(out)
}

/// Withdrawn, if there was something to withdraw; else refused unasked.
fn refusal_kind(known: &Ground<'_>, named: &Named) -> ActKind {
    let agreed =
        known.acts.iter().any(|act| act.kind.agrees() && speaks_to(known.sheets.world(), act, named));
    if agreed { ActKind::Withdrawn } else { ActKind::Refused }
}

/// A refusal towards this brand, or this party, stands on record: it was confirmed then.
fn was_refused(known: &Ground<'_>, named: &Named) -> bool {
    known.acts.iter().any(|act| act.kind.refuses() && speaks_to(known.sheets.world(), act, named))
}

fn speaks_to(world: &World, act: &Act, named: &Named) -> bool {
    world.terms(act.terms).is_some_and(|terms| {
        terms.controller == Some(named.party) || (named.brand.is_some() && terms.brand == named.brand)
    })
}

/// A person who asks for messages in their own words, of the one sender that the number stands for. Where they had agreed
/// before, that consent is renewed on the terms they saw then; else it is a request (请求), which not every provision
/// names.
fn asked_for(reply: &Heard<'_>, known: &Ground<'_>) -> Result<Consequence, FieldError> {
    let (named, sure) = meant(reply, known);
    let ([only], true) = (named.as_slice(), sure) else {
        return Ok(Consequence { yes_to_nobody: true, ..Consequence::default() });
    };
    let mut out = Consequence::default();
    let consent = |act: &&Act| matches!(act.kind, ActKind::Given | ActKind::Renewed);
    let agreed =
        known.acts.iter().rev().filter(consent).find(|act| speaks_to(known.sheets.world(), act, only));
    if let Some(sheet) = agreed.and_then(|act| known.sheets.hash(act.terms)) {
        out.acts.push(act(reply, ActKind::Renewed, sheet));
        return Ok(out);
    }
    let terms = Terms {
        controller: Some(only.party),
        brand: only.brand,
        port: reply.port,
        channels: Some(Set::<Channel>::of(&[Channel::Sms])),
        control: Control::OwnWords,
        ..Terms::silent(Covers::Receive)
    };
    out.put(reply, known, ActKind::Invited, &terms)?;
    Ok(out)
}

/// What the person did, as it goes on record.
fn act(reply: &Heard<'_>, kind: ActKind, sheet: Hash) -> NewAct {
    let mut id = reply.id.to_vec();
    id.truncate(anning_store::ID_MAX);
    NewAct {
        recipient: reply.key,
        address: reply.from.reveal(),
        kind,
        origin: Origin::Captured,
        // No protocol says when the person wrote; it binds from when it arrived.
        occurred: reply.at,
        received: reply.at,
        recorded: reply.at,
        sheet,
        id,
    }
}

impl Consequence {
    fn put(
        &mut self,
        reply: &Heard<'_>,
        known: &Ground<'_>,
        kind: ActKind,
        terms: &Terms,
    ) -> Result<(), FieldError> {
        let bytes = sheet::encode(terms, &|table, id| known.sheets.names().name(table, id))?;
        let sheet = sheet_hash(known.suite, &bytes);
        if known.sheets.find(&sheet).is_none() && !self.sheets.contains(&bytes) {
            self.sheets.push(bytes);
        }
        self.acts.push(act(reply, kind, sheet));
        Ok(())
    }
}
