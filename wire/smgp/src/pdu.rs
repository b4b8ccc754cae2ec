//! PDUs as they stand on the wire, without losing a byte: what is decoded is encoded again to the same bytes.

mod deliver;
mod login;
mod query;
mod submit;

pub use deliver::Deliver;
pub use login::{Login, LoginResp};
pub use query::{Query, QueryResp};
pub use submit::{Submit, Taken};

use anning_link::{Fault, Malformed, Octets, Reader, Sequence, Short, Tlv, Writer};

use crate::version::Version;

/// One frame: its number, its PDU, and what follows the last field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// SequenceID.
    pub sequence: u32,
    /// The PDU.
    pub pdu: Pdu,
    /// Bytes after the last field: the body of a PDU that has none, or what is no whole optional field.
    pub tail: Octets,
}

/// What a frame says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pdu {
    /// LOGIN.
    Login(Login),
    /// LOGIN_RESP.
    LoginResp(LoginResp),
    /// SUBMIT.
    Submit(Box<Submit>),
    /// SUBMIT_RESP.
    SubmitResp(Taken),
    /// DELIVER.
    Deliver(Box<Deliver>),
    /// DELIVER_RESP.
    DeliverResp(Taken),
    /// ACTIVE_TEST.
    ActiveTest,
    /// ACTIVE_TEST_RESP; no body, unlike CMPP's.
    ActiveTestResp,
    /// EXIT.
    Exit,
    /// EXIT_RESP.
    ExitResp,
    /// QUERY.
    Query(Query),
    /// QUERY_RESP.
    QueryResp(Box<QueryResp>),
    /// A command between gateways or of the prepaid platform, by its RequestID, with its body.
    Foreign(u32, Octets),
}

impl Frame {
    /// A frame that ends with its last field.
    #[must_use]
    pub const fn new(sequence: u32, pdu: Pdu) -> Self {
        Self { sequence, pdu, tail: Octets(Vec::new()) }
    }

    /// Reads one whole frame.
    ///
    /// # Errors
    /// [`Malformed`], by the first field that is not there.
    pub fn decode(version: Version, bytes: &[u8]) -> Result<Self, Malformed> {
        let mut head = Reader::new(bytes);
        let [length, command, number] =
            header(&mut head).map_err(|short| Malformed::short(0, Sequence::default(), 0, short))?;
        let sequence = Sequence::of(number);
        if usize::try_from(length) != Ok(bytes.len()) {
            let fault = Fault::Value(length);
            return Err(Malformed { command, sequence, field: "PacketLength", at: 0, fault });
        }
        let mut body = Reader::new(head.rest());
        let pdu = Pdu::read(command, version, &mut body)
            .map_err(|short| Malformed::short(command, sequence, HEAD, short))?
            .ok_or(Malformed { command, sequence, field: "RequestID", at: 4, fault: Fault::Command })?;
        Ok(Self { sequence: number, pdu, tail: body.rest().into() })
    }

    /// Writes it at the end of `out`. Lists and texts are cut where their counter ends (255 numbers, 255 bytes of
    /// content, 65,535 bytes of an optional field).
    pub fn encode(&self, out: &mut Vec<u8>) {
        let mut w = Writer::begin(out);
        w.u32(self.pdu.command()).u32(self.sequence);
        self.pdu.write(&mut w);
        w.bytes(&self.tail.0);
        w.end();
    }
}

impl Pdu {
    /// RequestID.
    #[must_use]
    pub const fn command(&self) -> u32 {
        match self {
            Self::Login(_) => LOGIN,
            Self::LoginResp(_) => LOGIN | RESPONSE,
            Self::Submit(_) => SUBMIT,
            Self::SubmitResp(_) => SUBMIT | RESPONSE,
            Self::Deliver(_) => DELIVER,
            Self::DeliverResp(_) => DELIVER | RESPONSE,
            Self::ActiveTest => ACTIVE_TEST,
            Self::ActiveTestResp => ACTIVE_TEST | RESPONSE,
            Self::Exit => EXIT,
            Self::ExitResp => EXIT | RESPONSE,
            Self::Query(_) => QUERY,
            Self::QueryResp(_) => QUERY | RESPONSE,
            Self::Foreign(command, _) => *command,
        }
    }

