//! What SGIP can say and what it can't, and what it answers to what it did not understand.
#![cfg(test)]

use anning_link::{
    Address, Answer, Asked, Civil, Delivery, Dialect, Fault, LoginMode, MessageId, Query, Report,
    ReportState, Request, Segment, Sequence, Side, Spoken, Submission, Tlv, Wish,
};
use anning_sgip::pdu::{self, Bind, Frame, Pdu, Resp, Submit, Trace, UserRpt};
use anning_sgip::{Counter, Sgip, result, tag};

const NUMBER: Sequence = Sequence([3_010_012_345, 1_123_161_740, 7]);

fn message() -> Submission {
    Submission {
        source: Address::new(b"10655000"),
        destinations: vec![Address::new(b"8613000000000")],
        content: b"text".to_vec(),
        ..Submission::default()
    }
}

fn frame(pdu: Pdu) -> Vec<u8> {
    let mut bytes = Vec::new();
    Frame::new(NUMBER, pdu).encode(&mut bytes);
    bytes
}

fn said(sgip: &mut Sgip, spoken: &Spoken) -> Vec<u8> {
    let mut bytes = Vec::new();
    sgip.say(NUMBER, spoken, &mut bytes);
    bytes
}

#[test]
fn what_fits() {
    let check = |field: &str, change: fn(&mut Submission)| {
        let mut message = message();
        change(&mut message);
        let spoken = Spoken::Submit(Box::new(message));
        let mut sgip = Sgip::default();
        let fits = sgip.fits(&spoken);
        assert_eq!(fits.err().unwrap_or("fits"), field);
        assert!(fits.is_err() || said(&mut sgip, &spoken).len() <= 2_048);
    };
    check("fits", |_| {});
    check("fits", |m| m.content = vec![b'a'; 140]);
    check("MessageLength", |m| m.content = vec![b'a'; 141]);
    check("UserCount", |m| m.destinations.clear());
    check("fits", |m| m.destinations = vec![Address::new(b"8613000000000"); 90]);
    // 2 KB have no room for the 100 recipients that the counter has.
    check("UserCount", |m| m.destinations = vec![Address::new(b"8613000000000"); 91]);
    check("UserCount", |m| m.destinations = vec![Address::new(b"8613000000000"); 101]);
    check("UserNumber", |m| m.destinations.push(Address::new(&[b'1'; 22])));
    check("SPNumber", |m| m.source = Address::new(&[b'1'; 22]));
    check("ChargeNumber", |m| m.fee.payer = Address::new(&[b'1'; 22]));
    check("fits", |m| m.enterprise = b"12345".to_vec());
    check("CorpId", |m| m.enterprise = b"123456".to_vec());
    check("ServiceType", |m| m.service = vec![b'a'; 11]);
    check("FeeType", |m| m.fee.kind = b"5".to_vec());
    check("FeeType", |m| m.fee.kind = b"x".to_vec());
    check("FeeValue", |m| m.fee.code = vec![b'0'; 7]);
    check("GivenValue", |m| m.fee.fixed = vec![b'0'; 7]);
    check("Priority", |m| m.priority = 10);
    check("ExpireTime", |m| m.valid_until = vec![b'0'; 17]);
    check("ScheduleTime", |m| m.not_before = vec![b'0'; 17]);
    check("Reserve", |m| m.link = vec![b'0'; 9]);
    check("fits", |m| m.segment = Some(Segment { reference: None, total: 1, number: 1 }));
    check("TP_udhi", |m| m.segment = Some(Segment { reference: None, total: 2, number: 1 }));
    check("fits", |m| m.extra = vec![Tlv { tag: tag::AGENT_FLAG, value: vec![1] }]);
    check("extra", |m| m.extra = vec![Tlv { tag: 1, value: vec![1] }]);
}

#[test]
fn what_has_no_word() {
    let id = MessageId(vec![1; 12]);
    for spoken in [
        Spoken::Alive,
        Spoken::AliveAnswer,
        Spoken::Cancel(id.clone()),
        Spoken::CancelAnswer(0),
        Spoken::Query(Query::State(id)),
        Spoken::QueryAnswer(Err(1)),
        Spoken::Foreign(0x11),
    ] {
        let mut sgip = Sgip::default();
        assert_eq!(sgip.fits(&spoken), Err("CommandId"), "{spoken:?}");
        assert!(said(&mut sgip, &spoken).is_empty(), "{spoken:?}");
    }
    assert_eq!(Sgip::default().limits().alive_after, None);
    let some = Spoken::SubmitAnswer(Answer::TakenExcept(MessageId(vec![1; 12]), vec![]));
    assert_eq!(Sgip::default().fits(&some), Err("Result"));
    assert_eq!(Sgip::default().fits(&Spoken::SubmitAnswer(Answer::Refused(256))), Err("Result"));
    assert_eq!(Sgip::default().fits(&Spoken::SubmitAnswer(Answer::Refused(100))), Ok(()));
}

