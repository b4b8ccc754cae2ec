//! The selection of acts: latest wins, ties refuse, silence is no consent, refusal follows the brand.

use std::borrow::Cow;
use std::cmp::Reverse;

use anning_vocab::{
    Act, ActKind, AgeBand, AskedBefore, Bundling, Control, Covers, Date, Facts, Grade, Invited, Message,
    Origin, Prior, Prominence, Purpose, Refusal, RefusalReach, Scope, Set, Standing, State, Terms, Timestamp,
};

use crate::World;
use crate::relation::{self, Relation};
use crate::scope;

impl World {
    /// Everything a rule may ask about the recipient of `message`.
    ///
    /// `acts` are that recipient's acts in order of `occurred`; `prior` are earlier sends to the same
    /// recipient in order of time. Acts after the send, and refusals that had not arrived, are left out:
    /// what they would have shown was not so at the time; so is everything from before the number last
    /// changed hands. How acts of one instant are ordered in `acts` does not matter.
    #[must_use]
    pub fn facts<'w>(&'w self, message: &Message, acts: &[Act], prior: &[Prior]) -> Facts<'w> {
        let known = Acts::of(self, message, acts, prior);
        let refusals = known.refusals();
        let provided_by_another =
            message.parties.controller.is_some_and(|c| message.sender().is_some_and(|sender| sender != c));
        let (age, guardian) = known.age();
        let receive = known.receive(&refusals);
        let refusal = known.standing_refusal(&refusals);
        let asked = known.asked(refusal);
        Facts {
            refusal: refusal.map_or(NO_REFUSAL, |(_, refusal)| refusal),
            invited: known.invited(&refusals),
            process: known.process(),
            provision: if provided_by_another { known.provision() } else { NO_RECORD },
            provided_by_another,
            asked: asked.0,
            asked_since_refusal: asked.1,
            age,
            guardian,
            receive,
        }
    }
}

/// The acts that had happened by the time of the send, and what was sent before it, since the number last
/// changed hands.
struct Acts<'w, 'a> {
    world: &'w World,
    message: &'a Message,
    acts: Cow<'a, [Act]>,
    prior: &'a [Prior],
    /// When the number last changed hands, with the acts up to the end of that second.
    reassigned: Option<(Timestamp, &'a [Act])>,
}

/// The latest refusal in each reach.
#[derive(Clone, Copy, Default)]
struct Refusals {
    sender: Option<Act>,
    brand: Option<Act>,
    port: Option<Act>,
}

/// A request for consent that was made.
struct Ask {
    at: Timestamp,
    wording: Option<u32>,
    /// The asking itself, not the silence after it.
    asking: bool,
}

/// A consent that was found: the act, its terms, and where it does not reach.
type Found<'w> = (Act, &'w Terms, Set<Scope>);

impl<'w, 'a> Acts<'w, 'a> {
    fn of(world: &'w World, message: &'a Message, acts: &'a [Act], prior: &'a [Prior]) -> Self {
        let sent = message.sent_at;
        let acts = acts.get(..acts.partition_point(|act| act.occurred <= sent)).unwrap_or(acts);
        let last = acts.iter().rev().find(|act| act.kind == ActKind::Reassigned).map(|act| act.occurred);
        let Some(at) = last else {
            return Self { world, message, acts: in_order(world, sent, acts), prior, reassigned: None };
        };
        let since = |second: i64| second >= at.second();
        let this = acts.get(acts.partition_point(|act| !since(act.occurred.second()))..).unwrap_or(&[]);
        let until = acts.partition_point(|act| act.occurred.second() <= at.second());
        Self {
            world,
            message,
            acts: in_order(world, sent, this),
            prior: prior.get(prior.partition_point(|p| !since(p.sent_at.second()))..).unwrap_or(&[]),
            reassigned: Some((at, acts.get(..until).unwrap_or(acts))),
        }
    }

