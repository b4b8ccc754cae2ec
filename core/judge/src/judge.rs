//! The judge: text in, class and reason out.

use core::ops::Range;
use std::sync::OnceLock;

use anning_vocab::{Class, TextFacts};

use crate::Error;
use crate::cue::{self, Cue, Side};
use crate::fold;
use crate::reading::{Clause, Reading};
use crate::weights::{FIGURES, Weights};

/// The weights we ship.
const SHIPPED: &[u8] = include_bytes!("../model/weights.bin");
/// Changed whenever this code could answer otherwise with the same weights and tables.
const CODE_VERSION: u32 = 2;
/// Cues in one clause from which on it states an offer: one plain word of it, such as 促销.
const OFFERED: f32 = 1.8;

/// Weights and cues, ready to judge. Immutable; share it between threads.
#[derive(Debug)]
pub struct Judge {
    weights: Weights,
    hash: [u8; 32],
}

/// Buffers reused from message to message: one a thread.
#[derive(Debug, Default)]
pub struct Scratch {
    reading: Reading,
}

/// What a text is, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// What it is.
    pub class: Class,
    /// Log-odds that it is commercial.
    pub score: f32,
    /// The clause that decided: byte range in the text as given, on character boundaries.
    pub clause: Range<usize>,
    /// The cue that decided within that clause.
    pub cue: Cue,
    /// What the text itself shows.
    pub text: TextFacts,
}

impl Judge {
    /// The judge with the weights we ship, trained only on rows we wrote.
    #[must_use]
    pub fn shipped() -> &'static Self {
        static SHIPPED_JUDGE: OnceLock<Judge> = OnceLock::new();
        // Damaged weights inside the program would be a bug of the build, and a test reads them; should it
        // happen all the same, the cues alone judge.
        SHIPPED_JUDGE.get_or_init(|| {
            Self::from_bytes(SHIPPED).unwrap_or_else(|_| Self::of(Weights::with_room(1), SHIPPED))
        })
    }

    /// A judge with the user's own weights, as written by [`crate::train`].
    ///
    /// # Errors
    /// If the bytes are not such weights, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        Ok(Self::of(Weights::from_bytes(bytes)?, bytes))
    }

    fn of(weights: Weights, bytes: &[u8]) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in [bytes, cue::TEXT.as_bytes(), fold::VARIANTS.as_bytes(), &CODE_VERSION.to_le_bytes()] {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
        Self { weights, hash: *hasher.finalize().as_bytes() }
    }

    /// Names this judge: BLAKE3 over weights, cue table, table of variants and code version. Decisions bind it.
    #[must_use]
    pub const fn hash(&self) -> [u8; 32] {
        self.hash
    }

    /// Judges one text.
    #[must_use]
    pub fn judge(&self, text: &str, scratch: &mut Scratch) -> Judgement {
        let reading = &mut scratch.reading;
        let figures = reading.read(text, &self.weights);
        let mut score = combine(&self.weights.combine, &figures);
        if offers_and_tells_refusal(reading) {
            score = score.max(self.weights.margin);
        }
        let class = self.class(score, reading);
        let (clause, cue) = reason(class, reading, text.len());
        Judgement { class, score, clause, cue, text: reading.facts.facts() }
    }

    fn class(&self, score: f32, reading: &Reading) -> Class {
        if score.abs() < self.weights.margin {
            return Class::Borderline;
        }
        if score < 0.0 {
            return Class::NotCommercial;
        }
        // An offer beside what is a notice by itself: the notice is no amnesty, and is told.
        let is_notice =
            |c: &Clause| c.score < self.weights.notice && c.notice < 0.0 && c.offer + c.notice < 0.0;
        if reading.facts.code || reading.clauses.iter().any(is_notice) {
            Class::Mixed
        } else {
            Class::Commercial
        }
    }
}

