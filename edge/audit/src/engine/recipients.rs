//! Second phase: the sends of one recipient after the other, in order of time, beside that person's acts.

use std::collections::{HashMap, HashSet};

use anning_consent::{Prior, World};
use anning_decide::{House, HouseGround};
use anning_vocab::{Act, ActKind, Class, Grade, RecipientKey, RefusalReach, State, Timestamp};

use crate::error::Error;
use crate::input::RowId;
use crate::settings::Settings;

use super::collect::hash_of;
use super::evidence::Sample;
use super::memo::{Case, Memo};
use super::record::{ActRecord, SendRecord, read_acts, read_sends};
use super::store::Store;
use super::tally::Tally;
use super::templates::Templates;
use super::verdict::Outcome;

/// A send and what was decided about it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub row: RowId,
    /// Where its id stands in [`Work::ids`].
    pub id: (u32, u8),
    pub key: RecipientKey,
    pub sent_at: Timestamp,
    pub context: u32,
    pub class: Class,
    pub verdict: u32,
    pub outcome: Outcome,
    pub state: State,
    pub grade: Option<Grade>,
    pub house: Option<HouseGround>,
}

/// A row that repeats the id of an earlier one for the same recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Repeat {
    pub row: RowId,
    pub first: RowId,
    /// It is an act.
    pub act: bool,
}

/// What one thread does with partitions, and what it found since it was last asked.
pub(crate) struct Work<'w> {
    world: &'w World,
    settings: &'w Settings,
    templates: Templates<'w>,
    memo: Memo<'w>,
    tally: Tally,
    sends: Vec<SendRecord>,
    acts: Vec<ActRecord>,
    of_person: Vec<Act>,
    prior: Vec<Prior>,
    /// A page record speaks for some act, so that consents are counted by page.
    pages: bool,
    /// Rows to be written out.
    pub found: Vec<Found>,
    /// The ids that they point into.
    pub ids: Vec<u8>,
    /// Rows rejected.
    pub repeats: Vec<Repeat>,
}

/// What became of one person's sends.
#[derive(Default)]
struct Person {
    breached: bool,
    unproved: bool,
    protected: bool,
}

impl<'w> Work<'w> {
    pub fn new(world: &'w World, settings: &'w Settings, templates: Templates<'w>, memo: Memo<'w>) -> Self {
        Self {
            world,
            settings,
            templates,
            memo,
            tally: Tally::default(),
            sends: Vec::new(),
            acts: Vec::new(),
            of_person: Vec::new(),
            prior: Vec::new(),
            pages: world.terms.iter().any(|terms| terms.page.is_some()),
            found: Vec::new(),
            ids: Vec::new(),
            repeats: Vec::new(),
        }
    }

    /// Starts a new stretch of output.
    pub fn begin(&mut self) {
        self.found.clear();
        self.ids.clear();
        self.repeats.clear();
    }

    /// The verdicts behind the numbers in [`Self::found`].
    pub const fn verdicts(&self) -> &super::verdict::Verdicts {
        &self.memo.verdicts
    }

    /// All counts.
    pub fn finish(mut self) -> Tally {
        self.memo.flush(&mut self.tally);
        self.tally.verdicts = self.memo.verdicts;
        self.tally
    }

    /// Judges every send of a partition; returns how many records it held.
    pub fn partition(&mut self, at: usize, sends: &Store, acts: &Store) -> Result<u64, Error> {
        let base = self.ids.len();
        self.ids.extend_from_slice(&sends.load(at)?);
        self.sends.clear();
        let block = self.ids.get(base..).unwrap_or_default();
        read_sends(block, base, &mut self.sends).ok_or_else(|| sends.damaged(at))?;
        self.acts.clear();
        read_acts(&acts.load(at)?, &mut self.acts).ok_or_else(|| acts.damaged(at))?;
        self.sends.sort_unstable_by_key(|s| (u128::from_be_bytes(s.key.0), s.sent_at, s.row));
        self.acts.sort_unstable_by_key(|a| (u128::from_be_bytes(a.key.0), a.act.occurred, a.row));
        let (all, of_all) = (core::mem::take(&mut self.sends), core::mem::take(&mut self.acts));
        let mut rest = of_all.as_slice();
        for of_one in all.chunk_by(|a, b| a.key == b.key) {
            let Some(key) = of_one.first().map(|s| s.key) else { continue };
            // Acts of people to whom nothing was sent are read, and their repeats rejected, all the same.
            while let Some(before) = rest.first().filter(|a| a.key < key) {
                rest = self.take_acts(rest, before.key);
            }
            rest = self.take_acts(rest, key);
            self.person(of_one);
        }
        while let Some(after) = rest.first() {
            rest = self.take_acts(rest, after.key);
        }
        let records = (all.len() + of_all.len()) as u64;
        (self.sends, self.acts) = (all, of_all);
        Ok(records)
    }

