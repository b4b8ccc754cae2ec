//! Every captured frame says what its line says, and is written again byte for byte.

use anning_link::{Fault, Tlv};
use anning_smpp::pdu::{Body, Terms};
use anning_smpp::{Pdu, command, status};

#[test]
fn every_line() {
    let mut read = 0;
    for (id, facts, frame) in crate::lines() {
        match Pdu::decode(&frame) {
            Ok(pdu) => {
                check(id, facts, &pdu);
                let mut again = Vec::new();
                pdu.encode(&mut again);
                assert_eq!(again, frame, "{id}");
                read += 1;
            }
            Err(wrong) => {
                // Its sm_length counts characters twice: eight bytes follow where sixteen are said.
                assert_eq!(id, "smpp-035", "{wrong}");
                assert_eq!((wrong.field, wrong.at, wrong.fault), ("short_message", 49, Fault::Short));
                assert_eq!(status::of(&wrong), status::ESME_RINVMSGLEN);
            }
        }
    }
    assert_eq!(read, 96);
}

fn check(id: &str, facts: &str, pdu: &Pdu) {
    let mut words = facts.split(' ');
    assert_eq!(name(pdu.command()), words.next().unwrap(), "{id}");
    for (key, value) in words.filter_map(|word| word.split_once('=')) {
        let expected = || match value.strip_prefix("0x") {
            Some(hex) => u32::from_str_radix(hex, 16).unwrap(),
            None => value.parse().unwrap(),
        };
        let found = match key {
            "status" => pdu.status,
            "seq" => pdu.sequence,
            "esm" => u32::from(terms(pdu).esm_class),
            "rd" => u32::from(terms(pdu).registered_delivery),
            "dc" => u32::from(terms(pdu).data_coding),
            "len" => u32::try_from(terms(pdu).short_message.0.len()).unwrap(),
            "tlvbytes" => {
                // smpp-025 says 65 bytes for an id of five, and ends: what is left is kept.
                let tlvs: usize = pdu.tail.tlvs.iter().map(|Tlv { value, .. }| 4 + value.len()).sum();
                u32::try_from(tlvs + pdu.tail.rest.len()).unwrap()
            }
            "udh" => {
                let udh = crate::hex(value);
                assert!(
                    terms(pdu).short_message.0.starts_with(&udh) && terms(pdu).esm_class & 0x40 != 0,
                    "{id}"
                );
                continue;
            }
            _ => continue,
        };
        assert_eq!(found, expected(), "{id}: {key}");
    }
    if let Some((_, quoted)) = facts.split_once('"').filter(|_| id != "smpp-035" && id != "smpp-036") {
        says(id, facts, quoted, terms(pdu));
    }
}

/// The quoted beginning of the text, in its coding and without its user data header.
fn says(id: &str, facts: &str, quoted: &str, terms: &Terms) {
    let quoted = quoted.split('"').next().unwrap().trim_end_matches("...");
    let udh = if facts.contains("udh=") { usize::from(terms.short_message.0[0]) + 1 } else { 0 };
    let bytes = &terms.short_message.0[udh..];
    let text = if terms.data_coding == 8 {
        let units: Vec<u16> = bytes.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
        String::from_utf16(&units).unwrap()
    } else {
        String::from_utf8(bytes.to_vec()).unwrap()
    };
    assert!(text.starts_with(quoted), "{id}: {quoted}");
}

fn terms(pdu: &Pdu) -> &Terms {
    match &pdu.body {
        Body::Submit(single) | Body::Deliver(single) => &single.terms,
        other => panic!("no message: {other:?}"),
    }
}

fn name(command: u32) -> String {
    let request = match command & !command::ANSWER {
        0 => "generic_nack",
        command::BIND_RECEIVER => "bind_receiver",
        command::BIND_TRANSMITTER => "bind_transmitter",
        command::BIND_TRANSCEIVER => "bind_transceiver",
        command::QUERY_SM => "query_sm",
        command::SUBMIT_SM => "submit_sm",
        command::DELIVER_SM => "deliver_sm",
        command::UNBIND => "unbind",
        command::REPLACE_SM => "replace_sm",
        command::CANCEL_SM => "cancel_sm",
        command::ENQUIRE_LINK => "enquire_link",
        command::SUBMIT_MULTI => "submit_multi",
        command::DATA_SM => "data_sm",
        command::ALERT_NOTIFICATION => "alert_notification",
        other => return format!("{other:#x}{}", if command >= command::ANSWER { "_resp" } else { "" }),
    };
    format!("{request}{}", if command >= command::ANSWER { "_resp" } else { "" })
}

/// A log of any captured frame shows no number and no secret.
#[test]
fn debug_shows_nobody() {
    for (id, _, frame) in crate::lines() {
        let Ok(pdu) = Pdu::decode(&frame) else { continue };
        let shown = format!("{pdu:?}");
        for secret in ["4495136", "8613800138000", "secret08", "ALL_TW", "hello", "[84, 101, 115, 116]"] {
            assert!(!shown.contains(secret), "{id}: {shown}");
        }
    }
}

/// What peers do although they should not: where each is caught, and what the sender is told.
#[test]
fn broken_frames() {
    // submit_sm without optional fields, smpp-026, and what is changed in it.
    let good = crate::frame("smpp-026");
    let with = |tail: &str| {
        let mut frame = [good.as_slice(), &crate::hex(tail)].concat();
        frame[3] = u8::try_from(frame.len()).unwrap();
        frame
    };
    for (tail, field, at, code) in [
        ("01", "tlv_tag", 57, status::ESME_RINVOPTPARSTREAM),
        ("0427", "tlv_length", 59, status::ESME_RINVOPTPARSTREAM),
        ("04270002", "tlv_value", 61, status::ESME_RINVPARLEN),
        ("0427000201", "tlv_value", 61, status::ESME_RINVPARLEN),
        ("042700010204", "tlv_tag", 62, status::ESME_RINVOPTPARSTREAM),
    ] {
        let wrong = Pdu::decode(&with(tail)).unwrap_err();
        assert_eq!((wrong.field, wrong.at, status::of(&wrong)), (field, at, code), "{tail}");
        assert_eq!((wrong.command, wrong.sequence.number()), (command::SUBMIT_SM, 20_456));
    }
    // A zero that sm_length does not count is padding.
    assert_eq!(Pdu::decode(&with("00")).unwrap().tail.rest, [0]);
    // A text whose zero never comes.
    let mut endless = with(&"31".repeat(80));
    endless[19..].fill(b'1');
    let wrong = Pdu::decode(&endless).unwrap_err();
    assert_eq!((wrong.field, wrong.at, status::of(&wrong)), ("source_addr", 19, status::ESME_RINVSRCADR));
    // Length and frame disagree; and frames that are none.
    let mut longer = good.clone();
    longer.push(0);
    assert_eq!(Pdu::decode(&longer).unwrap_err().field, "command_length");
    for length in 0..16 {
        assert_eq!(Pdu::decode(&good[..length]).unwrap_err().field, "header");
    }
    // No prefix of any frame is read beyond its end.
    for (_, _, frame) in crate::lines() {
        for length in 16..frame.len() {
            let mut cut = frame[..length].to_vec();
            cut[..4].copy_from_slice(&u32::try_from(length).unwrap().to_be_bytes());
            if let Ok(pdu) = Pdu::decode(&cut) {
                let mut again = Vec::new();
                pdu.encode(&mut again);
                assert_eq!(again, cut);
            }
        }
    }
}
