//! The way through a page: first touching no consent, then ticking only what blocks the way.

use anning_page::record::{Act, Control, ControlKind, Dialog, Made, Opened, Outcome};

use crate::documents::Documents;
use crate::error::Error;
use crate::page::{Awaited, QUIET_MS};
use crate::surface::{self, Surface};
use crate::visit::{LINGER_MS, Visit};
use anning_page::way;

/// The visit that touches no consent.
pub(crate) fn untouched(visit: &mut Visit<'_, '_>, documents: &mut Documents) -> Result<(), Error> {
    let walled = page_dialogs(visit);
    documents.follow(visit)?;
    if !walled.is_empty() {
        dialogs(visit, documents)?;
        documents.follow(visit)?;
    }
    other_forms(visit)?;
    visit.fill()?;
    codes(visit)?;
    marks(visit)?;
    let before = Surface::of(visit.state());
    way_on(visit, documents)?;
    let stuck = surface::unfinished(visit.state());
    visit.draft.unfinished = visit.draft.unfinished.take().or(stuck);
    visit.draft.leads_on = before.leads_to(visit.state());
    if !walled.is_empty() {
        reloads(visit)?;
    }
    Ok(())
}

/// The visit that ticks what blocks the way, and looks at what follows.
pub(crate) fn onwards(visit: &mut Visit<'_, '_>, documents: &mut Documents) -> Result<(), Error> {
    let walled = page_dialogs(visit);
    if let Some(dialog) = walled.first() {
        agree(visit, dialog)?;
    }
    visit.fill()?;
    all_at_once(visit)?;
    switch_off(visit)?;
    for _ in 0..STEPS_MAX {
        if visit.is_late() {
            visit.draft.unfinished = Some("time ran out on the way".to_owned());
            return Ok(());
        }
        if !step(visit, documents)? {
            visit.draft.unfinished = surface::unfinished(visit.state());
            return Ok(());
        }
        documents.follow(visit)?;
        visit.fill()?;
    }
    visit.draft.unfinished = Some(format!("more than {STEPS_MAX} steps"));
    Ok(())
}

/// One step: required consents on, the way on pressed, what comes answered. Whether there is a next one.
fn step(visit: &mut Visit<'_, '_>, documents: &mut Documents) -> Result<bool, Error> {
    let before = Surface::of(visit.state());
    for optional in [false, true] {
        if !tick(visit, optional)? && optional {
            break;
        }
        let submits = visit.draft.record.submits.len();
        press_way_on(visit)?;
        let sent = visit.draft.record.submits.len() > submits;
        if sent || !page_dialogs(visit).is_empty() || before.is_left(visit.state()) || visit.is_late() {
            break;
        }
    }
    if !page_dialogs(visit).is_empty() {
        dialogs(visit, documents)?;
        if !page_dialogs(visit).is_empty() {
            return Ok(false);
        }
    }
    if !visit.captcha.is_empty() {
        visit.draft.record.outcome = Outcome::Captcha;
        let place = visit.captcha.clone();
        visit.draft.note("captcha", &place);
        return Ok(false);
    }
    Ok(before.leads_to(visit.state()))
}

/// Ticks consents that are off: the required ones, or all that are left when these did not open the way. Whether any.
fn tick(visit: &mut Visit<'_, '_>, optional: bool) -> Result<bool, Error> {
    let consents = visit.consents();
    let mut ticked = false;
    for (control, words) in consents.into_iter().take(TICKS_MAX) {
        let wanted = control.seen.is_shown()
            && control.on != Some(true)
            && !control.disabled
            && control.dialog.is_none()
            && !way::is_all(&words)
            && control.kind != ControlKind::Select
            && (control.made != Made::Drawn || control.operable)
            && (control.required || way::is_optional(&words) == optional || optional);
        if !wanted || (control.kind == ControlKind::Radio && way::is_decline(&control.label)) {
            continue;
        }
        if visit.is_late() {
            break;
        }
        visit.press(Act::Tick, &control.key, &control.label, false)?;
        ticked = true;
    }
    Ok(ticked)
}

