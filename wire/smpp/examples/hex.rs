//! Writes a set of our PDUs as lines of `name hex`, for a dissector to judge.
//!
//! `cargo run -p anning-smpp --example hex`

use anning_link::{
    Address, Answer, Civil, Credentials, Delivery, Dialect, Findings, LoginMode, MessageId, Query, Reply,
    Report, ReportState, Segment, Sequence, Spoken, Submission, Tlv, Wish,
};
use anning_smpp::{Smpp, status};

fn main() {
    let (mut client, mut server) = (Smpp::client(b"VMS"), Smpp::server(b"anning"));
    for (place, (name, by_client, spoken)) in conversation(&mut client).into_iter().enumerate() {
        let (from, to) = if by_client { (&mut client, &mut server) } else { (&mut server, &mut client) };
        // An answer has the number of the request before it.
        let request = place - usize::from(is_answer(&spoken));
        let sequence = Sequence::of(u32::try_from(request + 1).unwrap_or(1));
        let mut out = Vec::new();
        from.say(sequence, &spoken, &mut out);
        // The other side learns what its answer depends on.
        let understood = to.hear(&out).is_ok();
        let hex: String = out.iter().map(|byte| format!("{byte:02x}")).collect();
        println!("{name}{} {hex}", if understood { "" } else { "(not-understood)" });
    }
}

fn is_answer(spoken: &Spoken) -> bool {
    matches!(
        spoken,
        Spoken::LoginAnswer(..)
            | Spoken::SubmitAnswer(_)
            | Spoken::DeliverAnswer(..)
            | Spoken::AliveAnswer
            | Spoken::LeaveAnswer
            | Spoken::QueryAnswer(_)
            | Spoken::CancelAnswer(_)
    )
}

/// Name, by the client, and what is said.
fn conversation(client: &mut Smpp) -> Vec<(&'static str, bool, Spoken)> {
    let credentials = Credentials { account: b"tester".to_vec(), secret: b"secret08".to_vec() };
    let id = || MessageId(b"0000001f".to_vec());
    let several = || vec![address(b"8613800138000"), address(b"8613800138001")];
    let submit = |submission: Submission| Spoken::Submit(Box::new(submission));
    let login = client.login(&credentials, LoginMode::Both, Civil::default());
    let chinese: Vec<u8> = "【测试】回T退订".encode_utf16().flat_map(u16::to_be_bytes).collect();
    vec![
        ("bind_transceiver", true, Spoken::Login(login)),
        ("bind_transceiver_resp", false, Spoken::LoginAnswer(0, Vec::new())),
        ("submit_sm", true, submit(message(b"hello", 0))),
        ("submit_sm_resp", false, Spoken::SubmitAnswer(Answer::Taken(id()))),
        ("submit_sm_ucs2", true, submit(message(&chinese, 8))),
        ("submit_sm_resp_refused", false, Spoken::SubmitAnswer(Answer::Refused(0x401))),
        (
            "submit_sm_udh",
            true,
            submit(Submission { udh: true, ..message(b"\x05\x00\x03\x2a\x02\x01part", 0) }),
        ),
        ("submit_sm_resp_throttled", false, Spoken::SubmitAnswer(Answer::Refused(status::ESME_RTHROTTLED))),
        (
            "submit_sm_sar",
            true,
            submit(Submission { segment: Some(second_of_three()), ..message(b"part", 0) }),
        ),
        ("submit_sm_payload", true, submit(message(&[b'x'; 300], 0))),
        ("submit_sm_times", true, submit(timed())),
        ("submit_multi", true, submit(Submission { destinations: several(), ..message(b"hello", 0) })),
        (
            "submit_multi_resp",
            false,
            Spoken::SubmitAnswer(Answer::TakenExcept(id(), vec![(address(b"1"), 0x0B)])),
        ),
        ("deliver_sm", false, Spoken::Deliver(Box::new(Delivery::Reply(reply())))),
        ("deliver_sm_resp", true, Spoken::DeliverAnswer(0, MessageId::default())),
        ("deliver_sm_receipt", false, receipt(ReportState::Delivered, b"")),
        ("deliver_sm_receipt_rejected", false, receipt(ReportState::Rejected, b"1025")),
        ("query_sm", true, Spoken::Query(Query::State(id()))),
        ("query_sm_resp", false, Spoken::QueryAnswer(Ok(found(id())))),
        ("query_sm_again", true, Spoken::Query(Query::State(id()))),
        ("query_sm_resp_refused", false, Spoken::QueryAnswer(Err(status::ESME_RQUERYFAIL))),
        ("cancel_sm", true, Spoken::Cancel(id())),
        ("cancel_sm_resp", false, Spoken::CancelAnswer(status::ESME_RCANCELFAIL)),
        ("generic_nack", false, Spoken::NotUnderstood(status::ESME_RINVCMDID)),
        ("enquire_link", true, Spoken::Alive),
        ("enquire_link_resp", false, Spoken::AliveAnswer),
        ("unbind", true, Spoken::Leave),
        ("unbind_resp", false, Spoken::LeaveAnswer),
    ]
}

fn address(text: &[u8]) -> Address {
    Address { text: text.to_vec(), ton: 1, npi: 1 }
}

fn message(content: &[u8], coding: u8) -> Submission {
    Submission {
        source: Address { text: b"106900001".to_vec(), ton: 2, npi: 1 },
        destinations: vec![address(b"8613800138000")],
        coding,
        content: content.to_vec(),
        wish: Wish::Report,
        ..Submission::default()
    }
}

fn second_of_three() -> Segment {
    Segment { reference: Some(0x1234), total: 3, number: 2 }
}

fn timed() -> Submission {
    Submission {
        valid_until: b"261128153000032+".to_vec(),
        not_before: b"000000010000000R".to_vec(),
        service: b"WAP".to_vec(),
        extra: vec![Tlv { tag: 0x1401, value: b"vendor".to_vec() }],
        ..message(b"later", 0)
    }
}

fn reply() -> Reply {
    Reply {
        source: address(b"8613800138000"),
        destination: Address::new(b"106900001"),
        content: b"TD".to_vec(),
        ..Reply::default()
    }
}

fn receipt(state: ReportState, error: &[u8]) -> Spoken {
    Spoken::Deliver(Box::new(Delivery::Report(Report {
        id: MessageId(b"0000001f".to_vec()),
        recipient: address(b"8613800138000"),
        source: Address::new(b"106900001"),
        state,
        error: error.to_vec(),
        submitted: b"2611271530".to_vec(),
        done: b"2611271531".to_vec(),
        text: b"hello".to_vec(),
        ..Report::default()
    })))
}

fn found(id: MessageId) -> Findings {
    Findings::State(id, ReportState::Delivered, b"261127153100032+".to_vec(), 0)
}
