//! Everything that connections share: the gate, the outbox, the ways, who is connected.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use anning_judge::Keyword;
use anning_ledger::Suite;
use anning_link::{
    Address, Asked, Credentials, Dialect, LoginMode, MessageId, Note, Reply, Session, Trouble, same_secret,
};
use anning_store::{Clerk, View};
use anning_text::{Coding, Joiner};
use anning_vocab::{Message, PartyId, PortId, RecipientKey, Timestamp};

use crate::arrears::Arrears;
use crate::clock::Hands;
use crate::codes::Reason;
use crate::config::{Account, Config, International, Protocol, Upstream};
use crate::gate::{Book, Gate, Read};
use crate::hearing::{Ears, Heard};
use crate::ids::Ids;
use crate::intake::{self, Incoming};
use crate::letter::{Letter, LetterId};
use crate::line::Time;
use crate::outbox::{Entry, Error, Outbox, State};
use crate::pace::Paces;
use crate::register::Named;
use crate::repeats::Repeats;
use crate::replies::{Recent, Writer};
use crate::roster::Roster;
use crate::scribe::Scribe;
use crate::tally::Tally;
use crate::way::{Relay, Reserved, Way};

/// What a gateway is made of.
pub struct Parts {
    /// Decides.
    pub gate: Gate,
    /// Keeps what is accepted.
    pub outbox: Outbox,
    /// Writes the ledger.
    pub clerk: Clerk,
    /// The ledger's suite.
    pub suite: Suite,
    /// The clocks.
    pub hands: Hands,
}

/// A gateway at work.
pub struct Gateway {
    gate: Gate,
    outbox: Outbox,
    clerk: Clerk,
    suite: Suite,
    hands: Hands,
    roster: Roster,
    ways: RwLock<BTreeMap<Arc<str>, Arc<Way>>>,
    scribe: Scribe,
    joiner: Mutex<Joiner<Arc<str>, Incoming>>,
    ids: Ids,
    recent: Mutex<Recent>,
    ears: Ears,
    tally: Tally,
    repeats: Repeats,
    arrears: Arrears,
    paces: Paces,
    connections: AtomicU64,
    open: AtomicUsize,
    busy: AtomicUsize,
    draining: AtomicBool,
    over: AtomicBool,
    started: Timestamp,
}

impl Gateway {
    pub(crate) fn new(parts: Parts, ears: Ears) -> Arc<Self> {
        let Parts { gate, outbox, clerk, suite, hands } = parts;
        let book = gate.book();
        let ways = book.config.upstreams.values();
        let ways = ways.map(|u| (Arc::clone(&u.name), Arc::new(Way::new(Arc::clone(u))))).collect();
        let started = hands.wall();
        Arc::new(Self {
            gate,
            outbox,
            clerk,
            suite,
            roster: Roster::default(),
            ways: RwLock::new(ways),
            scribe: Scribe::default(),
            joiner: Mutex::new(Joiner::new(anning_text::Bounds::default())),
            ids: Ids::new(started, GATEWAY),
            recent: Mutex::default(),
            ears,
            tally: Tally::default(),
            repeats: Repeats::default(),
            arrears: Arrears::default(),
            paces: Paces::default(),
            hands,
            connections: AtomicU64::new(0),
            open: AtomicUsize::new(0),
            busy: AtomicUsize::new(0),
            draining: AtomicBool::new(false),
            over: AtomicBool::new(false),
            started,
        })
    }

    pub(crate) const fn gate(&self) -> &Gate {
        &self.gate
    }

    pub(crate) const fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    pub(crate) const fn clerk(&self) -> &Clerk {
        &self.clerk
    }

    pub(crate) const fn suite(&self) -> Suite {
        self.suite
    }

    pub(crate) const fn hands(&self) -> &Hands {
        &self.hands
    }

    pub(crate) const fn roster(&self) -> &Roster {
        &self.roster
    }

    pub(crate) const fn scribe(&self) -> &Scribe {
        &self.scribe
    }

    pub(crate) const fn ids(&self) -> &Ids {
        &self.ids
    }

    pub(crate) const fn tally(&self) -> &Tally {
        &self.tally
    }

    pub(crate) const fn arrears(&self) -> &Arrears {
        &self.arrears
    }

