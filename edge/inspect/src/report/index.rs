//! Many pages: tables that lead to their reports, the gravest first; what was not looked at stands apart.

use super::html::Html;
use super::shell;
use crate::gaps::gaps;
use crate::inspection::Inspection;
use crate::summary::{Counts, verdict};
use crate::words::{Lang, Words, many, window};

/// A page of the run, with what orders it.
struct Row<'a> {
    page: &'a Inspection,
    link: &'a str,
    counts: Counts,
    verdict: &'static str,
}

/// The overview of a run; `links` are addresses of the reports, in the order of the pages.
#[must_use]
pub fn index(pages: &[Inspection], links: &[String], lang: Lang) -> String {
    let mut rows: Vec<Row<'_>> = pages
        .iter()
        .zip(links)
        .map(|(page, link)| Row {
            page,
            link,
            counts: Counts::of(std::slice::from_ref(page)),
            verdict: verdict(page),
        })
        .collect();
    rows.sort_by_key(|row| {
        let counts = row.counts;
        (std::cmp::Reverse((counts.violations, counts.needs_person, counts.remarks)), row.page.name.clone())
    });
    let (open, looked): (Vec<&Row<'_>>, Vec<&Row<'_>>) = rows.iter().partition(|row| is_open(row));
    let mut sections = vec![("result", "总览", "Overview")];
    if !looked.is_empty() {
        sections.push(("pages", "各页", "Pages"));
    }
    if !open.is_empty() {
        sections.push(("open", "未能查完的页面", "Not looked at to the end"));
    }
    let mut out = Html::new();
    shell::open(
        &mut out,
        ("注册页同意核查：总览", "Consent on sign-up pages: overview"),
        "",
        lang,
        &sections,
    );
    lead(&mut out, pages, open.len());
    if !looked.is_empty() {
        out.raw("<section id=\"pages\"><h2>").say("各页", "Pages").raw("</h2>");
        table(&mut out, &looked);
        out.raw("</section>\n");
    }
    if !open.is_empty() {
        out.raw("<section id=\"open\"><h2>").say("未能查完的页面", "Not looked at to the end");
        out.raw("</h2><p class=\"note\">").say(
            "没有看到，或只完成部分步骤：没有报告违反，不等于没有违反。",
            "Not seen, or only some steps taken: that no violation is reported does not say that there is none.",
        );
        out.raw("</p>");
        table(&mut out, &open);
        out.raw("</section>\n");
    }
    shell::close(out)
}

/// Nothing can be concluded of it: no violation found, and not looked at to the end in some window.
fn is_open(row: &Row<'_>) -> bool {
    row.counts.all_violations() == 0 && !row.page.is_whole()
}

fn lead(out: &mut Html, pages: &[Inspection], open: usize) {
    let counts = Counts::of(pages);
    let [critical, serious, moderate] = counts.violations;
    out.raw("<section id=\"result\"><h1>")
        .say("注册页同意核查", "Consent on sign-up pages")
        .raw("</h1><p class=\"lead\">");
    out.say(
        &format!("共 {} 页，看到 {} 页；违反 {} 处（重大 {critical}、严重 {serious}、一般 {moderate}），须由人判断 {} 处。", counts.pages, counts.seen, counts.all_violations(), counts.needs_person),
        &format!(
            "{}, {} seen; {} ({critical} critical, {serious} serious, {moderate} moderate), {} for a person.",
            many(counts.pages, "page", "pages"),
            counts.seen,
            many(counts.all_violations(), "violation", "violations"),
            many(counts.needs_person, "thing", "things"),
        ),
    );
    out.raw("</p>");
    if open > 0 {
        out.raw("<p class=\"note strong\">");
        out.say(
            &format!("{open} 页没有看到，或只完成部分步骤，单独列出。"),
            &format!("{} not seen, or only in part, and listed apart.", many(open, "page was", "pages were")),
        );
        out.raw("</p>");
    }
    out.raw("</section>\n");
}

fn table(out: &mut Html, rows: &[&Row<'_>]) {
    out.raw("<div class=\"table\"><table class=\"pages\"><thead><tr><th>");
    out.say("页面", "Page").raw("</th><th>").say("结论", "Verdict").raw("</th>");
    for (zh, en) in [("重大", "Critical"), ("严重", "Serious"), ("一般", "Moderate"), ("人工", "Person")]
    {
        out.raw("<th class=\"num\">").say(zh, en).raw("</th>");
    }
    out.raw("</tr></thead><tbody>");
    for row in rows {
        let (class, words) = gravity(row);
        out.raw("<tr").attr("class", class).raw("><th scope=\"row\"><a").attr("href", row.link).raw(">");
        out.quote(&row.page.name).raw("</a><small>").quote(&row.page.source);
        out.raw("</small></th><td><span class=\"chip\">").words(&words).raw("</span>");
        unfinished(out, row.page);
        out.raw("</td>");
        for count in row.counts.violations.into_iter().chain([row.counts.needs_person]) {
            out.raw("<td")
                .attr("class", if count == 0 { "num nil" } else { "num" })
                .raw(">")
                .text(&count.to_string())
                .raw("</td>");
        }
        out.raw("</tr>");
    }
    out.raw("</tbody></table></div>");
}

/// The colour and word of a page: of its gravest violation.
fn gravity(row: &Row<'_>) -> (&'static str, Words) {
    let words = |zh: &str, en: &str| Words::new(zh, en);
    match (row.verdict, row.counts.violations) {
        ("violations", [(1..), ..]) => ("critical", words("重大违反", "critical")),
        ("violations", [_, (1..), _]) => ("serious", words("严重违反", "serious")),
        ("violations", _) => ("moderate", words("一般违反", "moderate")),
        ("not_inspected", _) => ("unseen", words("未能查看", "not inspected")),
        ("needs_person", _) => ("open", words("须由人判断", "for a person")),
        ("partial", _) => ("unseen", words("只看到一部分", "seen in part")),
        ("remarks", _) => ("remark-only", words("提示", "remarks")),
        _ => ("clean", words("未发现违反", "no violation found")),
    }
}

/// Why a window was not looked at to the end.
fn unfinished(out: &mut Html, page: &Inspection) {
    for judgement in &page.judgements {
        let shown = window(judgement.record.viewport);
        for why in gaps(&judgement.record) {
            let (zh, en) = (format!("{}：{}", shown.zh, why.zh), format!("{}: {}", shown.en, why.en));
            out.raw("<small>").say(&zh, &en).raw("</small>");
        }
    }
}
