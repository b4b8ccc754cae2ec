//! A simulated sender and a simulated carrier with nothing between them: every protocol, every fault.
#![cfg(test)]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anning_link::{Credentials, Moment};
use anning_peers::{
    Answering, Carrier, CarrierCounts, CarrierPlan, Clock, Faults, Ids, Kind, Mix, Protocol, Sender,
    SenderCounts, SenderPlan,
};
use anning_text::Coding;
use anning_vocab::{Date, Timestamp};

const COUNT: u64 = 300;

/// A day that never ends: a simulation takes its time as an argument too.
fn clock() -> Clock {
    fn wall() -> Timestamp {
        Date::parse("2026-11-27").unwrap().start().plus_millis(36_000_000)
    }
    fn steady() -> Moment {
        static BEGAN: std::sync::OnceLock<tokio::time::Instant> = std::sync::OnceLock::new();
        Moment::after(BEGAN.get_or_init(tokio::time::Instant::now).elapsed())
    }
    Clock { wall, steady }
}

fn who(secret: &str) -> Credentials {
    Credentials { account: b"901234".to_vec(), secret: secret.as_bytes().to_vec() }
}

fn anywhere() -> SocketAddr {
    "127.0.0.1:0".parse().unwrap()
}

/// An address that nobody has; SGIP's two sides have to know each other's before either begins.
fn free() -> SocketAddr {
    std::net::TcpListener::bind(anywhere()).unwrap().local_addr().unwrap()
}

async fn run(
    protocol: Protocol,
    edit: impl FnOnce(&mut CarrierPlan, &mut SenderPlan),
) -> (CarrierCounts, SenderCounts) {
    let mut carrier = CarrierPlan::new(protocol, anywhere(), who("secret"));
    carrier.report_after = Duration::from_millis(20);
    let mut sender = SenderPlan::new(protocol, anywhere(), who("secret"), COUNT);
    sender.linger = Duration::from_secs(10);
    if protocol == Protocol::Sgip {
        let there = free();
        carrier.deliver_to = Some(there);
        sender.listen = Some(there);
    }
    edit(&mut carrier, &mut sender);
    let carrier = Carrier::start(carrier, clock()).await.unwrap();
    sender.to = carrier.bound();
    let sender = Sender::start(sender, clock()).await.unwrap();
    assert!(carrier.reply("13800000001", "1069000101", "退订，不要再发了", Coding::Ucs2));
    let counts = tokio::time::timeout(Duration::from_secs(60), sender.finish()).await.unwrap();
    (carrier.stop(Duration::from_secs(1)).await, counts)
}

/// Segments of so many messages of the usual mix.
fn segments(messages: u64) -> u64 {
    (0..messages).map(|n| if Mix::default().kind(n) == Kind::Long { 3 } else { 1 }).sum()
}

#[tokio::test]
async fn every_protocol_whole() {
    for protocol in Protocol::ALL {
        let replies = Answering { every: 10, text: "T".to_owned(), after: Duration::from_millis(5) };
        let (carrier, sender) = run(protocol, |carrier, _| carrier.replies = Some(replies)).await;
        let (name, all) = (protocol.name(), segments(COUNT));
        assert_eq!((sender.messages, sender.taken, sender.refused), (COUNT, all, 0), "{name} {sender:?}");
        assert_eq!(
            (carrier.taken, carrier.distinct, carrier.duplicates),
            (all, all, 0),
            "{name} {carrier:?}"
        );
        let reports = &sender.reports;
        assert_eq!(
            (reports.matched, reports.delivered, reports.missing),
            (all, all, 0),
            "{name} {reports:?}"
        );
        assert_eq!((reports.duplicate, reports.unknown), (0, 0), "{name} {reports:?}");
        // One was asked for, the others come by themselves.
        assert_eq!(sender.replies, all / 10 + 1, "{name}");
        assert_eq!(carrier.told, all + all / 10 + 1, "{name}");
        assert_eq!(sender.latency.len(), 4, "{name}");
        assert!(sender.odd.is_empty() && carrier.odd.is_empty(), "{name} {:?} {:?}", sender.odd, carrier.odd);
    }
}

