//! The selection of acts: latest wins, ties refuse, silence is no consent, refusal follows the brand.

use std::borrow::Cow;
use std::cmp::Reverse;

use anning_vocab::{
    Act, ActKind, AgeBand, AskedBefore, Bundling, Control, Date, Facts, Grade, Invited, Message, Notice,
    Origin, Prior, Prominence, Purpose, Refusal, RefusalReach, Scope, Set, Standing, State, Terms, Timestamp,
};

use crate::reach::{self, Question, Questions, Row};
use crate::relation::{self, Relation};
use crate::{World, scope};

impl World {
    /// Everything a rule may ask about the recipient of `message`.
    ///
    /// `acts` are that recipient's acts in order of `occurred`; `prior` are earlier sends to the same
    /// recipient in order of time. Acts after the send, and refusals that had not arrived, are left out:
    /// what they would have shown was not so at the time; so is everything from before the number last
    /// changed hands. How acts of one instant are ordered in `acts` does not matter.
    #[must_use]
    pub fn facts<'w>(&'w self, message: &Message, acts: &[Act], prior: &[Prior]) -> Facts<'w> {
        facts(self, message, acts, prior, |act| Row::of(self, message, act))
    }
}

/// What [`World::facts`] says, with the rows of acts from wherever they are kept.
#[inline]
pub fn facts<'w>(
    world: &'w World,
    message: &Message,
    acts: &[Act],
    prior: &[Prior],
    row: impl FnMut(&Act) -> Option<Row>,
) -> Facts<'w> {
    let known = Acts::of(world, message, acts, prior, row);
    let provided_by_another =
        message.parties.controller.is_some_and(|c| message.sender().is_some_and(|sender| sender != c));
    let (age, guardian) = known.age();
    let refusal = known.standing_refusal();
    let asked = known.asked(refusal);
    Facts {
        receive: known.receive(),
        refusal: refusal.map_or(NO_REFUSAL, |(_, refusal)| refusal),
        invited: known.invited(),
        process: known.process(),
        provision: if provided_by_another { known.provision() } else { NO_RECORD },
        provided_by_another,
        asked: asked.0,
        asked_since_refusal: asked.1,
        age,
        guardian,
    }
}

/// The acts that had happened by the time of the send, and what was sent before it, since the number last
/// changed hands; and of each question the act that answers it.
struct Acts<'w, 'a> {
    world: &'w World,
    message: &'a Message,
    acts: Cow<'a, [Act]>,
    prior: &'a [Prior],
    /// When the number last changed hands, and what the holders before had said yes to.
    reassigned: Option<(Timestamp, Questions)>,
    /// What answers each question.
    latest: [Latest; Question::COUNT],
}

/// The latest act that answers a question.
#[derive(Clone, Copy, Default)]
struct Latest {
    /// One more than its place among the acts; 0 if there is none.
    place: u32,
    /// In which respects it does not reach.
    beyond: Set<Scope>,
}

/// A request for consent that was made.
struct Ask {
    at: Timestamp,
    wording: Option<u32>,
    /// The asking itself, not the silence after it.
    asking: bool,
}

impl<'w, 'a> Acts<'w, 'a> {
    #[inline]
    fn of(
        world: &'w World,
        message: &'a Message,
        acts: &'a [Act],
        prior: &'a [Prior],
        mut row: impl FnMut(&Act) -> Option<Row>,
    ) -> Self {
        let sent = message.sent_at;
        let acts = acts.get(..acts.partition_point(|act| act.occurred <= sent)).unwrap_or(acts);
        let last = acts.iter().rev().find(|act| act.kind == ActKind::Reassigned).map(|act| act.occurred);
        let latest = [Latest::default(); Question::COUNT];
        let mut known = Self { world, message, acts: Cow::Borrowed(acts), prior, reassigned: None, latest };
        if let Some(at) = last {
            known.hand_over(at, acts, &mut row);
        } else {
            known.acts = in_order(world, sent, acts);
        }
        known.ask(row);
        known
    }

