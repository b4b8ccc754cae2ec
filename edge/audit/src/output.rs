//! What the report quotes of the law.

use anning_law::Corpus;

use crate::report::{LawChange, Statute, Statutes};
use crate::summary::{Code, Summary, Words};

/// Wordings of every article that the summary names, and the days on which the law changed.
#[must_use]
pub fn statutes(summary: &Summary) -> Statutes {
    let corpus = Corpus::embedded();
    let mut statutes = Statutes::default();
    for id in summary.articles.keys() {
        for version in corpus.article(id).into_iter().flat_map(|a| &a.versions) {
            let text: Vec<&str> = version.paragraphs.iter().map(|p| p.text.as_str()).collect();
            statutes.articles.push(Statute {
                id: id.clone(),
                from: version.interval.from.to_string(),
                until: version.interval.until.map(|d| d.to_string()),
                mark: Code(version.mark.unwrap_or(anning_vocab::Mark::Memory)),
                text: text.join("\n\n"),
            });
        }
    }
    for (instrument, change) in corpus.timeline() {
        let words = Words::new(
            format!("{}：{}", instrument.short_zh, change.zh),
            format!("{}: {}", instrument.short_en, change.en),
        );
        statutes.changes.push(LawChange { date: change.on.to_string(), words });
    }
    statutes
}
