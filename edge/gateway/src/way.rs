//! The way to one carrier: its connections, how much they take, and the letters that wait for them.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anning_link::Moment;
use anning_vocab::RecipientKey;
use tokio::sync::Notify;
use tokio::sync::mpsc::Sender;

use crate::batch::Debts;
use crate::carrier::Order;
use crate::codes::Reason;
use crate::config::Upstream;
use crate::gate::{Pass, Ticket};
use crate::gateway::Gateway;
use crate::letter::{Lane, Letter, LetterId};

/// The way to one carrier.
pub(crate) struct Way {
    pub upstream: Arc<Upstream>,
    links: Mutex<Vec<Link>>,
    /// Connections that it made to us and is logged in on (SGIP).
    come: Mutex<Vec<(u64, Sender<Order>)>>,
    /// Something waits, by lane: what comes after it waits too.
    backlog: [AtomicBool; 3],
    /// Letters that somebody is handing over or deciding again.
    busy: Mutex<BTreeSet<LetterId>>,
    /// What waiting letters count as.
    waiting: Mutex<HashMap<LetterId, (RecipientKey, Ticket)>>,
    /// Codes that cannot be put on record and wait for room on a connection, the oldest first.
    relays: Mutex<VecDeque<Box<Relay>>>,
    pace: Mutex<Pace>,
    /// There is room, or something to do.
    pub wake: Arc<Notify>,
}

/// One connection to it that is logged in.
struct Link {
    number: u64,
    mailbox: Sender<Order>,
    room: Arc<AtomicUsize>,
    window: usize,
}

/// A letter and its clearance, on their way to a connection.
#[derive(Debug)]
pub(crate) struct Load {
    pub letter: Arc<Letter>,
    pub pass: Pass,
}

/// A code that cannot be put on record, and who is to be answered when the carrier has answered. It lives in memory alone: a
/// crash loses it, and nobody was told that it was taken.
#[derive(Debug)]
pub(crate) struct Relay {
    pub load: Load,
    pub owed: Debts,
    /// When its senders are told to try again, should it not have gone.
    until: Moment,
}

impl Relay {
    pub fn new(load: Load, owed: Debts, now: Moment) -> Box<Self> {
        Box::new(Self { load, owed, until: now.plus(RELAY_WITHIN) })
    }

    /// Is it too late for it?
    fn is_over(&self, now: Moment) -> bool {
        now >= self.until
    }

    /// It does not go: its senders are told to try again, and why.
    pub fn give_up(self, gateway: &Gateway, why: &'static str) {
        gateway.tally().relayed(&self.load.letter.account, why);
        self.owed.tell(Some(Reason::Unavailable));
    }
}

/// Room in a connection's window; given back when dropped.
pub(crate) struct Reserved {
    mailbox: Sender<Order>,
    room: Arc<AtomicUsize>,
    count: usize,
    wake: Arc<Notify>,
}

/// Submits a second.
struct Pace {
    per_second: Option<u32>,
    /// What may go now, in thousandths.
    saved: u64,
    since: Moment,
}

impl Way {
    pub fn new(upstream: Arc<Upstream>) -> Self {
        let pace = Pace { per_second: upstream.rate, saved: 0, since: Moment::default() };
        Self {
            upstream,
            links: Mutex::default(),
            come: Mutex::default(),
            backlog: Default::default(),
            busy: Mutex::default(),
            waiting: Mutex::default(),
            relays: Mutex::default(),
            pace: Mutex::new(pace),
            wake: Arc::new(Notify::new()),
        }
    }

    /// A connection is logged in.
    pub fn enter(&self, number: u64, mailbox: Sender<Order>, window: usize) -> Arc<AtomicUsize> {
        let room = Arc::new(AtomicUsize::new(window));
        lock(&self.links).push(Link { number, mailbox, room: Arc::clone(&room), window });
        self.wake.notify_one();
        room
    }

    /// It came, and is logged in: it hands over, and nothing is handed to it.
    pub fn comes(&self, number: u64, mailbox: Sender<Order>) {
        lock(&self.come).push((number, mailbox));
    }

    /// Connections that it made to us.
    pub fn come(&self) -> usize {
        lock(&self.come).len()
    }

    /// No letters go to this connection any more.
    pub fn retire(&self, number: u64) {
        lock(&self.links).retain(|link| link.number != number);
    }

    /// A connection is gone.
    pub fn leave(&self, number: u64) {
        self.retire(number);
        lock(&self.come).retain(|(other, _)| *other != number);
    }

    /// Connections that are logged in, and the room in their windows.
    pub fn links(&self) -> (usize, usize) {
        let links = lock(&self.links);
        (links.len(), links.iter().map(|link| link.room.load(Ordering::Acquire)).sum())
    }

