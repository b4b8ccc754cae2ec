//! The grammar: templates with slots, drawn by seed and index.

use std::sync::OnceLock;

use anning_vocab::{Class, ContentKind};

use crate::envelope::Envelope;
use crate::file::{Content, Part, Section};
use crate::random::Stream;
use crate::template::Template;
use crate::tricks;
use crate::{Label, Row, Want};

/// Templates and slot fillers.
#[derive(Debug)]
pub struct Grammar {
    content: Content,
    /// How often each sort of row is drawn, in thousandths.
    shares: &'static [(Sort, usize)],
}

/// Sorts of rows, as they are dealt out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    /// One template.
    Whole(Label),
    /// A notice with an offer behind or before it.
    Mixed,
    /// A code with an offer behind it.
    CodeMixed,
    /// Left open by the rule.
    Open,
}

const SHARES: &[(Sort, usize)] = &[
    (Sort::Whole(Label::Marketing), 390),
    (Sort::Mixed, 120),
    (Sort::CodeMixed, 15),
    (Sort::Whole(Label::Service), 220),
    (Sort::Whole(Label::Otp), 55),
    (Sort::Whole(Label::Personal), 150),
    (Sort::Whole(Label::Other), 50),
];
const CODES_ONLY: &[(Sort, usize)] = &[(Sort::Whole(Label::Otp), 1)];

impl Grammar {
    /// What we train on and draw samples from.
    #[must_use]
    pub fn authored() -> &'static Self {
        static AUTHORED: OnceLock<Grammar> = OnceLock::new();
        AUTHORED.get_or_init(|| Self::of(crate::FILES, SHARES))
    }

    /// Verification codes written apart from the rest, never trained on.
    #[must_use]
    pub fn heldout_codes() -> &'static Self {
        static CODES: OnceLock<Grammar> = OnceLock::new();
        CODES.get_or_init(|| Self::of(crate::HELDOUT_CODES, CODES_ONLY))
    }

    fn of(files: &[(&str, &str)], shares: &'static [(Sort, usize)]) -> Self {
        let mut content = Content::default();
        for (_, text) in files {
            content.add(text);
        }
        Self { content, shares }
    }

    /// Row number `index` of the stream `seed`: any sort, as inboxes hold them, tricks included.
    #[must_use]
    pub fn row(&self, seed: u64, index: u64) -> Row {
        let mut stream = Stream::of(seed, index);
        let mut at = stream.below(self.shares.iter().map(|(_, share)| share).sum());
        let mut sort = Sort::Whole(Label::Otp);
        for &(candidate, share) in self.shares {
            if at < share {
                sort = candidate;
                break;
            }
            at -= share;
        }
        let mut row = self.draw(sort, &mut stream, &Want::default());
        tricks::play(&mut row, &mut stream);
        row
    }

    /// A row as wanted, written plainly. Where no template meets every wish, `class` and `code` win
    /// over `kind`.
    #[must_use]
    pub fn text(&self, seed: u64, index: u64, want: &Want<'_>) -> Row {
        let mut stream = Stream::of(seed ^ 0x7e47, index);
        let code = want.code == Some(true) || self.shares == CODES_ONLY;
        let sort = match (want.class, code) {
            (Some(Class::Commercial | Class::Mixed), true) => Sort::CodeMixed,
            (_, true) => Sort::Whole(Label::Otp),
            (Some(Class::Mixed), false) => Sort::Mixed,
            (Some(Class::Commercial), false) => Sort::Whole(Label::Marketing),
            (Some(Class::Borderline), false) => Sort::Open,
            (Some(Class::NotCommercial), false) => Sort::Whole(Label::Service),
            (None, false) if stream.chance(60) => Sort::Whole(Label::Marketing),
            (None, false) => Sort::Whole(Label::Service),
        };
        self.draw(sort, &mut stream, want)
    }

    fn draw(&self, sort: Sort, stream: &mut Stream, want: &Want<'_>) -> Row {
        let (label, commercial) = match sort {
            Sort::Whole(label) => (label, Some(label == Label::Marketing)),
            Sort::Mixed | Sort::CodeMixed => (Label::Marketing, Some(true)),
            Sort::Open => (Label::Other, None),
        };
        let first = match sort {
            Sort::Whole(label) => Part::Whole(label),
            Sort::Mixed => Part::Whole(Label::Service),
            Sort::CodeMixed => Part::Whole(Label::Otp),
            Sort::Open => Part::Open,
        };
        let mixed = matches!(sort, Sort::Mixed | Sort::CodeMixed);
        // A notice of one firm rarely carries another's offer: what is drawn first binds the line.
        let base = self.section(first, want.kind, false, stream);
        let tail = base.filter(|_| mixed).and_then(|s| {
            let kind = (s.kind != ContentKind::Other).then_some(s.kind);
            self.section(Part::Tail, kind, s.english, stream)
        });
        let (kind, english) = base.map_or((ContentKind::Other, false), |s| (s.kind, s.english));
        let mut group = 0;
        let mut parts = Vec::with_capacity(3);
        for section in [base, tail].into_iter().flatten() {
            if let Some((number, template)) = stream.one(&section.templates) {
                group = *number;
                parts.push((self.write(template, stream), section.part == Part::Tail));
            }
        }
        if mixed && sort == Sort::Mixed && stream.chance(12) {
            parts.reverse();
        }
        let code = matches!(sort, Sort::Whole(Label::Otp) | Sort::CodeMixed);
        let envelope = Envelope { label, mixed, code, kind, english, want };
        let (text, offer, refusal) = envelope.wrap(parts, &self.content.slots, stream);
        Row { text, commercial, label, mixed, code, refusal, kind, english, offer, template: group }
    }

    /// A section by part, line and language; the line gives way if no section has it.
    fn section(
        &self,
        part: Part,
        kind: Option<ContentKind>,
        english: bool,
        stream: &mut Stream,
    ) -> Option<&Section> {
        let of_part = |s: &&Section| {
            s.part == part && !s.templates.is_empty() && (part != Part::Tail || s.english == english)
        };
        let matching: Vec<&Section> = self
            .content
            .sections
            .iter()
            .filter(of_part)
            .filter(|s| kind.is_none_or(|k| s.kind == k))
            .collect();
        let any: Vec<&Section> = self.content.sections.iter().filter(of_part).collect();
        let from = if matching.is_empty() { any } else { matching };
        let mut at = stream.below(from.iter().map(|s| s.weight * s.templates.len()).sum());
        for section in from {
            let weight = section.weight * section.templates.len();
            if at < weight {
                return Some(section);
            }
            at -= weight;
        }
        None
    }

    fn write(&self, template: &Template, stream: &mut Stream) -> String {
        let mut out = String::new();
        template.write(&self.content.slots, stream, &mut out, &mut Vec::new());
        out
    }

    /// How many templates there are.
    #[must_use]
    pub fn templates(&self) -> usize {
        self.content.sections.iter().map(|s| s.templates.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_read_whole() {
        for files in [crate::FILES, crate::HELDOUT_CODES] {
            let mut content = Content::default();
            for (name, text) in files {
                assert_eq!(content.add(text), Vec::<usize>::new(), "lines of {name}");
            }
            assert_eq!(content.slots.empty(), Vec::<&str>::new());
        }
    }
}
