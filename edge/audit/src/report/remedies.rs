//! What to do, in order of effect.

use crate::summary::words;
use crate::summary::{Action, Remedy};

use super::page::{Page, count};
use super::result::amounts;
use super::statutes::citation;
use super::{View, bars, strings as s};

pub(super) fn write(page: &mut Page, view: View<'_>) {
    page.raw("<section id=\"remedies\"><h2>")
        .say(s::REMEDIES)
        .raw("</h2><p class=\"note\">")
        .say(s::REMEDIES_NOTE)
        .raw("</p>");
    if view.summary.remedies.is_empty() {
        page.raw("<p>").say(s::NO_STEPS).raw("</p>");
    }
    page.raw("<ol class=\"steps\">");
    for remedy in &view.summary.remedies {
        step(page, view, remedy);
    }
    page.raw("</ol></section>\n");
}

pub(super) fn step(page: &mut Page, view: View<'_>, remedy: &Remedy) {
    page.raw("<li class=\"step\"><h3>").say(words::action(remedy.action)).raw("</h3><p class=\"amounts\">");
    amounts(page, remedy.breached, remedy.unproved, remedy.unclear);
    page.raw("</p><p>").say(words::action_how(remedy.action)).raw("</p>");
    if let Some(note) = &remedy.note {
        page.raw("<p>").words(note).raw("</p>");
    }
    if let Some(persons) = remedy.persons {
        let phrase = if remedy.action == Action::AskAgain { s::MAY_BE_ASKED } else { s::PERSONS };
        page.raw("<p class=\"persons\">").fill(phrase, &[&count(persons)]).raw("</p>");
    }
    if let Some(protected) = remedy.protected {
        page.raw("<p class=\"persons protected\">").fill(s::PROTECTED, &[&count(protected)]).raw("</p>");
    }
    if !remedy.articles.is_empty() {
        page.raw("<p class=\"cite\">");
        for (i, id) in remedy.articles.iter().enumerate() {
            if i > 0 {
                page.raw(" · ");
            }
            page.words(&citation(&view.summary.articles, id));
        }
        page.raw("</p>");
    }
    targets(page, view, remedy);
    page.raw("</li>");
}

fn targets(page: &mut Page, view: View<'_>, remedy: &Remedy) {
    if remedy.targets.is_empty() {
        return;
    }
    page.raw("<ul class=\"targets\">");
    for target in remedy.targets.iter().take(view.options.targets) {
        page.raw("<li><span class=\"sub\">").say(words::target_kind(target.kind)).raw("</span> ");
        page.quote(target.name.as_ref().unwrap_or(&target.id)).raw(" ");
        amounts(page, target.breached, target.unproved, 0);
        page.raw("</li>");
    }
    page.raw("</ul>");
    let hidden = remedy.targets.len().saturating_sub(view.options.targets) as u64;
    bars::not_shown(page, s::MORE_ROWS, hidden + remedy.targets_not_shown);
}
