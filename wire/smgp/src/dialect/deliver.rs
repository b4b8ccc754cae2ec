//! DELIVER: a reply, or a report read from its text.

use anning_link::{Address, Delivery, MessageId, Octets, Reply, Report, ReportState, Tlv};

use super::submit::{Said, push_byte, push_reserve, push_segment, push_text};
use super::{add_extra, cut, fits_extra, ours, room};
use crate::pdu::Deliver;
use crate::report::{self, Key, StatusText};
use crate::{id, status, tag};

/// None for a report whose text is none.
pub(super) fn hear(deliver: &Deliver, assumes_udh: bool) -> Option<Delivery> {
    let is_report = deliver.is_report != 0;
    if is_report {
        hear_report(deliver).map(Delivery::Report)
    } else {
        Some(Delivery::Reply(hear_reply(deliver, assumes_udh)))
    }
}

pub(super) fn say(delivery: &Delivery) -> Deliver {
    match delivery {
        Delivery::Reply(reply) => say_reply(reply),
        Delivery::Report(report) => say_report(report),
    }
}

pub(super) fn fits(delivery: &Delivery) -> Result<(), &'static str> {
    match delivery {
        Delivery::Reply(reply) => {
            if reply.id.0.len() > id::ID {
                return Err("MsgID");
            }
            room("SrcTermID", &reply.source.text, 21)?;
            room("DestTermID", &reply.destination.text, 21)?;
            room("LinkID", &reply.link, 20)?;
            if reply.content.len() > usize::from(u8::MAX) {
                return Err("MsgLength");
            }
            if !reply.udh
                && reply.segment.is_some_and(|segment| segment.total > 1 && segment.reference.is_some())
            {
                return Err("TP_udhi");
            }
            fits_extra(&reply_tlvs(reply), FIXED + reply.content.len())
        }
        Delivery::Report(report) => {
            if report.id.0.len() > id::ID || report.carried_as.0.len() > id::ID {
                return Err("MsgID");
            }
            room("SrcTermID", &report.recipient.text, 21)?;
            room("DestTermID", &report.source.text, 21)?;
            room("stat", &report.word, 7)?;
            room("err", &report.error, 3)?;
            room("submit date", &report.submitted, 10)?;
            room("done date", &report.done, 10)?;
            fits_extra(&report.extra, FIXED + report::LENGTH)
        }
    }
}

fn hear_reply(deliver: &Deliver, assumes_udh: bool) -> Reply {
    let content = deliver.content.0.clone();
    let mut said = Said::of(&deliver.tlvs, &content, assumes_udh);
    keep(&mut said.extra, deliver);
    Reply {
        id: MessageId(deliver.msg_id.to_vec()),
        source: Address::new(deliver.src_term_id.text()),
        destination: Address::new(deliver.dest_term_id.text()),
        coding: deliver.msg_format,
        udh: said.udh,
        content,
        segment: said.segment,
        service: Vec::new(),
        protocol_id: said.protocol_id,
        link: said.link,
        extra: said.extra,
    }
}

fn hear_report(deliver: &Deliver) -> Option<Report> {
    let text = StatusText::read(&deliver.content.0)?;
    let value = |key| text.value(key).unwrap_or(&[]).to_vec();
    let mut extra: Vec<Tlv> = deliver.tlvs.iter().filter(|tlv| tlv.tag < tag::OURS).cloned().collect();
    keep(&mut extra, deliver);
    let word = value(Key::Stat);
    Some(Report {
        id: MessageId(text.id.to_vec()),
        carried_as: MessageId(deliver.msg_id.to_vec()),
        recipient: Address::new(deliver.src_term_id.text()),
        source: Address::new(deliver.dest_term_id.text()),
        state: report::state(&word),
        word,
        error: value(Key::Err),
        submitted: value(Key::SubmitDate),
        done: value(Key::DoneDate),
        text: beginning(&value(Key::Text)).to_vec(),
        service: Vec::new(),
        extra,
    })
}

