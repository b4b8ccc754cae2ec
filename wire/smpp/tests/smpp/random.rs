//! Any PDU is read as it was written; any bytes that are read are written as they were.

use anning_link::{
    Address, Answer, Delivery, Dialect, LoginMode, MessageId, Reply, Report, ReportState, Segment, Sequence,
    Spoken, Submission, Tlv, Wish,
};
use anning_smpp::pdu::{
    Alert, Bind, Body, Cancel, Data, Destination, Identified, Multi, MultiAnswer, Outbind, Query,
    QueryAnswer, Replace, Single, Tail, Taker, Terms,
};
use anning_smpp::{Pdu, Smpp, Text, command, receipt};
use proptest::collection::vec;
use proptest::prelude::*;

fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    vec(1_u8..=255, 0..most)
}

fn text(room: usize) -> impl Strategy<Value = Text> {
    bytes(room).prop_map(Text)
}

fn address(room: usize) -> impl Strategy<Value = Address> {
    (bytes(room), any::<u8>(), any::<u8>()).prop_map(|(text, ton, npi)| Address { text, ton, npi })
}

fn terms() -> impl Strategy<Value = Terms> {
    (any::<[u8; 7]>(), text(17), text(17), vec(any::<u8>(), 0..=255)).prop_map(
        |(b, schedule, validity, content)| Terms {
            esm_class: b[0],
            protocol_id: b[1],
            priority_flag: b[2],
            schedule_delivery_time: schedule,
            validity_period: validity,
            registered_delivery: b[3],
            replace_if_present_flag: b[4],
            data_coding: b[5],
            sm_default_msg_id: b[6],
            short_message: Text(content),
        },
    )
}

fn single() -> impl Strategy<Value = Single> {
    (text(6), address(65), address(65), terms()).prop_map(|(service_type, source, destination, terms)| {
        Single { service_type, source, destination, terms }
    })
}

fn destination() -> impl Strategy<Value = Destination> {
    prop_oneof![address(65).prop_map(Destination::Address), text(21).prop_map(Destination::List)]
}

fn mode() -> impl Strategy<Value = LoginMode> {
    prop_oneof![Just(LoginMode::Send), Just(LoginMode::Receive), Just(LoginMode::Both)]
}

fn request() -> impl Strategy<Value = Body> {
    let bind = (text(16), text(65), text(13), any::<u8>(), address(41)).prop_map(
        |(system_id, password, system_type, interface_version, range)| Bind {
            system_id,
            password,
            system_type,
            interface_version,
            range,
        },
    );
    let data = (text(6), address(65), address(65), any::<[u8; 3]>()).prop_map(
        |(service_type, source, destination, b)| Data {
            service_type,
            source,
            destination,
            esm_class: b[0],
            registered_delivery: b[1],
            data_coding: b[2],
        },
    );
    let multi = (text(6), address(21), vec(destination(), 0..=255), terms()).prop_map(
        |(service_type, source, destinations, terms)| Multi { service_type, source, destinations, terms },
    );
    let cancel = (text(6), text(65), address(21), address(21)).prop_map(
        |(service_type, message_id, source, destination)| Cancel {
            service_type,
            message_id,
            source,
            destination,
        },
    );
    let replace = (text(65), address(21), terms()).prop_map(|(message_id, source, terms)| Replace {
        message_id,
        source,
        schedule_delivery_time: terms.schedule_delivery_time,
        validity_period: terms.validity_period,
        registered_delivery: terms.registered_delivery,
        sm_default_msg_id: terms.sm_default_msg_id,
        short_message: terms.short_message,
    });
    prop_oneof![
        (mode(), bind).prop_map(|(mode, bind)| Body::Bind(mode, bind)),
        (text(16), text(9)).prop_map(|(system_id, password)| Body::Outbind(Outbind { system_id, password })),
        single().prop_map(Body::Submit),
        multi.prop_map(Body::Multi),
        data.prop_map(Body::Data),
        (text(65), address(21)).prop_map(|(message_id, source)| Body::Query(Query { message_id, source })),
        cancel.prop_map(Body::Cancel),
        replace.prop_map(Body::Replace),
        (address(65), address(65)).prop_map(|(source, esme)| Body::Alert(Alert { source, esme })),
    ]
}

