//! The tables behind sends and acts: parties, brands, notices, campaigns, ports, and the acts themselves.

use std::collections::HashMap;
use std::path::Path;

use anning_consent::{BrandAssertion, BrandGraph, Member, World};
use anning_vocab::{
    Act, ActKind, AgeBand, Audience, Basis, BrandId, Bundling, Category, Channel, ContentKind, Control,
    Covers, Date, Declared, Fen, Interval, Known, Notice, Origin, PartyId, PortId, PortUse,
    ProcessingPurpose, Prominence, Provision, Purpose, Recipient, RecipientKey, Region, SignatureId, Terms,
    TermsId,
};

use crate::intake::{Books, Error, Fault, Row, files, rows};
use crate::read::{Names, date, days, flag, frequency, known, set, time, word};

/// What is known of a party.
#[derive(Clone, Debug)]
pub(crate) struct Party {
    pub name: Option<String>,
    pub online_business: Known,
    pub region: Region,
    pub licence: Known,
}

/// What is known of a campaign.
#[derive(Clone, Debug, Default)]
pub(crate) struct Campaign {
    pub name: Option<String>,
    pub kind: Option<ContentKind>,
    pub channel: Option<Channel>,
    pub parties: [Option<PartyId>; 5],
    pub audience: Option<Audience>,
    pub declared: Option<Declared>,
    pub purpose: Option<Purpose>,
    pub wording: Option<u32>,
    pub basis: Option<Basis>,
    pub untargeted_option: Option<Known>,
    pub vendor_contract: Option<Known>,
    pub log_kept: Option<Known>,
    pub operator_knew: Option<Known>,
    pub gain: Option<Fen>,
}

/// What is known of a port: use, shared, refusal free, and the three filings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Port {
    pub usage: PortUse,
    pub shared: Known,
    pub refusal_free: Known,
    pub filing: [Known; 3],
}

/// Names seen anywhere in the input.
#[derive(Default)]
pub(crate) struct AllNames {
    pub parties: Names,
    pub brands: Names,
    pub ports: Names,
    pub signatures: Names,
    pub wordings: Names,
}

/// Everything but the sends.
#[derive(Default)]
pub(crate) struct Tables {
    pub names: AllNames,
    pub world: World,
    pub parties: HashMap<PartyId, Party>,
    pub campaigns: HashMap<String, Campaign>,
    pub ports: HashMap<PortId, Port>,
    pub acts: HashMap<RecipientKey, Vec<Act>>,
    notices: HashMap<String, Notice>,
    terms: HashMap<Terms, TermsId>,
}

/// The five party columns, in the order of [`Campaign::parties`].
pub(crate) const PARTY_COLUMNS: [&str; 5] =
    ["advertiser", "content_provider", "service_provider", "carrier", "controller"];

/// Keyed hash of channel family and canonical address.
pub(crate) fn key_of(key: &[u8; 32], recipient: &Recipient) -> RecipientKey {
    let mut buffer = [0; 8];
    let hash = blake3::keyed_hash(key, recipient.canonical(&mut buffer));
    let mut short = [0; 16];
    short.copy_from_slice(hash.as_bytes().get(..16).unwrap_or(&[0; 16]));
    RecipientKey(short)
}

/// A recipient from `recipient` or `recipient_key`, with its masked form.
pub(crate) fn recipient(row: &Row<'_>, key: &[u8; 32]) -> Result<(RecipientKey, Option<Recipient>), Fault> {
    if let Some(address) = row.read("recipient", |cell| {
        Recipient::parse(cell).map_err(|e| match (e, cell.contains(['E', 'e'])) {
            (anning_vocab::AddressError::Form, true) if cell.starts_with(|c: char| c.is_ascii_digit()) => {
                "looks like a number that a spreadsheet has rounded; export the column as text".to_owned()
            }
            (e, _) => e.to_string(),
        })
    })? {
        return Ok((key_of(key, &address), Some(address)));
    }
    let pseudonym = row.need("recipient_key", |cell| {
        let mut bytes = [0; 16];
        let ok = cell.len() == 32 && cell.is_ascii();
        for (at, slot) in bytes.iter_mut().enumerate() {
            let pair = cell.get(2 * at..2 * at + 2).unwrap_or("");
            *slot = u8::from_str_radix(pair, 16).map_err(|_| "is not 32 hex digits".to_owned())?;
        }
        if ok { Ok(RecipientKey(bytes)) } else { Err("is not 32 hex digits".to_owned()) }
    })?;
    Ok((pseudonym, None))
}

