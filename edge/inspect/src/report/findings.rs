//! Each finding: what, where, why, how to repeat and mend it.

use anning_page::finding::{Rule, Spot, Within};

use super::album::{Mark, Picture};
use super::html::{Html, number};
use super::{View, depth, law};
use crate::advice::{look, mend};
use crate::inspection::Issue;
use crate::steps::steps;
use crate::words::{Standing, measure, says, severity, severity_code, title, window};

pub(super) fn write(out: &mut Html, view: View<'_>) {
    section(out, view, Standing::Violation, "violations", ("违反", "Violations"), ("", ""));
    section(
        out,
        view,
        Standing::NeedsPerson,
        "person",
        ("须由人判断", "For a person"),
        (
            "程序在此不能断定：既不算违反，也不算通过。证据在下，请照“看什么”判断。",
            "A program cannot tell here: neither a violation nor a pass. The evidence is below, with what to look at.",
        ),
    );
    section(
        out,
        view,
        Standing::Remark,
        "remarks",
        ("提示：当日没有有效条文", "Remarks: no law in force that day"),
        (
            "界面有这些做法，但按所适用的日期没有有效的条文禁止，不算违反。",
            "The interface does these things, but on the day that counts no provision in force forbade them.",
        ),
    );
}

fn section(
    out: &mut Html,
    view: View<'_>,
    standing: Standing,
    id: &'static str,
    name: (&str, &str),
    note: (&str, &str),
) {
    let mut own = view.issues.iter().enumerate().filter(|(_, issue)| issue.standing == standing).peekable();
    if own.peek().is_none() {
        return;
    }
    out.raw("<section id=\"").raw(id).raw("\"><h2>").say(name.0, name.1).raw("</h2>");
    if !note.0.is_empty() {
        out.raw("<p class=\"note\">").say(note.0, note.1).raw("</p>");
    }
    for (at, issue) in own {
        one(out, view, at + 1, issue);
    }
    out.raw("</section>\n");
}

fn one(out: &mut Html, view: View<'_>, no: usize, issue: &Issue<'_>) {
    let finding = issue.finding();
    let Some(judgement) = view.inspection.judgements.get(issue.judgement) else { return };
    let class = match issue.standing {
        Standing::Violation => severity_code(issue.severity()),
        Standing::NeedsPerson | Standing::Remark | Standing::Passes | Standing::NotApplicable => "open",
    };
    out.raw("<article")
        .attr("class", &format!("finding {class}"))
        .attr("id", &format!("f{no}"))
        .raw("><header><span class=\"no\">");
    out.text(&no.to_string()).raw("</span><h3>").words(&title(finding)).raw("</h3><span class=\"chip\">");
    out.words(&if issue.standing == Standing::Violation {
        severity(issue.severity())
    } else {
        issue.standing.words()
    });
    out.raw("</span><span class=\"rule\">").text(finding.rule.id()).raw("</span></header>");
    out.raw("<p class=\"says\">").words(&says(finding)).raw("</p>");
    if issue.standing == Standing::NeedsPerson {
        out.raw("<p class=\"look\"><b>")
            .say("看什么：", "What to look at: ")
            .raw("</b>")
            .words(&look(finding.rule))
            .raw("</p>");
    }
    crops(out, view, no, issue);
    for spot in &finding.spots {
        let Within::Document(id) = spot.within else { continue };
        let Some(document) = judgement.record.documents.get(id) else { continue };
        let shown = (!is_buried(issue)).then(|| buried_at(view, issue.judgement, spot)).flatten();
        depth::write(out, document, spot.area[1], finding, shown);
    }
    quotes(out, issue);
    numbers(out, issue);
    law::write(out, issue.judged, judgement.day);
    out.raw("<div class=\"pair\"><details class=\"steps\"><summary>")
        .say("自己重复一遍", "Repeat it yourself")
        .raw("</summary><ol>");
    for step in steps(&judgement.record, finding) {
        out.raw("<li>").words(&step).raw("</li>");
    }
    out.raw("</ol></details>");
    if issue.standing != Standing::NeedsPerson {
        out.raw("<p class=\"mend\"><b>")
            .say("怎样改正：", "How to mend it: ")
            .raw("</b>")
            .words(&mend(finding.rule))
            .raw("</p>");
    }
    out.raw("</div>");
    places(out, view, issue);
    out.raw("</article>\n");
}

const fn is_buried(issue: &Issue<'_>) -> bool {
    matches!(issue.finding().rule, Rule::Rp15)
}

/// The number of the finding that shows this very clause in full.
fn buried_at(view: View<'_>, judgement: usize, spot: &Spot) -> Option<usize> {
    let same = |other: &Spot| other.within == spot.within && (other.area[1] - spot.area[1]).abs() < 1.0;
    let mut buried =
        view.issues.iter().enumerate().filter(|(_, issue)| is_buried(issue) && issue.judgement == judgement);
    buried.find(|(_, issue)| issue.finding().spots.iter().any(same)).map(|(at, _)| at + 1)
}

