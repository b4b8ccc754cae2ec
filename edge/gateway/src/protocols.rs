//! Where the protocols differ: which dialect stands at an end, how ids are made and counted, how a reply of one goes on
//! in another.

use anning_cmpp::Cmpp;
use anning_link::{Address, Civil, Dialect as _, MessageId, Reply, Spoken, Submission};
use anning_sgip::{Counter, Sgip};
use anning_smgp::Smgp;
use anning_smpp::Smpp;
use anning_text::{Coding, Format, Header};

use crate::codes::Reason;
use crate::config::{International, Protocol, Upstream};
use crate::gate::is_mobile;
use crate::gateway::Gateway;
use crate::intake::numbering;

pub(crate) fn cmpp_server() -> Cmpp {
    Cmpp::server()
}

pub(crate) fn cmpp_client(version: &str) -> Cmpp {
    Cmpp::client(if version.starts_with('2') { anning_cmpp::Version::V20 } else { anning_cmpp::Version::V30 })
}

pub(crate) fn smpp_server() -> Smpp {
    Smpp::server(SYSTEM_ID)
}

pub(crate) fn smpp_client(_: &str) -> Smpp {
    Smpp::client(b"")
}

pub(crate) fn smgp_server() -> Smgp {
    Smgp::default()
}

pub(crate) fn smgp_client(version: &str) -> Smgp {
    let old = version.starts_with("1.3");
    Smgp::new(if old { anning_smgp::Version::Old } else { anning_smgp::Version::Current })
}

pub(crate) fn sgip_server() -> Sgip {
    Sgip::default()
}

/// A node's end of one connection. A number is an id, so connections of one node count in ranges of their own: two that
/// are open together, or follow each other within a second, never give the same.
pub(crate) fn sgip_client(node: u32, connection: u64) -> Sgip {
    let range = u32::try_from(connection % RANGES).unwrap_or(0);
    Sgip::new(node, Counter { first: range << RANGE_BITS | 1, step: 1 })
}

/// May a message of this id be told of in this protocol? An id means nothing in another: an account with logins in several
/// is told in the one that it handed in with. Each protocol's ids have a form of their own; HTTP's are whatever is left,
/// and are told to whoever asks.
pub(crate) fn tells(protocol: Protocol, id: &MessageId) -> bool {
    let own = match id.0.as_slice() {
        _ if is_asked_for(id) => Protocol::Http,
        id if (SMPP_ID_MIN..=SMPP_ID_MAX).contains(&id.len()) && id.iter().all(u8::is_ascii_digit) => {
            Protocol::Smpp
        }
        id if id.len() == CMPP_ID => Protocol::Cmpp,
        id if id.len() == SMGP_ID => Protocol::Smgp,
        id if id.len() == SGIP_ID => Protocol::Sgip,
        _ => Protocol::Http,
    };
    own == protocol
}

/// Is it an id of HTTP: a letter and a number, or the hash of a key, with Twilio's letters before it or not?
pub(crate) fn is_asked_for(id: &MessageId) -> bool {
    let hex = |text: &[u8]| text.len() == HASH_ID && text.iter().all(u8::is_ascii_hexdigit);
    match id.0.as_slice() {
        [b'm', number @ ..] => number.len() >= SMPP_ID_MIN && number.iter().all(u8::is_ascii_digit),
        [b'S', b'M', hash @ ..] => hex(hash),
        hash => hex(hash),
    }
}

/// Can a carrier's protocol carry this segment as it is? Else why not, by the field that has no room.
pub(crate) fn fits(gateway: &Gateway, upstream: &Upstream, segment: &Submission) -> Result<(), Reason> {
    let spoken = Spoken::Submit(Box::new(segment.clone()));
    match upstream.protocol {
        Protocol::Cmpp => cmpp_client(&upstream.version).fits(&spoken),
        Protocol::Smpp => smpp_client(&upstream.version).fits(&spoken),
        Protocol::Smgp => smgp_client(&upstream.version).fits(&spoken),
        Protocol::Sgip => sgip_client(upstream.node, 0).fits(&spoken),
        Protocol::Http => Err("protocol"),
    }
    .map_err(|field| {
        let reason = why(field);
        if reason == Reason::NoRoute {
            gateway.note_misfit(upstream, field);
        }
        reason
    })
}