    /// Leaves out what was done, and sent, before the number changed hands.
    fn hand_over(&mut self, at: Timestamp, acts: &'a [Act], mut row: impl FnMut(&Act) -> Option<Row>) {
        let since = |second: i64| second >= at.second();
        let this = acts.get(acts.partition_point(|act| !since(act.occurred.second()))..).unwrap_or(&[]);
        let until = acts.get(..acts.partition_point(|act| act.occurred.second() <= at.second()));
        let agreed = until.unwrap_or(acts).iter().filter(|act| act.kind.agrees());
        let held =
            agreed.filter_map(|act| Some(row(act)?.answers(act))).fold(Questions::NONE, Questions::and);
        self.acts = in_order(self.world, self.message.sent_at, this);
        let prior = self.prior;
        self.prior = prior.get(prior.partition_point(|p| !since(p.sent_at.second()))..).unwrap_or(&[]);
        self.reassigned = Some((at, held));
    }

    /// Finds, latest first, the act that answers each question.
    #[inline]
    fn ask(&mut self, mut row: impl FnMut(&Act) -> Option<Row>) {
        let mut answered = Questions::NONE;
        for (act, place) in self.acts.iter().rev().zip((1..=self.acts.len() as u32).rev()) {
            let Some(row) = row(act).filter(|_| self.own(act)) else { continue };
            let (mut answers, mut beyond) = (row.answers(act), row.beyond(act));
            if row.counts && !self.prior.is_empty() {
                (answers, beyond) = self.counted(act, beyond);
            }
            if act.received > self.message.sent_at {
                answers = answers.without(Questions::REFUSALS);
            }
            for question in answers.without(answered).numbers() {
                if let Some(latest) = self.latest.get_mut(question) {
                    *latest = Latest { place, beyond };
                }
            }
            answered = answered.and(answers);
        }
    }

    /// What an act that names a frequency answers after what was sent, and where it does not reach.
    #[cold]
    fn counted(&self, act: &Act, beyond: Set<Scope>) -> (Questions, Set<Scope>) {
        let Some(terms) = self.world.terms(act.terms) else { return (Questions::NONE, beyond) };
        let often = scope::too_often(terms, self.message, self.prior);
        let beyond = if often { beyond.union(Set::<Scope>::of(&[Scope::Frequency])) } else { beyond };
        (reach::answers(self.world, self.message, act.kind, terms, beyond), beyond)
    }

    /// This person's act. In the second of the hand-over a yes is taken for the old holder's, a no for the
    /// new one's: ties refuse.
    #[inline]
    fn own(&self, act: &Act) -> bool {
        let tie = |(at, _): (Timestamp, _)| act.occurred.second() == at.second();
        !(self.reassigned.is_some_and(tie) && act.kind.agrees())
    }

    /// The latest act that answers a question.
    #[inline]
    fn latest(&self, question: Question) -> Option<&Act> {
        let place = self.latest.get(question as usize)?.place;
        self.acts.get((place as usize).checked_sub(1)?)
    }

    /// The latest act that answers a question, unless a refusal came with or after it: ties refuse.
    #[inline]
    fn since(&self, refused: Option<&Act>, question: Question) -> Option<&Act> {
        let after = |act: &&Act| refused.is_none_or(|no| act.occurred.second() > no.occurred.second());
        self.latest(question).filter(after)
    }

