//! May this be sent: decisions a second on one core against resident consents, random recipients.

use anning_consent::World;
use anning_decide::{Outcome, Policy, decide};
use anning_law::Law;
use anning_vocab::{
    Act, ActKind, Bundling, Channel, Class, Control, Covers, Date, Known, Message, Notice, Origin, PartyId,
    Prominence, Terms, TermsId, Timestamp,
};

use crate::{Random, now};

/// Open addressing over the full 128-bit key, the act beside it: one or two cache lines a lookup. Recipients
/// are keyed hashes already, so their first bits place them. The product's own index comes with the ledger.
struct Index {
    slots: Vec<Option<(u128, Act)>>,
    mask: usize,
}

impl Index {
    fn with_room_for(recipients: usize) -> Self {
        let size = (recipients * 3 / 2).next_power_of_two().max(16);
        Self { slots: vec![None; size], mask: size - 1 }
    }

    fn put(&mut self, key: u128, act: Act) {
        let mut at = (key >> 64) as usize & self.mask;
        while self.slots.get(at).is_some_and(Option::is_some) {
            at = (at + 1) & self.mask;
        }
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = Some((key, act));
        }
    }

    fn get(&self, key: u128) -> Option<&Act> {
        let mut at = (key >> 64) as usize & self.mask;
        while let Some(Some((found, act))) = self.slots.get(at) {
            if *found == key {
                return Some(act);
            }
            at = (at + 1) & self.mask;
        }
        None
    }
}

pub(crate) fn run(recipients: usize) {
    let world = World { terms: terms(), ..World::default() };
    let day = Date::parse("2025-11-11").map_or(Timestamp::from_millis(0), Date::start);
    let (mut random, begin) = (Random(1), now());
    let mut keys = Vec::with_capacity(recipients);
    let mut index = Index::with_room_for(recipients);
    for _ in 0..recipients {
        let key = (u128::from(random.draw()) << 64) | u128::from(random.draw());
        let days = 1 + (random.draw() % 1_500) as i64;
        let at = day.plus_millis(-days * 86_400_000);
        let kind = if random.draw().is_multiple_of(10) { ActKind::Withdrawn } else { ActKind::Given };
        let terms = TermsId((random.draw() % world.terms.len() as u64) as u32);
        index.put(
            key,
            Act { kind, origin: Origin::Captured, occurred: at, received: at, recorded: at, terms },
        );
        keys.push(key);
    }
    println!("{recipients} consents resident, filled in {:.1} s", begin.elapsed().as_secs_f64());
    let order: Vec<u128> =
        (0..DECISIONS).filter_map(|_| keys.get(random.draw() as usize % recipients).copied()).collect();
    let message = message(day.plus_millis(36_000_000));
    let (law, policy) = (Law::embedded().on(message.sent_at.date()), Policy::default());
    let one = |key: &u128| {
        let acts = index.get(*key).map_or(&[][..], std::slice::from_ref);
        let facts = world.facts(&message, acts, &[]);
        decide(law, &message, Class::Commercial, &facts, &[], &policy).outcome
    };
    let begin = now();
    let denied = order.iter().filter(|key| one(key) == Outcome::Deny).count();
    let seconds = begin.elapsed().as_secs_f64();
    println!(
        "decide {:.0}/s one at a time, one core ({denied} of {DECISIONS} denied)",
        DECISIONS as f64 / seconds
    );
    let mut nanos: Vec<u64> = order.iter().take(DECISIONS / 4).map(|key| timed(|| one(key))).collect();
    nanos.sort_unstable();
    let at =
        |part: f64| nanos.get((nanos.len() as f64 * part) as usize).copied().unwrap_or(0) as f64 / 1_000.0;
    println!("latency p50 {:.2} µs, p99 {:.2} µs, p99.9 {:.2} µs", at(0.5), at(0.99), at(0.999));
    probe(recipients, DECISIONS as f64 / seconds);
}

fn timed<T>(work: impl FnOnce() -> T) -> u64 {
    let begin = now();
    std::hint::black_box(work());
    begin.elapsed().as_nanos() as u64
}

/// Beside it: one dependent random read after another over as much memory.
fn probe(recipients: usize, decisions: f64) {
    let words = recipients * 10;
    let mut random = Random(2);
    let table: Vec<u64> = (0..words).map(|_| random.draw()).collect();
    let (mut at, begin) = (0_usize, now());
    for _ in 0..DECISIONS {
        at = table.get(at % words).map_or(0, |next| (*next ^ at as u64) as usize);
    }
    std::hint::black_box(at);
    let probes = DECISIONS as f64 / begin.elapsed().as_secs_f64();
    println!(
        "dependent DRAM probe {probes:.0}/s over {} MB; ratio {:.2}",
        words * 8 / 1_000_000,
        decisions / probes
    );
}

/// Terms as they occur: forms, scopes, periods.
pub(crate) fn terms() -> Vec<Terms> {
    let notice = Notice {
        hash: 1,
        names_controller: Some(true),
        states_purpose: Some(true),
        states_categories: Some(true),
        states_retention: Some(true),
        states_rights: Some(true),
        states_type_frequency_period: Some(true),
    };
    let mut all = Vec::new();
    for control in
        [Control::TickedByRecipient, Control::TickedByDefault, Control::Implied, Control::NotRecorded]
    {
        for bundling in [Bundling::Separate, Bundling::WithTerms] {
            for days in [None, Some(180), Some(3_650)] {
                all.push(Terms {
                    controller: Some(PartyId(1)),
                    control,
                    bundling,
                    days,
                    prominence: Prominence::OnFace,
                    forced: Some(false),
                    notice: Some(notice),
                    ..Terms::silent(Covers::Both)
                });
            }
        }
    }
    all
}

/// A message of an advertiser who sends for itself.
pub(crate) fn message(sent_at: Timestamp) -> Message {
    let mut message = Message::new(sent_at, Channel::Sms);
    message.parties.advertiser = Some(PartyId(1));
    message.parties.service_provider = Some(PartyId(2));
    message.parties.carrier = Some(PartyId(3));
    message.online_business = Known::Yes;
    message.vendor_contract = Known::Yes;
    message
}

const DECISIONS: usize = 4_000_000;
