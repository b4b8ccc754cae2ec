//! How it was done: input and its balance, what the decisions are bound to, marks, caveats, limits.

use anning_vocab::Mark;

use crate::summary::words::{self, Phrase};

use super::page::Page;
use super::{View, bars, strings as s};

pub(super) fn write(page: &mut Page, view: View<'_>) {
    let summary = view.summary;
    page.raw("<section id=\"method\"><h2>").say(s::METHOD).raw("</h2><ul class=\"limits\">");
    for limit in [s::LIMIT_ADVICE, s::LIMIT_RECORD, s::LIMIT_OUTSIDE, s::LIMIT_APART, s::LIMIT_MASKED] {
        if limit == s::LIMIT_MASKED && summary.revealed {
            continue;
        }
        page.raw("<li>").say(limit).raw("</li>");
    }
    page.raw("</ul><h3>").say(s::INPUT).raw("</h3><p class=\"more\">").say(s::INPUT_BALANCE).raw("</p>");
    bars::open(
        page,
        "inputs",
        s::INPUT_BALANCE,
        &[s::FILE, s::TABLE, s::ROWS, s::JUDGED, s::REJECTED, s::REASONS],
    );
    for input in &summary.inputs.files {
        page.raw("<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">")
            .quote(&input.file)
            .raw("</th><td role=\"cell\"")
            .label(s::TABLE);
        page.raw(">").text(&input.table).raw("</td>");
        bars::plain(page, s::ROWS, input.rows);
        bars::plain(page, s::JUDGED, input.judged);
        bars::plain(page, s::REJECTED, input.rejected);
        page.raw("<td role=\"cell\"").label(s::REASONS).raw(">");
        for (reason, n) in &input.reasons {
            page.raw("<code>").text(reason).raw("</code> ").count(*n).raw("　");
        }
        page.raw("</td></tr>");
    }
    bars::close(page);
    counts(page, view);
    page.raw("<h3>").say(s::MARKS).raw("</h3><dl class=\"plain\">");
    for mark in Mark::ALL {
        page.raw("<div><dt>[").text(mark.code()).raw("]</dt><dd>").say(words::mark(*mark)).raw("</dd></div>");
    }
    page.raw("</dl><p class=\"more\">")
        .say(s::MARKS_NOTE)
        .raw("</p><h3>")
        .say(s::BOUND)
        .raw("</h3><dl class=\"plain hashes\">");
    let b = &summary.bound;
    let mut line = |name: Phrase, value: &str| {
        page.raw("<div><dt>").say(name).raw("</dt><dd><code>").text(value).raw("</code></dd></div>");
    };
    line(s::TOOL, &format!("anning {} · {}", b.tool, summary.format));
    line(s::LAW_PACK, &b.law);
    line(s::JUDGE, &b.judge);
    line(s::POLICY, &b.policy);
    line(s::BRAND_GRAPH, &b.brands);
    line(s::KEY, &b.pseudonym_key);
    if !b.page_logs.is_empty() {
        line(s::PAGE_LOGS, &b.page_logs.join(", "));
    }
    page.raw("</dl><p class=\"more\">").say(s::BOUND_NOTE).raw("</p></section>\n");
}

/// Classes, caveats, warnings and house policy.
fn counts(page: &mut Page, view: View<'_>) {
    let summary = view.summary;
    let mut list = |title: Phrase, rows: Vec<(crate::summary::Words, u64)>| {
        if rows.is_empty() {
            return;
        }
        page.raw("<h3>").say(title).raw("</h3><dl class=\"counts\">");
        for (name, n) in rows {
            page.raw("<div><dt>").words(&name).raw("</dt><dd>").count(n).raw("</dd></div>");
        }
        page.raw("</dl>");
    };
    let totals = &summary.totals;
    list(s::CLASSES, totals.classes.iter().map(|(c, n)| (words::class(c.0).into(), *n)).collect());
    list(s::CAVEATS, summary.caveats.iter().map(|(c, n)| (words::caveat(c.0).into(), *n)).collect());
    list(s::WARNINGS, summary.warnings.iter().map(|w| (w.words.clone(), w.times)).collect());
    list(s::HOUSE_POLICY, summary.policy.iter().map(|p| (p.words.clone(), p.sends)).collect());
}
