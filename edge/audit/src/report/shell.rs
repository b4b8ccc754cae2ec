//! The frame of every document: head, content policy, bar, table of contents, script.

use crate::summary::Lang;
use crate::summary::words::Phrase;

use super::page::Page;
use super::strings as s;

/// An entry of the table of contents.
pub(super) struct Section {
    pub(super) id: &'static str,
    pub(super) title: Phrase,
}

/// Stands for the nonce until the whole document is known; input text cannot hold it, since control
/// characters never pass [`Page::text`].
const NONCE: &str = "\u{1}nonce\u{1}";
const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

pub(super) fn open(page: &mut Page, title: Phrase, subject: Option<&str>, lang: Lang, sections: &[Section]) {
    page.raw(match lang {
        Lang::Zh => "<!doctype html>\n<html lang=\"zh-CN\">\n",
        Lang::En => "<!doctype html>\n<html lang=\"en\">\n",
    });
    page.raw("<head><meta charset=\"utf-8\">");
    page.raw(concat!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ",
        "script-src 'nonce-\u{1}nonce\u{1}'; style-src 'nonce-\u{1}nonce\u{1}'; base-uri 'none'; form-action 'none'\">",
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
        "<meta name=\"referrer\" content=\"no-referrer\"><meta name=\"robots\" content=\"noindex\">",
    ));
    page.raw("<title").attr("data-zh", title.zh).attr("data-en", title.en).raw(">");
    page.text(title.get(lang));
    if let Some(subject) = subject {
        page.raw(" · ").text(subject);
    }
    page.raw("</title>\n<style nonce=\"\u{1}nonce\u{1}\">").raw(STYLE).raw("</style></head>\n<body>");
    page.raw("<a class=\"skip\" href=\"#main\">").say(s::SKIP).raw("</a>");
    patterns(page);
    bar(page);
    page.raw("<div class=\"frame\"><nav class=\"toc\"").label(s::CONTENTS).raw("><ol>");
    for section in sections {
        page.raw("<li><a href=\"#").raw(section.id).raw("\">").say(section.title).raw("</a></li>");
    }
    page.raw("</ol></nav>\n<main id=\"main\" tabindex=\"-1\">");
}

/// Fillings that also tell the answers apart in black and white.
fn patterns(page: &mut Page) {
    page.raw(concat!(
        "<svg class=\"defs\" width=\"0\" height=\"0\" aria-hidden=\"true\" focusable=\"false\"><defs>",
        "<pattern id=\"hatch\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">",
        "<rect class=\"hatch-ground\" width=\"5\" height=\"5\"/><rect class=\"hatch-line\" width=\"2.6\" height=\"5\"/>",
        "</pattern><pattern id=\"dots\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\">",
        "<rect class=\"dots-ground\" width=\"5\" height=\"5\"/><circle class=\"dots-dot\" cx=\"2.5\" cy=\"2.5\" r=\"1.3\"/>",
        "</pattern></defs></svg>",
    ));
}

fn bar(page: &mut Page) {
    page.raw(
        "<header class=\"bar\"><span class=\"brand\"><span class=\"seal\" aria-hidden=\"true\">安</span>",
    );
    page.raw("<span>安宁 <span class=\"latin\">Anning</span></span></span><div class=\"tools\">");
    page.raw("<div class=\"seg\" role=\"group\"").label(s::LANGUAGE).raw(">");
    page.raw(
        "<button type=\"button\" data-lang=\"zh-CN\" aria-pressed=\"false\" lang=\"zh-CN\">中文</button>",
    );
    page.raw("<button type=\"button\" data-lang=\"en\" aria-pressed=\"false\" lang=\"en\">EN</button></div>");
    page.raw("<button type=\"button\" class=\"tool\" data-theme-toggle aria-pressed=\"false\">");
    page.say(s::DARK).raw("</button>");
    page.raw("<button type=\"button\" class=\"tool\" data-expand aria-pressed=\"false\">")
        .say(s::EXPAND)
        .raw("</button>");
    page.raw("<button type=\"button\" class=\"tool\" data-print>").say(s::PRINT).raw("</button>");
    page.raw("</div></header>\n");
}

pub(super) fn close(mut page: Page) -> String {
    page.raw("</main></div>\n<div id=\"tip\" role=\"status\" aria-live=\"polite\" hidden></div>");
    page.raw("<noscript><p class=\"noscript\">").say(s::NO_SCRIPT).raw("</p></noscript>");
    page.raw("<script nonce=\"\u{1}nonce\u{1}\">").raw(SCRIPT).raw("</script></body></html>\n");
    let html = page.finish();
    // Bound to every byte of the document: nobody who can place text in it can know it beforehand, and
    // the same document always has the same one.
    let hash = blake3::hash(html.as_bytes()).to_hex();
    html.replace(NONCE, hash.get(..32).unwrap_or_default())
}
