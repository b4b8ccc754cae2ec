//! What stands before the rules: a record, and what was read out of it once for all of them.

use crate::act::{self, Act};
use crate::finding::{Spot, Within};
use crate::record::{Control, ControlKind, Record, State, Text};

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
