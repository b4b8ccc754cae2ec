//! From what is said to a PDU.

use anning_link::{
    Address, Answer, Asked, Delivery, Findings, MessageId, Query, Reply, Report, Spoken, Submission, Tlv,
};

use super::fits::{ADDRESS, ID, PASSWORD, RANGE, SERVICE_TYPE, SHORT_MESSAGE, SYSTEM_ID, SYSTEM_TYPE, TIME};
use super::message::{RECEIPT, UDH, registered_delivery_of, wish_of};
use super::{Smpp, VERSION, report};
use crate::command::{
    ANSWER, CANCEL_SM_RESP, DATA_SM, DELIVER_SM, ENQUIRE_LINK, ENQUIRE_LINK_RESP, GENERIC_NACK,
    QUERY_SM_RESP, SUBMIT_MULTI, SUBMIT_MULTI_RESP, SUBMIT_SM, UNBIND, UNBIND_RESP,
};
use crate::pdu::{
    self, Bind, Body, Cancel, Destination, Identified, Multi, MultiAnswer, Pdu, QueryAnswer, Single, Tail,
    Taker, Terms,
};
use crate::{Text, receipt, status, tag};

pub(super) fn pdu(smpp: &mut Smpp, sequence: u32, spoken: &Spoken) -> Pdu {
    let plain = |status: u32, command: u32| (status, Body::Plain(command), Tail::default());
    let request = |body: Body| (0, body, Tail::default());
    let (status, body, tail) = match spoken {
        Spoken::Login(asked) => request(Body::Bind(asked.mode, bind(asked))),
        Spoken::LoginAnswer(code, _) => login_answer(smpp, *code),
        Spoken::Submit(submission) => submit(submission),
        Spoken::SubmitAnswer(answer) => submit_answer(smpp.answered(sequence, SUBMIT_SM), answer),
        Spoken::Deliver(delivery) => match delivery.as_ref() {
            Delivery::Reply(reply) => deliver_reply(reply),
            Delivery::Report(report) => deliver_report(report),
        },
        Spoken::DeliverAnswer(code, id) => {
            let data = smpp.answered(sequence, DELIVER_SM) == DATA_SM;
            let taker = if data { Taker::Data } else { Taker::Deliver };
            (*code, Body::Answer(taker, Identified::by(cut(&id.0, ID))), Tail::default())
        }
        Spoken::Alive => plain(0, ENQUIRE_LINK),
        Spoken::AliveAnswer => plain(0, ENQUIRE_LINK_RESP),
        Spoken::Leave => plain(0, UNBIND),
        Spoken::LeaveAnswer => plain(0, UNBIND_RESP),
        Spoken::Query(query) => request(Body::Query(self::query(query))),
        Spoken::QueryAnswer(Ok(Findings::State(id, state, ended, error))) => {
            request(Body::QueryAnswer(QueryAnswer {
                message_id: text(&id.0, ID),
                final_date: text(ended, TIME),
                message_state: receipt::number_of(*state),
                error_code: *error,
            }))
        }
        Spoken::QueryAnswer(Ok(Findings::Counts(..))) => plain(status::ESME_RQUERYFAIL, QUERY_SM_RESP),
        Spoken::QueryAnswer(Err(code)) => plain(*code, QUERY_SM_RESP),
        Spoken::Cancel(MessageId(id)) => {
            request(Body::Cancel(Cancel { message_id: text(id, ID), ..Cancel::default() }))
        }
        Spoken::CancelAnswer(code) => plain(*code, CANCEL_SM_RESP),
        Spoken::Foreign(command @ ANSWER..) => plain(status::ESME_RINVCMDID, *command),
        Spoken::Foreign(command) => plain(0, *command),
        Spoken::NotUnderstood(code) => plain(*code, GENERIC_NACK),
    };
    Pdu { status, sequence, body, tail }
}

