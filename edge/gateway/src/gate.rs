//! The gate: a text is read, the law is asked for each recipient, the answer is put down, and what may go out gets its
//! clearance.
//!
//! Evidence that cannot be had never reads as consent, nor as its absence: commercial messages get
//! [`Verdict::Unavailable`], the protocol's temporary refusal, and nothing is recorded as refused. Codes and other
//! messages outside the provisions pass all the same, marked as not on record ([`Ruling::unrecorded`]): whoever relays
//! one answers its sender only when the carrier has answered.

mod names;
mod read;
mod ruling;
mod under_way;

pub use read::Read;
pub use ruling::{Pass, Ruling, Verdict, Way};
pub use under_way::{Ticket, UnderWay};

use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};

use anning_consent::{Member, Prior, World, window_start};
use anning_decide::{
    Binds, Clearance, ClearanceKind, Decision, DecisionRecord, Evidence, Expired, Mode, Outcome, Policy,
    Treatment, clear, decide,
};
use anning_judge::{Judge, Scratch, Texts};
use anning_law::{Corpus, Law, LawInForce};
use anning_ledger::sheet::Table;
use anning_ledger::{FieldError, Suite};
use anning_link::Address;
use anning_store::{Decided, Entropy, Now, View};
use anning_vocab::{
    Act, Frequency, Known, Message, PortId, Recipient, RecipientKey, RecipientKind, SignatureId, Timestamp,
    Window,
};

use crate::codes::{Reason, Refusal};
use crate::config::{self, Config, Holds, International, Protocol};
use crate::register::Register;
use crate::shadow::Shadow;

use names::{Blinds, Seen};

/// A configuration and the register made of it: swapped together.
#[derive(Debug)]
pub struct Book {
    /// The configuration.
    pub config: Config,
    /// Its register.
    pub register: Register,
}

/// Why evidence cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Trouble {
    /// The ledger has stopped: a write failed, or the disk is full.
    Stopped = 1,
    /// Too many decisions are under way to the ledger.
    Behind = 2,
    /// The wall clock is behind what it said before, or leapt.
    Clock = 3,
    /// A name has no number: a bug, told rather than guessed around.
    Unnamed = 4,
}

/// The one place where it is decided what passes. Shared by all sessions.
pub struct Gate {
    view: View,
    suite: Suite,
    hash: Hash,
    law_hash: [u8; 32],
    texts: Texts<'static, Option<SignatureId>>,
    ports: Seen,
    scratch: Mutex<Vec<Scratch>>,
    blinds: Mutex<Blinds>,
    book: RwLock<Arc<Book>>,
    under_way: UnderWay,
    shadow: Mutex<Shadow>,
    trouble: AtomicU8,
    latest: AtomicI64,
}

/// How the ledger knows people by their addresses.
pub type Hash = Box<dyn Fn(&Recipient) -> RecipientKey + Send + Sync>;

/// A letter that waited, to be decided again: read again from what it holds, nothing else is kept of it.
#[derive(Clone, Copy)]
pub struct Waited<'w> {
    /// Account, by its name.
    pub account: &'w str,
    /// The number it shows.
    pub source: &'w str,
    /// Its text, joined; none where it cannot be read.
    pub text: Option<&'w str>,
    /// To whom.
    pub recipient: &'w Recipient,
    /// What it counts as while under way.
    pub ticket: Option<Ticket>,
}

impl core::fmt::Debug for Waited<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Waited({}, {})", self.account, self.recipient)
    }
}

/// What all recipients of one message share.
struct Desk<'d> {
    book: &'d Book,
    now: &'d Now<'d>,
    read: &'d Read,
    at: Timestamp,
    law: &'static LawInForce,
    policy: Policy,
    binds: Binds,
    trouble: Option<Trouble>,
    /// It came in just now; else it waited, and was counted when it came.
    fresh: bool,
}

