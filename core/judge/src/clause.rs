//! Clauses: stretches of tokens between marks; long ones without marks are cut into windows.

use core::ops::Range;

use crate::normal::Token;

/// A clause is not left shorter than this many tokens if it has a neighbour to join.
const SHORT: usize = 6;
/// A stretch without marks is cut after this many tokens.
const WINDOW: usize = 22;

/// Cuts tokens into clauses, appended to `clauses` as token ranges that cover all tokens.
pub(crate) fn cut(tokens: &[Token], clauses: &mut Vec<Range<usize>>) {
    clauses.clear();
    let mut start = 0;
    for (at, token) in tokens.iter().enumerate() {
        let length = at + 1 - start;
        if (token.is_break() && length > SHORT) || length >= WINDOW {
            clauses.push(start..at + 1);
            start = at + 1;
        }
    }
    if start >= tokens.len() {
        return;
    }
    match clauses.last_mut() {
        // A short rest belongs to what it follows.
        Some(last) if tokens.len() - start < SHORT => last.end = tokens.len(),
        _ => clauses.push(start..tokens.len()),
    }
}
