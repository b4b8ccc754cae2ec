//! Codes during a campaign: none waits behind it, none is refused.

use super::world::World;

#[test]
fn codes_do_not_wait_behind_a_campaign() {
    let world = World::new("flood", "shadow");
    // A carrier that takes far fewer than are handed in: the campaign has to wait.
    let _carrier = world.carrier(&["--slow", "20"]);
    let (_gateway, _) = world.serve();
    let mut campaign = world.sender(&[
        "--count", "3000", "--window", "128", "--mix", "code=0,service=0,campaign=100,long=0", "--linger", "60",
    ]);
    let codes = world.sender(&[
        "--count", "200", "--rate", "50", "--mix", "code=100,service=0,campaign=0,long=0", "--recipients",
        "13900000000+1000", "--linger", "20",
    ]);
    let told = codes_of(codes);
    let _ = campaign.0.kill();
    println!("{told}");
    assert_eq!(told["refused"].as_u64(), Some(0), "{told}");
    assert_eq!(told["reports"]["missing"].as_u64(), Some(0), "a code was not reported: {told}");
    assert_eq!(told["reports"]["delivered"].as_u64(), Some(200), "{told}");
}

fn codes_of(mut sender: super::world::Running) -> serde_json::Value {
    let out = std::io::read_to_string(sender.0.stdout.take().unwrap()).unwrap();
    serde_json::from_str(out.lines().last().unwrap()).unwrap()
}
