//! Decisions remembered: sends that no rule can tell apart are decided once.
//!
//! A rule sees a message, its class, the facts of its recipient and the day from which its provision bound
//! anyone. Of times it asks only whether an act came before such a day; so acts are told apart by the period of
//! law they fall into, and everything else by its value. House policy, which looks at the hour and at earlier
//! sends, is asked for every send.

use std::collections::HashMap;

use ahash::RandomState;
use anning_consent::World;
use anning_decide::{Decision, House, Policy, Treatment, decide};
use anning_law::Law;
use anning_vocab::{Class, Date, Facts, Grade, Known, Message, Standing, State, Terms, Timestamp};

use crate::input::hasher;

use super::tally::{Count, Key as TallyKey, Tally};
use super::verdict::{Verdict, Verdicts};

/// Decides sends of one thread.
pub(crate) struct Memo<'w> {
    law: &'w Law,
    law_on: Option<Date>,
    policy: Policy,
    terms: &'w [Terms],
    /// First day of each period of law, but for the beginning.
    cuts: Vec<Date>,
    slots: HashMap<Key, u32, RandomState>,
    counts: Vec<Slot>,
    pub verdicts: Verdicts,
}

/// What distinguishes a send for every rule there is.
#[derive(PartialEq, Eq, Hash)]
struct Key([u64; 6]);

/// A decision and how often it was taken.
#[derive(Clone, Copy)]
struct Slot {
    key: TallyKey,
    count: Count,
    treatment: Treatment,
}

/// A send that is to be decided.
pub(crate) struct Case<'c, 'w> {
    pub message: &'c Message,
    pub class: Class,
    pub facts: &'c Facts<'w>,
    /// Its context, which stands for everything in the message that does not follow from what else is here.
    pub context: u32,
    /// What the text showed.
    pub reading: u16,
}

/// A send that was decided.
pub(crate) struct Decided {
    pub verdict: u32,
    pub treatment: Treatment,
    pub house: House,
    pub state: State,
    pub grade: Option<Grade>,
}

impl<'w> Memo<'w> {
    pub fn new(law: &'w Law, world: &'w World, policy: Policy, law_on: Option<Date>) -> Self {
        let cuts = law.periods().iter().skip(1).map(|p| p.interval().from).collect();
        Self {
            law,
            law_on,
            policy,
            terms: &world.terms,
            cuts,
            slots: HashMap::with_hasher(hasher()),
            counts: Vec::new(),
            verdicts: Verdicts::default(),
        }
    }

    /// Decides and counts one send.
    pub fn decide(
        &mut self,
        case: &Case<'_, '_>,
        prior: &[anning_consent::Prior],
        tally: &mut Tally,
    ) -> Decided {
        let day = case.message.sent_at.date();
        let judged_by = self.law_on.unwrap_or(day);
        let receive = &case.facts.receive;
        let shown = !matches!(receive.state, State::NoRecord | State::Reassigned);
        let grade = shown.then_some(receive.grade);
        let slot = self.slot(case, judged_by, grade, tally);
        let Some(slot) = self.counts.get_mut(slot) else {
            // Just made; cannot be missing.
            return Decided {
                verdict: 0,
                treatment: Treatment::Outside,
                house: House::Pass,
                state: receive.state,
                grade,
            };
        };
        slot.count.add(day);
        let (verdict, treatment) = (slot.key.verdict, slot.treatment);
        let house = match treatment {
            Treatment::Commercial | Treatment::ConsentRequest => {
                self.policy.house(case.message, case.facts, prior)
            }
            Treatment::Outside => House::Pass,
        };
        Decided { verdict, treatment, house, state: receive.state, grade }
    }

    fn slot(&mut self, case: &Case<'_, '_>, on: Date, grade: Option<Grade>, tally: &mut Tally) -> usize {
        let period = self.period(on);
        let key = self.key(case, period);
        if let Some(slot) = self.slots.get(&key) {
            return *slot as usize;
        }
        if self.counts.len() >= SLOTS_MAX {
            self.flush(tally);
        }
        let decision: Decision =
            decide(self.law.on(on), case.message, case.class, case.facts, &[], &self.policy);
        let verdict = self.verdicts.id(Verdict::of(&decision));
        let notice = case.facts.receive.terms.and_then(|t| t.notice).map_or(0, |n| n.hash);
        let message = case.message;
        let key_of_tally = TallyKey {
            context: case.context,
            brand: message.brand.map(|b| b.0),
            class: case.class,
            verdict,
            period,
            grade,
            notice,
            page: case.facts.receive.terms.and_then(|t| t.page).map_or(0, |page| page.version),
        };
        let at = self.counts.len();
        let slot = Slot { key: key_of_tally, count: Count::default(), treatment: decision.treatment };
        self.counts.push(slot);
        self.slots.insert(key, u32::try_from(at).unwrap_or(u32::MAX));
        at
    }

    /// Hands all counts over and forgets.
    pub fn flush(&mut self, tally: &mut Tally) {
        for slot in self.counts.drain(..) {
            tally.add(slot.key, slot.count);
        }
        self.slots.clear();
    }

    fn period(&self, day: Date) -> u8 {
        u8::try_from(self.cuts.partition_point(|cut| *cut <= day)).unwrap_or(u8::MAX)
    }

    fn at(&self, at: Timestamp) -> u64 {
        u64::from(self.period(at.date()))
    }

    fn key(&self, case: &Case<'_, '_>, period: u8) -> Key {
        let (message, facts) = (case.message, case.facts);
        let head = u64::from(case.context) << 32
            | u64::from(case.reading) << 16
            | (message.recipient as u64) << 8
            | u64::from(period);
        let brand = u64::from(message.brand.map_or(u32::MAX, |b| b.0));
        let invited = facts.invited.map_or(0, |i| 1 | (i.grade as u64) << 1 | self.at(i.at) << 3);
        let refusal = facts.refusal.reach as u64
            | u64::from(facts.refusal.recorded_late) << 2
            | u64::from(facts.refusal.tie) << 3
            | self.at(facts.refusal.received) << 4;
        let rest = facts.asked as u64
            | u64::from(facts.provided_by_another) << 2
            | (facts.age as u64) << 3
            | (Known::from_option(facts.guardian) as u64) << 5
            | u64::from(facts.asked_since_refusal) << 8
            | refusal << 24
            | invited << 40;
        Key([
            head,
            brand,
            rest,
            self.standing(&facts.receive),
            self.standing(&facts.process),
            self.standing(&facts.provision),
        ])
    }

    fn standing(&self, standing: &Standing<'_>) -> u64 {
        let terms = standing.terms.map_or(u32::MAX, |terms| self.index(terms));
        standing.state as u64
            | u64::from(standing.beyond.bits()) << 3
            | (standing.grade as u64) << 11
            | u64::from(standing.learnt_later) << 13
            | u64::from(standing.held) << 14
            | self.at(standing.at) << 16
            | u64::from(terms) << 32
    }

    /// The number of terms in their table, told by where they lie in it.
    fn index(&self, terms: &Terms) -> u32 {
        let from = self.terms.as_ptr() as usize;
        let at = core::ptr::from_ref(terms) as usize;
        u32::try_from(at.wrapping_sub(from) / size_of::<Terms>()).unwrap_or(u32::MAX)
    }
}

/// Decisions remembered at once, some 150 bytes each.
const SLOTS_MAX: usize = 1 << 19;
