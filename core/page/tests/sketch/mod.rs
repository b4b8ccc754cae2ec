//! Pages in a few lines of text, so that a test of a rule reads like the page it is about.
//!
//! A line each: `[x] label`, `[ ] label`, `[*] label` (required, off), `[?] label` (state unknown), `[-x] label` (on, takes
//! no input), `[h] label` (on, not rendered), `[s] label` (the same, but its words are seen), `(x) label`, `( ) label`
//! radios, `img label` a drawn tick, `<label>` the way on, `<!label>` the same, disabled, `field label`, `| …` in a dialog,
//! `doc name: paragraph` a document that texts naming it link to, `--- act label` an event that leads to the state below
//! it. Anything else is text. Labels are keys.

use anning_page::finding::{self, Finding, Rule, judge};
use anning_page::record::*;

/// What a rule says of a page: the gravest of its findings.
#[allow(dead_code, reason = "each test file uses what it needs")]
pub fn outcome(rule: &str, page: &str) -> finding::Outcome {
    let rule = Rule::of_id(rule).unwrap();
    let found: Vec<Finding> =
        judge(&record(page)).into_iter().filter(|finding| finding.rule == rule).collect();
    found.iter().map(|finding| finding.outcome).min().unwrap()
}

/// The record of a page.
pub fn record(page: &str) -> Record {
    let mut sketch = Sketch { record: empty(), dialog: false, top: 0.0 };
    sketch.record.states.push(state(0));
    for line in page.lines().map(str::trim).filter(|line| !line.is_empty()) {
        sketch.line(line);
    }
    sketch.link();
    sketch.record
}

struct Sketch {
    record: Record,
    dialog: bool,
    top: f32,
}

