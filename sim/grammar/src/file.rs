//! Grammar files: `@slot = a | b`, `[section …]`, one template a line.

use anning_vocab::ContentKind;

use crate::Label;
use crate::template::{Slots, Template};

/// What templates of a section are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A whole message of this label.
    Whole(Label),
    /// An offer that hangs on a notice.
    Tail,
    /// A message the rule leaves open.
    Open,
}

/// A section: templates of one sort.
#[derive(Debug)]
pub(crate) struct Section {
    /// What its templates are.
    pub(crate) part: Part,
    /// The line of goods or services.
    pub(crate) kind: ContentKind,
    /// How often it is drawn, beside others of its part.
    pub(crate) weight: usize,
    /// English.
    pub(crate) english: bool,
    /// Its templates with their numbers.
    pub(crate) templates: Vec<(u32, Template)>,
}

/// Everything read from files.
#[derive(Debug, Default)]
pub(crate) struct Content {
    pub(crate) slots: Slots,
    pub(crate) sections: Vec<Section>,
    count: u32,
}

impl Content {
    /// Adds a file. Lines that cannot be read are answered with their numbers.
    pub(crate) fn add(&mut self, text: &str) -> Vec<usize> {
        let mut bad = Vec::new();
        let mut slot: Option<String> = None;
        for (number, line) in text.lines().enumerate() {
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(more) = line.strip_prefix("  | ") {
                let Some(name) = &slot else {
                    bad.push(number + 1);
                    continue;
                };
                let fillers = Template::alternatives(more, &mut self.slots);
                self.slots.fill(name, trimmed(fillers));
            } else if let Some(definition) = line.strip_prefix('@') {
                let Some((name, fillers)) = definition.split_once('=') else {
                    bad.push(number + 1);
                    continue;
                };
                let fillers = Template::alternatives(fillers.trim(), &mut self.slots);
                self.slots.fill(name.trim(), trimmed(fillers));
                slot = Some(name.trim().to_owned());
            } else if let Some(head) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                slot = None;
                match section(head) {
                    Some(section) => self.sections.push(section),
                    None => bad.push(number + 1),
                }
            } else {
                self.template(line, number, &mut bad);
            }
        }
        bad
    }

    fn template(&mut self, line: &str, number: usize, bad: &mut Vec<usize>) {
        let template = Template::read(line, &mut self.slots);
        self.count += 1;
        match self.sections.last_mut() {
            Some(section) => section.templates.push((self.count, template)),
            None => bad.push(number + 1),
        }
    }
}

/// Fillers are parted by ` | `: the blanks are not part of them.
fn trimmed(fillers: Vec<Template>) -> Vec<Template> {
    fillers.into_iter().map(Template::trimmed).collect()
}

/// Reads `marketing retail weight=3 en`.
fn section(head: &str) -> Option<Section> {
    let mut words = head.split_whitespace();
    let part = match words.next()? {
        "marketing" => Part::Whole(Label::Marketing),
        "service" => Part::Whole(Label::Service),
        "otp" => Part::Whole(Label::Otp),
        "personal" => Part::Whole(Label::Personal),
        "other" => Part::Whole(Label::Other),
        "tail" => Part::Tail,
        "open" => Part::Open,
        _ => return None,
    };
    let mut section =
        Section { part, kind: ContentKind::Other, weight: 1, english: false, templates: Vec::new() };
    for word in words {
        if let Some(weight) = word.strip_prefix("weight=") {
            section.weight = weight.parse().ok()?;
        } else if word == "en" {
            section.english = true;
        } else {
            section.kind = ContentKind::from_code(word)?;
        }
    }
    Some(section)
}
