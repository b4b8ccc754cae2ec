//! What is known of the names a message carries: parties, campaigns, ports; and the message they make together.

use std::collections::HashMap;

use crate::{
    AgeBand, Audience, Basis, CampaignId, Channel, ContentKind, Declared, Fen, Filing, Known, Message,
    Parties, PartyId, PortId, PortUse, Purpose, RecipientKind, Region, SenderNumber, SignatureId, TextFacts,
    Timestamp,
};

/// A company, authority or person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Its name.
    pub name: Option<Box<str>>,
    /// How to reach it.
    pub contact: Option<Box<str>>,
    /// 网络交易经营者.
    pub online_business: Known,
    /// For local rules.
    pub region: Region,
    /// It holds a telecom licence for SMS.
    pub licence: Known,
}

impl Default for Party {
    /// Nothing known.
    fn default() -> Self {
        let unknown = Known::Unknown;
        Self {
            name: None,
            contact: None,
            online_business: unknown,
            region: Region::Elsewhere,
            licence: unknown,
        }
    }
}

/// Facts that hold for all sends of a campaign where the send has none of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Campaign {
    /// Its name.
    pub name: Option<Box<str>>,
    /// Line of goods or services.
    pub kind: Option<ContentKind>,
    /// By which channel.
    pub channel: Option<Channel>,
    /// Who stands behind it.
    pub parties: Parties,
    /// How its audience was selected.
    pub audience: Option<Audience>,
    /// The sender's claim.
    pub declared: Option<Declared>,
    /// Content or consent request.
    pub purpose: Option<Purpose>,
    /// Group of same wording.
    pub wording: Option<u32>,
    /// What the sender says its ground was.
    pub basis: Basis,
    /// An untargeted option was offered.
    pub untargeted_option: Known,
    /// A contract with the vendor is held.
    pub vendor_contract: Known,
    /// The log was kept.
    pub log_kept: Known,
    /// The operator had been told.
    pub operator_knew: Known,
    /// Illegal gain, if computable.
    pub gain: Option<Fen>,
}

impl Default for Campaign {
    /// Nothing said.
    fn default() -> Self {
        Self {
            name: None,
            kind: None,
            channel: None,
            parties: Parties::default(),
            audience: None,
            declared: None,
            purpose: None,
            wording: None,
            basis: Basis::Unstated,
            untargeted_option: Known::Unknown,
            vendor_contract: Known::Unknown,
            log_kept: Known::Unknown,
            operator_knew: Known::Unknown,
            gain: None,
        }
    }
}

/// Facts of an access port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Port {
    /// What it is declared for.
    pub usage: PortUse,
    /// It serves several senders.
    pub shared: Known,
    /// Refusing costs the person nothing.
    pub refusal_free: Known,
    /// What is on file.
    pub filing: Filing,
}

impl Default for Port {
    /// Nothing known.
    fn default() -> Self {
        let (usage, unknown) = (PortUse::Unknown, Known::Unknown);
        let filing = Filing { signature: unknown, content_provider: unknown, port: unknown };
        Self { usage, shared: unknown, refusal_free: unknown, filing }
    }
}

/// What is said of a send besides time, recipient, text and id. Facts of its campaign, port and parties are not in it;
/// [`Registry::message`] adds them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Context {
    /// By which channel; the campaign's where the row has none.
    pub channel: Channel,
    /// The port or number shown, if kept.
    pub sender_number: Option<PortId>,
    /// What is known of it.
    pub sender_number_state: SenderNumber,
    /// The signature, if the row names one; else the text may.
    pub signature: Option<SignatureId>,
    /// The campaign.
    pub campaign: Option<CampaignId>,
    /// The roles that the row names.
    pub parties: Parties,
    /// The sender's claim, if any.
    pub declared: Option<Declared>,
    /// Line of goods or services, if said.
    pub kind: Option<ContentKind>,
    /// Content or consent request, if said.
    pub purpose: Option<Purpose>,
    /// How the audience was selected, if said.
    pub audience: Option<Audience>,
    /// Kind of recipient, if the row says so; else the address shows it.
    pub recipient_kind: Option<RecipientKind>,
    /// Age evidence at the send.
    pub age: AgeBand,
    /// Group of same wording.
    pub wording: Option<u32>,
}

