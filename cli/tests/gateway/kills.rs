//! Gateway, carrier and sender are killed at random. No message that was acknowledged is lost, and none goes out twice
//! unless its sender sent it twice, because nobody had answered.

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