    pub(crate) fn joiner(&self) -> MutexGuard<'_, Joiner<Arc<str>, Incoming>> {
        // A panic in between would be a bug, and bugs stop the process.
        self.joiner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The way to a carrier.
    pub(crate) fn way(&self, name: &str) -> Option<Arc<Way>> {
        self.ways.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    pub(crate) fn ways(&self) -> Vec<Arc<Way>> {
        self.ways.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// A number for a connection.
    pub(crate) fn connection(&self) -> u64 {
        self.connections.fetch_add(1, Ordering::Relaxed)
    }

    /// A number for a letter that is not on record, beyond all that are.
    pub(crate) fn unrecorded(&self) -> LetterId {
        LetterId(OFF_THE_RECORD | self.connection())
    }

    /// Connections that are open.
    pub(crate) fn connections_open(&self) -> usize {
        self.open.load(Ordering::Acquire)
    }

    /// One more, until it is dropped.
    pub(crate) fn open(self: &Arc<Self>) -> Open {
        self.open.fetch_add(1, Ordering::AcqRel);
        Open(Arc::clone(self))
    }

    /// Requests over HTTP that bring messages and are being worked on.
    pub(crate) fn requests(&self) -> usize {
        self.busy.load(Ordering::Acquire)
    }

    /// One more, until it is dropped.
    pub(crate) fn busy(self: &Arc<Self>) -> Busy {
        self.busy.fetch_add(1, Ordering::AcqRel);
        Busy(Arc::clone(self))
    }

    /// Reads a message, or says why it cannot be read, within the account's rate.
    pub(crate) fn read(
        &self,
        account: &Arc<Account>,
        source: &str,
        text: Result<&str, Reason>,
        at: Time,
    ) -> Result<Read, Reason> {
        if !self.paces.take(&account.name, account.rate, at.steady) {
            return Err(Reason::Rate);
        }
        match text {
            Ok(text) => self.gate.read(account, source, text),
            Err(why) => self.gate.unread(account, source, why),
        }
    }

    /// The id of a submit's recipient at a place, in its sender's protocol.
    pub(crate) fn nth_id(&self, protocol: Protocol, first: &MessageId, place: usize) -> MessageId {
        crate::protocols::nth_id(protocol, first, place)
    }

    /// What coding 0 means in a letter of an account that goes to a carrier of this protocol.
    pub(crate) fn zero_of(&self, account: &str, protocol: Protocol) -> Option<Coding> {
        let book = self.gate.book();
        book.config.accounts.get(account).and_then(|account| intake::zero_of(protocol, account))
    }

    /// What an account means by eleven digits under an international type of number.
    pub(crate) fn international_of(&self, account: &str) -> International {
        let book = self.gate.book();
        book.config.accounts.get(account).map_or(International::default(), |account| account.international)
    }

    /// Does any account say what it means by an international type of number?
    pub(crate) fn takes_declared(&self) -> bool {
        let book = self.gate.book();
        book.config.accounts.values().any(|account| account.international == International::AsDeclared)
    }

    /// A letter that was to be handed over and was not: it waits again.
    pub(crate) fn put_back(&self, letter: &Arc<Letter>) {
        let entries = vec![Entry::Released { letter: letter.id, until: None }];
        let way = self.way(&letter.upstream);
        let lane = letter.lane;
        let done = Box::new(move |_| {
            if let Some(way) = way {
                way.set_backlog(lane, true);
                way.wake.notify_one();
            }
        });
        // What cannot be put back stays as it is on record: being handed over, so in doubt after a while.
        if let Err(refused) = self.outbox.submit(entries, done) {
            self.not_durable(&refused.error);
        }
    }

    /// A code that cannot be put on record goes to its carrier all the same: at once where there is room, or as soon as there
    /// is some.
    pub(crate) fn relay(&self, reserved: Option<Reserved>, relay: Box<Relay>) {
        let account = Arc::clone(&relay.load.letter.account);
        if let Some(held_back) = self.may_log("off the record", &account) {
            tracing::warn!(account = &*account, held_back, "a code goes out that cannot be put on record");
        }
        let Some(way) = self.way(&relay.load.letter.upstream) else {
            return relay.give_up(self, "not_taken");
        };
        let waits = match reserved {
            Some(reserved) => reserved.relay(relay),
            None => Err(relay),
        };
        if let Err(relay) = waits.or_else(|relay| way.relay(relay)) {
            relay.give_up(self, "too_many");
        }
    }

    /// Reports that came before their answers have found them: as soon as that is on record their senders are told.
    pub(crate) fn tell_found(self: &Arc<Self>, found: &[(u64, Arc<str>)]) {
        // The outbox writes the same in the same record, before this: what is handed in here has an end to wait for.
        let entries = found.iter().map(|(parked, _)| Entry::Unparked { parked: *parked }).collect();
        let accounts: Vec<Arc<str>> = found.iter().map(|(_, account)| Arc::clone(account)).collect();
        let own = Arc::clone(self);
        let done = Box::new(move |_| accounts.iter().for_each(|account| own.roster.wake(account)));
        // Whoever is not told now is told with the next look.
        let _ = self.outbox.submit(entries, done);
    }

    /// Nothing could be put on record.
    pub(crate) fn not_durable(&self, error: &Error) {
        self.tally.trouble(match error {
            Error::Busy => "outbox_busy",
            Error::Full => "disk_full",
            Error::Stopped => "outbox_stopped",
            Error::Unfit => "unfit",
            Error::Store(_) => "disk",
        });
        if !matches!(error, Error::Busy)
            && let Some(held_back) = self.may_log("outbox", "")
        {
            tracing::error!(what = %error, held_back, "outbox");
        }
    }

    /// Something happened that cannot be put on record now: it is kept until it can. After a write that failed it never can.
    pub(crate) fn in_arrears(&self, error: &Error, entries: Vec<Entry>) {
        let lost = if matches!(error, Error::Stopped) { 0 } else { self.arrears.keep(entries) };
        if lost > 0 {
            self.tally.trouble("arrears_full");
        }
    }

    /// May a line of the log of this kind about somebody be written now, and how many before it were not? What comes again
    /// and again is written a few times a minute.
    pub(crate) fn may_log(&self, kind: &'static str, whom: &str) -> Option<Option<u64>> {
        self.repeats.may(kind, whom, self.hands.steady())
    }

    /// Tells of lines that were held back and have no successor.
    pub(crate) fn log_held_back(&self) {
        for over in self.repeats.over(self.hands.steady()) {
            tracing::warn!(kind = over.kind, whom = %over.whom, held_back = over.lines, "the same again and again");
        }
    }

    /// The ledger could not be written.
    pub(crate) fn ledger_failed(&self, error: &anning_store::Error) {
        self.tally.trouble("ledger");
        if let Some(held_back) = self.may_log("ledger", "") {
            tracing::error!(what = %error, held_back, "ledger");
        }
    }

    /// A number without a name: told, and treated as evidence that cannot be had.
    pub(crate) fn bug(&self, error: &anning_ledger::FieldError) -> anning_store::Error {
        self.tally.trouble("unnamed");
        if let Some(held_back) = self.may_log("name", "") {
            tracing::error!(what = %error, held_back, "name");
        }
        anning_store::Error::Stopped
    }

    /// A login failed: told of accounts that exist, for what somebody guesses may be a secret. Locked, if it failed too often.
    pub(crate) fn note_failed(&self, protocol: Protocol, account: Option<&Account>, locked: bool) {
        let (protocol, account) = (protocol.code(), account.map_or("", |account| &*account.name));
        if !locked && account.is_empty() {
            return;
        }
        let kind = if locked { "login locked" } else { "login failed" };
        let Some(held_back) = self.may_log(kind, account) else { return };
        if locked {
            tracing::warn!(
                protocol,
                account,
                held_back,
                "login locked for a minute: it failed too often from one address"
            );
        } else {
            tracing::info!(protocol, account, held_back, "login failed");
        }
    }

    /// Something odd on a connection of an account, a carrier, or somebody at an address.
    pub(crate) fn note(&self, protocol: Protocol, account: Option<&Account>, whom: &str, note: &Note) {
        self.tally.trouble("odd");
        let account = account.map_or("", |account| &*account.name);
        let whom = if account.is_empty() { whom } else { account };
        if let Some(held_back) = self.may_log("odd", whom) {
            tracing::info!(protocol = protocol.code(), account, what = %note, held_back, "odd");
        }
    }

    /// A message that a carrier's protocol has no words for.
    pub(crate) fn note_misfit(&self, upstream: &Upstream, field: &'static str) {
        if let Some(held_back) = self.may_log("misfit", &upstream.name) {
            let upstream = &*upstream.name;
            tracing::warn!(upstream, field, held_back, "a message does not fit into the carrier's protocol");
        }
    }

    pub(crate) fn note_link(&self, way: &Way, how: &'static str) {
        tracing::info!(upstream = %way.upstream.name, how, "carrier");
    }

    pub(crate) fn note_refused(&self, way: &Way, code: u32) {
        self.tally.trouble("carrier_login");
        tracing::error!(upstream = %way.upstream.name, code, "carrier refused the login");
    }

    /// A carrier that connects to us (SGIP): the same secret, the other way round. Guesses wait as senders' do, and a wrong
    /// name takes as long as a wrong secret and hears the same.
    pub(crate) fn let_carrier_in<D: Dialect>(
        &self,
        way: &Way,
        from: Option<IpAddr>,
        asked: &Asked,
        session: &mut Session<D>,
        at: Time,
    ) {
        let upstream = &way.upstream;
        let wrong = session.dialect().code(Trouble::Authentication);
        let from = from.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        // A carrier's name may be a sender's login too: their guesses are counted apart.
        let guess = [upstream.name.as_bytes(), b"\0", &asked.account].concat();
        if !self.roster.may_try(from, Protocol::Sgip, &guess, at.steady) {
            self.tally.came(&upstream.name, "locked");
            return session.turn_away(wrong, at.steady);
        }
        let who = Credentials { account: asked.account.clone(), secret: upstream.secret.bytes().to_vec() };
        let secret_fits = session.dialect().verify(asked, &who);
        let fits = same_secret(&asked.account, upstream.login.as_bytes()) & secret_fits;
        if self.roster.tried(from, Protocol::Sgip, &guess, fits, at.steady)
            && let Some(held_back) = self.may_log("carrier's login locked", &upstream.name)
        {
            tracing::warn!(upstream = %upstream.name, held_back, "a carrier's login is locked for a minute");
        }
        let (how, code) = if !fits {
            ("wrong", wrong)
        } else if asked.mode == LoginMode::Send {
            // It would hand in messages; nobody takes any here.
            ("wrong_type", session.dialect().code(Trouble::NotAllowed))
        } else if self.is_draining() {
            ("draining", session.dialect().code(Trouble::Unavailable))
        } else {
            self.tally.came(&upstream.name, "in");
            session.admit(&who, at.steady);
            return;
        };
        self.tally.came(&upstream.name, how);
        session.turn_away(code, at.steady);
    }

    /// A message was handed over: a reply to its number may mean its sender.
    pub(crate) fn wrote(
        &self,
        letter: &Letter,
        message: &Message,
        told: Option<Arc<Keyword>>,
        at: Timestamp,
    ) {
        if let (Some(port), Some(sender)) = (message.port, message.sender()) {
            let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
            recent.wrote(
                letter.recipient,
                port,
                Writer { at, sender, account: Arc::clone(&letter.account), told },
            );
        }
    }

    /// The words of their own that messages from a number lately told somebody to refuse with.
    pub(crate) fn told(&self, to: RecipientKey, port: PortId, at: Timestamp) -> Vec<Arc<Keyword>> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner).told(to, port, at)
    }

