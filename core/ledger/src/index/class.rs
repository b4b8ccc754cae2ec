//! An earlier send as a packed word: who, how and what is kept once, as a class.

use std::collections::HashMap;

use anning_vocab::{Channel, ContentKind, PartyId, Prior, Timestamp};

use super::lines::{OWN, Packed, millis, tag, word};

/// All classes, by number: sends without their time.
#[derive(Clone, Debug, Default)]
pub(super) struct Classes {
    all: Vec<Prior>,
    numbers: HashMap<Prior, u32>,
}

impl Classes {
    /// A send as it is kept.
    pub fn pack(&mut self, prior: &Prior) -> Packed {
        self.plain(prior).map_or_else(|| Packed::Wide(wide(prior)), Packed::Plain)
    }

    /// The send that was kept.
    pub fn unpack(&self, packed: Packed) -> Option<Prior> {
        match packed {
            Packed::Plain(word) => {
                let class = self.all.get(tag(word).checked_sub(OWN)? as usize)?;
                Some(Prior { sent_at: Timestamp::from_millis(millis(word)), ..*class })
            }
            Packed::Lagged(_) => None,
            Packed::Wide(words) => narrow(words),
        }
    }

    pub fn all(&self) -> impl Iterator<Item = [u64; 4]> {
        self.all.iter().map(wide)
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// From a snapshot; none if one is no class, stands there twice or there are too many.
    pub fn of(all: impl Iterator<Item = [u64; 4]>) -> Option<Self> {
        let all: Vec<Prior> = all.map(narrow).collect::<Option<_>>()?;
        let numbers: HashMap<Prior, u32> = all.iter().copied().zip(0..).collect();
        let timeless = all.iter().all(|class| class.sent_at == Timestamp::default());
        (timeless && numbers.len() == all.len() && all.len() <= MAX).then_some(Self { all, numbers })
    }

    pub fn bytes(&self) -> usize {
        let entry = size_of::<(Prior, u32)>() + 1;
        self.all.capacity() * size_of::<Prior>() + self.numbers.capacity() * entry * 8 / 7
    }

    fn plain(&mut self, prior: &Prior) -> Option<u64> {
        word(prior.sent_at.millis(), 0)?;
        let class = Prior { sent_at: Timestamp::default(), ..*prior };
        let number = match self.numbers.get(&class) {
            Some(number) => *number,
            None => {
                let number = u32::try_from(self.all.len()).ok().filter(|n| (*n as usize) < MAX)?;
                self.all.push(class);
                self.numbers.insert(class, number);
                number
            }
        };
        word(prior.sent_at.millis(), number + OWN)
    }
}

/// All of a send in four words.
fn wide(prior: &Prior) -> [u64; 4] {
    let party = prior.sender.map_or(0, |party| 1 << 32 | u64::from(party.0));
    let wording = prior.wording.map_or(0, |wording| 1 << 32 | u64::from(wording));
    let kind = prior.kind.map_or(0, |kind| 1 + kind as u64);
    let rest =
        prior.channel as u64 | kind << 8 | u64::from(prior.commercial) << 16 | u64::from(prior.request) << 17;
    [prior.sent_at.millis().cast_unsigned(), party, wording, rest]
}

fn narrow([at, party, wording, rest]: [u64; 4]) -> Option<Prior> {
    let some = |word: u64| match word >> 32 {
        0 => (word == 0).then_some(None),
        1 => Some(Some(word as u32)),
        _ => None,
    };
    let kind = match (rest >> 8 & 0xff) as usize {
        0 => None,
        kind => Some(*ContentKind::ALL.get(kind - 1)?),
    };
    (rest >> 18 == 0).then_some(Prior {
        sent_at: Timestamp::from_millis(at.cast_signed()),
        sender: some(party)?.map(PartyId),
        channel: *Channel::ALL.get((rest & 0xff) as usize)?,
        kind,
        commercial: rest >> 16 & 1 == 1,
        request: rest >> 17 & 1 == 1,
        wording: some(wording)?,
    })
}

/// Classes at most; what finds none is kept wide.
pub(super) const MAX: usize = 1 << 20;
