//! The thirty rules, by the question each section asks.

mod deed;
mod dialog;
mod document;
mod effect;
mod identity;
mod notice;
mod party;
mod refusal;
mod sensitive;
mod sight;
mod unknown;
mod volition;
mod wording;

pub(crate) use document::is_closed;

use crate::finding::{Finding, Rule};
use crate::scene::Scene;

/// What a rule says of a record; nothing when it has nothing to apply to.
pub(crate) fn answer(rule: Rule, scene: &Scene<'_>) -> Vec<Finding> {
    match rule {
        Rule::Rp01 => deed::preticked_marketing(scene),
        Rule::Rp02 => deed::preticked_agreement(scene),
        Rule::Rp03 => deed::implied_agreement(scene),
        Rule::Rp04 => deed::implied_marketing(scene),
        Rule::Rp05 => deed::opt_out_only(scene),
        Rule::Rp06 => deed::fake_control(scene),
        Rule::Rp07 => effect::agree_all(scene),
        Rule::Rp08 => effect::self_ticking(scene),
        Rule::Rp09 => volition::marketing_bundled(scene),
        Rule::Rp10 => volition::third_party_bundled(scene),
        Rule::Rp11 => volition::marketing_forced(scene),
        Rule::Rp12 => sensitive::sensitive_bundled(scene),
        Rule::Rp13 => volition::channel_unclear(scene),
        Rule::Rp14 => volition::stacked_documents(scene),
        Rule::Rp15 => document::buried_clause(scene),
        Rule::Rp16 => sight::small_text(scene),
        Rule::Rp17 => sight::low_contrast(scene),
        Rule::Rp18 => sight::out_of_view(scene),
        Rule::Rp19 => sight::hidden_and_sent(scene),
        Rule::Rp20 => document::dead_document(scene),
        Rule::Rp21 => wording::twisted_wording(scene),
        Rule::Rp22 => notice::marketing_notice(scene),
        Rule::Rp23 => identity::handler(scene),
        Rule::Rp24 => identity::recipient(scene),
        Rule::Rp25 => notice::withdrawal(scene),
        Rule::Rp26 => notice::irrevocable(scene),
        Rule::Rp27 => refusal::no_refusal(scene),
        Rule::Rp28 => refusal::unequal_prominence(scene),
        Rule::Rp29 => refusal::costlier_refusal(scene),
        Rule::Rp30 => refusal::nagging(scene),
    }
}
