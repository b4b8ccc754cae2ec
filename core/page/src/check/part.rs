//! Each part of a record against its bounds, references and forms.

use core::fmt::Display;
use std::collections::HashSet;

use super::{
    DIALOGS_MAX, DOCUMENTS_MAX, ELEMENTS_MAX, EVENTS_MAX, INSTANT, NOTES_MAX, PARAGRAPHS_MAX, STATES_MAX,
    instant,
};
use crate::Error;
use crate::record::{
    Box4, Control, Document, Event, Field, File, Link, Record, Run, State, Style, Submit, Text,
};

/// A place in the record; becomes a path only when something is wrong there.
#[derive(Clone, Copy)]
pub(super) struct At<'p> {
    above: Option<&'p At<'p>>,
    step: Step,
}

#[derive(Clone, Copy)]
enum Step {
    Root,
    Name(&'static str),
    Index(usize),
}

impl At<'_> {
    pub(super) const fn root() -> Self {
        Self { above: None, step: Step::Root }
    }

    const fn name<'p>(&'p self, name: &'static str) -> At<'p> {
        At { above: Some(self), step: Step::Name(name) }
    }

    const fn index(&self, index: usize) -> At<'_> {
        At { above: Some(self), step: Step::Index(index) }
    }

    fn path(&self) -> String {
        let above = self.above.map_or_else(String::new, At::path);
        match self.step {
            Step::Root => "$".to_owned(),
            Step::Name(name) => format!("{above}.{name}"),
            Step::Index(index) => format!("{above}[{index}]"),
        }
    }

    fn at_most(&self, found: usize, max: usize, what: &'static str) -> Result<(), Error> {
        if found <= max { Ok(()) } else { Err(Error::TooMany { path: self.path(), what, max }) }
    }

    fn text(&self, text: &str, max: usize) -> Result<(), Error> {
        if text.len() <= max {
            Ok(())
        } else {
            Err(Error::TooLong { path: self.path(), bytes: text.len(), max })
        }
    }

    fn number(
        &self,
        found: f32,
        within: core::ops::RangeInclusive<f32>,
        wanted: &'static str,
    ) -> Result<(), Error> {
        // A number that is none is in no range.
        if within.contains(&found) { Ok(()) } else { Err(self.odd(found, wanted)) }
    }

    fn odd(&self, found: impl Display, wanted: &'static str) -> Error {
        Error::Number { path: self.path(), found: found.to_string(), wanted }
    }

    fn form(&self, holds: bool, found: &str, wanted: &'static str) -> Result<(), Error> {
        if holds { Ok(()) } else { Err(Error::Form { path: self.path(), found: shown(found), wanted }) }
    }

    fn exists(&self, holds: bool, what: &'static str, wanted: impl Display) -> Result<(), Error> {
        if holds {
            Ok(())
        } else {
            Err(Error::NoSuch { path: self.path(), what, wanted: shown(&wanted.to_string()) })
        }
    }

    fn id(&self, found: usize, index: usize) -> Result<(), Error> {
        if found == index { Ok(()) } else { Err(Error::Id { path: self.name("id").path(), found, index }) }
    }

    fn area(&self, area: Box4) -> Result<(), Error> {
        let [x, y, width, height] = area;
        for place in [x, y] {
            self.number(place, -FAR..=FAR, "a place within 10,000,000 CSS pixels")?;
        }
        for size in [width, height] {
            self.number(size, 0.0..=FAR, "a size from 0 to 10,000,000 CSS pixels")?;
        }
        Ok(())
    }
}

