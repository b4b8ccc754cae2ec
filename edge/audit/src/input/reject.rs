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
    /// A mapping of values could make it one of our words.
    pub mappable: bool,
}

impl Fault {
    pub(crate) fn new(column: &'static str, reason: impl Into<String>, value: &str) -> Self {
        Self { column: Some(column), reason: reason.into(), value: clipped(value), mappable: false }
    }

    pub(crate) fn of_row(reason: impl Into<String>, value: &str) -> Self {
        Self { column: None, reason: reason.into(), value: clipped(value), mappable: false }
    }

    /// A mapping of values could make it one of our words.
    pub(crate) fn mappable(mut self) -> Self {
        self.mappable = true;
        self
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

/// What begins the way out of an unknown word, after its reason.
pub const OR_MAP: &str = "; or say in mapping.toml what it means, under ";

/// Masks every run of 7 or more digits (also full-width, also across single separators) that is no date, and the local
/// part of e-mail addresses, and cuts to [`EXCERPT_CHARS`] characters. Control characters become spaces.
#[must_use]
pub fn masked(text: &str) -> String {
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
        let told = date_length(chars, run);
        let rest = run.len().saturating_sub(told);
        if rest >= LONG_RUN {
            for at in run.iter().skip(told + 3).take(rest - 5) {
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

/// Digits of a date, and its time of day, at the beginning of a run: `2021-11-11`, `20211111`, `20211111093000`. Ten or
/// eleven digits on end are a telephone number, whatever they begin with.
fn date_length(chars: &[char], run: &[usize]) -> usize {
    let digit = |at: &usize| chars.get(*at).and_then(|c| c.to_digit(10).or_else(|| wide(*c)));
    let number = |from: usize, to: usize| {
        let digits = run.get(from..to)?;
        digits.iter().try_fold(0, |sum, at| Some(sum * 10 + digit(at)?))
    };
    let part = |from, to, low: u32, high: u32| number(from, to).is_some_and(|n| (low..=high).contains(&n));
    if !(part(0, 4, 1900, 2099) && part(4, 6, 1, 12) && part(6, 8, 1, 31)) {
        return 0;
    }
    // Where one digit does not stand beside the next.
    let apart = |two: &[usize]| matches!(two, [a, b] if a + 1 != *b);
    let gaps: Vec<usize> = run.windows(2).zip(1..).filter(|(two, _)| apart(two)).map(|(_, at)| at).collect();
    let inside: Vec<usize> = gaps.iter().copied().filter(|at| *at < 8).collect();
    let ends = run.len() == 8 || gaps.contains(&8);
    match inside.as_slice() {
        [4, 6] if ends => 8,
        [] if ends => 8,
        [] if gaps.is_empty() && matches!(run.len(), 12 | 14) => {
            let seconds = run.len() == 12 || part(12, 14, 0, 60);
            if part(8, 10, 0, 24) && part(10, 12, 0, 59) && seconds { run.len() } else { 0 }
        }
        _ => 0,
    }
}

/// The value of a full-width digit.
fn wide(c: char) -> Option<u32> {
    ('０'..='９').contains(&c).then(|| c as u32 - '０' as u32)
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

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn numbers_are_masked_and_dates_are_not() {
        for (text, shown) in [
            ("13800138000", "138******00"),
            ("+86 138-0013-8000", "+86 1**-****-**00"),
            ("2021-11-11", "2021-11-11"),
            ("2021.11.11", "2021.11.11"),
            ("2021/11/11 09:30:00", "2021/11/11 09:30:00"),
            ("2021-11-11 09:30:00", "2021-11-11 09:30:00"),
            ("20211111", "20211111"),
            ("20211111093000", "20211111093000"),
            ("202111110930", "202111110930"),
            // No such day, no such hour, or the digits of a number.
            ("20211311", "202***11"),
            ("20211111993000", "202*********00"),
            ("2021 1111", "202* **11"),
            ("20211111093", "202******93"),
            ("2021-11-11 13800138000", "2021-11-11 138******00"),
            ("２０２１-１１-１１", "２０２１-１１-１１"),
            ("who@example.com", "w**@example.com"),
        ] {
            assert_eq!(masked(text), shown, "{text}");
        }
    }
}