impl Tables {
    /// Reads all tables but the sends.
    pub fn read(folder: &Path, books: &mut Books, key: &[u8; 32]) -> Result<Self, Error> {
        let mut tables = Self::default();
        for path in files(folder, "parties")? {
            rows(books, &path, "parties", &["party"], |row| tables.party(row))?;
        }
        let mut assertions = Vec::new();
        for path in files(folder, "brands")? {
            rows(books, &path, "brands", &["member_kind", "member", "brand"], |row| {
                assertions.push(tables.brand(row)?);
                Ok(())
            })?;
        }
        tables.world.brands = BrandGraph::new(assertions);
        for path in files(folder, "notices")? {
            rows(books, &path, "notices", &["notice"], |row| tables.notice(row))?;
        }
        for path in files(folder, "campaigns")? {
            rows(books, &path, "campaigns", &["campaign"], |row| tables.campaign(row))?;
        }
        for path in files(folder, "ports")? {
            rows(books, &path, "ports", &["port"], |row| tables.port(row))?;
        }
        let mut seen = std::collections::HashSet::new();
        for (table, usual) in [("consents", None), ("withdrawals", Some(ActKind::Withdrawn))] {
            for path in files(folder, table)? {
                rows(books, &path, table, &["occurred_at"], |row| tables.act(row, usual, key, &mut seen))?;
            }
        }
        for acts in tables.acts.values_mut() {
            acts.sort_by_key(|a| (a.occurred, a.received, a.recorded, a.kind, a.terms));
        }
        Ok(tables)
    }

    /// The id of the notice with this hash; empty for none.
    pub fn notice_name(&self, hash: u64) -> &str {
        let mut named: Vec<&str> = self
            .notices
            .iter()
            .filter(|(_, n)| hash != 0 && n.hash == hash)
            .map(|(id, _)| id.as_str())
            .collect();
        named.sort_unstable();
        named.first().copied().unwrap_or("")
    }

    fn party(&mut self, row: &Row<'_>) -> Result<(), Fault> {
        let id = row.need("party", |cell| Ok(self.names.parties.id(cell)))?;
        let party = Party {
            name: row.get("name").map(str::to_owned),
            online_business: row.read("online_business", known)?.unwrap_or(Known::Unknown),
            region: row.read("region", word(Region::ALL, Region::from_code))?.unwrap_or(Region::Elsewhere),
            licence: row.read("licence", known)?.unwrap_or(Known::Unknown),
        };
        self.parties.insert(PartyId(id), party);
        Ok(())
    }

    fn brand(&mut self, row: &Row<'_>) -> Result<BrandAssertion, Fault> {
        let names = &mut self.names;
        let name = row.need("member", |cell| Ok(cell.to_owned()))?;
        let member = row.need("member_kind", |cell| match cell {
            "signature" => Ok(Member::Signature(SignatureId(names.signatures.id(&name)))),
            "party" => Ok(Member::Party(PartyId(names.parties.id(&name)))),
            "port" => Ok(Member::Port(PortId(names.ports.id(&name)))),
            _ => Err(format!("is none of signature, party, port: {cell}")),
        })?;
        let from = row.read("from", date)?.unwrap_or(Date::from_days(i32::MIN));
        Ok(BrandAssertion {
            member,
            brand: BrandId(row.need("brand", |cell| Ok(names.brands.id(cell)))?),
            interval: Interval { from, until: row.read("until", date)? },
            by: row.get("asserted_by").map(|by| PartyId(names.parties.id(by))),
        })
    }