    /// This person's act. In the second of the hand-over a yes is taken for the old holder's, a no for the
    /// new one's: ties refuse.
    fn own(&self, act: &Act) -> bool {
        let tie = |(at, _): (Timestamp, _)| act.occurred.second() == at.second();
        !(act.kind.agrees() && self.reassigned.is_some_and(tie))
    }

    /// Acts of these kinds with their terms, latest first.
    fn latest(&self, kinds: fn(ActKind) -> bool) -> impl Iterator<Item = (Act, &'w Terms)> {
        let world = self.world;
        self.acts
            .iter()
            .rev()
            .filter(move |act| kinds(act.kind) && self.own(act))
            .filter_map(move |act| Some((*act, world.terms(act.terms)?)))
    }

    /// The latest refusals of receiving that had arrived.
    fn refusals(&self) -> Refusals {
        let mut found = Refusals::default();
        for (act, terms) in self.latest(ActKind::refuses) {
            let arrived = act.received <= self.message.sent_at;
            if !arrived || terms.covers == Covers::Process || !scope::speaks_of(terms, self.message) {
                continue;
            }
            let slot = match relation::of_refusal(self.world, terms, self.message) {
                Relation::Sender => &mut found.sender,
                Relation::Brand => &mut found.brand,
                Relation::Port => &mut found.port,
                Relation::Other => continue,
            };
            slot.get_or_insert(act);
        }
        found
    }