impl Gate {
    /// A gate before a ledger. The brand graph of the configuration becomes the ledger's.
    #[must_use]
    pub fn new(view: View, suite: Suite, hash: Hash, entropy: Entropy, config: Config) -> Self {
        let mut blinds = Blinds::new(entropy);
        let secret = [blinds.next(), blinds.next()].as_flattened().try_into().unwrap_or([0; 32]);
        let naming = move |text: &str| {
            let hash = blake3::keyed_hash(&secret, text.as_bytes());
            let (words, _) = hash.as_bytes().as_chunks::<8>();
            let word = |at: usize| words.get(at).map_or(0, |word| u64::from_le_bytes(*word));
            [word(0), word(1)]
        };
        let signatures = Seen::new(view.clone(), Table::Signature);
        let numbering =
            move |name: Option<&str>| name.and_then(|name| signatures.number(name)).map(SignatureId);
        // A clock set back while nothing ran would hide what was recorded since.
        let latest = view.now().last().millis();
        let register = Register::new(&config, &view);
        view.set_brands(register.graph().clone());
        Self {
            suite,
            hash,
            law_hash: Corpus::embedded().hash(),
            texts: Texts::new(Judge::shipped(), TEXTS, Box::new(naming), Box::new(numbering)),
            ports: Seen::new(view.clone(), Table::Port),
            view,
            scratch: Mutex::default(),
            blinds: Mutex::new(blinds),
            book: RwLock::new(Arc::new(Book { config, register })),
            under_way: UnderWay::default(),
            shadow: Mutex::default(),
            trouble: AtomicU8::new(0),
            latest: AtomicI64::new(latest),
        }
    }

