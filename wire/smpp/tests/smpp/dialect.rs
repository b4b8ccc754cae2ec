//! What captured frames say, and what is said to odd ones.

use anning_link::{
    Address, Answer, Asked, Civil, Credentials, Delivery, Dialect, Fault, LoginMode, MessageId, Query, Reply,
    Report, ReportState, Segment, Sequence, Spoken, Submission, Tlv, Wish,
};
use anning_smpp::{Smpp, status, tag};

fn client() -> Smpp {
    Smpp::client(b"")
}

fn server() -> Smpp {
    Smpp::server(b"anning")
}

fn said(by: &mut Smpp, number: u32, spoken: &Spoken) -> Vec<u8> {
    let mut out = Vec::new();
    by.say(Sequence::of(number), spoken, &mut out);
    out
}

fn id(text: &str) -> MessageId {
    MessageId(text.as_bytes().to_vec())
}

fn address(text: &str, ton: u8, npi: u8) -> Address {
    Address { text: text.as_bytes().to_vec(), ton, npi }
}

fn tlv(tag: u16, value: &[u8]) -> Tlv {
    Tlv { tag, value: value.to_vec() }
}

fn report(id: &str) -> Report {
    match client().hear(&crate::frame(id)).unwrap().1 {
        Spoken::Deliver(delivery) => match *delivery {
            Delivery::Report(report) => report,
            Delivery::Reply(reply) => panic!("{id}: {reply:?}"),
        },
        other => panic!("{id}: {other:?}"),
    }
}

fn submission(smpp: &mut Smpp, frame: &[u8]) -> Submission {
    match smpp.hear(frame).unwrap().1 {
        Spoken::Submit(submission) => *submission,
        other => panic!("{other:?}"),
    }
}

/// Frames that mean exactly one thing, both ways: heard by one side, and said by the other in the same bytes.
#[test]
fn short_conversations() {
    let asked = |account: &str, proof: &str, mode: LoginMode| {
        let (account, proof) = (account.as_bytes().to_vec(), proof.as_bytes().to_vec());
        Spoken::Login(Asked { account, mode, version: 0x34, proof, stamp: 0, extra: vec![0, 0] })
    };
    for (vector, by_client, spoken) in [
        ("smpp-003", true, Spoken::Alive),
        ("smpp-006", false, Spoken::AliveAnswer),
        ("smpp-073", true, Spoken::Leave),
        ("smpp-072", false, Spoken::LeaveAnswer),
        ("smpp-028", false, Spoken::NotUnderstood(1)),
        ("smpp-060", false, Spoken::NotUnderstood(0)),
        ("smpp-083", true, asked("kannel", "secret08", LoginMode::Both)),
        ("smpp-021", true, asked("twitter", "twitter", LoginMode::Send)),
        ("smpp-022", true, asked("twitter", "twitter", LoginMode::Receive)),
        ("smpp-007", false, Spoken::SubmitAnswer(Answer::Taken(id("94258431594")))),
        ("smpp-061", false, Spoken::SubmitAnswer(Answer::Refused(status::ESME_RTHROTTLED))),
        ("smpp-010", true, Spoken::DeliverAnswer(0, id("94258431594"))),
        ("smpp-011", true, Spoken::DeliverAnswer(0, id(""))),
        ("smpp-041", false, Spoken::CancelAnswer(0)),
    ] {
        let frame = crate::frame(vector);
        let (mut from, mut to) = if by_client { (client(), server()) } else { (server(), client()) };
        let (sequence, heard) = to.hear(&frame).unwrap();
        assert_eq!(heard, spoken, "{vector}");
        assert_eq!(said(&mut from, sequence.number(), &spoken), frame, "{vector}");
    }
}

/// Heard, though not said in these bytes by us.
#[test]
fn one_way() {
    for (vector, spoken) in [
        // No body and no fault; an id without its zero.
        ("smpp-008", Spoken::SubmitAnswer(Answer::Taken(id("")))),
        ("smpp-009", Spoken::SubmitAnswer(Answer::Taken(id("9")))),
        ("smpp-012", Spoken::DeliverAnswer(0, id(""))),
        ("smpp-016", Spoken::LoginAnswer(status::ESME_RINVPASWD, Vec::new())),
        ("smpp-017", Spoken::LoginAnswer(0, Vec::new())),
        ("smpp-040", Spoken::Query(Query::State(id("12345")))),
        ("smpp-039", Spoken::Cancel(id("12345"))),
        ("smpp-042", Spoken::Foreign(0x8000_0007)),
        ("smpp-043", Spoken::Foreign(0x102)),
        ("smpp-065", Spoken::Foreign(7)),
        ("smpp-067", Spoken::SubmitAnswer(Answer::Taken(id("")))),
        ("smpp-053", Spoken::SubmitAnswer(Answer::Taken(id("testMID")))),
    ] {
        assert_eq!(client().hear(&crate::frame(vector)).unwrap().1, spoken, "{vector}");
    }
    let mut client = client();
    client.hear(&crate::frame("smpp-017")).unwrap();
    assert_eq!(client.peer_version(), Some(0x34));
}

