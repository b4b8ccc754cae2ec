//! Acts of consent: what a user does, or is said to do, by which consent is given.

mod dialog;
mod library;
mod required;
mod said;
mod tick;

use serde::Serialize;

use crate::finding::Spot;
use crate::lexicon::Word;
use crate::phrase;
use crate::purpose::{Purposes, asked};
use crate::record::{ControlKind, Made, Record, State};
use crate::sentence::{Sentence, sentences};
use library::Library;
pub(crate) use tick::{consent_text, is_fake};

/// The acts of a record, each once, in the order in which they are met first.
#[must_use]
pub fn acts(record: &Record) -> Vec<Act> {
    let library = Library::of(record);
    let mut found = Vec::new();
    for state in &record.states {
        tick::gather(record, state, &library, &mut found);
        dialog::gather(state, &library, &mut found);
        said::gather(record, state, &library, &mut found);
    }
    required::settle(record, &mut found);
    found
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
    /// Key of the dialog it stands in.
    pub dialog: Option<String>,
    /// Seen by a person in some state, or in a fold that a person can open.
    pub shown: bool,
    /// What is implied is in doubt: a control in the same places asks for all of it, or using the site is what implies.
    pub covered: bool,
    /// The call it speaks of may be the service that the page offers: a request, and no marketing.
    pub requested: bool,
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
        self.firm().fold(self.surface, |all, clause| all.union(clause.purposes))
    }

    /// Clauses of its documents that take consent.
    pub fn firm(&self) -> impl Iterator<Item = &Clause> {
        self.reached.iter().filter(|clause| clause.firm)
    }

    /// It stands in this state.
    #[must_use]
    pub fn is_in(&self, state: usize) -> bool {
        self.states.contains(&state)
    }

    /// It asks: a control that is switched on to agree.
    #[must_use]
    pub fn asks(&self) -> bool {
        matches!(self.kind, ActKind::Tick) && !self.inverted
    }

    /// It objects, and is on from the start: silence is no consent, and nothing is asked for.
    #[must_use]
    pub fn refuses_by_default(&self) -> bool {
        self.inverted && self.pristine_on == Some(true)
    }

    /// Takes what the page offers out of its purposes: an adviser's call on a page that offers one.
    fn without_service(mut self, state: &State) -> Self {
        let buttons =
            state.controls.iter().filter(|control| control.kind.is_button() && control.seen.is_shown());
        let mut offered = buttons.map(|control| control.label.as_str()).chain([state.title.as_str()]);
        if self.surface.has(Purposes::MARKETING)
            && phrase::is_adviser_call(&self.text)
            && offered.any(phrase::requests_call)
        {
            self.surface = self.surface.without(Purposes::MARKETING);
            self.requested = true;
        }
        self
    }

    /// The act of this kind and key, with one more state; `None` when it is new.
    fn again<'a>(found: &'a mut [Self], kind: ActKind, key: &str, state: usize) -> Option<&'a mut Self> {
        let act = found.iter_mut().find(|act| act.kind == kind && act.key == key)?;
        if !act.is_in(state) {
            act.states.push(state);
        }
        Some(act)
    }

    fn new(kind: ActKind, key: &str, state: &State) -> Self {
        Self {
            kind,
            key: key.to_owned(),
            state: state.id,
            states: vec![state.id],
            spots: Vec::new(),
            text: String::new(),
            texts: Vec::new(),
            surface: Purposes::NONE,
            reached: Vec::new(),
            documents: Vec::new(),
            control: None,
            pristine_on: None,
            inverted: false,
            required: Required::No,
            optional: false,
            dialog: None,
            shown: true,
            covered: false,
            requested: false,
        }
    }
}

/// Purposes of a consent text. A document named in a sentence of its own that neither agrees nor reads is only pointed at,
/// when another sentence asks for marketing.
fn surface(text: &str) -> Purposes {
    surface_of(&sentences(text))
}

fn surface_of(found: &[Sentence<'_>]) -> Purposes {
    let documents = Purposes::TERMS.union(Purposes::PRIVACY);
    let takes = |sentence: &Sentence<'_>| {
        [Word::Agree, Word::Read, Word::YouAgree, Word::Means].iter().any(|word| sentence.says(*word))
    };
    let marketing = found.iter().any(|sentence| asked(sentence).has(Purposes::MARKETING));
    found.iter().fold(Purposes::NONE, |all, sentence| {
        let asks = asked(sentence);
        let beside = marketing && !asks.has(Purposes::MARKETING);
        let asks = if beside && tells_data(sentence) { asks.without(Purposes::PRIVACY) } else { asks };
        all.union(if beside && !takes(sentence) { asks.without(documents) } else { asks })
    })
}

/// It tells which data the marketing uses, as it must, and asks for nothing: no agreeing stands before the processing.
fn tells_data(sentence: &Sentence<'_>) -> bool {
    let begins = |word: Word| sentence.stating(word).map(|hit| hit.start).min();
    let agreed = [Word::Agree, Word::YouAgree, Word::Authorise].into_iter().filter_map(begins).min();
    !sentence.says(Word::Privacy)
        && begins(Word::Processing).is_some_and(|at| agreed.is_none_or(|agreed| agreed > at))
}
