//! A gateway as a process, between a simulated sender and a simulated carrier, all of them killed at random.
#![cfg(test)]

mod flood;
mod kills;
mod world;