    /// Consent to receive. Among consents that no later refusal ended, the latest that reaches the message;
    /// else the latest of what was said to this sender; what was agreed with others says least.
    fn receive(&self, refusals: &Refusals) -> Standing<'w> {
        let refused_at = refusals.sender.map(|act| act.occurred.second());
        let consents = self
            .latest(|kind| matches!(kind, ActKind::Given | ActKind::Renewed))
            .take_while(|(act, _)| refused_at.is_none_or(|t| act.occurred.second() > t))
            .filter(|(_, terms)| terms.covers != Covers::Process);
        let (mut partial, mut of_another) = (None, None);
        for (act, terms) in consents {
            let mut beyond = scope::beyond_receiving(&act, terms, self.message, self.prior);
            let to_another = relation::of_consent(terms, self.message) != Relation::Sender;
            if to_another {
                beyond = beyond.union(Set::<Scope>::of(&[Scope::Sender]));
            }
            if beyond.is_empty() {
                return self.standing((act, terms, beyond));
            }
            let slot = if to_another { &mut of_another } else { &mut partial };
            slot.get_or_insert((act, terms, beyond));
        }
        match (partial, refusals.sender, self.silence(partial)) {
            (None, Some(act), _) => self.at_state(State::Refused, act),
            (_, _, Some(act)) => self.at_state(State::Silent, act),
            (Some(found), _, None) => self.standing(found),
            (None, None, None) => self
                .reassigned(|terms| self.to_receive_from_sender(terms))
                .or(of_another.map(|found| self.standing(found)))
                .unwrap_or(NO_RECORD),
        }
    }

    /// The latest silence to a request that spoke of this message, unless a consent of some other scope came
    /// after it.
    fn silence(&self, partial: Option<Found<'w>>) -> Option<Act> {
        self.latest(|kind| kind == ActKind::NoAnswer)
            .find(|(_, terms)| self.to_receive_from_sender(terms) && scope::speaks_of(terms, self.message))
            .map(|(act, _)| act)
            .filter(|act| partial.is_none_or(|(p, ..)| act.occurred.second() >= p.occurred.second()))
    }

    /// Speaks to this sender about receiving.
    fn to_receive_from_sender(&self, terms: &Terms) -> bool {
        terms.covers != Covers::Process && relation::of_consent(terms, self.message) == Relation::Sender
    }

    /// The number changed hands after such a consent: it was another person's.
    fn reassigned(&self, speaks: impl Fn(&Terms) -> bool) -> Option<Standing<'w>> {
        let (at, until) = self.reassigned?;
        let held =
            until.iter().any(|act| act.kind.agrees() && self.world.terms(act.terms).is_some_and(&speaks));
        held.then_some(Standing { state: State::Reassigned, at, ..NO_RECORD })
    }

    /// Consent to have personal information processed.
    fn process(&self) -> Standing<'w> {
        let speaks = |terms: &Terms| {
            terms.covers != Covers::Receive
                && relation::of_processing(terms, self.message) == Relation::Sender
        };
        // Said to a port alone it speaks of that port, as a refusal to receive does.
        let to_port = |t: &Terms| t.controller.is_none() && t.brand.is_none() && t.port.is_some();
        let by_us = |terms: &Terms| {
            !to_port(terms) || relation::of_refusal(self.world, terms, self.message) == Relation::Sender
        };
        let refused = self
            .latest(ActKind::refuses)
            .find(|(act, terms)| act.received <= self.message.sent_at && speaks(terms) && by_us(terms));
        let consents = self
            .latest(|kind| matches!(kind, ActKind::Given | ActKind::Renewed))
            .filter(|(_, terms)| speaks(terms))
            .map(|(act, terms)| (act, terms, scope::beyond_processing(&act, terms, self.message)));
        match (best(consents, refused.map(|(act, _)| act.occurred.second())), refused) {
            (Some(found), _) => self.standing(found),
            (None, Some((act, _))) => self.at_state(State::Refused, act),
            (None, None) => self.reassigned(speaks).unwrap_or(NO_RECORD),
        }
    }

    /// Separate consent to the controller's handing data to this sender; one that names the sender before
    /// one that names somebody else or nobody.
    fn provision(&self) -> Standing<'w> {
        let controller = self.message.parties.controller;
        let speaks = |terms: &Terms| terms.controller.is_none() || terms.controller == controller;
        // A no to handing data to somebody else is none to handing them to this sender.
        let of_us = |terms: &Terms| {
            terms.provision.is_some_and(|p| p.recipient.is_none() || p.recipient == self.message.sender())
        };
        let refused = self
            .latest(ActKind::refuses)
            .find(|(act, terms)| act.received <= self.message.sent_at && of_us(terms) && speaks(terms));
        let after = refused.map(|(act, _)| act.occurred.second());
        let given = || {
            self.latest(|kind| matches!(kind, ActKind::Given | ActKind::Renewed))
                .filter(|(act, terms)| {
                    terms.provision.is_some()
                        && speaks(terms)
                        && after.is_none_or(|t| act.occurred.second() > t)
                })
                .map(|(act, terms)| (act, terms, scope::beyond_processing(&act, terms, self.message)))
        };
        let names_sender =
            |found: &Found<'_>| found.1.provision.is_some_and(|p| p.recipient == self.message.sender());
        match (best(given().filter(names_sender), None).or_else(|| best(given(), None)), refused) {
            (Some(found), _) => self.standing(found),
            (None, Some((act, _))) => self.at_state(State::Refused, act),
            (None, None) => NO_RECORD,
        }
    }

    /// A request (请求) that reaches this message and no later refusal ended.
    fn invited(&self, refusals: &Refusals) -> Option<Invited> {
        let refused_at = refusals.sender.map(|act| act.occurred.second());
        self.latest(|kind| kind == ActKind::Invited)
            .take_while(|(act, _)| refused_at.is_none_or(|t| act.occurred.second() > t))
            .find(|(act, terms)| {
                self.to_receive_from_sender(terms)
                    && scope::beyond_receiving(act, terms, self.message, self.prior).is_empty()
            })
            .map(|(act, terms)| Invited {
                grade: grade(&act, terms, self.message.sent_at).0,
                at: act.occurred,
            })
    }

    /// The refusal that stands: no act by which the recipient agreed to this sender came after it.
    fn standing_refusal(&self, refusals: &Refusals) -> Option<(Act, Refusal)> {
        // Opting in again lifts a refusal only as far as the new consent reaches.
        let agreed = self
            .latest(ActKind::agrees)
            .find(|(act, terms)| {
                self.to_receive_from_sender(terms)
                    && scope::beyond_receiving(act, terms, self.message, &[]).is_empty()
            })
            .map(|(act, _)| act.occurred.second());
        let order = [
            (refusals.sender, RefusalReach::Sender),
            (refusals.brand, RefusalReach::Brand),
            (refusals.port, RefusalReach::Port),
        ];
        for (refusal, reach) in order {
            let Some(act) = refusal else { continue };
            if agreed.is_none_or(|at| at <= act.occurred.second()) {
                let recorded_late = act.recorded > self.message.sent_at;
                let tie = agreed == Some(act.occurred.second());
                return Some((act, Refusal { reach, received: act.received, recorded_late, tie }));
            }
        }
        None
    }

    /// Was this recipient asked before, and how often again after an explicit refusal that stands?
    fn asked(&self, refusal: Option<(Act, Refusal)>) -> (AskedBefore, u16) {
        if self.message.purpose != Purpose::ConsentRequest {
            return (AskedBefore::No, 0);
        }
        match refusal {
            Some((act, refusal)) if refusal.reach != RefusalReach::Port => {
                let again = self.asks().filter(|ask| ask.asking && ask.at > act.occurred);
                let mut seconds: Vec<i64> = again.map(|ask| ask.at.second()).collect();
                // The act of asking and the message that asked are one time.
                seconds.sort_unstable();
                seconds.dedup();
                (AskedBefore::Refusal, u16::try_from(seconds.len()).unwrap_or(u16::MAX))
            }
            Some(_) | None => (self.asked_in_vain(), 0),
        }
    }

    /// Requests that no later consent answered.
    fn asked_in_vain(&self) -> AskedBefore {
        let answered = self
            .latest(ActKind::agrees)
            .find(|(_, terms)| self.to_receive_from_sender(terms) && scope::speaks_of(terms, self.message))
            .map(|(act, _)| act.occurred.second());
        let mut asked = AskedBefore::No;
        for ask in self.asks().filter(|ask| answered.is_none_or(|at| ask.at.second() > at)) {
            match ask.wording.zip(self.message.wording) {
                Some((theirs, ours)) if theirs != ours => asked = AskedBefore::OtherWording,
                // Wording that nobody kept cannot be shown to differ.
                Some(_) | None => return AskedBefore::Silence,
            }
        }
        asked
    }

    /// Acts of asking and silences on record, and messages that asked.
    fn asks(&self) -> impl Iterator<Item = Ask> {
        let this_request = self.message.sent_at.second();
        let acts = self
            .latest(|kind| matches!(kind, ActKind::Asked | ActKind::NoAnswer))
            .filter(|(_, terms)| relation::of_consent(terms, self.message) == Relation::Sender)
            // The act of asking that this very message is.
            .filter(move |(act, _)| act.kind == ActKind::NoAnswer || act.occurred.second() < this_request)
            .map(|(act, terms)| Ask {
                at: act.occurred,
                wording: terms.wording,
                asking: act.kind == ActKind::Asked,
            });
        let sends = self
            .prior
            .iter()
            .filter(|p| p.request && p.sender == self.message.sender())
            .map(|p| Ask { at: p.sent_at, wording: p.wording, asking: true });
        acts.chain(sends)
    }

    /// Age evidence: the send's own, else the latest act that carries any.
    fn age(&self) -> (AgeBand, Option<bool>) {
        let carries = |(_, terms): &(Act, &Terms)| terms.age != AgeBand::Unknown;
        let (at, from_acts) = self
            .latest(|_| true)
            .find(carries)
            .map_or((self.message.sent_at, AgeBand::Unknown), |(act, terms)| (act.occurred, terms.age));
        // A parent's consent to another controller is none to this one.
        let guardian = self
            .latest(ActKind::agrees)
            .filter(|(_, terms)| relation::of_processing(terms, self.message) == Relation::Sender)
            .find_map(|(_, terms)| terms.guardian);
        let band = match (self.message.age, from_acts) {
            (AgeBand::Unknown, band) => grown(band, at.date(), self.message.sent_at.date()),
            (band, _) => band,
        };
        (band, guardian)
    }

    fn standing(&self, (act, terms, beyond): Found<'w>) -> Standing<'w> {
        let (grade, learnt_later) = grade(&act, terms, self.message.sent_at);
        let state = if beyond.is_empty() { State::Given } else { State::OutOfScope };
        Standing { state, beyond, grade, learnt_later, at: act.occurred, terms: Some(terms) }
    }

    fn at_state(&self, state: State, act: Act) -> Standing<'w> {
        let terms = self.world.terms(act.terms);
        let (grade, learnt_later) =
            terms.map_or((Grade::Asserted, false), |terms| grade(&act, terms, self.message.sent_at));
        Standing { state, beyond: Set::<Scope>::EMPTY, grade, learnt_later, at: act.occurred, terms }
    }
}

