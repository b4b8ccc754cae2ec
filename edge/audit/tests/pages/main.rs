//! Page records in an audit: what a seal is worth, what contradicts a citation, what is refused.
#![cfg(test)]

mod joins;
mod log;
mod refused;
mod sample;
mod world;
