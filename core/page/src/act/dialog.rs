//! Consent by a button of a dialog.

use super::{Act, ActKind, Handle, Library, surface};
use crate::finding::Spot;
use crate::fold::fold;
use crate::lexicon::{Word, has};
use crate::phrase;
use crate::purpose::Purposes;
use crate::record::{Control, Dialog, State};

/// Adds the dialogs of a state that ask for consent, and a step that does nothing else.
pub(super) fn gather(state: &State, library: &Library<'_>, found: &mut Vec<Act>) {
    step(state, library, found);
    for dialog in &state.dialogs {
        let Some(button) = agreeing(state, dialog) else { continue };
        if Act::again(found, ActKind::Button, &button.key, state.id).is_some() {
            continue;
        }
        let purposes = surface(words(state, dialog)).without(Purposes::OTHER);
        let asked = found.iter().any(|act| {
            act.asks()
                && act.is_in(state.id)
                && act.dialog.as_deref() == Some(dialog.key.as_str())
                && act.surface.has(purposes)
        });
        if purposes.is_none() || asked || has(&fold(&dialog.text), Word::CookieUse) {
            continue;
        }
        let mut act = Act::new(ActKind::Button, &button.key, state);
        act.spots.push(Spot::control(state.id, button));
        let inside = state.texts.iter().filter(|text| text.dialog.as_deref() == Some(dialog.key.as_str()));
        act.texts = inside.map(|text| text.key.clone()).collect();
        act.spots.extend(
            act.texts.iter().filter_map(|key| state.text(key)).map(|text| Spot::text(state.id, text)),
        );
        act.documents = library.of_dialog(state, &dialog.key);
        act.reached = library.reached(&act.documents);
        act.surface = purposes;
        act.optional = phrase::is_optional(&dialog.text);
        act.control = Some(Handle { key: button.key.clone(), kind: button.kind, made: button.made });
        act.dialog = Some(dialog.key.clone());
        act.text = dialog.text.trim().to_owned();
        found.push(act);
    }
}

/// What a dialog says, without the words of its buttons: “接收” on one of them agrees to nothing that is told before it.
fn words<'a>(state: &State, dialog: &'a Dialog) -> &'a str {
    let labels: Vec<&str> = buttons(state, &dialog.key)
        .map(|button| button.label.trim())
        .filter(|label| !label.is_empty())
        .collect();
    let mut words = dialog.text.trim();
    while let Some(rest) = labels.iter().find_map(|label| words.strip_suffix(label)) {
        words = rest.trim_end();
    }
    // Nothing else may be said: “同意《隐私政策》并继续”.
    if words.is_empty() { dialog.text.trim() } else { words }
}

/// A step of its own, without fields: its text asks for marketing or sharing, and a button agrees.
fn step(state: &State, library: &Library<'_>, found: &mut Vec<Act>) {
    let sent = Purposes::MARKETING.union(Purposes::THIRD_PARTY);
    let fields = state.fields.iter().any(|field| field.seen.is_shown() && field.dialog.is_none());
    let asked =
        found.iter().any(|act| act.is_in(state.id) && act.asks() && act.shown && act.surface.meets(sent));
    if fields || asked || state.pristine || !state.dialogs.is_empty() {
        return;
    }
    let mut buttons =
        state.controls.iter().filter(|control| control.kind.is_button() && control.seen.is_shown());
    let Some(button) = buttons.find(|button| phrase::accepts(&button.label) && phrase::agrees(&button.label))
    else {
        return;
    };
    if Act::again(found, ActKind::Button, &button.key, state.id).is_some() {
        return;
    }
    let asking = state.texts.iter().filter(|text| {
        text.seen.is_shown()
            && text.group == button.group
            && !surface(&text.text).intersection(sent).is_none()
    });
    let asking: Vec<_> = asking.collect();
    let purposes = asking.iter().fold(Purposes::NONE, |all, text| all.union(surface(&text.text)));
    if !purposes.meets(sent) {
        return;
    }
    let mut act = Act::new(ActKind::Button, &button.key, state);
    act.spots.push(Spot::control(state.id, button));
    act.spots.extend(asking.iter().map(|text| Spot::text(state.id, text)));
    act.texts = asking.iter().map(|text| text.key.clone()).collect();
    act.text = asking.iter().map(|text| text.text.trim()).collect::<Vec<_>>().join("\n");
    act.documents = library.linked(state, &act.texts);
    act.reached = library.reached(&act.documents);
    act.surface = purposes.without(Purposes::OTHER);
    act.control = Some(Handle { key: button.key.clone(), kind: button.kind, made: button.made });
    found.push(act);
}

/// A step has another way on than this button.
pub(crate) fn can_skip(state: &State, button: &str) -> bool {
    let shown =
        |control: &&Control| control.kind.is_button() && control.seen.is_shown() && control.key != button;
    state.controls.iter().filter(shown).any(|other| !phrase::accepts(&other.label))
        || state.links.iter().any(|link| link.seen.is_shown() && phrase::refuses(&link.text))
}

/// Buttons of a dialog that can be seen.
pub(crate) fn buttons<'a>(state: &'a State, dialog: &str) -> impl Iterator<Item = &'a Control> {
    let dialog = dialog.to_owned();
    state.controls.iter().filter(move |control| {
        control.kind.is_button()
            && control.seen.is_shown()
            && control.dialog.as_deref() == Some(dialog.as_str())
    })
}

/// A dialog that asks, and the button that agrees. One with fields is a form, and its sentences are read as a page's.
fn agreeing<'a>(state: &'a State, dialog: &Dialog) -> Option<&'a Control> {
    let form = state
        .fields
        .iter()
        .any(|field| field.dialog.as_deref() == Some(dialog.key.as_str()) && field.seen.is_shown());
    if form || !dialog.native.is_empty() || dialog.text.chars().count() > TEXT_MAX {
        return None;
    }
    buttons(state, &dialog.key).find(|button| phrase::accepts(&button.label))
}

/// Characters of a dialog that asks; a longer one shows a document.
const TEXT_MAX: usize = 1_500;
