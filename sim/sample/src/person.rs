//! Addresses: one per person, none of them anybody's.

use crate::random::mix;

/// How a person is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reached {
    Phone,
    Foreign,
    Email,
    Account,
}

/// Writes the address of a person into `out`.
///
/// Telephone numbers have eleven digits and begin with 12, a range that no mobile number begins with;
/// foreign ones use the exchange code 555 with lines 0100 to 0199, kept free for fiction; e-mail goes to
/// example.com.
pub(crate) fn address(reached: Reached, seed: u64, person: u64, out: &mut String) {
    use core::fmt::Write;
    out.clear();
    let scrambled = (person.wrapping_mul(STRIDE) + mix(seed) % NUMBERS) % NUMBERS;
    // Writing to a String cannot fail.
    let _ = match reached {
        Reached::Phone => write!(out, "12{scrambled:09}"),
        Reached::Foreign => {
            write!(out, "+1{:03}55501{:02}", 200 + person / 100 % 800, person % 100)
        }
        Reached::Email => write!(out, "u{scrambled:09}@example.com"),
        Reached::Account => write!(out, "im:u{scrambled:09}"),
    };
}

const NUMBERS: u64 = 1_000_000_000;
/// 3^18, prime to a power of ten, so that no two persons share a number.
const STRIDE: u64 = 387_420_489;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use anning_vocab::{Recipient, RecipientKind};

    use super::{Reached, address};

    fn of(reached: Reached, person: u64) -> String {
        let mut out = String::new();
        address(reached, 11, person, &mut out);
        out
    }

    #[test]
    fn no_two_persons_share_an_address() {
        let numbers: HashSet<_> = (0..100_000).map(|person| of(Reached::Phone, person)).collect();
        assert_eq!(numbers.len(), 100_000);
        let foreign: HashSet<_> = (0..80_000).map(|person| of(Reached::Foreign, person)).collect();
        assert_eq!(foreign.len(), 80_000);
    }

    #[test]
    fn addresses_parse_as_what_they_are() {
        let check = |reached, kind| {
            for person in [0, 1, 999, 77_777_777] {
                let text = of(reached, person);
                assert_eq!(Recipient::parse(&text).unwrap().kind(), kind, "{text}");
            }
        };
        check(Reached::Phone, RecipientKind::Person);
        check(Reached::Foreign, RecipientKind::Foreign);
        check(Reached::Email, RecipientKind::Person);
        check(Reached::Account, RecipientKind::Person);
    }
}
