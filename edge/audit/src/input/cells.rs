//! Rows of text as ranges of one arena, whatever text format they came from.

use super::frame::{Frame, Lane, Span};
use super::plan::Slot;
use super::reject::Fault;

/// The rows of one unit of a text file.
#[derive(Default)]
pub(crate) struct Cells {
    /// All text.
    pub arena: String,
    /// `width` ranges a row.
    pub spans: Vec<Span>,
    /// Cells a row: columns that the file has and we read.
    pub width: usize,
    /// Line of each row, counted from the first line of the unit.
    pub lines: Vec<u32>,
    /// Rows that could not be split into cells, with their line as above.
    pub faults: Vec<(u32, Fault)>,
}

impl Cells {
    /// The rows as a frame. `slots`: where each column of the table comes from.
    pub(crate) fn frame<'a>(&'a self, slots: &'a [Slot], first_line: u64) -> Frame<'a> {
        let lanes = slots
            .iter()
            .map(|slot| match slot {
                Slot::Cell(at) => {
                    Lane::Cells { arena: &self.arena, spans: &self.spans, width: self.width, at: *at }
                }
                Slot::Constant(text) => Lane::Constant(text),
                Slot::Absent => Lane::Constant(""),
            })
            .collect();
        Frame { rows: self.lines.len(), lanes, first_line, lines: Some(&self.lines) }
    }
}
