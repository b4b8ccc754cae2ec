//! The other two ends of a gateway's lines, simulated over TCP: a carrier and a sender, in all four protocols.
//!
//! Both speak through the same sessions as the gateway, and through nothing else of it. A [`Carrier`] takes messages,
//! gives ids, reports, replies, and has [`Faults`] on request. A [`Sender`] sends messages, measures how long answers
//! take, and matches every report to its message. Each can write down what it took or was told, one line a message,
//! written before it is counted or answered: whoever kills a gateway in between compares the two files.
//!
//! They never judge, and keep nothing over a restart. Numbers in their files are whole: simulate with numbers that
//! belong to nobody.

mod carrier;
mod clock;
mod latency;
mod line;
mod paper;
mod protocol;
mod sender;
mod tongue;
mod words;

pub use carrier::{Answering, Carrier, CarrierCounts, CarrierPlan, Faults, Ids};
pub use clock::Clock;
pub use latency::Latency;
pub use protocol::Protocol;
pub use sender::{Reports, Sender, SenderCounts, SenderPlan, Watch};
pub use tongue::Tongue;
pub use words::{Kind, Mix, Recipients};