    fn notice(&mut self, row: &Row<'_>) -> Result<(), Fault> {
        let id = row.need("notice", |cell| Ok(cell.to_owned()))?;
        let hash = row.get("hash").map_or(0, |hex| {
            let digest = blake3::hash(hex.as_bytes());
            digest.as_bytes().first_chunk::<8>().map_or(1, |b| u64::from_be_bytes(*b).max(1))
        });
        let notice = Notice {
            hash,
            names_controller: row.read("names_controller", flag)?,
            states_purpose: row.read("states_purpose", flag)?,
            states_categories: row.read("states_categories", flag)?,
            states_retention: row.read("states_retention", flag)?,
            states_rights: row.read("states_rights", flag)?,
            states_type_frequency_period: row.read("states_type_frequency_period", flag)?,
        };
        self.notices.insert(id, notice);
        Ok(())
    }

    fn campaign(&mut self, row: &Row<'_>) -> Result<(), Fault> {
        let id = row.need("campaign", |cell| Ok(cell.to_owned()))?;
        let names = &mut self.names;
        let campaign = Campaign {
            name: row.get("name").map(str::to_owned),
            kind: row.read("kind", word(ContentKind::ALL, ContentKind::from_code))?,
            channel: row.read("channel", word(Channel::ALL, Channel::from_code))?,
            parties: PARTY_COLUMNS.map(|column| row.get(column).map(|p| PartyId(names.parties.id(p)))),
            audience: row.read("audience", word(Audience::ALL, Audience::from_code))?,
            declared: row.read("declared", word(Declared::ALL, Declared::from_code))?,
            purpose: row.read("purpose", word(Purpose::ALL, Purpose::from_code))?,
            wording: row.get("wording").map(|w| names.wordings.id(w)),
            basis: row.read("basis", word(Basis::ALL, Basis::from_code))?,
            untargeted_option: row.read("untargeted_option", known)?,
            vendor_contract: row.read("vendor_contract", known)?,
            log_kept: row.read("log_kept", known)?,
            operator_knew: row.read("operator_knew", known)?,
            gain: row.read("gain_yuan", yuan)?,
        };
        self.campaigns.insert(id, campaign);
        Ok(())
    }

    fn port(&mut self, row: &Row<'_>) -> Result<(), Fault> {
        let id = row.need("port", |cell| Ok(self.names.ports.id(cell)))?;
        let fact = |column| row.read(column, known).map(|k| k.unwrap_or(Known::Unknown));
        let port = Port {
            usage: row.read("use", word(PortUse::ALL, PortUse::from_code))?.unwrap_or(PortUse::Unknown),
            shared: fact("shared")?,
            refusal_free: fact("refusal_free")?,
            filing: [fact("signature_filed")?, fact("content_provider_filed")?, fact("port_filed")?],
        };
        self.ports.insert(PortId(id), port);
        Ok(())
    }

    fn act(
        &mut self,
        row: &Row<'_>,
        usual: Option<ActKind>,
        key: &[u8; 32],
        seen: &mut std::collections::HashSet<String>,
    ) -> Result<(), Fault> {
        let kind = match row.read("act", word(ActKind::ALL, ActKind::from_code))?.or(usual) {
            Some(kind) => kind,
            None => return Err(Fault { column: "act", reason: "is empty".to_owned() }),
        };
        let occurred = row.need("occurred_at", time)?;
        let received = row.read("received_at", time)?.unwrap_or(occurred);
        let recorded = row.read("recorded_at", time)?.unwrap_or(received);
        let (recipient, _) = recipient(row, key)?;
        let terms = self.terms(row)?;
        let origin = row.read("origin", word(Origin::ALL, Origin::from_code))?.unwrap_or(Origin::Imported);
        if let Some(id) = row.get("event_id")
            && !seen.insert(id.to_owned())
        {
            return Err(Fault { column: "event_id", reason: "stands in an earlier row too".to_owned() });
        }
        let terms = self.intern(terms);
        self.acts.entry(recipient).or_default().push(Act {
            kind,
            origin,
            occurred,
            received,
            recorded,
            terms,
        });
        Ok(())
    }

