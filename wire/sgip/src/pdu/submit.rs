//! SUBMIT.

use anning_link::{Fixed, Octets, Reader, Short, Writer};

use super::{read_content, read_reserve, write_content, write_reserve};

/// Hands in a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Submit {
    /// SPNumber: the access number.
    pub sp_number: Fixed<21>,
    /// ChargeNumber: the payer; empty for each recipient, 21 ASCII zeros for the sender.
    pub charge_number: Fixed<21>,
    /// UserNumber, as many as UserCount says.
    pub user_numbers: Vec<Fixed<21>>,
    /// CorpId: enterprise code, five digits and no zero behind them.
    pub corp_id: Fixed<5>,
    /// ServiceType.
    pub service_type: Fixed<10>,
    /// FeeType: 0-4.
    pub fee_type: u8,
    /// FeeValue, cents.
    pub fee_value: Fixed<6>,
    /// GivenValue, cents.
    pub given_value: Fixed<6>,
    /// AgentFlag: 0 receivable, 1 received.
    pub agent_flag: u8,
    /// MorelatetoMTFlag: 0 first message after the recipient's, 1 a later one, 2 caused by none, 3 system.
    pub more_late_to_mt_flag: u8,
    /// Priority: 0-9.
    pub priority: u8,
    /// ExpireTime: YYMMDDhhmmss`032+`.
    pub expire_time: Fixed<16>,
    /// ScheduleTime, likewise.
    pub schedule_time: Fixed<16>,
    /// ReportFlag: 0 on failure only, 1 always, 2 never, 3 for billing only.
    pub report_flag: u8,
    /// TP_pid.
    pub tp_pid: u8,
    /// TP_udhi.
    pub tp_udhi: u8,
    /// MessageCoding.
    pub message_coding: u8,
    /// MessageType: 0.
    pub message_type: u8,
    /// MessageContent.
    pub content: Octets,
    /// Reserve.
    pub reserve: Option<Fixed<8>>,
}

impl Submit {
    pub(super) fn read(body: &mut Reader<'_>) -> Result<Self, Short> {
        Ok(Self {
            sp_number: body.fixed("SPNumber")?,
            charge_number: body.fixed("ChargeNumber")?,
            user_numbers: read_numbers(body)?,
            corp_id: body.fixed("CorpId")?,
            service_type: body.fixed("ServiceType")?,
            fee_type: body.u8("FeeType")?,
            fee_value: body.fixed("FeeValue")?,
            given_value: body.fixed("GivenValue")?,
            agent_flag: body.u8("AgentFlag")?,
            more_late_to_mt_flag: body.u8("MorelatetoMTFlag")?,
            priority: body.u8("Priority")?,
            expire_time: body.fixed("ExpireTime")?,
            schedule_time: body.fixed("ScheduleTime")?,
            report_flag: body.u8("ReportFlag")?,
            tp_pid: body.u8("TP_pid")?,
            tp_udhi: body.u8("TP_udhi")?,
            message_coding: body.u8("MessageCoding")?,
            message_type: body.u8("MessageType")?,
            content: read_content(body)?,
            reserve: read_reserve(body),
        })
    }

    pub(super) fn write(&self, w: &mut Writer<'_>) {
        w.bytes(self.sp_number.wire()).bytes(self.charge_number.wire());
        let count = u8::try_from(self.user_numbers.len()).unwrap_or(u8::MAX);
        w.u8(count);
        for number in self.user_numbers.iter().take(usize::from(count)) {
            w.bytes(number.wire());
        }
        w.bytes(self.corp_id.wire()).bytes(self.service_type.wire()).u8(self.fee_type);
        w.bytes(self.fee_value.wire()).bytes(self.given_value.wire());
        w.u8(self.agent_flag).u8(self.more_late_to_mt_flag).u8(self.priority);
        w.bytes(self.expire_time.wire()).bytes(self.schedule_time.wire());
        w.u8(self.report_flag).u8(self.tp_pid).u8(self.tp_udhi);
        w.u8(self.message_coding).u8(self.message_type);
        write_content(&self.content, w);
        write_reserve(self.reserve.as_ref(), w);
    }
}

/// Reads numbers behind their count; none is kept before all are known to be there.
fn read_numbers(body: &mut Reader<'_>) -> Result<Vec<Fixed<21>>, Short> {
    let count = body.u8("UserCount")?;
    let bytes = body.bytes("UserNumber", usize::from(count) * 21)?;
    Ok(bytes.as_chunks().0.iter().map(|number| Fixed::from_wire(*number)).collect())
}