/// A text of the record for a message: cut, on one line.
pub(super) fn shown(text: &str) -> String {
    text.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

pub(super) fn record(record: &Record, at: &At<'_>) -> Result<(), Error> {
    at.name("address").text(&record.address, LINE_MAX)?;
    let recorded = instant(&record.recorded_at).is_some();
    at.name("recorded_at").form(recorded, &record.recorded_at, INSTANT)?;
    let by = &record.recorder;
    for (name, text) in
        [("name", &by.name), ("version", &by.version), ("browser", &by.browser), ("agent", &by.agent)]
    {
        at.name("recorder").name(name).text(text, LINE_MAX)?;
    }
    let window = at.name("viewport");
    for (name, size) in [("width", record.viewport.width), ("height", record.viewport.height)] {
        if !(1..=VIEWPORT_MAX).contains(&size) {
            return Err(window.name(name).odd(size, "1 to 20,000 CSS pixels"));
        }
    }
    window.name("scale").number(
        record.viewport.scale,
        0.1..=16.0,
        "0.1 to 16 device pixels to a CSS pixel",
    )?;
    at.name("notes").at_most(record.notes.len(), NOTES_MAX, "notes")?;
    for (index, note) in record.notes.iter().enumerate() {
        at.name("notes").index(index).name("kind").text(&note.kind, KEY_MAX)?;
        at.name("notes").index(index).name("text").text(&note.text, LINE_MAX)?;
    }
    files(record, &at.name("files"))?;
    states(record, &at.name("states"))?;
    events(record, &at.name("events"))?;
    documents(record, &at.name("documents"))?;
    submits(record, &at.name("submits"))
}

fn files(record: &Record, at: &At<'_>) -> Result<(), Error> {
    at.at_most(record.files.len(), NOTES_MAX, "files")?;
    let mut names = HashSet::with_capacity(record.files.len());
    for (index, file) in record.files.iter().enumerate() {
        one_file(file, &at.index(index))?;
        if !names.insert(file.name.as_str()) {
            return Err(Error::KeyTwice {
                path: at.index(index).name("name").path(),
                key: shown(&file.name),
            });
        }
    }
    Ok(())
}

fn one_file(file: &File, at: &At<'_>) -> Result<(), Error> {
    // The name is used below the evidence folder: it must not lead out of it.
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let safe = !file.name.is_empty()
        && file.name.len() <= KEY_MAX
        && file.name.chars().all(plain)
        && !file.name.starts_with('.');
    at.name("name").form(safe, &file.name, "a plain file name (letters, digits, `.`, `-`, `_`)")?;
    at.name("media").text(&file.media, KEY_MAX)?;
    let hash = file.sha256.len() == 64
        && file.sha256.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    at.name("sha256").form(hash, &file.sha256, "64 digits of lower-case hexadecimal")
}

fn states(record: &Record, at: &At<'_>) -> Result<(), Error> {
    at.at_most(record.states.len(), STATES_MAX, "states")?;
    let (mut visit, mut millis) = (0, 0);
    for (index, state) in record.states.iter().enumerate() {
        let here = at.index(index);
        here.id(state.id, index)?;
        if state.visit < visit {
            return Err(here.name("visit").odd(state.visit, "not below that of the state before"));
        }
        if state.at_ms < millis {
            return Err(here.name("at_ms").odd(state.at_ms, "not before the state before"));
        }
        (visit, millis) = (state.visit, state.at_ms);
        one_state(state, record, &here)?;
    }
    Ok(())
}

fn one_state(state: &State, record: &Record, at: &At<'_>) -> Result<(), Error> {
    at.name("address").text(&state.address, LINE_MAX)?;
    at.name("title").text(&state.title, LINE_MAX)?;
    at.name("language").text(&state.language, KEY_MAX)?;
    for place in state.scroll {
        at.name("scroll").number(place, -FAR..=FAR, "within 10,000,000 CSS pixels")?;
    }
    for size in state.size {
        at.name("size").number(size, 0.0..=FAR, "0 to 10,000,000 CSS pixels")?;
    }
    picture(state.picture.as_deref(), record, &at.name("picture"))?;
    at.name("dialogs").at_most(state.dialogs.len(), DIALOGS_MAX, "dialogs")?;
    let dialogs = keys(state.dialogs.iter().map(|d| d.key.as_str()), &at.name("dialogs"))?;
    for (index, dialog) in state.dialogs.iter().enumerate() {
        let here = at.name("dialogs");
        let here = here.index(index);
        here.name("place").text(&dialog.place, LINE_MAX)?;
        here.name("text").text(&dialog.text, TEXT_MAX)?;
        here.name("native").text(&dialog.native, KEY_MAX)?;
        here.name("box").area(dialog.area)?;
    }
    for (name, count) in [
        ("texts", state.texts.len()),
        ("links", state.links.len()),
        ("controls", state.controls.len()),
        ("fields", state.fields.len()),
    ] {
        at.name(name).at_most(count, ELEMENTS_MAX, "elements")?;
    }
    let links = keys(state.links.iter().map(|l| l.key.as_str()), &at.name("links"))?;
    let texts = keys(state.texts.iter().map(|t| t.key.as_str()), &at.name("texts"))?;
    keys(state.controls.iter().map(|c| c.key.as_str()), &at.name("controls"))?;
    keys(state.fields.iter().map(|f| f.key.as_str()), &at.name("fields"))?;
    let cut = record.notes.iter().any(|note| note.kind == CUT);
    let known = Known { dialogs, links, texts, documents: record.documents.len(), cut };
    for (index, one) in state.texts.iter().enumerate() {
        text(one, &known, &at.name("texts").index(index))?;
    }
    for (index, one) in state.links.iter().enumerate() {
        link(one, &known, &at.name("links").index(index))?;
    }
    for (index, one) in state.controls.iter().enumerate() {
        control(one, &known, &at.name("controls").index(index))?;
    }
    for (index, one) in state.fields.iter().enumerate() {
        field(one, &known, &at.name("fields").index(index))?;
    }
    Ok(())
}

/// What elements of a state may refer to.
struct Known<'r> {
    dialogs: HashSet<&'r str>,
    links: HashSet<&'r str>,
    texts: HashSet<&'r str>,
    documents: usize,
    /// The record says that something was cut.
    cut: bool,
}