    /// Reads a body; none for a command that does not exist.
    fn read(command: u32, version: Version, body: &mut Reader<'_>) -> Result<Option<Self>, Short> {
        let pdu = match (command & !RESPONSE, command & RESPONSE != 0) {
            (LOGIN, false) => Self::Login(Login::read(body)?),
            (LOGIN, true) => Self::LoginResp(LoginResp::read(body)?),
            (SUBMIT, false) => Self::Submit(Box::new(Submit::read(version, body)?)),
            (SUBMIT, true) => Self::SubmitResp(Taken::read(body)?),
            (DELIVER, false) => Self::Deliver(Box::new(Deliver::read(body)?)),
            (DELIVER, true) => Self::DeliverResp(Taken::read(body)?),
            (ACTIVE_TEST, false) => Self::ActiveTest,
            (ACTIVE_TEST, true) => Self::ActiveTestResp,
            (EXIT, false) => Self::Exit,
            (EXIT, true) => Self::ExitResp,
            (QUERY, false) => Self::Query(Query::read(body)?),
            (QUERY, true) => Self::QueryResp(Box::new(QueryResp::read(body)?)),
            (FORWARD | FOREIGN_FIRST..=FOREIGN_LAST, _) => {
                let rest = body.rest();
                Self::Foreign(command, body.bytes("body", rest.len())?.into())
            }
            _ => return Ok(None),
        };
        Ok(Some(pdu))
    }

    fn write(&self, w: &mut Writer<'_>) {
        match self {
            Self::Login(login) => login.write(w),
            Self::LoginResp(answer) => answer.write(w),
            Self::Submit(submit) => submit.write(w),
            Self::SubmitResp(taken) | Self::DeliverResp(taken) => taken.write(w),
            Self::Deliver(deliver) => deliver.write(w),
            Self::ActiveTest | Self::ActiveTestResp | Self::Exit | Self::ExitResp => {}
            Self::Query(query) => query.write(w),
            Self::QueryResp(answer) => answer.write(w),
            Self::Foreign(_, body) => {
                w.bytes(&body.0);
            }
        }
    }
}

fn header(head: &mut Reader<'_>) -> Result<[u32; 3], Short> {
    Ok([head.u32("PacketLength")?, head.u32("RequestID")?, head.u32("SequenceID")?])
}

/// Reads whole optional fields. What is none, or follows the last that is taken, stays for the tail.
fn read_tlvs(body: &mut Reader<'_>) -> Vec<Tlv> {
    let mut tlvs = Vec::new();
    while tlvs.len() < TLVS_MAX {
        let mut ahead = *body;
        let Ok(tlv) = read_tlv(&mut ahead) else { break };
        tlvs.push(tlv);
        *body = ahead;
    }
    tlvs
}

fn read_tlv(body: &mut Reader<'_>) -> Result<Tlv, Short> {
    let tag = body.u16("Tag")?;
    let length = body.u16("Length")?;
    Ok(Tlv { tag, value: body.bytes("Value", usize::from(length))?.to_vec() })
}

fn write_tlvs(tlvs: &[Tlv], w: &mut Writer<'_>) {
    for Tlv { tag, value } in tlvs {
        let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
        w.u16(*tag).u16(length).bytes(value.get(..usize::from(length)).unwrap_or(&[]));
    }
}

/// Writes a content behind its length of one byte.
fn write_content(content: &[u8], w: &mut Writer<'_>) {
    let length = u8::try_from(content.len()).unwrap_or(u8::MAX);
    w.u8(length).bytes(content.get(..usize::from(length)).unwrap_or(&[]));
}

/// Bytes of the header.
pub const HEAD: usize = 12;
/// Optional fields that are read of one PDU; what follows stays in its tail.
pub const TLVS_MAX: usize = 64;
/// The bit that makes a response of a request.
pub const RESPONSE: u32 = 0x8000_0000;
/// RequestID of LOGIN.
pub const LOGIN: u32 = 1;
/// RequestID of SUBMIT.
pub const SUBMIT: u32 = 2;
/// RequestID of DELIVER.
pub const DELIVER: u32 = 3;
/// RequestID of ACTIVE_TEST.
pub const ACTIVE_TEST: u32 = 4;
const FORWARD: u32 = 5;
/// RequestID of EXIT.
pub const EXIT: u32 = 6;
/// RequestID of QUERY.
pub const QUERY: u32 = 7;
const FOREIGN_FIRST: u32 = 8;
const FOREIGN_LAST: u32 = 0x12;
