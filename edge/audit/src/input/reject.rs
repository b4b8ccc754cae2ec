//! Rows that could not be read, and the balance of rows.

/// A row that could not be read. Nothing in it shows a whole number or address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The file, by its position in the plan.
    pub file: u16,
    /// The line, from 1; in a Parquet file the row, from 1.
    pub line: u64,
    /// Our name of the column, if one is to blame.
    pub column: Option<&'static str>,
    /// Why, and the way out if there is one.
    pub reason: String,
    /// What stood there, masked, at most [`EXCERPT_CHARS`] characters.
    pub excerpt: String,
}

/// What is wrong with one cell, before file and line are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Our name of the column.
    pub column: Option<&'static str>,
    /// Why.
    pub reason: String,
    /// The offending text, not yet masked.
    pub value: String,
}

impl Fault {
    pub(crate) fn new(column: &'static str, reason: impl Into<String>, value: &str) -> Self {
        Self { column: Some(column), reason: reason.into(), value: clipped(value) }
    }

    pub(crate) fn of_row(reason: impl Into<String>, value: &str) -> Self {
        Self { column: None, reason: reason.into(), value: clipped(value) }
    }

    pub(crate) fn at(&self, file: u16, line: u64) -> Reject {
        Reject { file, line, column: self.column, reason: self.reason.clone(), excerpt: masked(&self.value) }
    }
}

/// Rows of one file: in = read + rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Tally {
    /// Rows that the file holds, as far as it was read.
    pub rows: u64,
    /// Rows that became typed rows.
    pub read: u64,
    /// Rows that were rejected.
    pub rejected: u64,
}

impl Tally {
    /// Does every row have a fate?
    #[must_use]
    pub const fn balances(self) -> bool {
        self.rows == self.read + self.rejected
    }

    /// Counts another part of the same file.
    pub const fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.read += other.read;
        self.rejected += other.rejected;
    }

    /// A row that was read is rejected after all, such as a repeated id.
    pub const fn reject_one(&mut self) {
        self.read -= 1;
        self.rejected += 1;
    }
}

/// The tally of every file, by its position in the plan.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Tallies {
    files: Vec<Tally>,
}

impl Tallies {
    /// The tally of a file.
    #[must_use]
    pub fn file(&self, file: u16) -> Tally {
        self.files.get(usize::from(file)).copied().unwrap_or_default()
    }

    /// The tally of a file, to be added to.
    pub fn file_mut(&mut self, file: u16) -> &mut Tally {
        let at = usize::from(file);
        if self.files.len() <= at {
            self.files.resize(at + 1, Tally::default());
        }
        // Resized above, so `at` is inside.
        #[expect(clippy::indexing_slicing, reason = "resized to hold `at` just above")]
        &mut self.files[at]
    }

    /// Adds those of another reader.
    pub fn add(&mut self, other: &Self) {
        for (file, tally) in (0..).zip(&other.files) {
            self.file_mut(file).add(*tally);
        }
    }

    /// All files together.
    #[must_use]
    pub fn total(&self) -> Tally {
        self.files.iter().fold(Tally::default(), |mut sum, t| {
            sum.add(*t);
            sum
        })
    }
}

/// Masks every run of 7 or more digits (also full-width, also across single separators) and the local part
/// of e-mail addresses, and cuts to [`EXCERPT_CHARS`] characters. Control characters become spaces.
#[must_use]
pub(crate) fn masked(text: &str) -> String {
    let chars: Vec<char> =
        text.chars().take(EXCERPT_CHARS).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut hidden = vec![false; chars.len()];
    mask_digits(&chars, &mut hidden);
    mask_mail(&chars, &mut hidden);
    chars.iter().zip(&hidden).map(|(c, hide)| if *hide { '*' } else { *c }).collect()
}

/// Hides all but the first three and last two digits of each long run.
fn mask_digits(chars: &[char], hidden: &mut [bool]) {
    let mut run: Vec<usize> = Vec::new();
    let mut gap = 0;
    let mut close = |run: &mut Vec<usize>| {
        if run.len() >= LONG_RUN {
            for at in run.iter().skip(3).take(run.len() - 5) {
                if let Some(hide) = hidden.get_mut(*at) {
                    *hide = true;
                }
            }
        }
        run.clear();
    };
    for (at, c) in chars.iter().enumerate() {
        if c.is_ascii_digit() || ('０'..='９').contains(c) {
            run.push(at);
            gap = 0;
        } else {
            gap += 1;
            if gap > 1 || !matches!(c, ' ' | '-' | '\u{a0}' | '.' | '(' | ')') {
                close(&mut run);
            }
        }
    }
    close(&mut run);
}

/// Hides the local part of e-mail addresses but for its first character.
fn mask_mail(chars: &[char], hidden: &mut [bool]) {
    for (at, _) in chars.iter().enumerate().filter(|(_, c)| **c == '@') {
        let local = chars.get(..at).unwrap_or_default();
        let len = local
            .iter()
            .rev()
            .take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+'))
            .count();
        for place in hidden.iter_mut().take(at).skip((at - len) + 1) {
            *place = true;
        }
    }
}

/// Long cells are cut before they are kept.
fn clipped(value: &str) -> String {
    value.chars().take(EXCERPT_CHARS).collect()
}

/// Longest excerpt, in characters.
pub const EXCERPT_CHARS: usize = 120;
/// Digits from which on a run may be a telephone number.
const LONG_RUN: usize = 7;
