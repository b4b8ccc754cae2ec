//! What an auditor checks: all pictures, documents, what would be sent, rules that passed, hashes.

use anning_page::finding::{Rule, Within};
use anning_page::record::{Act, Opened, Record};

use super::View;
use super::album::marks;
use super::html::{Html, number};
use super::verdict::numbered;
use crate::traffic::STORED;
use crate::words::{Standing, deed, ended, is_own, many, moment, opened, version_use, window};

/// Every state that has a picture, with the numbers of what is seen there.
pub(super) fn pictures(out: &mut Html, view: View<'_>) {
    out.raw("<section id=\"pictures\"><h2>").say("全部画面", "All pictures").raw("</h2>");
    for name in &view.album.altered {
        out.raw("<p class=\"note strong\">");
        out.say("图片与记录的哈希不符，未采用：", "A picture is not the one recorded and was left out: ")
            .quote(name)
            .raw("</p>");
    }
    if view.album.cut {
        out.raw("<p class=\"note\">")
            .say(
                "图片过多，其余见证据文件夹。",
                "Too many pictures for one file; the others are in the evidence folder.",
            )
            .raw("</p>");
    }
    let with = |at: usize| view.album.all().any(|picture| picture.judgement == at);
    if view.album.all().next().is_none() {
        out.raw("<p>").say("记录没有附画面。", "There are no pictures with the record.").raw("</p>");
    }
    for (at, judgement) in view.inspection.judgements.iter().enumerate().filter(|(at, _)| with(*at)) {
        let record = &judgement.record;
        out.raw("<details><summary>").words(&window(record.viewport)).raw(" ");
        let count = view.album.all().filter(|picture| picture.judgement == at).count();
        out.say(&format!("· {count} 张画面"), &format!("· {}", many(count, "picture", "pictures")))
            .raw("</summary><div class=\"states\">");
        for picture in view.album.all().filter(|picture| picture.judgement == at) {
            let by = record
                .events
                .iter()
                .find(|event| event.after == picture.state && event.before != Some(picture.state));
            let (zh, en) = (format!("画面 {}", picture.state), format!("picture {}", picture.state));
            let marks = marks(view.album, picture, record, numbered(view.issues, at));
            out.raw("<figure>");
            let class = if record.viewport.touch { "shot phone" } else { "shot" };
            picture.draw(out, picture.whole(), &marks, class, (&zh, &en));
            out.raw("<figcaption>").say(&zh, &en);
            if let Some(event) = by {
                let words = deed(event.act, &event.label);
                let after =
                    if event.act == Act::Load { ("：", ": ") } else { ("，之前：", ", after: ") };
                out.say(&format!("{}{}", after.0, words.zh), &format!("{}{}", after.1, words.en));
            }
            out.raw("</figcaption></figure>");
        }
        out.raw("</div></details>");
    }
    out.raw("</section>\n");
}

pub(super) fn documents(out: &mut Html, view: View<'_>) {
    out.raw("<section id=\"documents\"><h2>").say("链接的文件", "Linked documents").raw("</h2>");
    let Some((at, judgement)) =
        view.inspection.judgements.iter().enumerate().max_by_key(|(_, j)| j.record.documents.len())
    else {
        out.raw("</section>\n");
        return;
    };
    if judgement.record.documents.is_empty() {
        out.raw("<p>")
            .say("注册页面没有链接文件。", "The sign-up page links to no document.")
            .raw("</p></section>\n");
        return;
    }
    out.raw("<div class=\"table\"><table><thead><tr><th>")
        .say("文件", "Document")
        .raw("</th><th class=\"num\">")
        .say("点击", "Clicks");
    out.raw("</th><th>")
        .say("打开结果", "What opened")
        .raw("</th><th class=\"num\">")
        .say("长度（屏）", "Screens");
    out.raw("</th><th>").say("涉及的发现", "Findings there").raw("</th></tr></thead><tbody>");
    for document in &judgement.record.documents {
        out.raw("<tr><th scope=\"row\">")
            .quote(&document.name)
            .raw("<small>")
            .quote(&document.address)
            .raw("</small></th><td class=\"num\">");
        out.text(&document.clicks.to_string())
            .raw("</td><td")
            .attr("class", if is_read(document.opened) { "" } else { "bad" })
            .raw(">");
        out.words(&opened(document.opened));
        if !document.reason.is_empty() {
            out.raw("<small>").quote(&document.reason).raw("</small>");
        }
        out.raw("</td><td class=\"num\">");
        if document.window > 0.0 {
            out.text(&number(document.height / document.window));
        }
        out.raw("</td><td>");
        for (no, finding, _) in numbered(view.issues, at) {
            let here = finding.spots.iter().find(|spot| spot.within == Within::Document(document.id));
            if let Some(spot) = here {
                out.raw("<a").attr("href", &format!("#f{no}")).raw(">").text(&no.to_string()).raw("</a>");
                if document.window > 0.0 {
                    let deep = number((spot.area[1] / document.window * 10.0).round() / 10.0);
                    out.say(&format!("（{deep} 屏处）"), &format!(" ({deep} screens down)"));
                }
                out.raw(" ");
            }
        }
        out.raw("</td></tr>");
    }
    out.raw("</tbody></table></div></section>\n");
}

