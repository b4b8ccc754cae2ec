//! PDUs captured from others (`vectors.txt`): each says what its line says, and is written again as it came.

use anning_cmpp::pdu::{Answered, Body, Code, Layout, Pdu, Report};

/// One line.
pub(crate) struct Vector {
    pub(crate) id: String,
    what: String,
    pub(crate) layout: Layout,
    pub(crate) bytes: Vec<u8>,
}

pub(crate) fn vectors() -> Vec<Vector> {
    let lines = include_str!("../vectors.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let fields: Vec<&str> = line.split(" | ").collect();
            let what = fields[1].to_owned();
            let layout = if what.contains(" v2") { Layout::Narrow } else { Layout::Wide };
            Vector { id: fields[0].to_owned(), what, layout, bytes: unhex(fields[4]) }
        })
        .collect()
}

pub(crate) fn vector(id: &str) -> Vector {
    vectors().into_iter().find(|vector| vector.id == id).expect("a line of that id")
}

pub(crate) fn unhex(hex: &str) -> Vec<u8> {
    hex.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

fn code(code: Code) -> (u32, &'static str) {
    match code {
        Code::Narrow(value) => (value.into(), "v2"),
        Code::Wide(value) => (value, "v3"),
    }
}

/// What a line says of its PDU, in its order of words; only the words that the line has are compared.
fn words(pdu: &Pdu, long: bool) -> Vec<String> {
    let answered = |name: &str, answer: &Answered| {
        let (result, version) = code(answer.result);
        vec![name.to_owned(), version.to_owned(), format!("result={result}")]
    };
    let mut words = match &pdu.body {
        Body::Connect(connect) => vec![
            "connect".to_owned(),
            format!("ver={:#04x}", connect.version),
            format!("sp={}", connect.source_addr.text().escape_ascii()),
        ],
        Body::ConnectResp(answer) => {
            let width = match answer.status {
                Code::Narrow(_) => "v2(1-byte",
                Code::Wide(_) => "v3(4-byte",
            };
            vec!["connect_resp".to_owned(), width.to_owned(), "status)".to_owned()]
        }
        Body::Terminate(_) => vec!["terminate".to_owned()],
        Body::TerminateResp(_) => vec!["terminate_resp".to_owned()],
        Body::Submit(submit) => vec![
            "submit".to_owned(),
            format!("dests={}", submit.dest_terminal_ids.len()),
            format!("fmt={}", submit.msg_fmt),
            format!("udhi={:#x}", submit.tp_udhi),
        ],
        Body::SubmitResp(answer) => answered("submit_resp", answer),
        Body::Deliver(deliver) => vec![
            "deliver".to_owned(),
            format!("report={}", deliver.registered_delivery),
            format!("len={}", deliver.content.len()),
            format!("fmt={}", deliver.msg_fmt),
            format!("udhi={:#x}", deliver.tp_udhi),
        ],
        Body::DeliverResp(answer) => answered("deliver_resp", answer),
        Body::Query(_) => vec!["query".to_owned()],
        Body::QueryResp(_) => vec!["query_resp".to_owned()],
        Body::Cancel(_) => vec!["cancel".to_owned()],
        Body::CancelResp(..) => vec!["cancel_resp".to_owned()],
        Body::ActiveTest(_) => vec!["active_test".to_owned()],
        Body::ActiveTestResp(_) => vec!["active_test_resp".to_owned()],
        Body::Other(9, _) => vec!["fwd".to_owned()],
        Body::Other(command, _) => vec![format!("{command:#x}")],
    };
    if let Body::Submit(_) | Body::Deliver(_) = &pdu.body {
        words.push(if long { "v3" } else { "v2" }.to_owned());
    }
    words.push(format!("seq={}", pdu.sequence));
    words
}

#[test]
fn each_says_what_its_line_says_and_is_written_as_it_came() {
    let mut seen = 0;
    for Vector { id, what, layout, bytes } in vectors() {
        seen += 1;
        if what == "inner report" {
            assert_eq!(Report::decode(&bytes).unwrap().encode(), bytes, "{id}");
            continue;
        }
        let pdu = Pdu::decode(&bytes, layout).unwrap();
        let mut again = Vec::new();
        pdu.encode(&mut again);
        assert_eq!(again, bytes, "{id}");
        let said = words(&pdu, layout == Layout::Wide);
        let (plain, text) = what.split_once('"').unwrap_or((&what, ""));
        for word in plain.split(' ').filter(|word| !word.is_empty() && !word.starts_with("udh=")) {
            assert!(said.iter().any(|said| said == word), "{id} should be {word}, is {said:?}");
        }
        let (content, coding) = if let Body::Submit(submit) = &pdu.body {
            assert_eq!(submit.layout, layout);
            (&submit.content[..], submit.msg_fmt)
        } else if let Body::Deliver(deliver) = &pdu.body {
            assert_eq!(deliver.layout, layout);
            (&deliver.content[..], deliver.msg_fmt)
        } else {
            continue;
        };
        let header = plain.split("udh=").nth(1).map(|hex| unhex(hex.trim())).unwrap_or_default();
        assert!(content.starts_with(&header), "{id} begins with its header");
        let text = text.trim_end_matches('"').trim_end_matches("...");
        let read = match coding {
            8 => {
                let units = content[header.len()..]
                    .chunks_exact(2)
                    .map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
                String::from_utf16_lossy(&units.collect::<Vec<_>>())
            }
            0 => String::from_utf8_lossy(content).into_owned(),
            _ => continue,
        };
        assert!(read.starts_with(text), "{id} says {text}, is {read}");
    }
    assert_eq!(seen, 51);
}

#[test]
fn odd_tails_are_kept_and_nothing_is_left_over_elsewhere() {
    for Vector { id, what, layout, bytes } in vectors().iter().filter(|vector| vector.what != "inner report")
    {
        let tail = match Pdu::decode(bytes, *layout).unwrap().body {
            Body::Submit(submit) => submit.tail.len().abs_diff(layout.tail()),
            Body::Deliver(deliver) => deliver.tail.len().abs_diff(layout.tail()),
            Body::Connect(connect) => connect.tail.len(),
            Body::ConnectResp(answer) => answer.tail.len(),
            Body::SubmitResp(answer) | Body::DeliverResp(answer) => answer.tail.len(),
            Body::Query(query) => query.tail.len().abs_diff(8),
            Body::QueryResp(answer) => answer.tail.len(),
            Body::Cancel(cancel) => cancel.tail.len(),
            Body::CancelResp(_, tail) | Body::Terminate(tail) | Body::TerminateResp(tail) => tail.len(),
            Body::ActiveTest(tail) => tail.len(),
            Body::ActiveTestResp(tail) => tail.len().abs_diff(1),
            Body::Other(..) => 0,
        };
        assert_eq!(tail, 0, "{id} {what}");
    }
}
