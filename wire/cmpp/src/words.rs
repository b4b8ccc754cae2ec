//! Messages and deliveries, between the PDUs and the words that all protocols share.

use anning_link::{
    Address, Delivery, Fee, Fixed, MessageId, Reply, Report, ReportState, Segment, Short, Spoken, Submission,
    Wish,
};

use crate::pdu::{self, Layout};

pub(crate) fn submission(submit: &pdu::Submit) -> Submission {
    let number = |number: &pdu::Number, kind| Address {
        text: once(number.text(), submit.layout.number(), SUBSCRIBER_MIN),
        ton: kind,
        npi: 0,
    };
    Submission {
        source: Address::new(submit.src_id.text()),
        destinations: submit
            .dest_terminal_ids
            .iter()
            .map(|to| number(to, submit.dest_terminal_type))
            .collect(),
        coding: submit.msg_fmt,
        udh: has_header(submit.tp_udhi),
        content: submit.content.clone(),
        segment: (submit.pk_total > 1 || submit.pk_number > 1).then_some(Segment {
            reference: None,
            total: submit.pk_total,
            number: submit.pk_number,
        }),
        // 2 asked for a billing record in 2.0, and for no report.
        wish: if matches!(submit.registered_delivery, 0 | 2) { Wish::Nothing } else { Wish::Report },
        service: submit.service_id.text().to_vec(),
        enterprise: submit.msg_src.text().to_vec(),
        fee: Fee {
            payer_kind: submit.fee_user_type,
            payer: number(&submit.fee_terminal_id, submit.fee_terminal_type),
            kind: submit.fee_type.text().to_vec(),
            code: submit.fee_code.text().to_vec(),
            fixed: Vec::new(),
        },
        priority: submit.msg_level,
        protocol_id: submit.tp_pid,
        valid_until: submit.valid_time.text().to_vec(),
        not_before: submit.at_time.text().to_vec(),
        link: link(submit.layout, &submit.tail),
        ..Submission::default()
    }
}

pub(crate) fn submit(layout: Layout, message: &Submission) -> pdu::Submit {
    let (total, number) = message.segment.map_or((1, 1), |segment| (segment.total, segment.number));
    pdu::Submit {
        layout,
        msg_id: [0; 8],
        pk_total: total,
        pk_number: number,
        // Reports of failure alone cannot be asked for: all are, and whoever wanted fewer leaves them out.
        registered_delivery: u8::from(message.wish != Wish::Nothing),
        msg_level: message.priority,
        service_id: fixed(&message.service),
        fee_user_type: message.fee.payer_kind,
        fee_terminal_id: fixed(&message.fee.payer.text),
        fee_terminal_type: message.fee.payer.ton,
        tp_pid: message.protocol_id,
        tp_udhi: message.udh.into(),
        msg_fmt: message.coding,
        msg_src: fixed(&message.enterprise),
        fee_type: fixed(&message.fee.kind),
        fee_code: fixed(&message.fee.code),
        valid_time: fixed(&message.valid_until),
        at_time: fixed(&message.not_before),
        src_id: fixed(&message.source.text),
        dest_terminal_ids: message.destinations.iter().map(|to| fixed(&to.text)).collect(),
        dest_terminal_type: message.destinations.first().map_or(0, |to| to.ton),
        content: message.content.clone(),
        tail: tail(layout, &message.link),
    }
}

/// # Errors
/// [`Short`] for a status report that ends too early, by its content.
pub(crate) fn delivery(deliver: &pdu::Deliver) -> Result<Delivery, Short> {
    let id = MessageId(deliver.msg_id.to_vec());
    let subscriber = Address {
        text: once(deliver.src_terminal_id.text(), deliver.layout.number(), SUBSCRIBER_MIN),
        ton: deliver.src_terminal_type,
        npi: 0,
    };
    let access = Address::new(&once(deliver.dest_id.text(), 21, ACCESS_MIN));
    let service = deliver.service_id.text().to_vec();
    if deliver.registered_delivery != 1 {
        return Ok(Delivery::Reply(Reply {
            id,
            source: subscriber,
            destination: access,
            coding: deliver.msg_fmt,
            udh: has_header(deliver.tp_udhi),
            content: deliver.content.clone(),
            service,
            protocol_id: deliver.tp_pid,
            link: link(deliver.layout, &deliver.tail),
            ..Reply::default()
        }));
    }
    let report = pdu::Report::decode(&deliver.content)?;
    // It stands in both places by the book. Where they differ, the report names the access number (vector cmpp-010).
    let recipient = if subscriber.text.is_empty() {
        Address {
            text: once(report.dest_terminal_id.text(), report.layout.number(), SUBSCRIBER_MIN),
            ..subscriber
        }
    } else {
        subscriber
    };
    Ok(Delivery::Report(Report {
        id: MessageId(report.msg_id.to_vec()),
        carried_as: id,
        recipient,
        source: access,
        state: state(report.stat.text()),
        word: report.stat.text().to_vec(),
        submitted: report.submit_time.text().to_vec(),
        done: report.done_time.text().to_vec(),
        service,
        ..Report::default()
    }))
}

