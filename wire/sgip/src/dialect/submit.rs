//! SUBMIT and the message in it.

use anning_link::{Address, Fee, Fixed, Octets, Submission, Tlv, Wish};

use super::{CONTENT_MAX, DESTINATIONS_MAX, SAID_MAX, cut, room};
use crate::pdu::Submit;
use crate::tag;

pub(super) fn hear(submit: &Submit) -> Submission {
    let payer = submit.charge_number.text();
    Submission {
        source: Address::new(submit.sp_number.text()),
        destinations: submit.user_numbers.iter().map(|number| Address::new(number.text())).collect(),
        coding: submit.message_coding,
        udh: submit.tp_udhi != 0,
        content: submit.content.0.clone(),
        segment: None,
        wish: match submit.report_flag {
            ON_FAILURE => Wish::ReportOfFailure,
            ALWAYS => Wish::Report,
            _ => Wish::Nothing,
        },
        service: submit.service_type.text().to_vec(),
        enterprise: submit.corp_id.text().to_vec(),
        fee: Fee {
            payer_kind: if payer.is_empty() {
                EACH_RECIPIENT
            } else if payer == THE_SENDER {
                SENDER_PAYS
            } else {
                NAMED
            },
            payer: Address::new(payer),
            kind: submit.fee_type.to_string().into_bytes(),
            code: submit.fee_value.text().to_vec(),
            fixed: submit.given_value.text().to_vec(),
        },
        priority: submit.priority,
        protocol_id: submit.tp_pid,
        mode: 0,
        valid_until: submit.expire_time.text().to_vec(),
        not_before: submit.schedule_time.text().to_vec(),
        link: submit.reserve.map(|reserve| reserve.text().to_vec()).unwrap_or_default(),
        extra: extra(submit),
    }
}

pub(super) fn say(message: &Submission) -> Submit {
    let byte = |tag, otherwise| ours(&message.extra, tag).unwrap_or(otherwise);
    Submit {
        sp_number: cut(&message.source.text),
        charge_number: payer(&message.fee),
        user_numbers: message.destinations.iter().map(|number| cut(&number.text)).collect(),
        corp_id: cut(&message.enterprise),
        service_type: cut(&message.service),
        fee_type: number(&message.fee.kind).unwrap_or(FREE),
        fee_value: cut(&message.fee.code),
        given_value: cut(&message.fee.fixed),
        agent_flag: byte(tag::AGENT_FLAG, 0),
        more_late_to_mt_flag: byte(tag::MORE_LATE_TO_MT_FLAG, CAUSED_BY_NONE),
        priority: message.priority,
        expire_time: cut(&message.valid_until),
        schedule_time: cut(&message.not_before),
        report_flag: match message.wish {
            Wish::ReportOfFailure => ON_FAILURE,
            Wish::Report => ALWAYS,
            Wish::Nothing => byte(tag::REPORT_FLAG, NEVER),
        },
        tp_pid: message.protocol_id,
        tp_udhi: message.udh.into(),
        message_coding: message.coding,
        message_type: byte(tag::MESSAGE_TYPE, 0),
        content: Octets(message.content.clone()),
        reserve: Some(cut(&message.link)),
    }
}

pub(super) fn fits(message: &Submission) -> Result<(), &'static str> {
    room("SPNumber", &message.source.text, 21)?;
    room("ChargeNumber", &message.fee.payer.text, 21)?;
    room("CorpId", &message.enterprise, 5)?;
    room("ServiceType", &message.service, 10)?;
    room("FeeValue", &message.fee.code, 6)?;
    room("GivenValue", &message.fee.fixed, 6)?;
    room("ExpireTime", &message.valid_until, 16)?;
    room("ScheduleTime", &message.not_before, 16)?;
    room("Reserve", &message.link, 8)?;
    if !message.fee.kind.is_empty() && number(&message.fee.kind).is_none_or(|kind| kind > FEE_TYPE_MAX) {
        return Err("FeeType");
    }
    if message.priority > PRIORITY_MAX {
        return Err("Priority");
    }
    if message.destinations.is_empty() || message.destinations.len() > DESTINATIONS_MAX {
        return Err("UserCount");
    }
    for number in &message.destinations {
        room("UserNumber", &number.text, 21)?;
    }
    if message.content.len() > CONTENT_MAX {
        return Err("MessageLength");
    }
    // A place in a longer message is said in the content or not at all.
    if !message.udh && message.segment.is_some_and(|segment| segment.total > 1) {
        return Err("TP_udhi");
    }
    if message.extra.iter().any(|tlv| !EXTRA.contains(&tlv.tag)) {
        return Err("extra");
    }
    let length = FIXED + 21 * message.destinations.len() + message.content.len();
    if length > SAID_MAX { Err("UserCount") } else { Ok(()) }
}

/// What the shared words have no place for, where it is not what is said anyway.
fn extra(submit: &Submit) -> Vec<Tlv> {
    let flag = if submit.report_flag > NEVER { submit.report_flag } else { NEVER };
    [
        (tag::AGENT_FLAG, submit.agent_flag, 0),
        (tag::MORE_LATE_TO_MT_FLAG, submit.more_late_to_mt_flag, CAUSED_BY_NONE),
        (tag::MESSAGE_TYPE, submit.message_type, 0),
        (tag::REPORT_FLAG, flag, NEVER),
    ]
    .into_iter()
    .filter(|(_, value, otherwise)| value != otherwise)
    .map(|(tag, value, _)| Tlv { tag, value: vec![value] })
    .collect()
}

/// The value of a field that is kept in `extra`.
pub(super) fn ours(extra: &[Tlv], tag: u16) -> Option<u8> {
    extra.iter().find(|tlv| tlv.tag == tag)?.value.first().copied()
}

fn payer(fee: &Fee) -> Fixed<21> {
    if fee.payer.text.is_empty() && fee.payer_kind == SENDER_PAYS {
        return cut(THE_SENDER);
    }
    cut(&fee.payer.text)
}

/// A number of one byte in decimal digits.
pub(super) fn number(text: &[u8]) -> Option<u8> {
    core::str::from_utf8(text).ok()?.parse().ok()
}

/// ChargeNumber that makes the sender pay.
const THE_SENDER: &[u8] = &[b'0'; 21];
const EACH_RECIPIENT: u8 = 0;
const SENDER_PAYS: u8 = 2;
const NAMED: u8 = 3;
/// FeeType where nobody said one.
const FREE: u8 = 1;
const FEE_TYPE_MAX: u8 = 4;
const PRIORITY_MAX: u8 = 9;
const CAUSED_BY_NONE: u8 = 2;
const ON_FAILURE: u8 = 0;
const ALWAYS: u8 = 1;
const NEVER: u8 = 2;
/// Bytes of a SUBMIT without numbers and content.
const FIXED: usize = 143;
const EXTRA: [u16; 4] = [tag::AGENT_FLAG, tag::MORE_LATE_TO_MT_FLAG, tag::MESSAGE_TYPE, tag::REPORT_FLAG];
