//! The ledger at work: many threads ask, one writes.
#![cfg(test)]

mod frequency;
mod group;
mod interleave;
#[path = "../ledger/sim.rs"]
#[expect(dead_code, reason = "the other tests of this crate use all of it")]
mod sim;
#[path = "../ledger/world.rs"]
#[expect(dead_code, reason = "the other tests of this crate use all of it")]
mod world;

use std::sync::Arc;

use anning_store::{Clerk, Clock, Ledger, NewAct, Pace, Running, sheet_hash};
use anning_vocab::{ActKind, Origin, Recipient, RecipientKey, Timestamp};

use sim::Sim;

/// Sets the ledger on a disk to work.
fn start(disk: &Sim, seed: u64, clock: Clock, pace: Pace) -> (Clerk, Running, People) {
    let ledger = world::open(disk, seed).unwrap();
    let people = People::of(&ledger);
    let (clerk, running) = Clerk::start(ledger, Arc::new(disk.clone()), clock, pace).unwrap();
    (clerk, running, people)
}

/// The people of the small world, for whoever holds no ledger.
#[derive(Clone)]
struct People {
    hash: Arc<dyn Fn(&Recipient) -> RecipientKey + Send + Sync>,
    sheet: [u8; 32],
}

impl People {
    fn of(ledger: &Ledger) -> Self {
        Self { hash: Arc::new(ledger.hasher()), sheet: sheet_hash(ledger.suite(), &sheet()) }
    }

    fn key(&self, n: u64) -> RecipientKey {
        (self.hash)(&world::person(n))
    }

    fn act(&self, n: u64, kind: ActKind, occurred: Timestamp) -> NewAct {
        NewAct {
            recipient: self.key(n),
            address: world::person(n).reveal(),
            kind,
            origin: Origin::Captured,
            occurred,
            received: occurred,
            recorded: occurred,
            sheet: self.sheet,
            id: Vec::new(),
        }
    }
}

/// Terms under which `party-0` may send.
fn sheet() -> Vec<u8> {
    use anning_vocab::{Bundling, Control, Covers, Notice, PartyId, Prominence, Terms};
    let notice = Notice {
        hash: 1,
        names_controller: Some(true),
        states_purpose: Some(true),
        states_categories: Some(true),
        states_retention: Some(true),
        states_rights: Some(true),
        states_type_frequency_period: Some(true),
    };
    let terms = Terms {
        controller: Some(PartyId(0)),
        control: Control::TickedByRecipient,
        bundling: Bundling::Separate,
        prominence: Prominence::OnFace,
        forced: Some(false),
        notice: Some(notice),
        ..Terms::silent(Covers::Both)
    };
    anning_ledger::sheet::encode(&terms, &|_, id| Some(format!("name-{id}").into())).unwrap()
}
