//! Section E: was refusing as easy as agreeing?

use super::dialog::{Ask, Way, asks, asks_of, is_refusal, likeness, on_the_page, ways};
use crate::finding::{Finding, Outcome, Rule, Spot, Within};
use crate::purpose::{Purposes, purposes};
use crate::record::{Act, Event, Record, State};
use crate::scene::Scene;

/// RP-27: a dialog with a way to agree and none to decline and go on.
pub(super) fn no_refusal(scene: &Scene<'_>) -> Vec<Finding> {
    let record = scene.record;
    let dialogs = each_dialog(record).into_iter().map(|ask| no_way_out(record, &ask));
    dialogs.chain(record.states.iter().find_map(step_without_refusal)).collect()
}

/// A step that asks for marketing or sharing and goes on by agreeing alone: no box, no field, no other button.
fn step_without_refusal(state: &State) -> Option<Finding> {
    let choice = state.controls.iter().any(|control| control.kind.is_tick() && control.seen.is_shown());
    let form = state.fields.iter().any(|field| field.seen.is_shown());
    if state.pristine || !state.dialogs.is_empty() || choice || form {
        return None;
    }
    let (agree, others) = on_the_page(state);
    let [agree] = agree.as_slice() else { return None };
    let asked = state
        .texts
        .iter()
        .filter(|text| text.seen.is_shown())
        .find(|text| purposes(&text.text).meets(Purposes::MARKETING.union(Purposes::THIRD_PARTY)))?;
    if others > 0 || state.links.iter().any(|link| link.seen.is_shown() && is_refusal(&link.text)) {
        return None;
    }
    let zh = "这一步只能同意后继续，没有拒绝或跳过";
    let en = "this step goes on by agreeing alone; nothing declines or skips";
    let found = Finding::new(Rule::Rp27, Outcome::Violation, zh, en).in_state(state.id);
    Some(
        found
            .at(Spot::text(state.id, asked))
            .at(spot(state.id, agree))
            .quoting(&asked.text)
            .quoting(agree.label),
    )
}

fn no_way_out(record: &Record, ask: &Ask<'_>) -> Finding {
    let finding = |outcome, zh: &str, en: &str| {
        let found =
            Finding::new(Rule::Rp27, outcome, zh, en).in_state(ask.state.id).quoting(&ask.dialog.text);
        ask.agree
            .iter()
            .fold(found.at(spot_of(ask)), |found, way| found.at(spot(ask.state.id, way)).quoting(way.label))
    };
    if !ask.decline.is_empty() {
        return finding(Outcome::Passes, "弹窗提供了拒绝的按钮", "the dialog has a button to decline");
    }
    if !ask.close.is_empty() {
        return finding(Outcome::Passes, "弹窗可以关闭", "the dialog can be closed");
    }
    let tried: Vec<&Event> = record
        .events
        .iter()
        .filter(|event| matches!(event.act, Act::Escape | Act::Backdrop))
        .filter(|event| {
            event.before.and_then(|id| record.states.get(id)).is_some_and(|state| shows(state, ask))
        })
        .collect();
    let closed =
        tried.iter().any(|event| record.states.get(event.after).is_some_and(|after| !shows(after, ask)));
    if closed {
        return finding(
            Outcome::NeedsPerson,
            "没有拒绝按钮，但按 Esc 或点击背景可以关闭",
            "no button to decline, but Escape or the ground behind closes it",
        );
    }
    if !ask.more.is_empty() {
        return finding(
            Outcome::NeedsPerson,
            "弹窗第一层没有拒绝，须进入设置",
            "the first layer has no refusal; it takes the settings",
        );
    }
    match tried.first() {
        None => finding(Outcome::NeedsPerson, "没有拒绝按钮，其他关闭方式没有试过", "no button to decline; other ways to close it were not tried"),
        Some(event) => finding(
            Outcome::Violation,
            "弹窗只有同意按钮，没有拒绝或关闭的办法，按 Esc 或点击背景也不能关闭",
            "the dialog has a button to agree and none to decline or close; Escape or the ground behind do not close it",
        )
        .by_event(event.id),
    }
}

/// RP-28: refusal much weaker than agreement.
pub(super) fn unequal_prominence(scene: &Scene<'_>) -> Vec<Finding> {
    let window = scene.record.viewport.height;
    each_dialog(scene.record)
        .into_iter()
        .filter(|ask| ask.state.styled)
        .filter_map(|ask| {
            let agree = ask.agree.iter().max_by(|a, b| a.size().total_cmp(&b.size()))?;
            let decline =
                ask.decline.iter().chain(&ask.close).max_by(|a, b| a.size().total_cmp(&b.size()))?;
            Some(weigh(&ask, agree, decline, window))
        })
        .collect()
}