/// Answers, and what else may end in odd bytes.
fn answer() -> impl Strategy<Value = Body> {
    let taker = || prop_oneof![Just(Taker::Submit), Just(Taker::Deliver), Just(Taker::Data)];
    let id = || text(65).prop_map(|text| Identified { text, ended: true });
    let multi = (text(65), vec((address(21), any::<u32>()), 0..=255))
        .prop_map(|(message_id, unsuccess)| Body::MultiAnswer(MultiAnswer { message_id, unsuccess }));
    let query = (text(65), text(17), any::<u8>(), any::<u8>()).prop_map(
        |(message_id, final_date, message_state, error_code)| {
            Body::QueryAnswer(QueryAnswer { message_id, final_date, message_state, error_code })
        },
    );
    let plain = prop_oneof![
        Just(command::UNBIND),
        Just(command::ANSWER | command::UNBIND),
        Just(command::ENQUIRE_LINK),
        Just(command::ANSWER | command::ENQUIRE_LINK),
        Just(command::GENERIC_NACK),
        Just(command::ANSWER | command::CANCEL_SM),
        Just(command::ANSWER | command::REPLACE_SM),
    ];
    prop_oneof![
        (mode(), id()).prop_map(|(mode, id)| Body::BindAnswer(mode, id)),
        (taker(), id()).prop_map(|(taker, id)| Body::Answer(taker, id)),
        single().prop_map(Body::Deliver),
        multi,
        query,
        plain.prop_map(Body::Plain),
    ]
}

fn tlv() -> impl Strategy<Value = Tlv> {
    (any::<u16>(), vec(any::<u8>(), 0..40)).prop_map(|(tag, value)| Tlv { tag, value })
}

/// Bodies with whatever may follow them.
fn body_and_tail() -> impl Strategy<Value = (Body, Tail)> {
    let zeros = (vec(tlv(), 0..6), 0_usize..4).prop_map(|(tlvs, zeros)| Tail { tlvs, rest: vec![0; zeros] });
    let odd = (vec(tlv(), 0..6), vec(any::<u8>(), 0..4)).prop_map(|(tlvs, rest)| Tail { tlvs, rest });
    let unended =
        (mode(), text(65)).prop_map(|(mode, text)| Body::BindAnswer(mode, Identified { text, ended: false }));
    let raw = (0x0000_0111_u32..=0x0000_0113, vec(any::<u8>(), 0..40))
        .prop_map(|(id, body)| Body::Raw(id, Text(body)));
    let left_out = prop_oneof![Just(command::SUBMIT_MULTI), Just(command::QUERY_SM)];
    prop_oneof![
        4 => (request(), zeros),
        2 => (answer(), odd),
        1 => (unended, Just(Tail::default())),
        1 => (raw, Just(Tail::default())),
        1 => (left_out.prop_map(|id| Body::Plain(command::ANSWER | id)), Just(Tail::default())),
    ]
}

pub(crate) fn pdu() -> impl Strategy<Value = Pdu> {
    (any::<u32>(), any::<u32>(), body_and_tail()).prop_map(|(status, sequence, (body, tail))| Pdu {
        status,
        sequence,
        body,
        tail,
    })
}

fn extra() -> impl Strategy<Value = Vec<Tlv>> {
    vec((0x1400_u16..0x3FFF, vec(any::<u8>(), 0..20)).prop_map(|(tag, value)| Tlv { tag, value }), 0..4)
}

fn segment() -> impl Strategy<Value = Option<Segment>> {
    proptest::option::of((any::<u16>(), 1_u8..=255, any::<u8>()).prop_map(|(reference, total, number)| {
        Segment { reference: Some(reference), total, number: number % total + 1 }
    }))
}

