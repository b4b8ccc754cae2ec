//! What is written is read again, and what is read is written again as it came.

use anning_cmpp::pdu::{
    Answered, Body, Cancel, Code, Connect, ConnectResp, Deliver, Layout, Pdu, Query, QueryResp, Report,
    Submit,
};
use anning_link::Fixed;
use proptest::prelude::*;

use crate::vectors::vectors;

fn fixed<const N: usize>() -> impl Strategy<Value = Fixed<N>> {
    any::<[u8; N]>().prop_map(Fixed::from_wire)
}

fn number(layout: Layout) -> impl Strategy<Value = Fixed<32>> {
    any::<[u8; 32]>().prop_map(move |mut room| {
        room[layout.number()..].fill(0);
        Fixed::from_wire(room)
    })
}

fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..=most)
}

/// A code, and a tail that does not make it look wider.
fn code() -> impl Strategy<Value = (Code, Vec<u8>)> {
    prop_oneof![
        (any::<u8>(), bytes(2)).prop_map(|(value, tail)| (Code::Narrow(value), tail)),
        (any::<u32>(), bytes(9)).prop_map(|(value, tail)| (Code::Wide(value), tail)),
    ]
}

fn answered() -> impl Strategy<Value = Answered> {
    (any::<[u8; 8]>(), code()).prop_map(|(msg_id, (result, tail))| Answered { msg_id, result, tail })
}

fn submit(layout: Layout) -> impl Strategy<Value = Body> {
    let head = (any::<[u8; 8]>(), any::<[u8; 9]>(), fixed(), number(layout));
    let texts = (fixed(), fixed(), fixed(), fixed(), fixed(), fixed());
    let tail = (prop::collection::vec(number(layout), 1..=255), bytes(255), bytes(30));
    (head, texts, tail).prop_map(move |(head, texts, (dest_terminal_ids, content, tail))| {
        let (msg_id, [a, b, c, d, e, f, g, h, i], service_id, fee_terminal_id) = head;
        let (msg_src, fee_type, fee_code, valid_time, at_time, src_id) = texts;
        let wide = layout == Layout::Wide;
        Body::Submit(Box::new(Submit {
            layout,
            msg_id,
            pk_total: a,
            pk_number: b,
            registered_delivery: c,
            msg_level: d,
            service_id,
            fee_user_type: e,
            fee_terminal_id,
            fee_terminal_type: if wide { f } else { 0 },
            tp_pid: g,
            tp_udhi: h,
            msg_fmt: i,
            msg_src,
            fee_type,
            fee_code,
            valid_time,
            at_time,
            src_id,
            dest_terminal_ids,
            dest_terminal_type: if wide { a ^ i } else { 0 },
            content,
            tail,
        }))
    })
}

fn deliver(layout: Layout) -> impl Strategy<Value = Body> {
    let head = (any::<[u8; 8]>(), any::<[u8; 5]>(), fixed(), fixed(), number(layout));
    (head, bytes(255), bytes(30)).prop_map(move |(head, content, tail)| {
        let (msg_id, [a, b, c, d, e], dest_id, service_id, src_terminal_id) = head;
        Body::Deliver(Box::new(Deliver {
            layout,
            msg_id,
            dest_id,
            service_id,
            tp_pid: a,
            tp_udhi: b,
            msg_fmt: c,
            src_terminal_id,
            src_terminal_type: if layout == Layout::Wide { d } else { 0 },
            registered_delivery: e,
            content,
            tail,
        }))
    })
}

fn small() -> impl Strategy<Value = Body> {
    let connect = (fixed(), any::<[u8; 16]>(), any::<u8>(), any::<u32>(), bytes(9)).prop_map(
        |(source_addr, authenticator, version, timestamp, tail)| {
            Body::Connect(Connect { source_addr, authenticator, version, timestamp, tail })
        },
    );
    let connect_resp =
        (code(), any::<[u8; 16]>(), any::<u8>()).prop_map(|((status, tail), authenticator, version)| {
            Body::ConnectResp(ConnectResp { status, authenticator, version, tail })
        });
    let query = (fixed(), any::<u8>(), fixed(), bytes(9)).prop_map(|(time, query_type, query_code, tail)| {
        Body::Query(Query { time, query_type, query_code, tail })
    });
    let query_resp = (fixed(), any::<u8>(), fixed(), any::<[u32; 8]>(), bytes(9)).prop_map(
        |(time, query_type, query_code, counts, tail)| {
            Body::QueryResp(QueryResp { time, query_type, query_code, counts, tail })
        },
    );
    let cancel =
        (any::<[u8; 8]>(), bytes(9)).prop_map(|(msg_id, tail)| Body::Cancel(Cancel { msg_id, tail }));
    prop_oneof![
        connect,
        connect_resp,
        query,
        query_resp,
        cancel,
        code().prop_map(|(code, tail)| Body::CancelResp(code, tail)),
        answered().prop_map(Body::SubmitResp),
        answered().prop_map(Body::DeliverResp),
        bytes(9).prop_map(Body::Terminate),
        bytes(9).prop_map(Body::TerminateResp),
        bytes(9).prop_map(Body::ActiveTest),
        bytes(9).prop_map(Body::ActiveTestResp),
        (9..0x8000_0000_u32, bytes(40)).prop_map(|(command, body)| Body::Other(command, body)),
    ]
}

fn layout() -> impl Strategy<Value = Layout> {
    prop_oneof![Just(Layout::Narrow), Just(Layout::Wide)]
}

/// Reads any bytes, and writes again what was read.
fn as_it_came(bytes: &[u8], layout: Layout) -> bool {
    let Ok(pdu) = Pdu::decode(bytes, layout) else { return false };
    let mut again = Vec::new();
    pdu.encode(&mut again);
    assert_eq!(again, bytes);
    if let Body::Deliver(deliver) = pdu.body
        && let Ok(report) = Report::decode(&deliver.content)
    {
        assert_eq!(report.encode(), deliver.content);
    }
    true
}

proptest! {
    #[test]
    fn written_is_read(
        (layout, body) in layout().prop_flat_map(|layout| {
            (Just(layout), prop_oneof![submit(layout), deliver(layout), small()])
        }),
        sequence in any::<u32>(),
    ) {
        let pdu = Pdu { sequence, body };
        let mut bytes = Vec::new();
        pdu.encode(&mut bytes);
        prop_assert_eq!(Pdu::decode(&bytes, layout), Ok(pdu));
        prop_assert!(as_it_came(&bytes, layout));
    }

    /// Captured PDUs, cut, and with bytes of them replaced.
    #[test]
    fn read_is_written(
        which in 0_usize..51,
        layout in layout(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        length in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let mut bytes = vectors()[which].bytes.clone();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if cut {
            bytes.truncate(length.index(bytes.len()));
        }
        if let (Some(room), Ok(length)) = (bytes.get(..4).map(<[u8]>::len), u32::try_from(bytes.len())) {
            bytes[..room].copy_from_slice(&length.to_be_bytes());
        }
        as_it_came(&bytes, layout);
    }
}
