//! Where it happened: by campaign, product line, channel, grade of evidence, brand, page version, party.

use anning_vocab::{Channel, ContentKind, Grade};

use crate::summary::words::{self, Phrase};
use crate::summary::{Group, Outcomes, PageRow, Row};

use super::page::{Page, per_cent};
use super::result::span_words;
use super::{View, bars, strings as s};

const COLUMNS: [Phrase; 6] = [s::SENDS, s::BREACHED, s::NOT_PROVED, s::OPEN, s::LAWFUL, s::OUTSIDE];

pub(super) fn write(page: &mut Page, view: View<'_>) {
    let summary = view.summary;
    page.raw("<section id=\"where\"><h2>")
        .say(s::WHERE)
        .raw("</h2><p class=\"note\">")
        .say(s::WHERE_NOTE)
        .raw("</p>");
    group(page, view, "campaigns", s::BY_CAMPAIGN, &summary.campaigns, |_| None);
    group(page, view, "kinds", s::BY_KIND, &summary.kinds, |id| ContentKind::from_code(id).map(words::kind));
    group(page, view, "grades", s::BY_GRADE, &summary.grades, |id| match Grade::from_code(id) {
        Some(grade) => Some(words::grade(grade)),
        None => (id == "none").then_some(s::NO_EVIDENCE),
    });
    group(page, view, "brands", s::BY_BRAND, &summary.brands, |_| None);
    group(page, view, "channels", s::BY_CHANNEL, &summary.channels, |id| {
        Channel::from_code(id).map(words::channel)
    });
    group(page, view, "notices", s::BY_NOTICE, &summary.notices, |_| None);
    pages(page, view);
    parties(page, view);
    page.raw("</section>\n");
}

fn group(
    page: &mut Page,
    view: View<'_>,
    name: &'static str,
    caption: Phrase,
    group: &Group,
    word: fn(&str) -> Option<Phrase>,
) {
    if group.rows.is_empty() {
        return;
    }
    page.raw("<h3>").say(caption).raw("</h3>");
    let [a, b, c, d, e, f] = COLUMNS;
    bars::open(page, name, caption, &[s::NAME, a, b, c, d, e, f]);
    let most = bars::most(group.rows.iter().map(|r| &r.outcomes));
    for row in group.rows.iter().take(view.options.rows) {
        head(page, row, word);
        bars::outcomes(page, &row.outcomes, most);
    }
    let hidden = group.rows.get(view.options.rows..).unwrap_or_default();
    let mut rest = group.rest.outcomes;
    let mut rows = group.rest.rows;
    for row in hidden {
        rest.add(&row.outcomes);
        rows += 1;
    }
    if rows > 0 {
        page.raw("<tr role=\"row\" class=\"rest\"><th role=\"rowheader\" scope=\"row\">");
        page.fill(s::OTHER_ROWS, &[&rows.to_string()]).raw("</th>");
        bars::outcomes(page, &rest, most.max(bars::most(std::iter::once(&rest))));
    }
    bars::close(page);
}

fn head(page: &mut Page, row: &Row, word: fn(&str) -> Option<Phrase>) {
    page.raw("<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">");
    match (&row.name, word(&row.id)) {
        (Some(name), _) => page
            .quote(name)
            .raw("<span class=\"sub\">")
            .quote(&row.id)
            .raw(" ｜ ")
            .words(&span_words(row.period.as_ref()))
            .raw("</span>"),
        (None, Some(phrase)) => page.say(phrase),
        (None, None) if row.id.is_empty() || row.id == "unknown" => page.say(s::NOT_RECORDED),
        (None, None) => page.quote(&row.id),
    };
    page.raw("</th>");
}

/// Versions of the sign-up page, with their share of consents.
fn pages(page: &mut Page, view: View<'_>) {
    let all = &view.summary.pages;
    if all.is_empty() {
        return;
    }
    page.raw("<h3>").say(s::BY_PAGE).raw("</h3>");
    let [a, b, c, d, e, f] = COLUMNS;
    bars::open(
        page,
        "pages",
        s::BY_PAGE,
        &[s::NAME, s::CONSENTS, s::SHARE, s::CONTRADICTED, a, b, c, d, e, f],
    );
    let outcomes = all.rows.iter().map(|row| &row.outcomes);
    let most = bars::most(outcomes.chain(std::iter::once(&all.rest.outcomes)));
    let whole = all.consents();
    let cells = |page: &mut Page, consents: u64, contradicted: u64| {
        bars::plain(page, s::CONSENTS, consents);
        page.raw("<td role=\"cell\" class=\"num\"").label(s::SHARE).raw(">");
        page.text(&per_cent(consents, whole)).raw("</td>");
        bars::plain(page, s::CONTRADICTED, contradicted);
    };
    let shown = |row: &&PageRow| !row.id.is_empty();
    let mut rest = all.rest;
    for (at, row) in all.rows.iter().filter(shown).enumerate() {
        if at >= view.options.rows {
            rest.rows += 1;
            rest.consents += row.consents;
            rest.contradicted += row.contradicted;
            rest.outcomes.add(&row.outcomes);
            continue;
        }
        page.raw("<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">");
        page.quote(row.name.as_ref().unwrap_or(&row.id)).raw("<span class=\"sub\">").quote(&row.id);
        for more in [&row.address].into_iter().flatten() {
            page.raw(" ｜ ").quote(more);
        }
        page.raw(" ｜ ").words(&span_words(row.captured.as_ref())).raw("</span></th>");
        cells(page, row.consents, row.contradicted);
        bars::outcomes(page, &row.outcomes, most);
    }
    if rest.rows > 0 {
        page.raw("<tr role=\"row\" class=\"rest\"><th role=\"rowheader\" scope=\"row\">");
        page.fill(s::OTHER_ROWS, &[&rest.rows.to_string()]).raw("</th>");
        cells(page, rest.consents, rest.contradicted);
        bars::outcomes(page, &rest.outcomes, most.max(bars::most(std::iter::once(&rest.outcomes))));
    }
    for row in all.rows.iter().filter(|row| row.id.is_empty()) {
        page.raw("<tr role=\"row\" class=\"rest\"><th role=\"rowheader\" scope=\"row\">")
            .say(s::NO_PAGE)
            .raw("</th>");
        cells(page, row.consents, row.contradicted);
        bars::outcomes(page, &row.outcomes, most);
    }
    bars::close(page);
}

fn parties(page: &mut Page, view: View<'_>) {
    let parties = &view.summary.parties;
    if parties.is_empty() {
        return;
    }
    page.raw("<h3>").say(s::BY_PARTY).raw("</h3>");
    let [a, b, c, d, e, f] = COLUMNS;
    bars::open(page, "parties", s::BY_PARTY, &[s::NAME, a, b, c, d, e, f]);
    let outcomes: Vec<&Outcomes> = parties.iter().map(|p| &p.outcomes).collect();
    let most = bars::most(outcomes.into_iter());
    for party in parties.iter().take(view.options.rows) {
        page.raw("<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">")
            .quote(party.name.as_ref().unwrap_or(&party.id));
        page.raw("<span class=\"sub\">");
        for (i, role) in party.roles.iter().enumerate() {
            if i > 0 {
                page.raw(" · ");
            }
            page.say(words::role(role.0));
        }
        page.raw("</span></th>");
        bars::outcomes(page, &party.outcomes, most);
    }
    bars::close(page);
    let left = parties.len().saturating_sub(view.options.rows) as u64;
    bars::not_shown(page, s::MORE_ROWS, left);
    page.raw("<p class=\"more\">").say(s::PARTIES_SHARE).raw("</p>");
}
