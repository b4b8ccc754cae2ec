//! Pages recorded in a real browser: what is seen, what is tried, and that nothing is sent.
#![cfg(test)]

mod browser;
mod faults;
mod flow;
mod leak;
mod odd;
mod record;
mod server;
