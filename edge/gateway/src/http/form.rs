//! `application/x-www-form-urlencoded`, in addresses and in bodies.

use std::collections::BTreeMap;

/// Names and values. The last of two with one name holds; what is not UTF-8 makes none.
pub(super) fn parse(text: &[u8]) -> Option<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    for pair in text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let cut = pair.iter().position(|byte| *byte == b'=');
        let (name, value) = match cut.and_then(|at| pair.split_at_checked(at)) {
            Some((name, value)) => (name, value.get(1..).unwrap_or(&[])),
            None => (pair, &[][..]),
        };
        if all.len() >= FIELDS_MAX {
            return None;
        }
        all.insert(unescape(name)?, unescape(value)?);
    }
    Some(all)
}

fn unescape(text: &[u8]) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.iter().copied();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || bytes.next().and_then(|b| char::from(b).to_digit(16));
                let (high, low) = (digit()?, digit()?);
                u8::try_from(high * 16 + low).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(out).ok()
}

/// Fields of one request.
const FIELDS_MAX: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields() {
        let check = |text: &str, expected: Option<&[(&str, &str)]>| {
            let expected: Option<BTreeMap<String, String>> =
                expected.map(|all| all.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect());
            assert_eq!(parse(text.as_bytes()), expected, "{text}");
        };
        check("", Some(&[]));
        check("a=1&b=", Some(&[("a", "1"), ("b", "")]));
        check("a&&b=x%3Dy+z=", Some(&[("a", ""), ("b", "x=y z=")]));
        check("To=%2B8613800138000&Body=%E6%82%A8", Some(&[("To", "+8613800138000"), ("Body", "您")]));
        check("a=1&a=2", Some(&[("a", "2")]));
        for bad in ["a=%", "a=%4", "a=%zz", "a=%FF"] {
            check(bad, None);
        }
        assert_eq!(parse("a&".repeat(10).as_bytes()).unwrap().len(), 1);
        let many: String = (0..FIELDS_MAX + 1).map(|n| format!("f{n}=&")).collect();
        assert_eq!(parse(many.as_bytes()), None);
    }
}
