//! A message that was read and is not decided yet.

use std::sync::Arc;

use anning_decide::Treatment;
use anning_judge::Shown;
use anning_vocab::{Class, Known, Message, SignatureId};

use crate::config::Account;
use crate::letter::Lane;

/// A whole text of an account, read: what it is and shows.
#[derive(Clone)]
pub struct Read {
    /// Whose.
    pub account: Arc<Account>,
    /// What its content is.
    pub class: Class,
    /// Everything but time, text and recipient.
    pub(super) message: Message,
    pub(super) shown: Shown,
    pub(super) signature: Option<SignatureId>,
    /// The number it shows.
    pub(super) source: Box<str>,
    pub(super) text: Arc<str>,
}

impl Read {
    /// Does it carry a verification code?
    #[must_use]
    pub fn is_code(&self) -> bool {
        self.shown.text().code == Known::Yes
    }

    /// Which queue it goes into. A code that carries an offer is never lost, but does not go before those that carry
    /// none.
    #[must_use]
    pub fn lane(&self, treatment: Treatment) -> Lane {
        match (treatment, self.is_code()) {
            (Treatment::Outside, true) => Lane::Code,
            (Treatment::Outside, false) | (Treatment::Commercial | Treatment::ConsentRequest, true) => {
                Lane::Service
            }
            (Treatment::Commercial | Treatment::ConsentRequest, false) => Lane::Commercial,
        }
    }
}

impl core::fmt::Debug for Read {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Read({}, {}, {} bytes)", self.account.name, self.class, self.text.len())
    }
}
