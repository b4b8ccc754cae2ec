//! What a breach may cost: candidate provisions, ranges, concurrence, confiscation. Never a forecast.
//!
//! Sums come from the articles in `law/`, never from here. The engine lists what the texts allow and what
//! they leave open; filing, choice among conflicting texts, number of acts and amount stay with people.
//!
//! ```
//! use anning_law::Corpus;
//! use anning_penalty::{Breach, Gain, exposure};
//! use anning_vocab::{Date, Fen, Role};
//! let day = Date::parse("2023-06-01").unwrap();
//! let breach = Breach::new(&[Role::Advertiser], &["cn/adlaw/43"], day, day);
//! let exposure = exposure(Corpus::embedded(), &breach);
//! let chosen = exposure.chosen().unwrap();
//! assert_eq!(chosen.rule.article, "cn/adlaw/62");
//! assert_eq!(chosen.fine.unwrap().max, Fen::from_yuan(30_000));
//! ```

mod acts;
mod breach;
mod candidate;
mod confiscation;
mod exposure;
mod grade;
mod limitation;

pub use acts::{ActCount, acts};
pub use breach::{Breach, Gain};
pub use candidate::{Candidate, FineRange, Standing};
pub use confiscation::{Confiscated, confiscation};
pub use exposure::{Exposure, OpenQuestion, exposure};
pub use grade::{Grade, Position, Validity, brackets, position, validity};
pub use limitation::{LatePayment, barred, late_payment};
