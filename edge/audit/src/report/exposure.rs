//! What it may cost, by party and role: ranges of the texts, with Administrative Penalty Law 28 and 29
//! applied, and questions that the texts leave open shown as open.

use crate::summary::words::{self, Phrase};
use crate::summary::{Candidate, Exposure, Fine, FineForm, Words};

use super::page::{Page, approx, count, money};
use super::result::span_words;
use super::statutes::citation;
use super::{View, bars, strings as s};

pub(super) fn write(page: &mut Page, view: View<'_>) {
    page.raw("<section id=\"exposure\"><h2>")
        .say(s::EXPOSURE)
        .raw("</h2><p class=\"note boxed\">")
        .say(s::EXPOSURE_NOTE)
        .raw("</p>");
    if view.summary.exposure.is_empty() {
        page.raw("<p>").say(s::NO_EXPOSURE).raw("</p>");
    }
    for exposure in &view.summary.exposure {
        card(page, view, exposure);
    }
    page.raw("</section>\n");
}

fn card(page: &mut Page, view: View<'_>, e: &Exposure) {
    page.raw("<article class=\"card exposure\"><header><h3>");
    match (&e.name, e.party.is_empty()) {
        (Some(name), _) => page.quote(name),
        (None, true) => page.say(s::NOT_RECORDED),
        (None, false) => page.quote(&e.party),
    };
    page.raw(" <span class=\"role\">")
        .say(words::role(e.role.0))
        .raw("</span></h3></header><dl class=\"facts\">");
    let same = |text: String| Words::new(text.clone(), text);
    let mut fact = |name: Phrase, value: &Words, note: Option<&Words>| {
        page.raw("<div><dt>").say(name).raw("</dt><dd>").words(value);
        if let Some(note) = note {
            page.raw("<small>").words(note).raw("</small>");
        }
        page.raw("</dd></div>");
    };
    fact(s::BREACHED_SENDS, &same(count(e.breached)), None);
    fact(s::UNPROVED_BESIDE, &same(count(e.unproved)), None);
    fact(s::PERIOD, &span_words(e.period.as_ref()), None);
    let mut acts = e.acts.usual.to_string();
    for other in &e.acts.others {
        acts.push_str(&format!(" / {other}"));
    }
    fact(s::ACTS, &same(acts), Some(&e.acts.reason));
    fact(s::GAIN, &e.gain.map_or_else(|| s::NOT_COMPUTABLE.into(), money), None);
    let amount = match (e.confiscation.amount, &e.confiscation.article) {
        (Some(fen), _) => money(fen),
        (None, Some(_)) => s::NOT_COMPUTABLE.into(),
        (None, None) => s::NOT_PROVIDED.into(),
    };
    fact(s::CONFISCATION, &amount, e.confiscation.note.as_ref());
    page.raw("</dl>");
    candidates(page, &e.candidates);
    if let Some(concurrence) = &e.concurrence {
        page.raw("<div class=\"remains\"><p><b>").say(s::FINE_REMAINS).raw("</b> ");
        match (concurrence.min, concurrence.max) {
            (Some(min), Some(max)) => page.words(&between(min, max)),
            (None, Some(max)) => page.fill(s::UP_TO, &[]).words(&money(max)),
            (Some(_) | None, None) => page.say(s::NOT_COMPUTABLE),
        };
        if let Some(rule) = &concurrence.chosen {
            page.raw(" <span class=\"rule\">").text(rule).raw("</span>");
        }
        page.raw("</p><p class=\"more\">")
            .words(&citation(&view.summary.articles, &concurrence.article))
            .raw("： ");
        page.words(&concurrence.note).raw("</p></div>");
    }
    if !e.open.is_empty() {
        page.raw("<div class=\"open\"><p><b>").say(s::OPEN_QUESTIONS).raw("</b></p><ul>");
        for question in &e.open {
            page.raw("<li>").words(question).raw("</li>");
        }
        page.raw("</ul></div>");
    }
    page.raw("</article>");
}

