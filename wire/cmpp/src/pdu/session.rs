//! The PDUs that are small.

use anning_link::{Fixed, Reader, Short, Writer};

use super::Layout;

/// CONNECT, 27 bytes after the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connect {
    /// Source_Addr: SP_Id, six digits by the book.
    pub source_addr: Fixed<6>,
    /// AuthenticatorSource.
    pub authenticator: [u8; 16],
    /// Version.
    pub version: u8,
    /// Timestamp: MMDDHHMMSS as a number.
    pub timestamp: u32,
    /// What follows.
    pub tail: Vec<u8>,
}

impl Connect {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Short> {
        Ok(Self {
            source_addr: reader.fixed("Source_Addr")?,
            authenticator: reader.array("AuthenticatorSource")?,
            version: reader.u8("Version")?,
            timestamp: reader.u32("Timestamp")?,
            tail: reader.rest().to_vec(),
        })
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.bytes(self.source_addr.wire()).bytes(&self.authenticator);
        writer.u8(self.version).u32(self.timestamp).bytes(&self.tail);
    }
}

/// A status or result: one byte in 2.x, four in 3.0. Read by the length of its PDU, never by the version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// 2.x.
    Narrow(u8),
    /// 3.0.
    Wide(u32),
}

impl Code {
    /// In that layout. What a byte cannot hold is written as 255, which no table gives a meaning.
    #[must_use]
    pub fn new(layout: Layout, value: u32) -> Self {
        match layout {
            Layout::Narrow => Self::Narrow(u8::try_from(value).unwrap_or(u8::MAX)),
            Layout::Wide => Self::Wide(value),
        }
    }

    /// The number.
    #[must_use]
    pub fn value(self) -> u32 {
        match self {
            Self::Narrow(value) => value.into(),
            Self::Wide(value) => value,
        }
    }

    /// How wide it stands on the wire.
    #[must_use]
    pub const fn layout(self) -> Layout {
        match self {
            Self::Narrow(_) => Layout::Narrow,
            Self::Wide(_) => Layout::Wide,
        }
    }

    /// `room` bytes are left for it and for nothing else that the book knows.
    pub(super) fn read(reader: &mut Reader<'_>, field: &'static str, room: usize) -> Result<Self, Short> {
        if room < 4 { reader.u8(field).map(Self::Narrow) } else { reader.u32(field).map(Self::Wide) }
    }

    pub(super) fn write(self, writer: &mut Writer<'_>) {
        match self {
            Self::Narrow(value) => writer.u8(value),
            Self::Wide(value) => writer.u32(value),
        };
    }
}

/// CONNECT_RESP: 18 bytes after the header, or 21.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectResp {
    /// Status.
    pub status: Code,
    /// AuthenticatorISMG. Rarely right in the field.
    pub authenticator: [u8; 16],
    /// Version: the highest that the server supports.
    pub version: u8,
    /// What follows.
    pub tail: Vec<u8>,
}

impl ConnectResp {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Short> {
        let room = reader.rest().len().saturating_sub(17);
        Ok(Self {
            status: Code::read(reader, "Status", room)?,
            authenticator: reader.array("AuthenticatorISMG")?,
            version: reader.u8("Version")?,
            tail: reader.rest().to_vec(),
        })
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        self.status.write(writer);
        writer.bytes(&self.authenticator).u8(self.version).bytes(&self.tail);
    }
}

/// SUBMIT_RESP or DELIVER_RESP: 9 bytes after the header, or 12.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Msg_Id.
    pub msg_id: [u8; 8],
    /// Result.
    pub result: Code,
    /// What follows.
    pub tail: Vec<u8>,
}

impl Answered {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Short> {
        let room = reader.rest().len().saturating_sub(8);
        Ok(Self {
            msg_id: reader.array("Msg_Id")?,
            result: Code::read(reader, "Result", room)?,
            tail: reader.rest().to_vec(),
        })
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.bytes(&self.msg_id);
        self.result.write(writer);
        writer.bytes(&self.tail);
    }
}

/// QUERY: a day's counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Time: YYYYMMDD.
    pub time: Fixed<8>,
    /// Query_Type: 0 all, 1 by business code.
    pub query_type: u8,
    /// Query_Code: the business code.
    pub query_code: Fixed<10>,
    /// Reserve, 8 bytes by the book.
    pub tail: Vec<u8>,
}

impl Query {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Short> {
        Ok(Self {
            time: reader.fixed("Time")?,
            query_type: reader.u8("Query_Type")?,
            query_code: reader.fixed("Query_Code")?,
            tail: reader.rest().to_vec(),
        })
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.bytes(self.time.wire()).u8(self.query_type);
        writer.bytes(self.query_code.wire()).bytes(&self.tail);
    }
}

/// QUERY_RESP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryResp {
    /// Time.
    pub time: Fixed<8>,
    /// Query_Type.
    pub query_type: u8,
    /// Query_Code.
    pub query_code: Fixed<10>,
    /// MT_TLMsg, MT_Tlusr, MT_Scs, MT_WT, MT_FL, MO_Scs, MO_WT, MO_FL.
    pub counts: [u32; 8],
    /// What follows.
    pub tail: Vec<u8>,
}

impl QueryResp {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Short> {
        let (time, query_type) = (reader.fixed("Time")?, reader.u8("Query_Type")?);
        let query_code = reader.fixed("Query_Code")?;
        let mut counts = [0; 8];
        for (count, field) in counts.iter_mut().zip(COUNTS) {
            *count = reader.u32(field)?;
        }
        Ok(Self { time, query_type, query_code, counts, tail: reader.rest().to_vec() })
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.bytes(self.time.wire()).u8(self.query_type).bytes(self.query_code.wire());
        for count in self.counts {
            writer.u32(count);
        }
        writer.bytes(&self.tail);
    }
}

/// CANCEL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancel {
    /// Msg_Id.
    pub msg_id: [u8; 8],
    /// What follows.
    pub tail: Vec<u8>,
}

impl Cancel {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Short> {
        Ok(Self { msg_id: reader.array("Msg_Id")?, tail: reader.rest().to_vec() })
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.bytes(&self.msg_id).bytes(&self.tail);
    }
}

const COUNTS: [&str; 8] = ["MT_TLMsg", "MT_Tlusr", "MT_Scs", "MT_WT", "MT_FL", "MO_Scs", "MO_WT", "MO_FL"];
