//! The gateway between a sender's line and a carrier's, each played by the test, over real sockets: what either is told.
#![cfg(test)]

mod accounts;
mod flood;
mod full;
mod line;
mod log;
mod recall;
mod reports;
mod shadow;
#[cfg(feature = "tls")]
mod tls;
mod world;
