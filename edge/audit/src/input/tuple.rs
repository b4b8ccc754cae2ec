//! Few distinct combinations, read once each: the columns that hold words are taken together, so that a row
//! costs one look-up however many there are.

use std::collections::{BTreeMap, HashMap};

use ahash::RandomState;
use arrow_array::{Array, StringArray};

use super::frame::{Frame, Lane};
use super::mapping::TableMapping;
use super::names::hasher;
use super::plan;
use super::reject::Fault;
use super::table::Table;

/// What a combination means, or which of the faults it has.
pub(crate) type Outcome<T> = Result<T, usize>;

/// Combinations met so far by one reader.
pub(crate) struct Tuples<T> {
    /// The columns taken together, by their place in the table.
    columns: &'static [usize],
    /// What the mapping says of each, in the same order.
    words: Vec<Words>,
    by_bytes: HashMap<Box<[u8]>, Outcome<T>, RandomState>,
    by_codes: HashMap<Box<[u32]>, Outcome<T>, RandomState>,
    faults: Vec<Fault>,
    /// For each column: text to code.
    codes: Vec<Codes>,
    outcomes: Vec<Outcome<T>>,
}

/// Theirs to ours, and the word for an empty cell.
#[derive(Default)]
pub(crate) struct Words {
    ours: BTreeMap<String, String>,
    empty: String,
}

impl Words {
    pub(crate) fn new(table: Table, column: &'static str, mapping: &TableMapping) -> Self {
        Self {
            ours: mapping.values.get(column).cloned().unwrap_or_default(),
            empty: plan::default_of(table, column, mapping.defaults.get(column)).unwrap_or_default(),
        }
    }

    /// Our word for a cell.
    pub(crate) fn ours<'a>(&'a self, cell: &'a str) -> &'a str {
        let cell = if cell.trim().is_empty() { &self.empty } else { cell };
        self.ours.get(cell.trim()).map_or(cell, String::as_str)
    }
}

/// Codes of one column.
#[derive(Default)]
struct Codes {
    ids: HashMap<Box<str>, u32, RandomState>,
    texts: Vec<Box<str>>,
    /// The dictionary that `of_dictionary` was made for; held so that its address is not reused.
    dictionary: Option<StringArray>,
    of_dictionary: Vec<u32>,
    /// The code of each row of the present batch; empty when all rows have `constant`.
    rows: Vec<u32>,
    constant: u32,
}

impl<T: Copy> Tuples<T> {
    pub(crate) fn new(table: Table, columns: &'static [usize], mapping: &TableMapping) -> Self {
        let name = |at: &usize| table.columns().get(*at).map_or("", |c| c.name);
        Self {
            columns,
            words: columns.iter().map(|at| Words::new(table, name(at), mapping)).collect(),
            by_bytes: HashMap::with_hasher(hasher()),
            by_codes: HashMap::with_hasher(hasher()),
            faults: Vec::new(),
            codes: columns.iter().map(|_| Codes::default()).collect(),
            outcomes: Vec::new(),
        }
    }

    /// Forgets what was met, as another file may have other columns.
    pub(crate) fn forget(&mut self) {
        self.by_bytes.clear();
        self.by_codes.clear();
        self.faults.clear();
        for codes in &mut self.codes {
            *codes = Codes::default();
        }
    }

    /// The fault behind an outcome.
    pub(crate) fn fault(&self, at: usize) -> Fault {
        self.faults.get(at).cloned().unwrap_or_else(|| Fault::of_row("row was not read", ""))
    }

    /// Outcome of a row of the frame last read.
    pub(crate) fn outcome(&self, row: usize) -> Option<Outcome<T>> {
        self.outcomes.get(row).copied()
    }

    /// Reads the combinations of a frame. `parse` gets the cells in the order of the columns, in our words.
    pub(crate) fn read(&mut self, frame: &Frame<'_>, mut parse: impl FnMut(&[&str]) -> Result<T, Fault>) {
        if self.by_bytes.len() + self.by_codes.len() > MEMORY_MAX {
            // Memory stays bounded whatever stands in the columns; what repeats is soon met again.
            self.forget();
        }
        self.outcomes.clear();
        self.outcomes.reserve(frame.rows);
        let text_only =
            self.columns.iter().all(|c| matches!(frame.lane(*c), Lane::Constant(_) | Lane::Cells { .. }));
        if text_only {
            self.read_bytes(frame, &mut parse);
        } else {
            self.read_codes(frame, &mut parse);
        }
    }

