//! Segments of the sender beyond those of the carrier, whose cut has fewer.

use super::end_parts;
use crate::outbox::entry::{Item, Stage};

/// They end once all of these have: as the first that was not delivered, or as the last.
pub(super) fn follow(item: &mut Item) {
    let carriers = || item.parts.iter().filter(|part| part.stage != Stage::Follows);
    if carriers().count() == item.parts.len() || carriers().any(|part| !matches!(part.stage, Stage::Ended(_)))
    {
        return;
    }
    let mut outcomes = carriers().filter_map(|part| match &part.stage {
        Stage::Ended(outcome) => Some(outcome),
        Stage::Waiting | Stage::HandingOver | Stage::InDoubt | Stage::Taken | Stage::Follows => None,
    });
    let failed = outcomes.clone().find(|outcome| !outcome.delivered());
    if let Some(outcome) = failed.or_else(|| outcomes.next_back()).cloned() {
        end_parts(item, &|stage| *stage == Stage::Follows, &outcome);
    }
}
