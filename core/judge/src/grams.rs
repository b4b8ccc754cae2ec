//! Sequences of one to four tokens, by hash; none crosses the end of a clause.

use crate::normal::Token;

/// Longest sequence.
pub(crate) const LONGEST: usize = 4;
const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

/// The hash of a sequence from the hash of all but its last token.
pub(crate) const fn extend(hash: u64, id: u32) -> u64 {
    let mixed = (hash ^ id as u64).wrapping_mul(0xff51_afd7_ed55_8ccd);
    mixed ^ (mixed >> 29)
}

/// Visits the sequences that begin at the first of `tokens`, shortest first, until `visit` answers false.
/// All prefixes of a sequence are visited before it, so a table that holds a sequence holds its prefixes.
pub(crate) fn from_first(tokens: &[Token], mut visit: impl FnMut(u64) -> bool) {
    let mut hash = SEED;
    for (length, token) in tokens.iter().take(LONGEST).enumerate() {
        if length > 0 && token.is_break() {
            return;
        }
        hash = extend(hash, token.id);
        if !visit(hash) || token.is_break() {
            return;
        }
    }
}
