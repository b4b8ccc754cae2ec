//! Messages: from PDU to words.

use anning_link::{Address, Delivery, Reply, Segment, Spoken, Submission, Tlv, Wish};

use super::report;
use crate::pdu::{Data, Destination, HEADER, Multi, Single, Tail, Terms};
use crate::{Text, tag};

/// A field that cannot be: its name, its byte in the frame, its value.
pub(super) type Odd = (&'static str, usize, u32);

/// data_sm as a message without short_message.
pub(super) fn single(data: Data) -> Single {
    let Data { service_type, source, destination, esm_class, registered_delivery, data_coding } = data;
    let terms = Terms { esm_class, registered_delivery, data_coding, ..Terms::default() };
    Single { service_type, source, destination, terms }
}

pub(super) fn submit(single: Single, tail: Tail, length: usize) -> Result<Spoken, Odd> {
    let Single { service_type, source, destination, terms } = single;
    submission(service_type, source, vec![destination], terms, tail, length)
}

pub(super) fn submit_multi(multi: Multi, tail: Tail, length: usize) -> Result<Spoken, Odd> {
    let Multi { service_type, source, destinations, terms } = multi;
    let mut at = HEADER + service_type.0.len() + 1 + wire_length(&source);
    if destinations.is_empty() {
        return Err(("number_of_dests", at, 0));
    }
    at += 1;
    let mut addresses = Vec::with_capacity(destinations.len());
    for destination in destinations {
        match destination {
            Destination::Address(address) => {
                at += 1 + wire_length(&address);
                addresses.push(address);
            }
            // Who stands on it only the carrier knows: consent cannot be looked up.
            Destination::List(_) => return Err(("dl_name", at + 1, 0)),
        }
    }
    submission(service_type, source, addresses, terms, tail, length)
}

fn submission(
    service: Text,
    source: Address,
    destinations: Vec<Address>,
    terms: Terms,
    tail: Tail,
    length: usize,
) -> Result<Spoken, Odd> {
    if terms.sm_default_msg_id != 0 {
        // The server would send a text of its own, which nobody here has seen.
        let behind = tail_length(&tail) + terms.short_message.0.len() + 2;
        let at = length.saturating_sub(behind);
        return Err(("sm_default_msg_id", at, u32::from(terms.sm_default_msg_id)));
    }
    check(&tail, length)?;
    let Optional { content, segment, mut extra } = optional(terms.short_message, tail);
    let wish = wish_of(terms.registered_delivery);
    if terms.registered_delivery != registered_delivery_of(wish) {
        extra.push(kept(tag::KEPT_REGISTERED_DELIVERY, terms.registered_delivery));
    }
    if terms.replace_if_present_flag != 0 {
        extra.push(kept(tag::KEPT_REPLACE_IF_PRESENT, terms.replace_if_present_flag));
    }
    Ok(Spoken::Submit(Box::new(Submission {
        source,
        destinations,
        coding: terms.data_coding,
        udh: terms.esm_class & UDH != 0,
        content,
        segment,
        wish,
        service: service.0,
        priority: terms.priority_flag,
        protocol_id: terms.protocol_id,
        mode: terms.esm_class & !UDH,
        valid_until: terms.validity_period.0,
        not_before: terms.schedule_delivery_time.0,
        extra,
        ..Submission::default()
    })))
}

/// A reply or a receipt.
pub(super) fn deliver(single: Single, tail: Tail) -> Spoken {
    let Single { service_type, source, destination, terms } = single;
    let tells = tail.first(tag::RECEIPTED_MESSAGE_ID).is_some() && tail.first(tag::MESSAGE_STATE).is_some();
    // The text alone makes no receipt: a subscriber can write one.
    let receipt = matches!(terms.esm_class & KIND, RECEIPT | NOTIFICATION) || tells;
    let Optional { content, segment, mut extra } = optional(terms.short_message, tail);
    let udh = terms.esm_class & UDH != 0;
    let usual = if receipt { RECEIPT } else { terms.esm_class & UDH };
    if terms.esm_class != usual {
        extra.push(kept(tag::KEPT_ESM_CLASS, terms.esm_class));
    }
    if terms.priority_flag != 0 {
        extra.push(kept(tag::KEPT_PRIORITY, terms.priority_flag));
    }
    if receipt {
        let text = report::readable(&content, terms.data_coding, udh);
        let report = report::read(&text, source, destination, service_type.0, extra);
        return Spoken::Deliver(Box::new(Delivery::Report(report)));
    }
    Spoken::Deliver(Box::new(Delivery::Reply(Reply {
        source,
        destination,
        coding: terms.data_coding,
        udh,
        content,
        segment,
        service: service_type.0,
        protocol_id: terms.protocol_id,
        extra,
        ..Reply::default()
    })))
}

/// What optional fields add to a message.
struct Optional {
    content: Vec<u8>,
    segment: Option<Segment>,
    extra: Vec<Tlv>,
}

/// Faults of optional fields that a sender is told of.
fn check(tail: &Tail, length: usize) -> Result<(), Odd> {
    let byte_of = |place: usize| {
        let behind: usize = tail.tlvs.iter().skip(place).map(|tlv| TLV_HEADER + tlv.value.len()).sum();
        length.saturating_sub(behind + tail.rest.len())
    };
    if let Some((place, tlv)) = tail.tlvs.iter().enumerate().find(|(_, tlv)| tag::is_kept(tlv.tag)) {
        return Err(("tlv_not_allowed", byte_of(place), u32::from(tlv.tag)));
    }
    segment(&tail.tlvs).map(|_| ()).map_err(|(place, field, value)| (field, byte_of(place), value))
}

fn optional(short_message: Text, tail: Tail) -> Optional {
    // Where faults are not told, segments that cannot be stay among the others, and say nothing.
    let segment = segment(&tail.tlvs).unwrap_or_default();
    let mut extra = tail.tlvs;
    extra.retain(|tlv| !tag::is_kept(tlv.tag));
    if segment.is_some() {
        for tag in [tag::SAR_MSG_REF_NUM, tag::SAR_TOTAL_SEGMENTS, tag::SAR_SEGMENT_SEQNUM] {
            if let Some(place) = extra.iter().position(|tlv| tlv.tag == tag) {
                extra.remove(place);
            }
        }
    }
    let mut content = short_message.0;
    if content.is_empty() {
        // An empty payload stays behind: it says where the content stood.
        let payload = extra.iter_mut().find(|tlv| tlv.tag == tag::MESSAGE_PAYLOAD);
        content = payload.map(|tlv| core::mem::take(&mut tlv.value)).unwrap_or_default();
    }
    Optional { content, segment, extra }
}

/// The place that the three SAR fields say together; what fewer of them say is ignored, as the protocol wants it.
fn segment(tlvs: &[Tlv]) -> Result<Option<Segment>, (usize, &'static str, u32)> {
    let find = |tag: u16| tlvs.iter().enumerate().find(|(_, tlv)| tlv.tag == tag);
    let (Some(reference), Some(total), Some(number)) =
        (find(tag::SAR_MSG_REF_NUM), find(tag::SAR_TOTAL_SEGMENTS), find(tag::SAR_SEGMENT_SEQNUM))
    else {
        return Ok(None);
    };
    let sized = |(place, tlv): (usize, &Tlv)| (place, "sar_length", crate::pdu::count(tlv.value.len()));
    let byte = |found: (usize, &Tlv)| <[u8; 1]>::try_from(found.1.value.as_slice()).map_err(|_| sized(found));
    let pair = <[u8; 2]>::try_from(reference.1.value.as_slice()).map_err(|_| sized(reference))?;
    let ([of], [which]) = (byte(total)?, byte(number)?);
    if of == 0 || which == 0 || which > of {
        return Err((number.0, "sar_value", u32::from(which)));
    }
    Ok(Some(Segment { reference: Some(u16::from_be_bytes(pair)), total: of, number: which }))
}

/// What registered_delivery wishes; 3 (5.0: of success only) is a wish for reports.
pub(super) const fn wish_of(registered_delivery: u8) -> Wish {
    match registered_delivery & 3 {
        0 => Wish::Nothing,
        2 => Wish::ReportOfFailure,
        _ => Wish::Report,
    }
}

pub(super) const fn registered_delivery_of(wish: Wish) -> u8 {
    match wish {
        Wish::Nothing => 0,
        Wish::Report => 1,
        Wish::ReportOfFailure => 2,
    }
}

/// One byte of a field that has no word, kept among the optional ones.
fn kept(tag: u16, value: u8) -> Tlv {
    Tlv { tag, value: vec![value] }
}

fn wire_length(address: &Address) -> usize {
    2 + address.text.len() + 1
}

fn tail_length(tail: &Tail) -> usize {
    tail.tlvs.iter().map(|tlv| TLV_HEADER + tlv.value.len()).sum::<usize>() + tail.rest.len()
}

/// esm_class: a user data header begins the content.
pub(super) const UDH: u8 = 0x40;
/// esm_class: what kind of message it is.
pub(super) const KIND: u8 = 0x3C;
/// esm_class of a delivery receipt.
pub(super) const RECEIPT: u8 = 0x04;
/// esm_class of an intermediate notification.
pub(super) const NOTIFICATION: u8 = 0x20;
const TLV_HEADER: usize = 4;
