//! PDUs as they stand on the wire, without losing a byte: what is decoded is encoded again to the same bytes.

mod bind;
mod deliver;
mod other;
mod submit;

pub use bind::{Bind, Resp};
pub use deliver::{Deliver, Report};
pub use other::{Node, Trace, TraceResp, UserRpt};
pub use submit::Submit;

use anning_link::{Fault, Fixed, Malformed, Octets, Reader, Sequence, Short, Writer};

/// One frame: its number, its PDU, and what follows the last field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// SequenceNumber: source node, time, counter.
    pub sequence: Sequence,
    /// The PDU.
    pub pdu: Pdu,
    /// Bytes after the last field: the nine that some give to UNBIND_RESP, or part of a Reserve.
    pub tail: Octets,
}

/// What a frame says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pdu {
    /// BIND.
    Bind(Bind),
    /// BIND_RESP. Some gateways say 0 to whom they refuse, and close at once.
    BindResp(Resp),
    /// UNBIND.
    Unbind,
    /// UNBIND_RESP: by the letter without a body.
    UnbindResp,
    /// SUBMIT.
    Submit(Box<Submit>),
    /// SUBMIT_RESP.
    SubmitResp(Resp),
    /// DELIVER.
    Deliver(Box<Deliver>),
    /// DELIVER_RESP.
    DeliverResp(Resp),
    /// REPORT.
    Report(Report),
    /// REPORT_RESP.
    ReportResp(Resp),
    /// USERRPT.
    UserRpt(UserRpt),
    /// USERRPT_RESP.
    UserRptResp(Resp),
    /// TRACE.
    Trace(Trace),
    /// TRACE_RESP.
    TraceResp(TraceResp),
    /// A command between nodes (routes, charging), by its number, with its body.
    Foreign(u32, Octets),
}

impl Frame {
    /// A frame that ends with its last field.
    #[must_use]
    pub const fn new(sequence: Sequence, pdu: Pdu) -> Self {
        Self { sequence, pdu, tail: Octets(Vec::new()) }
    }

    /// Reads one whole frame.
    ///
    /// # Errors
    /// [`Malformed`], by the first field that is not there.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut head = Reader::new(bytes);
        let (length, command, sequence) =
            header(&mut head).map_err(|short| Malformed::short(0, Sequence::default(), 0, short))?;
        if usize::try_from(length) != Ok(bytes.len()) {
            let fault = Fault::Value(length);
            return Err(Malformed { command, sequence, field: "MessageLength", at: 0, fault });
        }
        let mut body = Reader::new(head.rest());
        let pdu = Pdu::read(command, &mut body)
            .map_err(|short| Malformed::short(command, sequence, HEAD, short))?
            .ok_or(Malformed { command, sequence, field: "CommandId", at: 4, fault: Fault::Command })?;
        Ok(Self { sequence, pdu, tail: body.rest().into() })
    }

    /// Writes it at the end of `out`. Lists are cut where their counter ends (255 numbers, 255 nodes).
    pub fn encode(&self, out: &mut Vec<u8>) {
        let Sequence([node, time, counter]) = self.sequence;
        let mut w = Writer::begin(out);
        w.u32(self.pdu.command()).u32(node).u32(time).u32(counter);
        self.pdu.write(&mut w);
        w.bytes(&self.tail.0);
        w.end();
    }
}

/// Command and number of a frame, whatever its body is; none where it ends before.
pub(crate) fn numbered(bytes: &[u8]) -> Option<(u32, Sequence)> {
    let (_, command, sequence) = header(&mut Reader::new(bytes)).ok()?;
    Some((command, sequence))
}

impl Pdu {
    /// CommandId.
    #[must_use]
    pub const fn command(&self) -> u32 {
        match self {
            Self::Bind(_) => BIND,
            Self::BindResp(_) => BIND | RESPONSE,
            Self::Unbind => UNBIND,
            Self::UnbindResp => UNBIND | RESPONSE,
            Self::Submit(_) => SUBMIT,
            Self::SubmitResp(_) => SUBMIT | RESPONSE,
            Self::Deliver(_) => DELIVER,
            Self::DeliverResp(_) => DELIVER | RESPONSE,
            Self::Report(_) => REPORT,
            Self::ReportResp(_) => REPORT | RESPONSE,
            Self::UserRpt(_) => USERRPT,
            Self::UserRptResp(_) => USERRPT | RESPONSE,
            Self::Trace(_) => TRACE,
            Self::TraceResp(_) => TRACE | RESPONSE,
            Self::Foreign(command, _) => *command,
        }
    }