/// Other forms of registering behind tabs, and back to the first.
fn other_forms(visit: &mut Visit<'_, '_>) -> Result<(), Error> {
    let tabs = visit.tabs.clone();
    if tabs.len() < 2 || !page_dialogs(visit).is_empty() {
        return Ok(());
    }
    let first = tabs.iter().find(|tab| tab.chosen).or(tabs.first()).cloned();
    for tab in
        tabs.iter().filter(|tab| first.as_ref().is_none_or(|first| first.key != tab.key)).take(TABS_MAX)
    {
        if way::is_form_tab(&tab.label) && !visit.is_late() {
            visit.press(Act::Click, &tab.key, &tab.label, true)?;
        }
    }
    if let Some(first) = first {
        visit.press(Act::Click, &first.key, &first.label, false)?;
    }
    Ok(())
}

/// Presses what sends codes: a consent may turn on by it.
fn codes(visit: &mut Visit<'_, '_>) -> Result<(), Error> {
    let Some(state) = visit.state() else { return Ok(()) };
    let buttons: Vec<Control> = state
        .controls
        .iter()
        .filter(|c| {
            c.kind == ControlKind::Button && c.seen.is_shown() && !c.disabled && way::is_code(&c.label)
        })
        .take(CODES_MAX)
        .cloned()
        .collect();
    for button in buttons {
        visit.press(Act::Click, &button.key, &button.label, true)?;
        if !page_dialogs(visit).is_empty() {
            escape(visit)?;
        }
    }
    Ok(())
}

/// Presses each drawn tick three times; one that answers is put back.
fn marks(visit: &mut Visit<'_, '_>) -> Result<(), Error> {
    let drawn: Vec<Control> = visit
        .consents()
        .into_iter()
        .map(|(control, _)| control)
        .filter(|c| c.made == Made::Drawn && c.seen.is_shown())
        .take(TICKS_MAX)
        .collect();
    for mark in drawn {
        let act = if mark.on == Some(true) { Act::Untick } else { Act::Tick };
        if visit.press(act, &mark.key, &mark.label, true)? {
            visit.press(Act::Click, &mark.key, &mark.label, false)?;
            continue;
        }
        let mut times = 1;
        while times < PRESSES {
            visit.tab.press(&mark.key)?;
            visit.tab.settle(QUIET_MS)?;
            times += 1;
        }
        let before = visit.draft.record.events.pop();
        if before.is_some() && !visit.take(act, Some(&mark.key), &mark.label, false)? {
            visit.in_vain(PRESSES);
        }
    }
    Ok(())
}

/// Presses the way on as the page stands.
fn way_on(visit: &mut Visit<'_, '_>, documents: &mut Documents) -> Result<(), Error> {
    press_way_on(visit)?;
    if !page_dialogs(visit).is_empty() {
        dialogs(visit, documents)?;
    }
    Ok(())
}

fn press_way_on(visit: &mut Visit<'_, '_>) -> Result<bool, Error> {
    let ways = visit.ways_on();
    let Some(way) = ways.iter().find(|way| !way.disabled).or(ways.first()) else { return Ok(false) };
    visit.press(Act::Submit, &way.key, &way.label, true)
}

/// One control for all: what it sets, and off again.
fn all_at_once(visit: &mut Visit<'_, '_>) -> Result<(), Error> {
    let all = visit
        .consents()
        .into_iter()
        .find(|(control, words)| way::is_all(words) && control.seen.is_shown() && control.on == Some(false));
    let Some((control, _)) = all else { return Ok(()) };
    visit.press(Act::Tick, &control.key, &control.label, true)?;
    visit.press(Act::Untick, &control.key, &control.label, false)?;
    Ok(())
}

/// Switches off what is optional and was on: does the way on close?
fn switch_off(visit: &mut Visit<'_, '_>) -> Result<(), Error> {
    let on: Vec<Control> = visit
        .consents()
        .into_iter()
        .filter(|(control, words)| {
            control.on == Some(true)
                && control.seen.is_shown()
                && !control.disabled
                && control.kind != ControlKind::Radio
                && way::is_optional(words)
        })
        .map(|(control, _)| control)
        .take(TICKS_MAX)
        .collect();
    for control in on {
        visit.press(Act::Untick, &control.key, &control.label, true)?;
    }
    Ok(())
}

