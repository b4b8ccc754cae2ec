//! Section A: was it an act of the user?

use crate::finding::Finding;
use crate::scene::Scene;

pub(super) fn preticked_marketing(_scene: &Scene<'_>) -> Vec<Finding> {
    Vec::new()
}
pub(super) fn preticked_agreement(_scene: &Scene<'_>) -> Vec<Finding> {
    Vec::new()
}
pub(super) fn implied_agreement(_scene: &Scene<'_>) -> Vec<Finding> {
    Vec::new()
}
pub(super) fn implied_marketing(_scene: &Scene<'_>) -> Vec<Finding> {
    Vec::new()
}
pub(super) fn opt_out_only(_scene: &Scene<'_>) -> Vec<Finding> {
    Vec::new()
}
pub(super) fn fake_control(_scene: &Scene<'_>) -> Vec<Finding> {
    Vec::new()
}
pub(super) fn agree_all(_scene: &Scene<'_>) -> Vec<Finding> {
    Vec::new()
}
pub(super) fn self_ticking(_scene: &Scene<'_>) -> Vec<Finding> {
    Vec::new()
}
