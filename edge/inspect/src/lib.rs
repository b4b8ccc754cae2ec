//! Opens a sign-up page in Chromium, records what it does to obtain consent, and sends nothing.
//!
//! Start from [`Browser::start`] and [`Browser::record`]: a page in, an [`anning_page::record::Record`] out, with
//! pictures beside it. Nothing here judges; the rules over a record stand in `anning-page`.
//!
//! What never leaves: anything but reading, and reading from origins that were not named. What a page would have
//! sent is kept in the record instead. Every queue, step, wait and size has a bound, and reaching one is noted.

mod browser;
mod documents;
mod error;
mod evidence;
mod explore;
mod folder;
mod invented;
mod list;
mod page;
mod pipe;
mod recording;
mod tab;
mod traffic;
mod visit;

pub use browser::{Browser, Clock, Options};
pub use error::Error;
pub use list::{Listed, list, viewport};
pub use recording::{Page, Recording};
