//! What PDUs mean to a session: the traps of the field, proofs, codes, and what cannot be carried.

use anning_cmpp::{Cmpp, Version, pdu};
use anning_link::{
    Address, Answer, Asked, Civil, Credentials, Delivery, Dialect, Fault, Findings, LoginMode, Malformed,
    MessageId, Query, Reply, Report, ReportState, Segment, Sequence, Spoken, Submission, Trouble, Wish,
};

use crate::vectors::{unhex, vector};

fn at(layout: pdu::Layout) -> Cmpp {
    Cmpp::client(match layout {
        pdu::Layout::Narrow => Version::V20,
        pdu::Layout::Wide => Version::V30,
    })
}

fn heard(id: &str) -> Spoken {
    let vector = vector(id);
    at(vector.layout).hear(&vector.bytes).unwrap().1
}

fn said(cmpp: &mut Cmpp, spoken: &Spoken) -> Vec<u8> {
    let mut out = Vec::new();
    cmpp.say(Sequence::of(1), spoken, &mut out);
    out
}

fn submission(id: &str) -> Submission {
    let Spoken::Submit(message) = heard(id) else { panic!("no submit: {id}") };
    *message
}

fn reply(id: &str) -> Reply {
    let Spoken::Deliver(delivery) = heard(id) else { panic!("no deliver: {id}") };
    let Delivery::Reply(reply) = *delivery else { panic!("no reply: {id}") };
    reply
}

fn report(id: &str) -> Report {
    let Spoken::Deliver(delivery) = heard(id) else { panic!("no deliver: {id}") };
    let Delivery::Report(report) = *delivery else { panic!("no report: {id}") };
    report
}

fn who(account: &[u8]) -> Credentials {
    Credentials { account: account.to_vec(), secret: b"888888".to_vec() }
}

fn asked(account: &[u8], proof: &str, stamp: u32) -> Asked {
    let proof = unhex(proof);
    Asked { account: account.to_vec(), mode: LoginMode::Both, version: 0x30, proof, stamp, extra: vec![] }
}

#[test]
fn proofs_of_the_client() {
    for (stamp, proof) in [
        (1_021_080_510, "90d00c1d517abd0b4f65f6bcf8535d16"),
        (301_000_000, "1a06ed8323cbcf155ac60b8f712fd254"),
    ] {
        let at = Civil::from_number(stamp).unwrap();
        let mine = Cmpp::client(Version::V30).login(&who(b"900001"), LoginMode::Both, at);
        assert_eq!(mine, asked(b"900001", proof, stamp));
        let server = Cmpp::server();
        assert!(server.verify(&mine, &who(b"900001")));
        let other = Credentials { secret: b"888889".to_vec(), ..who(b"900001") };
        assert!(!server.verify(&mine, &other));
        assert!(!server.verify(&mine, &who(b"900002")));
        assert!(!server.verify(&Asked { stamp: stamp + 1, ..mine.clone() }, &who(b"900001")));
        assert!(!server.verify(&Asked { proof: vec![], ..mine }, &who(b"900001")));
    }
}

/// Trap: whether a short name is padded before it is hashed.
#[test]
fn a_short_name_is_hashed_padded_or_not() {
    let wrong = asked(b"901", "00000000000000000000000000000000", 301_000_000);
    assert!(!Cmpp::server().verify(&wrong, &who(b"901")));
    let padded = Cmpp::client(Version::V30).login(
        &who(b"901"),
        LoginMode::Both,
        Civil::from_number(301_000_000).unwrap(),
    );
    assert!(Cmpp::server().verify(&padded, &who(b"901")));
    assert!(Cmpp::server().verify(&asked(b"901", UNPADDED, 301_000_000), &who(b"901")));
    assert_eq!(padded.proof, unhex(PADDED));
}

#[test]
fn proofs_of_the_server() {
    let asked = asked(b"900001", "90d00c1d517abd0b4f65f6bcf8535d16", 1_021_080_510);
    for (id, version, proof) in [
        ("cmpp-015", Version::V20, "6c0b846e25bab6daa4ed1c466e0f4bd8"),
        ("cmpp-016", Version::V30, "7942977274098cf210ab0c16c367bc8d"),
    ] {
        assert_eq!(Cmpp::client(version).server_proof(&asked, 0, &who(b"900001")), unhex(proof));
        // The answer is read by its length, whatever version was asked for.
        for version in [Version::V20, Version::V21, Version::V30] {
            let mut client = Cmpp::client(version);
            let (_, answer) = client.hear(&vector(id).bytes).unwrap();
            assert_eq!(answer, Spoken::LoginAnswer(0, unhex(proof)), "{id} {version:?}");
            assert_eq!(client.server_proof(&asked, 0, &who(b"900001")), unhex(proof));
        }
    }
}

