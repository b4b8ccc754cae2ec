//! A gateway between a simulated sender and carrier: messages a second, delay added, CPU a message; beside it the bare pair.

pub(crate) mod ground;

use std::net::SocketAddr;
use std::process::Child;
use std::time::Duration;

use anning_link::{Credentials, Moment};
use anning_peers::{
    Carrier, CarrierPlan, Clock, Kind, Mix, Protocol, Recipients, Sender, SenderCounts, SenderPlan,
};
use anning_vocab::Timestamp;

use ground::Ground;

pub(crate) type Failed = Box<dyn core::error::Error>;

/// What one run showed.
struct Run {
    per_second: f64,
    p50: f64,
    p99: f64,
    counts: SenderCounts,
}

pub(crate) fn run(messages: u64) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build();
    let result = runtime.map_err(Failed::from).and_then(|runtime| {
        let ground = Ground::new()?;
        println!(
            "{messages} messages over {LINKS} connections, window {WINDOW} each; {} of {PEOPLE} recipients have agreed; \
             the gateway decides in shadow mode, so that every message goes all the way",
            ground::AGREED
        );
        for protocol in [Protocol::Cmpp3, Protocol::Smpp] {
            runtime.block_on(one(&ground, protocol, messages))?;
        }
        Ok(())
    });
    if let Err(error) = result {
        eprintln!("bench: {error}");
    }
}

async fn one(ground: &Ground, protocol: Protocol, messages: u64) -> Result<(), Failed> {
    let name = protocol.name();
    let paced = messages.min(u64::from(PACE) * PACED_SECONDS);
    // Bare: the simulated ends alone, which also says what they themselves can.
    let carrier = carrier(protocol).await?;
    let bare = send(protocol, carrier.bound(), 0, messages, None).await?;
    println!("{name} bare: {:.0}/s, {}", bare.per_second, delays(&bare));
    let bare_paced = send(protocol, carrier.bound(), messages, paced, Some(PACE)).await?;
    println!("{name} bare at {PACE}/s: {}", delays(&bare_paced));
    drop(carrier);

    let carrier = self::carrier(protocol).await?;
    let mut gateway = ground.serve(protocol, carrier.bound())?;
    let at = gateway.at;
    let before = cpu(&gateway.child);
    let through = send(protocol, at, 0, messages, None).await?;
    let spent = cpu(&gateway.child).zip(before).map(|(after, before)| after - before);
    let one = spent.map(|spent| spent * 1e6 / messages.max(1) as f64);
    println!(
        "{name} through the gateway: {:.0}/s, {}; its CPU a message: {}",
        through.per_second,
        delays(&through),
        one.map_or("unknown here".to_owned(), |micros| format!("{micros:.1} µs"))
    );
    let before = cpu(&gateway.child);
    let through_paced = send(protocol, at, messages, paced, Some(PACE)).await?;
    let spent = cpu(&gateway.child).zip(before).map(|(after, before)| after - before);
    let share = spent.map(|spent| spent / through_paced.counts.seconds.max(f64::MIN_POSITIVE) * 100.0);
    println!(
        "{name} through the gateway at {PACE}/s: {}; CPU of the gateway: {}",
        delays(&through_paced),
        share.map_or("unknown here".to_owned(), |share| format!("{share:.0} % of one core"))
    );
    gateway.end();
    let carried = carrier.counts();
    println!(
        "{name} ratios: rate {:.2} of bare; added at {PACE}/s: p50 {:.2} ms, p99 {:.2} ms; carrier took {} of {} twice: {}",
        through.per_second / bare.per_second,
        through_paced.p50 - bare_paced.p50,
        through_paced.p99 - bare_paced.p99,
        carried.taken,
        messages + paced,
        carried.duplicates,
    );
    Ok(())
}

pub(crate) async fn carrier(protocol: Protocol) -> Result<Carrier, Failed> {
    let plan = CarrierPlan::new(protocol, LOOPBACK, who(ground::LOGIN));
    Ok(Carrier::start(CarrierPlan { report_after: REPORT_AFTER, ..plan }, clock()).await?)
}

async fn send(
    protocol: Protocol,
    to: SocketAddr,
    first: u64,
    messages: u64,
    rate: Option<u32>,
) -> Result<Run, Failed> {
    let plan = SenderPlan::new(protocol, to, who(ground::LOGIN), messages);
    let plan = SenderPlan {
        first,
        connections: LINKS,
        window: WINDOW,
        rate,
        recipients: Recipients { first: ground::FIRST_NUMBER, count: PEOPLE },
        // One segment each, so that a message is a submit.
        mix: Mix([20, 30, 50, 0]),
        linger: Duration::from_secs(30),
        ..plan
    };
    let counts = Sender::start(plan, clock()).await?.finish().await;
    let reports = &counts.reports;
    if counts.taken != messages || reports.matched != messages || reports.duplicate + reports.unknown > 0 {
        println!(
            "  of {messages}: taken {}, refused {}, in doubt {}, reported {}, twice {}, unknown {}; {:?} {:?} {:?}",
            counts.taken,
            counts.refused,
            counts.in_doubt,
            reports.matched,
            reports.duplicate,
            reports.unknown,
            counts.codes,
            counts.endings,
            counts.odd
        );
    }
    let code = counts.latency.get(Kind::Campaign.name()).copied().unwrap_or_default();
    Ok(Run { per_second: counts.per_second, p50: code.p50, p99: code.p99, counts })
}

pub(crate) fn who(login: &str) -> Credentials {
    Credentials { account: login.as_bytes().to_vec(), secret: ground::SECRET.as_bytes().to_vec() }
}

/// By kind, because codes go before everything else.
fn delays(run: &Run) -> String {
    let kind = |kind: Kind| {
        let latency = run.counts.latency.get(kind.name()).copied().unwrap_or_default();
        format!("{} p50 {:.2} p99 {:.2} max {:.1} ms", kind.name(), latency.p50, latency.p99, latency.max)
    };
    format!("{}, {}", kind(Kind::Code), kind(Kind::Campaign))
}

/// Seconds of CPU that a process has used, as the kernel counts them for it (getrusage counts the same); none where
/// there is no /proc.
fn cpu(child: &Child) -> Option<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).ok()?;
    // The name may hold blanks: fields are counted from behind it, user and system time are the 14th and 15th.
    let (_, fields) = stat.rsplit_once(')')?;
    let ticks = fields.split_whitespace().skip(11).take(2).map(|field| field.parse::<f64>().ok());
    Some(ticks.sum::<Option<f64>>()? / TICKS)
}

pub(crate) fn clock() -> Clock {
    Clock { wall, steady }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark of what runs now")]
pub(crate) fn wall() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(0))
}

pub(crate) fn steady() -> Moment {
    static BEGAN: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    Moment::after(BEGAN.get_or_init(crate::now).elapsed())
}

pub(crate) const LOOPBACK: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);
/// Threads of both simulated ends together.
const WORKERS: usize = 2;
/// Connections of the sender, and submits without an answer on each: CMPP's habit.
const LINKS: u32 = 8;
const WINDOW: usize = 16;
/// Recipients.
const PEOPLE: u64 = 20_000;
/// Messages a second at which delays are compared, and for how long.
const PACE: u32 = 5_000;
const PACED_SECONDS: u64 = 10;
const REPORT_AFTER: Duration = Duration::from_millis(100);
/// Ticks of /proc in a second: USER_HZ is 100 wherever Linux runs.
const TICKS: f64 = 100.0;
