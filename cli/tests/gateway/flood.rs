//! Codes during a campaign: none waits behind it, none is refused.

use std::time::Duration;

use super::world::{World, counted};

#[test]
fn codes_do_not_wait_behind_a_campaign() {
    let world = World::new("flood", "shadow");
    // A carrier that takes far fewer than are handed in: the campaign has to wait.
    let _carrier = world.carrier(&["--slow", "200"]);
    let _gateway = world.serve();
    let campaign = ["--count", "20000", "--window", "128", "--no-reports", "--linger", "1"];
    let mix = ["--mix", "code=0,service=0,campaign=100,long=0"];
    let _campaign = world.sender(&[&campaign[..], &mix[..]].concat());
    let codes = ["--count", "100", "--rate", "50", "--no-reports", "--linger", "0", "--log", "codes.log"];
    let mix = ["--mix", "code=100,service=0,campaign=0,long=0", "--recipients", "13900000000+1000"];
    let mut sender = world.sender(&[&codes[..], &mix[..]].concat());
    let out = std::io::read_to_string(sender.0.stdout.take().unwrap()).unwrap();
    let told: serde_json::Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
    // A second after the last was taken, all of them are with the carrier; the campaign is not.
    std::thread::sleep(Duration::from_secs(1));
    let arrived = counted(&world.folder.join("carrier.log"));
    let taken = counted(&world.folder.join("codes.log"));
    let missing = taken.keys().filter(|key| !arrived.contains_key(*key)).count();
    println!(
        "{} codes taken, {missing} still on their way a second later; {} arrived in all",
        taken.len(),
        arrived.len()
    );
    assert_eq!((told["refused"].as_u64(), taken.len(), missing), (Some(0), 100, 0), "{told}");
    assert!(arrived.len() < 20_000, "the carrier was not slow enough for this test to mean anything");
}
