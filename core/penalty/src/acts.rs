//! How many acts a series of sends may be held to be. A person confirms the count.

/// The usual count, and others that can be argued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActCount {
    /// By default: one continuing act between any two orders to stop.
    pub usual: u64,
    /// Other counts that can be argued.
    pub others: Vec<u64>,
}

/// Same intent, continuing, no order to stop in between: one act by default; each order starts another.
#[must_use]
pub fn acts(campaigns: u64, orders_between: u64) -> ActCount {
    let usual = (orders_between + 1).min(campaigns.max(1));
    ActCount { usual, others: if campaigns > usual { vec![campaigns] } else { Vec::new() } }
}
