//! Records into the ledger: their hashes become entries, and each evidence folder gets the proof.

use anning_inspect::{Inspection, Sealed};
use anning_ledger::entry::leaf::DEED;
use anning_ledger::{Deed, DeedKind, Hash, PageSeal, hex};
use anning_store::Ledger;

use super::output::write;
use crate::clock::now;
use crate::failure::Failure;

/// Puts every record on record, publishes, and writes `seal.json` beside each: with it anybody who has the log's public
/// key sees that this very record, and so its pictures and saved page, existed then.
pub(super) fn seal(ledger: Ledger, pages: &mut [Inspection]) -> Result<(), Failure> {
    let mut ledger = ledger;
    let (mut positions, mut leaves) = (Vec::new(), Vec::new());
    for judgement in pages.iter_mut().flat_map(|page| &mut page.judgements) {
        let record = hash(&judgement.sha256)?;
        let at = now();
        let position = ledger.put_page(record, at).map_err(|e| e.to_string())?;
        // A deed that concerns nobody: anybody can write its leaf.
        let deed = Deed { kind: DeedKind::Page { record }, at, subjects: [0; 32] };
        leaves.push([&[DEED][..], &deed.encode()].concat());
        judgement.sealed = Some(Sealed { origin: ledger.origin().to_owned(), position });
        positions.push(position);
    }
    let (_, running) = crate::ledger::work(ledger)?;
    let ledger = running.end().map_err(|e| crate::ledger::unpublished(&e))?;
    let (ways, checkpoint) = ledger.inclusions(&positions).map_err(|e| e.to_string())?;
    let judgements = pages.iter().flat_map(|page| &page.judgements);
    for (((judgement, position), way), leaf) in judgements.zip(&positions).zip(ways).zip(leaves) {
        let Some(folder) = &judgement.folder else { continue };
        let uncovered =
            || format!("the log's checkpoint does not cover the page record at position: {position}");
        let seal = PageSeal {
            suite: ledger.suite(),
            record: hash(&judgement.sha256)?,
            position: *position,
            leaf,
            inclusion: way.ok_or_else(uncovered)?,
            checkpoint: checkpoint.clone(),
        };
        write(&folder.join("seal.json"), &format!("{}\n", seal.to_json()))?;
    }
    Ok(())
}

fn hash(text: &str) -> Result<Hash, Failure> {
    let bytes = hex::decode(text).and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| Failure::unavailable(format!("no SHA-256: {text}")))
}
