//! Decoding undoes encoding, and encoding undoes decoding.
#![cfg(test)]

use anning_link::{
    Address, Delivery, Dialect, Fee, Fixed, MessageId, Octets, Reply, Segment, Sequence, Spoken, Submission,
    Tlv, Wish,
};
use anning_smgp::pdu::{Deliver, Frame, Login, LoginResp, Pdu, Query, QueryResp, Submit, Taken};
use anning_smgp::report::StatusText;
use anning_smgp::{Smgp, Version};
use proptest::collection::vec;
use proptest::prelude::*;

fn fixed<const N: usize>() -> impl Strategy<Value = Fixed<N>> {
    any::<[u8; N]>().prop_map(Fixed::from_wire)
}

fn octets(most: usize) -> impl Strategy<Value = Octets> {
    vec(any::<u8>(), 0..=most).prop_map(Octets)
}

fn tlvs() -> impl Strategy<Value = Vec<Tlv>> {
    let tlv = (prop_oneof![0_u16..0x20, any::<u16>()], vec(any::<u8>(), 0..30))
        .prop_map(|(tag, value)| Tlv { tag, value });
    vec(tlv, 0..8)
}

prop_compose! {
    fn submit(version: Version)(
        (msg_type, need_report, priority, msg_format) in any::<(u8, u8, u8, u8)>(),
        (service_id, fee_type, fee_code, fixed_fee) in (fixed(), fixed(), fixed(), fixed()),
        (valid_time, at_time) in (fixed(), fixed()),
        (src_term_id, charge_term_id) in (fixed(), fixed()),
        dest_term_ids in vec(fixed(), 0..=255),
        content in octets(255),
        reserve in fixed(),
        tlvs in tlvs(),
    ) -> Submit {
        let fixed_fee = (version == Version::Current).then_some(fixed_fee);
        Submit {
            msg_type, need_report, priority, service_id, fee_type, fee_code, fixed_fee, msg_format, valid_time, at_time,
            src_term_id, charge_term_id, dest_term_ids, content, reserve, tlvs,
        }
    }
}

prop_compose! {
    fn deliver()(
        (msg_id, is_report, msg_format) in any::<([u8; 10], u8, u8)>(),
        (recv_time, src_term_id, dest_term_id) in (fixed(), fixed(), fixed()),
        (content, reserve, tlvs) in (octets(255), fixed(), tlvs()),
    ) -> Deliver {
        Deliver { msg_id, is_report, msg_format, recv_time, src_term_id, dest_term_id, content, reserve, tlvs }
    }
}

fn query() -> impl Strategy<Value = Query> {
    (fixed(), any::<u8>(), fixed()).prop_map(|(time, query_type, query_code)| Query {
        time,
        query_type,
        query_code,
    })
}

fn taken() -> impl Strategy<Value = Taken> {
    any::<([u8; 10], u32)>().prop_map(|(msg_id, status)| Taken { msg_id, status })
}

fn pdu(version: Version) -> impl Strategy<Value = Pdu> {
    let login = (fixed(), fixed(), any::<(u8, u32, u8)>()).prop_map(
        |(client_id, authenticator, (mode, timestamp, version))| {
            Pdu::Login(Login { client_id, authenticator, mode, timestamp, version })
        },
    );
    let login_resp = (any::<u32>(), fixed(), any::<u8>()).prop_map(|(status, authenticator, version)| {
        Pdu::LoginResp(LoginResp { status, authenticator, version })
    });
    let query_resp = (query(), any::<[u32; 8]>(), fixed())
        .prop_map(|(asked, counts, reserve)| Pdu::QueryResp(Box::new(QueryResp { asked, counts, reserve })));
    prop_oneof![
        login,
        login_resp,
        submit(version).prop_map(|submit| Pdu::Submit(Box::new(submit))),
        taken().prop_map(Pdu::SubmitResp),
        deliver().prop_map(|deliver| Pdu::Deliver(Box::new(deliver))),
        taken().prop_map(Pdu::DeliverResp),
        Just(Pdu::ActiveTest),
        Just(Pdu::ActiveTestResp),
        Just(Pdu::Exit),
        Just(Pdu::ExitResp),
        query().prop_map(Pdu::Query),
        query_resp,
    ]
}

fn frame(version: Version) -> impl Strategy<Value = Frame> {
    let foreign = (prop_oneof![Just(5), 8..=0x12_u32], any::<bool>(), octets(40)).prop_map(
        |(command, answers, body)| {
            Frame::new(1, Pdu::Foreign(if answers { command | 0x8000_0000 } else { command }, body))
        },
    );
    // Up to three bytes are no optional field.
    let known = (any::<u32>(), pdu(version), octets(3)).prop_map(|(sequence, pdu, tail)| Frame {
        sequence,
        pdu,
        tail,
    });
    prop_oneof![1 => foreign, 9 => known]
}

fn versions() -> impl Strategy<Value = Version> {
    prop_oneof![Just(Version::Current), Just(Version::Old)]
}

