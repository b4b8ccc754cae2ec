//! `[[party]]`, `[[brand]]`, `[[filing]]`, `[[port]]`, `[[campaign]]`: columns as in `spec/input.md`.

use std::collections::BTreeSet;

use anning_vocab::{Audience, Basis, Interval, Known, PortUse, Purpose, Region};

use super::account::{Account, bare};
use super::section::Section;
use super::words::Pattern;

/// The register as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tables {
    /// Companies, authorities, persons.
    pub parties: Vec<PartyRow>,
    /// Who says what belongs to which brand.
    pub brands: Vec<BrandRow>,
    /// What is on file with the carrier.
    pub filings: Vec<FilingRow>,
    /// Ports and numbers.
    pub ports: Vec<PortRow>,
    /// Facts that hold for an account's messages.
    pub campaigns: Vec<CampaignRow>,
}

/// `[[party]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyRow {
    /// Its id.
    pub party: String,
    /// Its name for people.
    pub name: Option<String>,
    /// How to reach it.
    pub contact: Option<String>,
    /// 网络交易经营者.
    pub online_business: Known,
    /// For local rules.
    pub region: Region,
    /// It holds a telecom licence for SMS.
    pub licence: Known,
}

/// What kind of name belongs to a brand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberKind {
    /// A signature.
    Signature,
    /// A party.
    Party,
    /// A port.
    Port,
}

/// `[[brand]]`: a dated assertion by a named party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrandRow {
    /// What kind of name.
    pub kind: MemberKind,
    /// The name.
    pub member: String,
    /// The brand.
    pub brand: String,
    /// While.
    pub interval: Interval,
    /// Says who.
    pub asserted_by: String,
}

/// `[[filing]]`: signature, content provider and port together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilingRow {
    /// The signature.
    pub signature: String,
    /// The content provider.
    pub content_provider: String,
    /// The port, or all that begin alike.
    pub port: Pattern,
    /// While.
    pub interval: Interval,
}

/// `[[port]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortRow {
    /// The port, or all that begin alike; the one that says most holds.
    pub port: Pattern,
    /// What it is declared for.
    pub usage: PortUse,
    /// It serves several senders.
    pub shared: Known,
    /// Refusing costs the person nothing.
    pub refusal_free: Known,
}

/// `[[campaign]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignRow {
    /// Its id.
    pub name: String,
    /// How its audience was selected.
    pub audience: Option<Audience>,
    /// Content or consent request.
    pub purpose: Option<Purpose>,
    /// Group of same wording, for consent requests.
    pub wording: Option<String>,
    /// What the sender says its ground was.
    pub basis: Basis,
    /// An untargeted option was offered.
    pub untargeted_option: Known,
    /// A contract with the vendor is held.
    pub vendor_contract: Known,
    /// The operator had been told.
    pub operator_knew: Known,
}

impl Tables {
    pub(super) fn read(file: &mut Section<'_>) -> Self {
        Self {
            parties: file.sections("party").into_iter().filter_map(party).collect(),
            brands: file.sections("brand").into_iter().filter_map(brand).collect(),
            filings: file.sections("filing").into_iter().filter_map(filing).collect(),
            ports: file.sections("port").into_iter().filter_map(port).collect(),
            campaigns: file.sections("campaign").into_iter().filter_map(campaign).collect(),
        }
    }

    /// What holds between rows, and between rows and accounts.
    pub(super) fn cross<'a>(&self, file: &Section<'_>, accounts: impl Iterator<Item = &'a Account>) {
        let mut parties = BTreeSet::new();
        for row in &self.parties {
            if !parties.insert(row.party.as_str()) {
                file.fault("party", "stands in an earlier [[party]] too; keep one", &*row.party);
            }
        }
        let mut ports = BTreeSet::new();
        for row in &self.ports {
            if !ports.insert(&row.port) {
                file.fault("port", "stands in an earlier [[port]] too; keep one", row.port.to_string());
            }
        }
        let mut used: Vec<(String, &str)> = Vec::new();
        for (number, row) in (1..).zip(&self.brands) {
            used.push((format!("brand[{number}].asserted_by"), &row.asserted_by));
            if row.kind == MemberKind::Party {
                used.push((format!("brand[{number}].member"), &row.member));
            }
        }
        let filings = (1..).zip(&self.filings);
        used.extend(
            filings.map(|(n, row)| (format!("filing[{n}].content_provider"), row.content_provider.as_str())),
        );
        for account in accounts {
            let roles = &account.roles;
            let all = [
                &roles.advertiser,
                &roles.content_provider,
                &roles.service_provider,
                &roles.carrier,
                &roles.controller,
            ];
            used.extend(
                all.into_iter().flatten().map(|p| (format!("account `{}`", account.name), p.as_str())),
            );
        }
        for (key, party) in used.into_iter().filter(|(_, party)| !parties.contains(party)) {
            file.warn(&key, "no [[party]] of this id: it is judged with what is known", party);
        }
    }
}

