//! The register at work: names of the configuration as the ledger numbers them, and what is known of each.

mod filing;

pub use filing::Filings;

use std::collections::HashMap;
use std::sync::Arc;

use anning_consent::{BrandAssertion, BrandGraph, Member};
use anning_decide::brands_hash;
use anning_ledger::sheet::Table;
use anning_store::View;
use anning_vocab::{
    BrandId, Campaign, CampaignId, Channel, Context, Date, Known, Message, Parties, Party, PartyId, Port,
    PortId, Registry, SenderNumber, SignatureId,
};

use crate::config::{Account, Config, MemberKind, Pattern, Roles};

/// What is known of names. Built once for each configuration; never changes.
#[derive(Debug)]
pub struct Register {
    registry: Registry,
    /// The pattern that says most first.
    ports: Vec<(Pattern, Port)>,
    filings: Filings,
    brands: HashMap<Member, Vec<BrandAssertion>>,
    graph: BrandGraph,
    brands_hash: [u8; 32],
    senders: HashMap<Arc<str>, Sender>,
    /// Parties by their id in the configuration.
    ids: HashMap<String, PartyId>,
}

/// What is said of every message of an account.
#[derive(Debug)]
struct Sender {
    context: Context,
    sources: Vec<Pattern>,
}

/// Somebody in whose name a message goes out, as a refusal names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Named {
    /// The party towards whom consent is asked.
    pub party: PartyId,
    /// Its brand on the day.
    pub brand: Option<BrandId>,
}

impl Register {
    /// The register of a configuration, numbered by this ledger.
    #[must_use]
    pub fn new(config: &Config, view: &View) -> Self {
        let names = Numbers(view);
        let (mut registry, mut ids) = (Registry::default(), HashMap::new());
        for row in &config.tables.parties {
            let known = Party {
                name: row.name.as_deref().or(Some(&row.party)).map(Into::into),
                contact: row.contact.as_deref().map(Into::into),
                online_business: row.online_business,
                region: row.region,
                licence: row.licence,
            };
            ids.insert(row.party.clone(), names.party(&row.party));
            registry.parties.insert(names.party(&row.party), known);
        }
        for row in &config.tables.campaigns {
            let known = Campaign {
                audience: row.audience,
                purpose: row.purpose,
                wording: row.wording.as_ref().map(|name| view.number(Table::Wording, name)),
                basis: row.basis,
                untargeted_option: row.untargeted_option,
                vendor_contract: row.vendor_contract,
                operator_knew: row.operator_knew,
                // The gateway itself keeps it: times, both numbers, content.
                log_kept: Known::Yes,
                ..Campaign::default()
            };
            registry.campaigns.insert(names.campaign(&row.name), known);
        }
        let mut ports: Vec<(Pattern, Port)> = config
            .tables
            .ports
            .iter()
            .map(|row| {
                let (usage, shared, refusal_free) = (row.usage, row.shared, row.refusal_free);
                (row.port.clone(), Port { usage, shared, refusal_free, ..Port::default() })
            })
            .collect();
        ports.sort_by_key(|(pattern, _)| core::cmp::Reverse(pattern.weight()));
        let said = assertions(config, &names);
        let graph = BrandGraph::new(said.iter().copied());
        let brands_hash = hash(&graph, view);
        let mut brands: HashMap<Member, Vec<BrandAssertion>> = HashMap::new();
        for assertion in said {
            brands.entry(assertion.member).or_default().push(assertion);
        }
        let senders =
            config.accounts.iter().map(|(name, account)| (Arc::clone(name), sender(account, &names)));
        let senders = senders.collect();
        let filings =
            Filings::new(&config.tables.filings, |name| names.signature(name), |name| names.party(name));
        Self { registry, ports, filings, brands, graph, brands_hash, senders, ids }
    }

    /// The brand graph, to be set into the ledger's view together with this register.
    #[must_use]
    pub const fn graph(&self) -> &BrandGraph {
        &self.graph
    }

    /// Hash of the brand graph, by name.
    #[must_use]
    pub const fn brands_hash(&self) -> [u8; 32] {
        self.brands_hash
    }

    /// A message of an account from this number: everything but its text, time and recipient.
    #[must_use]
    pub fn message(&self, account: &str, number: &str, port: Option<PortId>) -> Option<Message> {
        let sender = self.senders.get(account)?;
        let context = Context { sender_number: port, ..sender.context.clone() };
        let mut message = self.registry.message(&context);
        if let Some(port) = self.port(number) {
            message = message.from_port(port);
        }
        message.log_kept = Known::Yes;
        Some(message)
    }