#[test]
fn wishes_and_flags() {
    let check = |flag, wish, extra: &[(u16, u8)]| {
        let submit = Submit {
            user_numbers: vec![Default::default()],
            more_late_to_mt_flag: 2,
            fee_type: 1,
            report_flag: flag,
            reserve: Some(Default::default()),
            ..Submit::default()
        };
        let bytes = frame(Pdu::Submit(Box::new(submit)));
        let mut sgip = Sgip::default();
        let Ok((_, Spoken::Submit(heard))) = sgip.hear(&bytes) else { panic!() };
        let found: Vec<_> = heard.extra.iter().map(|tlv| (tlv.tag, tlv.value[0])).collect();
        assert_eq!((heard.wish, found.as_slice()), (wish, extra), "{flag}");
        assert_eq!(said(&mut sgip, &Spoken::Submit(heard)), bytes, "{flag}");
    };
    check(0, Wish::ReportOfFailure, &[]);
    check(1, Wish::Report, &[]);
    check(2, Wish::Nothing, &[]);
    check(3, Wish::Nothing, &[(tag::REPORT_FLAG, 3)]);
    let mut sgip = Sgip::default();
    let submit = Submit { user_numbers: vec![Default::default()], ..Submit::default() };
    let Ok((_, Spoken::Submit(heard))) = sgip.hear(&frame(Pdu::Submit(Box::new(submit)))) else { panic!() };
    assert_eq!(heard.extra, [Tlv { tag: tag::MORE_LATE_TO_MT_FLAG, value: vec![0] }]);
    assert_eq!((heard.fee.payer_kind, heard.fee.kind.as_slice()), (0, &b"0"[..]));
}

#[test]
fn answers_bear_the_name_of_what_was_asked() {
    let check = |asked: Pdu, spoken: Spoken, command: u32, length: usize| {
        let mut sgip = Sgip::default();
        sgip.hear(&frame(asked)).unwrap();
        let answer = said(&mut sgip, &spoken);
        let decoded = Frame::decode(&answer).unwrap();
        assert_eq!((decoded.pdu.command(), answer.len()), (command | pdu::RESPONSE, length));
        assert_eq!(decoded.sequence, NUMBER);
    };
    let taken = || Spoken::DeliverAnswer(0, MessageId::default());
    check(Pdu::Deliver(Default::default()), taken(), pdu::DELIVER, 29);
    check(Pdu::Report(Default::default()), taken(), pdu::REPORT, 29);
    check(Pdu::UserRpt(UserRpt::default()), taken(), pdu::USERRPT, 29);
    check(Pdu::UserRpt(UserRpt::default()), Spoken::NotUnderstood(5), pdu::USERRPT, 29);
    check(Pdu::Trace(Trace::default()), Spoken::NotUnderstood(5), pdu::TRACE, 21 + 47);
    check(Pdu::Foreign(7, Default::default()), Spoken::NotUnderstood(5), 7, 29);
    for (pdu, command) in [
        (Pdu::UserRpt(UserRpt::default()), 0x11),
        (Pdu::Trace(Trace::default()), 0x1000),
        (Pdu::Foreign(0x10, Default::default()), 0x10),
    ] {
        assert_eq!(Sgip::default().hear(&frame(pdu)).unwrap().1, Spoken::Foreign(command));
    }
    assert!(said(&mut Sgip::default(), &Spoken::NotUnderstood(5)).is_empty());
}

#[test]
fn answers_without_reserve() {
    for length in 21..=29_u8 {
        let mut bytes = frame(Pdu::SubmitResp(Resp::of(9)));
        bytes.truncate(usize::from(length));
        bytes[3] = length;
        assert_eq!(Sgip::default().hear(&bytes).unwrap().1, Spoken::SubmitAnswer(Answer::Refused(9)));
    }
}

