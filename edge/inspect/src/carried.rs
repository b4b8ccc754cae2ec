//! Whether a text carries what was typed, in any of the clothes a page may put on it.

use base64ct::{Base64Unpadded, Base64UrlUnpadded, Encoding};

use crate::folder::decode;
use crate::stored::sha256;

/// Is one of the values in the text: as it is, decoded, with separators, backwards, in other digits, or hashed?
pub(crate) fn carries(text: &str, values: &[String]) -> bool {
    let text: String = text.chars().take(TEXT_MAX).collect();
    let forms: Vec<String> = values.iter().flat_map(|value| forms(value)).collect();
    within(&text, &forms, 0)
}

fn within(text: &str, forms: &[String], depth: usize) -> bool {
    let squeezed = squeeze(text);
    let backwards: String = squeezed.chars().rev().collect();
    let digits: String = squeezed.chars().filter(char::is_ascii_digit).collect();
    let found = |form: &String| {
        squeezed.contains(form.as_str())
            || backwards.contains(form.as_str())
            || (form.len() >= DIGITS_MIN
                && form.bytes().all(|byte| byte.is_ascii_digit())
                && digits.contains(form.as_str()))
    };
    if forms.iter().any(found) {
        return true;
    }
    if depth >= DEPTH_MAX {
        return false;
    }
    let plain = decode(text);
    (plain != text && within(&plain, forms, depth + 1))
        || unwrapped(text).iter().any(|inner| within(inner, forms, depth + 1))
}

/// What stands in a text in base64 or hexadecimal.
fn unwrapped(text: &str) -> Vec<String> {
    let coded = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_');
    let mut all = Vec::new();
    for run in text.split(|c| !coded(c)).filter(|run| run.len() >= RUN_MIN).take(RUNS_MAX) {
        // A path has slashes too: the whole run is tried, then its parts.
        for part in std::iter::once(run).chain(run.split('/').filter(|part| part.len() >= RUN_MIN)) {
            for from in 0..4.min(part.len()) {
                let part = part.get(from..).unwrap_or_default();
                let part = part.get(..part.len() - usize::from(part.len() % 4 == 1)).unwrap_or_default();
                let bytes = Base64Unpadded::decode_vec(part).or_else(|_| Base64UrlUnpadded::decode_vec(part));
                // The last character may hold bits that nobody wrote.
                let bytes = bytes.or_else(|_| {
                    Base64Unpadded::decode_vec(part.get(..part.len() / 4 * 4).unwrap_or_default())
                });
                all.extend(bytes.ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()));
                all.extend(hex(part));
            }
        }
    }
    all
}

fn hex(text: &str) -> Option<String> {
    let digits: Option<Vec<u8>> =
        text.chars().map_while(|c| c.to_digit(16)).map(|digit| u8::try_from(digit).ok()).collect();
    let digits = digits.filter(|digits| digits.len() >= RUN_MIN)?;
    let bytes: Vec<u8> = digits
        .chunks_exact(2)
        .map(|two| two.iter().fold(0_u8, |sum, digit| sum.wrapping_mul(16).wrapping_add(*digit)))
        .collect();
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The same without case and without what only separates.
fn squeeze(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A value as it may be met; none for one so short that it would be met everywhere.
fn forms(value: &str) -> Vec<String> {
    let bare = squeeze(value);
    if bare.chars().count() < VALUE_MIN {
        return Vec::new();
    }
    let mut all = vec![sha256(value.as_bytes()), bare.clone()];
    if let Ok(number) = bare.parse::<u64>() {
        all.extend([format!("{number:x}"), base36(number)]);
    }
    all
}

fn base36(mut number: u64) -> String {
    let mut digits = Vec::new();
    while number > 0 {
        let digit = u32::try_from(number % 36).unwrap_or(0);
        digits.extend(char::from_digit(digit, 36));
        number /= 36;
    }
    digits.into_iter().rev().collect()
}

/// Characters of a text that are looked through.
const TEXT_MAX: usize = 256 << 10;
/// Wrappings within wrappings that are opened.
const DEPTH_MAX: usize = 3;
/// Characters of a run that may be a wrapping.
const RUN_MIN: usize = 8;
/// Runs of one text.
const RUNS_MAX: usize = 200;
/// Characters of a value that is looked for.
const VALUE_MIN: usize = 6;
/// Digits of a number that is met even among others.
const DIGITS_MIN: usize = 8;

#[cfg(test)]
mod tests {
    use super::carries;

    #[test]
    fn a_number_is_known_in_every_dress() {
        let values = ["19900000013".to_owned(), "ceshi.anning@example.invalid".to_owned()];
        for (text, expected) in [
            ("/x?m=19900000013", true),
            ("/x?m=199-0000-0013", true),
            ("/x?m=31000000991", true),
            ("/x?a=199&b=0000&c=0013", true),
            ("/x?m=%31%39%39%30%30%30%30%30%30%31%33", true),
            ("/x?m=%2531%2539%2539%2530%2530%2530%2530%2530%2530%2531%2533", true),
            ("/get64?d=MTk5MDAwMDAwMTNT", true),
            ("/nav64?d=eDE5OTAwMDAwMDEz", true),
            ("/x?m=3139393030303030303133", true),
            ("/x?e=ceshi.anning%40example.invalid", true),
            ("/x?e=CESHI.ANNING@EXAMPLE.INVALID", true),
            ("/x?m=13900000013", false),
            ("/static/js/3.abc123def456.js?v=20260101", false),
        ] {
            assert_eq!(carries(text, &values), expected, "{text}");
        }
        assert!(carries(&format!("/x?m={:x}", 19_900_000_013_u64), &values));
    }
}
