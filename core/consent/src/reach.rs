//! How far an act can reach to one message, whoever did it and when: a matter of its kind and terms alone.

use anning_vocab::{
    Act, ActKind, AgeBand, Covers, Facts, Message, Prior, Purpose, Scope, Set, Terms, Timestamp,
};

use crate::relation::{self, Relation};
use crate::{World, scope, select};

/// One message in one world, with the reach of the terms met so far: facts of many recipients.
///
/// ```
/// use anning_consent::{Reach, World};
/// use anning_vocab::{Channel, Message, Timestamp};
/// let world = World::default();
/// let message = Message::new(Timestamp::from_millis(0), Channel::Sms);
/// let mut reach = Reach::new(&world, message);
/// assert_eq!(reach.facts(&[], &[]), world.facts(&message, &[], &[]));
/// ```
#[derive(Clone, Debug)]
pub struct Reach<'w> {
    world: &'w World,
    message: Message,
    /// For each terms and kind; those not met yet answer nothing at all.
    rows: Vec<Row>,
}

impl<'w> Reach<'w> {
    /// Nothing met yet.
    #[must_use]
    pub const fn new(world: &'w World, message: Message) -> Self {
        Self { world, message, rows: Vec::new() }
    }

    /// The message.
    #[must_use]
    pub const fn message(&self) -> &Message {
        &self.message
    }

    /// The same message at another time. Reach is a matter of the civil day: what was met stays on the same.
    pub fn send_at(&mut self, at: Timestamp) {
        if at.date() != self.message.sent_at.date() {
            self.rows.clear();
        }
        self.message.sent_at = at;
    }

    /// What [`World::facts`] says of this message.
    #[must_use]
    #[inline]
    pub fn facts(&mut self, acts: &[Act], prior: &[Prior]) -> Facts<'w> {
        let (world, message, rows) = (self.world, &self.message, &mut self.rows);
        select::facts(world, message, acts, prior, |act| kept(rows, world, message, act))
    }

    /// The act of which the facts alone are the facts of all, to a recipient who got nothing before: a yes that
    /// reaches the message, or a no, after acts that say nothing which it leaves open. What does not reach may
    /// come after a yes; where there is nothing else, the latest of that.
    ///
    /// None where that is not so, or not known yet: [`Self::facts`] gets to know it.
    #[must_use]
    #[inline]
    pub fn settled<'a>(&self, acts: &'a [Act]) -> Option<&'a Act> {
        let sent = self.message.sent_at;
        let (last, [_, ..]) = acts.split_last()? else { return None };
        if last.occurred > sent || self.message.purpose == Purpose::ConsentRequest {
            return None;
        }
        let known = |act: &Act| self.rows.get(place(act)).filter(|row| row.met());
        let mute = |act: &Act| known(act).is_some_and(|row| row.is_mute(act));
        let answers = |act: &Act, all| known(act).is_some_and(|row| row.answers(act).all(all));
        let at = acts.iter().rposition(|act| !mute(act)).unwrap_or(acts.len() - 1);
        let (act, before) = acts.get(..=at)?.split_last()?;
        let no = at + 1 == acts.len()
            && (answers(act, Questions::PARTLY) && before.iter().all(mute)
                || answers(act, Questions::NO) && act.received <= sent);
        let after = before.last().is_none_or(|last| last.occurred.second() < act.occurred.second());
        let closed = |act: &Act| known(act).is_some_and(|row| row.closed);
        (after && (no || answers(act, Questions::YES)) && before.iter().rev().all(closed)).then_some(act)
    }
}

/// The row of an act, kept once it is met.
#[inline]
fn kept(rows: &mut Vec<Row>, world: &World, message: &Message, act: &Act) -> Option<Row> {
    let at = place(act);
    match rows.get(at) {
        Some(row) if row.met() => Some(*row),
        Some(_) | None => meet(rows, at, world, message, act),
    }
}

