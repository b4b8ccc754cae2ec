//! Against rusmpp, another implementation: where it reads a frame and writes the same bytes again, both read the same
//! fields; and what real peers send that it does not read.

use anning_link::{Address, LoginMode, Tlv};
use anning_smpp::pdu::{
    Bind, Body, Cancel, Data, Destination, Identified, Multi, Outbind, Query, QueryAnswer, Single, Tail,
    Taker, Terms,
};
use anning_smpp::{Pdu, Text, command};
use proptest::prelude::*;
use rusmpp::decode::DecodeWithLength;
use rusmpp::encode::Encode;
use rusmpp::pdus::SubmitMulti;
use rusmpp::values::DestAddress;
use rusmpp::{Command, Pdu as Their};

/// What rusmpp makes of a frame.
#[derive(Debug, PartialEq, Eq)]
enum Reading {
    /// It gives the same bytes again.
    Whole,
    /// It reads it, and gives other bytes.
    Other,
    /// It does not read it.
    Refused,
}

fn wire(value: &impl Encode) -> Vec<u8> {
    let mut bytes = vec![0; value.length()];
    value.encode(&mut bytes);
    bytes
}

fn read(frame: &[u8]) -> (Reading, Option<Command>) {
    let mut source = frame[4..].into();
    let Ok((command, _)) = <Command as DecodeWithLength>::decode(&mut source, frame.len() - 4) else {
        return (Reading::Refused, None);
    };
    let whole = wire(&command) == frame[4..];
    (if whole { Reading::Whole } else { Reading::Other }, Some(command))
}

/// A text of theirs, without its zero.
fn text(value: &impl Encode) -> Text {
    let bytes = wire(value);
    Text::of(bytes.strip_suffix(&[0]).unwrap())
}

fn byte(value: &impl Encode) -> u8 {
    wire(value)[0]
}

/// Type of number, plan, text.
macro_rules! address {
    ($body:expr, $ton:ident, $npi:ident, $text:ident) => {
        Address { text: text(&$body.$text).0, ton: byte(&$body.$ton), npi: byte(&$body.$npi) }
    };
}

macro_rules! source {
    ($body:expr) => {
        address!($body, source_addr_ton, source_addr_npi, source_addr)
    };
}

macro_rules! destination {
    ($body:expr) => {
        address!($body, dest_addr_ton, dest_addr_npi, destination_addr)
    };
}

macro_rules! terms {
    ($body:expr) => {
        Terms {
            esm_class: byte(&$body.esm_class),
            protocol_id: $body.protocol_id,
            priority_flag: byte(&$body.priority_flag),
            schedule_delivery_time: text(&$body.schedule_delivery_time),
            validity_period: text(&$body.validity_period),
            registered_delivery: byte(&$body.registered_delivery),
            replace_if_present_flag: byte(&$body.replace_if_present_flag),
            data_coding: byte(&$body.data_coding),
            sm_default_msg_id: $body.sm_default_msg_id,
            short_message: Text(wire($body.short_message())),
        }
    };
}

macro_rules! single {
    ($body:expr) => {
        Single {
            service_type: text(&$body.service_type),
            source: source!($body),
            destination: destination!($body),
            terms: terms!($body),
        }
    };
}

macro_rules! bind {
    ($mode:expr, $body:expr) => {
        Body::Bind(
            $mode,
            Bind {
                system_id: text(&$body.system_id),
                password: text(&$body.password),
                system_type: text(&$body.system_type),
                interface_version: byte(&$body.interface_version),
                range: address!($body, addr_ton, addr_npi, address_range),
            },
        )
    };
}

fn identified(value: &impl Encode) -> Identified {
    Identified { text: text(value), ended: true }
}

fn tail(tlvs: &[rusmpp::tlvs::Tlv]) -> Tail {
    let ours = |tlv: &rusmpp::tlvs::Tlv| {
        let bytes = wire(tlv);
        Tlv { tag: u16::from_be_bytes([bytes[0], bytes[1]]), value: bytes[4..].to_vec() }
    };
    Tail::of(tlvs.iter().map(ours).collect())
}