    /// Reads a body; none for a command that does not exist.
    fn read(command: u32, body: &mut Reader<'_>) -> Result<Option<Self>, Short> {
        let pdu = match (command & !RESPONSE, command & RESPONSE != 0) {
            (BIND, false) => Self::Bind(Bind::read(body)?),
            (BIND, true) => Self::BindResp(Resp::read(body)?),
            (UNBIND, false) => Self::Unbind,
            (UNBIND, true) => Self::UnbindResp,
            (SUBMIT, false) => Self::Submit(Box::new(Submit::read(body)?)),
            (SUBMIT, true) => Self::SubmitResp(Resp::read(body)?),
            (DELIVER, false) => Self::Deliver(Box::new(Deliver::read(body)?)),
            (DELIVER, true) => Self::DeliverResp(Resp::read(body)?),
            (REPORT, false) => Self::Report(Report::read(body)?),
            (REPORT, true) => Self::ReportResp(Resp::read(body)?),
            (USERRPT, false) => Self::UserRpt(UserRpt::read(body)?),
            (USERRPT, true) => Self::UserRptResp(Resp::read(body)?),
            (TRACE, false) => Self::Trace(Trace::read(body)?),
            (TRACE, true) => Self::TraceResp(TraceResp::read(body)?),
            (FOREIGN_FIRST..=FOREIGN_LAST, _) => {
                let rest = body.rest();
                Self::Foreign(command, body.bytes("body", rest.len())?.into())
            }
            _ => return Ok(None),
        };
        Ok(Some(pdu))
    }

    fn write(&self, w: &mut Writer<'_>) {
        match self {
            Self::Bind(bind) => bind.write(w),
            Self::BindResp(resp)
            | Self::SubmitResp(resp)
            | Self::DeliverResp(resp)
            | Self::ReportResp(resp)
            | Self::UserRptResp(resp) => resp.write(w),
            Self::Unbind | Self::UnbindResp => {}
            Self::Submit(submit) => submit.write(w),
            Self::Deliver(deliver) => deliver.write(w),
            Self::Report(report) => report.write(w),
            Self::UserRpt(state) => state.write(w),
            Self::Trace(trace) => trace.write(w),
            Self::TraceResp(nodes) => nodes.write(w),
            Self::Foreign(_, body) => {
                w.bytes(&body.0);
            }
        }
    }
}

fn header(head: &mut Reader<'_>) -> Result<(u32, u32, Sequence), Short> {
    let length = head.u32("MessageLength")?;
    let command = head.u32("CommandId")?;
    let mut number = || head.u32("SequenceNumber");
    Ok((length, command, Sequence([number()?, number()?, number()?])))
}

/// Reads Reserve where it is there as a whole; part of one stays for the tail.
fn read_reserve(body: &mut Reader<'_>) -> Option<Fixed<8>> {
    body.fixed("Reserve").ok()
}

fn write_reserve(reserve: Option<&Fixed<8>>, w: &mut Writer<'_>) {
    if let Some(reserve) = reserve {
        w.bytes(reserve.wire());
    }
}

/// Reads a content behind its length of four bytes, which the frame's own length bounds.
fn read_content(body: &mut Reader<'_>) -> Result<Octets, Short> {
    let length = body.u32("MessageLength")?;
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    Ok(body.bytes("MessageContent", length)?.into())
}

fn write_content(content: &Octets, w: &mut Writer<'_>) {
    let length = u32::try_from(content.0.len()).unwrap_or(u32::MAX);
    w.u32(length).bytes(&content.0);
}

/// Bytes of the header.
pub const HEAD: usize = 20;
/// The bit that makes a response of a request.
pub const RESPONSE: u32 = 0x8000_0000;
/// CommandId of BIND.
pub const BIND: u32 = 1;
/// CommandId of UNBIND.
pub const UNBIND: u32 = 2;
/// CommandId of SUBMIT.
pub const SUBMIT: u32 = 3;
/// CommandId of DELIVER.
pub const DELIVER: u32 = 4;
/// CommandId of REPORT.
pub const REPORT: u32 = 5;
const FOREIGN_FIRST: u32 = 6;
const FOREIGN_LAST: u32 = 0x10;
/// CommandId of USERRPT.
pub const USERRPT: u32 = 0x11;
/// CommandId of TRACE.
pub const TRACE: u32 = 0x1000;
