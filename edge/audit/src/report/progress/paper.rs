//! The progress report as a document.

use anning_vocab::Answer;

use super::super::page::{Page, approx, count};
use super::super::result::{amounts, span_words};
use super::super::shell::{self, Section};
use super::super::{bars, strings as s};
use super::{Figures, Progress, Status};
use crate::summary::words::{self, Phrase};
use crate::summary::{Lang, Words};

/// Campaign rows in the document.
const CAMPAIGNS: usize = 30;

pub(super) fn html(p: &Progress, lang: Lang) -> String {
    let mut page = Page::new();
    let sections = [
        Section { id: "basis", title: s::P_BASIS },
        Section { id: "found", title: s::P_FOUND },
        Section { id: "measures", title: s::P_MEASURES },
        Section { id: "figures", title: s::P_FIGURES },
        Section { id: "remain", title: s::P_REMAIN },
        Section { id: "next", title: s::P_NEXT },
        Section { id: "sign", title: s::P_SIGN },
    ];
    shell::open(&mut page, s::P_TITLE, p.subject.as_deref(), lang, &sections);
    page.raw("<div class=\"doc\">");
    basis(&mut page, p);
    found(&mut page, p);
    measures(&mut page, p);
    compared(&mut page, p);
    remaining(&mut page, p);
    next(&mut page, p);
    sign(&mut page, p);
    page.raw("</div>");
    shell::close(page)
}

fn basis(page: &mut Page, p: &Progress) {
    page.raw("<section id=\"basis\"><h1>")
        .say(s::P_TITLE)
        .raw("</h1><p><b>")
        .say(s::P_TO)
        .raw("</b> ________________________</p><p><b>");
    page.say(s::P_FROM).raw("</b> ");
    match &p.subject {
        Some(subject) => page.quote(subject),
        None => page.raw("________________________ ").say(s::P_BLANK),
    };
    page.raw("</p><h2>").say(s::P_BASIS).raw("</h2><p>").say(s::P_BASIS_TEXT).raw("</p><dl class=\"facts\">");
    for (name, period, sends) in
        [(s::P_BEFORE, &p.period_before, p.before.sends), (s::P_AFTER, &p.period_after, p.after.sends)]
    {
        page.raw("<div><dt>").say(name).raw("</dt><dd>").words(&span_words(period.as_ref())).raw("<small>");
        page.count(sends).raw(" ").say(s::SENDS_UNIT).raw("</small></dd></div>");
    }
    page.raw("</dl><p><b>").say(s::P_PROVISIONS).raw("</b></p><ul>");
    let mut seen: Vec<&Words> = p.provisions.iter().flat_map(|row| &row.articles).collect();
    seen.sort();
    seen.dedup();
    for article in seen {
        page.raw("<li>").words(article).raw("</li>");
    }
    page.raw("</ul></section>\n");
}

fn found(page: &mut Page, p: &Progress) {
    page.raw("<section id=\"found\"><h2>").say(s::P_FOUND).raw("</h2><p class=\"amounts\">");
    amounts(page, p.before.breached, p.before.unproved, p.before.unclear);
    page.raw("</p><p class=\"note\">").say(s::P_UNPROVED_APART).raw("</p><ol>");
    for row in p.provisions.iter().filter(|row| row.before.breached > 0) {
        page.raw("<li>").words(&row.title).raw(" ");
        amounts(page, row.before.breached, 0, 0);
        page.raw("</li>");
    }
    page.raw("</ol></section>\n");
}

fn measures(page: &mut Page, p: &Progress) {
    page.raw("<section id=\"measures\"><h2>")
        .say(s::P_MEASURES)
        .raw("</h2><p class=\"note\">")
        .say(s::P_MEASURES_NOTE)
        .raw("</p><ol class=\"steps\">");
    for step in &p.steps {
        page.raw("<li class=\"step\"><h3>").say(words::action(step.action)).raw("</h3><p>");
        for (name, breached, unproved) in [
            (s::P_BEFORE, step.breached_before, step.unproved_before),
            (s::P_AFTER, step.breached_after, step.unproved_after),
        ] {
            page.say(name).raw(" ");
            if breached == 0 && unproved == 0 {
                page.say(s::P_CLEAN).raw(" ");
            }
            amounts(page, breached, unproved, 0);
        }
        page.raw("</p><p>☐ ").say(s::P_DONE).raw("　").say(s::P_DUE).raw("</p></li>");
    }
    page.raw("</ol></section>\n");
}

