//! The user data header (UDH) that may begin a content, and the place in a longer message that it gives.

/// Which message of many segments: two that are written in different ways are two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reference {
    /// Eight bits, element 0x00.
    Short(u8),
    /// Sixteen bits, element 0x08.
    Long(u16),
    /// Sixteen bits beside the content, SMPP `sar_msg_ref_num`.
    Sar(u16),
}

/// A segment's place in a longer message. As written: `number` may be 0 or beyond `total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// Which message.
    pub reference: Reference,
    /// How many segments it has.
    pub total: u8,
    /// Which of them, from 1.
    pub number: u8,
}

/// One element of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element<'c> {
    /// A place in a longer message: 0x00, 0x08.
    Place(Place),
    /// Ports of an application, destination and source: 0x04 (eight bits), 0x05 (sixteen).
    Ports(u16, u16),
    /// Any other, with its number and value.
    Other(u8, &'c [u8]),
}

/// The elements of a header, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header<'c> {
    /// Elements.
    pub elements: Vec<Element<'c>>,
}

/// A header that is none, although the PDU says that there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderFault {
    /// The content is empty.
    Missing,
    /// The header is longer (first number, bytes) than what there is (second).
    Longer(u8, usize),
    /// The header ends inside the element that begins at this byte of the content.
    Ends(usize),
    /// A known element whose value has another length than it must: element, bytes.
    Length(u8, u8),
}

impl core::fmt::Display for HeaderFault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Missing => f.write_str("user data header announced, but the content is empty"),
            Self::Longer(said, there) => {
                write!(f, "user data header is longer than the content of {there} bytes: {said}")
            }
            Self::Ends(at) => write!(f, "user data header ends inside the element at byte: {at}"),
            Self::Length(id, length) => {
                write!(f, "element {id:#04x} of the user data header cannot have bytes: {length}")
            }
        }
    }
}
impl core::error::Error for HeaderFault {}

impl<'c> Header<'c> {
    /// Cuts a content that begins with a header into the header and the rest.
    ///
    /// # Errors
    /// [`HeaderFault`]: there is none, or it is broken. A text must not be read out of such a content: a phone might
    /// read another.
    pub fn cut(content: &'c [u8]) -> Result<(Self, &'c [u8]), HeaderFault> {
        let (length, rest) = content.split_first().ok_or(HeaderFault::Missing)?;
        let (header, body) =
            rest.split_at_checked(usize::from(*length)).ok_or(HeaderFault::Longer(*length, rest.len()))?;
        let mut elements = Vec::new();
        let mut left = header;
        while !left.is_empty() {
            let at = 1 + header.len() - left.len();
            let (element, after) = element(left).ok_or(HeaderFault::Ends(at))?;
            elements.push(element?);
            left = after;
        }
        Ok((Self { elements }, body))
    }

    /// The place in a longer message. Of several the last counts, as for phones (3GPP TS 23.040, 9.2.3.24).
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        self.elements.iter().rev().find_map(|element| match element {
            Element::Place(place) => Some(*place),
            Element::Ports(..) | Element::Other(..) => None,
        })
    }

    /// The ports of an application, destination and source. What is sent to one is no text for a person.
    #[must_use]
    pub fn ports(&self) -> Option<(u16, u16)> {
        self.elements.iter().rev().find_map(|element| match element {
            Element::Ports(destination, source) => Some((*destination, *source)),
            Element::Place(_) | Element::Other(..) => None,
        })
    }

    /// Does a content begin as one with a place does? For senders that forget to say so (TP_udhi missing); whether
    /// they are to be understood is the account's setting.
    #[must_use]
    pub fn begins(content: &[u8]) -> bool {
        match content {
            [5, 0, 3, _, total, number, ..] | [6, 8, 4, _, _, total, number, ..] => {
                (1..=*total).contains(number)
            }
            _ => false,
        }
    }
}

/// The first element and what follows it; none if the header ends inside it.
fn element(left: &[u8]) -> Option<(Result<Element<'_>, HeaderFault>, &[u8])> {
    let (id, rest) = left.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (value, after) = rest.split_at_checked(usize::from(*length))?;
    let element = match (*id, value) {
        (0x00, [reference, total, number]) => {
            Element::Place(Place { reference: Reference::Short(*reference), total: *total, number: *number })
        }
        (0x08, [high, low, total, number]) => {
            let reference = Reference::Long(u16::from_be_bytes([*high, *low]));
            Element::Place(Place { reference, total: *total, number: *number })
        }
        (0x04, [to, from]) => Element::Ports(u16::from(*to), u16::from(*from)),
        (0x05, [a, b, c, d]) => Element::Ports(u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d])),
        (0x00 | 0x04 | 0x05 | 0x08, _) => return Some((Err(HeaderFault::Length(*id, *length)), after)),
        (_, _) => Element::Other(*id, value),
    };
    Some((Ok(element), after))
}

impl Place {
    /// The header that says it: 6 or 7 bytes; none for a reference that stands beside the content.
    #[must_use]
    pub fn header(self) -> Option<Vec<u8>> {
        let Self { reference, total, number } = self;
        match reference {
            Reference::Short(short) => Some(vec![5, 0x00, 3, short, total, number]),
            Reference::Long(long) => {
                let [high, low] = long.to_be_bytes();
                Some(vec![6, 0x08, 4, high, low, total, number])
            }
            Reference::Sar(_) => None,
        }
    }
}

/// What a PDU says of the place beside its content: Pk_total and Pk_number, or the SAR fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beside {
    /// Reference, where one is given.
    pub reference: Option<u16>,
    /// How many.
    pub total: u8,
    /// Which, from 1.
    pub number: u8,
}

