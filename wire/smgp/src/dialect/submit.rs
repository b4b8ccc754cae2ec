//! SUBMIT and the message in it.

use anning_link::{Address, Fee, Fixed, Octets, Segment, Submission, Tlv, Wish};

use super::{CONTENT_MAX, DESTINATIONS_MAX, add_extra, cut, fits_extra, ours, room, take, take_byte};
use crate::pdu::{HEAD, Submit};
use crate::version::Version;
use crate::{tag, udh};

/// Byte of the frame where DestTermIDCount stands.
pub(super) const fn count_at(submit: &Submit) -> usize {
    if submit.fixed_fee.is_some() { HEAD + 104 } else { HEAD + 98 }
}

pub(super) fn hear(submit: &Submit, assumes_udh: bool) -> Submission {
    let content = submit.content.0.clone();
    let mut said = Said::of(&submit.tlvs, &content, assumes_udh);
    let enterprise = take_text(&mut said.extra, tag::MSG_SRC);
    let payer_kind = take_byte(&mut said.extra, tag::CHARGE_USER_TYPE).unwrap_or(0);
    if submit.msg_type != TO_A_MOBILE {
        said.extra.push(Tlv { tag: tag::MSG_TYPE, value: vec![submit.msg_type] });
    }
    push_reserve(&mut said.extra, &submit.reserve);
    Submission {
        source: Address::new(submit.src_term_id.text()),
        destinations: submit.dest_term_ids.iter().map(|number| Address::new(number.text())).collect(),
        coding: submit.msg_format,
        udh: said.udh,
        content,
        segment: said.segment,
        wish: if submit.need_report == 0 { Wish::Nothing } else { Wish::Report },
        service: submit.service_id.text().to_vec(),
        enterprise,
        fee: Fee {
            payer_kind,
            payer: Address::new(submit.charge_term_id.text()),
            kind: submit.fee_type.text().to_vec(),
            code: submit.fee_code.text().to_vec(),
            fixed: submit.fixed_fee.map(|fee| fee.text().to_vec()).unwrap_or_default(),
        },
        priority: submit.priority,
        protocol_id: said.protocol_id,
        mode: 0,
        valid_until: submit.valid_time.text().to_vec(),
        not_before: submit.at_time.text().to_vec(),
        link: said.link,
        extra: said.extra,
    }
}

pub(super) fn say(message: &Submission, version: Version) -> Submit {
    Submit {
        msg_type: ours(&message.extra, tag::MSG_TYPE).and_then(<[u8]>::first).copied().unwrap_or(TO_A_MOBILE),
        // There is no word for "of failure only": a report of success that nobody asked for can be dropped.
        need_report: u8::from(message.wish != Wish::Nothing),
        priority: message.priority,
        service_id: cut(&message.service),
        fee_type: cut(&message.fee.kind),
        fee_code: cut(&message.fee.code),
        fixed_fee: (version == Version::Current).then(|| cut(&message.fee.fixed)),
        msg_format: message.coding,
        valid_time: cut(&message.valid_until),
        at_time: cut(&message.not_before),
        src_term_id: cut(&message.source.text),
        charge_term_id: cut(&message.fee.payer.text),
        dest_term_ids: message.destinations.iter().map(|number| cut(&number.text)).collect(),
        content: Octets(message.content.clone()),
        reserve: ours(&message.extra, tag::RESERVE).map(cut).unwrap_or_default(),
        tlvs: tlvs(message),
    }
}

pub(super) fn fits(message: &Submission, version: Version) -> Result<(), &'static str> {
    room("ServiceID", &message.service, 10)?;
    room("FeeType", &message.fee.kind, 2)?;
    room("FeeCode", &message.fee.code, 6)?;
    room("FixedFee", &message.fee.fixed, 6)?;
    // Without its field, a ceiling of nothing is all that can be said.
    if version == Version::Old && message.fee.fixed.iter().any(|digit| *digit != b'0') {
        return Err("FixedFee");
    }
    room("ValidTime", &message.valid_until, 17)?;
    room("AtTime", &message.not_before, 17)?;
    room("SrcTermID", &message.source.text, 21)?;
    room("ChargeTermID", &message.fee.payer.text, 21)?;
    room("MsgSrc", &message.enterprise, 8)?;
    room("LinkID", &message.link, 20)?;
    if message.priority > PRIORITY_MAX {
        return Err("Priority");
    }
    if message.destinations.is_empty() || message.destinations.len() > DESTINATIONS_MAX {
        return Err("DestTermIDCount");
    }
    for number in &message.destinations {
        room("DestTermID", &number.text, 21)?;
    }
    if message.content.len() > CONTENT_MAX {
        return Err("MsgLength");
    }
    // PkTotal and PkNumber carry no reference: segments without a header can't be told from another message's.
    if !message.udh && message.segment.is_some_and(|segment| segment.total > 1 && segment.reference.is_some())
    {
        return Err("TP_udhi");
    }
    fits_extra(&tlvs(message), FIXED + 21 * message.destinations.len() + message.content.len())
}