pub(crate) fn deliver(layout: Layout, delivery: &Delivery) -> pdu::Deliver {
    match delivery {
        Delivery::Reply(reply) => pdu::Deliver {
            layout,
            msg_id: id_bytes(&reply.id),
            dest_id: fixed(&reply.destination.text),
            service_id: fixed(&reply.service),
            tp_pid: reply.protocol_id,
            tp_udhi: reply.udh.into(),
            msg_fmt: reply.coding,
            src_terminal_id: fixed(&reply.source.text),
            src_terminal_type: reply.source.ton,
            registered_delivery: 0,
            content: reply.content.clone(),
            tail: tail(layout, &reply.link),
        },
        Delivery::Report(report) => pdu::Deliver {
            layout,
            msg_id: id_bytes(&report.carried_as),
            dest_id: fixed(&report.source.text),
            service_id: fixed(&report.service),
            src_terminal_id: fixed(&report.recipient.text),
            src_terminal_type: report.recipient.ton,
            registered_delivery: 1,
            content: pdu::Report {
                layout,
                msg_id: id_bytes(&report.id),
                stat: fixed(&report.word),
                submit_time: fixed(&report.submitted),
                done_time: fixed(&report.done),
                dest_terminal_id: fixed(&report.recipient.text),
                ..pdu::Report::default()
            }
            .encode(),
            tail: tail(layout, &[]),
            ..pdu::Deliver::default()
        },
    }
}

/// Which field cannot be carried as it is, if any.
pub(crate) fn in_the_way(layout: Layout, spoken: &Spoken) -> Option<&'static str> {
    let rows: Vec<(&'static str, bool)> = match spoken {
        Spoken::Submit(message) => message_rows(layout, message),
        Spoken::Deliver(delivery) => delivery_rows(layout, delivery),
        Spoken::SubmitAnswer(answer) => match answer {
            anning_link::Answer::Taken(id) => vec![("Msg_Id", is_id(id))],
            anning_link::Answer::TakenExcept(..) => vec![("Result", false)],
            anning_link::Answer::Refused(code) => vec![("Result", is_code(layout, *code))],
        },
        Spoken::DeliverAnswer(code, id) => vec![("Result", is_code(layout, *code)), ("Msg_Id", is_id(id))],
        Spoken::Query(anning_link::Query::Counts(day, code)) => {
            vec![("Time", day.len() <= 8), ("Query_Code", code.len() <= 10)]
        }
        Spoken::Query(anning_link::Query::State(_)) => vec![("Query_Type", false)],
        Spoken::QueryAnswer(Ok(anning_link::Findings::Counts(..))) => vec![],
        Spoken::QueryAnswer(Ok(anning_link::Findings::State(..)) | Err(_)) => vec![("Query_Type", false)],
        Spoken::Cancel(id) => vec![("Msg_Id", is_id(id))],
        Spoken::CancelAnswer(code) => vec![("Success_Id", is_code(layout, *code))],
        Spoken::Login(asked) => vec![("Source_Addr", asked.account.len() <= 6)],
        Spoken::LoginAnswer(code, _) => vec![("Status", is_code(layout, *code))],
        Spoken::Foreign(_) | Spoken::NotUnderstood(_) => vec![("Command_Id", false)],
        Spoken::Alive | Spoken::AliveAnswer | Spoken::Leave | Spoken::LeaveAnswer => vec![],
    };
    rows.into_iter().find(|(_, fits)| !fits).map(|(field, _)| field)
}

fn message_rows(layout: Layout, message: &Submission) -> Vec<(&'static str, bool)> {
    let kind = message.destinations.first().map_or(0, |to| to.ton);
    let fee = &message.fee;
    vec![
        ("DestUsr_tl", (1..=DESTINATIONS_MAX).contains(&message.destinations.len())),
        ("Dest_terminal_Id", message.destinations.iter().all(|to| to.text.len() <= layout.number())),
        (
            "Dest_terminal_type",
            message.destinations.iter().all(|to| to.ton == kind) && has_kind(layout, kind),
        ),
        ("Src_Id", message.source.text.len() <= 21),
        ("Msg_Content", message.content.len() <= 255),
        ("Service_Id", message.service.len() <= 10),
        ("Msg_src", message.enterprise.len() <= 6),
        ("Fee_terminal_Id", fee.payer.text.len() <= layout.number()),
        ("Fee_terminal_type", has_kind(layout, fee.payer.ton)),
        ("FeeType", fee.kind.len() <= 2),
        ("FeeCode", fee.code.len() <= 6 && fee.fixed.is_empty()),
        ("ValId_Time", message.valid_until.len() <= 17),
        ("At_Time", message.not_before.len() <= 17),
        ("LinkID", has_link(layout, &message.link)),
        ("extra", message.extra.is_empty()),
    ]
}