    /// Room in all windows for letters of a lane.
    pub fn room(&self, lane: Lane) -> usize {
        let links = lock(&self.links);
        links.iter().map(|link| link.room.load(Ordering::Acquire).saturating_sub(link.kept(lane))).sum()
    }

    /// Every connection is asked to leave.
    pub fn drain(&self) {
        for link in lock(&self.links).iter() {
            let _ = link.mailbox.try_send(Order::Leave);
        }
        for (_, mailbox) in lock(&self.come).iter() {
            let _ = mailbox.try_send(Order::Leave);
        }
    }

    /// Room for so many segments on the connection that has most of it; none where there is too little, or the pace
    /// does not allow it. Campaigns leave a share of every window to codes.
    pub fn reserve(&self, lane: Lane, segments: usize, now: Moment) -> Option<Reserved> {
        let links = lock(&self.links);
        let link = links.iter().max_by_key(|link| link.room.load(Ordering::Acquire))?;
        let count = segments.min(link.window.div_ceil(2)).max(1);
        let kept = link.kept(lane);
        link.room
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |room| {
                room.checked_sub(count).filter(|rest| *rest >= kept)
            })
            .ok()?;
        let reserved = Reserved {
            mailbox: link.mailbox.clone(),
            room: Arc::clone(&link.room),
            count,
            wake: Arc::clone(&self.wake),
        };
        drop(links);
        // What is dropped gives its room back.
        lock(&self.pace).take(segments, now).then_some(reserved)
    }

    /// May a letter of this lane go at once, or does something wait before it?
    pub fn is_clear(&self, lane: Lane) -> bool {
        let before = match lane {
            Lane::Code => &self.backlog[..1],
            Lane::Service => &self.backlog[..2],
            Lane::Commercial => &self.backlog[..],
        };
        before.iter().all(|backlog| !backlog.load(Ordering::Acquire))
    }

    /// Says whether something waits in a lane.
    pub fn set_backlog(&self, lane: Lane, waits: bool) {
        let [code, service, commercial] = &self.backlog;
        let backlog = match lane {
            Lane::Code => code,
            Lane::Service => service,
            Lane::Commercial => commercial,
        };
        backlog.store(waits, Ordering::Release);
    }

    /// A letter waits for its turn.
    pub fn waits(&self, letter: LetterId, lane: Lane, counted: Option<(RecipientKey, Ticket)>) {
        if let Some(counted) = counted {
            lock(&self.waiting).insert(letter, counted);
        }
        self.set_backlog(lane, true);
        self.wake.notify_one();
    }

    /// What a waiting letter counted as; it does not any more.
    pub fn ticket(&self, letter: LetterId) -> Option<(RecipientKey, Ticket)> {
        lock(&self.waiting).remove(&letter)
    }

    /// Those that do not wait any more: what they counted as is given up.
    pub fn sweep(&self, waits: impl Fn(LetterId) -> bool) -> Vec<(RecipientKey, Ticket)> {
        let mut gone = Vec::new();
        lock(&self.waiting).retain(|letter, counted| {
            let stays = waits(*letter);
            if !stays {
                gone.push(*counted);
            }
            stays
        });
        gone
    }

    /// A code that cannot be put on record waits for room; given back where too many wait.
    pub fn relay(&self, relay: Box<Relay>) -> Result<(), Box<Relay>> {
        let mut relays = lock(&self.relays);
        if relays.len() >= RELAYS_MAX {
            return Err(relay);
        }
        relays.push_back(relay);
        self.wake.notify_one();
        Ok(())
    }

    /// The oldest of them, if there is room for it, and that room; or without, if it is too late for it. It waits until then:
    /// no other takes its place meanwhile.
    pub fn next_relay(&self, now: Moment) -> Option<(Box<Relay>, Option<Reserved>)> {
        let mut relays = lock(&self.relays);
        let oldest = relays.front()?;
        let reserved = if oldest.is_over(now) {
            None
        } else {
            Some(self.reserve(Lane::Code, oldest.load.letter.segments.len(), now)?)
        };
        relays.pop_front().map(|relay| (relay, reserved))
    }

    /// All of them: they wait no longer.
    pub fn take_relays(&self) -> VecDeque<Box<Relay>> {
        core::mem::take(&mut lock(&self.relays))
    }

    /// The connection that it was to go on is gone: it goes back to the front.
    pub fn relay_later(&self, relay: Box<Relay>) {
        lock(&self.relays).push_front(relay);
    }

    /// How many wait.
    pub fn relays(&self) -> usize {
        lock(&self.relays).len()
    }

    /// Letters that somebody is busy with.
    pub fn busy(&self) -> BTreeSet<LetterId> {
        lock(&self.busy).clone()
    }

    /// Somebody is busy with it from now on.
    pub fn occupy(&self, letter: LetterId) {
        lock(&self.busy).insert(letter);
    }

    /// Nobody is any more.
    pub fn free(&self, letter: LetterId) {
        lock(&self.busy).remove(&letter);
    }
}

