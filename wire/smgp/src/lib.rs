//! SMGP 3.0, the protocol of China Telecom's message gateways, and its older dialect 1.3.
//!
//! Two levels. [`pdu`] reads and writes every byte as it stands on the wire: what it decodes it encodes again to the
//! same bytes, whatever a sender left behind a zero or after the last field. [`Smgp`] is one end of one connection
//! ([`anning_link::Dialect`]): it says the same in the words all carriers' protocols share. [`report`] reads the text
//! of status reports, which holds ten raw bytes and comes in several shapes; [`id`] counts message ids; [`status`]
//! names the codes.
//!
//! It never does I/O, reads a clock or decides whether a message may be sent. SMGP has no way to take a message back.

mod dialect;
mod digest;
pub mod id;
pub mod pdu;
pub mod report;
pub mod status;
pub mod tag;
mod udh;
mod version;

pub use dialect::{CONTENT_MAX, DESTINATIONS_MAX, FRAME_MAX, Smgp};
pub use version::Version;
