//! Real bytes: each decodes to what its line says, and is encoded again to the same bytes.
#![cfg(test)]

use anning_link::{
    Address, Answer, Delivery, Dialect, LoginMode, MessageId, ReportState, Sequence, Spoken, Wish,
};
use anning_sgip::Sgip;
use anning_sgip::pdu::{Frame, Pdu};

/// A line of the file: its id, what it is, its bytes.
struct Vector {
    id: &'static str,
    what: &'static str,
    bytes: Vec<u8>,
}

fn vectors() -> Vec<Vector> {
    let lines = include_str!("vectors.txt").lines().filter(|line| !line.starts_with('#'));
    let vectors: Vec<_> = lines
        .map(|line| {
            let [id, what, _, _, hex] = line.split(" | ").collect::<Vec<_>>().try_into().unwrap();
            Vector { id, what, bytes: unhex(hex) }
        })
        .collect();
    assert_eq!(vectors.len(), 16);
    vectors
}

fn unhex(hex: &str) -> Vec<u8> {
    hex.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

fn vector(id: &str) -> Vector {
    vectors().into_iter().find(|vector| vector.id == id).unwrap()
}

fn spoken(id: &str) -> Spoken {
    Sgip::default().hear(&vector(id).bytes).unwrap().1
}

#[test]
fn every_line_decodes_to_what_it_says_and_back() {
    for vector in vectors() {
        let frame = Frame::decode(&vector.bytes).unwrap();
        let name = match frame.pdu {
            Pdu::Bind(_) => "bind",
            Pdu::BindResp(_) => "bind_resp",
            Pdu::Unbind => "unbind",
            Pdu::UnbindResp => "unbind_resp",
            Pdu::Submit(_) => "submit",
            Pdu::SubmitResp(_) => "submit_resp",
            Pdu::Deliver(_) => "deliver",
            Pdu::DeliverResp(_) => "deliver_resp",
            Pdu::Report(_) => "report",
            Pdu::ReportResp(_) => "report_resp",
            Pdu::UserRpt(_) | Pdu::UserRptResp(_) | Pdu::Trace(_) | Pdu::TraceResp(_) | Pdu::Foreign(..) => {
                "other"
            }
        };
        let Sequence([node, time, counter]) = frame.sequence;
        assert_eq!(format!("{name} seq={node}:{time}:{counter}"), vector.what, "{}", vector.id);
        // One gateway gives UNBIND_RESP the body of other answers.
        assert_eq!(frame.tail.0.len(), if vector.id == "sgip-005" { 9 } else { 0 }, "{}", vector.id);
        let mut again = Vec::new();
        frame.encode(&mut again);
        assert_eq!(again, vector.bytes, "{}", vector.id);
    }
}

#[test]
fn said_again_to_the_same_bytes() {
    for Vector { id, bytes, .. } in vectors() {
        let mut sgip = Sgip::default();
        if id == "sgip-013" {
            // The answer is that to a report because a report with its number was heard.
            sgip.hear(&vector("sgip-011").bytes).unwrap();
        }
        let (sequence, spoken) = sgip.hear(&bytes).unwrap();
        let mut said = Vec::new();
        sgip.say(sequence, &spoken, &mut said);
        match id {
            "sgip-005" => assert_eq!(said.len(), 20, "without a body"),
            "sgip-006" => {
                assert_eq!(sgip.fits(&spoken), Err("MessageLength"));
                assert_eq!(said, bytes);
            }
            _ => {
                assert_eq!(sgip.fits(&spoken), Ok(()), "{id}");
                assert_eq!(said, bytes, "{id}");
            }
        }
    }
}

#[test]
fn logins_in_both_directions() {
    let check = |id, mode| {
        let Spoken::Login(asked) = spoken(id) else { panic!("{id}") };
        assert_eq!((asked.account.as_slice(), asked.mode), (&b"fakename"[..], mode), "{id}");
        for (account, secret, fits) in [
            ("fakename", "1234", true),
            ("fakename", "1235", false),
            ("fakenam", "1234", false),
            ("fakename", "", false),
        ] {
            let who = anning_link::Credentials { account: account.into(), secret: secret.into() };
            assert_eq!(Sgip::default().verify(&asked, &who), fits, "{id} {account} {secret}");
        }
        let shown = format!("{asked:?} {:?}", Frame::decode(&vector(id).bytes).unwrap().pdu);
        assert!(!shown.contains("1234"), "{shown}");
    };
    check("sgip-001", LoginMode::Send);
    check("sgip-007", LoginMode::Receive);
    assert_eq!(spoken("sgip-008"), Spoken::LoginAnswer(0, vec![]));
    assert_eq!(spoken("sgip-004"), Spoken::Leave);
    assert_eq!(spoken("sgip-005"), Spoken::LeaveAnswer);
}

#[test]
fn submits() {
    let check = |id, destinations: &[&[u8]], coding, udh, length, valid: &[u8]| {
        let Spoken::Submit(message) = spoken(id) else { panic!("{id}") };
        let numbers: Vec<_> = destinations.iter().map(|number| Address::new(number)).collect();
        assert_eq!((&message.source.text[..5], &message.destinations), (&b"10655"[..], &numbers), "{id}");
        assert_eq!((message.coding, message.udh, message.content.len()), (coding, udh, length), "{id}");
        assert_eq!(
            (message.enterprise.as_slice(), message.service.as_slice()),
            (&b"12345"[..], &b"test"[..]),
            "{id}"
        );
        assert_eq!((message.wish, message.priority), (Wish::Report, 0), "{id}");
        assert_eq!((message.fee.payer_kind, message.fee.payer.text.len()), (2, 21), "{id}: the sender pays");
        assert_eq!(
            (message.fee.kind.as_slice(), message.fee.code.as_slice()),
            (&b"1"[..], &b"0"[..]),
            "{id}"
        );
        assert_eq!(message.not_before, valid, "{id}");
        assert!(message.extra.is_empty() && message.link.is_empty(), "{id}");
    };
    check("sgip-002", &[b"8613000000000", b"8613000000001"], 15, false, 21, b"");
    check("sgip-006", &[b"8613000000000"], 15, false, 168, b"");
    check("sgip-015", &[b"8613000000000"], 8, true, 10, b"231111235959032+");
    check("sgip-016", &[b"8613000000000"], 8, true, 10, b"231111235959032+");
    let id = MessageId(vec![0xb3, 0x69, 0x24, 0xb9, 0x42, 0xf2, 0x16, 0x8c, 0, 0, 0, 2]);
    assert_eq!(spoken("sgip-003"), Spoken::SubmitAnswer(Answer::Taken(id.clone())));
    assert_eq!(Sgip::default().id_of(Sequence([3_010_012_345, 1_123_161_740, 2])), Some(id));
}

#[test]
fn replies_and_reports() {
    let Spoken::Deliver(delivery) = spoken("sgip-014") else { panic!() };
    let Delivery::Reply(reply) = *delivery else { panic!() };
    assert_eq!(
        (reply.source, reply.destination),
        (Address::new(b"8613000000000"), Address::new(b"10655000"))
    );
    assert_eq!((reply.coding, reply.content), (8, vec![0x90, 0, 0x8b, 0xa2]));
    let check = |id, state, word: &[u8]| {
        let Spoken::Deliver(delivery) = spoken(id) else { panic!("{id}") };
        let Delivery::Report(report) = *delivery else { panic!("{id}") };
        assert_eq!(report.id.0, [0xb3, 0x69, 0x24, 0xb9, 0x42, 0x3a, 0x58, 0x80, 0, 0, 0, 7], "{id}");
        assert_eq!(report.recipient, Address::new(b"8613000000000"), "{id}");
        assert_eq!((report.state, report.word.as_slice()), (state, word), "{id}");
    };
    check("sgip-011", ReportState::Failed, b"25");
    check("sgip-012", ReportState::Delivered, b"");
    for id in ["sgip-009", "sgip-013"] {
        assert_eq!(spoken(id), Spoken::DeliverAnswer(0, MessageId::default()), "{id}");
    }
}