/// Why what stands in a field cannot be carried. A field that is neither the text nor a number is one that this carrier's
/// configuration, or the sender's own protocol, fills: the message has no way there.
fn why(field: &str) -> Reason {
    match field {
        "Msg_Content" | "MsgContent" | "MessageContent" | "MessageLength" | "short_message" | "sm_length"
        | "message_payload" => Reason::TooLong,
        "Src_Id" | "SPNumber" | "SrcTermID" | "source_addr" => Reason::Source,
        "Dest_terminal_Id" | "Dest_terminal_type" | "UserNumber" | "DestTermID" | "destination_addr" => {
            Reason::Destination
        }
        _ => Reason::NoRoute,
    }
}

/// An id for a submit that a sender hands in, different from all others of the process's life and of hours before.
pub(crate) fn make_id(protocol: Protocol, number: u64, at: Civil, gateway: u32) -> MessageId {
    let low = |bits: u32| u32::try_from(number & ((1 << bits) - 1)).unwrap_or(0);
    match protocol {
        Protocol::Cmpp => {
            // The sequence has room for 65,536 a second; the gateway's code carries what it has no room for.
            let high = u32::try_from(number >> 16 & 0x3FF).unwrap_or(0);
            let sequence = u16::try_from(low(16)).unwrap_or(0);
            anning_cmpp::message_id(at, (gateway & 0xFFF) << 10 | high, sequence)
        }
        Protocol::Smgp => anning_smgp::id::make(gateway, at, u32::try_from(number % 1_000_000).unwrap_or(0)),
        // In SGIP a submit's own number is its id.
        Protocol::Sgip | Protocol::Smpp => MessageId(number.to_string().into_bytes()),
        // With a letter, so that none is an id of SMPP.
        Protocol::Http => MessageId(format!("m{number}").into_bytes()),
    }
}

/// The id of the recipient at a place of a submit.
pub(crate) fn nth_id(protocol: Protocol, first: &MessageId, place: usize) -> MessageId {
    match protocol {
        Protocol::Cmpp => cmpp_server().nth_id(first, place),
        Protocol::Smpp => smpp_server().nth_id(first, place),
        Protocol::Smgp => smgp_server().nth_id(first, place),
        Protocol::Sgip => sgip_server().nth_id(first, place),
        Protocol::Http => first.clone(),
    }
}

/// An address of one protocol in the words of another; none where the other has none. Types of number are each protocol's
/// own: what is a country code in SMPP would be a pseudonym in CMPP.
pub(crate) fn address(
    address: &Address,
    from: Protocol,
    to: Protocol,
    international: International,
) -> Option<Address> {
    if from == to {
        return Some(address.clone());
    }
    match (from, address.ton) {
        (Protocol::Cmpp, 1) => None,
        (Protocol::Smpp, 1) => {
            let chinese = |text| international == International::ChineseIfEleven && is_mobile(text);
            let known = core::str::from_utf8(&address.text)
                .is_ok_and(|text| text.starts_with(['+']) || text.starts_with("86") || chinese(text));
            let sign: &[u8] = if known { b"" } else { b"+" };
            Some(Address::new(&[sign, &address.text].concat()))
        }
        (Protocol::Cmpp | Protocol::Smpp | Protocol::Smgp | Protocol::Sgip | Protocol::Http, _) => {
            // SGIP alone wants the country code of every number at home.
            let bare = to == Protocol::Sgip && core::str::from_utf8(&address.text).is_ok_and(is_mobile);
            let code: &[u8] = if bare { b"86" } else { b"" };
            Some(Address::new(&[code, &address.text].concat()))
        }
    }
}

/// A reply as it came from a carrier of one protocol, as it goes to a sender of another.
pub(crate) fn translate(mut reply: Reply, from: Protocol, to: Protocol) -> Reply {
    if from == to {
        return reply;
    }
    reply.extra = Vec::new();
    reply.link = Vec::new();
    for end in [&mut reply.source, &mut reply.destination] {
        // A pseudonym is told as it is: its sender knows it by nothing else.
        *end = address(end, from, to, International::default()).unwrap_or_else(|| Address::new(&end.text));
    }
    let format = Format::of(numbering(from), reply.coding, None);
    if let Some(number) = format.coding.number(numbering(to)) {
        reply.coding = number;
        return reply;
    }
    let (head, body) = if reply.udh {
        let rest = Header::cut(&reply.content).map_or(0, |(_, rest)| rest.len());
        reply.content.split_at(reply.content.len() - rest)
    } else {
        reply.content.split_at(0)
    };
    let text = anning_text::decode(body, format.coding).text;
    let mut content = head.to_vec();
    content.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    reply.coding = Coding::Ucs2.number(numbering(to)).unwrap_or(UCS2);
    reply.content = content;
    reply
}

