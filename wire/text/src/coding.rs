//! Which characters a number of coding (Msg_Fmt, data_coding) stands for.

/// A set of characters, as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Coding {
    /// GSM 03.38 default alphabet with its extension table, one septet a byte.
    Gsm,
    /// ASCII.
    Ascii,
    /// ISO 8859-1, every byte the character of its number.
    Latin1,
    /// UCS-2 big-endian; in practice UTF-16 with surrogate pairs.
    Ucs2,
    /// GB 18030, of which GBK is the part of one and two bytes.
    Gbk,
    /// No text.
    Binary,
}

/// Whose numbers they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Numbering {
    /// `Msg_Fmt` of CMPP.
    Cmpp,
    /// `MessageCoding` of SGIP.
    Sgip,
    /// `MsgFormat` of SMGP.
    Smgp,
    /// `data_coding` of SMPP.
    Smpp,
}

/// What a number of coding says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// The characters.
    pub coding: Coding,
    /// Message class, where one is said: 0 is shown at once and not stored ("flash"), 2 goes to the SIM.
    pub class: Option<u8>,
    /// Is the number known? One that is not is taken for binary: its text cannot be read.
    pub known: bool,
}

impl Format {
    /// What `value` says. `zero` is what an account means by 0, where it has a habit of its own (SMPP leaves it to the
    /// message centre); without one 0 is GSM 03.38 in SMPP and ASCII elsewhere.
    ///
    /// Numbers that the protocols do not give but phones understand are read by the coding groups of GSM 03.38:
    /// 0x10-0x1B and 0xF0-0xF7 with a class, 0xC0-0xEF for waiting indications.
    #[must_use]
    pub const fn of(numbering: Numbering, value: u8, zero: Option<Coding>) -> Self {
        let default = match (zero, numbering) {
            (Some(coding), _) => coding,
            (None, Numbering::Smpp) => Coding::Gsm,
            (None, Numbering::Cmpp | Numbering::Sgip | Numbering::Smgp) => Coding::Ascii,
        };
        let (coding, class) = match (numbering, value) {
            (_, 0) => (default, None),
            (Numbering::Smpp, 1) => (Coding::Ascii, None),
            (Numbering::Smpp, 3) => (Coding::Latin1, None),
            (Numbering::Smpp, 2 | 4) => (Coding::Binary, None),
            // Write card and binary.
            (Numbering::Cmpp | Numbering::Sgip | Numbering::Smgp, 3 | 4) => (Coding::Binary, None),
            (_, 8) => (Coding::Ucs2, None),
            (_, 15) => (Coding::Gbk, None),
            (_, 0x10..=0x13 | 0xF0..=0xF3) => (default, Some(value & 3)),
            (_, 0x14..=0x17 | 0xF4..=0xF7) => (Coding::Binary, Some(value & 3)),
            (_, 0x18..=0x1B) => (Coding::Ucs2, Some(value & 3)),
            (_, 0xC0..=0xDF) => (default, None),
            (_, 0xE0..=0xEF) => (Coding::Ucs2, None),
            (_, _) => return Self { coding: Coding::Binary, class: None, known: false },
        };
        Self { coding, class, known: true }
    }

    /// Is it shown at once and not stored?
    #[must_use]
    pub fn is_flash(self) -> bool {
        self.class == Some(0)
    }
}

impl Coding {
    /// Its number in a protocol; none where the protocol has no number for it.
    #[must_use]
    pub const fn number(self, numbering: Numbering) -> Option<u8> {
        match (self, numbering) {
            (Self::Gsm, Numbering::Smpp) => Some(0),
            (Self::Ascii, Numbering::Smpp) => Some(1),
            (Self::Latin1, Numbering::Smpp) => Some(3),
            (Self::Ascii, Numbering::Cmpp | Numbering::Sgip | Numbering::Smgp) => Some(0),
            (Self::Gsm | Self::Latin1, Numbering::Cmpp | Numbering::Sgip | Numbering::Smgp) => None,
            (Self::Binary, _) => Some(4),
            (Self::Ucs2, _) => Some(8),
            (Self::Gbk, _) => Some(15),
        }
    }

