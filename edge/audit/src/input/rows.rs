//! Reads the units of some tables as frames, whatever their format: what the typed readers have in common.

use parquet::arrow::arrow_reader::ParquetRecordBatchReader;

use super::cells::Cells;
use super::encoding::Text;
use super::error::Error;
use super::frame::Frame;
use super::mapping::TableMapping;
use super::open::{Input, Layout};
use super::parquet_file::{self, Held};
use super::plan::Slot;
use super::reject::{Fault, OR_MAP, Reject, Tally};
use super::table::Table;
use super::units::{Unit, UnitId, Units, Work};
use super::{csv, ndjson};

/// Where one reader stands.
pub(crate) struct Rows<'i> {
    input: &'i Input,
    group: Option<Group>,
}

/// The row group being read.
struct Group {
    unit: UnitId,
    reader: ParquetRecordBatchReader,
    next_row: u64,
    rows_left: u64,
}

/// A batch in the form of its file.
pub(crate) struct Piece<'i> {
    /// The unit that it is part of.
    pub unit: UnitId,
    /// Is it the last of its unit?
    pub last: bool,
    pub table: Table,
    /// Rows that could not even be split into cells.
    pub rejects: Vec<Reject>,
    pub first_line: u64,
    pub body: Body,
    slots: &'i [Slot],
    layout: &'i Layout,
    pub mapping: &'i TableMapping,
}

pub(crate) enum Body {
    Cells(Cells),
    Columns(Held),
}

impl<'i> Rows<'i> {
    pub(crate) const fn new(input: &'i Input) -> Self {
        Self { input, group: None }
    }

    /// The next batch.
    pub(crate) fn next(&mut self, units: &Units<'i>) -> Result<Option<Piece<'i>>, Error> {
        loop {
            if let Some(group) = &mut self.group {
                let unit = group.unit;
                match self.next_of_group()? {
                    Some((held, first_row, last)) => {
                        if last {
                            self.group = None;
                        }
                        let piece = self.piece(unit, last, first_row, Body::Columns(held), Vec::new());
                        if piece.is_some() {
                            return Ok(piece);
                        }
                    }
                    None => self.group = None,
                }
                continue;
            }
            let Some(Unit { id, work }) = units.take()? else { return Ok(None) };
            let Some(opened) = self.input.files.get(usize::from(id.file)) else { continue };
            match work {
                Work::Text { bytes, first_line, encoding, faults } => {
                    let text = Text::new(bytes, encoding);
                    let cells = match &opened.layout {
                        Layout::Csv(layout) => csv::cells(text, layout),
                        Layout::NdJson(layout) => ndjson::cells(text, layout),
                        Layout::Nothing | Layout::Parquet(_) => Cells::default(),
                    };
                    let rejects = faults.iter().map(|(line, fault)| fault.at(id.file, *line)).collect();
                    if let Some(piece) = self.piece(id, true, first_line, Body::Cells(cells), rejects) {
                        return Ok(Some(piece));
                    }
                }
                Work::Group { index, first_row } => {
                    let (Layout::Parquet(layout), Some(path)) = (&opened.layout, &opened.path) else {
                        continue;
                    };
                    self.group = Some(Group {
                        unit: id,
                        reader: layout.reader(path, index)?,
                        next_row: first_row,
                        rows_left: layout.rows_of(index),
                    });
                }
            }
        }
    }

    fn next_of_group(&mut self) -> Result<Option<(Held, u64, bool)>, Error> {
        let Some(group) = &mut self.group else { return Ok(None) };
        let file = self.input.plan().file_name(group.unit.file);
        // The library checks most of what a damaged file can hold and asserts the rest.
        let reader = std::panic::AssertUnwindSafe(&mut group.reader);
        let next = std::panic::catch_unwind(move || {
            let reader = reader;
            reader.0.next()
        });
        let batch = match next {
            Ok(Some(Ok(batch))) => batch,
            Ok(Some(Err(error))) => return Err(parquet_file::damaged(file, group.next_row - 1, &error)),
            Err(_) => {
                return Err(parquet_file::damaged(file, group.next_row - 1, &"a page cannot be decoded"));
            }
            Ok(None) if group.rows_left == 0 => return Ok(None),
            Ok(None) => return Err(parquet_file::damaged(file, group.next_row - 1, &"rows are missing")),
        };
        let rows = batch.num_rows() as u64;
        let first_row = group.next_row;
        group.next_row += rows;
        group.rows_left = group.rows_left.saturating_sub(rows);
        Ok(Some((Held::new(&batch), first_row, group.rows_left == 0)))
    }

    fn piece(
        &self,
        unit: UnitId,
        last: bool,
        first_line: u64,
        body: Body,
        mut rejects: Vec<Reject>,
    ) -> Option<Piece<'i>> {
        let at = usize::from(unit.file);
        let (opened, plan) = (self.input.files.get(at)?, self.input.plan().files.get(at)?);
        if let Body::Cells(cells) = &body {
            let faults = cells.faults.iter();
            rejects.extend(faults.map(|(line, fault)| fault.at(unit.file, first_line + u64::from(*line))));
        }
        Some(Piece {
            unit,
            last,
            table: plan.table,
            rejects,
            first_line,
            body,
            slots: &opened.slots,
            layout: &opened.layout,
            mapping: self.input.mapping.table(plan.table),
        })
    }
}

impl Piece<'_> {
    /// The rows.
    pub(crate) fn frame(&self) -> Frame<'_> {
        match (&self.body, self.layout) {
            (Body::Cells(cells), _) => cells.frame(self.slots, self.first_line),
            (Body::Columns(held), Layout::Parquet(layout)) => held.frame(layout, self.slots, self.first_line),
            (Body::Columns(_), Layout::Nothing | Layout::Csv(_) | Layout::NdJson(_)) => {
                Frame { rows: 0, lanes: Vec::new(), first_line: self.first_line, lines: None }
            }
        }
    }

    /// How many rows the frame has.
    pub(crate) fn rows(&self) -> usize {
        match &self.body {
            Body::Cells(cells) => cells.lines.len(),
            Body::Columns(held) => held.rows(),
        }
    }

    /// A fault in a row of the frame.
    pub(crate) fn reject(&self, fault: &Fault, line: u64) -> Reject {
        let mut reject = fault.at(self.unit.file, line);
        if let Some(column) = fault.column.filter(|_| fault.mappable) {
            reject.reason += &format!("{OR_MAP}[{}.values.{column}]", self.table);
        }
        reject
    }

    /// Rows of this batch when so many of its frame were read: every other one is a reject.
    pub(crate) const fn tally(read: usize, rejects: &[Reject]) -> Tally {
        let (read, rejected) = (read as u64, rejects.len() as u64);
        Tally { rows: read + rejected, read, rejected }
    }
}