    /// Consent to receive. Among consents that no later refusal ended, the latest that reaches the message;
    /// else the latest of what was said to this sender; what was agreed with others says least.
    #[inline]
    fn receive(&self) -> Standing<'w> {
        let refused = self.latest(Question::Refused);
        if let Some(act) = self.since(refused, Question::Reaches) {
            return self.at_state(State::Given, act);
        }
        let partly = self.since(refused, Question::Partly);
        // Unless a consent of some other scope came after it.
        let silent = self
            .latest(Question::Silent)
            .filter(|act| partly.is_none_or(|p| act.occurred.second() >= p.occurred.second()));
        let of_another = Question::OfAnother;
        match (partly, refused, silent) {
            (None, Some(act), _) => self.at_state(State::Refused, act),
            (_, _, Some(act)) => self.at_state(State::Silent, act),
            (Some(act), _, None) => self.out_of_scope(Question::Partly, act),
            (None, None, None) => self
                .reassigned(Question::HeldReceive)
                .or_else(|| Some(self.out_of_scope(of_another, self.latest(of_another)?)))
                .unwrap_or(NO_RECORD),
        }
    }

    /// The number changed hands after such a consent: it was another person's.
    fn reassigned(&self, consent: Question) -> Option<Standing<'w>> {
        let (at, held) = self.reassigned?;
        held.has(consent).then_some(Standing { state: State::Reassigned, at, ..NO_RECORD })
    }

    /// Consent to have personal information processed.
    #[inline]
    fn process(&self) -> Standing<'w> {
        let refused = self.latest(Question::NotProcess);
        self.processing(refused, Question::Process, Question::ProcessPartly)
            .or_else(|| refused.map(|act| self.at_state(State::Refused, act)))
            .or_else(|| self.reassigned(Question::HeldProcess))
            .unwrap_or(NO_RECORD)
    }

    /// Separate consent to the controller's handing data to this sender; one that names the sender before
    /// one that names somebody else or nobody.
    fn provision(&self) -> Standing<'w> {
        let refused = self.latest(Question::NotProvision);
        self.processing(refused, Question::Provision, Question::ProvisionPartly)
            .or_else(|| self.processing(refused, Question::ProvisionToAny, Question::ProvisionToAnyPartly))
            .or_else(|| refused.map(|act| self.at_state(State::Refused, act)))
            .unwrap_or(NO_RECORD)
    }

    /// The latest consent to processing that no later refusal ended and that reaches, else the latest at all.
    #[inline]
    fn processing(&self, refused: Option<&Act>, reaches: Question, partly: Question) -> Option<Standing<'w>> {
        let given = self.since(refused, reaches).map(|act| self.at_state(State::Given, act));
        given.or_else(|| {
            let standing = self.out_of_scope(partly, self.since(refused, partly)?);
            Some(Standing { beyond: scope::of_processing(standing.beyond), ..standing })
        })
    }

    /// A request (请求) that reaches this message and no later refusal ended.
    #[inline]
    fn invited(&self) -> Option<Invited> {
        let act = self.since(self.latest(Question::Refused), Question::Invited)?;
        let terms = self.world.terms(act.terms)?;
        Some(Invited { grade: evidence(act, terms, self.message.sent_at).grade, at: act.occurred })
    }

    /// The refusal that stands: no act by which the recipient agreed to this sender came after it.
    #[inline]
    fn standing_refusal(&self) -> Option<(&Act, Refusal)> {
        // Opting in again lifts a refusal only as far as the new consent reaches.
        let agreed = self.latest(Question::Lifts).map(|act| act.occurred.second());
        let order = [
            (Question::Refused, RefusalReach::Sender),
            (Question::RefusedBrand, RefusalReach::Brand),
            (Question::RefusedPort, RefusalReach::Port),
        ];
        for (refused, reach) in order {
            let Some(act) = self.latest(refused) else { continue };
            if agreed.is_none_or(|at| at <= act.occurred.second()) {
                let recorded_late = act.recorded > self.message.sent_at;
                let tie = agreed == Some(act.occurred.second());
                return Some((act, Refusal { reach, received: act.received, recorded_late, tie }));
            }
        }
        None
    }

    /// Was this recipient asked before, and how often again after an explicit refusal that stands?
    #[inline]
    fn asked(&self, refusal: Option<(&Act, Refusal)>) -> (AskedBefore, u16) {
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
        let answered = self.latest(Question::Answered).map(|act| act.occurred.second());
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
            .acts
            .iter()
            .rev()
            .filter(|act| matches!(act.kind, ActKind::Asked | ActKind::NoAnswer))
            .filter_map(|act| Some((act, self.world.terms(act.terms)?)))
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
    #[inline]
    fn age(&self) -> (AgeBand, Option<bool>) {
        let of = |question| {
            self.latest(question).and_then(|act| Some((act.occurred, self.world.terms(act.terms)?)))
        };
        let (at, from_acts) =
            of(Question::Age).map_or((self.message.sent_at, AgeBand::Unknown), |(at, terms)| (at, terms.age));
        let guardian = of(Question::Guardian).and_then(|(_, terms)| terms.guardian);
        let band = match (self.message.age, from_acts) {
            (AgeBand::Unknown, band) => grown(band, at.date(), self.message.sent_at.date()),
            (band, _) => band,
        };
        (band, guardian)
    }

    /// A consent that does not reach: the latest that answers this question.
    #[inline]
    fn out_of_scope(&self, partly: Question, act: &Act) -> Standing<'w> {
        let beyond = self.latest.get(partly as usize).map_or(Set::<Scope>::EMPTY, |latest| latest.beyond);
        Standing { beyond, ..self.at_state(State::OutOfScope, act) }
    }

    #[inline]
    fn at_state(&self, state: State, act: &Act) -> Standing<'w> {
        let terms = self.world.terms(act.terms);
        let Evidence { grade, learnt_later, held } =
            terms.map_or(UNKNOWN, |terms| evidence(act, terms, self.message.sent_at));
        Standing { state, beyond: Set::<Scope>::EMPTY, grade, learnt_later, held, at: act.occurred, terms }
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
            let Evidence { grade, learnt_later, .. } = evidence(act, terms, sent);
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

