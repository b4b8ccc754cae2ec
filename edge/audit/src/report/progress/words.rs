//! The progress report as a screen of text.

use super::super::page::{count, fill};
use super::super::result::span;
use super::super::strings as s;
use super::Progress;
use super::paper::{phrase, rate};
use crate::summary::Lang;
use crate::summary::columns::{clip, pad};

/// Rows of provisions and of campaigns.
const ROWS: usize = 8;

/// A screen of text, no line wider than `width` columns.
#[must_use]
pub(super) fn terminal(p: &Progress, lang: Lang, width: usize) -> String {
    let mut out = Vec::new();
    let subject = p.subject.as_deref().unwrap_or_else(|| s::NO_SUBJECT.get(lang));
    out.push(format!("{} · {subject}", s::P_TITLE.get(lang)));
    for (name, period, o) in
        [(s::P_BEFORE, &p.period_before, &p.before), (s::P_AFTER, &p.period_after, &p.after)]
    {
        out.push(format!(
            "{} {} · {} {} · {} {} · {} {}",
            pad(name.get(lang), 8),
            span(period.as_ref(), lang),
            s::SENDS.get(lang),
            count(o.sends),
            s::BREACHED.get(lang),
            count(o.breached),
            s::NOT_PROVED.get(lang),
            count(o.unproved)
        ));
    }
    if !p.differs.is_empty() {
        out.push(fill(s::P_NOT_COMPARABLE.get(lang), &[&p.differs.join(", ")]));
    }
    let [stopped, reduced, same, new] = p.counts();
    let texts = [p.provisions.len(), stopped, reduced, same, new].map(|n| n.to_string());
    let values: Vec<&str> = texts.iter().map(String::as_str).collect();
    out.push(fill(s::P_SUM.get(lang), &values));
    out.push(String::new());
    out.push(s::BY_PROVISION.get(lang).to_owned());
    for row in p.provisions.iter().take(ROWS) {
        let moved = format!("{} → {}", count(row.before.breached), count(row.after.breached));
        let rates = format!("{} → {}/10k", rate(row.before), rate(row.after));
        let name = row.articles.first().unwrap_or(&row.title).get(lang);
        out.push(format!("  {} {} {rates}", pad(phrase(row.status).get(lang), 12), pad(&moved, 22)));
        out.push(format!("    {name} {}", row.title.get(lang)));
    }
    out.push(s::BY_CAMPAIGN.get(lang).to_owned());
    for row in p.campaigns.iter().take(ROWS) {
        let moved = format!("{} → {}", count(row.before.breached), count(row.after.breached));
        let name = row.name.as_deref().unwrap_or(&row.id);
        out.push(format!("  {} {} {name}", pad(phrase(row.status).get(lang), 12), pad(&moved, 22)));
    }
    out.iter().map(|line| clip(line, width) + "\n").collect()
}
