//! Gateway, carrier and sender are killed at random. No message that was acknowledged is lost, none goes out twice
//! unless its sender sent it twice, because nobody had answered, and nobody is written to whose refusal was taken.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::world::{World, counted};

#[test]
fn nothing_acknowledged_is_lost() {
    let messages: u64 = std::env::var("ANNING_MESSAGES").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000);
    let seed: u64 = std::env::var("ANNING_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let world = World::new("kills", "shadow");
    let mut draw = Draw(seed);
    let (mut carrier, mut gateway) = (world.carrier(&[]), world.serve());
    let rate = (messages / 8).clamp(200, 3_000).to_string();
    let count = messages.to_string();
    let plan = ["--count", &count, "--rate", &rate, "--log", "sender.log", "--reconnect", "--linger", "2"];
    let mut sender = world.sender(&plan);
    let (mut kills, most) = ([0_u32; 2], 6 + u32::try_from(messages / 1_000).unwrap());
    let mut waits = 0;
    while sender.0.try_wait().unwrap().is_none() {
        waits += 1;
        assert!(waits < 300 + messages / 25, "the sender does not end, ANNING_SEED={seed}");
        // Long enough to begin again and be at work when the next one comes.
        std::thread::sleep(Duration::from_millis(500 + draw.below(1_000)));
        if kills[0] + kills[1] >= most || waits % 3 != 0 {
            continue;
        }
        if draw.below(3) == 0 {
            drop(carrier);
            carrier = world.carrier(&[]);
            kills[1] += 1;
        } else {
            drop(gateway);
            gateway = world.serve();
            kills[0] += 1;
        }
    }
    let summary = std::io::read_to_string(sender.0.stdout.take().unwrap()).unwrap();
    let summary: serde_json::Value = serde_json::from_str(summary.lines().last().unwrap()).unwrap();
    quiet(&world);
    world.end(gateway);
    drop(carrier);
    let taken = counted(&world.folder.join("sender.log"));
    let arrived = counted(&world.folder.join("carrier.log"));
    let missing = taken.keys().filter(|key| !arrived.contains_key(*key)).count();
    let twice: usize = arrived.values().map(|times| times - 1).sum();
    let again = summary["again"].as_u64().unwrap();
    println!(
        "{} submits acknowledged, {} arrived, {missing} in doubt, {twice} twice; {again} sent again by their sender; \
         {} kills of the gateway, {} of the carrier",
        taken.len(),
        arrived.len(),
        kills[0],
        kills[1]
    );
    assert!(taken.len() as u64 >= messages, "{summary}");
    // What was on its way when a process died: the gateway does not know, and does not send it again.
    let on_the_way = 256 * (kills[0] + kills[1]) as usize;
    assert!(missing <= on_the_way, "{missing} are missing, ANNING_SEED={seed}");
    assert!(twice as u64 <= again, "{twice} went out twice, ANNING_SEED={seed}");
}

/// One in twenty who get an offer reply "T", and the offers go on to everybody, through kills of both sides.
#[test]
fn nobody_is_written_to_after_a_withdrawal() {
    let messages: u64 = std::env::var("ANNING_MESSAGES").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000);
    let seed: u64 = std::env::var("ANNING_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let world = World::new("withdrawals", "enforce");
    let people = (messages / 5).clamp(100, 20_000);
    world.agree(PEOPLE, people);
    let answering = ["--reply-every", "20", "--reply-text", "T"];
    let mut draw = Draw(seed);
    let (mut carrier, mut gateway) = (world.carrier(&answering), world.serve());
    let rate = (messages / 8).clamp(200, 3_000).to_string();
    let (count, people) = (messages.to_string(), format!("{PEOPLE}+{people}"));
    let plan = ["--count", &count, "--rate", &rate, "--recipients", &people, "--mix", "campaign=1"];
    let more = ["--log", "sender.log", "--reconnect", "--linger", "2"];
    let mut sender = world.sender(&[&plan[..], &more[..]].concat());
    let (mut kills, most) = (0, 6 + messages / 1_000);
    while sender.0.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(500 + draw.below(2_000)));
        if kills >= most {
            continue;
        }
        kills += 1;
        if draw.below(3) == 0 {
            drop(carrier);
            carrier = world.carrier(&answering);
        } else {
            drop(gateway);
            gateway = world.serve();
        }
    }
    quiet(&world);
    world.end(gateway);
    drop(carrier);
    // What the sender wrote, taken or not: the gateway's confirmations are no offers.
    let text = std::fs::read_to_string(world.folder.join("sender.log")).unwrap();
    let rows = |text: &str| -> Vec<serde_json::Value> {
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    };
    let offers: HashSet<String> =
        rows(&text).iter().filter_map(|row| row["hash"].as_str().map(ToOwned::to_owned)).collect();
    let refused = rows(&text).iter().filter(|row| row["code"].as_u64().unwrap_or(0) != 0).count();
    let text = std::fs::read_to_string(world.folder.join("carrier.log")).unwrap();
    let mut refusals: HashMap<String, u64> = HashMap::new();
    let (mut arrived, mut after) = (0, Vec::new());
    for row in rows(&text) {
        let number = row["number"].as_str().unwrap_or_default().trim_start_matches("86").to_owned();
        if row["replied"] == true {
            *refusals.entry(number).or_default() += 1;
        } else if row["hash"].as_str().is_some_and(|hash| offers.contains(hash)) {
            arrived += 1;
            if refusals.contains_key(&number) {
                after.push(row);
            }
        }
    }
    println!(
        "{arrived} offers arrived, {} people refused, {refused} offers refused, {} sent after a refusal was taken; {kills} kills",
        refusals.len(),
        after.len()
    );
    assert!(!refusals.is_empty() && refused > 0, "nobody refused, ANNING_SEED={seed}");
    assert!(after.is_empty(), "ANNING_SEED={seed}: {:?}", after.first());
}

/// First of the people written to.
const PEOPLE: u64 = 13_800_000_000;

/// Waits until nothing more arrives at the carrier.
fn quiet(world: &World) {
    let path = world.folder.join("carrier.log");
    let size = || std::fs::metadata(&path).map_or(0, |found| found.len());
    let mut last = size();
    for _ in 0..100 {
        std::thread::sleep(Duration::from_millis(1_500));
        if size() == last {
            return;
        }
        last = size();
    }
}

struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}
