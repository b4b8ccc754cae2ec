//! Latencies and rates of a ledger at work.

use std::time::Duration;

use anning_decide::{Outcome, Policy, decide};
use anning_law::Law;
use anning_store::{Error, Pace};
use anning_vocab::{Act, ActKind, Class, Known, Message, PartyId, RecipientKey, SenderNumber, TextFacts};

use super::{BATCH, CLIENTS, Ground, Open, SPELL, clients, spread};
use crate::now;

/// One client, one act at a time; acts a second.
pub(super) fn single(ground: &Ground) -> Result<f64, Error> {
    let open = ground.fresh("single", Pace::default())?;
    let (begin, mut nanos) = (now(), Vec::new());
    while begin.elapsed() < SPELL {
        let act = open.maker.act(nanos.len() as u64, ActKind::Given, 1);
        let one = now();
        open.clerk.put(open.maker.sheets.clone(), act.into_iter().collect())?;
        nanos.push(one.elapsed().as_nanos() as u64);
    }
    let rate = nanos.len() as f64 / SPELL.as_secs_f64();
    println!("ledger, 1 client x 1 act, durable and visible: {rate:.0}/s, {}", spread(nanos));
    ground.remove(open, "single")?;
    Ok(rate)
}

/// Many clients with batches; acts a second.
pub(super) fn batched(ground: &Ground) -> Result<f64, Error> {
    let open = ground.fresh("batched", Pace::default())?;
    let mut rates = Vec::new();
    for (count, batch) in [(CLIENTS, BATCH), (CLIENTS, 1), (2, 8_192)] {
        let begin = now();
        let first = rates.len() as u64 * 50_000_000;
        let (done, ()) = clients(&open, count, batch, first, || std::thread::sleep(SPELL));
        let rate = done as f64 / begin.elapsed().as_secs_f64();
        println!("ledger, {count} clients x {batch} acts: {rate:.0} acts/s durable and visible");
        rates.push(rate);
    }
    ground.remove(open, "batched")?;
    Ok(rates.first().copied().unwrap_or(0.0))
}

/// From sending a withdrawal to a decision that denies; at rest and under load.
pub(super) fn withdrawals(ground: &Ground) -> Result<(), Error> {
    for (state, load) in [("at rest", 0), ("while 4 clients put batches", 4)] {
        let open = ground.fresh("withdrawals", Pace::default())?;
        let (taken, latencies) = clients(&open, load, BATCH, 10_000_000, || one_by_one(&open));
        let (whole, after, allowed) = latencies?;
        println!(
            "withdrawal sent -> decision denies, {state} ({taken} other acts): {}; from its ack on: {}; \
             {allowed} allowed before, {} after",
            spread(whole),
            spread(after.0),
            after.1
        );
        ground.remove(open, "withdrawals")?;
    }
    Ok(())
}

type Latencies = (Vec<u64>, (Vec<u64>, usize), usize);

fn one_by_one(open: &Open) -> Result<Latencies, Error> {
    let (mut whole, mut after, mut allowed, mut wrong) = (Vec::new(), Vec::new(), 0, 0);
    let given: Vec<_> = (0..PEOPLE).filter_map(|n| open.maker.act(n, ActKind::Given, 1)).collect();
    let keys: Vec<RecipientKey> = given.iter().map(|act| act.recipient).collect();
    open.clerk.put(open.maker.sheets.clone(), given)?;
    let begin = now();
    for (person, key) in (0..).zip(keys).take_while(|_| begin.elapsed() < SPELL) {
        allowed += usize::from(outcome(open, key) != Outcome::Deny);
        let act = open.maker.act(person, ActKind::Withdrawn, 2);
        let sent = now();
        open.clerk.put(Vec::new(), act.into_iter().collect())?;
        let told = now();
        wrong += usize::from(outcome(open, key) != Outcome::Deny);
        after.push(told.elapsed().as_nanos() as u64);
        whole.push(sent.elapsed().as_nanos() as u64);
    }
    Ok((whole, (after, wrong), allowed))
}

fn outcome(open: &Open, key: RecipientKey) -> Outcome {
    let mut message: Message = crate::decide::message(open.maker.day.plus_millis(36_000_000));
    message.parties.advertiser = Some(PartyId(0));
    message.sender_number = SenderNumber::True;
    message.refusal_free = Known::Yes;
    let (yes, no) = (Known::Yes, Known::No);
    message.text = TextFacts { identity: yes, contact: yes, refusal: yes, ad_label: no, code: no };
    let mut acts: Vec<Act> = Vec::new();
    let view = open.clerk.view().now();
    view.index().acts(key, &mut acts);
    let facts = view.sheets().world().facts(&message, &acts, &[]);
    let law = Law::embedded().on(message.sent_at.date());
    decide(law, &message, Class::Commercial, &facts, &[], &Policy::default()).outcome
}

/// From the ack of an act to a checkpoint that covers it; at rest and under load.
pub(super) fn provable(ground: &Ground) -> Result<(), Error> {
    for (state, load) in [("at rest", 0), ("while 4 clients put batches", 4)] {
        let open = ground.fresh("provable", Pace::default())?;
        let (taken, nanos) = clients(&open, load, BATCH, 10_000_000, || {
            let (begin, mut nanos, mut late) = (now(), Vec::new(), 0);
            for person in (0..).take_while(|_| begin.elapsed() < SPELL) {
                let act = open.maker.act(person, ActKind::Given, 1);
                let acks = open.clerk.put(open.maker.sheets.clone(), act.into_iter().collect())?;
                let told = now();
                let position = acks.first().and_then(|ack| ack.position).unwrap_or(0);
                late += usize::from(!open.running.wait_published(position + 1, Duration::from_secs(20)));
                nanos.push(told.elapsed().as_nanos() as u64);
            }
            Ok::<_, Error>((nanos, late))
        });
        let (nanos, late) = nanos?;
        let count = nanos.len();
        println!(
            "acknowledged -> provable, {state} ({taken} other acts, {count} looked at): {}{}",
            spread(nanos),
            if late == 0 { String::new() } else { format!("; {late} not within 20 s") }
        );
        ground.remove(open, "provable")?;
    }
    Ok(())
}

/// Who may withdraw while it is measured.
const PEOPLE: u64 = 60_000;