/// What senders of SMPP are told that they are bound to.
const SYSTEM_ID: &[u8] = b"anning";
/// UCS-2 in every protocol's numbers.
const UCS2: u8 = 8;
/// Bytes of each protocol's ids; those of SMPP are digits, as many as microseconds since 1970 have.
const CMPP_ID: usize = 8;
const SMGP_ID: usize = 10;
const SGIP_ID: usize = 12;
/// Hex digits of an id that follows from a key.
const HASH_ID: usize = 32;
const SMPP_ID_MIN: usize = 13;
const SMPP_ID_MAX: usize = 20;
/// Bits of a connection's range of numbers in SGIP, and how many ranges there are.
const RANGE_BITS: u32 = 20;
const RANGES: u64 = 1 << (32 - RANGE_BITS);

#[cfg(test)]
mod tests {
    use anning_link::{Civil, Dialect as _, MessageId, Sequence};

    use super::{Address, International, Protocol, address, is_asked_for, make_id, sgip_client, tells};

    #[test]
    fn types_of_number_are_each_protocols_own() {
        let check = |from, ton, text: &str, to, expected: Option<(u8, &str)>| {
            let given = Address { ton, npi: 1, text: text.into() };
            let found = address(&given, from, to, International::ChineseIfEleven);
            let found = found.map(|found| (found.ton, String::from_utf8(found.text).unwrap()));
            assert_eq!(found, expected.map(|(ton, text)| (ton, text.to_owned())), "{text}");
        };
        let (cmpp, smpp, smgp) = (Protocol::Cmpp, Protocol::Smpp, Protocol::Smgp);
        check(smpp, 1, "8613800138000", smpp, Some((1, "8613800138000")));
        check(smpp, 1, "8613800138000", cmpp, Some((0, "8613800138000")));
        check(smpp, 1, "13800138000", smgp, Some((0, "13800138000")));
        check(smpp, 1, "12125550100", cmpp, Some((0, "+12125550100")));
        check(smpp, 2, "10690001", cmpp, Some((0, "10690001")));
        check(cmpp, 0, "13800138000", smpp, Some((0, "13800138000")));
        check(cmpp, 1, "2F6A9CFF00", cmpp, Some((1, "2F6A9CFF00")));
        check(cmpp, 1, "2F6A9CFF00", smpp, None);
        let sgip = Protocol::Sgip;
        check(cmpp, 0, "13800138000", sgip, Some((0, "8613800138000")));
        check(cmpp, 0, "8613800138000", sgip, Some((0, "8613800138000")));
        check(smpp, 1, "12125550100", sgip, Some((0, "+12125550100")));
        check(cmpp, 0, "1069000101", sgip, Some((0, "1069000101")));
        check(sgip, 0, "8613800138000", sgip, Some((0, "8613800138000")));
        let declared = Address { ton: 1, npi: 1, text: b"13125550100".to_vec() };
        let found = address(&declared, smpp, cmpp, International::AsDeclared).unwrap();
        assert_eq!(found, Address::new(b"+13125550100"));
    }

    #[test]
    fn ids_are_told_in_the_protocol_that_gave_them() {
        let at = Civil { month: 11, day: 27, hour: 11, minute: 0, second: 0 };
        let three =
            MessageId([3_010_012_345_u32, 1_127_110_000, 7].iter().flat_map(|n| n.to_be_bytes()).collect());
        let keyed = MessageId(b"0a1b2c3d4e5f60718293a4b5c6d7e8f9".to_vec());
        let twilio = MessageId([b"SM", keyed.0.as_slice()].concat());
        let number = 1_795_000_000_000_000;
        for asks in Protocol::ALL {
            assert_eq!(tells(*asks, &three), *asks == Protocol::Sgip, "{asks:?}");
            for http in [&keyed, &twilio] {
                assert_eq!(tells(*asks, http), *asks == Protocol::Http, "{asks:?}");
            }
            for made in Protocol::ALL.iter().filter(|made| **made != Protocol::Sgip) {
                let id = make_id(*made, number, at, 1_069);
                assert_eq!(tells(*asks, &id), asks == made, "{asks:?} {made:?}");
                assert_eq!(is_asked_for(&id), *made == Protocol::Http, "{made:?}");
            }
        }
    }

    #[test]
    fn no_two_connections_of_a_node_give_one_number() {
        let at = Civil { month: 11, day: 27, hour: 11, minute: 0, second: 0 };
        let mut seen = std::collections::BTreeSet::new();
        for connection in [0, 1, 2, 4_095] {
            let (mut end, mut last) = (sgip_client(1_01000, connection), Sequence::default());
            for _ in 0..100 {
                last = end.next(last, at);
                assert!(seen.insert(last), "{connection} {last:?}");
            }
        }
    }
}
