//! Consent that is only said to be given: implied, or announced.

use std::collections::HashSet;

use super::{Act, ActKind, Library, surface_of};
use crate::act::tick::is_fake;
use crate::finding::Spot;
use crate::lexicon::Word;
use crate::phrase;
use crate::purpose::{Purposes, asked};
use crate::record::{Control, Record, Seen, State, Text};
use crate::sentence::{Sentence, sentences};

/// Adds what a state's sentences imply and announce, and labels of buttons that agree.
pub(super) fn gather(record: &Record, state: &State, library: &Library<'_>, found: &mut Vec<Act>) {
    let claimed: HashSet<&str> = state
        .controls
        .iter()
        .filter(|control| control.kind.is_tick() && !is_fake(record, control))
        .flat_map(|control| {
            state.texts_of(control).filter(|text| labels(control, &text.text)).map(|text| text.key.as_str())
        })
        .collect();
    let asked_in_dialog: HashSet<String> = found
        .iter()
        .filter(|act| act.kind == ActKind::Button && act.is_in(state.id))
        .filter_map(|act| act.dialog.clone())
        .collect();
    for (place, text) in state.texts.iter().enumerate() {
        let elsewhere = text.dialog.as_ref().is_some_and(|dialog| asked_in_dialog.contains(dialog));
        let long = text.text.len() < TEXT_MIN || text.text.len() > TEXT_MAX;
        if !is_readable(text) || elsewhere || long || claimed.contains(text.key.as_str()) {
            continue;
        }
        let known = |kind: ActKind| found.iter().any(|act| act.kind == kind && act.key == text.key);
        if known(ActKind::Implied) || known(ActKind::Announced) {
            Act::again(found, ActKind::Implied, &text.key, state.id);
            Act::again(found, ActKind::Announced, &text.key, state.id);
            continue;
        }
        let read = sentences(&text.text);
        implied(state, place, &read, library, found);
        announced(state, text, &read, found);
    }
    for button in state.controls.iter().filter(|control| control.kind.is_button() && control.seen.is_shown())
    {
        agreeing_label(state, button, library, found);
    }
}

/// The text belongs to the control's consent. What stands on the line of a “remember me” box is not its label.
fn labels(control: &Control, text: &str) -> bool {
    !phrase::is_plain(&control.label) || control.label.contains(text) || text.contains(control.label.as_str())
}

/// Shown, or shown as soon as what lies over it is gone.
fn is_readable(text: &Text) -> bool {
    text.seen.is_shown() || text.seen == Seen::Covered
}