/// Acts in an order that does not depend on how those of one instant were listed: of two records of one
/// instant, last and so first to speak is the one known before the send, then the better evidence, then the
/// one of doubtful form, then the one that shows a younger person.
fn in_order<'a>(world: &World, sent: Timestamp, acts: &'a [Act]) -> Cow<'a, [Act]> {
    let tie = |pair: &[Act]| matches!(pair, [a, b] if a.occurred == b.occurred);
    if !acts.windows(2).any(tie) {
        return Cow::Borrowed(acts);
    }
    let mut acts = acts.to_vec();
    acts.sort_by_key(|act| {
        let evidence = world.terms(act.terms).map(|terms| {
            let (grade, learnt_later) = grade(act, terms, sent);
            let form = (!doubtful(terms), Reverse(terms.age), terms.guardian != Some(false));
            (learnt_later, grade, form)
        });
        (act.occurred, Reverse((evidence, act.received, act.recorded, act.terms)))
    });
    Cow::Owned(acts)
}

/// The record shows something that some text holds against a consent.
fn doubtful(terms: &Terms) -> bool {
    matches!(terms.control, Control::TickedByDefault | Control::Implied)
        || matches!(terms.bundling, Bundling::WithTerms | Bundling::WithOtherConsents)
        || terms.prominence == Prominence::Buried
        || terms.forced == Some(true)
}

