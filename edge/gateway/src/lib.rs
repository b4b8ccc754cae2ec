//! The way of a message between a sender and a carrier: read whole, decided, durable, handed over, proved.
//!
//! Never sends without a clearance, never answers before it is durable, never sends twice blindly. Times are
//! arguments or come from the clock that the binary hands in. `docs/gateway.md` is its design; start from [`Letter`].

mod letter;
pub mod outbox;

pub use letter::{Lane, Letter, LetterId};
