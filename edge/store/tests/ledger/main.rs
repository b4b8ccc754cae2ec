//! The ledger on disks that behave and disks that do not.

mod crash;
mod keeps;
mod sim;
mod world;
