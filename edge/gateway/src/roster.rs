//! Who is connected: the senders' connections, and what is to be told to each account.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anning_link::{LoginMode, Moment, Reply};
use tokio::sync::Notify;
use tokio::sync::mpsc::Sender;

use crate::config::Protocol;
use crate::letter::LetterId;
use crate::sender::Order;

/// A connection, as the rest of the gateway sees it.
#[derive(Clone)]
pub(crate) struct Connection {
    pub number: u64,
    pub mailbox: Sender<Order>,
    pub mode: LoginMode,
    /// We made it, to tell (SGIP).
    pub called: bool,
}

impl Connection {
    /// Can anything be told on it?
    fn takes(&self) -> bool {
        self.mode != LoginMode::Send
    }
}

/// What is known of an account that is or was connected.
#[derive(Default)]
struct Presence {
    connections: Vec<Connection>,
    /// Segments of which the sender is being told.
    telling: HashSet<(LetterId, u8)>,
    /// Messages of subscribers that wait for the sender.
    replies: VecDeque<(Protocol, Reply)>,
    /// Replies that had to make room.
    dropped: u64,
    /// Which connection is told next.
    turn: usize,
}

/// Where it came from, in which protocol, as whom.
type Guess = (IpAddr, Protocol, Vec<u8>);

/// Logins that failed, by where they came from.
#[derive(Default)]
struct Failures {
    count: u32,
    last: Moment,
}

/// All accounts.
#[derive(Default)]
pub(crate) struct Roster {
    accounts: Mutex<BTreeMap<Arc<str>, Presence>>,
    failures: Mutex<HashMap<Guess, Failures>>,
    /// Somebody is to be told who has no connection for it.
    unheard: Notify,
}

impl Roster {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Arc<str>, Presence>> {
        // Each change is one insertion or removal.
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a connection of an account, if it may have one more.
    pub fn enter(&self, account: &Arc<str>, connection: Connection, most: usize) -> bool {
        let mut accounts = self.lock();
        let presence = accounts.entry(Arc::clone(account)).or_default();
        // Lines that we made are not its own.
        let own = presence.connections.iter().filter(|known| !known.called).count();
        let room = connection.called || own < most;
        if room {
            presence.connections.push(connection);
        }
        room
    }

    /// A connection is gone; what it was telling is to be told again.
    pub fn leave(&self, account: &str, number: u64, telling: impl IntoIterator<Item = (LetterId, u8)>) {
        let mut accounts = self.lock();
        let Some(presence) = accounts.get_mut(account) else { return };
        presence.connections.retain(|connection| connection.number != number);
        for one in telling {
            presence.telling.remove(&one);
        }
        drop(accounts);
        self.wake(account);
    }

    /// There is something to tell an account: one of its connections that take reports looks for it.
    pub fn wake(&self, account: &str) {
        let mut accounts = self.lock();
        let Some(presence) = accounts.get_mut(account) else { return self.unheard.notify_one() };
        let able: Vec<&Connection> = presence.connections.iter().filter(|c| c.takes()).collect();
        if able.is_empty() {
            self.unheard.notify_one();
        }
        presence.turn = presence.turn.wrapping_add(1);
        let next = presence.turn.checked_rem(able.len()).and_then(|at| able.get(at));
        if let Some(connection) = next {
            // A full mailbox is one that looks soon anyway.
            let _ = connection.mailbox.try_send(Order::Tell);
        }
    }

    /// Waits until somebody is to be told who has no connection for it.
    pub async fn unheard(&self) {
        self.unheard.notified().await;
    }

    /// Is a line open that we made to tell this account?
    pub fn is_called(&self, account: &str) -> bool {
        self.lock().get(account).is_some_and(|presence| presence.connections.iter().any(|c| c.called))
    }

    /// Do subscribers' messages wait for an account that no connection can be told on?
    pub fn has_unheard_replies(&self, account: &str) -> bool {
        let accounts = self.lock();
        let known = accounts.get(account);
        known.is_some_and(|p| !p.replies.is_empty() && !p.connections.iter().any(Connection::takes))
    }

    /// Marks segments as being told; those that nobody else is telling.
    pub fn tell<T>(
        &self,
        account: &str,
        of: impl IntoIterator<Item = T>,
        name: impl Fn(&T) -> (LetterId, u8),
        room: usize,
    ) -> Vec<T> {
        let mut accounts = self.lock();
        let Some(presence) = accounts.get_mut(account) else { return Vec::new() };
        of.into_iter().filter(|one| presence.telling.insert(name(one))).take(room).collect()
    }

    /// How many segments of an account are being told.
    pub fn telling(&self, account: &str) -> usize {
        self.lock().get(account).map_or(0, |presence| presence.telling.len())
    }

    /// A segment was told, or could not be.
    pub fn told(&self, account: &str, one: (LetterId, u8)) {
        if let Some(presence) = self.lock().get_mut(account) {
            presence.telling.remove(&one);
        }
    }

    /// A subscriber's message for an account; the oldest makes room where too many wait.
    pub fn reply(&self, account: &Arc<str>, from: Protocol, reply: Reply) {
        let mut accounts = self.lock();
        let presence = accounts.entry(Arc::clone(account)).or_default();
        if presence.replies.len() >= REPLIES_MAX {
            presence.replies.pop_front();
            presence.dropped += 1;
        }
        presence.replies.push_back((from, reply));
        drop(accounts);
        self.wake(account);
    }

    /// The next subscriber's message for an account.
    pub fn next_reply(&self, account: &str) -> Option<(Protocol, Reply)> {
        self.lock().get_mut(account)?.replies.pop_front()
    }

