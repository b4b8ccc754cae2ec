//! Idle connections: memory of a gateway with so many senders logged in who say nothing.

use std::time::Duration;

use anning_peers::{Carrier, CarrierPlan, Faults, Mix, Protocol, Sender, SenderPlan};

use crate::gateway::ground::{self, Ground};
use crate::gateway::{Failed, LOOPBACK, clock, who};

pub(crate) fn run(sessions: usize) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let result = runtime.map_err(Failed::from).and_then(|runtime| {
        let ground = Ground::new()?;
        [Protocol::Cmpp3, Protocol::Smpp]
            .into_iter()
            .try_for_each(|protocol| runtime.block_on(one(&ground, protocol, sessions as u64)))
    });
    if let Err(error) = result {
        eprintln!("bench: {error}");
    }
}

async fn one(ground: &Ground, protocol: Protocol, sessions: u64) -> Result<(), Failed> {
    let plan = CarrierPlan::new(protocol, LOOPBACK, who(ground::LOGIN));
    let silent = Faults { no_reports: true, ..Faults::default() };
    let carrier = Carrier::start(CarrierPlan { faults: silent, ..plan }, clock()).await?;
    let accounts = u32::try_from(sessions.div_ceil(EACH)).unwrap_or(1);
    let mut gateway = ground.serve_as(protocol, carrier.bound(), "shadow", accounts)?;
    let process = gateway.child.id();
    let before = resident(process)?;
    let mut senders = Vec::new();
    for account in 0..accounts {
        let connections = EACH.min(sessions - u64::from(account) * EACH);
        // One message, of which nobody is told: the lines stay open until the sender gives up waiting.
        let plan = SenderPlan {
            connections: u32::try_from(connections).unwrap_or(1),
            mix: Mix([100, 0, 0, 0]),
            linger: STAYS,
            ..SenderPlan::new(protocol, gateway.at, who(&ground::login(account)), 1)
        };
        senders.push(Sender::start(plan, clock()).await?);
    }
    let mut open = 0;
    for _ in 0..LOOKS {
        tokio::time::sleep(Duration::from_secs(1)).await;
        open = descriptors(process)?;
        if open as u64 >= sessions {
            break;
        }
    }
    tokio::time::sleep(SETTLES).await;
    let after = resident(process)?;
    println!(
        "{}: {sessions} connections asked for, {open} descriptors open: {:.0} MB resident, {:.0} MB before; {:.1} KB a connection",
        protocol.name(),
        after / 1e3,
        before / 1e3,
        (after - before) / sessions as f64
    );
    gateway.end();
    drop(senders);
    Ok(())
}

/// Kilobytes resident.
pub(crate) fn resident(process: u32) -> Result<f64, Failed> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next()).ok_or("no VmRSS")?;
    Ok(number.parse()?)
}

fn descriptors(process: u32) -> Result<usize, Failed> {
    Ok(std::fs::read_dir(format!("/proc/{process}/fd"))?.count())
}

/// Connections of one account.
const EACH: u64 = 250;
const STAYS: Duration = Duration::from_secs(120);
const SETTLES: Duration = Duration::from_secs(5);
/// Seconds within which all must be in.
const LOOKS: u32 = 90;
