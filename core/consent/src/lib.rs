//! What was agreed: selects, among everything a recipient did, the acts that speak to one message.
//!
//! Never judges: it says that a consent was ticked by default, not that it is void. Never knows the law.
//! Start from [`World::facts`].
//!
//! ```
//! use anning_consent::World;
//! use anning_vocab::{Channel, Message, State, Timestamp};
//! let world = World::default();
//! let message = Message::new(Timestamp::from_millis(0), Channel::Sms);
//! assert_eq!(world.facts(&message, &[], &[]).receive.state, State::NoRecord);
//! ```

mod brand;
mod page;
mod reach;
mod relation;
mod scope;
mod seen;
mod select;

pub use anning_vocab::Prior;
pub use brand::{BrandAssertion, BrandGraph, Member};
pub use page::{Address, By, Capture, Cited, CitedPage, Pages, Speaks};
pub use reach::Reach;
pub use scope::window_start;

use anning_vocab::{Terms, TermsId};

/// The tables that acts and messages point into.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// Interned terms; [`TermsId`] is the index.
    pub terms: Vec<Terms>,
    /// Which names are one brand, and when.
    pub brands: BrandGraph,
}

impl World {
    /// The terms of an act; `None` for an id that is not of this world.
    #[must_use]
    pub fn terms(&self, id: TermsId) -> Option<&Terms> {
        self.terms.get(id.0 as usize)
    }
}