impl Link {
    /// Room that letters of a lane leave to codes; a small window has none to spare.
    const fn kept(&self, lane: Lane) -> usize {
        match lane {
            Lane::Code => 0,
            Lane::Service | Lane::Commercial => self.window / KEPT,
        }
    }
}

impl core::fmt::Debug for Way {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Way({})", self.upstream.name)
    }
}

impl Reserved {
    /// Hands a letter to the connection whose room this is; back to the queue if it is gone.
    pub fn send(self, gateway: &Arc<Gateway>, load: Load) {
        let mailbox = self.mailbox.clone();
        let letter = Arc::clone(&load.letter);
        if mailbox.try_send(Order::Carry(Box::new((load, self)))).is_err() {
            gateway.put_back(&letter);
        }
    }
}

impl Reserved {
    /// Hands over a code that is not on record; what is owed to its sender is answered there. Given back if the connection
    /// is gone.
    pub fn relay(self, relay: Box<Relay>) -> Result<(), Box<Relay>> {
        let mailbox = self.mailbox.clone();
        match mailbox.try_send(Order::Relay(relay, self)).map_err(|error| error.into_inner()) {
            Err(Order::Relay(relay, _)) => Err(relay),
            Ok(()) | Err(Order::Carry(_) | Order::Heard(..) | Order::Leave) => Ok(()),
        }
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        self.room.fetch_add(self.count, Ordering::AcqRel);
        self.wake.notify_one();
    }
}

impl core::fmt::Debug for Reserved {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Reserved({})", self.count)
    }
}

impl Pace {
    fn take(&mut self, count: usize, now: Moment) -> bool {
        let Some(rate) = self.per_second.map(u64::from) else { return true };
        let gone = u64::try_from(now.since(self.since).as_millis()).unwrap_or(u64::MAX);
        // A second's worth is saved at most, and never less than one long message needs.
        let most = (rate * 1_000).max(SEGMENTS * 1_000);
        self.saved = self.saved.saturating_add(gone.saturating_mul(rate)).min(most);
        self.since = now;
        let wanted = u64::try_from(count).unwrap_or(u64::MAX).saturating_mul(1_000);
        let taken = self.saved.checked_sub(wanted);
        self.saved = taken.unwrap_or(self.saved);
        taken.is_some()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each change is one insertion or removal.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Codes that wait for one carrier and are not on record; beyond it their senders are told to slow down.
const RELAYS_MAX: usize = 256;
/// How long they wait: clients give up an answer after half a minute, and a code is worth nothing later.
const RELAY_WITHIN: Duration = Duration::from_secs(10);
/// One part in so many of every window is kept for codes.
const KEPT: usize = 8;
/// Segments of the longest message that a pace must let through at once.
const SEGMENTS: u64 = 255;

#[cfg(test)]
mod tests {
    use super::{Lane, Moment, Way};
    use crate::config::{Config, Outside};
    use std::sync::Arc;

    fn way() -> Way {
        let outside = Outside { variable: &|_| None, file: &|_| Err(std::io::ErrorKind::NotFound.into()) };
        let (config, _) =
            Config::parse(include_str!("../../../samples/gateway/demo.toml"), &outside).unwrap();
        Way::new(Arc::clone(config.upstreams.values().next().unwrap()))
    }

    #[test]
    fn what_waits_has_the_room_that_what_comes_has() {
        for (window, campaigns) in [(1, 1), (2, 2), (7, 7), (8, 7), (32, 28)] {
            let way = way();
            let (mailbox, _orders) = tokio::sync::mpsc::channel(64);
            way.enter(1, mailbox, window);
            for (lane, room) in
                [(Lane::Code, window), (Lane::Service, campaigns), (Lane::Commercial, campaigns)]
            {
                assert_eq!(way.room(lane), room, "{window} {lane:?}");
                let mut reserved = Vec::new();
                while let Some(one) = way.reserve(lane, 1, Moment::default()) {
                    reserved.push(one);
                }
                assert_eq!(reserved.len(), room, "{window} {lane:?}");
                assert_eq!(way.room(lane), 0, "{window} {lane:?}");
            }
        }
    }
}
