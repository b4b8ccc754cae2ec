//! The documents of a record and what they take consent to.

use super::Clause;
use crate::lexicon::Word;
use crate::purpose::{Purposes, asked, mentioned};
use crate::record::{Document, Opened, Record, State};
use crate::sentence::{Sentence, sentences};

/// Documents, each read once.
pub(super) struct Library<'a> {
    record: &'a Record,
    clauses: Vec<Vec<Clause>>,
}

impl<'a> Library<'a> {
    pub(super) fn of(record: &'a Record) -> Self {
        Self { record, clauses: record.documents.iter().map(clauses).collect() }
    }

    /// Documents that the texts of these keys link to, and those they link to.
    pub(super) fn linked(&self, state: &State, keys: &[String]) -> Vec<usize> {
        let runs = keys.iter().filter_map(|key| state.text(key)).flat_map(|text| &text.runs);
        let links = runs.filter_map(|run| run.link.as_ref());
        let mut found = Vec::new();
        for link in links.filter_map(|key| state.links.iter().find(|link| link.key == *key)) {
            self.follow(link.document, &mut found);
        }
        found
    }

    /// Documents that links of a dialog open.
    pub(super) fn of_dialog(&self, state: &State, dialog: &str) -> Vec<usize> {
        let mut found = Vec::new();
        for link in state.links.iter().filter(|link| link.dialog.as_deref() == Some(dialog)) {
            self.follow(link.document, &mut found);
        }
        found
    }

    /// What these documents add.
    pub(super) fn reached(&self, documents: &[usize]) -> Vec<Clause> {
        documents.iter().filter_map(|id| self.clauses.get(*id)).flatten().cloned().collect()
    }

    fn follow(&self, document: Option<usize>, found: &mut Vec<usize>) {
        let Some(document) = document.and_then(|id| self.record.documents.get(id)) else { return };
        for id in std::iter::once(document.id).chain(document.links.iter().copied()) {
            let within = self.record.documents.get(id).is_some_and(|document| document.clicks <= CLICKS_MAX);
            if within && !found.contains(&id) {
                found.push(id);
            }
        }
    }
}

fn clauses(document: &Document) -> Vec<Clause> {
    if !matches!(document.opened, Opened::Page | Opened::Dialog | Opened::Anchor) {
        return Vec::new();
    }
    let name = mentioned(&document.name).union(mentioned(&document.title));
    let mut found = Vec::new();
    // A heading takes no consent, and tells nothing of how it is asked for.
    let told = document.texts.iter().enumerate().filter(|(_, paragraph)| paragraph.heading == 0);
    for (index, paragraph) in told {
        let read = sentences(&paragraph.text);
        let apart = read.iter().any(|sentence| sentence.says(Word::Apart));
        for sentence in &read {
            let purposes = adds(sentence);
            let firm = !apart && is_firm(sentence, purposes, name);
            // What is asked for apart, says the paragraph, is not asked for here.
            if !purposes.is_none() && (firm || !apart) {
                found.push(Clause {
                    purposes,
                    document: document.id,
                    paragraph: index,
                    quote: sentence.text.to_owned(),
                    firm,
                });
            }
        }
    }
    found
}

/// Purposes of a sentence that matter although they stand only in a document.
fn adds(sentence: &Sentence<'_>) -> Purposes {
    let found = asked(sentence);
    let sends = sentence.says(Word::Deliver) || sentence.says(Word::Call);
    let marketing = if sends { Purposes::MARKETING } else { Purposes::NONE };
    found.intersection(marketing.union(Purposes::THIRD_PARTY))
}

/// It takes consent. In terms an announcement does, too, for who agrees to the terms agrees to it; a privacy text informs.
fn is_firm(sentence: &Sentence<'_>, purposes: Purposes, name: Purposes) -> bool {
    if sentence.says(Word::Processor) {
        return false;
    }
    let says = sentence.states(Word::FirmSay) && purposes == Purposes::MARKETING;
    sentence.states(Word::Firm) || (says && name.has(Purposes::TERMS) && !name.has(Purposes::PRIVACY))
}

const CLICKS_MAX: u8 = 2;
