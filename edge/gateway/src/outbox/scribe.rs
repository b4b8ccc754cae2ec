//! Decisions on their way into the ledger, each once.

use std::sync::Arc;

use anning_store::{Decided, Error, Ledger, Recorded};

use super::book::Book;
use super::entry::Entry;

/// Did the ledger get the first of the decisions that are not marked as recorded, before a crash came between? Then
/// this is the mark that is missing; it is put on record before any more decisions are. Batches go one after another, so
/// there is one at most.
///
/// # Errors
/// What the ledger says.
pub fn unmarked(book: &Book, ledger: &Ledger) -> Result<Option<Entry>, Error> {
    let waiting = book.unrecorded(anning_store::BATCH_MAX);
    if waiting.is_empty() {
        return Ok(None);
    }
    let from = book.scribed().map_or(0, |(_, position)| position + 1);
    let mut found = None;
    ledger.batches(from, &mut |position, batch| {
        if found.is_none() && same(&batch, &waiting) {
            let last = waiting.get(batch.len() - 1).map(|(number, _)| *number);
            found = last.map(|through| Entry::Scribed { through, position });
        }
        Ok(())
    })?;
    Ok(found)
}

/// Are these the first of those? What was erased since opens no more; its place and the others speak for it.
fn same(batch: &[Recorded], waiting: &[(u64, Arc<Decided>)]) -> bool {
    !batch.is_empty()
        && batch.len() <= waiting.len()
        && batch.iter().zip(waiting).all(|((recipient, record), (_, decided))| {
            *recipient == decided.recipient && record.as_ref().is_none_or(|r| *r == decided.record)
        })
}