/// The element boxed, in as many parts of pictures as it takes.
fn crops(out: &mut Html, view: View<'_>, no: usize, issue: &Issue<'_>) {
    let Some(judgement) = view.inspection.judgements.get(issue.judgement) else { return };
    let open = issue.standing != Standing::Violation;
    let mut groups: Vec<(&Picture, Vec<[f32; 4]>)> = Vec::new();
    for spot in &issue.finding().spots {
        let Some((picture, area)) = view.album.showing(issue.judgement, &judgement.record, spot) else {
            continue;
        };
        let near = groups.iter_mut().find(|(known, areas)| {
            known.state == picture.state && areas.iter().all(|other| (other[1] - area[1]).abs() < NEAR)
        });
        match near {
            Some((_, areas)) => areas.push(area),
            None => groups.push((picture, vec![area])),
        }
    }
    if groups.is_empty() {
        return;
    }
    out.raw("<div class=\"crops\">");
    for (picture, areas) in groups.iter().take(CROPS_MAX) {
        let mut marks: Vec<Mark> = Vec::new();
        for (at, area) in areas.iter().enumerate() {
            let tag = if at == 0 { no.to_string() } else { String::new() };
            marks.push(Mark { area: *area, tag, open });
        }
        let words = window(judgement.record.viewport);
        let (zh, en) = (format!("画面局部，{}", words.zh), format!("part of the picture, {}", words.en));
        out.raw("<figure>");
        let class = if judgement.record.viewport.touch { "shot crop phone" } else { "shot crop" };
        picture.draw(out, picture.around(areas), &marks, class, (&zh, &en));
        out.raw("<figcaption>").words(&words);
        if picture.state > 0 {
            let (zh, en) = (format!(" · 画面 {}", picture.state), format!(" · picture {}", picture.state));
            out.say(&zh, &en);
        }
        out.raw("</figcaption></figure>");
    }
    out.raw("</div>");
}

fn quotes(out: &mut Html, issue: &Issue<'_>) {
    let quotes = &issue.finding().quotes;
    if quotes.is_empty() {
        return;
    }
    out.raw("<div class=\"quotes\"><h4>").say("页面原话", "Words of the page").raw("</h4>");
    for quote in quotes {
        out.raw("<blockquote>").quote(quote).raw("</blockquote>");
    }
    out.raw("</div>");
}

fn numbers(out: &mut Html, issue: &Issue<'_>) {
    let numbers = &issue.finding().numbers;
    if numbers.is_empty() {
        return;
    }
    out.raw("<table class=\"numbers\"><thead><tr><th>")
        .say("量到的", "Measured")
        .raw("</th><th class=\"num\">")
        .say("值", "Value");
    out.raw("</th><th class=\"num\">").say("界限", "Threshold").raw("</th></tr></thead><tbody>");
    for measured in numbers {
        out.raw("<tr><td>")
            .words(&measure(measured.name))
            .raw("</td><td class=\"num\">")
            .text(&number(measured.value));
        out.raw("</td><td class=\"num\">").text(&number(measured.limit)).raw("</td></tr>");
    }
    out.raw("</tbody></table>");
}

/// For whoever mends it: windows, selectors, fingerprint.
fn places(out: &mut Html, view: View<'_>, issue: &Issue<'_>) {
    let windows = issue.seen().filter_map(|(at, _)| view.inspection.judgements.get(at));
    let shown: Vec<_> = windows.map(|judgement| window(judgement.record.viewport)).collect();
    let join = |pick: fn(&crate::Words) -> &str| shown.iter().map(pick).collect::<Vec<_>>().join(" · ");
    out.raw("<details class=\"places\"><summary>")
        .say("给开发者：位置", "For developers: places")
        .raw("</summary><dl><div><dt>");
    out.say("窗口", "Windows").raw("</dt><dd>").say(&join(|w| &w.zh), &join(|w| &w.en)).raw("</dd></div>");
    for spot in &issue.finding().spots {
        out.raw("<div><dt>");
        match spot.within {
            Within::State(state) => out.say(&format!("画面 {state}"), &format!("state {state}")),
            Within::Document(id) => out.say(&format!("文件 {id}"), &format!("document {id}")),
        };
        out.raw("</dt><dd><code>").text(&spot.place).raw("</code></dd></div>");
    }
    out.raw("<div><dt>")
        .say("指纹", "Fingerprint")
        .raw("</dt><dd><code>")
        .text(&issue.fingerprint)
        .raw("</code></dd></div></dl></details>");
}

/// Boxes so near share a part of the picture, in CSS pixels.
const NEAR: f32 = 320.0;
/// Parts shown of one finding.
const CROPS_MAX: usize = 3;