fn tlvs(message: &Submission) -> Vec<Tlv> {
    let mut tlvs = Vec::new();
    push_byte(&mut tlvs, tag::TP_PID, message.protocol_id);
    push_byte(&mut tlvs, tag::TP_UDHI, u8::from(message.udh));
    push_text::<20>(&mut tlvs, tag::LINK_ID, &message.link);
    push_byte(&mut tlvs, tag::CHARGE_USER_TYPE, message.fee.payer_kind);
    push_segment(&mut tlvs, message.segment);
    push_text::<8>(&mut tlvs, tag::MSG_SRC, &message.enterprise);
    add_extra(&mut tlvs, &message.extra);
    tlvs
}

/// What the optional fields of SUBMIT and DELIVER say alike.
pub(super) struct Said {
    pub(super) protocol_id: u8,
    pub(super) udh: bool,
    pub(super) link: Vec<u8>,
    pub(super) segment: Option<Segment>,
    pub(super) extra: Vec<Tlv>,
}

impl Said {
    pub(super) fn of(tlvs: &[Tlv], content: &[u8], assumes_udh: bool) -> Self {
        let mut extra: Vec<Tlv> = tlvs.iter().filter(|tlv| tlv.tag < tag::OURS).cloned().collect();
        let announced = take_byte(&mut extra, tag::TP_UDHI).is_some();
        let udh = announced || assumes_udh && looks_like_a_segment(content);
        Self {
            protocol_id: take_byte(&mut extra, tag::TP_PID).unwrap_or(0),
            udh,
            link: take_text(&mut extra, tag::LINK_ID),
            segment: segment(&mut extra, udh.then_some(content)),
            extra,
        }
    }
}

/// The place in a longer message that PkTotal and PkNumber say, if they say one. Where a header says it too, the header
/// is right: some senders count PkNumber from 0. Fields that say no place (0 of 0) stay where they are.
fn segment(extra: &mut Vec<Tlv>, with_header: Option<&[u8]>) -> Option<Segment> {
    let byte = |tag| ours(extra, tag).and_then(|value| <[u8; 1]>::try_from(value).ok()).map(|[byte]| byte);
    let said = byte(tag::PK_TOTAL).zip(byte(tag::PK_NUMBER));
    let (total, number) = with_header.and_then(udh::place).filter(|_| said.is_some()).or(said)?;
    if !(1..=total).contains(&number) {
        return None;
    }
    take(extra, tag::PK_TOTAL);
    take(extra, tag::PK_NUMBER);
    Some(Segment { reference: None, total, number })
}

fn looks_like_a_segment(content: &[u8]) -> bool {
    content.starts_with(&[5, 0, 3]) || content.starts_with(&[6, 8, 4])
}

/// Takes a text out of `extra`; empty if it says nothing.
fn take_text(extra: &mut Vec<Tlv>, tag: u16) -> Vec<u8> {
    let text = |value: &[u8]| value.split(|b| *b == 0).next().unwrap_or(&[]).to_vec();
    let found = ours(extra, tag).map(text).unwrap_or_default();
    if !found.is_empty() {
        take(extra, tag);
    }
    found
}

pub(super) fn push_byte(tlvs: &mut Vec<Tlv>, tag: u16, value: u8) {
    if value != 0 {
        tlvs.push(Tlv { tag, value: vec![value] });
    }
}

pub(super) fn push_text<const N: usize>(tlvs: &mut Vec<Tlv>, tag: u16, text: &[u8]) {
    if !text.is_empty() {
        tlvs.push(Tlv { tag, value: cut::<N>(text).wire().to_vec() });
    }
}

pub(super) fn push_segment(tlvs: &mut Vec<Tlv>, segment: Option<Segment>) {
    if let Some(Segment { total, number, .. }) = segment {
        tlvs.push(Tlv { tag: tag::PK_TOTAL, value: vec![total] });
        tlvs.push(Tlv { tag: tag::PK_NUMBER, value: vec![number] });
    }
}

/// Keeps Reserve if it holds anything.
pub(super) fn push_reserve(extra: &mut Vec<Tlv>, reserve: &Fixed<8>) {
    if *reserve != Fixed::default() {
        extra.push(Tlv { tag: tag::RESERVE, value: reserve.wire().to_vec() });
    }
}

const TO_A_MOBILE: u8 = 6;
const PRIORITY_MAX: u8 = 3;
/// Bytes of a SUBMIT without numbers, content and optional fields.
const FIXED: usize = 126;