/// A day's counts cannot be asked for here: nothing is asked then, and the server says so.
fn query(query: &Query) -> pdu::Query {
    let message_id = match query {
        Query::State(id) => text(&id.0, ID),
        Query::Counts(..) => Text::default(),
    };
    pdu::Query { message_id, ..pdu::Query::default() }
}

fn bind(asked: &Asked) -> Bind {
    let mut parts = asked.extra.splitn(3, |b| *b == 0);
    let mut part = || parts.next().unwrap_or(&[]);
    let (system_type, range) = (text(part(), SYSTEM_TYPE), cut(part(), RANGE).to_vec());
    let (ton, npi) = if let [ton, npi] = part() { (*ton, *npi) } else { (0, 0) };
    Bind {
        system_id: text(&asked.account, SYSTEM_ID),
        password: text(&asked.proof, PASSWORD),
        system_type,
        interface_version: asked.version,
        range: Address { text: range, ton, npi },
    }
}

fn login_answer(smpp: &Smpp, code: u32) -> (u32, Body, Tail) {
    let mut tail = Tail::default();
    let mut identified = Identified::default();
    if code == status::ESME_ROK {
        identified = Identified::by(cut(&smpp.name, SYSTEM_ID));
        // Before 3.4 there were no optional fields.
        if smpp.peer_version.is_some_and(|version| version >= VERSION) {
            tail.tlvs.push(Tlv { tag: tag::SC_INTERFACE_VERSION, value: vec![VERSION] });
        }
    }
    (code, Body::BindAnswer(smpp.mode, identified), tail)
}

fn submit_answer(request: u32, answer: &Answer) -> (u32, Body, Tail) {
    let multi =
        |id: &MessageId, unsuccess| Body::MultiAnswer(MultiAnswer { message_id: text(&id.0, ID), unsuccess });
    let taker = if request == DATA_SM { Taker::Data } else { Taker::Submit };
    let (code, body) = match answer {
        Answer::Taken(id) if request == SUBMIT_MULTI => (0, multi(id, Vec::new())),
        Answer::Taken(id) => (0, Body::Answer(taker, Identified::by(cut(&id.0, ID)))),
        Answer::TakenExcept(id, refused) => (0, multi(id, refused.clone())),
        Answer::Refused(code) if request == SUBMIT_MULTI => (*code, Body::Plain(SUBMIT_MULTI_RESP)),
        Answer::Refused(code) => (*code, Body::Answer(taker, Identified::default())),
    };
    (code, body, Tail::default())
}

fn submit(submission: &Submission) -> (u32, Body, Tail) {
    let mut extra = submission.extra.clone();
    let wished = registered_delivery_of(submission.wish);
    let registered_delivery = match kept(&mut extra, tag::KEPT_REGISTERED_DELIVERY) {
        Some(kept) if wish_of(kept) == submission.wish => kept,
        // Somebody on the way wishes otherwise than the sender did: the rest of the byte stands.
        Some(kept) => kept & !3 | wished,
        None => wished,
    };
    let replace_if_present_flag = kept(&mut extra, tag::KEPT_REPLACE_IF_PRESENT).unwrap_or(0);
    if let Some(segment) = submission.segment {
        extra.splice(0..0, sar(segment));
    }
    let (short_message, tlvs) = place(&submission.content, extra);
    let terms = Terms {
        esm_class: submission.mode & !UDH | if submission.udh { UDH } else { 0 },
        protocol_id: submission.protocol_id,
        priority_flag: submission.priority,
        schedule_delivery_time: text(&submission.not_before, TIME),
        validity_period: text(&submission.valid_until, TIME),
        registered_delivery,
        replace_if_present_flag,
        data_coding: submission.coding,
        sm_default_msg_id: 0,
        short_message,
    };
    let (service_type, source) = (text(&submission.service, SERVICE_TYPE), address(&submission.source));
    let body = if let [destination] = submission.destinations.as_slice() {
        Body::Submit(Single { service_type, source, destination: address(destination), terms })
    } else {
        let destinations =
            submission.destinations.iter().map(|one| Destination::Address(address(one))).collect();
        Body::Multi(Multi { service_type, source, destinations, terms })
    };
    (0, body, Tail::of(tlvs))
}

