//! What came out: the five outcomes side by side, the provisions and the steps that weigh most.

use anning_vocab::Answer;

use crate::summary::words::{self, Phrase};
use crate::summary::{Lang, ProvisionRow, Words};

use super::page::{Page, count, per_cent};
use super::statutes::citation;
use super::{View, bars, strings as s};

/// Rows in each of the two short lists.
const TOP: usize = 5;

pub(super) fn write(page: &mut Page, view: View<'_>) {
    let summary = view.summary;
    page.raw("<section id=\"result\"><p class=\"kicker\">").say(s::REPORT).raw("</p><h1>");
    match &summary.subject {
        Some(subject) => page.quote(subject),
        None => page.say(s::NO_SUBJECT),
    };
    page.raw("</h1>");
    facts(page, view);
    if let Some(day) = &summary.bound.law_on {
        page.raw("<p class=\"note strong\">").fill(s::AS_IF, &[day]).raw("</p>");
    }
    lead(page, view);
    tiles(page, view);
    other_reading(page, view);
    page.raw("<div class=\"pair\">");
    top_provisions(page, view);
    first_steps(page, view);
    page.raw("</div></section>\n");
}

fn facts(page: &mut Page, view: View<'_>) {
    let (summary, bound) = (view.summary, &view.summary.bound);
    page.raw("<dl class=\"facts\">");
    let mut fact = |name: Phrase, value: &Words| {
        page.raw("<div><dt>").say(name).raw("</dt><dd>").words(value).raw("</dd></div>");
    };
    let same = |text: String| Words::new(text.clone(), text);
    if let Some((first, last)) = &summary.period {
        fact(s::PERIOD, &Words::new(format!("{first} 至 {last}"), format!("{first} to {last}")));
    }
    fact(s::SENDS_JUDGED, &same(count(summary.totals.outcomes.sends)));
    if let Some(n) = summary.totals.recipients {
        fact(s::RECIPIENTS, &same(count(n)));
    }
    fact(
        s::LAW_APPLIED,
        &match &bound.law_on {
            Some(day) => same(day.clone()),
            None => s::LAW_OF_EACH_DAY.into(),
        },
    );
    fact(s::READING, &words::reading(bound.reading).into());
    page.raw("</dl>");
}

fn lead(page: &mut Page, view: View<'_>) {
    let totals = &view.summary.totals;
    let o = &totals.outcomes;
    if o.sends == 0 {
        page.raw("<p class=\"lead\">").say(s::NOTHING_JUDGED).raw("</p>");
        return;
    }
    page.raw("<p class=\"lead\">");
    page.fill(s::LEAD_BREACHED, &[&count(o.sends), &count(o.breached), &per_cent(o.breached, o.sends)]);
    page.fill(s::LEAD_UNPROVED, &[&count(o.unproved), &per_cent(o.unproved, o.sends)]);
    page.raw("</p><p class=\"note\">").say(s::LEAD_APART).raw("</p>");
}

fn tiles(page: &mut Page, view: View<'_>) {
    let totals = &view.summary.totals;
    let o = &totals.outcomes;
    let tiles = [
        (Answer::Breached, o.breached, totals.recipients_breached, s::MEANS_BREACHED),
        (Answer::Unproved, o.unproved, totals.recipients_unproved, s::MEANS_UNPROVED),
        (Answer::Unclear, o.unclear, None, s::MEANS_UNCLEAR),
        (Answer::Met, o.lawful, None, s::MEANS_LAWFUL),
        (Answer::NotApplicable, o.outside, None, s::MEANS_OUTSIDE),
    ];
    page.raw("<div class=\"tiles\" role=\"list\"").label(s::RESULT).raw(">");
    for (answer, n, persons, means) in tiles {
        page.raw("<div role=\"listitem\" class=\"tile ").raw(bars::tone(answer)).raw("\"><p class=\"name\">");
        page.raw("<svg class=\"key\" width=\"12\" height=\"12\" aria-hidden=\"true\"><rect class=\"fill\" width=\"12\" height=\"12\"/></svg>");
        page.say(bars::heading(answer)).raw("</p><p class=\"big\">").count(n).raw("</p><p class=\"share\">");
        page.fill(s::OF_SENDS, &[&per_cent(n, o.sends)]);
        if let Some(persons) = persons {
            page.raw(" · ").fill(s::PERSONS, &[&count(persons)]);
        }
        page.raw("</p><svg class=\"hbar\" width=\"100%\" height=\"6\" aria-hidden=\"true\"><rect class=\"track\" width=\"100%\" height=\"6\"/>");
        page.raw("<rect class=\"fill\" height=\"6\"").per_cent("width", n, o.sends).raw("/></svg>");
        page.raw("<p class=\"means\">").say(means).raw("</p></div>");
    }
    page.raw("</div>");
}

