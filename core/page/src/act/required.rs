//! Which acts cannot be gone without.

use super::{Act, ActKind, Required};
use crate::phrase;
use crate::purpose::Purposes;
use crate::record::{Act as Done, Control, ControlKind, Event, Record, State};

/// Says of every act whether the way on needs it, and of implied ones whether a control asks for the same.
pub(super) fn settle(record: &Record, acts: &mut [Act]) {
    let asking: Vec<(Vec<usize>, Purposes)> =
        acts.iter().filter(|act| act.asks()).map(|act| (act.states.clone(), act.surface)).collect();
    for act in acts {
        let beside = asking.iter().filter(|row| row.0.iter().any(|state| act.is_in(*state)));
        let asked = beside.fold(Purposes::NONE, |all, row| all.union(row.1));
        match act.kind {
            ActKind::Implied => {
                act.covered |=
                    asked.has(act.surface.intersection(DOCUMENTS)) && !act.surface.has(Purposes::MARKETING);
                act.required = if act.covered { Required::No } else { Required::Yes };
            }
            ActKind::Tick => act.required = tick(record, act),
            ActKind::Button => act.required = button(record, act),
            ActKind::Announced => {}
        }
    }
}

fn tick(record: &Record, act: &Act) -> Required {
    if act.inverted {
        return Required::No;
    }
    // What is said to be optional and was not in the one try may be a page that wants to be asked twice.
    if act.optional {
        return if lets_through(record, act) { Required::Presumed } else { Required::No };
    }
    let mut controls = record.states.iter().filter_map(|state| state.control(&act.key));
    if controls.any(|control| control.required)
        || record.events.iter().any(|event| blocks(record, event, act))
        || lets_through(record, act)
    {
        return Required::Yes;
    }
    if gone_without(record, act) {
        return Required::No;
    }
    match act.surface.meets(DOCUMENTS) {
        true if goes_on_by_agreeing(record, act) => Required::Yes,
        true => Required::Presumed,
        false => Required::No,
    }
}

/// The only ways on agree by their words, whatever the box says: “同意并注册”.
fn goes_on_by_agreeing(record: &Record, act: &Act) -> bool {
    let Some(state) = record.states.get(act.state) else { return false };
    let mut ways = submits(state).filter(|submit| submit.dialog == act.dialog).peekable();
    ways.peek().is_some() && ways.all(|submit| phrase::agreeing_label(&submit.label))
}

/// The event shows that the way on needs it: switching it opens or closes the way, or a message demands it.
fn blocks(record: &Record, event: &Event, act: &Act) -> bool {
    let Some((before, after)) = around(record, event) else { return false };
    let own = event.target.as_deref() == Some(act.key.as_str());
    if own && matches!(event.act, Done::Tick | Done::Untick) {
        let (was, is) =
            (before.control(&act.key).and_then(|c| c.on), after.control(&act.key).and_then(|c| c.on));
        let open = |state: &State| submits(state).any(|submit| !submit.disabled);
        let shut = |state: &State| submits(state).next().is_some() && !open(state);
        return match (was, is) {
            (Some(true), Some(false)) => (open(before) && shut(after)) || demanded(before, after, act),
            (Some(false), Some(true)) => shut(before) && open(after),
            (Some(_) | None, Some(_) | None) => false,
        };
    }
    let off = before.control(&act.key).is_some_and(|control| control.on == Some(false));
    matches!(event.act, Done::Submit) && off && demanded(before, after, act)
}

/// The way on was shut while it was off, and open as soon as it was on and nothing else had changed: whatever the page said.
fn lets_through(record: &Record, act: &Act) -> bool {
    let sent = |event: &Event| record.submits.iter().any(|submit| submit.event == event.id);
    let mut submits = record.events.iter().filter(|event| matches!(event.act, Done::Submit));
    let on = |state: &State| state.control(&act.key).and_then(|control| control.on);
    submits.any(|shut| {
        let Some((before, stays)) = around(record, shut) else { return false };
        let later = record.events.iter().skip(shut.id + 1);
        let mut later = later.skip_while(|event| switches(event, act) || matches!(event.act, Done::Wait));
        let Some(open) = later.next().filter(|event| matches!(event.act, Done::Submit)) else { return false };
        let Some((then, _)) = around(record, open) else { return false };
        let tried = !sent(shut) && sent(open) && shut.target == open.target && before.visit == then.visit;
        let more = stays.fields.len() > before.fields.len() || asks_more(before, stays);
        let tried = tried && !more;
        let switched = on(before) == Some(false) && on(stays).is_some() && on(then) == Some(true);
        tried && switched && others(before, act).eq(others(then, act))
    })
}

