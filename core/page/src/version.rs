//! The version of a page: a hash over what of it matters in law, the same for every capture of the same page.
//!
//! `spec/page-record.md` defines it from the record alone, with no word list and no rule, so that a version logged at a
//! sign-up of last year is found again however the rules have grown since.

use std::collections::BTreeSet;
use std::fmt;

use sha2::{Digest, Sha256};

use crate::record::{Control, Document, Field, Opened, Outcome, Record, Seen, State, Text};

/// Hash of a page version.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version([u8; 32]);

impl Version {
    /// The version that a record shows; `None` when it shows no page.
    #[must_use]
    pub fn of(record: &Record) -> Option<Self> {
        match record.outcome {
            Outcome::Complete | Outcome::Partial if !record.states.is_empty() => {}
            Outcome::Complete
            | Outcome::Partial
            | Outcome::Captcha
            | Outcome::Crashed
            | Outcome::TimedOut
            | Outcome::Unreachable
            | Outcome::NotAPage
            | Outcome::Blank => return None,
        }
        let mut items = Items::default();
        for state in &record.states {
            items.state(record, state);
        }
        record.documents.iter().for_each(|document| items.document(document));
        let mut hash = Sha256::new();
        hash.update(HEAD);
        items.0.iter().for_each(|item| hash.update(item.as_bytes()));
        Some(Self(hash.finalize().into()))
    }

    /// Its first eight bytes, by which acts cite it; never 0.
    #[must_use]
    pub fn head(self) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.0;
        u64::from_be_bytes([a, b, c, d, e, f, g, h]).max(1)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Version({self})")
    }
}

/// What a version is made of, each once and in order of bytes: neither the order of visits nor their number matters.
#[derive(Default)]
struct Items(BTreeSet<String>);

impl Items {
    fn add<'a>(&mut self, parts: impl IntoIterator<Item = &'a str>) {
        let inner: String = parts.into_iter().map(netstring).collect();
        self.0.insert(netstring(&inner));
    }

    fn state(&mut self, record: &Record, state: &State) {
        let labels: BTreeSet<&str> = ticks(state).flat_map(|c| c.texts.iter().map(String::as_str)).collect();
        for text in state.texts.iter().filter(|text| is_seen(text.seen) && !text.message) {
            self.text(state, text, labels.contains(text.key.as_str()));
        }
        for control in ticks(state).filter(|control| first_with(record, &control.key) == Some(state.id)) {
            self.tick(state, control);
        }
        for control in state.controls.iter().filter(|c| c.kind.is_button() && c.seen.is_shown()) {
            if control.dialog.is_some() || control.kind == crate::record::ControlKind::Submit {
                // A button counts down; its words are what it is.
                self.add(["button", &words(&control.label, false)]);
            }
        }
        state.fields.iter().filter(|field| is_seen(field.seen)).for_each(|field| self.field(field));
    }

    /// Texts of the page before any input; later, when much is an echo of what was typed, only those that ask.
    fn text(&mut self, state: &State, text: &Text, labels: bool) {
        let points = text
            .runs
            .iter()
            .filter_map(|run| run.link.as_deref())
            .any(|key| state.links.iter().any(|link| link.key == key && link.document.is_some()));
        let asks = labels || points;
        if !state.pristine && !asks {
            return;
        }
        // Outside of forms numbers are mostly counters and years.
        let whole = asks || text.group.is_some() || text.dialog.is_some();
        let words = words(&text.text, whole);
        if !words.is_empty() {
            self.add(["text", &words]);
        }
    }

    fn tick(&mut self, state: &State, control: &Control) {
        let kind = match control.kind {
            crate::record::ControlKind::Checkbox => "checkbox",
            crate::record::ControlKind::Radio => "radio",
            crate::record::ControlKind::Switch => "switch",
            crate::record::ControlKind::Select => "select",
            crate::record::ControlKind::Submit | crate::record::ControlKind::Button => return,
        };
        let on = match control.on {
            Some(true) => "on",
            Some(false) => "off",
            None => "unknown",
        };
        let flag = |yes: bool, word: &'static str| if yes { word } else { "" };
        let texts =
            control.texts.iter().filter_map(|key| state.text(key)).map(|text| words(&text.text, true));
        let parts: Vec<String> = [
            "tick".to_owned(),
            kind.to_owned(),
            on.to_owned(),
            flag(control.disabled, "disabled").to_owned(),
            flag(control.required, "required").to_owned(),
            flag(is_seen(control.seen), "seen").to_owned(),
            words(&control.label, true),
        ]
        .into_iter()
        .chain(texts)
        .collect();
        self.add(parts.iter().map(String::as_str));
    }

    fn field(&mut self, field: &Field) {
        let label = words(&field.label, true);
        let placeholder = words(&field.placeholder, true);
        let required = if field.required { "required" } else { "" };
        self.add(["field", &field.kind, required, &label, &placeholder]);
    }

    fn document(&mut self, document: &Document) {
        let texts: Vec<String> = match document.opened {
            Opened::Page | Opened::Dialog | Opened::Anchor => {
                document.texts.iter().map(|p| words(&p.text, true)).filter(|text| !text.is_empty()).collect()
            }
            Opened::Nothing
            | Opened::Failed
            | Opened::Empty
            | Opened::LoginWall
            | Opened::File
            | Opened::Elsewhere
            | Opened::NotTried => Vec::new(),
        };
        let name = words(&document.name, true);
        let opened = if texts.is_empty() { "unread" } else { "read" };
        self.add(["document", name.as_str(), opened].into_iter().chain(texts.iter().map(String::as_str)));
    }
}

