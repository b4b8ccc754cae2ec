//! What SMGP can say and what it can't, and what it answers to what it did not understand.
#![cfg(test)]

use anning_link::{
    Address, Answer, Civil, Credentials, Delivery, Dialect, Fault, Fee, Findings, LoginMode, MessageId,
    Query, Reply, Report, ReportState, Segment, Sequence, Spoken, Submission, Tlv, Wish,
};
use anning_smgp::pdu::{Deliver, Frame, Login, LoginResp, Pdu, Submit};
use anning_smgp::{Smgp, Version, id, status, tag};

fn message() -> Submission {
    Submission {
        source: Address::new(b"10690001"),
        destinations: vec![Address::new(b"18900000000")],
        content: b"text".to_vec(),
        ..Submission::default()
    }
}

fn frame(pdu: Pdu) -> Vec<u8> {
    let mut bytes = Vec::new();
    Frame::new(7, pdu).encode(&mut bytes);
    bytes
}

fn said(smgp: &mut Smgp, spoken: &Spoken) -> Vec<u8> {
    let mut bytes = Vec::new();
    smgp.say(Sequence::of(7), spoken, &mut bytes);
    bytes
}

#[test]
fn what_fits() {
    let check = |field: &str, change: fn(&mut Submission)| {
        let mut message = message();
        change(&mut message);
        let fits = Smgp::default().fits(&Spoken::Submit(Box::new(message)));
        assert_eq!(fits.err().unwrap_or("fits"), field);
    };
    check("fits", |_| {});
    check("fits", |m| m.content = vec![b'a'; 140]);
    check("MsgLength", |m| m.content = vec![b'a'; 141]);
    check("fits", |m| m.destinations = vec![Address::new(b"1"); 100]);
    check("DestTermIDCount", |m| m.destinations = vec![Address::new(b"1"); 101]);
    check("DestTermIDCount", |m| m.destinations.clear());
    check("DestTermID", |m| m.destinations.push(Address::new(&[b'1'; 22])));
    check("DestTermID", |m| m.destinations.push(Address::new(b"1\x002")));
    check("SrcTermID", |m| m.source = Address::new(&[b'1'; 22]));
    check("ServiceID", |m| m.service = vec![b'a'; 11]);
    check("FeeType", |m| m.fee.kind = vec![b'0'; 3]);
    check("FeeCode", |m| m.fee.code = vec![b'0'; 7]);
    check("FixedFee", |m| m.fee.fixed = vec![b'0'; 7]);
    check("ChargeTermID", |m| m.fee.payer = Address::new(&[b'1'; 22]));
    check("ValidTime", |m| m.valid_until = vec![b'0'; 18]);
    check("AtTime", |m| m.not_before = vec![b'0'; 18]);
    check("MsgSrc", |m| m.enterprise = vec![b'0'; 9]);
    check("LinkID", |m| m.link = vec![b'0'; 21]);
    check("Priority", |m| m.priority = 4);
    check("fits", |m| m.segment = Some(Segment { reference: None, total: 2, number: 1 }));
    check("TP_udhi", |m| m.segment = Some(Segment { reference: Some(1), total: 2, number: 1 }));
    check("fits", |m| m.wish = Wish::ReportOfFailure);
    check("Length", |m| m.extra = vec![Tlv { tag: 0x99, value: vec![] }; 65]);
    check("PacketLength", |m| m.extra = vec![Tlv { tag: 0x99, value: vec![0; 8_100] }]);
}

#[test]
fn what_has_no_word() {
    let id = MessageId(vec![1; 10]);
    for (spoken, field) in [
        (Spoken::Cancel(id.clone()), "RequestID"),
        (Spoken::CancelAnswer(0), "RequestID"),
        (Spoken::Foreign(5), "RequestID"),
        (Spoken::NotUnderstood(11), "RequestID"),
        (Spoken::Query(Query::State(id.clone())), "RequestID"),
        (Spoken::QueryAnswer(Err(1)), "RequestID"),
        (Spoken::QueryAnswer(Ok(Findings::State(id, ReportState::Delivered, vec![], 0))), "RequestID"),
    ] {
        let mut smgp = Smgp::default();
        assert_eq!(smgp.fits(&spoken), Err(field), "{spoken:?}");
        assert!(said(&mut smgp, &spoken).is_empty(), "{spoken:?}");
    }
    let some =
        Spoken::SubmitAnswer(Answer::TakenExcept(MessageId(vec![1; 10]), vec![(Address::new(b"1"), 5)]));
    assert_eq!(Smgp::default().fits(&some), Err("Status"));
    assert_eq!(Smgp::default().fits(&Spoken::DeliverAnswer(0, MessageId(vec![1; 11]))), Err("MsgID"));
}

