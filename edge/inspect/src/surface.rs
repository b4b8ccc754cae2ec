//! What a page shows at one moment beside another: one step from the next, an end from a way that goes on, what a press
//! opened.

use anning_page::record::{Control, ControlKind, Field, Link, Paragraph, State};

use crate::visit::Visit;

/// Fields, boxes and ways on that can be seen, by what a person knows them by. A page that draws each step anew gives
/// the elements of one step the keys of the other's.
#[derive(Debug)]
pub(crate) struct Surface {
    address: String,
    fields: Vec<String>,
    controls: Vec<String>,
    headings: Vec<String>,
}

impl Surface {
    pub(crate) fn of(state: Option<&State>) -> Self {
        let Some(state) = state else {
            return Self {
                address: String::new(),
                fields: Vec::new(),
                controls: Vec::new(),
                headings: Vec::new(),
            };
        };
        let headings = state.texts.iter().filter(|text| text.heading > 0 && text.seen.is_shown());
        Self {
            address: state.address.clone(),
            fields: fields(state).map(field).collect(),
            controls: controls(state).map(control).collect(),
            headings: headings.map(|text| text.text.clone()).collect(),
        }
    }

    /// The step is over: none of its fields is there, or the page stands at another address.
    pub(crate) fn is_left(&self, now: Option<&State>) -> bool {
        let now = Self::of(now);
        now.address != self.address || !now.fields.iter().any(|field| self.fields.contains(field))
    }

    /// There is something now to fill in, to tick or to press that was not there.
    pub(crate) fn leads_to(&self, now: Option<&State>) -> bool {
        let now = Self::of(now);
        let elsewhere = now.address != self.address || now.headings != self.headings;
        now.fields.iter().any(|field| !self.fields.contains(field))
            || now.controls.iter().any(|control| !self.controls.contains(control))
            || (elsewhere && !now.controls.is_empty() && self.is_left_for(&now))
    }

    fn is_left_for(&self, now: &Self) -> bool {
        now.address != self.address || now.fields != self.fields || now.headings != self.headings
    }
}

/// The link is there to be pressed.
pub(crate) fn offers(visit: &Visit<'_, '_>, link: &Link) -> bool {
    visit.state().is_some_and(|state| {
        state
            .links
            .iter()
            .any(|known| known.key == link.key && known.text == link.text && known.seen.is_shown())
    })
}

/// The page stands at another address of its own, and what it showed before is gone with the link.
pub(crate) fn went(visit: &Visit<'_, '_>, before: usize, key: &str) -> bool {
    let (Some(now), Some(before)) = (visit.state(), visit.draft.state(before)) else { return false };
    now.address != before.address && !now.links.iter().any(|link| link.key == key && link.seen.is_shown())
}

/// So much more text came that a press opened something.
pub(crate) fn grew(visit: &Visit<'_, '_>, before: usize) -> bool {
    added(visit, before).iter().map(|text| text.text.chars().count()).sum::<usize>() > GROWN_MIN
}

/// Texts that are shown now and were not before.
pub(crate) fn added(visit: &Visit<'_, '_>, before: usize) -> Vec<Paragraph> {
    let old: Vec<&str> = visit
        .draft
        .state(before)
        .map(|state| {
            state.texts.iter().filter(|text| text.seen.is_shown()).map(|text| text.text.as_str()).collect()
        })
        .unwrap_or_default();
    let shown = visit.state().map(|state| state.texts.as_slice()).unwrap_or_default();
    shown
        .iter()
        .filter(|text| text.seen.is_shown() && !old.contains(&text.text.as_str()))
        .map(|text| Paragraph {
            text: text.text.clone(),
            top: text.area[1],
            heading: text.heading,
            size: text.runs.first().map_or(0.0, |run| run.style.size),
            set_off: false,
        })
        .collect()
}