/// Where a segment belongs, when all was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    /// Its place; none for a message of its own.
    pub place: Option<Place>,
    /// What is said beside the content is not so: it is a copy, and wrong copies are common.
    pub disagrees: bool,
}

impl Placement {
    /// The header is what the phone will go by, so it is believed; without a place there, SAR fields are. Pk_total
    /// alone joins nothing: it has no reference, and phones never see it.
    #[must_use]
    pub fn of(header: Option<&Header<'_>>, beside: Option<Beside>) -> Self {
        let sar = |beside: Beside| {
            let reference = Reference::Sar(beside.reference?);
            Some(Place { reference, total: beside.total, number: beside.number })
        };
        let place = header.and_then(Header::place).or_else(|| beside.and_then(sar));
        let told = place.map_or((1, 1), |place| (place.total, place.number));
        // 0 of 0 is how some leave the fields empty.
        let copied = beside.map(|beside| (beside.total, beside.number)).filter(|copy| *copy != (0, 0));
        Self { place, disagrees: copied.is_some_and(|copy| copy != told) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Place = Place { reference: Reference::Short(0xE4), total: 4, number: 1 };
    const LONG: Place = Place { reference: Reference::Long(0x0102), total: 2, number: 2 };

    fn check(content: &[u8], elements: &[Element<'_>], body: &[u8]) {
        let (header, rest) = Header::cut(content).unwrap();
        assert_eq!((header.elements.as_slice(), rest), (elements, body));
    }

    #[test]
    fn elements() {
        // cmpp-001
        check(&[5, 0, 3, 0xE4, 4, 1, 0x5C, 0x0A], &[Element::Place(SHORT)], &[0x5C, 0x0A]);
        check(&[6, 8, 4, 1, 2, 2, 2], &[Element::Place(LONG)], &[]);
        // cmpp-009, cmpp-011
        check(&[6, 5, 4, 0xC3, 0x4F, 0, 0, 1], &[Element::Ports(0xC34F, 0)], &[1]);
        check(&[2, 0x70, 0, 0x80], &[Element::Other(0x70, &[])], &[0x80]);
        let both = [Element::Ports(0x0B84, 0x23F0), Element::Place(SHORT)];
        check(&[11, 5, 4, 0x0B, 0x84, 0x23, 0xF0, 0, 3, 0xE4, 4, 1, 9], &both, &[9]);
        check(&[4, 4, 2, 7, 8], &[Element::Ports(7, 8)], &[]);
        check(&[0, b'T'], &[], b"T");
    }

    #[test]
    fn faults() {
        let check = |content: &[u8], fault| assert_eq!(Header::cut(content), Err(fault));
        check(&[], HeaderFault::Missing);
        check(&[5, 0, 3, 1, 2], HeaderFault::Longer(5, 4));
        check(&[1, 0], HeaderFault::Ends(1));
        check(&[5, 0, 4, 1, 2, 1], HeaderFault::Ends(1));
        check(&[6, 0, 3, 1, 2, 1, 9], HeaderFault::Ends(6));
        check(&[4, 0, 2, 1, 2], HeaderFault::Length(0, 2));
        check(&[5, 8, 3, 1, 2, 1], HeaderFault::Length(8, 3));
        // The flag is set, but the content is text: 退订 in UCS-2, "TD" in ASCII.
        check(&[0x90, 0x00, 0x8B, 0xA2], HeaderFault::Longer(0x90, 3));
        check(b"TD", HeaderFault::Longer(b'T', 1));
        assert!(HeaderFault::Longer(5, 4).to_string().contains('5'));
    }

    #[test]
    fn places() {
        let check = |content: Option<&[u8]>, beside: Option<(Option<u16>, u8, u8)>, place, disagrees| {
            let header = content.map(|content| Header::cut(content).unwrap().0);
            let beside = beside.map(|(reference, total, number)| Beside { reference, total, number });
            assert_eq!(Placement::of(header.as_ref(), beside), Placement { place, disagrees });
        };
        let header: &[u8] = &[5, 0, 3, 0xE4, 4, 1];
        let sar = Place { reference: Reference::Sar(7), total: 3, number: 2 };
        check(Some(header), Some((None, 4, 1)), Some(SHORT), false);
        check(Some(header), Some((None, 3, 1)), Some(SHORT), true);
        check(Some(header), Some((None, 4, 0)), Some(SHORT), true);
        check(Some(header), None, Some(SHORT), false);
        check(Some(header), Some((None, 1, 1)), Some(SHORT), true);
        check(Some(header), Some((Some(7), 3, 2)), Some(SHORT), true);
        check(None, Some((Some(7), 3, 2)), Some(sar), false);
        check(Some(&[2, 0x70, 0]), Some((Some(7), 3, 2)), Some(sar), false);
        check(None, Some((None, 3, 2)), None, true);
        check(None, Some((None, 1, 1)), None, false);
        check(None, Some((None, 0, 0)), None, false);
        check(None, None, None, false);
        // Two places: the last counts.
        check(Some(&[10, 0, 3, 9, 1, 1, 0, 3, 0xE4, 4, 1]), None, Some(SHORT), false);
    }

    #[test]
    fn begins_and_written() {
        assert!(Header::begins(&[5, 0, 3, 1, 2, 1]) && Header::begins(&[6, 8, 4, 0, 1, 2, 2]));
        assert!(!Header::begins(&[5, 0, 3, 1, 2, 3]) && !Header::begins(b"TD") && !Header::begins(&[]));
        for place in [SHORT, LONG] {
            let written = place.header().unwrap();
            assert_eq!(Header::cut(&written).unwrap().0.place(), Some(place));
        }
    }
}