    /// Who wrote to somebody from a number lately.
    pub(crate) fn recent(&self, to: RecipientKey, port: PortId, at: Timestamp) -> Vec<PartyId> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner).of(to, port, at)
    }

    /// The number of an access number in the ledger.
    pub(crate) fn port(&self, number: &str) -> Option<PortId> {
        self.gate.port(number)
    }

    /// Takes a reply; false where too many wait.
    pub(crate) fn hear(&self, heard: Heard) -> bool {
        let heard = self.ears.hear(heard);
        if !heard {
            self.tally.trouble("replies_full");
        }
        heard
    }

    /// The account that replies to this number go to: the one that names it most narrowly.
    pub(crate) fn owner(&self, number: &str) -> Option<Arc<Account>> {
        let book = self.gate.book();
        // Of several that are as narrow the first by name.
        let narrow = |account: &&Arc<Account>| core::cmp::Reverse(account.shows(number));
        let owners = book.config.accounts.values().filter(|account| account.may_show(number));
        owners.min_by_key(narrow).cloned()
    }

    /// An access number as an account shows it: carriers put the country code before it, or a zero.
    pub(crate) fn as_shown(&self, number: &str) -> String {
        let forms = ["", "+86", "86", "0086", "0"].map(|prefix| number.strip_prefix(prefix));
        let shown = forms.into_iter().flatten().find(|form| self.owner(form).is_some());
        shown.unwrap_or(number).to_owned()
    }

    /// The account that a person's reply to this number goes to: the one that wrote to them last from it, if one did lately;
    /// else its owner.
    pub(crate) fn owner_for(
        &self,
        number: &str,
        person: Option<RecipientKey>,
        at: Timestamp,
    ) -> Option<Arc<Account>> {
        let wrote = person.zip(self.port(number)).and_then(|(person, port)| {
            let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
            recent.account(person, port, at)
        });
        let book = self.gate.book();
        let wrote = wrote.and_then(|account| book.config.accounts.get(&account).cloned());
        wrote.filter(|account| account.may_show(number)).or_else(|| self.owner(number))
    }

    /// Gives replies on to the account whose they are.
    pub(crate) fn forward(
        &self,
        to: &Address,
        from: &Upstream,
        (person, at): (Option<RecipientKey>, Timestamp),
        replies: Vec<Reply>,
    ) {
        let number = self.as_shown(&String::from_utf8_lossy(&to.text));
        let Some(account) = self.owner_for(&number, person, at) else {
            self.tally.trouble("reply_to_nobody");
            return;
        };
        for reply in replies {
            self.roster.reply(&account.name, from.protocol, reply);
        }
    }

    /// Does an account send in one of the refused names?
    pub(crate) fn is_refused(&self, book: &Book, account: &str, refused: &[Named]) -> bool {
        let Some(account) = book.config.accounts.get(account) else { return true };
        let day = self.hands.wall().date();
        let roles = [&account.roles.advertiser, &account.roles.content_provider, &account.roles.controller];
        let own: Vec<Named> =
            roles.into_iter().flatten().filter_map(|party| book.register.named_by_id(party, day)).collect();
        let same = |a: &Named, b: &Named| a.party == b.party || (a.brand.is_some() && a.brand == b.brand);
        own.iter().any(|own| refused.iter().any(|refused| same(own, refused)))
    }

    /// Letters of an account that wait, by an id that it was told.
    pub(crate) fn waiting_of(&self, account: &str, id: &MessageId) -> Vec<LetterId> {
        let book = self.outbox.book();
        book.told(account, id)
            .into_iter()
            .filter(|id| book.get(*id).is_some_and(|item| item.state.waits()))
            .collect()
    }

    /// State of a letter, by an id that its sender was told.
    pub(crate) fn state_of(&self, account: &str, id: &MessageId) -> Option<(State, u8)> {
        let book = self.outbox.book();
        let letter = book.told(account, id).into_iter().next()?;
        book.get(letter).map(|item| (item.state, 0))
    }

    /// Every account and way looks whether there is something to do.
    pub(crate) fn wake_all(&self) {
        for account in self.gate.book().config.accounts.keys() {
            self.roster.wake(account);
        }
        for way in self.ways() {
            way.wake.notify_one();
        }
    }

    /// When it began: its counts begin then.
    pub(crate) const fn started(&self) -> Timestamp {
        self.started
    }

    /// No new logins and submits are taken.
    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }

    /// Everything ends.
    pub(crate) fn is_over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }

    pub(crate) fn set_draining(&self) {
        self.draining.store(true, Ordering::Release);
    }

    pub(crate) fn set_over(&self) {
        self.over.store(true, Ordering::Release);
        self.scribe.wake();
        self.wake_all();
    }

    /// Takes another configuration. What it says of carriers that were not there before holds after a restart.
    pub fn reload(&self, config: Config) -> Vec<&'static str> {
        self.gate.swap(config)
    }

    /// What shadow mode let pass.
    #[must_use]
    pub fn shadow(&self) -> crate::shadow::Shadow {
        self.gate.shadow()
    }

    /// Connections to carriers that are logged in.
    #[must_use]
    pub fn carriers(&self) -> usize {
        self.ways().iter().map(|way| way.links().0).sum()
    }

    /// What decisions read.
    #[must_use]
    pub const fn view(&self) -> &View {
        self.clerk.view()
    }
}

/// Counts a connection while it is open.
pub(crate) struct Open(Arc<Gateway>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Counts a request while it is worked on.
pub(crate) struct Busy(Arc<Gateway>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::AcqRel);
    }
}

impl core::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Gateway")
    }
}

/// Numbers from here on are of letters that are not on record; a ticket has eight bits more.
const OFF_THE_RECORD: u64 = 1 << 54;
/// Number of this gateway in the ids it gives.
const GATEWAY: u32 = 1_069;
