//! CMPP 2.0, 2.1 and 3.0, both sides: what China Mobile's gateways and their clients say to each other.
//!
//! [`Cmpp`] is the dialect that a [`anning_link::Session`] speaks. [`pdu`] below it reads and writes each PDU without
//! losing a byte: padding, stray bytes and odd tails stay as they came. Where real gateways differ from the carrier's
//! text (CMPP V3.0.0), the difference is borne with and named where it is.
//!
//! ```
//! use anning_cmpp::Cmpp;
//! use anning_link::{Dialect, Moment, Session, Settings};
//!
//! let habits = Settings::of(&Cmpp::server().limits());
//! let server = Session::server(Cmpp::server(), Settings { window: 32, ..habits }, Moment::default());
//! assert_eq!(server.room(), 0, "nobody has logged in");
//! ```

mod authenticator;
mod dialect;
mod id;
pub mod pdu;
mod version;
mod words;

pub use dialect::Cmpp;
pub use id::message_id;
pub use version::Version;
