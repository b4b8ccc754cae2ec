//! `Idempotency-Key`: a request that is sent again is answered again, and done once.
//!
//! The table is in memory, bounded, and forgotten at a restart. What holds across a restart are the ids: they follow
//! from the key, and the outbox knows them ([`id`]).

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anning_link::{MessageId, Moment};

use super::reply::Reply;

/// Keys that were used lately.
#[derive(Debug, Default)]
pub(super) struct Keys {
    table: Mutex<Table>,
}

#[derive(Debug, Default)]
struct Table {
    uses: HashMap<Key, Use>,
    /// Those that have an answer, by when they got it.
    order: VecDeque<(Moment, Key)>,
    /// Bytes of all answers.
    bytes: usize,
}

/// An account's key, hashed.
type Key = [u8; 32];

#[derive(Debug)]
struct Use {
    body: [u8; 32],
    answer: Option<Reply>,
}

/// What is known of a key.
#[derive(Debug)]
pub(super) enum Found {
    /// Nothing: the request is to be done, and [`Keys::end`] to be called.
    Fresh,
    /// It is being done.
    Running,
    /// It was used for another body.
    Other,
    /// It was done, and answered so.
    Done(Reply),
    /// Too many are being done.
    Full,
}

/// What follows from an account and its key.
pub(super) fn name(account: &str, key: &str) -> Key {
    let mut hasher = blake3::Hasher::new_derive_key("anning 2026 http idempotency key");
    hasher.update(&u64::try_from(account.len()).unwrap_or(0).to_le_bytes());
    hasher.update(account.as_bytes()).update(key.as_bytes());
    *hasher.finalize().as_bytes()
}

/// The id of the message at a place of a request. What it says is part of it: should the key be used again for
/// something else after a restart, that is another message.
pub(super) fn id(name: &Key, place: usize, (from, to, text): (&str, &str, &str)) -> MessageId {
    let mut hasher = blake3::Hasher::new_keyed(name);
    hasher.update(&u64::try_from(place).unwrap_or(u64::MAX).to_le_bytes());
    for part in [from, to, text] {
        hasher.update(&u64::try_from(part.len()).unwrap_or(0).to_le_bytes()).update(part.as_bytes());
    }
    let half = hasher.finalize().as_bytes().first_chunk::<16>().copied().unwrap_or_default();
    MessageId(anning_ledger::hex::encode(&half).into_bytes())
}

impl Keys {
    /// Uses a key for a body.
    pub fn begin(&self, name: Key, body: [u8; 32], now: Moment) -> Found {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        while table.order.front().is_some_and(|(at, _)| now.since(*at) >= KEPT) {
            table.forget_oldest();
        }
        if let Some(found) = table.uses.get(&name) {
            if found.body != body {
                return Found::Other;
            }
            return match &found.answer {
                Some(answer) => Found::Done(answer.clone()),
                None => Found::Running,
            };
        }
        if table.uses.len() >= KEYS_MAX {
            table.forget_oldest();
        }
        if table.uses.len() >= KEYS_MAX {
            return Found::Full;
        }
        table.uses.insert(name, Use { body, answer: None });
        Found::Fresh
    }

    /// A request was done: its answer is kept; none where trying again can help, and then the key is free again.
    pub fn end(&self, name: Key, answer: Option<Reply>, now: Moment) {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(answer) = answer else {
            table.uses.remove(&name);
            return;
        };
        table.bytes += answer.body.len();
        if let Some(used) = table.uses.get_mut(&name) {
            used.answer = Some(answer);
            table.order.push_back((now, name));
        }
        while table.bytes > BYTES_MAX {
            table.forget_oldest();
        }
    }
}

impl Table {
    fn forget_oldest(&mut self) {
        let Some((_, name)) = self.order.pop_front() else {
            self.bytes = 0;
            return;
        };
        let answer = self.uses.remove(&name).and_then(|used| used.answer);
        self.bytes = self.bytes.saturating_sub(answer.map_or(0, |answer| answer.body.len()));
    }
}

/// How long a key is remembered.
const KEPT: Duration = Duration::from_secs(24 * 3_600);
/// Keys remembered.
const KEYS_MAX: usize = 1 << 17;
/// Bytes of answers remembered.
const BYTES_MAX: usize = 64 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: u64) -> Moment {
        Moment::after(Duration::from_secs(hours * 3_600))
    }

    fn reply(status: u16) -> Reply {
        Reply { status, kind: "application/json", body: b"{}".to_vec().into(), retry_after: None }
    }

    #[test]
    fn a_key_is_done_once_and_answered_again() {
        let keys = Keys::default();
        let check = |key: &str, body: u8, hours: u64, expected: &str| {
            let found = match keys.begin(name("shop", key), [body; 32], at(hours)) {
                Found::Fresh => "fresh".to_owned(),
                Found::Running => "running".to_owned(),
                Found::Other => "other".to_owned(),
                Found::Done(reply) => reply.status.to_string(),
                Found::Full => "full".to_owned(),
            };
            assert_eq!(found, expected, "{key} {body} {hours}");
        };
        check("k", 1, 1, "fresh");
        check("k", 1, 1, "running");
        check("k", 2, 1, "other");
        keys.end(name("shop", "k"), Some(reply(202)), at(1));
        check("k", 1, 2, "202");
        check("k", 2, 2, "other");
        check("k", 1, 25, "fresh");
        keys.end(name("shop", "k"), None, at(25));
        check("k", 2, 25, "fresh");
        check("other", 2, 25, "fresh");
    }

    #[test]
    fn ids_follow_from_the_key_and_from_what_is_said() {
        let (key, message) = (name("shop", "k"), ("1069", "13800138000", "您好"));
        let first = id(&key, 0, message);
        assert_eq!(first.0.len(), 32);
        assert_eq!(first, id(&name("shop", "k"), 0, message));
        for other in [
            id(&key, 1, message),
            id(&name("shop", "l"), 0, message),
            id(&name("shopk", ""), 0, message),
            id(&key, 0, ("1069", "13800138001", "您好")),
            id(&key, 0, ("10691", "3800138000", "您好")),
        ] {
            assert_ne!(first, other);
        }
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let keys = Keys::default();
        for n in 0..KEYS_MAX + 10 {
            let key = name("shop", &n.to_string());
            assert!(matches!(keys.begin(key, [0; 32], at(0)), Found::Fresh));
            keys.end(key, Some(reply(202)), at(0));
        }
        assert!(matches!(keys.begin(name("shop", "0"), [0; 32], at(0)), Found::Fresh));
        assert!(keys.table.lock().unwrap().uses.len() <= KEYS_MAX);
    }
}