fn submission() -> impl Strategy<Value = Submission> {
    let wish = prop_oneof![Just(Wish::Nothing), Just(Wish::Report), Just(Wish::ReportOfFailure)];
    let route = (address(21), vec(address(21), 1..5), bytes(6), segment(), wish);
    (route, vec(any::<u8>(), 0..400), any::<[u8; 4]>(), any::<bool>(), bytes(17), bytes(17), extra())
        .prop_map(
            |(
                (source, destinations, service, segment, wish),
                content,
                b,
                udh,
                valid_until,
                not_before,
                extra,
            )| Submission {
                source,
                destinations,
                coding: b[0],
                udh,
                content,
                segment,
                wish,
                service,
                priority: b[1],
                protocol_id: b[2],
                mode: b[3] & !0x40,
                valid_until,
                not_before,
                extra,
                ..Submission::default()
            },
        )
}

fn reply() -> impl Strategy<Value = Reply> {
    (
        address(21),
        address(21),
        any::<[u8; 2]>(),
        any::<bool>(),
        vec(any::<u8>(), 0..400),
        segment(),
        bytes(6),
        extra(),
    )
        .prop_map(|(source, destination, b, udh, content, segment, service, extra)| Reply {
            source,
            destination,
            coding: b[0],
            udh,
            content,
            segment,
            service,
            protocol_id: b[1],
            extra,
            ..Reply::default()
        })
}

fn report() -> impl Strategy<Value = Report> {
    let state = prop_oneof![
        Just(ReportState::Underway),
        Just(ReportState::Delivered),
        Just(ReportState::Expired),
        Just(ReportState::Deleted),
        Just(ReportState::Undeliverable),
        Just(ReportState::Accepted),
        Just(ReportState::Unknown),
        Just(ReportState::Rejected),
    ];
    (state, address(21), address(21), "[0-9a-zA-Z-]{0,64}", 0_u16..=0xFFFF, vec(any::<u8>(), 0..=20), extra())
        .prop_map(|(state, recipient, source, id, error, text, extra)| Report {
            carried_as: anning_link::MessageId::default(),
            id: MessageId(id.into_bytes()),
            recipient,
            source,
            state,
            word: receipt::word_of(state).as_bytes().to_vec(),
            error: format!("{error:03}").into_bytes(),
            submitted: b"2611271530".to_vec(),
            done: Vec::new(),
            text,
            service: Vec::new(),
            extra,
        })
}

/// What `from` says is what `to` hears.
fn heard(from: &mut Smpp, to: &mut Smpp, spoken: &Spoken) -> Spoken {
    assert_eq!(from.fits(spoken), Ok(()));
    let mut out = Vec::new();
    from.say(Sequence::of(7), spoken, &mut out);
    let (sequence, heard) = to.hear(&out).unwrap();
    assert_eq!(sequence, Sequence::of(7));
    heard
}

/// An empty payload among the optional fields says that the content stood there.
fn marked(mut extra: Vec<Tlv>, content: &[u8]) -> Vec<Tlv> {
    if content.len() > 254 {
        extra.push(Tlv { tag: 0x0424, value: Vec::new() });
    }
    extra
}

/// Requests that keep to the letter of the protocol: ASCII, rooms, whole times.
pub(crate) fn proper() -> impl Strategy<Value = Pdu> {
    let ascii = |most: usize| vec(0x20_u8..0x7F, 0..most);
    let address = move |room: usize| {
        (ascii(room), 0_u8..7, 0_u8..3).prop_map(|(text, ton, npi)| Address { text, ton, npi })
    };
    let time = || {
        prop_oneof![Just(Vec::new()), Just(b"261127153000032+".to_vec()), Just(b"000001000000000R".to_vec())]
    };
    let terms = (any::<[u8; 7]>(), time(), time(), vec(any::<u8>(), 0..=254)).prop_map(
        |(b, schedule, validity, content)| Terms {
            esm_class: b[0],
            protocol_id: b[1],
            priority_flag: b[2],
            schedule_delivery_time: Text(schedule),
            validity_period: Text(validity),
            registered_delivery: b[3],
            replace_if_present_flag: b[4],
            data_coding: b[5],
            sm_default_msg_id: b[6],
            short_message: Text(content),
        },
    );
    let single =
        (ascii(6), address(21), address(21), terms).prop_map(|(service, source, destination, terms)| {
            Single { service_type: Text(service), source, destination, terms }
        });
    let deliver = any::<bool>();
    let vendor =
        vec((0x1400_u16..0x3FFF, vec(any::<u8>(), 0..20)).prop_map(|(tag, value)| Tlv { tag, value }), 0..4);
    (1_u32..0x7FFF_FFFF, single, deliver, vendor).prop_map(|(sequence, single, deliver, tlvs)| {
        let body = if deliver { Body::Deliver(single) } else { Body::Submit(single) };
        Pdu { status: 0, sequence, body, tail: Tail::of(tlvs) }
    })
}

