//! Breaches, what cannot be proved, and what is open: three sections that never share a number. Each
//! finding shows its articles, the text in force, the grounds with samples, and what to fix.

use anning_vocab::Answer;

use crate::summary::words::{self, Phrase};
use crate::summary::{Evidence, GroundCount, ProvisionRow};

use super::page::{Page, count};
use super::result::span_words;
use super::statutes::citation;
use super::{View, bars, strings as s};

pub(super) fn breaches(page: &mut Page, view: View<'_>) {
    section(page, view, Answer::Breached, "breaches", (s::BREACHES, s::BREACHES_NOTE, s::NO_BREACH));
}

pub(super) fn unproved(page: &mut Page, view: View<'_>) {
    section(page, view, Answer::Unproved, "unproved", (s::UNPROVED, s::UNPROVED_NOTE, s::NO_UNPROVED));
}

pub(super) fn unclear(page: &mut Page, view: View<'_>) {
    section(page, view, Answer::Unclear, "unclear", (s::UNCLEAR, s::UNCLEAR_NOTE, s::NO_UNCLEAR));
}

const fn of(row: &ProvisionRow, answer: Answer) -> u64 {
    match answer {
        Answer::Breached => row.answers.breached,
        Answer::Unproved => row.answers.unproved,
        Answer::Unclear => row.answers.unclear,
        Answer::Met => row.answers.met,
        Answer::NotApplicable => 0,
    }
}

fn section(
    page: &mut Page,
    view: View<'_>,
    answer: Answer,
    id: &'static str,
    (title, note, none): (Phrase, Phrase, Phrase),
) {
    page.raw("<section id=\"")
        .raw(id)
        .raw("\"><h2>")
        .say(title)
        .raw("</h2><p class=\"note boxed\">")
        .say(note)
        .raw("</p>");
    let mut rows: Vec<&ProvisionRow> =
        view.summary.provisions.iter().filter(|row| of(row, answer) > 0).collect();
    rows.sort_by(|a, b| of(b, answer).cmp(&of(a, answer)).then(a.id.cmp(&b.id)));
    if rows.is_empty() {
        page.raw("<p>").say(none).raw("</p></section>\n");
        return;
    }
    if answer == Answer::Breached {
        overview(page, view);
    }
    for (n, row) in rows.iter().enumerate() {
        finding(page, view, answer, row, &format!("{id}-{n}"));
    }
    page.raw("</section>\n");
}

