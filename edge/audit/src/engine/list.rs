//! Decides a list before anything is sent: the same decision as in an audit, row by row, with its reasons.

use std::collections::{HashMap, HashSet};

use ahash::RandomState;
use anning_consent::{BrandGraph, Prior, World};
use anning_decide::{Decision, Evidence, House, Outcome, decide};
use anning_judge::{Judge, Scratch};
use anning_law::{Law, ProvisionId};
use anning_vocab::{Act, Answer, Class, Recipient, RecipientKey, Timestamp};

use crate::error::Error;
use crate::input::{
    ActReader, Contexts, Input, Names, Registry, Reject, SendReader, Table, TermsTable, Units, hasher,
};
use crate::settings::Settings;
use crate::summary::{Words, words as w};

use super::collect::{hash_of, key_of};
use super::groups::citation;
use super::kept::{Kept, Pseudonym};
use super::reading::{NOT_KEPT, Read, Texts, texts};
use super::record::SendRecord;
use super::templates::{Templates, messages};

/// One row of a list, decided.
#[derive(Debug)]
pub struct Decided {
    /// File, by its position in the plan.
    pub file: u16,
    /// Line, from 1.
    pub line: u64,
    /// Whom it is for.
    pub key: RecipientKey,
    /// The text, if the list holds one.
    pub text: Option<String>,
    /// The address; `None` where the list holds a pseudonym.
    pub address: Option<Recipient>,
    /// When it is to be sent.
    pub at: Timestamp,
    /// What it reads as.
    pub class: Class,
    /// The decision.
    pub decision: Decision,
    /// Everything it rested on but the blind, where it was asked for.
    pub evidence: Option<Box<Evidence>>,
}

/// What one provision says of a row, in words.
#[derive(Clone, Debug)]
pub struct Said {
    /// The provision.
    pub provision: ProvisionId,
    /// Its answer under the reading followed.
    pub answer: Answer,
    /// The answer under the other reading, where the law is argued.
    pub other: Option<Answer>,
    /// The article in force on the day, such as `《广告法》第四十三条`.
    pub article: Words,
    /// What it asks.
    pub asks: Words,
    /// Why it answers so.
    pub why: Words,
}

/// A list decided.
#[derive(Debug)]
pub struct List {
    /// Rows in the order of the list.
    pub rows: Vec<Decided>,
    /// Rows of list, consents and tables that could not be read.
    pub rejects: Vec<Reject>,
    /// The names that numbers in evidence stand for.
    pub names: Names,
    /// Hash of the brand graph.
    pub brands: [u8; 32],
}

impl Decided {
    /// What to do: yes, no, not yet.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.decision.outcome
    }

    /// Every provision that applies, the ones that stand against the row first.
    #[must_use]
    pub fn said(&self, settings: &Settings) -> Vec<Said> {
        let day = settings.law_on.unwrap_or_else(|| self.at.date());
        let lenient = settings.policy.reading == anning_decide::Reading::Lenient;
        let mut said: Vec<Said> = self
            .decision
            .findings
            .iter()
            .map(|(provision, finding)| {
                let (answer, other) = if lenient {
                    (finding.lenient, finding.strict)
                } else {
                    (finding.strict, finding.lenient)
                };
                let bound = Law::embedded().bindings().iter().filter(|b| b.provision == provision);
                let article = bound.clone().find(|b| b.interval.contains(day)).map_or("", |b| b.article);
                Said {
                    provision,
                    answer,
                    other: (other != answer).then_some(other),
                    article: citation(article),
                    asks: w::provision(provision).into(),
                    why: w::ground(finding.ground).into(),
                }
            })
            .collect();
        said.sort_by_key(|s| (weight(s.answer), s.provision));
        said
    }

    /// What house policy says, if anything; never law.
    #[must_use]
    pub fn house(&self) -> Option<Words> {
        match self.decision.house {
            House::Pass => None,
            House::Deny(ground) | House::Hold(ground, _) => Some(super::words::house(ground)),
        }
    }
}

const fn weight(answer: Answer) -> u8 {
    match answer {
        Answer::Breached => 0,
        Answer::Unproved => 1,
        Answer::Unclear => 2,
        Answer::Met => 3,
        Answer::NotApplicable => 4,
    }
}

/// Decides every row of the sends in `input` before it is sent. Holds the list, and the acts of the persons on
/// it, in memory.
///
/// # Errors
/// [`Error`] where the input cannot be read; rows that cannot be read are rejects.
pub fn decide_list(input: &Input, settings: &Settings) -> Result<List, Error> {
    decide_list_with(input, None, settings, false)
}