#[test]
fn messages_of_kannel_and_smpplib() {
    let submission = submission(&mut server(), &crate::frame("smpp-085"));
    let content = submission.content.clone();
    let expected = Submission {
        source: address("10690001", 2, 1),
        destinations: vec![address("8613800138000", 2, 1)],
        coding: 8,
        udh: true,
        content: content.clone(),
        wish: Wish::Report,
        mode: 3,
        // Kannel wishes for an intermediate notification as well, and says that another segment follows.
        extra: vec![tlv(0x0426, &[1]), tlv(tag::KEPT_REGISTERED_DELIVERY, &[0x11])],
        ..Submission::default()
    };
    assert_eq!(submission, expected);
    assert!(content.starts_with(&[5, 0, 3, 0, 2, 1]) && content.len() == 140);
    for vector in [
        "smpp-026", "smpp-071", "smpp-075", "smpp-077", "smpp-085", "smpp-086", "smpp-087", "smpp-088",
        "smpp-089",
    ] {
        let frame = crate::frame(vector);
        let (sequence, spoken) = server().hear(&frame).unwrap();
        assert_eq!(said(&mut client(), sequence.number(), &spoken), frame, "{vector}");
    }
    // Replies, content in a payload among them.
    for vector in
        ["smpp-023", "smpp-029", "smpp-030", "smpp-031", "smpp-034", "smpp-036", "smpp-078", "smpp-080"]
    {
        let frame = crate::frame(vector);
        let (sequence, spoken) = client().hear(&frame).unwrap();
        let again = said(&mut server(), sequence.number(), &spoken);
        assert_eq!(client().hear(&again).unwrap().1, spoken, "{vector}");
        if !["smpp-078", "smpp-080"].contains(&vector) {
            assert_eq!(again, frame, "{vector}");
        }
    }
}

#[test]
fn receipts_of_five_servers() {
    // Two optional fields of the network stay; the id of the optional field goes before that of the text.
    let found = report("smpp-024");
    assert_eq!(
        (found.id, found.state, found.error.as_slice()),
        (id("38601fa"), ReportState::Delivered, &b"000"[..])
    );
    assert_eq!((found.submitted.as_slice(), found.text.as_slice()), (&b"1002101730"[..], &b"@$#!%&/:"[..]));
    assert_eq!(found.extra, [tlv(0x0E, &[1]), tlv(0x06, &[1])]);
    let found = report("smpp-025");
    // The length of its id reaches beyond the frame: the text is left to say it.
    assert_eq!((found.id, found.state), (id("0000003005"), ReportState::Delivered));
    let found = report("smpp-032");
    assert_eq!((found.id, found.state), (id("94251430923"), ReportState::Accepted));
    assert_eq!((found.word.as_slice(), found.error.as_slice()), (&b"ACCEPTD"[..], &b"107"[..]));
    assert_eq!(found.text, b" 26F102");
    assert_eq!(report("smpp-033").id, id("126e85a6edeac1a02020099312479564"));
    let found = report("smpp-078");
    assert_eq!(
        (found.id, found.recipient, found.source),
        (id("00000001"), address("8613800138000", 0, 0), address("10690001", 0, 0))
    );
}

/// A refusal by policy after acceptance: in the text for those who read the text, in optional fields for the others.
#[test]
fn a_receipt_of_ours_has_both_forms() {
    let ours = Report {
        id: id("1f"),
        recipient: address("8613800138000", 1, 1),
        source: address("106900001", 0, 0),
        state: ReportState::Rejected,
        error: b"1025".to_vec(),
        submitted: b"20261127153000".to_vec(),
        done: b"2611271531".to_vec(),
        ..Report::default()
    };
    let frame = said(&mut server(), 9, &Spoken::Deliver(Box::new(Delivery::Report(ours))));
    let pdu = anning_smpp::Pdu::decode(&frame).unwrap();
    let anning_smpp::pdu::Body::Deliver(single) = &pdu.body else { panic!("{pdu:?}") };
    let text =
        "id:1f sub:001 dlvrd:000 submit date:2611271530 done date:2611271531 stat:REJECTD err:1025 text:";
    assert_eq!(String::from_utf8_lossy(&single.terms.short_message.0), text);
    assert_eq!(single.terms.esm_class, 0x04);
    assert_eq!(pdu.tail.tlvs, [tlv(0x1E, b"1f\0"), tlv(0x0427, &[8]), tlv(0x0423, &[8, 0x04, 0x01])]);
}

