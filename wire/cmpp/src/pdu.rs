//! PDUs as they stand on the wire: read and written without losing a byte.

mod deliver;
mod session;
mod submit;

pub use deliver::{Deliver, Report};
pub use session::{Answered, Cancel, Code, Connect, ConnectResp, Query, QueryResp};
pub use submit::Submit;

use anning_link::{Fault, Fixed, Malformed, Reader, Sequence, Short, Writer};

pub use crate::version::Layout;

/// One PDU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pdu {
    /// Sequence_Id. 0 is legal.
    pub sequence: u32,
    /// What follows the header.
    pub body: Body,
}

/// What follows the header, by Command_Id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// 1.
    Connect(Connect),
    /// 0x80000001.
    ConnectResp(ConnectResp),
    /// 2. What stands after the header should be nothing.
    Terminate(Vec<u8>),
    /// 0x80000002. What stands after the header should be nothing.
    TerminateResp(Vec<u8>),
    /// 4.
    Submit(Box<Submit>),
    /// 0x80000004.
    SubmitResp(Answered),
    /// 5.
    Deliver(Box<Deliver>),
    /// 0x80000005.
    DeliverResp(Answered),
    /// 6.
    Query(Query),
    /// 0x80000006.
    QueryResp(QueryResp),
    /// 7.
    Cancel(Cancel),
    /// 0x80000007: Success_Id, and what follows it.
    CancelResp(Code, Vec<u8>),
    /// 8. What stands after the header should be nothing.
    ActiveTest(Vec<u8>),
    /// 0x80000008: Reserved should be one byte.
    ActiveTestResp(Vec<u8>),
    /// Any other command, unread.
    Other(u32, Vec<u8>),
}

impl Pdu {
    /// Reads one whole frame, SUBMIT and DELIVER in the layout of the connection; answers by their length.
    ///
    /// # Errors
    /// [`Malformed`]: it ends inside a field, or a field cannot be.
    pub fn decode(frame: &[u8], layout: Layout) -> Result<Self, Malformed> {
        let mut header = Reader::new(frame);
        let short = |short: Short| Malformed::short(0, Sequence::default(), 0, short);
        let length = header.u32("Total_Length").map_err(short)?;
        let command = header.u32("Command_Id").map_err(short)?;
        let sequence = header.u32("Sequence_Id").map_err(short)?;
        let wrong =
            |field, at, fault| Malformed { command, sequence: Sequence::of(sequence), field, at, fault };
        if usize::try_from(length) != Ok(frame.len()) {
            return Err(wrong("Total_Length", 0, Fault::Value(length)));
        }
        let body = header.rest();
        let mut reader = Reader::new(body);
        let body = match body_of(command, &mut reader, layout) {
            Ok(body) => body,
            Err(Wrong::Short(short)) => return Err(wrong(short.field, HEADER + short.at, Fault::Short)),
            Err(Wrong::Value(field, at, value)) => {
                return Err(wrong(field, HEADER + at, Fault::Value(value)));
            }
        };
        Ok(Self { sequence, body })
    }

    /// Writes it at the end of `out`, header first.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let mut writer = Writer::begin(out);
        writer.u32(self.body.command()).u32(self.sequence);
        match &self.body {
            Body::Connect(connect) => connect.write(&mut writer),
            Body::ConnectResp(answer) => answer.write(&mut writer),
            Body::Submit(submit) => submit.write(&mut writer),
            Body::Deliver(deliver) => deliver.write(&mut writer),
            Body::SubmitResp(answer) | Body::DeliverResp(answer) => answer.write(&mut writer),
            Body::Query(query) => query.write(&mut writer),
            Body::QueryResp(answer) => answer.write(&mut writer),
            Body::Cancel(cancel) => cancel.write(&mut writer),
            Body::CancelResp(code, tail) => {
                code.write(&mut writer);
                writer.bytes(tail);
            }
            Body::Terminate(tail)
            | Body::TerminateResp(tail)
            | Body::ActiveTest(tail)
            | Body::ActiveTestResp(tail)
            | Body::Other(_, tail) => {
                writer.bytes(tail);
            }
        }
        writer.end();
    }
}

