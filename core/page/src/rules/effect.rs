//! Section A, what takes two states to see: one control sets others, a consent turns on by itself.

use crate::act::{Act, Required};
use crate::finding::{Finding, Outcome, Rule, Spot};
use crate::phrase;
use crate::purpose::Purposes;
use crate::record::{Act as Done, Control, ControlKind, Event, State};
use crate::scene::Scene;

/// RP-07.
pub(super) fn agree_all(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for state in &scene.record.states {
        for control in state.controls.iter().filter(|control| control.seen.is_shown()) {
            if seen_in(&seen, control) {
                continue;
            }
            let text = scene.text_of(state, control);
            let all =
                phrase::agrees_to_all(&text) && (!phrase::is_bare_all(&text) || phrase::is_only_all(&text));
            let parent = scene.record.events.iter().any(|event| {
                event.target.as_deref() == Some(control.key.as_str())
                    && control.kind.is_tick()
                    && is_parent(scene, event)
            });
            if !(all || parent) || text.chars().count() > LABEL_MAX || is_of_cookies(state, control, &text) {
                continue;
            }
            let optional = optional_beside(scene, state, control);
            if optional.is_empty() {
                continue;
            }
            seen.push(&control.key);
            found.push(sets(scene, state, control, &text, &optional));
        }
    }
    found
}

/// RP-19, of a box that is seen: it is off, and what is sent says yes under its name.
pub(super) fn sent_while_off(scene: &Scene<'_>) -> Vec<Finding> {
    let sent = Purposes::MARKETING.union(Purposes::THIRD_PARTY);
    let mut found = Vec::new();
    for act in scene.ticks().filter(|act| act.asks() && act.shown && act.surface.meets(sent)) {
        let submit = scene.record.submits.iter().find_map(|submit| {
            let event = scene.record.events.get(submit.event)?;
            let (before, after) = scene.around(event)?;
            let control = before.control(&act.key).filter(|control| control.on == Some(false))?;
            // It may have turned on as the form went: that is RP-08's.
            let stays = after.control(&act.key).is_none_or(|control| control.on == Some(false));
            let named = |other: &&Control| other.key != control.key && other.name == control.name;
            let alone = !control.name.is_empty() && !before.controls.iter().any(|other| named(&other));
            let boxed = matches!(control.kind, ControlKind::Checkbox | ControlKind::Switch);
            let says = |field: &&(String, String)| field.0 == control.name && says_yes(&field.1);
            let field = submit.fields.iter().find(says)?;
            (stays && alone && boxed).then_some((event, field))
        });
        let Some((event, (name, value))) = submit else { continue };
        let zh = "没有选中的同意项，提交的内容却是已同意";
        let en = "a consent that is off is sent as given";
        let finding = Finding::new(Rule::Rp19, Outcome::Violation, zh, en).by_event(event.id);
        found.push(scene.with_act(finding, act).quoting(&format!("{name}={value}")));
    }
    found
}

fn says_yes(value: &str) -> bool {
    matches!(value.to_ascii_lowercase().as_str(), "on" | "true" | "1" | "yes" | "y" | "agree" | "agreed")
}

/// RP-08.
pub(super) fn self_ticking(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for event in &scene.record.events {
        let Some((before, after)) = scene.around(event) else { continue };
        for act in scene.ticks().filter(|act| act.asks() && act.surface.meets(CONSENTS)) {
            if !turned_on(before, after, &act.key) || is_own_doing(scene, before, event, act) {
                continue;
            }
            let zh = format!("同意项因其他操作（{}）被自动勾选", shown(event));
            let en = format!("the consent turned on by something else: {}", shown(event));
            let mut finding = Finding::new(Rule::Rp08, Outcome::Violation, zh, en).by_event(event.id);
            if let Some(control) = after.control(&act.key) {
                finding = finding.at(Spot::control(after.id, control));
            }
            if let Some(target) = event.target.as_deref().and_then(|key| before.control(key)) {
                finding = finding.at(Spot::control(before.id, target));
            }
            found.push(finding.in_state(after.id).quoting(&act.text));
        }
    }
    let watched = scene.ticks().find(|act| act.asks() && act.states.len() > 1);
    if let (true, Some(act)) = (found.is_empty(), watched) {
        let passes =
            Finding::new(Rule::Rp08, Outcome::Passes, "没有同意项自行开启", "no consent turned on by itself");
        found.push(scene.with_act(passes, act));
    }
    found
}