fn keys<'r>(all: impl ExactSizeIterator<Item = &'r str>, at: &At<'_>) -> Result<HashSet<&'r str>, Error> {
    let mut seen = HashSet::with_capacity(all.len());
    for (index, key) in all.enumerate() {
        let here = at.index(index);
        here.name("key").form(!key.is_empty() && key.len() <= KEY_MAX, key, "a key of 1 to 512 bytes")?;
        if !seen.insert(key) {
            return Err(Error::KeyTwice { path: here.name("key").path(), key: shown(key) });
        }
    }
    Ok(seen)
}

fn picture(name: Option<&str>, record: &Record, at: &At<'_>) -> Result<(), Error> {
    let Some(name) = name else { return Ok(()) };
    at.exists(record.files.iter().any(|file| file.name == name), "file", name)
}

fn dialog(key: Option<&str>, known: &Known<'_>, at: &At<'_>) -> Result<(), Error> {
    let Some(key) = key else { return Ok(()) };
    at.name("dialog").exists(known.dialogs.contains(key), "dialog of this state", key)
}

fn text(text: &Text, known: &Known<'_>, at: &At<'_>) -> Result<(), Error> {
    at.name("place").text(&text.place, LINE_MAX)?;
    at.name("text").text(&text.text, TEXT_MAX)?;
    at.name("box").area(text.area)?;
    dialog(text.dialog.as_deref(), known, at)?;
    at.name("group").text(text.group.as_deref().unwrap_or(""), KEY_MAX)?;
    at.name("layer").text(text.layer.as_deref().unwrap_or(""), KEY_MAX)?;
    if text.heading > 6 {
        return Err(at.name("heading").odd(text.heading, "0 to 6"));
    }
    at.name("runs").at_most(text.runs.len(), RUNS_MAX, "runs")?;
    for (index, one) in text.runs.iter().enumerate() {
        run(one, known, &at.name("runs").index(index))?;
    }
    whole(text, known.cut, &at.name("runs"))
}

/// Rules read sizes and links of the runs, words of the whole: these must be the same words, white space apart.
fn whole(text: &Text, cut: bool, at: &At<'_>) -> Result<(), Error> {
    let plain = |c: &char| !c.is_whitespace();
    let mut parts = text.runs.iter().flat_map(|run| run.text.chars()).filter(plain);
    let mut words = text.text.chars().filter(plain);
    let same = text.runs.is_empty()
        || loop {
            match (parts.next(), words.next()) {
                (None, None) => break true,
                (Some(part), Some(word)) if part == word => {}
                (Some(_), Some(_)) => break false,
                // One goes on: so it may be where texts were cut, and said to be.
                (None, Some(_)) | (Some(_), None) => break cut,
            }
        };
    if same {
        return Ok(());
    }
    let found: String = text.runs.iter().map(|run| run.text.as_str()).take(RUNS_SHOWN).collect();
    at.form(false, &found, "parts whose texts make the whole `text`, or none")
}

