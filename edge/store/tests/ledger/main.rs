//! The ledger on disks that behave and disks that do not.
#![cfg(test)]

mod crash;
mod faults;
mod forgets;
mod keeps;
mod kept;
mod sim;
mod world;
