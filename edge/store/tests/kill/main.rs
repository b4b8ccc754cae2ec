//! A process that is killed at any moment, on the real disk: nothing it acknowledged is lost, nothing is there that
//! nobody sent, and what it handed out still proves what it proved.
#![cfg(test)]

mod child;
mod parent;
#[path = "../ledger/sim.rs"]
#[expect(dead_code, reason = "the other tests of this crate use all of it")]
mod sim;
#[path = "../ledger/world.rs"]
#[expect(dead_code, reason = "the other tests of this crate use all of it")]
mod world;

use std::path::Path;
use std::sync::Arc;

use anning_store::disk::Real;
use anning_store::{Error, Ledger};

/// What tells a process that it is the child, and in which folder.
const FOLDER: &str = "ANNING_KILL_FOLDER";
/// From which second on its clock shows, so that no two of its lives use the same.
const FROM: &str = "ANNING_KILL_FROM";
/// People whose acts are put on record, and those about whom is decided.
const PEOPLE: u64 = 24;
const ADDRESSEES: u64 = 4;

fn open(folder: &Path, seed: u64) -> Result<Ledger, Error> {
    let access = world::access(Arc::new(Real), &folder.join("ring"), seed);
    Ledger::open(&folder.join("ledger"), access)
}
