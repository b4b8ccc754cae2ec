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
            ActKind::Button => {
                act.required = if can_decline(record, act) { Required::No } else { Required::Yes }
            }
            ActKind::Announced => {}
        }
    }
}

fn tick(record: &Record, act: &Act) -> Required {
    if act.inverted || act.optional {
        return Required::No;
    }
    let mut controls = record.states.iter().filter_map(|state| state.control(&act.key));
    if controls.any(|control| control.required)
        || record.events.iter().any(|event| blocks(record, event, act))
    {
        return Required::Yes;
    }
    if gone_without(record, act) {
        return Required::No;
    }
    if act.surface.meets(DOCUMENTS) { Required::Presumed } else { Required::No }
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

/// A new message asks for what the act gives.
fn demanded(before: &State, after: &State, act: &Act) -> bool {
    after.texts.iter().any(|text| {
        let short = text.text.chars().count() <= MESSAGE_MAX;
        let new = before.texts.iter().all(|other| other.text != text.text || !other.seen.is_shown());
        short && new && text.seen.is_shown() && phrase::demands(&text.text) && concerns(&text.text, act)
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

/// A dialog can be left without agreeing: a button declines or closes, or Escape or the backdrop did.
fn can_decline(record: &Record, act: &Act) -> bool {
    let Some(state) = record.states.get(act.state) else { return true };
    let Some(dialog) = act.dialog.as_deref() else { return super::dialog::can_skip(state, &act.key) };
    let declining = |button: &Control| button.key != act.key && !phrase::accepts(&button.label);
    let left = record
        .events
        .iter()
        .filter(|event| matches!(event.act, Done::Escape | Done::Backdrop | Done::Decline));
    let mut left = left.filter_map(|event| around(record, event));
    let gone = |pair: (&State, &State)| {
        let there = |state: &State| state.dialogs.iter().any(|other| other.key == dialog);
        there(pair.0) && !there(pair.1)
    };
    let closes = |text: &str| phrase::refuses(text) || matches!(text.trim(), "×" | "x" | "X" | "✕" | "✖");
    let mut links =
        state.links.iter().filter(|link| link.dialog.as_deref() == Some(dialog) && link.seen.is_shown());
    super::dialog::buttons(state, dialog).any(declining)
        || links.any(|link| closes(&link.text))
        || left.any(gone)
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
