//! 网络安全法 and MIIT Order 24: consent to use personal information, before and beside PIPL.

use anning_vocab::Finding;

use super::ground::{protects_persons, standing};
use crate::rule::Case;

/// 网络安全法 41 (43 from 2026-01-01): use of personal information with the person's consent.
pub fn consent(case: &Case<'_>) -> Finding {
    protects_persons(case, || standing(case, &case.facts.process))
}

/// Order 24 art 9: no use without consent, none for a purpose outside the service.
pub fn order_24(case: &Case<'_>) -> Finding {
    protects_persons(case, || standing(case, &case.facts.process))
}