/// A carrier's own word reaches a sender whose parser knows the protocol's alone.
#[test]
fn a_foreign_word_stands_beside_the_text() {
    let ours = Report { word: b"MK:0012".to_vec(), state: ReportState::Failed, ..Report::default() };
    let frame = said(&mut server(), 9, &Spoken::Deliver(Box::new(Delivery::Report(ours))));
    assert!(frame.windows(12).any(|w| w == b"stat:UNDELIV"));
    assert!(frame.windows(12).any(|w| w == b"\x00\x1d\x00\x08MK:0012\0"));
}

/// A subscriber who writes the text of a receipt has written a reply.
#[test]
fn nobody_forges_a_receipt_by_writing_one() {
    let reply = Reply { content: b"id:1 stat:DELIVRD err:000".to_vec(), ..Reply::default() };
    let spoken = Spoken::Deliver(Box::new(Delivery::Reply(reply)));
    assert_eq!(client().hear(&said(&mut server(), 1, &spoken)).unwrap().1, spoken);
}

/// Segments said beside the content, and what says too little of them.
#[test]
fn segments() {
    let with = |extra: Vec<Tlv>| {
        let content = b"part".to_vec();
        let submission =
            Submission { destinations: vec![Address::default()], content, extra, ..Submission::default() };
        said(&mut client(), 1, &Spoken::Submit(Box::new(submission)))
    };
    let sar = |of: u8, which: u8| vec![tlv(0x020C, &[0x12, 0x34]), tlv(0x020E, &[of]), tlv(0x020F, &[which])];
    let found = submission(&mut server(), &with(sar(3, 2)));
    assert_eq!(found.segment, Some(Segment { reference: Some(0x1234), total: 3, number: 2 }));
    assert!(found.extra.is_empty());
    // Without the third field the other two say nothing, and stay.
    let found = submission(&mut server(), &with(sar(3, 2)[..2].to_vec()));
    assert_eq!((found.segment, found.extra.len()), (None, 2));
    for (extra, field, code) in [
        (sar(3, 4), "sar_value", status::ESME_RINVOPTPARAMVAL),
        (sar(0, 0), "sar_value", status::ESME_RINVOPTPARAMVAL),
        (
            vec![tlv(0x020C, &[7]), tlv(0x020E, &[2]), tlv(0x020F, &[1])],
            "sar_length",
            status::ESME_RINVPARLEN,
        ),
        (vec![tlv(tag::KEPT_ESM_CLASS, &[4])], "tlv_not_allowed", status::ESME_ROPTPARNOTALLWD),
    ] {
        let frame = with(extra);
        let mut server = server();
        let wrong = server.hear(&frame).unwrap_err();
        assert_eq!((wrong.field, status::of(&wrong)), (field, code));
        assert!(matches!(wrong.fault, Fault::Value(_)) && wrong.at >= 16 && wrong.at < frame.len());
        let answer = server.answer_malformed(&wrong).unwrap();
        assert_eq!(answer, Spoken::SubmitAnswer(Answer::Refused(code)));
    }
}

/// Of two contents the one shown is the one that goes on.
#[test]
fn a_second_content_is_kept_and_never_said() {
    let mut frame = crate::frame("smpp-026");
    frame.extend_from_slice(b"\x04\x24\x00\x05other");
    frame[3] += 9;
    let found = submission(&mut server(), &frame);
    assert_eq!(found.content, b"@$#!%&/:");
    assert_eq!(found.extra, [tlv(tag::MESSAGE_PAYLOAD, b"other")]);
    let again = said(&mut client(), 20_456, &Spoken::Submit(Box::new(found)));
    assert_eq!(again, crate::frame("smpp-026"));
}

/// A text that the server keeps, a list that the server keeps: nobody here can see what would be sent, or to whom.
#[test]
fn what_cannot_be_seen_is_refused() {
    let mut frame = crate::frame("smpp-026");
    frame[47] = 5;
    let wrong = server().hear(&frame).unwrap_err();
    assert_eq!(
        (wrong.field, wrong.at, status::of(&wrong)),
        ("sm_default_msg_id", 47, status::ESME_RINVDFTMSGID)
    );
    // Two numbers and a list of names.
    let mut server = server();
    let wrong = server.hear(&crate::frame("smpp-068")).unwrap_err();
    assert_eq!((wrong.field, wrong.at, status::of(&wrong)), ("dl_name", 39, status::ESME_RCNTSUBDL));
    let answer = server.answer_malformed(&wrong).unwrap();
    let frame = said(&mut server, 13, &answer);
    assert_eq!(frame, crate::hex("0000001080000021000000440000000d"));
}