/// Their reading in our words; none for what we do not read any further.
fn ours(command: &Command) -> Option<(Body, Tail)> {
    let none = Tail::default();
    let plain = |request: u32| Some((Body::Plain(command::ANSWER | request), Tail::default()));
    let pdu = command.pdu()?;
    Some(match pdu {
        Their::BindTransmitter(body) => (bind!(LoginMode::Send, body), none),
        Their::BindReceiver(body) => (bind!(LoginMode::Receive, body), none),
        Their::BindTransceiver(body) => (bind!(LoginMode::Both, body), none),
        Their::BindTransmitterResp(body) => {
            bound(LoginMode::Send, &body.system_id, body.sc_interface_version_tlv())
        }
        Their::BindReceiverResp(body) => {
            bound(LoginMode::Receive, &body.system_id, body.sc_interface_version_tlv())
        }
        Their::BindTransceiverResp(body) => {
            bound(LoginMode::Both, &body.system_id, body.sc_interface_version_tlv())
        }
        Their::Outbind(body) => (
            Body::Outbind(Outbind { system_id: text(&body.system_id), password: text(&body.password) }),
            none,
        ),
        Their::SubmitSm(body) => (Body::Submit(single!(body)), tail(body.tlvs())),
        Their::DeliverSm(body) => (Body::Deliver(single!(body)), tail(body.tlvs())),
        Their::SubmitSmResp(body) => {
            (Body::Answer(Taker::Submit, identified(body.message_id())), tail(body.tlvs()))
        }
        Their::SubmitMulti(body) => (multi(body), tail(body.tlvs())),
        Their::DataSm(body) => {
            let data = Data {
                service_type: text(&body.service_type),
                source: source!(body),
                destination: destination!(body),
                esm_class: byte(&body.esm_class),
                registered_delivery: byte(&body.registered_delivery),
                data_coding: byte(&body.data_coding),
            };
            (Body::Data(data), tail(body.tlvs()))
        }
        Their::QuerySm(body) => {
            (Body::Query(Query { message_id: text(&body.message_id), source: source!(body) }), none)
        }
        Their::QuerySmResp(body) => {
            let answer = QueryAnswer {
                message_id: text(&body.message_id),
                final_date: text(&body.final_date),
                message_state: byte(&body.message_state),
                error_code: body.error_code,
            };
            (Body::QueryAnswer(answer), none)
        }
        Their::CancelSm(body) => {
            let cancel = Cancel {
                service_type: text(&body.service_type),
                message_id: text(&body.message_id),
                source: source!(body),
                destination: destination!(body),
            };
            (Body::Cancel(cancel), none)
        }
        Their::CancelSmResp => return plain(command::CANCEL_SM),
        Their::ReplaceSmResp => return plain(command::REPLACE_SM),
        Their::UnbindResp => return plain(command::UNBIND),
        Their::EnquireLinkResp => return plain(command::ENQUIRE_LINK),
        Their::GenericNack => return plain(0),
        Their::Unbind => (Body::Plain(command::UNBIND), none),
        Their::EnquireLink => (Body::Plain(command::ENQUIRE_LINK), none),
        _ => return None,
    })
}

fn bound(mode: LoginMode, system_id: &impl Encode, version: Option<&rusmpp::tlvs::Tlv>) -> (Body, Tail) {
    (
        Body::BindAnswer(mode, identified(system_id)),
        version.map(|tlv| tail(core::slice::from_ref(tlv))).unwrap_or_default(),
    )
}

fn multi(body: &SubmitMulti) -> Body {
    let destinations = body.dest_address().iter().map(|one| match one {
        DestAddress::SmeAddress(one) => Destination::Address(destination!(one)),
        DestAddress::DistributionListName(one) => Destination::List(text(&one.dl_name)),
    });
    Body::Multi(Multi {
        service_type: text(&body.service_type),
        source: source!(body),
        destinations: destinations.collect(),
        terms: terms!(body),
    })
}