    /// Takes another configuration; the sections that hold only after a restart.
    pub fn swap(&self, config: Config) -> Vec<&'static str> {
        let register = Register::new(&config, &self.view);
        let mut book = self.book.write().unwrap_or_else(PoisonError::into_inner);
        let restart = book.config.needs_restart(&config);
        // Nobody decides between the graph and the register that names its hash.
        self.view.set_brands(register.graph().clone());
        *book = Arc::new(Book { config, register });
        restart
    }

    /// Configuration and register in use.
    #[must_use]
    pub fn book(&self) -> Arc<Book> {
        Arc::clone(&self.reading())
    }

    fn reading(&self) -> RwLockReadGuard<'_, Arc<Book>> {
        // A book is replaced whole.
        self.book.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The recipient of a submit, normalised. In SMPP type of number 1 says that a country code comes first; whether also
    /// of eleven digits that are a mobile number of China as people write it, the account says: many clients say 1 of
    /// whatever they are given, and a refusal taken for an American's would bind nobody. In CMPP 3.0 terminal type 1 says that it is a pseudonym (伪码), which is no number and nobody's consent names.
    ///
    /// # Errors
    /// [`Reason::Destination`], which each protocol has a word for.
    pub fn recipient(
        protocol: Protocol,
        address: &Address,
        international: International,
    ) -> Result<Recipient, Reason> {
        let text = core::str::from_utf8(&address.text).map_err(|_| Reason::Destination)?;
        let written = match (protocol, address.ton) {
            (Protocol::Cmpp, 1) => format!("im:pseudo:{text}"),
            (Protocol::Smpp, 1)
                if !text.starts_with('+')
                    && (international == International::AsDeclared || !is_mobile(text)) =>
            {
                format!("+{text}")
            }
            (Protocol::Cmpp | Protocol::Smpp | Protocol::Smgp | Protocol::Sgip | Protocol::Http, _) => {
                text.to_owned()
            }
        };
        let recipient = Recipient::parse(&written).map_err(|_| Reason::Destination)?;
        // E-mail addresses and account names are no destinations of a short message.
        let number = !written.contains('@') && !written.starts_with("im:");
        let pseudonym = (protocol, address.ton) == (Protocol::Cmpp, 1);
        (number || pseudonym).then_some(recipient).ok_or(Reason::Destination)
    }

    /// The number of an access number in the ledger.
    #[must_use]
    pub fn port(&self, number: &str) -> Option<PortId> {
        self.ports.number(number).map(PortId)
    }

    /// How the ledger knows somebody.
    #[must_use]
    pub fn key(&self, recipient: &Recipient) -> RecipientKey {
        (self.hash)(recipient)
    }

    /// Decides for each recipient, in their order. What passes counts as under way from here on, until it is settled.
    pub fn decide(&self, read: &Read, recipients: &[Recipient], at: Timestamp) -> Vec<Verdict> {
        self.decide_all(read, recipients, at, true)
    }

    fn decide_all(&self, read: &Read, recipients: &[Recipient], at: Timestamp, fresh: bool) -> Vec<Verdict> {
        let book = self.reading();
        let trouble = self.trouble_at(at, &book.config);
        let now = self.view.now();
        let (law, policy) = (Law::embedded().on(at.date()), read.account.policy());
        let binds = Binds {
            law: self.law_hash,
            judge: Judge::shipped().hash(),
            policy: policy.hash(),
            brands: book.register.brands_hash(),
            log_position: now.position(),
        };
        let desk = Desk { book: &book, now: &now, read, at, law, policy, binds, trouble, fresh };
        recipients.iter().map(|recipient| self.one(&desk, recipient)).collect()
    }

    /// Decides again what waited. Its place among what is under way is given up and taken anew.
    ///
    /// # Errors
    /// [`Reason`] where the account is gone, or may no longer show this number or signature.
    pub fn decide_again(&self, waited: &Waited<'_>, now: Timestamp) -> Result<Verdict, Reason> {
        if let Some(ticket) = waited.ticket {
            self.settle(self.key(waited.recipient), ticket);
        }
        let account = self.reading().config.accounts.get(waited.account).cloned().ok_or(Reason::Source)?;
        let read = match waited.text {
            Some(text) => self.read(&account, waited.source, text),
            None => self.unread(&account, waited.source, Reason::Unreadable),
        }?;
        let verdicts = self.decide_all(&read, core::slice::from_ref(waited.recipient), now, false);
        verdicts.into_iter().next().ok_or(Reason::Unavailable)
    }

    /// Uses a clearance up, right before the first byte is written: the message, if its time is not over and no act of
    /// the recipient came since it was decided.
    ///
    /// # Errors
    /// [`Expired`]: it must be decided again.
    pub fn redeem(&self, pass: Pass, now: Timestamp) -> Result<Message, Expired> {
        let decided_on = pass.clearance.binds().log_position;
        let same = match pass.seen {
            None => true,
            Some(seen) => {
                let mut acts = Vec::new();
                self.view.now().index().acts(pass.recipient, &mut acts);
                print(&acts) == seen
            }
        };
        pass.clearance.redeem(now, if same { decided_on } else { u64::MAX })
    }

    /// A message is under way no more: its decision is in the ledger, or it was never handed over.
    pub fn settle(&self, recipient: RecipientKey, ticket: Ticket) {
        self.under_way.leave(recipient, ticket);
    }

    /// What is under way; after a start, letters that were accepted before it are entered here.
    #[must_use]
    pub const fn under_way(&self) -> &UnderWay {
        &self.under_way
    }

    /// Says that evidence cannot be had, or that it can again.
    pub fn set_trouble(&self, trouble: Option<Trouble>) {
        self.trouble.store(trouble.map_or(0, |trouble| trouble as u8), Ordering::Release);
    }

    /// Is evidence to be had at this time? A clock that runs behind what it said before says nothing of caps and
    /// expiries.
    #[must_use]
    pub fn trouble(&self, at: Timestamp) -> Option<Trouble> {
        let book = self.book();
        self.trouble_at(at, &book.config)
    }

    fn trouble_at(&self, at: Timestamp, config: &Config) -> Option<Trouble> {
        let said = self.trouble.load(Ordering::Acquire);
        let told = [Trouble::Stopped, Trouble::Behind, Trouble::Clock, Trouble::Unnamed];
        if let Some(trouble) = told.into_iter().find(|trouble| *trouble as u8 == said) {
            return Some(trouble);
        }
        if self.under_way.len() >= config.ledger.behind_max {
            return Some(Trouble::Behind);
        }
        let latest = self.latest.fetch_max(at.millis(), Ordering::Relaxed);
        (at.millis() < latest.saturating_sub(CLOCK_SLACK)).then_some(Trouble::Clock)
    }

    /// What shadow mode let pass, to be reported.
    #[must_use]
    pub fn shadow(&self) -> Shadow {
        self.shadow.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn one(&self, desk: &Desk<'_>, recipient: &Recipient) -> Verdict {
        let read = desk.read;
        let key = (self.hash)(recipient);
        let message = desk.message(recipient.kind());
        let mut acts = Vec::new();
        desk.now.index().acts(key, &mut acts);
        let mut row = self.under_way.row(key);
        let mut priors = Vec::new();
        desk.now.index().priors(key, Timestamp::from_millis(i64::MIN), &mut priors);
        row.add_to(&mut priors);
        let world = desk.now.sheets().world();
        keep_counting(&mut priors, world, &acts, desk.policy.cap, desk.at);
        let facts = world.facts(&message, &acts, &priors);
        let decision = decide(desk.law, &message, read.class, &facts, &priors, &desk.policy);
        let code_passes = message.text.code == Known::Yes && !desk.policy.refuse_codes_with_offer;
        let counts = decision.treatment != Treatment::Outside;
        if let Some(trouble) = desk.trouble.filter(|_| counts && !code_passes) {
            return Verdict::Unavailable(trouble);
        }
        let mode = read.account.mode(read.class);
        let expires = desk.at.plus_millis(desk.book.config.ledger.clearance_seconds * 1_000);
        let clearance = clear(&decision, message, &Policy { mode, ..desk.policy }, desk.binds, expires);
        let handed_over = clearance.as_ref().filter(|_| counts).map(|_| decision.as_prior(&message));
        let ticket = handed_over.map(|prior| row.enter(prior));
        drop(row);
        let kind = clearance.as_ref().map(Clearance::kind);
        let (record, unrecorded) = match self.record(desk, key, message, &decision, kind, (&acts, priors)) {
            Ok(record) => (Decided { handed_over, ..record }, desk.trouble),
            Err(_) if counts && !code_passes => {
                if let Some(ticket) = ticket {
                    self.settle(key, ticket);
                }
                return Verdict::Unavailable(Trouble::Unnamed);
            }
            Err(_) => (unwritten(key), Some(Trouble::Unnamed)),
        };
        let refusal = match decision.outcome {
            Outcome::Allow => None,
            Outcome::Deny | Outcome::FailOpen | Outcome::Hold(_) => {
                Some(Refusal::of(&decision, desk.policy.reading).unwrap_or(Reason::Unclear.into()))
            }
        };
        // The submit as such comes first: enforcing would not have decided at all.
        let refusal = read.noted.map(Refusal::from).or(refusal);
        if desk.fresh {
            self.count(desk, recipient, mode, (kind, refusal));
        }
        let waits = read.account.holds == Holds::Wait && clearance.is_none();
        let hold = match decision.outcome {
            Outcome::Hold(until) if waits => Some(until),
            Outcome::Hold(_) | Outcome::Allow | Outcome::Deny | Outcome::FailOpen => None,
        };
        // Only a permit rests on what the recipient did: codes and shadow passes go out whatever comes since.
        let seen = (kind == Some(ClearanceKind::Permit) && counts).then(|| print(&acts));
        Verdict::Ruled(Box::new(Ruling {
            recipient: key,
            class: read.class,
            decision,
            refusal,
            record,
            pass: clearance.map(|clearance| Pass {
                clearance,
                recipient: key,
                seen,
                told: read.told.clone(),
            }),
            hold,
            lane: read.lane(decision.treatment),
            ticket,
            unrecorded,
        }))
    }

    /// Counts a message that came in, and what enforcing would have done with it.
    fn count(
        &self,
        desk: &Desk<'_>,
        recipient: &Recipient,
        mode: Mode,
        (kind, refusal): (Option<ClearanceKind>, Option<Refusal>),
    ) {
        let read = desk.read;
        let shadowed = kind == Some(ClearanceKind::ShadowPass) || read.noted.is_some();
        let mut shadow = self.shadow.lock().unwrap_or_else(PoisonError::into_inner);
        shadow.decided(&read.account.name, mode);
        if let Some(refusal) = refusal.filter(|_| shadowed) {
            let text = read.text.as_deref().unwrap_or("");
            shadow.would_have(&read.account.name, refusal, recipient, text, desk.at);
        } else if mode == Mode::Shadow {
            shadow.passed();
        }
    }

    /// The record of a decision, with the evidence as far as it is kept.
    fn record(
        &self,
        desk: &Desk<'_>,
        key: RecipientKey,
        message: Message,
        decision: &Decision,
        kind: Option<ClearanceKind>,
        (acts, priors): (&[Act], Vec<Prior>),
    ) -> Result<Decided, FieldError> {
        let sheets = desk.now.sheets();
        let (terms, acts) = Evidence::acts_of(sheets.world(), acts);
        let named = [
            message.signature.map(Member::Signature),
            message.sender().map(Member::Party),
            message.port.map(Member::Port),
        ];
        let controllers = terms.iter().filter_map(|terms| terms.controller).map(Member::Party);
        let evidence = Evidence {
            blind: self.blinds.lock().unwrap_or_else(PoisonError::into_inner).next(),
            recipient: key,
            message,
            text: desk.read.text.as_deref().map(str::to_owned),
            class: desk.read.class,
            judged: desk.read.text.is_some(),
            brands: desk.book.register.said_of(named.into_iter().flatten().chain(controllers)),
            terms,
            acts,
            priors,
            policy: desk.policy,
        };
        let (sealed, bytes) = evidence.seal(self.suite, &|table, id| sheets.names().name(table, id))?;
        let record = DecisionRecord::new(decision, desk.at, desk.read.class, kind, desk.binds, SHARD, sealed);
        let kept = match desk.book.config.ledger.evidence {
            config::Evidence::All => true,
            config::Evidence::Refusals => decision.outcome != Outcome::Allow,
            config::Evidence::Nothing => false,
        };
        Ok(Decided {
            recipient: key,
            record: record.to_bytes(),
            handed_over: None,
            evidence: kept.then_some(bytes),
        })
    }
}

