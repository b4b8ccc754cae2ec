//! Consent by a button of a dialog.

use super::{Act, ActKind, Handle, Library, surface};
use crate::finding::Spot;
use crate::fold::fold;
use crate::lexicon::{Word, has};
use crate::phrase;
use crate::purpose::Purposes;
use crate::record::{Control, Dialog, State};

/// Adds the dialogs of a state that ask for consent.
pub(super) fn gather(state: &State, library: &Library<'_>, found: &mut Vec<Act>) {
    for dialog in &state.dialogs {
        let Some(button) = agreeing(state, dialog) else { continue };
        if Act::again(found, ActKind::Button, &button.key, state.id).is_some() {
            continue;
        }
        let purposes = surface(&dialog.text).without(Purposes::OTHER);
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