impl Context {
    /// A send of which nothing is said but its channel.
    #[must_use]
    pub const fn new(channel: Channel) -> Self {
        Self {
            channel,
            sender_number: None,
            sender_number_state: SenderNumber::NotKept,
            signature: None,
            campaign: None,
            parties: Parties {
                advertiser: None,
                content_provider: None,
                service_provider: None,
                carrier: None,
                controller: None,
            },
            declared: None,
            kind: None,
            purpose: None,
            audience: None,
            recipient_kind: None,
            age: AgeBand::Unknown,
            wording: None,
        }
    }
}

/// Everything on record about parties, campaigns and ports.
///
/// ```
/// use anning_vocab::{Channel, Context, Known, Parties, Party, PartyId, Region, Registry};
/// let mut registry = Registry::default();
/// let party = Party { online_business: Known::Yes, region: Region::Shanghai, ..Party::default() };
/// registry.parties.insert(PartyId(1), party);
/// let parties = Parties { advertiser: Some(PartyId(1)), ..Parties::default() };
/// let message = registry.message(&Context { parties, ..Context::new(Channel::Sms) });
/// assert_eq!((message.online_business, message.region), (Known::Yes, Region::Shanghai));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Registry {
    /// Companies, authorities, persons.
    pub parties: HashMap<PartyId, Party>,
    /// Campaigns.
    pub campaigns: HashMap<CampaignId, Campaign>,
    /// Ports and numbers.
    pub ports: HashMap<PortId, Port>,
}

impl Registry {
    /// A message with everything that its context, campaign, port and parties say. Time, text, brand and, unless
    /// the row says it, kind of recipient and signature are the caller's to add.
    #[must_use]
    pub fn message(&self, context: &Context) -> Message {
        let mut message = Message::new(Timestamp::default(), context.channel);
        message.port = context.sender_number;
        message.sender_number = context.sender_number_state;
        message.signature = context.signature;
        message.campaign = context.campaign;
        message.age = context.age;
        message.parties = context.parties;
        message.kind = context.kind;
        message.wording = context.wording;
        let campaign = context.campaign.and_then(|id| self.campaigns.get(&id));
        if let Some(campaign) = campaign {
            message.parties = either(context.parties, campaign.parties);
            message.kind = context.kind.or(campaign.kind);
            message.wording = context.wording.or(campaign.wording);
            message.basis = campaign.basis;
            message.untargeted_option = campaign.untargeted_option;
            message.vendor_contract = campaign.vendor_contract;
            message.log_kept = campaign.log_kept;
            message.operator_knew = campaign.operator_knew;
        }
        message.declared =
            context.declared.or(campaign.and_then(|c| c.declared)).unwrap_or(Declared::Unknown);
        message.purpose = context.purpose.or(campaign.and_then(|c| c.purpose)).unwrap_or(Purpose::Content);
        message.audience =
            context.audience.or(campaign.and_then(|c| c.audience)).unwrap_or(Audience::Unknown);
        if let Some(kind) = context.recipient_kind {
            message.recipient = kind;
        }
        if let Some(port) = message.port.and_then(|id| self.ports.get(&id)) {
            message = message.from_port(port);
        }
        if let Some(sender) = message.sender().and_then(|id| self.parties.get(&id)) {
            message.online_business = sender.online_business;
            message.region = sender.region;
        }
        if let Some(provider) = message.parties.service_provider.and_then(|id| self.parties.get(&id)) {
            message.licence = provider.licence;
        }
        message
    }
}

impl Message {
    /// The same message with the facts of the port it is sent from.
    #[must_use]
    pub const fn from_port(mut self, port: &Port) -> Self {
        self.port_use = port.usage;
        self.port_shared = port.shared;
        self.refusal_free = port.refusal_free;
        self.filing = port.filing;
        self
    }

    /// The same message as it goes to one recipient at one time, with what its text shows. The signature in the text
    /// stands where the record names none.
    #[must_use]
    pub fn sent(
        mut self,
        at: Timestamp,
        recipient: RecipientKind,
        text: TextFacts,
        states_terms: Known,
        signature: Option<SignatureId>,
    ) -> Self {
        self.sent_at = at;
        self.text = text;
        self.recipient = recipient;
        if self.purpose == Purpose::ConsentRequest {
            self.request_states_terms = states_terms;
        }
        self.signature = self.signature.or(signature);
        self
    }
}

/// Each of the first, else of the second.
fn either(first: Parties, second: Parties) -> Parties {
    Parties {
        advertiser: first.advertiser.or(second.advertiser),
        content_provider: first.content_provider.or(second.content_provider),
        service_provider: first.service_provider.or(second.service_provider),
        carrier: first.carrier.or(second.carrier),
        controller: first.controller.or(second.controller),
    }
}