    fn intern(&mut self, terms: Terms) -> TermsId {
        let next = TermsId(u32::try_from(self.world.terms.len()).unwrap_or(u32::MAX));
        let id = *self.terms.entry(terms).or_insert(next);
        if id == next {
            self.world.terms.push(terms);
        }
        id
    }

    fn terms(&mut self, row: &Row<'_>) -> Result<Terms, Fault> {
        let names = &mut self.names;
        let notice = row.get("notice").map(|id| self.notices.get(id).copied().unwrap_or_default());
        let named = row.get("provision_to").map(|p| PartyId(names.parties.id(p)));
        let provides = named.is_some() || row.read("provision", flag)? == Some(true);
        let provision = Provision {
            recipient: named,
            contact: row.read("provision_contact", flag)?,
            purpose_and_method: row.read("provision_purpose", flag)?,
            categories: row.read("provision_categories", flag)?,
            separate: row.read("provision_separate", flag)?,
        };
        Ok(Terms {
            controller: row.get("controller").map(|p| PartyId(names.parties.id(p))),
            brand: row.get("brand").map(|b| BrandId(names.brands.id(b))),
            port: row.get("port").map(|p| PortId(names.ports.id(p))),
            covers: row.read("covers", word(Covers::ALL, Covers::from_code))?.unwrap_or(Covers::Receive),
            channels: row.read("channels", set(Channel::ALL, Channel::from_code))?,
            kinds: row.read("kinds", set(ContentKind::ALL, ContentKind::from_code))?,
            purposes: row.read("purposes", set(ProcessingPurpose::ALL, ProcessingPurpose::from_code))?,
            categories: row.read("categories", set(Category::ALL, Category::from_code))?,
            frequency: row.read("frequency", frequency)?,
            until: row.read("until", date)?,
            days: row.read("days", days)?,
            control: row
                .read("control", word(Control::ALL, Control::from_code))?
                .unwrap_or(Control::NotRecorded),
            bundling: row
                .read("bundling", word(Bundling::ALL, Bundling::from_code))?
                .unwrap_or(Bundling::NotRecorded),
            prominence: row
                .read("prominence", word(Prominence::ALL, Prominence::from_code))?
                .unwrap_or(Prominence::NotRecorded),
            forced: row.read("forced", flag)?,
            related: row.read("related", flag)?,
            notice,
            provision: provides.then_some(provision),
            age: row.read("age", word(AgeBand::ALL, AgeBand::from_code))?.unwrap_or(AgeBand::Unknown),
            guardian: row.read("guardian", flag)?,
            wording: row.get("wording").map(|w| names.wordings.id(w)),
        })
    }
}

/// Whole yuan or yuan with two decimals.
fn yuan(cell: &str) -> Result<Fen, String> {
    let bad = || format!("is no amount in yuan: {cell}");
    let (whole, cents) = cell.split_once('.').unwrap_or((cell, "0"));
    let fen: i64 = match cents.len() {
        1 => cents.parse::<i64>().map_err(|_| bad())? * 10,
        2 => cents.parse().map_err(|_| bad())?,
        _ => return Err(bad()),
    };
    let yuan: i64 = whole.parse().map_err(|_| bad())?;
    if yuan < 0 || fen < 0 {
        return Err(bad());
    }
    Fen::from_yuan(yuan).map(|f| Fen(f.0 + fen)).ok_or_else(bad)
}