/// Dialogs of the page that are open.
pub(crate) fn page_dialogs(visit: &Visit<'_, '_>) -> Vec<Dialog> {
    let open = visit.state().map(|state| state.dialogs.clone()).unwrap_or_default();
    open.into_iter().filter(|dialog| dialog.native.is_empty()).collect()
}

/// Tries to decline what is open; what cannot be declined is agreed to, so that the way goes on.
fn dialogs(visit: &mut Visit<'_, '_>, documents: &mut Documents) -> Result<(), Error> {
    documents.follow(visit)?;
    let mut declined = false;
    for _ in 0..DIALOGS_MAX {
        let Some(dialog) = page_dialogs(visit).into_iter().next() else { break };
        if visit.is_late() {
            return Ok(());
        }
        if decline(visit, &dialog)? {
            declined = true;
            continue;
        }
        let closed = escape(visit)? || backdrop(visit, &dialog)?;
        if closed {
            declined = true;
        } else if !agree(visit, &dialog)? {
            return Ok(());
        }
    }
    // A wall at the beginning is asked about again by coming back, which `reloads` does.
    if declined
        && page_dialogs(visit).is_empty()
        && visit.draft.state(0).is_some_and(|state| state.dialogs.is_empty())
    {
        neutral(visit)?;
    }
    Ok(())
}

/// Presses the dialog's way to decline. Whether there was one and it did something.
fn decline(visit: &mut Visit<'_, '_>, dialog: &Dialog) -> Result<bool, Error> {
    let button = inside(visit, dialog).into_iter().find(|control| {
        way::is_decline(&control.label)
            || (control.label.is_empty()
                && ["close", "guanbi", "shut"].iter().any(|word| control.place.contains(word)))
    });
    match button {
        Some(button) => visit.press(Act::Decline, &button.key, &button.label, true),
        None => Ok(false),
    }
}

fn agree(visit: &mut Visit<'_, '_>, dialog: &Dialog) -> Result<bool, Error> {
    let buttons = inside(visit, dialog);
    let button = buttons
        .iter()
        .find(|control| way::is_agreement(&control.label))
        .or_else(|| buttons.iter().find(|control| control.filled));
    match button {
        Some(button) => visit.press(Act::Agree, &button.key, &button.label, true),
        None => Ok(false),
    }
}

fn inside(visit: &Visit<'_, '_>, dialog: &Dialog) -> Vec<Control> {
    let Some(state) = visit.state() else { return Vec::new() };
    state
        .controls
        .iter()
        .filter(|control| control.dialog.as_deref() == Some(&dialog.key) && control.seen.is_shown())
        .filter(|control| matches!(control.kind, ControlKind::Button | ControlKind::Submit))
        .cloned()
        .collect()
}

/// Presses Escape. Whether the dialog went.
fn escape(visit: &mut Visit<'_, '_>) -> Result<bool, Error> {
    let before = page_dialogs(visit).len();
    visit.tab.event = visit.draft.record.events.len();
    visit.tab.escape()?;
    visit.tab.settle(QUIET_MS)?;
    let key = page_dialogs(visit).first().map(|dialog| dialog.key.clone());
    visit.take(Act::Escape, key.as_deref(), "", false)?;
    Ok(page_dialogs(visit).len() < before)
}

