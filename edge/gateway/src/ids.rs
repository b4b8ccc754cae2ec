//! The ids that senders are told.

use std::sync::atomic::{AtomicU64, Ordering};

use anning_link::{Civil, MessageId};

use crate::config::Protocol;

/// Makes ids that are not made again: counted from a number that time gives at the start.
#[derive(Debug)]
pub(crate) struct Ids {
    next: AtomicU64,
    /// Number of this gateway, in ids that have room for it.
    code: u32,
}

impl Ids {
    /// From a moment on: whoever starts again later begins above what was given before, as long as less than a
    /// million ids a second were given.
    pub fn new(started: anning_vocab::Timestamp, code: u32) -> Self {
        let millis = u64::try_from(started.millis()).unwrap_or(0);
        Self { next: AtomicU64::new(millis.wrapping_mul(1_000)), code }
    }

    /// The next, of so many in a row, in the form that a protocol has.
    pub fn next(&self, protocol: Protocol, at: Civil, count: usize) -> MessageId {
        let number = self.next.fetch_add(u64::try_from(count).unwrap_or(1), Ordering::Relaxed);
        crate::protocols::make_id(protocol, number, at, self.code)
    }
}
