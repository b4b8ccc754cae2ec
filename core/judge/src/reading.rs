//! One text read through weights and cues: what each clause says, and the figures the verdict rests on.

use core::ops::Range;

use crate::clause;
use crate::cue::{Entry, Side, Table};
use crate::facts;
use crate::grams;
use crate::normal::Normal;
use crate::weights::{FIGURES, Weights};

/// A cue met in the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Met {
    /// Which cue.
    pub(crate) cue: &'static Entry,
    /// Token where it begins.
    pub(crate) at: usize,
}

/// What one clause says.
#[derive(Clone, Debug)]
pub(crate) struct Clause {
    /// Its tokens.
    pub(crate) tokens: Range<usize>,
    /// Log-odds that it is an offer, by the linear model.
    pub(crate) score: f32,
    /// Sum of the cues for an offer in it.
    pub(crate) offer: f32,
    /// Sum of the cues for a notice or private talk in it (negative).
    pub(crate) notice: f32,
}

/// A text read. Buffers are reused from text to text.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) normal: Normal,
    pub(crate) clauses: Vec<Clause>,
    pub(crate) met: Vec<Met>,
    pub(crate) facts: facts::Seen,
    ranges: Vec<Range<usize>>,
    /// Per token: summed weights of the sequences that begin there.
    sums: Vec<(i32, i32)>,
}

/// Cues in one clause from which on it states an offer: one plain word of it, such as 促销.
const OFFERED: f32 = 1.8;
/// Cues beyond this sum add nothing: ten times "discount" is not five times two.
const CUES_MAX: f32 = 6.0;

impl Reading {
    /// Reads a text with these weights; answers the figures for the combining model.
    pub(crate) fn read(&mut self, text: &str, weights: &Weights) -> [f32; FIGURES] {
        self.normal.read(text);
        self.scan(text, weights)
    }

    /// The same without the folded characters that stand at `apart`.
    pub(crate) fn read_without(&mut self, text: &str, apart: &[usize], weights: &Weights) -> [f32; FIGURES] {
        self.normal.read_without(text, apart);
        self.scan(text, weights)
    }

    fn scan(&mut self, text: &str, weights: &Weights) -> [f32; FIGURES] {
        clause::cut(&self.normal.tokens, &mut self.ranges);
        self.weigh(weights);
        self.meet_cues();
        self.facts = facts::scan(text, &self.normal, &self.met);
        let message = self.message_score(weights);
        self.judge_clauses(weights);
        self.figures(message)
    }

    /// Does one clause plainly state an offer that no notice in it outweighs?
    pub(crate) fn offers(&self) -> bool {
        self.clauses.iter().any(|c| c.offer + c.notice >= OFFERED)
    }

    /// Takes a code for none that is only tacked on to an offer: nothing beside it says what it verifies. Was there one?
    pub(crate) fn drop_bare_code(&mut self) -> bool {
        let bare = self.facts.code && !self.facts.verifies && !self.facts.latin && self.offers();
        self.facts.code &= !bare;
        bare
    }

    /// Sums the weights of all sequences, token by token.
    fn weigh(&mut self, weights: &Weights) {
        self.sums.clear();
        let tokens = self.normal.tokens.as_slice();
        for at in 0..tokens.len() {
            let (mut message, mut clause) = (0_i32, 0_i32);
            grams::from_first(tokens.get(at..).unwrap_or_default(), |hash| {
                let Some(slot) = weights.find(hash) else { return false };
                message += i32::from(slot.message);
                clause += i32::from(slot.clause);
                true
            });
            self.sums.push((message, clause));
        }
    }

    fn meet_cues(&mut self) {
        self.met.clear();
        let (normal, met) = (&self.normal, &mut self.met);
        let mut at = 0;
        Table::shared().find(&normal.plain, |cue, begin, _| {
            while normal.tokens.get(at + 1).is_some_and(|t| t.plain as usize <= begin) {
                at += 1;
            }
            met.push(Met { cue, at });
        });
    }

    fn message_score(&self, weights: &Weights) -> f32 {
        let sum: i32 = self.sums.iter().map(|s| s.0).sum();
        linear(sum, self.sums.len(), weights.scale[0], weights.bias[0])
    }

    fn judge_clauses(&mut self, weights: &Weights) {
        self.clauses.clear();
        let mut met = self.met.iter().peekable();
        for tokens in &self.ranges {
            let sum: i32 = self.sums.get(tokens.clone()).unwrap_or_default().iter().map(|s| s.1).sum();
            let score = linear(sum, tokens.len(), weights.scale[1], weights.bias[1]);
            let (mut offer, mut notice) = (0.0, 0.0);
            while let Some(m) = met.next_if(|m| m.at < tokens.end) {
                match m.cue.side {
                    Side::Offer => offer += m.cue.weight,
                    Side::Notice | Side::Private => notice += m.cue.weight,
                    Side::Refusal | Side::Code | Side::Contact | Side::Name | Side::Nothing => {}
                }
            }
            self.clauses.push(Clause { tokens: tokens.clone(), score, offer, notice });
        }
    }

    /// The figures of the combining model; the first is constant and carries its bias.
    fn figures(&self, message: f32) -> [f32; FIGURES] {
        let (mut best, mut second, mut worst) = (-8.0_f32, -8.0_f32, 8.0_f32);
        let (mut offer, mut notice, mut private) = (0.0_f32, 0.0_f32, 0.0_f32);
        let mut best_cues = -8.0_f32;
        for c in &self.clauses {
            let score = c.score.clamp(-8.0, 8.0);
            if score > best {
                second = best;
                best = score;
            } else if score > second {
                second = score;
            }
            worst = worst.min(score);
            best_cues = best_cues.max(score + c.offer.min(CUES_MAX) + 0.5 * c.notice);
        }
        for m in &self.met {
            match m.cue.side {
                Side::Offer => offer += m.cue.weight,
                Side::Notice => notice += m.cue.weight,
                Side::Private => private += m.cue.weight,
                Side::Refusal | Side::Code | Side::Contact | Side::Name | Side::Nothing => {}
            }
        }
        let flag = |yes: bool| f32::from(u8::from(yes));
        let seen = &self.facts;
        [
            1.0,
            message.clamp(-8.0, 8.0),
            best,
            if self.clauses.len() > 1 { second } else { best.min(0.0) },
            worst,
            offer.min(CUES_MAX * 2.0),
            notice.max(-CUES_MAX),
            private.max(-CUES_MAX),
            best_cues,
            flag(seen.code),
            flag(seen.latin),
        ]
    }
}

/// A linear score: the sum over the root of the length, so that long texts do not shout.
fn linear(sum: i32, length: usize, scale: f32, bias: f32) -> f32 {
    sum as f32 * scale / damp(length) + bias
}

/// What sums over this many tokens are divided by.
pub(crate) fn damp(length: usize) -> f32 {
    (length as f32 + 3.0).sqrt()
}
