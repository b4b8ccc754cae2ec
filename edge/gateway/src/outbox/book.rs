//! What is known of every letter, in memory: one state machine each, and the orders in which they are asked for.
//!
//! It changes by entries alone, so that it can be built again from the journal; whatever time does to a letter is an
//! entry too ([`Book::due`]).

mod beyond;
mod count;
mod due;
mod lanes;
mod receipts;
mod reports;

pub use count::{Count, Tally};
pub use due::Waits;
pub use reports::{Found, Owed};

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use anning_link::Wish;
use anning_store::Decided;
use anning_vocab::{RecipientKey, Timestamp};

use super::entry::{Carried, Entry, Item, Outcome, Parked, Stage, State};
use crate::letter::{Lane, Letter, LetterId};
use beyond::follow;
use count::Counts;
use lanes::Lanes;
use receipts::Receipts;
use reports::{Correlations, Taken};

/// Every letter that is not done with, the decisions that the ledger does not have yet, the parked reports.
#[derive(Default)]
pub struct Book {
    items: HashMap<LetterId, Box<Item>, ahash::RandomState>,
    lanes: Lanes,
    /// Held ones, by when they may go.
    holds: BTreeSet<(Timestamp, LetterId)>,
    /// Queued and held ones, by when they expire.
    waits: BTreeSet<(Timestamp, LetterId)>,
    /// Those in doubt, by since when.
    doubts: BTreeSet<(Timestamp, LetterId)>,
    /// Those sent, by since when.
    sent: BTreeSet<(Timestamp, LetterId)>,
    /// Final ones of which a sender is to be told, by since when.
    ended: BTreeSet<(Timestamp, LetterId)>,
    /// Those that wait or are in doubt, by whom they are for.
    by_recipient: BTreeSet<(RecipientKey, LetterId)>,
    correlations: Correlations,
    /// Those of which an account is to be told.
    owed: HashMap<Arc<str>, BTreeSet<LetterId>>,
    counts: Counts,
    tally: Tally,
    decisions: BTreeMap<u64, Arc<Decided>>,
    scribed: Option<(u64, u64)>,
    receipts: Receipts,
    parked: BTreeMap<u64, Arc<Parked>>,
    /// Parked reports whose letter has come.
    met: BTreeMap<u64, (LetterId, u8)>,
    /// Those of them that nobody was told of yet, with the account that the letter is of.
    found: Vec<(u64, Arc<str>)>,
    /// The last reports that were nobody's.
    strays: VecDeque<Arc<Parked>>,
    kept: u32,
}

