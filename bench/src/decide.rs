//! May this be sent: decisions a second on one core against resident consents, one at a time and in batches.

mod peer;
mod redis;

use std::hint::black_box;

use anning_consent::World;
use anning_decide::{Campaign, Outcome, Policy};
use anning_law::Law;
use anning_ledger::index::{Batch, Index};
use anning_vocab::{
    Act, ActKind, Bundling, Channel, Class, Control, Covers, Date, Known, Message, Notice, Origin, PartyId,
    Prominence, RecipientKey, Terms, TermsId, Timestamp,
};

use crate::{Random, now};

/// Two mixes: one consent a recipient, and four.
pub(crate) fn run(consents: usize) {
    for each in [1, 4] {
        mix(consents / each, each);
    }
    redis::run(consents.min(REDIS_MAX));
}

fn mix(recipients: usize, each: usize) {
    println!("\n{recipients} recipients, {each} consents each; rates are of this thread's own time");
    let world = World { terms: terms(), ..World::default() };
    let begin = now();
    let index = fill(recipients, each, world.terms.len() as u64);
    let (consents, memory) = (index.acts_len(), index.memory());
    let per = |bytes: usize| bytes as f64 / consents as f64;
    println!("filled in {:.1} s ({:.2} M acts/s)", seconds(begin), consents as f64 / seconds(begin) / 1e6);
    println!(
        "bytes a consent {:.1}: slots {:.1}, runs {:.1}, wide {:.1}, shapes {:.2}; counters {} bytes in all",
        per(memory.consents()),
        per(memory.slots),
        per(memory.runs),
        per(memory.wide),
        per(memory.shapes),
        memory.counters
    );
    let day = Date::parse("2025-11-11").map_or(Timestamp::from_millis(0), Date::start);
    let message = message(day.plus_millis(36_000_000));
    let law = Law::embedded().on(message.sent_at.date());
    let mut campaign = Campaign::new(law, &world, message, Class::Commercial, Policy::default());
    // Warm: a campaign decides what is alike once, and goes on for millions.
    one_at_a_time(&index, &mut campaign, recipients, DECISIONS / 4);
    let alone = one_at_a_time(&index, &mut campaign, recipients, DECISIONS);
    let probe = peer::dependent(memory.consents(), DECISIONS);
    println!(
        "one at a time {:.2} M/s; dependent DRAM probe {:.2} M/s; ratio {:.2}",
        alone,
        probe,
        alone / probe
    );
    latency(&index, &mut campaign, recipients);
    let probe = peer::batched(memory.consents(), DECISIONS, 32);
    println!("batched DRAM probe, 32 at once: {probe:.2} M/s");
    for size in [16, 32, 64, 4_096] {
        let batched = in_batches(&index, &mut campaign, recipients, size);
        println!("in batches of {size}: {batched:.2} M/s; ratio {:.2}", batched / probe);
    }
    snapshot(&index);
}

fn fill(recipients: usize, each: usize, terms: u64) -> Index {
    let mut random = Random(1);
    let mut index = Index::with_room_for(recipients);
    let day = Date::parse("2025-11-11").map_or(Timestamp::from_millis(0), Date::start);
    for n in 0..recipients {
        for _ in 0..each {
            // Any second of the last 1,500 days.
            let at = day.plus_millis(-1_000 * (1 + (random.draw() % (1_500 * 86_400)) as i64));
            let kind = if random.draw().is_multiple_of(10) { ActKind::Withdrawn } else { ActKind::Given };
            let terms = TermsId((random.draw() % terms) as u32);
            let act = Act { kind, origin: Origin::Captured, occurred: at, received: at, recorded: at, terms };
            index.put(key(n as u64), &act);
        }
    }
    index
}

/// The key of a recipient by number: as random as a keyed hash, and found again without a list.
pub(crate) fn key(number: u64) -> RecipientKey {
    let mut random = Random(number);
    let (high, low) = (random.draw(), random.draw());
    RecipientKey((u128::from(high) << 64 | u128::from(low)).to_le_bytes())
}