/// Why the form is not at its end although nothing more could be done, if it is not.
pub(crate) fn unfinished(state: Option<&State>) -> Option<String> {
    let state = state?;
    if fields(state).next().is_none() && controls(state).all(|control| control.kind == ControlKind::Submit) {
        return None;
    }
    let next = controls(state)
        .filter(|control| control.kind == ControlKind::Submit && control.dialog.is_none())
        .find(|control| NEXT.contains(&control.label.trim().to_lowercase().as_str()));
    let counted = state.texts.iter().filter(|text| text.seen.is_shown()).find_map(|text| counter(&text.text));
    match (next, counted) {
        (_, Some((at, of))) if at < of => Some(format!("step {at} of {of} was the last that came")),
        (Some(control), _) => Some(format!("no step came after: {}", control.label.trim())),
        (None, _) => None,
    }
}

/// `Step 1 of 3`, `第 1 步 / 共 3 步`, `1/3`, at the beginning of a short text.
fn counter(text: &str) -> Option<(u32, u32)> {
    let lower = text.trim().to_lowercase();
    if lower.chars().count() > COUNTER_MAX {
        return None;
    }
    let led = ["step", "第", "步骤", "步驟", "ステップ"].iter().any(|word| lower.starts_with(word));
    let numbers: Vec<(usize, u32)> = numbers(&lower);
    let [(begin, at), (second, of)] = *numbers.get(..2)? else { return None };
    let between = lower.get(begin..second)?;
    let joined = between.contains("of") || between.contains('/') || between.contains('共');
    let bare = lower.chars().all(|c| c.is_ascii_digit() || c == '/' || c == ' ');
    ((led || bare) && joined && at >= 1 && of <= COUNTED_MAX && at <= of).then_some((at, of))
}

/// Whole numbers with where they begin.
fn numbers(text: &str) -> Vec<(usize, u32)> {
    let mut all = Vec::new();
    let mut begun = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_ascii_digit(), begun) {
            (true, None) => begun = Some(at),
            (false, Some(begin)) => {
                if let Some(number) = text.get(begin..at).and_then(|digits| digits.parse().ok()) {
                    all.push((begin, number));
                }
                begun = None;
            }
            (true, Some(_)) | (false, None) => {}
        }
    }
    all
}

fn fields(state: &State) -> impl Iterator<Item = &Field> {
    state.fields.iter().filter(|field| field.seen.is_shown() && field.kind != "search")
}

/// Boxes and ways on; other buttons change their words by themselves.
fn controls(state: &State) -> impl Iterator<Item = &Control> {
    state.controls.iter().filter(|control| control.seen.is_shown() && control.kind != ControlKind::Button)
}

fn field(field: &Field) -> String {
    format!("{} {} {} {} {}", field.key, field.kind, field.name, field.label, field.placeholder)
}

fn control(control: &Control) -> String {
    let label = if control.kind == ControlKind::Submit { "" } else { control.label.as_str() };
    format!("{} {} {label}", control.key, control.name)
}

/// Words of a way on that leads to another step, and to no end.
const NEXT: &[&str] = &[
    "下一步",
    "继续",
    "繼續",
    "下一页",
    "next",
    "next step",
    "continue",
    "次へ",
    "次に進む",
    "weiter",
    "suivant",
    "siguiente",
    "další",
    "далее",
    "продолжить",
];
/// Characters that must have come for a press to have opened something.
const GROWN_MIN: usize = 60;
/// Characters of a text that counts steps.
const COUNTER_MAX: usize = 40;
/// Steps that a form may count.
const COUNTED_MAX: u32 = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_counted() {
        for (text, expected) in [
            ("Step 1 of 3 · Account", Some((1, 3))),
            ("第 2 步 / 共 3 步", Some((2, 3))),
            ("第1步，共3步：填写手机号", Some((1, 3))),
            ("1/3", Some((1, 3))),
            ("1 / 1", Some((1, 1))),
            ("2026/11", None),
            ("Save 20% on 3 of 4 orders", None),
            ("第3条 共5款 说明", Some((3, 5))),
            ("step one", None),
        ] {
            assert_eq!(counter(text), expected, "{text}");
        }
    }
}