proptest! {
    #[test]
    fn a_pdu_is_read_as_it_was_written(pdu in pdu()) {
        let mut frame = Vec::new();
        pdu.encode(&mut frame);
        prop_assert_eq!(Pdu::decode(&frame).unwrap(), pdu);
    }

    #[test]
    fn bytes_are_written_as_they_were_read(
        id in prop_oneof![0_u32..0x24, 0x8000_0000_u32..0x8000_0024, 0x100_u32..0x114],
        body in vec(prop_oneof![Just(0_u8), 0_u8..4, any::<u8>()], 0..200),
    ) {
        let length = u32::try_from(16 + body.len()).unwrap();
        let frame = [&length.to_be_bytes()[..], &id.to_be_bytes(), &[0; 8], &body].concat();
        if let Ok(pdu) = Pdu::decode(&frame) {
            let mut again = Vec::new();
            pdu.encode(&mut again);
            prop_assert_eq!(again, frame.clone());
        }
        for mut side in [Smpp::client(b""), Smpp::server(b"")] {
            if let Err(wrong) = side.hear(&frame) {
                prop_assert!(wrong.at <= frame.len());
                let answer = side.answer_malformed(&wrong);
                prop_assert_eq!(answer.is_none(), id >= command::ANSWER || [0x0B, 0x102].contains(&id));
            }
        }
    }

    #[test]
    fn a_submission_arrives(submission in submission()) {
        let (mut client, mut server) = (Smpp::client(b""), Smpp::server(b""));
        let found = heard(&mut client, &mut server, &Spoken::Submit(Box::new(submission.clone())));
        let extra = marked(submission.extra.clone(), &submission.content);
        prop_assert_eq!(found, Spoken::Submit(Box::new(Submission { extra, ..submission.clone() })));
        // Whatever it was, its answer finds back.
        let refused = submission.destinations.iter().map(|one| (one.clone(), 0x401)).collect::<Vec<_>>();
        for answer in [Answer::Taken(MessageId(b"7".to_vec())), Answer::Refused(0x401)] {
            let spoken = Spoken::SubmitAnswer(answer);
            prop_assert_eq!(heard(&mut server, &mut client, &spoken), spoken);
        }
        if refused.len() > 1 {
            let spoken = Spoken::SubmitAnswer(Answer::TakenExcept(MessageId(b"7".to_vec()), refused));
            prop_assert_eq!(heard(&mut server, &mut client, &spoken), spoken);
        }
    }

    #[test]
    fn a_reply_arrives(reply in reply()) {
        let spoken = Spoken::Deliver(Box::new(Delivery::Reply(reply.clone())));
        let found = heard(&mut Smpp::server(b""), &mut Smpp::client(b""), &spoken);
        let extra = marked(reply.extra.clone(), &reply.content);
        prop_assert_eq!(found, Spoken::Deliver(Box::new(Delivery::Reply(Reply { extra, ..reply }))));
    }

    #[test]
    fn a_report_arrives(report in report()) {
        let spoken = Spoken::Deliver(Box::new(Delivery::Report(report)));
        prop_assert_eq!(heard(&mut Smpp::server(b""), &mut Smpp::client(b""), &spoken), spoken);
    }

    #[test]
    fn a_receipt_is_read_whatever_it_says(text in vec(prop_oneof![Just(b' '), Just(b':'), any::<u8>()], 0..120)) {
        let receipt = receipt::Receipt::parse(&text);
        prop_assert!(receipt.id.len() + receipt.text.len() <= text.len());
    }
}
