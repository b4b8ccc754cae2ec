//! SUBMIT.

use anning_link::{Fixed, Reader, Writer};

use super::{Layout, Number, Wrong, read_number, write_number};

/// SUBMIT: a message, or a segment of one, for one or many numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Submit {
    /// How wide its numbers are.
    pub layout: Layout,
    /// Msg_Id: 0 from an SP by the book.
    pub msg_id: [u8; 8],
    /// Pk_total. May disagree with the content's header.
    pub pk_total: u8,
    /// Pk_number, from 1.
    pub pk_number: u8,
    /// Registered_Delivery: 1 wants a status report; 2 in 2.0: a billing record only.
    pub registered_delivery: u8,
    /// Msg_level.
    pub msg_level: u8,
    /// Service_Id.
    pub service_id: Fixed<10>,
    /// Fee_UserType: 0 destination, 1 source, 2 SP, 3 see the next.
    pub fee_user_type: u8,
    /// Fee_terminal_Id.
    pub fee_terminal_id: Number,
    /// Fee_terminal_type, in 3.0: 0 real number, 1 pseudo code.
    pub fee_terminal_type: u8,
    /// TP_pid.
    pub tp_pid: u8,
    /// TP_udhi: 1 if the content begins with a header; 0x40 in the field.
    pub tp_udhi: u8,
    /// Msg_Fmt.
    pub msg_fmt: u8,
    /// Msg_src: SP_Id.
    pub msg_src: Fixed<6>,
    /// FeeType.
    pub fee_type: Fixed<2>,
    /// FeeCode.
    pub fee_code: Fixed<6>,
    /// ValId_Time.
    pub valid_time: Fixed<17>,
    /// At_Time.
    pub at_time: Fixed<17>,
    /// Src_Id.
    pub src_id: Fixed<21>,
    /// Dest_terminal_Id, 1 to 255 of them; the book says at most 99.
    pub dest_terminal_ids: Vec<Number>,
    /// Dest_terminal_type, in 3.0: one for all.
    pub dest_terminal_type: u8,
    /// Msg_Content, at most 255 bytes.
    pub content: Vec<u8>,
    /// Reserve (8 bytes) or LinkID (20 bytes) by the book: whatever is left.
    pub tail: Vec<u8>,
}

impl Submit {
    pub(super) fn read(reader: &mut Reader<'_>, layout: Layout) -> Result<Self, Wrong> {
        let mut submit = Self { layout, ..Self::default() };
        let wide = layout == Layout::Wide;
        submit.msg_id = reader.array("Msg_Id")?;
        submit.pk_total = reader.u8("Pk_total")?;
        submit.pk_number = reader.u8("Pk_number")?;
        submit.registered_delivery = reader.u8("Registered_Delivery")?;
        submit.msg_level = reader.u8("Msg_level")?;
        submit.service_id = reader.fixed("Service_Id")?;
        submit.fee_user_type = reader.u8("Fee_UserType")?;
        submit.fee_terminal_id = read_number(reader, "Fee_terminal_Id", layout)?;
        if wide {
            submit.fee_terminal_type = reader.u8("Fee_terminal_type")?;
        }
        submit.tp_pid = reader.u8("TP_pid")?;
        submit.tp_udhi = reader.u8("TP_udhi")?;
        submit.msg_fmt = reader.u8("Msg_Fmt")?;
        submit.msg_src = reader.fixed("Msg_src")?;
        submit.fee_type = reader.fixed("FeeType")?;
        submit.fee_code = reader.fixed("FeeCode")?;
        submit.valid_time = reader.fixed("ValId_Time")?;
        submit.at_time = reader.fixed("At_Time")?;
        submit.src_id = reader.fixed("Src_Id")?;
        let at = reader.at();
        let count = reader.u8("DestUsr_tl")?;
        if count == 0 {
            return Err(Wrong::Value("DestUsr_tl", at, 0));
        }
        for _ in 0..count {
            submit.dest_terminal_ids.push(read_number(reader, "Dest_terminal_Id", layout)?);
        }
        if wide {
            submit.dest_terminal_type = reader.u8("Dest_terminal_type")?;
        }
        let length = reader.u8("Msg_Length")?;
        submit.content = reader.bytes("Msg_Content", length.into())?.to_vec();
        submit.tail = reader.rest().to_vec();
        Ok(submit)
    }

    /// Of more numbers or bytes than their count can say, the first 255 are written.
    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        let wide = self.layout == Layout::Wide;
        writer.bytes(&self.msg_id).u8(self.pk_total).u8(self.pk_number);
        writer.u8(self.registered_delivery).u8(self.msg_level).bytes(self.service_id.wire());
        writer.u8(self.fee_user_type);
        write_number(writer, &self.fee_terminal_id, self.layout);
        if wide {
            writer.u8(self.fee_terminal_type);
        }
        writer.u8(self.tp_pid).u8(self.tp_udhi).u8(self.msg_fmt).bytes(self.msg_src.wire());
        writer.bytes(self.fee_type.wire()).bytes(self.fee_code.wire());
        writer.bytes(self.valid_time.wire()).bytes(self.at_time.wire()).bytes(self.src_id.wire());
        let count = u8::try_from(self.dest_terminal_ids.len()).unwrap_or(u8::MAX);
        writer.u8(count);
        for number in self.dest_terminal_ids.iter().take(count.into()) {
            write_number(writer, number, self.layout);
        }
        if wide {
            writer.u8(self.dest_terminal_type);
        }
        super::deliver::write_content(writer, &self.content);
        writer.bytes(&self.tail);
    }
}
