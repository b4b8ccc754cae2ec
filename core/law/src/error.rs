//! What can be wrong with a page of the law pack, where, and the way out.

use core::fmt;

/// A line of a file of the law pack.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Path below `law/`.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "law/{}:{}", self.file, self.line)
    }
}

/// A page that cannot stand as it is. Every variant says where.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "fields are the place and the offending value; Display says the rest")]
pub enum Error {
    /// A line that is neither text, fate, note, limit nor example.
    UnknownLine { at: Place, line: String },
    /// The head between `+++` lines is missing or not closed.
    NoHead { at: Place },
    /// A fenced block is not closed.
    OpenFence { at: Place },
    /// A data line is not of the subset of TOML that the pack uses.
    Data { at: Place, why: &'static str },
    /// A required key is missing.
    MissingKey { at: Place, key: &'static str },
    /// A key that nothing reads.
    UnknownKey { at: Place, key: String },
    /// A value of the wrong kind, or not one of the words allowed.
    BadValue { at: Place, key: String, wanted: &'static str },
    /// A heading whose braces cannot be read.
    Heading { at: Place, why: &'static str },
    /// The Chinese number of a heading and the number in its id differ.
    HeadingNumber { at: Place, heading: String, id: String },
    /// Not a date.
    Date { at: Place, text: String, why: anning_vocab::DateError },
    /// An interval that ends before it begins.
    Backwards { at: Place },
    /// Not a verification mark.
    UnknownMark { at: Place, mark: String },
    /// A version without text that does not say `text="none"`.
    NoText { at: Place, article: String },
    /// A fate that names a paragraph, item or sentence that the text does not have.
    NoSuchTarget { at: Place, target: String },
    /// A fate without the rule, test or reason that it promises.
    EmptyFate { at: Place },
    /// An example row with another number of columns.
    Columns { at: Place, found: usize, wanted: usize },
    /// A situation phrase that `examples.md` does not list.
    UnknownPhrase { at: Place, phrase: String },
    /// An outcome that is not one of the fixed words.
    UnknownOutcome { at: Place, outcome: String },
    /// An example that cites a provision of another article.
    ForeignCitation { at: Place, citation: String },
    /// An example whose citation fits no rule of the article, or several.
    WhichRule { at: Place, citation: String, rules: Vec<String> },
    /// Two instruments, limits or obligations with one id.
    Twice { at: Place, id: String },
    /// Two versions of an article in force on the same day.
    Overlap { at: Place, article: String, on: anning_vocab::Date },
    /// Days on which an article has no version and nothing says why.
    Gap { at: Place, article: String, on: anning_vocab::Date },
    /// A version outside the period of its instrument.
    OutsideInstrument { at: Place, article: String },
    /// A reference to an article or instrument that the pack does not hold (on those days).
    Dangling { at: Place, reference: String },
    /// A rule anchored at two provisions on one day.
    TwoAnchors { at: Place, rule: String, on: anning_vocab::Date },
    /// A sentence both bound to a rule and set aside, or set aside twice.
    TwoFates { at: Place, article: String, sentence: String },
}

impl Error {
    /// Where it is.
    #[must_use]
    pub const fn at(&self) -> &Place {
        match self {
            Self::UnknownLine { at, .. }
            | Self::NoHead { at }
            | Self::OpenFence { at }
            | Self::Data { at, .. }
            | Self::MissingKey { at, .. }
            | Self::UnknownKey { at, .. }
            | Self::BadValue { at, .. }
            | Self::Heading { at, .. }
            | Self::HeadingNumber { at, .. }
            | Self::Date { at, .. }
            | Self::Backwards { at }
            | Self::UnknownMark { at, .. }
            | Self::NoText { at, .. }
            | Self::NoSuchTarget { at, .. }
            | Self::EmptyFate { at }
            | Self::Columns { at, .. }
            | Self::UnknownPhrase { at, .. }
            | Self::UnknownOutcome { at, .. }
            | Self::ForeignCitation { at, .. }
            | Self::WhichRule { at, .. }
            | Self::Twice { at, .. }
            | Self::Overlap { at, .. }
            | Self::Gap { at, .. }
            | Self::OutsideInstrument { at, .. }
            | Self::Dangling { at, .. }
            | Self::TwoAnchors { at, .. }
            | Self::TwoFates { at, .. } => at,
        }
    }

    /// What is wrong and the way out, the offending value last.
    fn says(&self) -> String {
        match self {
            Self::UnknownLine { line, .. } => format!(
                "line is none of `> text`, 规则, 参见, 测试, 另置, 注：, Note:, a table row or a fenced block: {line}"
            ),
            Self::NoHead { .. } => "no head: the file must open with `+++`, keys, `+++`".to_owned(),
            Self::OpenFence { .. } => "fenced block is not closed: add a line of three backticks".to_owned(),
            Self::Data { why, .. } => (*why).to_owned(),
            Self::MissingKey { key, .. } => format!("key is missing: {key}"),
            Self::UnknownKey { key, .. } => {
                format!("nothing reads this key, remove it or correct its name: {key}")
            }
            Self::BadValue { key, wanted, .. } => format!("value must be {wanted}: {key}"),
            Self::Heading { why, .. } => (*why).to_owned(),
            Self::HeadingNumber { heading, id, .. } => {
                format!("heading {heading} does not count the same article as its id: {id}")
            }
            Self::Date { text, why, .. } => format!("{why}: {text}"),
            Self::Backwards { .. } => "`until` lies before `from`".to_owned(),
            Self::UnknownMark { mark, .. } => format!("unknown mark, use T, T/n, S or M: {mark}"),
            Self::NoText { article, .. } => {
                format!("no text: quote it with `> `, or say text=\"none\" in the heading of: {article}")
            }
            Self::NoSuchTarget { target, .. } => format!("the text above has no such part: {target}"),
            Self::EmptyFate { .. } => "a fate needs its rule, its test or its reason".to_owned(),
            Self::Columns { found, wanted, .. } => format!("row must have {wanted} columns, has: {found}"),
            Self::UnknownPhrase { phrase, .. } => {
                format!(
                    "law/examples.md does not list this phrase, add it there or use a listed one: {phrase}"
                )
            }
            Self::UnknownOutcome { outcome, .. } => {
                format!("outcome must be 符合, 违反, 未证明, 不明, 不适用 or 从严…/从宽…: {outcome}")
            }
            Self::ForeignCitation { citation, .. } => {
                format!("an example stands below the article it cites, this one cites: {citation}")
            }
            Self::WhichRule { citation, rules, .. } if rules.is_empty() => {
                format!("no rule is bound to: {citation}")
            }
            Self::WhichRule { citation, rules, .. } => {
                format!(
                    "name the rule after the citation in backticks, one of {}: {citation}",
                    rules.join(", ")
                )
            }
            Self::Twice { id, .. } => format!("id is taken already: {id}"),
            Self::Overlap { article, on, .. } => {
                format!("{article} has two versions, end the earlier one before: {on}")
            }
            Self::Gap { article, on, .. } => {
                format!("{article} has no version and no `was` or `now` says why, from: {on}")
            }
            Self::OutsideInstrument { article, .. } => {
                format!("version lies outside the period of its instrument: {article}")
            }
            Self::Dangling { reference, .. } => {
                format!("the pack holds no such text on those days: {reference}")
            }
            Self::TwoAnchors { rule, on, .. } => {
                format!("rule `{rule}` has another anchor already, write 参见 instead of 规则, on: {on}")
            }
            Self::TwoFates { article, sentence, .. } => {
                format!("{article} has two fates, narrow one of them, for the sentence: {sentence}")
            }
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at(), self.says())
    }
}
impl core::error::Error for Error {}
