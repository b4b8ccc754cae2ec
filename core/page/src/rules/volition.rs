//! Section B: was it voluntary, and for this purpose alone?

use crate::finding::Finding;
use crate::scene::Scene;

pub(super) fn marketing_bundled(_scene: &Scene<'_>) -> Vec<Finding> {
    Vec::new()
}
pub(super) fn third_party_bundled(_scene: &Scene<'_>) -> Vec<Finding> {
    Vec::new()
}
pub(super) fn marketing_forced(_scene: &Scene<'_>) -> Vec<Finding> {
    Vec::new()
}
pub(super) fn sensitive_bundled(_scene: &Scene<'_>) -> Vec<Finding> {
    Vec::new()
}
pub(super) fn channel_unclear(_scene: &Scene<'_>) -> Vec<Finding> {
    Vec::new()
}
pub(super) fn stacked_documents(_scene: &Scene<'_>) -> Vec<Finding> {
    Vec::new()
}
