//! DELIVER and REPORT.

use anning_link::{Address, MessageId, Octets, Reply, Report, ReportState, Tlv};

use super::submit::{number, ours};
use super::{CONTENT_MAX, cut, room};
use crate::pdu;
use crate::{result, tag};

pub(super) fn hear_reply(deliver: &pdu::Deliver, id: MessageId) -> Reply {
    Reply {
        id,
        source: Address::new(deliver.user_number.text()),
        destination: Address::new(deliver.sp_number.text()),
        coding: deliver.message_coding,
        udh: deliver.tp_udhi != 0,
        content: deliver.content.0.clone(),
        segment: None,
        service: Vec::new(),
        protocol_id: deliver.tp_pid,
        link: deliver.reserve.map(|reserve| reserve.text().to_vec()).unwrap_or_default(),
        extra: Vec::new(),
    }
}

pub(super) fn hear_report(report: &pdu::Report) -> Report {
    let code = report.error_code;
    let failed = report.state == FAILED;
    Report {
        id: MessageId(report.submit_sequence.to_vec()),
        recipient: Address::new(report.user_number.text()),
        state: match report.state {
            DELIVERED => ReportState::Delivered,
            WAITING => ReportState::Underway,
            FAILED => ReportState::Failed,
            _ => ReportState::Unknown,
        },
        word: if failed || code != 0 { code.to_string().into_bytes() } else { Vec::new() },
        extra: match report.report_type {
            0 => Vec::new(),
            kind => vec![Tlv { tag: tag::REPORT_TYPE, value: vec![kind] }],
        },
        ..Report::default()
    }
}

pub(super) fn say_reply(reply: &Reply) -> pdu::Deliver {
    pdu::Deliver {
        user_number: cut(&reply.source.text),
        sp_number: cut(&reply.destination.text),
        tp_pid: reply.protocol_id,
        tp_udhi: reply.udh.into(),
        message_coding: reply.coding,
        content: Octets(reply.content.clone()),
        reserve: Some(cut(&reply.link)),
    }
}

pub(super) fn say_report(report: &Report) -> pdu::Report {
    pdu::Report {
        submit_sequence: *cut(&report.id.0).wire(),
        report_type: ours(&report.extra, tag::REPORT_TYPE).unwrap_or(0),
        user_number: cut(&report.recipient.text),
        state: match report.state {
            ReportState::Delivered => DELIVERED,
            ReportState::Underway | ReportState::Accepted => WAITING,
            ReportState::Expired
            | ReportState::Deleted
            | ReportState::Undeliverable
            | ReportState::Unknown
            | ReportState::Rejected
            | ReportState::Failed => FAILED,
        },
        // A carrier's word from elsewhere is no number: then the state picks one.
        error_code: number(&report.word).unwrap_or_else(|| result::of_state(report.state)),
        reserve: Some(cut(&[])),
    }
}

pub(super) fn fits_reply(reply: &Reply) -> Result<(), &'static str> {
    room("UserNumber", &reply.source.text, 21)?;
    room("SPNumber", &reply.destination.text, 21)?;
    room("Reserve", &reply.link, 8)?;
    if reply.content.len() > CONTENT_MAX {
        return Err("MessageLength");
    }
    if !reply.udh && reply.segment.is_some_and(|segment| segment.total > 1) {
        return Err("TP_udhi");
    }
    if reply.extra.is_empty() { Ok(()) } else { Err("extra") }
}

/// The times and the beginning of the text, which others repeat in a report, have no place here and count as no loss.
pub(super) fn fits_report(report: &Report) -> Result<(), &'static str> {
    if report.id.0.len() != 12 {
        return Err("SubmitSequenceNumber");
    }
    room("UserNumber", &report.recipient.text, 21)?;
    if report.extra.iter().any(|tlv| tlv.tag != tag::REPORT_TYPE) { Err("extra") } else { Ok(()) }
}

const DELIVERED: u8 = 0;
const WAITING: u8 = 1;
const FAILED: u8 = 2;