impl Book {
    /// Takes an entry. False: it had no effect, because the letter is not there, or not in a state for it.
    // size: one arm a kind of entry
    pub fn apply(&mut self, entry: &Entry, number: u64, now: Timestamp) -> bool {
        self.decided_by(entry, number);
        match entry {
            Entry::Accepted { letter, start } => {
                let item = Box::new(Item::new(letter, *start, now));
                !self.items.contains_key(&item.id) && self.put(item)
            }
            Entry::Decision(decided) => self.decision(number, decided),
            Entry::HandingOver { letter } => self.change(*letter, now, &|item| {
                item.state.waits() && move_parts(item, &is_waiting, &Stage::HandingOver)
            }),
            Entry::Taken { letter, segment, id } => {
                let taken = self.change(*letter, now, &|item| {
                    let Some(part) = item.parts.get_mut(usize::from(*segment)) else { return false };
                    let open = !matches!(part.stage, Stage::Ended(_) | Stage::Taken | Stage::Follows);
                    if open {
                        (part.theirs, part.stage) = (Some(id.clone()), Stage::Taken);
                    }
                    open
                });
                if taken {
                    self.meet(*letter);
                }
                taken
            }
            Entry::RefusedByCarrier { letter, segment, code } => {
                self.end_one(*letter, *segment, now, &Outcome::RefusedByCarrier(*code))
            }
            Entry::InDoubt { letter } => {
                self.change(*letter, now, &|item| move_parts(item, &is_handed, &Stage::InDoubt))
            }
            Entry::Released { letter, until } => {
                let until = until.filter(|until| *until > now);
                self.change(*letter, now, &|item| release(item, until))
            }
            Entry::Recalled { letter, why } => self.end_waiting(*letter, now, &Outcome::Recalled(*why)),
            Entry::Refused { letter, reason } => self.end_waiting(*letter, now, &Outcome::Refused(*reason)),
            Entry::Expired { letter } => self.end_waiting(*letter, now, &Outcome::Expired),
            Entry::Reported { letter, segment, report } => {
                if report.state.is_final() {
                    self.end_one(*letter, *segment, now, &Outcome::Reported(Arc::clone(report)))
                } else {
                    self.items.contains_key(letter)
                }
            }
            Entry::ReportTold { letter, segment } => self.change(*letter, now, &|item| {
                let part = item.parts.get_mut(usize::from(*segment));
                part.is_some_and(|part| core::mem::take(&mut part.owed))
            }),
            Entry::Parked(parked) => self.park(number, parked, false),
            Entry::Unparked { parked } => self.unpark(*parked),
            Entry::GaveUp { letter } => self.give_up(*letter, now),
            Entry::Untold { letter } => {
                let untold = self.change(*letter, now, &|item| {
                    let owed = item.owes();
                    item.parts.iter_mut().for_each(|part| part.owed = false);
                    owed
                });
                self.tally.untold += u64::from(untold);
                untold
            }
            Entry::Scribed { through, position } => self.scribe(*through, *position),
            Entry::Restarted => self.restart(now),
            Entry::Kept { from, scribed } => {
                self.kept = self.kept.max(*from);
                if let Some((through, position)) = scribed {
                    self.scribe(*through, *position);
                }
                true
            }
            Entry::Carried { number, what } => self.carried(*number, what),
        }
    }

    /// A letter.
    #[must_use]
    pub fn get(&self, id: LetterId) -> Option<&Item> {
        self.items.get(&id).map(Box::as_ref)
    }

    /// The whole of a letter, while it may still be handed over.
    #[must_use]
    pub fn letter(&self, id: LetterId) -> Option<Arc<Letter>> {
        self.items.get(&id)?.letter.clone()
    }