    /// A subscriber's message that could not be told goes back to the front.
    pub fn untold_reply(&self, account: &str, reply: (Protocol, Reply)) {
        if let Some(presence) = self.lock().get_mut(account) {
            // It is the oldest: it makes room itself.
            if presence.replies.len() >= REPLIES_MAX {
                presence.dropped += 1;
                return;
            }
            presence.replies.push_front(reply);
        }
    }

    /// Connections by account.
    pub fn counts(&self) -> Vec<(Arc<str>, usize)> {
        self.lock().iter().map(|(name, p)| (Arc::clone(name), p.connections.len())).collect()
    }

    /// Replies by account: those that wait, and those that had to make room.
    pub fn replies(&self) -> Vec<(Arc<str>, usize, u64)> {
        let accounts = self.lock();
        accounts.iter().map(|(name, p)| (Arc::clone(name), p.replies.len(), p.dropped)).collect()
    }

    /// The gateway ends: replies that still wait are lost, and counted as that; how many, by account.
    pub fn lose_replies(&self) -> Vec<(Arc<str>, usize)> {
        let mut lost = Vec::new();
        for (name, presence) in self.lock().iter_mut() {
            let count = core::mem::take(&mut presence.replies).len();
            presence.dropped += u64::try_from(count).unwrap_or(u64::MAX);
            if count > 0 {
                lost.push((Arc::clone(name), count));
            }
        }
        lost
    }

    /// Every connection is asked to leave.
    pub fn drain(&self) {
        for presence in self.lock().values() {
            for connection in &presence.connections {
                let _ = connection.mailbox.try_send(Order::Leave);
            }
        }
    }

    /// May somebody at this address try this login in this protocol now? After some failures it must wait; what failed in
    /// one protocol locks no other.
    pub fn may_try(&self, from: IpAddr, protocol: Protocol, login: &[u8], now: Moment) -> bool {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures
            .get(&(from, protocol, login.to_vec()))
            .is_none_or(|f| f.count < FAILURES || now.since(f.last) >= LOCKED)
    }

    /// A login failed, or succeeded and clears what failed before; true where it is locked from here on.
    pub fn tried(
        &self,
        from: IpAddr,
        protocol: Protocol,
        login: &[u8],
        succeeded: bool,
        now: Moment,
    ) -> bool {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (from, protocol, login.to_vec());
        if succeeded {
            failures.remove(&key);
            return false;
        }
        if failures.len() >= FAILURES_MAX {
            failures.retain(|_, f| now.since(f.last) < LOCKED);
        }
        if failures.len() >= FAILURES_MAX {
            // Somebody floods: what is remembered of others goes rather than memory.
            failures.clear();
        }
        let known = failures.entry(key).or_default();
        if now.since(known.last) >= LOCKED {
            known.count = 0;
        }
        known.count += 1;
        known.last = now;
        known.count == FAILURES
    }
}

/// Subscribers' messages that wait for one sender, in memory.
const REPLIES_MAX: usize = 10_000;
/// Failed logins after which the same login from the same address waits.
const FAILURES: u32 = 5;
/// How long.
const LOCKED: Duration = Duration::from_secs(60);
/// Failed logins remembered.
const FAILURES_MAX: usize = 65_536;

#[cfg(test)]
mod tests {
    use super::{Arc, FAILURES, LOCKED, Moment, Protocol, REPLIES_MAX, Reply, Roster};

    #[test]
    fn what_fails_in_one_protocol_locks_no_other() {
        let (roster, from) = (Roster::default(), std::net::IpAddr::from([192, 0, 2, 1]));
        let now = Moment::from_millis(0);
        let fails = |login: &[u8]| roster.tried(from, Protocol::Cmpp, login, false, now);
        let locked: Vec<bool> = (0..FAILURES + 1).map(|_| fails(b"901234")).collect();
        assert_eq!(locked, [false, false, false, false, true, false]);
        assert!(!roster.may_try(from, Protocol::Cmpp, b"901234", now));
        for (protocol, login) in [(Protocol::Http, b"901234"), (Protocol::Cmpp, b"901235")] {
            assert!(roster.may_try(from, protocol, login, now), "{protocol:?}");
        }
        assert!(roster.may_try(from, Protocol::Cmpp, b"901234", now.plus(LOCKED)));
    }

    #[test]
    fn replies_that_wait_are_bounded_and_counted_when_they_are_lost() {
        let (roster, account) = (Roster::default(), Arc::<str>::from("mall"));
        let reply = |n: usize| Reply { content: n.to_be_bytes().to_vec(), ..Reply::default() };
        for n in 0..REPLIES_MAX + 2 {
            roster.reply(&account, Protocol::Cmpp, reply(n));
        }
        assert_eq!(roster.replies(), [(Arc::clone(&account), REPLIES_MAX, 2)]);
        // The oldest made room, and one that could not be told makes room itself.
        let next = roster.next_reply(&account).unwrap();
        assert_eq!(next.1, reply(2));
        roster.reply(&account, Protocol::Cmpp, reply(0));
        roster.untold_reply(&account, next);
        assert_eq!(roster.replies(), [(Arc::clone(&account), REPLIES_MAX, 3)]);
        assert_eq!(roster.lose_replies(), [(Arc::clone(&account), REPLIES_MAX)]);
        assert_eq!(roster.replies(), [(account, 0, 3 + REPLIES_MAX as u64)]);
        assert!(roster.lose_replies().is_empty());
    }
}