/// All provisions at once, the three answers side by side.
fn overview(page: &mut Page, view: View<'_>) {
    let rows = &view.summary.provisions;
    let most = rows.iter().map(|r| r.answers.breached.max(r.answers.unproved).max(r.answers.unclear)).max();
    let most = most.unwrap_or(0);
    let columns = [s::PROVISION, s::BREACHED, s::NOT_PROVED, s::OPEN, s::MET, s::ARGUED];
    bars::open(page, "provisions", s::BY_PROVISION, &columns);
    for row in rows {
        page.raw("<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">")
            .words(&row.title)
            .raw("<span class=\"sub\">");
        articles(page, view, row);
        page.raw("</span></th>");
        bars::cell(page, Answer::Breached, row.answers.breached, most);
        bars::cell(page, Answer::Unproved, row.answers.unproved, most);
        bars::cell(page, Answer::Unclear, row.answers.unclear, most);
        bars::plain(page, s::MET, row.answers.met);
        bars::plain(page, s::ARGUED, row.answers.argued);
        page.raw("</tr>");
    }
    bars::close(page);
    page.raw("<p class=\"more\">").say(s::PROVISIONS_OVERLAP).raw("</p>");
}

fn articles(page: &mut Page, view: View<'_>, row: &ProvisionRow) {
    for (i, id) in row.articles.iter().enumerate() {
        if i > 0 {
            page.raw(" · ");
        }
        page.words(&citation(&view.summary.articles, id));
    }
    for mark in &row.marks {
        page.raw(" <abbr class=\"mark\"")
            .label(words::mark(mark.0))
            .attr("title", words::mark(mark.0).zh)
            .raw(">[");
        page.text(mark.0.code()).raw("]</abbr>");
    }
}

fn finding(page: &mut Page, view: View<'_>, answer: Answer, row: &ProvisionRow, id: &str) {
    page.raw("<article class=\"finding ")
        .raw(bars::tone(answer))
        .raw("\"")
        .attr("id", id)
        .raw("><header><h3>");
    page.words(&row.title)
        .raw("</h3><p class=\"total\"><b>")
        .count(of(row, answer))
        .raw("</b> ")
        .say(s::SENDS_UNIT);
    page.raw("</p></header><p class=\"cite\">");
    articles(page, view, row);
    page.raw("</p><p class=\"who\">").say(s::WHO_ANSWERS).raw(" ");
    for (i, role) in row.roles.iter().enumerate() {
        if i > 0 {
            page.raw(" · ");
        }
        page.say(words::role(role.0));
    }
    page.raw(" ｜ ").words(&span_words(row.period.as_ref())).raw("</p>");
    texts(page, view, row);
    let grounds: Vec<&GroundCount> = row.grounds.iter().filter(|g| g.answer.0 == answer).collect();
    let most = grounds.iter().map(|g| g.sends).max().unwrap_or(0);
    for ground in grounds {
        ground_block(page, view, row, ground, most);
    }
    page.raw("</article>");
}

fn texts(page: &mut Page, view: View<'_>, row: &ProvisionRow) {
    for id in &row.articles {
        for statute in view.statutes.versions(id, view.summary.period.as_ref()) {
            page.raw("<details class=\"law\"><summary>")
                .words(&citation(&view.summary.articles, id))
                .raw(" <small>");
            page.text(&statute.from).raw(" – ");
            match &statute.until {
                Some(until) => page.text(until),
                None => page.say(s::IN_FORCE),
            };
            page.raw(" · [").text(statute.mark.0.code()).raw("] ").say(words::mark(statute.mark.0));
            page.raw("</small></summary><blockquote lang=\"zh-CN\">");
            for paragraph in statute.text.split("\n\n") {
                page.raw("<p>").text(paragraph.trim()).raw("</p>");
            }
            page.raw("</blockquote></details>");
        }
    }
}

fn ground_block(page: &mut Page, view: View<'_>, row: &ProvisionRow, count_of: &GroundCount, most: u64) {
    let ground = count_of.ground.0;
    page.raw("<div class=\"ground\"><div class=\"groundhead\"><h4>").say(words::ground(ground)).raw("</h4>");
    page.raw("<svg class=\"hbar\" width=\"100%\" height=\"8\" aria-hidden=\"true\"><rect class=\"track\" width=\"100%\" height=\"8\"/><rect class=\"fill\" height=\"8\"");
    page.per_cent("width", count_of.sends, most)
        .raw("/></svg><span class=\"n\">")
        .count(count_of.sends)
        .raw("</span></div>");
    if count_of.argued > 0 {
        page.raw("<p class=\"more\">").fill(s::OF_THESE_ARGUED, &[&count(count_of.argued)]).raw("</p>");
    }
    if let Some(cure) = words::cure(ground) {
        page.raw("<p class=\"cure\"><b>").say(s::TO_FIX).raw("</b> ").say(cure).raw("</p>");
    }
    let samples: Vec<&Evidence> = view
        .summary
        .evidence
        .iter()
        .filter(|e| e.provision == row.id && e.answer == count_of.answer && e.ground == count_of.ground)
        .take(view.options.samples)
        .collect();
    if !samples.is_empty() {
        page.raw("<details class=\"samples\"><summary>");
        page.fill(s::SAMPLES, &[&samples.len().to_string(), &count(count_of.sends)]).raw("</summary><ul>");
        for sample in samples {
            evidence(page, sample, words::cure(ground));
        }
        page.raw("</ul></details>");
    }
    page.raw("</div>");
}

fn evidence(page: &mut Page, sample: &Evidence, usual_cure: Option<Phrase>) {
    page.raw("<li class=\"sample\"><p class=\"head\"><span class=\"to\">")
        .quote(&sample.recipient)
        .raw("</span> <time>");
    page.text(sample.sent_at.get(..19).unwrap_or(&sample.sent_at)).raw("</time> <span>");
    page.say(words::channel(sample.channel.0))
        .raw("</span> <span class=\"place\">")
        .quote(&sample.place.file);
    page.raw(" · ").fill(s::ROW, &[&count(sample.place.row)]).raw("</span>");
    if let Some(campaign) = &sample.campaign {
        page.raw(" <span>").say(s::CAMPAIGN).raw(" ").quote(campaign).raw("</span>");
    }
    page.raw("</p>");
    match &sample.text {
        Some(text) => page.raw("<blockquote class=\"message\">").quote(text).raw("</blockquote>"),
        None => page.raw("<p class=\"more\">").say(s::NO_TEXT).raw("</p>"),
    };
    page.raw("<ul class=\"factlist\">");
    for fact in &sample.facts {
        page.raw("<li>").words(fact).raw("</li>");
    }
    page.raw("</ul>");
    if let Some(other) = sample.argued {
        page.raw("<p class=\"more\">").say(s::OTHER_ANSWER).raw(" ").say(words::answer(other.0)).raw("</p>");
    }
    // The usual way out stands above, once; here only one that differs.
    if let Some(cure) = sample.cure.as_ref().filter(|c| usual_cure.is_none_or(|u| u.zh != c.zh)) {
        page.raw("<p class=\"cure\"><b>").say(s::TO_FIX).raw("</b> ").words(cure).raw("</p>");
    }
    page.raw("</li>");
}
