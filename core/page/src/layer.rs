//! Layers: what lies over the page or scrolls within it belongs to other words than those it happens to stand beside.

use crate::fold::fold;
use crate::record::{Box4, Control, Seen, State, Text};

/// What an element lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layer<'a> {
    dialog: Option<&'a str>,
    fixed: bool,
    layer: Option<&'a str>,
}

impl State {
    /// The texts of a control's consent, in order: those of its label, and those of its line in the same layer.
    pub(crate) fn texts_of<'a>(&'a self, control: &'a Control) -> impl Iterator<Item = &'a Text> {
        control.texts.iter().filter_map(|key| self.text(key)).filter(move |text| self.belongs(control, text))
    }

    /// A control's consent is made of this text.
    pub(crate) fn is_of(&self, control: &Control, text: &Text) -> bool {
        control.texts.contains(&text.key) && self.belongs(control, text)
    }

    fn belongs(&self, control: &Control, text: &Text) -> bool {
        let line = text.lies_in() == control.lies_in() && !self.is_laid_over(control, text);
        line || is_label(control, text)
    }

    /// Records that tell no layers: the text lies over the label of the control, or is what covers the control.
    fn is_laid_over(&self, control: &Control, text: &Text) -> bool {
        let covers = control.seen == Seen::Covered && holds(text.area, centre(control.area));
        let mut others =
            control.texts.iter().filter(|key| **key != text.key).filter_map(|key| self.text(key));
        self.styled && others.any(|other| (covers || lies_over(text, other)) && is_label(control, other))
    }
}

impl Text {
    pub(crate) fn lies_in(&self) -> Layer<'_> {
        Layer { dialog: self.dialog.as_deref(), fixed: self.fixed, layer: self.layer.as_deref() }
    }
}

impl Control {
    pub(crate) fn lies_in(&self) -> Layer<'_> {
        Layer { dialog: self.dialog.as_deref(), fixed: self.fixed, layer: self.layer.as_deref() }
    }
}

/// The text is the control's label, or a part of it.
fn is_label(control: &Control, text: &Text) -> bool {
    let (label, words) = (fold(control.label.trim()), fold(text.text.trim()));
    !label.is_empty() && !words.is_empty() && (label.contains(&words) || words.contains(&label))
}

/// What flows in one page does not lie over each other: forms apart do, and so do single lines.
fn lies_over(text: &Text, label: &Text) -> bool {
    let shared = overlap(text.area, label.area);
    let smaller = size(text.area).min(size(label.area));
    shared > smaller * OVERLAP && (text.group != label.group || (is_line(text) && is_line(label)))
}

fn is_line(text: &Text) -> bool {
    let font = text.runs.iter().map(|run| run.style.size).fold(0.0, f32::max);
    text.area[3] < font * LINE_HEIGHT
}

fn overlap(a: Box4, b: Box4) -> f32 {
    let along = |from: f32, long: f32, other: f32, other_long: f32| {
        ((from + long).min(other + other_long) - from.max(other)).max(0.0)
    };
    along(a[0], a[2], b[0], b[2]) * along(a[1], a[3], b[1], b[3])
}

fn size(area: Box4) -> f32 {
    area[2] * area[3]
}

fn centre(area: Box4) -> [f32; 2] {
    [area[0] + area[2] / 2.0, area[1] + area[3] / 2.0]
}

fn holds(area: Box4, point: [f32; 2]) -> bool {
    (area[0]..=area[0] + area[2]).contains(&point[0]) && (area[1]..=area[1] + area[3]).contains(&point[1])
}

/// Part of the smaller of two texts from which they lie over each other.
const OVERLAP: f32 = 0.25;
/// Font sizes up to which a text is one line.
const LINE_HEIGHT: f32 = 1.9;
