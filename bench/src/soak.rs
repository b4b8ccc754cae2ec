//! Soak: so many minutes of mixed messages, reports and replies through one gateway; its memory, minute by minute.

use std::time::Duration;

use anning_peers::{Answering, Carrier, CarrierPlan, Mix, Protocol, Recipients, Sender, SenderPlan};

use crate::gateway::ground::{self, Ground};
use crate::gateway::{Failed, LOOPBACK, clock, who};
use crate::idle::resident;

pub(crate) fn run(minutes: usize) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let result = runtime
        .map_err(Failed::from)
        .and_then(|runtime| runtime.block_on(soak(&Ground::new()?, minutes as u64)));
    if let Err(error) = result {
        eprintln!("bench: {error}");
    }
}

async fn soak(ground: &Ground, minutes: u64) -> Result<(), Failed> {
    let plan = CarrierPlan::new(Protocol::Cmpp3, LOOPBACK, who(ground::LOGIN));
    let replies = Answering { every: 50, text: "谢谢".to_owned(), after: Duration::from_millis(200) };
    let plan = CarrierPlan { replies: Some(replies), fails: Some(100), ..plan };
    let carrier = Carrier::start(plan, clock()).await?;
    let mut gateway = ground.serve_as(Protocol::Cmpp3, carrier.bound(), "enforce", 1)?;
    let process = gateway.child.id();
    let plan = SenderPlan {
        connections: 4,
        rate: Some(PACE),
        recipients: Recipients { first: ground::FIRST_NUMBER, count: PEOPLE },
        // Codes, notices, campaigns and long ones.
        mix: Mix([30, 30, 30, 10]),
        linger: Duration::from_secs(30),
        ..SenderPlan::new(Protocol::Cmpp3, gateway.at, who(ground::LOGIN), u64::from(PACE) * 60 * minutes)
    };
    let sender = Sender::start(plan, clock()).await?;
    let mut finish = tokio::spawn(sender.finish());
    let mut minute = 0;
    let counts = loop {
        tokio::select! {
            counts = &mut finish => break counts?,
            () = tokio::time::sleep(Duration::from_secs(60)) => {
                minute += 1;
                println!("minute {minute}: {:.1} MB resident, {} taken by the carrier", resident(process)? / 1e3, carrier.counts().taken);
            }
        }
    };
    println!(
        "{minutes} minutes at {PACE}/s: taken {}, refused {}, in doubt {}, reports {} of {}; {:.1} MB at the end; carrier took {} twice",
        counts.taken,
        counts.refused,
        counts.in_doubt,
        counts.reports.matched,
        counts.taken,
        resident(process)? / 1e3,
        carrier.counts().duplicates
    );
    gateway.end();
    Ok(())
}

/// Messages a second.
const PACE: u32 = 300;
/// Recipients: three in five have agreed.
const PEOPLE: u64 = 20_000;
