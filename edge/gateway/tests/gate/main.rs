//! What passes, what is refused, what waits: the gate before a real ledger, with the sample configuration.
#![cfg(test)]

mod alike;
mod cap;
mod evidence;
mod replies;
mod rules;
mod world;
