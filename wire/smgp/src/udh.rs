//! What a user data header says of a segment's place.

/// Total and number of the segment, from the concatenation element wherever it stands in the header.
pub(crate) fn place(content: &[u8]) -> Option<(u8, u8)> {
    let (length, rest) = content.split_first()?;
    let mut header = rest.get(..usize::from(*length))?;
    while let [element, size, rest @ ..] = header {
        let (value, after) = rest.split_at_checked(usize::from(*size))?;
        match (*element, value) {
            (EIGHT_BIT, [_, total, number]) | (SIXTEEN_BIT, [_, _, total, number]) => {
                return Some((*total, *number));
            }
            _ => header = after,
        }
    }
    None
}

const EIGHT_BIT: u8 = 0;
const SIXTEEN_BIT: u8 = 8;

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn the_element_is_found_wherever_it_stands() {
        for (content, found) in [
            (&b"\x05\x00\x03\x42\x02\x01text"[..], Some((2, 1))),
            (b"\x06\x08\x04\x01\x42\x03\x02text", Some((3, 2))),
            (b"\x09\x70\x02\xaa\xbb\x00\x03\x42\x02\x01", Some((2, 1))),
            (b"\x04\x70\x02\xaa\xbb", None),
            (b"\x05\x00\x09\x42\x02\x01", None),
            (b"\x05\x00", None),
            (b"\x00", None),
            (b"", None),
        ] {
            assert_eq!(place(content), found, "{content:02x?}");
        }
    }
}
