//! Whoever is not written to, and whoever has more segments than the carrier, is told so.

use std::io::{Read as _, Write as _};

use anning_cmpp::Version;
use anning_gateway::config::Protocol;
use anning_link::{Answer, MessageId, Report, ReportState, Submission, Wish};
use anning_text::{Place, Reference};

use crate::line::{connect, taken};
use crate::world::{CODE, ENFORCE, World, message};

const HOME: (&str, &str) = (
    "[[route]]\nupstream = \"carrier\"",
    "[[carrier]]\nname = \"home\"\nprefixes = [\"13\"]\n\n[[route]]\ncarrier = \"home\"\nupstream = \"carrier\"",
);

fn said(reports: &[Report]) -> Vec<(String, String)> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    reports.iter().map(|report| (text(&report.recipient.text), text(&report.word))).collect()
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(number, word)| ((*number).to_owned(), (*word).to_owned())).collect()
}

/// In one submit: one who can be written to, one for whom there is no route, one that is no number.
#[test]
fn nobody_in_a_submit_that_is_taken_is_lost_in_silence() {
    let world = World::new(&[ENFORCE, HOME]);
    let mut carrier = world.carrier();
    let mut sender = world.cmpp(Version::V30).unwrap();
    let answer = sender.one(message(&["13800138000", "15900138000", "12"], CODE));
    let first = taken(answer);
    let carried = carrier.carries(b"theirs01", ReportState::Delivered, "DELIVRD");
    assert_eq!(carried.destinations.len(), 1);
    let reports = sender.reports(3);
    let expected = pairs(&[("12", "XN:0152"), ("13800138000", "DELIVRD"), ("15900138000", "XN:0157")]);
    assert_eq!(said(&reports), expected);
    // Each has the id of its place.
    let dialect = anning_cmpp::Cmpp::server();
    for (place, number) in ["13800138000", "15900138000", "12"].iter().enumerate() {
        let report = reports.iter().find(|report| report.recipient.text == number.as_bytes()).unwrap();
        assert_eq!(report.id, anning_link::Dialect::nth_id(&dialect, &first, place), "{number}");
    }
}

#[test]
fn a_submit_without_anybody_to_write_to_is_refused_with_its_code() {
    let world = World::new(&[ENFORCE, HOME]);
    let _carrier = world.carrier();
    let mut sender = world.cmpp(Version::V30).unwrap();
    for (to, code) in [
        (&["12", "13"][..], 13),
        (&["15900138000"][..], 157),
        (&["15900138000", "15900138001"][..], 157),
        (&["15900138000", "12"][..], 13),
    ] {
        assert_eq!(sender.one(message(to, CODE)), Answer::Refused(code), "{to:?}");
    }
    // In SMPP too, in its own words.
    assert_eq!(world.smpp().one(message(&["15900138000"], CODE)), Answer::Refused(0x439));
}

/// Many carriers report before they answer; some in the same packet.
#[test]
fn a_report_that_comes_before_the_answer_is_told_at_once() {
    let world = World::new(&[ENFORCE]);
    let mut carrier = world.carrier();
    let mut sender = world.cmpp(Version::V30).unwrap();
    for number in 0..20 {
        let answer = sender.one(message(&["13800138000"], CODE));
        let id = taken(answer);
        let (sequence, seen) = carrier.takes();
        let theirs = MessageId(format!("theirs{number:02}").into_bytes());
        carrier.report(&theirs, &seen, ReportState::Delivered, "DELIVRD");
        if number % 2 == 0 {
            carrier.flush();
        }
        carrier.answer(sequence, Answer::Taken(theirs));
        carrier.flush();
        assert_eq!(sender.reports(1)[0].id, id);
    }
}

