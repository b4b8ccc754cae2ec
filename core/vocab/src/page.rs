//! What the record of a sign-up page shows of a consent given there.

use crate::code::words;
use crate::{Bundling, Channel, Control, Covers, Frequency, Notice, Prominence, Set};

words! {
    /// What a page asks consent to.
    PageAsks {
        /// Commercial messages.
        Marketing = "marketing",
        /// Provision of personal information to another party.
        Provision = "provision",
    }
}

/// What one request on a page is. `None`, or not recorded, where the record does not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PageFacts {
    /// What it asks consent to.
    pub asks: PageAsks,
    /// Which of the two consents at most.
    pub covers: Option<Covers>,
    /// Channels named.
    pub channels: Option<Set<Channel>>,
    /// Frequency named.
    pub frequency: Option<Frequency>,
    /// Days from the act that the period named runs, at most.
    pub days: Option<u32>,
    /// The control and its state before any input.
    pub control: Control,
    /// Alone or bundled.
    pub bundling: Bundling,
    /// How shown.
    pub prominence: Prominence,
    /// No way on without it.
    pub forced: Option<bool>,
    /// What the page tells; its hash is 0.
    pub notice: Notice,
    /// What it tells of the party that data go to.
    pub receiver: PageReceiver,
}

/// What a page tells of the party that personal information is provided to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct PageReceiver {
    /// It is named.
    pub named: Option<bool>,
    /// Its contact is stated.
    pub contact: Option<bool>,
    /// Purpose and method are stated.
    pub purpose_and_method: Option<bool>,
    /// Categories are stated.
    pub categories: Option<bool>,
    /// It is asked for separately.
    pub separate: Option<bool>,
}

impl PageFacts {
    /// A request of which nothing is known.
    #[must_use]
    pub fn silent(asks: PageAsks) -> Self {
        Self {
            asks,
            covers: None,
            channels: None,
            frequency: None,
            days: None,
            control: Control::NotRecorded,
            bundling: Bundling::NotRecorded,
            prominence: Prominence::NotRecorded,
            forced: None,
            notice: Notice::default(),
            receiver: PageReceiver::default(),
        }
    }
}