#[test]
fn versions_are_learned() {
    let mut server = Smgp::default();
    let login = Login { mode: 2, version: 0x13, ..Login::default() };
    server.hear(&frame(Pdu::Login(login))).unwrap();
    assert_eq!(server.version(), 0x13);
    let ceiling = Submission { fee: Fee { fixed: b"100".to_vec(), ..Fee::default() }, ..message() };
    assert_eq!(server.fits(&Spoken::Submit(Box::new(ceiling))), Err("FixedFee"));
    let old = said(&mut server, &Spoken::Submit(Box::new(message())));
    assert_eq!(old.len(), 120 + 21 + 4);
    assert_eq!(server.hear(&old).unwrap().1, Spoken::Submit(Box::new(message())));
    let answer = said(&mut server, &Spoken::LoginAnswer(0, vec![]));
    assert_eq!(answer.last(), Some(&0x13));

    let mut client = Smgp::new(Version::Current);
    client.hear(&frame(Pdu::LoginResp(LoginResp { version: 0x13, ..LoginResp::default() }))).unwrap();
    assert_eq!(client.version(), 0x13);
    let mut client = Smgp::new(Version::Current);
    client.hear(&frame(Pdu::LoginResp(LoginResp { version: 0x33, ..LoginResp::default() }))).unwrap();
    assert_eq!(client.version(), 0x30);
}

#[test]
fn proofs() {
    let who = Credentials { account: b"12345678".to_vec(), secret: b"1234".to_vec() };
    let mut smgp = Smgp::default();
    let january = Civil { month: 3, day: 1, ..Civil::default() };
    let asked = smgp.login(&who, LoginMode::Both, january);
    assert_eq!((asked.stamp, asked.version, asked.proof.len()), (301_000_000, 0x30, 16));
    assert!(smgp.verify(&asked, &who));
    assert_eq!(smgp.server_proof(&asked, 0, &who).len(), 16);
    assert_ne!(smgp.server_proof(&asked, 0, &who), asked.proof);
    assert!(smgp.server_proof(&asked, 21, &who).is_empty(), "empty on failure");
    let Spoken::Login(heard) = smgp.hear(&said(&mut smgp.clone(), &Spoken::Login(asked.clone()))).unwrap().1
    else {
        panic!()
    };
    assert_eq!(heard, asked);
    // Seven zeros stand between account and secret, whatever the account's length.
    let short = Credentials { account: b"1234".to_vec(), ..who.clone() };
    let asked = smgp.login(&short, LoginMode::Both, january);
    assert!(smgp.verify(&asked, &short));
    // A proof by a wrong server is heard and judged by nobody.
    let wrong = said(&mut smgp, &Spoken::LoginAnswer(0, b"authserver".to_vec()));
    assert!(
        matches!(smgp.hear(&wrong), Ok((_, Spoken::LoginAnswer(0, proof))) if proof.starts_with(b"authserver"))
    );
    let secret = Credentials { account: b"a".to_vec(), secret: b"1234".to_vec() };
    assert_eq!(format!("{secret:?}"), "Credentials(a)");
}