#[test]
fn versions_are_settled_once() {
    let mut client = Cmpp::client(Version::V30);
    client.hear(&vector("cmpp-015").bytes).unwrap();
    assert_eq!(client.version(), 0x21, "a server that answers as 2.1 is spoken to in 2.1");
    client.hear(&vector("cmpp-016").bytes).unwrap();
    assert_eq!(client.version(), 0x21);
    let mut pinned = Cmpp::client(Version::V30);
    pinned.pin(Version::V30);
    pinned.hear(&vector("cmpp-015").bytes).unwrap();
    assert_eq!(pinned.version(), 0x30);
    let mut server = Cmpp::server();
    for (id, version) in [("cmpp-027", 0x20), ("cmpp-032", 0x20), ("cmpp-041", 0x20)] {
        assert!(matches!(server.hear(&vector(id).bytes).unwrap().1, Spoken::Login(_)), "{id}");
        assert_eq!(server.version(), version, "{id}");
    }
    assert_eq!(said(&mut server, &Spoken::LoginAnswer(0, vec![7; 16])).len(), 30);
    assert_eq!(said(&mut Cmpp::server(), &Spoken::LoginAnswer(0, vec![7; 16])).len(), 33);
}

/// Trap: one vendor's variant 0x7F has layouts of its own, which are never guessed.
#[test]
fn a_version_that_is_not_spoken_here_is_refused() {
    for (version, status_at, length) in [(0x7F_u8, 15, 33), (0x31, 15, 33), (0x12, 12, 30)] {
        let mut bytes = vector("cmpp-032").bytes;
        bytes[34] = version;
        let mut server = Cmpp::server();
        let malformed = server.hear(&bytes).unwrap_err();
        assert_eq!((malformed.fault, malformed.at), (Fault::Version(version), 34));
        let answer = server.answer_malformed(&malformed).unwrap();
        assert_eq!(answer, Spoken::LoginAnswer(4, vec![]));
        let bytes = said(&mut server, &answer);
        assert_eq!((bytes.len(), bytes[status_at], bytes[length - 1]), (length, 4, 0x30));
    }
}

#[test]
fn a_submit_means() {
    let message = submission("cmpp-051");
    let to = |text: &[u8]| Address::new(text);
    assert_eq!(message.destinations, [to(b"8613800138000"), to(b"8613800138001")]);
    assert_eq!(message.source, to(b"10690001"));
    assert_eq!((message.coding, message.udh), (8, true));
    assert_eq!(message.segment, Some(Segment { reference: None, total: 2, number: 1 }));
    assert_eq!(message.link, b"12345678901234567890");
    assert_eq!(
        (message.wish, &message.service[..], &message.enterprise[..]),
        (Wish::Report, &b"test"[..], &b"900001"[..])
    );
    assert_eq!((&message.fee.kind[..], &message.fee.code[..]), (&b"01"[..], &b"0"[..]));
    let message = submission("cmpp-001");
    assert_eq!((message.wish, message.segment.map(|segment| segment.total)), (Wish::Nothing, Some(4)));
}

#[test]
fn traps_of_deliveries() {
    let flash = reply("cmpp-008");
    assert!(flash.udh, "0x40 announces a header as 1 does");
    assert_eq!((&flash.source.text[..], &flash.destination.text[..]), (&b"8613800000100"[..], &b"10085"[..]));
    let short = report("cmpp-010");
    assert_eq!(short.recipient.text, b"13800000103", "a number that fills its room by repeating itself");
    assert_eq!(short.source.text, b"10086988");
    assert_eq!(short.id, MessageId(unhex("c2cf8400a37359d8")));
    assert_eq!(short.carried_as, MessageId(unhex("c2cf84f10ce0003f")));
    assert_eq!((short.state, &short.word[..]), (ReportState::Delivered, &b"DELIVRD"[..]));
    for (id, state) in [("cmpp-046", ReportState::Rejected), ("cmpp-048", ReportState::Delivered)] {
        let report = report(id);
        assert_eq!((report.state, &report.recipient.text[..]), (state, &b"8613800138000"[..]), "{id}");
        assert_eq!(
            (&report.submitted[..], &report.done[..]),
            (&b"2311111200"[..], &b"2311111201"[..]),
            "{id}"
        );
        assert_eq!(report.id, MessageId(unhex("6642908009d959fe")), "{id}");
    }
}

