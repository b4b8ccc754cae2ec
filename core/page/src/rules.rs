//! The thirty rules, by the question each section asks.

mod deed;
mod volition;

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
        Rule::Rp07 => deed::agree_all(scene),
        Rule::Rp08 => deed::self_ticking(scene),
        Rule::Rp09 => volition::marketing_bundled(scene),
        Rule::Rp10 => volition::third_party_bundled(scene),
        Rule::Rp11 => volition::marketing_forced(scene),
        Rule::Rp12 => volition::sensitive_bundled(scene),
        Rule::Rp13 => volition::channel_unclear(scene),
        Rule::Rp14 => volition::stacked_documents(scene),
        Rule::Rp15
        | Rule::Rp16
        | Rule::Rp17
        | Rule::Rp18
        | Rule::Rp19
        | Rule::Rp20
        | Rule::Rp21
        | Rule::Rp22
        | Rule::Rp23
        | Rule::Rp24
        | Rule::Rp25
        | Rule::Rp26
        | Rule::Rp27
        | Rule::Rp28
        | Rule::Rp29
        | Rule::Rp30 => Vec::new(),
    }
}