    /// Takes the acts of one person, in order of time; a repeated event is read once. But a refusal is never dropped for
    /// its id: whoever numbers events badly must not lose one. Only one that says again what was read is a repeat.
    fn take_acts<'a>(&mut self, acts: &'a [ActRecord], key: RecipientKey) -> &'a [ActRecord] {
        let len = acts.iter().take_while(|a| a.key == key).count();
        let (own, rest) = acts.split_at_checked(len).unwrap_or((acts, &[]));
        self.of_person.clear();
        let named = own.iter().any(|a| a.event != 0);
        let mut first: HashMap<u64, &ActRecord> = HashMap::new();
        if named && own.len() > 1 {
            for record in own {
                let known = first.entry(record.event).or_insert(record);
                if record.row < known.row {
                    *known = record;
                }
            }
        }
        for record in own {
            match first.get(&record.event).filter(|first| record.event != 0 && first.row != record.row) {
                Some(first) if record.act.kind.refuses() && record.act != first.act => {
                    self.tally.refusals_kept += 1;
                    self.of_person.push(record.act);
                }
                Some(first) => self.repeats.push(Repeat { row: record.row, first: first.row, act: true }),
                None => self.of_person.push(record.act),
            }
        }
        if self.pages {
            let given =
                self.of_person.iter().filter(|act| matches!(act.kind, ActKind::Given | ActKind::Renewed));
            given.for_each(|act| *self.tally.consents.entry(act.terms.0).or_default() += 1);
        }
        rest
    }

    fn person(&mut self, sends: &[SendRecord]) {
        self.prior.clear();
        let repeats = self.repeated(sends);
        let mut person = Person::default();
        let mut any = false;
        for send in sends {
            if !repeats.contains(&send.row) {
                any = true;
                self.send(send, &mut person);
            }
        }
        let persons = &mut self.tally.persons;
        persons.all += u64::from(any);
        persons.breached += u64::from(person.breached);
        persons.unproved += u64::from(person.unproved);
        if person.breached || person.unproved {
            persons.may_be_asked += u64::from(!person.protected);
            persons.protected += u64::from(person.protected);
        }
    }

    /// Rows that repeat the id of a row before them in the log.
    fn repeated(&mut self, sends: &[SendRecord]) -> HashSet<RowId> {
        let mut out = HashSet::new();
        if sends.len() < 2 || sends.iter().all(|s| s.id.1 == 0) {
            return out;
        }
        let id = |send: &SendRecord| {
            let from = send.id.0 as usize;
            self.ids.get(from..from + usize::from(send.id.1)).unwrap_or_default()
        };
        let mut named: Vec<(u64, &SendRecord)> =
            sends.iter().filter(|s| s.id.1 > 0).map(|s| (hash_of(id(s)), s)).collect();
        named.sort_unstable_by_key(|(hash, send)| (*hash, send.row));
        let mut found = Vec::new();
        for same in named.chunk_by(|a, b| a.0 == b.0) {
            for (at, (_, send)) in same.iter().enumerate() {
                let first = same.iter().take(at).find(|(_, earlier)| id(earlier) == id(send));
                if let Some((_, first)) = first {
                    found.push(Repeat { row: send.row, first: first.row, act: false });
                }
            }
        }
        out.extend(found.iter().map(|r| r.row));
        self.repeats.extend(found);
        out
    }

    fn send(&mut self, send: &SendRecord, person: &mut Person) {
        let Some(message) = self.templates.message(send) else { return };
        let class = send.reading.class(message.declared);
        let world = self.world;
        let facts = world.facts(&message, &self.of_person, &self.prior);
        let case = Case {
            message: &message,
            class,
            facts: &facts,
            context: send.context.0,
            reading: send.reading.to_bits(),
        };
        let decided = self.memo.decide(&case, &self.prior, &mut self.tally);
        let reading = self.settings.policy.reading;
        let outcome =
            self.memo.verdicts.get(decided.verdict).map_or(Outcome::Outside, |v| v.outcome(reading));
        self.tally.day(send.sent_at.date(), outcome);
        let house = match decided.house {
            House::Pass => None,
            House::Deny(ground) | House::Hold(ground, _) => Some(ground),
        };
        if let Some(ground) = house {
            self.tally.house(ground);
        }
        person.breached |= outcome == Outcome::Breached;
        person.unproved |= outcome == Outcome::Unproved;
        person.protected = facts.refusal.reach != RefusalReach::None
            || matches!(facts.receive.state, State::Refused | State::Silent);
        let rank = Sample::rank(send.row);
        if self.tally.samples.wants(decided.verdict, rank) {
            let stands = !matches!(facts.receive.state, State::NoRecord);
            self.tally.samples.offer(
                decided.verdict,
                Sample {
                    rank,
                    row: send.row,
                    sent_at: send.sent_at,
                    masked: send.masked,
                    context: send.context.0,
                    class,
                    state: facts.receive.state,
                    grade: decided.grade,
                    act: stands.then_some(facts.receive.at),
                    refusal: facts.refusal,
                },
            );
        }
        if self.settings.all || !matches!(outcome, Outcome::Lawful | Outcome::Outside) {
            self.found.push(Found {
                row: send.row,
                id: send.id,
                key: send.key,
                sent_at: send.sent_at,
                context: send.context.0,
                class,
                verdict: decided.verdict,
                outcome,
                state: decided.state,
                grade: decided.grade,
                house,
            });
        }
        self.remember(decided.treatment.as_prior(&message));
    }

    /// Keeps what later sends are counted against: requests for consent, and a year of the others.
    fn remember(&mut self, sent: Prior) {
        if self.prior.len() >= PRIOR_MAX {
            let year = sent.sent_at.date().plus_days(-366).start();
            self.prior.retain(|p| p.request || p.sent_at >= year);
        }
        if self.prior.len() >= PRIOR_MAX {
            let left_out = self.prior.len() + 1 - PRIOR_MAX / 2;
            self.prior.drain(..left_out);
            self.tally.prior_left_out += left_out as u64;
        }
        self.prior.push(sent);
    }
}

/// Earlier sends kept of one recipient: eleven a day for a year.
const PRIOR_MAX: usize = 4_096;
