//! What follows from the journal and is held in memory.

use std::collections::BTreeMap;

use anning_ledger::index::Index;
use anning_ledger::sheet;
use anning_vocab::{Act, ActKind, Covers, Date, Origin, Terms, TermsId, Timestamp};

use crate::recent::Recent;
use crate::sheets::Sheets;

/// Everything that decisions and requests read.
#[derive(Default)]
pub(crate) struct State {
    pub sheets: Sheets,
    pub index: Index,
    pub recent: Recent,
    /// Those who asked to be forgotten and whose data are still to be kept, by number.
    pub restricted: BTreeMap<u32, Restriction>,
    /// Whom each hold concerns; nobody by number means everybody.
    pub holds: BTreeMap<String, Vec<u32>>,
    /// When the last record was written.
    pub last: Timestamp,
    /// Leaves whose entries are all in it.
    pub position: u64,
}

/// Since when somebody is to be forgotten, and until when the law has the data kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Restriction {
    pub since: Timestamp,
    pub until: Date,
    pub article: String,
}

/// The refusal by which the forgotten are not written to again: to everybody, of everything.
pub(crate) const fn refusal(at: Timestamp, terms: TermsId) -> Act {
    Act {
        kind: ActKind::Withdrawn,
        origin: Origin::Captured,
        occurred: at,
        received: at,
        recorded: at,
        terms,
    }
}

/// The sheet of that refusal: it says nothing but that it is about both consents.
pub(crate) fn silent_sheet() -> Vec<u8> {
    // Terms that name nothing always have a sheet.
    sheet::encode(&Terms::silent(Covers::Both), &|_, _| None).unwrap_or_default()
}
