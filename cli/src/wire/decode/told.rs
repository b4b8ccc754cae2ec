//! What is said, in the words all protocols share, as JSON.

use anning_link::{
    Address, Answer, Asked, Delivery, Findings, LoginMode, Query, Reply, Report, Segment, Sequence, Spoken,
    Submission, Tlv,
};
use anning_peers::Protocol;
use anning_text::{Coding, Element, Format, Header, Reference};
use serde_json::{Map, Value, json};

use super::object;

/// Bytes as hex digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One number, or the three of SGIP.
pub(super) fn sequence(protocol: Protocol, sequence: Sequence) -> Value {
    match protocol {
        Protocol::Sgip => json!(sequence.0),
        Protocol::Cmpp2 | Protocol::Cmpp3 | Protocol::Smpp | Protocol::Smgp => json!(sequence.number()),
    }
}

/// Every field of what is said.
pub(super) fn spoken(protocol: Protocol, spoken: &Spoken) -> Map<String, Value> {
    object(match spoken {
        Spoken::Login(asked) => login(protocol, asked),
        Spoken::LoginAnswer(code, proof) => json!({ "code": code, "server_proof": hex(proof) }),
        Spoken::Submit(message) => return submission(protocol, message),
        Spoken::SubmitAnswer(answer) => match answer {
            Answer::Taken(id) => json!({ "code": 0, "message_id": id_of(protocol, &id.0) }),
            Answer::TakenExcept(id, except) => {
                let except: Vec<Value> = except
                    .iter()
                    .map(|(to, code)| json!({ "recipient": address(to), "code": code }))
                    .collect();
                json!({ "code": 0, "message_id": id_of(protocol, &id.0), "except": except })
            }
            Answer::Refused(code) => json!({ "code": code }),
        },
        Spoken::Deliver(delivery) => match &**delivery {
            Delivery::Reply(reply) => return self::reply(protocol, reply),
            Delivery::Report(report) => self::report(protocol, report),
        },
        Spoken::DeliverAnswer(code, id) => json!({ "code": code, "message_id": id_of(protocol, &id.0) }),
        Spoken::Query(Query::Counts(day, service)) => json!({ "day": text(day), "service": text(service) }),
        Spoken::Query(Query::State(id)) | Spoken::Cancel(id) => {
            json!({ "message_id": id_of(protocol, &id.0) })
        }
        Spoken::QueryAnswer(Ok(Findings::Counts(day, service, counts))) => {
            json!({ "day": text(day), "service": text(service), "counts": counts })
        }
        Spoken::QueryAnswer(Ok(Findings::State(id, state, ended, error))) => json!({
            "message_id": id_of(protocol, &id.0),
            "state": format!("{state:?}"),
            "ended": text(ended),
            "error": error,
        }),
        Spoken::QueryAnswer(Err(code)) | Spoken::CancelAnswer(code) | Spoken::NotUnderstood(code) => {
            json!({ "code": code })
        }
        Spoken::Alive | Spoken::AliveAnswer | Spoken::Leave | Spoken::LeaveAnswer => json!({}),
        Spoken::Foreign(_) => json!({ "note": "exists, and is answered by no gateway of this kind" }),
    })
}

fn login(protocol: Protocol, asked: &Asked) -> Value {
    // A password is nobody's to read off a screen; a digest may be checked against one.
    let proof = match protocol {
        Protocol::Cmpp2 | Protocol::Cmpp3 | Protocol::Smgp => hex(&asked.proof),
        Protocol::Smpp | Protocol::Sgip => format!("{} bytes, not shown", asked.proof.len()),
    };
    json!({
        "account": text(&asked.account),
        "mode": match asked.mode {
            LoginMode::Send => "send",
            LoginMode::Receive => "receive",
            LoginMode::Both => "both",
        },
        "protocol_version": format!("{:#04x}", asked.version),
        "proof": proof,
        "stamp": asked.stamp,
        "extra": hex(&asked.extra),
    })
}

fn submission(protocol: Protocol, message: &Submission) -> Map<String, Value> {
    let mut told = object(json!({
        "source": address(&message.source),
        "destinations": message.destinations.iter().map(address).collect::<Vec<_>>(),
        "segment": message.segment.map(segment),
        "report_wanted": format!("{:?}", message.wish).to_lowercase(),
        "service": text(&message.service),
        "enterprise": text(&message.enterprise),
        "fee": {
            "payer_kind": message.fee.payer_kind,
            "payer": address(&message.fee.payer),
            "kind": text(&message.fee.kind),
            "code": text(&message.fee.code),
            "fixed": text(&message.fee.fixed),
        },
        "priority": message.priority,
        "protocol_id": message.protocol_id,
        "mode": message.mode,
        "valid_until": text(&message.valid_until),
        "not_before": text(&message.not_before),
        "link": text(&message.link),
        "extra": extra(&message.extra),
    }));
    told.append(&mut content(protocol, message.coding, message.udh, &message.content));
    told
}

