//! What CMPP, SMGP, SGIP and SMPP have in common: length-prefixed frames, fixed fields, the short message they
//! carry, and one session of logins, windows, timers and endings that each of them speaks as a [`Dialect`].
//!
//! Pure: bytes and time in, bytes and events out. It knows nothing of consent, law or storage, and never reads a
//! clock. A protocol's crate starts from [`Dialect`], a socket's loop from [`Session`].

mod dialect;
mod field;
mod frames;
mod moment;
mod octets;
mod secret;
mod session;
mod short_message;

pub use dialect::{
    Asked, Credentials, Dialect, Fault, Findings, Limits, LoginMode, Malformed, Query, Request, Sequence,
    Side, Spoken, Trouble,
};
pub use field::{Fixed, Reader, Short, Writer};
pub use frames::{FrameError, Frames};
pub use moment::{Civil, Moment};
pub use octets::Octets;
pub use secret::same_secret;
pub use session::{Ending, Event, Note, Output, Session, Settings};
pub use short_message::{
    Address, Answer, Delivery, Fee, MessageId, Reply, Report, ReportState, Segment, Submission, Tlv, Wish,
};