/// A text without zeros, up to its room.
fn text(most: usize) -> impl Strategy<Value = Vec<u8>> {
    vec(1..=255_u8, 0..=most)
}

fn address() -> impl Strategy<Value = Address> {
    text(21).prop_map(|text| Address::new(&text))
}

fn segment() -> impl Strategy<Value = Option<Segment>> {
    let place = (1..=255_u8).prop_flat_map(|total| (Just(total), 1..=total));
    proptest::option::of(place.prop_map(|(total, number)| Segment { reference: None, total, number }))
}

prop_compose! {
    fn submission()(
        (source, destinations, payer) in (address(), vec(address(), 1..=100), address()),
        (coding, priority, protocol_id, payer_kind) in (any::<u8>(), 0..=3_u8, any::<u8>(), any::<u8>()),
        (content, udh) in prop_oneof![
            vec(any::<u8>(), 0..=140).prop_map(|content| (content, false)),
            // A header that says no place leaves the fields alone.
            vec(any::<u8>(), 0..=130).prop_map(|content| ([&[3, 0x70, 1, 0], &content[..]].concat(), true)),
        ],
        segment in segment(),
        wish in prop_oneof![Just(Wish::Nothing), Just(Wish::Report)],
        (service, enterprise, link) in (text(10), text(8), text(20)),
        (kind, code, fixed) in (text(2), text(6), text(6)),
        (valid_until, not_before) in (text(17), text(17)),
        extra in vec((0x20..0xFE00_u16, vec(any::<u8>(), 0..9)).prop_map(|(tag, value)| Tlv { tag, value }), 0..4),
    ) -> Submission {
        Submission {
            source, destinations, coding, udh, content, segment, wish, service, enterprise,
            fee: Fee { payer_kind, payer, kind, code, fixed },
            priority, protocol_id, mode: 0, valid_until, not_before, link, extra,
        }
    }
}

proptest! {
    #[test]
    fn decode_undoes_encode((version, frame) in versions().prop_flat_map(|version| (Just(version), frame(version)))) {
        let mut bytes = Vec::new();
        frame.encode(&mut bytes);
        prop_assert_eq!(Frame::decode(version, &bytes), Ok(frame));
    }

    #[test]
    fn encode_undoes_decode(version in versions(), command in 0..=8_u32, answers: bool, body in vec(any::<u8>(), 0..400)) {
        let command = if answers { command | 0x8000_0000 } else { command };
        let length = u32::try_from(12 + body.len()).unwrap();
        let bytes = [&length.to_be_bytes()[..], &command.to_be_bytes(), &[0; 4], &body].concat();
        if let Ok(frame) = Frame::decode(version, &bytes) {
            let mut again = Vec::new();
            frame.encode(&mut again);
            prop_assert_eq!(again, bytes);
        }
    }

    #[test]
    fn a_submission_that_fits_is_heard_as_it_was_said(message in submission()) {
        let (mut smgp, spoken) = (Smgp::default(), Spoken::Submit(Box::new(message)));
        prop_assert_eq!(smgp.fits(&spoken), Ok(()));
        let mut bytes = Vec::new();
        smgp.say(Sequence::of(1), &spoken, &mut bytes);
        prop_assert_eq!(smgp.hear(&bytes), Ok((Sequence::of(1), spoken)));
    }

    #[test]
    fn a_reply_that_fits_is_heard_as_it_was_said(
        (id, source, destination) in (any::<[u8; 10]>(), address(), address()),
        (coding, protocol_id, segment, link) in (any::<u8>(), any::<u8>(), segment(), text(20)),
        content in vec(any::<u8>(), 0..=255),
    ) {
        let reply = Reply {
            id: MessageId(id.to_vec()), source, destination, coding, protocol_id, segment, link, content,
            ..Reply::default()
        };
        let (mut smgp, spoken) = (Smgp::default(), Spoken::Deliver(Box::new(Delivery::Reply(reply))));
        prop_assert_eq!(smgp.fits(&spoken), Ok(()));
        let mut bytes = Vec::new();
        smgp.say(Sequence::of(1), &spoken, &mut bytes);
        prop_assert_eq!(smgp.hear(&bytes), Ok((Sequence::of(1), spoken)));
    }

    #[test]
    fn a_report_text_is_written_as_it_was_read(
        id: [u8; 10],
        parts in vec(prop_oneof![
            Just(b"sub:".to_vec()), Just(b" dlvrd:001".to_vec()), Just(b"sSubmit_Date:".to_vec()), Just(b" done date:".to_vec()),
            Just(b" stat:".to_vec()), Just(b" err:".to_vec()), Just(b" txt:".to_vec()), vec(any::<u8>(), 0..12),
        ], 0..16),
    ) {
        let text = [&b"id:"[..], &id, &parts.concat()].concat();
        if let Some(report) = StatusText::read(&text) {
            prop_assert_eq!(report.bytes(), text);
        }
    }
}
