//! Interning: each text or value that repeats is kept once and carried as a number.

use std::borrow::Cow;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ahash::RandomState;
use anning_ledger::sheet::Table;
use anning_vocab::{BrandId, CampaignId, PartyId, PortId, SignatureId, Terms, TermsId};

/// The names that ids of the vocabulary stand for, shared by all readers of one audit.
///
/// Two ids are equal exactly when their names are; their order depends on who read first, so nothing that
/// is written out may follow it.
#[derive(Debug, Default)]
pub struct Names {
    parties: Pool<Box<str>>,
    brands: Pool<Box<str>>,
    ports: Pool<Box<str>>,
    signatures: Pool<Box<str>>,
    campaigns: Pool<Box<str>>,
    notices: Pool<Box<str>>,
    wordings: Pool<Box<str>>,
    pages: Pool<Box<str>>,
    addresses: Pool<Box<str>>,
}

macro_rules! names {
    ($($(#[$doc:meta])* $intern:ident $name:ident $all:ident $pool:ident $id:ident;)*) => {$(
        $(#[$doc])*
        pub fn $intern(&self, name: &str) -> $id { $id(self.$pool.intern_str(name)) }

        /// The name behind such an id.
        #[must_use]
        pub fn $name(&self, id: $id) -> Option<Box<str>> { self.$pool.get(id.0) }

        /// All names so far, by id.
        #[must_use]
        pub fn $all(&self) -> Vec<Box<str>> { self.$pool.all() }
    )*};
}

impl Names {
    names! {
        /// The id of a party.
        party party_name party_names parties PartyId;
        /// The id of a brand.
        brand brand_name brand_names brands BrandId;
        /// The id of a port or sender number.
        port port_name port_names ports PortId;
        /// The id of a signature.
        signature signature_name signature_names signatures SignatureId;
        /// The id of a campaign.
        campaign campaign_name campaign_names campaigns CampaignId;
    }

    /// The name behind a number of a table, as sheets and evidence ask for it.
    #[must_use]
    pub fn name(&self, table: Table, id: u32) -> Option<Cow<'_, str>> {
        let name = match table {
            Table::Party => self.party_name(PartyId(id)),
            Table::Brand => self.brand_name(BrandId(id)),
            Table::Port => self.port_name(PortId(id)),
            Table::Signature => self.signature_name(SignatureId(id)),
            Table::Campaign => self.campaign_name(CampaignId(id)),
            Table::Wording => self.wording_name(id),
        };
        name.map(|name| Cow::Owned(String::from(name)))
    }

    /// The number of a name in a table, as sheets and evidence ask for it.
    pub fn number(&self, table: Table, name: &str) -> u32 {
        match table {
            Table::Party => self.party(name).0,
            Table::Brand => self.brand(name).0,
            Table::Port => self.port(name).0,
            Table::Signature => self.signature(name).0,
            Table::Campaign => self.campaign(name).0,
            Table::Wording => self.wording(name),
        }
    }

    /// The number of a group of same wording.
    pub fn wording(&self, name: &str) -> u32 {
        self.wordings.intern_str(name)
    }

    /// The name of a group of same wording.
    #[must_use]
    pub fn wording_name(&self, group: u32) -> Option<Box<str>> {
        self.wordings.get(group)
    }

    /// The number of a notice id.
    pub(crate) fn notice(&self, name: &str) -> u32 {
        self.notices.intern_str(name)
    }

    /// The number of a page record's id, or of what an act cites as a page.
    pub(crate) fn page(&self, name: &str) -> u32 {
        self.pages.intern_str(name)
    }

    /// All ids of page records and page versions that were used.
    pub(crate) fn page_names(&self) -> Vec<Box<str>> {
        self.pages.all()
    }

    /// The number of a page's address.
    pub(crate) fn page_address(&self, name: &str) -> u32 {
        self.addresses.intern_str(name)
    }

    /// All addresses of pages that were used.
    pub(crate) fn page_addresses(&self) -> Vec<Box<str>> {
        self.addresses.all()
    }

    /// All notice ids that were used.
    pub(crate) fn notice_names(&self) -> Vec<Box<str>> {
        self.notices.all()
    }
}

/// The distinct terms of all acts, shared by all readers.
#[derive(Debug, Default)]
pub struct TermsTable {
    pool: Pool<Terms>,
}

impl TermsTable {
    /// The id of these terms.
    pub fn id(&self, terms: Terms) -> TermsId {
        TermsId(self.pool.intern(terms))
    }

    /// The terms behind an id.
    #[must_use]
    pub fn get(&self, id: TermsId) -> Option<Terms> {
        self.pool.get(id.0)
    }

    /// All terms so far, by id.
    #[must_use]
    pub fn all(&self) -> Vec<Terms> {
        self.pool.all()
    }
}

/// Distinct values by number. Readers keep their own memory of what they met, so that the lock is taken
/// once a value and reader, not once a row.
#[derive(Debug)]
pub(crate) struct Pool<T> {
    inner: Mutex<Inner<T>>,
}

#[derive(Debug)]
struct Inner<T> {
    ids: std::collections::HashMap<T, u32, RandomState>,
    values: Vec<T>,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self {
            inner: Mutex::new(Inner {
                ids: std::collections::HashMap::with_hasher(hasher()),
                values: Vec::new(),
            }),
        }
    }
}

impl<T: Clone + Eq + Hash> Pool<T> {
    fn lock(&self) -> MutexGuard<'_, Inner<T>> {
        // A value is pushed before its id is entered: a panic in between leaves an unused value, no wrong id.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn intern(&self, value: T) -> u32 {
        let mut inner = self.lock();
        if let Some(id) = inner.ids.get(&value) {
            return *id;
        }
        inner.push(value)
    }

    pub(crate) fn get(&self, id: u32) -> Option<T> {
        self.lock().values.get(id as usize).cloned()
    }

    pub(crate) fn all(&self) -> Vec<T> {
        self.lock().values.clone()
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().values.len()
    }
}

impl<T: Clone + Eq + Hash> Inner<T> {
    fn push(&mut self, value: T) -> u32 {
        let id = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.values.push(value.clone());
        self.ids.insert(value, id);
        id
    }
}

impl Pool<Box<str>> {
    fn intern_str(&self, value: &str) -> u32 {
        let mut inner = self.lock();
        if let Some(id) = inner.ids.get(value) {
            return *id;
        }
        inner.push(value.into())
    }
}

/// Fixed seeds: the tables hold nothing whose order is ever written out, and the process reads no randomness.
pub(crate) const fn hasher() -> RandomState {
    RandomState::with_seeds(
        0x243f_6a88_85a3_08d3,
        0x1319_8a2e_0370_7344,
        0xa409_3822_299f_31d0,
        0x082e_fa98_ec4e_6c89,
    )
}