/// Where the row of an act is kept.
#[inline]
fn place(act: &Act) -> usize {
    act.terms.0 as usize * ActKind::ALL.len() + act.kind.index()
}

#[cold]
fn meet(rows: &mut Vec<Row>, at: usize, world: &World, message: &Message, act: &Act) -> Option<Row> {
    let row = Row::of(world, message, act)?;
    if at < ROWS_MAX {
        if rows.len() <= at {
            rows.resize(at + 1, Row::default());
        }
        if let Some(place) = rows.get_mut(at) {
            *place = row;
        }
    }
    Some(row)
}

/// A question about a recipient. What answers it is the latest act that can.
#[derive(Clone, Copy, Debug)]
pub enum Question {
    /// A refusal of receiving, said to this sender.
    Refused,
    /// To another name of its brand.
    RefusedBrand,
    /// To its port.
    RefusedPort,
    /// A yes that lifts a refusal: the frequency named bounds messages, not the will.
    Lifts,
    /// Consent that reaches the message.
    Reaches,
    /// Consent said to this sender that does not.
    Partly,
    /// Consent said to another.
    OfAnother,
    /// A request that reaches the message.
    Invited,
    /// Silence to a request that spoke of this message.
    Silent,
    /// A yes to a request that spoke of this message.
    Answered,
    /// A refusal of processing.
    NotProcess,
    /// Consent to processing that reaches.
    Process,
    /// One that does not.
    ProcessPartly,
    /// A refusal of provision to this sender, or to nobody by name.
    NotProvision,
    /// Consent to provision that names this sender, and reaches.
    Provision,
    /// One that does not reach.
    ProvisionPartly,
    /// Consent to provision, whomever it names, that reaches.
    ProvisionToAny,
    /// One that does not.
    ProvisionToAnyPartly,
    /// Age evidence.
    Age,
    /// Whether a guardian consented.
    Guardian,
    /// A yes to receiving from this sender, whatever its scope.
    HeldReceive,
    /// A yes to processing, whatever its scope.
    HeldProcess,
}

impl Question {
    /// How many.
    pub const COUNT: usize = Self::HeldProcess as usize + 1;
}

/// Questions as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Questions(u32);

impl Questions {
    /// Those that a refusal answers only once it has arrived.
    pub const REFUSALS: Self = Self::NONE
        .with(Question::Refused, true)
        .with(Question::RefusedBrand, true)
        .with(Question::RefusedPort, true)
        .with(Question::NotProcess, true)
        .with(Question::NotProvision, true);
    /// What is answered by a yes after which no act before it is asked of receiving or processing.
    const YES: Self =
        Self::NONE.with(Question::Reaches, true).with(Question::Lifts, true).with(Question::Process, true);
    /// And by such a no.
    const NO: Self = Self::NONE.with(Question::Refused, true).with(Question::NotProcess, true);
    /// And by the latest that does not reach, after no other.
    const PARTLY: Self = Self::NONE.with(Question::Partly, true).with(Question::ProcessPartly, true);
    /// What changes nothing after a yes that reaches.
    const MUTE: Self = Self::PARTLY
        .with(Question::OfAnother, true)
        .with(Question::Silent, true)
        .with(Question::Answered, true)
        .with(Question::HeldReceive, true)
        .with(Question::HeldProcess, true);
    /// What neither settles: an act before it may still say so. A number that changed hands before only takes
    /// more acts away.
    const OPEN: Self = Self::NONE
        .with(Question::Invited, true)
        .with(Question::NotProvision, true)
        .with(Question::Provision, true)
        .with(Question::ProvisionPartly, true)
        .with(Question::ProvisionToAny, true)
        .with(Question::ProvisionToAnyPartly, true)
        .with(Question::Age, true)
        .with(Question::Guardian, true);
    /// None.
    pub const NONE: Self = Self(0);

    /// This one too, if so.
    const fn with(self, question: Question, so: bool) -> Self {
        Self(self.0 | (so as u32) << question as u32)
    }