/// Proved: captured with what the person saw, or anchored, before the send. An import stays a claim.
fn grade(act: &Act, terms: &Terms, sent: Timestamp) -> (Grade, bool) {
    let learnt_later = act.recorded > sent;
    if act.received < act.occurred || act.recorded < act.received {
        return (Grade::Contradicted, learnt_later);
    }
    let grade = match (act.origin, terms.notice) {
        _ if learnt_later => Grade::Asserted,
        (Origin::Anchored, _) => Grade::Proved,
        (Origin::Captured, Some(notice)) if notice.hash != 0 => Grade::Proved,
        // Who asks of their own accord was shown nothing: the request itself is the evidence.
        (Origin::Captured, _) if act.kind == ActKind::Invited => Grade::Proved,
        (Origin::Captured | Origin::Imported, _) => Grade::Asserted,
    };
    (grade, learnt_later)
}

/// The first consent (latest first) after `refused_at` that reaches the message, else the first at all.
fn best<'w>(consents: impl Iterator<Item = Found<'w>>, refused_at: Option<i64>) -> Option<Found<'w>> {
    let mut first = None;
    for found in consents.take_while(|(act, ..)| refused_at.is_none_or(|t| act.occurred.second() > t)) {
        if found.2.is_empty() {
            return Some(found);
        }
        first.get_or_insert(found);
    }
    first
}

/// A person of 14 to 17 is 18 or more four years later.
fn grown(band: AgeBand, then: Date, now: Date) -> AgeBand {
    if band == AgeBand::Minor && now >= then.plus_months(48) { AgeBand::Adult } else { band }
}

const NO_RECORD: Standing<'static> = Standing {
    state: State::NoRecord,
    beyond: Set::<Scope>::EMPTY,
    grade: Grade::Asserted,
    learnt_later: false,
    at: Timestamp::from_millis(0),
    terms: None,
};

const NO_REFUSAL: Refusal = Refusal {
    reach: RefusalReach::None,
    received: Timestamp::from_millis(0),
    recorded_late: false,
    tie: false,
};