/// A request over HTTP, as the account; the body of the answer.
fn http(world: &World, request: &str, body: &str) -> String {
    let mut socket = connect(world.bound(Protocol::Http));
    // mall:demokey1
    let head = "Host: h\r\nConnection: close\r\nAuthorization: Basic bWFsbDpkZW1va2V5MQ==";
    let length = body.len();
    let whole = format!("{request} HTTP/1.1\r\n{head}\r\nContent-Length: {length}\r\n\r\n{body}");
    socket.write_all(whole.as_bytes()).unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

/// An account that speaks several protocols is told of a message in the one that it handed it in with.
#[test]
fn each_message_is_told_in_its_own_protocol() {
    let world = World::new(&[ENFORCE]);
    let mut carrier = world.carrier();
    let (mut smpp, mut cmpp) = (world.smpp(), world.cmpp(Version::V30).unwrap());
    let body = format!("{{\"to\": \"13800138000\", \"text\": \"{CODE}\"}}");
    let answer = http(&world, "POST /v1/messages", &body);
    let id = answer.split("\"id\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    carrier.carries(b"theirs01", ReportState::Delivered, "DELIVRD");
    let state = format!("GET /v1/messages/{id}");
    while !http(&world, &state, "").contains("\"delivered\"") {}
    // On the lines they hear of their own, and of nothing before it.
    for number in 2..5 {
        let own = taken(smpp.one(message(&["13800138000"], CODE)));
        carrier.carries(format!("theirs0{number}").as_bytes(), ReportState::Delivered, "DELIVRD");
        assert_eq!(smpp.reports(1)[0].id, own);
        let own = taken(cmpp.one(message(&["13800138000"], CODE)));
        carrier.carries(format!("theirs1{number}").as_bytes(), ReportState::Delivered, "DELIVRD");
        assert_eq!(cmpp.reports(1)[0].id, own);
    }
    let after = http(&world, &state, "");
    assert!(after.contains("\"delivered\"") && after.contains("\"DELIVRD\""), "{after}");
}

/// Segments of a sender that cuts too short; the carrier's cut has fewer.
#[test]
fn every_segment_of_the_sender_gets_its_report() {
    let check = |text: &str, cuts: usize, wish: &dyn Fn(usize) -> Wish, state, word: &str| {
        let world =
            World::new(&[ENFORCE, ("mode = \"enforce\"", "mode = \"enforce\"\nsignatures = [\"云栖百货\"]")]);
        let mut carrier = world.carrier();
        let mut sender = world.smpp();
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let each = bytes.len().div_ceil(cuts).next_multiple_of(2);
        let segments: Vec<Submission> = (1..)
            .zip(bytes.chunks(each))
            .map(|(number, chunk)| {
                let place = Place { reference: Reference::Short(7), total: cuts as u8, number };
                let mut content = place.header().unwrap();
                content.extend_from_slice(chunk);
                let whole = message(&["13800138000"], "");
                // A class: the carrier's protocol has no number for it, so that the text is cut anew.
                Submission { coding: 0x18, udh: true, content, wish: wish(number as usize), ..whole }
            })
            .collect();
        assert_eq!(segments.len(), cuts);
        let answers = sender.submit(segments);
        let ids: Vec<MessageId> = answers.into_iter().map(taken).collect();
        let carried = carrier.carries(b"theirs01", state, word);
        assert!(!carried.udh, "cut anew into one");
        let delivered = state == ReportState::Delivered;
        let wants = |at: &usize| match wish(at + 1) {
            Wish::Report => true,
            Wish::ReportOfFailure => !delivered,
            Wish::Nothing => false,
        };
        let mut expected: Vec<&MessageId> = (0..cuts).filter(wants).map(|at| &ids[at]).collect();
        expected.sort_by_key(|id| id.0.clone());
        let reports = sender.reports(expected.len());
        assert_eq!(reports.iter().map(|report| &report.id).collect::<Vec<_>>(), expected);
        assert!(reports.iter().all(|report| report.state == state), "{reports:?}");
    };
    let all = |_| Wish::Report;
    check(CODE, 3, &all, ReportState::Delivered, "DELIVRD");
    check(CODE, 2, &all, ReportState::Undeliverable, "UNDELIV");
    let last = |at| if at == 3 { Wish::Report } else { Wish::Nothing };
    check(CODE, 3, &last, ReportState::Delivered, "DELIVRD");
    let failure = |at| if at == 2 { Wish::ReportOfFailure } else { Wish::Report };
    check(CODE, 3, &failure, ReportState::Delivered, "DELIVRD");
}
