//! Is a text message commercial? Content decides, clause by clause, and the clause is the reason.
//!
//! [`Judge::judge`] answers commercial, not commercial, mixed (a notice that carries an offer) or
//! borderline, names the clause and the cue that decided, and reports what the text shows by itself
//! ([`anning_vocab::TextFacts`]). It never asks who sent the message or what it was declared to be.
//!
//! ```
//! use anning_judge::{Judge, Scratch};
//! let mut scratch = Scratch::default();
//! let judgement = Judge::shipped().judge("【某商城】您的验证码是123456，请勿告诉他人", &mut scratch);
//! assert_eq!(judgement.text.code, anning_vocab::Known::Yes);
//! ```

mod clause;
mod cue;
mod error;
mod eval;
mod facts;
mod fold;
mod grams;
mod judge;
mod normal;
mod reading;
mod reply;
mod request;
mod signature;
mod spacing;
mod texts;
mod train;
mod weights;

pub use cue::Cue;
pub use error::Error;
pub use eval::{AT, Labelled, Report, Share, eval};
pub use judge::{Judge, Judgement, Scratch};
pub use reply::{Ground, Intent, Keyword, Scope, read_reply, read_reply_to, told_keyword};
pub use signature::{SIGNATURE_MAX, signature, signatures, states_terms};
pub use texts::{Naming, Numbering, Read, Shown, Texts};
pub use train::{Example, Trained, train};
