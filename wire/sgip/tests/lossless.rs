//! Decoding undoes encoding, and encoding undoes decoding.
#![cfg(test)]

use anning_link::{Address, Dialect, Fee, Fixed, Octets, Sequence, Spoken, Submission, Wish};
use anning_sgip::Sgip;
use anning_sgip::pdu::{Bind, Deliver, Frame, Node, Pdu, Report, Resp, Submit, Trace, TraceResp, UserRpt};
use proptest::collection::vec;
use proptest::prelude::*;

fn fixed<const N: usize>() -> impl Strategy<Value = Fixed<N>> {
    any::<[u8; N]>().prop_map(Fixed::from_wire)
}

fn octets(most: usize) -> impl Strategy<Value = Octets> {
    vec(any::<u8>(), 0..=most).prop_map(Octets)
}

fn reserve() -> impl Strategy<Value = Option<Fixed<8>>> {
    proptest::option::of(fixed())
}

fn resp() -> impl Strategy<Value = Resp> {
    (any::<u8>(), reserve()).prop_map(|(result, reserve)| Resp { result, reserve })
}

prop_compose! {
    fn submit()(
        (sp_number, charge_number, user_numbers) in (fixed(), fixed(), vec(fixed(), 0..=255)),
        (corp_id, service_type, fee_value, given_value) in (fixed(), fixed(), fixed(), fixed()),
        (fee_type, agent_flag, more_late_to_mt_flag, priority) in any::<(u8, u8, u8, u8)>(),
        (expire_time, schedule_time) in (fixed(), fixed()),
        (report_flag, tp_pid, tp_udhi, message_coding, message_type) in any::<(u8, u8, u8, u8, u8)>(),
        (content, reserve) in (octets(300), reserve()),
    ) -> Submit {
        Submit {
            sp_number, charge_number, user_numbers, corp_id, service_type, fee_type, fee_value, given_value, agent_flag,
            more_late_to_mt_flag, priority, expire_time, schedule_time, report_flag, tp_pid, tp_udhi, message_coding,
            message_type, content, reserve,
        }
    }
}

fn node() -> impl Strategy<Value = Node> {
    (any::<u8>(), fixed(), fixed(), fixed(), fixed()).prop_map(
        |(result, node_id, receive_time, send_time, reserve)| Node {
            result,
            node_id,
            receive_time,
            send_time,
            reserve,
        },
    )
}

fn pdu() -> impl Strategy<Value = Pdu> {
    let bind = (any::<u8>(), fixed(), fixed(), reserve()).prop_map(
        |(login_type, login_name, login_password, reserve)| {
            Pdu::Bind(Bind { login_type, login_name, login_password, reserve })
        },
    );
    let deliver = (fixed(), fixed(), any::<(u8, u8, u8)>(), octets(300), reserve()).prop_map(
        |(user_number, sp_number, (tp_pid, tp_udhi, message_coding), content, reserve)| {
            Pdu::Deliver(Box::new(Deliver {
                user_number,
                sp_number,
                tp_pid,
                tp_udhi,
                message_coding,
                content,
                reserve,
            }))
        },
    );
    let report = (any::<([u8; 12], u8, u8, u8)>(), fixed(), reserve()).prop_map(
        |((submit_sequence, report_type, state, error_code), user_number, reserve)| {
            Pdu::Report(Report { submit_sequence, report_type, user_number, state, error_code, reserve })
        },
    );
    let user = (fixed(), fixed(), any::<u8>(), reserve()).prop_map(
        |(sp_number, user_number, user_condition, reserve)| {
            Pdu::UserRpt(UserRpt { sp_number, user_number, user_condition, reserve })
        },
    );
    let trace =
        (any::<[u8; 12]>(), fixed(), reserve()).prop_map(|(submit_sequence, user_number, reserve)| {
            Pdu::Trace(Trace { submit_sequence, user_number, reserve })
        });
    prop_oneof![
        bind,
        resp().prop_map(Pdu::BindResp),
        Just(Pdu::Unbind),
        Just(Pdu::UnbindResp),
        submit().prop_map(|submit| Pdu::Submit(Box::new(submit))),
        resp().prop_map(Pdu::SubmitResp),
        deliver,
        resp().prop_map(Pdu::DeliverResp),
        report,
        resp().prop_map(Pdu::ReportResp),
        user,
        resp().prop_map(Pdu::UserRptResp),
        trace,
        vec(node(), 0..=255).prop_map(|nodes| Pdu::TraceResp(TraceResp(nodes))),
    ]
}