    /// Letters that are not done with.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Nothing is there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Letters that wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waits.len()
    }

    /// Every letter, in no order.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.items.values().map(Box::as_ref)
    }

    /// The next letters to hand over to a carrier out of a lane, without those that the caller is busy with: in turn
    /// of accounts, in order of arrival within each.
    #[must_use]
    pub fn next(&self, upstream: &str, lane: Lane, count: usize, busy: &BTreeSet<LetterId>) -> Vec<LetterId> {
        self.lanes.next(upstream, lane, count, busy)
    }

    /// Held letters whose time has come, the earliest first.
    #[must_use]
    pub fn held_due(&self, now: Timestamp, count: usize) -> Vec<LetterId> {
        self.holds.iter().take_while(|(until, _)| *until <= now).take(count).map(|(_, id)| *id).collect()
    }

    /// Letters to somebody that can be taken back.
    #[must_use]
    pub fn recallable(&self, recipient: RecipientKey) -> Vec<LetterId> {
        let ids = self.of(recipient);
        ids.filter(|id| self.get(*id).is_some_and(|item| item.state.waits())).collect()
    }

    /// Decisions that the ledger does not have, in order, by number.
    #[must_use]
    pub fn unrecorded(&self, limit: usize) -> Vec<(u64, Arc<Decided>)> {
        self.decisions.iter().take(limit).map(|(number, decided)| (*number, Arc::clone(decided))).collect()
    }

    /// How many decisions the ledger does not have.
    #[must_use]
    pub fn unrecorded_count(&self) -> usize {
        self.decisions.len()
    }

    /// How far the ledger has the decisions: the number of the last, the position of their batch.
    #[must_use]
    pub const fn scribed(&self) -> Option<(u64, u64)> {
        self.scribed
    }

    /// Parked reports that have found their letter since this was asked last, and its account.
    pub(super) fn take_found(&mut self) -> Vec<(u64, Arc<str>)> {
        core::mem::take(&mut self.found)
    }

    /// A parked report has found its letter.
    pub(super) fn has_met(&self) -> bool {
        !self.met.is_empty()
    }

    /// The first segment of the journal that is needed.
    pub(super) const fn kept(&self) -> u32 {
        self.kept
    }

    /// What bears a number, as it is carried into a newer segment; none if it is done with.
    #[must_use]
    pub fn carry(&self, number: u64) -> Option<Carried> {
        if let Some(item) = self.items.get(&LetterId(number)) {
            return Some(Carried::Item(item.clone()));
        }
        if let Some(decided) = self.decisions.get(&number) {
            return Some(Carried::Decision(Arc::clone(decided)));
        }
        self.parked.get(&number).map(|parked| Carried::Parked(Arc::clone(parked)))
    }

    /// Does anything bear this number?
    #[must_use]
    pub fn knows(&self, number: u64) -> bool {
        self.items.contains_key(&LetterId(number))
            || self.decisions.contains_key(&number)
            || self.parked.contains_key(&number)
    }

    /// Every number that something bears, in no order.
    #[must_use]
    pub fn numbers(&self) -> Vec<u64> {
        let letters = self.items.keys().map(|id| id.0);
        letters.chain(self.decisions.keys().copied()).chain(self.parked.keys().copied()).collect()
    }

    fn of(&self, recipient: RecipientKey) -> impl Iterator<Item = LetterId> {
        let from = (recipient, LetterId(0));
        self.by_recipient.range(from..).take_while(move |(key, _)| *key == recipient).map(|(_, id)| *id)
    }

    fn decision(&mut self, number: u64, decided: &Arc<Decided>) -> bool {
        let fresh = self.scribed.is_none_or(|(through, _)| number > through);
        if fresh {
            self.decisions.insert(number, Arc::clone(decided));
        }
        fresh
    }

    fn scribe(&mut self, through: u64, position: u64) -> bool {
        if self.scribed.is_some_and(|(known, _)| known >= through) {
            return false;
        }
        self.placed(through, position);
        self.decisions = self.decisions.split_off(&(through + 1));
        self.scribed = Some((through, position));
        true
    }

    fn carried(&mut self, number: u64, what: &Carried) -> bool {
        match what {
            Carried::Item(item) => {
                if let Some(old) = self.items.remove(&LetterId(number)) {
                    self.file(&old, false);
                }
                self.put(item.clone());
                self.meet(LetterId(number));
                true
            }
            Carried::Decision(decided) => self.decision(number, decided),
            // In memory it was carried without being looked at again: by an id alone it finds nothing that it had not found.
            Carried::Parked(parked) => self.parked.contains_key(&number) || self.park(number, parked, true),
        }
    }

    fn restart(&mut self, now: Timestamp) -> bool {
        let handed = self.items.values().filter(|item| item.parts.iter().any(|part| is_handed(&part.stage)));
        let handed: Vec<LetterId> = handed.map(|item| item.id).collect();
        for id in handed {
            self.change(id, now, &|item| move_parts(item, &is_handed, &Stage::InDoubt));
        }
        true
    }

    fn give_up(&mut self, id: LetterId, now: Timestamp) -> bool {
        let in_doubt = self.get(id).is_some_and(|item| item.state == State::InDoubt);
        let gave_up = self.change(id, now, &|item| {
            let given = |stage: &Stage| matches!(stage, Stage::InDoubt | Stage::Taken);
            matches!(item.state, State::InDoubt | State::Sent) && end_parts(item, &given, &Outcome::Unknown)
        });
        if gave_up {
            let tally = if in_doubt { &mut self.tally.doubts } else { &mut self.tally.unreported };
            *tally += 1;
        }
        gave_up
    }

    fn end_waiting(&mut self, id: LetterId, now: Timestamp, outcome: &Outcome) -> bool {
        self.change(id, now, &|item| item.state.waits() && end_parts(item, &is_waiting, outcome))
    }

    fn end_one(&mut self, id: LetterId, segment: u8, now: Timestamp, outcome: &Outcome) -> bool {
        self.change(id, now, &|item| {
            let Some(part) = item.parts.get_mut(usize::from(segment)) else { return false };
            let open = !matches!(part.stage, Stage::Ended(_) | Stage::Waiting | Stage::Follows);
            if open {
                part.stage = Stage::Ended(outcome.clone());
                part.owed = owed(part.wish, outcome);
            }
            open
        })
    }

    fn put(&mut self, item: Box<Item>) -> bool {
        self.file(&item, true);
        self.items.insert(item.id, item);
        true
    }

    /// Changes a letter and every order that it stands in; one that is done with is let go.
    fn change(&mut self, id: LetterId, now: Timestamp, how: &dyn Fn(&mut Item) -> bool) -> bool {
        let Some(mut item) = self.items.remove(&id) else { return false };
        let (was, taken) = (Standing::of(&item), Taken::of(&item));
        let changed = how(&mut item);
        if changed {
            follow(&mut item);
            let state = state_of(&item);
            item.state = state;
            if state != was.state {
                item.since = now;
            }
            let may_go = state.waits() || matches!(state, State::HandingOver | State::InDoubt);
            if !may_go {
                item.letter = None;
            }
        }
        let over = item.state.is_final() && !item.owes();
        let is = (!over).then(|| Standing::of(&item));
        // Orders that it stays in at the same place are left alone.
        if is != Some(was) {
            self.stand(&item, was, false);
            if let Some(is) = is {
                self.stand(&item, is, true);
            }
        }
        if over {
            self.correlations.told(&item, false);
        }
        self.correlations.taken(&item, taken, if over { Taken::default() } else { Taken::of(&item) });
        if over {
            self.tally.ended(item.state);
            self.forget_receipt(id);
        } else {
            self.items.insert(id, item);
        }
        changed
    }

    /// Puts a letter into the orders that it belongs in, or takes it out of them.
    fn file(&mut self, item: &Item, put: bool) {
        self.stand(item, Standing::of(item), put);
        self.correlations.told(item, put);
        let (nowhere, taken) = (Taken::default(), Taken::of(item));
        let (was, is) = if put { (nowhere, taken) } else { (taken, nowhere) };
        self.correlations.taken(item, was, is);
    }

    /// Orders by state.
    fn stand(&mut self, item: &Item, standing: Standing, put: bool) {
        let Standing { state, since, owes } = standing;
        let (id, at) = (item.id, (since, item.id));
        match state {
            State::Queued => self.lanes.file(item, put),
            State::Held { until } => file(&mut self.holds, (until, id), put),
            State::Sent => file(&mut self.sent, at, put),
            State::InDoubt => file(&mut self.doubts, at, put),
            State::HandingOver => {}
            State::Delivered
            | State::Failed
            | State::Recalled
            | State::Refused
            | State::Expired
            | State::Unknown => file(&mut self.ended, at, put),
        }
        if state.waits() {
            file(&mut self.waits, (item.expires, id), put);
        }
        if state.waits() || state == State::InDoubt {
            file(&mut self.by_recipient, (item.recipient, id), put);
        }
        // What came over HTTP is told to whoever asks, and is in nobody's way until then.
        let asked_for = item.parts.first().is_some_and(|part| crate::protocols::is_asked_for(&part.ours));
        if owes && !asked_for {
            if let Some(owed) = self.owed.get_mut(&item.account) {
                file(owed, id, put);
            } else {
                self.owed.insert(Arc::clone(&item.account), BTreeSet::from([id]));
            }
        }
        self.counts.file(item, state, put);
    }
}

