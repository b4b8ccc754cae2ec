//! Tables whose cells are bars: the table is the chart, so nobody needs to see to read it. Breached,
//! unproved and unclear each have a column and a zero of their own and are never stacked.

use anning_vocab::Answer;

use crate::summary::Outcomes;
use crate::summary::words::Phrase;

use super::page::{Page, count};
use super::strings as s;

/// The class that carries the colour and filling of an answer.
pub(super) const fn tone(answer: Answer) -> &'static str {
    match answer {
        Answer::Breached => "b",
        Answer::Unproved => "u",
        Answer::Unclear => "c",
        Answer::Met => "l",
        Answer::NotApplicable => "o",
    }
}

/// A cell with a number and a bar on the scale of `most`.
pub(super) fn cell(page: &mut Page, answer: Answer, n: u64, most: u64) {
    page.raw("<td role=\"cell\" class=\"num bars ").raw(tone(answer)).raw("\"").label(heading(answer));
    page.raw("><span class=\"n\">").count(n).raw("</span>");
    page.raw("<svg class=\"hbar\" width=\"100%\" height=\"8\" aria-hidden=\"true\" focusable=\"false\">");
    page.raw("<rect class=\"track\" width=\"100%\" height=\"8\"/>");
    if n > 0 {
        page.raw("<rect class=\"fill\" height=\"8\"").per_cent("width", n.max(most / 250), most).raw("/>");
    }
    page.raw("</svg></td>");
}

/// A cell with a number only.
pub(super) fn plain(page: &mut Page, label: Phrase, n: u64) {
    page.raw("<td role=\"cell\" class=\"num\"")
        .label(label)
        .raw("><span class=\"n\">")
        .count(n)
        .raw("</span></td>");
}

pub(super) const fn heading(answer: Answer) -> Phrase {
    match answer {
        Answer::Breached => s::BREACHED,
        Answer::Unproved => s::NOT_PROVED,
        Answer::Unclear => s::OPEN,
        Answer::Met => s::LAWFUL,
        Answer::NotApplicable => s::OUTSIDE,
    }
}

/// Opens a table that scrolls by itself if it must and can be saved as CSV under `name`.
pub(super) fn open(page: &mut Page, name: &'static str, caption: Phrase, columns: &[Phrase]) {
    page.raw("<div class=\"table\"><table role=\"table\" data-csv=\"").raw(name).raw("\"><caption>");
    page.say(caption).raw("</caption><thead role=\"rowgroup\"><tr role=\"row\">");
    for column in columns {
        page.raw("<th role=\"columnheader\" scope=\"col\">").say(*column).raw("</th>");
    }
    page.raw("</tr></thead><tbody role=\"rowgroup\">");
}

pub(super) fn close(page: &mut Page) {
    page.raw("</tbody></table></div>");
}

/// One row of outcomes: head written by the caller, then sends, the three bars, lawful, outside.
pub(super) fn outcomes(page: &mut Page, o: &Outcomes, most: u64) {
    plain(page, s::SENDS, o.sends);
    cell(page, Answer::Breached, o.breached, most);
    cell(page, Answer::Unproved, o.unproved, most);
    cell(page, Answer::Unclear, o.unclear, most);
    plain(page, s::LAWFUL, o.lawful);
    plain(page, s::OUTSIDE, o.outside);
    page.raw("</tr>");
}

/// The largest of the three, over all rows: one scale for all bars of a table.
pub(super) fn most<'a>(rows: impl Iterator<Item = &'a Outcomes>) -> u64 {
    rows.map(|o| o.breached.max(o.unproved).max(o.unclear)).max().unwrap_or(0)
}

/// “… and so many not shown”, if any.
pub(super) fn not_shown(page: &mut Page, phrase: Phrase, left: u64) {
    if left > 0 {
        page.raw("<p class=\"more\">").fill(phrase, &[&count(left)]).raw("</p>");
    }
}
