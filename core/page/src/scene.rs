//! What stands before the rules: a record, and what was read out of it once for all of them.

use crate::act::{self, Act, ActKind};
use crate::finding::{Finding, Spot, Within};
use crate::phrase::{self, Channel};
use crate::record::{Control, ControlKind, Event, Record, State, Text};

/// A record with its acts of consent.
#[derive(Clone, Debug)]
pub struct Scene<'a> {
    /// The record.
    pub record: &'a Record,
    /// Its acts, each once.
    pub acts: Vec<Act>,
}

impl<'a> Scene<'a> {
    /// Reads a record.
    #[must_use]
    pub fn of(record: &'a Record) -> Self {
        Self { record, acts: act::acts(record) }
    }

    /// States before any input of their visit.
    pub fn pristine(&self) -> impl Iterator<Item = &'a State> + use<'a> {
        self.record.states.iter().filter(|state| state.pristine)
    }

    /// Acts of this kind.
    pub fn of_kind(&self, kind: ActKind) -> impl Iterator<Item = &Act> {
        self.acts.iter().filter(move |act| act.kind == kind)
    }

    /// Acts by a control that is on or off.
    pub fn ticks(&self) -> impl Iterator<Item = &Act> {
        self.of_kind(ActKind::Tick)
    }

    /// Acts that a person sees.
    pub fn consents(&self) -> impl Iterator<Item = &Act> {
        self.acts.iter().filter(|act| act.shown)
    }

    /// The finding, with the act's places and words.
    #[must_use]
    pub fn with_act(&self, finding: Finding, act: &Act) -> Finding {
        let finding = if finding.event.is_none() { finding.in_state(act.state) } else { finding };
        act.spots.iter().cloned().fold(finding, Finding::at).quoting(&act.text)
    }

    /// The consent text of a control: its label and what stands on its line.
    #[must_use]
    pub fn text_of(&self, state: &State, control: &Control) -> String {
        act::consent_text(state, control).0
    }

    /// The form would have sent the act's control.
    #[must_use]
    pub fn is_sent(&self, act: &Act) -> bool {
        let control = self.state(act.state).and_then(|state| state.control(&act.key));
        let Some(name) = control.map(|control| control.name.as_str()).filter(|name| !name.is_empty()) else {
            return false;
        };
        self.record
            .submits
            .iter()
            .any(|submit| submit.fields.iter().any(|field| field.0 == name && is_yes(&field.1)))
    }

    /// States before and after an event.
    #[must_use]
    pub fn around(&self, event: &Event) -> Option<(&'a State, &'a State)> {
        Some((self.record.states.get(event.before?)?, self.record.states.get(event.after)?))
    }

    /// Words of the links in the act's texts.
    #[must_use]
    pub fn links_of(&self, act: &Act) -> Vec<&'a str> {
        let Some(state) = self.state(act.state) else { return Vec::new() };
        let runs = act.texts.iter().filter_map(|key| state.text(key)).flat_map(|text| &text.runs);
        let mut keys: Vec<&str> = runs.filter_map(|run| run.link.as_deref()).collect();
        keys.dedup();
        keys.iter()
            .filter_map(|key| state.links.iter().find(|link| link.key == *key))
            .map(|link| link.text.trim())
            .collect()
    }

    /// The page offers a call or a consultation, and the act is for calls: a request rather than a consent.
    #[must_use]
    pub fn requests_call(&self, act: &Act) -> bool {
        let Some(state) = self.state(act.state) else { return false };
        let buttons =
            state.controls.iter().filter(|control| control.kind.is_button() && control.seen.is_shown());
        let mut asked =
            buttons.map(|control| control.label.as_str()).chain(std::iter::once(state.title.as_str()));
        phrase::channels(&act.text).contains(&Channel::Call) && asked.any(phrase::requests_call)
    }

    /// The state of this index.
    #[must_use]
    pub fn state(&self, id: usize) -> Option<&'a State> {
        self.record.states.get(id)
    }
}

impl State {
    /// The control of this key.
    #[must_use]
    pub fn control(&self, key: &str) -> Option<&Control> {
        self.controls.iter().find(|control| control.key == key)
    }

    /// The text of this key.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&Text> {
        self.texts.iter().find(|text| text.key == key)
    }
}

impl ControlKind {
    /// It can be on or off.
    #[must_use]
    pub const fn is_tick(self) -> bool {
        matches!(self, Self::Checkbox | Self::Radio | Self::Switch | Self::Select)
    }

    /// It is pressed.
    #[must_use]
    pub const fn is_button(self) -> bool {
        matches!(self, Self::Submit | Self::Button)
    }
}

impl Spot {
    /// A control of a state.
    #[must_use]
    pub fn control(state: usize, control: &Control) -> Self {
        Self {
            within: Within::State(state),
            key: control.key.clone(),
            place: control.stand_in.clone().unwrap_or_else(|| control.place.clone()),
            area: control.area,
        }
    }

    /// A text of a state.
    #[must_use]
    pub fn text(state: usize, text: &Text) -> Self {
        Self {
            within: Within::State(state),
            key: text.key.clone(),
            place: text.place.clone(),
            area: text.area,
        }
    }

    /// A paragraph of a document, by the distance of its top from the document's.
    #[must_use]
    pub fn paragraph(document: usize, place: impl Into<String>, top: f32) -> Self {
        Self {
            within: Within::Document(document),
            key: String::new(),
            place: place.into(),
            area: [0.0, top, 0.0, 0.0],
        }
    }
}

/// A value that says yes.
fn is_yes(value: &str) -> bool {
    !matches!(value.to_ascii_lowercase().as_str(), "" | "0" | "false" | "no" | "off")
}