impl Body {
    /// Command_Id.
    #[must_use]
    pub const fn command(&self) -> u32 {
        match self {
            Self::Connect(_) => CONNECT,
            Self::ConnectResp(_) => CONNECT | ANSWER,
            Self::Terminate(_) => TERMINATE,
            Self::TerminateResp(_) => TERMINATE | ANSWER,
            Self::Submit(_) => SUBMIT,
            Self::SubmitResp(_) => SUBMIT | ANSWER,
            Self::Deliver(_) => DELIVER,
            Self::DeliverResp(_) => DELIVER | ANSWER,
            Self::Query(_) => QUERY,
            Self::QueryResp(_) => QUERY | ANSWER,
            Self::Cancel(_) => CANCEL,
            Self::CancelResp(..) => CANCEL | ANSWER,
            Self::ActiveTest(_) => ACTIVE_TEST,
            Self::ActiveTestResp(_) => ACTIVE_TEST | ANSWER,
            Self::Other(command, _) => *command,
        }
    }
}

/// Why a body cannot be read.
pub(crate) enum Wrong {
    Short(Short),
    Value(&'static str, usize, u32),
}

impl From<Short> for Wrong {
    fn from(short: Short) -> Self {
        Self::Short(short)
    }
}

/// A subscriber's number in the room of its layout. In the narrow one the rest of this room stays empty.
pub type Number = Fixed<32>;

fn read_number(reader: &mut Reader<'_>, field: &'static str, layout: Layout) -> Result<Number, Short> {
    let mut room = [0; 32];
    let bytes = reader.bytes(field, layout.number())?;
    for (to, from) in room.iter_mut().zip(bytes) {
        *to = *from;
    }
    Ok(Number::from_wire(room))
}

fn write_number(writer: &mut Writer<'_>, number: &Number, layout: Layout) {
    writer.bytes(number.wire().get(..layout.number()).unwrap_or(&[]));
}

fn body_of(command: u32, reader: &mut Reader<'_>, layout: Layout) -> Result<Body, Wrong> {
    const CONNECT_RESP: u32 = CONNECT | ANSWER;
    const TERMINATE_RESP: u32 = TERMINATE | ANSWER;
    const SUBMIT_RESP: u32 = SUBMIT | ANSWER;
    const DELIVER_RESP: u32 = DELIVER | ANSWER;
    const QUERY_RESP: u32 = QUERY | ANSWER;
    const CANCEL_RESP: u32 = CANCEL | ANSWER;
    const ACTIVE_TEST_RESP: u32 = ACTIVE_TEST | ANSWER;
    let rest = reader.rest();
    Ok(match command {
        CONNECT => Body::Connect(Connect::read(reader)?),
        CONNECT_RESP => Body::ConnectResp(ConnectResp::read(reader)?),
        TERMINATE => Body::Terminate(rest.to_vec()),
        TERMINATE_RESP => Body::TerminateResp(rest.to_vec()),
        SUBMIT => Body::Submit(Box::new(Submit::read(reader, layout)?)),
        SUBMIT_RESP => Body::SubmitResp(Answered::read(reader)?),
        DELIVER => Body::Deliver(Box::new(Deliver::read(reader, layout)?)),
        DELIVER_RESP => Body::DeliverResp(Answered::read(reader)?),
        QUERY => Body::Query(Query::read(reader)?),
        QUERY_RESP => Body::QueryResp(QueryResp::read(reader)?),
        CANCEL => Body::Cancel(Cancel::read(reader)?),
        CANCEL_RESP => {
            let code = Code::read(reader, "Success_Id", rest.len())?;
            Body::CancelResp(code, reader.rest().to_vec())
        }
        ACTIVE_TEST => Body::ActiveTest(rest.to_vec()),
        ACTIVE_TEST_RESP => Body::ActiveTestResp(rest.to_vec()),
        _ => Body::Other(command, rest.to_vec()),
    })
}

pub(crate) const HEADER: usize = 12;
pub(crate) const ANSWER: u32 = 0x8000_0000;
pub(crate) const CONNECT: u32 = 1;
pub(crate) const TERMINATE: u32 = 2;
pub(crate) const SUBMIT: u32 = 4;
pub(crate) const DELIVER: u32 = 5;
pub(crate) const QUERY: u32 = 6;
pub(crate) const CANCEL: u32 = 7;
pub(crate) const ACTIVE_TEST: u32 = 8;
