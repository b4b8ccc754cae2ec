//! Acts of consent: what a user does, or is said to do, by which consent is given.

use serde::Serialize;

use crate::finding::Spot;
use crate::purpose::Purposes;
use crate::record::{ControlKind, Made, Record};

/// The acts of a record, each once, in the order in which they are met first.
#[must_use]
pub fn acts(record: &Record) -> Vec<Act> {
    let _ = record;
    Vec::new()
}

/// One action of the user's that gives consent, or would.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Act {
    /// How.
    pub kind: ActKind,
    /// Key of the control, or of the text when there is none: the same in all states.
    pub key: String,
    /// Index of the first state it is seen in.
    pub state: usize,
    /// All states it is seen in.
    pub states: Vec<usize>,
    /// Where to look in the first state: the control, then its texts.
    pub spots: Vec<Spot>,
    /// The consent text as it stands on the surface.
    pub text: String,
    /// Keys of the texts it is made of.
    pub texts: Vec<String>,
    /// Purposes on the surface.
    pub surface: Purposes,
    /// What its documents add, within two clicks.
    pub reached: Vec<Clause>,
    /// Indices of the documents the consent text links to, with those they link to.
    pub documents: Vec<usize>,
    /// The control, unless agreement is implied or announced.
    pub control: Option<Handle>,
    /// On in the first pristine state that shows it; `None` without such a state or control.
    pub pristine_on: Option<bool>,
    /// The control objects: on means no (“我不希望接收…”).
    pub inverted: bool,
    /// The way on cannot be gone without it.
    pub required: Required,
    /// Its text says that it need not be given.
    pub optional: bool,
    /// It was on when the form would have been sent, and nobody had touched it.
    pub dialog: Option<String>,
}

/// How consent is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ActKind {
    /// A control is switched on, or left on.
    Tick,
    /// A sentence says that doing something else means it, and no control asks for it.
    Implied,
    /// Sending is announced, and nothing asks.
    Announced,
    /// A button of a dialog.
    Button,
}

/// Whether one can go on without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Required {
    /// One can.
    No,
    /// The page says or shows that one cannot.
    Yes,
    /// Terms are not offered for choice, but nothing was tried.
    Presumed,
}

/// A control that gives consent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Handle {
    /// Key.
    pub key: String,
    /// Kind.
    pub kind: ControlKind,
    /// How made.
    pub made: Made,
}

/// What a document adds to an act.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Clause {
    /// Purposes it adds.
    pub purposes: Purposes,
    /// Index of the document.
    pub document: usize,
    /// Index of its paragraph.
    pub paragraph: usize,
    /// The sentence.
    pub quote: String,
    /// It takes consent or announces (“您同意…向您发送”), rather than only describing.
    pub firm: bool,
}

impl Act {
    /// Purposes on the surface and in the clauses that take consent.
    #[must_use]
    pub fn purposes(&self) -> Purposes {
        self.reached
            .iter()
            .filter(|clause| clause.firm)
            .fold(self.surface, |all, clause| all.union(clause.purposes))
    }
}
