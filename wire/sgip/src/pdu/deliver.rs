//! DELIVER and REPORT, which SGIP keeps apart.

use anning_link::{Fixed, Octets, Reader, Short, Writer};

use super::{read_content, read_reserve, write_content, write_reserve};

/// Hands over a subscriber's message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deliver {
    /// UserNumber: the subscriber.
    pub user_number: Fixed<21>,
    /// SPNumber: the access number.
    pub sp_number: Fixed<21>,
    /// TP_pid.
    pub tp_pid: u8,
    /// TP_udhi.
    pub tp_udhi: u8,
    /// MessageCoding.
    pub message_coding: u8,
    /// MessageContent.
    pub content: Octets,
    /// Reserve.
    pub reserve: Option<Fixed<8>>,
}

impl Deliver {
    pub(super) fn read(body: &mut Reader<'_>) -> Result<Self, Short> {
        Ok(Self {
            user_number: body.fixed("UserNumber")?,
            sp_number: body.fixed("SPNumber")?,
            tp_pid: body.u8("TP_pid")?,
            tp_udhi: body.u8("TP_udhi")?,
            message_coding: body.u8("MessageCoding")?,
            content: read_content(body)?,
            reserve: read_reserve(body),
        })
    }

    pub(super) fn write(&self, w: &mut Writer<'_>) {
        w.bytes(self.user_number.wire()).bytes(self.sp_number.wire());
        w.u8(self.tp_pid).u8(self.tp_udhi).u8(self.message_coding);
        write_content(&self.content, w);
        write_reserve(self.reserve.as_ref(), w);
    }
}

/// Tells what became of a message to one recipient.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// SubmitSequenceNumber: node, time, counter.
    pub submit_sequence: [u8; 12],
    /// ReportType: 0 about a SUBMIT, 1 about a DELIVER that was passed on.
    pub report_type: u8,
    /// UserNumber: which recipient.
    pub user_number: Fixed<21>,
    /// State: 0 delivered, 1 waiting, 2 failed.
    pub state: u8,
    /// ErrorCode, where it failed.
    pub error_code: u8,
    /// Reserve.
    pub reserve: Option<Fixed<8>>,
}

impl Report {
    pub(super) fn read(body: &mut Reader<'_>) -> Result<Self, Short> {
        Ok(Self {
            submit_sequence: body.array("SubmitSequenceNumber")?,
            report_type: body.u8("ReportType")?,
            user_number: body.fixed("UserNumber")?,
            state: body.u8("State")?,
            error_code: body.u8("ErrorCode")?,
            reserve: read_reserve(body),
        })
    }

    pub(super) fn write(&self, w: &mut Writer<'_>) {
        w.bytes(&self.submit_sequence).u8(self.report_type).bytes(self.user_number.wire());
        w.u8(self.state).u8(self.error_code);
        write_reserve(self.reserve.as_ref(), w);
    }
}
