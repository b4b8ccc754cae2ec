//! What is wrong with a body, before it is known whose it is.

use anning_link::{Fault, Malformed, Reader, Sequence, Short};

/// A fault at a byte of the body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wrong {
    field: &'static str,
    at: usize,
    fault: Fault,
}

impl Wrong {
    /// A value that cannot be, at a byte of the body.
    pub(crate) const fn value(field: &'static str, at: usize, value: u32) -> Self {
        Self { field, at, fault: Fault::Value(value) }
    }

    /// A body that ends where something else should stand.
    pub(crate) const fn short(field: &'static str, at: usize) -> Self {
        Self { field, at, fault: Fault::Short }
    }

    /// The same in the frame of a command.
    pub(crate) const fn of(self, command: u32, sequence: u32) -> Malformed {
        let Self { field, at, fault } = self;
        Malformed { command, sequence: Sequence::of(sequence), field, at: super::HEADER + at, fault }
    }
}

impl From<Short> for Wrong {
    fn from(short: Short) -> Self {
        Self::short(short.field, short.at)
    }
}

/// A text that ends with a zero. Others write longer ones than their field may hold, so each may be as long as the
/// longest of all.
pub(crate) fn text(body: &mut Reader<'_>, field: &'static str) -> Result<crate::Text, Wrong> {
    Ok(crate::Text::of(body.c_string(field, TEXT_MOST)?))
}

/// Type of number, plan, and a text.
pub(crate) fn address(body: &mut Reader<'_>, field: &'static str) -> Result<anning_link::Address, Wrong> {
    let (ton, npi) = (body.u8(field)?, body.u8(field)?);
    Ok(anning_link::Address { text: body.c_string(field, TEXT_MOST)?.to_vec(), ton, npi })
}

/// message_id and the addresses of data_sm have the largest room of all texts, their zero included.
pub(crate) const TEXT_MOST: usize = 65;
