//! SMPP 3.4 (Issue 1.2), with what 5.0 adds to it tolerated: a codec that loses no byte, and both ends of a session.
//!
//! Two levels. [`Pdu`] is what stands on the wire: every field, every optional field known or not, in order, and what
//! peers send although it should not be there; `encode` of a decoded frame gives its bytes again. [`Smpp`] speaks it
//! as a [`link::Dialect`](anning_link::Dialect): a client or a server of short messages.
//!
//! Around them: [`status`] (codes, and which of them make a sender try again), [`receipt`] (the text of delivery
//! receipts), [`same_id`] (an id that is hexadecimal here and decimal there), [`tag`] and [`command`] (numbers).
//!
//! Pure: no socket, no clock, no randomness. It never forwards what it could not show: content in a second place, a
//! text that the server holds, a list of recipients that the server holds.

pub mod command;
mod dialect;
mod message_id;
pub mod pdu;
pub mod receipt;
pub mod status;
pub mod tag;
mod text;

pub use dialect::Smpp;
pub use message_id::{Form, same_id};
pub use pdu::Pdu;
pub use text::Text;
