//! Acts that a ledger keeps, in place of files.

use anning_ledger::sheet::{self, Table};
use anning_store::{Ledger, Now};
use anning_vocab::{Act, Recipient, RecipientKey, TermsId, Timestamp};

use crate::error::Error;
use crate::input::{Logs, Names, RowId, TermsTable};
use crate::settings::Settings;

use super::record::{ActRecord, write_act};
use super::store::{Store, Writer};

/// How the key of an address is made: as the audit declares it, or as the ledger knows people.
#[derive(Clone, Copy)]
pub(crate) enum Pseudonym<'k> {
    Declared(&'k [u8; 32]),
    OfLedger(&'k (dyn Fn(&Recipient) -> RecipientKey + Send + Sync)),
}

impl Pseudonym<'_> {
    pub fn of(self, recipient: &Recipient) -> RecipientKey {
        match self {
            Self::Declared(key) => super::collect::key_of(key, recipient),
            Self::OfLedger(hash) => hash(recipient),
        }
    }
}

/// A ledger's acts as they are at one moment. Nothing is applied to the ledger while it lives.
pub struct Kept<'l> {
    ledger: &'l Ledger,
    now: Now<'l>,
    hash: Box<dyn Fn(&Recipient) -> RecipientKey + Send + Sync>,
    label: String,
    known_on: Option<Timestamp>,
}

impl<'l> Kept<'l> {
    /// What a ledger keeps now; only what was recorded by `known_on`, if given.
    #[must_use]
    pub fn of(ledger: &'l Ledger, known_on: Option<Timestamp>) -> Self {
        let now = ledger.read();
        let known = known_on.map(|on| format!(", as known on {on}")).unwrap_or_default();
        let label = format!("{} at {}{known}", ledger.origin(), now.position());
        Self { ledger, now, hash: Box::new(ledger.hasher()), label, known_on }
    }

    /// Name of the log, the position up to which it is read, and the day as known on.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Position in the log up to which it is read.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.now.position()
    }

    pub(crate) fn pseudonym(&self) -> Pseudonym<'_> {
        Pseudonym::OfLedger(self.hash.as_ref())
    }

    /// The ledger's terms in the tables of the audit.
    pub(crate) fn terms(&self, names: &Names, table: &TermsTable) -> Result<Vec<TermsId>, Error> {
        let mut number = |of: Table, name: &str| names.number(of, name);
        let mut all = Vec::new();
        for bytes in self.now.sheets().all() {
            let terms = sheet::decode(bytes, &mut number).map_err(|e| Error::Ledger(e.to_string()))?;
            all.push(table.id(terms));
        }
        Ok(all)
    }

    /// A recipient's acts, in order of time, with the audit's terms.
    pub(crate) fn acts(&self, key: RecipientKey, terms: &[TermsId], acts: &mut Vec<Act>) {
        match self.known_on {
            Some(on) => self.now.index().acts_known(key, on, acts),
            None => self.now.index().acts(key, acts),
        }
        acts.iter_mut().for_each(|act| act.terms = translated(act.terms, terms));
    }

    /// Puts all acts with their recipients' sends; how many there were.
    pub(crate) fn collect(&self, terms: &[TermsId], store: &Store) -> Result<u64, Error> {
        let mut writer = Writer::new(store);
        let (mut count, mut failed) = (0, None);
        self.now.index().each(|key, acts| {
            let known = acts.iter().filter(|act| self.known_on.is_none_or(|on| act.recorded <= on));
            for (line, act) in (1..).zip(known) {
                if failed.is_some() {
                    return;
                }
                let act = Act { terms: translated(act.terms, terms), ..*act };
                let record = ActRecord { key, act, row: RowId::new(0, line), event: 0 };
                failed = writer.push(key, |out| write_act(out, &record)).err();
                count += 1;
            }
        });
        match failed {
            Some(error) => Err(error),
            None => writer.flush().map(|()| count),
        }
    }
}

impl core::fmt::Debug for Kept<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Kept({})", self.label)
    }
}

/// The logs whose seals are believed: those of the settings, and the ledger.
pub(crate) fn logs<'k>(settings: &Settings, kept: Option<&'k Kept<'_>>) -> Logs<'k> {
    let logs = Logs::of(settings.logs.clone());
    match kept.and_then(|kept| Some((kept, kept.ledger.verifier().ok()?))) {
        Some((kept, key)) => logs.and(key, |position| kept.ledger.deed_at(position).ok()),
        None => logs,
    }
}

/// An id of the ledger's as one of the audit's; one that is of neither says nothing.
fn translated(id: TermsId, terms: &[TermsId]) -> TermsId {
    terms.get(id.0 as usize).copied().unwrap_or(TermsId(u32::MAX))
}