/// As [`decide_list`]; consents and withdrawals are those of a ledger, if one is given; with `evidence` each row
/// holds what it rested on.
///
/// # Errors
/// As [`decide_list`]; [`Error::Ledger`].
pub fn decide_list_with(
    input: &Input,
    kept: Option<&Kept<'_>>,
    settings: &Settings,
    evidence: bool,
) -> Result<List, Error> {
    let key = blake3::derive_key("anning audit pseudonym 1", settings.pseudonym_key.as_bytes());
    let (names, contexts, terms) = (Names::default(), Contexts::default(), TermsTable::default());
    let read = Registry::read(input, &names, &super::kept::logs(settings, kept))?;
    let mut rejects = read.rejects;
    let registry = read.registry;
    let texts = texts(Judge::shipped(), &names, &key);
    let pseudonym = kept.map_or(Pseudonym::Declared(&key), Kept::pseudonym);
    let sends = read_list(input, &registry, (&names, &contexts, &texts), pseudonym, &mut rejects)?;
    drop(texts);
    let mut acts: HashMap<RecipientKey, Vec<Act>, RandomState> = HashMap::with_hasher(hasher());
    acts.extend(sends.iter().map(|(send, ..)| (send.key, Vec::new())));
    match kept {
        None => read_acts(input, &registry, (&names, &terms), &key, &mut acts, &mut rejects)?,
        Some(kept) => {
            let known = kept.terms(&names, &terms)?;
            acts.iter_mut().for_each(|(key, acts)| kept.acts(*key, &known, acts));
        }
    }
    let world = World { terms: terms.all(), brands: BrandGraph::new(registry.brands().iter().copied()) };
    let messages = messages(&contexts.all(), &registry);
    let mut templates = Templates::new(&messages, &world);
    let mut prior: HashMap<RecipientKey, Vec<Prior>, RandomState> = HashMap::with_hasher(hasher());
    let mut rows = Vec::with_capacity(sends.len());
    for (send, address, text) in sends {
        let Some(message) = templates.message(&send) else { continue };
        let class = send.reading.class(message.declared);
        let of_person = acts.get(&send.key).map_or(&[][..], Vec::as_slice);
        let earlier = prior.entry(send.key).or_default();
        let facts = world.facts(&message, of_person, earlier);
        let day = settings.law_on.unwrap_or_else(|| message.sent_at.date());
        let decision = decide(Law::embedded().on(day), &message, class, &facts, earlier, &settings.policy);
        let evidence = evidence.then(|| {
            let (terms, acts) = Evidence::acts_of(&world, of_person);
            Box::new(Evidence {
                blind: [0; 16],
                recipient: send.key,
                message,
                judged: text.is_some(),
                text: text.clone(),
                class,
                brands: registry.brands().to_vec(),
                priors: earlier.clone(),
                policy: settings.policy,
                terms,
                acts,
            })
        });
        if decision.outcome == Outcome::Allow && earlier.len() < PRIOR_MAX {
            earlier.push(decision.as_prior(&message));
        }
        rows.push(Decided {
            file: send.row.file(),
            line: send.row.line(),
            key: send.key,
            text,
            address,
            at: message.sent_at,
            class,
            decision,
            evidence,
        });
    }
    let brands = super::brands_of(&world, &names);
    Ok(List { rows, rejects, names, brands })
}

/// A row of a list: what it says, to whom, in which words.
type Row = (SendRecord, Option<Recipient>, Option<String>);

fn read_list(
    input: &Input,
    registry: &Registry,
    (names, contexts, texts): (&Names, &Contexts, &Texts<'_>),
    pseudonym: Pseudonym<'_>,
    rejects: &mut Vec<Reject>,
) -> Result<Vec<Row>, Error> {
    let units = Units::new(input, &[Table::Sends]);
    let mut reader =
        SendReader::new(input, registry, names, contexts, |r: &Recipient| pseudonym.of(r)).keep_addresses();
    let (mut scratch, mut sends) = (Scratch::default(), Vec::new());
    while let Some(mut batch) = reader.next(&units)? {
        rejects.append(&mut batch.rejects);
        let columns = batch.row.iter().zip(&batch.sent_at).zip(&batch.recipient).zip(&batch.recipient_kind);
        let columns = columns.zip(&batch.masked).zip(&batch.context).zip(&batch.addresses);
        for (at, ((((((row, sent_at), key), kind), masked), context), address)) in columns.enumerate() {
            let Read { shown: reading, signature } =
                batch.texts.get(at).map_or(NOT_KEPT, |t| texts.read(t, &mut scratch));
            let send = SendRecord {
                key: *key,
                sent_at: *sent_at,
                row: *row,
                context: *context,
                signature,
                masked: *masked,
                reading,
                kind: *kind,
                id: (0, 0),
            };
            sends.push((send, address.clone(), batch.texts.get(at).map(str::to_owned)));
        }
    }
    Ok(sends)
}

fn read_acts(
    input: &Input,
    registry: &Registry,
    (names, terms): (&Names, &TermsTable),
    key: &[u8; 32],
    acts: &mut HashMap<RecipientKey, Vec<Act>, RandomState>,
    rejects: &mut Vec<Reject>,
) -> Result<(), Error> {
    let units = Units::new(input, &[Table::Consents, Table::Withdrawals]);
    let mut reader = ActReader::new(input, registry, names, terms, |r: &Recipient| key_of(key, r));
    // As in an audit: an event is read once, but a refusal is never dropped for its id.
    let mut events: HashSet<(RecipientKey, u64), RandomState> = HashSet::with_hasher(hasher());
    while let Some(mut batch) = reader.next(&units)? {
        rejects.append(&mut batch.rejects);
        for (at, (person, act)) in batch.recipient.iter().zip(&batch.act).enumerate() {
            let Some(of_person) = acts.get_mut(person) else { continue };
            let event = hash_of(batch.event_id.get(at));
            if event == 0 || events.insert((*person, event)) || act.kind.refuses() {
                of_person.push(*act);
            }
        }
    }
    for of_person in acts.values_mut() {
        of_person.sort_by_key(|act| act.occurred);
    }
    Ok(())
}

/// Rows of one person in one list that are counted against a cap.
const PRIOR_MAX: usize = 4_096;
