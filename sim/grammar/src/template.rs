//! Templates: text with slots `{name}`, choices `(a|b|)` and figures `{n:10-99}`.

use std::collections::HashMap;

use crate::figure::Figure;
use crate::random::Stream;

/// A piece of a template.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Piece {
    /// As it stands.
    Text(String),
    /// One of these.
    Choice(Vec<Template>),
    /// A slot, by its place among the slots.
    Slot(usize),
    /// A number, date, link.
    Figure(Figure),
    /// Here the offer of a mixed text begins or ends.
    Mark,
}

/// A template.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Template(Vec<Piece>);

/// Slots by name: what they may be filled with.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    names: HashMap<String, usize>,
    fillers: Vec<Vec<Template>>,
}

impl Slots {
    /// The place of a slot; made if it is not there yet.
    pub(crate) fn place(&mut self, name: &str) -> usize {
        if let Some(&at) = self.names.get(name) {
            return at;
        }
        self.names.insert(name.to_owned(), self.fillers.len());
        self.fillers.push(Vec::new());
        self.fillers.len() - 1
    }

    /// Adds fillers to a slot.
    pub(crate) fn fill(&mut self, name: &str, fillers: Vec<Template>) {
        let at = self.place(name);
        if let Some(slot) = self.fillers.get_mut(at) {
            slot.extend(fillers);
        }
    }

    /// The place of a slot that has fillers.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        let at = *self.names.get(name)?;
        self.fillers.get(at).is_some_and(|f| !f.is_empty()).then_some(at)
    }

    /// Slots that are used and have no fillers: mistakes in the files.
    #[cfg(test)]
    pub(crate) fn empty(&self) -> Vec<&str> {
        let is_empty = |at: usize| self.fillers.get(at).is_none_or(Vec::is_empty);
        self.names.iter().filter(|&(_, &at)| is_empty(at)).map(|(name, _)| name.as_str()).collect()
    }

    /// Fills a slot.
    pub(crate) fn write(&self, slot: usize, stream: &mut Stream, out: &mut String, marks: &mut Vec<usize>) {
        let filler = self.fillers.get(slot).and_then(|fillers| stream.one(fillers));
        if let Some(filler) = filler {
            filler.write(self, stream, out, marks);
        }
    }
}

impl Template {
    /// Reads a template.
    pub(crate) fn read(text: &str, slots: &mut Slots) -> Self {
        let mut reader = Reader { rest: text, slots };
        Self(reader.pieces(false))
    }

    /// Reads alternatives parted by `|`.
    pub(crate) fn alternatives(text: &str, slots: &mut Slots) -> Vec<Self> {
        let mut reader = Reader { rest: text, slots };
        reader.choices()
    }

    /// Without blanks at either end.
    pub(crate) fn trimmed(mut self) -> Self {
        if let Some(Piece::Text(text)) = self.0.first_mut() {
            *text = text.trim_start().to_owned();
        }
        if let Some(Piece::Text(text)) = self.0.last_mut() {
            *text = text.trim_end().to_owned();
        }
        self
    }

    /// Writes the template out. `marks` gets the places of offer marks.
    pub(crate) fn write(&self, slots: &Slots, stream: &mut Stream, out: &mut String, marks: &mut Vec<usize>) {
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Choice(choices) => {
                    if let Some(choice) = stream.one(choices) {
                        choice.write(slots, stream, out, marks);
                    }
                }
                Piece::Slot(at) => slots.write(*at, stream, out, marks),
                Piece::Figure(figure) => figure.write(stream, out),
                Piece::Mark => marks.push(out.len()),
            }
        }
    }
}

struct Reader<'a, 'b> {
    rest: &'a str,
    slots: &'b mut Slots,
}

impl Reader<'_, '_> {
    fn choices(&mut self) -> Vec<Template> {
        let mut all = vec![Template(self.pieces(true))];
        while let Some(rest) = self.rest.strip_prefix('|') {
            self.rest = rest;
            all.push(Template(self.pieces(true)));
        }
        all
    }

    /// Reads up to the end, or up to `|` or `)` inside choices.
    fn pieces(&mut self, inside: bool) -> Vec<Piece> {
        let mut pieces = Vec::new();
        loop {
            let stop = |c: char| matches!(c, '{' | '(' | '^') || (inside && matches!(c, '|' | ')'));
            let end = self.rest.find(stop).unwrap_or(self.rest.len());
            let (text, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
            if !text.is_empty() {
                pieces.push(Piece::Text(text.replace("\\n", "\n")));
            }
            self.rest = rest;
            let mut after = rest.chars();
            match after.next() {
                Some('^') => {
                    self.rest = after.as_str();
                    pieces.push(Piece::Mark);
                }
                Some('{') => {
                    let (name, rest) = after.as_str().split_once('}').unwrap_or((after.as_str(), ""));
                    self.rest = rest;
                    pieces.push(self.named(name));
                }
                Some('(') => {
                    self.rest = after.as_str();
                    pieces.push(Piece::Choice(self.choices()));
                    self.rest = self.rest.strip_prefix(')').unwrap_or(self.rest);
                }
                _ => return pieces,
            }
        }
    }

    fn named(&mut self, name: &str) -> Piece {
        Figure::read(name).map_or_else(|| Piece::Slot(self.slots.place(name)), Piece::Figure)
    }
}
