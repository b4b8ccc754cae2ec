//! SGIP 1.2, the protocol of China Unicom's message gateways.
//!
//! Two connections make one relation: the sender connects out to submit (login type 1), and the carrier's gateway
//! connects in to the sender to hand over replies and reports (login type 2). Whoever connects is the client and logs
//! in; so a client may submit or deliver, by its mode ([`anning_link::LoginMode`]). A message's id is the three numbers
//! of its submit's sequence. There is no question for life.
//!
//! [`pdu`] reads and writes every byte as it stands on the wire; [`Sgip`] is one end of one connection
//! ([`anning_link::Dialect`]); [`result`] names the codes. It never does I/O, reads a clock or decides whether a message
//! may be sent.

mod dialect;
pub mod pdu;
pub mod result;
pub mod tag;

pub use dialect::{CONTENT_MAX, Counter, DESTINATIONS_MAX, FRAME_MAX, SAID_MAX, Sgip};