/// Presses beside the dialog. Whether it went.
fn backdrop(visit: &mut Visit<'_, '_>, dialog: &Dialog) -> Result<bool, Error> {
    let before = page_dialogs(visit).len();
    let viewport = visit.draft.record.viewport;
    let [x, y, width, height] = dialog.area;
    let scroll = visit.state().map(|state| state.scroll).unwrap_or_default();
    let (top, left) = (y - scroll[1], x - scroll[0]);
    #[expect(clippy::cast_precision_loss, reason = "a window has a few thousand pixels")]
    let (wide, high) = (viewport.width as f32, viewport.height as f32);
    let at = if top > MARGIN {
        (wide / 2.0, top / 2.0)
    } else if top + height < high - MARGIN {
        (wide / 2.0, (top + height + high) / 2.0)
    } else if left > MARGIN {
        (left / 2.0, high / 2.0)
    } else if left + width < wide - MARGIN {
        ((left + width + wide) / 2.0, high / 2.0)
    } else {
        return Ok(false);
    };
    visit.tab.event = visit.draft.record.events.len();
    visit.tab.press_at(f64::from(at.0), f64::from(at.1))?;
    visit.tab.settle(QUIET_MS)?;
    visit.take(Act::Backdrop, Some(&dialog.key), "", false)?;
    Ok(page_dialogs(visit).len() < before)
}

/// After a refusal: presses what has nothing to do with it and waits; the question may come again.
fn neutral(visit: &mut Visit<'_, '_>) -> Result<(), Error> {
    for turn in 0..NEUTRAL_MAX {
        let Some(state) = visit.state() else { return Ok(()) };
        let buttons: Vec<Control> = state
            .controls
            .iter()
            .filter(|c| c.seen.is_shown() && !c.disabled && c.dialog.is_none())
            .filter(|c| matches!(c.kind, ControlKind::Button | ControlKind::Submit))
            .filter(|c| !way::is_agreement(&c.label) || c.kind == ControlKind::Submit)
            .cloned()
            .collect();
        let button = buttons.get(turn % buttons.len().max(1));
        if let Some(button) = button {
            let act = if button.kind == ControlKind::Submit { Act::Submit } else { Act::Click };
            visit.press(act, &button.key, &button.label, false)?;
        }
        if page_dialogs(visit).is_empty() && turn == 0 {
            visit.linger(LINGER_MS)?;
        }
        if !page_dialogs(visit).is_empty() {
            // Once is enough: it came again after a clear refusal.
            return visit.picture();
        }
        if button.is_none() || turn > 0 {
            return Ok(());
        }
    }
    Ok(())
}

/// Opens the page again, as a person who comes back: the wall may stand there again.
fn reloads(visit: &mut Visit<'_, '_>) -> Result<(), Error> {
    for _ in 0..RELOADS {
        if visit.is_late() {
            return Ok(());
        }
        let address = visit.draft.state(0).map(|state| state.address.clone()).unwrap_or_default();
        visit.tab.event = visit.draft.record.events.len();
        if visit.tab.go(&address, Awaited::Form)?.is_some() {
            return Ok(());
        }
        visit.take(Act::Reload, None, "", false)?;
        let Some(dialog) = page_dialogs(visit).into_iter().next() else { return Ok(()) };
        if !decline(visit, &dialog)? && !escape(visit)? {
            return Ok(());
        }
    }
    Ok(())
}

/// Whether a second visit can show more than the first: something to tick, a way on, a wall.
pub(crate) fn is_worth_another(visit: &Visit<'_, '_>) -> bool {
    let pristine = visit.draft.state(0);
    let ways = pristine.is_some_and(|state| {
        !state.dialogs.is_empty()
            || state.controls.iter().any(|control| {
                matches!(control.kind, ControlKind::Checkbox | ControlKind::Switch | ControlKind::Radio)
            })
    });
    // A step that came by itself is where the consents of the next ones are.
    ways || visit.draft.leads_on
        || visit.draft.record.documents.iter().any(|document| document.opened == Opened::Dialog)
}

/// Steps of one flow.
const STEPS_MAX: usize = 8;
/// Consents that are ticked in one step.
const TICKS_MAX: usize = 12;
/// Tabs that are opened.
const TABS_MAX: usize = 4;
/// Buttons for codes that are pressed.
const CODES_MAX: usize = 2;
/// Presses on a drawn tick before it counts as dead.
const PRESSES: u32 = 3;
/// Dialogs that are answered one after the other.
const DIALOGS_MAX: usize = 6;
/// Presses after a refusal.
const NEUTRAL_MAX: usize = 2;
/// Times the page is opened again after a refusal.
const RELOADS: usize = 3;
/// CSS pixels beside a dialog that are enough to press.
const MARGIN: f32 = 12.0;