fn reply(protocol: Protocol, reply: &Reply) -> Map<String, Value> {
    let mut told = object(json!({
        "kind": "reply",
        "message_id": id_of(protocol, &reply.id.0),
        "source": address(&reply.source),
        "destination": address(&reply.destination),
        "segment": reply.segment.map(segment),
        "service": text(&reply.service),
        "protocol_id": reply.protocol_id,
        "link": text(&reply.link),
        "extra": extra(&reply.extra),
    }));
    told.append(&mut content(protocol, reply.coding, reply.udh, &reply.content));
    told
}

fn report(protocol: Protocol, report: &Report) -> Value {
    json!({
        "kind": "report",
        "message_id": id_of(protocol, &report.id.0),
        "carried_as": id_of(protocol, &report.carried_as.0),
        "recipient": address(&report.recipient),
        "source": address(&report.source),
        "state": format!("{:?}", report.state).to_lowercase(),
        "word": text(&report.word),
        "error": text(&report.error),
        "submitted": text(&report.submitted),
        "done": text(&report.done),
        "beginning": text(&report.text),
        "service": text(&report.service),
        "extra": extra(&report.extra),
    })
}

/// What a person would read, and the bytes it was read from.
fn content(protocol: Protocol, number: u8, udh: bool, content: &[u8]) -> Map<String, Value> {
    let format = Format::of(protocol.numbering(), number, None);
    let cut = udh.then(|| Header::cut(content));
    let (header, body) = match &cut {
        Some(Ok((header, body))) => (Some(elements(header)), *body),
        Some(Err(fault)) => (Some(json!(fault.to_string())), content),
        None => (None, content),
    };
    let decoded = anning_text::decode(body, format.coding);
    object(json!({
        "coding": number,
        "charset": match format.coding {
            Coding::Gsm => "gsm",
            Coding::Ascii => "ascii",
            Coding::Latin1 => "latin1",
            Coding::Ucs2 => "ucs2",
            Coding::Gbk => "gbk",
            Coding::Binary => "binary",
        },
        "coding_known": format.known,
        "flash": format.is_flash(),
        "udh": udh,
        "header": header,
        "text": decoded.text,
        "unreadable": decoded.replaced,
        "content": hex(content),
    }))
}

fn elements(header: &Header<'_>) -> Value {
    let one = |element: &Element<'_>| match element {
        Element::Place(place) => {
            let reference = match place.reference {
                Reference::Short(short) => u16::from(short),
                Reference::Long(long) | Reference::Sar(long) => long,
            };
            json!({ "reference": reference, "total": place.total, "number": place.number })
        }
        Element::Ports(to, from) => json!({ "to_port": to, "from_port": from }),
        Element::Other(number, value) => json!({ "element": number, "hex": hex(value) }),
    };
    header.elements.iter().map(one).collect()
}

/// Digits alone where nothing is said of their kind.
fn address(address: &Address) -> Value {
    let Address { text: digits, ton, npi } = address;
    if *ton == 0 && *npi == 0 {
        return text(digits);
    }
    json!({ "number": text(digits), "ton": ton, "npi": npi })
}

fn segment(segment: Segment) -> Value {
    json!({ "reference": segment.reference, "total": segment.total, "number": segment.number })
}

fn extra(tlvs: &[Tlv]) -> Value {
    tlvs.iter().map(|tlv| json!({ "tag": format!("{:#06x}", tlv.tag), "hex": hex(&tlv.value) })).collect()
}

/// A text in SMPP, bytes elsewhere.
fn id_of(protocol: Protocol, id: &[u8]) -> Value {
    match protocol {
        Protocol::Smpp => text(id),
        Protocol::Cmpp2 | Protocol::Cmpp3 | Protocol::Smgp | Protocol::Sgip => json!(hex(id)),
    }
}

/// A field of ASCII; one with other bytes shows them.
fn text(bytes: &[u8]) -> Value {
    match core::str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(char::is_control) => json!(text),
        Ok(_) | Err(_) => json!({ "hex": hex(bytes) }),
    }
}