#[test]
fn malformed_is_told_and_answered() {
    let check = |bytes: Vec<u8>, field, at, fault, answer: Option<Spoken>| {
        let mut smgp = Smgp::default();
        let malformed = smgp.hear(&bytes).unwrap_err();
        assert_eq!((malformed.field, malformed.at, malformed.fault), (field, at, fault));
        assert_eq!(smgp.answer_malformed(&malformed), answer);
    };
    let short = |pdu: Pdu, length: u8| {
        let mut bytes = frame(pdu);
        bytes.truncate(usize::from(length));
        bytes[3] = length;
        bytes
    };
    let refused = |code| Some(Spoken::SubmitAnswer(Answer::Refused(code)));
    let submit =
        || Pdu::Submit(Box::new(Submit { fixed_fee: Some(Default::default()), ..Submit::default() }));
    check(short(submit(), 20), "ServiceID", 15, Fault::Short, refused(43));
    check(short(submit(), 13), "NeedReport", 13, Fault::Short, refused(10));
    check(frame(submit()), "DestTermIDCount", 116, Fault::Value(0), refused(status::DEST_TERM_ID));
    let deliver = || Pdu::Deliver(Box::new(Deliver { is_report: 1, ..Deliver::default() }));
    let taken = |code| Some(Spoken::DeliverAnswer(code, MessageId::default()));
    check(short(deliver(), 22), "IsReport", 22, Fault::Short, taken(10));
    check(frame(deliver()), "MsgContent", 81, Fault::Value(0), taken(36));
    let login = Pdu::Login(Login { mode: 3, ..Login::default() });
    check(frame(login), "LoginMode", 36, Fault::Value(3), Some(Spoken::LoginAnswer(10, vec![])));
    check(short(Pdu::Query(Default::default()), 14), "QueryTime", 12, Fault::Short, None);
    let mut unknown = frame(Pdu::ActiveTest);
    unknown[7] = 0x13;
    check(unknown, "RequestID", 4, Fault::Command, None);
    check(vec![0; 5], "RequestID", 4, Fault::Short, None);
    check([&[0, 0, 0, 13][..], &frame(Pdu::Exit)[4..]].concat(), "PacketLength", 0, Fault::Value(13), None);
}

#[test]
fn stray_bodies_are_accepted() {
    for (command, spoken) in [
        (4, Spoken::Alive),
        (0x8000_0004, Spoken::AliveAnswer),
        (6, Spoken::Leave),
        (0x8000_0006, Spoken::LeaveAnswer),
    ] {
        let bytes = [13_u32.to_be_bytes(), u32::to_be_bytes(command), 7_u32.to_be_bytes()].concat();
        let bytes = [&bytes[..], &[0]].concat();
        assert_eq!(Smgp::default().hear(&bytes), Ok((Sequence::of(7), spoken)));
    }
    assert_eq!(
        Smgp::default().hear(&frame(Pdu::Foreign(5, Default::default()))).unwrap().1,
        Spoken::Foreign(5)
    );
}

fn heard(smgp: &mut Smgp, content: &[u8], tlvs: &[(u16, u8)]) -> Submission {
    let submit = Submit {
        dest_term_ids: vec![Default::default()],
        fixed_fee: Some(Default::default()),
        content: content.into(),
        tlvs: tlvs.iter().map(|(tag, value)| Tlv { tag: *tag, value: vec![*value] }).collect(),
        ..Submit::default()
    };
    let Ok((_, Spoken::Submit(message))) = smgp.hear(&frame(Pdu::Submit(Box::new(submit)))) else { panic!() };
    *message
}

#[test]
fn long_messages() {
    let check = |smgp: Smgp, content: &[u8], tlvs: &[(u16, u8)], udh, place: Option<(u8, u8)>| {
        let message = heard(&mut smgp.clone(), content, tlvs);
        assert_eq!(message.udh, udh, "{tlvs:?}");
        assert_eq!(message.segment.map(|segment| (segment.total, segment.number)), place, "{tlvs:?}");
    };
    let smgp = Smgp::default;
    let content = b"\x05\x00\x03\x42\x02\x01text";
    check(smgp(), content, &[(2, 1), (9, 2), (10, 1)], true, Some((2, 1)));
    check(smgp(), content, &[(2, 1), (9, 2), (10, 0)], true, Some((2, 1)));
    check(smgp(), content, &[(2, 0x40), (9, 2), (10, 2)], true, Some((2, 1)));
    check(smgp(), content, &[(2, 1)], true, None);
    // By the letter there is no header.
    check(smgp(), content, &[], false, None);
    check(smgp(), content, &[(9, 2), (10, 2)], false, Some((2, 2)));
    check(smgp().assuming_udh(), content, &[], true, None);
    check(smgp().assuming_udh(), content, &[(9, 2), (10, 2)], true, Some((2, 1)));
    check(smgp().assuming_udh(), b"text", &[], false, None);
    // Counted from 0 without a header to tell it: no place that could be believed.
    check(smgp(), b"text", &[(9, 2), (10, 0)], false, None);
    check(smgp(), b"text", &[(9, 2), (10, 3)], false, None);
    // A field that is said anew is not said twice.
    let mut message = heard(&mut smgp(), b"text", &[(9, 0), (10, 0), (2, 0), (0x99, 1)]);
    assert_eq!(
        message.extra.iter().map(|tlv| tlv.tag).filter(|tag| *tag < tag::OURS).collect::<Vec<_>>(),
        [9, 10, 2, 0x99]
    );
    message.udh = true;
    message.segment = Some(Segment { reference: None, total: 2, number: 1 });
    let bytes = said(&mut smgp(), &Spoken::Submit(Box::new(message)));
    let Pdu::Submit(submit) = Frame::decode(Version::Current, &bytes).unwrap().pdu else { panic!() };
    assert_eq!(submit.tlvs.iter().map(|tlv| tlv.tag).collect::<Vec<_>>(), [2, 9, 10, 0x99]);
    assert_eq!(submit.msg_type, 0, "kept as it was");
}

