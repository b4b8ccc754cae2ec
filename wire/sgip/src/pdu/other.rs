//! USERRPT and TRACE.

use anning_link::{Fixed, Reader, Short, Writer};

use super::{read_reserve, write_reserve};

/// Tells that a subscriber's state has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserRpt {
    /// SPNumber.
    pub sp_number: Fixed<21>,
    /// UserNumber.
    pub user_number: Fixed<21>,
    /// UserCondition: 0 cancelled, 1 suspended for debt, 2 back to normal.
    pub user_condition: u8,
    /// Reserve.
    pub reserve: Option<Fixed<8>>,
}

impl UserRpt {
    pub(super) fn read(body: &mut Reader<'_>) -> Result<Self, Short> {
        Ok(Self {
            sp_number: body.fixed("SPNumber")?,
            user_number: body.fixed("UserNumber")?,
            user_condition: body.u8("UserCondition")?,
            reserve: read_reserve(body),
        })
    }

    pub(super) fn write(&self, w: &mut Writer<'_>) {
        w.bytes(self.sp_number.wire()).bytes(self.user_number.wire()).u8(self.user_condition);
        write_reserve(self.reserve.as_ref(), w);
    }
}

/// Asks which nodes a message went through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// SubmitSequenceNumber.
    pub submit_sequence: [u8; 12],
    /// UserNumber.
    pub user_number: Fixed<21>,
    /// Reserve.
    pub reserve: Option<Fixed<8>>,
}

impl Trace {
    pub(super) fn read(body: &mut Reader<'_>) -> Result<Self, Short> {
        Ok(Self {
            submit_sequence: body.array("SubmitSequenceNumber")?,
            user_number: body.fixed("UserNumber")?,
            reserve: read_reserve(body),
        })
    }

    pub(super) fn write(&self, w: &mut Writer<'_>) {
        w.bytes(&self.submit_sequence).bytes(self.user_number.wire());
        write_reserve(self.reserve.as_ref(), w);
    }
}

/// The nodes, as many as Count says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TraceResp(pub Vec<Node>);

/// What one node did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// Result.
    pub result: u8,
    /// NodeId.
    pub node_id: Fixed<6>,
    /// ReceiveTime.
    pub receive_time: Fixed<16>,
    /// SendTime.
    pub send_time: Fixed<16>,
    /// Reserve.
    pub reserve: Fixed<8>,
}

impl TraceResp {
    pub(super) fn read(body: &mut Reader<'_>) -> Result<Self, Short> {
        let count = body.u8("Count")?;
        // None is kept before all are known to be there.
        let mut nodes = Reader::new(body.bytes("Result", usize::from(count) * NODE)?);
        (0..count).map(|_| Node::read(&mut nodes)).collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn write(&self, w: &mut Writer<'_>) {
        let count = u8::try_from(self.0.len()).unwrap_or(u8::MAX);
        w.u8(count);
        for node in self.0.iter().take(usize::from(count)) {
            w.u8(node.result).bytes(node.node_id.wire()).bytes(node.receive_time.wire());
            w.bytes(node.send_time.wire()).bytes(node.reserve.wire());
        }
    }
}

impl Node {
    fn read(nodes: &mut Reader<'_>) -> Result<Self, Short> {
        Ok(Self {
            result: nodes.u8("Result")?,
            node_id: nodes.fixed("NodeId")?,
            receive_time: nodes.fixed("ReceiveTime")?,
            send_time: nodes.fixed("SendTime")?,
            reserve: nodes.fixed("Reserve")?,
        })
    }
}

const NODE: usize = 47;