fn weigh(ask: &Ask<'_>, agree: &Way<'_>, decline: &Way<'_>, window: u32) -> Finding {
    let differences = differences(ask.state, agree, decline, window);
    let only_close = ask.decline.is_empty();
    let (outcome, zh, en) = match (differences.is_empty(), only_close) {
        (true, _) => (Outcome::Passes, "拒绝与同意同样醒目", "refusal is as prominent as agreement"),
        (false, true) => (
            Outcome::NeedsPerson,
            "只有关闭图标可以拒绝，远不如同意按钮醒目",
            "an icon to close is the only refusal, far weaker than the button to agree",
        ),
        (false, false) => (
            Outcome::Violation,
            "拒绝按钮远不如同意按钮醒目",
            "the way to decline is much weaker than the way to agree",
        ),
    };
    let found = Finding::new(Rule::Rp28, outcome, zh, en)
        .in_state(ask.state.id)
        .at(spot(ask.state.id, agree))
        .at(spot(ask.state.id, decline))
        .quoting(agree.label)
        .quoting(decline.label);
    differences.into_iter().fold(found, |found, (name, value, limit)| found.measured(name, value, limit))
}

/// What makes refusal weaker: name, number, threshold.
fn differences(
    state: &State,
    agree: &Way<'_>,
    decline: &Way<'_>,
    window: u32,
) -> Vec<(&'static str, f32, f32)> {
    let mut found = Vec::new();
    let area = agree.size() / decline.size().max(1.0);
    if area > AREA_RATIO {
        found.push(("area ratio", area, AREA_RATIO));
    }
    if let (Some(yes), Some(no)) = (agree.style, decline.style) {
        let font = yes.size / no.size.max(1.0);
        if font > FONT_RATIO {
            found.push(("font ratio", font, FONT_RATIO));
        }
        if let (Some(strong), Some(weak)) = (yes.contrast, no.contrast)
            && strong >= CONTRAST
            && weak < CONTRAST
            && !decline.disabled
        {
            found.push(("contrast of refusal", weak, CONTRAST));
        }
        let [_, _, _, height] = decline.area;
        // Words without room around them have no frame either.
        let bare = height < no.size * BARE_HEIGHT;
        if agree.filled && !decline.filled && bare {
            found.push(("height of text only", height, no.size * BARE_HEIGHT));
        }
    }
    let [_, top] = state.scroll;
    let window = f32::from(u16::try_from(window).unwrap_or(u16::MAX));
    let inside = |way: &Way<'_>| {
        let [_, y, _, height] = way.area;
        y >= top - 1.0 && y + height <= top + window + 1.0
    };
    if inside(agree) && !inside(decline) {
        let [_, y, _, _] = decline.area;
        found.push(("top of refusal", y, top + window));
    }
    found
}

/// RP-29: refusing takes more actions than agreeing.
pub(super) fn costlier_refusal(scene: &Scene<'_>) -> Vec<Finding> {
    let record = scene.record;
    let mut findings = Vec::new();
    for ask in each_dialog(record) {
        let Some(start) = record.events.iter().find(|e| e.act == Act::Decline && from(record, e, &ask))
        else {
            findings.extend(behind_settings(record, &ask));
            continue;
        };
        let (steps, closed) = decline_path(record, start);
        let agree = agree_cost(record, &ask);
        let escapes = record.events.iter().any(|event| {
            matches!(event.act, Act::Escape | Act::Backdrop)
                && from(record, event, &ask)
                && record.states.get(event.after).is_some_and(|after| after.dialogs.is_empty())
        });
        let (outcome, zh, en) = match (steps.len() > agree, closed, escapes) {
            (true, true, false) => {
                (Outcome::Violation, "拒绝所需的步骤多于同意", "refusing takes more actions than agreeing")
            }
            (true, true, true) => (
                Outcome::NeedsPerson,
                "按钮拒绝较同意麻烦，但可以按 Esc 或点击背景关闭",
                "declining by buttons takes more actions, but Escape or the ground behind closes it",
            ),
            (true, false, _) => (
                Outcome::NeedsPerson,
                "记录没有走到拒绝的终点",
                "the record does not reach the end of refusing",
            ),
            (false, ..) => {
                (Outcome::Passes, "拒绝与同意步骤相当", "refusing takes no more actions than agreeing")
            }
        };
        let found = Finding::new(Rule::Rp29, outcome, zh, en)
            .in_state(ask.state.id)
            .by_event(start.id)
            .at(spot_of(&ask))
            .quoting(&ask.dialog.text)
            .measured("actions to decline", count(steps.len()), count(agree));
        findings.push(steps.iter().fold(found, |found, event| found.quoting(&event.label)));
    }
    findings
}