impl Sketch {
    fn line(&mut self, line: &str) {
        if let Some(event) = line.strip_prefix("--- ") {
            return self.event(event);
        }
        if let Some(document) = line.strip_prefix("doc ") {
            return self.document(document);
        }
        let inside = line.strip_prefix("| ");
        self.dialog = inside.is_some();
        let line = inside.unwrap_or(line);
        self.top += 20.0;
        if let Some(label) = line.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
            let disabled = label.starts_with('!');
            self.control(label.trim_start_matches('!'), ControlKind::Submit, |control| {
                control.disabled = disabled
            });
        } else if let Some((mark, label)) = line.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
            self.tick(mark, label, ControlKind::Checkbox);
        } else if let Some((mark, label)) = line.strip_prefix('(').and_then(|rest| rest.split_once(") ")) {
            self.tick(mark, label, ControlKind::Radio);
        } else if let Some(label) = line.strip_prefix("img ") {
            self.control(label, ControlKind::Checkbox, |control| {
                control.made = Made::Drawn;
                control.operable = false;
                control.on = Some(true);
            });
            self.text(label);
        } else if let Some(label) = line.strip_prefix("field ") {
            self.field(label);
        } else {
            self.text(line);
        }
    }

    fn tick(&mut self, mark: &str, label: &str, kind: ControlKind) {
        let hidden = mark == "h";
        let mark = mark.to_owned();
        self.control(label, kind, |control| {
            control.on = if mark == "?" { None } else { Some(mark.contains(['x', 'h', 's'])) };
            control.required = mark == "*";
            control.disabled = mark.starts_with('-');
            control.seen = if mark.contains(['h', 's']) { Seen::NotRendered } else { Seen::Shown };
        });
        self.text(label);
        if let (true, Some(text)) = (hidden, self.state().texts.last_mut()) {
            text.seen = Seen::NotRendered;
        }
    }

    fn control(&mut self, label: &str, kind: ControlKind, set: impl FnOnce(&mut Control)) {
        let mut control = Control {
            key: label.to_owned(),
            place: format!("#{label}"),
            kind,
            name: label.to_owned(),
            label: label.to_owned(),
            texts: if kind == ControlKind::Submit { Vec::new() } else { vec![format!("t {label}")] },
            area: [0.0, self.top, 14.0, 14.0],
            operable: true,
            dialog: self.within(),
            ..Control::default()
        };
        set(&mut control);
        self.state().controls.push(control);
    }

    fn text(&mut self, words: &str) {
        let text = Text {
            key: format!("t {words}"),
            text: words.to_owned(),
            runs: vec![Run { text: words.to_owned(), ..Run::default() }],
            area: [20.0, self.top, 300.0, 16.0],
            dialog: self.within(),
            ..Text::default()
        };
        if self.dialog {
            let dialog = self.dialog();
            dialog.text.push_str(words);
            dialog.text.push('\n');
        }
        self.state().texts.push(text);
    }

    fn field(&mut self, label: &str) {
        let field = Field {
            key: label.to_owned(),
            kind: "text".to_owned(),
            label: label.to_owned(),
            area: [20.0, self.top, 300.0, 30.0],
            dialog: self.within(),
            ..Field::default()
        };
        self.state().fields.push(field);
    }

    fn event(&mut self, words: &str) {
        let (act, label) = words.split_once(' ').unwrap_or((words, ""));
        let (vain, label) = match label.strip_prefix("in vain ") {
            Some(label) => (3, label),
            None => (0, label),
        };
        let before = self.record.states.len() - 1;
        self.record.states.push(state(before + 1));
        self.top = 0.0;
        self.record.events.push(Event {
            id: self.record.events.len(),
            act: serde_json::from_value(act.into()).unwrap(),
            target: (!label.is_empty()).then(|| label.to_owned()),
            label: label.to_owned(),
            before: Some(before),
            after: before + 1,
            without_effect: vain,
        });
    }

    fn document(&mut self, words: &str) {
        let (name, paragraph) = words.split_once(": ").unwrap();
        let paragraph =
            Paragraph { text: paragraph.to_owned(), top: 0.0, heading: 0, size: 14.0, set_off: false };
        if let Some(known) = self.record.documents.iter_mut().find(|document| document.name == name) {
            return known.texts.push(paragraph);
        }
        let id = self.record.documents.len();
        self.record.documents.push(Document {
            id,
            name: name.to_owned(),
            address: format!("{id}.html"),
            clicks: 1,
            from: None,
            opened: Opened::Page,
            reason: String::new(),
            title: name.to_owned(),
            language: String::new(),
            height: 900.0,
            window: 900.0,
            texts: vec![paragraph],
            cut: false,
            links: Vec::new(),
            picture: None,
        });
    }

    /// Texts link to the documents they name.
    fn link(&mut self) {
        for state in &mut self.record.states {
            for document in &self.record.documents {
                let key = format!("a {}", document.name);
                for text in state.texts.iter_mut().filter(|text| text.text.contains(&document.name)) {
                    text.runs.push(Run { link: Some(key.clone()), ..Run::default() });
                    let dialog = text.dialog.clone();
                    let text = document.name.clone();
                    state.links.push(Link {
                        key: key.clone(),
                        text,
                        dialog,
                        document: Some(document.id),
                        ..Link::default()
                    });
                }
            }
        }
    }

    fn within(&self) -> Option<String> {
        self.dialog.then(|| "dialog".to_owned())
    }

    fn state(&mut self) -> &mut State {
        self.record.states.last_mut().unwrap()
    }

    fn dialog(&mut self) -> &mut Dialog {
        let state = self.state();
        if state.dialogs.is_empty() {
            state.dialogs.push(Dialog { key: "dialog".to_owned(), modal: true, ..Dialog::default() });
        }
        state.dialogs.last_mut().unwrap()
    }
}

fn empty() -> Record {
    Record {
        format: FORMAT.to_owned(),
        address: "index.html".to_owned(),
        recorded_at: "2026-05-02T08:00:00Z".to_owned(),
        recorder: Recorder::default(),
        viewport: Viewport { width: 390, height: 844, scale: 1.0, touch: true },
        outcome: Outcome::Complete,
        notes: Vec::new(),
        states: Vec::new(),
        events: Vec::new(),
        documents: Vec::new(),
        submits: Vec::new(),
        files: Vec::new(),
    }
}

fn state(id: usize) -> State {
    State {
        id,
        visit: 0,
        at_ms: 0,
        pristine: id == 0,
        address: "index.html".to_owned(),
        title: String::new(),
        language: "zh-CN".to_owned(),
        scroll: [0.0, 0.0],
        size: [390.0, 900.0],
        styled: true,
        texts: Vec::new(),
        links: Vec::new(),
        controls: Vec::new(),
        fields: Vec::new(),
        dialogs: Vec::new(),
        picture: None,
    }
}