    /// Rows of text: the cells' bytes, each after its length, are the key.
    fn read_bytes(&mut self, frame: &Frame<'_>, parse: &mut impl FnMut(&[&str]) -> Result<T, Fault>) {
        // Absent columns are the same in every row and stay out of the key.
        let cells: Vec<&Lane<'_>> = self
            .columns
            .iter()
            .map(|c| frame.lane(*c))
            .filter(|lane| matches!(lane, Lane::Cells { .. }))
            .collect();
        let (mut key, mut last_key) = (Vec::new(), Vec::new());
        let mut last = None;
        for row in 0..frame.rows {
            key.clear();
            for lane in &cells {
                let text = lane.text(row);
                key.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
                key.extend_from_slice(text.as_bytes());
            }
            let outcome = match last {
                Some(outcome) if key == last_key => outcome,
                _ => match self.by_bytes.get(key.as_slice()) {
                    Some(known) => *known,
                    None => {
                        let texts: Vec<_> = self.columns.iter().map(|c| frame.lane(*c).text(row)).collect();
                        let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
                        let outcome = self.parsed(&texts, parse);
                        self.by_bytes.insert(key.clone().into_boxed_slice(), outcome);
                        outcome
                    }
                },
            };
            last = Some(outcome);
            std::mem::swap(&mut key, &mut last_key);
            self.outcomes.push(outcome);
        }
    }

    /// Columns of a Parquet file: each text becomes a code once a dictionary, the codes of a row are the key.
    fn read_codes(&mut self, frame: &Frame<'_>, parse: &mut impl FnMut(&[&str]) -> Result<T, Fault>) {
        for (codes, column) in self.codes.iter_mut().zip(self.columns) {
            codes.read(frame.lane(*column), frame.rows);
        }
        let mut key: Vec<u32> = vec![0; self.columns.len()];
        let mut last_key = Vec::new();
        let mut last = None;
        for row in 0..frame.rows {
            for (place, codes) in key.iter_mut().zip(&self.codes) {
                *place = codes.rows.get(row).copied().unwrap_or(codes.constant);
            }
            let outcome = match last {
                Some(outcome) if key == last_key => outcome,
                _ => match self.by_codes.get(key.as_slice()) {
                    Some(known) => *known,
                    None => {
                        let texts: Vec<Box<str>> = self
                            .codes
                            .iter()
                            .zip(&key)
                            .map(|(codes, code)| codes.texts.get(*code as usize).cloned().unwrap_or_default())
                            .collect();
                        let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
                        let outcome = self.parsed(&texts, parse);
                        self.by_codes.insert(key.clone().into_boxed_slice(), outcome);
                        outcome
                    }
                },
            };
            if last_key != key {
                last_key.clone_from(&key);
            }
            last = Some(outcome);
            self.outcomes.push(outcome);
        }
    }

    fn parsed(&mut self, texts: &[&str], parse: &mut impl FnMut(&[&str]) -> Result<T, Fault>) -> Outcome<T> {
        let ours: Vec<&str> = texts.iter().zip(&self.words).map(|(text, words)| words.ours(text)).collect();
        parse(&ours).map_err(|fault| {
            self.faults.push(fault);
            self.faults.len() - 1
        })
    }
}

impl Codes {
    fn read(&mut self, lane: &Lane<'_>, rows: usize) {
        self.rows.clear();
        match lane {
            Lane::Constant(text) => self.constant = self.code(text),
            Lane::Dictionary { keys, values } => {
                self.read_dictionary(values);
                let empty = self.code("");
                if keys.null_count() == 0 {
                    let of = &self.of_dictionary;
                    self.rows.extend(
                        keys.values().iter().map(|key| of.get(*key as usize).copied().unwrap_or(empty)),
                    );
                } else {
                    let of = &self.of_dictionary;
                    self.rows.extend(
                        keys.iter()
                            .map(|key| key.and_then(|key| of.get(key as usize).copied()).unwrap_or(empty)),
                    );
                }
            }
            Lane::Cells { .. }
            | Lane::Strings(_)
            | Lane::Integers(_)
            | Lane::Times { .. }
            | Lane::Flags(_)
            | Lane::Floats(_)
            | Lane::Written(_) => {
                for row in 0..rows {
                    let code = self.code(&lane.text(row));
                    self.rows.push(code);
                }
            }
        }
    }

    fn read_dictionary(&mut self, values: &StringArray) {
        if self.dictionary.as_ref().is_some_and(|known| same_buffers(known, values)) {
            return;
        }
        self.of_dictionary.clear();
        for at in 0..values.len() {
            let code = self.code(if values.is_valid(at) { values.value(at) } else { "" });
            self.of_dictionary.push(code);
        }
        self.dictionary = Some(values.clone());
    }

    fn code(&mut self, text: &str) -> u32 {
        if let Some(code) = self.ids.get(text) {
            return *code;
        }
        let code = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.into());
        self.ids.insert(text.into(), code);
        code
    }
}

/// Are these the same values at the same addresses?
pub(crate) fn same_buffers(a: &StringArray, b: &StringArray) -> bool {
    a.len() == b.len()
        && a.value_data().as_ptr() == b.value_data().as_ptr()
        && a.value_offsets().as_ptr() == b.value_offsets().as_ptr()
}

/// Combinations remembered before the memory is emptied.
const MEMORY_MAX: usize = 1 << 20;