/// Both read the same fields, if rusmpp reads the frame whole.
fn agree(id: &str, frame: &[u8]) -> Reading {
    let (reading, command) = read(frame);
    if let (Reading::Whole, Some(command)) = (&reading, command) {
        let pdu = Pdu::decode(frame).unwrap();
        assert_eq!(command.sequence_number(), pdu.sequence, "{id}");
        if let Some((body, tail)) = ours(&command) {
            assert_eq!(pdu.body, body, "{id}");
            // smpp-025 says 65 bytes for an id of five, and ends; rusmpp does not look at the length.
            assert!(pdu.tail == tail || id == "smpp-025", "{id}");
        }
    }
    reading
}

/// Of 97 captured frames, those that rusmpp does not give back.
#[test]
fn captured_frames() {
    let mut odd = Vec::new();
    for (id, _, frame) in crate::lines() {
        match agree(id, &frame) {
            Reading::Whole => {}
            reading => odd.push((id, reading)),
        }
    }
    // An id without its zero; and the sm_length beyond the frame that nobody can read.
    assert_eq!(odd, [("smpp-009", Reading::Refused), ("smpp-035", Reading::Refused)]);
}

/// What peers send although they should not, on top of smpp-026 (submit_sm) and smpp-076 (submit_sm_resp). We read each
/// and give its bytes again.
#[test]
fn what_only_we_read() {
    let submit = crate::frame("smpp-026");
    let tlvs = |tail: &str| finish([submit.as_slice(), &crate::hex(tail)].concat());
    let address = |with: &[u8]| finish([&submit[..19], with, &submit[23..]].concat());
    let time = |with: &[u8]| finish([&submit[..43], with, &submit[43..]].concat());
    for (what, frame, expected) in [
        ("nothing odd", submit.clone(), Reading::Whole),
        ("an unknown optional field", tlvs("140100020102"), Reading::Whole),
        ("message_state of two bytes", tlvs("042700020002"), Reading::Refused),
        ("message_state of no byte", tlvs("04270000"), Reading::Whole),
        ("sar_msg_ref_num of one byte", tlvs("020c000107"), Reading::Refused),
        ("user_message_reference of four bytes", tlvs("0204000400000001"), Reading::Refused),
        ("receipted_message_id without its zero", tlvs("001e0003424244"), Reading::Refused),
        ("callback_num of two bytes", tlvs("038100020131"), Reading::Refused),
        ("a zero behind the last field", tlvs("00"), Reading::Refused),
        ("a sender in Latin-1", address(b"Caf\xe9"), Reading::Refused),
        ("a sender of 24 characters", address(b"AAAAAAAAAAAAAAAAAAAAAAAA"), Reading::Refused),
        ("a validity period without its zone", time(b"261127153000"), Reading::Refused),
    ] {
        assert_eq!(read(&frame).0, expected, "{what}");
        let mut again = Vec::new();
        Pdu::decode(&frame).unwrap().encode(&mut again);
        assert_eq!(again, frame, "{what}");
    }
}

/// rusmpp does not look at the length of an optional field whose form it knows. What stands in the rest of it becomes
/// fields of their own: here a content that nobody who reads the lengths has seen.
#[test]
fn a_content_inside_another_field() {
    let frame =
        finish([crate::frame("smpp-026"), crate::hex("0427000a0204240005"), b"other".to_vec()].concat());
    let (reading, command) = read(&frame);
    let theirs = ours(&command.unwrap()).unwrap().1;
    assert_eq!((reading, theirs.first(0x0424)), (Reading::Whole, Some(&b"other"[..])));
    assert_eq!(Pdu::decode(&frame).unwrap().tail.first(0x0424), None);
}

/// Fills in the length.
fn finish(mut frame: Vec<u8>) -> Vec<u8> {
    let length = u32::try_from(frame.len()).unwrap();
    frame[..4].copy_from_slice(&length.to_be_bytes());
    frame
}

proptest! {
    #[test]
    fn any_frame(pdu in crate::random::pdu()) {
        let mut frame = Vec::new();
        pdu.encode(&mut frame);
        agree("random", &frame);
    }

    /// Nearly all of these it reads, so that the comparison is one.
    #[test]
    fn proper_frames(pdu in crate::random::proper()) {
        let mut frame = Vec::new();
        pdu.encode(&mut frame);
        prop_assert_eq!(agree("proper", &frame), Reading::Whole);
    }
}
