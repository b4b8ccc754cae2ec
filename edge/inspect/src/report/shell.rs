//! The frame of every report: head, content policy, bar, table of contents, script.

use super::html::Html;
use crate::stored::sha256;
use crate::words::Lang;

/// Stands for the nonce until the whole document is known; text of a page cannot hold it, since control characters
/// never pass [`Html::text`].
const NONCE: &str = "\u{1}nonce\u{1}";
const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// Anchor and title, Chinese and English.
pub(super) type Section = (&'static str, &'static str, &'static str);

pub(super) fn open(
    out: &mut Html,
    title: (&'static str, &'static str),
    subject: &str,
    lang: Lang,
    sections: &[Section],
) {
    out.raw(match lang {
        Lang::Zh => "<!doctype html>\n<html lang=\"zh-CN\">\n",
        Lang::En => "<!doctype html>\n<html lang=\"en\">\n",
    });
    out.raw("<head><meta charset=\"utf-8\">");
    out.raw(concat!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; ",
        "script-src 'nonce-\u{1}nonce\u{1}'; style-src 'nonce-\u{1}nonce\u{1}'; base-uri 'none'; form-action 'none'\">",
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
        "<meta name=\"referrer\" content=\"no-referrer\"><meta name=\"robots\" content=\"noindex\">",
    ));
    out.raw("<title")
        .attr("data-zh", title.0)
        .attr("data-en", title.1)
        .attr("data-subject", subject)
        .raw(">");
    out.text(if lang == Lang::Zh { title.0 } else { title.1 }).raw(" · ").text(subject);
    out.raw("</title>\n<style nonce=\"\u{1}nonce\u{1}\">").raw(STYLE).raw("</style></head>\n<body>");
    out.raw("<a class=\"skip\" href=\"#main\">").say("跳到正文", "Skip to content").raw("</a>");
    out.raw(
        "<header class=\"bar\"><span class=\"brand\"><span class=\"seal\" aria-hidden=\"true\">安</span>",
    );
    out.raw("<span>安宁 <span class=\"latin\">Anning</span></span></span><div class=\"tools\">");
    out.raw("<div class=\"seg\" role=\"group\"").named("语言", "Language").raw(">");
    out.raw(
        "<button type=\"button\" data-lang=\"zh-CN\" aria-pressed=\"false\" lang=\"zh-CN\">中文</button>",
    );
    out.raw("<button type=\"button\" data-lang=\"en\" aria-pressed=\"false\" lang=\"en\">EN</button></div>");
    out.raw("<button type=\"button\" data-expand aria-pressed=\"false\">")
        .say("全部展开", "Expand all")
        .raw("</button>");
    out.raw("<button type=\"button\" data-print>").say("打印", "Print").raw("</button></div></header>\n");
    out.raw("<div class=\"frame\"><nav class=\"toc\"").named("目录", "Contents").raw("><ol>");
    for (id, zh, en) in sections {
        out.raw("<li><a href=\"#").raw(id).raw("\">").say(zh, en).raw("</a></li>");
    }
    out.raw("</ol></nav>\n<main id=\"main\" tabindex=\"-1\">");
}

pub(super) fn close(mut out: Html) -> String {
    out.raw("</main></div>\n<noscript><p class=\"noscript\">");
    out.say(
        "未启用脚本：内容完整，但不能切换语言。",
        "Scripts are off: everything is shown, but the language cannot be switched.",
    );
    out.raw("</p></noscript><script nonce=\"\u{1}nonce\u{1}\">").raw(SCRIPT).raw("</script></body></html>\n");
    let html = out.finish();
    // Bound to every byte of the document: nobody who can place text in it can know it beforehand.
    let hash = sha256(html.as_bytes());
    html.replace(NONCE, hash.get(..32).unwrap_or_default())
}
