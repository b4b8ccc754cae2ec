//! A gateway as a process: who is let in, and what becomes of messages between a simulated sender and a simulated carrier
//! while all of them are killed at random.
#![cfg(test)]

mod doors;
mod flood;
mod kills;
mod world;