fn between(min: i64, max: i64) -> Words {
    let of = |lang| format!("{} – {}", anning_vocab::Fen(min), super::page::yuan(max, lang));
    Words::new(
        of(crate::summary::Lang::Zh),
        format!("CNY {} – {}", anning_vocab::Fen(min), anning_vocab::Fen(max)),
    )
}

fn candidates(page: &mut Page, candidates: &[Candidate]) {
    if candidates.is_empty() {
        return;
    }
    bars::open(page, "exposure", s::CANDIDATES, &[s::RULE, s::STANDING, s::FINE_RANGE, s::OTHER_KINDS]);
    for c in candidates {
        page.raw("<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">")
            .words(&c.title)
            .raw(" <span class=\"mark\">[");
        page.text(c.mark.0.code())
            .raw("]</span><span class=\"sub\">")
            .text(&c.rule)
            .raw(" · ")
            .count(c.breached);
        page.raw(" ").say(s::SENDS_UNIT).raw("</span></th><td role=\"cell\"").label(s::STANDING);
        page.raw("><span class=\"standing\">").say(words::standing(c.standing)).raw("</span>");
        for condition in &c.preconditions {
            page.raw("<small>").words(condition).raw("</small>");
        }
        if let Some(note) = &c.note {
            page.raw("<small>").words(note).raw("</small>");
        }
        page.raw("</td><td role=\"cell\" class=\"fine\"").label(s::FINE_RANGE).raw(">");
        match &c.fine {
            Some(fine) => fine_cell(page, fine, c.optional),
            None => {
                page.say(s::NO_FINE);
            }
        }
        page.raw("</td><td role=\"cell\"").label(s::OTHER_KINDS).raw(">");
        for (i, kind) in c.kinds.iter().enumerate() {
            if i > 0 {
                page.raw("、");
            }
            page.say(words::penalty_kind(*kind));
        }
        page.raw("</td></tr>");
    }
    bars::close(page);
    page.raw("<p class=\"more\">").say(s::LOG_SCALE).raw("</p>");
}

fn fine_cell(page: &mut Page, fine: &Fine, optional: bool) {
    if let Some((least, most)) = fine.times {
        page.raw("<p>").fill(s::TIMES_GAIN, &[&least.to_string(), &most.to_string()]).raw("</p>");
    }
    if let Some(bp) = fine.turnover_bp {
        page.raw("<p>").fill(s::TURNOVER, &[&format!("{}", f64::from(bp) / 100.0)]).raw("</p>");
    }
    match (fine.form, fine.min, fine.max) {
        (FineForm::Range | FineForm::Multiple, Some(min), Some(max)) => {
            page.raw("<p><b>").words(&between(min, max)).raw("</b></p>");
            scale(page, min, max);
        }
        (_, _, Some(max)) => {
            page.raw("<p><b>").say(s::UP_TO).raw(" ").words(&money(max)).raw("</b></p>");
            scale(page, 0, max);
        }
        (_, _, None) => {
            page.raw("<p>").say(s::NOT_COMPUTABLE).raw("</p>");
        }
    }
    if optional {
        page.raw("<small>").say(s::OPTIONAL).raw("</small>");
    }
}

/// A range on one scale for all: 1,000 to 100,000,000 yuan, each power of ten a fifth.
fn scale(page: &mut Page, min: i64, max: i64) {
    let at = |fen: i64| {
        let yuan = approx(u64::try_from(fen / 100).unwrap_or(0)).max(1_000.0);
        ((yuan.log10() - 3.0) * 20.0).clamp(0.0, 100.0)
    };
    let (from, until) = (at(min), at(max));
    page.raw("<svg class=\"hbar\" width=\"100%\" height=\"8\" aria-hidden=\"true\"><rect class=\"track\" width=\"100%\" height=\"8\"/><rect class=\"fill\" height=\"8\"");
    page.attr("x", &format!("{from:.1}%"))
        .attr("width", &format!("{:.1}%", (until - from).max(1.0)))
        .raw("/></svg>");
}
