//! How deep a clause lies: clicks, screens, share, drawn; and the clause among its neighbours.

use anning_page::finding::{Finding, Rule};
use anning_page::record::Document;

use super::html::{Html, number};
use crate::words::many;

/// A clause of a document: drawn where it is the point of the finding, shown elsewhere unless another finding does.
pub(super) fn write(out: &mut Html, document: &Document, top: f32, finding: &Finding, shown: Option<usize>) {
    let measured = document.height > 0.0 && document.window > 0.0;
    let drawn = measured && finding.rule == Rule::Rp15;
    out.raw(if drawn { "<figure class=\"depth\">" } else { "<figure class=\"depth plainly\">" });
    if drawn {
        drawing(out, document, top);
    }
    out.raw("<figcaption><b>");
    let clicks = document.clicks;
    let times = many(clicks.into(), "click", "clicks");
    if measured {
        let (screens, share) = (top / document.window, 100.0 * top / document.height);
        out.say(
            &format!("从注册页面点 {clicks} 次打开“{}”，再向下 {screens:.1} 屏，才到这一条（全文的 {share:.0}% 处）。", document.name),
            &format!("It takes {times} to open “{}” and {screens:.1} screens of scrolling to reach the clause ({share:.0}% into the text).", document.name),
        );
    } else {
        out.say(
            &format!("从注册页面点 {clicks} 次打开“{}”才能看到。", document.name),
            &format!("It takes {times} to open “{}”.", document.name),
        );
    }
    out.raw("</b>");
    if let Some(number) = shown {
        out.raw(" <a").attr("href", &format!("#f{number}")).raw(">");
        out.say(&format!("见第 {number} 项"), &format!("see {number}")).raw("</a>");
    }
    out.raw("</figcaption>");
    if shown.is_none() {
        excerpt(out, document, top, &finding.quotes);
    }
    out.raw("</figure>");
}

/// The sign-up page, the click, the document with its screens and the clause.
fn drawing(out: &mut Html, document: &Document, top: f32) {
    let screens = (document.height / document.window).max(1.0);
    let at = (top / document.height).clamp(0.0, 1.0);
    let window = HEIGHT / screens;
    out.raw("<svg class=\"deep\" viewBox=\"0 0 460 250\" width=\"460\" height=\"250\" role=\"img\"");
    let (zh, en) = (
        format!("条款位于文件第 {} 屏之下", number(top / document.window)),
        format!("the clause lies {} screens down", number(top / document.window)),
    );
    out.named(&zh, &en).raw(">");
    out.raw("<rect class=\"sheet\" x=\"20\" y=\"22\" width=\"78\" height=\"140\" rx=\"8\"/>");
    out.raw("<path class=\"lines\" d=\"M32 46h54M32 66h54M32 86h54\"/><rect class=\"tick\" x=\"32\" y=\"108\" width=\"9\" height=\"9\" rx=\"2\"/><path class=\"lines\" d=\"M46 112h40\"/><rect class=\"button\" x=\"32\" y=\"130\" width=\"54\" height=\"16\" rx=\"4\"/>");
    out.label("mid", [59.0, 182.0], "注册页面", "sign-up page");
    out.label("mid soft", [59.0, 199.0], "未提及", "does not say so");
    out.raw("<path class=\"arrow\" d=\"M106 112H178\"/><path class=\"head\" d=\"M178 106l10 6-10 6z\"/>");
    let clicks = document.clicks;
    out.label("mid", [146.0, 104.0], &format!("点 {clicks} 次"), &many(clicks.into(), "click", "clicks"));
    out.raw("<rect class=\"sheet\" x=\"196\" y=\"22\" width=\"86\"").at("height", HEIGHT).raw(" rx=\"4\"/>");
    out.raw("<rect class=\"window\" x=\"192\" y=\"20\" width=\"94\"")
        .at("height", window.min(HEIGHT) + 4.0)
        .raw(" rx=\"5\"/>");
    let mut y = 22.0 + window;
    let mut drawn = 0;
    while y < 22.0 + HEIGHT - 2.0 && drawn < SCREENS_MAX {
        out.raw("<path class=\"fold\"").attr("d", &format!("M196 {}h86", number(y))).raw("/>");
        y += window;
        drawn += 1;
    }
    let mark = 22.0 + at * (HEIGHT - 8.0);
    out.raw("<rect class=\"clause\" x=\"202\" width=\"74\" height=\"8\" rx=\"2\"").at("y", mark).raw("/>");
    out.raw("<path class=\"arrow red\"").attr("d", &format!("M282 {}H300", number(mark + 4.0))).raw("/>");
    out.label("red", [304.0, mark + 2.0], "这一条在这里", "the clause is here");
    let (zh, en) = (
        format!("向下 {:.1} 屏", top / document.window),
        format!("{:.1} screens down", top / document.window),
    );
    out.label("soft", [304.0, mark + 18.0], &zh, &en);
    // The first screen is named where the clause's own words leave room.
    if mark > 70.0 {
        out.label("soft", [294.0, 36.0], "打开时看到的一屏", "what one sees first");
    }
    out.label(
        "mid soft",
        [239.0, 244.0],
        &format!("全文 {screens:.1} 屏"),
        &format!("{screens:.1} screens in all"),
    );
    out.raw("</svg>");
}

/// The clause between the paragraphs around it.
fn excerpt(out: &mut Html, document: &Document, top: f32, quotes: &[String]) {
    let Some(at) = document.texts.iter().position(|text| (text.top - top).abs() < 1.0) else { return };
    out.raw("<div class=\"excerpt\">");
    let from = at.saturating_sub(2);
    for (index, text) in document.texts.iter().enumerate().skip(from).take(at - from + 2) {
        let class = match (index == at, text.heading > 0) {
            (true, _) => "clause",
            (false, true) => "heading",
            (false, false) => "near",
        };
        out.raw("<p").attr("class", class).raw(">");
        let shown: String = text.text.chars().take(EXCERPT_MAX).collect();
        let quoted =
            quotes.iter().map(|quote| quote.trim()).find(|quote| !quote.is_empty() && shown.contains(quote));
        match (index == at, quoted.and_then(|quote| Some((quote, shown.split_once(quote)?)))) {
            (true, Some((quote, (before, after)))) => {
                out.text(before).raw("<mark>").text(quote).raw("</mark>").text(after);
            }
            _ => {
                out.text(&shown);
            }
        }
        out.raw("</p>");
    }
    out.raw("</div>");
}

/// Height of the document in the drawing.
const HEIGHT: f32 = 206.0;
/// Lines between screens that are drawn.
const SCREENS_MAX: usize = 40;
/// Characters of a paragraph.
const EXCERPT_MAX: usize = 600;
