//! What the law said on a day, and the rules bound to it.
//!
//! Never judges a message by itself: a [`Rule`] answers for one provision, `decide` asks them all. Never
//! falls back to a repealed text: an instrument whose text is not loaded says so.

mod binding;
mod cn;
mod in_force;
mod rule;

pub use in_force::{Binding, InForce, Law, LawInForce};
pub use rule::{Case, ProvisionId, Rule, Subject, rules};
