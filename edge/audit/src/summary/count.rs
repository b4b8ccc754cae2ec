//! Counts: by file, class, outcome, provision, grouping and day. Every count is of sends unless it says so.

use std::collections::BTreeMap;

use anning_vocab::{Answer, Class, Ground, Mark, Role};
use serde::{Deserialize, Serialize};

use super::{Code, Words};

/// Rows of one input file. `rows` = `judged` + `rejected`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Path as the caller named it, relative to the input.
    pub file: String,
    /// Table: `sends`, `consents`, …
    pub table: String,
    /// Rows read.
    pub rows: u64,
    /// Rows that were judged (sends) or taken into the facts (other tables).
    pub judged: u64,
    /// Rows written to the rejects file.
    pub rejected: u64,
    /// Rejected rows by reason code.
    pub reasons: BTreeMap<String, u64>,
}

/// All input files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    /// By path.
    pub files: Vec<Input>,
}

/// Sends by outcome. A send is counted once, under the first that holds: breached, unproved, unclear,
/// lawful, outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcomes {
    /// All of them.
    pub sends: u64,
    /// At least one provision is shown to be broken.
    pub breached: u64,
    /// None broken, at least one whose keeping cannot be shown.
    pub unproved: u64,
    /// Neither, at least one left open by the text or its reading.
    pub unclear: u64,
    /// Every applicable provision met, on the record as it stands.
    pub lawful: u64,
    /// Outside these provisions (not commercial); not the same as lawful.
    pub outside: u64,
}

impl Outcomes {
    /// Adds another count.
    pub fn add(&mut self, other: &Self) {
        self.sends += other.sends;
        self.breached += other.breached;
        self.unproved += other.unproved;
        self.unclear += other.unclear;
        self.lawful += other.lawful;
        self.outside += other.outside;
    }

    /// Do the five outcomes make up all sends?
    #[must_use]
    pub const fn balances(&self) -> bool {
        self.breached + self.unproved + self.unclear + self.lawful + self.outside == self.sends
    }
}

/// Sends as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// By outcome.
    #[serde(flatten)]
    pub outcomes: Outcomes,
    /// The same sends by outcome under the other reading of argued questions, if counted.
    pub other_reading: Option<Outcomes>,
    /// By class that the content shows.
    pub classes: BTreeMap<Code<Class>, u64>,
    /// Different texts, if counted.
    pub texts: Option<u64>,
    /// Different recipients, if counted.
    pub recipients: Option<u64>,
    /// Different recipients of at least one send that breached, if counted.
    pub recipients_breached: Option<u64>,
    /// Different recipients of at least one unproved send, if counted; may overlap with the former.
    pub recipients_unproved: Option<u64>,
}

/// Answers of one provision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// Shown to be met.
    pub met: u64,
    /// Shown to be broken.
    pub breached: u64,
    /// Cannot be shown to be met.
    pub unproved: u64,
    /// Open.
    pub unclear: u64,
    /// Of all these, sends on which the stricter and the more lenient reading differ.
    pub argued: u64,
}

/// Sends with this answer on this ground.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct GroundCount {
    /// The answer under the reading of the run.
    pub answer: Code<Answer>,
    /// Why.
    pub ground: Code<Ground>,
    /// How many.
    pub sends: u64,
    /// Of these, how many are argued.
    pub argued: u64,
}

/// One provision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvisionRow {
    /// Its id, such as `pipl_consent`.
    pub id: String,
    /// Articles it rests on, such as `cn/pipl/14`; those that set the duty first.
    pub articles: Vec<String>,
    /// What it asks, in a few words.
    pub title: Words,
    /// How far its texts are verified; the weakest decides what may be called a breach.
    pub marks: Vec<Code<Mark>>,
    /// Who answers for it.
    pub roles: Vec<Code<Role>>,
    /// Answers.
    #[serde(flatten)]
    pub answers: Answers,
    /// The same by answer and ground, most sends first within an answer.
    pub grounds: Vec<GroundCount>,
    /// First and last day on which it was shown broken or could not be shown kept.
    pub period: Option<(String, String)>,
}

impl ProvisionRow {
    pub(super) fn settle(&mut self) {
        self.grounds.sort_by(|a, b| {
            a.answer.cmp(&b.answer).then(b.sends.cmp(&a.sends)).then(a.ground.cmp(&b.ground))
        });
        self.marks.sort();
        self.roles.sort();
    }
}

/// Sends of one grouping row on which one provision was broken or could not be shown kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ProvisionHits {
    /// Id of the provision.
    pub provision: String,
    /// Broken.
    pub breached: u64,
    /// Cannot be shown kept.
    pub unproved: u64,
    /// Open.
    pub unclear: u64,
}

/// One row of a grouping.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Id or code; the empty string stands for sends that carry none.
    pub id: String,
    /// Name, if the input gives one; words of the tool's own lists are left out.
    pub name: Option<String>,
    /// By outcome.
    #[serde(flatten)]
    pub outcomes: Outcomes,
    /// First and last day.
    pub period: Option<(String, String)>,
    /// Which provisions, most breached first; filled for campaigns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub provisions: Vec<ProvisionHits>,
}

/// What a grouping does not list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rest {
    /// Rows left out.
    pub rows: u64,
    /// Their sends.
    #[serde(flatten)]
    pub outcomes: Outcomes,
}

/// Sends grouped by one feature. The rows and the rest add up to all sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Most breached first, then most unproved, then by id.
    pub rows: Vec<Row>,
    /// What is not listed.
    pub rest: Rest,
}

impl Group {
    /// Keeps the `max` rows of most weight and folds the others into the rest.
    pub fn cap(&mut self, max: usize) {
        self.settle();
        for row in self.rows.drain(max.min(self.rows.len())..) {
            self.rest.rows += 1;
            self.rest.outcomes.add(&row.outcomes);
        }
    }

    pub(super) fn settle(&mut self) {
        for row in &mut self.rows {
            row.provisions.sort_by(|a, b| {
                b.breached
                    .cmp(&a.breached)
                    .then(b.unproved.cmp(&a.unproved))
                    .then(a.provision.cmp(&b.provision))
            });
        }
        self.rows.sort_by(|a, b| {
            let weight = |row: &Row| (row.outcomes.breached, row.outcomes.unproved, row.outcomes.sends);
            weight(b).cmp(&weight(a)).then(a.id.cmp(&b.id))
        });
    }
}

/// One party, over all its roles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyRow {
    /// Its id in the input.
    pub id: String,
    /// Its name, if the input gives one.
    pub name: Option<String>,
    /// Roles it held.
    pub roles: Vec<Code<Role>>,
    /// Sends in which it had any role; parties share sends, so these do not add up to all sends.
    #[serde(flatten)]
    pub outcomes: Outcomes,
}

/// One day in Beijing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// All sends.
    pub sends: u64,
    /// As in [`Outcomes`].
    pub breached: u64,
    /// As in [`Outcomes`].
    pub unproved: u64,
    /// As in [`Outcomes`].
    pub unclear: u64,
}

/// Sends against a rule of the house; never law, and in no other count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyRow {
    /// Code, such as `quiet_hours`.
    pub rule: String,
    /// In words.
    pub words: Words,
    /// How many.
    pub sends: u64,
}