/// What a control for all does, by its click if it had an effect, else by its label.
fn sets(scene: &Scene<'_>, state: &State, control: &Control, text: &str, optional: &[&Act]) -> Finding {
    let clicked =
        scene.record.events.iter().filter(|event| event.target.as_deref() == Some(control.key.as_str()));
    let mut by_label = true;
    for event in clicked {
        let Some((before, after)) = scene.around(event) else { continue };
        let set: Vec<&&Act> = optional.iter().filter(|act| turned_on(before, after, &act.key)).collect();
        if !set.is_empty() {
            let asks_again = after.dialogs.len() > before.dialogs.len();
            let outcome = if asks_again { Outcome::NeedsPerson } else { Outcome::Violation };
            let zh = format!("一个控件同时开启了 {} 项可选同意", set.len());
            let en = format!("one control turned on optional consents: {}", set.len());
            let finding = Finding::new(Rule::Rp07, outcome, zh, en).by_event(event.id).in_state(after.id);
            return optional_spots(finding.at(Spot::control(state.id, control)).quoting(text), scene, &set);
        }
        let others = scene.ticks().filter(|act| act.key != control.key);
        by_label &= !others.into_iter().any(|act| turned_on(before, after, &act.key));
    }
    let doubtful = phrase::is_one_by_one(text);
    let outcome = match (by_label, doubtful) {
        (true, true) => Outcome::NeedsPerson,
        (true, false) => Outcome::Violation,
        (false, true | false) => Outcome::Passes,
    };
    let (zh, en) = if by_label {
        (
            "“全部同意”的范围包含可选的营销或共享同意",
            "by its label, one control also covers optional consents",
        )
    } else {
        ("全选控件没有开启可选同意", "the control for all left optional consents alone")
    };
    let finding =
        Finding::new(Rule::Rp07, outcome, zh, en).in_state(state.id).at(Spot::control(state.id, control));
    optional_spots(finding.quoting(text), scene, &optional.iter().collect::<Vec<_>>())
}

fn optional_spots(finding: Finding, scene: &Scene<'_>, acts: &[&&Act]) -> Finding {
    acts.iter().fold(finding, |finding, act| {
        let control = scene.state(act.state).and_then(|state| state.control(&act.key));
        let finding = finding.quoting(&act.text);
        match control {
            Some(control) => finding.at(Spot::control(act.state, control)),
            None => finding,
        }
    })
}

/// Consents to marketing or sharing in the same state and dialog that need not be given.
fn optional_beside<'s>(scene: &'s Scene<'_>, state: &State, control: &Control) -> Vec<&'s Act> {
    let optional = Purposes::MARKETING.union(Purposes::THIRD_PARTY);
    let near = scene
        .ticks()
        .filter(|act| act.is_in(state.id) && act.dialog == control.dialog && act.key != control.key);
    let asked = near.filter(|act| act.asks() && !phrase::agrees_to_all(&act.text));
    asked
        .filter(|act| act.required != Required::Yes && (act.optional || act.surface.meets(optional)))
        .collect()
}

fn is_of_cookies(state: &State, control: &Control, text: &str) -> bool {
    let dialog =
        control.dialog.as_ref().and_then(|key| state.dialogs.iter().find(|dialog| dialog.key == *key));
    phrase::is_of_cookies(text) || dialog.is_some_and(|dialog| phrase::is_of_cookies(&dialog.text))
}

fn turned_on(before: &State, after: &State, key: &str) -> bool {
    let on = |state: &State| state.control(key).and_then(|control| control.on);
    before.visit == after.visit && on(before) == Some(false) && on(after) == Some(true)
}

/// The user did it: on the control itself, on one for all, on a button that says so.
fn is_own_doing(scene: &Scene<'_>, before: &State, event: &Event, act: &Act) -> bool {
    if matches!(event.act, Done::Load | Done::Reload | Done::Agree) {
        return true;
    }
    let Some(target) = event.target.as_deref() else { return false };
    if target == act.key || act.texts.iter().any(|key| key == target) {
        return true;
    }
    let Some(control) = before.control(target) else { return phrase::agrees_to_all(&event.label) };
    let text = scene.text_of(before, control);
    let switch = act.control.as_ref().is_some_and(|handle| handle.kind == ControlKind::Radio)
        && control.kind == ControlKind::Radio;
    let agrees = control.kind.is_button() && control.dialog.is_some() && phrase::accepts(&control.label);
    let same = control.kind.is_tick() && !text.is_empty() && text == act.text;
    // A box that agrees to several things ticks the boxes for them. What may be left out is another matter: see RP-07.
    let sent = Purposes::MARKETING.union(Purposes::THIRD_PARTY);
    let asks = control.kind.is_tick() && !crate::purpose::purposes(&text).is_none();
    let parent = asks && (!act.surface.meets(sent) || is_parent(scene, event));
    switch || agrees || same || parent || phrase::agrees_to_all(&text)
}

/// The event's control turned on two consents or more besides its own: it stands for all.
fn is_parent(scene: &Scene<'_>, event: &Event) -> bool {
    let Some((before, after)) = scene.around(event) else { return false };
    let others = scene.ticks().filter(|act| event.target.as_deref() != Some(act.key.as_str()));
    others.filter(|act| turned_on(before, after, &act.key)).count() >= 2
}

fn shown(event: &Event) -> String {
    let done = match event.act {
        Done::Load | Done::Reload => "load",
        Done::Type => "type",
        Done::Click => "click",
        Done::Tick => "tick",
        Done::Untick => "untick",
        Done::Submit => "submit",
        Done::Agree => "agree",
        Done::Decline => "decline",
        Done::Escape => "escape",
        Done::Backdrop => "backdrop",
        Done::Wait => "wait",
        Done::Back => "back",
    };
    let label: String = event.label.trim().chars().take(LABEL_MAX).collect();
    if label.is_empty() { done.to_owned() } else { format!("{done} {label}") }
}

fn seen_in(seen: &[&str], control: &Control) -> bool {
    seen.contains(&control.key.as_str())
}

const CONSENTS: Purposes = super::deed::AGREEMENT
    .union(Purposes::MARKETING)
    .union(Purposes::THIRD_PARTY)
    .union(Purposes::SENSITIVE)
    .union(Purposes::OTHER);
/// Characters of the label of a control for all.
const LABEL_MAX: usize = 120;