/// Millions a second. The next recipient is known only after the decision.
fn one_at_a_time(index: &Index, campaign: &mut Campaign<'_>, recipients: usize, decisions: usize) -> f64 {
    let (mut random, mut acts, mut denied) = (Random(3), Vec::new(), 0_u64);
    let rate = rate(decisions, || {
        for _ in 0..decisions {
            let number = random.draw().wrapping_add(denied) % recipients as u64;
            index.acts(key(number), &mut acts);
            denied += u64::from(campaign.decide(&acts, &[]).outcome == Outcome::Deny);
        }
    });
    black_box(denied);
    rate
}

fn latency(index: &Index, campaign: &mut Campaign<'_>, recipients: usize) {
    let (mut random, mut acts) = (Random(5), Vec::new());
    let mut nanos = Vec::with_capacity(DECISIONS / 4);
    for _ in 0..DECISIONS / 4 {
        let key = key(random.draw() % recipients as u64);
        let begin = now();
        index.acts(key, &mut acts);
        black_box(campaign.decide(&acts, &[]).outcome);
        nanos.push(begin.elapsed().as_nanos() as u64);
    }
    nanos.sort_unstable();
    let at =
        |part: f64| nanos.get((nanos.len() as f64 * part) as usize).copied().unwrap_or(0) as f64 / 1_000.0;
    println!(
        "latency p50 {:.2} µs, p99 {:.2} µs, p99.9 {:.2} µs, p99.99 {:.2} µs",
        at(0.5),
        at(0.99),
        at(0.999),
        at(0.9999)
    );
}

/// Millions a second, so many recipients at once.
fn in_batches(index: &Index, campaign: &mut Campaign<'_>, recipients: usize, size: usize) -> f64 {
    let (mut random, mut batch, mut keys, mut denied) = (Random(7), Batch::default(), Vec::new(), 0_u64);
    let rate = rate(DECISIONS, || {
        for _ in 0..DECISIONS / size {
            keys.clear();
            keys.extend((0..size).map(|_| key(random.draw() % recipients as u64)));
            index.acts_of(&keys, &mut batch, |_, acts| {
                denied += u64::from(campaign.decide(acts, &[]).outcome == Outcome::Deny);
            });
        }
    });
    black_box(denied);
    rate
}

/// Written shard after shard and read back, each chunk dropped before the next: no second copy of it all.
fn snapshot(index: &Index) {
    let (mut head, mut shards, mut bytes) = (None, Vec::new(), 0);
    let mut reading = 0.0;
    let begin = now();
    let done = index.write(|part| {
        let begin = now();
        bytes += part.len();
        match &head {
            None => head = Some(anning_ledger::index::Head::read(part)?),
            Some(head) => {
                let shard = head.shard(part)?;
                // Some stay, so that reading pays for fresh memory; not all, so that two fit a machine.
                if shards.len() >= SHARDS_KEPT {
                    shards.clear();
                }
                shards.push(shard);
            }
        }
        reading += seconds(begin);
        Ok::<(), anning_ledger::index::Damaged>(())
    });
    let all = seconds(begin);
    println!(
        "snapshot {:.0} MB: written in {:.2} s, read in {reading:.2} s, one thread, in memory{}",
        bytes as f64 / 1e6,
        all - reading,
        if done.is_ok() { "" } else { "; FAILED" }
    );
}

fn seconds(begin: std::time::Instant) -> f64 {
    begin.elapsed().as_secs_f64()
}

/// Seconds that this thread ran: what else the machine does takes a core away, and is no part of the figure.
/// Where the system does not say, 0.
fn ran() -> f64 {
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = said.split(' ').next().and_then(|word| word.parse::<u64>().ok());
    nanos.unwrap_or(0) as f64 / 1e9
}

/// Millions a second of the thread's own time, and of the clock's.
fn rate(count: usize, work: impl FnOnce()) -> f64 {
    let (begin, before) = (now(), ran());
    work();
    let (clock, own) = (seconds(begin), ran() - before);
    count as f64 / if own > 0.0 { own } else { clock } / 1e6
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

/// Decisions timed.
const DECISIONS: usize = 4_000_000;
/// Keys that Redis is given at most.
const REDIS_MAX: usize = 2_000_000;
/// Shards of a snapshot held at once.
const SHARDS_KEPT: usize = 256;