const fn is_read(opened: Opened) -> bool {
    match opened {
        Opened::Page | Opened::Dialog | Opened::Anchor | Opened::File | Opened::Elsewhere => true,
        Opened::Nothing | Opened::Failed | Opened::Empty | Opened::LoginWall | Opened::NotTried => false,
    }
}

pub(super) fn sent(out: &mut Html, view: View<'_>) {
    out.raw("<section id=\"sent\"><h2>")
        .say("本会提交的内容", "What would be sent")
        .raw("</h2><p class=\"note\">");
    if view.inspection.judgements.iter().all(|judgement| is_own(&judgement.record)) {
        out.say(
            "这些请求在离开本机之前已被截下。所填资料都是虚构的。",
            "These requests were stopped before they left the machine. The data typed are invented.",
        );
    } else {
        out.say(
            "记录的制作者所记：这些请求本会提交表单。",
            "As whoever made the record has it: these requests would have sent the form.",
        );
    }
    out.raw("</p>");
    let mut any = false;
    for judgement in &view.inspection.judgements {
        for submit in &judgement.record.submits {
            any = true;
            let by = judgement
                .record
                .events
                .get(submit.event)
                .map(|event| deed(event.act, &event.label))
                .unwrap_or_default();
            out.raw("<details><summary>")
                .words(&window(judgement.record.viewport))
                .raw(" · ")
                .words(&by)
                .raw(" → <code>");
            out.text(&submit.method)
                .raw(" ")
                .text(&submit.address)
                .raw("</code></summary><div class=\"table\"><table><tbody>");
            for (name, value) in &submit.fields {
                out.raw("<tr><th scope=\"row\"><code>")
                    .text(name)
                    .raw("</code></th><td>")
                    .quote(value)
                    .raw("</td></tr>");
            }
            out.raw("</tbody></table></div></details>");
        }
    }
    if any && view.inspection.judgements.iter().any(|j| is_stored(&j.record)) {
        stands_for_folder(out);
    }
    if !any {
        out.raw("<p>").say("没有请求会提交表单。", "No request would have sent the form.").raw("</p>");
    }
    out.raw("</section>\n");
}

/// Recorded from a folder: its addresses begin with one that exists nowhere.
fn is_stored(record: &Record) -> bool {
    record.states.iter().any(|state| state.address.starts_with(STORED))
}

fn stands_for_folder(out: &mut Html) {
    out.raw("<p class=\"note\">").say(
        "https://page.invalid 代表存放页面的文件夹：不存在这样的网站，没有任何内容离开本机。",
        "https://page.invalid stands for the folder of stored pages: there is no such site, and nothing left the machine.",
    );
    out.raw("</p>");
}

pub(super) fn passes(out: &mut Html, view: View<'_>) {
    let rules = view.inspection.rules();
    out.raw("<section id=\"passes\"><h2>").say("通过与不适用", "Passes").raw("</h2>");
    for (standing, zh, en) in
        [(Standing::Passes, "通过", "passed"), (Standing::NotApplicable, "不适用", "not applicable")]
    {
        let own: Vec<Rule> =
            rules.iter().filter(|(_, found)| *found == standing).map(|(rule, _)| *rule).collect();
        out.raw("<details><summary>")
            .say(&format!("{zh} {} 条规则", own.len()), &format!("{} {en}", many(own.len(), "rule", "rules")))
            .raw("</summary><ul class=\"rules\">");
        for rule in own {
            let why = view
                .inspection
                .judgements
                .iter()
                .flat_map(|j| &j.findings)
                .find(|judged| judged.finding.rule == rule);
            out.raw("<li><b>").text(rule.id()).raw("</b> ").say(rule.title_zh(), rule.title_en());
            if let (Some(judged), Standing::Passes) = (why, standing) {
                out.raw(" <span class=\"soft\">")
                    .say(&format!("— {}", judged.finding.zh), &format!("— {}", judged.finding.en))
                    .raw("</span>");
            }
            out.raw("</li>");
        }
        out.raw("</ul></details>");
    }
    out.raw("</section>\n");
}