/// One press agrees, and whoever declines has to go through the settings first.
fn behind_settings(record: &Record, ask: &Ask<'_>) -> Option<Finding> {
    let more = ask.more.first()?;
    if !ask.decline.is_empty() || !ask.close.is_empty() || agree_cost(record, ask) > 1 {
        return None;
    }
    let tried: Vec<&Event> = record
        .events
        .iter()
        .filter(|event| matches!(event.act, Act::Escape | Act::Backdrop) && from(record, event, ask))
        .collect();
    let closes =
        tried.iter().any(|event| record.states.get(event.after).is_some_and(|after| !shows(after, ask)));
    let (outcome, zh, en) = if tried.is_empty() || closes {
        (
            Outcome::NeedsPerson,
            "拒绝须进入设置，其他关闭方式可能更简便",
            "declining takes the settings; another way to close it may be shorter",
        )
    } else {
        (
            Outcome::Violation,
            "同意只须一步，拒绝须先进入设置",
            "agreeing takes one action; declining goes through the settings first",
        )
    };
    let found = Finding::new(Rule::Rp29, outcome, zh, en)
        .in_state(ask.state.id)
        .at(spot_of(ask))
        .at(spot(ask.state.id, more));
    Some(found.quoting(&ask.dialog.text).quoting(more.label).measured("actions to decline", 2.0, 1.0))
}

/// The events from the first refusal until no dialog that answers it stands; whether that was reached.
fn decline_path<'a>(record: &'a Record, start: &'a Event) -> (Vec<&'a Event>, bool) {
    let mut path = vec![start];
    let mut at = start.after;
    loop {
        let Some(state) = record.states.get(at) else { return (path, false) };
        let again = state.dialogs.iter().map(|dialog| ways(state, dialog)).any(|found| {
            found.dialog.native.is_empty()
                && !found.agree.is_empty()
                && !(found.decline.is_empty() && found.close.is_empty())
        });
        if !again {
            return (path, true);
        }
        let last = path.last().map_or(start.id, |event| event.id);
        let next = record
            .events
            .iter()
            .find(|e| e.id > last && e.act == Act::Decline && e.before.is_some_and(|b| b >= at));
        let Some(next) = next.filter(|e| e.before.is_some_and(|b| same_visit(record, at, b))) else {
            return (path, false);
        };
        path.push(next);
        at = next.after;
    }
}

/// Actions from the dialog to agreement: one, unless the record shows that the button leads to another question.
fn agree_cost(record: &Record, ask: &Ask<'_>) -> usize {
    let event = record.events.iter().find(|event| event.act == Act::Agree && from(record, event, ask));
    let leads = event
        .and_then(|event| record.states.get(event.after))
        .is_some_and(|after| !asks_of(after).is_empty());
    1 + usize::from(leads)
}

/// RP-30: the same request again after a clear refusal.
pub(super) fn nagging(scene: &Scene<'_>) -> Vec<Finding> {
    let record = scene.record;
    let mut findings = Vec::new();
    for ask in each_dialog(record) {
        let Some(refusal) = record.events.iter().find(|e| e.act == Act::Decline && from(record, e, &ask))
        else {
            continue;
        };
        findings.push(asked_again(record, &ask, refusal));
    }
    findings
}

fn asked_again(record: &Record, ask: &Ask<'_>, refusal: &Event) -> Finding {
    let finding = |outcome, zh: &str, en: &str| {
        Finding::new(Rule::Rp30, outcome, zh, en)
            .in_state(ask.state.id)
            .by_event(refusal.id)
            .at(spot_of(ask))
            .quoting(&ask.dialog.text)
            .quoting(&refusal.label)
    };
    let visit = ask.state.visit;
    let after = |event: &&Event| {
        event.id > refusal.id && record.states.get(event.after).is_some_and(|state| state.visit == visit)
    };
    let mut gone = false;
    let mut loads = Vec::new();
    for event in record.events.iter().filter(|event| *event == refusal || after(event)) {
        let Some(state) = record.states.get(event.after) else { continue };
        let back = shows(state, ask);
        match event.act {
            Act::Reload | Act::Load => loads.push(back),
            Act::Submit | Act::Type | Act::Tick | Act::Untick if back && gone => {
                // Whoever asks for the service again may be asked again for what it needs.
                return finding(
                    Outcome::NeedsPerson,
                    "再次提交时又出现同一弹窗",
                    "the same dialog is back at the next submit",
                );
            }
            Act::Submit | Act::Type | Act::Tick | Act::Untick => {}
            Act::Click | Act::Agree | Act::Decline | Act::Escape | Act::Backdrop | Act::Wait | Act::Back => {
                if back && gone {
                    return again(finding, ask, record, refusal, state);
                }
            }
        }
        gone |= !back;
    }
    match (loads.len(), loads.iter().all(|back| *back)) {
        (0, _) | (_, false) => {
            finding(Outcome::Passes, "拒绝后没有再次征求", "after the refusal it is not asked again")
        }
        (1..LOADS, true) => finding(
            Outcome::NeedsPerson,
            "重新打开页面又出现同一弹窗，次数不足以认定",
            "the same dialog is back when the page is opened again; too few tries to tell",
        ),
        (_, true) => finding(
            Outcome::Violation,
            "拒绝后每次打开页面都再次征求",
            "after the refusal every opening of the page asks again",
        )
        .measured("page loads that ask again", count(loads.len()), count(LOADS)),
    }
}

