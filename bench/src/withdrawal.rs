//! Withdrawal by reply: from the carrier's handing over of "T" to its acknowledgement, beside a campaign; afterwards nobody is written to.

use std::time::Duration;

use anning_peers::{Carrier, CarrierPlan, Mix, Protocol, Recipients, Sender, SenderPlan};
use anning_text::Coding;

use crate::gateway::ground::{self, Ground};
use crate::gateway::{Failed, LOOPBACK, clock, who};

/// So many people withdraw, one after another, while messages go out.
pub(crate) fn run(people: usize) {
    let people = (people as u64).clamp(1, ground::AGREED / 2);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let result = runtime.map_err(Failed::from).and_then(|runtime| {
        let ground = Ground::new()?;
        [Protocol::Cmpp3, Protocol::Smpp]
            .into_iter()
            .try_for_each(|protocol| runtime.block_on(one(&ground, protocol, people)))
    });
    if let Err(error) = result {
        eprintln!("bench: {error}");
    }
}

async fn one(ground: &Ground, protocol: Protocol, people: u64) -> Result<(), Failed> {
    let name = protocol.name();
    let carrier = Carrier::start(CarrierPlan::new(protocol, LOOPBACK, who(ground::LOGIN)), clock()).await?;
    let mut gateway = ground.serve_as(protocol, carrier.bound(), "enforce", 1)?;
    let plan = |first: u64, count: u64, people: Recipients| SenderPlan {
        first,
        window: 16,
        recipients: people,
        mix: Mix([0, 0, 100, 0]),
        linger: Duration::from_secs(10),
        ..SenderPlan::new(protocol, gateway.at, who(ground::LOGIN), count)
    };
    // Everybody hears from the shop once: a reply is about the number that wrote.
    let all = Recipients { first: ground::FIRST_NUMBER, count: people };
    let heard = Sender::start(plan(0, people, all), clock()).await?.finish().await;
    let others = Recipients { first: ground::FIRST_NUMBER + people, count: ground::AGREED - people };
    let campaign = SenderPlan { rate: Some(PACE), ..plan(people, u64::from(PACE) * seconds(people), others) };
    let campaign = Sender::start(campaign, clock()).await?;
    for person in 0..people {
        let from = (ground::FIRST_NUMBER + person).to_string();
        if !carrier.reply(&from, SOURCE, "T", Coding::Ascii) {
            return Err("the simulated carrier cannot write \"T\"".into());
        }
        tokio::time::sleep(BETWEEN).await;
    }
    let campaign = campaign.finish().await;
    let again = Sender::start(plan(10_000_000, people, all), clock()).await?.finish().await;
    gateway.end();
    let counts = carrier.counts();
    let latency = counts.reply_latency;
    println!(
        "{name}: {people} withdrawals beside {PACE} messages/s: reply to acknowledgement p50 {:.2} p99 {:.2} max {:.1} ms ({} measured)",
        latency.p50, latency.p99, latency.max, latency.count
    );
    println!(
        "{name}: before, {} of {people} taken; the campaign to others: {} taken, {} refused; after the acknowledgements: {} of {people} refused, {} taken",
        heard.taken, campaign.taken, campaign.refused, again.refused, again.taken
    );
    Ok(())
}

const fn seconds(people: u64) -> u64 {
    people * BETWEEN.as_millis() as u64 / 1_000 + 1
}

/// The number that senders of the simulation show.
const SOURCE: &str = "1069000101";
/// Messages a second beside it.
const PACE: u32 = 1_000;
const BETWEEN: Duration = Duration::from_millis(5);