/// What decides in which orders a letter stands; the rest of it does not change.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Standing {
    state: State,
    since: Timestamp,
    owes: bool,
}

impl Standing {
    fn of(item: &Item) -> Self {
        Self { state: item.state, since: item.since, owes: item.owes() }
    }
}

impl core::fmt::Debug for Book {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Book({} letters, {} decisions)", self.items.len(), self.decisions.len())
    }
}

fn file<T: Ord>(order: &mut BTreeSet<T>, member: T, put: bool) {
    if put {
        order.insert(member);
    } else {
        order.remove(&member);
    }
}

const fn is_waiting(stage: &Stage) -> bool {
    matches!(stage, Stage::Waiting)
}

const fn is_handed(stage: &Stage) -> bool {
    matches!(stage, Stage::HandingOver)
}

/// Moves those segments that are meant; are there any?
fn move_parts(item: &mut Item, meant: &dyn Fn(&Stage) -> bool, to: &Stage) -> bool {
    let mut any = false;
    for part in item.parts.iter_mut().filter(|part| meant(&part.stage)) {
        part.stage = to.clone();
        any = true;
    }
    any
}

fn end_parts(item: &mut Item, meant: &dyn Fn(&Stage) -> bool, outcome: &Outcome) -> bool {
    let mut any = false;
    for part in item.parts.iter_mut().filter(|part| meant(&part.stage)) {
        part.stage = Stage::Ended(outcome.clone());
        part.owed = owed(part.wish, outcome);
        any = true;
    }
    any
}