#[test]
fn reports_as_a_server() {
    let report = Report {
        id: id::make(10_061, Civil { month: 11, day: 11, hour: 12, minute: 0, second: 0 }, 1),
        recipient: Address::new(b"18900000000"),
        source: Address::new(b"10690001"),
        state: ReportState::Rejected,
        error: status::ERR_BLACKLIST.to_vec(),
        submitted: b"2311111200".to_vec(),
        done: b"2311111201".to_vec(),
        text: b"\xcd\xcb\xb6\xa9".to_vec(),
        ..Report::default()
    };
    let mut smgp = Smgp::default();
    let spoken = Spoken::Deliver(Box::new(Delivery::Report(report.clone())));
    assert_eq!(smgp.fits(&spoken), Ok(()));
    let bytes = said(&mut smgp, &spoken);
    assert_eq!(bytes.len(), 89 + 122);
    let Spoken::Deliver(heard) = smgp.hear(&bytes).unwrap().1 else { panic!() };
    let expected = Report {
        carried_as: report.id.clone(),
        word: b"REJECTD".to_vec(),
        extra: vec![Tlv { tag: tag::RECV_TIME, value: b"20231111120100".to_vec() }],
        ..report
    };
    assert_eq!(*heard, Delivery::Report(expected));
    let long = Report { word: b"TOO LONG".to_vec(), ..Report::default() };
    assert_eq!(smgp.fits(&Spoken::Deliver(Box::new(Delivery::Report(long)))), Err("stat"));
    let long = Reply { content: vec![0; 256], ..Reply::default() };
    assert_eq!(smgp.fits(&Spoken::Deliver(Box::new(Delivery::Reply(long)))), Err("MsgLength"));
}

#[test]
fn counts_of_a_day() {
    for (business, kind) in [(&b""[..], 0_u8), (b"test", 1)] {
        let mut smgp = Smgp::default();
        let query = Spoken::Query(Query::Counts(b"20231111".to_vec(), business.to_vec()));
        let bytes = said(&mut smgp, &query);
        assert_eq!((bytes.len(), bytes[20]), (12 + 19, kind));
        assert_eq!(smgp.hear(&bytes), Ok((Sequence::of(7), query)));
        let found = Findings::Counts(b"20231111".to_vec(), business.to_vec(), [1, 2, 3, 4, 5, 6, 7, 8]);
        let bytes = said(&mut smgp, &Spoken::QueryAnswer(Ok(found.clone())));
        assert_eq!(bytes.len(), 12 + 59);
        assert_eq!(smgp.hear(&bytes).unwrap().1, Spoken::QueryAnswer(Ok(found)));
    }
}

#[test]
fn codes() {
    assert_eq!(status::meaning(74), "sender may not send in this period");
    assert_eq!(status::meaning(75), "sender exceeded its daily volume");
    assert_eq!(status::meaning(200), "defined by the vendor");
    assert_eq!(status::meaning(256), "reserved");
    assert_eq!(status::error_meaning(b"005"), "user on a blacklist");
    assert_eq!(Smgp::default().next(Sequence::of(u32::MAX), Civil::default()), Sequence::of(0));
    let first = id::make(1, Civil::default(), 999_999);
    assert_eq!(Smgp::default().nth_id(&first, 1), id::make(1, Civil::default(), 0));
}
