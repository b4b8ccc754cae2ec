//! DELIVER, and the status report inside it.

use anning_link::{Fixed, Reader, Short, Writer};

use super::{Layout, Number, read_number, write_number};

/// DELIVER: a message of a subscriber, or a status report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deliver {
    /// How wide its numbers are.
    pub layout: Layout,
    /// Msg_Id: of this DELIVER, not of what a report speaks of.
    pub msg_id: [u8; 8],
    /// Dest_Id: the access number.
    pub dest_id: Fixed<21>,
    /// Service_Id.
    pub service_id: Fixed<10>,
    /// TP_pid.
    pub tp_pid: u8,
    /// TP_udhi: 1 if the content begins with a header; 0x40 in the field.
    pub tp_udhi: u8,
    /// Msg_Fmt.
    pub msg_fmt: u8,
    /// Src_terminal_Id.
    pub src_terminal_id: Number,
    /// Src_terminal_type, in 3.0.
    pub src_terminal_type: u8,
    /// Registered_Delivery: 1 for a status report.
    pub registered_delivery: u8,
    /// Msg_Content, at most 255 bytes.
    pub content: Vec<u8>,
    /// Reserve (8 bytes) or LinkID (20 bytes) by the book: whatever is left. One platform's reports leave 9.
    pub tail: Vec<u8>,
}

impl Deliver {
    pub(super) fn read(reader: &mut Reader<'_>, layout: Layout) -> Result<Self, Short> {
        let mut deliver = Self { layout, ..Self::default() };
        deliver.msg_id = reader.array("Msg_Id")?;
        deliver.dest_id = reader.fixed("Dest_Id")?;
        deliver.service_id = reader.fixed("Service_Id")?;
        deliver.tp_pid = reader.u8("TP_pid")?;
        deliver.tp_udhi = reader.u8("TP_udhi")?;
        deliver.msg_fmt = reader.u8("Msg_Fmt")?;
        deliver.src_terminal_id = read_number(reader, "Src_terminal_Id", layout)?;
        if layout == Layout::Wide {
            deliver.src_terminal_type = reader.u8("Src_terminal_type")?;
        }
        deliver.registered_delivery = reader.u8("Registered_Delivery")?;
        let length = reader.u8("Msg_Length")?;
        deliver.content = reader.bytes("Msg_Content", length.into())?.to_vec();
        deliver.tail = reader.rest().to_vec();
        Ok(deliver)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.bytes(&self.msg_id).bytes(self.dest_id.wire()).bytes(self.service_id.wire());
        writer.u8(self.tp_pid).u8(self.tp_udhi).u8(self.msg_fmt);
        write_number(writer, &self.src_terminal_id, self.layout);
        if self.layout == Layout::Wide {
            writer.u8(self.src_terminal_type);
        }
        writer.u8(self.registered_delivery);
        write_content(writer, &self.content);
        writer.bytes(&self.tail);
    }
}

/// The status report in the content of a DELIVER.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How wide its number is; 3.0 connections carry the narrow one too.
    pub layout: Layout,
    /// Msg_Id: the one given in SUBMIT_RESP.
    pub msg_id: [u8; 8],
    /// Stat: seven characters, or fewer.
    pub stat: Fixed<7>,
    /// Submit_time: YYMMDDHHMM.
    pub submit_time: Fixed<10>,
    /// Done_time: YYMMDDHHMM.
    pub done_time: Fixed<10>,
    /// Dest_terminal_Id.
    pub dest_terminal_id: Number,
    /// SMSC_sequence.
    pub smsc_sequence: u32,
    /// What follows.
    pub tail: Vec<u8>,
}

impl Report {
    /// Reads it in the layout that its length tells: 71 bytes or more are the wide one, whatever the connection.
    ///
    /// # Errors
    /// [`Short`] below 60 bytes.
    pub fn decode(content: &[u8]) -> Result<Self, Short> {
        let wide = content.len() >= Layout::Wide.report();
        let layout = if wide { Layout::Wide } else { Layout::Narrow };
        let mut reader = Reader::new(content);
        Ok(Self {
            layout,
            msg_id: reader.array("Msg_Id")?,
            stat: reader.fixed("Stat")?,
            submit_time: reader.fixed("Submit_time")?,
            done_time: reader.fixed("Done_time")?,
            dest_terminal_id: read_number(&mut reader, "Dest_terminal_Id", layout)?,
            smsc_sequence: reader.u32("SMSC_sequence")?,
            tail: reader.rest().to_vec(),
        })
    }

    /// As the content of a DELIVER.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let number = self.dest_terminal_id.wire().get(..self.layout.number()).unwrap_or(&[]);
        let (stat, submitted, done) = (self.stat.wire(), self.submit_time.wire(), self.done_time.wire());
        let sequence = self.smsc_sequence.to_be_bytes();
        [&self.msg_id[..], stat, submitted, done, number, &sequence, &self.tail].concat()
    }
}

pub(super) fn write_content(writer: &mut Writer<'_>, content: &[u8]) {
    let length = u8::try_from(content.len()).unwrap_or(u8::MAX);
    writer.u8(length).bytes(content.get(..length.into()).unwrap_or(content));
}