fn compared(page: &mut Page, p: &Progress) {
    page.raw("<section id=\"figures\"><h2>").say(s::P_FIGURES).raw("</h2>");
    if !p.differs.is_empty() {
        page.raw("<p class=\"note strong\">").fill(s::P_NOT_COMPARABLE, &[&p.differs.join(", ")]).raw("</p>");
    }
    let [stopped, reduced, same, new] = p.counts();
    let texts = [p.provisions.len(), stopped, reduced, same, new].map(|n| n.to_string());
    let values: Vec<&str> = texts.iter().map(String::as_str).collect();
    page.raw("<p>").fill(s::P_SUM, &values).raw("</p>");
    columns(page, "progress-provisions", s::BY_PROVISION);
    for row in &p.provisions {
        page.raw("<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">")
            .words(&row.title)
            .raw("<span class=\"sub\">");
        for (i, article) in row.articles.iter().enumerate() {
            if i > 0 {
                page.raw(" · ");
            }
            page.words(article);
        }
        page.raw("</span></th>");
        sides(page, row.before, row.after, row.status);
    }
    bars::close(page);
    page.raw("<h3>").say(s::BY_CAMPAIGN).raw("</h3>");
    columns(page, "progress-campaigns", s::BY_CAMPAIGN);
    for row in p.campaigns.iter().take(CAMPAIGNS) {
        page.raw("<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">");
        match (&row.name, row.id.is_empty()) {
            (Some(name), _) => page.quote(name).raw("<span class=\"sub\">").quote(&row.id).raw("</span>"),
            (None, true) => page.say(s::NOT_RECORDED),
            (None, false) => page.quote(&row.id),
        };
        page.raw("</th>");
        sides(page, row.before, row.after, row.status);
    }
    bars::close(page);
    bars::not_shown(page, s::MORE_ROWS, p.campaigns.len().saturating_sub(CAMPAIGNS) as u64);
    if p.campaigns_not_listed {
        page.raw("<p class=\"more\">").say(s::P_NOT_LISTED).raw("</p>");
    }
    page.raw("</section>\n");
}

fn columns(page: &mut Page, name: &'static str, caption: Phrase) {
    bars::open(
        page,
        name,
        caption,
        &[s::NAME, s::P_BEFORE, s::P_AFTER, s::P_RATE, s::NOT_PROVED, s::P_STATUS],
    );
}

fn sides(page: &mut Page, before: Figures, after: Figures, status: Status) {
    let most = before.breached.max(after.breached);
    bars::cell(page, Answer::Breached, before.breached, most);
    bars::cell(page, Answer::Breached, after.breached, most);
    page.raw("<td role=\"cell\" class=\"num\"").label(s::P_RATE).raw(">");
    page.text(&format!("{} → {}", rate(before), rate(after)))
        .raw("</td><td role=\"cell\" class=\"num\"")
        .label(s::NOT_PROVED)
        .raw(">");
    page.text(&format!("{} → {}", count(before.unproved), count(after.unproved)))
        .raw("</td><td role=\"cell\"")
        .label(s::P_STATUS);
    page.raw("><span class=\"status ")
        .raw(tone(status))
        .raw("\">")
        .say(phrase(status))
        .raw("</span></td></tr>");
}

/// Breached for each 10,000 sends to which it applied.
pub(super) fn rate(f: Figures) -> String {
    if f.sends == 0 {
        "–".to_owned()
    } else {
        format!("{:.1}", approx(f.breached) * 10_000.0 / approx(f.sends))
    }
}

const fn tone(status: Status) -> &'static str {
    match status {
        Status::Stopped => "good",
        Status::Same | Status::Increased | Status::New => "bad",
        Status::Reduced | Status::Clean | Status::CannotTell => "open-status",
    }
}

pub(super) const fn phrase(status: Status) -> Phrase {
    match status {
        Status::Stopped => s::P_STOPPED,
        Status::Reduced => s::P_REDUCED,
        Status::Same => s::P_SAME,
        Status::Increased => s::P_INCREASED,
        Status::New => s::P_NEW,
        Status::Clean => s::P_CLEAN,
        Status::CannotTell => s::P_CANNOT_TELL,
    }
}

fn remaining(page: &mut Page, p: &Progress) {
    page.raw("<section id=\"remain\"><h2>").say(s::P_REMAIN).raw("</h2><p class=\"amounts\">");
    amounts(page, p.after.breached, p.after.unproved, p.after.unclear);
    page.raw("</p>");
    if p.after.breached == 0 {
        page.raw("<p>").say(s::P_NOTHING_REMAINS).raw("</p>");
    }
    page.raw("<ol>");
    for row in p.provisions.iter().filter(|row| row.after.breached > 0) {
        page.raw("<li>").words(&row.title).raw(" ");
        amounts(page, row.after.breached, 0, 0);
        page.raw("</li>");
    }
    page.raw("</ol></section>\n");
}

fn next(page: &mut Page, p: &Progress) {
    page.raw("<section id=\"next\"><h2>").say(s::P_NEXT).raw("</h2><ol class=\"steps\">");
    for action in &p.next {
        page.raw("<li class=\"step\"><h3>")
            .say(words::action(*action))
            .raw("</h3><p>")
            .say(words::action_how(*action));
        page.raw("</p><p>").say(s::P_DUE).raw("</p></li>");
    }
    page.raw("</ol></section>\n");
}

fn sign(page: &mut Page, p: &Progress) {
    page.raw("<section id=\"sign\"><h2>")
        .say(s::P_SIGN)
        .raw("</h2><p>")
        .say(s::P_SIGN_TEXT)
        .raw("</p><div class=\"sign\"><div>")
        .say(s::P_UNIT)
        .raw(" ");
    if let Some(subject) = &p.subject {
        page.quote(subject);
    }
    page.raw("</div>");
    for line in [s::P_HEAD, s::P_OFFICER, s::P_CONTACT, s::P_DATE] {
        page.raw("<div>").say(line).raw("</div>");
    }
    page.raw("</div></section>\n");
}
