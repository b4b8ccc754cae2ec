//! DELIVER: a reply, or a report as text.

use anning_link::{Fixed, Octets, Reader, Short, Tlv, Writer};

use super::{read_tlvs, write_content, write_tlvs};

/// Hands over a reply or a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deliver {
    /// MsgID of this delivery; a report names the id of its subject in its text.
    pub msg_id: [u8; 10],
    /// IsReport: 1 for a report.
    pub is_report: u8,
    /// MsgFormat.
    pub msg_format: u8,
    /// RecvTime: YYYYMMDDHHMMSS.
    pub recv_time: Fixed<14>,
    /// SrcTermID: the subscriber; in a report the recipient of the message.
    pub src_term_id: Fixed<21>,
    /// DestTermID: the access number.
    pub dest_term_id: Fixed<21>,
    /// MsgContent.
    pub content: Octets,
    /// Reserve.
    pub reserve: Fixed<8>,
    /// Optional fields.
    pub tlvs: Vec<Tlv>,
}

impl Deliver {
    pub(super) fn read(body: &mut Reader<'_>) -> Result<Self, Short> {
        Ok(Self {
            msg_id: body.array("MsgID")?,
            is_report: body.u8("IsReport")?,
            msg_format: body.u8("MsgFormat")?,
            recv_time: body.fixed("RecvTime")?,
            src_term_id: body.fixed("SrcTermID")?,
            dest_term_id: body.fixed("DestTermID")?,
            content: {
                let length = body.u8("MsgLength")?;
                body.bytes("MsgContent", usize::from(length))?.into()
            },
            reserve: body.fixed("Reserve")?,
            tlvs: read_tlvs(body),
        })
    }

    pub(super) fn write(&self, w: &mut Writer<'_>) {
        w.bytes(&self.msg_id).u8(self.is_report).u8(self.msg_format);
        w.bytes(self.recv_time.wire()).bytes(self.src_term_id.wire()).bytes(self.dest_term_id.wire());
        write_content(&self.content.0, w);
        w.bytes(self.reserve.wire());
        write_tlvs(&self.tlvs, w);
    }
}