pub(super) fn method(out: &mut Html, view: View<'_>) {
    out.raw("<section id=\"evidence\"><h2>").say("证据与核验", "Evidence").raw("</h2><ol class=\"verify\">");
    let pictures = view.album.all().next().is_some();
    let own = view.inspection.judgements.iter().any(|judgement| is_own(&judgement.record));
    let look = ("看图：每处发现都在画面上框出。", "Look: every finding is boxed on a picture.");
    let repeat = if own {
        ("在任何浏览器中按“自己重复一遍”的步骤操作。", "Repeat the steps in any browser.")
    } else {
        ("在原来的界面上按“自己重复一遍”的步骤操作。", "Repeat the steps on the interface itself.")
    };
    for (zh, en) in [COMPARE, AGAIN].into_iter().chain(pictures.then_some(look)).chain([repeat]) {
        out.raw("<li>").say(zh, en).raw("</li>");
    }
    out.raw("</ol>");
    for judgement in &view.inspection.judgements {
        let record = &judgement.record;
        out.raw("<h3>")
            .words(&window(record.viewport))
            .raw("</h3><dl class=\"plain\"><div><dt>")
            .say("结果", "Outcome")
            .raw("</dt><dd>");
        out.words(&ended(record.outcome))
            .raw("</dd></div><div><dt>")
            .say("记录时间", "Recorded")
            .raw("</dt><dd>")
            .words(&moment(record));
        out.raw(" <span class=\"soft\">")
            .text(&record.recorded_at)
            .raw("</span></dd></div><div><dt>")
            .say("所用法律", "Law of")
            .raw("</dt><dd>")
            .text(&judgement.day.to_string());
        out.raw("</dd></div>");
        if !record.recorder.agent.is_empty() {
            out.raw("<div><dt>").say("浏览器标识", "User agent").raw("</dt><dd>");
            out.quote(&record.recorder.agent).raw("</dd></div>");
        }
        out.raw("<div><dt>")
            .say("记录 SHA-256", "Record SHA-256")
            .raw("</dt><dd><code>")
            .text(&judgement.sha256)
            .raw("</code></dd></div>");
        if let Some(version) = judgement.version() {
            out.raw("<div><dt>").say("页面版本", "Page version").raw("</dt><dd><code>").text(&version);
            out.raw("</code><small>").words(&version_use()).raw("</small></dd></div>");
        }
        if let Some(sealed) = &judgement.sealed {
            out.raw("<div><dt>")
                .say("账本", "Ledger")
                .raw("</dt><dd><code>")
                .text(&sealed.origin)
                .raw("</code> ");
            out.say(&format!("第 {} 条", sealed.position), &format!("entry {}", sealed.position))
                .raw("</dd></div>");
        }
        out.raw("</dl>");
        if !record.files.is_empty() {
            out.raw("<details><summary>")
                .say(&format!("{} 个文件", record.files.len()), &many(record.files.len(), "file", "files"));
            out.raw("</summary><div class=\"table\"><table><tbody>");
            for file in &record.files {
                out.raw("<tr><th scope=\"row\">")
                    .quote(&file.name)
                    .raw("</th><td class=\"num\">")
                    .text(&file.bytes.to_string());
                out.raw("</td><td><code>").text(&file.sha256).raw("</code></td></tr>");
            }
            out.raw("</tbody></table></div></details>");
        }
        if !record.notes.is_empty() {
            out.raw("<details><summary>").say(
                &format!("记录附注 {} 条", record.notes.len()),
                &format!("{} of the recorder", many(record.notes.len(), "note", "notes")),
            );
            out.raw("</summary><ul>");
            for note in &record.notes {
                out.raw("<li><code>").text(&note.kind).raw("</code> ").quote(&note.text).raw("</li>");
            }
            out.raw("</ul></details>");
        }
    }
    out.raw("</section>\n");
}

const COMPARE: (&str, &str) = (
    "比对哈希：记录的 SHA-256 应与台账（账本）中的条目一致，图片和保存的网页的哈希写在记录里；运行 anning inspect verify 一次核对全部。",
    "Compare hashes: the record's SHA-256 with the ledger's entry; hashes of pictures and the saved page stand in the record. \
     anning inspect verify compares them all.",
);
const AGAIN: (&str, &str) = (
    "重新判断：对保存的记录运行 anning inspect rejudge，不需要浏览器。",
    "Judge again: run anning inspect rejudge on the stored record; it takes no browser.",
);