    /// Is it among them?
    pub const fn has(self, question: Question) -> bool {
        self.0 >> question as u32 & 1 == 1
    }

    /// Are all of these among them?
    const fn all(self, of: Self) -> bool {
        self.0 & of.0 == of.0
    }

    /// Those of both.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are not among the others.
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The numbers of the questions.
    #[inline]
    pub fn numbers(self) -> impl Iterator<Item = usize> {
        let mut rest = self.0;
        core::iter::from_fn(move || {
            let next = rest.trailing_zeros() as usize;
            rest &= rest.wrapping_sub(1);
            (next < u32::BITS as usize).then_some(next)
        })
    }
}

/// What acts of one kind and terms answer about one message.
#[derive(Clone, Copy, Debug, Default)]
pub struct Row {
    /// Before its days have run out, and after.
    running: Questions,
    over: Questions,
    /// Days have run out for what was done before.
    since: Timestamp,
    /// In which respects it does not reach, days and frequency apart.
    beyond: Set<Scope>,
    /// It names a frequency.
    pub counts: bool,
    /// It says nothing that a later act can leave open.
    closed: bool,
    met: bool,
}

impl Row {
    /// The row of an act; none for terms that are not of this world.
    pub fn of(world: &World, message: &Message, act: &Act) -> Option<Self> {
        let terms = world.terms(act.terms)?;
        let mut beyond = scope::beyond(terms, message);
        if relation::of_consent(terms, message) != Relation::Sender {
            beyond = beyond.union(Set::<Scope>::of(&[Scope::Sender]));
        }
        let since = scope::running_since(terms, message.sent_at.date());
        let running = answers(world, message, act.kind, terms, beyond);
        let over = since.map_or(running, |_| answers(world, message, act.kind, terms, beyond.union(PERIOD)));
        let since = since.unwrap_or(Timestamp::from_millis(i64::MIN));
        let closed = running.and(over).without(Questions::OPEN) == running.and(over);
        Some(Self { running, over, since, beyond, counts: terms.frequency.is_some(), closed, met: true })
    }

    #[inline]
    const fn met(&self) -> bool {
        self.met
    }

    /// The period in days has run out.
    #[inline]
    fn is_over(&self, act: &Act) -> bool {
        act.occurred < self.since
    }

    /// What the act answers to a recipient who got nothing before.
    #[inline]
    pub fn answers(&self, act: &Act) -> Questions {
        if self.is_over(act) { self.over } else { self.running }
    }

    /// It says nothing that counts beside a yes that reaches.
    #[inline]
    fn is_mute(&self, act: &Act) -> bool {
        // A number that changes hands says nothing itself, and takes all that was said before away.
        act.kind != ActKind::Reassigned && self.answers(act).without(Questions::MUTE) == Questions::NONE
    }

    /// In which respects it does not reach such a recipient.
    #[inline]
    pub fn beyond(&self, act: &Act) -> Set<Scope> {
        if self.is_over(act) { self.beyond.union(PERIOD) } else { self.beyond }
    }
}

/// What acts of this kind and terms answer, if that is where they do not reach.
pub fn answers(
    world: &World,
    message: &Message,
    kind: ActKind,
    terms: &Terms,
    beyond: Set<Scope>,
) -> Questions {
    let evidence = Questions::NONE.with(Question::Age, terms.age != AgeBand::Unknown);
    match kind {
        ActKind::Given | ActKind::Renewed => {
            evidence.and(yes(message, terms, beyond)).and(consent(message, terms, beyond))
        }
        ActKind::Invited => evidence
            .and(yes(message, terms, beyond))
            .with(Question::Invited, terms.covers != Covers::Process && beyond.is_empty()),
        ActKind::Refused | ActKind::Withdrawn => evidence.and(no(world, message, terms)),
        ActKind::NoAnswer => evidence.with(
            Question::Silent,
            to_receive_from_sender(terms, message) && scope::speaks_of(terms, message),
        ),
        ActKind::Asked | ActKind::Reassigned => evidence,
    }
}