fn deliver_reply(reply: &Reply) -> (u32, Body, Tail) {
    let mut extra = reply.extra.clone();
    let class = kept(&mut extra, tag::KEPT_ESM_CLASS).unwrap_or(0);
    let priority_flag = kept(&mut extra, tag::KEPT_PRIORITY).unwrap_or(0);
    if let Some(segment) = reply.segment {
        extra.splice(0..0, sar(segment));
    }
    let (short_message, tlvs) = place(&reply.content, extra);
    let terms = Terms {
        esm_class: class & !UDH | if reply.udh { UDH } else { 0 },
        protocol_id: reply.protocol_id,
        priority_flag,
        data_coding: reply.coding,
        short_message,
        ..Terms::default()
    };
    let (source, destination) = (address(&reply.source), address(&reply.destination));
    let service_type = text(&reply.service, SERVICE_TYPE);
    (0, Body::Deliver(Single { service_type, source, destination, terms }), Tail::of(tlvs))
}

fn deliver_report(report: &Report) -> (u32, Body, Tail) {
    let mut extra = report::tlvs(report);
    let class = kept(&mut extra, tag::KEPT_ESM_CLASS).unwrap_or(RECEIPT);
    let priority_flag = kept(&mut extra, tag::KEPT_PRIORITY).unwrap_or(0);
    let (short_message, tlvs) = place(&receipt::write(report), extra);
    let terms = Terms { esm_class: class & !UDH, priority_flag, short_message, ..Terms::default() };
    let (source, destination) = (address(&report.recipient), address(&report.source));
    let service_type = text(&report.service, SERVICE_TYPE);
    (0, Body::Deliver(Single { service_type, source, destination, terms }), Tail::of(tlvs))
}

/// Content in short_message, or in message_payload where it stood there before or is too long. Of two contents only the
/// one that was shown goes on: the other was judged by nobody, and a server might send it.
fn place(content: &[u8], mut extra: Vec<Tlv>) -> (Text, Vec<Tlv>) {
    extra.retain(|tlv| tlv.tag != tag::MESSAGE_PAYLOAD || tlv.value.is_empty());
    let payload = extra.iter_mut().find(|tlv| tlv.tag == tag::MESSAGE_PAYLOAD);
    match payload {
        Some(payload) => payload.value = content.to_vec(),
        None if content.len() > SHORT_MESSAGE => {
            extra.push(Tlv { tag: tag::MESSAGE_PAYLOAD, value: content.to_vec() });
        }
        None => return (Text::of(content), extra),
    }
    (Text::default(), extra)
}

/// The three SAR fields; none where there is no reference (a user data header says it then).
fn sar(segment: anning_link::Segment) -> Vec<Tlv> {
    let Some(reference) = segment.reference else { return Vec::new() };
    vec![
        Tlv { tag: tag::SAR_MSG_REF_NUM, value: reference.to_be_bytes().to_vec() },
        Tlv { tag: tag::SAR_TOTAL_SEGMENTS, value: vec![segment.total] },
        Tlv { tag: tag::SAR_SEGMENT_SEQNUM, value: vec![segment.number] },
    ]
}

/// Takes a kept byte out.
fn kept(extra: &mut Vec<Tlv>, tag: u16) -> Option<u8> {
    let place = extra.iter().position(|tlv| tlv.tag == tag)?;
    extra.remove(place).value.first().copied()
}

fn address(address: &Address) -> Address {
    Address { text: cut(&address.text, ADDRESS).to_vec(), ton: address.ton, npi: address.npi }
}

fn text(text: &[u8], room: usize) -> Text {
    Text::of(cut(text, room))
}

/// What fits into a room, its zero included.
fn cut(text: &[u8], room: usize) -> &[u8] {
    text.get(..room.saturating_sub(1)).unwrap_or(text)
}
