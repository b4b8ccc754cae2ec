//! Who wrote to whom from which number lately: what a reply to a shared number may mean.

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
struct Writer {
    at: Timestamp,
    sender: PartyId,
    /// The word of its own that a message told to refuse with.
    told: Option<Arc<Keyword>>,
}

impl Recent {
    /// A message was handed over; with the word that it told to refuse with, if that is none of the usual ones.
    pub fn wrote(
        &mut self,
        to: RecipientKey,
        from: PortId,
        (sender, told): (PartyId, Option<Arc<Keyword>>),
        at: Timestamp,
    ) {
        let key = (to, from);
        let senders = self.senders.entry(key).or_insert_with(|| {
            self.order.push_back(key);
            Vec::new()
        });
        // A later message that tells no word does not take back the one that an earlier told.
        let before =
            senders.iter().position(|known| known.sender == sender).map(|place| senders.remove(place));
        let told = told.or_else(|| before.and_then(|before| before.told));
        senders.push(Writer { at, sender, told });
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

    use super::{LATELY_MS, Recent, SENDERS_MAX};

    #[test]
    fn the_latest_come_first_and_the_old_are_out() {
        let (mut recent, key, port) = (Recent::default(), RecipientKey([1; 16]), PortId(7));
        let at = Timestamp::from_millis;
        for (n, sender) in [(0, 1), (1, 2), (2, 1), (LATELY_MS, 3)] {
            recent.wrote(key, port, (PartyId(sender), None), at(n));
        }
        let of =
            |recent: &Recent, when| recent.of(key, port, at(when)).iter().map(|p| p.0).collect::<Vec<_>>();
        assert_eq!(of(&recent, LATELY_MS), [3, 1, 2]);
        assert_eq!(of(&recent, LATELY_MS + 2), [3, 1]);
        assert!(recent.of(key, PortId(8), at(0)).is_empty());
        for sender in 0..40 {
            recent.wrote(key, port, (PartyId(sender), None), at(LATELY_MS));
        }
        assert_eq!(of(&recent, LATELY_MS).len(), SENDERS_MAX);
        recent.forget(key);
        assert!(of(&recent, LATELY_MS).is_empty());
    }
}