#[test]
fn malformed_is_told_and_answered() {
    let check = |bytes: Vec<u8>, field, at, fault, answer: Option<Spoken>| {
        let mut sgip = Sgip::default();
        let malformed = sgip.hear(&bytes).unwrap_err();
        assert_eq!((malformed.field, malformed.at, malformed.fault), (field, at, fault));
        assert_eq!(sgip.answer_malformed(&malformed), answer);
        answer.map(|answer| Frame::decode(&said(&mut sgip, &answer)).unwrap().pdu.command())
    };
    let short = |pdu: Pdu, length: u8| {
        let mut bytes = frame(pdu);
        bytes.truncate(usize::from(length));
        bytes[3] = length;
        bytes
    };
    let refused = |code| Some(Spoken::SubmitAnswer(Answer::Refused(code)));
    let taken = |code| Some(Spoken::DeliverAnswer(code, MessageId::default()));
    check(frame(Pdu::Submit(Default::default())), "UserCount", 62, Fault::Value(0), refused(6));
    // A length of four bytes is bounded by the frame.
    let mut long =
        frame(Pdu::Submit(Box::new(Submit { user_numbers: vec![Default::default()], ..Submit::default() })));
    long[152] = 0xff;
    check(long, "MessageContent", 156, Fault::Short, refused(8));
    let answer =
        check(short(Pdu::Report(Default::default()), 30), "SubmitSequenceNumber", 20, Fault::Short, taken(7));
    assert_eq!(answer, Some(pdu::REPORT | pdu::RESPONSE));
    let answer = check(short(Pdu::Deliver(Default::default()), 62), "TP_pid", 62, Fault::Short, taken(5));
    assert_eq!(answer, Some(pdu::DELIVER | pdu::RESPONSE));
    let login = Pdu::Bind(Bind { login_type: 4, ..Bind::default() });
    check(frame(login), "Login_Type", 20, Fault::Value(4), Some(Spoken::LoginAnswer(4, vec![])));
    let mut unknown = frame(Pdu::Unbind);
    unknown[7] = 0x12;
    check(unknown, "CommandId", 4, Fault::Command, None);
    check(vec![0; 19], "SequenceNumber", 16, Fault::Short, None);
}

#[test]
fn login_types() {
    for (login_type, mode) in
        [(1, LoginMode::Send), (2, LoginMode::Receive), (3, LoginMode::Both), (11, LoginMode::Both)]
    {
        let bytes =
            frame(Pdu::Bind(Bind { login_type, reserve: Some(Default::default()), ..Bind::default() }));
        let mut sgip = Sgip::default();
        let (_, spoken) = sgip.hear(&bytes).unwrap();
        assert!(
            matches!(&spoken, Spoken::Login(Asked { mode: heard, .. }) if *heard == mode),
            "{login_type}"
        );
        assert_eq!(said(&mut sgip, &spoken), bytes, "{login_type}");
    }
    let allows = |side, mode, request| Sgip::default().allows(side, mode, request);
    assert!(allows(Side::Client, LoginMode::Send, Request::Submit));
    assert!(allows(Side::Client, LoginMode::Receive, Request::Deliver));
    assert!(!allows(Side::Client, LoginMode::Send, Request::Deliver));
    assert!(!allows(Side::Server, LoginMode::Send, Request::Deliver));
    assert!(!allows(Side::Client, LoginMode::Both, Request::Cancel));
}

#[test]
fn counting() {
    let at = Civil { month: 11, day: 23, hour: 16, minute: 17, second: 40 };
    let check = |counter, last, expected| {
        let next = Sgip::new(4_294_967_295, counter).next(last, at);
        assert_eq!(next, Sequence([4_294_967_295, 1_123_161_740, expected]));
    };
    let numbered = |counter| Sequence([1, 1, counter]);
    check(Counter::default(), Sequence::default(), 1);
    check(Counter::default(), numbered(1), 2);
    check(Counter::default(), numbered(u32::MAX), 1);
    check(Counter { first: 5, step: 31 }, Sequence::default(), 5);
    check(Counter { first: 5, step: 31 }, numbered(5), 36);
    check(Counter { first: 5, step: 31 }, numbered(u32::MAX - 3), 5);
    check(Counter { first: 5, step: 0 }, numbered(5), 6);
    let id = Sgip::default().id_of(NUMBER).unwrap();
    assert_eq!(id.0.len(), 12);
    assert_eq!(Sgip::default().nth_id(&id, 5), id);
}

#[test]
fn reports_with_words_from_elsewhere() {
    let check = |state, word: &[u8], expected: (u8, u8)| {
        let report = Report { id: MessageId(vec![1; 12]), state, word: word.to_vec(), ..Report::default() };
        let spoken = Spoken::Deliver(Box::new(Delivery::Report(report)));
        assert_eq!(Sgip::default().fits(&spoken), Ok(()));
        let Pdu::Report(said) = Frame::decode(&said(&mut Sgip::default(), &spoken)).unwrap().pdu else {
            panic!()
        };
        assert_eq!((said.state, said.error_code), expected, "{state:?}");
    };
    check(ReportState::Delivered, b"DELIVRD", (0, 0));
    check(ReportState::Accepted, b"ACCEPTD", (1, 0));
    check(ReportState::Rejected, b"REJECTD", (2, result::REFUSED));
    check(ReportState::Rejected, b"101", (2, 101));
    check(ReportState::Failed, b"25", (2, 25));
    let waiting = Pdu::Report(pdu::Report { state: 1, ..pdu::Report::default() });
    let Ok((_, Spoken::Deliver(heard))) = Sgip::default().hear(&frame(waiting)) else { panic!() };
    assert!(matches!(*heard, Delivery::Report(report) if !report.state.is_final()));
}