fn say_reply(reply: &Reply) -> Deliver {
    Deliver {
        msg_id: *cut(&reply.id.0).wire(),
        is_report: 0,
        msg_format: reply.coding,
        recv_time: ours(&reply.extra, tag::RECV_TIME).map(cut).unwrap_or_default(),
        src_term_id: cut(&reply.source.text),
        dest_term_id: cut(&reply.destination.text),
        content: Octets(reply.content.clone()),
        reserve: ours(&reply.extra, tag::RESERVE).map(cut).unwrap_or_default(),
        tlvs: reply_tlvs(reply),
    }
}

fn reply_tlvs(reply: &Reply) -> Vec<Tlv> {
    let mut tlvs = Vec::new();
    push_byte(&mut tlvs, tag::TP_PID, reply.protocol_id);
    push_byte(&mut tlvs, tag::TP_UDHI, u8::from(reply.udh));
    push_text::<20>(&mut tlvs, tag::LINK_ID, &reply.link);
    push_segment(&mut tlvs, reply.segment);
    add_extra(&mut tlvs, &reply.extra);
    tlvs
}

fn say_report(report: &Report) -> Deliver {
    let count = |one: bool| if one { b"001".to_vec() } else { b"000".to_vec() };
    let text = StatusText::new(*cut(&report.id.0).wire(), |key| match key {
        Key::Sub => count(true),
        Key::Delivered => count(report.state == ReportState::Delivered),
        Key::SubmitDate => report.submitted.clone(),
        Key::DoneDate => report.done.clone(),
        Key::Stat if report.word.is_empty() => report::word(report.state).to_vec(),
        Key::Stat => report.word.clone(),
        Key::Err if !report.error.is_empty() => report.error.clone(),
        Key::Err if report.state == ReportState::Delivered => status::ERR_OK.to_vec(),
        Key::Err => status::ERR_UNKNOWN.to_vec(),
        Key::Text => counted(&report.text),
    });
    let mut tlvs = Vec::new();
    add_extra(&mut tlvs, &report.extra);
    // The report's own id stands in for that of its carriage where nobody gave one.
    let carried_as = if report.carried_as.0.is_empty() { &report.id } else { &report.carried_as };
    Deliver {
        msg_id: *cut(&carried_as.0).wire(),
        is_report: 1,
        msg_format: 0,
        recv_time: ours(&report.extra, tag::RECV_TIME).map(cut).unwrap_or_else(|| received(&report.done)),
        src_term_id: cut(&report.recipient.text),
        dest_term_id: cut(&report.source.text),
        content: Octets(text.bytes()),
        reserve: ours(&report.extra, tag::RESERVE).map(cut).unwrap_or_default(),
        tlvs,
    }
}

/// Keeps what the shared words have no place for.
fn keep(extra: &mut Vec<Tlv>, deliver: &Deliver) {
    let received = deliver.recv_time.text();
    if !received.is_empty() {
        extra.push(Tlv { tag: tag::RECV_TIME, value: received.to_vec() });
    }
    push_reserve(extra, &deliver.reserve);
}

/// RecvTime from the time a report says itself, YYMMDDHHMM.
fn received(done: &[u8]) -> anning_link::Fixed<14> {
    if done.len() == 10 { cut(&[b"20", done, b"00"].concat()) } else { anning_link::Fixed::default() }
}

/// The text behind its length of three digits, where that is what they are: nothing but filling may follow.
fn beginning(text: &[u8]) -> &[u8] {
    let Some((digits, rest)) = text.split_first_chunk::<3>() else { return text };
    let length = core::str::from_utf8(digits).ok().and_then(|digits| digits.parse::<usize>().ok());
    let Some(length) = length.filter(|length| *length <= BEGINNING) else { return text };
    match rest.split_at_checked(length) {
        Some((beginning, filling)) if filling.iter().all(|b| matches!(b, 0 | b' ')) => beginning,
        // Zeros that the text ends with were taken for filling.
        None if rest.len() < length => rest,
        Some(_) | None => text,
    }
}

/// A text with its length before it; one that leaves no room for that goes without.
fn counted(text: &[u8]) -> Vec<u8> {
    if text.is_empty() || text.len() > BEGINNING {
        return text.to_vec();
    }
    let mut counted = format!("{:03}", text.len()).into_bytes();
    counted.extend_from_slice(text);
    counted
}

const BEGINNING: usize = 17;
/// Bytes of a DELIVER without content and optional fields.
const FIXED: usize = 89;
