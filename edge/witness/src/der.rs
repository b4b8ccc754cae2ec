//! The little of DER (X.690) that a time stamp needs.

/// Reads values one after another; `None` for anything that is not DER.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Der<'b>(&'b [u8]);

impl<'b> Der<'b> {
    pub(crate) const fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    /// Nothing is left.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tag of the next value.
    pub(crate) fn tag(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The next value, which must have this tag.
    pub(crate) fn take(&mut self, tag: u8) -> Option<&'b [u8]> {
        let (first, rest) = self.0.split_first()?;
        let (length, rest) = length(rest)?;
        let (value, rest) = rest.split_at_checked(length)?;
        (*first == tag).then(|| self.0 = rest)?;
        Some(value)
    }

    /// The next value, read as a list of values.
    pub(crate) fn open(&mut self, tag: u8) -> Option<Self> {
        self.take(tag).map(Der)
    }

    /// The next value if it has this tag; passed over, else left.
    pub(crate) fn maybe(&mut self, tag: u8) -> Option<Option<&'b [u8]>> {
        if self.tag() == Some(tag) { self.take(tag).map(Some) } else { Some(None) }
    }
}

/// A length in its one spelling.
fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    if *first < 0x80 {
        return Some((usize::from(*first), rest));
    }
    let (digits, rest) = rest.split_at_checked(usize::from(*first & 0x7f))?;
    let is_shortest = (1..=4).contains(&digits.len()) && digits.first() != Some(&0);
    let length = digits.iter().fold(0_usize, |sum, digit| (sum << 8) | usize::from(*digit));
    (is_shortest && length >= 0x80).then_some((length, rest))
}

/// A value made of parts.
pub(crate) fn value(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let mut bytes = vec![tag];
    match u8::try_from(content.len()) {
        Ok(short) if short < 0x80 => bytes.push(short),
        Ok(_) | Err(_) => {
            let digits = content.len().to_be_bytes();
            let digits: Vec<u8> = digits.iter().copied().skip_while(|digit| *digit == 0).collect();
            bytes.push(0x80 | u8::try_from(digits.len()).unwrap_or(8));
            bytes.extend(digits);
        }
    }
    bytes.extend(content);
    bytes
}

/// An unsigned number.
pub(crate) fn number(number: u64) -> Vec<u8> {
    let digits = number.to_be_bytes();
    let mut digits: Vec<u8> = digits.iter().copied().skip_while(|digit| *digit == 0).collect();
    // The first bit is a sign.
    if digits.first().is_none_or(|first| *first >= 0x80) {
        digits.insert(0, 0);
    }
    value(INTEGER, &[&digits])
}

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTETS: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OID: u8 = 0x06;
pub(crate) const TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
/// [0], holding a value.
pub(crate) const ZERO: u8 = 0xa0;

#[cfg(test)]
mod tests {
    use super::{Der, INTEGER, OCTETS, number, value};

    #[test]
    fn numbers_have_one_spelling() {
        for (n, bytes) in [
            (0, &[2, 1, 0][..]),
            (127, &[2, 1, 127]),
            (128, &[2, 2, 0, 128]),
            (256, &[2, 2, 1, 0]),
            (u64::MAX, &[2, 9, 0, 255, 255, 255, 255, 255, 255, 255, 255]),
        ] {
            assert_eq!(number(n), bytes, "{n}");
        }
    }

    #[test]
    fn lengths_have_one_spelling() {
        for length in [0_usize, 1, 127, 128, 255, 256, 65_535, 65_536] {
            let bytes = value(OCTETS, &[&vec![7; length]]);
            let mut der = Der::new(&bytes);
            assert_eq!(der.take(OCTETS).map(<[u8]>::len), Some(length));
            assert!(der.is_empty());
            assert_eq!(Der::new(&bytes[..bytes.len() - 1]).take(OCTETS), None);
        }
        for bad in
            [&[2][..], &[2, 0x80, 0, 0], &[2, 0x81, 1, 0], &[2, 0x82, 0, 0x80], &[2, 0x85, 1, 1, 1, 1, 1]]
        {
            assert_eq!(Der::new(bad).take(INTEGER), None, "{bad:?}");
        }
    }
}