fn run(run: &Run, known: &Known<'_>, at: &At<'_>) -> Result<(), Error> {
    at.name("text").text(&run.text, TEXT_MAX)?;
    at.name("box").area(run.area)?;
    style(&run.style, &at.name("style"))?;
    let Some(key) = run.link.as_deref() else { return Ok(()) };
    at.name("link").exists(known.links.contains(key), "link of this state", key)
}

fn style(style: &Style, at: &At<'_>) -> Result<(), Error> {
    at.name("size").number(style.size, 0.0..=10_000.0, "0 to 10,000 CSS pixels")?;
    if style.weight > 1_000 {
        return Err(at.name("weight").odd(style.weight, "0 to 1,000"));
    }
    let [red, green, blue, alpha] = style.colour;
    for part in [red, green, blue].into_iter().chain(style.ground.into_iter().flatten()) {
        at.name("colour").number(part, 0.0..=1.0, "red, green, blue of 0 to 1")?;
    }
    at.name("colour").number(alpha, 0.0..=1.0, "an alpha of 0 to 1")?;
    let Some(contrast) = style.contrast else { return Ok(()) };
    // The widest there is, black on white, comes out a rounding above.
    at.name("contrast").number(contrast, 0.99..=21.01, "a contrast of 1 to 21")
}

fn link(link: &Link, known: &Known<'_>, at: &At<'_>) -> Result<(), Error> {
    at.name("place").text(&link.place, LINE_MAX)?;
    at.name("text").text(&link.text, TEXT_MAX)?;
    at.name("target").text(&link.target, TEXT_MAX)?;
    at.name("box").area(link.area)?;
    dialog(link.dialog.as_deref(), known, at)?;
    let Some(document) = link.document else { return Ok(()) };
    at.name("document").exists(document < known.documents, "document", document)
}

fn control(control: &Control, known: &Known<'_>, at: &At<'_>) -> Result<(), Error> {
    at.name("place").text(&control.place, LINE_MAX)?;
    at.name("name").text(&control.name, LINE_MAX)?;
    at.name("label").text(&control.label, TEXT_MAX)?;
    at.name("stand_in").text(control.stand_in.as_deref().unwrap_or(""), LINE_MAX)?;
    at.name("box").area(control.area)?;
    if let Some(words) = &control.style {
        style(words, &at.name("style"))?;
    }
    dialog(control.dialog.as_deref(), known, at)?;
    at.name("group").text(control.group.as_deref().unwrap_or(""), KEY_MAX)?;
    at.name("layer").text(control.layer.as_deref().unwrap_or(""), KEY_MAX)?;
    at.name("texts").at_most(control.texts.len(), RUNS_MAX, "texts")?;
    for (index, key) in control.texts.iter().enumerate() {
        at.name("texts").index(index).exists(
            known.texts.contains(key.as_str()),
            "text of this state",
            key,
        )?;
    }
    Ok(())
}

fn field(field: &Field, known: &Known<'_>, at: &At<'_>) -> Result<(), Error> {
    for (name, text) in [
        ("place", &field.place),
        ("kind", &field.kind),
        ("name", &field.name),
        ("label", &field.label),
        ("placeholder", &field.placeholder),
        ("autocomplete", &field.autocomplete),
        ("pattern", &field.pattern),
    ] {
        at.name(name).text(text, LINE_MAX)?;
    }
    at.name("box").area(field.area)?;
    at.name("group").text(field.group.as_deref().unwrap_or(""), KEY_MAX)?;
    dialog(field.dialog.as_deref(), known, at)
}

fn events(record: &Record, at: &At<'_>) -> Result<(), Error> {
    at.at_most(record.events.len(), EVENTS_MAX, "events")?;
    for (index, event) in record.events.iter().enumerate() {
        one_event(event, index, record, &at.index(index))?;
    }
    Ok(())
}

fn one_event(event: &Event, index: usize, record: &Record, at: &At<'_>) -> Result<(), Error> {
    at.id(event.id, index)?;
    at.name("target").text(event.target.as_deref().unwrap_or(""), KEY_MAX)?;
    at.name("label").text(&event.label, TEXT_MAX)?;
    if let Some(before) = event.before {
        at.name("before").exists(before < record.states.len(), "state", before)?;
        if before > event.after {
            return Err(at.name("before").odd(before, "no later than `after`"));
        }
    }
    at.name("after").exists(event.after < record.states.len(), "state", event.after)
}

