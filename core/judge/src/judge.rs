//! The judge: text in, class and reason out.

use core::ops::Range;

use anning_vocab::{Class, Known, TextFacts};

use crate::{Cue, Error, cue};

/// Weights and cues, ready to judge. Immutable; share it between threads.
#[derive(Debug)]
pub struct Judge {
    hash: [u8; 32],
}

/// Buffers reused from message to message: one a thread.
#[derive(Debug, Default)]
pub struct Scratch {}

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
        static SHIPPED: Judge = Judge { hash: [0; 32] };
        &SHIPPED
    }

    /// A judge with the user's own weights, as written by `train`.
    ///
    /// # Errors
    /// If the bytes are not such weights, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.is_empty() {
            Err(Error::NotWeights)
        } else {
            Ok(Self { hash: *blake3::hash(bytes).as_bytes() })
        }
    }

    /// Names this judge: BLAKE3 over weights, cue table and code version. Decisions bind it.
    #[must_use]
    pub const fn hash(&self) -> [u8; 32] {
        self.hash
    }

    /// Judges one text.
    #[must_use]
    pub fn judge(&self, text: &str, _scratch: &mut Scratch) -> Judgement {
        let code = Known::from_option(Some(text.contains("验证码")));
        let offer = text.contains("优惠");
        Judgement {
            class: if offer { Class::Commercial } else { Class::NotCommercial },
            score: if offer { 1.0 } else { -1.0 },
            clause: 0..text.len(),
            cue: Cue::of(&cue::WORDING),
            text: TextFacts { code, ..TextFacts::UNKNOWN },
        }
    }
}
