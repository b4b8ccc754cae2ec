//! SMPP against captured frames, against itself and against another implementation.
#![cfg(test)]
#![expect(clippy::wildcard_enum_match_arm, reason = "a test fails on whatever it does not name")]

mod dialect;
mod differential;
mod random;
mod vectors;

/// Id, facts, bytes.
pub(crate) fn lines() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let lines = include_str!("../vectors.txt").lines().filter(|line| !line.starts_with('#'));
    let read = |line: &'static str| {
        // A text among the facts may hold the divider; the id comes first and the bytes come last.
        let (id, rest) = line.split_once(" | ").unwrap();
        let (facts, _) = rest.split_once(" | ").unwrap();
        (id, facts, hex(rest.rsplit_once(" | ").unwrap().1))
    };
    lines.map(read).collect()
}

pub(crate) fn frame(id: &str) -> Vec<u8> {
    lines().into_iter().find(|(known, ..)| *known == id).unwrap().2
}

pub(crate) fn hex(text: &str) -> Vec<u8> {
    base16ct::lower::decode_vec(text).unwrap()
}
