//! The first page: what was looked at, the verdict, the picture with numbers.

use anning_page::record::Record;

use super::View;
use super::album::marks;
use super::html::Html;
use crate::gaps::gaps;
use crate::inspection::{Issue, Judgement};
use crate::summary::Counts;
use crate::words::{Standing, ended, severity, severity_code, title, window};

pub(super) fn write(out: &mut Html, view: View<'_>) {
    out.raw("<section id=\"result\"><p class=\"kicker\">");
    out.say("注册页同意核查", "Consent on a sign-up page").raw("</p><h1>");
    let first = view.inspection.judgements.first();
    let shown = first.and_then(|judgement| judgement.record.states.first()).map(|state| state.title.trim());
    out.quote(shown.filter(|title| !title.is_empty()).unwrap_or(&view.inspection.name)).raw("</h1>");
    sentence(out, view);
    tiles(out, view);
    facts(out, view);
    overview(out, view);
    out.raw("<p class=\"note\">");
    out.say(
        "规则只报告界面做了什么；是否违反，取决于页面记录当日有效的法律。未发现违反，不等于合法。页面由程序在真实浏览器中打开，提交被截下，没有注册任何人。",
        "Rules report what the interface does; whether that breaks the law depends on the law of the day of the record. No violation \
         found is not the same as lawful. A real browser opened the page; what it would have sent was stopped, and nobody was registered.",
    );
    out.raw("</p></section>\n");
}

fn sentence(out: &mut Html, view: View<'_>) {
    let counts = Counts::of(std::slice::from_ref(view.inspection));
    let [critical, ..] = counts.violations;
    let all = counts.all_violations();
    let day =
        view.inspection.judgements.first().map(|judgement| judgement.day.to_string()).unwrap_or_default();
    let (class, zh, en) = if !view.inspection.is_seen() {
        (
            "lead unseen",
            "没有看到可以核查的页面，因此不作结论。原因见“证据与核验”。".to_owned(),
            "No page was seen that could be inspected, so nothing is concluded. See “Evidence” for the reason.".to_owned(),
        )
    } else if critical > 0 {
        (
            "lead bad",
            format!(
                "按 {day} 有效的法律，本页面有 {all} 处做法违反规定，其中重大 {critical} 处：据此不能认定用户已经同意接收营销信息或向第三方提供个人信息。"
            ),
            format!(
                "Under the law in force on {day}, this page does {all} things that the law forbids. {critical} of them are critical: no consent to marketing, or to handing data to others, can follow from it."
            ),
        )
    } else if all > 0 {
        (
            "lead bad",
            format!("按 {day} 有效的法律，本页面有 {all} 处做法违反规定，取得的同意存疑或告知有缺。"),
            format!(
                "Under the law in force on {day}, this page does {all} things that the law forbids: consent is doubtful, or people are told too little."
            ),
        )
    } else if counts.needs_person > 0 {
        (
            "lead unsure",
            format!("三十条规则未发现违反；有 {} 处程序不能断定，须由人判断。", counts.needs_person),
            format!(
                "The thirty rules found no violation; {} things a program cannot tell and a person must.",
                counts.needs_person
            ),
        )
    } else if !view.inspection.is_whole() {
        (
            "lead unsure",
            "看到的部分未发现违反；页面没有全部看到，原因见下。".to_owned(),
            "No violation in what was seen; not all of the page was, for the reason below.".to_owned(),
        )
    } else {
        ("lead good", "三十条规则未发现违反。".to_owned(), "The thirty rules found no violation.".to_owned())
    };
    out.raw("<p").attr("class", class).raw(">").say(&zh, &en).raw("</p>");
    if view.inspection.judgements.iter().any(|judgement| judgement.as_if) {
        out.raw("<p class=\"note strong\">");
        out.say(
            &format!("按 {day} 的法律重新判断，不是记录当日的法律。"),
            &format!("Judged again by the law of {day}, not of the day of the record."),
        );
        out.raw("</p>");
    }
}

fn tiles(out: &mut Html, view: View<'_>) {
    let counts = Counts::of(std::slice::from_ref(view.inspection));
    let [critical, serious, moderate] = counts.violations;
    let passes = view.inspection.rules().iter().filter(|(_, standing)| *standing == Standing::Passes).count();
    let tiles = [
        (
            "tile critical",
            critical,
            "重大违反",
            "critical",
            "不能据此取得营销或共享同意",
            "no such consent can follow",
        ),
        (
            "tile serious",
            serious,
            "严重违反",
            "serious",
            "同意存疑，或告知义务未尽",
            "consent doubtful, or too little told",
        ),
        ("tile moderate", moderate, "一般违反", "moderate", "使其他问题更重", "makes other things worse"),
        ("tile person", counts.needs_person, "须由人判断", "for a person", "证据已列出", "with the evidence"),
        ("tile passes", passes, "规则通过", "rules passed", "共三十条", "of thirty"),
    ];
    out.raw("<div class=\"tiles\">");
    for (class, count, zh, en, means_zh, means_en) in tiles {
        let class = if count == 0 { format!("{class} nil") } else { class.to_owned() };
        out.raw("<div")
            .attr("class", &class)
            .raw("><p class=\"big\">")
            .text(&count.to_string())
            .raw("</p><p class=\"name\">");
        out.say(zh, en).raw("</p><p class=\"means\">").say(means_zh, means_en).raw("</p></div>");
    }
    out.raw("</div>");
}

