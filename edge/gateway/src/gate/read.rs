//! A message that was read and is not decided yet.

use std::sync::{Arc, LazyLock, PoisonError};

use anning_decide::{Mode, Treatment};
use anning_judge::{Intent, Keyword, Scratch, Shown};
use anning_vocab::{Class, Known, Message, PortId, SenderNumber, SignatureId};

use super::Gate;
use crate::codes::Reason;
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
    /// None where it cannot be read.
    pub(super) text: Option<Arc<str>>,
    /// The submit would have been refused as such, were its account not in shadow mode.
    pub(super) noted: Option<Reason>,
    /// The word of its own that it tells its recipients to refuse with.
    pub(super) told: Option<Arc<Keyword>>,
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
        write!(
            f,
            "Read({}, {}, {} bytes)",
            self.account.name,
            self.class,
            self.text.as_ref().map_or(0, |text| text.len())
        )
    }
}

impl Gate {
    /// Reads a whole text that an account sends from a number.
    ///
    /// # Errors
    /// [`Reason::Source`] or [`Reason::Signature`] where the account may not use it, and is not in shadow mode.
    pub fn read(&self, account: &Arc<Account>, source: &str, text: &str) -> Result<Read, Reason> {
        let noted = if !account.may_show(source) {
            Some(Reason::Source)
        } else if anning_judge::signatures(text).any(|signature| !account.may_sign(&signature)) {
            Some(Reason::Signature)
        } else {
            None
        };
        let enforced = !account.modes.contains(&Mode::Shadow);
        if let Some(reason) = noted.filter(|_| enforced) {
            return Err(reason);
        }
        let message = self.message(account, source)?;
        let mut scratch = self.scratch().pop().unwrap_or_default();
        let anning_judge::Read { shown, signature } = self.texts.read(text, &mut scratch);
        let mut pool = self.scratch();
        if pool.len() < SCRATCH_MAX {
            pool.push(scratch);
        }
        let class = shown.class(message.declared);
        if let Some(reason) = noted.filter(|_| account.mode(class) != Mode::Shadow) {
            return Err(reason);
        }
        Ok(Read {
            account: Arc::clone(account),
            class,
            message,
            shown,
            signature,
            source: source.into(),
            text: Some(text.into()),
            noted,
            told: (class != Class::NotCommercial).then(|| own_keyword(text)).flatten(),
        })
    }

    /// A message whose text cannot be read, of an account that blocks nothing: it is decided without a text.
    ///
    /// # Errors
    /// Why it cannot be read, where anything may be blocked: what cannot be judged must not pass for harmless.
    pub fn unread(&self, account: &Arc<Account>, source: &str, why: Reason) -> Result<Read, Reason> {
        if !account.blocks_nothing() {
            return Err(why);
        }
        let message = self.message(account, source)?;
        let shown = Shown::NONE;
        Ok(Read {
            account: Arc::clone(account),
            class: shown.class(message.declared),
            message,
            shown,
            signature: None,
            source: source.into(),
            text: None,
            noted: Some(if account.may_show(source) { why } else { Reason::Source }),
            told: None,
        })
    }

    /// What a message of an account from this number is, but for its text. A number that is not the account's gets no
    /// number in the ledger, and nobody says that it is true.
    fn message(&self, account: &Account, source: &str) -> Result<Message, Reason> {
        let own = account.may_show(source);
        let port = if own { self.ports.number(source).map(PortId) } else { None };
        let mut message =
            self.reading().register.message(&account.name, source, port).ok_or(Reason::Source)?;
        if !own {
            message.sender_number = SenderNumber::NotKept;
        }
        Ok(message)
    }

    fn scratch(&self) -> std::sync::MutexGuard<'_, Vec<Scratch>> {
        self.scratch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The word that a text tells its recipients to refuse with, where a reply of it would not be read as a refusal anyway.
fn own_keyword(text: &str) -> Option<Arc<Keyword>> {
    static USUAL: LazyLock<Vec<&str>> =
        LazyLock::new(|| OFTEN.into_iter().filter(|word| refuses(word)).collect());
    let told = anning_judge::told_keyword(text)?;
    let usual = told.words().all(|word| USUAL.iter().any(|known| *known == word) || refuses(&word));
    (!usual).then(|| Arc::new(told))
}

/// Would a reply of this word be read as a refusal?
fn refuses(word: &str) -> bool {
    matches!(anning_judge::read_reply(word), Intent::Refusal { .. })
}

/// Words that most messages tell, looked at once.
const OFTEN: [&str; 8] = ["t", "td", "r", "n", "qx", "stop", "0000", "退订"];
/// Buffers of the judge kept for the next text.
const SCRATCH_MAX: usize = 64;
