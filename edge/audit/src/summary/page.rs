//! Consents by the version of the page they were given on.

use serde::{Deserialize, Serialize};

use super::Outcomes;

/// One version of a sign-up page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRow {
    /// The first 16 hex digits of the page-version hash; empty for consents that no page record speaks for.
    pub id: String,
    /// Id of its first record in the input.
    pub name: Option<String>,
    /// Where it was captured.
    pub address: Option<String>,
    /// First and last day on which it was captured.
    pub captured: Option<(String, String)>,
    /// Consents given on it.
    pub consents: u64,
    /// Of these, how many the sender's own record, the address, the handler or another capture contradicts.
    pub contradicted: u64,
    /// Sends that rest on these consents.
    #[serde(flatten)]
    pub outcomes: Outcomes,
}

/// What the table does not list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRest {
    /// Rows left out.
    pub rows: u64,
    /// Their consents.
    pub consents: u64,
    /// Of these, how many are contradicted.
    pub contradicted: u64,
    /// Their sends.
    #[serde(flatten)]
    pub outcomes: Outcomes,
}

/// All versions. Rows and rest add up to all consents and to all sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageVersions {
    /// Most consents first, those without a page last.
    pub rows: Vec<PageRow>,
    /// What is not listed.
    pub rest: PageRest,
}

impl PageVersions {
    /// No page record speaks for any consent.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All consents, with a page and without.
    #[must_use]
    pub fn consents(&self) -> u64 {
        self.rows.iter().map(|row| row.consents).sum::<u64>() + self.rest.consents
    }

    /// Keeps the `max` versions with most consents, and consents without a page; adds up the others.
    pub fn cap(&mut self, max: usize) {
        self.settle();
        let nowhere = self.rows.pop_if(|row| row.id.is_empty());
        for row in self.rows.drain(max.min(self.rows.len())..) {
            self.rest.rows += 1;
            self.rest.consents += row.consents;
            self.rest.contradicted += row.contradicted;
            self.rest.outcomes.add(&row.outcomes);
        }
        self.rows.extend(nowhere);
    }

    pub(super) fn settle(&mut self) {
        self.rows.sort_by(|a, b| {
            (a.id.is_empty(), core::cmp::Reverse(a.consents), &a.id).cmp(&(
                b.id.is_empty(),
                core::cmp::Reverse(b.consents),
                &b.id,
            ))
        });
    }
}
