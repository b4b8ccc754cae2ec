//! A client that hands in far more than its window and reads late: nothing that was taken goes without its answer.

use std::collections::BTreeSet;

use anning_cmpp::Version;
use anning_link::{Answer, Dialect};

use crate::line::{Line, taken};
use crate::world::{World, message};

const NOTICE: &str = "【云栖百货】您的订单已发货，预计明天送达，请保持电话畅通";
/// Far more than the window of 32.
const COUNT: usize = 1_000;

fn check<D: Dialect>(world: &World, mut sender: Line<D>, slower: u32) {
    let to: Vec<String> = (0..COUNT).map(|n| format!("1380000{n:04}")).collect();
    let messages: Vec<_> = to.iter().map(|to| message(&[to.as_str()], NOTICE)).collect();
    sender.pour(&messages);
    // Everything was said before anything is read.
    let answers = sender.poured(COUNT);
    let (later, rest): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| *answer == Answer::Refused(slower));
    let ids: BTreeSet<_> = rest.into_iter().map(taken).collect();
    assert_eq!(ids.len() + later.len(), COUNT, "each has an id of its own");
    // A window at least, and at most what the answers made room for.
    assert!(ids.len() >= 32 && later.len() >= 3 * 32, "{} taken", ids.len());
    let numbers = world.get("/metrics").1;
    let letters = numbers.lines().filter(|line| line.starts_with("anning_letters{"));
    let letters: usize = letters.map(|line| line.rsplit_once(' ').unwrap().1.parse::<usize>().unwrap()).sum();
    assert_eq!(letters, ids.len(), "what was taken, and nothing else, was said to be");
    // The line lives.
    taken(sender.one(message(&["13900000001"], NOTICE)));
}

#[test]
fn in_cmpp() {
    let world = World::new(&[]);
    check(&world, world.cmpp(Version::V30).unwrap(), 8);
}

#[test]
fn in_smpp() {
    let world = World::new(&[]);
    check(&world, world.smpp(), 0x58);
}