/// Traps: texts without an end, bytes after the end, words of the node that failed, reports that end too early.
#[test]
fn traps_of_texts() {
    let mut bytes = vector("cmpp-048").bytes;
    bytes[20..41].copy_from_slice(b"106900011069000223456");
    bytes[97..104].copy_from_slice(b"AF:4\0\0x");
    let mut client = Cmpp::client(Version::V30);
    let Spoken::Deliver(delivery) = client.hear(&bytes).unwrap().1 else { panic!("no deliver") };
    let Delivery::Report(report) = *delivery else { panic!("no report") };
    assert_eq!(report.source.text, b"106900011069000223456");
    assert_eq!((report.state, &report.word[..]), (ReportState::Failed, &b"AF:4"[..]));
    // Eleven bytes of LinkID are missing, and Msg_Length says 71 all the same.
    let mut bytes = vector("cmpp-048").bytes;
    bytes[88] = 71;
    let Spoken::Deliver(delivery) = client.hear(&bytes).unwrap().1 else { panic!("no deliver") };
    let Delivery::Report(report) = *delivery else { panic!("no report") };
    assert_eq!((report.state, &report.recipient.text[..]), (ReportState::Delivered, &b"8613800138000"[..]));
    bytes[88] = 40;
    let malformed = client.hear(&bytes).unwrap_err();
    assert_eq!((malformed.field, malformed.at, malformed.fault), ("Dest_terminal_Id", 124, Fault::Short));
    assert!(client.answer_malformed(&malformed).is_some());
}

#[test]
fn small_pdus_mean() {
    let id = |hex: &str| MessageId(unhex(hex));
    for (vector, spoken) in [
        ("cmpp-012", Spoken::Alive),
        ("cmpp-013", Spoken::AliveAnswer),
        ("cmpp-020", Spoken::Foreign(9)),
        ("cmpp-024", Spoken::SubmitAnswer(Answer::Taken(id("b2b9da8000010000")))),
        ("cmpp-025", Spoken::Leave),
        ("cmpp-026", Spoken::LeaveAnswer),
        ("cmpp-031", Spoken::DeliverAnswer(0, id("0000000000003039"))),
        ("cmpp-037", Spoken::SubmitAnswer(Answer::Taken(id("b2b9da8000010000")))),
        ("cmpp-042", Spoken::Query(Query::Counts(b"20231111".to_vec(), vec![]))),
        (
            "cmpp-043",
            Spoken::QueryAnswer(Ok(Findings::Counts(
                b"20231111".to_vec(),
                vec![],
                [10, 10, 8, 1, 1, 3, 0, 0],
            ))),
        ),
        ("cmpp-044", Spoken::Cancel(id("6642908009d959fe"))),
        ("cmpp-045", Spoken::CancelAnswer(1)),
        ("cmpp-047", Spoken::SubmitAnswer(Answer::Refused(8))),
        ("cmpp-050", Spoken::SubmitAnswer(Answer::Refused(100))),
    ] {
        assert_eq!(heard(vector), spoken, "{vector}");
    }
    // Trap: an ACTIVE_TEST_RESP with four bytes, or none.
    for tail in [&[][..], b"0x00"] {
        let length = u8::try_from(12 + tail.len()).unwrap();
        let bytes = [&[0, 0, 0, length, 0x80, 0, 0, 8, 0, 0, 0, 5][..], tail].concat();
        assert_eq!(Cmpp::server().hear(&bytes), Ok((Sequence::of(5), Spoken::AliveAnswer)));
    }
}

#[test]
fn what_is_said_is_heard_alike() {
    let to = |text: &[u8], ton| Address { text: text.to_vec(), ton, npi: 0 };
    let id = |byte| MessageId(vec![byte; 8]);
    for version in [Version::V20, Version::V21, Version::V30] {
        let wide = u8::from(version == Version::V30);
        let link = if wide == 1 { b"link".to_vec() } else { vec![] };
        let message = Submission {
            source: to(b"10690001", 0),
            destinations: vec![to(b"13800138000", wide), to(b"13800138001", wide)],
            coding: 15,
            udh: true,
            content: vec![9; 255],
            wish: Wish::Report,
            segment: Some(Segment { reference: None, total: 3, number: 2 }),
            service: b"0123456789".to_vec(),
            enterprise: b"900001".to_vec(),
            priority: 3,
            protocol_id: 1,
            valid_until: b"000007000000000R".to_vec(),
            link: link.clone(),
            ..Submission::default()
        };
        let reply = Reply {
            id: id(1),
            source: to(b"13800138000", wide),
            destination: to(b"10690001", 0),
            content: b"TD".to_vec(),
            link,
            ..Reply::default()
        };
        let report = Report {
            id: id(2),
            carried_as: id(3),
            recipient: to(b"13800138000", wide),
            source: to(b"10690001", 0),
            state: ReportState::Failed,
            word: b"AN:0101".to_vec(),
            submitted: b"2311111200".to_vec(),
            done: b"2311111201".to_vec(),
            ..Report::default()
        };
        for spoken in [
            Spoken::Submit(Box::new(message)),
            Spoken::Deliver(Box::new(Delivery::Reply(reply))),
            Spoken::Deliver(Box::new(Delivery::Report(report))),
            Spoken::SubmitAnswer(Answer::Taken(id(4))),
            Spoken::SubmitAnswer(Answer::Refused(199)),
            Spoken::DeliverAnswer(8, id(5)),
            Spoken::Query(Query::Counts(b"20231111".to_vec(), b"svc".to_vec())),
            Spoken::QueryAnswer(Ok(Findings::Counts(b"20231111".to_vec(), b"svc".to_vec(), [7; 8]))),
            Spoken::Cancel(id(6)),
            Spoken::CancelAnswer(1),
            Spoken::Alive,
            Spoken::AliveAnswer,
            Spoken::Leave,
            Spoken::LeaveAnswer,
        ] {
            let mut cmpp = Cmpp::client(version);
            assert_eq!(cmpp.fits(&spoken), Ok(()));
            let bytes = said(&mut cmpp, &spoken);
            assert_eq!(cmpp.hear(&bytes), Ok((Sequence::of(1), spoken)), "{version:?}");
        }
    }
}

