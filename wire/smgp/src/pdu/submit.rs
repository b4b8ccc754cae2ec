//! SUBMIT, and the answer that SUBMIT and DELIVER share.

use anning_link::{Fixed, Octets, Reader, Short, Tlv, Writer};

use super::{read_tlvs, write_content, write_tlvs};
use crate::version::Version;

/// Hands in a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Submit {
    /// MsgType: 6 to a mobile, 0 from one, 7 point to point.
    pub msg_type: u8,
    /// NeedReport: 0 or 1.
    pub need_report: u8,
    /// Priority: 0-3.
    pub priority: u8,
    /// ServiceID.
    pub service_id: Fixed<10>,
    /// FeeType: `00` free, `01` per message, `02` monthly, `03` capped.
    pub fee_type: Fixed<2>,
    /// FeeCode, cents.
    pub fee_code: Fixed<6>,
    /// FixedFee, cents; none in dialect 1.3.
    pub fixed_fee: Option<Fixed<6>>,
    /// MsgFormat.
    pub msg_format: u8,
    /// ValidTime, in SMPP's format.
    pub valid_time: Fixed<17>,
    /// AtTime, in SMPP's format.
    pub at_time: Fixed<17>,
    /// SrcTermID.
    pub src_term_id: Fixed<21>,
    /// ChargeTermID; empty: the recipient pays.
    pub charge_term_id: Fixed<21>,
    /// DestTermID, as many as DestTermIDCount says.
    pub dest_term_ids: Vec<Fixed<21>>,
    /// MsgContent.
    pub content: Octets,
    /// Reserve.
    pub reserve: Fixed<8>,
    /// Optional fields.
    pub tlvs: Vec<Tlv>,
}

impl Submit {
    pub(super) fn read(version: Version, body: &mut Reader<'_>) -> Result<Self, Short> {
        Ok(Self {
            msg_type: body.u8("MsgType")?,
            need_report: body.u8("NeedReport")?,
            priority: body.u8("Priority")?,
            service_id: body.fixed("ServiceID")?,
            fee_type: body.fixed("FeeType")?,
            fee_code: body.fixed("FeeCode")?,
            fixed_fee: match version {
                Version::Current => Some(body.fixed("FixedFee")?),
                Version::Old => None,
            },
            msg_format: body.u8("MsgFormat")?,
            valid_time: body.fixed("ValidTime")?,
            at_time: body.fixed("AtTime")?,
            src_term_id: body.fixed("SrcTermID")?,
            charge_term_id: body.fixed("ChargeTermID")?,
            dest_term_ids: read_numbers(body)?,
            content: {
                let length = body.u8("MsgLength")?;
                body.bytes("MsgContent", usize::from(length))?.into()
            },
            reserve: body.fixed("Reserve")?,
            tlvs: read_tlvs(body),
        })
    }

    pub(super) fn write(&self, w: &mut Writer<'_>) {
        w.u8(self.msg_type).u8(self.need_report).u8(self.priority);
        w.bytes(self.service_id.wire()).bytes(self.fee_type.wire()).bytes(self.fee_code.wire());
        if let Some(fixed_fee) = &self.fixed_fee {
            w.bytes(fixed_fee.wire());
        }
        w.u8(self.msg_format).bytes(self.valid_time.wire()).bytes(self.at_time.wire());
        w.bytes(self.src_term_id.wire()).bytes(self.charge_term_id.wire());
        let count = u8::try_from(self.dest_term_ids.len()).unwrap_or(u8::MAX);
        w.u8(count);
        for number in self.dest_term_ids.iter().take(usize::from(count)) {
            w.bytes(number.wire());
        }
        write_content(&self.content.0, w);
        w.bytes(self.reserve.wire());
        write_tlvs(&self.tlvs, w);
    }
}

/// Reads numbers behind their count; none is kept before all are known to be there.
fn read_numbers(body: &mut Reader<'_>) -> Result<Vec<Fixed<21>>, Short> {
    let count = body.u8("DestTermIDCount")?;
    let bytes = body.bytes("DestTermID", usize::from(count) * 21)?;
    Ok(bytes.as_chunks().0.iter().map(|number| Fixed::from_wire(*number)).collect())
}

/// The answer to SUBMIT and to DELIVER.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// MsgID.
    pub msg_id: [u8; 10],
    /// Status.
    pub status: u32,
}

impl Taken {
    pub(super) fn read(body: &mut Reader<'_>) -> Result<Self, Short> {
        Ok(Self { msg_id: body.array("MsgID")?, status: body.u32("Status")? })
    }

    pub(super) fn write(&self, w: &mut Writer<'_>) {
        w.bytes(&self.msg_id).u32(self.status);
    }
}