fn party(mut from: Section<'_>) -> Option<PartyRow> {
    let regions: Vec<&str> = Region::ALL.iter().map(|r| r.code()).collect();
    let party = from.text("party");
    let row = PartyRow {
        party: party.clone().unwrap_or_default(),
        name: from.maybe_text("name"),
        contact: from.maybe_text("contact"),
        online_business: known(&mut from, "online_business"),
        region: from.code("region", Region::from_code, &regions).unwrap_or(Region::Elsewhere),
        licence: known(&mut from, "licence"),
    };
    from.end();
    party.map(|_| row)
}

fn brand(mut from: Section<'_>) -> Option<BrandRow> {
    let kinds =
        [("signature", MemberKind::Signature), ("party", MemberKind::Party), ("port", MemberKind::Port)];
    if !from.has("member_kind") {
        from.fault("member_kind", "missing; one of: signature party port", "");
    }
    let kind = from.word("member_kind", &kinds, MemberKind::Signature);
    let (member, brand, by) = (from.text("member"), from.text("brand"), from.text("asserted_by"));
    let interval = from.interval();
    from.end();
    let member = member?;
    let member = if kind == MemberKind::Signature { bare(&member).to_owned() } else { member };
    Some(BrandRow { kind, member, brand: brand?, interval: interval?, asserted_by: by? })
}

fn filing(mut from: Section<'_>) -> Option<FilingRow> {
    let (signature, content_provider) = (from.text("signature"), from.text("content_provider"));
    if !from.has("port") {
        from.fault("port", "missing; the port that is on file", "");
    }
    let port = from.parsed("port", Pattern::parse, PORT);
    let interval = from.interval();
    from.end();
    let signature = bare(&signature?).to_owned();
    Some(FilingRow { signature, content_provider: content_provider?, port: port?, interval: interval? })
}

fn port(mut from: Section<'_>) -> Option<PortRow> {
    if !from.has("port") {
        from.fault("port", "missing; the number", "");
    }
    let uses = [("commercial", PortUse::Commercial), ("service_only", PortUse::ServiceOnly)];
    let port = from.parsed("port", Pattern::parse, PORT);
    let usage = from.word("use", &uses, PortUse::Unknown);
    let (shared, refusal_free) = (known(&mut from, "shared"), known(&mut from, "refusal_free"));
    from.end();
    Some(PortRow { port: port?, usage, shared, refusal_free })
}

fn campaign(mut from: Section<'_>) -> Option<CampaignRow> {
    let audiences: Vec<&str> = Audience::ALL.iter().map(|a| a.code()).collect();
    let purposes: Vec<&str> = Purpose::ALL.iter().map(|p| p.code()).collect();
    let name = from.text("campaign");
    let row = CampaignRow {
        name: name.clone().unwrap_or_default(),
        audience: from.code("audience", Audience::from_code, &audiences),
        purpose: from.code("purpose", Purpose::from_code, &purposes),
        wording: from.maybe_text("wording"),
        basis: from.word("basis", &[("claimed", Basis::Claimed), ("none", Basis::None)], Basis::Unstated),
        untargeted_option: known(&mut from, "untargeted_option"),
        vendor_contract: known(&mut from, "vendor_contract"),
        operator_knew: known(&mut from, "operator_knew"),
    };
    from.end();
    name.map(|_| row)
}

fn known(from: &mut Section<'_>, key: &'static str) -> Known {
    Known::from_option(from.flag(key))
}

const PORT: &str = "a number such as 10690001, or its beginning such as 1069*";