fn documents(record: &Record, at: &At<'_>) -> Result<(), Error> {
    at.at_most(record.documents.len(), DOCUMENTS_MAX, "documents")?;
    for (index, document) in record.documents.iter().enumerate() {
        one_document(document, index, record, &at.index(index))?;
    }
    Ok(())
}

fn one_document(document: &Document, index: usize, record: &Record, at: &At<'_>) -> Result<(), Error> {
    at.id(document.id, index)?;
    for (name, text) in [
        ("name", &document.name),
        ("address", &document.address),
        ("reason", &document.reason),
        ("title", &document.title),
        ("language", &document.language),
    ] {
        at.name(name).text(text, LINE_MAX)?;
    }
    if !(1..=2).contains(&document.clicks) {
        return Err(at.name("clicks").odd(document.clicks, "1 or 2"));
    }
    if let Some(from) = document.from {
        at.name("from").exists(from < record.documents.len() && from != index, "other document", from)?;
    }
    for (name, size) in [("height", document.height), ("window", document.window)] {
        at.name(name).number(size, 0.0..=FAR, "0 to 10,000,000 CSS pixels")?;
    }
    picture(document.picture.as_deref(), record, &at.name("picture"))?;
    at.name("links").at_most(document.links.len(), ELEMENTS_MAX, "links")?;
    for (index, link) in document.links.iter().enumerate() {
        at.name("links").index(index).exists(*link < record.documents.len(), "document", link)?;
    }
    at.name("texts").at_most(document.texts.len(), PARAGRAPHS_MAX, "paragraphs")?;
    for (index, paragraph) in document.texts.iter().enumerate() {
        let here = at.name("texts");
        let here = here.index(index);
        here.name("text").text(&paragraph.text, TEXT_MAX)?;
        here.name("top").number(paragraph.top, -FAR..=FAR, "within 10,000,000 CSS pixels")?;
        here.name("size").number(paragraph.size, 0.0..=10_000.0, "0 to 10,000 CSS pixels")?;
        if paragraph.heading > 6 {
            return Err(here.name("heading").odd(paragraph.heading, "0 to 6"));
        }
    }
    Ok(())
}

fn submits(record: &Record, at: &At<'_>) -> Result<(), Error> {
    at.at_most(record.submits.len(), EVENTS_MAX, "submits")?;
    for (index, submit) in record.submits.iter().enumerate() {
        one_submit(submit, record, &at.index(index))?;
    }
    Ok(())
}

fn one_submit(submit: &Submit, record: &Record, at: &At<'_>) -> Result<(), Error> {
    at.name("event").exists(submit.event < record.events.len(), "event", submit.event)?;
    at.name("address").text(&submit.address, LINE_MAX)?;
    at.name("method").text(&submit.method, KEY_MAX)?;
    at.name("fields").at_most(submit.fields.len(), RUNS_MAX, "fields")?;
    for (index, (name, value)) in submit.fields.iter().enumerate() {
        for text in [name, value] {
            if text.chars().count() > VALUE_MAX {
                let max = VALUE_MAX;
                let path = at.name("fields").index(index).path();
                return Err(Error::TooLong { path, bytes: text.len(), max });
            }
        }
    }
    Ok(())
}

/// Keys, names and words of the format, in bytes.
const KEY_MAX: usize = 512;
/// Addresses, places, names, labels of fields, in bytes.
const LINE_MAX: usize = 16_384;
/// Texts, in bytes.
const TEXT_MAX: usize = 262_144;
/// Runs of a text, texts of a control, fields of a submit.
const RUNS_MAX: usize = 5_000;
/// Runs quoted in a message.
const RUNS_SHOWN: usize = 8;
/// Kind of the note that says that something was cut.
const CUT: &str = "bound_reached";
/// Characters of a name or value sent.
const VALUE_MAX: usize = 200;
const VIEWPORT_MAX: u32 = 20_000;
/// No page is longer: a browser itself stops near 33,000,000.
const FAR: f32 = 10_000_000.0;
/// Characters of the record shown in a message.
const SHOWN: usize = 120;
