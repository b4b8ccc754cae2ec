//! One message to many recipients: what no rule can tell apart is decided once.

mod alike;

use anning_consent::{Prior, Reach, World};
use anning_law::LawInForce;
use anning_vocab::{Act, Class, Message, Timestamp};

use crate::decision::{Decision, decide};
use crate::house::Policy;
use alike::{ByAct, ByFacts, Known};

/// Decides one message for one recipient after another.
///
/// Each decision is, to the bit, what [`World::facts`] and [`decide`] say. Two memories stand before them, both
/// bounded: of recipients with a single act, or whose latest one settles the matter ([`Reach::settled`]), told
/// apart by what it is and its civil date; and of facts, as far as rules look at them. Whatever is finer, such
/// as an act in the second of the send, goes past the first.
///
/// The message stands for all: kind of recipient and age evidence of the send are part of it.
///
/// ```
/// use anning_consent::World;
/// use anning_decide::{Campaign, Outcome, Policy};
/// use anning_law::Law;
/// use anning_vocab::{Channel, Class, Date, Message, PartyId};
///
/// let day = Date::parse("2021-11-11").unwrap();
/// let mut message = Message::new(day.start(), Channel::Sms);
/// message.parties.advertiser = Some(PartyId(0));
/// let world = World::default();
/// let law = anning_law::Law::embedded().on(day);
/// let mut campaign = Campaign::new(law, &world, message, Class::Commercial, Policy::default());
/// assert_eq!(campaign.decide(&[], &[]).outcome, Outcome::Deny);
/// ```
#[derive(Clone, Debug)]
pub struct Campaign<'a> {
    law: &'a LawInForce,
    world: &'a World,
    reach: Reach<'a>,
    class: Class,
    policy: Policy,
    known: Known,
    /// Number of the decision on somebody of whom nothing is on record.
    nothing: u16,
    by_act: ByAct,
    by_facts: ByFacts,
}

impl<'a> Campaign<'a> {
    /// A campaign of which nothing is decided yet.
    #[must_use]
    pub fn new(
        law: &'a LawInForce,
        world: &'a World,
        message: Message,
        class: Class,
        policy: Policy,
    ) -> Self {
        Self {
            law,
            world,
            reach: Reach::new(world, message),
            class,
            policy,
            known: Known::default(),
            nothing: 0,
            by_act: ByAct::new(world.terms.len()),
            by_facts: ByFacts::new(law.first_days()),
        }
    }

    /// The message.
    #[must_use]
    pub const fn message(&self) -> &Message {
        self.reach.message()
    }

    /// Decides for the recipient who did `acts` and was sent `prior`, in the order that [`World::facts`] asks
    /// for.
    #[inline]
    pub fn decide(&mut self, acts: &[Act], prior: &[Prior]) -> Decision {
        let acts = match prior {
            [] => self.reach.settled(acts).map_or(acts, core::slice::from_ref),
            [_, ..] => acts,
        };
        let kept = match (acts, prior) {
            ([], []) => Some(self.nothing),
            ([act], []) => self.by_act.find(act, self.message().sent_at),
            (_, _) => None,
        };
        if let Some(decision) = kept.and_then(|number| self.known.get(number)) {
            return *decision;
        }
        let (number, decision) = self.by_facts(acts, prior);
        match (kept, acts) {
            (Some(_), [act]) => self.by_act.keep(act, self.reach.message().sent_at, number),
            (Some(_), _) => self.nothing = number,
            (None, _) => {}
        }
        decision
    }

    /// The same message at another time, such as the next of a long campaign.
    ///
    /// What is remembered stays only while nothing of it can have changed: on the same civil day, and with the
    /// same answer of the quiet hours.
    pub fn send_at(&mut self, at: Timestamp) {
        let quiet = |at| self.policy.quiet_hours.and_then(|quiet| quiet.until(at));
        let before = self.message().sent_at;
        let same = at.date() == before.date() && quiet(at) == quiet(before);
        self.reach.send_at(at);
        if !same {
            *self = Self::new(self.law, self.world, *self.message(), self.class, self.policy);
        }
    }

    /// The decision by way of the facts, with its number.
    fn by_facts(&mut self, acts: &[Act], prior: &[Prior]) -> (u16, Decision) {
        let facts = self.reach.facts(acts, prior);
        let message = self.reach.message();
        let house = self.policy.house(message, &facts, prior);
        let key = self.by_facts.key(&facts, house, &self.world.terms);
        let number = self.by_facts.find(&key);
        if let Some(decision) = self.known.get(number) {
            return (number, *decision);
        }
        let decision = decide(self.law, message, self.class, &facts, prior, &self.policy);
        let number = self.known.number(decision);
        self.by_facts.keep(key, number);
        (number, decision)
    }
}
