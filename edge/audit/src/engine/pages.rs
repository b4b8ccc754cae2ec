//! Which version of a sign-up page obtained how many consents, and what became of the sends that rest on them.

use std::collections::BTreeMap;

use anning_consent::Capture;
use anning_vocab::Terms;

use crate::summary::{PageRow, PageVersions};

use super::groups::Naming;
use super::tally::Tally;

/// The table of page versions; empty where no page record speaks for any consent.
pub(crate) fn versions(tally: &Tally, naming: &Naming<'_>, terms: &[Terms]) -> PageVersions {
    let mut rows: BTreeMap<u64, PageRow> = BTreeMap::new();
    for (id, consents) in &tally.consents {
        let page = terms.get(*id as usize).and_then(|terms| terms.page);
        let row = rows.entry(page.map_or(0, |page| page.version)).or_default();
        row.consents += consents;
        row.contradicted += if page.is_some_and(|page| page.contradicts) { *consents } else { 0 };
    }
    if rows.keys().all(|version| *version == 0) {
        return PageVersions::default();
    }
    for (key, count) in &tally.counts {
        let Some(verdict) = tally.verdicts.get(key.verdict) else { continue };
        let row = rows.entry(key.page).or_default();
        row.outcomes.add(&verdict.outcome(naming.reading).times(count.sends));
    }
    let (records, addresses) = (naming.names.page_names(), naming.names.page_addresses());
    for (version, row) in rows.iter_mut().filter(|(version, _)| **version != 0) {
        let captures = naming.registry.pages().captures(*version);
        let address =
            |capture: &Capture| addresses.get(capture.address?.exact as usize).map(|name| name.to_string());
        row.id = format!("{version:016x}");
        row.name = called(&records, captures).map(String::from);
        row.address = captures.iter().filter_map(address).min();
        let days = captures.iter().map(|c| c.captured.date());
        row.captured = days.clone().min().zip(days.max()).map(|(a, b)| (a.to_string(), b.to_string()));
    }
    let mut all = PageVersions { rows: rows.into_values().collect(), ..PageVersions::default() };
    all.cap(ROWS_MAX);
    all
}

/// The id of the first of these captures, among the names of records.
pub(crate) fn called(records: &[Box<str>], captures: &[Capture]) -> Option<Box<str>> {
    let named = captures.iter().filter_map(|c| Some((c.captured, records.get(c.record as usize)?)));
    named.min().map(|(_, name)| name.clone())
}

/// Versions that the table lists; the others are added up.
const ROWS_MAX: usize = 500;
