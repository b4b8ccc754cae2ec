//! What a send says besides time, recipient and text: few distinct combinations, each kept once.

pub use anning_vocab::Context;
use anning_vocab::{
    AgeBand, Audience, Channel, ContentKind, Declared, Parties, Purpose, RecipientKind, SenderNumber,
};

use super::names::{Names, Pool};
use super::registry::Registry;
use super::reject::Fault;
use super::table::sends as at;
use super::word::{id, word};

/// Index of a [`Context`] in [`Contexts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ContextId(pub u32);

/// The distinct contexts of all sends, shared by all readers. Ids are handles: their order depends on who read
/// first, so nothing that is written out may follow it.
#[derive(Debug, Default)]
pub struct Contexts {
    pool: Pool<Context>,
}

impl Contexts {
    /// The context behind an id.
    #[must_use]
    pub fn get(&self, id: ContextId) -> Option<Context> {
        self.pool.get(id.0)
    }

    /// All contexts so far, by id.
    #[must_use]
    pub fn all(&self) -> Vec<Context> {
        self.pool.all()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pool.len()
    }

    /// Is there none yet?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The id of a context.
    pub fn id(&self, context: Context) -> ContextId {
        ContextId(self.pool.intern(context))
    }
}

/// The columns of a context, in the order in which [`parse`] gets them.
pub(crate) const COLUMNS: &[usize] = &[
    at::CHANNEL,
    at::SENDER_NUMBER,
    at::SENDER_NUMBER_STATE,
    at::SIGNATURE,
    at::CAMPAIGN,
    at::ADVERTISER,
    at::CONTENT_PROVIDER,
    at::SERVICE_PROVIDER,
    at::CARRIER,
    at::CONTROLLER,
    at::DECLARED,
    at::KIND,
    at::PURPOSE,
    at::AUDIENCE,
    at::RECIPIENT_KIND,
    at::AGE,
    at::WORDING,
];

/// Reads the cells of [`COLUMNS`].
pub(crate) fn parse(cells: &[&str], names: &Names, registry: &Registry) -> Result<Context, Fault> {
    let &[
        channel,
        number,
        number_state,
        signature,
        campaign,
        advertiser,
        content_provider,
        service_provider,
        carrier,
        controller,
        declared,
        kind,
        purpose,
        audience,
        recipient_kind,
        age,
        wording,
    ] = cells
    else {
        return Err(Fault::of_row("the columns of a send are not the ones expected", ""));
    };
    let campaign = id(campaign).map(|c| names.campaign(c));
    let channel = match word!(Channel, "channel", channel)? {
        Some(channel) => channel,
        None => campaign.and_then(|c| registry.campaign(c)).and_then(|c| c.channel).ok_or_else(no_channel)?,
    };
    let sender_number = port("sender_number", number)?.map(|p| names.port(&p));
    let usual = if sender_number.is_some() { SenderNumber::True } else { SenderNumber::NotKept };
    Ok(Context {
        channel,
        sender_number,
        sender_number_state: word!(SenderNumber, "sender_number_state", number_state)?.unwrap_or(usual),
        signature: signature_name(signature).map(|s| names.signature(s)),
        campaign,
        parties: Parties {
            advertiser: id(advertiser).map(|p| names.party(p)),
            content_provider: id(content_provider).map(|p| names.party(p)),
            service_provider: id(service_provider).map(|p| names.party(p)),
            carrier: id(carrier).map(|p| names.party(p)),
            controller: id(controller).map(|p| names.party(p)),
        },
        declared: word!(Declared, "declared", declared)?,
        kind: word!(ContentKind, "kind", kind)?,
        purpose: word!(Purpose, "purpose", purpose)?,
        audience: word!(Audience, "audience", audience)?,
        recipient_kind: word!(RecipientKind, "recipient_kind", recipient_kind)?,
        age: word!(AgeBand, "age", age)?.unwrap_or(AgeBand::Unknown),
        wording: id(wording).map(|w| names.wording(w)),
    })
}

fn no_channel() -> Fault {
    let allowed: Vec<&str> = Channel::ALL.iter().map(|c| c.code()).collect();
    let reason = format!(
        "channel is empty and the campaign names none; allowed: {}; a default for all rows goes into \
         mapping.toml: [sends.defaults] channel = \"sms\"",
        allowed.join(" ")
    );
    Fault::new("channel", reason, "")
}

/// A signature without its brackets.
pub(crate) fn signature_name(cell: &str) -> Option<&str> {
    let cell = cell.trim();
    let inner = cell.strip_prefix('【').and_then(|c| c.strip_suffix('】'));
    let inner = inner.or_else(|| cell.strip_prefix('[').and_then(|c| c.strip_suffix(']'))).unwrap_or(cell);
    id(inner)
}

/// A port: digits in any writing become plain digits, other sender names stay.
pub(crate) fn port(column: &'static str, cell: &str) -> Result<Option<String>, Fault> {
    let cell = super::recipient::unwrapped(cell);
    if cell.is_empty() {
        return Ok(None);
    }
    if super::recipient::is_scientific(cell) {
        return Err(Fault::new(column, super::recipient::NoRecipient::Scientific.to_string(), cell));
    }
    let mut digits = String::with_capacity(cell.len());
    for c in cell.chars() {
        match c {
            '0'..='9' => digits.push(c),
            '０'..='９' => digits.extend(char::from_digit(c as u32 - '０' as u32, 10)),
            ' ' | '-' | '－' | '\u{3000}' | '\u{a0}' => {}
            _ => return Ok(Some(cell.to_owned())),
        }
    }
    Ok(Some(if digits.is_empty() { cell.to_owned() } else { digits }))
}
