//! One visit: what is done, the states around it, and the record that grows from it.

use std::collections::HashSet;

use anning_page::record::{Act, Control, ControlKind, Event, Field, Note, Record, State, Submit, Text};

use crate::browser::Browser;
use crate::error::Error;
use crate::evidence::Evidence;
use crate::page::{Awaited, FormTab, Mark, QUIET_MS, Snapshot};
use crate::tab::Tab;
use anning_page::way;

/// A record under way.
pub(crate) struct Draft {
    pub(crate) record: Record,
    pub(crate) evidence: Evidence,
    /// When the recording began, in milliseconds of the clock.
    pub(crate) began: i64,
    /// After this no further step is begun.
    pub(crate) until: i64,
    /// Consents that were watched after typing: what comes by a timer comes in every visit.
    pub(crate) waited: HashSet<String>,
    /// Why the walk ended before the way did, if so.
    pub(crate) unfinished: Option<String>,
    /// The way on led to another step without any consent.
    pub(crate) leads_on: bool,
}

/// A page in a tab with the record that its steps go into.
pub(crate) struct Visit<'b, 'd> {
    pub(crate) tab: Tab<'b>,
    pub(crate) draft: &'d mut Draft,
    pub(crate) number: u32,
    /// The latest state.
    pub(crate) now: usize,
    pub(crate) tabs: Vec<FormTab>,
    pub(crate) captcha: String,
    pub(crate) marks: Vec<Mark>,
    pub(crate) touched: bool,
}

impl Draft {
    pub(crate) fn note(&mut self, kind: &str, text: &str) {
        if self.record.notes.len() < NOTES_MAX
            && !self.record.notes.iter().any(|note| note.kind == kind && note.text == text)
        {
            self.record.notes.push(Note { kind: kind.to_owned(), text: text.to_owned() });
        }
    }

    pub(crate) fn state(&self, id: usize) -> Option<&State> {
        self.record.states.get(id)
    }
}

impl Visit<'_, '_> {
    pub(crate) fn is_late(&self) -> bool {
        self.tab.browser.now() >= self.draft.until
            || self.draft.record.states.len() >= STATES_MAX
            || self.draft.record.events.len() >= EVENTS_MAX
    }

    /// The state as it is now.
    pub(crate) fn state(&self) -> Option<&State> {
        self.draft.state(self.now)
    }

    /// Takes the state after something was done and notes the event. Nothing changed: the same state stands after it.
    pub(crate) fn take(
        &mut self,
        act: Act,
        target: Option<&str>,
        label: &str,
        picture: bool,
    ) -> Result<bool, Error> {
        let mut snapshot = self.tab.snapshot()?;
        tidy(&mut snapshot);
        for cut in &snapshot.cuts {
            self.draft.note("bound_reached", cut);
        }
        self.captcha = std::mem::take(&mut snapshot.captcha);
        self.tabs = std::mem::take(&mut snapshot.tabs);
        let load = matches!(act, Act::Load | Act::Reload);
        let first = !self.touched;
        let before = (act != Act::Load).then_some(self.now);
        let marks = std::mem::replace(&mut self.marks, std::mem::take(&mut snapshot.marks));
        let same =
            !load && marks == self.marks && self.state().is_some_and(|state| is_same(state, &snapshot.state));
        if !same {
            self.keep(snapshot.state, first)?;
            if picture {
                self.picture()?;
            }
        }
        let id = self.draft.record.events.len();
        self.draft.record.events.push(Event {
            id,
            act,
            target: target.map(str::to_owned),
            label: label.chars().take(LABEL_MAX).collect(),
            before,
            after: self.now,
            without_effect: u32::from(same && !matches!(act, Act::Type | Act::Wait)),
        });
        self.touched = true;
        self.gather();
        Ok(!same)
    }

    fn keep(&mut self, mut state: State, pristine: bool) -> Result<(), Error> {
        state.id = self.draft.record.states.len();
        state.visit = self.number;
        state.at_ms = u32::try_from(self.tab.browser.now() - self.draft.began).unwrap_or(u32::MAX);
        state.pristine = pristine;
        // Links keep what was found behind them in an earlier state.
        for link in &mut state.links {
            link.document = self.draft.record.states.iter().rev().find_map(|earlier| {
                earlier.links.iter().find(|known| known.key == link.key && known.text == link.text)?.document
            });
        }
        self.now = state.id;
        self.draft.record.states.push(state);
        Ok(())
    }

    /// Takes a picture of the latest state.
    pub(crate) fn picture(&mut self) -> Result<(), Error> {
        let Some(size) = self.state().map(|state| state.size) else { return Ok(()) };
        let name = format!("state-{}.png", self.now);
        let bytes = match self.tab.picture(size) {
            Ok(bytes) => bytes,
            Err(err @ (Error::Slow { .. } | Error::Refused { .. })) => {
                self.draft.note("picture_missing", &format!("state {}: {err}", self.now));
                return Ok(());
            }
            Err(err) => return Err(err),
        };
        let file = self.draft.evidence.add(&name, "image/png", &bytes)?;
        self.draft.record.files.push(file);
        if let Some(state) = self.draft.record.states.get_mut(self.now) {
            state.picture = Some(name);
        }
        Ok(())
    }

