//! 全国人大常委会关于加强网络信息保护的决定 (2012).

use anning_vocab::Finding;

use super::ground::{Accepts, protects_anyone, to_send};
use crate::rule::Case;

/// 七: no commercial electronic information without consent or request, or after refusal.
pub fn consent(case: &Case<'_>) -> Finding {
    protects_anyone(case, || to_send(case, Accepts::ConsentOrRequest))
}
