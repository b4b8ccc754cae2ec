//! A record cut to the bounds that whoever reads it holds: one odd number or endless word costs itself, not the record.

use std::collections::{BTreeSet, HashSet};

use anning_page::check::{
    DIALOGS_MAX, DOCUMENTS_MAX, ELEMENTS_MAX, EVENTS_MAX, NOTES_MAX, PARAGRAPHS_MAX, RECORD_MAX,
};
use anning_page::record::{
    Box4, Control, Document, Event, Field, Link, Note, Outcome, Record, State, Style, Text,
};

use crate::stored::sha256;

/// Cuts a record until it is whole and within bounds; what was cut is noted. One that cannot be saved keeps its notes.
pub(crate) fn hold(record: &mut Record) {
    let mut cut = Cut { what: BTreeSet::new() };
    cut.record(record);
    for what in cut.what {
        note(record, "bound_reached", &format!("cut: {what}"));
    }
    while is_long(record) && !record.states.is_empty() {
        let kept = record.states.len() / 2;
        keep_states(record, kept);
        note(
            record,
            "bound_reached",
            &format!("cut: states after the first {kept}, the record was too long"),
        );
    }
    if let Err(err) = record.check() {
        keep_states(record, 0);
        record.documents.clear();
        record.outcome = Outcome::Partial;
        note(record, "record_refused", &err.to_string());
    }
}

fn note(record: &mut Record, kind: &str, text: &str) {
    record.notes.truncate(NOTES_MAX - 1);
    let text = text.chars().take(NOTE_CHARS).collect();
    record.notes.push(Note { kind: kind.to_owned(), text });
}

/// The first states, with what happened up to them.
fn keep_states(record: &mut Record, count: usize) {
    record.states.truncate(count);
    record.events.retain(|event| event.after < count);
    let events = record.events.len();
    record.submits.retain(|submit| submit.event < events);
    if record.outcome == Outcome::Complete {
        record.outcome = Outcome::Partial;
    }
}

/// Its file would be longer than is read.
fn is_long(record: &Record) -> bool {
    let elements =
        record.states.iter().map(|state| state.texts.len() + state.links.len() + state.controls.len());
    if elements.sum::<usize>() < LIGHT
        && record.documents.iter().map(|d| d.texts.len()).sum::<usize>() < LIGHT
    {
        return false;
    }
    let mut counted = Counted(0);
    serde_json::to_writer_pretty(&mut counted, record).is_err() || counted.0 > RECORD_MAX
}

struct Counted(usize);

impl std::io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What was cut, by name.
struct Cut {
    what: BTreeSet<&'static str>,
}

impl Cut {
    fn record(&mut self, record: &mut Record) {
        self.text(&mut record.address, LINE_MAX, "address");
        let by = &mut record.recorder;
        for text in [&mut by.browser, &mut by.agent] {
            self.text(text, LINE_MAX, "recorder");
        }
        self.list(&mut record.notes, NOTES_MAX, "notes");
        for note in &mut record.notes {
            self.text(&mut note.kind, KEY_MAX, "kind of a note");
            self.text(&mut note.text, LINE_MAX, "text of a note");
        }
        self.list(&mut record.documents, DOCUMENTS_MAX, "documents");
        let documents = record.documents.len();
        for document in &mut record.documents {
            self.document(document, documents);
        }
        for state in &mut record.states {
            self.state(state, documents);
        }
        self.list(&mut record.events, EVENTS_MAX, "events");
        for event in &mut record.events {
            self.event(event);
        }
        let events = record.events.len();
        let before = record.submits.len();
        record.submits.retain(|submit| submit.event < events);
        if record.submits.len() < before {
            self.what.insert("requests before anything was seen");
        }
        self.list(&mut record.submits, EVENTS_MAX, "submits");
        for submit in &mut record.submits {
            self.text(&mut submit.address, LINE_MAX, "address of a submit");
            self.text(&mut submit.method, KEY_MAX, "method of a submit");
            self.list(&mut submit.fields, RUNS_MAX, "fields of a submit");
        }
    }

