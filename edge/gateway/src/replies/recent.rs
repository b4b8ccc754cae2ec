//! Who wrote to whom from which number lately: what a reply to a shared number may mean, and whose it is.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use anning_judge::Keyword;
use anning_vocab::{PartyId, PortId, RecipientKey, Timestamp};

/// Latest senders by person and number. Bounded: the oldest pairs are forgotten first; a reply to those means everybody
/// who may send from the number.
#[derive(Debug, Default)]
pub struct Recent {
    senders: HashMap<(RecipientKey, PortId), Vec<Writer>>,
    order: VecDeque<(RecipientKey, PortId)>,
}

/// Somebody who wrote.
#[derive(Debug)]
pub struct Writer {
    /// When.
    pub at: Timestamp,
    /// In whose name.
    pub sender: PartyId,
    /// From which account.
    pub account: Arc<str>,
    /// The word of its own that a message told to refuse with, if that is none of the usual ones.
    pub told: Option<Arc<Keyword>>,
}

impl Recent {
    /// A message of an account was handed over.
    pub fn wrote(&mut self, to: RecipientKey, from: PortId, writer: Writer) {
        let key = (to, from);
        let senders = self.senders.entry(key).or_insert_with(|| {
            self.order.push_back(key);
            Vec::new()
        });
        // A later message that tells no word does not take back the one that an earlier told.
        let known = senders.iter().position(|known| known.sender == writer.sender);
        let before = known.map(|place| senders.remove(place));
        let told = writer.told.clone().or_else(|| before.and_then(|before| before.told));
        senders.push(Writer { told, ..writer });
        if senders.len() > SENDERS_MAX {
            senders.remove(0);
        }
        while self.order.len() > PAIRS_MAX {
            if let Some(oldest) = self.order.pop_front() {
                self.senders.remove(&oldest);
            }
        }
    }

    /// Those who wrote to this person from this number in the time that a reply may take, the latest first.
    #[must_use]
    pub fn of(&self, to: RecipientKey, from: PortId, at: Timestamp) -> Vec<PartyId> {
        self.lately(to, from, at).map(|writer| writer.sender).collect()
    }

    /// The words of their own that those told this person to refuse with.
    #[must_use]
    pub fn told(&self, to: RecipientKey, from: PortId, at: Timestamp) -> Vec<Arc<Keyword>> {
        self.lately(to, from, at).filter_map(|writer| writer.told.clone()).collect()
    }

    fn lately(&self, to: RecipientKey, from: PortId, at: Timestamp) -> impl Iterator<Item = &Writer> {
        let since = at.plus_millis(-LATELY_MS);
        let senders = self.senders.get(&(to, from)).map_or(&[][..], Vec::as_slice);
        senders.iter().rev().filter(move |writer| writer.at >= since)
    }

    /// The account that wrote last to this person from this number, in the time that a reply may take.
    #[must_use]
    pub fn account(&self, to: RecipientKey, from: PortId, at: Timestamp) -> Option<Arc<str>> {
        self.lately(to, from, at).next().map(|writer| Arc::clone(&writer.account))
    }

    /// Forgets a person.
    pub fn forget(&mut self, to: RecipientKey) {
        self.senders.retain(|(person, _), _| *person != to);
        self.order.retain(|(person, _)| *person != to);
    }
}

/// Pairs of person and number, some 100 bytes each.
const PAIRS_MAX: usize = 1 << 20;
/// Senders of one pair.
const SENDERS_MAX: usize = 16;
/// Ninety days: people reply late.
const LATELY_MS: i64 = 90 * 86_400_000;

#[cfg(test)]
mod tests {
    use anning_vocab::{PartyId, PortId, RecipientKey, Timestamp};

    use super::{LATELY_MS, Recent, SENDERS_MAX, Writer};

    fn writer(sender: u32, at: Timestamp) -> Writer {
        Writer { at, sender: PartyId(sender), account: format!("a{sender}").into(), told: None }
    }

    #[test]
    fn the_latest_come_first_and_the_old_are_out() {
        let (mut recent, key, port) = (Recent::default(), RecipientKey([1; 16]), PortId(7));
        let at = Timestamp::from_millis;
        for (n, sender) in [(0, 1), (1, 2), (2, 1), (LATELY_MS, 3)] {
            recent.wrote(key, port, writer(sender, at(n)));
        }
        assert_eq!(recent.account(key, port, at(LATELY_MS)).as_deref(), Some("a3"));
        assert_eq!(recent.account(key, port, at(3 * LATELY_MS)), None);
        assert_eq!(recent.account(key, PortId(8), at(0)), None);
        let of =
            |recent: &Recent, when| recent.of(key, port, at(when)).iter().map(|p| p.0).collect::<Vec<_>>();
        assert_eq!(of(&recent, LATELY_MS), [3, 1, 2]);
        assert_eq!(of(&recent, LATELY_MS + 2), [3, 1]);
        assert!(recent.of(key, PortId(8), at(0)).is_empty());
        for sender in 0..40 {
            recent.wrote(key, port, writer(sender, at(LATELY_MS)));
        }
        assert_eq!(of(&recent, LATELY_MS).len(), SENDERS_MAX);
        recent.forget(key);
        assert!(of(&recent, LATELY_MS).is_empty());
    }
}