    /// Length in bytes of the character that begins `bytes`: never 0, and never beyond their end. Segments are cut
    /// between characters only.
    pub(crate) fn first_length(self, bytes: &[u8]) -> usize {
        let whole = match self {
            Self::Ascii | Self::Latin1 | Self::Binary => 1,
            Self::Gsm => match bytes {
                [ESCAPE, ..] => 2,
                _ => 1,
            },
            Self::Ucs2 => match bytes {
                [0xD8..=0xDB, _, 0xDC..=0xDF, _, ..] => 4,
                _ => 2,
            },
            Self::Gbk => match bytes {
                [0x81..=0xFE, 0x30..=0x39, 0x81..=0xFE, 0x30..=0x39, ..] => 4,
                [0x81..=0xFE, 0x40..=0xFE, ..] => 2,
                _ => 1,
            },
        };
        whole.min(bytes.len()).max(1)
    }
}

/// The septet that leads into the extension table of GSM 03.38.
pub(crate) const ESCAPE: u8 = 0x1B;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(numbering: Numbering, value: u8, coding: Coding, class: Option<u8>) {
        let format = Format::of(numbering, value, None);
        assert_eq!(format, Format { coding, class, known: true }, "{numbering:?} {value}");
    }

    #[test]
    fn numbers() {
        use Numbering::{Cmpp, Sgip, Smgp, Smpp};
        for chinese in [Cmpp, Sgip, Smgp] {
            check(chinese, 0, Coding::Ascii, None);
            check(chinese, 3, Coding::Binary, None);
            check(chinese, 4, Coding::Binary, None);
            check(chinese, 16, Coding::Ascii, Some(0));
            assert!(!Format::of(chinese, 1, None).known);
            assert!(!Format::of(chinese, 2, None).known);
        }
        check(Smpp, 0, Coding::Gsm, None);
        check(Smpp, 1, Coding::Ascii, None);
        check(Smpp, 2, Coding::Binary, None);
        check(Smpp, 3, Coding::Latin1, None);
        check(Smpp, 4, Coding::Binary, None);
        check(Smpp, 0x10, Coding::Gsm, Some(0));
        check(Smpp, 0xF0, Coding::Gsm, Some(0));
        for any in [Cmpp, Sgip, Smgp, Smpp] {
            check(any, 8, Coding::Ucs2, None);
            check(any, 15, Coding::Gbk, None);
            check(any, 24, Coding::Ucs2, Some(0));
            check(any, 245, Coding::Binary, Some(1));
            check(any, 246, Coding::Binary, Some(2));
            check(any, 0xF7, Coding::Binary, Some(3));
            for unknown in [5, 6, 7, 9, 13, 14, 0x1C, 0x20, 0x80, 0xF8, 0xFF] {
                let format = Format::of(any, unknown, None);
                assert_eq!((format.coding, format.known), (Coding::Binary, false), "{any:?} {unknown}");
            }
        }
        assert!(Format::of(Smpp, 0x18, None).is_flash() && !Format::of(Smpp, 8, None).is_flash());
        assert_eq!(Format::of(Smpp, 0xF0, Some(Coding::Latin1)).coding, Coding::Latin1);
    }

    #[test]
    fn a_coding_is_read_by_its_own_number() {
        for numbering in [Numbering::Cmpp, Numbering::Sgip, Numbering::Smgp, Numbering::Smpp] {
            for coding in
                [Coding::Gsm, Coding::Ascii, Coding::Latin1, Coding::Ucs2, Coding::Gbk, Coding::Binary]
            {
                if let Some(number) = coding.number(numbering) {
                    assert_eq!(Format::of(numbering, number, None).coding, coding);
                }
            }
        }
    }
}