/// A mobile number of China without its country code.
pub(crate) fn is_mobile(text: &str) -> bool {
    matches!(text.as_bytes(), [b'1', b'3'..=b'9', rest @ ..] if rest.len() == 9 && rest.iter().all(u8::is_ascii_digit))
}

impl core::fmt::Debug for Gate {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Gate({} under way)", self.under_way.len())
    }
}

impl Desk<'_> {
    /// The message as it goes to somebody of this kind, today.
    fn message(&self, kind: RecipientKind) -> Message {
        let (read, day) = (self.read, self.at.date());
        let shown = read.shown;
        let mut message =
            read.message.sent(self.at, kind, shown.text(), shown.states_terms(), read.signature);
        let brands = &self.now.sheets().world().brands;
        message.brand = brands.of_message(message.signature, message.sender(), message.port, day);
        message.filing = self.book.register.filings().of(
            message.signature,
            message.parties.content_provider,
            &read.source,
            day,
        );
        message
    }
}

/// Keeps of earlier sends those that can count: requests for consent, whenever they were, and what lies in the longest
/// window that the policy or an act names. Nothing else is looked at, and evidence stays small.
fn keep_counting(
    priors: &mut Vec<Prior>,
    world: &World,
    acts: &[Act],
    cap: Option<Frequency>,
    at: Timestamp,
) {
    if priors.is_empty() {
        return;
    }
    let agreed = acts.iter().filter_map(|act| world.terms(act.terms)?.frequency);
    let windows = agreed.chain(cap).map(|frequency| frequency.per);
    let first = windows.map(|per: Window| window_start(per, at.date())).min().map(anning_vocab::Date::start);
    priors.retain(|prior| prior.request || first.is_some_and(|first| prior.sent_at >= first));
}

/// Tells whether somebody did anything since.
fn print(acts: &[Act]) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for act in acts {
        hasher.update(&[act.kind as u8, act.origin as u8]).update(&act.terms.0.to_le_bytes());
        for time in [act.occurred, act.received, act.recorded] {
            hasher.update(&time.millis().to_le_bytes());
        }
    }
    hasher.finalize().as_bytes().first_chunk().map_or(0, |word| u64::from_le_bytes(*word))
}

/// Stands for a record that could not be written.
const fn unwritten(recipient: RecipientKey) -> Decided {
    Decided { recipient, record: Vec::new(), handed_over: None, evidence: None }
}

/// Different texts remembered, twice over; some 40 bytes each.
const TEXTS: usize = 1 << 18;
/// Milliseconds by which the clock may be set back without a word.
const CLOCK_SLACK: i64 = 2_000;
/// One log, one shard.
const SHARD: u16 = 0;