fn implied(state: &State, place: usize, read: &[Sentence<'_>], library: &Library<'_>, found: &mut Vec<Act>) {
    let Some(first) = read.iter().position(phrase::implies) else { return };
    let Some(text) = state.texts.get(place) else { return };
    // “If you agreed to … and change your mind” tells of another consent, and of its end.
    let elsewhere = |sentence: &Sentence<'_>| sentence.says(Word::Apart) && sentence.says(Word::Withdraw);
    let consenting = |(at, sentence): &(usize, &Sentence<'_>)| {
        *at == 0
            || !elsewhere(sentence)
                && [Word::YouAgree, Word::Firm, Word::Means].iter().any(|word| sentence.states(*word))
    };
    let said: Vec<Sentence<'_>> =
        read.iter().skip(first).enumerate().filter(consenting).map(|row| row.1.clone()).collect();
    let mut purposes = surface_of(&said);
    let mut keys = vec![text.key.clone()];
    let mut whole = text.text.trim().to_owned();
    if purposes.without(Purposes::OTHER).is_none() {
        for next in following(state, place) {
            whole.push(' ');
            whole.push_str(next.text.trim());
            keys.push(next.key.clone());
        }
        purposes = surface_of(&sentences(&whole));
    }
    let cookies =
        said.iter().any(|sentence| sentence.says(Word::CookieUse)) && !purposes.has(Purposes::TERMS);
    if purposes.without(Purposes::OTHER).is_none() || cookies || is_subscription(state, text) {
        return;
    }
    let mut act = Act::new(ActKind::Implied, &text.key, state);
    act.covered = said.first().is_some_and(phrase::is_by_using);
    act.spots.extend(keys.iter().filter_map(|key| state.text(key)).map(|text| Spot::text(state.id, text)));
    act.documents = library.linked(state, &keys);
    act.reached = library.reached(&act.documents);
    act.surface = purposes;
    act.text = whole;
    act.texts = keys;
    act.dialog.clone_from(&text.dialog);
    found.push(act.without_service(state));
}

/// Blocks that go on with a sentence broken off: names of documents that stand in blocks of their own.
fn following(state: &State, place: usize) -> impl Iterator<Item = &Text> {
    let layer = state.texts.get(place).map(Text::lies_in);
    let bottom = state.texts.get(place).map_or(0.0, |text| text.area[1] + text.area[3]);
    let near = move |text: &&Text| {
        Some(text.lies_in()) == layer
            && text.text.chars().count() <= PART_MAX
            && (!state.styled || text.area[1] - bottom < LINE)
    };
    state.texts.iter().skip(place + 1).take(PARTS_MAX).take_while(near)
}

fn announced(state: &State, text: &Text, read: &[Sentence<'_>], found: &mut Vec<Act>) {
    let implied = found.iter().any(|act| {
        act.kind == ActKind::Implied && act.key == text.key && act.surface.has(Purposes::MARKETING)
    });
    let asking = found.iter().any(|act| {
        act.asks() && act.is_in(state.id) && act.dialog == text.dialog && act.surface.has(Purposes::MARKETING)
    });
    let announces = |sentence: &&Sentence<'_>| {
        phrase::announces(sentence)
            && asked(sentence).has(Purposes::MARKETING)
            && sentence.says(Word::Message)
    };
    if implied || asking || is_subscription(state, text) {
        return;
    }
    let Some(sentence) = read.iter().find(announces) else { return };
    let mut act = Act::new(ActKind::Announced, &text.key, state);
    act.spots.push(Spot::text(state.id, text));
    act.surface = asked(sentence).without(Purposes::TERMS.union(Purposes::PRIVACY));
    act.text = text.text.trim().to_owned();
    act.texts = vec![text.key.clone()];
    act.dialog.clone_from(&text.dialog);
    found.push(act);
}

/// The form is a subscription: sending is what is asked for.
fn is_subscription(state: &State, text: &Text) -> bool {
    let near = |control: &&Control| {
        control.kind.is_button() && control.group == text.group && control.dialog == text.dialog
    };
    let mut buttons = state.controls.iter().filter(near).peekable();
    text.group.is_some()
        && buttons.peek().is_some()
        && buttons.all(|button| phrase::subscribes(&button.label))
}

fn agreeing_label(state: &State, button: &Control, library: &Library<'_>, found: &mut Vec<Act>) {
    if Act::again(found, ActKind::Implied, &button.key, state.id).is_some()
        || !phrase::agreeing_label(&button.label)
    {
        return;
    }
    let documents = Purposes::TERMS.union(Purposes::PRIVACY).union(Purposes::AUTHORISATION);
    let taken = found
        .iter()
        .any(|act| act.is_in(state.id) && act.kind != ActKind::Announced && act.surface.meets(documents));
    let inside = button.dialog.is_some() && !state.fields.iter().any(|field| field.dialog == button.dialog);
    if taken || inside {
        return;
    }
    let named = state.texts.iter().filter(|text| {
        text.seen.is_shown() && text.dialog == button.dialog && (text.area[1] - button.area[1]).abs() < NEAR
    });
    let named: Vec<&Text> = named
        .filter(|text| {
            text.text.chars().count() <= NAMES_MAX && text.runs.iter().any(|run| run.link.is_some())
        })
        .filter(|text| crate::purpose::purposes(&text.text).meets(documents))
        .collect();
    let own = crate::purpose::purposes(&button.label).intersection(documents);
    let purposes = named.iter().fold(own, |all, text| all.union(crate::purpose::purposes(&text.text)));
    if purposes.intersection(documents).is_none() {
        return;
    }
    let mut act = Act::new(ActKind::Implied, &button.key, state);
    act.spots.push(Spot::control(state.id, button));
    act.spots.extend(named.iter().map(|text| Spot::text(state.id, text)));
    act.texts = named.iter().map(|text| text.key.clone()).collect();
    act.text = button.label.trim().to_owned();
    act.documents = library.linked(state, &act.texts);
    act.reached = library.reached(&act.documents);
    act.surface = purposes.without(Purposes::OTHER);
    act.dialog.clone_from(&button.dialog);
    found.push(act);
}

/// Bytes of a text that can say so.
const TEXT_MIN: usize = 12;
/// Bytes of a text that is read as a notice; a longer one is a document.
const TEXT_MAX: usize = 6_000;
/// Characters of a block that goes on with a sentence.
const PART_MAX: usize = 60;
/// Such blocks.
const PARTS_MAX: usize = 6;
/// CSS pixels from a block to the next of the same sentence.
const LINE: f32 = 40.0;
/// CSS pixels from a button to the names of the documents it agrees to.
const NEAR: f32 = 160.0;
/// Characters of a block that names documents and says nothing else.
const NAMES_MAX: usize = 120;