fn other_reading(page: &mut Page, view: View<'_>) {
    let totals = &view.summary.totals;
    if let Some(other) = totals.other_reading.filter(|other| *other != totals.outcomes) {
        page.raw("<p class=\"note\">");
        page.fill(s::OTHER_READING, &[&count(other.breached), &count(other.unproved), &count(other.unclear)]);
        page.raw("</p>");
    }
}

fn top_provisions(page: &mut Page, view: View<'_>) {
    let mut rows: Vec<&ProvisionRow> =
        view.summary.provisions.iter().filter(|row| row.answers.breached > 0).collect();
    rows.sort_by(|a, b| b.answers.breached.cmp(&a.answers.breached).then(a.id.cmp(&b.id)));
    page.raw("<div class=\"card\"><h2 class=\"small\">").say(s::TOP_PROVISIONS).raw("</h2>");
    if rows.is_empty() {
        page.raw("<p>").say(s::NO_BREACH).raw("</p>");
    }
    page.raw("<ol class=\"top\">");
    for row in rows.iter().take(TOP) {
        page.raw("<li><span class=\"what\">");
        if let Some(article) = row.articles.first() {
            page.raw("<b>").words(&citation(&view.summary.articles, article)).raw("</b> ");
        }
        page.words(&row.title)
            .raw("</span><span class=\"n b\">")
            .count(row.answers.breached)
            .raw("</span></li>");
    }
    page.raw("</ol><p class=\"more\">").say(s::PROVISIONS_OVERLAP).raw("</p></div>");
}

fn first_steps(page: &mut Page, view: View<'_>) {
    page.raw("<div class=\"card\"><h2 class=\"small\">").say(s::FIRST_STEPS).raw("</h2>");
    if view.summary.remedies.is_empty() {
        page.raw("<p>").say(s::NO_STEPS).raw("</p>");
    }
    page.raw("<ol class=\"top\">");
    for remedy in view.summary.remedies.iter().take(TOP) {
        page.raw("<li><span class=\"what\">")
            .say(words::action(remedy.action))
            .raw("</span><span class=\"n\">");
        amounts(page, remedy.breached, remedy.unproved, remedy.unclear);
        page.raw("</span></li>");
    }
    page.raw("</ol><p class=\"more\"><a href=\"#remedies\">").say(s::ALL_STEPS).raw("</a></p></div>");
}

/// The counts that are not zero, each by its own name.
pub(super) fn amounts(page: &mut Page, breached: u64, unproved: u64, unclear: u64) {
    for (answer, n) in
        [(Answer::Breached, breached), (Answer::Unproved, unproved), (Answer::Unclear, unclear)]
    {
        if n > 0 {
            page.raw("<span class=\"amount ").raw(bars::tone(answer)).raw("\">");
            page.say(bars::heading(answer)).raw(" <b>").count(n).raw("</b></span> ");
        }
    }
}

/// First and last day in one language's form.
pub(super) fn span(period: Option<&(String, String)>, lang: Lang) -> String {
    match (period, lang) {
        (None, _) => "–".to_owned(),
        (Some((first, last)), _) if first == last => first.clone(),
        (Some((first, last)), Lang::Zh) => format!("{first} 至 {last}"),
        (Some((first, last)), Lang::En) => format!("{first} to {last}"),
    }
}

/// The same in both.
pub(super) fn span_words(period: Option<&(String, String)>) -> Words {
    Words::new(span(period, Lang::Zh), span(period, Lang::En))
}