    fn state(&mut self, state: &mut State, documents: usize) {
        self.text(&mut state.address, LINE_MAX, "address of a state");
        self.text(&mut state.title, LINE_MAX, "title");
        self.text(&mut state.language, KEY_MAX, "language");
        for place in &mut state.scroll {
            self.number(place, -FAR, FAR, "scroll");
        }
        for size in &mut state.size {
            self.number(size, 0.0, FAR, "size of the page");
        }
        for dialog in &mut state.dialogs {
            self.key(&mut dialog.key);
            self.text(&mut dialog.place, LINE_MAX, "place of a dialog");
            self.text(&mut dialog.text, TEXT_MAX, "text of a dialog");
            self.text(&mut dialog.native, KEY_MAX, "kind of a dialog");
            self.area(&mut dialog.area);
        }
        self.keyed(&mut state.dialogs, DIALOGS_MAX, "dialogs", |dialog| &dialog.key);
        state.links.iter_mut().for_each(|link| self.link(link, documents));
        self.keyed(&mut state.links, ELEMENTS_MAX, "links", |link| &link.key);
        let links: HashSet<String> = state.links.iter().map(|link| link.key.clone()).collect();
        state.texts.iter_mut().for_each(|text| self.words(text, &links));
        self.keyed(&mut state.texts, ELEMENTS_MAX, "texts", |text| &text.key);
        let texts: HashSet<String> = state.texts.iter().map(|text| text.key.clone()).collect();
        state.controls.iter_mut().for_each(|control| self.control(control, &texts));
        self.keyed(&mut state.controls, ELEMENTS_MAX, "controls", |control| &control.key);
        state.fields.iter_mut().for_each(|field| self.field(field));
        self.keyed(&mut state.fields, ELEMENTS_MAX, "fields", |field| &field.key);
        let dialogs: HashSet<String> = state.dialogs.iter().map(|dialog| dialog.key.clone()).collect();
        let known = |dialog: &mut Option<String>| {
            if dialog.as_ref().is_some_and(|key| !dialogs.contains(key)) {
                *dialog = None;
            }
        };
        state.texts.iter_mut().for_each(|text| known(&mut text.dialog));
        state.links.iter_mut().for_each(|link| known(&mut link.dialog));
        state.controls.iter_mut().for_each(|control| known(&mut control.dialog));
        state.fields.iter_mut().for_each(|field| known(&mut field.dialog));
    }

    fn words(&mut self, text: &mut Text, links: &HashSet<String>) {
        self.key(&mut text.key);
        self.text(&mut text.place, LINE_MAX, "place of a text");
        self.text(&mut text.text, TEXT_MAX, "text");
        self.area(&mut text.area);
        self.around(&mut text.dialog, &mut text.group);
        text.heading = text.heading.min(6);
        self.list(&mut text.runs, RUNS_MAX, "runs of a text");
        for run in &mut text.runs {
            self.text(&mut run.text, TEXT_MAX, "text of a run");
            self.area(&mut run.area);
            self.style(&mut run.style);
            if let Some(link) = &mut run.link {
                self.key(link);
            }
            run.link = run.link.take().filter(|link| links.contains(link));
        }
    }

    fn link(&mut self, link: &mut Link, documents: usize) {
        self.key(&mut link.key);
        self.text(&mut link.place, LINE_MAX, "place of a link");
        self.text(&mut link.text, TEXT_MAX, "text of a link");
        self.text(&mut link.target, TEXT_MAX, "target of a link");
        self.area(&mut link.area);
        self.around(&mut link.dialog, &mut None);
        link.document = link.document.filter(|document| *document < documents);
    }

    fn control(&mut self, control: &mut Control, texts: &HashSet<String>) {
        self.key(&mut control.key);
        self.text(&mut control.place, LINE_MAX, "place of a control");
        self.text(&mut control.name, LINE_MAX, "name of a control");
        self.text(&mut control.label, TEXT_MAX, "label of a control");
        if let Some(place) = &mut control.stand_in {
            self.text(place, LINE_MAX, "place of a stand-in");
        }
        self.area(&mut control.area);
        if let Some(style) = &mut control.style {
            self.style(style);
        }
        self.around(&mut control.dialog, &mut control.group);
        control.texts.iter_mut().for_each(|key| self.key(key));
        control.texts.retain(|key| texts.contains(key));
        self.list(&mut control.texts, RUNS_MAX, "texts of a control");
    }

    fn field(&mut self, field: &mut Field) {
        self.key(&mut field.key);
        for (text, what) in [
            (&mut field.place, "place of a field"),
            (&mut field.kind, "kind of a field"),
            (&mut field.name, "name of a field"),
            (&mut field.label, "label of a field"),
            (&mut field.placeholder, "placeholder of a field"),
            (&mut field.autocomplete, "autocomplete of a field"),
            (&mut field.pattern, "pattern of a field"),
        ] {
            self.text(text, LINE_MAX, what);
        }
        self.area(&mut field.area);
        self.around(&mut field.dialog, &mut field.group);
    }