fn again(
    finding: impl Fn(Outcome, &str, &str) -> Finding,
    ask: &Ask<'_>,
    record: &Record,
    refusal: &Event,
    state: &State,
) -> Finding {
    let refused = record.states.get(refusal.after).map_or(0, |state| state.at_ms);
    let seconds = f32::from(u16::try_from(state.at_ms.saturating_sub(refused) / 1_000).unwrap_or(u16::MAX));
    let optional = Purposes::MARKETING.union(Purposes::THIRD_PARTY);
    if ask.purposes.meets(optional) {
        finding(
            Outcome::Violation,
            "明确拒绝后，同一次访问中再次弹出相同的征求",
            "after a clear refusal the same dialog is back in the same visit",
        )
        .measured("seconds after refusal", seconds, PAUSE)
    } else {
        finding(
            Outcome::NeedsPerson,
            "拒绝协议后又出现同一弹窗，可能为服务所必需",
            "the dialog about terms is back after a refusal; the service may need it",
        )
        .measured("seconds after refusal", seconds, PAUSE)
    }
}

/// Dialogs that ask, each text once, where it is seen first.
fn each_dialog(record: &Record) -> Vec<Ask<'_>> {
    let mut found: Vec<Ask<'_>> = Vec::new();
    for ask in asks(record) {
        if !found.iter().any(|known| same(known, &ask)) {
            found.push(ask);
        }
    }
    found
}

fn same(one: &Ask<'_>, other: &Ask<'_>) -> bool {
    likeness(&one.dialog.text, &other.dialog.text) > ALIKE
}

fn shows(state: &State, ask: &Ask<'_>) -> bool {
    state.dialogs.iter().any(|dialog| likeness(&dialog.text, &ask.dialog.text) > ALIKE)
}

/// The event was done while the dialog stood.
fn from(record: &Record, event: &Event, ask: &Ask<'_>) -> bool {
    let Some(state) = event.before.and_then(|id| record.states.get(id)).filter(|state| shows(state, ask))
    else {
        return false;
    };
    // A key that the snapshot does not list among the ways still belongs to the only dialog there is.
    event.target.is_none() || state.dialogs.len() == 1 || {
        let target = event.target.as_deref();
        asks_of(state).iter().any(|found| {
            let mut ways = found.agree.iter().chain(&found.decline).chain(&found.close);
            same(found, ask) && ways.any(|way| Some(way.key) == target)
        })
    }
}

fn same_visit(record: &Record, one: usize, other: usize) -> bool {
    let visit = |id: usize| record.states.get(id).map(|state| state.visit);
    visit(one) == visit(other)
}

fn spot(state: usize, way: &Way<'_>) -> Spot {
    Spot {
        within: Within::State(state),
        key: way.key.to_owned(),
        place: way.place.to_owned(),
        area: way.area,
    }
}

fn spot_of(ask: &Ask<'_>) -> Spot {
    let dialog = ask.dialog;
    Spot {
        within: Within::State(ask.state.id),
        key: dialog.key.clone(),
        place: dialog.place.clone(),
        area: dialog.area,
    }
}

fn count(number: usize) -> f32 {
    f32::from(u16::try_from(number).unwrap_or(u16::MAX))
}

const AREA_RATIO: f32 = 2.0;
const FONT_RATIO: f32 = 1.3;
/// WCAG 2.2, 1.4.3.
const CONTRAST: f32 = 4.5;
/// A line of text is up to this many font sizes high; a button has more.
const BARE_HEIGHT: f32 = 1.9;
/// Two texts this alike are one dialog.
const ALIKE: f32 = 0.8;
/// Page loads that must all ask again.
const LOADS: usize = 3;
/// 48 hours, as self-assessment guides have it: no rule of law gives a number.
const PAUSE: f32 = 172_800.0;