fn delivery_rows(layout: Layout, delivery: &Delivery) -> Vec<(&'static str, bool)> {
    match delivery {
        Delivery::Reply(reply) => vec![
            ("Msg_Id", is_id(&reply.id)),
            ("Dest_Id", reply.destination.text.len() <= 21),
            ("Src_terminal_Id", reply.source.text.len() <= layout.number()),
            ("Src_terminal_type", has_kind(layout, reply.source.ton)),
            ("Service_Id", reply.service.len() <= 10),
            ("Msg_Content", reply.content.len() <= 255),
            ("LinkID", has_link(layout, &reply.link)),
            ("extra", reply.extra.is_empty()),
        ],
        Delivery::Report(report) => vec![
            ("Msg_Id", is_id(&report.id) && is_id(&report.carried_as)),
            ("Stat", report.word.len() <= 7),
            ("Submit_time", report.submitted.len() <= 10),
            ("Done_time", report.done.len() <= 10),
            ("Dest_terminal_Id", report.recipient.text.len() <= layout.number()),
            ("Src_terminal_type", has_kind(layout, report.recipient.ton)),
            ("Dest_Id", report.source.text.len() <= 21),
            ("Service_Id", report.service.len() <= 10),
            ("extra", report.extra.is_empty()),
        ],
    }
}

/// Eight bytes of an id; shorter ones stand to the right, as numbers do, and longer ones are cut.
pub(crate) fn id_bytes(id: &MessageId) -> [u8; 8] {
    let mut bytes = [0; 8];
    let kept = id.0.get(..id.0.len().min(8)).unwrap_or(&[]);
    for (to, from) in bytes.iter_mut().rev().zip(kept.iter().rev()) {
        *to = *from;
    }
    bytes
}

/// A text in its room, cut if it is longer.
pub(crate) fn fixed<const N: usize>(text: &[u8]) -> Fixed<N> {
    let mut room = [0; N];
    for (to, from) in room.iter_mut().zip(text) {
        *to = *from;
    }
    Fixed::from_wire(room)
}

/// A number. Some platforms repeat it until its room is full, and cut the last repetition (vector cmpp-010).
fn once(text: &[u8], room: usize, least: usize) -> Vec<u8> {
    if text.len() + 1 < room {
        return text.to_vec();
    }
    let repeats = |period: &usize| text.iter().zip(text.iter().skip(*period)).all(|(a, b)| a == b);
    let period = (least..=text.len() / 2).find(repeats).unwrap_or(text.len());
    text.get(..period).unwrap_or(text).to_vec()
}

fn state(stat: &[u8]) -> ReportState {
    match stat {
        b"DELIVRD" => ReportState::Delivered,
        b"EXPIRED" => ReportState::Expired,
        b"DELETED" => ReportState::Deleted,
        b"UNDELIV" => ReportState::Undeliverable,
        b"ACCEPTD" => ReportState::Accepted,
        b"UNKNOWN" => ReportState::Unknown,
        b"REJECTD" => ReportState::Rejected,
        // MA:xxxx and its like: the node that failed, and vendors' own.
        _ => ReportState::Failed,
    }
}

/// 1 by the book; 0x40, where the bit stands in an SMS itself, from carriers' gateways.
const fn has_header(tp_udhi: u8) -> bool {
    tp_udhi & 0x41 != 0
}

fn link(layout: Layout, tail: &[u8]) -> Vec<u8> {
    match layout {
        Layout::Narrow => Vec::new(),
        Layout::Wide => tail.split(|byte| *byte == 0).next().unwrap_or(&[]).to_vec(),
    }
}

fn tail(layout: Layout, link: &[u8]) -> Vec<u8> {
    let mut tail = match layout {
        Layout::Narrow => Vec::new(),
        Layout::Wide => link.to_vec(),
    };
    tail.resize(layout.tail(), 0);
    tail
}

fn has_link(layout: Layout, link: &[u8]) -> bool {
    link.is_empty() || layout == Layout::Wide && link.len() <= layout.tail()
}

fn has_kind(layout: Layout, kind: u8) -> bool {
    kind == 0 || layout == Layout::Wide
}

fn is_id(id: &MessageId) -> bool {
    matches!(id.0.len(), 0 | 8)
}

fn is_code(layout: Layout, code: u32) -> bool {
    layout == Layout::Wide || code <= 255
}

const DESTINATIONS_MAX: usize = 99;
/// A subscriber's number has eleven digits or more: what repeats sooner is a number with such digits.
const SUBSCRIBER_MIN: usize = 11;
/// An access number has five digits or more.
const ACCESS_MIN: usize = 5;