fn frame() -> impl Strategy<Value = Frame> {
    let sequence = || any::<[u32; 3]>().prop_map(Sequence);
    let foreign = (sequence(), 6..=0x10_u32, any::<bool>(), octets(40)).prop_map(
        |(sequence, command, answers, body)| {
            Frame::new(sequence, Pdu::Foreign(if answers { command | 0x8000_0000 } else { command }, body))
        },
    );
    // Up to seven bytes are no Reserve.
    let known =
        (sequence(), pdu(), octets(7)).prop_map(|(sequence, pdu, tail)| Frame { sequence, pdu, tail });
    prop_oneof![1 => foreign, 9 => known]
}

/// A text without zeros, up to its room.
fn text(most: usize) -> impl Strategy<Value = Vec<u8>> {
    vec(1..=255_u8, 0..=most)
}

fn address() -> impl Strategy<Value = Address> {
    text(21).prop_map(|text| Address::new(&text))
}

prop_compose! {
    fn submission()(
        (source, destinations, payer) in (address(), vec(address(), 1..=80), text(20)),
        (coding, priority, protocol_id, kind) in (any::<u8>(), 0..=9_u8, any::<u8>(), 0..=4_u8),
        (content, udh) in (vec(any::<u8>(), 0..=140), any::<bool>()),
        wish in prop_oneof![Just(Wish::Nothing), Just(Wish::Report), Just(Wish::ReportOfFailure)],
        (service, enterprise, link) in (text(10), text(5), text(8)),
        (code, fixed) in (text(6), text(6)),
        (valid_until, not_before) in (text(16), text(16)),
    ) -> Submission {
        let payer_kind = if payer.is_empty() { 0 } else { 3 };
        let kind = kind.to_string().into_bytes();
        Submission {
            source, destinations, coding, udh, content, wish, service, enterprise,
            fee: Fee { payer_kind, payer: Address::new(&payer), kind, code, fixed },
            priority, protocol_id, valid_until, not_before, link,
            ..Submission::default()
        }
    }
}

proptest! {
    #[test]
    fn decode_undoes_encode(frame in frame()) {
        let mut bytes = Vec::new();
        frame.encode(&mut bytes);
        prop_assert_eq!(Frame::decode(&bytes), Ok(frame));
    }

    #[test]
    fn encode_undoes_decode(
        command in prop_oneof![0..=0x12_u32, Just(0x1000)],
        answers: bool,
        body in vec(prop_oneof![Just(0), any::<u8>()], 0..400),
    ) {
        let command = if answers { command | 0x8000_0000 } else { command };
        let length = u32::try_from(20 + body.len()).unwrap();
        let bytes = [&length.to_be_bytes()[..], &command.to_be_bytes(), &[7; 12], &body].concat();
        if let Ok(frame) = Frame::decode(&bytes) {
            let mut again = Vec::new();
            frame.encode(&mut again);
            prop_assert_eq!(again, bytes);
        }
    }

    #[test]
    fn a_submission_that_fits_is_heard_as_it_was_said(message in submission()) {
        let (mut sgip, spoken) = (Sgip::default(), Spoken::Submit(Box::new(message)));
        prop_assert_eq!(sgip.fits(&spoken), Ok(()));
        let (mut bytes, number) = (Vec::new(), Sequence([1, 2, 3]));
        sgip.say(number, &spoken, &mut bytes);
        prop_assert!(bytes.len() <= 2_048);
        prop_assert_eq!(sgip.hear(&bytes), Ok((number, spoken)));
    }
}