fn ticks(state: &State) -> impl Iterator<Item = &Control> {
    state.controls.iter().filter(|control| control.kind.is_tick())
}

/// A person sees it, or can by opening a fold.
fn is_seen(seen: Seen) -> bool {
    matches!(seen, Seen::Shown | Seen::Folded)
}

/// The first state that has the control: nobody can have switched it before.
fn first_with(record: &Record, key: &str) -> Option<usize> {
    record.states.iter().find(|state| state.control(key).is_some()).map(|state| state.id)
}

/// The words of a text, white space as one space, invisible characters and, unless `whole`, digits left out.
fn words(text: &str, whole: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let hidden = matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}');
        let digit = matches!(c, '0'..='9' | '\u{FF10}'..='\u{FF19}');
        if hidden || (digit && !whole) {
            continue;
        }
        if !c.is_whitespace() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

/// Length in bytes, colon, the text, comma: no text can pass for two.
fn netstring(text: &str) -> String {
    format!("{}:{text},", text.len())
}

/// Begins what is hashed.
const HEAD: &[u8] = b"anning page version 1\n";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{ControlKind, Paragraph};

    fn record() -> Record {
        Record::read(include_bytes!("../tests/records/full.json")).unwrap()
    }

    /// Does this change make it another version?
    fn check(what: &str, change: impl Fn(&mut Record), another: bool) {
        let mut record = record();
        let before = Version::of(&record).unwrap();
        change(&mut record);
        let after = Version::of(&record).unwrap();
        assert_eq!(before != after, another, "{what}");
    }

    #[test]
    fn the_same_page_at_another_time_is_the_same_version() {
        check("nothing", |_| {}, false);
        check("time", |r| r.recorded_at = "2031-01-01T00:00:00Z".to_owned(), false);
        check("address", |r| r.address = "https://elsewhere.example/join?token=1".to_owned(), false);
        check("files", |r| r.files.clear(), false);
        check("notes", |r| r.notes.clear(), false);
        check("submits", |r| r.submits.clear(), false);
        check("milliseconds", |r| r.states.iter_mut().for_each(|s| s.at_ms += 7), false);
        let moved = |r: &mut Record| {
            for state in &mut r.states {
                state.texts.iter_mut().for_each(|t| t.area = [1.0, 2.0, 3.0, 4.0]);
                state.controls.iter_mut().for_each(|c| c.area = [1.0, 2.0, 3.0, 4.0]);
            }
        };
        check("places", moved, false);
        let spaced = |r: &mut Record| {
            for text in r.states.iter_mut().flat_map(|s| &mut s.texts) {
                text.text = format!(" \u{200b}{}\n", text.text.replace(' ', " \u{a0} "));
            }
        };
        check("white space", spaced, false);
        let again = |r: &mut Record| {
            let mut state = r.states[0].clone();
            state.id = r.states.len();
            r.states.push(state);
        };
        check("a state more", again, false);
        let counting = |n: &str| {
            let mut record = record();
            let text = format!("已有 {n} 人注册");
            record.states[0].texts.push(Text { key: "counter".to_owned(), text, ..Text::default() });
            Version::of(&record)
        };
        assert_eq!(counting("9"), counting("5678"), "digits of a counter");
    }

    #[test]
    fn what_matters_in_law_makes_another_version() {
        fn first_tick(r: &mut Record) -> &mut Control {
            r.states.iter_mut().flat_map(|s| &mut s.controls).find(|c| c.kind.is_tick()).unwrap()
        }
        check("ticked by default", |r| first_tick(r).on = first_tick(r).on.map(|on| !on), true);
        check("disabled", |r| first_tick(r).disabled ^= true, true);
        check("hidden", |r| first_tick(r).seen = Seen::Transparent, true);
        check("label", |r| first_tick(r).label.push_str("及合作伙伴"), true);
        check(
            "frequency in a form",
            |r| {
                let text = &mut r.states[0].texts[0];
                (text.group, text.text) = (Some("form".to_owned()), "每月不超过 2 条".to_owned());
            },
            true,
        );
        check(
            "a sentence",
            |r| {
                let text = "我们将向您发送营销短信".to_owned();
                r.states[0].texts.push(Text { key: "new".to_owned(), text, ..Text::default() });
            },
            true,
        );
        check(
            "a field",
            |r| {
                let field = Field {
                    key: "id".to_owned(),
                    kind: "text".to_owned(),
                    label: "身份证号".to_owned(),
                    ..Field::default()
                };
                r.states[0].fields.push(field);
            },
            true,
        );
        check(
            "a button",
            |r| {
                let label = "同意并注册".to_owned();
                let kind = ControlKind::Submit;
                r.states[0].controls.push(Control {
                    key: "go2".to_owned(),
                    kind,
                    label,
                    ..Control::default()
                });
            },
            true,
        );
        check(
            "a clause of a document",
            |r| {
                let text = "您同意我们向您发送商业性信息。".to_owned();
                r.documents[0].texts.push(Paragraph {
                    text,
                    top: 0.0,
                    heading: 0,
                    size: 0.0,
                    set_off: false,
                });
            },
            true,
        );
    }

    #[test]
    fn no_page_has_no_version() {
        for outcome in [
            Outcome::Captcha,
            Outcome::Crashed,
            Outcome::TimedOut,
            Outcome::Unreachable,
            Outcome::NotAPage,
            Outcome::Blank,
        ] {
            assert_eq!(Version::of(&Record { outcome, ..record() }), None);
        }
        assert_eq!(Version::of(&Record { states: Vec::new(), ..record() }), None);
    }

    #[test]
    fn texts_cannot_run_into_each_other() {
        let of = |parts: &[&str]| {
            let mut items = Items::default();
            items.add(parts.iter().copied());
            items.0
        };
        assert_ne!(of(&["a", "b"]), of(&["ab"]));
        assert_ne!(of(&["a", ""]), of(&["", "a"]));
        assert_eq!(of(&["text", "同意"]).first().map(String::as_str), Some("16:4:text,6:同意,,"));
    }
}
