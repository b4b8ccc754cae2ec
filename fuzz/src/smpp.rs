//! Promises of `anning-smpp`.

use anning_link::{Dialect, Spoken};
use anning_smpp::pdu::Tail;
use anning_smpp::{Form, Pdu, Smpp, receipt, same_id, status};

/// A frame that is read is written again byte for byte; what either side says again of it means the same; one that is not
/// read is answered with a code, and no answer ever is.
pub(crate) fn smpp(bytes: &[u8]) {
    // The length is filled in, so that the hunt is for fields.
    let mut frame = bytes.to_vec();
    if let (Ok(length), Some(room)) = (u32::try_from(bytes.len()), frame.get_mut(..4)) {
        room.copy_from_slice(&length.to_be_bytes());
    }
    if let Ok(pdu) = Pdu::decode(&frame) {
        let mut again = Vec::with_capacity(frame.len());
        pdu.encode(&mut again);
        assert_eq!(again, frame, "a frame is written as it was read");
        let Tail { tlvs, rest } = &pdu.tail;
        assert!(tlvs.len() * 4 + rest.len() <= frame.len(), "no field is made out of nothing");
    }
    for [mut hears, mut says] in
        [[Smpp::client(b""), Smpp::server(b"")], [Smpp::server(b""), Smpp::client(b"")]]
    {
        match hears.hear(&frame) {
            // Of a foreign command the header alone is said.
            Ok((_, Spoken::Foreign(_))) => {}
            Ok((sequence, spoken)) if says.fits(&spoken).is_ok() => {
                let mut again = Vec::new();
                says.say(sequence, &spoken, &mut again);
                assert!(again.len() <= frame.len() + ADDED, "nothing is made longer than its own words");
                assert!(hears.hear(&again).is_ok(), "what we say is understood");
            }
            Ok(_) => {}
            Err(wrong) => {
                assert!(wrong.at <= frame.len());
                assert!(status::meaning(status::of(&wrong)).is_some_and(|_| status::of(&wrong) != 0));
                if let Some(answer) = hears.answer_malformed(&wrong) {
                    assert!(wrong.command < 0x8000_0000, "an answer is never answered");
                    let mut out = Vec::new();
                    hears.say(wrong.sequence, &answer, &mut out);
                    assert!(says.hear(&out).is_ok(), "a refusal is understood");
                }
            }
        }
    }
}

/// A receipt's text holds what was read of it; an id is always itself.
pub(crate) fn smpp_receipt(bytes: &[u8]) {
    let said = receipt::Receipt::parse(bytes);
    let parts = [&said.id, &said.submitted, &said.done, &said.stat, &said.err, &said.text];
    assert!(
        parts.iter().all(|part| part.is_empty() || bytes.windows(part.len()).any(|w| w == part.as_slice()))
    );
    let _ = receipt::minutes(bytes).map(|date| assert!(date.iter().all(u8::is_ascii_digit)));
    for form in [Form::Exact, Form::Digits, Form::HexThenDecimal, Form::DecimalThenHex] {
        assert!(same_id(bytes, bytes, form));
    }
}

/// A receipt is written in full whatever was left out of it: its text, its id again, state, code and word.
const ADDED: usize = 400;