/// Whatever is not known is answered, and no answer ever is.
#[test]
fn unknown_commands() {
    let mut server = server();
    let wrong = server.hear(&crate::frame("smpp-001")).unwrap_err();
    assert_eq!((wrong.command, wrong.at, wrong.fault), (0x110, 4, Fault::Command));
    let answer = server.answer_malformed(&wrong).unwrap();
    assert_eq!(answer, Spoken::NotUnderstood(status::ESME_RINVCMDID));
    assert_eq!(
        said(&mut server, wrong.sequence.number(), &answer),
        crate::hex("0000001080000000000000030a342ee7")
    );
    let wrong = server.hear(&crate::frame("smpp-002")).unwrap_err();
    assert_eq!(server.answer_malformed(&wrong), None);
    for broadcast in ["00000111", "00000112", "80000113"] {
        let frame = crate::hex(&format!("00000012{broadcast}00000000000000070000"));
        assert!(matches!(server.hear(&frame).unwrap().1, Spoken::Foreign(_)));
    }
}

/// data_sm hands in at one end and hands over at the other, and its answer is of its own kind.
#[test]
fn data_sm_goes_both_ways() {
    let frame = crate::frame("smpp-038");
    let mut server = server();
    let found = submission(&mut server, &frame);
    assert_eq!((found.content.as_slice(), found.wish), (&b"Test"[..], Wish::Report));
    let taken = Spoken::SubmitAnswer(Answer::Taken(id("7")));
    assert_eq!(said(&mut server, 0, &taken), crate::hex("000000128000010300000000000000003700"));
    let mut client = client();
    assert!(matches!(client.hear(&frame).unwrap().1, Spoken::Deliver(_)));
    let answer = Spoken::DeliverAnswer(0, MessageId::default());
    assert_eq!(said(&mut client, 0, &answer), crate::hex("0000001180000103000000000000000000"));
}

#[test]
fn a_bind_is_answered_in_its_own_kind() {
    for (vector, expected) in [
        ("smpp-083", "0000001c800000090000000000000001616e6e696e67000210000134"),
        ("smpp-021", "0000001c80000002000000000003995f616e6e696e67000210000134"),
        // A client before 3.4 (here: 0x2C) knows no optional fields.
        ("smpp-045", "0000001780000002000000000000000d616e6e696e6700"),
    ] {
        let mut server = server();
        let (sequence, spoken) = server.hear(&crate::frame(vector)).unwrap();
        let Spoken::Login(asked) = &spoken else { panic!("{spoken:?}") };
        let of = |secret: &[u8]| Credentials { account: asked.account.clone(), secret: secret.to_vec() };
        assert!(server.verify(asked, &of(&asked.proof)) && !server.verify(asked, &of(b"other")));
        assert!(server.server_proof(asked, 0, &of(b"")).is_empty());
        assert_eq!(said(&mut client(), sequence.number(), &spoken), crate::frame(vector), "{vector}");
        let answer = Spoken::LoginAnswer(0, Vec::new());
        assert_eq!(said(&mut server, sequence.number(), &answer), crate::hex(expected), "{vector}");
    }
    let credentials = Credentials { account: b"test".to_vec(), secret: b"secret08".to_vec() };
    let asked = client().login(&credentials, LoginMode::Both, Civil::default());
    assert_eq!(said(&mut client(), 2, &Spoken::Login(asked)), crate::frame("smpp-074"));
}

/// What would be cut is named beforehand.
#[test]
fn what_does_not_fit() {
    let ok = Submission { destinations: vec![Address::default()], ..Submission::default() };
    for (submission, expected) in [
        (ok.clone(), Ok(())),
        (Submission { destinations: Vec::new(), ..ok.clone() }, Err("number_of_dests")),
        (Submission { destinations: vec![Address::default(); 255], ..ok.clone() }, Err("number_of_dests")),
        (Submission { source: Address::new(&[b'1'; 21]), ..ok.clone() }, Err("source_addr")),
        (Submission { source: Address::new(b"1\x002"), ..ok.clone() }, Err("source_addr")),
        (Submission { service: b"123456".to_vec(), ..ok.clone() }, Err("service_type")),
        (Submission { valid_until: vec![b'0'; 17], ..ok.clone() }, Err("validity_period")),
        (Submission { content: vec![0; 65_536], ..ok.clone() }, Err("message_payload")),
        (
            Submission { segment: Some(Segment { reference: None, total: 2, number: 1 }), ..ok.clone() },
            Err("sar_msg_ref_num"),
        ),
        (Submission { segment: Some(Segment { reference: None, total: 1, number: 1 }), ..ok }, Ok(())),
    ] {
        assert_eq!(client().fits(&Spoken::Submit(Box::new(submission))), expected);
    }
}