/// What any yes answers.
fn yes(message: &Message, terms: &Terms, beyond: Set<Scope>) -> Questions {
    let receive = to_receive_from_sender(terms, message);
    let often = Set::<Scope>::of(&[Scope::Frequency]);
    // A consent to no message at all wants none.
    let lifts = often.covers(beyond) && terms.frequency.is_none_or(|named| named.at_most > 0);
    let to_processor = relation::of_processing(terms, message) == Relation::Sender;
    Questions::NONE
        .with(Question::Lifts, receive && lifts)
        .with(Question::Answered, receive && scope::speaks_of(terms, message))
        .with(Question::HeldReceive, receive)
        .with(Question::HeldProcess, to_processor && terms.covers != Covers::Receive)
        // A parent's consent to another controller is none to this one.
        .with(Question::Guardian, to_processor && terms.guardian.is_some())
}

/// What a consent answers.
fn consent(message: &Message, terms: &Terms, beyond: Set<Scope>) -> Questions {
    let receive = terms.covers != Covers::Process;
    let to_sender = relation::of_consent(terms, message) == Relation::Sender;
    let process =
        terms.covers != Covers::Receive && relation::of_processing(terms, message) == Relation::Sender;
    let inside = scope::of_processing(beyond).is_empty();
    let provision = terms.provision.filter(|_| by_controller(terms, message));
    let ours = provision.is_some_and(|p| p.recipient == message.sender());
    Questions::NONE
        .with(Question::Reaches, receive && beyond.is_empty())
        .with(Question::Partly, receive && to_sender && !beyond.is_empty())
        .with(Question::OfAnother, receive && !to_sender)
        .with(Question::Process, process && inside)
        .with(Question::ProcessPartly, process && !inside)
        .with(Question::Provision, ours && inside)
        .with(Question::ProvisionPartly, ours && !inside)
        .with(Question::ProvisionToAny, provision.is_some() && inside)
        .with(Question::ProvisionToAnyPartly, provision.is_some() && !inside)
}

/// What a refusal answers.
fn no(world: &World, message: &Message, terms: &Terms) -> Questions {
    let reach = relation::of_refusal(world, terms, message);
    let receive = terms.covers != Covers::Process && scope::speaks_of(terms, message);
    // Said to a port alone it speaks of that port, as a refusal to receive does.
    let to_port = terms.controller.is_none() && terms.brand.is_none() && terms.port.is_some();
    let process = terms.covers != Covers::Receive
        && relation::of_processing(terms, message) == Relation::Sender
        && (!to_port || reach == Relation::Sender);
    // A no to handing data to somebody else is none to handing them to this sender.
    let provision = terms.provision.is_some_and(|p| p.recipient.is_none() || p.recipient == message.sender());
    Questions::NONE
        .with(Question::Refused, receive && reach == Relation::Sender)
        .with(Question::RefusedBrand, receive && reach == Relation::Brand)
        .with(Question::RefusedPort, receive && reach == Relation::Port)
        .with(Question::NotProcess, process)
        .with(Question::NotProvision, provision && by_controller(terms, message))
}

/// Speaks to this sender about receiving.
fn to_receive_from_sender(terms: &Terms, message: &Message) -> bool {
    terms.covers != Covers::Process && relation::of_consent(terms, message) == Relation::Sender
}

/// Said to the controller of the data, or to nobody by name.
fn by_controller(terms: &Terms, message: &Message) -> bool {
    terms.controller.is_none() || terms.controller == message.parties.controller
}

const PERIOD: Set<Scope> = Set::<Scope>::of(&[Scope::Period]);
/// Rows kept: terms beyond are asked each time.
const ROWS_MAX: usize = (1 << 14) * ActKind::ALL.len();