    fn document(&mut self, document: &mut Document, documents: usize) {
        for (text, what) in [
            (&mut document.name, "name of a document"),
            (&mut document.address, "address of a document"),
            (&mut document.reason, "reason of a document"),
            (&mut document.title, "title of a document"),
            (&mut document.language, "language of a document"),
        ] {
            self.text(text, LINE_MAX, what);
        }
        for size in [&mut document.height, &mut document.window] {
            self.number(size, 0.0, FAR, "size of a document");
        }
        document.links.retain(|link| *link < documents);
        document.from = document.from.filter(|from| *from < documents);
        self.list(&mut document.texts, PARAGRAPHS_MAX, "paragraphs");
        for paragraph in &mut document.texts {
            self.text(&mut paragraph.text, TEXT_MAX, "paragraph");
            self.number(&mut paragraph.top, -FAR, FAR, "place of a paragraph");
            self.number(&mut paragraph.size, 0.0, FONT_MAX, "size of letters");
            paragraph.heading = paragraph.heading.min(6);
        }
    }

    fn event(&mut self, event: &mut Event) {
        if let Some(target) = &mut event.target {
            self.key(target);
        }
        self.text(&mut event.label, TEXT_MAX, "label of an event");
    }

    fn style(&mut self, style: &mut Style) {
        self.number(&mut style.size, 0.0, FONT_MAX, "size of letters");
        style.weight = style.weight.min(1_000);
        for part in style.colour.iter_mut().chain(style.ground.iter_mut().flatten()) {
            self.number(part, 0.0, 1.0, "colour");
        }
        if let Some(contrast) = &mut style.contrast {
            self.number(contrast, 1.0, 21.0, "contrast");
        }
    }

    fn around(&mut self, dialog: &mut Option<String>, group: &mut Option<String>) {
        if let Some(dialog) = dialog {
            self.key(dialog);
        }
        if let Some(group) = group {
            self.key(group);
        }
    }

    fn area(&mut self, area: &mut Box4) {
        let [x, y, width, height] = area;
        for place in [x, y] {
            self.number(place, -FAR, FAR, "place");
        }
        for size in [width, height] {
            self.number(size, 0.0, FAR, "size");
        }
    }

    fn number(&mut self, number: &mut f32, least: f32, most: f32, what: &'static str) {
        let held = if number.is_nan() { least.max(0.0) } else { number.clamp(least, most) };
        // Contrasts and colours come out a rounding beside their ends: that is no cut.
        if (held - *number).abs() > ROUNDING || number.is_nan() {
            self.what.insert(what);
        }
        if *number < least || *number > most || number.is_nan() {
            *number = held;
        }
    }

    fn text(&mut self, text: &mut String, max: usize, what: &'static str) {
        if text.len() > max {
            text.truncate(text.floor_char_boundary(max));
            self.what.insert(what);
        }
    }

    /// Wherever a key stands it is cut in the same way, so that references hold; its own hash keeps it apart.
    fn key(&mut self, key: &mut String) {
        if key.len() > KEY_MAX {
            let hash = sha256(key.as_bytes());
            key.truncate(key.floor_char_boundary(KEY_MAX - hash.len() - 1));
            key.push('~');
            key.push_str(&hash);
            self.what.insert("key of an element");
        }
    }

    fn list<T>(&mut self, list: &mut Vec<T>, max: usize, what: &'static str) {
        if list.len() > max {
            list.truncate(max);
            self.what.insert(what);
        }
    }

    fn keyed<T>(&mut self, list: &mut Vec<T>, max: usize, what: &'static str, key: impl Fn(&T) -> &String) {
        self.list(list, max, what);
        let mut met: HashSet<String> = HashSet::new();
        let before = list.len();
        list.retain(|one| !key(one).is_empty() && met.insert(key(one).clone()));
        if list.len() < before {
            self.what.insert(what);
        }
    }
}

/// Keys, names and words of the format, in bytes, as `core/page` has it.
const KEY_MAX: usize = 512;
/// Addresses, places, names, in bytes.
const LINE_MAX: usize = 16_384;
/// Texts, in bytes.
const TEXT_MAX: usize = 262_144;
/// Runs of a text, texts of a control, fields of a submit.
const RUNS_MAX: usize = 5_000;
/// CSS pixels of a place or size.
const FAR: f32 = 10_000_000.0;
/// CSS pixels of letters.
const FONT_MAX: f32 = 10_000.0;
/// Characters of a note of ours.
const NOTE_CHARS: usize = 1_000;
/// Elements of a record that is not measured: its file is far below the bound.
const LIGHT: usize = 20_000;
/// How far a number may stand beside a bound by rounding alone.
const ROUNDING: f32 = 0.011;
