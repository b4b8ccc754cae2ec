//! The way of a message between a sender and a carrier: read whole, decided, durable, handed over, proved.
//!
//! Never sends without a clearance, never answers before it is durable, never sends twice blindly. Times are
//! arguments or come from the clock that the binary hands in. `docs/gateway.md` is its design; start from [`Letter`],
//! and from [`Gate`] for what is decided of it.

mod arrears;
mod batch;
mod carrier;
mod clock;
pub mod codes;
pub mod config;
mod deliveries;
mod dispatch;
mod gate;
mod gateway;
mod hearing;
mod http;
mod ids;
mod intake;
mod letter;
mod line;
pub mod outbox;
mod pace;
mod protocols;
mod register;
mod repeats;
pub mod replies;
mod roster;
mod scribe;
mod sender;
mod serve;
mod shadow;
mod tally;
mod tls;
mod way;

pub use batch::{Fate, Told};
pub use clock::Hands;
pub use gateway::{Gateway, Parts};
pub use serve::Serving;

pub use gate::{Book, Gate, Hash, Pass, Read, Ruling, Ticket, Trouble, UnderWay, Verdict, Waited, Way};
pub use letter::{Lane, Letter, LetterId};
pub use register::{Filings, Named, Register};
pub use shadow::{Count, Example, Shadow};
