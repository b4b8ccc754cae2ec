//! Documents for people, made from [`Summary`] alone: the report of one audit, the progress report
//! between two, and the comparison of two readings of one history.
//!
//! Each is one HTML file that opens from disk: no network, no library, a content policy that lets only
//! our own script run. Input text reaches a page only through [`page::Page`], which escapes it. No clock:
//! the same summary gives the same bytes.

mod bars;
mod chart;
mod compare;
mod exposure;
mod findings;
mod groups;
mod method;
mod months;
mod page;
mod progress;
mod remedies;
mod result;
mod shell;
mod spread;
mod statutes;
mod strings;

pub use compare::{Comparison, ProvisionChange, compare};
pub(crate) use page::{count, per_cent};
pub use progress::{CampaignProgress, Figures, Progress, ProvisionProgress, Status, progress};
pub use spread::cell;
pub use statutes::{LawChange, Statute, Statutes};

use crate::summary::words::Phrase;
use crate::summary::{Lang, Summary};
use page::Page;
use shell::Section;
use strings as s;

/// How much to show. Everything left out is counted on the page.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Language on opening; the reader may switch.
    pub lang: Lang,
    /// Samples a ground.
    pub samples: usize,
    /// Rows a grouping.
    pub rows: usize,
    /// Targets a step.
    pub targets: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { lang: Lang::Zh, samples: 4, rows: 40, targets: 8 }
    }
}

/// `report.html`.
#[must_use]
pub fn html(summary: &Summary, statutes: &Statutes, options: &Options) -> String {
    let mut page = Page::new();
    let sections = [
        Section { id: "result", title: s::RESULT },
        Section { id: "timeline", title: s::TIMELINE },
        Section { id: "breaches", title: s::BREACHES },
        Section { id: "unproved", title: s::UNPROVED },
        Section { id: "unclear", title: s::UNCLEAR },
        Section { id: "where", title: s::WHERE },
        Section { id: "exposure", title: s::EXPOSURE },
        Section { id: "remedies", title: s::REMEDIES },
        Section { id: "method", title: s::METHOD },
    ];
    shell::open(&mut page, s::REPORT, summary.subject.as_deref(), options.lang, &sections);
    let view = View { summary, statutes, options };
    result::write(&mut page, view);
    chart::write(&mut page, view);
    findings::breaches(&mut page, view);
    findings::unproved(&mut page, view);
    findings::unclear(&mut page, view);
    groups::write(&mut page, view);
    exposure::write(&mut page, view);
    remedies::write(&mut page, view);
    method::write(&mut page, view);
    shell::close(page)
}

/// What every section reads.
#[derive(Clone, Copy)]
struct View<'a> {
    summary: &'a Summary,
    statutes: &'a Statutes,
    options: &'a Options,
}