/// A Chinese text that tells how to refuse further ones and in one clause plainly states an offer that no notice in that
/// clause outweighs. Short ones give the linear model too little to go by. The way to refuse alone decides nothing,
/// notices tell it too; so does an offer alone, it is left to the weights.
fn offers_and_tells_refusal(reading: &Reading) -> bool {
    let seen = reading.facts;
    seen.refusal && !seen.latin && reading.clauses.iter().any(|c| c.offer + c.notice >= OFFERED)
}

/// The score of the combining model.
pub(crate) fn combine(weights: &[f32; FIGURES], figures: &[f32; FIGURES]) -> f32 {
    weights.iter().zip(figures).map(|(w, f)| w * f).sum()
}

/// The clause that decided and its strongest cue on the side of the verdict.
fn reason(class: Class, reading: &Reading, length: usize) -> (Range<usize>, Cue) {
    let toward = match class {
        Class::Commercial | Class::Mixed | Class::Borderline => 1.0_f32,
        Class::NotCommercial => -1.0,
    };
    let strength = |c: &Clause| toward * (c.score + c.offer.min(4.0) + c.notice.max(-4.0));
    let best = reading.clauses.iter().max_by(|a, b| strength(a).total_cmp(&strength(b)));
    let Some(best) = best else { return (0..length, Cue::WORDING) };
    let inside = reading.met.iter().filter(|m| best.tokens.contains(&m.at));
    let cue = inside
        .filter(|m| match m.cue.side {
            Side::Offer | Side::Notice | Side::Private => m.cue.weight * toward > 0.0,
            // A code named is why a text is none of these provisions' business, unless it carries an offer.
            Side::Code => class == Class::NotCommercial,
            Side::Refusal | Side::Contact | Side::Name | Side::Nothing => false,
        })
        .max_by(|a, b| a.cue.weight.abs().total_cmp(&b.cue.weight.abs()))
        .map_or(Cue::WORDING, |m| Cue::of(m.cue));
    let tokens = reading.normal.tokens.get(best.tokens.clone()).unwrap_or_default();
    let bounds = tokens.first().zip(tokens.last()).map(|(a, z)| a.start as usize..z.end as usize);
    (bounds.unwrap_or(0..length), cue)
}

#[cfg(test)]
mod tests {
    use anning_vocab::{Class, Known};

    use super::{Judge, Scratch};

    fn class(text: &str) -> Class {
        Judge::shipped().judge(text, &mut Scratch::default()).class
    }

    /// Short, spaced, an offer and a way to refuse.
    #[test]
    fn an_offer_that_tells_how_to_refuse_is_commercial() {
        for text in [
            "【云栖百货】双11五折 拒收请回复R",
            "【云栖百货】双11全场五折，拒收请回复R",
            "【云栖百货】 五 折 拒收请回复R",
            "【某超市】满100减20 回T退订",
            "【某店】优惠券待领 退订回T",
        ] {
            assert_eq!(class(text), Class::Commercial, "{text}");
            assert_ne!(Judge::shipped().judge(text, &mut Scratch::default()).cue.id(), "wording", "{text}");
        }
    }

    /// Neither a code nor a notice becomes commercial by the way to refuse.
    #[test]
    fn a_way_to_refuse_alone_decides_nothing() {
        for text in [
            "【某商城】您的验证码是123456，请勿告诉他人 退订回T",
            "【某商城】验证码 482913，5分钟内有效，拒收请回复R",
            "【某快递】您的包裹已到丰巢，请凭取件码取件 退订回T",
            "【某银行】押金100元已返还至您的账户 退订回T",
        ] {
            assert_eq!(class(text), Class::NotCommercial, "{text}");
        }
        let offer = "【某商城】验证码123456，5分钟内有效。双11全场五折，退订回T";
        let judged = Judge::shipped().judge(offer, &mut Scratch::default());
        assert_eq!((judged.class, judged.text.code), (Class::Mixed, Known::Yes), "{offer}");
    }

    /// A telephone that folds is no discount.
    #[test]
    fn folds_are_no_discounts() {
        assert_eq!(Judge::shipped().judge("三折叠手机", &mut Scratch::default()).cue.id(), "wording");
    }
}