fn facts(out: &mut Html, view: View<'_>) {
    out.raw("<dl class=\"facts\"><div><dt>").say("地址", "Address").raw("</dt><dd>");
    out.quote(&view.inspection.source).raw("</dd></div>");
    for judgement in &view.inspection.judgements {
        let record = &judgement.record;
        out.raw("<div><dt>").words(&window(record.viewport)).raw("</dt><dd>").words(&ended(record.outcome));
        for gap in gaps(record) {
            out.raw("<br><strong>").words(&gap).raw("</strong>");
        }
        out.raw("<br><span class=\"soft\">").text(&record.recorded_at).raw("</span></dd></div>");
    }
    if let Some(first) = view.inspection.judgements.first() {
        out.raw("<div><dt>")
            .say("浏览器", "Browser")
            .raw("</dt><dd>")
            .quote(&first.record.recorder.browser)
            .raw("</dd></div>");
    }
    out.raw("</dl>");
}

/// First screens with numbers, beside the list of what they mean.
fn overview(out: &mut Html, view: View<'_>) {
    let listed: Vec<(usize, &Issue<'_>)> =
        view.issues.iter().enumerate().filter(|(_, issue)| issue.standing != Standing::Remark).collect();
    if listed.is_empty() && view.album.all().next().is_none() {
        return;
    }
    let mut windows = view.inspection.judgements.iter().enumerate();
    out.raw("<div class=\"overview\"><div class=\"screens\">");
    for (at, judgement) in windows.by_ref().take(1) {
        screen(out, view, at, judgement);
    }
    out.raw("</div><div><ol class=\"legend\">");
    for (at, issue) in listed {
        let number = (at + 1).to_string();
        let class =
            if issue.standing == Standing::NeedsPerson { "open" } else { severity_code(issue.severity()) };
        out.raw("<li").attr("class", class).raw("><span class=\"no\">").text(&number).raw("</span><a");
        out.attr("href", &format!("#f{number}"))
            .raw(">")
            .words(&title(issue.finding()))
            .raw("</a> <span class=\"chip\">");
        if issue.standing == Standing::NeedsPerson {
            out.say("须由人判断", "for a person");
        } else {
            out.words(&severity(issue.severity()));
        }
        out.raw("</span></li>");
    }
    out.raw("</ol>");
    for (at, judgement) in windows {
        screen(out, view, at, judgement);
    }
    out.raw("</div></div>");
}

/// The first picture of a window, whole.
fn screen(out: &mut Html, view: View<'_>, at: usize, judgement: &Judgement) {
    let Some(picture) = view.album.all().find(|picture| picture.judgement == at) else { return };
    let marks = marks(view.album, picture, &judgement.record, numbered(view.issues, at));
    let words = window(judgement.record.viewport);
    let class = if judgement.record.viewport.touch { "shot phone" } else { "shot" };
    out.raw("<figure>");
    picture.draw(out, picture.whole(), &marks, class, (&words.zh, &words.en));
    out.raw("<figcaption>").words(&words);
    hidden_behind(out, view, &judgement.record, at);
    out.raw("</figcaption></figure>");
}

/// Numbers that no box on this picture carries, because what they speak of lies behind a link or in another state.
fn hidden_behind(out: &mut Html, view: View<'_>, record: &Record, judgement: usize) {
    let behind: Vec<String> = numbered(view.issues, judgement)
        .filter(|(_, finding, _)| {
            finding.spots.iter().all(|spot| view.album.showing(judgement, record, spot).is_none())
        })
        .map(|(number, ..)| number.to_string())
        .collect();
    if !behind.is_empty() {
        let list = behind.join(" ");
        out.raw(" <span class=\"soft\">")
            .say(&format!("（{list} 在画面之外）"), &format!("({list} not in this picture)"))
            .raw("</span>");
    }
}

/// Findings seen in this window, with their numbers.
pub(super) fn numbered<'a>(
    issues: &'a [Issue<'a>],
    judgement: usize,
) -> impl Iterator<Item = (usize, &'a anning_page::finding::Finding, bool)> {
    issues
        .iter()
        .enumerate()
        .filter(move |(_, issue)| issue.judgement == judgement || issue.also.contains(&judgement))
        .map(|(at, issue)| (at + 1, issue.finding(), issue.standing != Standing::Violation))
}