/// The first try brought up another question: a code, a captcha.
fn asks_more(before: &State, after: &State) -> bool {
    after
        .dialogs
        .iter()
        .any(|dialog| dialog.native.is_empty() && before.dialogs.iter().all(|other| other.key != dialog.key))
}

fn switches(event: &Event, act: &Act) -> bool {
    matches!(event.act, Done::Tick) && event.target.as_deref() == Some(act.key.as_str())
}

/// Controls beside the act's, each with its position.
fn others<'a>(state: &'a State, act: &'a Act) -> impl Iterator<Item = (&'a str, Option<bool>)> {
    let ticks = state.controls.iter().filter(|control| control.kind.is_tick() && control.key != act.key);
    ticks.map(|control| (control.key.as_str(), control.on))
}

/// A new message, of the page or of the browser, asks for what the act gives.
fn demanded(before: &State, after: &State, act: &Act) -> bool {
    let asks =
        |text: &str| text.chars().count() <= MESSAGE_MAX && phrase::demands(text) && concerns(text, act);
    let said = after.texts.iter().any(|text| {
        let new = before.texts.iter().all(|other| other.text != text.text || !other.seen.is_shown());
        new && text.seen.is_shown() && asks(&text.text)
    });
    said || after.dialogs.iter().any(|dialog| {
        let new = before.dialogs.iter().all(|other| other.key != dialog.key || other.text != dialog.text);
        new && !dialog.native.is_empty() && asks(&dialog.text)
    })
}

/// A demand that names marketing concerns marketing; one that names agreement concerns the agreement.
fn concerns(message: &str, act: &Act) -> bool {
    let named = crate::purpose::mentioned(message);
    if named.has(Purposes::MARKETING) || act.surface == Purposes::MARKETING {
        return named.has(Purposes::MARKETING) && act.surface.has(Purposes::MARKETING);
    }
    act.surface.meets(DOCUMENTS)
        && (named.meets(DOCUMENTS.union(Purposes::OTHER)) || phrase::names_agreement(message))
}

/// The form would have been sent, or the way went on, while it was off.
fn gone_without(record: &Record, act: &Act) -> bool {
    record.submits.iter().any(|submit| {
        let event = record.events.get(submit.event);
        let before = event.and_then(|event| event.before).and_then(|id| record.states.get(id));
        before.and_then(|state| state.control(&act.key)).is_some_and(|control| control.on == Some(false))
    })
}

/// A dialog can be left without agreeing: a button declines or closes, or Escape or the backdrop did. Where neither of those
/// was tried, nobody knows.
fn button(record: &Record, act: &Act) -> Required {
    let Some(state) = record.states.get(act.state) else { return Required::No };
    let Some(dialog) = act.dialog.as_deref() else {
        return if super::dialog::can_skip(state, &act.key) { Required::No } else { Required::Yes };
    };
    let declining = |button: &Control| button.key != act.key && !phrase::accepts(&button.label);
    let left = record
        .events
        .iter()
        .filter(|event| matches!(event.act, Done::Escape | Done::Backdrop | Done::Decline));
    let there = |state: &State| state.dialogs.iter().any(|other| other.key == dialog);
    let tried: Vec<(&State, &State)> =
        left.filter_map(|event| around(record, event)).filter(|pair| there(pair.0)).collect();
    let closes = |text: &str| phrase::refuses(text) || matches!(text.trim(), "×" | "x" | "X" | "✕" | "✖");
    let mut links =
        state.links.iter().filter(|link| link.dialog.as_deref() == Some(dialog) && link.seen.is_shown());
    let can = super::dialog::buttons(state, dialog).any(declining)
        || links.any(|link| closes(&link.text))
        || tried.iter().any(|pair| !there(pair.1));
    if can {
        Required::No
    } else if tried.is_empty() {
        Required::Presumed
    } else {
        Required::Yes
    }
}

fn around<'a>(record: &'a Record, event: &Event) -> Option<(&'a State, &'a State)> {
    Some((record.states.get(event.before?)?, record.states.get(event.after)?))
}

fn submits(state: &State) -> impl Iterator<Item = &Control> {
    state.controls.iter().filter(|control| control.kind == ControlKind::Submit && control.seen.is_shown())
}

/// Characters of a message.
const MESSAGE_MAX: usize = 200;
const DOCUMENTS: Purposes = Purposes::TERMS.union(Purposes::PRIVACY).union(Purposes::AUTHORISATION);