    /// Moves what the tab saw into the record.
    pub(crate) fn gather(&mut self) {
        for kept in self.tab.seen.kept.drain(..) {
            let last = self.draft.record.events.len().saturating_sub(1);
            self.draft.record.submits.push(Submit {
                event: kept.event.min(last),
                address: kept.address,
                method: kept.method,
                fields: kept.fields,
            });
        }
        self.tab.turned_away();
        let notes: Vec<Note> =
            self.tab.traffic.notes().into_iter().chain(self.tab.seen.notes.drain(..)).collect();
        for note in notes {
            self.draft.note(&note.kind, &note.text);
        }
    }

    /// Presses something and takes the state after it.
    pub(crate) fn press(&mut self, act: Act, key: &str, label: &str, picture: bool) -> Result<bool, Error> {
        self.tab.event = self.draft.record.events.len();
        if !self.tab.press(key)? {
            return Ok(false);
        }
        self.tab.settle(QUIET_MS)?;
        self.take(act, Some(key), label, picture)
    }

    /// Adds to the times the last event was done in vain.
    pub(crate) fn in_vain(&mut self, times: u32) {
        if let Some(event) = self.draft.record.events.last_mut() {
            event.without_effect = times;
        }
    }

    /// Types invented data into every field that can be seen and is empty.
    pub(crate) fn fill(&mut self) -> Result<bool, Error> {
        let Some(state) = self.state() else { return Ok(false) };
        let entries: Vec<serde_json::Value> = state
            .fields
            .iter()
            .filter(|field| field.seen.is_shown() && field.kind != "file" && field.kind != "search")
            .filter(|field| field.kind != "select" || field.required)
            .take(FIELDS_MAX)
            .map(|field| {
                let words = [&field.label, &field.placeholder, &field.autocomplete, &field.name]
                    .map(String::as_str)
                    .join(" ");
                let value = crate::invented::value(&field.kind, &words);
                serde_json::json!({"key": field.key, "value": value})
            })
            .collect();
        if entries.is_empty() {
            return Ok(false);
        }
        self.tab.event = self.draft.record.events.len();
        self.tab.ask("fill", &serde_json::Value::from(entries))?;
        self.settle_typed()?;
        self.take(Act::Type, None, "", false)
    }

    /// Waits for what typing causes. A consent that is off may be switched on by a timer, once for each form.
    pub(crate) fn settle_typed(&mut self) -> Result<(), Error> {
        let off: Vec<String> = self
            .consents()
            .into_iter()
            .map(|(control, _)| control)
            .filter(|control| control.on == Some(false) && control.seen.is_shown())
            .map(|control| control.key + &control.label)
            .collect();
        self.tab.settle(QUIET_MS)?;
        if off.iter().all(|box_| self.draft.waited.contains(box_)) {
            return Ok(());
        }
        self.draft.waited.extend(off);
        if !self.tab.hears_typing()? {
            return Ok(());
        }
        self.tab.wait(TYPED_MS)?;
        self.tab.settle(QUIET_MS)
    }

    /// Lets time pass for what may come by itself.
    pub(crate) fn linger(&mut self, millis: i64) -> Result<bool, Error> {
        self.tab.event = self.draft.record.events.len();
        self.tab.watch(millis)?;
        self.take(Act::Wait, None, "", false)
    }

    /// The ways on that can be seen, the likeliest first.
    pub(crate) fn ways_on(&self) -> Vec<Control> {
        let Some(state) = self.state() else { return Vec::new() };
        let covered = state.dialogs.iter().any(|dialog| dialog.modal && dialog.native.is_empty());
        let mut ways: Vec<Control> = state
            .controls
            .iter()
            .filter(|control| control.kind == ControlKind::Submit && (control.seen.is_shown() || !covered))
            .filter(|control| control.seen.is_shown() && control.dialog.is_none())
            .cloned()
            .collect();
        // What says that it registers, then a form's own button before others, the lowest before what stands in a header.
        ways.sort_by(|a, b| {
            let rank = |c: &Control| (!way::is_joining(&c.label), c.group.is_none(), !c.filled);
            rank(a).cmp(&rank(b)).then(b.area[1].total_cmp(&a.area[1]))
        });
        ways
    }

    /// Consents that can be seen, with the words they stand for.
    pub(crate) fn consents(&self) -> Vec<(Control, String)> {
        let Some(state) = self.state() else { return Vec::new() };
        consents(state)
    }
}

/// Boxes, switches and radios of a state beside words that may ask for consent.
pub(crate) fn consents(state: &State) -> Vec<(Control, String)> {
    state
        .controls
        .iter()
        .filter(|control| {
            matches!(control.kind, ControlKind::Checkbox | ControlKind::Switch | ControlKind::Radio)
        })
        .map(|control| (control.clone(), words(state, control)))
        .filter(|(_, words)| way::is_consent(words))
        .collect()
}

