//! One history judged on two grounds ("as if" replay, another reading): what changes for each provision.

use serde::{Deserialize, Serialize};

use crate::summary::columns::{clip, pad};
use crate::summary::{Bound, Lang, Outcomes, Summary, Words};

use super::page::{Page, count};
use super::progress::{Figures, differs, figures};
use super::shell::{self, Section};
use super::{bars, strings as s};

/// A provision whose answers differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvisionChange {
    /// Its id.
    pub id: String,
    /// In a few words.
    pub title: Words,
    /// Under the first; all zero where it did not apply.
    pub a: Figures,
    /// Under the second.
    pub b: Figures,
}

/// Two audits of one history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// Ground of the first.
    pub bound_a: Bound,
    /// Ground of the second.
    pub bound_b: Bound,
    /// What differs in the ground (`law_on`, `reading`, `judge`, …).
    pub differs: Vec<String>,
    /// Both judged the same number of sends over the same period.
    pub same_history: bool,
    /// Outcomes of the first.
    pub a: Outcomes,
    /// Outcomes of the second.
    pub b: Outcomes,
    /// Provisions whose answers differ, largest change of breaches first.
    pub provisions: Vec<ProvisionChange>,
}

/// What changes between two audits of one history.
#[must_use]
pub fn compare(a: &Summary, b: &Summary) -> Comparison {
    let mut ids: Vec<(&str, &Words)> =
        a.provisions.iter().chain(&b.provisions).map(|p| (p.id.as_str(), &p.title)).collect();
    ids.sort();
    ids.dedup_by_key(|(id, _)| *id);
    let of = |summary: &Summary, id: &str| {
        summary.provisions.iter().find(|p| p.id == id).map(|p| figures(&p.answers)).unwrap_or_default()
    };
    let mut provisions: Vec<ProvisionChange> = ids
        .into_iter()
        .map(|(id, title)| ProvisionChange {
            id: id.to_owned(),
            title: title.clone(),
            a: of(a, id),
            b: of(b, id),
        })
        .filter(|change| change.a != change.b)
        .collect();
    provisions.sort_by(|x, y| {
        let moved =
            |c: &ProvisionChange| (c.a.breached.abs_diff(c.b.breached), c.a.unproved.abs_diff(c.b.unproved));
        moved(y).cmp(&moved(x)).then(x.id.cmp(&y.id))
    });
    Comparison {
        bound_a: a.bound.clone(),
        bound_b: b.bound.clone(),
        differs: differs(a, b),
        same_history: a.period == b.period && a.totals.outcomes.sends == b.totals.outcomes.sends,
        a: a.totals.outcomes,
        b: b.totals.outcomes,
        provisions,
    }
}

impl Comparison {
    /// The JSON, for other programs.
    ///
    /// # Errors
    /// Only when memory or the serialiser fails.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// A screen of text, no line wider than `width` columns.
    #[must_use]
    pub fn terminal(&self, lang: Lang, width: usize) -> String {
        let mut out = vec![s::C_TITLE.get(lang).to_owned()];
        for (name, bound, o) in [(s::C_FIRST, &self.bound_a, &self.a), (s::C_SECOND, &self.bound_b, &self.b)]
        {
            out.push(format!(
                "{} {} · {} {} · {} {} · {} {} · {} {}",
                pad(name.get(lang), 3),
                bound.law_on.as_deref().unwrap_or_else(|| s::LAW_OF_EACH_DAY.get(lang)),
                s::BREACHED.get(lang),
                count(o.breached),
                s::NOT_PROVED.get(lang),
                count(o.unproved),
                s::OPEN.get(lang),
                count(o.unclear),
                s::LAWFUL.get(lang),
                count(o.lawful),
            ));
        }
        out.push(String::new());
        if self.provisions.is_empty() {
            out.push(s::C_NONE.get(lang).to_owned());
        }
        for row in &self.provisions {
            out.push(format!("{} ({})", row.title.get(lang), row.id));
            let pair = |a: u64, b: u64| format!("{} → {}", count(a), count(b));
            out.push(format!(
                "  {} {} {} {} {} {}",
                s::BREACHED.get(lang),
                pad(&pair(row.a.breached, row.b.breached), 20),
                s::NOT_PROVED.get(lang),
                pad(&pair(row.a.unproved, row.b.unproved), 20),
                s::OPEN.get(lang),
                pair(row.a.unclear, row.b.unclear)
            ));
        }
        out.iter().map(|line| clip(line, width) + "\n").collect()
    }

    /// The document.
    #[must_use]
    pub fn html(&self, lang: Lang) -> String {
        let mut page = Page::new();
        let sections = [
            Section { id: "outcomes", title: s::C_OUTCOMES },
            Section { id: "changed", title: s::C_CHANGED },
        ];
        shell::open(&mut page, s::C_TITLE, None, lang, &sections);
        page.raw("<section id=\"outcomes\"><h1>")
            .say(s::C_TITLE)
            .raw("</h1><p class=\"note boxed\">")
            .say(s::C_NOTE)
            .raw("</p>");
        let columns = [s::NAME, s::SENDS, s::BREACHED, s::NOT_PROVED, s::OPEN, s::LAWFUL, s::OUTSIDE];
        bars::open(&mut page, "outcomes", s::C_OUTCOMES, &columns);
        let most = bars::most([&self.a, &self.b].into_iter());
        for (name, bound, o) in [(s::C_FIRST, &self.bound_a, &self.a), (s::C_SECOND, &self.bound_b, &self.b)]
        {
            page.raw("<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">")
                .say(name)
                .raw("<span class=\"sub\">")
                .say(s::C_LAW)
                .raw(" ");
            match &bound.law_on {
                Some(day) => page.text(day),
                None => page.say(s::LAW_OF_EACH_DAY),
            };
            page.raw("</span></th>");
            bars::outcomes(&mut page, o, most);
        }
        bars::close(&mut page);
        page.raw("</section>\n<section id=\"changed\"><h2>").say(s::C_CHANGED).raw("</h2>");
        self.changes(&mut page);
        page.raw("</section>\n");
        shell::close(page)
    }

    fn changes(&self, page: &mut Page) {
        if self.provisions.is_empty() {
            page.raw("<p>").say(s::C_NONE).raw("</p>");
            return;
        }
        bars::open(page, "changes", s::C_CHANGED, &[s::PROVISION, s::BREACHED, s::NOT_PROVED, s::OPEN]);
        for row in &self.provisions {
            page.raw("<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">")
                .words(&row.title)
                .raw("<span class=\"sub\">");
            page.text(&row.id).raw("</span></th>");
            for (name, a, b) in [
                (s::BREACHED, row.a.breached, row.b.breached),
                (s::NOT_PROVED, row.a.unproved, row.b.unproved),
                (s::OPEN, row.a.unclear, row.b.unclear),
            ] {
                page.raw("<td role=\"cell\" class=\"num\"").label(name).raw(">");
                page.text(&format!("{} → {}", count(a), count(b))).raw("</td>");
            }
            page.raw("</tr>");
        }
        bars::close(page);
    }
}
