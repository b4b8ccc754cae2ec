//! Secrets are compared without telling how much of them was right.

/// Are they the same bytes? Takes as long for a wrong answer as for the right one, whatever part of it is wrong; how
/// long `offered` is may be told from the time, and whoever offered it knows that.
#[must_use]
pub fn same_secret(offered: &[u8], expected: &[u8]) -> bool {
    let mut differs = u8::from(offered.len() != expected.len());
    // Past its end the expected secret is read as zeros: the length alone has already decided.
    let padded = expected.iter().chain(core::iter::repeat(&0));
    for (a, b) in offered.iter().zip(padded) {
        differs |= core::hint::black_box(a ^ b);
    }
    core::hint::black_box(differs) == 0
}

#[cfg(test)]
mod tests {
    use super::same_secret;

    #[test]
    fn only_the_same_bytes_are_the_same() {
        for (offered, expected, same) in [
            ("", "", true),
            ("888888", "888888", true),
            ("888889", "888888", false),
            ("88888", "888888", false),
            ("8888888", "888888", false),
            ("888888\0", "888888", false),
            ("", "888888", false),
            ("888888", "", false),
        ] {
            assert_eq!(
                same_secret(offered.as_bytes(), expected.as_bytes()),
                same,
                "{offered:?} {expected:?}"
            );
        }
    }
}
