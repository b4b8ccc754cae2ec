//! From a PDU to what it says.

use anning_link::{
    Answer, Asked, Fault, Findings, LoginMode, Malformed, MessageId, Query, ReportState, Sequence, Spoken,
};

use super::message;
use crate::Text;
use crate::command::{
    BROADCAST_SM, BROADCAST_SM_RESP, CANCEL_BROADCAST_SM, CANCEL_BROADCAST_SM_RESP, CANCEL_SM_RESP,
    ENQUIRE_LINK, ENQUIRE_LINK_RESP, GENERIC_NACK, QUERY_BROADCAST_SM, QUERY_BROADCAST_SM_RESP,
    QUERY_SM_RESP, SUBMIT_MULTI_RESP, UNBIND, UNBIND_RESP,
};
use crate::pdu::{Bind, Body, HEADER, Identified, MultiAnswer, Pdu, QueryAnswer, Taker};
use crate::{receipt, status};
use anning_link::Side;

/// What a PDU says; `length` is that of its frame.
pub(super) fn spoken(side: Side, pdu: Pdu, length: usize) -> Result<Spoken, Malformed> {
    let Pdu { status, sequence, body, tail } = pdu;
    let command = body.command();
    let wrong = |(field, at, value): message::Odd| {
        let fault = Fault::Value(value);
        Malformed { command, sequence: Sequence::of(sequence), field, at, fault }
    };
    Ok(match body {
        Body::Bind(mode, bind) => Spoken::Login(asked(mode, bind)),
        Body::BindAnswer(..) => Spoken::LoginAnswer(status, Vec::new()),
        Body::Submit(single) => message::submit(single, tail, length).map_err(wrong)?,
        Body::Multi(multi) => message::submit_multi(multi, tail, length).map_err(wrong)?,
        Body::Deliver(single) => message::deliver(single, tail),
        Body::Data(data) => {
            let single = message::single(data);
            match side {
                Side::Server => message::submit(single, tail, length).map_err(wrong)?,
                Side::Client => message::deliver(single, tail),
            }
        }
        Body::Answer(taker, id) => answer(side, taker, status, id),
        Body::MultiAnswer(answer) => Spoken::SubmitAnswer(multi_answer(status, answer)),
        Body::Query(query) => Spoken::Query(Query::State(id(query.message_id))),
        Body::QueryAnswer(answer) => Spoken::QueryAnswer(findings(status, answer)),
        Body::Cancel(cancel) => Spoken::Cancel(id(cancel.message_id)),
        Body::Outbind(_) | Body::Replace(_) | Body::Alert(_) => Spoken::Foreign(command),
        Body::Plain(command) => plain(command, status),
        Body::Raw(..) if BROADCASTS.contains(&command) => Spoken::Foreign(command),
        Body::Raw(..) => {
            let (sequence, fault) = (Sequence::of(sequence), Fault::Command);
            return Err(Malformed { command, sequence, field: "command_id", at: COMMAND_ID, fault });
        }
    })
}

fn plain(command: u32, status: u32) -> Spoken {
    match command {
        UNBIND => Spoken::Leave,
        UNBIND_RESP => Spoken::LeaveAnswer,
        ENQUIRE_LINK => Spoken::Alive,
        ENQUIRE_LINK_RESP => Spoken::AliveAnswer,
        GENERIC_NACK => Spoken::NotUnderstood(status),
        CANCEL_SM_RESP => Spoken::CancelAnswer(status),
        SUBMIT_MULTI_RESP => Spoken::SubmitAnswer(taken(status, Text::default())),
        QUERY_SM_RESP => Spoken::QueryAnswer(Err(if status == 0 { status::ESME_RQUERYFAIL } else { status })),
        _ => Spoken::Foreign(command),
    }
}

fn asked(mode: LoginMode, bind: Bind) -> Asked {
    let Bind { system_id, password, system_type, interface_version, range } = bind;
    let mut extra = [system_type.0.as_slice(), &[0], &range.text, &[0]].concat();
    if (range.ton, range.npi) != (0, 0) {
        extra.extend_from_slice(&[range.ton, range.npi]);
    }
    Asked { account: system_id.0, mode, version: interface_version, proof: password.0, stamp: 0, extra }
}

fn answer(side: Side, taker: Taker, status: u32, identified: Identified) -> Spoken {
    match (taker, side) {
        (Taker::Submit, _) | (Taker::Data, Side::Client) => {
            Spoken::SubmitAnswer(taken(status, identified.text))
        }
        (Taker::Deliver, _) | (Taker::Data, Side::Server) => {
            Spoken::DeliverAnswer(status, id(identified.text))
        }
    }
}

fn taken(status: u32, message_id: Text) -> Answer {
    if status == status::ESME_ROK { Answer::Taken(id(message_id)) } else { Answer::Refused(status) }
}

fn multi_answer(status: u32, answer: MultiAnswer) -> Answer {
    let MultiAnswer { message_id, unsuccess } = answer;
    if status == status::ESME_ROK && !unsuccess.is_empty() {
        return Answer::TakenExcept(id(message_id), unsuccess);
    }
    taken(status, message_id)
}

fn findings(status: u32, answer: QueryAnswer) -> Result<Findings, u32> {
    let QueryAnswer { message_id, final_date, message_state, error_code } = answer;
    if status != status::ESME_ROK {
        return Err(status);
    }
    let state = receipt::state_of_number(message_state).unwrap_or(ReportState::Unknown);
    Ok(Findings::State(id(message_id), state, final_date.0, error_code))
}

fn id(text: Text) -> MessageId {
    MessageId(text.0)
}

/// Byte of the frame where command_id stands.
const COMMAND_ID: usize = 4;
const _: () = assert!(COMMAND_ID < HEADER);
const BROADCASTS: [u32; 6] = [
    BROADCAST_SM,
    QUERY_BROADCAST_SM,
    CANCEL_BROADCAST_SM,
    BROADCAST_SM_RESP,
    QUERY_BROADCAST_SM_RESP,
    CANCEL_BROADCAST_SM_RESP,
];
