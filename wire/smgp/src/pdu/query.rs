//! QUERY and its answer: a day's counts.

use anning_link::{Fixed, Reader, Short, Writer};

/// Asks for a day's counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Time: YYYYMMDD.
    pub time: Fixed<8>,
    /// QueryType: 0 all, 1 one business code.
    pub query_type: u8,
    /// QueryCode: the business code.
    pub query_code: Fixed<10>,
}

impl Query {
    pub(super) fn read(body: &mut Reader<'_>) -> Result<Self, Short> {
        Ok(Self {
            time: body.fixed("QueryTime")?,
            query_type: body.u8("QueryType")?,
            query_code: body.fixed("QueryCode")?,
        })
    }

    pub(super) fn write(&self, w: &mut Writer<'_>) {
        w.bytes(self.time.wire()).u8(self.query_type).bytes(self.query_code.wire());
    }
}

/// The counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryResp {
    /// What was asked.
    pub asked: Query,
    /// MT_TLMsg, MT_Tlusr, MT_Scs, MT_WT, MT_FL, MO_Scs, MO_WT, MO_FL.
    pub counts: [u32; 8],
    /// Reserve.
    pub reserve: Fixed<8>,
}

impl QueryResp {
    pub(super) fn read(body: &mut Reader<'_>) -> Result<Self, Short> {
        let asked = Query::read(body)?;
        let mut counts = [0; 8];
        for (count, field) in counts.iter_mut().zip(COUNTS) {
            *count = body.u32(field)?;
        }
        Ok(Self { asked, counts, reserve: body.fixed("Reserve")? })
    }

    pub(super) fn write(&self, w: &mut Writer<'_>) {
        self.asked.write(w);
        for count in self.counts {
            w.u32(count);
        }
        w.bytes(self.reserve.wire());
    }
}

const COUNTS: [&str; 8] = ["MT_TLMsg", "MT_Tlusr", "MT_Scs", "MT_WT", "MT_FL", "MO_Scs", "MO_WT", "MO_FL"];