    /// Facts of a port.
    #[must_use]
    pub fn port(&self, number: &str) -> Option<&Port> {
        self.ports.iter().find(|(pattern, _)| pattern.matches(number)).map(|(_, port)| port)
    }

    /// What is on file.
    #[must_use]
    pub const fn filings(&self) -> &Filings {
        &self.filings
    }

    /// Assertions about these names, for evidence.
    pub fn said_of(&self, members: impl IntoIterator<Item = Member>) -> Vec<BrandAssertion> {
        let mut members: Vec<Member> = members.into_iter().collect();
        members.sort_unstable();
        members.dedup();
        members.iter().filter_map(|member| self.brands.get(member)).flatten().copied().collect()
    }

    /// Those who may send from this number, as a refusal would name them; in a fixed order.
    #[must_use]
    pub fn senders_on(&self, number: &str, day: Date) -> Vec<Named> {
        let mut all: Vec<Named> = self
            .senders
            .values()
            .filter(|sender| sender.sources.iter().any(|pattern| pattern.matches(number)))
            .filter_map(|sender| self.registry.message(&sender.context).sender())
            .map(|party| self.named(party, day))
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// A party with its brand.
    #[must_use]
    pub fn named(&self, party: PartyId, day: Date) -> Named {
        Named { party, brand: self.graph.brand_of(Member::Party(party), day) }
    }

    /// A party with its brand, by its id in the configuration.
    #[must_use]
    pub fn named_by_id(&self, id: &str, day: Date) -> Option<Named> {
        self.ids.get(id).map(|party| self.named(*party, day))
    }

    /// What people know a party as.
    #[must_use]
    pub fn name_of(&self, party: PartyId) -> Option<&str> {
        self.registry.parties.get(&party)?.name.as_deref()
    }
}

/// Numbers of names, by table.
struct Numbers<'v>(&'v View);

impl Numbers<'_> {
    fn party(&self, name: &str) -> PartyId {
        PartyId(self.0.number(Table::Party, name))
    }

    fn signature(&self, name: &str) -> SignatureId {
        SignatureId(self.0.number(Table::Signature, name))
    }

    fn campaign(&self, name: &str) -> CampaignId {
        CampaignId(self.0.number(Table::Campaign, name))
    }

    fn parties(&self, roles: &Roles) -> Parties {
        let party = |name: &Option<String>| name.as_ref().map(|name| self.party(name));
        Parties {
            advertiser: party(&roles.advertiser),
            content_provider: party(&roles.content_provider),
            service_provider: party(&roles.service_provider),
            carrier: party(&roles.carrier),
            controller: party(&roles.controller),
        }
    }
}

fn sender(account: &Account, names: &Numbers<'_>) -> Sender {
    let declared = (account.declared != anning_vocab::Declared::Unknown).then_some(account.declared);
    let context = Context {
        // It is on the wire, and the account may show it.
        sender_number_state: SenderNumber::True,
        campaign: account.campaign.as_ref().map(|name| names.campaign(name)),
        parties: names.parties(&account.roles),
        declared,
        kind: account.content,
        ..Context::new(Channel::Sms)
    };
    Sender { context, sources: account.sources.clone() }
}

fn assertions(config: &Config, names: &Numbers<'_>) -> Vec<BrandAssertion> {
    let rows = config.tables.brands.iter();
    rows.map(|row| BrandAssertion {
        member: match row.kind {
            MemberKind::Signature => Member::Signature(names.signature(&row.member)),
            MemberKind::Party => Member::Party(names.party(&row.member)),
            MemberKind::Port => Member::Port(PortId(names.0.number(Table::Port, &row.member))),
        },
        brand: BrandId(names.0.number(Table::Brand, &row.brand)),
        interval: row.interval,
        by: Some(names.party(&row.asserted_by)),
    })
    .collect()
}

fn hash(graph: &BrandGraph, view: &View) -> [u8; 32] {
    let now = view.now();
    let name = |table, number| now.sheets().names().name(table, number).unwrap_or_default().into_owned();
    let member = |member: Member| match member {
        Member::Signature(id) => name(Table::Signature, id.0),
        Member::Party(id) => name(Table::Party, id.0),
        Member::Port(id) => name(Table::Port, id.0),
    };
    brands_hash(graph, member, |brand| name(Table::Brand, brand.0))
}
