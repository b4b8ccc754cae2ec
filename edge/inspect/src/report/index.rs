//! Many pages: one table that leads to their reports.

use super::html::Html;
use super::shell;
use crate::inspection::Inspection;
use crate::summary::{Counts, verdict};
use crate::words::Lang;

/// The overview of a run; `links` are addresses of the reports, in the order of the pages.
#[must_use]
pub fn index(pages: &[Inspection], links: &[String], lang: Lang) -> String {
    let mut out = Html::new();
    shell::open(
        &mut out,
        ("注册页同意核查：总览", "Consent on sign-up pages: overview"),
        "",
        lang,
        &[("result", "总览", "Overview"), ("pages", "各页", "Pages")],
    );
    let counts = Counts::of(pages);
    let [critical, serious, moderate] = counts.violations;
    out.raw("<section id=\"result\"><h1>")
        .say("注册页同意核查", "Consent on sign-up pages")
        .raw("</h1><p class=\"lead\">");
    out.say(
        &format!("共 {} 页，看到 {} 页；违反 {} 处（重大 {critical}、严重 {serious}、一般 {moderate}），须由人判断 {} 处。", counts.pages, counts.seen, counts.all_violations(), counts.needs_person),
        &format!("{} pages, {} seen; {} violations ({critical} critical, {serious} serious, {moderate} moderate), {} things for a person.", counts.pages, counts.seen, counts.all_violations(), counts.needs_person),
    );
    out.raw("</p></section><section id=\"pages\"><h2>")
        .say("各页", "Pages")
        .raw("</h2><div class=\"table\"><table><thead><tr><th>");
    out.say("页面", "Page").raw("</th><th>").say("结论", "Verdict").raw("</th>");
    for (zh, en) in [("重大", "Critical"), ("严重", "Serious"), ("一般", "Moderate"), ("人工", "Person")]
    {
        out.raw("<th class=\"num\">").say(zh, en).raw("</th>");
    }
    out.raw("</tr></thead><tbody>");
    for (page, link) in pages.iter().zip(links) {
        let own = Counts::of(std::slice::from_ref(page));
        let (zh, en) = match verdict(page) {
            "violations" => ("违反", "violations"),
            "not_inspected" => ("未能查看", "not inspected"),
            "needs_person" => ("须由人判断", "for a person"),
            "remarks" => ("提示", "remarks"),
            _ => ("未发现违反", "no violation found"),
        };
        out.raw("<tr><th scope=\"row\"><a")
            .attr("href", link)
            .raw(">")
            .quote(&page.name)
            .raw("</a><small>")
            .quote(&page.source);
        out.raw("</small></th><td>").say(zh, en).raw("</td>");
        for count in own.violations.into_iter().chain([own.needs_person]) {
            out.raw("<td")
                .attr("class", if count == 0 { "num nil" } else { "num" })
                .raw(">")
                .text(&count.to_string())
                .raw("</td>");
        }
        out.raw("</tr>");
    }
    out.raw("</tbody></table></div></section>\n");
    shell::close(out)
}