#[tokio::test]
async fn ids_in_two_forms() {
    for ids in [Ids::Hex, Ids::HexThenDecimal, Ids::DecimalThenHex] {
        let (_, sender) = run(Protocol::Smpp, |carrier, sender| (carrier.ids, sender.ids) = (ids, ids)).await;
        assert_eq!(sender.reports.matched, segments(COUNT), "{ids:?}");
    }
    // Whoever takes them for the same text finds none.
    let (_, sender) = run(Protocol::Smpp, |carrier, sender| {
        carrier.ids = Ids::HexThenDecimal;
        sender.linger = Duration::from_millis(200);
    })
    .await;
    assert_eq!((sender.reports.matched, sender.reports.missing), (0, segments(COUNT)));
}

async fn faulty(
    protocol: Protocol,
    faults: Faults,
    edit: impl FnOnce(&mut SenderPlan),
) -> (CarrierCounts, SenderCounts) {
    run(protocol, |carrier, sender| {
        carrier.faults = faults;
        sender.count = 100;
        edit(sender);
    })
    .await
}

#[tokio::test]
async fn slow() {
    let faults = Faults { slow: Duration::from_millis(40), ..Faults::default() };
    let (_, sender) = faulty(Protocol::Cmpp3, faults, |_| {}).await;
    assert_eq!(sender.taken, segments(100));
    assert!(sender.latency["code"].p50 >= 40.0, "{:?}", sender.latency);
}

#[tokio::test]
async fn throttled() {
    for protocol in Protocol::ALL {
        let faults = Faults { throttle: Some(100), ..Faults::default() };
        let (carrier, sender) = faulty(protocol, faults, |_| {}).await;
        let name = protocol.name();
        assert_eq!((sender.taken, carrier.duplicates), (segments(100), 0), "{name} {sender:?}");
        assert!(sender.retried > 0 && sender.retried == carrier.throttled, "{name} {sender:?} {carrier:?}");
    }
}

#[tokio::test]
async fn silent() {
    let faults = Faults { silent: true, no_reports: true, ..Faults::default() };
    let (carrier, sender) = faulty(Protocol::Smpp, faults, |sender| {
        sender.count = 20;
        sender.answer_within = Duration::from_millis(200);
    })
    .await;
    assert_eq!((sender.taken, sender.in_doubt), (0, segments(20)), "{sender:?}");
    assert_eq!(carrier.taken, segments(20), "{carrier:?}");
}

#[tokio::test]
async fn broken_lines() {
    for protocol in Protocol::ALL {
        let folder =
            std::env::temp_dir().join(format!("anning-peers-{}-{}", std::process::id(), protocol.name()));
        std::fs::create_dir_all(&folder).unwrap();
        let (theirs, ours) = (folder.join("taken"), folder.join("acknowledged"));
        let (carrier, sender) = run(protocol, |carrier, sender| {
            carrier.faults.reset_after = Some(45);
            carrier.log = Some(theirs.clone());
            sender.log = Some(ours.clone());
            (sender.count, sender.reconnects) = (100, true);
        })
        .await;
        let (name, all) = (protocol.name(), segments(100));
        assert_eq!((sender.taken, carrier.distinct), (all, all), "{name} {sender:?} {carrier:?}");
        assert!(carrier.resets >= 2, "{name} {carrier:?}");
        // What was never answered went again, and nothing else: the carrier had taken it once already.
        assert!(sender.again > 0 && sender.again == sender.in_doubt, "{name} {sender:?}");
        assert_eq!(carrier.taken, all + carrier.duplicates, "{name} {carrier:?}");
        assert!((1..=sender.again).contains(&carrier.duplicates), "{name} {carrier:?}");
        let (taken, acknowledged) = (lines(&theirs), lines(&ours));
        assert_eq!(taken.values().sum::<u64>(), carrier.taken, "{name}");
        assert_eq!(taken.keys().collect::<Vec<_>>(), acknowledged.keys().collect::<Vec<_>>(), "{name}");
        assert!(acknowledged.values().all(|times| *times == 1), "{name}");
        std::fs::remove_dir_all(folder).unwrap();
    }
}