/// Back to the queue, or to wait for a time, with what of it the carrier does not have for certain.
fn release(item: &mut Item, until: Option<Timestamp>) -> bool {
    let open = |stage: &Stage| matches!(stage, Stage::Waiting | Stage::HandingOver | Stage::InDoubt);
    let released = item.letter.is_some() && move_parts(item, &open, &Stage::Waiting);
    if released {
        // Set here, for its segments do not say what they wait for.
        let state = until.map_or(State::Queued, |until| State::Held { until });
        item.state = state;
    }
    released
}

/// What its segments make of a letter.
fn state_of(item: &Item) -> State {
    let any = |meant: &dyn Fn(&Stage) -> bool| item.parts.iter().any(|part| meant(&part.stage));
    if any(&is_handed) {
        return State::HandingOver;
    }
    if any(&|stage| matches!(stage, Stage::InDoubt)) {
        return State::InDoubt;
    }
    if any(&is_waiting) {
        return if item.state.waits() { item.state } else { State::Queued };
    }
    if any(&|stage| matches!(stage, Stage::Taken)) {
        return State::Sent;
    }
    let ended = |meant: &dyn Fn(&Outcome) -> bool| any(&|s| matches!(s, Stage::Ended(o) if meant(o)));
    if ended(&|o| matches!(o, Outcome::Recalled(_))) {
        State::Recalled
    } else if ended(&|o| matches!(o, Outcome::Refused(_))) {
        State::Refused
    } else if ended(&|o| matches!(o, Outcome::Expired)) {
        State::Expired
    } else if ended(&|o| !o.delivered() && !matches!(o, Outcome::Unknown)) {
        State::Failed
    } else if ended(&|o| matches!(o, Outcome::Unknown)) {
        State::Unknown
    } else {
        State::Delivered
    }
}

/// Is the sender to be told of it?
pub(super) fn owed(wish: Wish, outcome: &Outcome) -> bool {
    match wish {
        Wish::Nothing => false,
        Wish::Report => true,
        Wish::ReportOfFailure => !outcome.delivered(),
    }
}