/// Label and texts of a control.
pub(crate) fn words(state: &State, control: &Control) -> String {
    let mut words = control.label.clone();
    for text in state.texts.iter().filter(|text| control.texts.contains(&text.key)) {
        if !words.contains(&text.text) {
            words.push(' ');
            words.push_str(&text.text);
        }
    }
    words
}

/// What the script cannot know: which marks are ticks, which buttons lead on, which lists are answers.
fn tidy(snapshot: &mut Snapshot) {
    let Snapshot { state, selects, marks, .. } = snapshot;
    let no_consents: Vec<String> = marks
        .iter()
        .filter(|mark| {
            let control = state.controls.iter().find(|control| control.key == mark.key);
            !control.is_some_and(|control| way::is_consent(&words(state, control)))
        })
        .map(|mark| mark.key.clone())
        .collect();
    state.controls.retain(|control| !no_consents.contains(&control.key));
    marks.retain(|mark| !no_consents.contains(&mark.key));
    for control in &mut state.controls {
        if control.kind == ControlKind::Button && way::is_way_on(&control.label) && control.dialog.is_none() {
            control.kind = ControlKind::Submit;
        } else if control.kind == ControlKind::Submit && way::is_code(&control.label) {
            control.kind = ControlKind::Button;
        }
    }
    for choice in selects.iter().filter(|choice| choice.count <= 4 && way::is_yes_no(&choice.options)) {
        let Some(at) = state.fields.iter().position(|field| field.key == choice.key) else { continue };
        let field = state.fields.remove(at);
        let chosen = usize::try_from(choice.chosen).ok().and_then(|at| choice.options.get(at));
        state.controls.push(Control {
            kind: ControlKind::Select,
            on: chosen
                .map(|words| !way::is_decline(words) && !words.to_lowercase().starts_with(['n', '否', '不'])),
            key: field.key,
            place: field.place,
            name: field.name,
            label: field.label,
            required: field.required,
            area: field.area,
            seen: field.seen,
            dialog: field.dialog,
            group: field.group,
            operable: true,
            ..Control::default()
        });
    }
}

/// Two states say the same and take the same input. Colours and places move with focus and pointer.
fn is_same(a: &State, b: &State) -> bool {
    let page = |state: &State| state.address.split('#').next().map(str::to_owned);
    let texts = |(a, b): (&Text, &Text)| a.key == b.key && a.text == b.text && a.seen == b.seen;
    let controls = |(a, b): (&Control, &Control)| {
        (&a.key, a.on, a.disabled, a.seen, &a.label) == (&b.key, b.on, b.disabled, b.seen, &b.label)
    };
    let fields = |(a, b): (&Field, &Field)| {
        (&a.key, a.seen, &a.label, &a.placeholder) == (&b.key, b.seen, &b.label, &b.placeholder)
    };
    page(a) == page(b)
        && a.title == b.title
        && a.dialogs == b.dialogs
        && a.texts.len() == b.texts.len()
        && a.controls.len() == b.controls.len()
        && a.fields.len() == b.fields.len()
        && a.texts.iter().zip(&b.texts).all(texts)
        && a.controls.iter().zip(&b.controls).all(controls)
        && a.fields.iter().zip(&b.fields).all(fields)
}

/// Opens the page in a fresh profile and takes the first state.
pub(crate) fn begin<'b, 'd>(
    browser: &'b mut Browser,
    draft: &'d mut Draft,
    ground: crate::traffic::Ground,
    address: &str,
    number: u32,
) -> Result<Result<Visit<'b, 'd>, String>, Error> {
    let tab = Tab::open(browser, draft.record.viewport, ground)?;
    let mut visit = Visit {
        tab,
        draft,
        number,
        now: 0,
        tabs: Vec::new(),
        captcha: String::new(),
        marks: Vec::new(),
        touched: false,
    };
    visit.tab.event = visit.draft.record.events.len();
    let opened = match visit.tab.go(address, Awaited::Form) {
        Ok(None) => visit.take(Act::Load, None, "", number == 0).map(|_| None),
        other => other,
    };
    visit.gather();
    if let Some(failed) = opened? {
        return Ok(Err(failed));
    }
    Ok(Ok(visit))
}

/// States of one record.
const STATES_MAX: usize = 60;
/// Events of one record.
const EVENTS_MAX: usize = 100;
/// Notes of one record.
const NOTES_MAX: usize = 300;
/// Characters of an event's label.
const LABEL_MAX: usize = 200;
/// Fields that are filled in.
const FIELDS_MAX: usize = 60;
/// Milliseconds after typing in which a consent may switch itself on.
const TYPED_MS: i64 = 700;
/// Milliseconds in which a dialog that was declined may come again.
pub(crate) const LINGER_MS: i64 = 1_500;