/// How much the record shows against a consent: its form, then a notice that leaves out what makes it informed.
pub(crate) fn faults(terms: &Terms) -> (bool, bool) {
    let lacks =
        |n: &Notice| [n.names_controller, n.states_purpose, n.states_categories].contains(&Some(false));
    (doubtful(terms), terms.notice.as_ref().is_some_and(lacks))
}

/// How good the evidence of an act is.
#[derive(Clone, Copy)]
struct Evidence {
    grade: Grade,
    learnt_later: bool,
    held: bool,
}

/// Proved: captured with what the person saw, or anchored, before the send. An import stays a claim. A page record
/// that says otherwise than the sender's own contradicts it; one first known after the send shows nothing before; one
/// without a seal is held, as an admission is, but lifts no claim to a proof.
fn evidence(act: &Act, terms: &Terms, sent: Timestamp) -> Evidence {
    let learnt_later = act.recorded > sent;
    if act.received < act.occurred || act.recorded < act.received {
        return Evidence { grade: Grade::Contradicted, learnt_later, held: false };
    }
    // A hash that is the page's own is no notice kept beside it.
    let own = |notice: Notice| notice.hash != 0 && terms.page.is_none_or(|page| page.version != notice.hash);
    // Who asks of their own accord was shown nothing: the request itself is the evidence.
    let shown = act.kind == ActKind::Invited || terms.notice.is_some_and(own);
    let (kept, proves) = match act.origin {
        Origin::Anchored => (true, true),
        Origin::Captured => (shown || terms.page.is_some(), shown || terms.page.is_some_and(|p| p.sealed)),
        Origin::Imported => (false, false),
    };
    let held = kept && !learnt_later;
    let page_later = terms.page.is_some_and(|page| page.since > sent);
    let grade = if terms.page.is_some_and(|page| page.contradicts) {
        Grade::Contradicted
    } else if held && proves && !page_later {
        Grade::Proved
    } else {
        Grade::Asserted
    };
    Evidence { grade, learnt_later: learnt_later || page_later, held }
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
    held: false,
    at: Timestamp::from_millis(0),
    terms: None,
};

/// Terms that are of no table show nothing.
const UNKNOWN: Evidence = Evidence { grade: Grade::Asserted, learnt_later: false, held: false };

const NO_REFUSAL: Refusal = Refusal {
    reach: RefusalReach::None,
    received: Timestamp::from_millis(0),
    recorded_late: false,
    tie: false,
};
