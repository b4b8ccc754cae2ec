//! One PDU, without losing a byte.

mod body;
mod fields;
mod message;
mod tail;
mod wrong;

use anning_link::{Fault, Malformed, Reader, Sequence, Writer};

pub use body::{Body, Taker};
pub use fields::{Alert, Bind, Cancel, Identified, Outbind, Query, QueryAnswer};
pub use message::{Data, Destination, Multi, MultiAnswer, Replace, Single, Terms};
pub(crate) use tail::TLVS_MOST;
pub use tail::Tail;

/// A header, a body and what follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pdu {
    /// command_status: 0 in requests, though others are kept; an answer's code.
    pub status: u32,
    /// sequence_number: any, though the protocol says 1 to 0x7FFFFFFF.
    pub sequence: u32,
    /// Command and fields.
    pub body: Body,
    /// Optional fields and odd bytes.
    pub tail: Tail,
}

impl Pdu {
    /// A request, or an answer that all is well, without optional fields.
    #[must_use]
    pub fn new(sequence: u32, body: Body) -> Self {
        Self { status: 0, sequence, body, tail: Tail::default() }
    }

    /// Reads one whole frame, length included.
    ///
    /// # Errors
    /// [`Malformed`] with the field and the byte at which reading failed. Its code is [`crate::status::of`].
    pub fn decode(frame: &[u8]) -> Result<Self, Malformed> {
        let mut header = Reader::new(frame);
        let none = Sequence::default();
        let read = (header.u32("command_length"), header.u32("command_id"), header.u32("command_status"));
        let (Ok(length), Ok(command), Ok(status), Ok(sequence)) =
            (read.0, read.1, read.2, header.u32("sequence_number"))
        else {
            let fault = Fault::Short;
            return Err(Malformed { command: 0, sequence: none, field: "header", at: frame.len(), fault });
        };
        if usize::try_from(length) != Ok(frame.len()) {
            let (sequence, fault) = (Sequence::of(sequence), Fault::Value(length));
            return Err(Malformed { command, sequence, field: "command_length", at: 0, fault });
        }
        Self::fields(command, status, sequence, header.rest()).map_err(|wrong| wrong.of(command, sequence))
    }

    fn fields(command: u32, status: u32, sequence: u32, body: &[u8]) -> Result<Self, wrong::Wrong> {
        let mut reader = Reader::new(body);
        let body = Body::read(command, &mut reader)?;
        let tail = Tail::read(&mut reader, body.faults())?;
        Ok(Self { status, sequence, body, tail })
    }

    /// Writes it at the end of `out`. What is longer than its field can say is cut.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let mut writer = Writer::begin(out);
        writer.u32(self.command()).u32(self.status).u32(self.sequence);
        self.body.write(&mut writer);
        self.tail.write(&mut writer);
        writer.end();
    }

    /// Its command_id.
    #[must_use]
    pub const fn command(&self) -> u32 {
        self.body.command()
    }
}

/// A count as a number of the wire.
pub(crate) fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

/// Length, command, status, number.
pub(crate) const HEADER: usize = 16;
