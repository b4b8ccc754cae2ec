//! Which signatures, numbers and companies are one brand: dated assertions by named parties.

use std::collections::HashMap;

use anning_vocab::{BrandId, Date, Interval, PartyId, PortId, SignatureId};

/// What is said to belong to a brand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Member {
    /// A signature 【…】.
    Signature(SignatureId),
    /// A company.
    Party(PartyId),
    /// A port or number.
    Port(PortId),
}

/// Somebody says that a member belongs to a brand for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BrandAssertion {
    /// What.
    pub member: Member,
    /// Which brand.
    pub brand: BrandId,
    /// While.
    pub interval: Interval,
    /// Says who, if known.
    pub by: Option<PartyId>,
}

/// All assertions, by member.
#[derive(Clone, Debug, Default)]
pub struct BrandGraph {
    by_member: HashMap<Member, Vec<BrandAssertion>>,
}

impl BrandGraph {
    /// A graph of these assertions.
    #[must_use]
    pub fn new(assertions: impl IntoIterator<Item = BrandAssertion>) -> Self {
        let mut by_member: HashMap<Member, Vec<BrandAssertion>> = HashMap::new();
        for assertion in assertions {
            by_member.entry(assertion.member).or_default().push(assertion);
        }
        for said in by_member.values_mut() {
            // The latest assertion speaks; among equals the lower brand, so that order of input is nothing.
            said.sort_by_key(|a| (core::cmp::Reverse(a.interval.from), a.brand));
        }
        Self { by_member }
    }

    /// The brand of a member on a day.
    #[must_use]
    pub fn brand_of(&self, member: Member, on: Date) -> Option<BrandId> {
        self.by_member.get(&member)?.iter().find(|a| a.interval.contains(on)).map(|a| a.brand)
    }

    /// The brand of a message: by its signature, else the company, else the port.
    #[must_use]
    pub fn of_message(
        &self,
        signature: Option<SignatureId>,
        party: Option<PartyId>,
        port: Option<PortId>,
        on: Date,
    ) -> Option<BrandId> {
        let of = |member: Option<Member>| member.and_then(|m| self.brand_of(m, on));
        of(signature.map(Member::Signature))
            .or_else(|| of(party.map(Member::Party)))
            .or_else(|| of(port.map(Member::Port)))
    }

    /// Every assertion in one order, whatever the order of input: what a decision's hash covers.
    #[must_use]
    pub fn assertions(&self) -> Vec<BrandAssertion> {
        let mut all: Vec<_> = self.by_member.values().flatten().copied().collect();
        all.sort_by_key(|a| (a.member, a.interval.from, a.interval.until, a.brand, a.by));
        all
    }
}
