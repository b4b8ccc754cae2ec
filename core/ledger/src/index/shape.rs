//! An act as a packed word: what many acts share is kept once, as a shape.

use std::collections::HashMap;

use anning_vocab::{Act, ActKind, Origin, TermsId, Timestamp};

use super::lines::{Packed, millis, tag, word};

/// What many acts share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    pub terms: TermsId,
    pub origin: Origin,
    pub times: Times,
}

/// How arrival and record relate to the act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Times {
    /// All three are one.
    AtOnce,
    /// It arrived when it was done; an import recorded it then.
    Recorded(Timestamp),
    /// It arrived with the import that recorded it.
    Arrived(Timestamp),
    /// A second word says how many milliseconds later it arrived, and was recorded after that.
    Later,
}

/// All shapes, by number.
#[derive(Clone, Debug, Default)]
pub(super) struct Shapes {
    all: Vec<Shape>,
    numbers: HashMap<Shape, u32>,
}

impl Shapes {
    /// An act as it is kept.
    pub fn pack(&mut self, act: &Act) -> Packed {
        self.plain(act).or_else(|| self.lagged(act)).unwrap_or_else(|| wide(act))
    }

    /// The act that was kept.
    #[inline]
    pub fn unpack(&self, packed: Packed) -> Option<Act> {
        match packed {
            Packed::Plain(word) | Packed::Lagged([word, _]) => {
                let (kind, shape) = self.tagged(word)?;
                let occurred = Timestamp::from_millis(millis(word));
                let (received, recorded) = match (shape.times, packed) {
                    (Times::AtOnce, Packed::Plain(_)) => (occurred, occurred),
                    (Times::Recorded(at), Packed::Plain(_)) => (occurred, at),
                    (Times::Arrived(at), Packed::Plain(_)) => (at, at),
                    (Times::Later, Packed::Lagged([_, lags])) => {
                        let received = occurred.plus_millis((lags >> 32) as i64);
                        (received, received.plus_millis((lags & u64::from(u32::MAX)) as i64))
                    }
                    (Times::Later, _) | (_, Packed::Lagged(_) | Packed::Wide(_)) => return None,
                };
                let Shape { terms, origin, .. } = *shape;
                Some(Act { kind, origin, occurred, received, recorded, terms })
            }
            Packed::Wide([occurred, received, recorded, rest]) => {
                let at = |word: u64| Timestamp::from_millis(word.cast_signed());
                Some(Act {
                    kind: *ActKind::ALL.get((rest >> 40) as usize)?,
                    origin: *Origin::ALL.get((rest >> 32 & 0xff) as usize)?,
                    occurred: at(occurred),
                    received: at(received),
                    recorded: at(recorded),
                    terms: TermsId(rest as u32),
                })
            }
        }
    }

    pub fn all(&self) -> &[Shape] {
        &self.all
    }

    /// From a snapshot; none if a shape stands there twice or there are too many.
    pub fn of(all: Vec<Shape>) -> Option<Self> {
        let numbers: HashMap<Shape, u32> = all.iter().copied().zip(0..).collect();
        (numbers.len() == all.len() && all.len() <= MAX).then_some(Self { all, numbers })
    }

    pub fn bytes(&self) -> usize {
        let entry = size_of::<(Shape, u32)>() + 1;
        self.all.capacity() * size_of::<Shape>() + self.numbers.capacity() * entry * 8 / 7
    }

    fn plain(&mut self, act: &Act) -> Option<Packed> {
        let times = if act.received == act.occurred && act.recorded == act.occurred {
            Times::AtOnce
        } else if act.origin != Origin::Imported || self.all.len() >= IMPORTS_MAX {
            // What is captured one by one has times of its own: each would be a shape.
            return None;
        } else if act.received == act.occurred {
            Times::Recorded(act.recorded)
        } else if act.received == act.recorded {
            Times::Arrived(act.recorded)
        } else {
            return None;
        };
        self.word(act, times).map(Packed::Plain)
    }

    fn lagged(&mut self, act: &Act) -> Option<Packed> {
        let lag =
            |from: Timestamp, to: Timestamp| u32::try_from(to.millis().checked_sub(from.millis())?).ok();
        let (arrived, recorded) = (lag(act.occurred, act.received)?, lag(act.received, act.recorded)?);
        let word = self.word(act, Times::Later)?;
        Some(Packed::Lagged([word, u64::from(arrived) << 32 | u64::from(recorded)]))
    }

    fn word(&mut self, act: &Act, times: Times) -> Option<u64> {
        // Asked first: an act of another century takes no shape.
        word(act.occurred.millis(), 0)?;
        let shape = self.number(Shape { terms: act.terms, origin: act.origin, times })?;
        word(act.occurred.millis(), (shape + 1) << KIND_BITS | act.kind as u32)
    }

    fn number(&mut self, shape: Shape) -> Option<u32> {
        if let Some(number) = self.numbers.get(&shape) {
            return Some(*number);
        }
        let number = u32::try_from(self.all.len()).ok().filter(|n| (*n as usize) < MAX)?;
        self.all.push(shape);
        self.numbers.insert(shape, number);
        Some(number)
    }

    #[inline]
    fn tagged(&self, word: u64) -> Option<(ActKind, &Shape)> {
        let kind = ActKind::ALL.get((tag(word) & ((1 << KIND_BITS) - 1)) as usize)?;
        let number = (tag(word) >> KIND_BITS).checked_sub(1)?;
        Some((*kind, self.all.get(number as usize)?))
    }
}

fn wide(act: &Act) -> Packed {
    let rest = u64::from(act.terms.0) | (act.origin as u64) << 32 | (act.kind as u64) << 40;
    let at = |time: Timestamp| time.millis().cast_unsigned();
    Packed::Wide([at(act.occurred), at(act.received), at(act.recorded), rest])
}

const KIND_BITS: u32 = 3;
const _: () = assert!(ActKind::ALL.len() <= 1 << KIND_BITS);
/// Shapes at most; what finds none is kept wide.
pub(super) const MAX: usize = (1 << 20) - 1;
/// Instants of import make new shapes only up to here, so that terms still find theirs.
const IMPORTS_MAX: usize = MAX / 2;
const _: () = assert!(((MAX as u32) << KIND_BITS) >> super::lines::TAG_BITS == 0);