#[test]
fn what_cannot_be_carried_is_named() {
    let message = || Submission { destinations: vec![Address::new(b"13800138000")], ..Submission::default() };
    let none = Submission::default();
    let long = Submission { content: vec![0; 256], ..message() };
    let link = Submission { link: b"link".to_vec(), ..message() };
    let number = Submission { destinations: vec![Address::new(&[b'1'; 22])], ..message() };
    for (message, narrow, wide) in [
        (none, "DestUsr_tl", "DestUsr_tl"),
        (long, "Msg_Content", "Msg_Content"),
        (link, "LinkID", ""),
        (number, "Dest_terminal_Id", ""),
        (message(), "", ""),
    ] {
        let spoken = Spoken::Submit(Box::new(message));
        assert_eq!(Cmpp::client(Version::V20).fits(&spoken).err().unwrap_or(""), narrow);
        assert_eq!(Cmpp::client(Version::V30).fits(&spoken).err().unwrap_or(""), wide);
    }
    let refused = Spoken::SubmitAnswer(Answer::Refused(256));
    assert_eq!(Cmpp::client(Version::V20).fits(&refused), Err("Result"));
    assert_eq!(said(&mut Cmpp::server(), &Spoken::NotUnderstood(1)), b"", "there is no such PDU");
}

#[test]
fn what_is_malformed_is_answered_in_its_own_words() {
    let mut server = Cmpp::client(Version::V30);
    let cut = |id: &str, length: usize| {
        let mut bytes = vector(id).bytes[..length].to_vec();
        bytes[..4].copy_from_slice(&u32::try_from(length).unwrap().to_be_bytes());
        bytes
    };
    let mut nobody = vector("cmpp-036").bytes;
    nobody[140] = 0;
    for (bytes, field, at, answer) in [
        (cut("cmpp-036", 100), "ValId_Time", 85, Some(Spoken::SubmitAnswer(Answer::Refused(4)))),
        (nobody, "DestUsr_tl", 140, Some(Spoken::SubmitAnswer(Answer::Refused(1)))),
        (cut("cmpp-017", 50), "Service_Id", 41, Some(Spoken::DeliverAnswer(4, MessageId::default()))),
        (cut("cmpp-044", 19), "Msg_Id", 12, Some(Spoken::CancelAnswer(4))),
        (cut("cmpp-032", 38), "Timestamp", 35, Some(Spoken::LoginAnswer(1, vec![]))),
        (cut("cmpp-037", 20), "Result", 20, None),
        (vec![0, 0, 0, 12, 0, 0, 0, 3, 0, 0, 0, 5], "Command_Id", 4, None),
        (vec![0, 0, 0, 13, 0, 0, 0, 8, 0, 0, 0, 5], "Total_Length", 0, None),
    ] {
        let malformed: Malformed = server.hear(&bytes).unwrap_err();
        assert_eq!((malformed.field, malformed.at), (field, at), "{malformed}");
        assert_eq!(server.answer_malformed(&malformed), answer, "{malformed}");
    }
    assert_eq!(server.code(Trouble::FlowControl), 8);
}

/// MD5 of "901", nine zeros, "888888", "0301000000".
const UNPADDED: &str = "8537a15178fa7eb7025e0d30c43eeb35";
/// The same, "901" padded to six bytes.
const PADDED: &str = "22604fc209a025bbc2fc1555893165bd";
