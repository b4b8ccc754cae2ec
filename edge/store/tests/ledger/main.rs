//! The ledger on disks that behave and disks that do not.

mod keeps;
mod sim;
mod world;