/// How often each number and text stands in a file.
fn lines(path: &PathBuf) -> BTreeMap<(String, String), u64> {
    let mut found = BTreeMap::new();
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        if line["replied"] == true {
            continue;
        }
        let part = |key: &str| line[key].as_str().unwrap().to_owned();
        *found.entry((part("number"), part("hash"))).or_default() += 1;
    }
    found
}

#[tokio::test]
async fn a_lie_is_told_of() {
    for (protocol, notes) in
        [(Protocol::Cmpp2, 1), (Protocol::Cmpp3, 1), (Protocol::Smgp, 1), (Protocol::Smpp, 0)]
    {
        let faults = Faults { lie: true, ..Faults::default() };
        let (_, sender) = faulty(protocol, faults, |_| {}).await;
        let told = sender.odd.iter().filter(|(note, _)| note.contains("did not prove")).count();
        assert_eq!((told, sender.taken), (notes, segments(100)), "{}", protocol.name());
    }
}

#[tokio::test]
async fn reports_before_answers() {
    for protocol in Protocol::ALL {
        let faults = Faults { report_before_response: true, ..Faults::default() };
        let (_, sender) = faulty(protocol, faults, |_| {}).await;
        let (all, reports) = (segments(100), &sender.reports);
        assert_eq!((reports.matched, reports.unknown), (all, 0), "{} {reports:?}", protocol.name());
        assert!(reports.early > all / 2, "{} {reports:?}", protocol.name());
    }
}

#[tokio::test]
async fn refused_and_unreported() {
    let faults = Faults { refuse: Some((9, 10)), no_reports: true, ..Faults::default() };
    let (carrier, sender) =
        faulty(Protocol::Cmpp2, faults, |sender| sender.linger = Duration::from_millis(100)).await;
    let refused = segments(100) / 10;
    assert_eq!(
        (sender.refused, sender.codes[&9], carrier.refused),
        (refused, refused, refused),
        "{sender:?}"
    );
    assert_eq!((sender.reports.matched, sender.reports.missing), (0, segments(100) - refused), "{sender:?}");
}

#[tokio::test]
async fn failures_are_reported() {
    let (_, sender) = run(Protocol::Smgp, |carrier, _| carrier.fails = Some(5)).await;
    let all = segments(COUNT);
    assert_eq!((sender.reports.matched, sender.reports.delivered), (all, all - all / 5));
}

#[tokio::test]
async fn a_wrong_secret_stays_outside() {
    for protocol in Protocol::ALL {
        let (carrier, sender) = run(protocol, |_, sender| {
            sender.who = who("other");
            sender.linger = Duration::from_millis(50);
            sender.listen = None;
        })
        .await;
        let name = protocol.name();
        assert_eq!((sender.taken, sender.unsent, carrier.turned_away), (0, COUNT, 1), "{name} {sender:?}");
    }
}

/// In SGIP both sides let in, each for its own direction.
#[tokio::test]
async fn whoever_comes_to_tell_is_looked_at_too() {
    let (carrier, sender) = run(Protocol::Sgip, |carrier, sender| {
        sender.called_as = Some(Credentials { account: b"unicom".to_vec(), ..who("secret") });
        (sender.count, sender.linger) = (1, Duration::from_secs(1));
        carrier.fails = None;
    })
    .await;
    assert_eq!((sender.taken, sender.called, sender.reports.missing), (1, 0, 1), "{sender:?}");
    assert!(sender.turned_away > 0 && carrier.told == 0, "{sender:?} {carrier:?}");
    let (_, sender) = run(Protocol::Sgip, |_, sender| {
        (sender.count, sender.called_as) = (1, Some(who("secret")));
    })
    .await;
    assert_eq!((sender.called, sender.turned_away, sender.reports.matched), (1, 0, 1), "{sender:?}");
}

#[tokio::test]
async fn at_a_pace() {
    let (_, sender) = run(Protocol::Cmpp3, |_, sender| {
        (sender.count, sender.rate, sender.connections) = (100, Some(500), 3);
    })
    .await;
    assert_eq!((sender.taken, sender.logins), (segments(100), 3));
    assert!(sender.seconds >= 0.19, "{}", sender.seconds);
}
