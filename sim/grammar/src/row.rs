//! A row the grammar wrote, and what one may ask of it.

use anning_vocab::{Class, ContentKind};

/// What a row is, in the words of the message corpus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Label {
    /// An offer, alone or as a tail of a notice.
    Marketing,
    /// A notice about something the person has or did.
    Service,
    /// A verification code.
    Otp,
    /// Between persons.
    Personal,
    /// Public notices, news and the like.
    Other,
}

/// One text and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The text.
    pub text: String,
    /// Is it commercial? `None` where the rule leaves it open.
    pub commercial: Option<bool>,
    /// What it is.
    pub label: Label,
    /// A notice that carries an offer.
    pub mixed: bool,
    /// It carries a verification code.
    pub code: bool,
    /// It tells a way to refuse.
    pub refusal: bool,
    /// The line of goods or services it is about.
    pub kind: ContentKind,
    /// Written in English.
    pub english: bool,
    /// Where the offer stands, as a byte range, if the row is mixed.
    pub offer: Option<core::ops::Range<usize>>,
    /// Number of the template it was written from.
    pub template: u32,
}

/// What is asked of a row; `None` leaves it open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Want<'a> {
    /// The line of goods or services.
    pub kind: Option<ContentKind>,
    /// Commercial, not commercial or mixed; borderline is answered by a row that the rule leaves open.
    pub class: Option<Class>,
    /// With or without a verification code.
    pub code: Option<bool>,
    /// With or without a way to refuse.
    pub refusal: Option<bool>,
    /// The signature to stand in 【…】; `Some("")` for none.
    pub signature: Option<&'a str>,
}
